/* The functions that the language brings along: what they do. */
#include <string.h>

#include "eval/build.h"

struct call {
    struct aze_builder *builder;
    const struct azp_expr *expr;
    struct azp_expr *const *arguments;
    size_t count;
};

static const struct aze_value *argument(const struct call *call, size_t i)
{
    return aze_value(call->builder, call->arguments[i]);
}

static const struct aze_value *list_argument(const struct call *call, size_t i)
{
    static struct azs_type text = {.kind = AZB_TEXT};
    static const struct azs_type texts = {.form = AZS_LIST_OF, .kind = AZB_KINDS, .element = &text};
    return call->arguments[i]->type->form == AZS_SCALAR
               ? aze_value_as(call->builder, call->arguments[i], &texts)
               : argument(call, i);
}

static const struct aze_value *plain(const struct call *call, azi_slot slot)
{
    return aze_plain(call->builder, slot, call->expr->place);
}

static const struct aze_value *name_of(const struct call *call)
{
    const struct aze_value *block = argument(call, 0);
    if (block->form == AZE_RECORD && block->record->block != NULL)
        return aze_text_value(call->builder, aza_span_of(block->record->block->name),
                              call->expr->place);
    return aze_new_value(call->builder, AZE_NOTHING, call->expr->place);
}

static const struct aze_value *count_of(const struct call *call)
{
    const struct aze_value *list = list_argument(call, 0);
    return plain(call, azi_constant(call->builder->code, AZB_INT, (int64_t)list->count));
}

static const struct aze_value *sum_of(const struct call *call)
{
    const enum azb_kind kind = call->expr->type->kind;
    const struct aze_value *list = argument(call, 0);
    azi_slot sum = aze_zero(call->builder, kind);
    for (size_t i = 0; i < list->count; i++)
        sum = aze_arithmetic(call->builder, call->expr, AZB_OP_ADD, kind, sum,
                             aze_slot(call->builder, list->entries[i].value, kind));
    return plain(call, sum);
}

static const struct aze_value *joined(const struct call *call)
{
    const struct aze_value *list = list_argument(call, 0), *between = argument(call, 1);
    struct aze_parts parts = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            aze_add_parts(call->builder, &parts, between);
        aze_add_parts(call->builder, &parts, list->entries[i].value);
    }
    return aze_text_of_parts(call->builder, &parts, call->expr->place);
}

static enum azb_kind element_kind(const struct call *call)
{
    const struct azs_type *type = call->arguments[0]->type;
    return type->form == AZS_LIST_OF ? type->element->kind : AZB_TEXT;
}

static const struct aze_value *distinct(const struct call *call)
{
    struct azi_code *code = call->builder->code;
    const struct aze_value *list = list_argument(call, 0);
    const enum azb_kind kind = element_kind(call);
    azi_slot all = azi_constant(code, AZB_BOOL, 1);
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++) {
            azi_slot equal = azi_emit(code, AZB_OP_EQ, AZB_BOOL,
                                      aze_slot(call->builder, list->entries[i].value, kind),
                                      aze_slot(call->builder, list->entries[j].value, kind), 0, 0);
            all = azi_emit(code, AZB_OP_AND, AZB_BOOL, all, aze_not(call->builder, equal), 0, 0);
        }
    return plain(call, all);
}

static const struct aze_value *truths(const struct call *call, enum azb_opcode op, int64_t start)
{
    const struct aze_value *list = argument(call, 0);
    azi_slot slot = azi_constant(call->builder->code, AZB_BOOL, start);
    for (size_t i = 0; i < list->count; i++)
        slot = azi_emit(call->builder->code, op, AZB_BOOL, slot,
                        aze_slot(call->builder, list->entries[i].value, AZB_BOOL), 0, 0);
    return plain(call, slot);
}

static const struct aze_value *all_of(const struct call *call)
{
    return truths(call, AZB_OP_AND, 1);
}

static const struct aze_value *any_of(const struct call *call)
{
    return truths(call, AZB_OP_OR, 0);
}

static const struct aze_value *keys_of(const struct call *call)
{
    const struct aze_value *map = argument(call, 0);
    struct aze_value *keys = aze_new_value(call->builder, AZE_LIST, call->expr->place);
    struct aze_entry *entries = aza_alloc(call->builder->arena, map->count * sizeof *entries + 1);
    for (size_t i = 0; i < map->count; i++)
        entries[i].value =
            aze_text_value(call->builder, aza_span_of(map->entries[i].key), call->expr->place);
    keys->entries = entries;
    keys->count = map->count;
    return keys;
}

static const struct aze_value *flattened(const struct call *call)
{
    const struct aze_value *lists = argument(call, 0);
    struct aze_value *flat = aze_new_value(call->builder, AZE_LIST, call->expr->place);
    AZA_LIST(struct aze_entry) entries = {0};
    for (size_t i = 0; i < lists->count; i++) {
        const struct aze_value *list = lists->entries[i].value;
        if (!aze_work(call->builder, call->expr->place, list->count))
            break;
        for (size_t j = 0; j < list->count; j++)
            *AZA_PUSH(call->builder->arena, &entries) = list->entries[j];
    }
    flat->entries = entries.items;
    flat->count = entries.count;
    return flat;
}

static const struct aze_value *settings_of(const struct call *call)
{
    const struct azs_symbol *symbol = call->arguments[0]->name.symbol;
    return aze_settings_of(call->builder, call->builder->program->configs.items[symbol->index],
                           call->expr->place);
}

static const char *variable_of(const struct azs_symbol *symbol)
{
    for (size_t i = 0; i < symbol->item->sources.count; i++)
        if (symbol->item->sources.items[i].class == AZB_FROM_ENV)
            return symbol->item->sources.items[i].name.text;
    return NULL;
}

static const struct aze_value *variables_of(const struct call *call)
{
    struct aze_builder *builder = call->builder;
    struct aze_value *map = aze_new_value(builder, AZE_MAP, call->expr->place);
    struct aze_entry *entries = aza_alloc(builder->arena, call->count * sizeof *entries + 1);
    for (size_t i = 0; i < call->count; i++) {
        const struct azs_symbol *symbol = call->arguments[i]->name.symbol;
        struct aze_value *text = aze_new_value(builder, AZE_TEXT, call->arguments[i]->place);
        struct aze_part *part = AZA_NEW(builder->arena, struct aze_part);
        part->variable = symbol;
        text->parts = part;
        text->count = 1;
        entries[i] = (struct aze_entry){.key = variable_of(symbol), .value = text};
    }
    map->entries = entries;
    map->count = call->count;
    return map;
}

/* --- options_in --- */

/* The inputs and slots that a value reads: a truth by index. */
struct readers {
    struct aze_builder *builder;
    bool *inputs, *slots;
    int depth;
};

static void read_value(struct readers *readers, const struct aze_value *value)
{
    if (readers->depth++ < AZA_CALL_DEPTH_MAX && aze_work(readers->builder, value->place, 1)) {
        for (size_t i = 0; value->form == AZE_TEXT && i < value->count; i++)
            if (value->parts[i].variable != NULL)
                readers->inputs[value->parts[i].variable->index] = true;
            else if (value->parts[i].literal.start == NULL)
                readers->slots[value->parts[i].slot] = true;
        if (value->form == AZE_PLAIN)
            readers->slots[value->slot] = true;
        if (value->form == AZE_LIST || value->form == AZE_MAP)
            for (size_t i = 0; i < value->count; i++)
                read_value(readers, value->entries[i].value);
        if (value->form == AZE_RECORD)
            for (size_t i = 0; i < value->record->schema->fields.count; i++)
                read_value(readers,
                           aze_field_value(readers->builder, value->record, i, value->place));
    }
    readers->depth--;
}

/* What the slots rest on. Operands come before what is made of them. */
static void read_slots(struct readers *readers)
{
    for (uint32_t slot = readers->builder->code->count; slot-- > 0;) {
        const struct azb_instruction *instruction = &readers->builder->code->instructions[slot];
        const azi_slot operands[] = {instruction->a, instruction->b, instruction->c};
        if (!readers->slots[slot] || readers->builder->code->facts[slot].broken)
            continue;
        if (instruction->op == AZB_OP_INPUT || instruction->op == AZB_OP_GIVEN)
            readers->inputs[instruction->immediate] = true;
        for (int i = 0; i < 3; i++)
            if (azi_reads(instruction->op, i))
                readers->slots[operands[i]] = true;
    }
}

static const char *default_text(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    if (symbol->item->value == NULL)
        return "";
    azi_slot slot = aze_expr_as(builder, symbol->item->value, symbol->type->kind);
    return azi_is_constant(builder->code, slot) ? aze_shown(builder, slot) : "";
}

/* "one of web, oltp", "from 1 to 65535". */
static const char *valid_words(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const struct azs_enumeration *members = symbol->enumeration;
    for (size_t i = 0; members != NULL && i < members->count; i++)
        AZA_PUT(&sink, i == 0 ? "One of: " : ", ", members->members[i]);
    if (symbol->item->low != NULL)
        AZA_PUT(&sink, "From ",
                aze_shown(builder, aze_expr_as(builder, symbol->item->low, symbol->type->kind)),
                " to ",
                aze_shown(builder, aze_expr_as(builder, symbol->item->high, symbol->type->kind)));
    else if (symbol->type->kind == AZB_BOOL)
        aza_put(&sink, "on or off");
    return sink.data;
}

/* What stands above a variable: its doc, what it may be, and what holds where it is not set. */
static const char *describe(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const char *valid = valid_words(builder, symbol), *value = default_text(builder, symbol);
    if (symbol->item->doc != NULL)
        AZA_PUT(&sink, symbol->item->doc, "\n");
    if (valid != NULL && *valid != '\0')
        AZA_PUT(&sink, valid, ". ");
    if (symbol->item->class == AZP_FACT)
        aza_put(&sink, "Measured unless set.");
    else if (*value == '\0')
        aza_put(&sink, "Not set by default.");
    else
        AZA_PUT(&sink, "Default: ", value, ".");
    return sink.data;
}

static const struct aze_value *options_in(const struct call *call)
{
    struct aze_builder *builder = call->builder;
    const size_t count = builder->program->inputs.count;
    struct readers readers = {builder, aza_alloc(builder->arena, count + 1),
                              aza_alloc(builder->arena, UINT16_MAX + 1), 0};
    read_value(&readers, argument(call, 0));
    read_slots(&readers);
    struct aze_value *map = aze_new_value(builder, AZE_MAP, call->expr->place);
    struct aze_entry *entries = aza_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct azs_symbol *symbol = builder->program->inputs.items[i];
        if (!readers.inputs[i] || variable_of(symbol) == NULL)
            continue;
        entries[map->count++] = (struct aze_entry){
            .key = variable_of(symbol),
            .doc = describe(builder, symbol),
            .disabled = true,
            .value = aze_text_value(builder, aza_span_of(default_text(builder, symbol)),
                                    call->expr->place),
        };
    }
    map->entries = entries;
    return map;
}

static const struct aze_value *default_of(const struct call *call)
{
    const struct azs_symbol *symbol = call->arguments[0]->name.symbol;
    return aze_value_as(call->builder, symbol->item->value, symbol->type);
}

static const struct aze_value *tagged(const struct call *call)
{
    struct aze_value *value = aze_new_value(call->builder, AZE_NOTHING, call->arguments[1]->place);
    *value = *argument(call, 1);
    value->tag = aze_constant_text(call->builder, argument(call, 0));
    return value;
}

/* --- quotes --- */

/* What is known is encoded now. A text of which some is known only at start is put together and
 * encoded then, as a whole. */
static const struct aze_value *quoted(const struct call *call, enum azv_quote quote)
{
    struct aze_builder *builder = call->builder;
    const struct aze_value *text = argument(call, 0);
    bool known = text->form == AZE_TEXT;
    struct aza_sink whole = aza_arena_sink(builder->arena);
    for (size_t i = 0; known && i < text->count; i++) {
        known = text->parts[i].literal.start != NULL;
        if (known)
            aza_put_span(&whole, text->parts[i].literal);
    }
    if (!known) {
        azi_slot slot = aze_slot(builder, text, AZB_TEXT);
        return aze_slot_text(builder,
                             azi_emit(builder->code, AZB_OP_QUOTE, AZB_TEXT, slot, 0, 0, quote),
                             call->expr->place);
    }
    struct aza_sink sink = aza_arena_sink(builder->arena);
    if (!aze_work(builder, call->expr->place, whole.length))
        return aze_new_value(builder, AZE_NOTHING, call->expr->place);
    azv_put_quoted(&sink, quote,
                   (struct aza_span){whole.data == NULL ? "" : whole.data, whole.length});
    return aze_text_value(builder,
                          (struct aza_span){sink.data == NULL ? "" : sink.data, sink.length},
                          call->expr->place);
}

static const struct aze_value *(*const functions[AZS_FUNCTIONS])(const struct call *call) = {
    [AZS_FN_NAME_OF] = name_of,
    [AZS_FN_COUNT] = count_of,
    [AZS_FN_SUM] = sum_of,
    [AZS_FN_JOINED] = joined,
    [AZS_FN_DISTINCT] = distinct,
    [AZS_FN_ALL] = all_of,
    [AZS_FN_ANY] = any_of,
    [AZS_FN_KEYS] = keys_of,
    [AZS_FN_FLATTENED] = flattened,
    [AZS_FN_SETTINGS_OF] = settings_of,
    [AZS_FN_VARIABLES_OF] = variables_of,
    [AZS_FN_OPTIONS_IN] = options_in,
    [AZS_FN_DEFAULT_OF] = default_of,
    [AZS_FN_TAGGED] = tagged,
};

const struct aze_value *aze_builtin(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct call call = {builder, expr, expr->call.arguments.items,
                              expr->call.arguments.count};
    const enum azs_function function = azs_find_function(expr->call.function.text);
    return function != AZS_FUNCTIONS ? functions[function](&call)
                                     : quoted(&call, azv_find_quote(expr->call.function.text));
}
