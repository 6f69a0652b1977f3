/* Near names, for "did you mean". */
#include "diag/diag.h"

#include <string.h>

enum {
    WORD_MAX = 64,   /* longer words get no suggestion */
    LISTED_MAX = 12, /* more names than this are no help */
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, drop, replace or swap with their neighbour until `a` is `b`. Row i of the
 * classic table is for the first i letters of `a`; a swap looks two rows back, so three are kept.
 */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t k = 0; k <= b_length; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t k = 1; k <= b_length; k++) {
            row[k] =
                smaller(smaller(row[k - 1], above[k]) + 1, above[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = smaller(row[k], before[k - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *azd_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word), best = length / 3 + 1;
    const char *nearest = NULL;
    if (length > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t name_length = strlen(names[i]);
        if (name_length > WORD_MAX)
            continue;
        size_t wrong = distance(word, length, names[i], name_length);
        if (wrong < best) {
            best = wrong;
            nearest = names[i];
        }
    }
    return nearest;
}

void azd_suggest(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *word,
                 const char *const *names, size_t count)
{
    const char *near = azd_nearest(word, names, count);
    if (near) {
        azd_help(queue, diagnostic, "did you mean `%s`?", near);
        return;
    }
    if (count == 0 || count > LISTED_MAX)
        return;
    struct aza_sink list = aza_arena_sink(queue->arena);
    for (size_t i = 0; i < count; i++)
        AZA_PUT(&list, i > 0 ? ", " : "", names[i]);
    azd_help(queue, diagnostic, "it is one of %s", list.data);
}
