/* The files that a command finds when it starts: azr start writes them before it hands over, azr
 * write whenever it is asked, and azr render shows them.
 *
 * Either all files of a command are written or none is touched: everything that commonly fails is
 * done with temporary files first, each in the directory of the file that it becomes. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "azr/azr.h"
#include "azr/cluster/cluster.h"

enum { VARIABLES_MAX = 4096 };

/* --- writing --- */

static bool fill(const struct session *session, const struct image_document *document, int fd)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const char *text = session_piece(session, document, i, true);
        if (!base_write_all(fd, text, strlen(text)))
            return false;
    }
    return true;
}

/* On failure errno says why, and there is no temporary file. */
static bool write_temporary(const struct session *session, const struct image_document *document)
{
    const char *path = session_document_path(session, document);
    const int fd = cluster_begin_file(path);
    return cluster_end_file(fd, path, (mode_t)document->mode,
                            fd >= 0 && fill(session, document, fd));
}

/* Takes away the temporary files of the documents from `from` up to, not with, `until`. */
static void clean_up(const struct session *session, const char *command, uint32_t from,
                     const struct image_document *until)
{
    const struct image_document *document;
    while ((document = session_next_document(session, command, &from)) != until && document != NULL)
        cluster_drop_file(session_document_path(session, document));
}

static bool are_complete(struct session *session, const char *command)
{
    const struct image_document *document;
    bool complete = true;
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;)
        complete &= session_is_complete(session, document);
    return complete;
}

bool azr_write_documents(struct session *session, const char *command)
{
    const struct image_document *document;
    if (!are_complete(session, command))
        return false;
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;) {
        if (write_temporary(session, document))
            continue;
        const int error = errno;
        clean_up(session, command, 0, document);
        return cluster_refuse_path(session, session_document_path(session, document), error) == 0;
    }
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;) {
        if (cluster_place_file(session_document_path(session, document)))
            continue;
        const int error = errno;
        clean_up(session, command, cursor, NULL);
        return cluster_refuse_path(session, session_document_path(session, document), error) == 0;
    }
    return true;
}

/* --- start --- */

/* What a command is called: the last part of its path. */
static const char *name_of(const char *command)
{
    const char *slash = strrchr(command, '/');
    return slash != NULL ? slash + 1 : command;
}

bool azr_has_documents(const struct azr_call *call, struct session *session)
{
    const char *command = call->command[0];
    uint32_t cursor = 0;
    return command[0] != '-' && strcmp(name_of(command), "postgres") != 0 &&
           session_read(session, azr_image(call)) &&
           session_next_document(session, name_of(command), &cursor) != NULL;
}

/* "[AUTO-CONFIG] pgbouncer: wrote /run/pgbouncer/pgbouncer.ini, ..." */
static void put_log(struct base_sink *sink, const struct session *session, const char *command)
{
    const struct image_document *document;
    BASE_PUT(sink, AZR_TAG " ", command, ": wrote");
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;)
        BASE_PUT(sink, cursor > 1 && sink->data[sink->length - 1] != 'e' ? ", " : " ",
                 session_document_path(session, document));
    base_put_char(sink, '\n');
}

/* Decides and writes; afterwards warnings, refusals or what was written are on standard error. */
static bool prepare(const struct azr_call *call, struct session *session, const char *command)
{
    const struct session_request request = {.environment = call->environment,
                                            .root = call->root != NULL ? call->root : "",
                                            .ask_machine = true,
                                            .elsewhere = strcmp(command, "postgres") != 0,
                                            .brief = true};
    const bool fine = session_decide(session, &request) && azr_write_documents(session, command);
    if (fine)
        put_log(azr_output(), session, command);
    azr_report(session);
    return fine;
}

int azr_start_with_documents(const struct azr_call *call, struct session *session)
{
    static const char *environment[VARIABLES_MAX];
    size_t count = 0;
    for (const char *const *at = call->environment; *at != NULL; at++) {
        if (session_is_from_secret(session, *at))
            continue;
        if (count + 1 == VARIABLES_MAX)
            return azr_usage("the environment has too many variables");
        environment[count++] = *at;
    }
    if (!prepare(call, session, name_of(call->command[0])))
        return SESSION_REFUSED;
    return cluster_become(call->command, environment, "");
}

/* --- write and render --- */

static int no_documents(const struct azr_call *call)
{
    char text[512];
    struct base_sink sink = BASE_SINK(text);
    BASE_PUT(&sink, "the image has no documents", call->whose != NULL ? " for " : "",
             call->whose != NULL ? call->whose : "");
    return azr_usage(text);
}

int azr_put_documents(struct azr_call *call, struct session *session)
{
    uint32_t cursor = 0;
    if (call->whose == NULL)
        return azr_usage("write for which command? azr write --for pgbouncer");
    if (!session_read(session, azr_image(call))) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    if (session_next_document(session, call->whose, &cursor) == NULL)
        return no_documents(call);
    return prepare(call, session, call->whose) ? 0 : SESSION_REFUSED;
}

static void put_line(struct base_sink *sink, const struct session *session,
                     const struct image_document *document)
{
    const char mode[] = {'0', (char)('0' + (document->mode >> 6 & 7)),
                         (char)('0' + (document->mode >> 3 & 7)),
                         (char)('0' + (document->mode & 7)), '\0'};
    BASE_PUT(sink, mode, "  ", image_string(&session->image, document->command), "  ",
             session_document_path(session, document), "\n");
}

static int list(const struct azr_call *call, const struct session *session)
{
    const struct image_document *document;
    struct base_sink *sink = azr_output();
    for (uint32_t cursor = 0;
         (document = session_next_document(session, call->whose, &cursor)) != NULL;)
        put_line(sink, session, document);
    return sink->length > 0 ? azr_write(STDOUT_FILENO, 0) : no_documents(call);
}

/* The one document of that path; null, and `several`, when more than one command has it. */
static const struct image_document *find(const struct azr_call *call, const struct session *session,
                                         const char *path, bool *several)
{
    const struct image_document *document, *found = NULL;
    *several = false;
    for (uint32_t cursor = 0;
         (document = session_next_document(session, call->whose, &cursor)) != NULL;) {
        if (strcmp(session_document_path(session, document), path) != 0)
            continue;
        *several = found != NULL;
        found = document;
    }
    return *several ? NULL : found;
}

static int show(const struct azr_call *call, struct session *session, const char *path)
{
    bool several;
    const struct image_document *document = find(call, session, path, &several);
    if (document == NULL)
        return azr_usage(several ? "several commands have that document; --for COMMAND says whose"
                                 : "there is no such document; azr render lists them");
    /* What is not shown need not be there. */
    if (call->reveal && !session_is_complete(session, document)) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    for (uint32_t i = 0; i < document->piece_count; i++)
        base_put(azr_output(), session_piece(session, document, i, call->reveal));
    return azr_write(STDOUT_FILENO, 0);
}

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Of two words the first is the image; a single one is when it is called like one. */
int azr_render(struct azr_call *call, struct session *session)
{
    const char *path = call->name_count > 0 ? call->names[call->name_count - 1] : NULL;
    if (call->name_count == 2 || (path != NULL && ends_in(path, ".azb")))
        call->image = call->names[0];
    if (call->name_count == 1 && call->image != NULL)
        path = NULL;
    const int code = azr_decide(call, session);
    if (code != 0)
        return code;
    return path != NULL ? show(call, session, path) : list(call, session);
}
