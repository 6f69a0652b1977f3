/* What the tests of the rules have reached: each table row and curve segment that matched, each
 * condition that was true and that was false, each limit that applied. */
#ifndef AZA_CMD_COVERAGE_H
#define AZA_CMD_COVERAGE_H

#include "base/memory.h"
#include "cmd/session.h"

struct azc_coverage {
    struct azc_point *points;
    size_t count;
    uint32_t *point_of_note; /* AZB_NONE for notes that cannot be reached or missed */
    bool *matched;           /* by group: a row of it has matched, in the name at hand */
};

void azc_cover_begin(struct azc_coverage *coverage, struct aza_arena *arena,
                     const struct azb_image *image);
/* Counts one run, as it stands in the session's slots. */
void azc_cover(struct azc_coverage *coverage, const struct azn_session *session);
/* One line for each place that was not reached, of the rules beside the main file and below; then a
 * summary. */
void azc_cover_print(const struct azc_coverage *coverage, const struct azb_image *image);

#endif
