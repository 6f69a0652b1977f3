/* Where the lines of a statement may break, and which statements stand on lines of their own. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The level of a statement outside of all blocks. */
enum { TOP = 1 };

struct place_of_items { /* where the statements of a block stand */
    uint32_t group;     /* the token that opens it */
    uint32_t margin;
    uint32_t level;
};

static void items(struct azp_layout *layout, const struct azp_items *list,
                  struct place_of_items where);

/* Tokens */

static uint32_t behind(const struct azp_layout *layout, struct aza_place place)
{
    return azp_last(layout, place) + 1;
}

/* A line of a block; its level is that of the statement around. */
static void line(struct azp_layout *layout, uint32_t token, struct place_of_items where)
{
    azp_grouped(layout, token, AZP_MARGIN, where.group, where.margin, where.level - 1);
}

/* The lines between `open` and its partner, which break with those of `group`. */
static struct place_of_items lines_within(struct azp_layout *layout, uint32_t open, uint32_t group,
                                          struct place_of_items around)
{
    uint32_t close = layout->marks[open].partner;
    if (close > open + 1 || layout->marks[close].comments > 0)
        azp_grouped(layout, close, AZP_MARGIN, group, around.margin, around.level);
    else
        layout->marks[close].spaces = 0;
    layout->marks[close].closes = true;
    return (struct place_of_items){group, around.margin + AZP_INDENT, around.level + 1};
}

static struct place_of_items block(struct azp_layout *layout, const struct azp_item *item,
                                   struct place_of_items around)
{
    uint32_t open = layout->marks[azp_last(layout, item->place)].partner;
    return lines_within(layout, open, open, around);
}

/* Parts */

static void type(struct azp_layout *layout, const struct azp_type *node, uint32_t level)
{
    while (node != NULL && node->element != NULL)
        node = node->element;
    if (node == NULL || node->name != NULL)
        return;
    AZA_LIST(uint32_t) members = {0};
    for (size_t i = 0; i < node->members.count; i++)
        *AZA_PUSH(layout->context->arena, &members) =
            azp_first(layout, node->members.items[i].place);
    azp_commas(layout, members.items[0] - 1, members.items, members.count, level);
}

static void bindings(struct azp_layout *layout, const struct azp_bindings *list, uint32_t level)
{
    AZA_LIST(uint32_t) names = {0};
    for (size_t i = 0; i < list->count; i++) {
        *AZA_PUSH(layout->context->arena, &names) = azp_first(layout, list->items[i].name.place);
        type(layout, list->items[i].type, level + 1);
    }
    azp_commas(layout, names.items[0] - 1, names.items, names.count, level);
}

/* `when CONDITION` behind a check, an export, or an invariant's name. */
static void guard(struct azp_layout *layout, const struct azp_expr *condition, uint32_t level)
{
    if (condition == NULL)
        return;
    azp_soft(layout, azp_first(layout, condition->place) - 1, AZP_STATEMENT, 0, AZP_INDENT, level);
    azp_mark_expr(layout, condition, level + 1);
}

static void value(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    azp_intro(layout, expr, azp_last(layout, expr->place), AZP_STATEMENT, 0, level);
}

/* `warn "..."` behind a source or `use`. */
static void warning(struct azp_layout *layout, const struct azp_expr *text, uint32_t level)
{
    if (text == NULL)
        return;
    azp_soft(layout, azp_first(layout, text->place) - 1, AZP_STATEMENT, 0, AZP_INDENT, level);
    azp_mark_expr(layout, text, level + 1);
}

/* Statements */

static void names_only(struct azp_layout *layout, const struct azp_item *item,
                       struct place_of_items where)
{
    type(layout, item->type, where.level);
}

static void outcome(struct azp_layout *layout, const struct azp_outcome *said,
                    struct place_of_items where)
{
    if (!said->said)
        return;
    line(layout, azp_first(layout, said->place) - 2, where);
    if (said->value == NULL) {
        if (said->message != NULL)
            azp_mark_expr(layout, said->message, where.level + 1);
        return;
    }
    azp_mark_expr(layout, said->value, where.level + 1);
    warning(layout, said->message, where.level);
}

/* Answers the number of lines: `or` goes on with the one before. */
static size_t sources(struct azp_layout *layout, const struct azp_sources *list,
                      struct place_of_items where)
{
    size_t lines = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct azp_source *source = &list->items[i];
        uint32_t start = azp_first(layout, source->place);
        if (layout->marks[start].kind == OR) {
            azp_soft(layout, start, AZP_STATEMENT, 0, AZP_INDENT, where.level);
        } else {
            line(layout, start, where);
            lines++;
        }
        warning(layout, source->warning, where.level);
    }
    return lines;
}

/* What a fact or option is: its type, domain and default. */
static void input_head(struct azp_layout *layout, const struct azp_item *item, uint32_t level)
{
    type(layout, item->type, level);
    if (item->low != NULL) {
        azp_mark_expr(layout, item->low, level + 1);
        azp_mark_expr(layout, item->high, level + 1);
    }
    if (item->value != NULL)
        value(layout, item->value, level);
}

static void input(struct azp_layout *layout, const struct azp_item *item,
                  struct place_of_items where)
{
    const struct azp_outcome *const outcomes[] = {&item->below, &item->above, &item->missing,
                                                  &item->invalid};
    enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };
    struct place_of_items within = block(layout, item, where);
    input_head(layout, item, where.level);
    size_t lines = sources(layout, &item->sources, within);
    for (size_t i = 0; i < OUTCOMES; i++) {
        outcome(layout, outcomes[i], within);
        lines += outcomes[i]->said;
    }
    azp_group(layout, within.group, azp_last(layout, item->place), lines > 1, where.level);
}

/* An emit, or a field: nothing but a value, if that. */
static void value_only(struct azp_layout *layout, const struct azp_item *item,
                       struct place_of_items where)
{
    if (item->value != NULL)
        value(layout, item->value, where.level);
}

static void let(struct azp_layout *layout, const struct azp_item *item, struct place_of_items where)
{
    type(layout, item->type, where.level);
    if (item->class == AZP_DEF)
        bindings(layout, &item->bindings, where.level);
    value(layout, item->value, where.level);
}

static void row(struct azp_layout *layout, const struct azp_row *said, struct azp_table *table,
                struct place_of_items where)
{
    struct azp_table_row line_of_it = {.first = azp_first(layout, said->place)};
    line(layout, line_of_it.first, where);
    if (said->threshold != NULL)
        azp_mark_expr(layout, said->threshold, where.level + 1);
    for (size_t i = 0; i < said->cells.count; i++) {
        const struct azp_expr *cell = said->cells.items[i];
        uint32_t first = azp_first(layout, cell->place);
        *AZA_PUSH(layout->context->arena, &line_of_it.cells) = first;
        azp_mark_expr(layout, cell, where.level + 1);
        if (i > 0)
            azp_soft(layout, first, AZP_COLUMN, line_of_it.cells.items[0], 0, where.level);
        line_of_it.last = azp_last(layout, cell->place);
    }
    *AZA_PUSH(layout->context->arena, &table->rows) = line_of_it;
}

/* A profile or tiers. */
static void table(struct azp_layout *layout, const struct azp_item *item,
                  struct place_of_items where)
{
    struct place_of_items within = block(layout, item, where);
    bindings(layout, &item->bindings, where.level);
    layout->marks[azp_first(layout, item->bindings.items[0].name.place) - 1].spaces = 1;
    struct azp_table rows = {0};
    for (size_t i = 0; i < item->rows.count; i++)
        row(layout, item->rows.items[i], &rows, within);
    azp_add_table(layout, within.group, rows);
    azp_group(layout, within.group, azp_last(layout, item->place), true, where.level);
}

static void config(struct azp_layout *layout, const struct azp_item *item,
                   struct place_of_items where)
{
    struct place_of_items within = block(layout, item, where);
    items(layout, &item->body, within);
    azp_group(layout, within.group, azp_last(layout, item->place), true, where.level);
}

/* The types of a schema's fields stand below one another; defaults follow where they may. */
static void schema(struct azp_layout *layout, const struct azp_item *item,
                   struct place_of_items where)
{
    struct place_of_items within = block(layout, item, where);
    struct azp_table fields = {0};
    items(layout, &item->body, within);
    for (size_t i = 0; i < item->body.count; i++) {
        const struct azp_item *field = item->body.items[i];
        if (field->class != AZP_SCHEMA_FIELD)
            continue;
        struct azp_table_row row = {.first = azp_first(layout, field->place),
                                    .last = azp_last(layout, field->type->place)};
        *AZA_PUSH(layout->context->arena, &row.cells) = azp_first(layout, field->type->place);
        *AZA_PUSH(layout->context->arena, &fields.rows) = row;
    }
    if (fields.rows.count > 0)
        azp_add_table(layout, within.group, fields);
    azp_group(layout, within.group, azp_last(layout, item->place), item->body.count > 1,
              where.level);
}

static void schema_field(struct azp_layout *layout, const struct azp_item *item,
                         struct place_of_items where)
{
    type(layout, item->type, where.level);
    value_only(layout, item, where);
}

static void schema_check(struct azp_layout *layout, const struct azp_item *item,
                         struct place_of_items where)
{
    azp_mark_expr(layout, item->condition, where.level + 1);
    value(layout, item->value, where.level);
}

static void nested(struct azp_layout *layout, const struct azp_item *item,
                   struct place_of_items where)
{
    struct place_of_items within = block(layout, item, where);
    items(layout, &item->body, within);
    azp_group(layout, within.group, azp_last(layout, item->place), item->body.count > 1,
              where.level);
}

/* All branches break when one does: they are one group. */
static void when(struct azp_layout *layout, const struct azp_item *item,
                 struct place_of_items where)
{
    uint32_t last = azp_last(layout, item->place), group = behind(layout, item->condition->place);
    uint32_t open = group;
    bool many = false;
    for (;;) {
        azp_mark_expr(layout, item->condition, where.level + 1);
        items(layout, &item->body, lines_within(layout, open, group, where));
        many |= item->body.count > 1 || item->otherwise.count > 1;
        uint32_t otherwise = layout->marks[open].partner + 1;
        if (otherwise < last) { /* a comment before it puts it on a line of its own */
            layout->marks[otherwise].anchor = AZP_MARGIN;
            layout->marks[otherwise].extra = where.margin;
        }
        open = otherwise + 1;
        if (open > last || layout->marks[open].kind == '{')
            break;
        item = item->otherwise.items[0];
        open = behind(layout, item->condition->place);
    }
    if (open < last)
        items(layout, &item->otherwise, lines_within(layout, open, group, where));
    azp_group(layout, group, last, many, where.level);
}

static void invariant(struct azp_layout *layout, const struct azp_item *item,
                      struct place_of_items where)
{
    uint32_t last = azp_last(layout, item->place);
    guard(layout, item->condition, where.level);
    azp_intro(layout, item->value, last, AZP_STATEMENT, 0, where.level);
    if (item->shape == AZP_HOLDS)
        return;
    uint32_t shape = behind(layout, item->value->place);
    azp_operator(layout, shape, shape, azp_first(layout, item->value->place), where.level + 1);
    if (item->shape == AZP_JUMPS)
        azp_mark_expr(layout, item->high, where.level + 2);
}

static void check(struct azp_layout *layout, const struct azp_item *item,
                  struct place_of_items where)
{
    azp_mark_expr(layout, item->value, where.level + 1);
    guard(layout, item->condition, where.level);
}

static void export(struct azp_layout *layout, const struct azp_item *item,
                   struct place_of_items where)
{
    value(layout, item->value, where.level);
    guard(layout, item->condition, where.level);
}

static void expectation(struct azp_layout *layout, const struct azp_item *item,
                        struct place_of_items where)
{
    azp_mark_expr(layout, item->value, where.level + 1);
}

static void given(struct azp_layout *layout, const struct azp_item *item,
                  struct place_of_items where)
{
    azp_intro(layout, item->value, azp_last(layout, item->place), AZP_COLUMN,
              azp_first(layout, item->place), where.level + 1);
}

static void mark_item(struct azp_layout *layout, const struct azp_item *item,
                      struct place_of_items where)
{
    static void (*const classes[])(struct azp_layout *, const struct azp_item *,
                                   struct place_of_items) = {
        [AZP_IMPORT] = names_only,
        [AZP_CATALOG] = names_only,
        [AZP_PROBE] = names_only,
        [AZP_EMIT] = value_only,
        [AZP_FACT] = input,
        [AZP_OPTION] = input,
        [AZP_SECRET] = input,
        [AZP_LET] = let,
        [AZP_DEF] = let,
        [AZP_SET] = let,
        [AZP_PROFILE] = table,
        [AZP_TIERS] = table,
        [AZP_CONFIG] = config,
        [AZP_TEST] = config,
        [AZP_WHEN] = when,
        [AZP_INVARIANT] = invariant,
        [AZP_CHECK] = check,
        [AZP_EXPORT] = export,
        [AZP_GIVEN] = given,
        [AZP_EXPECT] = expectation,
        [AZP_SCHEMA] = schema,
        [AZP_SCHEMA_FIELD] = schema_field,
        [AZP_SCHEMA_CHECK] = schema_check,
        [AZP_BLOCK] = nested,
        [AZP_BLOCK_FIELD] = value_only,
    };
    classes[item->class](layout, item, where);
}

/* Of `given a = 1, b = 2` only the first begins a line; the others stand below it. */
static void items(struct azp_layout *layout, const struct azp_items *list,
                  struct place_of_items where)
{
    uint32_t first_given = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct azp_item *item = list->items[i];
        uint32_t start = azp_first(layout, item->place);
        if (item->class != AZP_GIVEN) {
            line(layout, start, where);
        } else if (layout->marks[start - 1].kind == GIVEN) {
            first_given = start;
            line(layout, start - 1, where);
        } else {
            azp_soft(layout, start, AZP_COLUMN, first_given, 0, where.level);
        }
        mark_item(layout, item, where);
    }
}

void azp_mark_items(struct azp_layout *layout)
{
    struct place_of_items top = {layout->count, 0, TOP};
    layout->marks[layout->count].state = AZP_BROKEN;
    items(layout, &layout->file->items, top);
    line(layout, layout->count, top);
}
