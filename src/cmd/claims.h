/* What `azc check` proves: the claims that a compiled rule set makes, each with the place in the
 * rules that makes it.
 *
 * Every setting must be given a value that the server takes, every condition and message must have
 * an answer, every invariant must hold; and, as questions of another kind, every condition, row,
 * set and limit should matter on some machine. */
#ifndef AZA_CMD_CLAIMS_H
#define AZA_CMD_CLAIMS_H

#include "cmd/azc.h"
#include "prove/prove.h"

enum azc_subject {
    AZC_SETTING, /* a value that the server takes */
    AZC_ANSWER,  /* a condition, message or export that never traps */
    AZC_INVARIANT,
    AZC_REACHABLE, /* a condition, row or set that some machine meets: refuted is good */
    AZC_BINDING,   /* a limit that some machine reaches: refuted is good */
    AZC_GUARD,     /* an invariant's guard that some machine meets: refuted is good */
    AZC_SUBJECTS
};

struct azc_claim {
    enum azc_subject subject;
    struct azq_claim claim;
    const char *name;  /* "shared_buffers", "fits", "when cores >= 8" */
    const char *words; /* what is claimed, as `--proof` lists it */
    struct aza_place place;
    const struct aze_claim *invariant; /* INVARIANT, GUARD */
    const struct azb_setting *setting; /* SETTING */
    struct azq_proof proof;
};

AZP_LIST_OF(azc_claims, struct azc_claim);

/* All claims of a build whose image was written with its roots. */
void azc_gather_claims(struct azc_build *build, const struct azb_image *image,
                       struct azc_claims *claims);

/* ---- refute.c ---- */

/* Queues what there is to say about a claim whose proof is done: nothing when all is well. */
void azc_report_claim(struct azc_build *build, struct azq_prover *prover,
                      const struct azc_claim *claim);
/* The machine that breaks a claim as a `test` block that fails until the rules are mended. */
void azc_put_test(struct azc_build *build, struct azq_prover *prover, struct aza_sink *sink,
                  const struct azc_claim *claim);
/* The machine that refutes a claim, in words: "memory = 512MB, cpus = 1.0". */
void azc_put_counterexample(struct azc_build *build, struct azq_prover *prover,
                            struct aza_sink *sink, const struct azc_claim *claim);
/* Whether the outcome is a mistake, and whether it is what it should be. */
bool azc_is_wrong(const struct azc_claim *claim);

#endif
