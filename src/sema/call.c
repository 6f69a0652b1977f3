/* Calls and texts. */
#include "sema/check.h"
#include "vm/quote.h"

static struct azs_type *unknown_function(struct azs_checker *checker, const struct azp_expr *expr,
                                         const struct azs_symbol *symbol)
{
    static const char *const roundings[][2] = {
        {"floor", "rounded down to 1"}, {"ceil", "rounded up to 1"}, {"round", "rounded to 1"}};
    const struct azp_word *word = &expr->call.function;
    for (size_t i = 0; i < expr->call.arguments.count; i++)
        azs_expr(checker, expr->call.arguments.items[i], NULL);
    AZA_LIST(const char *) names = {0};
    static const char *const built_in[] = {
#define X(name, function) function,
#include "functions.def"
#include "quotes.def"
#undef X
    };
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        *AZA_PUSH(checker->context->arena, &names) = built_in[i];
    for (size_t i = 0; i < checker->program->symbols.count; i++)
        if (checker->program->symbols.items[i]->class == AZS_DEF)
            *AZA_PUSH(checker->context->arena, &names) = checker->program->symbols.items[i]->name;
    if (symbol == NULL && azs_is_perhaps_lost(checker, word->text, names.items, names.count))
        return azs_error();
    struct azd_diagnostic *unknown = azd_report(
        checker->queue, AZD_UNKNOWN_FUNCTION, word->place,
        symbol == NULL ? "there is no function `%s`" : "`%s` is not a function", word->text);
    azs_suggest_near(checker, unknown, word->text, names.items, names.count);
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
        if (aza_text_is(word->text, roundings[i][0]))
            azd_help(checker->queue, unknown, "write `... %s`", roundings[i][1]);
    return azs_error();
}

/* as_uri(text) and the like: a secret stays one. */
static struct azs_type *check_quote(struct azs_checker *checker, struct azp_expr *expr)
{
    const struct azp_exprs *arguments = &expr->call.arguments;
    if (arguments->count != 1) {
        azd_report(checker->queue, AZD_WRONG_ARGUMENTS, expr->place,
                   "`%s` takes one text, and this gives %zu values", expr->call.function.text,
                   arguments->count);
        return azs_error();
    }
    struct azs_type *type = azs_value(checker, arguments->items[0], NULL);
    if (type->error || type->secret)
        return type;
    azs_accept(checker, arguments->items[0], azs_scalar(AZB_TEXT),
               aza_format(checker->context->arena, "what `%s` encodes", expr->call.function.text));
    return azs_scalar(AZB_TEXT);
}

struct azs_type *azs_call(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    const char *name = expr->call.function.text;
    struct azs_symbol *symbol = azs_lookup(checker, name);
    if (symbol == NULL && azs_find_function(name) != AZS_FUNCTIONS)
        return azs_builtin(checker, expr, azs_find_function(name), expected);
    if (symbol == NULL && azv_find_quote(name) != AZV_QUOTES)
        return check_quote(checker, expr);
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
            azs_value_type_of(checker, parameters->items[i].type, parameters->items[i].name.text);
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
    bool secret = false;
    for (size_t i = 0; i < expr->text.pieces.count; i++) {
        struct azp_expr *piece = expr->text.pieces.items[i];
        if (piece->text.literal != NULL && piece->class == AZP_TEXT) {
            piece->type = azs_scalar(AZB_TEXT);
            continue;
        }
        struct azs_type *type = azs_value(checker, piece, NULL);
        secret = secret || type->secret;
        if (!type->error && type->form != AZS_SCALAR) {
            struct azd_diagnostic *form =
                azd_report(checker->queue, AZD_WRONG_TYPE, piece->place,
                           "%s cannot be written into a text", azs_type_word(type));
            if (type->form == AZS_LIST_OF)
                azd_help(checker->queue, form, "join it: `joined(..., \", \")`");
            return azs_error();
        }
    }
    if (secret)
        return azs_secret();
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
