/* Schemas, and the blocks of their kinds.
 *
 * A schema lists fields with types. `schema x for kind` also introduces a kind of block, and `kind`
 * names the list of all its blocks. A schema that extends another begins with the parent's fields,
 * in the same order, so that a field has one index in all schemas that inherit it.
 *
 * While a schema's defaults and checks are type-checked, its fields are plain names; their symbols
 * are shared with the schemas that inherit them. `self_name`, the name of the block, is the last
 * symbol. */
#include "sema/check.h"

const struct sema_field *sema_find_field(const struct sema_schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->fields.count; i++)
        if (base_text_is(schema->fields.items[i].name, name))
            return &schema->fields.items[i];
    return NULL;
}

bool sema_is_a(const struct sema_schema *schema, const struct sema_schema *other)
{
    while (schema != NULL && schema != other)
        schema = schema->parent;
    return schema != NULL;
}

/* --- declaring: names first, since schemas and blocks may refer to one another in any order --- */

void sema_declare_schema(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_schema *schema = BASE_NEW(checker->context->arena, struct sema_schema);
    struct sema_type *type = BASE_NEW(checker->context->arena, struct sema_type);
    *type = (struct sema_type){.form = SEMA_RECORD, .kind = IMAGE_KINDS, .schema = schema};
    *schema = (struct sema_schema){
        .name = item->name.text, .kind = item->of.text, .item = item, .type = type};
    *BASE_PUSH(checker->context->arena, &checker->program->schemas) = schema;
    sema_declare(checker, SEMA_SCHEMA, item, item->name)->schema = schema;
    if (schema->kind == NULL)
        return;
    struct sema_symbol *kind = sema_declare(checker, SEMA_KIND, item, item->of);
    kind->schema = schema;
    kind->type = sema_list_of(checker, type);
}

void sema_declare_block(struct sema_checker *checker, struct syntax_item *item,
                        const struct sema_symbol *parent)
{
    struct sema_symbol *block;
    if (parent == NULL) {
        block = sema_declare(checker, SEMA_BLOCK, item, item->name);
        *BASE_PUSH(checker->context->arena, &checker->program->blocks) = block;
    } else {
        block = item->symbol = sema_new_symbol(checker, SEMA_BLOCK, item->name, item);
        block->parent = parent;
    }
    for (size_t i = 0; i < item->body.count; i++)
        if (item->body.items[i]->class == SYNTAX_BLOCK)
            sema_declare_block(checker, item->body.items[i], block);
}

/* --- linking: types of fields, kinds of blocks --- */

static void link_field(struct sema_checker *checker, struct sema_schema *schema,
                       struct syntax_item *item)
{
    const struct sema_field *other = sema_find_field(schema, item->name.text);
    if (other != NULL) {
        struct diagnostic *twice =
            diag_report(checker->queue, DIAG_DUPLICATE_NAME, item->name.place,
                        "`%s` is declared twice", item->name.text);
        diag_label(twice, other->item->name.place, "first declared here");
        return;
    }
    const struct sema_type *type = sema_value_type_of(checker, item->type, item->name.text);
    const struct sema_schema *of = type->form == SEMA_LIST_OF && type->element->form == SEMA_RECORD
                                       ? type->element->schema
                                       : NULL;
    *BASE_PUSH(checker->context->arena, &schema->fields) = (struct sema_field){
        .name = item->name.text,
        .item = item,
        .type = type,
        .holds_blocks = of != NULL && of->kind == item->name.text,
    };
    struct sema_symbol *symbol = sema_new_symbol(checker, SEMA_FIELD, item->name, item);
    symbol->type = type;
    symbol->index = (uint32_t)schema->fields.count - 1;
    *BASE_PUSH(checker->context->arena, &schema->symbols) = symbol;
}

static void report_unknown_parent(struct sema_checker *checker, struct syntax_word name)
{
    BASE_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->schemas.count; i++)
        *BASE_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->name;
    if (sema_is_perhaps_lost(checker, name.text, names.items, names.count))
        return;
    struct diagnostic *unknown =
        diag_report(checker->queue, DIAG_BAD_PARENT, name.place, "unknown schema `%s`", name.text);
    sema_suggest_near(checker, unknown, name.text, names.items, names.count);
}

/* Copies the fields of the extended schema, which is linked first. If that one is still being
 * linked, the two extend each other. */
static void link_parent(struct sema_checker *checker, struct sema_schema *schema)
{
    const struct syntax_word name = schema->item->other;
    if (name.text == NULL)
        return;
    const struct sema_symbol *symbol = sema_find(checker->program, name.text);
    if (symbol == NULL || symbol->class != SEMA_SCHEMA) {
        report_unknown_parent(checker, name);
        return;
    }
    sema_link_schema(checker, symbol->schema);
    if (!symbol->schema->linked) {
        diag_report(checker->queue, DIAG_BAD_PARENT, name.place, "`%s` extends itself",
                    schema->name);
        return;
    }
    schema->parent = symbol->schema;
    for (size_t i = 0; i < schema->parent->fields.count; i++) {
        *BASE_PUSH(checker->context->arena, &schema->fields) = schema->parent->fields.items[i];
        *BASE_PUSH(checker->context->arena, &schema->symbols) = schema->parent->symbols.items[i];
    }
}

void sema_link_schema(struct sema_checker *checker, struct sema_schema *schema)
{
    static const char self_name[] = "self_name";
    if (schema->linked || schema->linking)
        return;
    schema->linking = true;
    link_parent(checker, schema);
    schema->linked = true;
    for (size_t i = 0; i < schema->item->body.count; i++)
        if (schema->item->body.items[i]->class == SYNTAX_SCHEMA_FIELD)
            link_field(checker, schema, schema->item->body.items[i]);
    if (schema->kind == NULL)
        return;
    const struct syntax_word word = {
        base_intern(checker->context->names, self_name, sizeof self_name - 1),
        schema->item->name.place};
    struct sema_symbol *self = sema_new_symbol(checker, SEMA_FIELD, word, NULL);
    self->type = sema_scalar(IMAGE_TEXT);
    self->index = IMAGE_NONE;
    *BASE_PUSH(checker->context->arena, &schema->symbols) = self;
}

static void report_unknown_kind(struct sema_checker *checker, const struct syntax_item *item)
{
    BASE_LIST(const char *) kinds = {0};
    for (size_t i = 0; i < checker->program->schemas.count; i++)
        if (checker->program->schemas.items[i]->kind != NULL)
            *BASE_PUSH(checker->context->arena, &kinds) = checker->program->schemas.items[i]->kind;
    if (sema_is_perhaps_lost(checker, item->of.text, kinds.items, kinds.count))
        return;
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_KIND, item->of.place,
                                             "unknown kind of block `%s`", item->of.text);
    sema_suggest_near(checker, unknown, item->of.text, kinds.items, kinds.count);
    diag_note(checker->queue, unknown,
              "a kind of block is declared by a schema: `schema NAME for %s { ... }`",
              item->of.text);
}

/* A block may contain another only if its schema has a list of that kind. */
static void check_block_place(struct sema_checker *checker, const struct sema_symbol *block)
{
    const struct sema_schema *outer = block->parent == NULL ? NULL : block->parent->schema;
    if (outer == NULL)
        return;
    const struct sema_field *field = sema_find_field(outer, block->schema->kind);
    if (field != NULL && field->holds_blocks)
        return;
    struct diagnostic *place =
        diag_report(checker->queue, DIAG_UNKNOWN_KIND, block->item->of.place,
                    "`%s` cannot contain blocks of kind `%s`", outer->name, block->schema->kind);
    diag_label(place, outer->item->name.place, "declared here");
    diag_help(checker->queue, place,
              "add the field `%s: list of %s` to the schema, or move this block out",
              block->schema->kind, block->schema->kind);
}

/* The queue keeps the first report of a place, which is that of the first block with the name. */
static void check_sibling_names(struct sema_checker *checker, const struct syntax_items *body)
{
    for (size_t i = 0; i < body->count; i++)
        for (size_t j = i + 1; j < body->count; j++) {
            const struct syntax_item *first = body->items[i], *second = body->items[j];
            if (first->class != SYNTAX_BLOCK || second->class != SYNTAX_BLOCK ||
                first->name.text != second->name.text)
                continue;
            struct diagnostic *twice =
                diag_report(checker->queue, DIAG_DUPLICATE_NAME, second->name.place,
                            "`%s` is declared twice", second->name.text);
            diag_label(twice, first->name.place, "first declared here");
        }
}

void sema_link_block(struct sema_checker *checker, struct sema_symbol *block)
{
    const struct sema_symbol *kind = sema_find(checker->program, block->item->of.text);
    block->type = sema_error();
    if (kind == NULL || kind->class != SEMA_KIND) {
        report_unknown_kind(checker, block->item);
    } else {
        block->schema = kind->schema;
        block->type = kind->schema->type;
        check_block_place(checker, block);
    }
    check_sibling_names(checker, &block->item->body);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == SYNTAX_BLOCK)
            sema_link_block(checker, block->item->body.items[i]->symbol);
}

/* --- checking: defaults, checks, and the fields of blocks --- */

static void push_scope(struct sema_checker *checker, struct sema_symbol *symbol)
{
    struct sema_scope *scope = BASE_NEW(checker->context->arena, struct sema_scope);
    *scope = (struct sema_scope){.outer = checker->scope, .symbol = symbol};
    checker->scope = scope;
}

void sema_check_schema(struct sema_checker *checker, struct sema_schema *schema)
{
    struct sema_scope *outer = checker->scope;
    for (size_t i = 0; i < schema->symbols.count; i++)
        push_scope(checker, schema->symbols.items[i]);
    for (size_t i = 0; i < schema->item->body.count; i++) {
        struct syntax_item *item = schema->item->body.items[i];
        if (item->class == SYNTAX_SCHEMA_CHECK) {
            sema_condition(checker, item->condition);
            sema_value(checker, item->value, NULL);
            sema_accept(checker, item->value, sema_scalar(IMAGE_TEXT), "a message");
        } else if (item->value != NULL && item->type->meaning != NULL) {
            sema_declared(checker, item->value, item->type->meaning,
                          base_format(checker->context->arena, "the field `%s`", item->name.text));
        }
    }
    checker->scope = outer;
}

/* In a block, the blocks that it contains and those beside it are plain names. */
static void push_blocks(struct sema_checker *checker, const struct sema_symbol *block)
{
    if (block == NULL)
        return;
    push_blocks(checker, block->parent);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == SYNTAX_BLOCK)
            push_scope(checker, block->item->body.items[i]->symbol);
}

void sema_check_block(struct sema_checker *checker, struct sema_symbol *block)
{
    const struct sema_schema *schema = block->schema;
    struct sema_scope *outer = checker->scope;
    push_blocks(checker, block);
    bool *given =
        base_alloc(checker->context->arena, schema == NULL ? 1 : schema->fields.count + 1);
    for (size_t i = 0; i < block->item->body.count; i++) {
        struct syntax_item *item = block->item->body.items[i];
        if (item->class == SYNTAX_BLOCK_FIELD && schema != NULL)
            sema_check_field(checker, schema, item->name, item->value, given);
        else if (item->class == SYNTAX_BLOCK_FIELD)
            sema_expr(checker, item->value, sema_error());
    }
    checker->scope = outer;
    if (schema != NULL)
        sema_report_missing(checker, block->item->name.place,
                            base_format(checker->context->arena, "`%s`", block->name), schema,
                            given);
    for (size_t i = 0; i < block->item->body.count; i++)
        if (block->item->body.items[i]->class == SYNTAX_BLOCK)
            sema_check_block(checker, block->item->body.items[i]->symbol);
}
