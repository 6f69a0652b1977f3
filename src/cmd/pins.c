/* Finding the pins of the rules. */
#include "cmd/pins.h"

#include <string.h>

struct gathering {
    struct azc_build *build;
    struct azc_pins *pins;
};

/* ---- what is written ---- */

static struct azd_diagnostic *unreadable(struct gathering *gathering, struct aza_place place,
                                         const char *field, const char *what)
{
    return azd_report(&gathering->build->queue, AZD_PIN_UNREADABLE, place, "the %s of a pin %s",
                      field, what);
}

static bool is_plain(const struct azp_expr *expr)
{
    const struct azp_exprs *pieces = &expr->text.pieces;
    return expr->class == AZP_TEXT &&
           (pieces->count == 0 || (pieces->count == 1 && pieces->items[0]->class == AZP_TEXT &&
                                   pieces->items[0]->text.pieces.count == 0));
}

static bool is_nothing(const struct azp_expr *expr)
{
    return expr->class == AZP_NAME && expr->name.symbol == NULL &&
           aza_text_is(expr->name.name, "nothing");
}

/* The text of a field; an empty word where it says `nothing`, or what cannot be read. */
static struct azp_word written(struct gathering *gathering, const struct azp_expr *expr,
                               const char *field)
{
    if (is_nothing(expr))
        return (struct azp_word){0};
    if (is_plain(expr)) {
        const struct azp_exprs *pieces = &expr->text.pieces;
        return (struct azp_word){pieces->count == 0 ? "" : pieces->items[0]->text.literal,
                                 expr->place};
    }
    azd_help(&gathering->build->queue,
             unreadable(gathering, expr->place, field, "is not written here"),
             "write it as a plain text, so that it can be compared and rewritten in its place");
    return (struct azp_word){0};
}

static const struct azp_expr *given(const struct azp_item *block, const char *field)
{
    for (size_t i = 0; i < block->body.count; i++)
        if (block->body.items[i]->class == AZP_BLOCK_FIELD &&
            aza_text_is(block->body.items[i]->name.text, field))
            return block->body.items[i]->value;
    return NULL;
}

/* ---- which blocks ---- */

static bool has_pins(const struct azs_schema *schema)
{
    const struct azs_field *source = schema == NULL ? NULL : azs_find_field(schema, "source");
    return source != NULL && source->type->form == AZS_RECORD &&
           azs_find_field(source->type->schema, "repository") != NULL &&
           azs_find_field(source->type->schema, "commit") != NULL;
}

static void read_source(struct gathering *gathering, const struct azp_expr *source,
                        struct azc_pin *pin)
{
    const struct {
        const char *name;
        struct azp_word *word;
    } fields[] = {{"repository", &pin->repository}, {"tag", &pin->tag}, {"commit", &pin->commit}};
    for (size_t i = 0; i < source->map.pairs.count; i++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            if (aza_text_is(source->map.pairs.items[i].name.text, fields[f].name))
                *fields[f].word =
                    written(gathering, source->map.pairs.items[i].value, fields[f].name);
}

static void add_key(struct gathering *gathering, const char *key)
{
    struct azc_pins *pins = gathering->pins;
    for (size_t i = 0; i < pins->keys.count; i++)
        if (pins->keys.items[i] == key)
            return;
    *AZA_PUSH(&gathering->build->arena, &pins->keys) = key;
}

static void gather_pin(struct gathering *gathering, const struct azp_item *block)
{
    struct azc_pin pin = {.block = block};
    const struct azp_expr *source = given(block, "source"), *version = given(block, "version");
    if (source == NULL || is_nothing(source))
        return;
    if (source->class != AZP_MAP) {
        azd_help(&gathering->build->queue,
                 unreadable(gathering, source->place, "source", "is not written here"),
                 "write `{ repository: \"...\", tag: \"...\", commit: \"...\" }` in its place");
        return;
    }
    read_source(gathering, source, &pin);
    if (pin.repository.text == NULL || pin.commit.text == NULL)
        return;
    if (!azc_is_commit(aza_span_of(pin.commit.text))) {
        unreadable(gathering, pin.commit.place, "commit", "has 40 digits of 0-9 and a-f");
        return;
    }
    if (version != NULL)
        pin.version = written(gathering, version, "version");
    pin.key = azc_repository(&gathering->build->names, pin.repository.text);
    add_key(gathering, pin.key);
    *AZA_PUSH(&gathering->build->arena, &gathering->pins->list) = pin;
}

static void gather_items(struct gathering *gathering, const struct azp_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct azp_item *item = items->items[i];
        if (item->class != AZP_BLOCK)
            continue;
        if (item->symbol != NULL && has_pins(item->symbol->schema))
            gather_pin(gathering, item);
        gather_items(gathering, &item->body);
    }
}

void azc_gather_pins(struct azc_build *build, struct azc_pins *pins)
{
    struct gathering gathering = {build, pins};
    const struct azs_program *program = build->program;
    for (size_t i = 0; i < program->files.count; i++)
        gather_items(&gathering, &program->files.items[i]->items);
}
