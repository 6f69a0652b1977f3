/* Names as bits of a set: members of enums, names in lists, texts that are compared.
 *
 * The table has the names that the claim's instructions and inputs can distinguish, one bit each;
 * every other name is PROVE_OTHER, which may be any of many and so is never known to equal itself.
 * With more than PROVE_NAMES_MAX names the rest are PROVE_OTHER, too, which is imprecise but sound.
 */
#include <string.h>
#include "prove/parts.h"

static uint64_t find_name(const struct prover *prover, struct base_span name)
{
    for (uint32_t i = 0; i < prover->name_count; i++)
        if (base_span_is(name, prover->names[i]))
            return UINT64_C(1) << i;
    return 0;
}

/* The bit of a name, or PROVE_OTHER when the table does not have it. */
static uint64_t name_bit(const struct prover *prover, struct base_span name)
{
    const uint64_t bit = find_name(prover, name);
    return bit == 0 ? PROVE_OTHER : bit;
}

static void add_name(struct prover *prover, struct base_span name)
{
    if (find_name(prover, name) != 0)
        return;
    if (prover->name_count == PROVE_NAMES_MAX) {
        prover->names_full = true;
        return;
    }
    prover->names[prover->name_count++] = base_copy_text(prover->arena, name.start, name.length);
}

static void add_names_of_list(struct prover *prover, const char *list)
{
    struct base_span rest = base_span_of(list), name;
    while (base_list_next(&rest, &name))
        add_name(prover, name);
}

/* Texts that are only concatenated into messages are not distinguished, and need no bit. */
static void add_names_of_operands(struct prover *prover, const struct image_instruction *i)
{
    const struct image *image = prover->image;
    const uint16_t operands[3] = {i->a, i->b, i->c};
    if (i->op == IMAGE_OP_CONCAT || i->op == IMAGE_OP_TEXT || i->op == IMAGE_OP_QUOTE)
        return;
    for (int k = 0; k < 3; k++) {
        const struct image_instruction *from = &image->code[operands[k]];
        if (!image_reads(i->op, k) || from->op != IMAGE_OP_CONST)
            continue;
        const char *text =
            image_is_text(from->kind) ? image_string(image, (uint32_t)from->immediate) : "";
        if (from->kind == IMAGE_LIST)
            add_names_of_list(prover, text);
        else if (from->kind == IMAGE_ENUM || (from->kind == IMAGE_TEXT && *text != '\0'))
            add_name(prover, base_span_of(text));
    }
}

void prove_gather_names(struct prover *prover)
{
    const struct image *image = prover->image;
    prover->name_count = 0;
    prover->names_full = false;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const struct image_input *input = &image->inputs[i];
        if (!prover->matters[i] || input->kind != IMAGE_ENUM)
            continue;
        for (uint32_t m = 0; m < input->member_count; m++)
            add_name(prover, base_span_of(image_string(image, image->words[input->members + m])));
    }
    for (uint32_t n = 0; n < prover->order_count; n++)
        add_names_of_operands(prover, &image->code[prover->order[n]]);
}

uint64_t prove_text_set(const struct prover *prover, const char *text)
{
    return name_bit(prover, base_span_of(text));
}

/* Lists are compared as texts, so a list in another spelling, such as "a,,a", differs from the list
 * of the same names; PROVE_OTHER keeps the two apart. */
uint64_t prove_list_set(struct prover *prover, const char *list)
{
    uint64_t set = 0;
    bool plain = true;
    struct base_span rest = base_span_of(list), name;
    size_t length = 0;
    prove_work(prover, strlen(list));
    while (base_list_next(&rest, &name)) {
        const uint64_t bit = name_bit(prover, name);
        plain &= (set & bit) == 0;
        set |= bit;
        length += name.length + (length > 0);
    }
    return plain && length == strlen(list) ? set : set | PROVE_OTHER;
}
