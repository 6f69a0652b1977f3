/* What the files of this directory share; nobody else includes it. */
#ifndef AZA_CHART_PARTS_H
#define AZA_CHART_PARTS_H

#include "chart/chart.h"

/* ---- scale.c ---- */

enum { AZH_TICKS_MAX = 80 };

struct azh_scale {
    struct azh_axis axis; /* low and high moved to where the scale begins and ends */
    bool logarithmic;
    int64_t from, to; /* tenths of a pixel */
    int64_t ticks[AZH_TICKS_MAX];
    size_t tick_count;
};

/* A scale with at most about `ticks` ticks; `exact` ends it at the axis's own ends, else at ticks
 * and, where it is not logarithmic, at zero. */
struct azh_scale azh_scale(const struct azh_axis *axis, int64_t from, int64_t to, size_t ticks,
                           bool exact);
/* Where a value lies; values outside of the scale lie at its end. */
int64_t azh_position(const struct azh_scale *scale, int64_t value);
/* "512MB", "1.5GB", "50k", "10min": short. */
void azh_put_tick(struct aza_sink *sink, const struct azh_axis *axis, int64_t value);
/* log2 of a positive number, in 2^-24. */
int64_t azh_log2(int64_t value);

/* ---- line.c ---- */

/* The points of a line as the data of an SVG path, less those that nobody would see missing. */
void azh_put_path(struct aza_sink *sink, struct aza_arena *arena, const struct azh_line *line,
                  const struct azh_scale *x, const struct azh_scale *y);

/* ---- svg.c ---- */

/* The <svg> element; `style` puts the style sheet into it. */
void azh_put_drawing(struct aza_sink *sink, struct aza_arena *arena, const struct azh_chart *chart,
                     bool style);
/* The style sheet of charts, as CSS. */
void azh_put_style(struct aza_sink *sink);

/* ---- xml.c ---- */

/* Text as XML has it, in an element or in an attribute in double quotes. Control characters and
 * bytes that are no UTF-8 become U+FFFD. */
void azh_put_text(struct aza_sink *sink, const char *text);
/* Tenths as a decimal: 12, 12.5, -0.1. */
void azh_put_tenths(struct aza_sink *sink, int64_t tenths);

#endif
