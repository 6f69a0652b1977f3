/* The table of opcodes, made from opcodes.def. */
#include "image/opcode.h"

const struct image_operation image_operations[IMAGE_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate)                                           \
    {{IMAGE_OPERAND_##a, IMAGE_OPERAND_##b, IMAGE_OPERAND_##c}, IMAGE_IMMEDIATE_##immediate},
#include "opcodes.def"
#undef X
};

/* A table of its own, so that the runner, which prints no mnemonics, does not contain it. */
const char *image_mnemonic(unsigned op)
{
    static const char *const mnemonics[IMAGE_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate) mnemonic,
#include "opcodes.def"
#undef X
    };
    return op < IMAGE_OPCODES ? mnemonics[op] : "?";
}
