/* What `azc check` proves: the claims of a compiled rule set, each with its place in the rules.
 *
 * There are two kinds. What must hold on every machine: each setting has a value that the server
 * accepts, each condition, message and export can be computed, each invariant is true. A refutation
 * of one is a mistake, and is reported with its machine. And what should matter on some machine:
 * each condition, row, set, limit and guard of an invariant. These are asked as "never"; a
 * refutation is the expected answer, and a proof is a mistake: the text has no effect. */
#ifndef AZA_CLAIMS_CLAIMS_H
#define AZA_CLAIMS_CLAIMS_H

#include "compile/compile.h"
#include "prove/prove.h"
#include "session/session.h"

enum claim_subject {
    CLAIM_SETTING, /* a value that the server accepts */
    CLAIM_ANSWER,  /* a condition, message or export that never traps */
    CLAIM_INVARIANT,
    CLAIM_REACHABLE, /* a condition, row or set that no machine meets: should be refuted */
    CLAIM_BINDING,   /* a limit that no machine exceeds: should be refuted */
    CLAIM_GUARD,     /* an invariant's guard that no machine meets: should be refuted */
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

/* All claims of a build, in the order of the image's tables. The image must have been written with
 * the build's roots, which include the slots of its invariants. */
void claims_gather(struct compilation *build, const struct image *image, struct claims *claims);

/* --- refute.c --- */

/* Queues the diagnostic of a claim after its proof; nothing if the outcome is as it should be. */
void claims_report(struct compilation *build, struct prover *prover, const struct claim *claim);
/* The machine that breaks a claim as a `test` block, which fails until the rules are corrected. For
 * a refuted claim only. */
void claims_put_test(struct compilation *build, struct prover *prover, struct base_sink *sink,
                     const struct claim *claim);
/* The machine that refutes a claim, in words: "memory = 512MB, cpus = 1.0". */
void claims_put_counterexample(struct compilation *build, struct prover *prover,
                               struct base_sink *sink, const struct claim *claim);
/* Whether the outcome is a mistake; an undecided claim is one only if it must hold. */
bool claims_is_wrong(const struct claim *claim);

/* --- coverage.c: what the tests of the rules have reached --- */

/* What is counted, from the notes of the image's names: each table row and curve segment that
 * matched, each condition that was true and that was false, each limit that applied. Places that
 * depend on no input are not counted. */
struct coverage {
    struct coverage_point *points;
    size_t count;
    uint32_t *point_of_note; /* IMAGE_NONE for notes that cannot be reached or missed */
    bool *matched;           /* by group of the current name: one of its rows has matched */
};

void coverage_begin(struct coverage *coverage, struct base_arena *arena, const struct image *image);
/* Counts the run whose slots are in the session. */
void coverage_count(struct coverage *coverage, const struct session *session);
/* Prints one line for each place that was not reached, in the main file's folder and below; then a
 * summary. */
void coverage_print(const struct coverage *coverage, const struct image *image);

#endif
