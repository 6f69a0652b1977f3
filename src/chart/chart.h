/* Charts as SVG, and a page of charts as HTML.
 *
 * A chart is one or more panels above one another that share the axis of what was varied; each
 * panel has an axis of its own and lines on it. Everything is whole numbers: positions are tenths
 * of a pixel, logarithms are fixed-point, so the same values give the same bytes on every machine.
 * The output needs nothing from elsewhere and runs nothing: one style sheet, text as text, colours
 * that differ for colour-blind eyes and dashes that differ for everybody, in light and in dark. */
#ifndef AZA_CHART_H
#define AZA_CHART_H

#include "base/memory.h"
#include "image/image.h"

/* A value at a place of the horizontal axis. */
struct azh_point {
    int64_t x, y;
    bool known;       /* false: the line has a gap here */
    const char *mark; /* what a dot here says, or null for no dot */
};

struct azh_line {
    const char *label;              /* null: the only line, which needs none */
    const struct azh_point *points; /* x rises */
    size_t count;
    size_t pen; /* colour and dashes: what is the same in several panels or charts has the same */
};

struct azh_axis {
    enum azb_kind kind;
    const char *const *words; /* names of the values 0, 1, 2..., or null: numbers of that kind */
    size_t word_count;
    bool binary;       /* ticks at powers of two; sizes always have them there */
    int64_t low, high; /* the least and the greatest value; an axis may reach further */
};

struct azh_panel {
    const char *name; /* shown where there is one line; null when the title says it */
    struct azh_axis axis;
    const struct azh_line *lines;
    size_t line_count;
};

struct azh_chart {
    const char *title, *subtitle; /* either may be null */
    const char *x_name;
    struct azh_axis x;
    const struct azh_panel *panels;
    size_t panel_count;
};

/* Lines that can be told apart in one panel. */
enum { AZH_LINES_MAX = 16 };

/* A whole SVG file. The arena is for scratch. */
void azh_put_svg(struct aza_sink *sink, struct aza_arena *arena, const struct azh_chart *chart);

/* One part of a page: a chart, the prose above it and the table below it, whose first row is its
 * head. */
struct azh_section {
    const char *name, *prose;
    struct azh_chart chart;
    const char *const *cells; /* rows * columns */
    size_t rows, columns;
};
struct azh_page {
    const char *title, *prose;
    const struct azh_section *sections;
    size_t section_count;
};

/* A whole HTML file that is also well-formed XML. */
void azh_put_page(struct aza_sink *sink, struct aza_arena *arena, const struct azh_page *page);

#endif
