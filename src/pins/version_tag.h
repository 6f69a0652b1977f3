/* Versions as the tags of a repository spell them: v1.2.3, ver_1.5.3, REL4_2_0, release/2.58.0,
 * pgflow@0.14.1, wal2json_2_6.
 *
 * No two projects agree on a spelling, and one repository may hold several (tags of a loader beside
 * those of the library). So a pinned tag says itself what the versions of its line look like: what
 * stands before the numbers, what separates them, and what follows. Only tags of that pattern are
 * compared with it, number by number. */
#ifndef AZA_PINS_VERSION_TAG_H
#define AZA_PINS_VERSION_TAG_H

#include "base/base.h"

/* Spans of the tag's own text. */
struct pins_version {
    struct base_span prefix, numbers, rest; /* numbers: "" in a tag without any */
    int stage;                      /* of a pre-release, in their order; else the last one */
    struct base_span stage_numbers; /* 1 of rc1 */
};

struct pins_version pins_read_version(const char *tag);
/* Whether a tag is a version of the pinned one's pattern. Pre-releases are, where that is one. */
bool pins_read_version_like(const struct pins_version *pinned, const char *tag,
                            struct pins_version *version);
/* Less than 0, 0, or more than 0. Numbers that are not there count as 0. */
int pins_compare_versions(const struct pins_version *one, const struct pins_version *other);
/* What stands in the tag, with points: 4.2.0 of REL4_2_0, 2.0.0-rc1 of v2.0.0-rc1. */
void pins_put_version(struct base_sink *sink, const struct pins_version *version);

#endif
