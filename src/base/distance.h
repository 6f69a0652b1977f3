/* How far apart two words are, for "did you mean". */
#ifndef AZA_BASE_DISTANCE_H
#define AZA_BASE_DISTANCE_H

#include "base/base.h"

/* Letters to insert, drop, replace or swap with their neighbour until one word is the other,
 * without regard to case; SIZE_MAX when a word is longer than 64 bytes. */
size_t base_distance(struct base_span a, struct base_span b);

#endif
