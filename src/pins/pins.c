/* Collects the pins of the rules: walks all blocks of the syntax tree, nested ones included, and
 * reads the field `source` of those whose schema makes it a record with `repository` and `commit`.
 *
 * A value that is computed cannot be compared or replaced, so each field must be a literal text or
 * `nothing`; anything else is reported. `source: nothing` and a record without a repository or
 * commit mean that the block is not pinned (sema has already reported a required field that is
 * missing). */
#include "pins/pins.h"

#include <string.h>

struct gathering {
    struct compilation *build;
    struct pins *pins;
};

/* --- literals --- */

static struct diagnostic *report_unreadable(struct gathering *gathering, struct base_place place,
                                            const char *field, const char *what)
{
    return diag_report(&gathering->build->queue, DIAG_PIN_UNREADABLE, place, "the %s of a pin %s",
                       field, what);
}

/* A text without interpolation: no pieces, or one that is a literal. */
static bool is_literal_text(const struct syntax_expr *expr)
{
    const struct syntax_exprs *pieces = &expr->text.pieces;
    return expr->class == SYNTAX_TEXT &&
           (pieces->count == 0 || (pieces->count == 1 && pieces->items[0]->class == SYNTAX_TEXT &&
                                   pieces->items[0]->text.pieces.count == 0));
}

/* The literal `nothing`, not a symbol of that name. */
static bool is_nothing(const struct syntax_expr *expr)
{
    return expr->class == SYNTAX_NAME && expr->name.symbol == NULL &&
           base_text_is(expr->name.name, "nothing");
}

/* The text of a field; an empty word if it is `nothing`, or after reporting that it is not literal.
 */
static struct syntax_word read_literal(struct gathering *gathering, const struct syntax_expr *expr,
                                       const char *field)
{
    if (is_nothing(expr))
        return (struct syntax_word){0};
    if (is_literal_text(expr)) {
        const struct syntax_exprs *pieces = &expr->text.pieces;
        return (struct syntax_word){pieces->count == 0 ? "" : pieces->items[0]->text.literal,
                                    expr->place};
    }
    diag_help(&gathering->build->queue,
              report_unreadable(gathering, expr->place, field, "must be a literal text"),
              "write the text itself here, so that `azc pin` can compare and rewrite it");
    return (struct syntax_word){0};
}

static const struct syntax_expr *field_value(const struct syntax_item *block, const char *field)
{
    for (size_t i = 0; i < block->body.count; i++)
        if (block->body.items[i]->class == SYNTAX_BLOCK_FIELD &&
            base_text_is(block->body.items[i]->name.text, field))
            return block->body.items[i]->value;
    return NULL;
}

/* --- blocks --- */

static bool has_pins(const struct sema_schema *schema)
{
    const struct sema_field *source = schema == NULL ? NULL : sema_find_field(schema, "source");
    return source != NULL && source->type->form == SEMA_RECORD &&
           sema_find_field(source->type->schema, "repository") != NULL &&
           sema_find_field(source->type->schema, "commit") != NULL;
}

static void read_pin_source(struct gathering *gathering, const struct syntax_expr *source,
                            struct pin *pin)
{
    const struct {
        const char *name;
        struct syntax_word *word;
    } fields[] = {{"repository", &pin->repository}, {"tag", &pin->tag}, {"commit", &pin->commit}};
    for (size_t i = 0; i < source->map.pairs.count; i++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            if (base_text_is(source->map.pairs.items[i].name.text, fields[f].name))
                *fields[f].word =
                    read_literal(gathering, source->map.pairs.items[i].value, fields[f].name);
}

static void add_key(struct gathering *gathering, const char *key)
{
    struct pins *pins = gathering->pins;
    for (size_t i = 0; i < pins->keys.count; i++)
        if (pins->keys.items[i] == key)
            return;
    *BASE_PUSH(&gathering->build->arena, &pins->keys) = key;
}

static void gather_pin(struct gathering *gathering, const struct syntax_item *block)
{
    struct pin pin = {.block = block};
    const struct syntax_expr *source = field_value(block, "source"),
                             *version = field_value(block, "version");
    if (source == NULL || is_nothing(source))
        return;
    if (source->class != SYNTAX_MAP) {
        diag_help(&gathering->build->queue,
                  report_unreadable(gathering, source->place, "source", "must be a literal record"),
                  "write `{ repository: \"...\", tag: \"...\", commit: \"...\" }` here");
        return;
    }
    read_pin_source(gathering, source, &pin);
    if (pin.repository.text == NULL || pin.commit.text == NULL)
        return;
    if (!pins_is_commit(base_span_of(pin.commit.text))) {
        report_unreadable(gathering, pin.commit.place, "commit",
                          "must be 40 hexadecimal digits in lower case");
        return;
    }
    if (version != NULL)
        pin.version = read_literal(gathering, version, "version");
    pin.key = pins_repository(&gathering->build->names, pin.repository.text);
    add_key(gathering, pin.key);
    *BASE_PUSH(&gathering->build->arena, &gathering->pins->list) = pin;
}

static void gather_items(struct gathering *gathering, const struct syntax_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct syntax_item *item = items->items[i];
        if (item->class != SYNTAX_BLOCK)
            continue;
        if (item->symbol != NULL && has_pins(item->symbol->schema))
            gather_pin(gathering, item);
        gather_items(gathering, &item->body);
    }
}

void pins_gather(struct compilation *build, struct pins *pins)
{
    struct gathering gathering = {build, pins};
    const struct sema_program *program = build->program;
    for (size_t i = 0; i < program->files.count; i++)
        gather_items(&gathering, &program->files.items[i]->items);
}
