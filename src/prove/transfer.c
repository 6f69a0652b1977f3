/* The interpreter's instructions on abstract values: for each opcode, what its result may be when
 * all that is known of its operands is struct azq_value and two linear bounds.
 *
 * The mirror image of vm/run.c. What must stay true: whatever a machine of the box makes of an
 * instruction there lies in what comes out here. tests/unit/prove_test.c holds random programs
 * against it, slot by slot. */
#include <string.h>
#include "prove/parts.h"

enum { MICRO = 1000000 };

struct operand {
    const struct azq_value *value;
    const struct azq_linear *lower, *upper;
};

struct step {
    struct azq_prover *prover;
    struct azq_walk *walk;
    const struct azb_instruction *instruction;
    uint32_t count; /* of numbers that linear bounds know of */
    struct operand a, b, c;
    struct azq_value *out;
    struct azq_linear *lower, *upper;
};

/* ---- numbers ---- */

static const struct azq_linear nothing = {.there = false};

static void may_trap(const struct step *s, enum azv_trap trap)
{
    s->out->states |= AZQ_MAY_TRAP;
    s->out->traps |= (uint16_t)(1U << trap);
}

static bool is_point(const struct azq_value *value)
{
    return value->low == value->high;
}

static void no_value(const struct step *s)
{
    s->out->states &= (uint8_t)~AZQ_MAY_VALUE;
}

/* low .. high, of which what does not fit 64 bits traps. */
static void put_range(const struct step *s, aza_wide low, aza_wide high)
{
    if (low < INT64_MIN || high > INT64_MAX)
        may_trap(s, AZV_TRAP_OVERFLOW);
    if (high < INT64_MIN || low > INT64_MAX) {
        no_value(s);
        return;
    }
    s->out->low = low < INT64_MIN ? INT64_MIN : (int64_t)low;
    s->out->high = high > INT64_MAX ? INT64_MAX : (int64_t)high;
}

static aza_wide floor_shift(aza_wide value)
{
    return value >> AZQ_SHIFT;
}

static aza_wide ceiling_shift(aza_wide value)
{
    const aza_wide below = floor_shift(value);
    return below + (below * ((aza_wide)1 << AZQ_SHIFT) != value);
}

/* Takes the linear bounds, and lets them narrow the interval. */
static void put_linear(const struct step *s, struct azq_linear lower, struct azq_linear upper)
{
    aza_wide least, most;
    *s->lower = lower;
    *s->upper = upper;
    if (!(s->out->states & AZQ_MAY_VALUE))
        return;
    if (azq_linear_ends(&lower, s->walk->widths, s->count, &least, &most)) {
        const aza_wide low = ceiling_shift(least);
        if (low > s->out->low && low <= s->out->high)
            s->out->low = (int64_t)low;
    }
    if (azq_linear_ends(&upper, s->walk->widths, s->count, &least, &most)) {
        const aza_wide high = floor_shift(most);
        if (high < s->out->high && high >= s->out->low)
            s->out->high = (int64_t)high;
    }
}

static void put_point(const struct step *s, int64_t value)
{
    s->out->low = s->out->high = value;
    *s->lower = *s->upper = azq_linear_constant(value);
}

/* Of two lower bounds, or upper ones, the one that is better in the middle of the box. */
static const struct azq_linear *better(const struct step *s, const struct azq_linear *x,
                                       const struct azq_linear *y, bool up)
{
    aza_wide x_least, x_most, y_least, y_most;
    if (!azq_linear_ends(x, s->walk->widths, s->count, &x_least, &x_most))
        return y;
    if (!azq_linear_ends(y, s->walk->widths, s->count, &y_least, &y_most))
        return x;
    const bool x_smaller = x_least / 2 + x_most / 2 < y_least / 2 + y_most / 2;
    return x_smaller == up ? x : y;
}

static struct azq_linear sum(const struct step *s, const struct azq_linear *x,
                             const struct azq_linear *y)
{
    return azq_linear_sum(x, y, s->count);
}

static struct azq_linear scaled(const struct step *s, const struct azq_linear *x, aza_wide factor,
                                aza_wide divisor, bool up)
{
    return azq_linear_scale(x, factor, divisor, up, s->count);
}

static void abstract_ADD(const struct step *s)
{
    put_range(s, (aza_wide)s->a.value->low + s->b.value->low,
              (aza_wide)s->a.value->high + s->b.value->high);
    put_linear(s, sum(s, s->a.lower, s->b.lower), sum(s, s->a.upper, s->b.upper));
}

static void abstract_SUB(const struct step *s)
{
    const struct azq_linear below = scaled(s, s->b.upper, -1, 1, false),
                            above = scaled(s, s->b.lower, -1, 1, true);
    put_range(s, (aza_wide)s->a.value->low - s->b.value->high,
              (aza_wide)s->a.value->high - s->b.value->low);
    put_linear(s, sum(s, s->a.lower, &below), sum(s, s->a.upper, &above));
}

/* A product that has not been narrowed to 64 bits yet. */
struct product {
    aza_wide low, high;
    struct azq_linear lower, upper;
};

static aza_wide smaller(aza_wide x, aza_wide y)
{
    return x < y ? x : y;
}

static aza_wide larger(aza_wide x, aza_wide y)
{
    return x > y ? x : y;
}

static struct product times_constant(const struct step *s, const struct operand *x, int64_t factor)
{
    const bool turns = factor < 0;
    const aza_wide one = (aza_wide)x->value->low * factor, two = (aza_wide)x->value->high * factor;
    return (struct product){smaller(one, two), larger(one, two),
                            scaled(s, turns ? x->upper : x->lower, factor, 1, false),
                            scaled(s, turns ? x->lower : x->upper, factor, 1, true)};
}

/* x_factor * x + y_factor * y - x_factor * y_factor: a plane through McCormick's envelope of x * y.
 */
static struct azq_linear plane(const struct step *s, const struct azq_linear *x, int64_t x_factor,
                               const struct azq_linear *y, int64_t y_factor, bool up)
{
    const struct azq_linear of_x = scaled(s, x, x_factor, 1, up),
                            of_y = scaled(s, y, y_factor, 1, up), both = sum(s, &of_x, &of_y);
    return azq_linear_shift(&both, -(aza_wide)x_factor * y_factor);
}

/* Both are 0 or more, which is when the envelope's planes may be built from bounds. */
static void envelope(const struct step *s, const struct operand *x, const struct operand *y,
                     struct product *out)
{
    const struct azq_value *p = x->value, *q = y->value;
    const struct azq_linear low1 = plane(s, x->lower, q->low, y->lower, p->low, false),
                            low2 = plane(s, x->lower, q->high, y->lower, p->high, false),
                            high1 = plane(s, x->upper, q->low, y->upper, p->high, true),
                            high2 = plane(s, x->upper, q->high, y->upper, p->low, true);
    out->lower = *better(s, &low1, &low2, false);
    out->upper = *better(s, &high1, &high2, true);
}

static struct product multiply(const struct step *s, const struct operand *x,
                               const struct operand *y)
{
    if (is_point(y->value))
        return times_constant(s, x, y->value->low);
    if (is_point(x->value))
        return times_constant(s, y, x->value->low);
    const aza_wide ends[4] = {
        (aza_wide)x->value->low * y->value->low, (aza_wide)x->value->low * y->value->high,
        (aza_wide)x->value->high * y->value->low, (aza_wide)x->value->high * y->value->high};
    struct product out = {ends[0], ends[0], nothing, nothing};
    for (int i = 1; i < 4; i++) {
        out.low = smaller(out.low, ends[i]);
        out.high = larger(out.high, ends[i]);
    }
    if (x->value->low >= 0 && y->value->low >= 0)
        envelope(s, x, y, &out);
    return out;
}

static void abstract_MUL(const struct step *s)
{
    const struct product product = multiply(s, &s->a, &s->b);
    put_range(s, product.low, product.high);
    put_linear(s, product.lower, product.upper);
}

/* floor(product / divisor) for every divisor of low .. high, which holds no 0. */
static void divide(const struct step *s, const struct product *product, int64_t low, int64_t high)
{
    const aza_wide ends[4] = {aza_wide_floor(product->low, low), aza_wide_floor(product->low, high),
                              aza_wide_floor(product->high, low),
                              aza_wide_floor(product->high, high)};
    aza_wide least = ends[0], most = ends[0];
    for (int i = 1; i < 4; i++) {
        least = smaller(least, ends[i]);
        most = larger(most, ends[i]);
    }
    put_range(s, least, most);
    struct azq_linear lower = nothing, upper = nothing;
    if (low > 0) {
        /* Where the product is negative, the other end of the divisor is the far one. */
        const struct azq_linear part = azq_linear_constant(-1);
        const struct azq_linear least1 = scaled(s, &product->lower, 1, high, false),
                                least2 = scaled(s, &product->lower, 1, low, false),
                                most1 = scaled(s, &product->upper, 1, low, true),
                                most2 = scaled(s, &product->upper, 1, high, true);
        const bool whole = low == high || product->low >= 0;
        lower = whole ? least1 : azq_linear_hull(&least1, &least2, false, s->count);
        upper = whole ? most1 : azq_linear_hull(&most1, &most2, true, s->count);
        lower = sum(s, &lower, &part); /* the floor takes less than one */
    }
    put_linear(s, lower, upper);
}

/* floor(product / b), without the part of b that is 0. */
static void divide_by(const struct step *s, const struct product *product,
                      const struct azq_value *b)
{
    int64_t low = b->low, high = b->high;
    if (low <= 0 && high >= 0)
        may_trap(s, AZV_TRAP_DIVISOR);
    if (low == 0)
        low = 1;
    if (high == 0)
        high = -1;
    if (low > high) {
        no_value(s);
        return;
    }
    if (low < 0 && high > 0) { /* by -1 or by 1 is as far as it goes */
        const aza_wide most =
            larger(larger(product->high, -product->high), larger(product->low, -product->low));
        put_range(s, -most, most);
        put_linear(s, nothing, nothing);
        return;
    }
    divide(s, product, low, high);
}

static void abstract_SCALE(const struct step *s)
{
    const struct product product = multiply(s, &s->a, &s->b);
    divide(s, &product, MICRO, MICRO);
}

static void abstract_DIV(const struct step *s)
{
    const struct product product = times_constant(s, &s->a, 1);
    divide_by(s, &product, s->b.value);
}

static void abstract_QUOTIENT(const struct step *s)
{
    const struct product product = times_constant(s, &s->a, MICRO);
    divide_by(s, &product, s->b.value);
}

static void abstract_UNSCALE(const struct step *s)
{
    abstract_QUOTIENT(s);
}

static void abstract_MULDIV(const struct step *s)
{
    const struct product product = multiply(s, &s->a, &s->b);
    divide_by(s, &product, s->c.value);
}

static void abstract_MOD(const struct step *s)
{
    const struct azq_value *b = s->b.value;
    if (b->low <= 0 && b->high >= 0)
        may_trap(s, AZV_TRAP_DIVISOR);
    if (b->low == 0 && b->high == 0) {
        no_value(s);
        return;
    }
    put_range(s, b->low < 0 ? (aza_wide)b->low + 1 : 0, b->high > 0 ? (aza_wide)b->high - 1 : 0);
    if (b->low > 0 && s->a.value->low >= 0 && s->a.value->high < s->out->high)
        s->out->high = s->a.value->high;
    put_linear(s, nothing, nothing);
}

/* ---- rounding ---- */

static aza_wide round_end(enum aza_rounding mode, aza_wide value, int64_t step, int64_t micro)
{
    aza_wide shifted = value;
    const aza_wide grain = (aza_wide)step * micro;
    if (mode == AZA_ROUND_UP)
        shifted += grain - 1;
    else if (mode == AZA_ROUND_NEAR)
        shifted += micro == 1 ? grain / 2 : (aza_wide)step * (micro / 2);
    return aza_wide_floor(aza_wide_floor(shifted, micro), step) * step;
}

static void round_to(const struct step *s, enum aza_rounding mode)
{
    const struct azq_value *a = s->a.value, *b = s->b.value;
    if (b->low <= 0)
        may_trap(s, AZV_TRAP_GRAIN);
    if (b->high <= 0) {
        no_value(s);
        return;
    }
    const int64_t micro =
        s->instruction->kind != s->prover->image->code[s->instruction->a].kind ? MICRO : 1;
    const int64_t least = b->low < 1 ? 1 : b->low, most = b->high;
    aza_wide low, high;
    if (least == most) {
        low = round_end(mode, a->low, most, micro);
        high = round_end(mode, a->high, most, micro);
    } else {
        low = aza_wide_floor(a->low, micro) - (mode == AZA_ROUND_UP ? 0 : (aza_wide)most);
        high = aza_wide_floor(a->high, micro) + (mode == AZA_ROUND_DOWN ? 0 : (aza_wide)most);
        high += mode != AZA_ROUND_DOWN && micro != 1; /* its fraction */
    }
    put_range(s, low, high);
    const aza_wide below = mode == AZA_ROUND_UP ? 0 : mode == AZA_ROUND_DOWN ? most : most / 2 + 1;
    const aza_wide above = mode == AZA_ROUND_DOWN ? 0 : mode == AZA_ROUND_UP ? most : most / 2 + 1;
    const struct azq_linear lower = scaled(s, s->a.lower, 1, micro, false),
                            upper = scaled(s, s->a.upper, 1, micro, true);
    put_linear(s, azq_linear_shift(&lower, -below), azq_linear_shift(&upper, above));
}

static void abstract_ROUND_DOWN(const struct step *s)
{
    round_to(s, AZA_ROUND_DOWN);
}

static void abstract_ROUND_UP(const struct step *s)
{
    round_to(s, AZA_ROUND_UP);
}

static void abstract_ROUND_NEAR(const struct step *s)
{
    round_to(s, AZA_ROUND_NEAR);
}

/* ---- choices ---- */

static void put_operand(const struct step *s, const struct operand *from)
{
    *s->out = *from->value;
    *s->lower = *from->lower;
    *s->upper = *from->upper;
}

/* Whatever either may be. */
static void put_either(const struct step *s, const struct operand *x, const struct operand *y)
{
    const bool of_x = x->value->states & AZQ_MAY_VALUE, of_y = y->value->states & AZQ_MAY_VALUE;
    const uint8_t states = x->value->states | y->value->states;
    const uint16_t traps = x->value->traps | y->value->traps;
    if (!of_x || !of_y) {
        put_operand(s, of_x ? x : y);
    } else {
        s->out->low = (int64_t)smaller(x->value->low, y->value->low);
        s->out->high = (int64_t)larger(x->value->high, y->value->high);
        s->out->must = x->value->must & y->value->must;
        s->out->may = x->value->may | y->value->may;
        *s->lower = azq_linear_hull(x->lower, y->lower, false, s->count);
        *s->upper = azq_linear_hull(x->upper, y->upper, true, s->count);
    }
    s->out->states = states;
    s->out->traps = traps;
}

/* The smaller of two, or, turned about, the larger one. */
static void choose(const struct step *s, bool larger_one)
{
    const struct azq_value *a = s->a.value, *b = s->b.value;
    const uint8_t states = s->out->states;
    const uint16_t traps = s->out->traps;
    if (larger_one ? a->low >= b->high : a->high <= b->low) {
        put_operand(s, &s->a);
    } else if (larger_one ? b->low >= a->high : b->high <= a->low) {
        put_operand(s, &s->b);
    } else {
        struct azq_linear lower = azq_linear_hull(s->a.lower, s->b.lower, false, s->count),
                          upper = azq_linear_hull(s->a.upper, s->b.upper, true, s->count);
        if (larger_one)
            lower = *better(s, s->a.lower, s->b.lower, false);
        else
            upper = *better(s, s->a.upper, s->b.upper, true);
        put_range(s, larger_one ? larger(a->low, b->low) : smaller(a->low, b->low),
                  larger_one ? larger(a->high, b->high) : smaller(a->high, b->high));
        put_linear(s, lower, upper);
    }
    s->out->states = states;
    s->out->traps = traps;
}

static void abstract_MIN(const struct step *s)
{
    choose(s, false);
}

static void abstract_MAX(const struct step *s)
{
    choose(s, true);
}

/* The condition's own traps and voids are there already, and are added to. */
static void choose_by(const struct step *s, const struct operand *if_true,
                      const struct operand *if_false)
{
    const struct azq_value *condition = s->a.value;
    const uint8_t states = s->out->states & (uint8_t)~AZQ_MAY_VALUE;
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

static void abstract_SELECT(const struct step *s)
{
    choose_by(s, &s->b, &s->c);
}

static void put_truth(const struct step *s, bool may_be_false, bool may_be_true)
{
    s->out->low = !may_be_false;
    s->out->high = may_be_true;
    *s->lower = *s->upper = nothing;
}

/* The slot whose value this one has when nobody overrides it. */
static uint32_t origin(struct azq_prover *prover, uint32_t slot)
{
    const struct azb_image *image = prover->image;
    while (image->code[slot].op == AZB_OP_SETTING && azq_work(prover, 1))
        slot = image->code[slot].a;
    return slot;
}

static void abstract_AND(const struct step *s)
{
    const bool open = s->a.value->low == 0 && s->a.value->high == 1;
    const int64_t high = s->b.value->states & AZQ_MAY_VALUE ? s->b.value->high : 0;
    choose_by(s, &s->b, &s->a);
    if (open)
        s->out->high = high;
}

/* `not p or p`: a guard that says what its invariant says. */
static bool is_tautology(const struct step *s)
{
    const struct azb_image *image = s->prover->image;
    const struct azb_instruction *a = &image->code[s->instruction->a];
    return a->op == AZB_OP_NOT && origin(s->prover, a->a) == origin(s->prover, s->instruction->b);
}

static void abstract_OR(const struct step *s)
{
    if (is_tautology(s)) {
        put_truth(s, false, true);
        return;
    }
    const bool open = s->a.value->low == 0 && s->a.value->high == 1;
    const int64_t low = s->b.value->states & AZQ_MAY_VALUE ? s->b.value->low : 1;
    choose_by(s, &s->a, &s->b);
    if (open)
        s->out->low = low;
}

static void abstract_ELSE(const struct step *s)
{
    const uint8_t states = s->a.value->states;
    if (!(states & AZQ_MAY_VOID)) {
        put_operand(s, &s->a);
    } else if (states == AZQ_MAY_VOID) {
        put_operand(s, &s->b);
    } else {
        put_either(s, &s->a, &s->b);
        if (!(s->b.value->states & AZQ_MAY_VOID))
            s->out->states &= (uint8_t)~AZQ_MAY_VOID;
    }
}

static void abstract_KNOWN(const struct step *s)
{
    const struct azq_value *a = s->a.value;
    s->out->states = AZQ_MAY_VALUE | (a->states & AZQ_MAY_TRAP);
    s->out->traps = a->traps;
    if (a->states == AZQ_MAY_TRAP)
        no_value(s);
    put_truth(s, a->states & AZQ_MAY_VOID, a->states & AZQ_MAY_VALUE);
}

static void abstract_NOT(const struct step *s)
{
    put_truth(s, s->a.value->high == 1, s->a.value->low == 0);
}

/* ---- comparisons ---- */

static void abstract_LT(const struct step *s)
{
    const bool never = s->instruction->a == s->instruction->b ||
                       azq_at_least(s->prover, s->walk, s->instruction->b, s->instruction->a, 0);
    const bool always =
        !never && azq_at_least(s->prover, s->walk, s->instruction->a, s->instruction->b, 1);
    put_truth(s, !always, !never);
}

static void abstract_LE(const struct step *s)
{
    const bool always = s->instruction->a == s->instruction->b ||
                        azq_at_least(s->prover, s->walk, s->instruction->a, s->instruction->b, 0);
    const bool never =
        !always && azq_at_least(s->prover, s->walk, s->instruction->b, s->instruction->a, 1);
    put_truth(s, !always, !never);
}

static bool is_textual(unsigned kind)
{
    return kind == AZB_TEXT || kind == AZB_ENUM || kind == AZB_LIST;
}

static bool is_one_name(uint64_t set)
{
    return set != 0 && (set & (set - 1)) == 0 && set != AZQ_OTHER;
}

static void abstract_EQ(const struct step *s)
{
    const struct azq_value *a = s->a.value, *b = s->b.value;
    const unsigned kind = s->prover->image->code[s->instruction->a].kind;
    if (origin(s->prover, s->instruction->a) == origin(s->prover, s->instruction->b)) {
        put_truth(s, false, true);
    } else if (!is_textual(kind)) {
        const bool apart = a->high < b->low || b->high < a->low;
        const bool equal = is_point(a) && is_point(b) && a->low == b->low;
        put_truth(s, !equal, !apart);
    } else if (kind == AZB_LIST) {
        const bool apart = (a->must & ~b->may) != 0 || (b->must & ~a->may) != 0;
        const bool equal =
            (a->may == 0 && b->may == 0) ||
            (is_one_name(a->must) && a->must == a->may && a->may == b->may && b->must == b->may);
        put_truth(s, !equal, !apart);
    } else {
        put_truth(s, !(is_one_name(a->may) && a->may == b->may), (a->may & b->may) != 0);
    }
}

/* ---- names ---- */

static void put_names(const struct step *s, uint64_t must, uint64_t may)
{
    s->out->must = must & ~AZQ_OTHER;
    s->out->may = may;
    *s->lower = *s->upper = nothing;
}

static void abstract_HAS(const struct step *s)
{
    const struct azq_value *list = s->a.value, *name = s->b.value;
    put_truth(s, (name->may & ~list->must) != 0, (name->may & list->may) != 0);
}

/* Lists and texts have a largest length, which is the operator's to exceed: not a claim of ours. */
static void abstract_KEEP(const struct step *s)
{
    put_names(s, s->a.value->must & s->b.value->must, s->a.value->may & s->b.value->may);
}

static void abstract_DROP(const struct step *s)
{
    put_names(s, s->a.value->must & ~s->b.value->may, s->a.value->may & ~s->b.value->must);
}

static void abstract_JOIN(const struct step *s)
{
    put_names(s, s->a.value->must | s->b.value->must, s->a.value->may | s->b.value->may);
}

/* A list read as a text is one text, whose name is not that of its members. */
static void put_as_text(const struct step *s)
{
    const unsigned kind = s->prover->image->code[s->instruction->a].kind;
    put_operand(s, &s->a);
    if (kind != AZB_TEXT && kind != AZB_ENUM)
        put_names(s, 0, UINT64_MAX);
}

static void abstract_TEXT(const struct step *s)
{
    put_as_text(s);
}

static void abstract_CONCAT(const struct step *s)
{
    put_names(s, 0, UINT64_MAX);
}

/* ---- where values come from ---- */

static void abstract_CONST(const struct step *s)
{
    const int64_t value = s->instruction->immediate;
    if (!is_textual(s->instruction->kind)) {
        put_point(s, value);
        return;
    }
    if (s->prover->work < 0) {
        put_names(s, 0, UINT64_MAX);
        return;
    }
    const char *text = azb_string(s->prover->image, (uint32_t)value);
    const uint64_t set = s->instruction->kind == AZB_LIST ? azq_list_set(s->prover, text)
                                                          : azq_text_set(s->prover, text);
    put_names(s, set, set);
}

static void abstract_VOID(const struct step *s)
{
    s->out->states = AZQ_MAY_VOID;
}

static void abstract_INPUT(const struct step *s)
{
    const uint32_t input = (uint32_t)s->instruction->immediate;
    const struct azq_range *range = &s->walk->box[input];
    const int number = s->prover->number_of[input];
    s->out->states = (uint8_t)((range->may_be_known ? AZQ_MAY_VALUE : 0) |
                               (range->may_be_unknown ? AZQ_MAY_VOID : 0));
    s->out->low = range->low;
    s->out->high = range->high;
    s->out->must = range->must;
    s->out->may = range->may;
    if (number < 0) {
        *s->lower = *s->upper = nothing;
        return;
    }
    *s->lower = azq_linear_constant(range->low);
    s->lower->slope[number] = (aza_wide)1 << AZQ_SHIFT;
    *s->upper = *s->lower;
}

static void abstract_GIVEN(const struct step *s)
{
    const struct azq_range *range = &s->walk->box[s->instruction->immediate];
    put_truth(s, range->may_be_default, range->may_be_given);
}

/* Whether every value of the slot is a multiple of the grain, by how it was made. */
static bool has_grain(struct azq_prover *prover, const struct azq_walk *walk, uint32_t slot,
                      int64_t grain, int depth)
{
    const struct azb_instruction *i = &prover->image->code[slot];
    const struct azq_value *value = &walk->values[slot];
    if (grain <= 1 || (is_point(value) && value->low % grain == 0))
        return true;
    if (depth == 0 || !azq_work(prover, 1) || !(value->states & AZQ_MAY_VALUE))
        return !(value->states & AZQ_MAY_VALUE);
    const struct azq_value *b = &walk->values[i->b];
    switch (i->op) {
    case AZB_OP_ROUND_DOWN:
    case AZB_OP_ROUND_UP:
    case AZB_OP_ROUND_NEAR:
        return is_point(b) && b->low % grain == 0;
    case AZB_OP_SETTING:
        return has_grain(prover, walk, i->a, grain, depth - 1);
    case AZB_OP_ADD:
    case AZB_OP_SUB:
    case AZB_OP_MIN:
    case AZB_OP_MAX:
    case AZB_OP_ELSE:
        return has_grain(prover, walk, i->a, grain, depth - 1) &&
               has_grain(prover, walk, i->b, grain, depth - 1);
    case AZB_OP_MUL:
        return has_grain(prover, walk, i->a, grain, depth - 1) ||
               has_grain(prover, walk, i->b, grain, depth - 1);
    case AZB_OP_SELECT:
        return (walk->values[i->a].high == 0 || has_grain(prover, walk, i->b, grain, depth - 1)) &&
               (walk->values[i->a].low == 1 || has_grain(prover, walk, i->c, grain, depth - 1));
    default:
        return false;
    }
}

/* A member that the table does not have may be any of the others. */
static uint64_t member_set(const struct step *s, const struct azb_setting *setting)
{
    uint64_t set = 0;
    const struct azb_image *image = s->prover->image;
    for (uint32_t i = 0; i < setting->member_count; i++)
        set |= azq_text_set(s->prover, azb_string(image, image->words[setting->members + i]));
    return set;
}

static void abstract_SETTING(const struct step *s)
{
    enum { DEPTH = 24 };
    const struct azb_setting *setting = &s->prover->image->settings[s->instruction->immediate];
    if (setting->kind == AZB_TEXT)
        put_as_text(s);
    else
        put_operand(s, &s->a);
    if (!(s->out->states & AZQ_MAY_VALUE))
        return;
    if (setting->kind == AZB_ENUM) {
        const uint64_t members = member_set(s, setting);
        if (s->out->may & ~(members & ~AZQ_OTHER))
            may_trap(s, AZV_TRAP_MEMBER);
        s->out->may &= members;
        if (s->out->may == 0)
            no_value(s);
    }
    if (!azb_is_number(setting->kind))
        return;
    if (s->out->low < setting->low || s->out->high > setting->high)
        may_trap(s, AZV_TRAP_RANGE);
    if (!has_grain(s->prover, s->walk, s->instruction->a, setting->grain, DEPTH) &&
        !(is_point(s->out) && s->out->low == -setting->unit))
        may_trap(s, AZV_TRAP_STEP);
    if (s->out->high < setting->low || s->out->low > setting->high) {
        no_value(s);
        return;
    }
    s->out->low = (int64_t)larger(s->out->low, setting->low);
    s->out->high = (int64_t)smaller(s->out->high, setting->high);
}

/* ---- one instruction, and all ---- */

enum operand_class { NONE, SLOT, OPT };

static const struct operation {
    void (*walk)(const struct step *s);
    enum operand_class operands[3];
} operations[AZB_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate) {abstract_##name, {a, b, c}},
#include "opcodes.def"
#undef X
};

static bool is_needed(unsigned op, unsigned operand)
{
    const bool lazy = operand == 1 && (op == AZB_OP_AND || op == AZB_OP_OR);
    return operations[op].operands[operand] == SLOT && !lazy;
}

static struct operand operand_of(const struct azq_walk *walk, uint16_t slot)
{
    return (struct operand){&walk->values[slot], &walk->lower[slot], &walk->upper[slot]};
}

static void walk_one(struct azq_prover *prover, struct azq_walk *walk, uint32_t n)
{
    const struct azb_instruction *i = &prover->image->code[n];
    azq_work(prover, 1);
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
    const struct azq_value *values[3] = {s.a.value, s.b.value, s.c.value};
    *s.out = (struct azq_value){.states = AZQ_MAY_VALUE};
    s.lower->there = s.upper->there = false;
    for (unsigned k = 0; k < 3; k++) {
        if (!is_needed(i->op, k))
            continue;
        s.out->states |= values[k]->states & (AZQ_MAY_VOID | AZQ_MAY_TRAP);
        s.out->traps |= values[k]->traps;
        if (!(values[k]->states & AZQ_MAY_VALUE))
            no_value(&s);
    }
    if (s.out->states & AZQ_MAY_VALUE)
        operations[i->op].walk(&s);
    azq_assume(prover, walk, n, s.out);
}

void azq_walk(struct azq_prover *prover, struct azq_walk *walk)
{
    for (uint32_t n = 0; n < prover->order_count; n++)
        walk_one(prover, walk, prover->order[n]);
}
