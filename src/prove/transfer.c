/* The interpreter's instructions on abstract values: for each opcode, the possible results, given
 * the abstract values and linear bounds of its operands. The counterpart of vm/run.c.
 *
 * The invariant: for every machine of the box, the slot that vm_run computes is described by the
 * value that the walk computes. tests/unit/prove_test.c checks it for random programs, slot by
 * slot.
 *
 * walk_slot starts each instruction with the voids and traps of the operands it cannot do without,
 * and calls the opcode's function only if all of them may have a value. What the function leaves is
 * then narrowed by what the refusals exclude (assume.c). Arithmetic is in arithmetic.c. */
#include "base/assert.h"
#include <string.h>
#include "prove/step.h"
#include "vm/quote.h"

/* --- choices --- */

static void put_operand(const struct step *s, const struct operand *from)
{
    *s->out = *from->value;
    *s->lower = *from->lower;
    *s->upper = *from->upper;
}

/* The hull of both operands. */
static void put_either(const struct step *s, const struct operand *x, const struct operand *y)
{
    const bool of_x = x->value->states & PROVE_MAY_VALUE, of_y = y->value->states & PROVE_MAY_VALUE;
    const uint8_t states = x->value->states | y->value->states;
    const uint16_t traps = x->value->traps | y->value->traps;
    if (!of_x || !of_y) {
        put_operand(s, of_x ? x : y);
    } else {
        s->out->low = (int64_t)prove_smaller(x->value->low, y->value->low);
        s->out->high = (int64_t)prove_larger(x->value->high, y->value->high);
        s->out->must = x->value->must & y->value->must;
        s->out->may = x->value->may | y->value->may;
        *s->lower = prove_linear_hull(x->lower, y->lower, false, s->count);
        *s->upper = prove_linear_hull(x->upper, y->upper, true, s->count);
    }
    s->out->states = states;
    s->out->traps = traps;
}

/* The minimum of two operands, or the maximum. If one is surely taken, the result is that operand
 * with its linear bounds. Otherwise either operand's upper bound bounds the minimum, so the tighter
 * one is used, while its lower bound must be below both. */
static void put_extreme(const struct step *s, bool larger_one)
{
    const struct prove_value *a = s->a.value, *b = s->b.value;
    const uint8_t states = s->out->states;
    const uint16_t traps = s->out->traps;
    if (larger_one ? a->low >= b->high : a->high <= b->low) {
        put_operand(s, &s->a);
    } else if (larger_one ? b->low >= a->high : b->high <= a->low) {
        put_operand(s, &s->b);
    } else {
        struct prove_linear lower = prove_linear_hull(s->a.lower, s->b.lower, false, s->count),
                            upper = prove_linear_hull(s->a.upper, s->b.upper, true, s->count);
        if (larger_one)
            lower = *tighter_bound(s, s->a.lower, s->b.lower, false);
        else
            upper = *tighter_bound(s, s->a.upper, s->b.upper, true);
        put_range(s, larger_one ? prove_larger(a->low, b->low) : prove_smaller(a->low, b->low),
                  larger_one ? prove_larger(a->high, b->high) : prove_smaller(a->high, b->high));
        put_linear(s, lower, upper);
    }
    s->out->states = states;
    s->out->traps = traps;
}

static void prove_abstract_MIN(const struct step *s)
{
    put_extreme(s, false);
}

static void prove_abstract_MAX(const struct step *s)
{
    put_extreme(s, true);
}

/* The result of a condition. The condition's own voids and traps are in the output already, and
 * stay in it. */
static void put_choice(const struct step *s, const struct operand *if_true,
                       const struct operand *if_false)
{
    const struct prove_value *condition = s->a.value;
    const uint8_t states = s->out->states & (uint8_t)~PROVE_MAY_VALUE;
    const uint16_t traps = s->out->traps;
    if (condition->low == 1)
        put_operand(s, if_true);
    else if (condition->high == 0)
        put_operand(s, if_false);
    else
        put_either(s, if_true, if_false);
    s->out->states |= states;
    s->out->traps |= traps;
}

static void prove_abstract_SELECT(const struct step *s)
{
    put_choice(s, &s->b, &s->c);
}

static void put_truth(const struct step *s, bool may_be_false, bool may_be_true)
{
    s->out->low = !may_be_false;
    s->out->high = may_be_true;
    *s->lower = *s->upper = nothing;
}

/* The slot that a setting's value comes from; a setting with no override copies its operand. */
static uint32_t without_settings(struct prover *prover, uint32_t slot)
{
    const struct image *image = prover->image;
    while (image->code[slot].op == IMAGE_OP_SETTING && prove_work(prover, 1))
        slot = image->code[slot].a;
    return slot;
}

/* `and` is `if a then b else a`. If a is open, both results that a may give are known to be false
 * or b's, so the high end is b's. */
static void prove_abstract_AND(const struct step *s)
{
    const bool open = s->a.value->low == 0 && s->a.value->high == 1;
    const int64_t high = s->b.value->states & PROVE_MAY_VALUE ? s->b.value->high : 0;
    put_choice(s, &s->b, &s->a);
    if (open)
        s->out->high = high;
}

/* `not p or p`, which results from an invariant with itself as its guard. */
static bool is_tautology(const struct step *s)
{
    const struct image *image = s->prover->image;
    const struct image_instruction *a = &image->code[s->instruction->a];
    return a->op == IMAGE_OP_NOT &&
           without_settings(s->prover, a->a) == without_settings(s->prover, s->instruction->b);
}

static void prove_abstract_OR(const struct step *s)
{
    if (is_tautology(s)) {
        put_truth(s, false, true);
        return;
    }
    const bool open = s->a.value->low == 0 && s->a.value->high == 1;
    const int64_t low = s->b.value->states & PROVE_MAY_VALUE ? s->b.value->low : 1;
    put_choice(s, &s->a, &s->b);
    if (open)
        s->out->low = low;
}

static void prove_abstract_ELSE(const struct step *s)
{
    const uint8_t states = s->a.value->states;
    if (!(states & PROVE_MAY_VOID)) {
        put_operand(s, &s->a);
    } else if (states == PROVE_MAY_VOID) {
        put_operand(s, &s->b);
    } else {
        put_either(s, &s->a, &s->b);
        if (!(s->b.value->states & PROVE_MAY_VOID))
            s->out->states &= (uint8_t)~PROVE_MAY_VOID;
    }
}

static void prove_abstract_KNOWN(const struct step *s)
{
    const struct prove_value *a = s->a.value;
    s->out->states = PROVE_MAY_VALUE | (a->states & PROVE_MAY_TRAP);
    s->out->traps = a->traps;
    if (a->states == PROVE_MAY_TRAP)
        no_value(s);
    put_truth(s, a->states & PROVE_MAY_VOID, a->states & PROVE_MAY_VALUE);
}

static void prove_abstract_NOT(const struct step *s)
{
    put_truth(s, s->a.value->high == 1, s->a.value->low == 0);
}

/* --- comparisons --- */

static void prove_abstract_LT(const struct step *s)
{
    const bool never = s->instruction->a == s->instruction->b ||
                       prove_at_least(s->prover, s->walk, s->instruction->b, s->instruction->a, 0);
    const bool always =
        !never && prove_at_least(s->prover, s->walk, s->instruction->a, s->instruction->b, 1);
    put_truth(s, !always, !never);
}

static void prove_abstract_LE(const struct step *s)
{
    const bool always = s->instruction->a == s->instruction->b ||
                        prove_at_least(s->prover, s->walk, s->instruction->a, s->instruction->b, 0);
    const bool never =
        !always && prove_at_least(s->prover, s->walk, s->instruction->b, s->instruction->a, 1);
    put_truth(s, !always, !never);
}

static bool is_one_name(uint64_t set)
{
    return set != 0 && prove_is_single(set) && set != PROVE_OTHER;
}

static void prove_abstract_EQ(const struct step *s)
{
    const struct prove_value *a = s->a.value, *b = s->b.value;
    const unsigned kind = s->prover->image->code[s->instruction->a].kind;
    if (without_settings(s->prover, s->instruction->a) ==
        without_settings(s->prover, s->instruction->b)) {
        put_truth(s, false, true);
    } else if (!image_is_text(kind)) {
        const bool apart = a->high < b->low || b->high < a->low;
        const bool equal = prove_is_point(a) && prove_is_point(b) && a->low == b->low;
        put_truth(s, !equal, !apart);
    } else if (kind == IMAGE_LIST) {
        const bool apart = (a->must & ~b->may) != 0 || (b->must & ~a->may) != 0;
        const bool equal =
            (a->may == 0 && b->may == 0) ||
            (is_one_name(a->must) && a->must == a->may && a->may == b->may && b->must == b->may);
        put_truth(s, !equal, !apart);
    } else {
        put_truth(s, !(is_one_name(a->may) && a->may == b->may), (a->may & b->may) != 0);
    }
}

/* --- names --- */

static void put_names(const struct step *s, uint64_t must, uint64_t may)
{
    s->out->must = must & ~PROVE_OTHER;
    s->out->may = may;
    *s->lower = *s->upper = nothing;
}

static void prove_abstract_HAS(const struct step *s)
{
    const struct prove_value *list = s->a.value, *name = s->b.value;
    put_truth(s, (name->may & ~list->must) != 0, (name->may & list->may) != 0);
}

/* Sets of names. The traps of lists and texts that exceed their largest length are not modelled: an
 * operator's own text causes them, and no claim covers that (box.c). */
static void prove_abstract_KEEP(const struct step *s)
{
    put_names(s, s->a.value->must & s->b.value->must, s->a.value->may & s->b.value->may);
}

static void prove_abstract_DROP(const struct step *s)
{
    put_names(s, s->a.value->must & ~s->b.value->may, s->a.value->may & ~s->b.value->must);
}

static void prove_abstract_JOIN(const struct step *s)
{
    put_names(s, s->a.value->must | s->b.value->must, s->a.value->may | s->b.value->may);
}

/* A list read as a text is one text, and its name is none of its members'. */
static void put_as_text(const struct step *s)
{
    const unsigned kind = s->prover->image->code[s->instruction->a].kind;
    put_operand(s, &s->a);
    if (!prove_is_one_of(kind))
        put_names(s, 0, UINT64_MAX);
}

static void prove_abstract_TEXT(const struct step *s)
{
    put_as_text(s);
}

static void prove_abstract_CONCAT(const struct step *s)
{
    put_names(s, 0, UINT64_MAX);
}

static void prove_abstract_QUOTE(const struct step *s)
{
    const enum vm_quote quote = (enum vm_quote)s->instruction->immediate;
    if (!vm_can_quote(quote, base_span_of("")) || !vm_can_quote(quote, base_span_of("\n")))
        may_trap(s, VM_TRAP_QUOTE);
    put_names(s, 0, UINT64_MAX);
}

/* --- where values come from --- */

static void prove_abstract_CONST(const struct step *s)
{
    const int64_t value = s->instruction->immediate;
    if (!image_is_text(s->instruction->kind)) {
        put_point(s, value);
        return;
    }
    if (s->prover->work < 0) {
        put_names(s, 0, UINT64_MAX);
        return;
    }
    const char *text = image_string(s->prover->image, (uint32_t)value);
    const uint64_t set = s->instruction->kind == IMAGE_LIST ? prove_list_set(s->prover, text)
                                                            : prove_text_set(s->prover, text);
    put_names(s, set, set);
}

static void prove_abstract_VOID(const struct step *s)
{
    s->out->states = PROVE_MAY_VOID;
}

static void prove_abstract_INPUT(const struct step *s)
{
    const uint32_t input = (uint32_t)s->instruction->immediate;
    const struct prove_range *range = &s->walk->box[input];
    const int number = s->prover->number_of[input];
    s->out->states = (uint8_t)((range->may_be_known ? PROVE_MAY_VALUE : 0) |
                               (range->may_be_unknown ? PROVE_MAY_VOID : 0));
    s->out->low = range->low;
    s->out->high = range->high;
    s->out->must = range->must;
    s->out->may = range->may;
    if (number < 0) {
        *s->lower = *s->upper = nothing;
        return;
    }
    *s->lower = prove_linear_constant(range->low);
    s->lower->slope[number] = (base_wide)1 << PROVE_SHIFT;
    *s->upper = *s->lower;
}

static void prove_abstract_GIVEN(const struct step *s)
{
    const struct prove_range *range = &s->walk->box[s->instruction->immediate];
    put_truth(s, range->may_be_default, range->may_be_given);
}

/* Whether every value of the slot is a multiple of the grain, by the instructions that compute it.
 */
static bool has_grain(struct prover *prover, const struct prove_walk *walk, uint32_t slot,
                      int64_t grain, int depth)
{
    const struct image_instruction *i = &prover->image->code[slot];
    const struct prove_value *value = &walk->values[slot];
    if (grain <= 1 || (prove_is_point(value) && value->low % grain == 0))
        return true;
    if (depth == 0 || !prove_work(prover, 1) || !(value->states & PROVE_MAY_VALUE))
        return !(value->states & PROVE_MAY_VALUE);
    const struct prove_value *b = &walk->values[i->b];
    switch (i->op) {
    case IMAGE_OP_ROUND_DOWN:
    case IMAGE_OP_ROUND_UP:
    case IMAGE_OP_ROUND_NEAR:
        return prove_is_point(b) && b->low % grain == 0;
    case IMAGE_OP_SETTING:
        return has_grain(prover, walk, i->a, grain, depth - 1);
    case IMAGE_OP_ADD:
    case IMAGE_OP_SUB:
    case IMAGE_OP_MIN:
    case IMAGE_OP_MAX:
    case IMAGE_OP_ELSE:
        return has_grain(prover, walk, i->a, grain, depth - 1) &&
               has_grain(prover, walk, i->b, grain, depth - 1);
    case IMAGE_OP_MUL:
        return has_grain(prover, walk, i->a, grain, depth - 1) ||
               has_grain(prover, walk, i->b, grain, depth - 1);
    case IMAGE_OP_SELECT:
        return (walk->values[i->a].high == 0 || has_grain(prover, walk, i->b, grain, depth - 1)) &&
               (walk->values[i->a].low == 1 || has_grain(prover, walk, i->c, grain, depth - 1));
    default:
        return false;
    }
}

/* The members of a setting as a set. Those that the table does not have are PROVE_OTHER. */
static uint64_t member_set(const struct step *s, const struct image_setting *setting)
{
    uint64_t set = 0;
    const struct image *image = s->prover->image;
    for (uint32_t i = 0; i < setting->member_count; i++)
        set |= prove_text_set(s->prover, image_string(image, image->words[setting->members + i]));
    return set;
}

static void prove_abstract_SETTING(const struct step *s)
{
    enum { DEPTH = 24 };
    const struct image_setting *setting = &s->prover->image->settings[s->instruction->immediate];
    if (setting->kind == IMAGE_TEXT)
        put_as_text(s);
    else
        put_operand(s, &s->a);
    if (!(s->out->states & PROVE_MAY_VALUE))
        return;
    if (setting->kind == IMAGE_ENUM) {
        const uint64_t members = member_set(s, setting);
        if (s->out->may & ~(members & ~PROVE_OTHER))
            may_trap(s, VM_TRAP_MEMBER);
        s->out->may &= members;
        if (s->out->may == 0)
            no_value(s);
    }
    if (!image_is_number(setting->kind))
        return;
    if (s->out->low < setting->low || s->out->high > setting->high)
        may_trap(s, VM_TRAP_RANGE);
    if (!has_grain(s->prover, s->walk, s->instruction->a, setting->grain, DEPTH) &&
        !(prove_is_point(s->out) && s->out->low == -setting->unit))
        may_trap(s, VM_TRAP_STEP);
    if (s->out->high < setting->low || s->out->low > setting->high) {
        no_value(s);
        return;
    }
    s->out->low = (int64_t)prove_larger(s->out->low, setting->low);
    s->out->high = (int64_t)prove_smaller(s->out->high, setting->high);
}

/* --- one instruction, and all --- */

static void (*const operations[IMAGE_OPCODES])(const struct step *s) = {
#define X(name, mnemonic, signature, a, b, c, immediate) prove_abstract_##name,
#include "opcodes.def"
#undef X
};

static struct operand operand_of(const struct prove_walk *walk, uint16_t slot)
{
    return (struct operand){&walk->values[slot], &walk->lower[slot], &walk->upper[slot]};
}

/* What every walk ensures: traps exactly if the slot may trap, ranges that are not empty, truth
 * values within 0 .. 1, and lists that may contain what they must. */
static void check_value(const struct image_instruction *i, const struct prove_value *value)
{
    const bool has_value = prove_has_value(value);
    BASE_ASSERT(((value->states & PROVE_MAY_TRAP) != 0) == (value->traps != 0));
    if (has_value && !image_is_text(i->kind))
        BASE_ASSERT(value->low <= value->high);
    if (has_value && i->kind == IMAGE_BOOL)
        BASE_ASSERT(value->low >= 0 && value->high <= 1);
    if (has_value && i->kind == IMAGE_LIST)
        BASE_ASSERT((value->must & ~value->may) == 0);
}

static void walk_slot(struct prover *prover, struct prove_walk *walk, uint32_t n)
{
    const struct image_instruction *i = &prover->image->code[n];
    prove_work(prover, 1);
    struct step s = {.prover = prover,
                     .walk = walk,
                     .instruction = i,
                     .count = prover->number_count,
                     .a = operand_of(walk, i->a),
                     .b = operand_of(walk, i->b),
                     .c = operand_of(walk, i->c),
                     .out = &walk->values[n],
                     .lower = &walk->lower[n],
                     .upper = &walk->upper[n]};
    const struct prove_value *values[3] = {s.a.value, s.b.value, s.c.value};
    *s.out = (struct prove_value){.states = PROVE_MAY_VALUE};
    s.lower->there = s.upper->there = false;
    for (int k = 0; k < 3; k++) {
        if (!image_needs(i->op, k))
            continue;
        s.out->states |= values[k]->states & (PROVE_MAY_VOID | PROVE_MAY_TRAP);
        s.out->traps |= values[k]->traps;
        if (!(values[k]->states & PROVE_MAY_VALUE))
            no_value(&s);
    }
    if (s.out->states & PROVE_MAY_VALUE)
        operations[i->op](&s);
    prove_assume(prover, walk, n, s.out);
    check_value(i, s.out);
}

void prove_walk(struct prover *prover, struct prove_walk *walk)
{
    for (uint32_t n = 0; n < prover->order_count; n++)
        walk_slot(prover, walk, prover->order[n]);
}
