/* azr, the runner: computes PostgreSQL's settings for this machine and starts PostgreSQL with them,
 * or reports what it would do and why.
 *
 * This file reads the command line: the first word selects a row of `verbs`, which lists the
 * options and words that the verb accepts; the rest goes into struct azr_call. A word that the row
 * does not allow is an error, and nothing has been read or written by then. The other files of this
 * folder contain one verb each. Also here: the output buffer, and opening and deciding an image.
 *
 * What comes after `--` belongs to the command and is never read as an option of azr, so that
 * `azr start IMAGE -- psql --help` reaches psql. */
#include "azr/azr.h"
#include "version.h"
#include <string.h>
#include <unistd.h>

#define DEFAULT_IMAGE "/etc/aza/aza.azb"

static const char help[] =
    "azr - sizes PostgreSQL for the machine it starts on\n"
    "\n"
#define X(word, help, ...) "  azr " #word help
#include "azr/verbs.def"
#undef X
    "\n"
    "IMAGE is a file from azc compile; default: $AZA_IMAGE or " DEFAULT_IMAGE ".\n"
    "NAME=VALUE assumes a fact, an option or a setting: azr show memory=8GB.\n"
    "\n"
    "  --format FORMAT    text or json; for show one of"
#define X(name, word, opening, line, closing) " " word
#include "settings/formats.def"
#undef X
    "\n"
    "  --root DIR         read /sys and /proc below DIR\n"
    "  --entrypoint PATH  the program that start executes; default: $AZA_ENTRYPOINT,\n"
    "                     or docker-entrypoint.sh found on PATH\n"
    "  --help, --version\n"
    "\n"
    "start first writes the files that COMMAND needs; the variables holding secrets are\n"
    "removed from the environment. If COMMAND is postgres, or begins with a dash, the\n"
    "settings are inserted before its arguments as -c flags and logged on one line that\n"
    "begins with " AZR_TAG ". The operator's settings take precedence: -c and\n"
    "--name=value, then POSTGRES_SETTINGS (name = value, separated by newlines or\n"
    "semicolons), then the rules. Any other command, and --help, --version and the like,\n"
    "runs unchanged.\n"
    "\n"
    "Exit status: 0 success, 64 wrong usage, 75 the data directory is in use, 78 refused\n"
    "before anything is changed, 126 and 127 the command cannot be started.\n";

/* Sets of formats. */
enum {
    TEXT_OR_JSON = 1 << SETTINGS_TABLE | 1 << SETTINGS_JSON,
    EVERY_FORMAT = (1 << SETTINGS_FORMATS) - 1,
};

/* The words and options that each verb accepts; the last row has no word. */
static const struct verb {
    const char *word;
    azr_verb *run;
    bool subject, wants_command, supposes; /* a name; `-- COMMAND`; NAME=VALUE */
    bool documents, makes_secrets;         /* --for and --secrets; --mode */
    size_t names;     /* further words, at most; if there can be any, the image is one of them */
    unsigned formats; /* a set of 1 << enum settings_format */
} verbs[] = {
#define X(verb, help, ...) {.word = #verb, .run = azr_run_##verb, __VA_ARGS__},
#include "azr/verbs.def"
#undef X
    {.word = NULL},
};

/* --- output --- */

/* A decision as a table or as JSON is at most a few times as long as its flags. Should a text not
 * fit after all, azr_write reports it. */
struct base_sink *azr_output(void)
{
    static char bytes[4 * LIMIT_FLAG_BYTES];
    static struct base_sink sink = BASE_SINK(bytes);
    return &sink;
}

static void print_error(const char *text)
{
    base_write_all(STDERR_FILENO, text, strlen(text));
}

int azr_write(int fd, int code)
{
    struct base_sink *sink = azr_output();
    const bool written = base_write_all(fd, sink->data, sink->length) && !sink->overflow;
    sink->length = 0;
    if (written)
        return code;
    print_error("azr: could not write all of the output\n");
    return SESSION_CANNOT_RUN;
}

int azr_usage(const char *sentence)
{
    char text[512];
    struct base_sink sink = BASE_SINK(text);
    BASE_PUT(&sink, "azr: ", sentence, "; see azr --help\n");
    print_error(text);
    return SESSION_USAGE;
}

/* --- the image and its decision --- */

const char *azr_image(const struct azr_call *call)
{
    const char *variable = base_variable(call->environment, "AZA_IMAGE");
    if (call->image != NULL)
        return call->image;
    return variable != NULL ? variable : DEFAULT_IMAGE;
}

void azr_report(const struct session *session)
{
    struct base_sink *sink = azr_output();
    session_put_lines(sink, "warning", &session->warnings);
    session_put_lines(sink, "refused", &session->refusals);
    azr_write(STDERR_FILENO, 0);
}

int azr_decide(const struct azr_call *call, struct session *session)
{
    const struct session_request request = {.environment = call->environment,
                                            .root = call->root != NULL ? call->root : "",
                                            .words = call->words,
                                            .word_count = call->word_count,
                                            .ask_machine = true};
    const bool fine = session_read(session, azr_image(call)) && session_decide(session, &request);
    azr_report(session);
    return fine ? 0 : SESSION_REFUSED;
}

/* --- the command line --- */

/* The value of --NAME=VALUE or --NAME VALUE; null when the word is another option. */
static const char *option_value(const char *name, const char ***at)
{
    const char *word = **at;
    const size_t length = strlen(name);
    if (strncmp(word, name, length) != 0)
        return NULL;
    if (word[length] == '=')
        return word + length + 1;
    if (word[length] != '\0' || (*at)[1] == NULL)
        return NULL;
    ++*at;
    return **at;
}

/* Whether the word at `at` is an option that the verb accepts, with an acceptable value. A value in
 * the next word advances `at`. */
static bool take_option(struct azr_call *call, const struct verb *verb, const char ***at)
{
    const char *value;
    if ((value = option_value("--format", at)) != NULL) {
        call->format = settings_find_format(value);
        return call->format != SETTINGS_FORMATS && (verb->formats >> call->format & 1) != 0;
    }
    if (verb->documents && strcmp(**at, "--secrets") == 0) {
        call->reveal = true;
        return true;
    }
    const struct option_place {
        const char *name;
        bool accepted;
        const char **place;
    } options[] = {{"--root", true, &call->root},
                   {"--for", verb->documents, &call->whose},
                   {"--mode", verb->makes_secrets, &call->mode},
                   {"--entrypoint", verb->wants_command, &call->entrypoint},
                   {NULL, false, NULL}};
    for (const struct option_place *option = options; option->name != NULL; option++)
        if (option->accepted && (value = option_value(option->name, at)) != NULL) {
            *option->place = value;
            return true;
        }
    return false;
}

/* A word that is not an option: NAME=VALUE, the subject, or the image. Whether the verb accepts it
 * there. A name has no slash, so the path of an image may contain an equals sign. */
static bool take_word(struct azr_call *call, const struct verb *verb, const char *word)
{
    struct vm_word *next = &call->words[call->word_count];
    if (verb->supposes && vm_split_word(word, next) &&
        memchr(next->name.start, '/', next->name.length) == NULL)
        return ++call->word_count < LIMIT_ARGUMENTS;
    if (verb->names != 0) {
        const bool room = call->name_count < verb->names;
        if (room)
            call->names[call->name_count++] = word;
        return room;
    }
    const char **place = verb->subject && call->subject == NULL ? &call->subject : &call->image;
    const bool free = *place == NULL;
    *place = word;
    return free;
}

/* Reads the words after the verb into a call and runs it. */
static int parse_and_run_verb(const struct verb *verb, const char **at,
                              const char *const *environment)
{
    static struct azr_call call;
    /* For arm64 azr is built with -mcmodel=tiny, which reaches only what begins within 1 MB. The
     * linker sorts the sections of .bss by name, so this struct, which alone is larger, goes last
     * and pushes no other variable out of reach. */
    static struct session session __attribute__((section(".bss.zzz_session")));
    char message[256];
    struct base_sink sink = BASE_SINK(message);
    call.environment = environment;
    for (; *at != NULL && strcmp(*at, "--") != 0; at++) {
        const char *word = *at;
        if (word[0] == '-' ? take_option(&call, verb, &at) : take_word(&call, verb, word))
            continue;
        BASE_PUT(&sink, verb->word, " does not accept `", word, *at != word ? " " : "",
                 *at != word ? *at : "", "`");
        return azr_usage(message);
    }
    call.command = *at != NULL ? at + 1 : NULL;
    if (call.command != NULL && !verb->wants_command) {
        BASE_PUT(&sink, verb->word, " does not accept a command after --");
        return azr_usage(message);
    }
    if (verb->subject && call.subject == NULL) {
        BASE_PUT(&sink, verb->word, " requires a name: azr ", verb->word, " work_mem");
        return azr_usage(message);
    }
    if (call.root != NULL && !session_is_root(call.root)) {
        BASE_PUT(&sink, "--root is not a directory: ", call.root);
        return azr_usage(message);
    }
    return verb->run(&call, &session);
}

/* The text for --help or --version, if azr's own words contain one. */
static const char *help_or_version(const char *const *words)
{
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
            return help;
        if (strcmp(*words, "--version") == 0)
            return "azr " AZA_VERSION "\n";
    }
    return NULL;
}

int main(int argc, char **argv, char **environment)
{
    (void)argc; /* 0 for a caller that passes no name of the program; argv[0] is null then */
    const char **words = (const char **)argv + (argv[0] != NULL);
    const char *answer = help_or_version(words);
    if (answer != NULL) {
        base_put(azr_output(), answer);
        return azr_write(STDOUT_FILENO, 0);
    }
    for (const struct verb *verb = verbs; *words != NULL && verb->word != NULL; verb++)
        if (strcmp(*words, verb->word) == 0)
            return parse_and_run_verb(verb, words + 1, (const char *const *)environment);
    return azr_usage("expected one of the verbs"
#define X(word, help, ...) " " #word
#include "azr/verbs.def"
#undef X
    );
}
