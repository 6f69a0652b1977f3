/* The two parts of the verifier; private to src/vm. verify_code.c verifies one instruction,
 * verify.c everything else, and calls the other part when what it relies on has been verified. */
#ifndef AZA_VM_VERIFY_H
#define AZA_VM_VERIFY_H

#include "vm/vm.h"

struct vm_verifier {
    const struct image *image;
    struct image_refusal *refusal;
    uint8_t voidable[LIMIT_SLOTS / 8]; /* one bit per slot: it may be void */
    struct vm_trace secrets;           /* slots made from secrets */
};

/* Returns `holds`; if that is false, records the field and the reason, which is one word. */
bool vm_require(const struct vm_verifier *v, bool holds, const char *reason, const void *field);
/* Whether a value lies in the domain of its kind. */
bool vm_is_constant(const struct vm_verifier *v, unsigned kind, const int64_t *value);
/* Of a slot whose instruction was verified. */
bool vm_may_be_void(const struct vm_verifier *v, uint32_t slot);
/* Instruction n, after all those before it. */
bool vm_verify_instruction(struct vm_verifier *v, uint32_t n);

#endif
