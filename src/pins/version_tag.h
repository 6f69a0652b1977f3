/* Versions in the names of tags: v1.2.3, ver_1.5.3, REL4_2_0, release/2.58.0, pgflow@0.14.1,
 * wal2json_2_6.
 *
 * Projects spell versions differently, and one repository may use several spellings (tags of a
 * loader beside those of the library). The pinned tag therefore defines the pattern: the text
 * before the numbers, the separators between them, and the text behind. Only tags of this pattern
 * are compared with it, number by number. */
#ifndef AZA_PINS_VERSION_TAG_H
#define AZA_PINS_VERSION_TAG_H

#include "base/base.h"

/* A tag taken apart: prefix, numbers and rest are consecutive spans of its text. */
struct pins_version {
    struct base_span prefix, numbers, rest; /* numbers: "" in a tag without any */
    int stage;                              /* dev < alpha < beta < preview < rc < release */
    struct base_span stage_numbers;         /* 1 of rc1 */
};

/* Takes a tag apart; the version points into it. Never fails: without numbers, all is prefix. */
struct pins_version pins_read_version(const char *tag);
/* Whether a tag has the pattern of the pinned one; sets `version` if so. Pre-releases have it only
 * if the pinned one is a pre-release itself. */
bool pins_read_version_like(const struct pins_version *pinned, const char *tag,
                            struct pins_version *version);
/* Negative, 0 or positive, as one is older than, equal to or newer than the other. Missing numbers
 * count as 0: 1.2 equals 1.2.0. */
int pins_compare_versions(const struct pins_version *one, const struct pins_version *other);
/* The version alone, with points: 4.2.0 of REL4_2_0, 2.0.0-rc1 of v2.0.0-rc1. */
void pins_put_version(struct base_sink *sink, const struct pins_version *version);

#endif
