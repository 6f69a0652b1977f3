/* Blocks and records: their fields, given or by default, and the checks of their schemas. */
#include "eval/build.h"

static struct aze_record *new_record(struct aze_builder *builder, const struct azs_schema *schema)
{
    struct aze_record *record = AZA_NEW(builder->arena, struct aze_record);
    const size_t count = schema->fields.count + 1;
    record->schema = schema;
    record->values = aza_alloc(builder->arena, count * sizeof *record->values);
    record->given = aza_alloc(builder->arena, count * sizeof *record->given);
    record->docs = aza_alloc(builder->arena, count * sizeof *record->docs);
    record->visiting = aza_alloc(builder->arena, count);
    return record;
}

static size_t field_index(const struct azs_schema *schema, const char *name)
{
    return (size_t)(azs_find_field(schema, name) - schema->fields.items);
}

static const struct aze_value *record_value(struct aze_builder *builder, struct aze_record *record,
                                            struct aza_place place)
{
    struct aze_value *value = aze_new_value(builder, AZE_RECORD, place);
    value->record = record;
    return value;
}

const struct aze_value *aze_block(struct aze_builder *builder, const struct azs_symbol *symbol,
                                  struct aza_place place)
{
    for (size_t i = 0; i < builder->blocks.count; i++)
        if (builder->blocks.items[i]->block == symbol)
            return record_value(builder, builder->blocks.items[i], place);
    struct aze_record *record = new_record(builder, symbol->schema);
    record->block = symbol;
    *AZA_PUSH(builder->arena, &builder->blocks) = record;
    for (size_t i = 0; i < symbol->item->body.count; i++) {
        const struct azp_item *item = symbol->item->body.items[i];
        if (item->class != AZP_BLOCK_FIELD)
            continue;
        const size_t index = field_index(symbol->schema, item->name.text);
        record->given[index] = item;
        record->docs[index] = item->doc;
    }
    return record_value(builder, record, place);
}

/* Checks of schemas */

static void check_against(struct aze_builder *builder, const struct azs_schema *schema,
                          struct aza_place place, const char *name)
{
    const struct azp_items *body = &schema->item->body;
    if (schema->parent != NULL)
        check_against(builder, schema->parent, place, name);
    for (size_t i = 0; i < body->count; i++) {
        const struct azp_item *check = body->items[i];
        bool holds;
        if (check->class != AZP_SCHEMA_CHECK || !aze_decide(builder, check->condition, &holds) ||
            holds)
            continue;
        const char *message = aze_constant_text(builder, aze_value(builder, check->value));
        struct azd_diagnostic *failed =
            azd_report(builder->queue, AZD_CHECK_FAILED, place, "`%s`: %s", name,
                       message == NULL ? "a check of its schema fails" : message);
        azd_label(failed, check->condition->place, "checked here");
    }
}

static void check_record(struct aze_builder *builder, struct aze_record *record,
                         struct aza_place place, const char *name)
{
    const struct aze_surroundings outer = aze_enter(builder, record, NULL);
    check_against(builder, record->schema, place, name);
    aze_leave(builder, &outer);
}

const struct aze_value *aze_make_record(struct aze_builder *builder, const struct azp_expr *expr,
                                        const struct azs_schema *schema)
{
    struct aze_record *record = new_record(builder, schema);
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct azp_pair *pair = &expr->map.pairs.items[i];
        const size_t index = field_index(schema, pair->name.text);
        record->values[index] =
            aze_value_as(builder, pair->value, schema->fields.items[index].type);
        record->docs[index] = pair->doc;
    }
    check_record(builder, record, expr->place, schema->name);
    return record_value(builder, record, expr->place);
}

/* The blocks of one kind among these, in their order. */
static const struct aze_value *list_blocks(struct aze_builder *builder,
                                           const struct azs_schema *schema,
                                           struct azs_symbol *const *symbols, size_t count,
                                           struct aza_place place)
{
    struct aze_value *list = aze_new_value(builder, AZE_LIST, place);
    struct aze_entry *entries = aza_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++)
        if (azs_is_a(symbols[i]->schema, schema))
            entries[list->count++].value = aze_block(builder, symbols[i], symbols[i]->place);
    list->entries = entries;
    return list;
}

const struct aze_value *aze_blocks_of(struct aze_builder *builder, const struct azs_schema *schema,
                                      struct aza_place place)
{
    return list_blocks(builder, schema, builder->program->blocks.items,
                       builder->program->blocks.count, place);
}

/* Blocks that stand in a block, and those that its field names besides. */
static const struct aze_value *inner_blocks(struct aze_builder *builder,
                                            const struct aze_record *record,
                                            const struct azs_field *field,
                                            const struct aze_value *named)
{
    AZA_LIST(struct azs_symbol *) inner = {0};
    const struct azp_items *body = &record->block->item->body;
    for (size_t i = 0; i < body->count; i++)
        if (body->items[i]->class == AZP_BLOCK)
            *AZA_PUSH(builder->arena, &inner) = body->items[i]->symbol;
    const struct aze_value *own = list_blocks(builder, field->type->element->schema, inner.items,
                                              inner.count, record->block->place);
    if (named == NULL || named->count == 0)
        return own;
    struct aze_value *all = aze_new_value(builder, AZE_LIST, own->place);
    struct aze_entry *entries =
        aza_alloc(builder->arena, (own->count + named->count) * sizeof *entries);
    for (size_t i = 0; i < own->count; i++)
        entries[all->count++] = own->entries[i];
    for (size_t i = 0; i < named->count; i++)
        entries[all->count++] = named->entries[i];
    all->entries = entries;
    return all;
}

static const struct aze_value *evaluate_field(struct aze_builder *builder,
                                              struct aze_record *record, size_t index)
{
    const struct azs_field *field = &record->schema->fields.items[index];
    const struct azp_item *given = record->given[index];
    const struct azp_expr *expr = given != NULL ? given->value : field->item->value;
    const struct aze_surroundings outer = aze_enter(builder, given != NULL ? NULL : record, NULL);
    const struct aze_value *value = expr == NULL ? NULL : aze_value_as(builder, expr, field->type);
    aze_leave(builder, &outer);
    if (field->holds_blocks && record->block != NULL)
        return inner_blocks(builder, record, field, value);
    return value == NULL ? aze_new_value(builder, AZE_NOTHING, field->item->place) : value;
}

const struct aze_value *aze_field_value(struct aze_builder *builder, struct aze_record *record,
                                        size_t index, struct aza_place use)
{
    const struct azs_field *field = &record->schema->fields.items[index];
    if (record->values[index] != NULL)
        return record->values[index];
    if (record->visiting[index]) {
        const struct azp_item *given = record->given[index];
        struct azd_diagnostic *cycle = azd_report(
            builder->queue, AZD_CYCLE, given != NULL ? given->name.place : field->item->name.place,
            "`%s` is defined by itself", field->name);
        azd_label(cycle, use, "used here");
        return aze_new_value(builder, AZE_NOTHING, use);
    }
    record->visiting[index] = true;
    record->values[index] = evaluate_field(builder, record, index);
    record->visiting[index] = false;
    return record->values[index];
}

static void check_block(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    struct aze_record *record = aze_block(builder, symbol, symbol->place)->record;
    for (size_t i = 0; i < record->schema->fields.count; i++)
        aze_field_value(builder, record, i, symbol->place);
    check_record(builder, record, symbol->place, symbol->name);
    for (size_t i = 0; i < symbol->item->body.count; i++)
        if (symbol->item->body.items[i]->class == AZP_BLOCK)
            check_block(builder, symbol->item->body.items[i]->symbol);
}

void aze_check_blocks(struct aze_builder *builder)
{
    for (size_t i = 0; i < builder->program->blocks.count; i++)
        check_block(builder, builder->program->blocks.items[i]);
}
