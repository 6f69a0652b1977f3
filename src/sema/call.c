/* Calls, texts and lists. */
#include "sema/check.h"

static struct azs_type *check_extreme(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *type = NULL;
    for (size_t i = 0; i < expr->call.arguments.count; i++) {
        struct azp_expr *argument = expr->call.arguments.items[i];
        struct azs_type *here = azs_value(checker, argument, NULL);
        struct azs_type *joined = type == NULL ? here : azs_join(checker, type, here);
        if (joined == NULL || !azs_is_number(joined))
            return azs_mixed(checker, argument, type == NULL ? here : type, AZS_COMPARED, here);
        type = joined;
    }
    return type;
}

static struct azs_type *unknown_function(struct azs_checker *checker, const struct azp_expr *expr,
                                         const struct azs_symbol *symbol)
{
    static const char *const roundings[][2] = {
        {"floor", "rounded down to 1"}, {"ceil", "rounded up to 1"}, {"round", "rounded to 1"}};
    const struct azp_word *word = &expr->call.function;
    for (size_t i = 0; i < expr->call.arguments.count; i++)
        azs_expr(checker, expr->call.arguments.items[i], NULL);
    AZA_LIST(const char *) names = {0};
    *AZA_PUSH(checker->context->arena, &names) = "min";
    *AZA_PUSH(checker->context->arena, &names) = "max";
    for (size_t i = 0; i < checker->program->symbols.count; i++)
        if (checker->program->symbols.items[i]->class == AZS_DEF)
            *AZA_PUSH(checker->context->arena, &names) = checker->program->symbols.items[i]->name;
    if (symbol == NULL && azs_is_perhaps_lost(checker, word->text, names.items, names.count))
        return azs_error();
    struct azd_diagnostic *unknown = azd_report(
        checker->queue, AZD_UNKNOWN_FUNCTION, word->place,
        symbol == NULL ? "there is no function `%s`" : "`%s` is not a function", word->text);
    azd_suggest(checker->queue, unknown, word->text, names.items, names.count);
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
        if (aza_text_is(word->text, roundings[i][0]))
            azd_help(checker->queue, unknown, "write `... %s`", roundings[i][1]);
    return azs_error();
}

struct azs_type *azs_call(struct azs_checker *checker, struct azp_expr *expr)
{
    const char *name = expr->call.function.text;
    if (aza_text_is(name, "min") || aza_text_is(name, "max"))
        return check_extreme(checker, expr);
    struct azs_symbol *symbol = azs_lookup(checker, name);
    if (symbol == NULL || symbol->class != AZS_DEF)
        return unknown_function(checker, expr, symbol);
    expr->call.symbol = symbol;
    struct azs_type *result = azs_symbol_type(checker, symbol, expr->place);
    const struct azp_bindings *parameters = &symbol->item->bindings;
    if (parameters->count != expr->call.arguments.count) {
        struct azd_diagnostic *count =
            azd_report(checker->queue, AZD_WRONG_ARGUMENTS, expr->place,
                       "`%s` takes %zu value%s, and this gives %zu", name, parameters->count,
                       parameters->count == 1 ? "" : "s", expr->call.arguments.count);
        azd_label(count, symbol->place, "declared here");
        return azs_error();
    }
    for (size_t i = 0; i < parameters->count; i++) {
        struct azp_expr *argument = expr->call.arguments.items[i];
        struct azs_type *wanted =
            azs_type_of(checker, parameters->items[i].type, parameters->items[i].name.text);
        if (wanted->optional)
            azs_expr(checker, argument, wanted);
        else
            azs_value(checker, argument, wanted);
        azs_accept(checker, argument, wanted,
                   aza_format(checker->context->arena, "the parameter `%s`",
                              parameters->items[i].name.text));
    }
    return result;
}

struct azs_type *azs_text(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    for (size_t i = 0; i < expr->text.pieces.count; i++)
        if (expr->text.pieces.items[i]->text.literal == NULL ||
            expr->text.pieces.items[i]->class != AZP_TEXT)
            azs_value(checker, expr->text.pieces.items[i], NULL);
        else
            expr->text.pieces.items[i]->type = azs_scalar(AZB_TEXT);
    bool literal = expr->text.pieces.count == 1 && expr->text.pieces.items[0]->class == AZP_TEXT &&
                   expr->text.pieces.items[0]->text.literal != NULL;
    /* Members that are not words are written as a text: "scram-sha-256". */
    if (expected == NULL || expected->error || expected->kind != AZB_ENUM || !literal)
        return azs_scalar(AZB_TEXT);
    const char *word = expr->text.pieces.items[0]->text.literal;
    if (azs_has_member(expected->enumeration, word))
        return azs_optional(checker, expected, false);
    azs_unknown_member(checker, (struct azp_word){word, expr->place}, expected->enumeration);
    return azs_error();
}

struct azs_type *azs_list(struct azs_checker *checker, struct azp_expr *expr)
{
    for (size_t i = 0; i < expr->list.elements.count; i++) {
        struct azp_expr *element = expr->list.elements.items[i];
        azs_value(checker, element, NULL);
        azs_accept(checker, element, azs_scalar(AZB_TEXT), "an element of a list");
    }
    return azs_scalar(AZB_LIST);
}

/* A list that is known only at start can be filtered by membership, and nothing else. Answers how
 * often such a condition names the variable, once for each test, or 0 when it does anything else.
 */
static uint32_t count_tests(const struct azp_expr *condition, const struct azs_symbol *variable)
{
    if (condition->class == AZP_BINARY && condition->binary.op == AZP_AND) {
        uint32_t left = count_tests(condition->binary.left, variable);
        uint32_t right = count_tests(condition->binary.right, variable);
        return left == 0 || right == 0 ? 0 : left + right;
    }
    return condition->class == AZP_IN && condition->in.of->class == AZP_NAME &&
           condition->in.of->name.symbol == variable;
}

static bool is_filter(const struct azp_expr *expr, const struct azs_symbol *variable)
{
    const struct azp_expr *condition = expr->comprehension.condition;
    const struct azp_expr *element = expr->comprehension.element;
    uint32_t tests = condition == NULL ? 0 : count_tests(condition, variable);
    return element->class == AZP_NAME && element->name.symbol == variable &&
           (condition == NULL || tests > 0) && variable->index == tests + 1;
}

struct azs_type *azs_comprehension(struct azs_checker *checker, struct azp_expr *expr)
{
    size_t errors = checker->queue->errors;
    azs_value(checker, expr->comprehension.list, NULL);
    azs_accept(checker, expr->comprehension.list, azs_scalar(AZB_LIST), "what follows `in`");
    struct azs_symbol *variable =
        azs_new_symbol(checker, AZS_VARIABLE, expr->comprehension.variable, NULL);
    variable->type = azs_scalar(AZB_TEXT);
    expr->comprehension.symbol = variable;
    struct azs_scope scope = {.outer = checker->scope, .symbol = variable};
    checker->scope = &scope;
    if (expr->comprehension.condition != NULL)
        azs_condition(checker, expr->comprehension.condition);
    azs_value(checker, expr->comprehension.element, NULL);
    checker->scope = scope.outer;
    if (is_filter(expr, variable))
        return azs_scalar(AZB_LIST);
    if (checker->queue->errors > errors)
        return azs_error();
    struct azd_diagnostic *more =
        azd_report(checker->queue, AZD_START_LIST, expr->place,
                   "a list that is known only at start can be filtered, and nothing else");
    azd_help(checker->queue, more, "write `[for %s in ... if %s in ...: %s]`", variable->name,
             variable->name, variable->name);
    return azs_error();
}
