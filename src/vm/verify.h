/* What the two halves of the verifier share; private to src/vm. verify_code.c looks at one
 * instruction, verify.c at everything else, and calls the other in the order of trust. */
#ifndef AZA_VM_VERIFY_H
#define AZA_VM_VERIFY_H

#include "vm/vm.h"

struct azv_verifier {
    const struct azb_image *image;
    struct azb_refusal *refusal;
    uint8_t voidable[AZA_SLOTS_MAX / 8]; /* one bit per slot: it may be void */
    struct azv_trace secrets;            /* slots made from secrets */
};

/* Answers `holds`; when that is false, says which field is wrong, and why in one word. */
bool azv_require(const struct azv_verifier *v, bool holds, const char *reason, const void *field);
/* Whether a value lies in the domain of its kind. */
bool azv_is_constant(const struct azv_verifier *v, unsigned kind, const int64_t *value);
/* Of a slot whose instruction was verified. */
bool azv_may_be_void(const struct azv_verifier *v, uint32_t slot);
/* Instruction n, after all those before it. */
bool azv_verify_instruction(struct azv_verifier *v, uint32_t n);

#endif
