/* Proofs over every machine that the rules may run on, without a solver and without samples.
 *
 * A claim is about slots of an image: a condition is always true, a setting always has a value that
 * the server accepts, a number never falls when memory rises. prove_run walks the image's
 * straight-line code with an interval, a lower and an upper linear bound in place of every number;
 * if that does not decide the claim, it splits the set of machines in two and continues with both
 * halves. There are three answers. PROVED holds for every machine of the domain. REFUTED comes with
 * a small machine on which the real interpreter has broken the claim, so it is never a false alarm.
 * UNDECIDED means that the budget of boxes was used up, and shows a box that was left open.
 *
 * All arithmetic is in integers, rounded outward: neither the answers nor the numbers of boxes
 * depend on the machine, the compiler or the clock. docs/prover.md explains why it is sound and
 * what it assumes: the operator's own settings (-c and POSTGRES_SETTINGS) are not in the domain;
 * the interpreter checks those at every start. */
#ifndef AZA_PROVE_PROVE_H
#define AZA_PROVE_PROVE_H

#include "base/memory.h"
#include "vm/vm.h"

enum {
    PROVE_BUDGET = 4000,         /* boxes for one claim, by default */
    PROVE_BUDGET_MAX = 10000000, /* more would take hours */
    PROVE_NUMBERS_MAX = 16, /* number inputs that linear bounds know of; the rest are intervals */
};

/* The shapes from RISES on compare two machines that differ in one input. If it is an option that
 * changes by a grain, it is given on both machines; if it becomes known, it is not given on the
 * first. */
enum prove_shape {
    PROVE_HOLDS,   /* a is true or has no value */
    PROVE_ANSWERS, /* a never traps */
    PROVE_NEVER,   /* a is never true */
    PROVE_UNBOUND, /* whenever both have a value, a <= b */
    PROVE_SAME,    /* a and b have the same value, or both have none */
    PROVE_RISES,   /* a never falls when the input rises by its grain */
    PROVE_FALLS,   /* a never rises when it does */
    PROVE_JUMPS,   /* a changes by at most `limit` of itself when it does; an int also by one */
    PROVE_LEAST,   /* a is no larger where the input is unknown than where it is known */
    PROVE_MOST,    /* nor smaller */
};

/* Whether the claim compares two machines, and whether in the first the input is unknown. */
static inline bool prove_is_pair(enum prove_shape shape)
{
    return shape >= PROVE_RISES;
}

static inline bool prove_is_about_unknown(enum prove_shape shape)
{
    return shape == PROVE_LEAST || shape == PROVE_MOST;
}

struct prove_claim {
    enum prove_shape shape;
    uint32_t a, b;     /* slots; b: of UNBOUND and SAME */
    uint32_t guard;    /* slot: the claim is only about machines where it is true, or IMAGE_NONE */
    uint32_t input;    /* in INPUTS: of the shapes about two machines */
    bool even_refused; /* about the machines that the rules refuse, too */
    int64_t limit;     /* millionths: of JUMPS */
};

enum prove_verdict { PROVE_PROVED, PROVE_REFUTED, PROVE_UNDECIDED };

/* What an input may be in a box. */
struct prove_range {
    bool may_be_known, may_be_unknown;
    bool may_be_given, may_be_default; /* set by the operator, or not */
    int64_t low, high;                 /* numbers and truth values */
    uint64_t must, may;                /* names, as bits of the prover's own table of them */
};

struct proof {
    enum prove_verdict verdict;
    uint32_t boxes;           /* how many were walked */
    struct vm_input *machine; /* REFUTED: one per input of the image; texts lie in `text` */
    struct vm_input *other;   /* REFUTED, two machines: the second one */
    char *text;
    size_t text_used;
    struct prove_range *box;  /* UNDECIDED: one per input */
    const char *const *names; /* UNDECIDED: the prover's table of names */
    uint32_t name_count;
    bool *narrowed; /* UNDECIDED: one per input: the box does not hold its whole domain */
    bool *matters;  /* one per input: whether the claim depends on it */
};

struct prover;

/* For one verified image, which must outlive it; allocated in the arena. */
struct prover *prove_new(struct base_arena *arena, const struct image *image);

/* Narrows an input in all further proofs: to at least `low` if it is a number; with `silent`, to
 * not given, and to unknown if it is optional. */
void prove_restrict(struct prover *prover, uint32_t input, int64_t low, bool silent);

/* Decides one claim. `budget` limits the boxes, except for the last few that were being tried. The
 * result is in the arena; `names` is valid until the next question to the prover. */
struct proof prove_run(struct prover *prover, const struct prove_claim *claim, uint32_t budget);

/* The values of a slot over the whole domain. No machine has a value outside; values inside may not
 * occur, except for the ends that are marked as met. */
struct prove_bounds {
    bool may_have_value, may_have_none;
    int64_t low, high;            /* numbers and truth values */
    bool low_is_met, high_is_met; /* by a machine that the rules do not refuse */
    uint64_t may;                 /* texts and members: bits of `names` */
    bool may_be_other;            /* texts: also one that is not in `names` */
    const char *const *names;     /* valid until the next question to the prover */
    uint32_t name_count;
};

/* Walks about `budget` boxes at most. For lists, the result only shows whether there is a value. */
struct prove_bounds prove_bounds(struct prover *prover, uint32_t slot, uint32_t budget);

/* Runs the machine or machines of a refutation in the real interpreter; whether they break the
 * claim. Afterwards prove_run_of returns the runs. */
bool prove_breaks(struct prover *prover, const struct prove_claim *claim,
                  const struct proof *proof);

/* The highest value to which a number input can be raised from the refutation's machine while the
 * claim stays broken. Found by growing strides and bisection, so values between the strides are
 * assumed to break it. The machine is unchanged afterwards. */
int64_t prove_extent(struct prover *prover, const struct prove_claim *claim,
                     const struct proof *proof, uint32_t input);

/* The slots of the last run of prove_breaks: of the first machine, or of the other. */
const struct vm_machine *prove_run_of(const struct prover *prover, bool other);

#endif
