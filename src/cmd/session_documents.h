/* The files that a session's image has for a command, and what they hold after a decision. */
#ifndef AZA_SESSION_DOCUMENTS_H
#define AZA_SESSION_DOCUMENTS_H

#include "cmd/session.h"

/* The next document of a command, or of any when that is null; `cursor` starts at 0. Null at the
 * end. */
const struct azb_document *azn_next_document(const struct azn_session *session, const char *command,
                                             uint32_t *cursor);
const char *azn_document_path(const struct azn_session *session,
                              const struct azb_document *document);
/* Whether all pieces have values; if not, the session's refusals say which secrets are missing, and
 * how they are given. */
bool azn_is_complete(struct azn_session *session, const struct azb_document *document);
/* The text of a piece that has a value; "(secret)" for one that is made from a secret and is not to
 * be revealed. */
const char *azn_piece(const struct azn_session *session, const struct azb_document *document,
                      uint32_t piece, bool reveal);
/* Whether NAME=VALUE of the environment is where a secret comes from, or tells where it lies. The
 * official entrypoint's own POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE count as none. */
bool azn_is_from_secret(const struct azn_session *session, const char *variable);

#endif
