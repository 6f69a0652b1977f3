/* One image, one machine, one decision: the first step of every verb that needs settings.
 *
 * A session reads and verifies an image, probes the machine, reads the operator's settings, runs
 * the rules and judges the result. All its memory is in one struct that the program keeps in static
 * storage, so nothing is allocated; both programs use it. Every failure is a line in `refusals`.
 *
 *     session_read(&session, "aza.azb")       the image, verified
 *     session_decide(&session, &request)      the decision; may be repeated
 *     session_view(&session)                  what settings_put and explain_name print
 *
 * Texts of the decision point into the session, the environment and the request's words, which must
 * outlive it. A struct session is larger than 1 MB and must begin zeroed. */
#ifndef AZA_SESSION_SESSION_H
#define AZA_SESSION_SESSION_H

#include "settings/settings.h"
#include "explain/explain.h"
#include "probe/probe.h"
#include "vm/vm.h"

/* Exit codes of azr, those of sysexits and of a shell. */
enum {
    SESSION_USAGE = 64,
    SESSION_BUSY = 75,
    SESSION_REFUSED = 78,
    SESSION_CANNOT_RUN = 126,
    SESSION_NOT_FOUND = 127
};

enum {
    SESSION_CUSTOM_MAX = 64, /* settings of unknown extensions; real servers have a few */
    SESSION_MESSAGE_BYTES_MAX = 16 * 1024, /* all warnings, or all refusals, of one run */
};

struct session {
    struct image image;
    struct vm_machine machine;
    struct settings_custom custom[SESSION_CUSTOM_MAX];
    size_t custom_count;
    /* Of the last session_read, session_load or session_decide; the texts are below. */
    struct base_sink warnings, refusals; /* one sentence a line */

    struct vm_input inputs[LIMIT_INPUTS];
    struct vm_override overrides[LIMIT_SETTINGS];
    struct explain_weaker weaker[LIMIT_SETTINGS]; /* at most one a setting: there are two layers */
    size_t weaker_count;
    struct vm_reading readings[LIMIT_SOURCES];
    struct vm_trace secrets; /* slots that must not be shown */
    bool recorded;           /* readings contain the answer of every source that was asked */
    bool ran; /* the rules ran, so slots can be explained even if the result was refused */
    struct vm_slot slots[LIMIT_SLOTS];
    struct probe_machine probes;
    char warning_text[SESSION_MESSAGE_BYTES_MAX], refusal_text[SESSION_MESSAGE_BYTES_MAX];
    char text[LIMIT_TEXT_BYTES];          /* of the machine: texts of inputs and computed ones */
    char operator_text[LIMIT_TEXT_BYTES]; /* names and unquoted values of the operator's settings */
    size_t operator_used;
    _Alignas(8) char bytes[LIMIT_IMAGE_BYTES];
};

struct session_request {
    const char *const *environment; /* up to a null pointer; or null */
    const char *root;               /* /sys and /proc are read below it; "" for this machine */
    const struct vm_word *words;    /* NAME=VALUE: facts, options and settings */
    size_t word_count;
    const char *const
        *arguments;            /* PostgreSQL's, without its name, up to a null pointer; or null */
    bool ask_machine;          /* false: only words and defaults count, as in tests */
    bool without_server;       /* the server runs in another container: its checks are skipped */
    bool stop_at_first_answer; /* ask no further source once an input is decided; records nothing */
};

/* Opens and verifies an image: from a file, or from a copy of `bytes`, with `path` for messages.
 * False if it is not a valid image, with the reason in `refusals`. A session is opened once. */
bool session_read(struct session *session, const char *path);
bool session_load(struct session *session, const char *path, const void *bytes, size_t length);
/* Decides every setting. False if the result is refused, with the reasons in `refusals`; then
 * session->ran is true if only the rules' own checks refused it. May be called again with another
 * request. */
bool session_decide(struct session *session, const struct session_request *request);

/* Whether a text can be a request's root: "" or a directory. */
bool session_is_root(const char *root);

/* The session's result, for explain and the formats of settings. */
struct explain_view session_view(const struct session *session);
/* Lines of `text`, each after "[AUTO-CONFIG] KIND: ". */
void session_put_lines(struct base_sink *sink, const char *kind, const struct base_sink *text);

/* --- operator.c --- */

/* "; did you mean `work_mem`?" if a setting or input has a similar name. */
void session_put_near(struct base_sink *sink, const struct image *image, struct base_span name);

/* --- documents.c: the files that an image contains for a command --- */

/* The next document of a command, or of any command if that is null; `cursor` starts at 0. Null at
 * the end. */
const struct image_document *session_next_document(const struct session *session,
                                                   const char *command, uint32_t *cursor);
/* The absolute path that the document is written to. */
const char *session_document_path(const struct session *session,
                                  const struct image_document *document);
/* Whether all pieces have values; if not, the session's refusals name the missing secrets and the
 * variables to set, or the error of the computation. */
bool session_is_complete(struct session *session, const struct image_document *document);
/* The text of a piece that has a value; "(secret)" for one that is computed from a secret, unless
 * `reveal`. */
const char *session_piece(const struct session *session, const struct image_document *document,
                          uint32_t piece, bool reveal);
/* Whether `variable`, NAME=VALUE of the environment, has this name. */
bool session_is_assignment(const char *variable, const char *name);
/* Whether NAME=VALUE of the environment contains a secret, or the path of a secret's file. */
bool session_is_from_secret(const struct session *session, const char *variable);

#endif
