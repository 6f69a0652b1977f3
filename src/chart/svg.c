/* The drawing of a chart:
 *
 *     title
 *     subtitle
 *     -- web   - - oltp          legend, or the panel's name
 *     |
 *     |     panel
 *     |________________
 *       512MB  1GB  2GB          ticks of the shared axis, below each panel
 *              memory
 *
 * Panels are stacked, and each function that draws a part returns the y coordinate below it. The
 * body is written first, since the <svg> element before it contains the height. Colours are classes
 * of the style sheet, which has a light and a dark theme; a line's pen chooses its colour and its
 * dash pattern, so that the same thing looks the same in every panel. */
#include "chart/parts.h"

/* In tenths of a pixel. */
enum {
    WIDTH = 7600,
    LEFT = 860,
    RIGHT = 240,
    TITLE_HEIGHT = 260,
    SUBTITLE_HEIGHT = 200,
    LEGEND_HEIGHT = 220,
    NAME_HEIGHT = 240,
    PANEL_HEIGHT = 2600,
    LANE_HEIGHT = 320, /* of a panel whose values are words */
    TICKS_HEIGHT = 260,
    AXIS_NAME_HEIGHT = 220,
    GAP = 140,
    CHARACTER = 68, /* about as wide as one is at 12 pixels */
    SAMPLE = 300,   /* a piece of a line in the legend */
    X_TICKS = 12,
    Y_TICKS = 7,
    COLOURS = 8,
};

/* The colours of Okabe and Ito, which colour-blind readers can distinguish, darkened for a white
 * background and lightened for a black one. */
static const char *const light[COLOURS] = {"#0072b2", "#d55e00", "#00825f", "#a63c7d",
                                           "#8a6d00", "#3b8fc4", "#5c5c5c", "#b3262e"};
static const char *const dark[COLOURS] = {"#56b4e9", "#ff9a4d", "#2fd6a3", "#eda2cd",
                                          "#f0d84a", "#a5dcff", "#c4c4c4", "#ff8f8f"};
static const char *const dashes[] = {
    "none", "9 4",      "2 4",  "10 4 2 4",    "16 4 2 4", "5 3",           "1 3",    "14 6",
    "4 6",  "12 3 4 3", "20 5", "8 3 2 3 2 3", "2 7",      "6 2 2 2 2 2 2", "18 3 6", "3 2"};
_Static_assert(sizeof dashes / sizeof *dashes == CHART_LINES_MAX, "one for each line");

static void put_colours(struct base_sink *sink, const char *const *colours)
{
    for (int i = 0; i < COLOURS; i++) {
        const char digit[2] = {(char)('0' + i), '\0'};
        BASE_PUT(sink, ".c", digit, "{stroke:", colours[i], "}.d", digit, "{fill:", colours[i],
                 "}");
    }
    base_put_char(sink, '\n');
}

void chart_put_style(struct base_sink *sink)
{
    base_put(sink, ".chart{color:#1f2328;fill:currentColor;"
                   "font:12px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\n"
                   ".title{font-size:16px;font-weight:600}.name{font-size:13px;font-weight:600}\n"
                   ".soft{fill-opacity:.7}.middle{text-anchor:middle}.end{text-anchor:end}\n"
                   ".grid{stroke:currentColor;stroke-opacity:.12}"
                   ".axis{stroke:currentColor;stroke-opacity:.55}\n"
                   ".line{fill:none;stroke-width:2.2;stroke-linejoin:round}"
                   "path.line[stroke-dasharray=none]{stroke-linecap:round}\n");
    put_colours(sink, light);
    base_put(sink, "@media (prefers-color-scheme:dark){.chart{color:#e6edf3}\n");
    put_colours(sink, dark);
    base_put(sink, "}\n");
}

static void put_attribute(struct base_sink *sink, const char *name, int64_t tenths)
{
    BASE_PUT(sink, " ", name, "=\"");
    chart_put_tenths(sink, tenths);
    base_put_char(sink, '"');
}

static void put_label(struct base_sink *sink, const char *class, int64_t x, int64_t y,
                      const char *text)
{
    base_put(sink, "<text");
    if (*class != '\0')
        BASE_PUT(sink, " class=\"", class, "\"");
    put_attribute(sink, "x", x);
    put_attribute(sink, "y", y);
    base_put_char(sink, '>');
    chart_put_text(sink, text);
    base_put(sink, "</text>\n");
}

static void put_straight_line(struct base_sink *sink, const char *class, int64_t x1, int64_t y1,
                              int64_t x2, int64_t y2)
{
    BASE_PUT(sink, "<path class=\"", class, "\" d=\"M");
    chart_put_tenths(sink, x1);
    base_put_char(sink, ',');
    chart_put_tenths(sink, y1);
    base_put(sink, x1 == x2 ? "V" : "H");
    chart_put_tenths(sink, x1 == x2 ? y2 : x2);
    base_put(sink, "\"/>\n");
}

static void put_pen(struct base_sink *sink, size_t pen)
{
    base_put(sink, " class=\"line c");
    base_put_int(sink, (int64_t)(pen % COLOURS));
    BASE_PUT(sink, "\" stroke-dasharray=\"", dashes[pen % CHART_LINES_MAX], "\"");
}

/* --- titles and legends --- */

/* A sample of each line with its label, in as many rows as needed. A line without a label is the
 * only one and needs no legend. */
static int64_t put_legend(struct base_sink *sink, const struct chart_panel *panel, int64_t y)
{
    int64_t x = LEFT;
    for (size_t i = 0; i < panel->line_count; i++) {
        const char *label = panel->lines[i].label;
        if (label == NULL)
            return y;
        const int64_t text =
            (int64_t)base_text_width(label, base_span_of(label).length) * CHARACTER;
        if (x > LEFT && x + SAMPLE + text > WIDTH - RIGHT) {
            x = LEFT;
            y += LEGEND_HEIGHT;
        }
        base_put(sink, "<path");
        put_pen(sink, panel->lines[i].pen);
        base_put(sink, " d=\"M");
        chart_put_tenths(sink, x);
        base_put_char(sink, ',');
        chart_put_tenths(sink, y + LEGEND_HEIGHT - 100);
        base_put(sink, "h");
        chart_put_tenths(sink, SAMPLE);
        base_put(sink, "\"/>\n");
        put_label(sink, "", x + SAMPLE + 70, y + LEGEND_HEIGHT - 60, label);
        x += SAMPLE + 70 + text + 220;
    }
    return y + LEGEND_HEIGHT;
}

/* --- a panel --- */

static int64_t panel_height(const struct chart_panel *panel)
{
    return panel->axis.words == NULL ? PANEL_HEIGHT
                                     : (int64_t)(panel->axis.word_count + 1) * LANE_HEIGHT;
}

static void put_tick_label(struct base_sink *sink, struct base_arena *arena, const char *class,
                           int64_t x, int64_t y, const struct chart_axis *axis, int64_t value)
{
    struct base_sink text = base_arena_sink(arena);
    chart_put_tick(&text, axis, value);
    put_label(sink, class, x, y, text.data);
}

static void put_grid(struct base_sink *sink, struct base_arena *arena, const struct chart_scale *x,
                     const struct chart_scale *y)
{
    for (size_t i = 0; i < y->tick_count; i++) {
        const int64_t at = chart_position(y, y->ticks[i]);
        put_straight_line(sink, "grid", x->from, at, x->to, at);
        put_tick_label(sink, arena, "soft end", x->from - 80, at + 40, &y->axis, y->ticks[i]);
    }
    for (size_t i = 0; i < x->tick_count; i++) {
        const int64_t at = chart_position(x, x->ticks[i]);
        put_straight_line(sink, "grid", at, y->to, at, y->from);
        put_tick_label(sink, arena, "soft middle", at, y->from + 180, &x->axis, x->ticks[i]);
    }
    put_straight_line(sink, "axis", x->from, y->from, x->to, y->from);
    put_straight_line(sink, "axis", x->from, y->to, x->from, y->from);
}

static void put_marks(struct base_sink *sink, const struct chart_line *line,
                      const struct chart_scale *x, const struct chart_scale *y)
{
    for (size_t i = 0; i < line->count; i++) {
        const struct chart_point *point = &line->points[i];
        if (point->mark == NULL || !point->known)
            continue;
        base_put(sink, "<circle class=\"d");
        base_put_int(sink, (int64_t)(line->pen % COLOURS));
        base_put_char(sink, '"');
        put_attribute(sink, "cx", chart_position(x, point->x));
        put_attribute(sink, "cy", chart_position(y, point->y));
        base_put(sink, " r=\"3\"><title>");
        chart_put_text(sink, point->mark);
        base_put(sink, "</title></circle>\n");
    }
}

static void put_panel(struct base_sink *sink, struct base_arena *arena,
                      const struct chart_panel *panel, const struct chart_scale *x, int64_t top)
{
    const struct chart_scale y =
        chart_scale(&panel->axis, top + panel_height(panel), top, Y_TICKS, false);
    put_grid(sink, arena, x, &y);
    for (size_t i = 0; i < panel->line_count; i++) {
        base_put(sink, "<path");
        put_pen(sink, panel->lines[i].pen);
        base_put(sink, " d=\"");
        chart_put_path(sink, arena, &panel->lines[i], x, &y);
        base_put(sink, "\"/>\n");
    }
    for (size_t i = 0; i < panel->line_count; i++)
        put_marks(sink, &panel->lines[i], x, &y);
}

/* --- the whole chart --- */

static int64_t put_chart_head(struct base_sink *sink, const struct chart *chart)
{
    int64_t y = GAP / 2;
    if (chart->title != NULL) {
        put_label(sink, "title", LEFT, y + TITLE_HEIGHT - 80, chart->title);
        y += TITLE_HEIGHT;
    }
    if (chart->subtitle != NULL) {
        put_label(sink, "soft", LEFT, y + SUBTITLE_HEIGHT - 60, chart->subtitle);
        y += SUBTITLE_HEIGHT;
    }
    return y;
}

static int64_t put_panel_head(struct base_sink *sink, const struct chart_panel *panel, int64_t y)
{
    if (panel->name == NULL || panel->line_count > 1)
        return put_legend(sink, panel, y) + GAP;
    put_label(sink, "name", LEFT, y + NAME_HEIGHT - 100, panel->name);
    return y + NAME_HEIGHT;
}

static int64_t put_chart_body(struct base_sink *sink, struct base_arena *arena,
                              const struct chart *chart)
{
    const struct chart_scale x = chart_scale(&chart->x, LEFT, WIDTH - RIGHT, X_TICKS, true);
    int64_t y = put_chart_head(sink, chart);
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct chart_panel *panel = &chart->panels[i];
        y = put_panel_head(sink, panel, y);
        put_panel(sink, arena, panel, &x, y);
        y += panel_height(panel) + TICKS_HEIGHT + GAP;
    }
    put_label(sink, "middle", (x.from + x.to) / 2, y, chart->x_name);
    return y + AXIS_NAME_HEIGHT - GAP;
}

void chart_put_drawing(struct base_sink *sink, struct base_arena *arena, const struct chart *chart,
                       bool style)
{
    struct base_sink body = base_arena_sink(arena);
    const int64_t height = put_chart_body(&body, arena, chart);
    base_put(sink, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\"");
    if (chart->title != NULL) {
        base_put(sink, " aria-label=\"");
        chart_put_text(sink, chart->title);
        base_put_char(sink, '"');
    }
    base_put(sink, " viewBox=\"0 0 ");
    chart_put_tenths(sink, WIDTH);
    base_put_char(sink, ' ');
    chart_put_tenths(sink, height);
    base_put_char(sink, '"');
    put_attribute(sink, "width", WIDTH);
    put_attribute(sink, "height", height);
    base_put(sink, ">\n");
    if (style) {
        base_put(sink, "<style>\n");
        chart_put_style(sink);
        base_put(sink, "</style>\n");
    }
    base_put_bytes(sink, body.data, body.length);
    base_put(sink, "</svg>\n");
}

void chart_put_svg(struct base_sink *sink, struct base_arena *arena, const struct chart *chart)
{
    chart_put_drawing(sink, arena, chart, true);
}
