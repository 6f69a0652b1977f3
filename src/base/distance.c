/* Distance between words, row by row. */
#include "base/distance.h"

enum { WORD_MAX = 64 }; /* longer words get no suggestion */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return base_lower(a) == base_lower(b);
}

/* Row i of the classic table is for the first i letters of `a`; a swap looks two rows back, so
 * three are kept. */
size_t base_distance(struct base_span a, struct base_span b)
{
    size_t rows[3][WORD_MAX + 1];
    if (a.length > WORD_MAX || b.length > WORD_MAX)
        return SIZE_MAX;
    for (size_t k = 0; k <= b.length; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= b.length; k++) {
            row[k] = smaller(smaller(row[k - 1], above[k]) + 1,
                             above[k - 1] + !same(a.start[i - 1], b.start[k - 1]));
            if (i > 1 && k > 1 && same(a.start[i - 1], b.start[k - 2]) &&
                same(a.start[i - 2], b.start[k - 1]))
                row[k] = smaller(row[k], before[k - 2] + 1);
        }
    }
    return rows[a.length % 3][b.length];
}

struct base_nearest base_nearest_to(struct base_span word)
{
    return (struct base_nearest){.word = word, .limit = word.length / 3 + 1};
}

void base_offer_name(struct base_nearest *nearest, const char *name)
{
    const size_t distance = base_distance(nearest->word, base_span_of(name));
    if (distance >= nearest->limit)
        return;
    nearest->limit = distance;
    nearest->name = name;
}
