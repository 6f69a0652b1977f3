/* Sums, products, quotients and roundings on abstract values; the invariant is at the head of
 * transfer.c.
 *
 * Each result has an interval and two linear bounds. The interval comes from the ends of the
 * operands' intervals, in 128 bits; the part outside 64 bits becomes an overflow trap (put_range).
 * Sums and products with a constant have exact linear bounds. A product of two variables is bounded
 * by McCormick's envelope: of the two planes on each side, the one that is tighter in the middle of
 * the box. A quotient by a range takes the hull of the quotients by both ends. Roundings shift the
 * bounds by the most that they can move a value. Remainders keep their interval only. */
#include "prove/step.h"

void prove_abstract_ADD(const struct step *s)
{
    put_range(s, (base_wide)s->a.value->low + s->b.value->low,
              (base_wide)s->a.value->high + s->b.value->high);
    put_linear(s, linear_sum(s, s->a.lower, s->b.lower), linear_sum(s, s->a.upper, s->b.upper));
}

void prove_abstract_SUB(const struct step *s)
{
    const struct prove_linear below = linear_scaled(s, s->b.upper, -1, 1, false),
                              above = linear_scaled(s, s->b.lower, -1, 1, true);
    put_range(s, (base_wide)s->a.value->low - s->b.value->high,
              (base_wide)s->a.value->high - s->b.value->low);
    put_linear(s, linear_sum(s, s->a.lower, &below), linear_sum(s, s->a.upper, &above));
}

/* A product that has not been narrowed to 64 bits yet. */
struct product {
    base_wide low, high;
    struct prove_linear lower, upper;
};

static struct product product_with_constant(const struct step *s, const struct operand *x,
                                            int64_t factor)
{
    const bool turns = factor < 0;
    const base_wide one = (base_wide)x->value->low * factor,
                    two = (base_wide)x->value->high * factor;
    return (struct product){prove_smaller(one, two), prove_larger(one, two),
                            linear_scaled(s, turns ? x->upper : x->lower, factor, 1, false),
                            linear_scaled(s, turns ? x->lower : x->upper, factor, 1, true)};
}

/* x_factor * x + y_factor * y - x_factor * y_factor: a plane through McCormick's envelope of x * y.
 */
static struct prove_linear envelope_plane(const struct step *s, const struct prove_linear *x,
                                          int64_t x_factor, const struct prove_linear *y,
                                          int64_t y_factor, bool up)
{
    const struct prove_linear of_x = linear_scaled(s, x, x_factor, 1, up),
                              of_y = linear_scaled(s, y, y_factor, 1, up),
                              both = linear_sum(s, &of_x, &of_y);
    return prove_linear_shift(&both, -(base_wide)x_factor * y_factor);
}

/* Requires both operands to be 0 or more. Only then are the planes' factors, the ends of the other
 * operand, never negative, and a lower bound of an operand stays one when it is multiplied. */
static void bound_by_envelope(const struct step *s, const struct operand *x,
                              const struct operand *y, struct product *out)
{
    const struct prove_value *p = x->value, *q = y->value;
    const struct prove_linear low1 = envelope_plane(s, x->lower, q->low, y->lower, p->low, false),
                              low2 = envelope_plane(s, x->lower, q->high, y->lower, p->high, false),
                              high1 = envelope_plane(s, x->upper, q->low, y->upper, p->high, true),
                              high2 = envelope_plane(s, x->upper, q->high, y->upper, p->low, true);
    out->lower = *tighter_bound(s, &low1, &low2, false);
    out->upper = *tighter_bound(s, &high1, &high2, true);
}

static struct product product_of(const struct step *s, const struct operand *x,
                                 const struct operand *y)
{
    if (prove_is_point(y->value))
        return product_with_constant(s, x, y->value->low);
    if (prove_is_point(x->value))
        return product_with_constant(s, y, x->value->low);
    const base_wide ends[4] = {
        (base_wide)x->value->low * y->value->low, (base_wide)x->value->low * y->value->high,
        (base_wide)x->value->high * y->value->low, (base_wide)x->value->high * y->value->high};
    struct product out = {ends[0], ends[0], nothing, nothing};
    for (int i = 1; i < 4; i++) {
        out.low = prove_smaller(out.low, ends[i]);
        out.high = prove_larger(out.high, ends[i]);
    }
    if (x->value->low >= 0 && y->value->low >= 0)
        bound_by_envelope(s, x, y, &out);
    return out;
}

void prove_abstract_MUL(const struct step *s)
{
    const struct product product = product_of(s, &s->a, &s->b);
    put_range(s, product.low, product.high);
    put_linear(s, product.lower, product.upper);
}

/* floor(product / divisor) for every divisor of low .. high, which does not contain 0. The quotient
 * is monotonic in both, so its extremes are at the four corners. */
static void quotient_by_range(const struct step *s, const struct product *product, int64_t low,
                              int64_t high)
{
    const base_wide ends[4] = {
        base_wide_floor(product->low, low), base_wide_floor(product->low, high),
        base_wide_floor(product->high, low), base_wide_floor(product->high, high)};
    base_wide least = ends[0], most = ends[0];
    for (int i = 1; i < 4; i++) {
        least = prove_smaller(least, ends[i]);
        most = prove_larger(most, ends[i]);
    }
    put_range(s, least, most);
    struct prove_linear lower = nothing, upper = nothing;
    if (low > 0) {
        /* Where the product is negative, the other end of the divisor is the far one. */
        const struct prove_linear part = prove_linear_constant(-1);
        const struct prove_linear least1 = linear_scaled(s, &product->lower, 1, high, false),
                                  least2 = linear_scaled(s, &product->lower, 1, low, false),
                                  most1 = linear_scaled(s, &product->upper, 1, low, true),
                                  most2 = linear_scaled(s, &product->upper, 1, high, true);
        const bool whole = low == high || product->low >= 0;
        lower = whole ? least1 : prove_linear_hull(&least1, &least2, false, s->count);
        upper = whole ? most1 : prove_linear_hull(&most1, &most2, true, s->count);
        lower = linear_sum(s, &lower, &part); /* the floor takes less than one */
    }
    put_linear(s, lower, upper);
}

/* floor(product / b), without the part of b that is 0. */
static void quotient_by(const struct step *s, const struct product *product,
                        const struct prove_value *b)
{
    int64_t low = b->low, high = b->high;
    if (low <= 0 && high >= 0)
        may_trap(s, VM_TRAP_DIVISOR);
    if (low == 0)
        low = 1;
    if (high == 0)
        high = -1;
    if (low > high) {
        no_value(s);
        return;
    }
    if (low < 0 && high > 0) { /* the divisors -1 and 1 give the extremes */
        const base_wide most = prove_larger(prove_larger(product->high, -product->high),
                                            prove_larger(product->low, -product->low));
        put_range(s, -most, most);
        put_linear(s, nothing, nothing);
        return;
    }
    quotient_by_range(s, product, low, high);
}

void prove_abstract_SCALE(const struct step *s)
{
    const struct product product = product_of(s, &s->a, &s->b);
    quotient_by_range(s, &product, PROVE_MICRO, PROVE_MICRO);
}

void prove_abstract_DIV(const struct step *s)
{
    const struct product product = product_with_constant(s, &s->a, 1);
    quotient_by(s, &product, s->b.value);
}

void prove_abstract_QUOTIENT(const struct step *s)
{
    const struct product product = product_with_constant(s, &s->a, PROVE_MICRO);
    quotient_by(s, &product, s->b.value);
}

void prove_abstract_UNSCALE(const struct step *s)
{
    prove_abstract_QUOTIENT(s);
}

void prove_abstract_MULDIV(const struct step *s)
{
    const struct product product = product_of(s, &s->a, &s->b);
    quotient_by(s, &product, s->c.value);
}

void prove_abstract_MOD(const struct step *s)
{
    const struct prove_value *b = s->b.value;
    if (b->low <= 0 && b->high >= 0)
        may_trap(s, VM_TRAP_DIVISOR);
    if (b->low == 0 && b->high == 0) {
        no_value(s);
        return;
    }
    /* The remainder has the sign of the divisor, because division rounds down. */
    put_range(s, b->low < 0 ? (base_wide)b->low + 1 : 0, b->high > 0 ? (base_wide)b->high - 1 : 0);
    if (b->low > 0 && s->a.value->low >= 0 && s->a.value->high < s->out->high)
        s->out->high = s->a.value->high;
    put_linear(s, nothing, nothing);
}

/* --- rounding --- */

/* One end after rounding with a known step; `micro` is PROVE_MICRO where a ratio becomes a whole
 * number. The same steps as in vm/run.c, without its overflow. */
static base_wide rounded_end(enum base_rounding mode, base_wide value, int64_t step, int64_t micro)
{
    base_wide shifted = value;
    const base_wide grain = (base_wide)step * micro;
    if (mode == BASE_ROUND_UP)
        shifted += grain - 1;
    else if (mode == BASE_ROUND_NEAR)
        shifted += micro == 1 ? grain / 2 : (base_wide)step * (micro / 2);
    return base_wide_floor(base_wide_floor(shifted, micro), step) * step;
}

static void put_rounded(const struct step *s, enum base_rounding mode)
{
    const struct prove_value *a = s->a.value, *b = s->b.value;
    if (b->low <= 0)
        may_trap(s, VM_TRAP_GRAIN);
    if (b->high <= 0) {
        no_value(s);
        return;
    }
    const int64_t micro =
        s->instruction->kind != s->prover->image->code[s->instruction->a].kind ? PROVE_MICRO : 1;
    const int64_t least = b->low < 1 ? 1 : b->low, most = b->high;
    base_wide low, high;
    if (least == most) {
        low = rounded_end(mode, a->low, most, micro);
        high = rounded_end(mode, a->high, most, micro);
    } else { /* an unknown step moves a value by less than the largest one */
        low = base_wide_floor(a->low, micro) - (mode == BASE_ROUND_UP ? 0 : (base_wide)most);
        high = base_wide_floor(a->high, micro) + (mode == BASE_ROUND_DOWN ? 0 : (base_wide)most);
        high += mode != BASE_ROUND_DOWN && micro != 1; /* its fraction */
    }
    put_range(s, low, high);
    const base_wide below = mode == BASE_ROUND_UP     ? 0
                            : mode == BASE_ROUND_DOWN ? most
                                                      : most / 2 + 1;
    const base_wide above = mode == BASE_ROUND_DOWN ? 0
                            : mode == BASE_ROUND_UP ? most
                                                    : most / 2 + 1;
    const struct prove_linear lower = linear_scaled(s, s->a.lower, 1, micro, false),
                              upper = linear_scaled(s, s->a.upper, 1, micro, true);
    put_linear(s, prove_linear_shift(&lower, -below), prove_linear_shift(&upper, above));
}

void prove_abstract_ROUND_DOWN(const struct step *s)
{
    put_rounded(s, BASE_ROUND_DOWN);
}

void prove_abstract_ROUND_UP(const struct step *s)
{
    put_rounded(s, BASE_ROUND_UP);
}

void prove_abstract_ROUND_NEAR(const struct step *s)
{
    put_rounded(s, BASE_ROUND_NEAR);
}
