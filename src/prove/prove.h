/* Proofs over every machine that the rules may meet, without a solver and without samples.
 *
 * A claim speaks of slots of an image: this one is always true, that setting always has a value the
 * server takes, this number never falls when memory rises. prove_run walks the image's
 * straight-line code with an interval, and a linear bound each way, in the place of every number;
 * where that does not decide the claim, it splits the machines in two and goes on with both halves.
 * Three answers are possible. PROVED holds for every machine of the domain. REFUTED comes with a
 * machine, made as small as it gets, on which the real interpreter has just broken the claim, so it
 * is never a false alarm. UNDECIDED means that the budget of boxes ran out, and shows the box that
 * resisted.
 *
 * All arithmetic is in integers, rounded outward: nothing here depends on the machine, the compiler
 * or the clock, and neither do the numbers of boxes. docs/prover.md says why it is sound, and what
 * it assumes: the operator's own settings (-c and POSTGRES_SETTINGS) are not in the domain; the
 * interpreter judges those at every start. */
#ifndef AZA_PROVE_PROVE_H
#define AZA_PROVE_PROVE_H

#include "base/memory.h"
#include "vm/vm.h"

enum {
    PROVE_BUDGET = 4000,         /* boxes for one claim, unless the caller says otherwise */
    PROVE_BUDGET_MAX = 10000000, /* more would take hours */
    PROVE_NUMBERS_MAX = 16, /* number inputs that linear bounds know of; the rest are intervals */
};

/* Those about two machines: where the input is an option that changes by a grain, the operator said
 * it in both; where it becomes known, nobody had said it in the first. */
enum prove_shape {
    PROVE_HOLDS,   /* a is true or has no value */
    PROVE_ANSWERS, /* a never traps */
    PROVE_NEVER,   /* a is never true */
    PROVE_UNBOUND, /* whenever both have a value, a <= b */
    PROVE_SAME,    /* a and b have the same value, or both have none */
    PROVE_RISES,   /* a never falls when the input rises by its grain */
    PROVE_FALLS,   /* a never rises when it does */
    PROVE_JUMPS, /* a changes by at most `limit` of itself when it does, or by one, if it counts */
    PROVE_LEAST, /* a is no larger where the input is unknown than where it is known */
    PROVE_MOST,  /* nor smaller */
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
    uint32_t guard;    /* slot that must be true for the claim to say anything, or IMAGE_NONE */
    uint32_t input;    /* in INPUTS: of the shapes about two machines */
    bool even_refused; /* speaks of the machines that the rules refuse, too */
    int64_t limit;     /* millionths: of JUMPS */
};

enum prove_verdict { PROVE_PROVED, PROVE_REFUTED, PROVE_UNDECIDED };

/* What an input may be in a box. */
struct prove_range {
    bool may_be_known, may_be_unknown;
    bool may_be_given, may_be_default; /* said by the operator, or not */
    int64_t low, high;                 /* numbers and truth values */
    uint64_t must, may;                /* names, as bits of the prover's own table of them */
};

struct proof {
    enum prove_verdict verdict;
    uint32_t boxes;           /* how many were looked at */
    struct vm_input *machine; /* REFUTED: one per input of the image; texts lie in `text` */
    struct vm_input *other;   /* REFUTED, two machines: the second one */
    char *text;
    size_t text_used;
    struct prove_range *box;  /* UNDECIDED: one per input; those that do not matter are whole */
    const char *const *names; /* UNDECIDED: the prover's table of names */
    uint32_t name_count;
    bool *narrowed; /* UNDECIDED: one per input: the box does not hold its whole domain */
    bool *matters;  /* one per input: whether the claim depends on it */
};

struct prover;

/* For one verified image; lives in the arena. */
struct prover *prove_new(struct base_arena *arena, const struct image *image);

/* Narrows what an input may be in all further proofs: at least `low`, if it is a number; never
 * known, if it is optional, or what it is when nobody says anything, with `silent`. */
void prove_restrict(struct prover *prover, uint32_t input, int64_t low, bool silent);

/* Decides one claim with at most `budget` boxes. */
struct proof prove_run(struct prover *prover, const struct prove_claim *claim, uint32_t budget);

/* What a slot may come to over the whole domain. Nothing lies outside; what lies inside is perhaps
 * met by no machine, except for the ends that are said to be met. */
struct prove_bounds {
    bool may_have_value, may_have_none;
    int64_t low, high;            /* numbers and truth values */
    bool low_is_met, high_is_met; /* by a machine that the rules do not refuse */
    uint64_t may;                 /* texts and members: bits of `names` */
    bool may_be_other;            /* texts: also one that is not among them */
    const char *const *names;     /* good until the prover is asked the next question */
    uint32_t name_count;
};

/* Looks at about `budget` boxes at most. Of lists and texts of many names it only tells whether
 * there is a value. */
struct prove_bounds prove_bounds(struct prover *prover, uint32_t slot, uint32_t budget);

/* Whether the machine of a refutation breaks the claim, by the real interpreter; prove_run_of holds
 * the slots afterwards. */
bool prove_breaks(struct prover *prover, const struct prove_claim *claim,
                  const struct proof *proof);

/* How far up a number input may go from the machine that breaks the claim so that it stays broken:
 * found by strides, so what lies between them is taken for broken, too. The machine is as it was
 * afterwards. */
int64_t prove_extent(struct prover *prover, const struct prove_claim *claim,
                     const struct proof *proof, uint32_t input);

/* The slots of the last run of prove_breaks: of the first machine, or of the other. */
const struct vm_machine *prove_run_of(const struct prover *prover, bool other);

#endif
