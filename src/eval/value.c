/* Evaluates expressions whose value is not one slot: texts in parts, lists, maps and records.
 *
 * The shape of such a value (how many entries, which keys) must be known at compile time, so
 * conditions that decide it must be constant (eval_decide); texts and numbers inside may depend on
 * the machine. A text keeps its parts until it is needed as one slot (text_slot): a file can then
 * be written with ${NAME} or holes in it, and known texts are not limited to the length of a slot's
 * text. eval_value is the counterpart of eval_expr, which it calls for scalars that are not texts.
 */
#include "base/assert.h"
#include <string.h>

#include "eval/build.h"

struct eval_value *eval_new_value(struct eval_builder *builder, enum eval_form form,
                                  struct base_place place)
{
    struct eval_value *value = BASE_NEW(builder->arena, struct eval_value);
    value->form = form;
    value->place = place;
    return value;
}

const struct eval_value *eval_plain(struct eval_builder *builder, ir_slot slot,
                                    struct base_place place)
{
    const bool absent = builder->code->instructions[slot].op == IMAGE_OP_VOID;
    struct eval_value *value = eval_new_value(builder, absent ? EVAL_NOTHING : EVAL_PLAIN, place);
    value->slot = slot;
    return value;
}

static const struct eval_value *text_of_one_part(struct eval_builder *builder,
                                                 struct eval_part part, struct base_place place)
{
    struct eval_value *value = eval_new_value(builder, EVAL_TEXT, place);
    struct eval_part *parts = BASE_NEW(builder->arena, struct eval_part);
    *parts = part;
    value->parts = parts;
    value->count = 1;
    return value;
}

void eval_add_parts(struct eval_builder *builder, struct eval_parts *parts,
                    const struct eval_value *piece)
{
    if (!eval_work(builder, piece->place, piece->count))
        return;
    for (size_t i = 0; i < piece->count; i++)
        *BASE_PUSH(builder->arena, &parts->list) = piece->parts[i];
}

const struct eval_value *eval_text_of_parts(struct eval_builder *builder,
                                            const struct eval_parts *parts, struct base_place place)
{
    struct eval_value *text = eval_new_value(builder, EVAL_TEXT, place);
    text->parts = parts->list.items;
    text->count = parts->list.count;
    return text;
}

const struct eval_value *eval_text_value(struct eval_builder *builder, struct base_span text,
                                         struct base_place place)
{
    return text_of_one_part(builder, (struct eval_part){.literal = text}, place);
}

const struct eval_value *eval_slot_text(struct eval_builder *builder, ir_slot slot,
                                        struct base_place place)
{
    const struct ir_code *code = builder->code;
    if (code->instructions[slot].op == IMAGE_OP_VOID)
        return eval_new_value(builder, EVAL_NOTHING, place);
    if (!ir_is_constant(code, slot))
        return text_of_one_part(builder, (struct eval_part){.slot = slot}, place);
    const char *text = ir_chars(code, slot);
    return eval_text_value(
        builder,
        (struct base_span){base_copy_text(builder->arena, text, strlen(text)), strlen(text)},
        place);
}

/* --- from values to slots --- */

/* The adjacent literal parts from `*at` on, as one constant. */
static ir_slot literal_slot(struct eval_builder *builder, const struct eval_value *value,
                            size_t *at)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    for (; *at < value->count && value->parts[*at].literal.start != NULL; ++*at)
        base_put_span(&sink, value->parts[*at].literal);
    if (sink.length < LIMIT_TEXT_VALUE)
        return ir_text(builder->code, IMAGE_TEXT, sink.data);
    diag_report(builder->queue, DIAG_TOO_LARGE, value->place, "this text is longer than %d bytes",
                LIMIT_TEXT_VALUE);
    return ir_broken(builder->code, IMAGE_TEXT);
}

static ir_slot part_slot(struct eval_builder *builder, const struct eval_value *value, size_t *at)
{
    const struct eval_part *part = &value->parts[*at];
    if (part->literal.start != NULL)
        return literal_slot(builder, value, at);
    ++*at;
    /* A variable exists only in files for docker compose. */
    return part->variable != NULL ? ir_broken(builder->code, IMAGE_TEXT) : part->slot;
}

static ir_slot text_slot(struct eval_builder *builder, const struct eval_value *value)
{
    size_t at = 0;
    if (value->count == 0)
        return ir_text(builder->code, IMAGE_TEXT, "");
    ir_slot slot = part_slot(builder, value, &at);
    while (at < value->count)
        slot = ir_emit(builder->code, IMAGE_OP_CONCAT, IMAGE_TEXT, slot,
                       part_slot(builder, value, &at), 0, 0);
    return slot;
}

/* Names joined by commas, each once. */
static ir_slot names_slot(struct eval_builder *builder, const struct eval_value *value)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    for (size_t i = 0; i < value->count; i++) {
        const char *name = eval_constant_text(builder, value->entries[i].value);
        if (name == NULL)
            return ir_broken(builder->code, IMAGE_LIST);
        if (strchr(name, ',') != NULL)
            diag_help(builder->queue,
                      diag_report(builder->queue, DIAG_WRONG_TYPE, value->entries[i].value->place,
                                  "a name in a list of names cannot contain a comma"),
                      "declare the list as `let NAME: list of text = [...]` to allow commas");
        if (!base_list_has(sink.data, base_span_of(name)))
            BASE_PUT(&sink, sink.length > 0 ? "," : "", name);
    }
    if (sink.length < LIMIT_TEXT_VALUE)
        return ir_text(builder->code, IMAGE_LIST, sink.data);
    diag_report(builder->queue, DIAG_TOO_LARGE, value->place, "this list is longer than %d bytes",
                LIMIT_TEXT_VALUE);
    return ir_broken(builder->code, IMAGE_LIST);
}

ir_slot eval_slot(struct eval_builder *builder, const struct eval_value *value,
                  enum image_kind kind)
{
    switch (value->form) {
    case EVAL_PLAIN:
        return eval_coerce(builder, value->slot, kind);
    case EVAL_TEXT:
        return text_slot(builder, value);
    case EVAL_LIST:
        return names_slot(builder, value);
    case EVAL_NOTHING:
        return ir_void(builder->code, kind);
    default:
        return ir_broken(builder->code, kind);
    }
}

bool eval_known_text(struct eval_builder *builder, const struct eval_value *value,
                     struct base_span *text)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    bool known = value->form == EVAL_TEXT;
    for (size_t i = 0; known && i < value->count; i++) {
        known = value->parts[i].literal.start != NULL;
        if (known)
            base_put_span(&sink, value->parts[i].literal);
    }
    *text = (struct base_span){sink.data, sink.length};
    return known;
}

const char *eval_constant_text(struct eval_builder *builder, const struct eval_value *value)
{
    struct base_span text;
    if (eval_known_text(builder, value, &text))
        return text.start;
    if (value->form != EVAL_NOTHING &&
        (value->form != EVAL_PLAIN || !builder->code->facts[value->slot].broken))
        diag_report(builder->queue, DIAG_NOT_CONSTANT, value->place,
                    "`%s` is known only at container start, but a constant is required here",
                    eval_text_of(builder, value->place));
    return NULL;
}

/* The names of a scalar list as a list of texts. */
static const struct eval_value *list_of_names(struct eval_builder *builder, ir_slot slot,
                                              struct base_place place)
{
    struct eval_value *value = eval_new_value(builder, EVAL_LIST, place);
    if (!ir_is_constant(builder->code, slot)) {
        if (!builder->code->facts[slot].broken)
            diag_help(
                builder->queue,
                diag_report(builder->queue, DIAG_START_LIST, place,
                            "a list known only at container start can be used only in a filter"),
                "write `[for name in ... if name in ...: name]`");
        return value;
    }
    const char *text = ir_chars(builder->code, slot);
    struct base_span rest = {base_copy_text(builder->arena, text, strlen(text)), strlen(text)},
                     name;
    BASE_LIST(struct eval_entry) entries = {0};
    while (base_list_next(&rest, &name))
        *BASE_PUSH(builder->arena, &entries) =
            (struct eval_entry){.value = eval_text_value(builder, name, place)};
    value->entries = entries.items;
    value->count = entries.count;
    return value;
}

const struct eval_value *eval_value_as(struct eval_builder *builder, const struct syntax_expr *expr,
                                       const struct sema_type *type)
{
    const struct eval_value *value = eval_value(builder, expr);
    if (type->form == SEMA_LIST_OF && value->form == EVAL_PLAIN)
        return list_of_names(builder, value->slot, expr->place);
    if (type->form == SEMA_SCALAR && type->kind == IMAGE_LIST && value->form == EVAL_LIST)
        return eval_plain(builder, names_slot(builder, value), expr->place);
    if (value->form == EVAL_PLAIN && type->form == SEMA_SCALAR && type->kind == IMAGE_RATIO)
        return eval_plain(builder, eval_coerce(builder, value->slot, IMAGE_RATIO), expr->place);
    return value;
}

/* --- conditions on shapes --- */

bool eval_decide(struct eval_builder *builder, const struct syntax_expr *expr, bool *holds)
{
    ir_slot slot = eval_expr(builder, expr);
    *holds = ir_is_constant(builder->code, slot) && ir_value(builder->code, slot) != 0;
    if (ir_is_constant(builder->code, slot))
        return true;
    if (!builder->code->facts[slot].broken) {
        struct diagnostic *start = diag_report(builder->queue, DIAG_START_STRUCTURE, expr->place,
                                               "`%s` is known only at container start, but the "
                                               "shape of a list, map or block must be known "
                                               "at compile time",
                                               eval_text_of(builder, expr->place));
        diag_note(builder->queue, start,
                  "texts and numbers inside it may depend on values known at start: move the "
                  "choice there");
    }
    return false;
}

/* --- expressions --- */

static const struct eval_value *no_value(struct eval_builder *builder,
                                         const struct syntax_expr *expr)
{
    return eval_new_value(builder, EVAL_NOTHING, expr->place);
}

const struct eval_value *eval_piece(struct eval_builder *builder, const struct syntax_expr *piece)
{
    const struct eval_value *value = eval_value(builder, piece);
    if (value->form != EVAL_PLAIN)
        return value;
    ir_slot slot = ir_emit(builder->code, IMAGE_OP_TEXT, IMAGE_TEXT, value->slot, 0, 0, 0);
    return eval_slot_text(builder, slot, piece->place);
}

static const struct eval_value *interpolated_value(struct eval_builder *builder,
                                                   const struct syntax_expr *expr)
{
    if (expr->text.literal != NULL)
        return eval_text_value(builder, base_span_of(expr->text.literal), expr->place);
    struct eval_parts parts = {0};
    for (size_t i = 0; i < expr->text.pieces.count; i++)
        eval_add_parts(builder, &parts, eval_piece(builder, expr->text.pieces.items[i]));
    return eval_text_of_parts(builder, &parts, expr->place);
}

static const struct eval_value *variable_value(const struct eval_builder *builder,
                                               const struct sema_symbol *symbol)
{
    for (const struct eval_bound *bound = builder->bound; bound != NULL; bound = bound->outer)
        if (bound->symbol == symbol)
            return bound->value;
    return NULL;
}

static const struct eval_value *self_value(struct eval_builder *builder,
                                           const struct sema_symbol *symbol, struct base_place use)
{
    if (symbol->index == IMAGE_NONE)
        return eval_text_value(builder, base_span_of(builder->self->block->name), use);
    return eval_field_value(builder, builder->self, symbol->index, use);
}

/* For `explain`: a text that is used in another value is noted as a name with a slot. */
static void note_let(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct sema_symbol *symbol = expr->name.symbol;
    if (builder->notes == NULL || !eval_is_named(builder, symbol))
        return;
    ir_slot slot = eval_let(builder, symbol, expr->place);
    uint32_t name = eval_name_of(builder, symbol, symbol->global ? NULL : builder->config);
    eval_note(builder, IMAGE_NOTE_USES, 0, symbol->name, slot, name, expr->place);
}

const struct eval_value *eval_value_of_name(struct eval_builder *builder,
                                            const struct syntax_expr *expr)
{
    const struct sema_symbol *symbol = expr->name.symbol;
    if (symbol == NULL)
        return no_value(builder, expr);
    switch (symbol->class) {
    case SEMA_PARAMETER:
        BASE_ASSERT(builder->frame != NULL);
        return builder->frame->values[symbol->index];
    case SEMA_VARIABLE:
        return variable_value(builder, symbol);
    case SEMA_FIELD:
        return self_value(builder, symbol, expr->place);
    case SEMA_BLOCK:
        return eval_block(builder, symbol, expr->place);
    case SEMA_KIND:
        return eval_blocks_of(builder, symbol->schema, expr->place);
    case SEMA_LET:
        note_let(builder, expr);
        return eval_let_value(builder, symbol, expr->place);
    default:
        return eval_slot_text(builder, eval_expr(builder, expr), expr->place);
    }
}

/* A missing key is reported here, and its value is broken, so that nothing else is reported. */
static const struct eval_value *key_value(struct eval_builder *builder,
                                          const struct syntax_expr *expr,
                                          const struct eval_value *map)
{
    const struct syntax_word key = expr->field.field;
    for (size_t i = 0; i < map->count; i++)
        if (base_text_is(map->entries[i].key, key.text))
            return map->entries[i].value;
    const char **names = base_alloc(builder->arena, map->count * sizeof *names + 1);
    for (size_t i = 0; i < map->count; i++)
        names[i] = map->entries[i].key;
    diag_suggest(builder->queue,
                 diag_report(builder->queue, DIAG_UNKNOWN_FIELD, key.place,
                             "this map has no key `%s`", key.text),
                 key.text, names, map->count);
    if (expr->type->form != SEMA_SCALAR)
        return eval_new_value(builder, EVAL_NOTHING, key.place);
    const ir_slot broken = ir_broken(builder->code, expr->type->kind);
    return expr->type->kind == IMAGE_TEXT ? eval_slot_text(builder, broken, key.place)
                                          : eval_plain(builder, broken, key.place);
}

const struct eval_value *eval_value_of_field(struct eval_builder *builder,
                                             const struct syntax_expr *expr)
{
    if (expr->field.symbol != NULL && expr->field.symbol->class == SEMA_BLOCK)
        return eval_block(builder, expr->field.symbol, expr->place);
    const struct sema_type *of = expr->field.of->type;
    if (of == NULL || of->form == SEMA_SCALAR)
        return eval_slot_text(builder, eval_expr(builder, expr), expr->place);
    const struct eval_value *value = eval_value(builder, expr->field.of);
    if (value->form == EVAL_MAP)
        return key_value(builder, expr, value);
    if (value->form != EVAL_RECORD)
        return no_value(builder, expr);
    return eval_field_value(builder, value->record, expr->field.column, expr->place);
}

struct entries {
    BASE_LIST(struct eval_entry) list;
};

/* Of two entries with one key the later is kept, at the position of the earlier. */
static void add_entry(struct eval_builder *builder, struct entries *entries,
                      struct eval_entry entry)
{
    for (size_t i = 0; entry.key != NULL && i < entries->list.count; i++)
        if (base_text_is(entries->list.items[i].key, entry.key)) {
            entries->list.items[i] = entry;
            return;
        }
    *BASE_PUSH(builder->arena, &entries->list) = entry;
}

static const struct eval_value *value_of_entries(struct eval_builder *builder, enum eval_form form,
                                                 const struct entries *entries,
                                                 struct base_place place)
{
    struct eval_value *value = eval_new_value(builder, form, place);
    value->entries = entries->list.items;
    value->count = entries->list.count;
    return value;
}

/* A computed key; null, and reported, if it is not constant or occurs twice: the second entry would
 * silently replace the first. */
static const char *make_key(struct eval_builder *builder, const struct entries *entries,
                            const struct syntax_expr *expr)
{
    const char *key = eval_constant_text(builder, eval_value(builder, expr));
    for (size_t i = 0; key != NULL && i < entries->list.count; i++)
        if (base_text_is(entries->list.items[i].key, key)) {
            diag_report(builder->queue, DIAG_DUPLICATE_NAME, expr->place, "duplicate key `%s`",
                        key);
            return NULL;
        }
    return key;
}

static const struct eval_value *map_value(struct eval_builder *builder,
                                          const struct syntax_expr *expr)
{
    if (expr->type->form == SEMA_RECORD)
        return eval_make_record(builder, expr, expr->type->schema);
    struct entries entries = {0};
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct syntax_pair *pair = &expr->map.pairs.items[i];
        const char *key = make_key(builder, &entries, pair->key);
        const struct eval_value *value = eval_value(builder, pair->value);
        if (key != NULL)
            *BASE_PUSH(builder->arena, &entries.list) =
                (struct eval_entry){.key = key, .doc = pair->doc, .value = value};
    }
    return value_of_entries(builder, EVAL_MAP, &entries, expr->place);
}

/* One iteration of a comprehension: adds its entry unless the condition excludes it. */
static void add_iteration(struct eval_builder *builder, const struct syntax_expr *expr,
                          const struct eval_entry *entry, struct entries *made)
{
    const struct eval_bound *outer = builder->bound;
    const bool pairs = expr->comprehension.second.text != NULL;
    struct eval_bound first = {.symbol = expr->comprehension.symbol, .outer = outer};
    struct eval_bound second = {expr->comprehension.second_symbol, entry->value, &first};
    first.value =
        pairs ? eval_text_value(builder, base_span_of(entry->key), expr->place) : entry->value;
    builder->bound = pairs ? &second : &first;
    bool holds = true;
    const bool decided = expr->comprehension.condition == NULL ||
                         eval_decide(builder, expr->comprehension.condition, &holds);
    if (decided && holds) {
        const struct syntax_expr *key = expr->comprehension.key;
        struct eval_entry next = {.key = key == NULL ? NULL : make_key(builder, made, key)};
        next.value = eval_value(builder, expr->comprehension.element);
        if (key == NULL || next.key != NULL)
            *BASE_PUSH(builder->arena, &made->list) = next;
    }
    builder->bound = outer;
}

static const struct eval_value *comprehension_value(struct eval_builder *builder,
                                                    const struct syntax_expr *expr)
{
    if (expr->type->form == SEMA_SCALAR)
        return eval_plain(builder, eval_expr(builder, expr), expr->place);
    const struct eval_value *list = eval_value(builder, expr->comprehension.list);
    if (list->form == EVAL_PLAIN)
        list = list_of_names(builder, list->slot, expr->comprehension.list->place);
    struct entries made = {0};
    for (size_t i = 0; i < list->count; i++)
        add_iteration(builder, expr, &list->entries[i], &made);
    return value_of_entries(builder, expr->comprehension.key == NULL ? EVAL_LIST : EVAL_MAP, &made,
                            expr->place);
}

static const struct eval_value *sum_value(struct eval_builder *builder,
                                          const struct syntax_expr *expr)
{
    const struct eval_value *sides[] = {eval_value(builder, expr->binary.left),
                                        eval_value(builder, expr->binary.right)};
    struct entries entries = {0};
    for (size_t s = 0; s < 2; s++) {
        if (sides[s]->form == EVAL_PLAIN)
            sides[s] = list_of_names(builder, sides[s]->slot, sides[s]->place);
        if (!eval_work(builder, expr->place, sides[s]->count))
            break;
        for (size_t i = 0; i < sides[s]->count; i++)
            add_entry(builder, &entries, sides[s]->entries[i]);
    }
    return value_of_entries(builder, sides[0]->form, &entries, expr->place);
}

/* A text may be chosen at container start, by a SELECT; every other shape is chosen now. */
static const struct eval_value *chosen_at_start(struct eval_builder *builder,
                                                const struct syntax_expr *expr)
{
    return eval_slot_text(builder, eval_expr(builder, expr), expr->place);
}

static const struct eval_value *if_value(struct eval_builder *builder,
                                         const struct syntax_expr *expr)
{
    ir_slot condition = eval_expr(builder, expr->choice.condition);
    if (!ir_is_constant(builder->code, condition) && expr->type->form == SEMA_SCALAR)
        return chosen_at_start(builder, expr);
    bool holds;
    if (!eval_decide(builder, expr->choice.condition, &holds))
        return no_value(builder, expr);
    return eval_value(builder, holds ? expr->choice.yes : expr->choice.no);
}

static const struct eval_value *match_value(struct eval_builder *builder,
                                            const struct syntax_expr *expr)
{
    ir_slot of = eval_expr(builder, expr->match.of);
    if (!ir_is_constant(builder->code, of)) {
        bool unused;
        if (expr->type->form == SEMA_SCALAR)
            return chosen_at_start(builder, expr);
        eval_decide(builder, expr->match.of, &unused);
        return no_value(builder, expr);
    }
    const char *member = ir_chars(builder->code, of);
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct syntax_arm *arm = expr->match.arms.items[i];
        bool matches = arm->patterns.count == 0;
        for (size_t j = 0; j < arm->patterns.count; j++)
            matches = matches || base_text_is(arm->patterns.items[j].text, member);
        if (matches)
            return eval_value(builder, arm->value);
    }
    return no_value(builder, expr);
}

static const struct eval_value *else_value(struct eval_builder *builder,
                                           const struct syntax_expr *expr)
{
    const struct eval_value *of = eval_value(builder, expr->fallback.of);
    if (of->form == EVAL_NOTHING)
        return eval_value(builder, expr->fallback.otherwise);
    if (of->form != EVAL_TEXT)
        return of;
    bool may_be_void = false;
    for (size_t i = 0; i < of->count; i++)
        may_be_void =
            may_be_void || (of->parts[i].literal.start == NULL && of->parts[i].variable == NULL &&
                            builder->code->facts[of->parts[i].slot].may_be_void);
    if (!may_be_void)
        return of;
    ir_slot slot = ir_emit(
        builder->code, IMAGE_OP_ELSE, IMAGE_TEXT, eval_slot(builder, of, IMAGE_TEXT),
        eval_slot(builder, eval_value(builder, expr->fallback.otherwise), IMAGE_TEXT), 0, 0);
    return eval_slot_text(builder, slot, expr->place);
}

static const struct eval_value *value_of_class(struct eval_builder *builder,
                                               const struct syntax_expr *expr)
{
    switch (expr->class) {
    case SYNTAX_TEXT:
        return interpolated_value(builder, expr);
    case SYNTAX_FILE:
        return eval_include(builder, expr);
    case SYNTAX_NAME:
        return eval_value_of_name(builder, expr);
    case SYNTAX_FIELD:
        return eval_value_of_field(builder, expr);
    case SYNTAX_CALL:
        return eval_call_value(builder, expr);
    case SYNTAX_LIST:
        return eval_list(builder, expr);
    case SYNTAX_MAP:
        return map_value(builder, expr);
    case SYNTAX_COMPREHENSION:
        return comprehension_value(builder, expr);
    case SYNTAX_BINARY:
        return sum_value(builder, expr);
    case SYNTAX_IF:
        return if_value(builder, expr);
    case SYNTAX_MATCH:
        return match_value(builder, expr);
    case SYNTAX_ELSE:
        return else_value(builder, expr);
    default:
        return eval_slot_text(builder, eval_expr(builder, expr), expr->place);
    }
}

const struct eval_value *eval_value(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct sema_type *type = expr->type;
    if (type->error)
        return no_value(builder, expr);
    if (type->form == SEMA_SCALAR && type->kind != IMAGE_TEXT)
        return eval_plain(builder, eval_expr(builder, expr), expr->place);
    if (!eval_step(builder, expr))
        return no_value(builder, expr);
    builder->depth++;
    const struct eval_value *value = value_of_class(builder, expr);
    builder->depth--;
    BASE_ASSERT(builder->depth >= 0 && value != NULL);
    return value;
}
