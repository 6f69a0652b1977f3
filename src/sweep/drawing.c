/* From a sweep to a chart (src/chart): a panel for each kind of value, a line for each column.
 *
 * Lines of one kind share an axis, which covers the values of all of them. Columns of one setting
 * that are identical on every machine share a line with a joint label: a chart by workload has one
 * line for a setting that does not depend on it. Values that are not numbers get positions on the
 * axis in the order in which they appear, except that false is below true. */
#include <stdio.h>
#include <string.h>

#include "chart/chart.h"
#include "sweep/sweep.h"

enum { WORDS_MAX = 16, PANELS_MAX = 16 };

struct drawing {
    const struct sweep *sweep;
    struct chart_panel panels[PANELS_MAX];
    size_t panel_count;
};

static const struct sweep_target *target_of(const struct sweep *sweep, size_t column)
{
    return &sweep->targets[column / sweep->member_count];
}

/* --- lines --- */

/* What distinguishes the line from the others: the setting, the member, or both; null for a single
 * line. */
static const char *column_label(const struct sweep *sweep, size_t column)
{
    if (sweep->by == IMAGE_NONE)
        return sweep->target_count == 1 ? NULL : target_of(sweep, column)->name;
    const char *member = sweep_member_label(sweep, column % sweep->member_count);
    return sweep->target_count == 1
               ? member
               : base_format(sweep->arena, "%s %s", target_of(sweep, column)->name, member);
}

/* The label of the dot at a turn, such as "512MB: 4MB"; null where there is none. */
static const char *turn_label(const struct sweep *sweep, size_t sample, size_t column)
{
    const struct sweep_sample *at = &sweep->samples.items[sample];
    if (!sweep_turns_at(sweep, sample, column))
        return NULL;
    return base_format(sweep->arena, "%s: %s", sweep_position_text(sweep, at->at, true),
                       at->cells[column].text);
}

static bool same_line(const struct sweep *sweep, size_t a, size_t b)
{
    if (a / sweep->member_count != b / sweep->member_count)
        return false;
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (sweep->samples.items[i].cells[a].text != sweep->samples.items[i].cells[b].text)
            return false;
    return true;
}

/* Whether the column gets a line: no earlier column of the setting is identical. */
static bool has_own_line(const struct sweep *sweep, size_t column)
{
    for (size_t other = 0; other < column; other++)
        if (same_line(sweep, other, column))
            return false;
    return true;
}

static bool has_values(const struct sweep *sweep, size_t column)
{
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (sweep->samples.items[i].cells[column].known)
            return true;
    return false;
}

/* The label of a line and of the later columns that share it: all their members, or "every
 * workload" if no member differs. */
static const char *joint_label(const struct sweep *sweep, size_t column)
{
    const char *label = column_label(sweep, column);
    size_t joined = 1;
    for (size_t other = column + 1; other < sweep_columns(sweep); other++)
        if (same_line(sweep, column, other)) {
            label = base_format(sweep->arena, "%s, %s", label,
                                sweep_member_label(sweep, other % sweep->member_count));
            joined++;
        }
    if (label != NULL && !has_values(sweep, column))
        return base_format(sweep->arena, "%s (never set)", label);
    if (joined < 2 || joined < sweep->member_count)
        return label;
    return sweep->target_count == 1 ? base_format(sweep->arena, "every %s", sweep_by_name(sweep))
                                    : target_of(sweep, column)->name;
}

/* --- axes --- */

/* Whether the values are words rather than numbers. */
static bool is_worded(const struct sweep_target *target)
{
    return !image_is_number(target->kind);
}

/* Index of a word on the axis, which is its position; words are interned. The number of words if it
 * is new. */
static size_t word_number(const struct chart_axis *axis, const char *text)
{
    size_t number = 0;
    while (number < axis->word_count && axis->words[number] != text)
        number++;
    return number;
}

/* Adds the words of a column to the axis; false if there are too many. */
static bool add_axis_words(const struct sweep *sweep, struct chart_axis *axis, size_t column)
{
    const char **words = (const char **)axis->words;
    if (words == NULL)
        axis->words = words = base_alloc(sweep->arena, WORDS_MAX * sizeof *words);
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const struct sweep_cell *cell = &sweep->samples.items[i].cells[column];
        if (!cell->known || word_number(axis, cell->text) < axis->word_count)
            continue;
        if (axis->word_count == WORDS_MAX)
            return false;
        words[axis->word_count++] = cell->text;
    }
    return true;
}

/* Puts false below true, in whichever order they appear. */
static void order_truths(struct chart_axis *axis)
{
    const char **words = (const char **)axis->words;
    if (axis->kind != IMAGE_BOOL || axis->word_count != 2 || strcmp(words[0], "off") == 0 ||
        strcmp(words[0], "false") == 0)
        return;
    const char *first = words[0];
    words[0] = words[1];
    words[1] = first;
}

/* Widens the axis to the values of a column; `any` is whether it has a range already. */
static void add_axis_values(const struct sweep *sweep, struct chart_axis *axis, size_t column,
                            bool *any)
{
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const struct sweep_cell *cell = &sweep->samples.items[i].cells[column];
        if (!cell->known)
            continue;
        axis->low = *any && axis->low < cell->value ? axis->low : cell->value;
        axis->high = *any && axis->high > cell->value ? axis->high : cell->value;
        *any = true;
    }
}

static bool make_axis(const struct sweep *sweep, struct chart_axis *axis)
{
    bool any = false;
    for (size_t column = 0; column < sweep_columns(sweep); column++) {
        const struct sweep_target *target = target_of(sweep, column);
        if (target->kind != axis->kind)
            continue;
        if (!is_worded(target))
            add_axis_values(sweep, axis, column, &any);
        else if (!add_axis_words(sweep, axis, column)) {
            fprintf(stderr,
                    "azc chart: `%s` has more than %d values that are not numbers; use azc "
                    "table instead\n",
                    target->name, WORDS_MAX);
            return false;
        }
    }
    if (axis->words != NULL)
        order_truths(axis);
    return true;
}

/* --- panels --- */

static void add_line(const struct sweep *sweep, struct chart_panel *panel, size_t column)
{
    const size_t count = sweep->samples.count;
    struct chart_point *points = base_alloc(sweep->arena, count * sizeof *points);
    for (size_t i = 0; i < count; i++) {
        const struct sweep_cell *cell = &sweep->samples.items[i].cells[column];
        points[i] = (struct chart_point){.x = sweep->samples.items[i].at,
                                         .y = cell->value,
                                         .known = cell->known,
                                         .mark = turn_label(sweep, i, column)};
        if (panel->axis.words != NULL && cell->known)
            points[i].y = (int64_t)word_number(&panel->axis, cell->text);
    }
    /* The same member has the same look in every chart of one setting. */
    const size_t pen = sweep->target_count == 1 ? column : panel->line_count;
    ((struct chart_line *)panel->lines)[panel->line_count++] =
        (struct chart_line){joint_label(sweep, column), points, count, pen};
}

static bool add_lines(const struct sweep *sweep, struct chart_panel *panel)
{
    panel->lines = base_alloc(sweep->arena, CHART_LINES_MAX * sizeof *panel->lines);
    for (size_t column = 0; column < sweep_columns(sweep); column++) {
        if (target_of(sweep, column)->kind != panel->axis.kind || !has_own_line(sweep, column))
            continue;
        if (panel->line_count == CHART_LINES_MAX) {
            fprintf(stderr,
                    "azc chart: more than %d lines would be hard to distinguish; name fewer "
                    "settings\n",
                    CHART_LINES_MAX);
            return false;
        }
        add_line(sweep, panel, column);
    }
    return true;
}

static struct chart_panel *find_panel(struct drawing *d, enum image_kind kind)
{
    for (size_t i = 0; i < d->panel_count; i++)
        if (d->panels[i].axis.kind == kind)
            return &d->panels[i];
    return NULL;
}

/* The names of the settings in a panel, for charts with several panels. */
static const char *panel_name(const struct sweep *sweep, enum image_kind kind)
{
    struct base_sink name = base_arena_sink(sweep->arena);
    for (size_t i = 0; i < sweep->target_count; i++)
        if (sweep->targets[i].kind == kind)
            BASE_PUT(&name, name.length == 0 ? "" : ", ", sweep->targets[i].name);
    return name.data;
}

static bool make_panels(struct drawing *d)
{
    for (size_t i = 0; i < d->sweep->target_count; i++) {
        const enum image_kind kind = d->sweep->targets[i].kind;
        if (find_panel(d, kind) != NULL)
            continue;
        struct chart_panel *panel = &d->panels[d->panel_count++];
        *panel = (struct chart_panel){.axis.kind = kind};
        if (!make_axis(d->sweep, &panel->axis) || !add_lines(d->sweep, panel))
            return false;
    }
    for (size_t i = 0; d->panel_count > 1 && i < d->panel_count; i++)
        d->panels[i].name = panel_name(d->sweep, d->panels[i].axis.kind);
    return true;
}

const struct chart *sweep_draw(const struct sweep *sweep, const char *title, const char *subtitle)
{
    struct drawing *d = BASE_NEW(sweep->arena, struct drawing);
    d->sweep = sweep;
    if (!make_panels(d))
        return NULL;
    struct chart *chart = BASE_NEW(sweep->arena, struct chart);
    const enum image_kind kind = (enum image_kind)sweep->session->image.inputs[sweep->over].kind;
    *chart =
        (struct chart){.title = title,
                       .subtitle = subtitle,
                       .x_name = sweep_over_name(sweep),
                       .x = {.kind = kind, .binary = true, .low = sweep->low, .high = sweep->high},
                       .panels = d->panels,
                       .panel_count = d->panel_count};
    return chart;
}
