/* azc chart: settings over a range of machines, as a picture or as a page of pictures. */
#include <stdio.h>
#include <string.h>

#include "cmd/drawing.h"

/* "over memory, by workload; cpus=8" */
static const char *circumstances(const struct azc_sweep *sweep)
{
    struct aza_sink sink = aza_arena_sink(sweep->arena), given = aza_arena_sink(sweep->arena);
    AZA_PUT(&sink, "over ", azc_over_name(sweep));
    if (sweep->by != AZB_NONE)
        AZA_PUT(&sink, ", by ", azc_by_name(sweep));
    azc_put_given(&given, sweep);
    if (given.length > 0)
        AZA_PUT(&sink, "; ", given.data);
    return sink.data;
}

/* The settings by name, as long as they fit on a line. */
static const char *names(const struct azc_sweep *sweep)
{
    enum { LINE = 64 };
    struct aza_sink sink = aza_arena_sink(sweep->arena);
    for (size_t i = 0; i < sweep->target_count; i++)
        AZA_PUT(&sink, i == 0 ? "" : ", ", sweep->targets[i].name);
    return sink.length <= LINE ? sink.data
                               : aza_format(sweep->arena, "%zu settings", sweep->target_count);
}

static int draw_svg(struct azc_build *build, struct azc_sweep *sweep,
                    const struct azc_options *options)
{
    const struct azh_chart *chart = azc_draw(sweep, names(sweep), circumstances(sweep));
    struct aza_sink sink = aza_arena_sink(&build->arena);
    if (chart == NULL)
        return AZC_WRONG;
    azh_put_svg(&sink, &build->arena, chart);
    return azc_put_to(options, &sink);
}

/* --- the page -----------------------------------------------------------------------------------
 */

AZP_LIST_OF(sections, struct azh_section);

static void add_table(const struct azc_sweep *sweep, const struct azc_rows *rows,
                      struct azh_section *section)
{
    section->columns = azc_columns(sweep) + 1;
    section->rows = rows->count + 1;
    const char **cell = aza_alloc(sweep->arena, section->rows * section->columns * sizeof *cell);
    section->cells = cell;
    *cell++ = azc_over_name(sweep);
    for (size_t column = 0; column + 1 < section->columns; column++)
        *cell++ = azc_column_title(sweep, column);
    for (size_t row = 0; row < rows->count; row++) {
        *cell++ = azc_position_text(sweep, rows->items[row].sample->at, true);
        for (size_t column = 0; column + 1 < section->columns; column++)
            *cell++ = rows->items[row].sample->cells[column].text;
    }
}

/* One setting swept by itself, so that each is searched as thoroughly as any. */
static int add_section(const struct azc_sweep *all, size_t target, struct sections *sections)
{
    struct azc_sweep one = *all;
    struct azc_rows rows;
    one.targets = &all->targets[target];
    one.target_count = 1;
    memset(&one.samples, 0, sizeof one.samples);
    if (!azc_sweep(&one))
        return AZC_WRONG;
    const struct azh_chart *chart = azc_draw(&one, NULL, NULL);
    if (chart == NULL)
        return AZC_WRONG;
    azc_sweep_rows(&one, &rows);
    struct azh_section *section = AZA_PUSH(all->arena, sections);
    *section = (struct azh_section){
        .name = one.targets[0].name, .prose = one.targets[0].doc, .chart = *chart};
    add_table(&one, &rows, section);
    return AZC_FINE;
}

static int draw_page(struct azc_build *build, struct azc_sweep *sweep,
                     const struct azc_options *options)
{
    struct sections sections = {0};
    int status = AZC_FINE;
    for (size_t i = 0; status == AZC_FINE && i < sweep->target_count; i++)
        if (azc_varies(sweep, i))
            status = add_section(sweep, i, &sections);
    if (status != AZC_FINE)
        return status;
    const struct azh_page page = {
        .title = aza_format(&build->arena, "Settings %s", circumstances(sweep)),
        .prose = aza_format(&build->arena,
                            "%zu of %zu settings move with %s; the others are the same everywhere. "
                            "A dot stands where the way a value is computed changes.",
                            sections.count, sweep->target_count, azc_over_name(sweep)),
        .sections = sections.items,
        .section_count = sections.count};
    struct aza_sink sink = aza_arena_sink(&build->arena);
    azh_put_page(&sink, &build->arena, &page);
    return azc_put_to(options, &sink);
}

static int run(const struct azc_options *options)
{
    return azc_over_run("chart", options, options->html, options->html ? draw_page : draw_svg);
}

const struct azc_verb azc_chart = {
    .name = "chart",
    .summary = "the same as a picture, or as a page",
    .usage =
        "chart SETTING... --over INPUT[=LOW..HIGH] [--by INPUT] [NAME=VALUE...] [-o FILE]\n"
        "       azc chart --html --over INPUT[=LOW..HIGH] [--by INPUT] [NAME=VALUE...] [-o FILE]",
    .text =
        "Draws what `azc table` prints: an SVG with a line for each setting and each member of\n"
        "--by, a dot where the way a value is computed changes, in light and dark. Settings of\n"
        "different kinds stand in panels of their own. With --html a page of every setting that\n"
        "the input moves, each with its reason, its chart and its values. Neither needs\n"
        "anything from elsewhere. Without -o it goes to standard output.\n\n"
        "examples: azc chart work_mem --over memory=512MB..64GB --by workload -o work_mem.svg\n"
        "          azc chart --html --over memory --by workload cpus=8 -o settings.html\n",
    .options = "rules over by html output stdlib",
    .run = run,
};
