/* Settings as they were computed beside those of a live server. */
#ifndef AZA_CATALOG_COMPARE_H
#define AZA_CATALOG_COMPARE_H

#include "base/memory.h"
#include "image/image.h"

struct catalog_expectation {
    const char *name;
    enum image_kind kind; /* TEXT and ENUM compare as text, LIST as text without blanks */
    int64_t value;        /* of the other kinds, in base units */
    const char *text;     /* of those three, without quotes */
};

struct catalog_comparison {
    const char *shown; /* the server's value with its unit: "128MB"; null: it has no such setting */
    const char *source; /* the server's word for where it got that: "command line" */
    bool equal;
    bool pending_restart; /* the server knows of another value and waits for a restart */
};

/* Asks the server once and fills a comparison for each expectation; false, with a sentence in
 * `why`, when it cannot be asked. Real numbers are equal when they print the same six digits, which
 * is all that the server tells of them. */
bool catalog_compare(struct base_arena *arena, const char *dsn,
                     const struct catalog_expectation *expected, size_t count,
                     struct catalog_comparison *comparisons, const char **why);

#endif
