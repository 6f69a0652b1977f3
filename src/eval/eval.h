/* Partial evaluation: from a checked program to straight-line code, tables and files.
 *
 * The evaluator walks the expression of each value once, with all that is known at compile time. A
 * known result is a constant; a result that depends on a fact or an option is an instruction. For
 * every named value it also records the notes that `explain` prints: the names it uses, the rows
 * and branches that may match, the limits that may apply. */
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

/* An invariant, for the prover. Slots are indexes in roots. */
struct eval_claim {
    const struct syntax_item *item;
    uint32_t slot; /* the whole condition, including the guard; or the number that rises or falls */
    uint32_t guard;       /* or IMAGE_NONE */
    uint32_t left, right; /* sides of a comparison, or IMAGE_NONE */
    uint32_t input;       /* in the image's inputs: rises, falls, jumps, least, most */
    int64_t limit;        /* millionths: jumps */
};

/* A file whose values are all known at compile time, or left to docker compose. */
struct eval_document {
    const char *path, *text;
    size_t length;
    bool executable;
};

struct eval_result {
    const struct vm_word *fixed; /* inputs that are constants: NAME=VALUE, set by the caller */
    size_t fixed_count;
    const char *why; /* why one of them cannot be used: a sentence; or null */
    struct ir_code code;
    struct ir_tables tables;
    BASE_LIST(uint32_t) roots;           /* slots that only tests and proofs need */
    BASE_LIST(struct eval_claim) claims; /* one for each invariant, in their order */
    BASE_LIST(struct eval_test) tests;
    BASE_LIST(struct eval_document) documents;
};

/* Evaluates a program that has been checked without errors. False if evaluation finds a mistake,
 * such as a cycle, a division by zero or a constant out of range: it is in the queue, or in `why`.
 */
bool eval_evaluate(struct sema_program *program, struct eval_result *result);

/* The conditions around a `set`, joined by `and`; null if there is none. */
const char *eval_path_text(struct syntax_context *context, const struct sema_path *path);

#endif
