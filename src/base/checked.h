/* Arithmetic on values, checked.
 *
 * Every number a rule can compute is a 64-bit integer, and every operation on one goes through this
 * header: it returns false instead of wrapping, and products and quotients are computed in 128
 * bits. The result is undefined where a function returns false. Division rounds toward minus
 * infinity, whatever the signs. Nothing here is floating point, so the same rules give the same
 * bits on every machine. */
#ifndef AZA_BASE_CHECKED_H
#define AZA_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

typedef __int128 base_wide;

static inline bool base_add(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static inline bool base_sub(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}

static inline bool base_mul(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* The value in 64 bits; false if it does not fit. */
static inline bool base_narrow(base_wide wide, int64_t *out)
{
    if (wide < INT64_MIN || wide > INT64_MAX)
        return false;
    *out = (int64_t)wide;
    return true;
}

/* floor(a / b); b is not 0. C rounds toward zero, so a negative quotient that is not whole is one
 * too large. */
static inline base_wide base_wide_floor(base_wide a, int64_t b)
{
    base_wide quotient = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

/* floor(a * b / c); false when c is 0 or the result needs more than 64 bits. */
static inline bool base_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    return c != 0 && base_narrow(base_wide_floor((base_wide)a * b, c), out);
}

enum base_rounding { BASE_ROUND_DOWN, BASE_ROUND_UP, BASE_ROUND_NEAR };

/* a as a multiple of grain (which is positive): the one below, the one above, or the nearest with
 * halves going up; false on a grain of 0 or less and on overflow. */
static inline bool base_round(enum base_rounding mode, int64_t a, int64_t grain, int64_t *out)
{
    if (grain <= 0)
        return false;
    base_wide shifted = a;
    if (mode == BASE_ROUND_UP)
        shifted += grain - 1;
    else if (mode == BASE_ROUND_NEAR)
        shifted += grain / 2;
    return base_narrow(base_wide_floor(shifted, grain) * grain, out);
}

#endif
