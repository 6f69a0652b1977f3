/* Private to src/session: resolving inputs from their sources, and reading the operator's settings.
 *
 * The files report in two forms: resolve.c and secret.c return false with a line in a sink, since
 * the caller decides what else to read; operator.c only writes to the session's refusals. */
#ifndef AZA_SESSION_PARTS_H
#define AZA_SESSION_PARTS_H

#include "session/session.h"

/* --- resolve.c: facts and options --- */

/* What inputs are resolved from. */
struct session_surroundings {
    const char *const *environment; /* "NAME=VALUE" strings up to a null pointer */
    const struct vm_word *words;
    size_t word_count;
    bool ask_machine;             /* false in tests: only words and defaults count */
    struct probe_machine *probes; /* unused when ask_machine is false */
    struct vm_reading *readings;  /* one per source, filled; or null */
};
/* Fills `inputs`, the array of machine->inputs. For each input, in order: `words` (NAME=VALUE of
 * the command line or of a test), then its sources, then its default. Writes warnings to `warnings`
 * and refusals to `refusal`, one line each; returns false if there is a refusal. */
bool session_resolve(struct vm_machine *machine, struct vm_input *inputs,
                     const struct session_surroundings *surroundings, struct base_sink *warnings,
                     struct base_sink *refusal);

/* --- secret.c: secrets, read from a variable, or from a file that another variable names --- */

/* `word` is the NAME=VALUE of the secret, or null. Returns false if the secret cannot be used, with
 * the sentence in `refusal`. */
bool session_resolve_secret(struct vm_machine *machine, const struct image_input *input,
                            const struct vm_word *word, const struct session_surroundings *around,
                            struct vm_input *out, struct base_sink *refusal);

/* --- operator.c: settings on a command line or in POSTGRES_SETTINGS --- */

/* Each reads as much as it can; every problem is a line in the session's refusals. `version` is
 * server_version_num, or 0 if unknown. */

/* One setting. Within a layer the last value wins; a stronger layer is never overwritten. */
void session_override(struct session *session, int64_t version, enum vm_layer layer,
                      struct base_span name, struct base_span value);
/* The arguments of a postgres command. */
void session_read_arguments(struct session *session, int64_t version, const char *const *arguments);
/* "name = value" separated by newlines or semicolons; # begins a comment. */
void session_read_variable(struct session *session, int64_t version, const char *text);

#endif
