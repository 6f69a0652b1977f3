/* What the files of this directory share; internal to it and its tests.
 *
 * A box gives every input a range. Walking the code over a box gives every slot an abstract value,
 * struct prove_value, which is sound: for every machine in the box, the state that the interpreter
 * leaves in the slot is one of the states, and its value is within low .. high, is one of the
 * names, and obeys the linear bounds. */
#ifndef AZA_PROVE_PARTS_H
#define AZA_PROVE_PARTS_H

#include "base/checked.h"
#include "ir/ir.h"
#include "prove/prove.h"

enum { PROVE_MICRO = 1000000 }; /* ratios, and the limits of jumps, are in millionths */

enum { PROVE_MAY_VALUE = 1, PROVE_MAY_VOID = 2, PROVE_MAY_TRAP = 4 };

/* Limits of the work for one claim, so that no image makes it run for long: each instruction
 * walked, term of a sum, link of a chain and name of a list is one step. When no steps are left,
 * every question is answered with "not shown", which is always sound, and the search ends with
 * UNDECIDED. So the answers do not depend on the clock. */
enum { PROVE_WORK_PER_BOX = 2000, PROVE_WORK_LEAST = 400000 };

#define PROVE_OTHER (UINT64_C(1) << 63) /* in sets of names: any name that is not in the table */
enum { PROVE_NAMES_MAX = 63 };

/* Numbers: low .. high. Truth values: the same, within 0 .. 1. A text or member is one of `may`. A
 * list holds all of `must` and nothing outside `may`. */
struct prove_value {
    uint8_t states;
    uint16_t traps; /* with MAY_TRAP: bits of enum vm_trap */
    int64_t low, high;
    uint64_t must, may;
};

static inline bool prove_has_value(const struct prove_value *value)
{
    return (value->states & PROVE_MAY_VALUE) != 0;
}

static inline bool prove_is_surely_value(const struct prove_value *value)
{
    return value->states == PROVE_MAY_VALUE;
}

/* A truth value that is `truth` on every machine of the box. */
static inline bool prove_is_surely(const struct prove_value *value, int64_t truth)
{
    return prove_is_surely_value(value) && value->low == truth && value->high == truth;
}

/* A number or truth value that is the same on every machine of the box. */
static inline bool prove_is_point(const struct prove_value *value)
{
    return value->low == value->high;
}

/* Whether a value of the kind is one of the names in `may`: a text or a member. Of a list, `must`
 * and `may` are both sets of names, and of other kinds neither is used. */
static inline bool prove_is_one_of(unsigned kind)
{
    return image_is_text(kind) && kind != IMAGE_LIST;
}

/* At most one bit: one name, or one state. */
static inline bool prove_is_single(uint64_t set)
{
    return (set & (set - 1)) == 0;
}

/* A linear bound: (base + sum of slope[i] * (input[i] - its low in the box)) / 2^PROVE_SHIFT. The
 * differences are never negative, so rounding a slope down makes a lower bound lower, and up an
 * upper one higher: outward rounding needs no more than that. */
enum { PROVE_SHIFT = 40 };
struct prove_linear {
    bool there;
    base_wide base, slope[PROVE_NUMBERS_MAX];
};

/* --- linear.c --- */

/* The smaller and the larger end over the box, whose number inputs are `widths` wide. */
bool prove_linear_ends(const struct prove_linear *linear, const int64_t *widths, uint32_t count,
                       base_wide *least, base_wide *most);
struct prove_linear prove_linear_constant(base_wide value);
struct prove_linear prove_linear_sum(const struct prove_linear *a, const struct prove_linear *b,
                                     uint32_t count);
/* a * factor / divisor, rounded down or up; the divisor is positive, and `factor` negative turns a
 * lower bound into an upper one. */
struct prove_linear prove_linear_scale(const struct prove_linear *a, base_wide factor,
                                       base_wide divisor, bool up, uint32_t count);
struct prove_linear prove_linear_shift(const struct prove_linear *a, base_wide value);
/* total += bound * factor, which is exact. */
void prove_linear_add(struct prove_linear *total, const struct prove_linear *bound, int64_t factor,
                      uint32_t count);
/* Below both, or above both. */
struct prove_linear prove_linear_hull(const struct prove_linear *a, const struct prove_linear *b,
                                      bool up, uint32_t count);

/* --- the prover --- */

struct prove_walk {                     /* one box, walked */
    struct prove_range *box;            /* one per input */
    int64_t *widths;                    /* one per number of the claim */
    struct prove_value *values;         /* one per slot */
    struct prove_linear *lower, *upper; /* one per slot */
};

static inline base_wide prove_smaller(base_wide x, base_wide y)
{
    return x < y ? x : y;
}

static inline base_wide prove_larger(base_wide x, base_wide y)
{
    return x > y ? x : y;
}

/* What holds on every machine that the rules do not refuse: `refuse when P and Q and x < c` lets a
 * walk assume x >= c wherever P and Q are surely true. */
enum { PROVE_ASSUMED_MAX = 64, PROVE_ASSUMED_WHEN_MAX = 4 };
struct prove_assumed {
    uint32_t slot;
    int64_t low, high;
    uint32_t when[PROVE_ASSUMED_WHEN_MAX], when_count;
};

/* B - A of a slot, between two machines of two boxes that differ in one input. */
struct prove_change {
    bool same;           /* nothing differs, states included */
    base_wide low, high; /* where both have a value */
};

struct prover {
    struct base_arena *arena;
    const struct image *image;
    const char *names[PROVE_NAMES_MAX];
    uint32_t name_count;
    bool names_full;

    int64_t *least; /* by input: from prove_restrict */
    bool *silent;

    /* The claim at hand */
    bool *needed;    /* by slot: it feeds the claim */
    uint32_t *order; /* the needed slots, in order */
    uint32_t order_count;
    bool *matters;     /* by input */
    int8_t *number_of; /* by input: its place among the linear bounds' numbers, or -1 */
    uint32_t numbers[PROVE_NUMBERS_MAX]; /* and back */
    uint32_t number_count;
    uint32_t *roots;      /* slots that decide: the claim's own, its guard, the refusals */
    uint32_t claim_roots; /* how many of them are not refusals */
    uint32_t root_count;
    bool *open; /* by slot, for split.c */
    struct prove_assumed assumed[PROVE_ASSUMED_MAX];
    uint32_t assumed_count;
    bool refusals; /* the conditions of refusals are among the needed slots */

    struct prove_walk walks[2];
    struct prove_change *changes; /* by slot */
    int32_t *gains;               /* by input and way to split it, for search.c */
    struct prove_range *stack;    /* boxes that are still open */

    struct vm_machine runs[2];
    struct vm_input *machines[2];

    int64_t work; /* steps left; below 0 when there are none */
};

/* Takes steps of work; false when none are left. */
static inline bool prove_work(struct prover *prover, size_t steps)
{
    prover->work -= (int64_t)steps;
    if (prover->work < 0)
        prover->work = -1;
    return prover->work >= 0;
}
/* --- box.c --- */

/* Prepares for a claim. With `refusals`, machines that the rules refuse are excluded from boxes. */
void prove_prepare(struct prover *prover, const struct prove_claim *claim, bool refusals);
/* Sets the work left to that of so many boxes. */
void prove_allow(struct prover *prover, uint32_t boxes);
/* Walks a box, twice for a claim about two machines. Returns its slack: 0 or more if the claim is
 * shown for the box, otherwise a negative measure of what is missing. */
base_wide prove_walk_box(struct prover *prover, const struct prove_claim *claim,
                         const struct prove_range *box);
/* Walks walk 0 over a box, without a claim. */
void prove_walk_one(struct prover *prover, const struct prove_range *box);

/* --- names.c --- */

/* Fills the table from the needed instructions and the inputs that matter. */
void prove_gather_names(struct prover *prover);
uint64_t prove_text_set(const struct prover *prover, const char *text);
uint64_t prove_list_set(struct prover *prover, const char *list);

/* --- assume.c --- */

/* Fills prover->assumed from the image's refusals. */
void prove_gather_assumed(struct prover *prover);
/* Narrows a slot that has just been walked. */
void prove_assume(const struct prover *prover, const struct prove_walk *walk, uint32_t slot,
                  struct prove_value *value);

/* --- transfer.c --- */

/* Walks the needed slots over the box of the walk. */
void prove_walk(struct prover *prover, struct prove_walk *walk);

/* --- compare.c --- */

/* Whether b - a >= least for every machine of the walk's box where both have a value: by the
 * intervals, by the linear bounds, then by what the formulas have in common. */
bool prove_at_least(struct prover *prover, const struct prove_walk *walk, uint32_t a, uint32_t b,
                    int64_t least);
/* A lower bound of b - a, for choosing where to split: not the best one there is. */
base_wide prove_slack(struct prover *prover, const struct prove_walk *walk, uint32_t a, uint32_t b);

/* --- same.c --- */

/* Whether two slots have the same value or state on every machine of the walk's box, by the
 * instructions that compute them. */
bool prove_is_same(const struct prover *prover, const struct prove_walk *walk, uint32_t a,
                   uint32_t b);

/* --- change.c --- */

/* Fills prover->changes: what changes from walk 0 to walk 1, whose boxes differ only in `input`,
 * which changes by `step`, or from unknown to known where that is 0. */
void prove_compare_walks(struct prover *prover, uint32_t input, int64_t step);

/* --- machine.c --- */

/* The whole domain of an input. */
struct prove_range prove_domain(struct prover *prover, uint32_t input);
/* Removes impossible combinations from a range: an option that is not given has its default. False
 * if no machine is left. */
bool prove_settle(struct prover *prover, uint32_t input, struct prove_range *range);

/* Which machine of a box to try. */
enum prove_corner { PROVE_LOW, PROVE_HIGH, PROVE_GUIDED };
/* One machine of the box; its texts are appended to the prover's. With GUIDED the number inputs go
 * to their low end where `downward` (one per input) is true, otherwise to their high end. */
void prove_pick(struct prover *prover, const struct prove_range *box, enum prove_corner corner,
                const bool *downward, struct vm_input *machine);
/* Runs a machine in runs[which]; returns whether the rules refuse it. */
bool prove_machine_run(struct prover *prover, uint32_t which, const struct vm_input *machine);
/* Runs the machine and, for a claim about two, writes the second one to `other` and runs it, too.
 * Returns whether the claim is broken; `refused`: by a machine that does not count. */
bool prove_breaks_with(struct prover *prover, const struct prove_claim *claim,
                       const struct vm_input *machine, struct vm_input *other, bool *refused);

/* --- split.c --- */

/* Two parts of a box that differ in one input. `way` distinguishes the ways to split that input. */
enum {
    PROVE_BY_STATE,
    PROVE_BY_GIVEN,
    PROVE_BY_VALUE,
    PROVE_BY_NAME,
    PROVE_WAYS = PROVE_BY_NAME + 64
};
struct prove_split {
    uint32_t input, way;
    struct prove_range parts[2];
};
/* All ways to split the box that may matter to the claim after it was walked; at most `room`. */
uint32_t prove_splits(struct prover *prover, const struct prove_claim *claim,
                      const struct prove_range *box, struct prove_split *splits, uint32_t room);

/* --- shrink.c --- */

/* Makes the machine that breaks the claim small and plain; `proof` keeps the result. */
void prove_shrink(struct prover *prover, const struct prove_claim *claim, struct proof *proof);

#endif
