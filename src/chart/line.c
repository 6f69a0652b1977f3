/* Draws a line with as few points as needed.
 *
 * A line is simplified by the Ramer-Douglas-Peucker algorithm: of the points between two that are
 * kept, the one farthest from the straight line between them is kept too if it is more than a fifth
 * of a pixel away, and both halves are simplified in the same manner. A sweep has hundreds of
 * points, most of them on straight lines, so the SVG becomes several times smaller. Gaps divide a
 * line into pieces that are simplified separately. */
#include "base/checked.h"
#include "chart/parts.h"

struct place {
    int64_t x, y;
};

/* In tenths of a pixel: a smaller deviation is invisible. */
enum { INVISIBLE = 2 };

/* Whether a point is visibly off the line from a to b. `distance` is its squared distance times the
 * squared length of the line. */
static bool is_visible(struct place a, struct place b, struct place point, base_wide *distance)
{
    /* The cross product is the distance times the length; comparing squares avoids a root. */
    const base_wide dx = b.x - a.x, dy = b.y - a.y, px = point.x - a.x, py = point.y - a.y;
    const base_wide length = dx * dx + dy * dy, cross = dx * py - dy * px;
    *distance = length == 0 ? px * px + py * py : cross * cross;
    return *distance > INVISIBLE * INVISIBLE * (length == 0 ? 1 : length);
}

/* Keeps the point farthest from the line between first and last, and continues with both halves;
 * the ends are already kept. */
static void keep_visible(const struct place *places, bool *kept, size_t first, size_t last)
{
    base_wide farthest = 0;
    size_t at = first;
    for (size_t i = first + 1; i < last; i++) {
        base_wide distance;
        if (is_visible(places[first], places[last], places[i], &distance) && distance > farthest) {
            farthest = distance;
            at = i;
        }
    }
    if (at == first)
        return;
    kept[at] = true;
    keep_visible(places, kept, first, at);
    keep_visible(places, kept, at, last);
}

static void put_piece_of_line(struct base_sink *sink, struct base_arena *arena,
                              const struct place *places, size_t count)
{
    bool *kept = base_alloc(arena, count * sizeof *kept);
    kept[0] = kept[count - 1] = true;
    keep_visible(places, kept, 0, count - 1);
    for (size_t i = 0; i < count; i++) {
        if (!kept[i])
            continue;
        base_put(sink, i == 0 ? "M" : " ");
        chart_put_tenths(sink, places[i].x);
        base_put_char(sink, ',');
        chart_put_tenths(sink, places[i].y);
    }
    /* A line of one point is a dot, by its round ends. */
    base_put(sink, count == 1 ? "h0" : "");
}

void chart_put_path(struct base_sink *sink, struct base_arena *arena, const struct chart_line *line,
                    const struct chart_scale *x, const struct chart_scale *y)
{
    struct place *places = base_alloc(arena, (line->count + 1) * sizeof *places);
    for (size_t i = 0, count = 0; i <= line->count; i++) {
        if (i < line->count && line->points[i].known) {
            const struct chart_point *point = &line->points[i];
            places[count++] =
                (struct place){chart_position(x, point->x), chart_position(y, point->y)};
        } else if (count > 0) {
            put_piece_of_line(sink, arena, places, count);
            count = 0;
        }
    }
}
