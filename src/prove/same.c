/* Whether two slots are the same in a box by their structure: after choices that are decided in the
 * box, both are the same instruction on operands that are the same.
 *
 * States count, too: slots that are equal here trap together and are void together. So a choice is
 * followed only if it takes its operand with all its states; a minimum, for instance, only if both
 * operands surely have a value, because it traps when either does. The recursion is bounded by
 * depth and by the number of pairs it looks at. */
#include "prove/parts.h"

enum { NODES_MAX = 400, DEPTH_MAX = 48 };

struct comparison {
    const struct prover *prover;
    const struct prove_walk *walk;
    int nodes;
};

/* The operand that the slot is a copy of in this box, or the slot itself. */
static uint32_t copied_slot(const struct comparison *c, uint32_t slot)
{
    const struct image_instruction *i = &c->prover->image->code[slot];
    const struct prove_value *values = c->walk->values, *a = &values[i->a], *b = &values[i->b];
    const bool sure = (i->op == IMAGE_OP_MIN || i->op == IMAGE_OP_MAX) &&
                      prove_is_surely_value(a) && prove_is_surely_value(b);
    switch (i->op) {
    case IMAGE_OP_SETTING:
        return prove_is_surely_value(&values[slot]) ? i->a : slot;
    case IMAGE_OP_SELECT:
        return prove_is_surely(a, 1) ? i->b : prove_is_surely(a, 0) ? i->c : slot;
    case IMAGE_OP_AND:
        return prove_is_surely(a, 1) ? i->b : prove_is_surely(a, 0) ? i->a : slot;
    case IMAGE_OP_OR:
        return prove_is_surely(a, 1) ? i->a : prove_is_surely(a, 0) ? i->b : slot;
    case IMAGE_OP_ELSE:
        return !(a->states & PROVE_MAY_VOID) ? i->a : a->states == PROVE_MAY_VOID ? i->b : slot;
    case IMAGE_OP_MIN:
        return sure && a->high <= b->low ? i->a : sure && b->high <= a->low ? i->b : slot;
    case IMAGE_OP_MAX:
        return sure && a->low >= b->high ? i->a : sure && b->low >= a->high ? i->b : slot;
    default:
        return slot;
    }
}

/* Both have the same single value, or none. */
static bool is_one_value(const struct comparison *c, uint32_t a, uint32_t b)
{
    const struct prove_value *x = &c->walk->values[a], *y = &c->walk->values[b];
    const unsigned kind = c->prover->image->code[a].kind;
    if (kind != c->prover->image->code[b].kind || x->states != y->states)
        return false;
    if (x->states == PROVE_MAY_VOID)
        return true;
    return prove_is_surely_value(x) && !image_is_text(kind) && prove_is_point(x) &&
           y->low == x->low && y->high == x->low;
}

static bool is_made_alike(struct comparison *c, uint32_t a, uint32_t b, int depth)
{
    for (uint32_t next; (next = copied_slot(c, a)) != a;)
        a = next;
    for (uint32_t next; (next = copied_slot(c, b)) != b;)
        b = next;
    if (a == b || is_one_value(c, a, b))
        return true;
    if (depth == 0 || --c->nodes < 0)
        return false;
    const struct image_instruction *i = &c->prover->image->code[a], *j = &c->prover->image->code[b];
    const uint16_t left[3] = {i->a, i->b, i->c}, right[3] = {j->a, j->b, j->c};
    bool any = false;
    if (i->op != j->op || i->kind != j->kind || i->immediate != j->immediate)
        return false;
    for (int k = 0; k < 3; k++) {
        if (!image_reads(i->op, k))
            continue;
        any = true;
        if (!is_made_alike(c, left[k], right[k], depth - 1))
            return false;
    }
    return any;
}

bool prove_is_same(const struct prover *prover, const struct prove_walk *walk, uint32_t a,
                   uint32_t b)
{
    struct comparison comparison = {prover, walk, NODES_MAX};
    return is_made_alike(&comparison, a, b, DEPTH_MAX);
}
