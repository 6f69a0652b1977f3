/* What the rules refuse need not be proved, and so may be taken for granted to be otherwise. */
#include "prove/parts.h"

enum { PARTS_MAX = 8 };

/* The conditions that an `and` joins; false when there are too many. */
static bool take_apart(const struct image *image, uint32_t slot, uint32_t *parts, uint32_t *count)
{
    const struct image_instruction *i = &image->code[slot];
    if (i->op == IMAGE_OP_AND)
        return take_apart(image, i->a, parts, count) && take_apart(image, i->b, parts, count);
    if (*count == PARTS_MAX)
        return false;
    parts[(*count)++] = slot;
    return true;
}

/* The opposite of a comparison with a constant, as a range of the other side. */
static bool opposite(const struct image *image, uint32_t slot, struct prove_assumed *out)
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

static void add_opposite(struct prover *prover, const uint32_t *parts, uint32_t count,
                         uint32_t which)
{
    struct prove_assumed assumed;
    if (!opposite(prover->image, parts[which], &assumed) || count - 1 > PROVE_ASSUMED_WHEN_MAX ||
        prover->assumed_count == PROVE_ASSUMED_MAX)
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
            !take_apart(image, image->checks[i].condition, parts, &count))
            continue;
        for (uint32_t which = 0; which < count; which++)
            add_opposite(prover, parts, count, which);
    }
}

static bool is_sure(const struct prove_walk *walk, uint32_t slot)
{
    return walk->values[slot].states == PROVE_MAY_VALUE && walk->values[slot].low == 1;
}

void prove_assume(const struct prover *prover, const struct prove_walk *walk, uint32_t slot,
                  struct prove_value *value)
{
    for (uint32_t i = 0; i < prover->assumed_count; i++) {
        const struct prove_assumed *assumed = &prover->assumed[i];
        bool applies = assumed->slot == slot && value->states & PROVE_MAY_VALUE;
        for (uint32_t k = 0; applies && k < assumed->when_count; k++)
            applies = assumed->when[k] < slot && is_sure(walk, assumed->when[k]);
        /* Where nothing would be left, the box is ruled out by the refusal itself. */
        if (!applies || value->low > assumed->high || value->high < assumed->low)
            continue;
        value->low = value->low < assumed->low ? assumed->low : value->low;
        value->high = value->high > assumed->high ? assumed->high : value->high;
    }
}
