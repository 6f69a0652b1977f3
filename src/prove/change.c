/* What changes between two machines that differ in one input.
 *
 * The machines are in two boxes that were walked. For each needed slot, in order, this bounds the
 * difference of its values on the second and the first machine from the differences of its
 * operands. `same` is stronger than a difference of 0: the states are equal, too. It is inherited
 * by everything computed from operands that are the same, which is most of a rule set.
 *
 * Each opcode narrows the difference that the two intervals allow; an opcode without a function
 * leaves it. All of it is exact or rounded outward in 128 bits, and a product that does not fit
 * narrows nothing. */
#include "prove/parts.h"

struct pair {
    struct prover *prover;
    const struct image_instruction *instruction;
    const struct prove_walk *first, *second;
    uint32_t input;
    int64_t step;
    struct prove_change *out;
};

static const struct prove_change *change_of(const struct pair *p, uint32_t slot)
{
    return &p->prover->changes[slot];
}

/* Intersects the range of the difference; each caller's range is sound by itself. */
static void narrow_change(const struct pair *p, base_wide low, base_wide high)
{
    p->out->low = prove_larger(p->out->low, low);
    p->out->high = prove_smaller(p->out->high, high);
}

/* The range of the products of two ranges; false if an end does not fit. A difference of two 64-bit
 * values times a 64-bit value always does. */
static bool multiply_ranges(base_wide low, base_wide high, int64_t value_low, int64_t value_high,
                            base_wide *least, base_wide *most)
{
    const base_wide factors[2] = {value_low, value_high}, ends[2] = {low, high};
    bool any = false;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            base_wide product;
            if (__builtin_mul_overflow(ends[i], factors[k], &product))
                return false;
            *least = any ? prove_smaller(*least, product) : product;
            *most = any ? prove_larger(*most, product) : product;
            any = true;
        }
    return true;
}

/* The difference of a product: a' * b' - a * b = (a' - a) * b' + a * (b' - b). */
static bool product_change(const struct pair *p, uint32_t a, uint32_t b, base_wide *low,
                           base_wide *high)
{
    const struct prove_change *of_a = change_of(p, a), *of_b = change_of(p, b);
    const struct prove_value *now = &p->second->values[b], *before = &p->first->values[a];
    base_wide least1, most1, least2, most2;
    return multiply_ranges(of_a->low, of_a->high, now->low, now->high, &least1, &most1) &&
           multiply_ranges(of_b->low, of_b->high, before->low, before->high, &least2, &most2) &&
           !__builtin_add_overflow(least1, least2, low) &&
           !__builtin_add_overflow(most1, most2, high);
}

static base_wide wide_ceiling(base_wide a, int64_t b)
{
    return -base_wide_floor(-a, b);
}

/* floor(P' / c) - floor(P / c), where P changes by low .. high, and c does not change. */
static void narrow_by_quotient(const struct pair *p, base_wide low, base_wide high,
                               const struct prove_value *divisor)
{
    if (divisor->low <= 0)
        return;
    narrow_change(p, base_wide_floor(low, low < 0 ? divisor->low : divisor->high),
                  wide_ceiling(high, high < 0 ? divisor->high : divisor->low));
}

/* If the divisor changes, too: P' / c' - P / c = (P' - P) / c' - P * (c' - c) / (c * c'). Only the
 * sign is used, which is enough for `rises` and `falls`. */
static void narrow_by_ratio(const struct pair *p, uint32_t dividend, base_wide low, base_wide high,
                            uint32_t divisor)
{
    const struct prove_change *of_divisor = change_of(p, divisor);
    const struct prove_value *before = &p->first->values[divisor],
                             *now = &p->second->values[divisor],
                             *from = &p->first->values[dividend];
    if (of_divisor->same) {
        narrow_by_quotient(p, low, high, before);
        return;
    }
    if (before->low <= 0 || now->low <= 0 || from->low < 0)
        return;
    if (low >= 0 && of_divisor->high <= 0)
        narrow_change(p, 0, p->out->high);
    if (high <= 0 && of_divisor->low >= 0)
        narrow_change(p, p->out->low, 0);
}

static void change_of_quotient(const struct pair *p, int64_t factor)
{
    const struct prove_change *of_a = change_of(p, p->instruction->a);
    base_wide low, high;
    if (!__builtin_mul_overflow(of_a->low, (base_wide)factor, &low) &&
        !__builtin_mul_overflow(of_a->high, (base_wide)factor, &high))
        narrow_by_ratio(p, p->instruction->a, low, high, p->instruction->b);
}

/* --- one function for each opcode that is not plain --- */

static void change_ADD(const struct pair *p)
{
    const struct prove_change *a = change_of(p, p->instruction->a),
                              *b = change_of(p, p->instruction->b);
    narrow_change(p, a->low + b->low, a->high + b->high);
}

static void change_SUB(const struct pair *p)
{
    const struct prove_change *a = change_of(p, p->instruction->a),
                              *b = change_of(p, p->instruction->b);
    narrow_change(p, a->low - b->high, a->high - b->low);
}

static void change_MUL(const struct pair *p)
{
    base_wide low, high;
    if (product_change(p, p->instruction->a, p->instruction->b, &low, &high))
        narrow_change(p, low, high);
}

static void change_SCALE(const struct pair *p)
{
    const struct prove_value micro = {.low = PROVE_MICRO, .high = PROVE_MICRO};
    base_wide low, high;
    if (product_change(p, p->instruction->a, p->instruction->b, &low, &high))
        narrow_by_quotient(p, low, high, &micro);
}

static void change_MULDIV(const struct pair *p)
{
    base_wide low, high;
    if (change_of(p, p->instruction->c)->same &&
        product_change(p, p->instruction->a, p->instruction->b, &low, &high))
        narrow_by_quotient(p, low, high, &p->first->values[p->instruction->c]);
}

static void change_DIV(const struct pair *p)
{
    change_of_quotient(p, 1);
}

static void change_QUOTIENT(const struct pair *p)
{
    change_of_quotient(p, PROVE_MICRO);
}

static void change_round(const struct pair *p)
{
    const struct image_instruction *i = p->instruction;
    const struct prove_value *grain = &p->first->values[i->b];
    const struct prove_change *a = change_of(p, i->a);
    const bool to_whole = i->kind != p->prover->image->code[i->a].kind;
    if (!change_of(p, i->b)->same || grain->low != grain->high || grain->low <= 0)
        return;
    const int64_t micro = to_whole ? PROVE_MICRO : 1;
    narrow_change(p, base_wide_floor(base_wide_floor(a->low, micro), grain->low) * grain->low,
                  wide_ceiling(wide_ceiling(a->high, micro), grain->low) * grain->low);
}

/* Whether the minimum (or maximum) is x on every machine of the walk. */
static bool surely_taken(const struct pair *p, const struct prove_walk *walk, uint32_t x,
                         uint32_t y)
{
    return p->instruction->op == IMAGE_OP_MIN ? walk->values[x].high <= walk->values[y].low
                                              : walk->values[x].low >= walk->values[y].high;
}

/* A minimum or maximum changes by no less than the smaller and no more than the larger change of
 * its operands; if both machines surely take the same operand, by that one's change. */
static void change_extreme(const struct pair *p)
{
    const uint32_t x = p->instruction->a, y = p->instruction->b;
    const struct prove_change *a = change_of(p, x), *b = change_of(p, y);
    if (surely_taken(p, p->first, x, y) && surely_taken(p, p->second, x, y))
        b = a;
    else if (surely_taken(p, p->first, y, x) && surely_taken(p, p->second, y, x))
        a = b;
    narrow_change(p, prove_smaller(a->low, b->low), prove_larger(a->high, b->high));
}

static bool walk_has_value(const struct prove_walk *walk, uint32_t slot)
{
    return walk->values[slot].states & PROVE_MAY_VALUE;
}

/* Both machines take x, or both take y. A branch that has a value in one of them alone changes,
 * though there is no difference to bound. */
static void narrow_by_branches(const struct pair *p, uint32_t x, uint32_t y, bool may_be_x,
                               bool may_be_y)
{
    const struct prove_change *of_x = change_of(p, x), *of_y = change_of(p, y);
    p->out->same = (!may_be_x || of_x->same) && (!may_be_y || of_y->same) && (may_be_x || may_be_y);
    may_be_x = may_be_x && walk_has_value(p->first, x) && walk_has_value(p->second, x);
    may_be_y = may_be_y && walk_has_value(p->first, y) && walk_has_value(p->second, y);
    if (may_be_x && may_be_y)
        narrow_change(p, prove_smaller(of_x->low, of_y->low), prove_larger(of_x->high, of_y->high));
    else if (may_be_x)
        narrow_change(p, of_x->low, of_x->high);
    else if (may_be_y)
        narrow_change(p, of_y->low, of_y->high);
}

/* From x on the first machine to y on the second, by way of y on the first: the change of y, plus
 * the distance of x and y on the first machine, where y must surely have a value. */
static void narrow_by_crossing(const struct pair *p, uint32_t x, uint32_t y)
{
    const struct prove_change *of_y = change_of(p, y);
    if (!image_is_number(p->instruction->kind) || !walk_has_value(p->first, x) ||
        p->first->values[y].states != PROVE_MAY_VALUE)
        return;
    narrow_change(p, of_y->low + prove_slack(p->prover, p->first, x, y),
                  of_y->high - prove_slack(p->prover, p->first, y, x));
}

/* With an unchanged condition both machines take the same branch; if it surely flips, they cross.
 */
static void change_SELECT(const struct pair *p)
{
    const struct image_instruction *i = p->instruction;
    const struct prove_value *before = &p->first->values[i->a], *now = &p->second->values[i->a];
    if (change_of(p, i->a)->same)
        narrow_by_branches(p, i->b, i->c, before->high == 1, before->low == 0);
    else if (before->low == 1 && now->high == 0)
        narrow_by_crossing(p, i->b, i->c);
    else if (before->high == 0 && now->low == 1)
        narrow_by_crossing(p, i->c, i->b);
}

static void change_ELSE(const struct pair *p)
{
    const struct image_instruction *i = p->instruction;
    const uint8_t before = p->first->values[i->a].states, now = p->second->values[i->a].states;
    const bool known = !(before & PROVE_MAY_VOID) && !(now & PROVE_MAY_VOID),
               unknown = !((before | now) & PROVE_MAY_VALUE);
    if (!change_of(p, i->a)->same && !known && !unknown)
        return;
    narrow_by_branches(p, i->a, i->b, !unknown, !known);
    p->out->same = p->out->same && (change_of(p, i->a)->same || !((before | now) & PROVE_MAY_TRAP));
}

static void change_SETTING(const struct pair *p)
{
    *p->out = *change_of(p, p->instruction->a);
}

static void change_INPUT(const struct pair *p)
{
    if ((uint32_t)p->instruction->immediate == p->input && p->step != 0)
        narrow_change(p, p->step, p->step);
}

static void change_nothing(const struct pair *p)
{
    (void)p;
}

/* An opcode without a function changes as its two intervals allow. */
static void (*const changes[IMAGE_OPCODES])(const struct pair *p) = {
    [IMAGE_OP_ADD] = change_ADD,          [IMAGE_OP_SUB] = change_SUB,
    [IMAGE_OP_MUL] = change_MUL,          [IMAGE_OP_SCALE] = change_SCALE,
    [IMAGE_OP_DIV] = change_DIV,          [IMAGE_OP_QUOTIENT] = change_QUOTIENT,
    [IMAGE_OP_UNSCALE] = change_QUOTIENT, [IMAGE_OP_MULDIV] = change_MULDIV,
    [IMAGE_OP_ROUND_DOWN] = change_round, [IMAGE_OP_ROUND_UP] = change_round,
    [IMAGE_OP_ROUND_NEAR] = change_round, [IMAGE_OP_MIN] = change_extreme,
    [IMAGE_OP_MAX] = change_extreme,      [IMAGE_OP_SELECT] = change_SELECT,
    [IMAGE_OP_ELSE] = change_ELSE,        [IMAGE_OP_SETTING] = change_SETTING,
    [IMAGE_OP_INPUT] = change_INPUT,
};

/* Equal operands give equal results. Of inputs, only the one that changes does; whether it is given
 * stays the same while its value moves by a grain. */
static bool operands_same(const struct pair *p)
{
    const struct image_instruction *i = p->instruction;
    const uint16_t operands[3] = {i->a, i->b, i->c};
    if (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN)
        return (uint32_t)i->immediate != p->input || (i->op == IMAGE_OP_GIVEN && p->step != 0);
    for (int k = 0; k < 3; k++)
        if (image_reads(i->op, k) && !change_of(p, operands[k])->same)
            return false;
    return true;
}

/* The same single value in both boxes. */
static bool settled_same(const struct prove_value *a, const struct prove_value *b, unsigned kind)
{
    return prove_is_surely_value(a) && prove_is_surely_value(b) && !image_is_text(kind) &&
           prove_is_point(a) && prove_is_point(b) && a->low == b->low;
}

static void compare_slot(struct prover *prover, struct pair *p, uint32_t n)
{
    const struct prove_value *before = &p->first->values[n], *now = &p->second->values[n];
    p->instruction = &prover->image->code[n];
    p->out = &prover->changes[n];
    *p->out = (struct prove_change){.same = operands_same(p)};
    if (p->out->same || settled_same(before, now, p->instruction->kind)) {
        p->out->same = true;
        return;
    }
    p->out->low = (base_wide)now->low - before->high;
    p->out->high = (base_wide)now->high - before->low;
    const struct prove_change by_bounds = *p->out;
    (changes[p->instruction->op] == NULL ? change_nothing : changes[p->instruction->op])(p);
    if (p->out->same)
        p->out->low = p->out->high = 0;
    narrow_change(p, by_bounds.low, by_bounds.high);
}

void prove_compare_walks(struct prover *prover, uint32_t input, int64_t step)
{
    struct pair pair = {.prover = prover,
                        .first = &prover->walks[0],
                        .second = &prover->walks[1],
                        .input = input,
                        .step = step};
    for (uint32_t n = 0; n < prover->order_count; n++)
        compare_slot(prover, &pair, prover->order[n]);
}
