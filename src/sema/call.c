/* Calls and texts.
 *
 * A called name is looked up in three places, in this order: functions that the rules define,
 * built-in functions (builtin.c), and the as_... functions of grammar/quotes.def. So a `def` may
 * have the name of a function that a later version builds in. */
#include "sema/check.h"
#include "vm/quote.h"

/* The arguments are checked as well, since their mistakes are independent. Functions of other
 * languages that have an operator here get its syntax as help. */
static const struct sema_type *report_unknown_function(struct sema_checker *checker,
                                                       const struct syntax_expr *expr,
                                                       const struct sema_symbol *symbol)
{
    static const char *const roundings[][2] = {
        {"floor", "rounded down to 1"}, {"ceil", "rounded up to 1"}, {"round", "rounded to 1"}};
    const struct syntax_word *word = &expr->call.function;
    for (size_t i = 0; i < expr->call.arguments.count; i++)
        sema_expr(checker, expr->call.arguments.items[i], NULL);
    BASE_LIST(const char *) names = {0};
    static const char *const built_in[] = {
#define X(word, check, least, most) #word,
#include "functions.def"
#undef X
#define X(name, function) function,
#include "quotes.def"
#undef X
    };
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
        *BASE_PUSH(checker->context->arena, &names) = built_in[i];
    for (size_t i = 0; i < checker->program->symbols.count; i++)
        if (checker->program->symbols.items[i]->class == SEMA_DEF)
            *BASE_PUSH(checker->context->arena, &names) = checker->program->symbols.items[i]->name;
    if (symbol == NULL && sema_is_perhaps_lost(checker, word->text, names.items, names.count))
        return sema_error();
    struct diagnostic *unknown = diag_report(
        checker->queue, DIAG_UNKNOWN_FUNCTION, word->place,
        symbol == NULL ? "unknown function `%s`" : "`%s` is not a function", word->text);
    sema_suggest_near(checker, unknown, word->text, names.items, names.count);
    for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
        if (base_text_is(word->text, roundings[i][0]))
            diag_help(checker->queue, unknown, "write `... %s`", roundings[i][1]);
    return sema_error();
}

/* as_uri(text) and the like. The encoded form of a secret is a secret. */
static const struct sema_type *check_quote(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct syntax_exprs *arguments = &expr->call.arguments;
    if (arguments->count != 1) {
        diag_report(checker->queue, DIAG_WRONG_ARGUMENTS, expr->place,
                    "`%s` expects 1 argument, got %zu", expr->call.function.text, arguments->count);
        return sema_error();
    }
    const struct sema_type *type = sema_value(checker, arguments->items[0], NULL);
    if (type->error || type->secret)
        return type;
    sema_accept(
        checker, arguments->items[0], sema_scalar(IMAGE_TEXT),
        base_format(checker->context->arena, "the argument of `%s`", expr->call.function.text));
    return sema_scalar(IMAGE_TEXT);
}

const struct sema_type *sema_call(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    const char *name = expr->call.function.text;
    struct sema_symbol *symbol = sema_lookup(checker, name);
    if (symbol == NULL && sema_find_function(name) != SEMA_FUNCTIONS)
        return sema_builtin(checker, expr, sema_find_function(name), expected);
    if (symbol == NULL && vm_find_quote(name) != VM_QUOTES)
        return check_quote(checker, expr);
    if (symbol == NULL || symbol->class != SEMA_DEF)
        return report_unknown_function(checker, expr, symbol);
    expr->call.symbol = symbol;
    const struct sema_type *result = sema_symbol_type(checker, symbol, expr->place);
    const struct syntax_bindings *parameters = &symbol->item->bindings;
    if (parameters->count != expr->call.arguments.count) {
        struct diagnostic *count =
            diag_report(checker->queue, DIAG_WRONG_ARGUMENTS, expr->place,
                        "`%s` expects %zu argument%s, got %zu", name, parameters->count,
                        parameters->count == 1 ? "" : "s", expr->call.arguments.count);
        diag_label(count, symbol->place, "declared here");
        return sema_error();
    }
    for (size_t i = 0; i < parameters->count; i++) {
        struct syntax_expr *argument = expr->call.arguments.items[i];
        const struct sema_type *wanted =
            sema_value_type_of(checker, parameters->items[i].type, parameters->items[i].name.text);
        if (wanted->optional)
            sema_expr(checker, argument, wanted);
        else
            sema_value(checker, argument, wanted);
        sema_accept(checker, argument, wanted,
                    base_format(checker->context->arena, "the argument `%s`",
                                parameters->items[i].name.text));
    }
    return result;
}

bool sema_piece(struct sema_checker *checker, struct syntax_expr *piece, bool *secret)
{
    const struct sema_type *type = sema_value(checker, piece, NULL);
    *secret = *secret || type->secret;
    if (type->error || type->form == SEMA_SCALAR)
        return true;
    struct diagnostic *form =
        diag_report(checker->queue, DIAG_WRONG_TYPE, piece->place,
                    "%s cannot be interpolated into a text", sema_type_word(type));
    if (type->form == SEMA_LIST_OF)
        diag_help(checker->queue, form, "join it: `joined(..., \", \")`");
    return false;
}

/* A text with a secret in it is a secret. */
const struct sema_type *sema_text(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    bool secret = false;
    for (size_t i = 0; i < expr->text.pieces.count; i++) {
        struct syntax_expr *piece = expr->text.pieces.items[i];
        if (piece->text.literal != NULL && piece->class == SYNTAX_TEXT) {
            piece->type = sema_scalar(IMAGE_TEXT);
            continue;
        }
        if (!sema_piece(checker, piece, &secret))
            return sema_error();
    }
    if (secret)
        return sema_secret();
    bool literal = expr->text.pieces.count == 1 &&
                   expr->text.pieces.items[0]->class == SYNTAX_TEXT &&
                   expr->text.pieces.items[0]->text.literal != NULL;
    /* Enum members that are not words are written as a text: "scram-sha-256". */
    if (expected == NULL || expected->error || expected->kind != IMAGE_ENUM || !literal)
        return sema_scalar(IMAGE_TEXT);
    const char *word = expr->text.pieces.items[0]->text.literal;
    if (sema_has_member(expected->enumeration, word))
        return sema_optional(checker, expected, false);
    sema_unknown_member(checker, (struct syntax_word){word, expr->place}, expected->enumeration);
    return sema_error();
}
