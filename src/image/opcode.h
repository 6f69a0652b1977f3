/* The operands of each instruction, from grammar/opcodes.def.
 *
 * The interpreter, the verifier, the prover and the traces each have a function or a rule of their
 * own for an opcode; which fields are operands, and which of those must be values, is defined only
 * here. */
#ifndef AZA_IMAGE_OPCODE_H
#define AZA_IMAGE_OPCODE_H

#include <stdbool.h>
#include <stdint.h>

enum image_opcode {
#define X(name, mnemonic, signature, a, b, c, immediate) IMAGE_OP_##name,
#include "opcodes.def"
#undef X
    IMAGE_OPCODES
};

enum image_operand {
    IMAGE_OPERAND_NONE, /* the field is zero */
    IMAGE_OPERAND_SLOT, /* a lower slot, which holds a value */
    IMAGE_OPERAND_OPT,  /* a lower slot, which may also be void */
};

enum image_immediate {
    IMAGE_IMMEDIATE_NONE,    /* the field is zero */
    IMAGE_IMMEDIATE_VALUE,   /* a constant of the instruction's kind */
    IMAGE_IMMEDIATE_INPUT,   /* an index in INPUTS */
    IMAGE_IMMEDIATE_SETTING, /* an index in SETTINGS */
    IMAGE_IMMEDIATE_QUOTE,   /* a language of quotes.def */
};

struct image_operation {
    uint8_t operands[3]; /* enum image_operand: of a, b, c */
    uint8_t immediate;   /* enum image_immediate */
};
extern const struct image_operation image_operations[IMAGE_OPCODES];

/* Whether the opcode has that operand: 0 is a, 1 is b, 2 is c. */
static inline bool image_reads(unsigned op, int operand)
{
    return image_operations[op].operands[operand] != IMAGE_OPERAND_NONE;
}

/* Whether there is no result unless that operand has a value. `and` and `or` need b only where a
 * leaves the question open. */
static inline bool image_needs(unsigned op, int operand)
{
    const bool lazy = operand == 1 && (op == IMAGE_OP_AND || op == IMAGE_OP_OR);
    return image_operations[op].operands[operand] == IMAGE_OPERAND_SLOT && !lazy;
}

/* The mnemonic, or "?" for a number that is no opcode. */
const char *image_mnemonic(unsigned op);

#endif
