/* The built-in functions of the language.
 *
 * Each row of functions.def is implemented by evaluate_WORD here, and the table below does not
 * compile without it. The arguments have been checked by src/sema. Functions of lists and maps
 * return values whose shape is known; functions of scalars emit code, so they also work on what is
 * known only at container start. Names that are not in functions.def are encoders (as_sql, ...). */
#include <stdlib.h>
#include <string.h>

#include "eval/build.h"

struct call {
    struct eval_builder *builder;
    const struct syntax_expr *expr;
    struct syntax_expr *const *arguments;
    size_t count;
};

static const struct eval_value *argument_value(const struct call *call, size_t i)
{
    return eval_value(call->builder, call->arguments[i]);
}

static const struct eval_value *list_argument_value(const struct call *call, size_t i)
{
    static const struct sema_type text = {.kind = IMAGE_TEXT};
    static const struct sema_type texts = {
        .form = SEMA_LIST_OF, .kind = IMAGE_KINDS, .element = &text};
    return call->arguments[i]->type->form == SEMA_SCALAR
               ? eval_value_as(call->builder, call->arguments[i], &texts)
               : argument_value(call, i);
}

static const struct eval_value *plain_result(const struct call *call, ir_slot slot)
{
    return eval_plain(call->builder, slot, call->expr->place);
}

static const struct eval_value *fold_extreme(const struct call *call, enum image_opcode op)
{
    const enum image_kind kind = call->expr->type->kind;
    ir_slot slot = eval_expr_as(call->builder, call->arguments[0], kind);
    for (size_t i = 1; i < call->count; i++)
        slot = eval_arithmetic(call->builder, call->expr, op, kind, slot,
                               eval_expr_as(call->builder, call->arguments[i], kind));
    return plain_result(call, slot);
}

static const struct eval_value *evaluate_min(const struct call *call)
{
    return fold_extreme(call, IMAGE_OP_MIN);
}

static const struct eval_value *evaluate_max(const struct call *call)
{
    return fold_extreme(call, IMAGE_OP_MAX);
}

static const struct eval_value *evaluate_name_of(const struct call *call)
{
    const struct eval_value *block = argument_value(call, 0);
    if (block->form == EVAL_RECORD && block->record->block != NULL)
        return eval_text_value(call->builder, base_span_of(block->record->block->name),
                               call->expr->place);
    return eval_new_value(call->builder, EVAL_NOTHING, call->expr->place);
}

static const struct eval_value *evaluate_count(const struct call *call)
{
    const struct eval_value *list = list_argument_value(call, 0);
    return plain_result(call, ir_constant(call->builder->code, IMAGE_INT, (int64_t)list->count));
}

static const struct eval_value *evaluate_sum(const struct call *call)
{
    const enum image_kind kind = call->expr->type->kind;
    const struct eval_value *list = argument_value(call, 0);
    ir_slot sum = eval_zero(call->builder, kind);
    for (size_t i = 0; i < list->count; i++)
        sum = eval_arithmetic(call->builder, call->expr, IMAGE_OP_ADD, kind, sum,
                              eval_slot(call->builder, list->entries[i].value, kind));
    return plain_result(call, sum);
}

static const struct eval_value *evaluate_joined(const struct call *call)
{
    const struct eval_value *list = list_argument_value(call, 0),
                            *between = argument_value(call, 1);
    struct eval_parts parts = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            eval_add_parts(call->builder, &parts, between);
        eval_add_parts(call->builder, &parts, list->entries[i].value);
    }
    return eval_text_of_parts(call->builder, &parts, call->expr->place);
}

static enum image_kind element_kind(const struct call *call)
{
    const struct sema_type *type = call->arguments[0]->type;
    return type->form == SEMA_LIST_OF ? type->element->kind : IMAGE_TEXT;
}

static const struct eval_value *evaluate_distinct(const struct call *call)
{
    struct ir_code *code = call->builder->code;
    const struct eval_value *list = list_argument_value(call, 0);
    const enum image_kind kind = element_kind(call);
    ir_slot all = ir_constant(code, IMAGE_BOOL, 1);
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++) {
            ir_slot equal = ir_emit(code, IMAGE_OP_EQ, IMAGE_BOOL,
                                    eval_slot(call->builder, list->entries[i].value, kind),
                                    eval_slot(call->builder, list->entries[j].value, kind), 0, 0);
            all =
                ir_emit(code, IMAGE_OP_AND, IMAGE_BOOL, all, eval_not(call->builder, equal), 0, 0);
        }
    return plain_result(call, all);
}

static const struct eval_value *fold_truths(const struct call *call, enum image_opcode op,
                                            int64_t start)
{
    const struct eval_value *list = argument_value(call, 0);
    ir_slot slot = ir_constant(call->builder->code, IMAGE_BOOL, start);
    for (size_t i = 0; i < list->count; i++)
        slot = ir_emit(call->builder->code, op, IMAGE_BOOL, slot,
                       eval_slot(call->builder, list->entries[i].value, IMAGE_BOOL), 0, 0);
    return plain_result(call, slot);
}

static const struct eval_value *evaluate_all(const struct call *call)
{
    return fold_truths(call, IMAGE_OP_AND, 1);
}

static const struct eval_value *evaluate_any(const struct call *call)
{
    return fold_truths(call, IMAGE_OP_OR, 0);
}

static const struct eval_value *evaluate_keys(const struct call *call)
{
    const struct eval_value *map = argument_value(call, 0);
    struct eval_value *keys = eval_new_value(call->builder, EVAL_LIST, call->expr->place);
    struct eval_entry *entries = base_alloc(call->builder->arena, map->count * sizeof *entries + 1);
    for (size_t i = 0; i < map->count; i++)
        entries[i].value =
            eval_text_value(call->builder, base_span_of(map->entries[i].key), call->expr->place);
    keys->entries = entries;
    keys->count = map->count;
    return keys;
}

static const struct eval_value *evaluate_flattened(const struct call *call)
{
    const struct eval_value *lists = argument_value(call, 0);
    struct eval_value *flat = eval_new_value(call->builder, EVAL_LIST, call->expr->place);
    BASE_LIST(struct eval_entry) entries = {0};
    for (size_t i = 0; i < lists->count; i++) {
        const struct eval_value *list = lists->entries[i].value;
        if (!eval_work(call->builder, call->expr->place, list->count))
            break;
        for (size_t j = 0; j < list->count; j++)
            *BASE_PUSH(call->builder->arena, &entries) = list->entries[j];
    }
    flat->entries = entries.items;
    flat->count = entries.count;
    return flat;
}

struct ranked {
    int64_t key;
    size_t place; /* decides between equal keys, which makes qsort stable */
    const struct eval_value *value;
};

static int compare_ranks(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

static bool known_key(const struct call *call, const struct eval_value *key, int64_t *number)
{
    const ir_slot slot = eval_slot(call->builder, key, IMAGE_INT);
    *number = ir_value(call->builder->code, slot);
    if (ir_is_constant(call->builder->code, slot))
        return true;
    diag_report(call->builder->queue, DIAG_NOT_CONSTANT, key->place,
                "`ordered` sorts at compile time, but this key is known only at container start");
    return false;
}

static const struct eval_value *evaluate_ordered(const struct call *call)
{
    struct base_arena *arena = call->builder->arena;
    const struct eval_value *list = list_argument_value(call, 0), *keys = argument_value(call, 1);
    struct eval_value *result = eval_new_value(call->builder, EVAL_LIST, call->expr->place);
    if (keys->count != list->count) {
        diag_report(call->builder->queue, DIAG_WRONG_ARGUMENTS, call->expr->place,
                    "`ordered` expects one key per element, got %zu key%s for %zu element%s",
                    keys->count, keys->count == 1 ? "" : "s", list->count,
                    list->count == 1 ? "" : "s");
        return result;
    }
    struct ranked *ranks = base_alloc(arena, list->count * sizeof *ranks + 1);
    struct eval_entry *entries = base_alloc(arena, list->count * sizeof *entries + 1);
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

static const struct eval_value *evaluate_matches(const struct call *call)
{
    const char *text = eval_constant_text(call->builder, argument_value(call, 0));
    const char *pattern = eval_constant_text(call->builder, argument_value(call, 1)), *why = NULL;
    const bool match =
        text != NULL && pattern != NULL && eval_matches(call->builder->arena, text, pattern, &why);
    if (why != NULL)
        diag_report(call->builder->queue, DIAG_BAD_PATTERN, call->arguments[1]->place,
                    "invalid pattern `%s`: %s", pattern, why);
    return plain_result(call, ir_constant(call->builder->code, IMAGE_BOOL, match));
}

static const struct eval_value *evaluate_settings_of(const struct call *call)
{
    const struct sema_symbol *symbol = call->arguments[0]->name.symbol;
    return eval_settings_of(call->builder, call->builder->program->configs.items[symbol->index],
                            call->expr->place);
}

static const struct eval_value *evaluate_variables_of(const struct call *call)
{
    struct eval_builder *builder = call->builder;
    struct eval_value *map = eval_new_value(builder, EVAL_MAP, call->expr->place);
    struct eval_entry *entries = base_alloc(builder->arena, call->count * sizeof *entries + 1);
    for (size_t i = 0; i < call->count; i++) {
        const struct sema_symbol *symbol = call->arguments[i]->name.symbol;
        struct eval_value *text = eval_new_value(builder, EVAL_TEXT, call->arguments[i]->place);
        struct eval_part *part = BASE_NEW(builder->arena, struct eval_part);
        part->variable = symbol;
        text->parts = part;
        text->count = 1;
        entries[i] = (struct eval_entry){.key = eval_variable(symbol), .value = text};
    }
    map->entries = entries;
    map->count = call->count;
    return map;
}

static const struct eval_value *evaluate_options_in(const struct call *call)
{
    return eval_options_in(call->builder, argument_value(call, 0), call->expr->place);
}

static const struct eval_value *evaluate_default_of(const struct call *call)
{
    const struct sema_symbol *symbol = call->arguments[0]->name.symbol;
    return eval_value_as(call->builder, symbol->item->value, symbol->type);
}

static const struct eval_value *evaluate_tagged(const struct call *call)
{
    struct eval_value *value =
        eval_new_value(call->builder, EVAL_NOTHING, call->arguments[1]->place);
    *value = *argument_value(call, 1);
    value->tag = eval_constant_text(call->builder, argument_value(call, 0));
    return value;
}

/* --- quotes --- */

/* A known text is encoded now. Another is concatenated at container start and encoded as a whole,
 * since most encodings of a text are not the concatenation of the encoded parts. */
static const struct eval_value *quote_argument(const struct call *call, enum vm_quote quote)
{
    struct eval_builder *builder = call->builder;
    const struct eval_value *text = argument_value(call, 0);
    struct base_span whole;
    if (!eval_known_text(builder, text, &whole)) {
        ir_slot slot = eval_slot(builder, text, IMAGE_TEXT);
        return eval_slot_text(builder,
                              ir_emit(builder->code, IMAGE_OP_QUOTE, IMAGE_TEXT, slot, 0, 0, quote),
                              call->expr->place);
    }
    struct base_sink sink = base_arena_sink(builder->arena);
    if (!eval_work(builder, call->expr->place, whole.length))
        return eval_new_value(builder, EVAL_NOTHING, call->expr->place);
    vm_put_quoted(&sink, quote, whole);
    return eval_text_value(builder, (struct base_span){sink.data, sink.length}, call->expr->place);
}

static const struct eval_value *(*const functions[SEMA_FUNCTIONS])(const struct call *call) = {
#define X(word, check, least, most) evaluate_##word,
#include "functions.def"
#undef X
};

const struct eval_value *eval_builtin(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct call call = {builder, expr, expr->call.arguments.items,
                              expr->call.arguments.count};
    const enum sema_function function = sema_find_function(expr->call.function.text);
    return function != SEMA_FUNCTIONS
               ? functions[function](&call)
               : quote_argument(&call, vm_find_quote(expr->call.function.text));
}
