/* Partial evaluation: from a checked program to straight-line code, tables and texts.
 *
 * The evaluator walks each value's expression once, with everything that is known now. What comes
 * out known is a constant; what depends on a fact or an option is an instruction. On the way it
 * writes down, for every named value, what `explain` will tell: the names it used, the rows and
 * branches that may match, the limits that may bind. */
#ifndef AZA_EVAL_EVAL_H
#define AZA_EVAL_EVAL_H

#include "settings/settings.h"
#include "ir/write.h"
#include "sema/sema.h"

struct eval_expectation {
    const struct syntax_item *item;
    uint32_t slot;        /* in roots: the condition; a refusal's or warning's text */
    uint32_t left, right; /* in roots: sides of a comparison; or IMAGE_NONE */
};

struct eval_test {
    const struct syntax_item *item;
    BASE_LIST(struct vm_word) words; /* what is given, as NAME=VALUE */
    BASE_LIST(struct eval_expectation) expectations;
};

/* What an invariant says, for the prover. Slots are indexes in roots. */
struct eval_claim {
    const struct syntax_item *item;
    uint32_t slot;        /* the whole condition, guard and all; the number that rises or falls */
    uint32_t guard;       /* or IMAGE_NONE */
    uint32_t left, right; /* sides of a comparison, or IMAGE_NONE */
    uint32_t input;       /* in the image's inputs: rises, falls, jumps, least, most */
    int64_t limit;        /* millionths: jumps */
};

/* A file whose every value is known now. */
struct eval_document {
    const char *path, *text;
    size_t length;
    bool executable;
};

struct eval_result {
    const struct vm_word *fixed; /* inputs that are constants: NAME=VALUE, set by the caller */
    size_t fixed_count;
    const char *why; /* one of them cannot be used: a sentence */
    struct ir_code code;
    struct ir_tables tables;
    BASE_LIST(uint32_t) roots;           /* slots that only tests and proofs need */
    BASE_LIST(struct eval_claim) claims; /* one for each invariant, in their order */
    BASE_LIST(struct eval_test) tests;
    BASE_LIST(struct eval_document) documents;
};

/* Evaluates a program without mistakes. False when evaluation finds one: a cycle, arithmetic
 * without an answer, a constant outside its range. */
bool eval_evaluate(struct sema_program *program, struct eval_result *result);

/* The conditions that a `set` stands under, as one; null when there is none. */
const char *eval_path_text(struct syntax_context *context, const struct sema_path *path);

#endif
