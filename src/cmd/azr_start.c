/* azr start: the container's entrypoint. Decides the settings, says so on one line, and becomes the
 * image's own entrypoint, which becomes PostgreSQL.
 *
 * Whatever is not a start of the server is handed over as it came, without a word, even when the
 * rules' image is broken: psql and a shell must work then above all. */
#include <string.h>
#include <unistd.h>
#include "cmd/azr.h"
#include "cmd/session_documents.h"

#define DEFAULT_ENTRYPOINT "docker-entrypoint.sh"

enum {
    ENVIRONMENT_MAX = 4096, /* variables; containers have dozens */
    WORDS_MAX = 2 * AZA_FLAGS_MAX + AZA_ARGUMENTS_MAX + 4,
};

/* The command line and environment of what comes next. */
struct start {
    const struct azn_session *session;
    const char *words[WORDS_MAX];
    size_t word_count;
    const char *environment[ENVIRONMENT_MAX];
    size_t variable_count;
    char bytes[AZA_FLAG_BYTES_MAX]; /* "name=value" texts, one after the other */
    size_t used;
    bool full;
};

static bool is_among(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

/* Whether the command starts a server. The switches that ask the binary about itself count wherever
 * they stand, as in the official image; those that make it another program count in front. */
static bool starts_server(const char *const *command)
{
    static const char *const asking[] = {"-?", "--help", "--describe-config", "-V", "--version"};
    static const char *const other[] = {"--single", "--boot", "--check"};
    if (strcmp(command[0], "postgres") != 0 && command[0][0] != '-')
        return false;
    const char *const *arguments = command + (command[0][0] != '-');
    if (arguments[0] != NULL && is_among(arguments[0], other, sizeof other / sizeof *other))
        return false;
    for (; *arguments != NULL; arguments++)
        if (is_among(*arguments, asking, sizeof asking / sizeof *asking))
            return false;
    return true;
}

static const char *entrypoint(const struct azr_call *call)
{
    const char *variable = azv_variable(call->environment, "AZA_ENTRYPOINT");
    if (call->entrypoint != NULL)
        return call->entrypoint;
    return variable != NULL ? variable : DEFAULT_ENTRYPOINT;
}

/* --- what comes next ----------------------------------------------------------------------------
 */

static void add(const char **list, size_t *count, size_t capacity, const char *text, bool *full)
{
    if (*count + 1 < capacity)
        list[(*count)++] = text;
    else
        *full = true;
    list[*count] = NULL;
}

static void add_word(struct start *start, const char *word)
{
    add(start->words, &start->word_count, WORDS_MAX, word, &start->full);
}

static void add_variable(struct start *start, const char *variable)
{
    add(start->environment, &start->variable_count, ENVIRONMENT_MAX, variable, &start->full);
}

/* A sink over the free bytes; keep_text takes what was put there. */
static struct aza_sink begin_text(struct start *start)
{
    return (struct aza_sink){.data = start->bytes + start->used,
                             .capacity = sizeof start->bytes - start->used};
}

static const char *keep_text(struct start *start, const struct aza_sink *sink)
{
    start->full |= sink->overflow;
    if (!sink->overflow)
        start->used += sink->length + 1;
    return sink->data;
}

/* Every setting but those that the command line says anyway, and says last. */
static void add_flags(struct start *start)
{
    const struct azx_view view = azn_view(start->session);
    struct azo_item item;
    for (uint32_t cursor = 0; azo_next(&view.settings, &cursor, &item);) {
        if (item.layer == AZV_COMMAND_LINE)
            continue;
        struct aza_sink sink = begin_text(start);
        aza_put_span(&sink, item.name);
        aza_put_char(&sink, '=');
        azo_put_value(&sink, &view.settings, &item);
        add_word(start, "-c");
        add_word(start, keep_text(start, &sink));
    }
}

static bool is_exported(const struct azn_session *session, const char *variable)
{
    for (uint32_t i = 0; i < session->image.export_count; i++) {
        const struct azb_export *export = &session->image.exports[i];
        const char *name = azb_string(&session->image, export->variable);
        const size_t length = strlen(name);
        if (session->slots[export->slot].state == AZV_VALUE &&
            strncmp(variable, name, length) == 0 && variable[length] == '=')
            return true;
    }
    return false;
}

static void add_environment(struct start *start, const char *const *environment)
{
    const struct azn_session *session = start->session;
    for (; *environment != NULL; environment++)
        if (!is_exported(session, *environment) && !azn_is_from_secret(session, *environment))
            add_variable(start, *environment);
    for (uint32_t i = 0; i < session->image.export_count; i++) {
        const struct azb_export *export = &session->image.exports[i];
        if (session->slots[export->slot].state != AZV_VALUE)
            continue;
        struct aza_sink sink = begin_text(start);
        AZA_PUT(&sink, azb_string(&session->image, export->variable), "=",
                azv_text(&session->machine, session->slots[export->slot].value));
        add_variable(start, keep_text(start, &sink));
    }
}

static bool decide(const struct azr_call *call, struct azn_session *session,
                   const char *const *arguments)
{
    const struct azn_request request = {.environment = call->environment,
                                        .root = call->root != NULL ? call->root : "",
                                        .arguments = arguments,
                                        .ask_machine = true,
                                        .brief = true};
    return azn_read(session, azr_image(call)) && azn_decide(session, &request);
}

int azr_start(struct azr_call *call, struct azn_session *session)
{
    static struct start start;
    if (call->image == NULL || call->command == NULL || call->command[0] == NULL)
        return azr_usage("start needs an image and a command: azr start IMAGE -- postgres");
    if (!starts_server(call->command)) {
        if (azr_has_documents(call, session))
            return azr_start_with_documents(call, session);
        call->command[-1] = entrypoint(call);
        return azr_exec(call->command - 1, call->environment);
    }
    const char *const *arguments = call->command + (call->command[0][0] != '-');
    if (!decide(call, session, arguments)) {
        azr_report(session);
        return AZN_REFUSED;
    }
    start.session = session;
    add_word(&start, entrypoint(call));
    add_word(&start, "postgres");
    add_flags(&start);
    for (; *arguments != NULL; arguments++)
        add_word(&start, *arguments);
    add_environment(&start, call->environment);
    if (start.full)
        aza_put(&session->refusals, "the command line or the environment is too long\n");
    const bool ready = !start.full && azr_write_documents(session, "postgres");
    if (ready)
        azr_put_log(azr_output(), session);
    azr_report(session);
    return ready ? azr_exec(start.words, start.environment) : AZN_REFUSED;
}
