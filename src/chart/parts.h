/* Private to src/chart: scales, simplified lines, XML, and the drawing of a chart. */
#ifndef AZA_CHART_PARTS_H
#define AZA_CHART_PARTS_H

#include "chart/chart.h"

/* --- scale.c --- */

enum { CHART_TICKS_MAX = 80 };

struct chart_scale {
    struct chart_axis axis; /* low and high moved to where the scale begins and ends */
    bool logarithmic;
    int64_t from, to; /* tenths of a pixel */
    int64_t ticks[CHART_TICKS_MAX];
    size_t tick_count;
};

/* A scale with at most about `ticks` ticks. If `exact` it ends at the axis's own ends; otherwise at
 * ticks, and a linear one of positive values begins at zero. `from` is the position of the low end,
 * `to` of the high.
 */
struct chart_scale chart_scale(const struct chart_axis *axis, int64_t from, int64_t to,
                               size_t ticks, bool exact);
/* The position of a value, in tenths of a pixel; values outside of the scale are at its end. */
int64_t chart_position(const struct chart_scale *scale, int64_t value);
/* "512MB", "1.5GB", "50k", "10min": short. */
void chart_put_tick(struct base_sink *sink, const struct chart_axis *axis, int64_t value);
/* The binary logarithm of a positive number, in units of 2^-24, rounded down. */
int64_t chart_log2(int64_t value);

/* --- line.c --- */

/* The points of a line as the data of an SVG path, without those whose absence is invisible. */
void chart_put_path(struct base_sink *sink, struct base_arena *arena, const struct chart_line *line,
                    const struct chart_scale *x, const struct chart_scale *y);

/* --- svg.c --- */

/* The <svg> element; `style` puts the style sheet into it. */
void chart_put_drawing(struct base_sink *sink, struct base_arena *arena, const struct chart *chart,
                       bool style);
/* The style sheet of charts, as CSS. */
void chart_put_style(struct base_sink *sink);

/* --- xml.c --- */

/* Escaped text, for an element or an attribute in double quotes. Characters that XML cannot contain
 * and bytes that are not UTF-8 become U+FFFD. */
void chart_put_text(struct base_sink *sink, const char *text);
/* Tenths as a decimal: 12, 12.5, -0.1. */
void chart_put_tenths(struct base_sink *sink, int64_t tenths);

#endif
