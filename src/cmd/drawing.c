/* From the columns of a sweep to the lines of a chart. */
#include <stdio.h>
#include <string.h>

#include "cmd/drawing.h"

enum { WORDS_MAX = 16, PANELS_MAX = 16 };

struct drawing {
    const struct azc_sweep *sweep;
    struct azh_panel panels[PANELS_MAX];
    size_t panel_count;
};

static const struct azc_target *target_of(const struct azc_sweep *sweep, size_t column)
{
    return &sweep->targets[column / sweep->member_count];
}

/* --- lines --------------------------------------------------------------------------------------
 */

/* The setting, the member, or both, as far as they tell this line from the others. */
static const char *label_of(const struct azc_sweep *sweep, size_t column)
{
    if (sweep->by == AZB_NONE)
        return sweep->target_count == 1 ? NULL : target_of(sweep, column)->name;
    const char *member = azc_member_label(sweep, column % sweep->member_count);
    return sweep->target_count == 1
               ? member
               : aza_format(sweep->arena, "%s %s", target_of(sweep, column)->name, member);
}

static const char *mark_of(const struct azc_sweep *sweep, size_t sample, size_t column)
{
    const struct azc_sample *at = &sweep->samples.items[sample];
    if (sample == 0 || at->cells[column].way == at[-1].cells[column].way)
        return NULL;
    return aza_format(sweep->arena, "%s: %s", azc_position_text(sweep, at->at, true),
                      at->cells[column].text);
}

static bool same_line(const struct azc_sweep *sweep, size_t a, size_t b)
{
    if (a / sweep->member_count != b / sweep->member_count)
        return false;
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (sweep->samples.items[i].cells[a].text != sweep->samples.items[i].cells[b].text)
            return false;
    return true;
}

/* A line for a column and for those after it, of the same setting, that are just like it; null for
 * one that another stands for. */
static bool draws(const struct azc_sweep *sweep, size_t column)
{
    for (size_t other = 0; other < column; other++)
        if (same_line(sweep, other, column))
            return false;
    return true;
}

static bool has_values(const struct azc_sweep *sweep, size_t column)
{
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (sweep->samples.items[i].cells[column].known)
            return true;
    return false;
}

static const char *joint_label(const struct azc_sweep *sweep, size_t column)
{
    const char *label = label_of(sweep, column);
    size_t joined = 1;
    for (size_t other = column + 1; other < azc_columns(sweep); other++)
        if (same_line(sweep, column, other)) {
            label = aza_format(sweep->arena, "%s, %s", label,
                               azc_member_label(sweep, other % sweep->member_count));
            joined++;
        }
    if (label != NULL && !has_values(sweep, column))
        return aza_format(sweep->arena, "%s (never set)", label);
    if (joined < 2 || joined < sweep->member_count)
        return label;
    return sweep->target_count == 1 ? aza_format(sweep->arena, "every %s", azc_by_name(sweep))
                                    : target_of(sweep, column)->name;
}

/* --- axes ---------------------------------------------------------------------------------------
 */

/* Whether the values are words, which get numbers in the order in which they appear. */
static bool is_worded(const struct azc_target *target)
{
    return !azb_is_number(target->kind);
}

static size_t word_number(const struct azh_axis *axis, const char *text)
{
    size_t number = 0;
    while (number < axis->word_count && axis->words[number] != text)
        number++;
    return number;
}

static bool add_words(const struct azc_sweep *sweep, struct azh_axis *axis, size_t column)
{
    const char **words = (const char **)axis->words;
    if (words == NULL)
        axis->words = words = aza_alloc(sweep->arena, WORDS_MAX * sizeof *words);
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const struct azc_cell *cell = &sweep->samples.items[i].cells[column];
        if (!cell->known || word_number(axis, cell->text) < axis->word_count)
            continue;
        if (axis->word_count == WORDS_MAX)
            return false;
        words[axis->word_count++] = cell->text;
    }
    return true;
}

/* False stays below true, whichever comes first. */
static void order_truths(struct azh_axis *axis)
{
    const char **words = (const char **)axis->words;
    if (axis->kind != AZB_BOOL || axis->word_count != 2 || strcmp(words[0], "off") == 0 ||
        strcmp(words[0], "false") == 0)
        return;
    const char *first = words[0];
    words[0] = words[1];
    words[1] = first;
}

static void add_values(const struct azc_sweep *sweep, struct azh_axis *axis, size_t column,
                       bool *any)
{
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const struct azc_cell *cell = &sweep->samples.items[i].cells[column];
        if (!cell->known)
            continue;
        axis->low = *any && axis->low < cell->value ? axis->low : cell->value;
        axis->high = *any && axis->high > cell->value ? axis->high : cell->value;
        *any = true;
    }
}

static bool make_axis(const struct azc_sweep *sweep, struct azh_axis *axis)
{
    bool any = false;
    for (size_t column = 0; column < azc_columns(sweep); column++) {
        const struct azc_target *target = target_of(sweep, column);
        if (target->kind != axis->kind)
            continue;
        if (!is_worded(target))
            add_values(sweep, axis, column, &any);
        else if (!add_words(sweep, axis, column)) {
            fprintf(stderr,
                    "azc chart: `%s` has more than %d values that are no numbers; see them "
                    "with azc table\n",
                    target->name, WORDS_MAX);
            return false;
        }
    }
    if (axis->words != NULL)
        order_truths(axis);
    return true;
}

/* --- panels -------------------------------------------------------------------------------------
 */

static void add_line(const struct azc_sweep *sweep, struct azh_panel *panel, size_t column)
{
    const size_t count = sweep->samples.count;
    struct azh_point *points = aza_alloc(sweep->arena, count * sizeof *points);
    for (size_t i = 0; i < count; i++) {
        const struct azc_cell *cell = &sweep->samples.items[i].cells[column];
        points[i] = (struct azh_point){.x = sweep->samples.items[i].at,
                                       .y = cell->value,
                                       .known = cell->known,
                                       .mark = mark_of(sweep, i, column)};
        if (panel->axis.words != NULL && cell->known)
            points[i].y = (int64_t)word_number(&panel->axis, cell->text);
    }
    /* The same member has the same look in every chart of one setting. */
    const size_t pen = sweep->target_count == 1 ? column : panel->line_count;
    ((struct azh_line *)panel->lines)[panel->line_count++] =
        (struct azh_line){joint_label(sweep, column), points, count, pen};
}

static bool add_lines(const struct azc_sweep *sweep, struct azh_panel *panel)
{
    panel->lines = aza_alloc(sweep->arena, AZH_LINES_MAX * sizeof *panel->lines);
    for (size_t column = 0; column < azc_columns(sweep); column++) {
        if (target_of(sweep, column)->kind != panel->axis.kind || !draws(sweep, column))
            continue;
        if (panel->line_count == AZH_LINES_MAX) {
            fprintf(stderr,
                    "azc chart: more than %d lines cannot be told apart; name fewer "
                    "settings\n",
                    AZH_LINES_MAX);
            return false;
        }
        add_line(sweep, panel, column);
    }
    return true;
}

static struct azh_panel *find_panel(struct drawing *d, enum azb_kind kind)
{
    for (size_t i = 0; i < d->panel_count; i++)
        if (d->panels[i].axis.kind == kind)
            return &d->panels[i];
    return NULL;
}

/* The names of its settings, where several panels need telling apart. */
static const char *panel_name(const struct azc_sweep *sweep, enum azb_kind kind)
{
    struct aza_sink name = aza_arena_sink(sweep->arena);
    for (size_t i = 0; i < sweep->target_count; i++)
        if (sweep->targets[i].kind == kind)
            AZA_PUT(&name, name.length == 0 ? "" : ", ", sweep->targets[i].name);
    return name.data;
}

static bool make_panels(struct drawing *d)
{
    for (size_t i = 0; i < d->sweep->target_count; i++) {
        const enum azb_kind kind = d->sweep->targets[i].kind;
        if (find_panel(d, kind) != NULL)
            continue;
        struct azh_panel *panel = &d->panels[d->panel_count++];
        *panel = (struct azh_panel){.axis.kind = kind};
        if (!make_axis(d->sweep, &panel->axis) || !add_lines(d->sweep, panel))
            return false;
    }
    for (size_t i = 0; d->panel_count > 1 && i < d->panel_count; i++)
        d->panels[i].name = panel_name(d->sweep, d->panels[i].axis.kind);
    return true;
}

const struct azh_chart *azc_draw(const struct azc_sweep *sweep, const char *title,
                                 const char *subtitle)
{
    struct drawing *d = AZA_NEW(sweep->arena, struct drawing);
    d->sweep = sweep;
    if (!make_panels(d))
        return NULL;
    struct azh_chart *chart = AZA_NEW(sweep->arena, struct azh_chart);
    const enum azb_kind kind = (enum azb_kind)sweep->session->image.inputs[sweep->over].kind;
    *chart = (struct azh_chart){
        .title = title,
        .subtitle = subtitle,
        .x_name = azc_over_name(sweep),
        .x = {.kind = kind, .binary = true, .low = sweep->low, .high = sweep->high},
        .panels = d->panels,
        .panel_count = d->panel_count};
    return chart;
}
