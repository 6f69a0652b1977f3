/* What `azc check` proves: the claims that a compiled rule set makes, each with the place in the
 * rules that makes it.
 *
 * Every setting must be given a value that the server takes, every condition and message must have
 * an answer, every invariant must hold; and, as questions of another kind, every condition, row,
 * set and limit should matter on some machine. */
#ifndef AZA_CLAIMS_CLAIMS_H
#define AZA_CLAIMS_CLAIMS_H

#include "compile/compile.h"
#include "prove/prove.h"
#include "session/session.h"

enum claim_subject {
    CLAIM_SETTING, /* a value that the server takes */
    CLAIM_ANSWER,  /* a condition, message or export that never traps */
    CLAIM_INVARIANT,
    CLAIM_REACHABLE, /* a condition, row or set that some machine meets: refuted is good */
    CLAIM_BINDING,   /* a limit that some machine reaches: refuted is good */
    CLAIM_GUARD,     /* an invariant's guard that some machine meets: refuted is good */
    CLAIM_SUBJECTS
};

struct claim {
    enum claim_subject subject;
    struct prove_claim claim;
    const char *name;  /* "shared_buffers", "fits", "when cores >= 8" */
    const char *words; /* what is claimed, as `--proof` lists it */
    struct base_place place;
    const struct eval_claim *invariant;  /* INVARIANT, GUARD */
    const struct image_setting *setting; /* SETTING */
    struct proof proof;
};

BASE_LIST_OF(claims, struct claim);

/* All claims of a build whose image was written with its roots. */
void claims_gather(struct compilation *build, const struct image *image, struct claims *claims);

/* --- refute.c --- */

/* Queues what there is to say about a claim whose proof is done: nothing when all is well. */
void claims_report(struct compilation *build, struct prover *prover, const struct claim *claim);
/* The machine that breaks a claim as a `test` block that fails until the rules are mended. */
void claims_put_test(struct compilation *build, struct prover *prover, struct base_sink *sink,
                     const struct claim *claim);
/* The machine that refutes a claim, in words: "memory = 512MB, cpus = 1.0". */
void claims_put_counterexample(struct compilation *build, struct prover *prover,
                               struct base_sink *sink, const struct claim *claim);
/* Whether the outcome is a mistake, and whether it is what it should be. */
bool claims_is_wrong(const struct claim *claim);

/* --- coverage.c: what the tests of the rules have reached --- */

/* Each table row and curve segment that matched, each condition that was true and that was false,
 * each limit that applied. */
struct coverage {
    struct coverage_point *points;
    size_t count;
    uint32_t *point_of_note; /* IMAGE_NONE for notes that cannot be reached or missed */
    bool *matched;           /* by group: a row of it has matched, in the name at hand */
};

void coverage_begin(struct coverage *coverage, struct base_arena *arena, const struct image *image);
/* Counts one run, as it stands in the session's slots. */
void coverage_count(struct coverage *coverage, const struct session *session);
/* One line for each place that was not reached, of the rules beside the main file and below; then a
 * summary. */
void coverage_print(const struct coverage *coverage, const struct image *image);

#endif
