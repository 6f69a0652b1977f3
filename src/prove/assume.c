/* Claims are about the machines that the rules accept, so the negation of every refusal may be
 * assumed.
 *
 * A refusal `P and Q and x < c` is taken apart into its conjuncts. For each conjunct that compares
 * a slot with a constant this records: where the other conjuncts are surely true, the slot is on
 * the other side of the constant. prove_assume applies the records while a box is walked; it reads
 * only conjuncts in lower slots, which are final by then. Disjunctions and comparisons of two
 * variables are not used: such a box is left to the search. */
#include "prove/parts.h"

enum { PARTS_MAX = 8 };

/* Collects the operands of nested `and`s; false if there are more than PARTS_MAX. */
static bool collect_conjuncts(const struct image *image, uint32_t slot, uint32_t *parts,
                              uint32_t *count)
{
    const struct image_instruction *i = &image->code[slot];
    if (i->op == IMAGE_OP_AND)
        return collect_conjuncts(image, i->a, parts, count) &&
               collect_conjuncts(image, i->b, parts, count);
    if (*count == PARTS_MAX)
        return false;
    parts[(*count)++] = slot;
    return true;
}

/* The negation of a comparison with a constant, as a range of the other operand; false for other
 * conditions, and where the range would end outside 64 bits. */
static bool negate_comparison(const struct image *image, uint32_t slot, struct prove_assumed *out)
{
    const struct image_instruction *i = &image->code[slot];
    const bool strict = i->op == IMAGE_OP_LT;
    if (i->op != IMAGE_OP_LT && i->op != IMAGE_OP_LE)
        return false;
    *out = (struct prove_assumed){.low = INT64_MIN, .high = INT64_MAX};
    if (image->code[i->b].op == IMAGE_OP_CONST) {
        out->slot = i->a;
        return base_add(image->code[i->b].immediate, !strict, &out->low);
    }
    out->slot = i->b;
    return image->code[i->a].op == IMAGE_OP_CONST &&
           base_sub(image->code[i->a].immediate, !strict, &out->high);
}

static void assume_negation(struct prover *prover, const uint32_t *parts, uint32_t count,
                            uint32_t which)
{
    struct prove_assumed assumed;
    if (!negate_comparison(prover->image, parts[which], &assumed) ||
        count - 1 > PROVE_ASSUMED_WHEN_MAX || prover->assumed_count == PROVE_ASSUMED_MAX)
        return;
    for (uint32_t k = 0; k < count; k++)
        if (k != which)
            assumed.when[assumed.when_count++] = parts[k];
    prover->assumed[prover->assumed_count++] = assumed;
}

void prove_gather_assumed(struct prover *prover)
{
    const struct image *image = prover->image;
    for (uint32_t i = 0; i < image->check_count; i++) {
        uint32_t parts[PARTS_MAX], count = 0;
        if (image->checks[i].class != IMAGE_CHECK_REFUSE ||
            !collect_conjuncts(image, image->checks[i].condition, parts, &count))
            continue;
        for (uint32_t which = 0; which < count; which++)
            assume_negation(prover, parts, count, which);
    }
}

void prove_assume(const struct prover *prover, const struct prove_walk *walk, uint32_t slot,
                  struct prove_value *value)
{
    for (uint32_t i = 0; i < prover->assumed_count; i++) {
        const struct prove_assumed *assumed = &prover->assumed[i];
        bool applies = assumed->slot == slot && prove_has_value(value);
        for (uint32_t k = 0; applies && k < assumed->when_count; k++)
            applies =
                assumed->when[k] < slot && prove_is_surely(&walk->values[assumed->when[k]], 1);
        /* An empty range would not be a value. Such a box is excluded by the refusal itself. */
        if (!applies || value->low > assumed->high || value->high < assumed->low)
            continue;
        value->low = value->low < assumed->low ? assumed->low : value->low;
        value->high = value->high > assumed->high ? assumed->high : value->high;
    }
}
