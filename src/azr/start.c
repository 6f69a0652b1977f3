/* azr start: the container's entrypoint.
 *
 * For a server: decide the settings; open the data directory (lock, checks); as a replica, copy the
 * primary; compose the command line; write the documents; log one line; run the first start if the
 * directory is empty; execute the official entrypoint, which executes PostgreSQL. Every refusal
 * precedes the first start, so that a mistake in the settings never leaves a cluster half created.
 *
 * The new command line and environment are in one struct start in static storage: arrays of
 * pointers, into argv and environ for words passed on, into `bytes` for those that are composed. A
 * full array or buffer sets `full`, which is checked once, after everything was appended.
 *
 * For a command that has documents: write them, then execute the command. Any other command is
 * executed unchanged and without output, even if the image is broken: psql and a shell are needed
 * most when something is broken. */
#include <string.h>
#include <unistd.h>
#include "azr/azr.h"
#include "azr/cluster/cluster.h"

#define DEFAULT_ENTRYPOINT "docker-entrypoint.sh"

enum {
    ENVIRONMENT_MAX = 4096, /* variables; containers have dozens */
    WORDS_MAX = 2 * LIMIT_FLAGS + LIMIT_ARGUMENTS + 4,
};

/* The command line and environment of the program to execute. */
struct start {
    const struct session *session;
    const char *words[WORDS_MAX];
    size_t word_count;
    const char *environment[ENVIRONMENT_MAX];
    size_t variable_count;
    char bytes[LIMIT_FLAG_BYTES]; /* "name=value" texts, one after another */
    size_t used;
    bool full; /* something did not fit; checked once */
};

/* The list ends with a null pointer. */
static bool is_listed_word(const char *word, const char *const *list)
{
    while (*list != NULL && strcmp(word, *list) != 0)
        list++;
    return *list != NULL;
}

/* Whether the command starts a server. Informational switches count at any position, as in the
 * official image; those that select another mode count only in first position. */
static bool starts_server(const char *const *command)
{
    static const char *const asking[] = {"-?", "--help",    "--describe-config",
                                         "-V", "--version", NULL};
    static const char *const other[] = {"--single", "--boot", "--check", NULL};
    if (strcmp(command[0], "postgres") != 0 && command[0][0] != '-')
        return false;
    const char *const *arguments = command + (command[0][0] != '-');
    if (arguments[0] != NULL && is_listed_word(arguments[0], other))
        return false;
    for (; *arguments != NULL; arguments++)
        if (is_listed_word(*arguments, asking))
            return false;
    return true;
}

static const char *entrypoint_path(const struct azr_call *call)
{
    const char *variable = base_variable(call->environment, "AZA_ENTRYPOINT");
    if (call->entrypoint != NULL)
        return call->entrypoint;
    return variable != NULL ? variable : DEFAULT_ENTRYPOINT;
}

/* --- the command line and the environment --- */

/* Keeps the list null-terminated, also when it is full. */
static void append_pointer(const char **list, size_t *count, size_t capacity, const char *text,
                           bool *full)
{
    if (*count + 1 < capacity)
        list[(*count)++] = text;
    else
        *full = true;
    list[*count] = NULL;
}

static void append_argument(struct start *start, const char *word)
{
    append_pointer(start->words, &start->word_count, WORDS_MAX, word, &start->full);
}

static void append_variable(struct start *start, const char *variable)
{
    append_pointer(start->environment, &start->variable_count, ENVIRONMENT_MAX, variable,
                   &start->full);
}

/* A sink over the free bytes; keep_assignment keeps what was written to it. */
static struct base_sink begin_assignment(struct start *start)
{
    return (struct base_sink){.data = start->bytes + start->used,
                              .capacity = sizeof start->bytes - start->used};
}

static const char *keep_assignment(struct start *start, const struct base_sink *sink)
{
    start->full |= sink->overflow;
    if (!sink->overflow)
        start->used += sink->length + 1;
    return sink->data;
}

/* Every setting except those of the command line, which follow as the operator wrote them; with
 * `places_only`, only the settings that cannot be in a file. */
static void append_setting_flags(struct start *start, bool places_only)
{
    const struct explain_view view = session_view(start->session);
    struct settings_item item;
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);) {
        if (item.layer == VM_COMMAND_LINE || (places_only && !cluster_is_place(item.name)))
            continue;
        struct base_sink sink = begin_assignment(start);
        base_put_span(&sink, item.name);
        base_put_char(&sink, '=');
        settings_put_value(&sink, &view.settings, &item);
        append_argument(start, "-c");
        append_argument(start, keep_assignment(start, &sink));
    }
}

/* Whether the rules export a value for the variable, which replaces the operator's. */
static bool is_exported_variable(const struct session *session, const char *variable)
{
    for (uint32_t i = 0; i < session->image.export_count; i++) {
        const struct image_export *export = &session->image.exports[i];
        if (session->slots[export->slot].state == VM_VALUE &&
            session_is_assignment(variable, image_string(&session->image, export->variable)))
            return true;
    }
    return false;
}

/* Variables that the official entrypoint reads at the first start and that are not needed later. */
static bool is_secret_variable(const struct session *session, const char *variable)
{
    return session_is_assignment(variable, "POSTGRES_PASSWORD") ||
           session_is_assignment(variable, "POSTGRES_PASSWORD_FILE") ||
           session_is_assignment(variable, "PGPASSWORD") ||
           session_is_from_secret(session, variable);
}

/* Composes the environment of the next program; each call replaces the result of the last. Only the
 * first start gets secrets: a server's environment can be read in /proc. */
static void compose_environment(struct start *start, const char *const *environment, bool secrets)
{
    const struct session *session = start->session;
    start->variable_count = 0;
    if (base_variable(environment, "PGDATA") == NULL)
        append_variable(start, "PGDATA=" AZA_POSTGRES_DATA);
    for (; *environment != NULL; environment++)
        if (!is_exported_variable(session, *environment) &&
            (secrets || !is_secret_variable(session, *environment)))
            append_variable(start, *environment);
    for (uint32_t i = 0; i < session->image.export_count; i++) {
        const struct image_export *export = &session->image.exports[i];
        if (session->slots[export->slot].state != VM_VALUE)
            continue;
        struct base_sink sink = begin_assignment(start);
        BASE_PUT(&sink, image_string(&session->image, export->variable), "=",
                 vm_text(&session->machine, session->slots[export->slot].value));
        append_variable(start, keep_assignment(start, &sink));
    }
}

/* --- the steps --- */

static int decide_settings(const struct azr_call *call, struct session *session)
{
    const struct session_request request = {.environment = call->environment,
                                            .root = call->root != NULL ? call->root : "",
                                            .arguments =
                                                call->command + (call->command[0][0] != '-'),
                                            .ask_machine = true,
                                            .stop_at_first_answer = true};
    return session_decide(session, &request) ? 0 : SESSION_REFUSED;
}

/* The command line, and with POSTGRES_APPLY=file the settings file. */
static int compose_command_line(struct start *start, const struct azr_call *call,
                                const struct cluster *cluster)
{
    const char *apply = cluster_option(cluster, "POSTGRES_APPLY", "flags");
    const char *const *arguments = call->command + (call->command[0][0] != '-');
    const bool by_file = strcmp(apply, "file") == 0;
    if (!by_file && strcmp(apply, "flags") != 0)
        return CLUSTER_REFUSE(cluster, "POSTGRES_APPLY must be flags or file\n");
    append_argument(start, entrypoint_path(call));
    append_argument(start, "postgres");
    append_setting_flags(start, by_file);
    for (; *arguments != NULL; arguments++)
        append_argument(start, *arguments);
    return by_file ? cluster_write_settings(cluster, cluster_option(cluster, "AZA_SETTINGS_FILE",
                                                                    CLUSTER_RUN "/settings.conf"))
                   : 0;
}

/* A replica's own documents are written at each start, because the primary's password may have
 * changed. After a copy the settings are decided again: they depend on the control file copied. */
static int prepare_replica(struct start *start, const struct azr_call *call,
                           struct cluster *cluster)
{
    struct session *session = cluster->session;
    if (!azr_write_documents(session, "replicate"))
        return SESSION_REFUSED;
    if (!cluster->empty)
        return 0;
    compose_environment(start, call->environment, false);
    const int code = cluster_copy_primary(cluster, entrypoint_path(call), start->environment);
    cluster->empty = false;
    return code != 0 ? code : decide_settings(call, session);
}

static void log_decision(struct session *session)
{
    azr_put_log(azr_output(), session);
    azr_report(session);
    session->warnings.length = 0;
}

/* All steps before the server; returns 0 if it may start. */
static int prepare_server(struct start *start, const struct azr_call *call, struct session *session)
{
    static struct cluster cluster;
    int code = decide_settings(call, session);
    if (code == 0)
        code = cluster_open(&cluster, call->environment, session);
    if (code == 0 && cluster.replica)
        code = prepare_replica(start, call, &cluster);
    if (code == 0)
        code = compose_command_line(start, call, &cluster);
    if (code != 0)
        return code;
    compose_environment(start, call->environment, cluster.empty);
    if (start->full)
        return CLUSTER_REFUSE(&cluster, "the command line or the environment is too long\n");
    if (!azr_write_documents(session, "postgres"))
        return SESSION_REFUSED;
    log_decision(session);
    if (cluster.empty)
        code = cluster_initialise(&cluster, start->words, start->environment);
    compose_environment(start, call->environment, false);
    return code;
}

int azr_run_start(struct azr_call *call, struct session *session)
{
    static struct start start;
    if (call->image == NULL || call->command == NULL || call->command[0] == NULL)
        return azr_usage("start requires an image and a command: azr start IMAGE -- postgres");
    if (!starts_server(call->command)) {
        if (azr_has_documents(call, session))
            return azr_start_with_documents(call, session);
        call->command[-1] = entrypoint_path(call);
        return cluster_exec_entrypoint(call->command - 1, call->environment);
    }
    start.session = session;
    const int code = session_read(session, azr_image(call)) ? prepare_server(&start, call, session)
                                                            : SESSION_REFUSED;
    if (code == 0)
        return cluster_exec_entrypoint(start.words, start.environment);
    azr_report(session);
    return code;
}
