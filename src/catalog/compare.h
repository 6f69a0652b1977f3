/* Computed settings compared with those of a running PostgreSQL server. */
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
    const char *source; /* where the value is from, as the server names it: "command line" */
    bool equal;
    bool pending_restart; /* another value takes effect at the next restart */
};

/* Queries the server once and fills a comparison for each expectation, with texts in the arena;
 * false, with a sentence in `why`, if the query fails. Real numbers are equal if they agree in six
 * significant digits, as the server prints no more. */
bool catalog_compare(struct base_arena *arena, const char *dsn,
                     const struct catalog_expectation *expected, size_t count,
                     struct catalog_comparison *comparisons, const char **why);

#endif
