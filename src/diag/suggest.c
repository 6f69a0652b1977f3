/* Near names, for "did you mean". */
#include "diag/diag.h"

#include "base/distance.h"

#include <string.h>

enum { LISTED_MAX = 12 }; /* more names than this are no help */

const char *diag_nearest(const char *word, const char *const *names, size_t count)
{
    size_t best = strlen(word) / 3 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t wrong = base_distance(base_span_of(word), base_span_of(names[i]));
        if (wrong < best) {
            best = wrong;
            nearest = names[i];
        }
    }
    return nearest;
}

void diag_suggest(struct diag_queue *queue, struct diagnostic *diagnostic, const char *word,
                  const char *const *names, size_t count)
{
    const char *near = diag_nearest(word, names, count);
    if (near) {
        diag_help(queue, diagnostic, "did you mean `%s`?", near);
        return;
    }
    if (count == 0 || count > LISTED_MAX)
        return;
    struct base_sink list = base_arena_sink(queue->arena);
    for (size_t i = 0; i < count; i++)
        BASE_PUT(&list, i > 0 ? ", `" : "`", names[i], "`");
    diag_help(queue, diagnostic, count == 1 ? "expected %s" : "expected one of %s", list.data);
}
