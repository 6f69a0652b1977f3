/* Documents: files that the image contains for a command. azr start writes them before it executes
 * the command, azr write writes them without starting anything, azr render lists or prints them.
 *
 * Either all files of a command are written or none is changed: the steps that commonly fail (no
 * directory, no permission, no space) are done with temporary files first, each in the directory of
 * its final name. Only the renames follow. A rename can still fail, for example onto a directory;
 * then the files renamed before it are complete, and no temporary file is left.
 *
 * A file contains secrets only in clear text of the right quoting, so the command's environment
 * does not need them: azr start removes the variables that contained them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "azr/azr.h"
#include "azr/cluster/cluster.h"

enum { VARIABLES_MAX = 4096 }; /* containers have dozens */

/* --- writing --- */

static bool write_document_pieces(const struct session *session,
                                  const struct image_document *document, int fd)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const char *text = session_piece(session, document, i, true);
        if (!base_write_all(fd, text, strlen(text)))
            return false;
    }
    return true;
}

/* On failure errno has the reason, and there is no temporary file. */
static bool write_temporary_document(const struct session *session,
                                     const struct image_document *document)
{
    const char *path = session_document_path(session, document);
    const int fd = cluster_begin_file(path);
    return cluster_end_file(fd, path, (mode_t)document->mode,
                            fd >= 0 && write_document_pieces(session, document, fd));
}

/* Removes the temporary files of the documents from `from` up to, but not including, `until`. */
static void remove_temporary_documents(const struct session *session, const char *command,
                                       uint32_t from, const struct image_document *until)
{
    const struct image_document *document;
    while ((document = session_next_document(session, command, &from)) != until && document != NULL)
        cluster_drop_file(session_document_path(session, document));
}

static bool documents_are_complete(struct session *session, const char *command)
{
    const struct image_document *document;
    bool complete = true;
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;)
        complete &= session_is_complete(session, document);
    return complete;
}

/* Two passes over the same documents: all temporary files, then all renames. */
bool azr_write_documents(struct session *session, const char *command)
{
    const struct image_document *document;
    if (!documents_are_complete(session, command))
        return false;
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;) {
        if (write_temporary_document(session, document))
            continue;
        const int error = errno;
        remove_temporary_documents(session, command, 0, document);
        cluster_refuse_path(session, session_document_path(session, document), error);
        return false;
    }
    for (uint32_t cursor = 0;
         (document = session_next_document(session, command, &cursor)) != NULL;) {
        if (cluster_place_file(session_document_path(session, document)))
            continue;
        const int error = errno;
        remove_temporary_documents(session, command, cursor, NULL);
        cluster_refuse_path(session, session_document_path(session, document), error);
        return false;
    }
    return true;
}

/* --- start --- */

/* The last component of the command's path: the rules name commands without directories. */
static const char *command_base_name(const char *command)
{
    const char *slash = strrchr(command, '/');
    return slash != NULL ? slash + 1 : command;
}

bool azr_has_documents(const struct azr_call *call, struct session *session)
{
    const char *command = call->command[0];
    uint32_t cursor = 0;
    return command[0] != '-' && strcmp(command_base_name(command), "postgres") != 0 &&
           session_read(session, azr_image(call)) &&
           session_next_document(session, command_base_name(command), &cursor) != NULL;
}

/* "[AUTO-CONFIG] pgbouncer: wrote /run/pgbouncer/pgbouncer.ini, ..." */
static void put_written_documents(struct base_sink *sink, const struct session *session,
                                  const char *command)
{
    const struct image_document *document;
    BASE_PUT(sink, AZR_TAG " ", command, ": wrote");
    const char *separator = " ";
    for (uint32_t cursor = 0; (document = session_next_document(session, command, &cursor)) != NULL;
         separator = ", ")
        BASE_PUT(sink, separator, session_document_path(session, document));
    base_put_char(sink, '\n');
}

/* Decides and writes, and logs the files, the warnings and the refusals. */
static bool decide_and_write_documents(const struct azr_call *call, struct session *session,
                                       const char *command)
{
    const struct session_request request = {.environment = call->environment,
                                            .root = call->root != NULL ? call->root : "",
                                            .ask_machine = true,
                                            .without_server = strcmp(command, "postgres") != 0,
                                            .stop_at_first_answer = true};
    const bool fine = session_decide(session, &request) && azr_write_documents(session, command);
    if (fine)
        put_written_documents(azr_output(), session, command);
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
    if (!decide_and_write_documents(call, session, command_base_name(call->command[0])))
        return SESSION_REFUSED;
    return cluster_exec_program(call->command, environment, "");
}

/* --- write and render --- */

static int report_no_documents(const struct azr_call *call)
{
    char text[512];
    struct base_sink sink = BASE_SINK(text);
    BASE_PUT(&sink, "the image contains no files", call->whose != NULL ? " for " : "",
             call->whose != NULL ? call->whose : "");
    return azr_usage(text);
}

int azr_run_write(struct azr_call *call, struct session *session)
{
    uint32_t cursor = 0;
    if (call->whose == NULL)
        return azr_usage("write requires a command: azr write --for pgbouncer");
    if (!session_read(session, azr_image(call))) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    if (session_next_document(session, call->whose, &cursor) == NULL)
        return report_no_documents(call);
    return decide_and_write_documents(call, session, call->whose) ? 0 : SESSION_REFUSED;
}

static void put_document_line(struct base_sink *sink, const struct session *session,
                              const struct image_document *document)
{
    const char mode[] = {'0', (char)('0' + (document->mode >> 6 & 7)),
                         (char)('0' + (document->mode >> 3 & 7)),
                         (char)('0' + (document->mode & 7)), '\0'};
    BASE_PUT(sink, mode, "  ", image_string(&session->image, document->command), "  ",
             session_document_path(session, document), "\n");
}

static int list_documents(const struct azr_call *call, const struct session *session)
{
    const struct image_document *document;
    struct base_sink *sink = azr_output();
    for (uint32_t cursor = 0;
         (document = session_next_document(session, call->whose, &cursor)) != NULL;)
        put_document_line(sink, session, document);
    return sink->length != 0 ? azr_write(STDOUT_FILENO, 0) : report_no_documents(call);
}

/* The document of that path; null with `several` set if more than one command has it. */
static const struct image_document *find_document_by_path(const struct azr_call *call,
                                                          const struct session *session,
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

static int print_document(const struct azr_call *call, struct session *session, const char *path)
{
    bool several;
    const struct image_document *document = find_document_by_path(call, session, path, &several);
    if (document == NULL)
        return azr_usage(
            several ? "several commands have a file of that path; select one with --for COMMAND"
                    : "no such file; azr render lists them");
    /* Secrets that are masked need not be set. */
    if (call->reveal && !session_is_complete(session, document)) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    for (uint32_t i = 0; i < document->piece_count; i++)
        base_put(azr_output(), session_piece(session, document, i, call->reveal));
    return azr_write(STDOUT_FILENO, 0);
}

static bool has_suffix(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Of two words, the first is the image; a single word is the image if it ends in .azb. */
int azr_run_render(struct azr_call *call, struct session *session)
{
    const char *path = call->name_count > 0 ? call->names[call->name_count - 1] : NULL;
    if (call->name_count == 2 || (path != NULL && has_suffix(path, ".azb")))
        call->image = call->names[0];
    if (call->name_count == 1 && call->image != NULL)
        path = NULL;
    const int code = azr_decide(call, session);
    if (code != 0)
        return code;
    return path != NULL ? print_document(call, session, path) : list_documents(call, session);
}
