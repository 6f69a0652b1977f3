/* Listening to the operator: settings said on a command line or in POSTGRES_SETTINGS. */
#ifndef AZA_SESSION_OPERATOR_H
#define AZA_SESSION_OPERATOR_H

#include "cmd/session.h"

/* Each hears what it can; what it refuses goes to the session's refusals, one line each.
 * `version` is server_version_num, or 0 when not known. */

/* One setting. Within a layer the last word wins, and a stronger layer is never overwritten. */
void azn_hear(struct azn_session *session, int64_t version, enum azv_layer layer,
              struct aza_span name, struct aza_span value);
/* The arguments of a postgres command. */
void azn_hear_arguments(struct azn_session *session, int64_t version, const char *const *arguments);
/* "name = value" separated by newlines or semicolons; # begins a comment. */
void azn_hear_variable(struct azn_session *session, int64_t version, const char *text);

/* "; did you mean `work_mem`?" where a setting or input has nearly that name. */
void azn_put_near(struct aza_sink *sink, const struct azb_image *image, struct aza_span name);

#endif
