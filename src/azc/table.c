/* azc table: values over a range of machines, with a row wherever something changes. over.c makes
 * the sweep; this file prints its rows as text, Markdown, CSV or JSON.
 *
 * A column is a setting and, with --by, a member. Text has two lines of headings then, with the
 * setting above its members. Formats for readers shorten positions such as 512MB+1kB; CSV and JSON
 * contain exact ones. */
#include <stdio.h>
#include <string.h>

#include "azc/over.h"

struct table {
    const struct sweep *sweep;
    struct sweep_rows rows;
    struct base_sink *sink;
    bool for_readers; /* positions may be written relative to a round one */
};

static const char *row_position(const struct table *t, size_t row)
{
    return sweep_position_text(t->sweep, t->rows.items[row].sample->at, t->for_readers);
}

static const char *cell_text(const struct table *t, size_t row, size_t column)
{
    return t->rows.items[row].sample->cells[column].text;
}

/* The heading of a column on one line: the setting, and the member if there is one. */
static const char *column_heading(const struct table *t, size_t column)
{
    const struct sweep_target *target = &t->sweep->targets[column / t->sweep->member_count];
    if (t->sweep->by == IMAGE_NONE)
        return target->name;
    const char *member = sweep_member_label(t->sweep, column % t->sweep->member_count);
    return base_format(t->sweep->arena, "%s %s", target->name, member);
}

static size_t text_width(const char *text)
{
    return base_text_width(text, strlen(text));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* --- text: numbers are right-aligned, everything else left-aligned --- */

enum { GAP = 2, GROUP_GAP = 4 };

static void put_aligned(struct base_sink *sink, const char *text, size_t width, bool right)
{
    if (right)
        base_put_padding(sink, text_width(text), width);
    base_put(sink, text);
    if (!right)
        base_put_padding(sink, text_width(text), width);
}

/* Removes the padding at the end of a line. */
static void end_line(struct base_sink *sink)
{
    while (sink->length > 0 && sink->data[sink->length - 1] == ' ')
        sink->data[--sink->length] = '\0';
    base_put_char(sink, '\n');
}

/* The widths of all columns. The first is the position. The members of a setting are together at
 * least as wide as its name. */
static size_t *column_widths(const struct table *t)
{
    const size_t members = t->sweep->member_count, columns = sweep_columns(t->sweep);
    size_t *widths = base_alloc(t->sweep->arena, (columns + 1) * sizeof *widths);
    widths[0] = text_width(sweep_over_name(t->sweep));
    for (size_t row = 0; row < t->rows.count; row++)
        widths[0] = larger(widths[0], text_width(row_position(t, row)));
    for (size_t column = 0; column < columns; column++) {
        size_t *width = &widths[column + 1];
        *width = text_width(sweep_column_title(t->sweep, column));
        for (size_t row = 0; row < t->rows.count; row++)
            *width = larger(*width, text_width(cell_text(t, row, column)));
    }
    for (size_t target = 0; target < t->sweep->target_count; target++) {
        size_t group = GAP * (members - 1), name = text_width(t->sweep->targets[target].name);
        for (size_t member = 0; member < members; member++)
            group += widths[target * members + member + 1];
        if (name > group)
            widths[(target + 1) * members] += name - group;
    }
    return widths;
}

static void put_column_gap(const struct table *t, size_t column)
{
    const bool group = t->sweep->by != IMAGE_NONE && column % t->sweep->member_count == 0;
    base_put_padding(t->sink, 0, group ? GROUP_GAP : GAP);
}

static bool is_right(const struct table *t, size_t column)
{
    return image_is_number(t->sweep->targets[column / t->sweep->member_count].kind);
}

static void put_group_heads(const struct table *t, const size_t *widths)
{
    const size_t members = t->sweep->member_count;
    base_put_padding(t->sink, 0, widths[0]);
    for (size_t target = 0; target < t->sweep->target_count; target++) {
        size_t group = GAP * (members - 1);
        for (size_t member = 0; member < members; member++)
            group += widths[target * members + member + 1];
        put_column_gap(t, target * members);
        put_aligned(t->sink, t->sweep->targets[target].name, group, false);
    }
    end_line(t->sink);
}

static void put_aligned_text(const struct table *t)
{
    const size_t *widths = column_widths(t), columns = sweep_columns(t->sweep);
    if (t->sweep->by != IMAGE_NONE)
        put_group_heads(t, widths);
    put_aligned(t->sink, sweep_over_name(t->sweep), widths[0], true);
    for (size_t column = 0; column < columns; column++) {
        put_column_gap(t, column);
        put_aligned(t->sink, sweep_column_title(t->sweep, column), widths[column + 1],
                    is_right(t, column));
    }
    end_line(t->sink);
    for (size_t row = 0; row < t->rows.count; row++) {
        put_aligned(t->sink, row_position(t, row), widths[0], true);
        for (size_t column = 0; column < columns; column++) {
            put_column_gap(t, column);
            put_aligned(t->sink, cell_text(t, row, column), widths[column + 1],
                        is_right(t, column));
        }
        end_line(t->sink);
    }
}

/* --- Markdown --- */

static void put_markdown_cell(struct base_sink *sink, const char *text)
{
    base_put(sink, " ");
    for (; *text != '\0'; text++) {
        if (strchr("|\\*_<`", *text) != NULL)
            base_put_char(sink, '\\');
        base_put_char(sink, *text);
    }
    base_put(sink, " |");
}

static void put_markdown_table(const struct table *t)
{
    const size_t columns = sweep_columns(t->sweep);
    base_put_char(t->sink, '|');
    put_markdown_cell(t->sink, sweep_over_name(t->sweep));
    for (size_t column = 0; column < columns; column++)
        put_markdown_cell(t->sink, t->sweep->target_count == 1
                                       ? sweep_column_title(t->sweep, column)
                                       : column_heading(t, column));
    base_put(t->sink, "\n| ---: |");
    for (size_t column = 0; column < columns; column++)
        base_put(t->sink, is_right(t, column) ? " ---: |" : " --- |");
    base_put_char(t->sink, '\n');
    for (size_t row = 0; row < t->rows.count; row++) {
        base_put_char(t->sink, '|');
        put_markdown_cell(t->sink, row_position(t, row));
        for (size_t column = 0; column < columns; column++)
            put_markdown_cell(t->sink, cell_text(t, row, column));
        base_put_char(t->sink, '\n');
    }
}

/* --- CSV --- */

static void put_csv_table(const struct table *t)
{
    const size_t columns = sweep_columns(t->sweep);
    azc_put_csv_cell(t->sink, sweep_over_name(t->sweep));
    for (size_t column = 0; column < columns; column++) {
        base_put_char(t->sink, ',');
        azc_put_csv_cell(t->sink, column_heading(t, column));
    }
    base_put_char(t->sink, '\n');
    for (size_t row = 0; row < t->rows.count; row++) {
        azc_put_csv_cell(t->sink, row_position(t, row));
        for (size_t column = 0; column < columns; column++) {
            base_put_char(t->sink, ',');
            azc_put_csv_cell(t->sink, cell_text(t, row, column));
        }
        base_put_char(t->sink, '\n');
    }
}

/* --- JSON --- */

static void put_json_text(struct base_sink *sink, const char *before, const char *text)
{
    base_put(sink, before);
    if (text == NULL)
        base_put(sink, "null");
    else
        base_put_json(sink, text);
}

/* A value that is not set is null. */
static void put_json_cell(const struct table *t, size_t row, size_t column)
{
    const struct sweep_cell *c = &t->rows.items[row].sample->cells[column];
    put_json_text(t->sink, ": ", c->known || strcmp(c->text, "-") != 0 ? c->text : NULL);
}

static void put_json_row(const struct table *t, size_t row)
{
    const size_t members = t->sweep->member_count;
    put_json_text(t->sink, "{\"at\": ", row_position(t, row));
    base_put(t->sink, ", \"exactly\": ");
    base_put_int(t->sink, t->rows.items[row].sample->at);
    put_json_text(t->sink, ", \"because\": ", sweep_row_word(t->rows.items[row].class));
    base_put(t->sink, ", \"values\": {");
    for (size_t column = 0; column < sweep_columns(t->sweep); column++) {
        const bool first = column % members == 0, last = (column + 1) % members == 0;
        if (first)
            put_json_text(t->sink, column == 0 ? "" : ", ",
                          t->sweep->targets[column / members].name);
        if (t->sweep->by != IMAGE_NONE)
            put_json_text(t->sink, first ? ": {" : ", ", t->sweep->members[column % members]);
        put_json_cell(t, row, column);
        base_put(t->sink, last && t->sweep->by != IMAGE_NONE ? "}" : "");
    }
    base_put(t->sink, "}}");
}

static void put_json_table(const struct table *t)
{
    struct base_sink given = base_arena_sink(t->sweep->arena);
    sweep_put_given(&given, t->sweep);
    put_json_text(t->sink, "{\"over\": ", sweep_over_name(t->sweep));
    put_json_text(t->sink, ", \"by\": ", sweep_by_name(t->sweep));
    put_json_text(t->sink, ", \"given\": ", given.data);
    base_put(t->sink, ", \"rows\": [");
    for (size_t row = 0; row < t->rows.count; row++) {
        base_put(t->sink, row == 0 ? "\n  " : ",\n  ");
        put_json_row(t, row);
    }
    base_put(t->sink, "\n]}\n");
}

/* --- the verb --- */

static const struct {
    const char *name;
    void (*put)(const struct table *table);
    bool for_readers;
} formats[] = {{"table", put_aligned_text, true},
               {"markdown", put_markdown_table, true},
               {"csv", put_csv_table, false},
               {"json", put_json_table, false}};
enum { FORMATS = sizeof formats / sizeof *formats, JSON = FORMATS - 1 };

static size_t find_format(const struct azc_options *options)
{
    const char *word = options->format == NULL ? "table" : options->format;
    size_t format = 0;
    while (format < FORMATS && strcmp(formats[format].name, word) != 0)
        format++;
    return options->json ? JSON : format;
}

static int print_table(struct compilation *build, struct sweep *sweep,
                       const struct azc_options *options)
{
    struct base_sink sink = base_arena_sink(&build->arena);
    const size_t format = find_format(options);
    struct table table = {
        .sweep = sweep, .sink = &sink, .for_readers = formats[format].for_readers};
    sweep_pick_rows(sweep, &table.rows);
    formats[format].put(&table);
    return azc_put(&sink);
}

static int run_table(const struct azc_options *options)
{
    if (find_format(options) == FORMATS)
        return azc_misuse("table", "unknown format ", options->format);
    return azc_sweep_verb("table", options, false, print_table);
}

const struct azc_verb azc_table = {
    .name = "table",
    .summary = "print values over a range of machines",
    .usage = "table SETTING... --over INPUT[=LOW..HIGH] [--by INPUT] [NAME=VALUE...]\n"
             "                 [--format FORMAT]",
    .text = "Prints the exact values of settings (or of a `let`) over memory, cpus, disk or any\n"
            "other number: at both ends, at powers of two, and wherever another row, branch,\n"
            "curve segment or limit takes over. A value that moves in a few steps is shown at\n"
            "each of them. The default of LOW..HIGH is the domain that the rules declare. --by\n"
            "adds a column for each member of an enum, or for false and true. Nothing is measured\n"
            "on this machine: inputs are given by NAME=VALUE or have their defaults.\n"
            "FORMAT is table, markdown, csv or json.\n\n"
            "examples: azc table work_mem --over memory=512MB..64GB --by workload cpus=4\n"
            "          azc table shared_buffers effective_cache_size --over memory --format csv\n",
    .options = "rules over by format json stdlib",
    .run = run_table,
};
