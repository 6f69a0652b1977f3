/* Partial evaluation: from a checked program to straight-line code, tables and texts.
 *
 * The evaluator walks each value's expression once, with everything that is known now. What comes
 * out known is a constant; what depends on a fact or an option is an instruction. On the way it
 * writes down, for every named value, what `explain` will tell: the names it used, the rows and
 * branches that may match, the limits that may bind. */
#ifndef AZA_EVAL_H
#define AZA_EVAL_H

#include "emit/emit.h"
#include "image/write.h"
#include "sema/sema.h"

struct aze_expectation {
    const struct azp_item *item;
    uint32_t slot;        /* in roots: the condition; a refusal's or warning's text */
    uint32_t left, right; /* in roots: sides of a comparison; or AZB_NONE */
};

struct aze_test {
    const struct azp_item *item;
    AZA_LIST(struct azv_word) words; /* what is given, as NAME=VALUE */
    AZA_LIST(struct aze_expectation) expectations;
};

/* What an invariant says, for the prover. Slots are indexes in roots. */
struct aze_claim {
    const struct azp_item *item;
    uint32_t slot;        /* the whole condition, guard and all; the number that rises or falls */
    uint32_t guard;       /* or AZB_NONE */
    uint32_t left, right; /* sides of a comparison, or AZB_NONE */
    uint32_t input;       /* in the image's inputs: rises, falls, jumps, least, most */
    int64_t limit;        /* millionths: jumps */
};

/* A file whose every value is known now. */
struct aze_document {
    const char *path, *text;
    size_t length;
    bool executable;
};

struct aze_result {
    const struct azv_word *fixed; /* inputs that are constants: NAME=VALUE, set by the caller */
    size_t fixed_count;
    const char *why; /* one of them cannot be used: a sentence */
    struct azi_code code;
    struct azb_tables tables;
    AZA_LIST(uint32_t) roots;          /* slots that only tests and proofs need */
    AZA_LIST(struct aze_claim) claims; /* one for each invariant, in their order */
    AZA_LIST(struct aze_test) tests;
    AZA_LIST(struct aze_document) documents;
};

/* Evaluates a program without mistakes. False when evaluation finds one: a cycle, arithmetic
 * without an answer, a constant outside its range. */
bool aze_evaluate(struct azs_program *program, struct aze_result *result);

/* The conditions that a `set` stands under, as one; null when there is none. */
const char *aze_path_text(struct azp_context *context, const struct azs_path *path);

#endif
