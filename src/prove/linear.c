/* Linear bounds in fixed-point integers. Whatever does not fit 128 bits makes a bound that is not
 * there, which is always sound: the intervals remain. */
#include "prove/parts.h"

static bool add(aza_wide a, aza_wide b, aza_wide *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static bool multiply(aza_wide a, aza_wide b, aza_wide *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static aza_wide divide(aza_wide a, aza_wide b, bool up)
{
    const aza_wide quotient = a / b, rest = a % b;
    if (rest == 0)
        return quotient;
    return up ? quotient + (rest > 0) : quotient - (rest < 0);
}

bool azq_linear_ends(const struct azq_linear *linear, const int64_t *widths, uint32_t count,
                     aza_wide *least, aza_wide *most)
{
    if (!linear->there)
        return false;
    *least = *most = linear->base;
    for (uint32_t i = 0; i < count; i++) {
        aza_wide reach;
        if (linear->slope[i] == 0)
            continue;
        if (!multiply(linear->slope[i], (uint64_t)widths[i], &reach))
            return false;
        aza_wide *end = reach < 0 ? least : most;
        if (!add(*end, reach, end))
            return false;
    }
    return true;
}

struct azq_linear azq_linear_constant(aza_wide value)
{
    struct azq_linear out = {.there = false};
    out.there = multiply(value, (aza_wide)1 << AZQ_SHIFT, &out.base);
    return out;
}

struct azq_linear azq_linear_sum(const struct azq_linear *a, const struct azq_linear *b,
                                 uint32_t count)
{
    struct azq_linear out = {.there = a->there && b->there};
    if (!out.there || !add(a->base, b->base, &out.base))
        return (struct azq_linear){.there = false};
    for (uint32_t i = 0; i < count; i++)
        if (!add(a->slope[i], b->slope[i], &out.slope[i]))
            return (struct azq_linear){.there = false};
    return out;
}

static bool scale(aza_wide a, aza_wide factor, aza_wide divisor, bool up, aza_wide *out)
{
    aza_wide product;
    if (!multiply(a, factor, &product))
        return false;
    *out = divisor == 1 ? product : divide(product, divisor, up);
    return true;
}

struct azq_linear azq_linear_scale(const struct azq_linear *a, aza_wide factor, aza_wide divisor,
                                   bool up, uint32_t count)
{
    struct azq_linear out = {.there = a->there};
    if (!out.there || !scale(a->base, factor, divisor, up, &out.base))
        return (struct azq_linear){.there = false};
    for (uint32_t i = 0; i < count; i++)
        if (a->slope[i] != 0 && !scale(a->slope[i], factor, divisor, up, &out.slope[i]))
            return (struct azq_linear){.there = false};
    return out;
}

struct azq_linear azq_linear_shift(const struct azq_linear *a, aza_wide value)
{
    struct azq_linear out = *a;
    aza_wide shift;
    out.there = a->there && multiply(value, (aza_wide)1 << AZQ_SHIFT, &shift) &&
                add(out.base, shift, &out.base);
    return out;
}

struct azq_linear azq_linear_hull(const struct azq_linear *a, const struct azq_linear *b, bool up,
                                  uint32_t count)
{
    struct azq_linear out = {.there = a->there && b->there};
    if (!out.there)
        return out;
    out.base = (a->base < b->base) != up ? a->base : b->base;
    for (uint32_t i = 0; i < count; i++)
        out.slope[i] = (a->slope[i] < b->slope[i]) != up ? a->slope[i] : b->slope[i];
    return out;
}

void azq_linear_add(struct azq_linear *total, const struct azq_linear *bound, int64_t factor,
                    uint32_t count)
{
    aza_wide product;
    total->there = total->there && bound->there && multiply(bound->base, factor, &product) &&
                   add(total->base, product, &total->base);
    for (uint32_t i = 0; total->there && i < count; i++)
        if (bound->slope[i] != 0)
            total->there = multiply(bound->slope[i], factor, &product) &&
                           add(total->slope[i], product, &total->slope[i]);
}
