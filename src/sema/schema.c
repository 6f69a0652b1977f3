/* Schemas, and the blocks that they describe. */
#include "sema/check.h"

const struct azs_field *azs_find_field(const struct azs_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->fields.count; i++)
        if (aza_text_is(schema->fields.items[i].name, name))
            return &schema->fields.items[i];
    return NULL;
}

bool azs_is_a(const struct azs_schema *schema, const struct azs_schema *other)
{
    while (schema != NULL && schema != other)
        schema = schema->parent;
    return schema != NULL;
}

/* Declaring: names first, since schemas and blocks may name one another in any order. */

void azs_declare_schema(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_schema *schema = AZA_NEW(checker->context->arena, struct azs_schema);
    struct azs_type *type = AZA_NEW(checker->context->arena, struct azs_type);
    *type = (struct azs_type){.form = AZS_RECORD, .kind = AZB_KINDS, .schema = schema};
    *schema = (struct azs_schema){
        .name = item->name.text, .kind = item->of.text, .item = item, .type = type};
    *AZA_PUSH(checker->context->arena, &checker->program->schemas) = schema;
    azs_declare(checker, AZS_SCHEMA, item, item->name)->schema = schema;
    if (schema->kind == NULL)
        return;
    struct azs_symbol *kind = azs_declare(checker, AZS_KIND, item, item->of);
    kind->schema = schema;
    kind->type = azs_list_of(checker, type);
}

void azs_declare_block(struct azs_checker *checker, struct azp_item *item,
                       const struct azs_symbol *parent)
{
    struct azs_symbol *block;
    if (parent == NULL) {
        block = azs_declare(checker, AZS_BLOCK, item, item->name);
        *AZA_PUSH(checker->context->arena, &checker->program->blocks) = block;
    } else {
        block = item->symbol = azs_new_symbol(checker, AZS_BLOCK, item->name, item);
        block->parent = parent;
    }
    for (size_t i = 0; i < item->body.count; i++)
        if (item->body.items[i]->class == AZP_BLOCK)
            azs_declare_block(checker, item->body.items[i], block);
}

/* Linking: types of fields, kinds of blocks. */

static void link_field(struct azs_checker *checker, struct azs_schema *schema,
                       struct azp_item *item)
{
    const struct azs_field *other = azs_find_field(schema, item->name.text);
    if (other != NULL) {
        struct azd_diagnostic *twice =
            azd_report(checker->queue, AZD_DUPLICATE_NAME, item->name.place,
                       "`%s` is declared twice", item->name.text);
        azd_label(twice, other->item->name.place, "first declared here");
        return;
    }
    struct azs_type *type = azs_value_type_of(checker, item->type, item->name.text);
    const struct azs_schema *of = type->form == AZS_LIST_OF && type->element->form == AZS_RECORD
                                      ? type->element->schema
                                      : NULL;
    *AZA_PUSH(checker->context->arena, &schema->fields) = (struct azs_field){
        .name = item->name.text,
        .item = item,
        .type = type,
        .holds_blocks = of != NULL && of->kind == item->name.text,
    };
    struct azs_symbol *symbol = azs_new_symbol(checker, AZS_FIELD, item->name, item);
    symbol->type = type;
    symbol->index = (uint32_t)schema->fields.count - 1;
    *AZA_PUSH(checker->context->arena, &schema->symbols) = symbol;
}

static void unknown_parent(struct azs_checker *checker, struct azp_word name)
{
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->schemas.count; i++)
        *AZA_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->name;
    if (azs_is_perhaps_lost(checker, name.text, names.items, names.count))
        return;
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_BAD_PARENT, name.place,
                                                "there is no schema called `%s`", name.text);
    azs_suggest_near(checker, unknown, name.text, names.items, names.count);
}

/* A schema begins with the fields of the one that it extends, so that a field has one place,
 * however much is known of the record. */
static void link_parent(struct azs_checker *checker, struct azs_schema *schema)
{
    const struct azp_word name = schema->item->other;
    if (name.text == NULL)
        return;
    const struct azs_symbol *symbol = azs_find(checker->program, name.text);
    if (symbol == NULL || symbol->class != AZS_SCHEMA) {
        unknown_parent(checker, name);
        return;
    }
    azs_link_schema(checker, symbol->schema);
    if (!symbol->schema->linked) {
        azd_report(checker->queue, AZD_BAD_PARENT, name.place, "`%s` extends itself", schema->name);
        return;
    }
    schema->parent = symbol->schema;
    for (size_t i = 0; i < schema->parent->fields.count; i++) {
        *AZA_PUSH(checker->context->arena, &schema->fields) = schema->parent->fields.items[i];
        *AZA_PUSH(checker->context->arena, &schema->symbols) = schema->parent->symbols.items[i];
    }
}

void azs_link_schema(struct azs_checker *checker, struct azs_schema *schema)
{
    static const char self_name[] = "self_name";
    if (schema->linked || schema->linking)
        return;
    schema->linking = true;
    link_parent(checker, schema);
    schema->linked = true;
    for (size_t i = 0; i < schema->item->body.count; i++)
        if (schema->item->body.items[i]->class == AZP_SCHEMA_FIELD)
            link_field(checker, schema, schema->item->body.items[i]);
    if (schema->kind == NULL)
        return;
    const struct azp_word word = {
        aza_intern(checker->context->names, self_name, sizeof self_name - 1),
        schema->item->name.place};
    struct azs_symbol *self = azs_new_symbol(checker, AZS_FIELD, word, NULL);
    self->type = azs_scalar(AZB_TEXT);
    self->index = AZB_NONE;
    *AZA_PUSH(checker->context->arena, &schema->symbols) = self;
}

static void unknown_kind(struct azs_checker *checker, const struct azp_item *item)
{
    AZA_LIST(const char *) kinds = {0};
    for (size_t i = 0; i < checker->program->schemas.count; i++)
        if (checker->program->schemas.items[i]->kind != NULL)
            *AZA_PUSH(checker->context->arena, &kinds) = checker->program->schemas.items[i]->kind;
    if (azs_is_perhaps_lost(checker, item->of.text, kinds.items, kinds.count))
        return;
    struct azd_diagnostic *unknown =
        azd_report(checker->queue, AZD_UNKNOWN_KIND, item->of.place,
                   "there is no kind of block called `%s`", item->of.text);
    azs_suggest_near(checker, unknown, item->of.text, kinds.items, kinds.count);
    azd_note(checker->queue, unknown, "`schema NAME for %s { ... }` would describe it",
             item->of.text);
}

/* A block may stand in another only where that one's schema has a list for it. */
static void check_place(struct azs_checker *checker, const struct azs_symbol *block)
{
    const struct azs_schema *outer = block->parent == NULL ? NULL : block->parent->schema;
    if (outer == NULL)
        return;
    const struct azs_field *field = azs_find_field(outer, block->schema->kind);
    if (field != NULL && field->holds_blocks)
        return;
    struct azd_diagnostic *place =
        azd_report(checker->queue, AZD_UNKNOWN_KIND, block->item->of.place,
                   "`%s` has no blocks of the kind `%s`", outer->name, block->schema->kind);
    azd_label(place, outer->item->name.place, "described here");
    azd_help(checker->queue, place, "add `%s: list of %s` there, or move the block out",
             block->schema->kind, block->schema->kind);
}

static void check_sibling_names(struct azs_checker *checker, const struct azp_items *body)
{
    for (size_t i = 0; i < body->count; i++)
        for (size_t j = 0; body->items[i]->class == AZP_BLOCK && j < i; j++)
            if (body->items[j]->class == AZP_BLOCK &&
                body->items[j]->name.text == body->items[i]->name.text) {
                struct azd_diagnostic *twice =
                    azd_report(checker->queue, AZD_DUPLICATE_NAME, body->items[i]->name.place,
                               "`%s` is declared twice", body->items[i]->name.text);
                azd_label(twice, body->items[j]->name.place, "first declared here");
                break;
            }
}

void azs_link_block(struct azs_checker *checker, struct azs_symbol *block)
{
    const struct azs_symbol *kind = azs_find(checker->program, block->item->of.text);
    block->type = azs_error();
    if (kind == NULL || kind->class != AZS_KIND) {
        unknown_kind(checker, block->item);
    } else {
        block->schema = kind->schema;
        block->type = kind->schema->type;
        check_place(checker, block);
    }
    check_sibling_names(checker, &block->item->body);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == AZP_BLOCK)
            azs_link_block(checker, block->item->body.items[i]->symbol);
}

/* Checking: defaults, checks, and what the blocks say. */

static void push(struct azs_checker *checker, struct azs_symbol *symbol)
{
    struct azs_scope *scope = AZA_NEW(checker->context->arena, struct azs_scope);
    *scope = (struct azs_scope){.outer = checker->scope, .symbol = symbol};
    checker->scope = scope;
}

void azs_check_schema(struct azs_checker *checker, struct azs_schema *schema)
{
    struct azs_scope *outer = checker->scope;
    for (size_t i = 0; i < schema->symbols.count; i++)
        push(checker, schema->symbols.items[i]);
    for (size_t i = 0; i < schema->item->body.count; i++) {
        struct azp_item *item = schema->item->body.items[i];
        if (item->class == AZP_SCHEMA_CHECK) {
            azs_condition(checker, item->condition);
            azs_value(checker, item->value, NULL);
            azs_accept(checker, item->value, azs_scalar(AZB_TEXT), "a message");
        } else if (item->value != NULL && item->type->meaning != NULL) {
            azs_declared(checker, item->value, item->type->meaning,
                         aza_format(checker->context->arena, "the field `%s`", item->name.text));
        }
    }
    checker->scope = outer;
}

/* Blocks within a block, and beside it, are plain names in it. */
static void push_blocks(struct azs_checker *checker, const struct azs_symbol *block)
{
    if (block == NULL)
        return;
    push_blocks(checker, block->parent);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == AZP_BLOCK)
            push(checker, block->item->body.items[i]->symbol);
}

void azs_check_block(struct azs_checker *checker, struct azs_symbol *block)
{
    const struct azs_schema *schema = block->schema;
    struct azs_scope *outer = checker->scope;
    push_blocks(checker, block);
    bool *given = aza_alloc(checker->context->arena, schema == NULL ? 1 : schema->fields.count + 1);
    for (size_t i = 0; i < block->item->body.count; i++) {
        struct azp_item *item = block->item->body.items[i];
        if (item->class == AZP_BLOCK_FIELD && schema != NULL)
            azs_check_field(checker, schema, item->name, item->value, given);
        else if (item->class == AZP_BLOCK_FIELD)
            azs_expr(checker, item->value, azs_error());
    }
    checker->scope = outer;
    if (schema != NULL)
        azs_report_missing(checker, block->item->name.place,
                           aza_format(checker->context->arena, "`%s`", block->name), schema, given);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == AZP_BLOCK)
            azs_check_block(checker, block->item->body.items[i]->symbol);
}
