/* What the files of this directory share; nobody else includes it.
 *
 * A box gives every input a range. Walking the code over a box gives every slot an abstract value,
 * struct azq_value, which is sound: whatever machine lies in the box, what the interpreter would
 * leave in the slot is one of the states, lies within low .. high, is one of the names, and obeys
 * the linear bounds. */
#ifndef AZA_PROVE_PARTS_H
#define AZA_PROVE_PARTS_H

#include "base/checked.h"
#include "ir/ir.h"
#include "prove/prove.h"

enum { AZQ_MAY_VALUE = 1, AZQ_MAY_VOID = 2, AZQ_MAY_TRAP = 4 };

/* What a claim may cost beside its boxes, so that no image makes one run for long: every
 * instruction walked, term of a sum, link of a chain and name of a list is a step of work. Where
 * none is left, whatever would take more answers "not shown", which is always sound, and the search
 * ends with UNDECIDED; so the answers do not depend on the clock. */
enum { AZQ_WORK_PER_BOX = 2000, AZQ_WORK_LEAST = 400000 };

#define AZQ_OTHER (UINT64_C(1) << 63) /* in sets of names: any name that is not in the table */
enum { AZQ_NAMES_MAX = 63 };

/* Numbers: low .. high. Truth values: the same, within 0 .. 1. A text or member is one of `may`. A
 * list holds all of `must` and nothing outside `may`. */
struct azq_value {
    uint8_t states;
    uint16_t traps; /* with MAY_TRAP: bits of enum azv_trap */
    int64_t low, high;
    uint64_t must, may;
};

/* A linear bound: (base + sum of slope[i] * (input[i] - its low in the box)) / 2^AZQ_SHIFT. The
 * differences are never negative, so rounding a slope down makes a lower bound lower, and up an
 * upper one higher: outward rounding needs no more than that. */
enum { AZQ_SHIFT = 40 };
struct azq_linear {
    bool there;
    aza_wide base, slope[AZQ_NUMBERS_MAX];
};

/* ---- linear.c ---- */

/* The smaller and the larger end over the box, whose number inputs are `widths` wide. */
bool azq_linear_ends(const struct azq_linear *linear, const int64_t *widths, uint32_t count,
                     aza_wide *least, aza_wide *most);
struct azq_linear azq_linear_constant(aza_wide value);
struct azq_linear azq_linear_sum(const struct azq_linear *a, const struct azq_linear *b,
                                 uint32_t count);
/* a * factor / divisor, rounded down or up; the divisor is positive, and `factor` negative turns a
 * lower bound into an upper one. */
struct azq_linear azq_linear_scale(const struct azq_linear *a, aza_wide factor, aza_wide divisor,
                                   bool up, uint32_t count);
struct azq_linear azq_linear_shift(const struct azq_linear *a, aza_wide value);
/* total += bound * factor, which is exact. */
void azq_linear_add(struct azq_linear *total, const struct azq_linear *bound, int64_t factor,
                    uint32_t count);
/* Below both, or above both. */
struct azq_linear azq_linear_hull(const struct azq_linear *a, const struct azq_linear *b, bool up,
                                  uint32_t count);

/* ---- the prover ---- */

struct azq_walk {                     /* one box, walked */
    struct azq_range *box;            /* one per input */
    int64_t *widths;                  /* one per number of the claim */
    struct azq_value *values;         /* one per slot */
    struct azq_linear *lower, *upper; /* one per slot */
};

static inline aza_wide azq_smaller(aza_wide x, aza_wide y)
{
    return x < y ? x : y;
}

static inline aza_wide azq_larger(aza_wide x, aza_wide y)
{
    return x > y ? x : y;
}

/* What holds on every machine that the rules do not refuse: `refuse when P and Q and x < c` lets a
 * walk take x >= c for granted wherever P and Q are sure. */
enum { AZQ_ASSUMED_MAX = 64, AZQ_ASSUMED_WHEN_MAX = 4 };
struct azq_assumed {
    uint32_t slot;
    int64_t low, high;
    uint32_t when[AZQ_ASSUMED_WHEN_MAX], when_count;
};

/* B - A of a slot, between two machines of two boxes that differ in one input. */
struct azq_change {
    bool same;          /* nothing differs, states included */
    aza_wide low, high; /* where both have a value */
};

struct azq_prover {
    struct aza_arena *arena;
    const struct azb_image *image;
    const char *names[AZQ_NAMES_MAX];
    uint32_t name_count;
    bool names_full;

    int64_t *least; /* by input: what azq_restrict says */
    bool *silent;

    /* The claim at hand */
    bool *needed;    /* by slot: it feeds the claim */
    uint32_t *order; /* the needed slots, in order */
    uint32_t order_count;
    bool *matters;     /* by input */
    int8_t *number_of; /* by input: its place among the linear bounds' numbers, or -1 */
    uint32_t numbers[AZQ_NUMBERS_MAX]; /* and back */
    uint32_t number_count;
    uint32_t *roots;      /* slots that decide: the claim's own, its guard, the refusals */
    uint32_t claim_roots; /* how many of them are not refusals */
    uint32_t root_count;
    bool *open; /* by slot, for split.c */
    struct azq_assumed assumed[AZQ_ASSUMED_MAX];
    uint32_t assumed_count;
    bool refusals; /* the conditions of refusals are among the needed slots */

    struct azq_walk walks[2];
    struct azq_change *changes; /* by slot */
    int32_t *gains;             /* by input and way to split it, for search.c */
    struct azq_range *stack;    /* boxes that wait */

    struct azv_machine runs[2];
    struct azv_input *machines[2];

    int64_t work; /* steps left; below 0 when there are none */
};

/* Takes steps of work; false when none are left. */
static inline bool azq_work(struct azq_prover *prover, size_t steps)
{
    prover->work -= (int64_t)steps;
    if (prover->work < 0)
        prover->work = -1;
    return prover->work >= 0;
}
/* ---- box.c ---- */

/* Makes the claim the one at hand; with `refusals` its boxes need not hold what the rules refuse.
 */
void azq_prepare(struct azq_prover *prover, const struct azq_claim *claim, bool refusals);
/* Allows the work of that many boxes. */
void azq_allow(struct azq_prover *prover, uint32_t boxes);
/* Walks a box, for claims about two machines both; 0 or more where that settles the claim, else a
 * measure of what is missing. */
aza_wide azq_walk_box(struct azq_prover *prover, const struct azq_claim *claim,
                      const struct azq_range *box);
/* Walks the first walk over a box that stands for one machine at a time. */
void azq_walk_one(struct azq_prover *prover, const struct azq_range *box);

/* ---- names.c ---- */

/* The bit of a name, or AZQ_OTHER when the table does not have it. */
uint64_t azq_name_bit(const struct azq_prover *prover, struct aza_span name);
/* Fills the table from the needed instructions and the inputs that matter. */
void azq_gather_names(struct azq_prover *prover);
uint64_t azq_text_set(const struct azq_prover *prover, const char *text);
uint64_t azq_list_set(struct azq_prover *prover, const char *list);

/* ---- assume.c ---- */

/* Fills prover->assumed from the image's refusals. */
void azq_gather_assumed(struct azq_prover *prover);
/* Narrows a slot that has just been walked. */
void azq_assume(const struct azq_prover *prover, const struct azq_walk *walk, uint32_t slot,
                struct azq_value *value);

/* ---- transfer.c ---- */

/* Walks the needed slots over the box of the walk. */
void azq_walk(struct azq_prover *prover, struct azq_walk *walk);

/* ---- compare.c ---- */

/* Whether b - a >= least for every machine of the walk's box where both have a value: by the
 * intervals, by the linear bounds, then by what the formulas have in common. */
bool azq_at_least(struct azq_prover *prover, const struct azq_walk *walk, uint32_t a, uint32_t b,
                  int64_t least);
/* A lower bound of b - a, for choosing where to split: not the best one there is. */
aza_wide azq_slack(struct azq_prover *prover, const struct azq_walk *walk, uint32_t a, uint32_t b);

/* ---- same.c ---- */

/* Whether two slots have the same value or state on every machine of the walk's box, by the way
 * they are made. */
bool azq_is_same(const struct azq_prover *prover, const struct azq_walk *walk, uint32_t a,
                 uint32_t b);

/* ---- change.c ---- */

/* Fills prover->changes: what changes from walk 0 to walk 1, whose boxes differ only in `input`,
 * which changes by `step`, or from unknown to known where that is 0. */
void azq_compare_walks(struct azq_prover *prover, uint32_t input, int64_t step);

/* ---- machine.c ---- */

/* The whole domain of an input. */
struct azq_range azq_domain(struct azq_prover *prover, uint32_t input);
/* Takes what cannot be out of a range: an option that nobody gave has its default. False when
 * nothing is left. */
bool azq_settle(struct azq_prover *prover, uint32_t input, struct azq_range *range);

/* Which machine of a box to try. */
enum azq_corner { AZQ_LOW, AZQ_HIGH, AZQ_GUIDED };
/* One machine of the box; its texts are appended to the prover's. With GUIDED the number inputs go
 * to the end that `downward` (one per input) says. */
void azq_pick(struct azq_prover *prover, const struct azq_range *box, enum azq_corner corner,
              const bool *downward, struct azv_input *machine);
/* Runs a machine, and says whether the rules refuse it. */
bool azq_run(struct azq_prover *prover, uint32_t which, const struct azv_input *machine);
/* The second machine of a claim about two; false when there is none. */
bool azq_second(const struct azq_prover *prover, const struct azq_claim *claim,
                const struct azv_input *first, struct azv_input *second);
/* Whether the slots of the runs break the claim. */
bool azq_is_broken(const struct azq_prover *prover, const struct azq_claim *claim);
bool azq_is_pair(enum azq_shape shape);
/* Both at once: runs the machine, and the second one where the claim speaks of two, into `other`.
 */
bool azq_breaks_with(struct azq_prover *prover, const struct azq_claim *claim,
                     const struct azv_input *machine, struct azv_input *other, bool *refused);

/* ---- split.c ---- */

/* Halves of a box. The way is a small number that tells the ways to split one input apart. */
enum { AZQ_BY_STATE, AZQ_BY_GIVEN, AZQ_BY_VALUE, AZQ_BY_NAME, AZQ_WAYS = AZQ_BY_NAME + 64 };
struct azq_split {
    uint32_t input, way;
    struct azq_range parts[2];
};
/* All ways to split the box that may matter to the claim after it was walked; at most `room`. */
uint32_t azq_splits(struct azq_prover *prover, const struct azq_claim *claim,
                    const struct azq_range *box, struct azq_split *splits, uint32_t room);

/* ---- shrink.c ---- */

/* Makes the machine that breaks the claim as small and as plain as it gets. */
void azq_shrink(struct azq_prover *prover, const struct azq_claim *claim, struct azq_proof *proof);

#endif
