/* One box and one claim: what the claim depends on, and how far the box is from deciding it.
 *
 * prove_prepare runs once per claim. From the claim's own slots (its roots) it follows the operands
 * downward; only the needed slots are walked and only the inputs among them are split. The refusals
 * are further roots if they are wanted: they shrink the set of machines, but cost a longer walk.
 *
 * prove_walk_box gives a box its slack: 0 or more if every machine of the box satisfies the claim
 * or is excluded by the guard or a refusal; otherwise a negative measure of what is missing, which
 * the search compares to choose a split. Only the sign is a proof; the size is a heuristic. A claim
 * about two machines walks the box twice, the second time moved by one grain. */
#include <string.h>
#include "prove/parts.h"

/* --- what a claim depends on --- */

/* A slot that decides the claim; each root is needed. */
static void add_root(struct prover *prover, uint32_t slot)
{
    if (slot == IMAGE_NONE)
        return;
    prover->needed[slot] = true;
    prover->roots[prover->root_count++] = slot;
}

/* One pass from the last slot to the first is enough, because operands have lower numbers. */
static void collect_needed(struct prover *prover)
{
    const struct image *image = prover->image;
    for (uint32_t n = image->code_count; n-- > 0;) {
        const struct image_instruction *i = &image->code[n];
        const uint16_t operands[3] = {i->a, i->b, i->c};
        if (!prover->needed[n])
            continue;
        for (int k = 0; k < 3; k++)
            if (image_reads(i->op, k))
                prover->needed[operands[k]] = true;
        if (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN)
            prover->matters[i->immediate] = true;
    }
    prover->order_count = 0;
    for (uint32_t n = 0; n < image->code_count; n++)
        if (prover->needed[n])
            prover->order[prover->order_count++] = n;
}

/* Gives the first PROVE_NUMBERS_MAX number inputs that matter a place in linear bounds. */
static void number_inputs(struct prover *prover)
{
    prover->number_count = 0;
    for (uint32_t i = 0; i < prover->image->input_count; i++) {
        const struct image_input *input = &prover->image->inputs[i];
        prover->number_of[i] = -1;
        if (!prover->matters[i] || !image_is_number(input->kind) ||
            prover->number_count == PROVE_NUMBERS_MAX)
            continue;
        prover->number_of[i] = (int8_t)prover->number_count;
        prover->numbers[prover->number_count++] = i;
    }
}

void prove_prepare(struct prover *prover, const struct prove_claim *claim, bool refusals)
{
    const struct image *image = prover->image;
    memset(prover->needed, 0, image->code_count * sizeof *prover->needed);
    memset(prover->matters, 0, (image->input_count + 1) * sizeof *prover->matters);
    prover->root_count = 0;
    prover->refusals = refusals;
    add_root(prover, claim->a);
    add_root(prover,
             claim->shape == PROVE_UNBOUND || claim->shape == PROVE_SAME ? claim->b : IMAGE_NONE);
    add_root(prover, claim->guard);
    prover->claim_roots = prover->root_count;
    for (uint32_t i = 0; refusals && i < image->check_count; i++)
        if (image->checks[i].class == IMAGE_CHECK_REFUSE)
            add_root(prover, image->checks[i].condition);
    if (prove_is_pair(claim->shape))
        prover->matters[claim->input] = true;
    collect_needed(prover);
    number_inputs(prover);
    prove_gather_names(prover);
    prover->assumed_count = 0;
    if (refusals)
        prove_gather_assumed(prover);
}

void prove_allow(struct prover *prover, uint32_t boxes)
{
    prover->work = PROVE_WORK_LEAST + (int64_t)boxes * PROVE_WORK_PER_BOX;
}

/* --- one box --- */

/* Never the other truth value: on machines where it has no value no claim about it is broken. */
static bool is_truth(const struct prove_value *value, int64_t truth)
{
    return !prove_has_value(value) || (value->low == truth && value->high == truth);
}

/* Whether no machine of the walk counts: the guard fails, or some refusal applies, on all. */
static bool is_ruled_out(const struct prover *prover, const struct prove_claim *claim,
                         const struct prove_walk *walk)
{
    const struct image *image = prover->image;
    if (claim->guard != IMAGE_NONE && is_truth(&walk->values[claim->guard], 0))
        return true;
    for (uint32_t i = 0; prover->refusals && i < image->check_count; i++)
        if (image->checks[i].class == IMAGE_CHECK_REFUSE &&
            prove_is_surely(&walk->values[image->checks[i].condition], 1))
            return true;
    return false;
}

/* The slack of what is shown, and with a minus sign of what is certainly broken. */
static const base_wide far = (base_wide)1 << 100;

/* The slack of the claim that a slot is `truth`, following not, and, or down to comparisons, at
 * most `depth` levels. Of `and` and `or`, one operand or both must be shown, depending on `truth`,
 * so the result is the larger or the smaller slack. */
static base_wide truth_slack(struct prover *prover, const struct prove_walk *walk, uint32_t slot,
                             bool truth, int depth)
{
    const struct image_instruction *i = &prover->image->code[slot];
    const struct prove_value *value = &walk->values[slot];
    if (is_truth(value, truth))
        return far;
    if (is_truth(value, !truth) || depth == 0 || !prove_work(prover, 1))
        return -far;
    const bool any = (i->op == IMAGE_OP_OR) == truth;
    base_wide x, y;
    switch (i->op) {
    case IMAGE_OP_NOT:
        return truth_slack(prover, walk, i->a, !truth, depth - 1);
    case IMAGE_OP_AND:
    case IMAGE_OP_OR:
        x = truth_slack(prover, walk, i->a, truth, depth - 1);
        y = truth_slack(prover, walk, i->b, truth, depth - 1);
        return (x > y) == any ? x : y;
    case IMAGE_OP_LE:
    case IMAGE_OP_LT:
        /* `a < b` and the negation of `a <= b` are strict: the difference is at least one. */
        return (truth ? prove_slack(prover, walk, i->a, i->b)
                      : prove_slack(prover, walk, i->b, i->a)) -
               ((i->op == IMAGE_OP_LT) == truth);
    default:
        return -far;
    }
}

/* For a slot that must not trap: minus the number of instructions that still may. A setting counts
 * more, and most where its value is certainly outside, since its trap is the claim's usual one. A
 * text that does not fit its buffer is the operator's to avoid, and is not counted. */
static base_wide trap_slack(const struct prover *prover, const struct prove_walk *walk)
{
    base_wide slack = 0;
    for (uint32_t at = 0; at < prover->order_count; at++) {
        const struct prove_value *value = &walk->values[prover->order[at]];
        const struct image_instruction *i = &prover->image->code[prover->order[at]];
        if (!(value->traps & ~(1U << VM_TRAP_TEXT)))
            continue;
        slack -= 1;
        if (i->op == IMAGE_OP_SETTING)
            slack -= value->states & PROVE_MAY_VALUE ? 1 : 2;
    }
    return slack;
}

static bool shows_same(struct prover *prover, const struct prove_walk *walk, uint32_t a, uint32_t b)
{
    const struct prove_value *x = &walk->values[a], *y = &walk->values[b];
    const unsigned kind = prover->image->code[a].kind;
    if (prove_is_same(prover, walk, a, b))
        return true;
    if (x->states != y->states || !prove_is_single(x->states))
        return false;
    if (x->states != PROVE_MAY_VALUE)
        return true;
    if (kind == IMAGE_LIST)
        return x->may == 0 && y->may == 0;
    if (image_is_text(kind))
        return x->may == y->may && prove_is_single(x->may) && x->may != PROVE_OTHER;
    return prove_at_least(prover, walk, a, b, 0) && prove_at_least(prover, walk, b, a, 0);
}

/* Minus the largest possible difference of two slots that should be equal. */
static base_wide distance_slack(const struct prove_value *x, const struct prove_value *y)
{
    const base_wide up = (base_wide)x->high - y->low, down = (base_wide)y->high - x->low;
    return -(up > down ? up : down) - 1 - (x->states != y->states);
}

/* The slack of a claim about two machines, from the change between them (change.c). */
static base_wide pair_slack(struct prover *prover, const struct prove_claim *claim)
{
    const struct prove_change *change = &prover->changes[claim->a];
    const struct prove_value *before = &prover->walks[0].values[claim->a],
                             *now = &prover->walks[1].values[claim->a];
    if (change->same || !prove_has_value(before) || !prove_has_value(now))
        return 0;
    if (claim->shape == PROVE_RISES || claim->shape == PROVE_LEAST)
        return change->low;
    if (claim->shape == PROVE_FALLS || claim->shape == PROVE_MOST)
        return -change->high;
    const base_wide size = change->high > -change->low ? change->high : -change->low;
    const int64_t from = before->low > 0 ? before->low : 0;
    if (prover->image->code[claim->a].kind == IMAGE_INT && size <= 1)
        return 0;
    if (size > far / PROVE_MICRO)
        return -far;
    return (base_wide)from * claim->limit - size * PROVE_MICRO;
}

/* 0 or more where the claim is shown for the walked box, else a measure of what is missing. */
static base_wide slack_of(struct prover *prover, const struct prove_claim *claim)
{
    const struct prove_walk *walk = &prover->walks[0];
    switch (claim->shape) {
    case PROVE_HOLDS:
        return truth_slack(prover, walk, claim->a, true, 16);
    case PROVE_NEVER:
        return truth_slack(prover, walk, claim->a, false, 16);
    case PROVE_ANSWERS:
        return walk->values[claim->a].traps & ~(1U << VM_TRAP_TEXT) ? trap_slack(prover, walk) : 0;
    case PROVE_UNBOUND:
        return prove_at_least(prover, walk, claim->a, claim->b, 0) ? 0
               : !(walk->values[claim->a].states & walk->values[claim->b].states & PROVE_MAY_VALUE)
                   ? 0
                   : prove_slack(prover, walk, claim->a, claim->b);
    case PROVE_SAME:
        return shows_same(prover, walk, claim->a, claim->b)
                   ? 0
                   : distance_slack(&walk->values[claim->a], &walk->values[claim->b]);
    default:
        return pair_slack(prover, claim);
    }
}

static void take_box(const struct prover *prover, struct prove_walk *walk,
                     const struct prove_range *box)
{
    memcpy(walk->box, box, prover->image->input_count * sizeof *box);
}

static void measure_widths(const struct prover *prover, struct prove_walk *walk)
{
    for (uint32_t k = 0; k < prover->number_count; k++) {
        const struct prove_range *range = &walk->box[prover->numbers[k]];
        walk->widths[k] = (int64_t)((uint64_t)range->high - (uint64_t)range->low);
    }
}

void prove_walk_one(struct prover *prover, const struct prove_range *box)
{
    take_box(prover, &prover->walks[0], box);
    measure_widths(prover, &prover->walks[0]);
    prove_walk(prover, &prover->walks[0]);
}

/* Moves the second box of a pair: one grain up, or from unknown to known. An unknown input was not
 * given. */
static void move_box(const struct prove_claim *claim, struct prove_walk *first,
                     struct prove_walk *second)
{
    struct prove_range *before = &first->box[claim->input], *now = &second->box[claim->input];
    if (prove_is_about_unknown(claim->shape)) {
        before->may_be_known = before->may_be_given = false;
        before->may_be_unknown = before->may_be_default = true;
    } else {
        now->low++;
        now->high++;
    }
}

/* Walks a box; the slack, or far away where no machine of it counts. */
base_wide prove_walk_box(struct prover *prover, const struct prove_claim *claim,
                         const struct prove_range *box)
{
    const bool pair = prove_is_pair(claim->shape);
    const bool steps = pair && !prove_is_about_unknown(claim->shape);
    for (uint32_t w = 0; w < (pair ? 2U : 1U); w++)
        take_box(prover, &prover->walks[w], box);
    if (pair)
        move_box(claim, &prover->walks[0], &prover->walks[1]);
    for (uint32_t w = 0; w < (pair ? 2U : 1U); w++) {
        measure_widths(prover, &prover->walks[w]);
        prove_walk(prover, &prover->walks[w]);
        if (is_ruled_out(prover, claim, &prover->walks[w]))
            return far;
    }
    if (pair)
        prove_compare_walks(prover, claim->input, steps);
    return slack_of(prover, claim);
}
