/* Listening to the operator. The command line is read as PostgreSQL reads it, with getopt's habits
 * and the short options that stand for settings; what is not a setting there is the server's own
 * business and passes by. */
#include "session/parts.h"
#include <string.h>
#include "base/distance.h"
#include "vm/quantity.h"

/* --- one setting --- */

static void put_word(struct base_sink *sink, struct base_span name, struct base_span value,
                     enum vm_layer layer)
{
    vm_put_harmless(sink, name);
    base_put_char(sink, '=');
    vm_put_harmless(sink, value);
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

static bool begins_word(char c)
{
    return base_is_letter(c) || c == '_' || (c & 0x80) != 0;
}

/* Whether PostgreSQL takes the name for an unknown extension's: words joined by dots. */
static bool is_extension_name(struct base_span name)
{
    bool dotted = false, begins = true;
    for (size_t i = 0; i < name.length; i++) {
        const char c = name.start[i];
        if (c == '.' && !begins)
            dotted = begins = true;
        else if (begins_word(c) || (!begins && (base_is_digit(c) || c == '$')))
            begins = false;
        else
            return false;
    }
    return dotted && !begins;
}

static void hear_extra(struct session *session, enum vm_layer layer, struct base_span name,
                       struct base_span value)
{
    struct settings_extra *extra = session->extras, *end = extra + session->extra_count;
    while (extra < end && image_compare_names(extra->name, name) != 0)
        extra++;
    if (extra == end && session->extra_count == SESSION_EXTRAS_MAX) {
        put_word(&session->refusals, name, value, layer);
        base_put(&session->refusals, "is one setting of unknown extensions too many\n");
        return;
    }
    if (extra < end && extra->layer < layer) {
        extra->weaker = value;
        return;
    }
    session->extra_count += extra == end;
    *extra = (struct settings_extra){.name = name, .value = value, .layer = (uint8_t)layer};
}

/* Keeps for explain what loses to a stronger layer, which was heard before it. */
static void hear_weaker(struct session *session, uint32_t setting, struct vm_override said)
{
    struct explain_weaker *weaker = session->weaker, *end = weaker + session->weaker_count;
    while (weaker < end && weaker->setting != setting)
        weaker++;
    session->weaker_count += weaker == end;
    *weaker = (struct explain_weaker){setting, said};
}

void session_override(struct session *session, int64_t version, enum vm_layer layer,
                      struct base_span name, struct base_span value)
{
    const uint32_t setting = image_find_setting(&session->image, name);
    if (setting == IMAGE_NONE && is_extension_name(name)) {
        hear_extra(session, layer, name, value);
        return;
    }
    if (setting == IMAGE_NONE) {
        put_word(&session->refusals, name, value, layer);
        base_put(&session->refusals, "is no setting");
        session_put_near(&session->refusals, &session->image, name);
        base_put_char(&session->refusals, '\n');
        return;
    }
    char reason[1024] = "";
    struct base_sink why = BASE_SINK(reason);
    struct vm_override *override = &session->overrides[setting];
    int64_t parsed;
    if (!vm_parse_setting(&session->machine, setting, version, value, &parsed, &why)) {
        put_word(&session->refusals, name, value, layer);
        BASE_PUT(&session->refusals, reason, "\n");
    } else {
        const struct vm_override said = {parsed, true, (uint8_t)layer, value};
        if (!override->present || layer <= override->layer)
            *override = said;
        else
            hear_weaker(session, setting, said);
    }
}

/* --- the command line --- */

/* The server's short options. Those without a setting mean others, by their argument, or none;
 * their arguments must not be taken for options. */
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

/* Options whose argument is a letter or digit that stands for settings. */
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

static const struct option *find_option(char letter)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].letter == letter)
            return &options[i];
    return NULL;
}

/* The name with dashes as underscores, which the command line allows, kept in the session. */
static bool keep_name(struct session *session, struct base_span *name)
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
static void hear_assignment(struct session *session, int64_t version, const char *dashes,
                            const char *text)
{
    struct vm_word word;
    if (!vm_split_word(text, &word)) {
        BASE_PUT(&session->refusals, dashes);
        vm_put_harmless(&session->refusals, base_span_of(text));
        BASE_PUT(&session->refusals, " has no value; write ", dashes, "name=value\n");
    } else if (!keep_name(session, &word.name)) {
        base_put(&session->refusals, "the command line is too long\n");
    } else {
        session_override(session, version, VM_COMMAND_LINE, word.name, word.value);
    }
}

/* What one option says; `argument` is null for one that takes none. */
static void hear_option(struct session *session, int64_t version, const struct option *option,
                        const char *argument)
{
    if (option->letter == 'c')
        hear_assignment(session, version, "-c ", argument);
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

/* PostgreSQL would refuse it too, but only after the entrypoint has made a cluster. */
static void refuse_word(struct session *session, const char *word, const char *why)
{
    vm_put_harmless(&session->refusals, base_span_of(word));
    BASE_PUT(&session->refusals, why, "\n");
}

/* One word of short options: "-N50", "-Fi", "-c"; the argument may be the next word. Answers how
 * many words were used. */
static size_t hear_short(struct session *session, int64_t version, const char *word,
                         const char *next)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        const struct option *option = find_option(*letter);
        if (option == NULL) {
            refuse_word(session, word, " is no option of postgres");
            return 1;
        }
        if (!option->takes_argument) {
            hear_option(session, version, option, NULL);
            continue;
        }
        const char *argument = letter[1] != '\0' ? letter + 1 : next;
        if (argument != NULL)
            hear_option(session, version, option, argument);
        else
            refuse_word(session, word, " has no value");
        return argument == next && next != NULL ? 2 : 1;
    }
    return 1;
}

void session_read_arguments(struct session *session, int64_t version, const char *const *arguments)
{
    while (*arguments != NULL && strcmp(*arguments, "--") != 0) {
        const char *word = *arguments;
        if (strncmp(word, "--", 2) == 0) {
            hear_assignment(session, version, "--", word + 2);
            arguments++;
        } else if (word[0] == '-') {
            arguments += hear_short(session, version, word, arguments[1]);
        } else {
            refuse_word(session, word,
                        " is no argument of postgres; did you mean a separate command?");
            arguments++;
        }
    }
}

/* --- POSTGRES_SETTINGS --- */

struct scanner {
    struct session *session;
    const char *at;
};

static bool ends_entry(char c)
{
    return c == '\0' || c == '\n' || c == ';' || c == '#';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct scanner *scanner)
{
    while (is_blank(*scanner->at))
        scanner->at++;
}

/* The bytes up to the end of the entry or `stop`, without blanks around them. */
static struct base_span take_until(struct scanner *scanner, char stop)
{
    const char *start = scanner->at;
    while (!ends_entry(*scanner->at) && *scanner->at != stop)
        scanner->at++;
    return base_trim((struct base_span){start, (size_t)(scanner->at - start)});
}

static void skip_comment(struct scanner *scanner)
{
    if (*scanner->at == '#')
        scanner->at += strcspn(scanner->at, "\n");
}

/* The character behind a backslash, or up to three octal digits. */
static char take_escape(struct scanner *scanner)
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

/* A value in single quotes as postgresql.conf has them; the text goes to the session. Null when it
 * is a good one, else what is wrong. */
static const char *take_quoted(struct scanner *scanner, struct base_span *value)
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
            c = take_escape(scanner);
        *out++ = c;
    }
    return out == limit ? "is too long" : "has no closing quote";
}

/* The value behind "name ="; null when it is a good one, else what is wrong. */
static const char *take_value(struct scanner *scanner, struct base_span *value)
{
    skip_blanks(scanner);
    if (*scanner->at != '\'') {
        *value = take_until(scanner, '\n');
        return value->length > 0 ? NULL : "has no value; an empty one is written ''";
    }
    const char *trouble = take_quoted(scanner, value);
    skip_blanks(scanner);
    if (trouble == NULL && !ends_entry(*scanner->at))
        return "has something behind its closing quote";
    return trouble;
}

static void refuse_entry(struct scanner *scanner, struct base_span name, const char *trouble)
{
    struct base_sink *refusals = &scanner->session->refusals;
    base_put(refusals, "POSTGRES_SETTINGS: `");
    vm_put_harmless(refusals, name);
    BASE_PUT(refusals, "` ", trouble, "\n");
    take_until(scanner, '\n');
}

void session_read_variable(struct session *session, int64_t version, const char *text)
{
    struct scanner scanner = {session, text};
    while (*scanner.at != '\0') {
        const struct base_span name = take_until(&scanner, '=');
        struct base_span value;
        const char *trouble = NULL;
        if (*scanner.at == '=') {
            scanner.at++;
            trouble = name.length > 0 ? take_value(&scanner, &value) : "has no name";
        } else if (name.length > 0) {
            trouble = "is no setting; write name = value";
        }
        if (trouble != NULL)
            refuse_entry(&scanner, name, trouble);
        else if (name.length > 0)
            session_override(session, version, VM_SETTINGS_VARIABLE, name, value);
        skip_comment(&scanner);
        scanner.at += *scanner.at != '\0';
    }
}
