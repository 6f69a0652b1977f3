/* Where the lines of a statement may break, and which statements are on lines of their own.
 *
 * Every class of statement has a function in a table. `where` describes the block that contains it:
 * its group, its margin and its level. Statements of a block are a group, which breaks unless it
 * has at most one statement and the author wrote it on one line. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The level of a statement outside of all blocks. */
enum { TOP = 1 };

struct place_of_items { /* the position of the statements of a block */
    uint32_t group;     /* the token that opens it */
    uint32_t margin;
    uint32_t level;
};

static void mark_statements(struct syntax_layout *layout, const struct syntax_items *list,
                            struct place_of_items where);

/* --- tokens --- */

static uint32_t token_after(const struct syntax_layout *layout, struct base_place place)
{
    return syntax_last(layout, place) + 1;
}

/* A line of a block; its level is that of the statement around. */
static void begin_statement_line(struct syntax_layout *layout, uint32_t token,
                                 struct place_of_items where)
{
    syntax_grouped(layout, token, SYNTAX_MARGIN, where.group, where.margin, where.level - 1);
}

/* The lines between `open` and its partner, which break with those of `group`. */
static struct place_of_items lines_within(struct syntax_layout *layout, uint32_t open,
                                          uint32_t group, struct place_of_items around)
{
    uint32_t close = layout->marks[open].partner;
    if (close > open + 1 || layout->marks[close].comments > 0)
        syntax_grouped(layout, close, SYNTAX_MARGIN, group, around.margin, around.level);
    else
        layout->marks[close].spaces = 0;
    layout->marks[close].closes = true;
    return (struct place_of_items){group, around.margin + SYNTAX_INDENT, around.level + 1};
}

static struct place_of_items lines_of_block(struct syntax_layout *layout,
                                            const struct syntax_item *item,
                                            struct place_of_items around)
{
    uint32_t open = layout->marks[syntax_last(layout, item->place)].partner;
    return lines_within(layout, open, open, around);
}

/* --- parts --- */

static void mark_type(struct syntax_layout *layout, const struct syntax_type *node, uint32_t level)
{
    while (node != NULL && node->element != NULL)
        node = node->element;
    if (node == NULL || node->name != NULL)
        return;
    BASE_LIST(uint32_t) members = {0};
    for (size_t i = 0; i < node->members.count; i++)
        *BASE_PUSH(layout->context->arena, &members) =
            syntax_first(layout, node->members.items[i].place);
    syntax_commas(layout, members.items[0] - 1, members.items, members.count, level);
}

static void mark_bindings(struct syntax_layout *layout, const struct syntax_bindings *list,
                          uint32_t level)
{
    BASE_LIST(uint32_t) names = {0};
    for (size_t i = 0; i < list->count; i++) {
        *BASE_PUSH(layout->context->arena, &names) =
            syntax_first(layout, list->items[i].name.place);
        mark_type(layout, list->items[i].type, level + 1);
    }
    syntax_commas(layout, names.items[0] - 1, names.items, names.count, level);
}

/* `when CONDITION` after a check, an export, or the name of an invariant. */
static void mark_guard(struct syntax_layout *layout, const struct syntax_expr *condition,
                       uint32_t level)
{
    if (condition == NULL)
        return;
    syntax_soft(layout, syntax_first(layout, condition->place) - 1, SYNTAX_STATEMENT, 0,
                SYNTAX_INDENT, level);
    syntax_mark_expr(layout, condition, level + 1);
}

static void mark_value(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    syntax_intro(layout, expr, syntax_last(layout, expr->place), SYNTAX_STATEMENT, 0, level);
}

/* `warn "..."` after a source or `use`. */
static void mark_warning(struct syntax_layout *layout, const struct syntax_expr *text,
                         uint32_t level)
{
    if (text == NULL)
        return;
    syntax_soft(layout, syntax_first(layout, text->place) - 1, SYNTAX_STATEMENT, 0, SYNTAX_INDENT,
                level);
    syntax_mark_expr(layout, text, level + 1);
}

/* --- statements --- */

static void mark_names_only(struct syntax_layout *layout, const struct syntax_item *item,
                            struct place_of_items where)
{
    mark_type(layout, item->type, where.level);
}

static void mark_outcome(struct syntax_layout *layout, const struct syntax_outcome *written,
                         struct place_of_items where)
{
    if (!written->said)
        return;
    begin_statement_line(layout, syntax_first(layout, written->place) - 2, where);
    if (written->value == NULL) {
        if (written->message != NULL)
            syntax_mark_expr(layout, written->message, where.level + 1);
        return;
    }
    syntax_mark_expr(layout, written->value, where.level + 1);
    mark_warning(layout, written->message, where.level);
}

/* Returns the number of lines: a source after `or` continues the line before. */
static size_t mark_sources(struct syntax_layout *layout, const struct syntax_sources *list,
                           struct place_of_items where)
{
    size_t lines = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_source *source = &list->items[i];
        uint32_t start = syntax_first(layout, source->place);
        if (layout->marks[start].kind == OR) {
            syntax_soft(layout, start, SYNTAX_STATEMENT, 0, SYNTAX_INDENT, where.level);
        } else {
            begin_statement_line(layout, start, where);
            lines++;
        }
        mark_warning(layout, source->warning, where.level);
    }
    return lines;
}

/* What a fact or option is: its type, domain and default. */
static void mark_input_head(struct syntax_layout *layout, const struct syntax_item *item,
                            uint32_t level)
{
    mark_type(layout, item->type, level);
    if (item->low != NULL) {
        syntax_mark_expr(layout, item->low, level + 1);
        syntax_mark_expr(layout, item->high, level + 1);
    }
    if (item->value != NULL)
        mark_value(layout, item->value, level);
}

static void mark_input(struct syntax_layout *layout, const struct syntax_item *item,
                       struct place_of_items where)
{
    const struct syntax_outcome *const outcomes[] = {&item->below, &item->above, &item->missing,
                                                     &item->invalid};
    enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };
    struct place_of_items within = lines_of_block(layout, item, where);
    mark_input_head(layout, item, where.level);
    size_t lines = mark_sources(layout, &item->sources, within);
    for (size_t i = 0; i < OUTCOMES; i++) {
        mark_outcome(layout, outcomes[i], within);
        lines += outcomes[i]->said;
    }
    syntax_group(layout, within.group, syntax_last(layout, item->place), lines > 1, where.level);
}

/* An emit or a field: only a value, and `emit flags` has none. */
static void mark_value_only(struct syntax_layout *layout, const struct syntax_item *item,
                            struct place_of_items where)
{
    if (item->value != NULL)
        mark_value(layout, item->value, where.level);
}

static void mark_let(struct syntax_layout *layout, const struct syntax_item *item,
                     struct place_of_items where)
{
    mark_type(layout, item->type, where.level);
    if (item->class == SYNTAX_DEF)
        mark_bindings(layout, &item->bindings, where.level);
    mark_value(layout, item->value, where.level);
}

static void mark_row(struct syntax_layout *layout, const struct syntax_row *written,
                     struct syntax_table *table, struct place_of_items where)
{
    struct syntax_table_row line_of_it = {.first = syntax_first(layout, written->place)};
    begin_statement_line(layout, line_of_it.first, where);
    if (written->threshold != NULL)
        syntax_mark_expr(layout, written->threshold, where.level + 1);
    for (size_t i = 0; i < written->cells.count; i++) {
        const struct syntax_expr *cell = written->cells.items[i];
        uint32_t first = syntax_first(layout, cell->place);
        *BASE_PUSH(layout->context->arena, &line_of_it.cells) = first;
        syntax_mark_expr(layout, cell, where.level + 1);
        if (i > 0)
            syntax_soft(layout, first, SYNTAX_COLUMN, line_of_it.cells.items[0], 0, where.level);
        line_of_it.last = syntax_last(layout, cell->place);
    }
    *BASE_PUSH(layout->context->arena, &table->rows) = line_of_it;
}

/* A profile or tiers. */
static void mark_table(struct syntax_layout *layout, const struct syntax_item *item,
                       struct place_of_items where)
{
    struct place_of_items within = lines_of_block(layout, item, where);
    mark_bindings(layout, &item->bindings, where.level);
    layout->marks[syntax_first(layout, item->bindings.items[0].name.place) - 1].spaces = 1;
    struct syntax_table rows = {0};
    for (size_t i = 0; i < item->rows.count; i++)
        mark_row(layout, item->rows.items[i], &rows, within);
    syntax_add_table(layout, within.group, rows);
    syntax_group(layout, within.group, syntax_last(layout, item->place), true, where.level);
}

static void mark_config(struct syntax_layout *layout, const struct syntax_item *item,
                        struct place_of_items where)
{
    struct place_of_items within = lines_of_block(layout, item, where);
    mark_statements(layout, &item->body, within);
    syntax_group(layout, within.group, syntax_last(layout, item->place), true, where.level);
}

/* The types of a schema's fields are aligned; defaults follow them directly. */
static void mark_schema(struct syntax_layout *layout, const struct syntax_item *item,
                        struct place_of_items where)
{
    struct place_of_items within = lines_of_block(layout, item, where);
    struct syntax_table fields = {0};
    mark_statements(layout, &item->body, within);
    for (size_t i = 0; i < item->body.count; i++) {
        const struct syntax_item *field = item->body.items[i];
        if (field->class != SYNTAX_SCHEMA_FIELD)
            continue;
        struct syntax_table_row row = {.first = syntax_first(layout, field->place),
                                       .last = syntax_last(layout, field->type->place)};
        *BASE_PUSH(layout->context->arena, &row.cells) = syntax_first(layout, field->type->place);
        *BASE_PUSH(layout->context->arena, &fields.rows) = row;
    }
    if (fields.rows.count > 0)
        syntax_add_table(layout, within.group, fields);
    syntax_group(layout, within.group, syntax_last(layout, item->place), item->body.count > 1,
                 where.level);
}

static void mark_schema_field(struct syntax_layout *layout, const struct syntax_item *item,
                              struct place_of_items where)
{
    mark_type(layout, item->type, where.level);
    mark_value_only(layout, item, where);
}

static void mark_schema_check(struct syntax_layout *layout, const struct syntax_item *item,
                              struct place_of_items where)
{
    syntax_mark_expr(layout, item->condition, where.level + 1);
    mark_value(layout, item->value, where.level);
}

static void mark_nested_block(struct syntax_layout *layout, const struct syntax_item *item,
                              struct place_of_items where)
{
    struct place_of_items within = lines_of_block(layout, item, where);
    mark_statements(layout, &item->body, within);
    syntax_group(layout, within.group, syntax_last(layout, item->place), item->body.count > 1,
                 where.level);
}

/* All branches break when one does: they are one group. */
static void mark_when(struct syntax_layout *layout, const struct syntax_item *item,
                      struct place_of_items where)
{
    uint32_t last = syntax_last(layout, item->place),
             group = token_after(layout, item->condition->place);
    uint32_t open = group;
    bool many = false;
    for (;;) {
        syntax_mark_expr(layout, item->condition, where.level + 1);
        mark_statements(layout, &item->body, lines_within(layout, open, group, where));
        many |= item->body.count > 1 || item->otherwise.count > 1;
        uint32_t otherwise = layout->marks[open].partner + 1;
        if (otherwise < last) { /* a comment before it puts it on a line of its own */
            layout->marks[otherwise].anchor = SYNTAX_MARGIN;
            layout->marks[otherwise].extra = where.margin;
        }
        open = otherwise + 1;
        if (open > last || layout->marks[open].kind == '{')
            break;
        item = item->otherwise.items[0];
        open = token_after(layout, item->condition->place);
    }
    if (open < last)
        mark_statements(layout, &item->otherwise, lines_within(layout, open, group, where));
    syntax_group(layout, group, last, many, where.level);
}

static void mark_invariant(struct syntax_layout *layout, const struct syntax_item *item,
                           struct place_of_items where)
{
    uint32_t last = syntax_last(layout, item->place);
    mark_guard(layout, item->condition, where.level);
    syntax_intro(layout, item->value, last, SYNTAX_STATEMENT, 0, where.level);
    if (item->shape == SYNTAX_HOLDS)
        return;
    uint32_t shape = token_after(layout, item->value->place);
    syntax_operator(layout, shape, shape, syntax_first(layout, item->value->place),
                    where.level + 1);
    if (item->shape == SYNTAX_JUMPS)
        syntax_mark_expr(layout, item->high, where.level + 2);
}

static void mark_check(struct syntax_layout *layout, const struct syntax_item *item,
                       struct place_of_items where)
{
    syntax_mark_expr(layout, item->value, where.level + 1);
    mark_guard(layout, item->condition, where.level);
}

static void mark_export(struct syntax_layout *layout, const struct syntax_item *item,
                        struct place_of_items where)
{
    mark_value(layout, item->value, where.level);
    mark_guard(layout, item->condition, where.level);
}

static void mark_expectation(struct syntax_layout *layout, const struct syntax_item *item,
                             struct place_of_items where)
{
    syntax_mark_expr(layout, item->value, where.level + 1);
}

static void mark_given(struct syntax_layout *layout, const struct syntax_item *item,
                       struct place_of_items where)
{
    syntax_intro(layout, item->value, syntax_last(layout, item->place), SYNTAX_COLUMN,
                 syntax_first(layout, item->place), where.level + 1);
}

static void mark_statement(struct syntax_layout *layout, const struct syntax_item *item,
                           struct place_of_items where)
{
    static void (*const classes[])(struct syntax_layout *, const struct syntax_item *,
                                   struct place_of_items) = {
        [SYNTAX_IMPORT] = mark_names_only,
        [SYNTAX_CATALOG] = mark_names_only,
        [SYNTAX_PROBE] = mark_names_only,
        [SYNTAX_EMIT] = mark_value_only,
        [SYNTAX_FACT] = mark_input,
        [SYNTAX_OPTION] = mark_input,
        [SYNTAX_SECRET] = mark_input,
        [SYNTAX_LET] = mark_let,
        [SYNTAX_DEF] = mark_let,
        [SYNTAX_SET] = mark_let,
        [SYNTAX_PROFILE] = mark_table,
        [SYNTAX_TIERS] = mark_table,
        [SYNTAX_CONFIG] = mark_config,
        [SYNTAX_TEST] = mark_config,
        [SYNTAX_WHEN] = mark_when,
        [SYNTAX_INVARIANT] = mark_invariant,
        [SYNTAX_CHECK] = mark_check,
        [SYNTAX_EXPORT] = mark_export,
        [SYNTAX_GIVEN] = mark_given,
        [SYNTAX_EXPECT] = mark_expectation,
        [SYNTAX_SCHEMA] = mark_schema,
        [SYNTAX_SCHEMA_FIELD] = mark_schema_field,
        [SYNTAX_SCHEMA_CHECK] = mark_schema_check,
        [SYNTAX_BLOCK] = mark_nested_block,
        [SYNTAX_BLOCK_FIELD] = mark_value_only,
    };
    classes[item->class](layout, item, where);
}

/* In `given a = 1, b = 2` only the first begins a line; the others are aligned below it. */
static void mark_statements(struct syntax_layout *layout, const struct syntax_items *list,
                            struct place_of_items where)
{
    uint32_t first_given = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_item *item = list->items[i];
        uint32_t start = syntax_first(layout, item->place);
        if (item->class != SYNTAX_GIVEN) {
            begin_statement_line(layout, start, where);
        } else if (layout->marks[start - 1].kind == GIVEN) {
            first_given = start;
            begin_statement_line(layout, start - 1, where);
        } else {
            syntax_soft(layout, start, SYNTAX_COLUMN, first_given, 0, where.level);
        }
        mark_statement(layout, item, where);
    }
}

void syntax_mark_items(struct syntax_layout *layout)
{
    struct place_of_items top = {layout->count, 0, TOP};
    layout->marks[layout->count].state = SYNTAX_BROKEN;
    mark_statements(layout, &layout->file->items, top);
    begin_statement_line(layout, layout->count, top);
}
