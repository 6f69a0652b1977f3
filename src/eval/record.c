/* Blocks and records: their fields, given or by default, and the checks of their schemas.
 *
 * A block has a name and exists once; its fields are evaluated when they are first used, in any
 * order, and a field that depends on itself is a cycle. A record is a value; its given fields are
 * evaluated where it is written. In both, defaults and checks see the other fields through
 * builder->self. eval_check_blocks finally evaluates all fields of all blocks, so that mistakes in
 * a block that no file uses are reported, too. */
#include "eval/build.h"

static struct eval_record *new_record(struct eval_builder *builder,
                                      const struct sema_schema *schema)
{
    struct eval_record *record = BASE_NEW(builder->arena, struct eval_record);
    const size_t count = schema->fields.count + 1;
    record->schema = schema;
    record->values = base_alloc(builder->arena, count * sizeof *record->values);
    record->given = base_alloc(builder->arena, count * sizeof *record->given);
    record->docs = base_alloc(builder->arena, count * sizeof *record->docs);
    record->visiting = base_alloc(builder->arena, count);
    return record;
}

static size_t field_index(const struct sema_schema *schema, const char *name)
{
    return (size_t)(sema_find_field(schema, name) - schema->fields.items);
}

static const struct eval_value *record_value(struct eval_builder *builder,
                                             struct eval_record *record, struct base_place place)
{
    struct eval_value *value = eval_new_value(builder, EVAL_RECORD, place);
    value->record = record;
    return value;
}

const struct eval_value *eval_block(struct eval_builder *builder, const struct sema_symbol *symbol,
                                    struct base_place place)
{
    for (size_t i = 0; i < builder->blocks.count; i++)
        if (builder->blocks.items[i]->block == symbol)
            return record_value(builder, builder->blocks.items[i], place);
    struct eval_record *record = new_record(builder, symbol->schema);
    record->block = symbol;
    *BASE_PUSH(builder->arena, &builder->blocks) = record;
    for (size_t i = 0; i < symbol->item->body.count; i++) {
        const struct syntax_item *item = symbol->item->body.items[i];
        if (item->class != SYNTAX_BLOCK_FIELD)
            continue;
        const size_t index = field_index(symbol->schema, item->name.text);
        record->given[index] = item;
        record->docs[index] = item->doc;
    }
    return record_value(builder, record, place);
}

/* --- checks of schemas --- */

/* The checks of the schema and of those it extends, the outermost first. */
static void check_against(struct eval_builder *builder, const struct sema_schema *schema,
                          struct base_place place, const char *name)
{
    const struct syntax_items *body = &schema->item->body;
    if (schema->parent != NULL)
        check_against(builder, schema->parent, place, name);
    for (size_t i = 0; i < body->count; i++) {
        const struct syntax_item *check = body->items[i];
        bool holds;
        if (check->class != SYNTAX_SCHEMA_CHECK ||
            !eval_decide(builder, check->condition, &holds) || holds)
            continue;
        const char *message = eval_constant_text(builder, eval_value(builder, check->value));
        struct diagnostic *failed =
            diag_report(builder->queue, DIAG_CHECK_FAILED, place, "`%s`: %s", name,
                        message == NULL ? "a check of its schema failed" : message);
        diag_label(failed, check->condition->place, "checked here");
    }
}

static void check_record(struct eval_builder *builder, struct eval_record *record,
                         struct base_place place, const char *name)
{
    const struct eval_surroundings outer = eval_enter(builder, record, NULL);
    check_against(builder, record->schema, place, name);
    eval_leave(builder, &outer);
}

const struct eval_value *eval_make_record(struct eval_builder *builder,
                                          const struct syntax_expr *expr,
                                          const struct sema_schema *schema)
{
    struct eval_record *record = new_record(builder, schema);
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct syntax_pair *pair = &expr->map.pairs.items[i];
        const size_t index = field_index(schema, pair->name.text);
        record->values[index] =
            eval_value_as(builder, pair->value, schema->fields.items[index].type);
        record->docs[index] = pair->doc;
    }
    check_record(builder, record, expr->place, schema->name);
    return record_value(builder, record, expr->place);
}

/* The blocks of one kind among these, in their order. */
static const struct eval_value *list_blocks(struct eval_builder *builder,
                                            const struct sema_schema *schema,
                                            struct sema_symbol *const *symbols, size_t count,
                                            struct base_place place)
{
    struct eval_value *list = eval_new_value(builder, EVAL_LIST, place);
    struct eval_entry *entries = base_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++)
        if (sema_is_a(symbols[i]->schema, schema))
            entries[list->count++].value = eval_block(builder, symbols[i], symbols[i]->place);
    list->entries = entries;
    return list;
}

const struct eval_value *eval_blocks_of(struct eval_builder *builder,
                                        const struct sema_schema *schema, struct base_place place)
{
    return list_blocks(builder, schema, builder->program->blocks.items,
                       builder->program->blocks.count, place);
}

/* The blocks that a block contains, followed by those that its field refers to. */
static const struct eval_value *inner_blocks(struct eval_builder *builder,
                                             const struct eval_record *record,
                                             const struct sema_field *field,
                                             const struct eval_value *named)
{
    BASE_LIST(struct sema_symbol *) inner = {0};
    const struct syntax_items *body = &record->block->item->body;
    for (size_t i = 0; i < body->count; i++)
        if (body->items[i]->class == SYNTAX_BLOCK)
            *BASE_PUSH(builder->arena, &inner) = body->items[i]->symbol;
    const struct eval_value *own = list_blocks(builder, field->type->element->schema, inner.items,
                                               inner.count, record->block->place);
    if (named == NULL || named->count == 0)
        return own;
    struct eval_value *all = eval_new_value(builder, EVAL_LIST, own->place);
    struct eval_entry *entries =
        base_alloc(builder->arena, (own->count + named->count) * sizeof *entries);
    for (size_t i = 0; i < own->count; i++)
        entries[all->count++] = own->entries[i];
    for (size_t i = 0; i < named->count; i++)
        entries[all->count++] = named->entries[i];
    all->entries = entries;
    return all;
}

static const struct eval_value *evaluate_field(struct eval_builder *builder,
                                               struct eval_record *record, size_t index)
{
    const struct sema_field *field = &record->schema->fields.items[index];
    const struct syntax_item *given = record->given[index];
    const struct syntax_expr *expr = given != NULL ? given->value : field->item->value;
    /* A given value was written outside of the schema, so it does not see the other fields. */
    const struct eval_surroundings outer = eval_enter(builder, given != NULL ? NULL : record, NULL);
    const struct eval_value *value =
        expr == NULL ? NULL : eval_value_as(builder, expr, field->type);
    eval_leave(builder, &outer);
    if (field->holds_blocks && record->block != NULL)
        return inner_blocks(builder, record, field, value);
    return value == NULL ? eval_new_value(builder, EVAL_NOTHING, field->item->place) : value;
}

const struct eval_value *eval_field_value(struct eval_builder *builder, struct eval_record *record,
                                          size_t index, struct base_place use)
{
    const struct sema_field *field = &record->schema->fields.items[index];
    if (record->values[index] != NULL)
        return record->values[index];
    if (record->visiting[index]) {
        const struct syntax_item *given = record->given[index];
        struct diagnostic *cycle = diag_report(
            builder->queue, DIAG_CYCLE, given != NULL ? given->name.place : field->item->name.place,
            "`%s` depends on itself", field->name);
        diag_label(cycle, use, "used here");
        return eval_new_value(builder, EVAL_NOTHING, use);
    }
    record->visiting[index] = true;
    record->values[index] = evaluate_field(builder, record, index);
    record->visiting[index] = false;
    return record->values[index];
}

static void check_block(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    struct eval_record *record = eval_block(builder, symbol, symbol->place)->record;
    for (size_t i = 0; i < record->schema->fields.count; i++)
        eval_field_value(builder, record, i, symbol->place);
    check_record(builder, record, symbol->place, symbol->name);
    for (size_t i = 0; i < symbol->item->body.count; i++)
        if (symbol->item->body.items[i]->class == SYNTAX_BLOCK)
            check_block(builder, symbol->item->body.items[i]->symbol);
}

void eval_check_blocks(struct eval_builder *builder)
{
    for (size_t i = 0; i < builder->program->blocks.count; i++)
        check_block(builder, builder->program->blocks.items[i]);
}
