/* The distance between words, for suggestions: the number of edits (insert, drop, replace, swap two
 * neighbours) between them, known as the optimal string alignment distance. The classic table has a
 * row for each letter of `a` and a column for each letter of `b`, and is computed row by row. */
#include "base/distance.h"

enum { WORD_MAX = 64 }; /* longer words get no suggestion */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return base_lower(a) == base_lower(b);
}

/* row[k] of row i is the distance of the first i letters of `a` and the first k letters of `b`. A
 * swap refers to the row two above, so three rows are kept, in turn. */
static size_t edit_distance(struct base_span a, struct base_span b)
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
                             above[k - 1] + !same_letter(a.start[i - 1], b.start[k - 1]));
            if (i > 1 && k > 1 && same_letter(a.start[i - 1], b.start[k - 2]) &&
                same_letter(a.start[i - 2], b.start[k - 1]))
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
    const size_t distance = edit_distance(nearest->word, base_span_of(name));
    if (distance >= nearest->limit)
        return;
    nearest->limit = distance;
    nearest->name = name;
}
