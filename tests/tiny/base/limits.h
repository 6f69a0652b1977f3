/* The limits of src/base/limits.h, as small as tests/tiny.sh needs them to be: the variant `tiny`
 * finds this file in the place of that one, so that what is rare elsewhere (growth, refusals, the
 * last that fits) happens in ordinary rules. The names are the same; one that is missing here does
 * not compile. Those that are as there are bounded by what the standard library and PostgreSQL's
 * catalogue need.
 */
#ifndef AZA_BASE_LIMITS_H
#define AZA_BASE_LIMITS_H

enum {
    LIMIT_IMAGE_BYTES = 88 * 1024, /* PostgreSQL's catalogue takes 82 */
    LIMIT_SLOTS = 128,
    LIMIT_INPUTS = 6,
    LIMIT_SOURCES = 8,
    LIMIT_SETTINGS = 1024, /* PostgreSQL's own are four hundred */
    LIMIT_DOCUMENTS = 3,
    LIMIT_SECRET = 32,
    LIMIT_TEXT_BYTES = 512,
    LIMIT_TEXT_VALUE = 256,
    LIMIT_LIST_WORK = 4096,
    LIMIT_FLAGS = 8,
    LIMIT_ARGUMENTS = 16,
    LIMIT_FLAG_BYTES = 512,
    LIMIT_PROC_BYTES = 4 * 1024,
    LIMIT_PATH = 512,
    LIMIT_CGROUP_DEPTH = 4,
    LIMIT_CPUS = 64,
    LIMIT_READS = 4,

    LIMIT_SOURCE_BYTES = 256 * 1024, /* the catalogue */
    LIMIT_SOURCE_FILES = 6,
    LIMIT_INCLUDED_BYTES = 64,
    LIMIT_ALL_INCLUDED_BYTES = 96,
    LIMIT_PLACEHOLDERS = 3,
    LIMIT_NAMES = 4,
    LIMIT_REFS_BYTES = 1024,
    LIMIT_NESTING = 24,
    LIMIT_CHAIN = 8,
    LIMIT_STATEMENTS = 64,
    LIMIT_ROWS = 8,
    LIMIT_WHENS = 3,
    LIMIT_COMPARISONS = 4000,
    LIMIT_DOCUMENT_DEPTH = 4,
    LIMIT_CALL_DEPTH = 4,
    LIMIT_DIAGNOSTICS_KEPT = 5,
    LIMIT_DIAGNOSTICS = 3,
};

#endif
