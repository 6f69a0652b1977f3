/* Secrets: read from a variable, or from a file that another variable names.
 *
 * A secret is one line of UTF-8. Nothing in here, and nothing behind it, ever writes its value into
 * a message: what is wrong with one is said by the name of the variable and the path of the file.
 * One that nobody gives is void; whether that matters is decided by what is made from it. */
#ifndef AZA_VM_SECRET_H
#define AZA_VM_SECRET_H

#include "vm/vm.h"

/* What is shown in the place of a secret, and of all that is made from one. */
#define AZV_HIDDEN "(secret)"

/* `word` is what NAME=VALUE says, or null. Answers false when a secret is given that cannot be
 * used; the sentence goes to `refusal`. */
bool azv_resolve_secret(struct azv_machine *machine, const struct azb_input *input,
                        const struct azv_word *word, const struct azv_surroundings *around,
                        struct azv_input *out, struct aza_sink *refusal);
/* Whether a slot is made from a secret. */
bool azv_is_secret(const struct azv_machine *machine, uint32_t slot);

#endif
