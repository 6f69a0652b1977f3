/* Charts as SVG, and a page of charts as HTML.
 *
 * A chart is one or more panels above one another that share the axis of what was varied; each
 * panel has an axis of its own and lines on it. Everything is whole numbers: positions are tenths
 * of a pixel, logarithms are fixed-point, so the same values give the same bytes on every machine.
 * The output is self-contained and has no scripts: one style sheet, text as text, colours that
 * colour-blind readers can distinguish, a dash pattern per line, and a light and a dark theme. */
#ifndef AZA_CHART_CHART_H
#define AZA_CHART_CHART_H

#include "base/memory.h"
#include "image/image.h"

/* A value at a position of the horizontal axis. */
struct chart_point {
    int64_t x, y;
    bool known;       /* false: the line has a gap here */
    const char *mark; /* the tooltip of a dot here, or null for no dot */
};

struct chart_line {
    const char *label;                /* null: the only line, which needs none */
    const struct chart_point *points; /* x rises */
    size_t count;
    size_t pen; /* chooses colour and dashes: the same thing has the same pen in all panels and
                   charts */
};

struct chart_axis {
    enum image_kind kind;
    const char *const *words; /* names of the values 0, 1, 2..., or null: numbers of that kind */
    size_t word_count;
    bool binary;       /* ticks at powers of two; sizes always have them there */
    int64_t low, high; /* the least and the greatest value; an axis may reach further */
};

struct chart_panel {
    const char *name; /* shown if there is one line; null if the title contains it */
    struct chart_axis axis;
    const struct chart_line *lines;
    size_t line_count;
};

struct chart {
    const char *title, *subtitle; /* either may be null */
    const char *x_name;
    struct chart_axis x;
    const struct chart_panel *panels;
    size_t panel_count;
};

/* Lines that can be distinguished in one panel. */
enum { CHART_LINES_MAX = 16 };

/* A whole SVG file. The arena is for scratch. */
void chart_put_svg(struct base_sink *sink, struct base_arena *arena, const struct chart *chart);

/* One part of a page: a chart, the prose above it and the table below it, whose first row is its
 * head. */
struct chart_section {
    const char *name, *prose;
    struct chart chart;
    const char *const *cells; /* rows * columns */
    size_t rows, columns;
};
struct chart_page {
    const char *title, *prose;
    const struct chart_section *sections;
    size_t section_count;
};

/* A whole HTML file that is also well-formed XML. */
void chart_put_page(struct base_sink *sink, struct base_arena *arena,
                    const struct chart_page *page);

#endif
