/* azc chart: settings over a range of machines, as one SVG or as an HTML page with a section per
 * setting. over.c makes the sweep from the command line; src/sweep and src/chart do the rest.
 *
 * The page first sweeps the grid alone for all settings, which shows the ones that depend on the
 * input, and then each of these again in detail. */
#include <stdio.h>
#include <string.h>

#include "azc/over.h"
#include "chart/chart.h"

/* Such as "over memory, by workload; cpus=8". */
static const char *chart_subtitle(const struct sweep *sweep)
{
    struct base_sink sink = base_arena_sink(sweep->arena), given = base_arena_sink(sweep->arena);
    BASE_PUT(&sink, "over ", sweep_over_name(sweep));
    if (sweep->by != IMAGE_NONE)
        BASE_PUT(&sink, ", by ", sweep_by_name(sweep));
    sweep_put_given(&given, sweep);
    if (given.length > 0)
        BASE_PUT(&sink, "; ", given.data);
    return sink.data;
}

/* The names of the settings, or their number if the names do not fit on a line. */
static const char *chart_title(const struct sweep *sweep)
{
    enum { LINE = 64 };
    struct base_sink sink = base_arena_sink(sweep->arena);
    for (size_t i = 0; i < sweep->target_count; i++)
        BASE_PUT(&sink, i == 0 ? "" : ", ", sweep->targets[i].name);
    return sink.length <= LINE ? sink.data
                               : base_format(sweep->arena, "%zu settings", sweep->target_count);
}

static int draw_svg(struct compilation *build, struct sweep *sweep,
                    const struct azc_options *options)
{
    const struct chart *chart = sweep_draw(sweep, chart_title(sweep), chart_subtitle(sweep));
    struct base_sink sink = base_arena_sink(&build->arena);
    if (chart == NULL)
        return STATUS_WRONG;
    chart_put_svg(&sink, &build->arena, chart);
    return azc_put_to(options, &sink);
}

/* --- the page --- */

BASE_LIST_OF(sections, struct chart_section);

/* The cells of a section's table, with a row of headings. */
static void add_table(const struct sweep *sweep, const struct sweep_rows *rows,
                      struct chart_section *section)
{
    section->columns = sweep_columns(sweep) + 1;
    section->rows = rows->count + 1;
    const char **cell = base_alloc(sweep->arena, section->rows * section->columns * sizeof *cell);
    section->cells = cell;
    *cell++ = sweep_over_name(sweep);
    for (size_t column = 0; column + 1 < section->columns; column++)
        *cell++ = sweep_column_title(sweep, column);
    for (size_t row = 0; row < rows->count; row++) {
        *cell++ = sweep_position_text(sweep, rows->items[row].sample->at, true);
        for (size_t column = 0; column + 1 < section->columns; column++)
            *cell++ = rows->items[row].sample->cells[column].text;
    }
}

/* Each setting is swept separately: in a common sweep they would share the limit of samples. */
static int add_section(const struct sweep *all, size_t target, struct sections *sections)
{
    struct sweep one = *all;
    struct sweep_rows rows;
    one.targets = &all->targets[target];
    one.target_count = 1;
    memset(&one.samples, 0, sizeof one.samples);
    if (!sweep_run(&one))
        return STATUS_WRONG;
    const struct chart *chart = sweep_draw(&one, NULL, NULL);
    if (chart == NULL)
        return STATUS_WRONG;
    sweep_pick_rows(&one, &rows);
    struct chart_section *section = BASE_PUSH(all->arena, sections);
    *section = (struct chart_section){
        .name = one.targets[0].name, .prose = one.targets[0].doc, .chart = *chart};
    add_table(&one, &rows, section);
    return STATUS_FINE;
}

static int draw_page(struct compilation *build, struct sweep *sweep,
                     const struct azc_options *options)
{
    struct sections sections = {0};
    int status = STATUS_FINE;
    for (size_t i = 0; status == STATUS_FINE && i < sweep->target_count; i++)
        if (sweep_varies(sweep, i))
            status = add_section(sweep, i, &sections);
    if (status != STATUS_FINE)
        return status;
    const struct chart_page page = {
        .title = base_format(&build->arena, "Settings %s", chart_subtitle(sweep)),
        .prose = base_format(&build->arena,
                             "%zu of %zu settings depend on %s; the others are constant. A dot "
                             "marks where another row, branch, curve segment or limit takes over.",
                             sections.count, sweep->target_count, sweep_over_name(sweep)),
        .sections = sections.items,
        .section_count = sections.count};
    struct base_sink sink = base_arena_sink(&build->arena);
    chart_put_page(&sink, &build->arena, &page);
    return azc_put_to(options, &sink);
}

static int run_chart(const struct azc_options *options)
{
    return azc_sweep_verb("chart", options, options->html, options->html ? draw_page : draw_svg);
}

const struct azc_verb azc_chart = {
    .name = "chart",
    .summary = "draw values over a range of machines, as SVG or as an HTML page",
    .usage =
        "chart SETTING... --over INPUT[=LOW..HIGH] [--by INPUT] [NAME=VALUE...] [-o FILE]\n"
        "       azc chart --html --over INPUT[=LOW..HIGH] [--by INPUT] [NAME=VALUE...] [-o FILE]",
    .text = "Draws what `azc table` prints, as an SVG for light and dark backgrounds: a line for\n"
            "each setting and each member of --by, with a dot where another row, branch, curve\n"
            "segment or limit takes over, and a panel for each kind of value. With --html, writes\n"
            "a page of all settings that depend on the input, each with its doc comment, chart\n"
            "and values. Both are self-contained. Without -o, writes to standard output.\n\n"
            "examples: azc chart work_mem --over memory=512MB..64GB --by workload -o work_mem.svg\n"
            "          azc chart --html --over memory --by workload cpus=8 -o settings.html\n",
    .options = "rules over by html output stdlib",
    .run = run_chart,
};
