/* What the verbs of azr share.
 *
 * The runner allocates nothing: what is large lies in static storage, which costs memory only where
 * it is touched. Output is collected in one buffer and written once. */
#ifndef AZA_AZR_AZR_H
#define AZA_AZR_AZR_H

#include "session/session.h"

#define AZR_TAG "[AUTO-CONFIG]"

/* The command line, taken apart. */
struct azr_call {
    const char *const *environment;
    enum settings_format format;
    const char *root, *entrypoint, *image; /* null when not said */
    const char *subject;                   /* of explain; null when not said */
    struct vm_word words[LIMIT_ARGUMENTS];
    size_t word_count;
    const char *names[LIMIT_ARGUMENTS]; /* words that are neither, for verbs that take them */
    size_t name_count;
    const char *whose, *mode; /* --for, --mode; null when not said */
    bool reveal;              /* --secrets */
    const char **command; /* the words after --, up to a null pointer; command[-1] is free to use */
};

typedef int azr_verb(struct azr_call *call, struct session *session);
#define X(word, help, ...) azr_verb azr_run_##word;
#include "azr/verbs.def"
#undef X

/* --- azr.c --- */

/* The buffer for what goes to standard output or to the log. */
struct base_sink *azr_output(void);
/* Writes the buffer; answers `code`, or SESSION_CANNOT_RUN when that is not possible. */
int azr_write(int fd, int code);
/* "azr: SENTENCE" on standard error; answers SESSION_USAGE. */
int azr_usage(const char *sentence);
/* The image that was named, or the one of AZA_IMAGE, or /etc/aza/aza.azb. */
const char *azr_image(const struct azr_call *call);

/* Opens the image and decides as the call says; afterwards warnings and refusals are on standard
 * error. Answers 0 or SESSION_REFUSED. */
int azr_decide(const struct azr_call *call, struct session *session);
/* Warnings and refusals of the session, for people, on standard error. */
void azr_report(const struct session *session);

/* --- log.c --- */

/* The line that says what was found and what was made of it. */
void azr_put_log(struct base_sink *sink, const struct session *session);

/* --- documents.c --- */

/* Writes every document of a command; afterwards they are all there, each of them whole. False, and
 * no file is changed, when one cannot be made; the session's refusals say why. */
bool azr_write_documents(struct session *session, const char *command);
/* Whether the image, if it can be read, has documents for a command that is no server. */
bool azr_has_documents(const struct azr_call *call, struct session *session);
/* Writes them and becomes the command, without the variables of secrets; answers when it cannot. */
int azr_start_with_documents(const struct azr_call *call, struct session *session);

#endif
