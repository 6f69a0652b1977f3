/* One instruction of a walk, and the helpers that record its results: for transfer.c and
 * arithmetic.c only.
 *
 * The function of an opcode is called if every operand that it requires may have a value. `out`
 * already has the states and traps inherited from the operands; the function adds the rest. Linear
 * bounds that it does not set are not there. */
#ifndef AZA_PROVE_STEP_H
#define AZA_PROVE_STEP_H

#include "prove/parts.h"

struct operand {
    const struct prove_value *value;
    const struct prove_linear *lower, *upper;
};

struct step {
    struct prover *prover;
    struct prove_walk *walk;
    const struct image_instruction *instruction;
    uint32_t count; /* of numbers that linear bounds know of */
    struct operand a, b, c;
    struct prove_value *out;
    struct prove_linear *lower, *upper;
};

static const struct prove_linear nothing = {.there = false};

static inline void may_trap(const struct step *s, enum vm_trap trap)
{
    s->out->states |= PROVE_MAY_TRAP;
    s->out->traps |= (uint16_t)(1U << trap);
}

static inline void no_value(const struct step *s)
{
    s->out->states &= (uint8_t)~PROVE_MAY_VALUE;
}

/* Sets the range; the part outside 64 bits is an overflow trap. */
static inline void put_range(const struct step *s, base_wide low, base_wide high)
{
    if (low < INT64_MIN || high > INT64_MAX)
        may_trap(s, VM_TRAP_OVERFLOW);
    if (high < INT64_MIN || low > INT64_MAX) {
        no_value(s);
        return;
    }
    s->out->low = low < INT64_MIN ? INT64_MIN : (int64_t)low;
    s->out->high = high > INT64_MAX ? INT64_MAX : (int64_t)high;
}

static inline base_wide floor_shift(base_wide value)
{
    return value >> PROVE_SHIFT;
}

static inline base_wide ceiling_shift(base_wide value)
{
    const base_wide below = floor_shift(value);
    return below + (below * ((base_wide)1 << PROVE_SHIFT) != value);
}

/* Sets the linear bounds, and narrows the interval by their ends over the box. An end that would
 * leave the interval empty is not used: the slot may trap on all such machines. */
static inline void put_linear(const struct step *s, struct prove_linear lower,
                              struct prove_linear upper)
{
    base_wide least, most;
    *s->lower = lower;
    *s->upper = upper;
    if (!(s->out->states & PROVE_MAY_VALUE))
        return;
    if (prove_linear_ends(&lower, s->walk->widths, s->count, &least, &most)) {
        const base_wide low = ceiling_shift(least);
        if (low > s->out->low && low <= s->out->high)
            s->out->low = (int64_t)low;
    }
    if (prove_linear_ends(&upper, s->walk->widths, s->count, &least, &most)) {
        const base_wide high = floor_shift(most);
        if (high < s->out->high && high >= s->out->low)
            s->out->high = (int64_t)high;
    }
}

static inline void put_point(const struct step *s, int64_t value)
{
    s->out->low = s->out->high = value;
    *s->lower = *s->upper = prove_linear_constant(value);
}

/* Of two lower bounds, or two upper ones (`up`), the one that is tighter in the middle of the box.
 */
static inline const struct prove_linear *tighter_bound(const struct step *s,
                                                       const struct prove_linear *x,
                                                       const struct prove_linear *y, bool up)
{
    base_wide x_least, x_most, y_least, y_most;
    if (!prove_linear_ends(x, s->walk->widths, s->count, &x_least, &x_most))
        return y;
    if (!prove_linear_ends(y, s->walk->widths, s->count, &y_least, &y_most))
        return x;
    const bool x_smaller = x_least / 2 + x_most / 2 < y_least / 2 + y_most / 2;
    return x_smaller == up ? x : y;
}

static inline struct prove_linear linear_sum(const struct step *s, const struct prove_linear *x,
                                             const struct prove_linear *y)
{
    return prove_linear_sum(x, y, s->count);
}

static inline struct prove_linear linear_scaled(const struct step *s, const struct prove_linear *x,
                                                base_wide factor, base_wide divisor, bool up)
{
    return prove_linear_scale(x, factor, divisor, up, s->count);
}

/* arithmetic.c: by the opcodes' names. */
void prove_abstract_ADD(const struct step *s);
void prove_abstract_SUB(const struct step *s);
void prove_abstract_MUL(const struct step *s);
void prove_abstract_SCALE(const struct step *s);
void prove_abstract_DIV(const struct step *s);
void prove_abstract_QUOTIENT(const struct step *s);
void prove_abstract_UNSCALE(const struct step *s);
void prove_abstract_MULDIV(const struct step *s);
void prove_abstract_MOD(const struct step *s);
void prove_abstract_ROUND_DOWN(const struct step *s);
void prove_abstract_ROUND_UP(const struct step *s);
void prove_abstract_ROUND_NEAR(const struct step *s);

#endif
