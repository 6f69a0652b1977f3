/* The code as text, for golden files and for people who wonder. */
#include "ir/ir.h"

static void put_immediate(struct azi_code *code, const struct azb_instruction *i,
                          struct aza_sink *sink)
{
    switch (i->op) {
    case AZB_OP_CONST:
        aza_put(sink, " ");
        azv_put_value(sink, &code->machine, i->kind, i->immediate);
        break;
    case AZB_OP_INPUT:
    case AZB_OP_GIVEN:
        AZA_PUT(sink, " ", code->strings.items + code->view.inputs[i->immediate].name);
        break;
    case AZB_OP_SETTING:
        AZA_PUT(sink, " ", code->strings.items + code->view.settings[i->immediate].name);
        break;
    default:
        break;
    }
}

void azi_dump(struct azi_code *code, struct aza_sink *sink)
{
    for (uint32_t n = 0; n < code->count; n++) {
        const struct azb_instruction *i = &code->instructions[n];
        const uint16_t slots[3] = {i->a, i->b, i->c};
        aza_put(sink, "%");
        aza_put_int(sink, n);
        AZA_PUT(sink, " = ", azb_mnemonic(i->op), " ", azb_kind_word(i->kind));
        put_immediate(code, i, sink);
        for (int operand = 0; operand < 3; operand++)
            if (azi_reads(i->op, operand)) {
                aza_put(sink, " %");
                aza_put_int(sink, slots[operand]);
            }
        if (code->facts[n].trapped)
            AZA_PUT(sink, "  # ", azv_trap_sentence(code->facts[n].trap));
        aza_put_char(sink, '\n');
    }
}
