/* The functions that the language brings along: what they do. */
#include <stdlib.h>
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

static const struct aze_value *extreme(const struct call *call, enum azb_opcode op)
{
    const enum azb_kind kind = call->expr->type->kind;
    azi_slot slot = aze_expr_as(call->builder, call->arguments[0], kind);
    for (size_t i = 1; i < call->count; i++)
        slot = aze_arithmetic(call->builder, call->expr, op, kind, slot,
                              aze_expr_as(call->builder, call->arguments[i], kind));
    return plain(call, slot);
}

static const struct aze_value *least(const struct call *call)
{
    return extreme(call, AZB_OP_MIN);
}

static const struct aze_value *most(const struct call *call)
{
    return extreme(call, AZB_OP_MAX);
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

struct ranked {
    int64_t key;
    size_t place; /* decides between equals, so that their order stays */
    const struct aze_value *value;
};

static int compare_ranks(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

static bool known_key(const struct call *call, const struct aze_value *key, int64_t *number)
{
    const azi_slot slot = aze_slot(call->builder, key, AZB_INT);
    *number = azi_value(call->builder->code, slot);
    if (azi_is_constant(call->builder->code, slot))
        return true;
    azd_report(call->builder->queue, AZD_NOT_CONSTANT, key->place,
               "the order of a list is made now, and this number is known only at start");
    return false;
}

static const struct aze_value *ordered(const struct call *call)
{
    struct aza_arena *arena = call->builder->arena;
    const struct aze_value *list = list_argument(call, 0), *keys = argument(call, 1);
    struct aze_value *result = aze_new_value(call->builder, AZE_LIST, call->expr->place);
    if (keys->count != list->count) {
        azd_report(call->builder->queue, AZD_WRONG_ARGUMENTS, call->expr->place,
                   "`ordered` needs a number for each of %zu, and these are %zu", list->count,
                   keys->count);
        return result;
    }
    struct ranked *ranks = aza_alloc(arena, list->count * sizeof *ranks + 1);
    struct aze_entry *entries = aza_alloc(arena, list->count * sizeof *entries + 1);
    for (size_t i = 0; i < list->count; i++) {
        ranks[i] = (struct ranked){.place = i, .value = list->entries[i].value};
        if (!known_key(call, keys->entries[i].value, &ranks[i].key))
            return result;
    }
    if (list->count > 0)
        qsort(ranks, list->count, sizeof *ranks, compare_ranks);
    for (size_t i = 0; i < list->count; i++)
        entries[i].value = ranks[i].value;
    result->entries = entries;
    result->count = list->count;
    return result;
}

static const struct aze_value *matches(const struct call *call)
{
    const char *text = aze_constant_text(call->builder, argument(call, 0));
    const char *pattern = aze_constant_text(call->builder, argument(call, 1)), *why = NULL;
    const bool match =
        text != NULL && pattern != NULL && aze_matches(call->builder->arena, text, pattern, &why);
    if (why != NULL)
        azd_report(call->builder->queue, AZD_BAD_PATTERN, call->arguments[1]->place,
                   "`%s` is not a pattern: %s", pattern, why);
    return plain(call, azi_constant(call->builder->code, AZB_BOOL, match));
}

static const struct aze_value *settings_of(const struct call *call)
{
    const struct azs_symbol *symbol = call->arguments[0]->name.symbol;
    return aze_settings_of(call->builder, call->builder->program->configs.items[symbol->index],
                           call->expr->place);
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
        entries[i] = (struct aze_entry){.key = aze_variable(symbol), .value = text};
    }
    map->entries = entries;
    map->count = call->count;
    return map;
}

static const struct aze_value *options_in(const struct call *call)
{
    return aze_options_in(call->builder, argument(call, 0), call->expr->place);
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
    struct aza_span whole;
    if (!aze_known_text(builder, text, &whole)) {
        azi_slot slot = aze_slot(builder, text, AZB_TEXT);
        return aze_slot_text(builder,
                             azi_emit(builder->code, AZB_OP_QUOTE, AZB_TEXT, slot, 0, 0, quote),
                             call->expr->place);
    }
    struct aza_sink sink = aza_arena_sink(builder->arena);
    if (!aze_work(builder, call->expr->place, whole.length))
        return aze_new_value(builder, AZE_NOTHING, call->expr->place);
    azv_put_quoted(&sink, quote, whole);
    return aze_text_value(builder,
                          (struct aza_span){sink.data == NULL ? "" : sink.data, sink.length},
                          call->expr->place);
}

static const struct aze_value *(*const functions[AZS_FUNCTIONS])(const struct call *call) = {
    [AZS_FN_MIN] = least,
    [AZS_FN_MAX] = most,
    [AZS_FN_NAME_OF] = name_of,
    [AZS_FN_COUNT] = count_of,
    [AZS_FN_SUM] = sum_of,
    [AZS_FN_JOINED] = joined,
    [AZS_FN_DISTINCT] = distinct,
    [AZS_FN_ALL] = all_of,
    [AZS_FN_ANY] = any_of,
    [AZS_FN_KEYS] = keys_of,
    [AZS_FN_FLATTENED] = flattened,
    [AZS_FN_ORDERED] = ordered,
    [AZS_FN_MATCHES] = matches,
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
