/* One image, one machine, one decision: what every verb that needs settings does first.
 *
 * A session reads an image, checks it, asks the machine, listens to the operator, runs the rules
 * and judges the outcome. It lies wholly in one struct that the program keeps in static storage, so
 * nothing is allocated; both programs use it. Whatever goes wrong is a line in `refusals`. */
#ifndef AZA_SESSION_H
#define AZA_SESSION_H

#include "emit/emit.h"
#include "explain/explain.h"
#include "probe/probe.h"
#include "vm/vm.h"

/* Exit codes of azr, those of sysexits and of a shell. */
enum { AZN_USAGE = 64, AZN_REFUSED = 78, AZN_CANNOT_RUN = 126, AZN_NOT_FOUND = 127 };

enum {
    AZN_EXTRAS_MAX = 64,               /* settings of unknown extensions; real ones have a few */
    AZN_MESSAGE_BYTES_MAX = 16 * 1024, /* all warnings, or all refusals, of one run */
};

struct azn_session {
    struct azb_image image;
    struct azv_machine machine;
    struct azo_extra extras[AZN_EXTRAS_MAX];
    size_t extra_count;
    struct aza_sink warnings, refusals; /* one sentence a line */

    struct azv_input inputs[AZA_INPUTS_MAX];
    struct azv_override overrides[AZA_SETTINGS_MAX];
    struct azx_weaker weaker[AZA_SETTINGS_MAX]; /* at most one a setting: there are two layers */
    size_t weaker_count;
    struct azv_reading readings[AZA_SOURCES_MAX];
    struct azv_trace secrets; /* slots that are not to be shown */
    bool recorded;            /* readings hold what every source answered */
    bool ran; /* the rules ran, so that slots may be explained even when the outcome is bad */
    struct azv_slot slots[AZA_SLOTS_MAX];
    struct azf_machine probes;
    char warning_text[AZN_MESSAGE_BYTES_MAX], refusal_text[AZN_MESSAGE_BYTES_MAX];
    char text[AZA_TEXT_BYTES_MAX];
    char operator_text[AZA_TEXT_BYTES_MAX]; /* the operator's quoted values, unquoted */
    size_t operator_used;
    _Alignas(8) char bytes[AZA_IMAGE_BYTES_MAX];
};

struct azn_request {
    const char *const *environment; /* up to a null pointer; or null */
    const char *root;               /* where /sys and /proc are looked for; "" for this machine */
    const struct azv_word *words;   /* NAME=VALUE: facts, options and settings */
    size_t word_count;
    const char *const
        *arguments;   /* PostgreSQL's, without its name, up to a null pointer; or null */
    bool ask_machine; /* false: only words and defaults count, as in tests */
    bool elsewhere;   /* the server runs in another container, which heeds what the rules say of it */
    bool brief;       /* sources that decide nothing are not asked, nor shown */
};

/* Opens and verifies an image: from a file, or from memory. A session is opened once. */
bool azn_read(struct azn_session *session, const char *path);
bool azn_load(struct azn_session *session, const char *path, const void *bytes, size_t length);
/* Decides every setting. False when `refusals` says why that may not be used. May be called again
 * with another request. */
bool azn_decide(struct azn_session *session, const struct azn_request *request);

/* Whether a request's root can be one: "" or a directory. */
bool azn_is_root(const char *root);

/* The session's outcome for the renderers. */
struct azx_view azn_view(const struct azn_session *session);
/* NAME=VALUE as a word; false when the text holds no '=' or no name before it. */
bool azn_split(const char *text, struct azv_word *word);
/* Lines of `text`, each after "[AUTO-CONFIG] KIND: ". */
void azn_put_lines(struct aza_sink *sink, const char *kind, const struct aza_sink *text);

#endif
