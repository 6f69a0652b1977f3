/* Values that are more than a slot: texts in parts, lists, maps, records. */
#include <string.h>

#include "eval/build.h"

struct aze_value *aze_new_value(struct aze_builder *builder, enum aze_form form,
                                struct aza_place place)
{
    struct aze_value *value = AZA_NEW(builder->arena, struct aze_value);
    value->form = form;
    value->place = place;
    return value;
}

const struct aze_value *aze_plain(struct aze_builder *builder, azi_slot slot,
                                  struct aza_place place)
{
    const bool absent = builder->code->instructions[slot].op == AZB_OP_VOID;
    struct aze_value *value = aze_new_value(builder, absent ? AZE_NOTHING : AZE_PLAIN, place);
    value->slot = slot;
    return value;
}

static const struct aze_value *one_part(struct aze_builder *builder, struct aze_part part,
                                        struct aza_place place)
{
    struct aze_value *value = aze_new_value(builder, AZE_TEXT, place);
    struct aze_part *parts = AZA_NEW(builder->arena, struct aze_part);
    *parts = part;
    value->parts = parts;
    value->count = 1;
    return value;
}

void aze_add_parts(struct aze_builder *builder, struct aze_parts *parts,
                   const struct aze_value *piece)
{
    if (!aze_work(builder, piece->place, piece->count))
        return;
    for (size_t i = 0; i < piece->count; i++)
        *AZA_PUSH(builder->arena, &parts->list) = piece->parts[i];
}

const struct aze_value *aze_text_of_parts(struct aze_builder *builder,
                                          const struct aze_parts *parts, struct aza_place place)
{
    struct aze_value *text = aze_new_value(builder, AZE_TEXT, place);
    text->parts = parts->list.items;
    text->count = parts->list.count;
    return text;
}

const struct aze_value *aze_text_value(struct aze_builder *builder, struct aza_span text,
                                       struct aza_place place)
{
    return one_part(builder, (struct aze_part){.literal = text}, place);
}

const struct aze_value *aze_slot_text(struct aze_builder *builder, azi_slot slot,
                                      struct aza_place place)
{
    const struct azi_code *code = builder->code;
    if (code->instructions[slot].op == AZB_OP_VOID)
        return aze_new_value(builder, AZE_NOTHING, place);
    if (!azi_is_constant(code, slot))
        return one_part(builder, (struct aze_part){.slot = slot}, place);
    const char *text = azi_chars(code, slot);
    return aze_text_value(
        builder, (struct aza_span){aza_copy_text(builder->arena, text, strlen(text)), strlen(text)},
        place);
}

/* From values to slots */

/* The literal parts from `*at` on, as one: what lies between them is never a text of its own. */
static azi_slot literal_slot(struct aze_builder *builder, const struct aze_value *value, size_t *at)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    for (; *at < value->count && value->parts[*at].literal.start != NULL; ++*at)
        aza_put_span(&sink, value->parts[*at].literal);
    if (sink.length < AZA_TEXT_VALUE_MAX)
        return azi_text(builder->code, AZB_TEXT, sink.data == NULL ? "" : sink.data);
    azd_report(builder->queue, AZD_TOO_LARGE, value->place, "this text is longer than %d bytes",
               AZA_TEXT_VALUE_MAX);
    return azi_broken(builder->code, AZB_TEXT);
}

static azi_slot part_slot(struct aze_builder *builder, const struct aze_value *value, size_t *at)
{
    const struct aze_part *part = &value->parts[*at];
    if (part->literal.start != NULL)
        return literal_slot(builder, value, at);
    ++*at;
    return part->variable != NULL ? azi_broken(builder->code, AZB_TEXT) : part->slot;
}

static azi_slot text_slot(struct aze_builder *builder, const struct aze_value *value)
{
    size_t at = 0;
    if (value->count == 0)
        return azi_text(builder->code, AZB_TEXT, "");
    azi_slot slot = part_slot(builder, value, &at);
    while (at < value->count)
        slot = azi_emit(builder->code, AZB_OP_CONCAT, AZB_TEXT, slot,
                        part_slot(builder, value, &at), 0, 0);
    return slot;
}

/* Names joined by commas, each once. */
static azi_slot names_slot(struct aze_builder *builder, const struct aze_value *value)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    for (size_t i = 0; i < value->count; i++) {
        const char *name = aze_constant_text(builder, value->entries[i].value);
        if (name == NULL)
            return azi_broken(builder->code, AZB_LIST);
        if (strchr(name, ',') != NULL)
            azd_help(builder->queue,
                     azd_report(builder->queue, AZD_WRONG_TYPE, value->entries[i].value->place,
                                "a name in a list of names cannot hold a comma"),
                     "declare the list: `let NAME: list of text = [...]` keeps texts as they are");
        if (!aza_list_has(sink.data == NULL ? "" : sink.data, aza_span_of(name)))
            AZA_PUT(&sink, sink.length > 0 ? "," : "", name);
    }
    if (sink.length < AZA_TEXT_VALUE_MAX)
        return azi_text(builder->code, AZB_LIST, sink.data == NULL ? "" : sink.data);
    azd_report(builder->queue, AZD_TOO_LARGE, value->place, "this list is longer than %d bytes",
               AZA_TEXT_VALUE_MAX);
    return azi_broken(builder->code, AZB_LIST);
}

azi_slot aze_slot(struct aze_builder *builder, const struct aze_value *value, enum azb_kind kind)
{
    switch (value->form) {
    case AZE_PLAIN:
        return aze_coerce(builder, value->slot, kind);
    case AZE_TEXT:
        return text_slot(builder, value);
    case AZE_LIST:
        return names_slot(builder, value);
    case AZE_NOTHING:
        return azi_void(builder->code, kind);
    default:
        return azi_broken(builder->code, kind);
    }
}

bool aze_known_text(struct aze_builder *builder, const struct aze_value *value,
                    struct aza_span *text)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    bool known = value->form == AZE_TEXT;
    for (size_t i = 0; known && i < value->count; i++) {
        known = value->parts[i].literal.start != NULL;
        if (known)
            aza_put_span(&sink, value->parts[i].literal);
    }
    *text = (struct aza_span){sink.data == NULL ? "" : sink.data, sink.length};
    return known;
}

const char *aze_constant_text(struct aze_builder *builder, const struct aze_value *value)
{
    struct aza_span text;
    if (aze_known_text(builder, value, &text))
        return text.start;
    if (value->form != AZE_NOTHING &&
        (value->form != AZE_PLAIN || !builder->code->facts[value->slot].broken))
        azd_report(builder->queue, AZD_NOT_CONSTANT, value->place,
                   "`%s` is known only at start, and here a constant is needed",
                   aze_text_of(builder, value->place));
    return NULL;
}

/* Names of a scalar list as a list of texts. */
static const struct aze_value *spread(struct aze_builder *builder, azi_slot slot,
                                      struct aza_place place)
{
    struct aze_value *value = aze_new_value(builder, AZE_LIST, place);
    if (!azi_is_constant(builder->code, slot)) {
        if (!builder->code->facts[slot].broken)
            azd_help(builder->queue,
                     azd_report(builder->queue, AZD_START_LIST, place,
                                "a list that is known only at start can be filtered, and nothing "
                                "else"),
                     "write `[for name in ... if name in ...: name]`");
        return value;
    }
    const char *text = azi_chars(builder->code, slot);
    struct aza_span rest = {aza_copy_text(builder->arena, text, strlen(text)), strlen(text)}, name;
    AZA_LIST(struct aze_entry) entries = {0};
    while (aza_list_next(&rest, &name))
        *AZA_PUSH(builder->arena, &entries) =
            (struct aze_entry){.value = aze_text_value(builder, name, place)};
    value->entries = entries.items;
    value->count = entries.count;
    return value;
}

const struct aze_value *aze_value_as(struct aze_builder *builder, const struct azp_expr *expr,
                                     const struct azs_type *type)
{
    const struct aze_value *value = aze_value(builder, expr);
    if (type->form == AZS_LIST_OF && value->form == AZE_PLAIN)
        return spread(builder, value->slot, expr->place);
    if (type->form == AZS_SCALAR && type->kind == AZB_LIST && value->form == AZE_LIST)
        return aze_plain(builder, names_slot(builder, value), expr->place);
    if (value->form == AZE_PLAIN && type->form == AZS_SCALAR && type->kind == AZB_RATIO)
        return aze_plain(builder, aze_coerce(builder, value->slot, AZB_RATIO), expr->place);
    return value;
}

/* Conditions on shapes */

bool aze_decide(struct aze_builder *builder, const struct azp_expr *expr, bool *holds)
{
    azi_slot slot = aze_expr(builder, expr);
    *holds = azi_is_constant(builder->code, slot) && azi_value(builder->code, slot) != 0;
    if (azi_is_constant(builder->code, slot))
        return true;
    if (!builder->code->facts[slot].broken) {
        struct azd_diagnostic *start = azd_report(
            builder->queue, AZD_START_STRUCTURE, expr->place,
            "`%s` is known only at start, and the shape of a list, map or block is made now",
            aze_text_of(builder, expr->place));
        azd_note(builder->queue, start,
                 "texts and numbers within it may depend on the start: choose among those");
    }
    return false;
}

/* Expressions */

static const struct aze_value *absent(struct aze_builder *builder, const struct azp_expr *expr)
{
    return aze_new_value(builder, AZE_NOTHING, expr->place);
}

/* A piece of a text: a text's parts, or anything else as people write it. */
static const struct aze_value *piece_of(struct aze_builder *builder, const struct azp_expr *piece)
{
    const struct aze_value *value = aze_value(builder, piece);
    if (value->form != AZE_PLAIN)
        return value;
    azi_slot slot = azi_emit(builder->code, AZB_OP_TEXT, AZB_TEXT, value->slot, 0, 0, 0);
    return aze_slot_text(builder, slot, piece->place);
}

static const struct aze_value *text_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->text.literal != NULL)
        return aze_text_value(builder, aza_span_of(expr->text.literal), expr->place);
    struct aze_parts parts = {0};
    for (size_t i = 0; i < expr->text.pieces.count; i++)
        aze_add_parts(builder, &parts, piece_of(builder, expr->text.pieces.items[i]));
    return aze_text_of_parts(builder, &parts, expr->place);
}

static const struct aze_value *bound_value(const struct aze_builder *builder,
                                           const struct azs_symbol *symbol)
{
    for (const struct aze_bound *bound = builder->bound; bound != NULL; bound = bound->outer)
        if (bound->symbol == symbol)
            return bound->value;
    return NULL;
}

static const struct aze_value *self_value(struct aze_builder *builder,
                                          const struct azs_symbol *symbol, struct aza_place use)
{
    if (symbol->index == AZB_NONE)
        return aze_text_value(builder, aza_span_of(builder->self->block->name), use);
    return aze_field_value(builder, builder->self, symbol->index, use);
}

/* For `explain`, where somebody explains: the name that a value was read from. */
static void note_let(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct azs_symbol *symbol = expr->name.symbol;
    if (builder->notes == NULL || !aze_is_named(builder, symbol))
        return;
    azi_slot slot = aze_let(builder, symbol, expr->place);
    uint32_t name = aze_name_of(builder, symbol, symbol->global ? NULL : builder->config);
    aze_note(builder, AZB_NOTE_USES, 0, symbol->name, slot, name, expr->place);
}

const struct aze_value *aze_value_of_name(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct azs_symbol *symbol = expr->name.symbol;
    if (symbol == NULL)
        return absent(builder, expr);
    switch (symbol->class) {
    case AZS_PARAMETER:
        return builder->frame->values[symbol->index];
    case AZS_VARIABLE:
        return bound_value(builder, symbol);
    case AZS_FIELD:
        return self_value(builder, symbol, expr->place);
    case AZS_BLOCK:
        return aze_block(builder, symbol, expr->place);
    case AZS_KIND:
        return aze_blocks_of(builder, symbol->schema, expr->place);
    case AZS_LET:
        note_let(builder, expr);
        return aze_let_value(builder, symbol, expr->place);
    default:
        return aze_slot_text(builder, aze_expr(builder, expr), expr->place);
    }
}

static const struct aze_value *key_value(struct aze_builder *builder, const struct aze_value *map,
                                         struct azp_word key)
{
    for (size_t i = 0; i < map->count; i++)
        if (aza_text_is(map->entries[i].key, key.text))
            return map->entries[i].value;
    azd_report(builder->queue, AZD_UNKNOWN_FIELD, key.place, "this map has no key `%s`", key.text);
    return aze_new_value(builder, AZE_NOTHING, key.place);
}

const struct aze_value *aze_value_of_field(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->field.symbol != NULL && expr->field.symbol->class == AZS_BLOCK)
        return aze_block(builder, expr->field.symbol, expr->place);
    const struct azs_type *of = expr->field.of->type;
    if (of == NULL || of->form == AZS_SCALAR)
        return aze_slot_text(builder, aze_expr(builder, expr), expr->place);
    const struct aze_value *value = aze_value(builder, expr->field.of);
    if (value->form == AZE_MAP)
        return key_value(builder, value, expr->field.field);
    if (value->form != AZE_RECORD)
        return absent(builder, expr);
    return aze_field_value(builder, value->record, expr->field.column, expr->place);
}

const struct aze_value *aze_list(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct aze_value *list = aze_new_value(builder, AZE_LIST, expr->place);
    struct aze_entry *entries =
        aza_alloc(builder->arena, expr->list.elements.count * sizeof *entries + 1);
    for (size_t i = 0; i < expr->list.elements.count; i++)
        entries[i].value = aze_value(builder, expr->list.elements.items[i]);
    list->entries = entries;
    list->count = expr->list.elements.count;
    return list;
}

struct entries {
    AZA_LIST(struct aze_entry) list;
};

/* A later entry of a key takes the place of an earlier one. */
static void add_entry(struct aze_builder *builder, struct entries *entries, struct aze_entry entry)
{
    for (size_t i = 0; entry.key != NULL && i < entries->list.count; i++)
        if (aza_text_is(entries->list.items[i].key, entry.key)) {
            entries->list.items[i] = entry;
            return;
        }
    *AZA_PUSH(builder->arena, &entries->list) = entry;
}

static const struct aze_value *collected(struct aze_builder *builder, enum aze_form form,
                                         const struct entries *entries, struct aza_place place)
{
    struct aze_value *value = aze_new_value(builder, form, place);
    value->entries = entries->list.items;
    value->count = entries->list.count;
    return value;
}

/* A key that is made, and made by one entry only: the second would silently replace the first. */
static const char *make_key(struct aze_builder *builder, const struct entries *entries,
                            const struct azp_expr *expr)
{
    const char *key = aze_constant_text(builder, aze_value(builder, expr));
    for (size_t i = 0; key != NULL && i < entries->list.count; i++)
        if (aza_text_is(entries->list.items[i].key, key)) {
            azd_report(builder->queue, AZD_DUPLICATE_NAME, expr->place, "`%s` is a key already",
                       key);
            return NULL;
        }
    return key;
}

static const struct aze_value *map_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->type->form == AZS_RECORD)
        return aze_make_record(builder, expr, expr->type->schema);
    struct entries entries = {0};
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct azp_pair *pair = &expr->map.pairs.items[i];
        const char *key = make_key(builder, &entries, pair->key);
        const struct aze_value *value = aze_value(builder, pair->value);
        if (key != NULL)
            *AZA_PUSH(builder->arena, &entries.list) =
                (struct aze_entry){.key = key, .doc = pair->doc, .value = value};
    }
    return collected(builder, AZE_MAP, &entries, expr->place);
}

/* One round of a walk: the element's entry, unless the condition leaves it out. */
static void walk_once(struct aze_builder *builder, const struct azp_expr *expr,
                      const struct aze_entry *entry, struct entries *made)
{
    const struct aze_bound *outer = builder->bound;
    const bool pairs = expr->comprehension.second.text != NULL;
    struct aze_bound first = {.symbol = expr->comprehension.symbol, .outer = outer};
    struct aze_bound second = {expr->comprehension.second_symbol, entry->value, &first};
    first.value =
        pairs ? aze_text_value(builder, aza_span_of(entry->key), expr->place) : entry->value;
    builder->bound = pairs ? &second : &first;
    bool holds = true;
    const bool decided = expr->comprehension.condition == NULL ||
                         aze_decide(builder, expr->comprehension.condition, &holds);
    if (decided && holds) {
        const struct azp_expr *key = expr->comprehension.key;
        struct aze_entry next = {.key = key == NULL ? NULL : make_key(builder, made, key)};
        next.value = aze_value(builder, expr->comprehension.element);
        if (key == NULL || next.key != NULL)
            *AZA_PUSH(builder->arena, &made->list) = next;
    }
    builder->bound = outer;
}

static const struct aze_value *walk_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->type->form == AZS_SCALAR)
        return aze_plain(builder, aze_expr(builder, expr), expr->place);
    const struct aze_value *list = aze_value(builder, expr->comprehension.list);
    if (list->form == AZE_PLAIN)
        list = spread(builder, list->slot, expr->comprehension.list->place);
    struct entries made = {0};
    for (size_t i = 0; i < list->count; i++)
        walk_once(builder, expr, &list->entries[i], &made);
    return collected(builder, expr->comprehension.key == NULL ? AZE_LIST : AZE_MAP, &made,
                     expr->place);
}

static const struct aze_value *sum_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct aze_value *sides[] = {aze_value(builder, expr->binary.left),
                                       aze_value(builder, expr->binary.right)};
    struct entries entries = {0};
    for (size_t s = 0; s < 2; s++) {
        if (sides[s]->form == AZE_PLAIN)
            sides[s] = spread(builder, sides[s]->slot, sides[s]->place);
        if (!aze_work(builder, expr->place, sides[s]->count))
            break;
        for (size_t i = 0; i < sides[s]->count; i++)
            add_entry(builder, &entries, sides[s]->entries[i]);
    }
    return collected(builder, sides[0]->form, &entries, expr->place);
}

/* Texts may be chosen at start; everything else is chosen now. */
static const struct aze_value *chosen_at_start(struct aze_builder *builder,
                                               const struct azp_expr *expr)
{
    return aze_slot_text(builder, aze_expr(builder, expr), expr->place);
}

static bool is_text(const struct azp_expr *expr)
{
    return expr->type->form == AZS_SCALAR;
}

static const struct aze_value *if_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    azi_slot condition = aze_expr(builder, expr->choice.condition);
    if (!azi_is_constant(builder->code, condition) && is_text(expr))
        return chosen_at_start(builder, expr);
    bool holds;
    if (!aze_decide(builder, expr->choice.condition, &holds))
        return absent(builder, expr);
    return aze_value(builder, holds ? expr->choice.yes : expr->choice.no);
}

static const struct aze_value *match_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    azi_slot of = aze_expr(builder, expr->match.of);
    if (!azi_is_constant(builder->code, of)) {
        bool unused;
        if (is_text(expr))
            return chosen_at_start(builder, expr);
        aze_decide(builder, expr->match.of, &unused);
        return absent(builder, expr);
    }
    const char *member = azi_chars(builder->code, of);
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct azp_arm *arm = expr->match.arms.items[i];
        bool matches = arm->patterns.count == 0;
        for (size_t j = 0; j < arm->patterns.count; j++)
            matches = matches || aza_text_is(arm->patterns.items[j].text, member);
        if (matches)
            return aze_value(builder, arm->value);
    }
    return absent(builder, expr);
}

static const struct aze_value *else_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct aze_value *of = aze_value(builder, expr->fallback.of);
    if (of->form == AZE_NOTHING)
        return aze_value(builder, expr->fallback.otherwise);
    if (of->form != AZE_TEXT)
        return of;
    bool may_be_void = false;
    for (size_t i = 0; i < of->count; i++)
        may_be_void =
            may_be_void || (of->parts[i].literal.start == NULL && of->parts[i].variable == NULL &&
                            builder->code->facts[of->parts[i].slot].may_be_void);
    if (!may_be_void)
        return of;
    azi_slot slot =
        azi_emit(builder->code, AZB_OP_ELSE, AZB_TEXT, aze_slot(builder, of, AZB_TEXT),
                 aze_slot(builder, aze_value(builder, expr->fallback.otherwise), AZB_TEXT), 0, 0);
    return aze_slot_text(builder, slot, expr->place);
}

static const struct aze_value *value_of_class(struct aze_builder *builder,
                                              const struct azp_expr *expr)
{
    switch (expr->class) {
    case AZP_TEXT:
        return text_value(builder, expr);
    case AZP_NAME:
        return aze_value_of_name(builder, expr);
    case AZP_FIELD:
        return aze_value_of_field(builder, expr);
    case AZP_CALL:
        return aze_call_value(builder, expr);
    case AZP_LIST:
        return aze_list(builder, expr);
    case AZP_MAP:
        return map_value(builder, expr);
    case AZP_COMPREHENSION:
        return walk_value(builder, expr);
    case AZP_BINARY:
        return sum_value(builder, expr);
    case AZP_IF:
        return if_value(builder, expr);
    case AZP_MATCH:
        return match_value(builder, expr);
    case AZP_ELSE:
        return else_value(builder, expr);
    default:
        return aze_slot_text(builder, aze_expr(builder, expr), expr->place);
    }
}

const struct aze_value *aze_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct azs_type *type = expr->type;
    if (type->error)
        return absent(builder, expr);
    if (type->form == AZS_SCALAR && type->kind != AZB_TEXT)
        return aze_plain(builder, aze_expr(builder, expr), expr->place);
    if (!aze_step(builder, expr))
        return absent(builder, expr);
    builder->depth++;
    const struct aze_value *value = value_of_class(builder, expr);
    builder->depth--;
    return value;
}
