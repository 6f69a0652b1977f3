/* How far apart two words are, for "did you mean". */
#ifndef AZA_BASE_DISTANCE_H
#define AZA_BASE_DISTANCE_H

#include "base/base.h"

/* The nearest of the names that are offered, if at most a third of the word's letters are wrong;
 * the first of equals. The distance is the number of letters to insert, drop, replace or swap with
 * their neighbour until one word is the other, ignoring case. A word or name longer than 64 bytes
 * is near to none. */
struct base_nearest {
    struct base_span word;
    size_t limit;     /* a name must be nearer than this */
    const char *name; /* or null */
};
struct base_nearest base_nearest_to(struct base_span word);
void base_offer_name(struct base_nearest *nearest, const char *name);

#endif
