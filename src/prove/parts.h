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

    /* The claim at hand */
    bool *needed;    /* by slot: it feeds the claim */
    uint32_t *order; /* the needed slots, in order */
    uint32_t order_count;
    bool *matters;     /* by input */
    int8_t *number_of; /* by input: its place among the linear bounds' numbers, or -1 */
    uint32_t numbers[AZQ_NUMBERS_MAX]; /* and back */
    uint32_t number_count;
    uint32_t *roots; /* slots that decide: the claim's own, its guard, the refusals */
    uint32_t root_count;
    bool *open;    /* by slot, for split.c */
    bool refusals; /* the conditions of refusals are among the needed slots */

    struct azq_walk walks[2];
    struct azq_change *changes; /* by slot */
    struct azq_range *stack;    /* boxes that wait */

    struct azv_machine runs[2];
    struct azv_input *machines[2];
};

/* ---- names.c ---- */

/* The bit of a name, or AZQ_OTHER when the table does not have it. */
uint64_t azq_name_bit(const struct azq_prover *prover, struct aza_span name);
/* Fills the table from the needed instructions and the inputs that matter. */
void azq_gather_names(struct azq_prover *prover);
uint64_t azq_text_set(const struct azq_prover *prover, const char *text);
uint64_t azq_list_set(const struct azq_prover *prover, const char *list);

/* ---- transfer.c ---- */

/* Walks the needed slots over the box of the walk. */
void azq_walk(struct azq_prover *prover, struct azq_walk *walk);

/* ---- compare.c ---- */

/* Whether b - a >= least for every machine of the walk's box where both have a value: by the
 * intervals, by the linear bounds, then by what the formulas have in common. */
bool azq_at_least(const struct azq_prover *prover, const struct azq_walk *walk, uint32_t a,
                  uint32_t b, int64_t least);
/* A lower bound of b - a, for choosing where to split: not the best one there is. */
aza_wide azq_slack(const struct azq_prover *prover, const struct azq_walk *walk, uint32_t a,
                   uint32_t b);

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
struct azq_range azq_domain(const struct azq_prover *prover, uint32_t input);
/* Takes what cannot be out of a range: an option that nobody gave has its default. False when
 * nothing is left. */
bool azq_settle(const struct azq_prover *prover, uint32_t input, struct azq_range *range);

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

/* Halves of a box. */
struct azq_split {
    uint32_t input;
    struct azq_range parts[2];
};
/* All ways to split the box that may matter to the claim after it was walked; at most `room`. */
uint32_t azq_splits(struct azq_prover *prover, const struct azq_claim *claim,
                    const struct azq_range *box, struct azq_split *splits, uint32_t room);

/* ---- shrink.c ---- */

/* Makes the machine that breaks the claim as small and as plain as it gets. */
void azq_shrink(struct azq_prover *prover, const struct azq_claim *claim, struct azq_proof *proof);

#endif
