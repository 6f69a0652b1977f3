/* Prints code before it becomes an image, for `azc check --dump ir`: all instructions, including
 * the unused and the folded ones that the image writer drops, and which of them are known to trap.
 */
#include "ir/ir.h"

static void dump_immediate(struct ir_code *code, const struct image_instruction *i,
                           struct base_sink *sink)
{
    switch (i->op) {
    case IMAGE_OP_CONST:
        base_put(sink, " ");
        vm_put_value(sink, &code->machine, i->kind, i->immediate);
        break;
    case IMAGE_OP_INPUT:
    case IMAGE_OP_GIVEN:
        BASE_PUT(sink, " ", code->strings.items + code->view.inputs[i->immediate].name);
        break;
    case IMAGE_OP_SETTING:
        BASE_PUT(sink, " ", code->strings.items + code->view.settings[i->immediate].name);
        break;
    default:
        break;
    }
}

void ir_dump(struct ir_code *code, struct base_sink *sink)
{
    for (uint32_t n = 0; n < code->count; n++) {
        const struct image_instruction *i = &code->instructions[n];
        const uint16_t slots[3] = {i->a, i->b, i->c};
        base_put(sink, "%");
        base_put_int(sink, n);
        BASE_PUT(sink, " = ", image_mnemonic(i->op), " ", image_kind_word(i->kind));
        dump_immediate(code, i, sink);
        for (int operand = 0; operand < 3; operand++)
            if (image_reads(i->op, operand)) {
                base_put(sink, " %");
                base_put_int(sink, slots[operand]);
            }
        if (code->facts[n].trapped)
            BASE_PUT(sink, "  # ", vm_trap_sentence(code->facts[n].trap));
        base_put_char(sink, '\n');
    }
}
