/* Listening to the operator: settings said on a command line or in POSTGRES_SETTINGS. */
#ifndef AZA_SESSION_OPERATOR_H
#define AZA_SESSION_OPERATOR_H

#include "cmd/session.h"

/* Each hears what it can; what it refuses goes to the session's refusals, one line each.
 * `version` is server_version_num, or 0 when not known. */

/* One setting. Within a layer the last word wins, and a stronger layer is never overwritten. */
void azs_hear(struct azs_session *session, int64_t version, enum azv_layer layer,
              struct aza_span name, struct aza_span value);
/* The arguments of a postgres command. */
void azs_hear_arguments(struct azs_session *session, int64_t version,
                        const char *const *arguments);
/* "name = value" separated by newlines or semicolons; # begins a comment. */
void azs_hear_variable(struct azs_session *session, int64_t version, const char *text);

/* "there is no setting `wrk_mem`; did you mean `work_mem`?", without a newline. */
void azs_put_unknown(struct aza_sink *sink, const struct azb_image *image, const char *noun,
                     struct aza_span name);

#endif
