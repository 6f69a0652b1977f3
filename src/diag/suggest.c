/* Near names, for "did you mean". */
#include "diag/diag.h"

#include "base/distance.h"

#include <string.h>

enum { LISTED_MAX = 12 }; /* more names than this are no help */

const char *azd_nearest(const char *word, const char *const *names, size_t count)
{
    size_t best = strlen(word) / 3 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t wrong = aza_distance(aza_span_of(word), aza_span_of(names[i]));
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
