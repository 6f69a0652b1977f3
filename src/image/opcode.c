/* The table of opcodes, made from opcodes.def. */
#include "image/opcode.h"

const struct image_operation image_operations[IMAGE_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate)                                           \
    {mnemonic,                                                                                     \
     {IMAGE_OPERAND_##a, IMAGE_OPERAND_##b, IMAGE_OPERAND_##c},                                    \
     IMAGE_IMMEDIATE_##immediate},
#include "opcodes.def"
#undef X
};

const char *image_mnemonic(unsigned op)
{
    return op < IMAGE_OPCODES ? image_operations[op].mnemonic : "?";
}
