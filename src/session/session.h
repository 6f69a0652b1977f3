/* One image, one machine, one decision: what every verb that needs settings does first.
 *
 * A session reads an image, checks it, asks the machine, listens to the operator, runs the rules
 * and judges the outcome. It lies wholly in one struct that the program keeps in static storage, so
 * nothing is allocated; both programs use it. Whatever goes wrong is a line in `refusals`. */
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
    SESSION_EXTRAS_MAX = 64, /* settings of unknown extensions; real ones have a few */
    SESSION_MESSAGE_BYTES_MAX = 16 * 1024, /* all warnings, or all refusals, of one run */
};

struct session {
    struct image image;
    struct vm_machine machine;
    struct settings_extra extras[SESSION_EXTRAS_MAX];
    size_t extra_count;
    struct base_sink warnings, refusals; /* one sentence a line */

    struct vm_input inputs[LIMIT_INPUTS];
    struct vm_override overrides[LIMIT_SETTINGS];
    struct explain_weaker weaker[LIMIT_SETTINGS]; /* at most one a setting: there are two layers */
    size_t weaker_count;
    struct vm_reading readings[LIMIT_SOURCES];
    struct vm_trace secrets; /* slots that are not to be shown */
    bool recorded;           /* readings hold what every source answered */
    bool ran; /* the rules ran, so that slots may be explained even when the outcome is bad */
    struct vm_slot slots[LIMIT_SLOTS];
    struct probe_machine probes;
    char warning_text[SESSION_MESSAGE_BYTES_MAX], refusal_text[SESSION_MESSAGE_BYTES_MAX];
    char text[LIMIT_TEXT_BYTES];
    char operator_text[LIMIT_TEXT_BYTES]; /* the operator's quoted values, unquoted */
    size_t operator_used;
    _Alignas(8) char bytes[LIMIT_IMAGE_BYTES];
};

struct session_request {
    const char *const *environment; /* up to a null pointer; or null */
    const char *root;               /* where /sys and /proc are looked for; "" for this machine */
    const struct vm_word *words;    /* NAME=VALUE: facts, options and settings */
    size_t word_count;
    const char *const
        *arguments;   /* PostgreSQL's, without its name, up to a null pointer; or null */
    bool ask_machine; /* false: only words and defaults count, as in tests */
    bool elsewhere; /* the server runs in another container, which heeds what the rules say of it */
    bool brief;     /* sources that decide nothing are not asked, nor shown */
};

/* Opens and verifies an image: from a file, or from memory. A session is opened once. */
bool session_read(struct session *session, const char *path);
bool session_load(struct session *session, const char *path, const void *bytes, size_t length);
/* Decides every setting. False when `refusals` says why that may not be used. May be called again
 * with another request. */
bool session_decide(struct session *session, const struct session_request *request);

/* Whether a request's root can be one: "" or a directory. */
bool session_is_root(const char *root);

/* The session's outcome for the renderers. */
struct explain_view session_view(const struct session *session);
/* Lines of `text`, each after "[AUTO-CONFIG] KIND: ". */
void session_put_lines(struct base_sink *sink, const char *kind, const struct base_sink *text);

/* --- operator.c --- */

/* "; did you mean `work_mem`?" where a setting or input has nearly that name. */
void session_put_near(struct base_sink *sink, const struct image *image, struct base_span name);

/* --- documents.c: the files that an image has for a command --- */

/* The next document of a command, or of any when that is null; `cursor` starts at 0. Null at the
 * end. */
const struct image_document *session_next_document(const struct session *session,
                                                   const char *command, uint32_t *cursor);
const char *session_document_path(const struct session *session,
                                  const struct image_document *document);
/* Whether all pieces have values; if not, the session's refusals say which secrets are missing, and
 * how they are given. */
bool session_is_complete(struct session *session, const struct image_document *document);
/* The text of a piece that has a value; "(secret)" for one that is made from a secret and is not to
 * be revealed. */
const char *session_piece(const struct session *session, const struct image_document *document,
                          uint32_t piece, bool reveal);
/* Whether NAME=VALUE of the environment is where a secret comes from, or tells where it lies. */
bool session_is_from_secret(const struct session *session, const char *variable);

#endif
