/* azr, the runner: one function per verb, and what the verbs share.
 *
 * The runner allocates nothing. Large objects are in static storage, whose pages cost memory only
 * once they are touched. Output is collected in one buffer and written at the end, so that a verb
 * that fails halfway prints no half result. A verb returns the exit status of the process;
 * azr_run_start returns only if the command could not be started. */
#ifndef AZA_AZR_AZR_H
#define AZA_AZR_AZR_H

#include "session/session.h"

#define AZR_TAG "[AUTO-CONFIG]"

/* The parsed command line. Texts are null if they were not given. */
struct azr_call {
    const char *const *environment;
    enum settings_format format;
    const char *root, *entrypoint, *image; /* --root, --entrypoint, the image */
    const char *subject;                   /* of explain */
    struct vm_word words[LIMIT_ARGUMENTS];
    size_t word_count;
    const char *names[LIMIT_ARGUMENTS]; /* other words, of the verbs that accept them */
    size_t name_count;
    const char *whose, *mode; /* --for, --mode */
    bool reveal;              /* --secrets */
    const char **command; /* the words after --, null-terminated; command[-1] may be overwritten */
};

/* Runs a verb with its words parsed; `session` is zeroed. Returns the exit status: 0 or one of the
 * SESSION_ codes. */
typedef int azr_verb(struct azr_call *call, struct session *session);
#define X(word, help, ...) azr_verb azr_run_##word;
#include "azr/verbs.def"
#undef X

/* --- azr.c --- */

/* The buffer for what goes to standard output or to the log. */
struct base_sink *azr_output(void);
/* Writes the buffer; returns `code`, or SESSION_CANNOT_RUN if writing fails. */
int azr_write(int fd, int code);
/* Prints "azr: SENTENCE" on standard error; returns SESSION_USAGE. */
int azr_usage(const char *sentence);
/* The image of the command line, else $AZA_IMAGE, else /etc/aza/aza.azb. */
const char *azr_image(const struct azr_call *call);

/* Opens the image, decides as the call requests and prints warnings and refusals on standard error.
 * Returns 0 or SESSION_REFUSED. */
int azr_decide(const struct azr_call *call, struct session *session);
/* Prints the warnings and refusals of the session on standard error. */
void azr_report(const struct session *session);

/* --- log.c --- */

/* The log line: the facts that were found and the settings computed from them. */
void azr_put_log(struct base_sink *sink, const struct session *session);

/* --- documents.c --- */

/* Writes every document of a command: on success all of them exist, each complete. Returns false if
 * one cannot be written; then no file was changed and the session's refusals contain the reason. */
bool azr_write_documents(struct session *session, const char *command);
/* Whether the image is readable and contains documents for a command other than the server. Prints
 * nothing: without documents, the command runs as if azr were not there. */
bool azr_has_documents(const struct azr_call *call, struct session *session);
/* Writes them and executes the command without the variables of secrets; returns only on failure.
 */
int azr_start_with_documents(const struct azr_call *call, struct session *session);

#endif
