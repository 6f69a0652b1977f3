/* Near names, for "did you mean". Whether a name is near is decided in base/distance.c, which the
 * runner uses too. */
#include "diag/diag.h"

#include "base/distance.h"

enum { LISTED_MAX = 12 }; /* longer lists are not printed */

const char *diag_nearest(const char *word, const char *const *names, size_t count)
{
    struct base_nearest nearest = base_nearest_to(base_span_of(word));
    for (size_t i = 0; i < count; i++)
        base_offer_name(&nearest, names[i]);
    return nearest.name;
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
