/* The operator's settings: the arguments of a postgres command, and POSTGRES_SETTINGS.
 *
 * The command line is read as PostgreSQL reads it: with getopt's rules, and with the short options
 * that are abbreviations of settings. Options that set nothing are skipped, since the server reads
 * them itself. Every setting ends in session_override, which keeps the strongest layer's value and
 * turns whatever PostgreSQL would reject into a refusal before a cluster is created.
 *
 * POSTGRES_SETTINGS has the syntax of postgresql.conf, with semicolons as well as line ends between
 * entries. Both readers continue after a mistake, with the next word or the next entry.
 *
 * Names and values are spans of the environment and of argv wherever possible. Only a name whose
 * dashes become underscores and a value in quotes are copied, into operator_text. */
#include "session/parts.h"
#include <string.h>
#include "base/distance.h"
#include "vm/quantity.h"

/* --- one setting --- */

static void put_operator_setting(struct base_sink *sink, struct base_span name,
                                 struct base_span value, enum vm_layer layer)
{
    vm_put_escaped(sink, name);
    base_put_char(sink, '=');
    vm_put_escaped(sink, value);
    BASE_PUT(sink, " (", settings_layer_word(layer), ") ");
}

void session_put_near(struct base_sink *sink, const struct image *image, struct base_span name)
{
    struct base_nearest nearest = base_nearest_to(name);
    for (uint32_t i = 0; i < image->setting_count; i++)
        base_offer_name(&nearest, image_string(image, image->settings[i].name));
    for (uint32_t i = 0; i < image->input_count; i++)
        base_offer_name(&nearest, image_string(image, image->inputs[i].name));
    if (nearest.name != NULL)
        BASE_PUT(sink, "; did you mean `", nearest.name, "`?");
}

static bool begins_identifier(char c)
{
    return base_is_letter(c) || c == '_' || (c & 0x80) != 0;
}

/* Whether PostgreSQL accepts the name as a custom setting: identifiers joined by dots. */
static bool is_extension_name(struct base_span name)
{
    bool dotted = false, begins = true;
    for (size_t i = 0; i < name.length; i++) {
        const char c = name.start[i];
        if (c == '.' && !begins)
            dotted = begins = true;
        else if (begins_identifier(c) || (!begins && (base_is_digit(c) || c == '$')))
            begins = false;
        else
            return false;
    }
    return dotted && !begins;
}

/* A setting of an extension that the catalogue does not contain: its value is passed on unchecked.
 * The layers are as in session_override, but the weaker value is in the entry itself. */
static void override_custom_setting(struct session *session, enum vm_layer layer,
                                    struct base_span name, struct base_span value)
{
    struct settings_custom *custom = session->custom, *end = custom + session->custom_count;
    while (custom < end && image_compare_names(custom->name, name) != 0)
        custom++;
    if (custom == end && session->custom_count == SESSION_CUSTOM_MAX) {
        put_operator_setting(&session->refusals, name, value, layer);
        base_put(&session->refusals, "exceeds the limit of ");
        base_put_int(&session->refusals, SESSION_CUSTOM_MAX);
        base_put(&session->refusals, " settings of unknown extensions\n");
        return;
    }
    if (custom < end && custom->layer < layer) {
        custom->weaker = value;
        return;
    }
    session->custom_count += custom == end;
    *custom = (struct settings_custom){.name = name, .value = value, .layer = (uint8_t)layer};
}

/* Keeps, for explain, the value that is overridden by a stronger layer, which was read before.
 * There are two layers of the operator, so one weaker value per setting suffices. */
static void keep_weaker_override(struct session *session, uint32_t setting,
                                 struct vm_override override)
{
    struct explain_weaker *weaker = session->weaker, *end = weaker + session->weaker_count;
    while (weaker < end && weaker->setting != setting)
        weaker++;
    session->weaker_count += weaker == end;
    *weaker = (struct explain_weaker){setting, override};
}

/* Layers are numbered from the strongest, so that of two values the one of the lower layer wins,
 * and within a layer the later one. */
void session_override(struct session *session, int64_t version, enum vm_layer layer,
                      struct base_span name, struct base_span value)
{
    const uint32_t setting = image_find_setting(&session->image, name);
    if (setting == IMAGE_NONE && is_extension_name(name)) {
        override_custom_setting(session, layer, name, value);
        return;
    }
    if (setting == IMAGE_NONE) {
        put_operator_setting(&session->refusals, name, value, layer);
        base_put(&session->refusals, "is not a setting");
        session_put_near(&session->refusals, &session->image, name);
        base_put_char(&session->refusals, '\n');
        return;
    }
    char reason[1024] = "";
    struct base_sink why = BASE_SINK(reason);
    struct vm_override *override = &session->overrides[setting];
    int64_t parsed;
    if (!vm_parse_setting(&session->machine, setting, version, value, &parsed, &why)) {
        put_operator_setting(&session->refusals, name, value, layer);
        BASE_PUT(&session->refusals, reason, "\n");
    } else {
        const struct vm_override given = {parsed, true, (uint8_t)layer, value};
        if (!override->present || layer <= override->layer)
            *override = given;
        else
            keep_weaker_override(session, setting, given);
    }
}

/* --- the command line --- */

/* The server's short options. One without a setting sets none, or several depending on its argument
 * (`meanings`); it is listed so that its argument is not read as an option. */
static const struct option {
    char letter;
    bool takes_argument;
    const char *setting;
    const char *value; /* of an option without an argument */
} options[] = {
    {'B', true, "shared_buffers", NULL},
    {'C', true, NULL, NULL},
    {'D', true, NULL, NULL},
    {'E', false, "log_statement", "all"},
    {'F', false, "fsync", "off"},
    {'N', true, "max_connections", NULL},
    {'O', false, "allow_system_table_mods", "on"},
    {'P', false, "ignore_system_indexes", "on"},
    {'S', true, "work_mem", NULL},
    {'T', false, "send_abort_for_crash", "on"},
    {'W', true, "post_auth_delay", NULL},
    {'b', false, NULL, NULL},
    {'c', true, NULL, NULL},
    {'d', true, NULL, NULL},
    {'e', false, "DateStyle", "European"},
    {'f', true, NULL, NULL},
    {'h', true, "listen_addresses", NULL},
    {'i', false, "listen_addresses", "*"},
    {'j', false, NULL, NULL},
    {'k', true, "unix_socket_directories", NULL},
    {'l', false, "ssl", "on"},
    {'p', true, "port", NULL},
    {'r', true, NULL, NULL},
    {'s', false, "log_statement_stats", "on"},
    {'t', true, NULL, NULL},
};

/* Options whose argument is a letter or digit that is an abbreviation of settings. */
static const struct meaning {
    char option;
    const char *arguments; /* any one of these characters */
    const char *setting, *value;
} meanings[] = {
    {'d', "0", "log_min_messages", "notice"},  {'d', "1", "log_min_messages", "debug1"},
    {'d', "2", "log_min_messages", "debug2"},  {'d', "3", "log_min_messages", "debug3"},
    {'d', "4", "log_min_messages", "debug4"},  {'d', "5", "log_min_messages", "debug5"},
    {'d', "12345", "log_connections", "all"},  {'d', "12345", "log_disconnections", "on"},
    {'d', "2345", "log_statement", "all"},     {'f', "b", "enable_bitmapscan", "off"},
    {'f', "h", "enable_hashjoin", "off"},      {'f', "i", "enable_indexscan", "off"},
    {'f', "m", "enable_mergejoin", "off"},     {'f', "n", "enable_nestloop", "off"},
    {'f', "o", "enable_indexonlyscan", "off"}, {'f', "s", "enable_seqscan", "off"},
    {'f', "t", "enable_tidscan", "off"},
};

static const struct option *find_short_option(char letter)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].letter == letter)
            return &options[i];
    return NULL;
}

/* Copies the name into the session with dashes, which the command line allows, as underscores. */
static bool keep_argument_name(struct session *session, struct base_span *name)
{
    char *copy = session->operator_text + session->operator_used;
    if (name->length > sizeof session->operator_text - session->operator_used)
        return false;
    for (size_t i = 0; i < name->length; i++)
        copy[i] = (char)(name->start[i] == '-' ? '_' : name->start[i]);
    session->operator_used += name->length;
    name->start = copy;
    return true;
}

/* "name=value", after -c or --. */
static void read_assignment(struct session *session, int64_t version, const char *dashes,
                            const char *text)
{
    struct vm_word word;
    if (!vm_split_word(text, &word)) {
        BASE_PUT(&session->refusals, dashes);
        vm_put_escaped(&session->refusals, base_span_of(text));
        BASE_PUT(&session->refusals, " has no value; write ", dashes, "name=value\n");
    } else if (!keep_argument_name(session, &word.name)) {
        base_put(&session->refusals, "the command line is too long\n");
    } else {
        session_override(session, version, VM_COMMAND_LINE, word.name, word.value);
    }
}

/* Applies one option; `argument` is null for an option without one. */
static void apply_short_option(struct session *session, int64_t version,
                               const struct option *option, const char *argument)
{
    if (option->letter == 'c')
        read_assignment(session, version, "-c ", argument);
    else if (option->setting != NULL)
        session_override(session, version, VM_COMMAND_LINE, base_span_of(option->setting),
                         base_span_of(argument != NULL ? argument : option->value));
    else if (argument != NULL && argument[0] != '\0' && argument[1] == '\0')
        for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
            if (meanings[i].option == option->letter &&
                strchr(meanings[i].arguments, argument[0]) != NULL)
                session_override(session, version, VM_COMMAND_LINE,
                                 base_span_of(meanings[i].setting),
                                 base_span_of(meanings[i].value));
}

/* PostgreSQL would reject it too, but only after the entrypoint has created a cluster. */
static void refuse_postgres_argument(struct session *session, const char *word, const char *why)
{
    vm_put_escaped(&session->refusals, base_span_of(word));
    BASE_PUT(&session->refusals, why, "\n");
}

/* One word of short options: "-N50", "-Fi", "-c"; the argument may be the next word. Returns the
 * number of words used. */
static size_t read_short_options(struct session *session, int64_t version, const char *word,
                                 const char *next)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        const struct option *option = find_short_option(*letter);
        if (option == NULL) {
            refuse_postgres_argument(session, word, " is not an option of postgres");
            return 1;
        }
        if (!option->takes_argument) {
            apply_short_option(session, version, option, NULL);
            continue;
        }
        const char *argument = letter[1] != '\0' ? letter + 1 : next;
        if (argument != NULL)
            apply_short_option(session, version, option, argument);
        else
            refuse_postgres_argument(session, word, " requires a value");
        return argument == next && next != NULL ? 2 : 1;
    }
    return 1;
}

void session_read_arguments(struct session *session, int64_t version, const char *const *arguments)
{
    while (*arguments != NULL && strcmp(*arguments, "--") != 0) {
        const char *word = *arguments;
        if (strncmp(word, "--", 2) == 0) {
            read_assignment(session, version, "--", word + 2);
            arguments++;
        } else if (word[0] == '-') {
            arguments += read_short_options(session, version, word, arguments[1]);
        } else {
            refuse_postgres_argument(
                session, word, " is not an argument of postgres; a command must be the first word");
            arguments++;
        }
    }
}

/* --- POSTGRES_SETTINGS --- */

/* The rest of the variable's value. An entry ends at a line end, a semicolon or a comment; quotes
 * protect all three. */
struct scanner {
    struct session *session;
    const char *at;
};

static bool ends_settings_entry(char c)
{
    return c == '\0' || c == '\n' || c == ';' || c == '#';
}

static bool is_entry_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_entry_blanks(struct scanner *scanner)
{
    while (is_entry_blank(*scanner->at))
        scanner->at++;
}

/* The bytes up to the end of the entry or `stop`, trimmed. */
static struct base_span take_entry_text(struct scanner *scanner, char stop)
{
    const char *start = scanner->at;
    while (!ends_settings_entry(*scanner->at) && *scanner->at != stop)
        scanner->at++;
    return base_trim((struct base_span){start, (size_t)(scanner->at - start)});
}

static void skip_entry_comment(struct scanner *scanner)
{
    if (*scanner->at == '#')
        scanner->at += strcspn(scanner->at, "\n");
}

/* The character after a backslash, or up to three octal digits. */
static char take_escaped_character(struct scanner *scanner)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    unsigned code = 0;
    int digits = 0;
    for (; digits < 3 && *scanner->at >= '0' && *scanner->at <= '7'; digits++)
        code = code * 8 + (unsigned)(*scanner->at++ - '0');
    if (digits > 0)
        return (char)code;
    const char c = *scanner->at++;
    const char *known = strchr(from, c);
    return known != NULL ? to[known - from] : c;
}

/* A value in single quotes as in postgresql.conf; its text is stored in the session. Returns null,
 * or what is wrong with it. */
static const char *take_quoted_value(struct scanner *scanner, struct base_span *value)
{
    struct session *session = scanner->session;
    char *out = session->operator_text + session->operator_used;
    const char *limit = session->operator_text + sizeof session->operator_text;
    value->start = out;
    for (scanner->at++; *scanner->at != '\0' && out < limit;) {
        char c = *scanner->at++;
        if (c == '\'' && *scanner->at != '\'') {
            value->length = (size_t)(out - value->start);
            session->operator_used += value->length;
            return NULL;
        }
        if (c == '\'')
            scanner->at++;
        else if (c == '\\' && *scanner->at != '\0')
            c = take_escaped_character(scanner);
        *out++ = c;
    }
    return out == limit ? "is too long" : "has no closing quote";
}

/* The value after "name ="; returns null, or what is wrong with it. */
static const char *take_entry_value(struct scanner *scanner, struct base_span *value)
{
    skip_entry_blanks(scanner);
    if (*scanner->at != '\'') {
        *value = take_entry_text(scanner, '\n');
        return value->length > 0 ? NULL : "has no value; write '' for an empty one";
    }
    const char *problem = take_quoted_value(scanner, value);
    skip_entry_blanks(scanner);
    if (problem == NULL && !ends_settings_entry(*scanner->at))
        return "has text after its closing quote";
    return problem;
}

static void refuse_settings_entry(struct scanner *scanner, struct base_span name,
                                  const char *problem)
{
    struct base_sink *refusals = &scanner->session->refusals;
    base_put(refusals, "POSTGRES_SETTINGS: `");
    vm_put_escaped(refusals, name);
    BASE_PUT(refusals, "` ", problem, "\n");
    take_entry_text(scanner, '\n');
}

/* After each entry the scanner is at its end: at a semicolon, a line end or the comment, which
 * is skipped up to its line end. */
void session_read_variable(struct session *session, int64_t version, const char *text)
{
    struct scanner scanner = {session, text};
    while (*scanner.at != '\0') {
        const struct base_span name = take_entry_text(&scanner, '=');
        struct base_span value;
        const char *problem = NULL;
        if (*scanner.at == '=') {
            scanner.at++;
            problem = name.length > 0 ? take_entry_value(&scanner, &value) : "has no name";
        } else if (name.length > 0) {
            problem = "is not a setting; write name = value";
        }
        if (problem != NULL)
            refuse_settings_entry(&scanner, name, problem);
        else if (name.length > 0)
            session_override(session, version, VM_SETTINGS_VARIABLE, name, value);
        skip_entry_comment(&scanner);
        scanner.at += *scanner.at != '\0';
    }
}
