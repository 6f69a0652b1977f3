/* Linear bounds in fixed-point integers (struct prove_linear).
 *
 * A bound has one slope per number input and a base, all scaled by 2^PROVE_SHIFT. The inputs are
 * measured from their low end, so every coordinate is between 0 and the input's width. It follows
 * that rounding base and slopes in one direction moves the whole bound in that direction, and that
 * the extremes over the box are the base plus the negative, or the positive, slopes times widths.
 *
 * A result that does not fit 128 bits becomes a bound that is not there. That is always sound: the
 * interval remains. */
#include "prove/parts.h"

static bool wide_add(base_wide a, base_wide b, base_wide *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static bool wide_multiply(base_wide a, base_wide b, base_wide *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* The quotient by a positive number, rounded down or up; C rounds toward 0. */
static base_wide divide_outward(base_wide a, base_wide b, bool up)
{
    const base_wide quotient = a / b, rest = a % b;
    if (rest == 0)
        return quotient;
    return up ? quotient + (rest > 0) : quotient - (rest < 0);
}

bool prove_linear_ends(const struct prove_linear *linear, const int64_t *widths, uint32_t count,
                       base_wide *least, base_wide *most)
{
    if (!linear->there)
        return false;
    *least = *most = linear->base;
    for (uint32_t i = 0; i < count; i++) {
        base_wide reach;
        if (linear->slope[i] == 0)
            continue;
        if (!wide_multiply(linear->slope[i], (uint64_t)widths[i], &reach))
            return false;
        base_wide *end = reach < 0 ? least : most;
        if (!wide_add(*end, reach, end))
            return false;
    }
    return true;
}

struct prove_linear prove_linear_constant(base_wide value)
{
    struct prove_linear out = {.there = false};
    out.there = wide_multiply(value, (base_wide)1 << PROVE_SHIFT, &out.base);
    return out;
}

struct prove_linear prove_linear_sum(const struct prove_linear *a, const struct prove_linear *b,
                                     uint32_t count)
{
    struct prove_linear out = {.there = a->there && b->there};
    if (!out.there || !wide_add(a->base, b->base, &out.base))
        return (struct prove_linear){.there = false};
    for (uint32_t i = 0; i < count; i++)
        if (!wide_add(a->slope[i], b->slope[i], &out.slope[i]))
            return (struct prove_linear){.there = false};
    return out;
}

static bool scale_outward(base_wide a, base_wide factor, base_wide divisor, bool up, base_wide *out)
{
    base_wide product;
    if (!wide_multiply(a, factor, &product))
        return false;
    *out = divisor == 1 ? product : divide_outward(product, divisor, up);
    return true;
}

struct prove_linear prove_linear_scale(const struct prove_linear *a, base_wide factor,
                                       base_wide divisor, bool up, uint32_t count)
{
    struct prove_linear out = {.there = a->there};
    if (!out.there || !scale_outward(a->base, factor, divisor, up, &out.base))
        return (struct prove_linear){.there = false};
    for (uint32_t i = 0; i < count; i++)
        if (a->slope[i] != 0 && !scale_outward(a->slope[i], factor, divisor, up, &out.slope[i]))
            return (struct prove_linear){.there = false};
    return out;
}

struct prove_linear prove_linear_shift(const struct prove_linear *a, base_wide value)
{
    struct prove_linear out = *a;
    base_wide shift;
    out.there = a->there && wide_multiply(value, (base_wide)1 << PROVE_SHIFT, &shift) &&
                wide_add(out.base, shift, &out.base);
    return out;
}

struct prove_linear prove_linear_hull(const struct prove_linear *a, const struct prove_linear *b,
                                      bool up, uint32_t count)
{
    struct prove_linear out = {.there = a->there && b->there};
    if (!out.there)
        return out;
    out.base = (a->base < b->base) != up ? a->base : b->base;
    for (uint32_t i = 0; i < count; i++)
        out.slope[i] = (a->slope[i] < b->slope[i]) != up ? a->slope[i] : b->slope[i];
    return out;
}

void prove_linear_add(struct prove_linear *total, const struct prove_linear *bound, int64_t factor,
                      uint32_t count)
{
    base_wide product;
    total->there = total->there && bound->there && wide_multiply(bound->base, factor, &product) &&
                   wide_add(total->base, product, &total->base);
    for (uint32_t i = 0; total->there && i < count; i++)
        if (bound->slope[i] != 0)
            total->there = wide_multiply(bound->slope[i], factor, &product) &&
                           wide_add(total->slope[i], product, &total->slope[i]);
}
