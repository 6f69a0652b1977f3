/* Whether one number is at least another, for all machines of a box.
 *
 * Intervals and linear bounds describe each value alone. They cannot show that `min(a, b) <= b`, or
 * that parts and a rest add up to the whole when roundings are between them. So the difference
 * b - a - least is written out as a linear form of slots, in which common terms cancel, and the
 * form is shown to be 0 or more:
 *
 *   1. by the intervals and linear bounds of its terms (least_of_form), or
 *   2. by exchanging one term for slots that make the form no larger, and trying again. A term with
 *      a negative factor is exchanged for something it is no larger than, one with a positive
 *      factor for something it is no smaller than; the instruction of the slot decides what.
 *
 * The terms are tried from the highest slot, so that definitions unfold before what they use. At
 * most NODES_MAX forms are tried; a form that is too long or overflows is abandoned. */
#include "prove/parts.h"

enum { TERMS_MAX = 24, DEPTH_MAX = 16, NODES_MAX = 48 };

struct term {
    uint32_t slot;
    int64_t factor;
};

struct form { /* constant + sum of factor * slot; slots fall */
    base_wide constant;
    struct term terms[TERMS_MAX];
    uint32_t count;
    bool broken; /* too long, a factor out of range, or no work left: shows nothing */
};

struct search {
    struct prover *prover;
    const struct prove_walk *walk;
    int nodes;
};

static const struct image_instruction *code_of(const struct search *search, uint32_t slot)
{
    return &search->prover->image->code[slot];
}

static const struct prove_value *value_of(const struct search *search, uint32_t slot)
{
    return &search->walk->values[slot];
}

/* Adds to the factor of a slot; a term whose factor becomes 0 is removed. */
static void add_term(struct form *form, uint32_t slot, int64_t factor)
{
    uint32_t at = 0;
    while (at < form->count && form->terms[at].slot > slot)
        at++;
    if (at < form->count && form->terms[at].slot == slot) {
        form->broken |= !base_add(form->terms[at].factor, factor, &form->terms[at].factor);
        if (form->terms[at].factor != 0)
            return;
        form->count--;
        for (; at < form->count; at++)
            form->terms[at] = form->terms[at + 1];
        return;
    }
    if (form->count == TERMS_MAX) {
        form->broken = true;
        return;
    }
    for (uint32_t i = form->count++; i > at; i--)
        form->terms[i] = form->terms[i - 1];
    form->terms[at] = (struct term){slot, factor};
}

/* The operand that a choice takes in this box, or the slot itself if that is open. */
static uint32_t chosen_operand(const struct search *search, uint32_t slot)
{
    const struct image_instruction *i = code_of(search, slot);
    const struct prove_value *a = value_of(search, i->a), *b = value_of(search, i->b);
    switch (i->op) {
    case IMAGE_OP_SETTING:
        return i->a;
    case IMAGE_OP_SELECT:
        return a->low == 1 ? i->b : a->high == 0 ? i->c : slot;
    case IMAGE_OP_ELSE:
        return !(a->states & PROVE_MAY_VOID) ? i->a : a->states == PROVE_MAY_VOID ? i->b : slot;
    case IMAGE_OP_MIN:
        return a->high <= b->low ? i->a : b->high <= a->low ? i->b : slot;
    case IMAGE_OP_MAX:
        return a->low >= b->high ? i->a : b->low >= a->high ? i->b : slot;
    default:
        return slot;
    }
}

/* Follows choices that are decided in this box to the slot that computes the value. */
static uint32_t through_choices(const struct search *search, uint32_t slot)
{
    for (uint32_t next;
         (next = chosen_operand(search, slot)) != slot && prove_work(search->prover, 1);)
        slot = next;
    return slot;
}

/* Adds factor * slot; sums, differences and products with a constant are added by their operands,
 * and a constant goes into the form's constant. */
static void add_expanded(const struct search *search, struct form *form, uint32_t slot,
                         int64_t factor, int depth)
{
    slot = through_choices(search, slot);
    const struct image_instruction *i = code_of(search, slot);
    const struct prove_value *value = value_of(search, slot), *a = value_of(search, i->a),
                             *b = value_of(search, i->b);
    int64_t product, opposite;
    form->broken |= !prove_work(search->prover, 1);
    if (form->broken)
        return;
    if (prove_is_point(value)) {
        form->broken |=
            __builtin_add_overflow(form->constant, (base_wide)value->low * factor, &form->constant);
    } else if (depth > 0 && i->op == IMAGE_OP_ADD) {
        add_expanded(search, form, i->a, factor, depth - 1);
        add_expanded(search, form, i->b, factor, depth - 1);
    } else if (depth > 0 && i->op == IMAGE_OP_SUB && base_sub(0, factor, &opposite)) {
        add_expanded(search, form, i->a, factor, depth - 1);
        add_expanded(search, form, i->b, opposite, depth - 1);
    } else if (depth > 0 && i->op == IMAGE_OP_MUL && prove_is_point(b) &&
               base_mul(factor, b->low, &product)) {
        add_expanded(search, form, i->a, product, depth - 1);
    } else if (depth > 0 && i->op == IMAGE_OP_MUL && prove_is_point(a) &&
               base_mul(factor, a->low, &product)) {
        add_expanded(search, form, i->b, product, depth - 1);
    } else {
        add_term(form, slot, factor);
    }
}

/* A lower bound of the form over the box: the better of the one by intervals and the one by linear
 * bounds; false if the form is broken or the bound overflows. A term with a negative factor uses
 * the upper bound of its slot. */
static bool least_of_form(const struct search *search, const struct form *form, base_wide *least)
{
    const uint32_t count = search->prover->number_count;
    base_wide by_interval = form->constant, most;
    struct prove_linear total = prove_linear_constant(form->constant);
    if (form->broken)
        return false;
    for (uint32_t t = 0; t < form->count; t++) {
        const struct term *term = &form->terms[t];
        const struct prove_value *value = value_of(search, term->slot);
        const bool turns = term->factor < 0;
        base_wide part = (base_wide)(turns ? value->high : value->low) * term->factor;
        if (__builtin_add_overflow(by_interval, part, &by_interval))
            return false;
        const struct prove_linear *bound =
            turns ? &search->walk->upper[term->slot] : &search->walk->lower[term->slot];
        if (bound->there) {
            prove_linear_add(&total, bound, term->factor, count);
            continue;
        }
        const struct prove_linear constant =
            prove_linear_constant(turns ? value->high : value->low);
        prove_linear_add(&total, &constant, term->factor, count);
    }
    *least = by_interval;
    base_wide by_line;
    if (prove_linear_ends(&total, search->walk->widths, count, &by_line, &most)) {
        by_line >>= PROVE_SHIFT;
        *least = by_line > by_interval ? by_line : by_interval;
    }
    return true;
}

/* --- exchanges --- */

/* What a term may be replaced by so that the form does not grow. */
struct exchange {
    uint32_t slots[2];
    int64_t shift;   /* added to the slot */
    int64_t divisor; /* the slot is divided by this; 0 and 1 mean that it is not */
    int count;
    bool all; /* the form must be shown with each; else with any */
};

/* A divisor that is a slot times a constant: x <= a / (slot * factor) bounds x * slot by a /
 * factor.
 */
static uint32_t without_factor(const struct search *search, uint32_t slot, int64_t *factor)
{
    const struct image_instruction *i = code_of(search, slot);
    *factor = 1;
    if (i->op != IMAGE_OP_MUL || !prove_is_point(value_of(search, i->b)) ||
        value_of(search, i->b)->low < 1)
        return slot;
    *factor = value_of(search, i->b)->low;
    return through_choices(search, i->a);
}

/* Looks for a quotient by `divisor` that the slot is no larger than, through choices, minima and
 * roundings down; its dividend is the exchange. A quotient that is a ratio counts if it was rounded
 * down to a whole number, because only then is it multiplied as one. */
static bool find_quotient(const struct search *search, uint32_t slot, enum image_opcode op,
                          uint32_t divisor, int depth, struct exchange *exchange)
{
    slot = through_choices(search, slot);
    const struct image_instruction *i = code_of(search, slot);
    if (depth == 0)
        return false;
    if (i->op == op) {
        const uint32_t by = through_choices(search, i->b);
        exchange->slots[0] = i->a;
        exchange->divisor = 1;
        return by == divisor || without_factor(search, by, &exchange->divisor) == divisor;
    }
    const bool rounds = i->op == IMAGE_OP_ROUND_DOWN;
    const bool to_whole = rounds && i->kind != code_of(search, i->a)->kind;
    if (rounds && to_whole == (op == IMAGE_OP_QUOTIENT))
        return find_quotient(search, i->a, op, divisor, depth - 1, exchange);
    if (i->op == IMAGE_OP_MIN)
        return find_quotient(search, i->a, op, divisor, depth - 1, exchange) ||
               find_quotient(search, i->b, op, divisor, depth - 1, exchange);
    return false;
}

/* floor(x / d) * d <= x: exchanges a product of a quotient and its divisor for the dividend. The
 * divisor must be positive. */
static bool undo_quotient(const struct search *search, uint32_t slot, struct exchange *exchange)
{
    const struct image_instruction *i = code_of(search, slot);
    const bool whole = i->op == IMAGE_OP_MUL;
    const uint32_t a = through_choices(search, i->a), b = through_choices(search, i->b);
    const bool by_b =
        value_of(search, b)->low > 0 &&
        find_quotient(search, a, whole ? IMAGE_OP_DIV : IMAGE_OP_UNSCALE, b, DEPTH_MAX, exchange);
    if (!by_b && !(whole && value_of(search, a)->low > 0 &&
                   find_quotient(search, b, IMAGE_OP_QUOTIENT, a, DEPTH_MAX, exchange)))
        return false;
    exchange->count = 1;
    return true;
}

static struct exchange exchange_for_both(uint32_t a, uint32_t b, bool all)
{
    return (struct exchange){.slots = {a, b}, .count = 2, .all = all};
}

static struct exchange exchange_for_one(uint32_t slot, int64_t shift)
{
    return (struct exchange){.slots = {slot}, .shift = shift, .count = 1};
}

/* What the slot is no larger than, by its instruction. */
static struct exchange no_larger(const struct search *search, uint32_t slot)
{
    const struct image_instruction *i = code_of(search, slot);
    const struct prove_value *a = value_of(search, i->a), *b = value_of(search, i->b);
    const bool same_kind = i->kind == code_of(search, i->a)->kind;
    struct exchange exchange = {.count = 0};
    switch (i->op) {
    case IMAGE_OP_MIN:
        return exchange_for_both(i->a, i->b, false);
    case IMAGE_OP_MAX:
        return exchange_for_both(i->a, i->b, true);
    case IMAGE_OP_SELECT:
        return exchange_for_both(i->b, i->c, true);
    case IMAGE_OP_ELSE:
        return exchange_for_both(i->a, i->b, true);
    case IMAGE_OP_ROUND_DOWN:
        return same_kind ? exchange_for_one(i->a, 0) : exchange;
    case IMAGE_OP_ROUND_UP:
        return same_kind && b->high > 0 ? exchange_for_one(i->a, b->high - 1) : exchange;
    case IMAGE_OP_DIV:
        return a->low >= 0 && b->low >= 1 ? exchange_for_one(i->a, 0) : exchange;
    case IMAGE_OP_SCALE:
        if (undo_quotient(search, slot, &exchange))
            return exchange;
        return a->low >= 0 && b->low >= 0 && b->high <= PROVE_MICRO ? exchange_for_one(i->a, 0)
                                                                    : exchange;
    case IMAGE_OP_MUL:
        undo_quotient(search, slot, &exchange);
        return exchange;
    default:
        return exchange;
    }
}

/* What the slot is no smaller than, by its instruction. */
static struct exchange no_smaller(const struct search *search, uint32_t slot)
{
    const struct image_instruction *i = code_of(search, slot);
    const struct prove_value *a = value_of(search, i->a), *b = value_of(search, i->b);
    const bool same_kind = i->kind == code_of(search, i->a)->kind;
    const struct exchange none = {.count = 0};
    switch (i->op) {
    case IMAGE_OP_MIN:
        return exchange_for_both(i->a, i->b, true);
    case IMAGE_OP_MAX:
        return exchange_for_both(i->a, i->b, false);
    case IMAGE_OP_SELECT:
        return exchange_for_both(i->b, i->c, true);
    case IMAGE_OP_ELSE:
        return exchange_for_both(i->a, i->b, true);
    case IMAGE_OP_ROUND_UP:
        return same_kind ? exchange_for_one(i->a, 0) : none;
    case IMAGE_OP_ROUND_DOWN:
        return same_kind && b->high > 0 ? exchange_for_one(i->a, -(b->high - 1)) : none;
    case IMAGE_OP_SCALE:
        return a->low >= 0 && b->low >= PROVE_MICRO ? exchange_for_one(i->a, 0) : none;
    default:
        return none;
    }
}

/* A branch that has no value in this box needs no proof. */
static bool slot_has_value(const struct search *search, uint32_t slot)
{
    return value_of(search, slot)->states & PROVE_MAY_VALUE;
}

static bool reaches_zero(struct search *search, const struct form *form, int depth);

/* A positive multiple of a form has its sign. */
static void multiply_form(struct form *form, int64_t factor)
{
    form->broken |= __builtin_mul_overflow(form->constant, (base_wide)factor, &form->constant);
    for (uint32_t t = 0; t < form->count; t++)
        form->broken |= !base_mul(form->terms[t].factor, factor, &form->terms[t].factor);
}

/* The same after an exchange of term t: with each of its slots, or with any. A divisor multiplies
 * the rest of the form instead. */
static bool reaches_zero_with(struct search *search, const struct form *form, uint32_t t,
                              const struct exchange *exchange, int depth)
{
    const struct term term = form->terms[t];
    for (int k = 0; k < exchange->count; k++) {
        if (!slot_has_value(search, exchange->slots[k]))
            continue;
        struct form next = *form;
        add_term(&next, term.slot, -term.factor);
        if (exchange->divisor > 1)
            multiply_form(&next, exchange->divisor);
        add_expanded(search, &next, exchange->slots[k], term.factor, DEPTH_MAX);
        if (exchange->shift != 0)
            next.broken |= __builtin_add_overflow(
                next.constant, (base_wide)exchange->shift * term.factor, &next.constant);
        if (reaches_zero(search, &next, depth - 1) != exchange->all)
            return !exchange->all;
    }
    return exchange->all;
}

/* Whether the form is shown to be 0 or more, with at most `depth` exchanges in a row. */
static bool reaches_zero(struct search *search, const struct form *form, int depth)
{
    base_wide least;
    if (search->nodes-- <= 0 || !prove_work(search->prover, form->count) ||
        !least_of_form(search, form, &least))
        return false;
    if (least >= 0)
        return true;
    if (depth == 0)
        return false;
    for (uint32_t t = 0; t < form->count; t++) {
        if (form->terms[t].factor == INT64_MIN)
            return false;
        const struct exchange exchange = form->terms[t].factor < 0
                                             ? no_larger(search, form->terms[t].slot)
                                             : no_smaller(search, form->terms[t].slot);
        if (exchange.count > 0 && reaches_zero_with(search, form, t, &exchange, depth))
            return true;
    }
    return false;
}

/* Adds b - a. */
static void add_difference(const struct search *search, uint32_t a, uint32_t b, struct form *form)
{
    add_expanded(search, form, b, 1, DEPTH_MAX);
    add_expanded(search, form, a, -1, DEPTH_MAX);
}

bool prove_at_least(struct prover *prover, const struct prove_walk *walk, uint32_t a, uint32_t b,
                    int64_t least)
{
    struct search search = {prover, walk, NODES_MAX};
    if (!slot_has_value(&search, a) || !slot_has_value(&search, b))
        return false;
    if ((base_wide)walk->values[b].low - walk->values[a].high >= least)
        return true;
    if ((base_wide)walk->values[b].high - walk->values[a].low < least)
        return false;
    struct form form = {.constant = -(base_wide)least};
    add_difference(&search, a, b, &form);
    return reaches_zero(&search, &form, DEPTH_MAX);
}

base_wide prove_slack(struct prover *prover, const struct prove_walk *walk, uint32_t a, uint32_t b)
{
    struct search search = {prover, walk, NODES_MAX};
    struct form form = {0};
    base_wide least = (base_wide)walk->values[b].low - walk->values[a].high, better;
    add_difference(&search, a, b, &form);
    return least_of_form(&search, &form, &better) && better > least ? better : least;
}
