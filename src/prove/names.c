/* Names as bits: members of enums, names in lists, texts that are compared. The table holds what
 * the claim's instructions and inputs can tell apart; every other name is AZQ_OTHER. */
#include <string.h>
#include "prove/parts.h"

static uint64_t find(const struct azq_prover *prover, struct aza_span name)
{
    for (uint32_t i = 0; i < prover->name_count; i++)
        if (aza_span_is(name, prover->names[i]))
            return UINT64_C(1) << i;
    return 0;
}

uint64_t azq_name_bit(const struct azq_prover *prover, struct aza_span name)
{
    const uint64_t bit = find(prover, name);
    return bit == 0 ? AZQ_OTHER : bit;
}

static void add_name(struct azq_prover *prover, struct aza_span name)
{
    if (find(prover, name) != 0)
        return;
    if (prover->name_count == AZQ_NAMES_MAX) {
        prover->names_full = true;
        return;
    }
    prover->names[prover->name_count++] = aza_copy_text(prover->arena, name.start, name.length);
}

static void add_list(struct azq_prover *prover, const char *list)
{
    struct aza_span rest = aza_span_of(list), name;
    while (aza_list_next(&rest, &name))
        add_name(prover, name);
}

/* Texts that are only put together into messages need no bit. */
static void add_operands(struct azq_prover *prover, const struct azb_instruction *i)
{
    const struct azb_image *image = prover->image;
    const uint16_t operands[3] = {i->a, i->b, i->c};
    if (i->op == AZB_OP_CONCAT || i->op == AZB_OP_TEXT || i->op == AZB_OP_QUOTE)
        return;
    for (int k = 0; k < 3; k++) {
        const struct azb_instruction *from = &image->code[operands[k]];
        if (!azi_reads(i->op, k) || from->op != AZB_OP_CONST)
            continue;
        const char *text =
            from->kind == AZB_TEXT || from->kind == AZB_ENUM || from->kind == AZB_LIST
                ? azb_string(image, (uint32_t)from->immediate)
                : "";
        if (from->kind == AZB_LIST)
            add_list(prover, text);
        else if (from->kind == AZB_ENUM || (from->kind == AZB_TEXT && *text != '\0'))
            add_name(prover, aza_span_of(text));
    }
}

void azq_gather_names(struct azq_prover *prover)
{
    const struct azb_image *image = prover->image;
    prover->name_count = 0;
    prover->names_full = false;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const struct azb_input *input = &image->inputs[i];
        if (!prover->matters[i] || input->kind != AZB_ENUM)
            continue;
        for (uint32_t m = 0; m < input->member_count; m++)
            add_name(prover, aza_span_of(azb_string(image, image->words[input->members + m])));
    }
    for (uint32_t n = 0; n < prover->order_count; n++)
        add_operands(prover, &image->code[prover->order[n]]);
}

uint64_t azq_text_set(const struct azq_prover *prover, const char *text)
{
    return azq_name_bit(prover, aza_span_of(text));
}

/* A list that is not written as the rules write theirs, such as "a,,a", equals no other list of the
 * same names. */
uint64_t azq_list_set(struct azq_prover *prover, const char *list)
{
    uint64_t set = 0;
    bool plain = true;
    struct aza_span rest = aza_span_of(list), name;
    size_t length = 0;
    azq_work(prover, strlen(list));
    while (aza_list_next(&rest, &name)) {
        const uint64_t bit = azq_name_bit(prover, name);
        plain &= (set & bit) == 0;
        set |= bit;
        length += name.length + (length > 0);
    }
    return plain && length == strlen(list) ? set : set | AZQ_OTHER;
}
