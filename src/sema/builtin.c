/* The built-in functions: checks of their arguments, and the types of their results.
 *
 * Each row of grammar/functions.def names a check_CHECK function here. sema_builtin compares the
 * number of arguments first, so a check can index them. A check must evaluate the type of every
 * argument it accepts with sema_value or sema_expr, because eval relies on expr->type. */
#include "sema/check.h"

struct call {
    struct sema_checker *checker;
    struct syntax_expr *expr;
    const char *name;
    struct syntax_expr *const *arguments;
    size_t count;
    const struct sema_type *expected;
};

/* Reports an argument of the wrong type, unless its type is an error already. */
static const struct sema_type *report_argument(const struct call *call, size_t argument,
                                               const char *wanted)
{
    const struct syntax_expr *expr = call->arguments[argument];
    if (expr->type->error)
        return sema_error();
    diag_report(call->checker->queue, DIAG_WRONG_TYPE, expr->place,
                "`%s` expects %s, but this is %s", call->name, wanted, sema_type_word(expr->type));
    return sema_error();
}

static const struct sema_type *check_extreme(const struct call *call)
{
    const struct sema_type *type = NULL;
    for (size_t i = 0; i < call->count; i++) {
        const struct sema_type *here = sema_value(call->checker, call->arguments[i], NULL);
        const struct sema_type *joined = type == NULL ? here : sema_join(call->checker, type, here);
        if (joined == NULL || !sema_is_number(joined))
            return sema_mixed(call->checker, call->arguments[i], type == NULL ? here : type,
                              SEMA_COMPARED, here);
        type = joined;
    }
    return type;
}

static const struct sema_type *check_name_of(const struct call *call)
{
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], NULL);
    return of->form == SEMA_RECORD && of->schema->kind != NULL
               ? sema_scalar(IMAGE_TEXT)
               : report_argument(call, 0, "a block");
}

static const struct sema_type *check_count(const struct call *call)
{
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], NULL);
    return sema_fits(of, sema_scalar(IMAGE_LIST)) || of->form == SEMA_LIST_OF ||
                   of->form == SEMA_MAP_OF
               ? sema_scalar(IMAGE_INT)
               : report_argument(call, 0, "a list or a map");
}

static const struct sema_type *check_sum(const struct call *call)
{
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], NULL);
    return of->form == SEMA_LIST_OF && sema_is_number(of->element)
               ? of->element
               : report_argument(call, 0, "a list of numbers");
}

static const struct sema_type *check_joined(const struct call *call)
{
    const struct sema_type *texts = sema_list_of(call->checker, sema_secret());
    sema_value(call->checker, call->arguments[0], texts);
    sema_value(call->checker, call->arguments[1], NULL);
    sema_accept(call->checker, call->arguments[1], sema_scalar(IMAGE_TEXT), "the separator");
    const struct sema_type *of = call->arguments[0]->type;
    if (!sema_fits(of, texts))
        return report_argument(call, 0, "a list of text");
    return of->form == SEMA_LIST_OF && of->element->secret ? sema_secret()
                                                           : sema_scalar(IMAGE_TEXT);
}

static const struct sema_type *check_distinct(const struct call *call)
{
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], NULL);
    return of->form == SEMA_LIST_OF && of->element->form == SEMA_SCALAR && !of->element->secret
               ? sema_scalar(IMAGE_BOOL)
           : sema_fits(of, sema_scalar(IMAGE_LIST)) ? sema_scalar(IMAGE_BOOL)
                                                    : report_argument(call, 0, "a list of values");
}

static const struct sema_type *check_truths(const struct call *call)
{
    const struct sema_type *truths = sema_list_of(call->checker, sema_scalar(IMAGE_BOOL));
    return sema_fits(sema_value(call->checker, call->arguments[0], truths), truths)
               ? sema_scalar(IMAGE_BOOL)
               : report_argument(call, 0, "a list of conditions");
}

static const struct sema_type *check_keys(const struct call *call)
{
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], NULL);
    return of->form == SEMA_MAP_OF ? sema_list_of(call->checker, sema_scalar(IMAGE_TEXT))
                                   : report_argument(call, 0, "a map");
}

static const struct sema_type *check_flattened(const struct call *call)
{
    /* If secrets are allowed, the elements decide whether the result is one, so nothing is
     * expected. */
    const struct sema_type *wanted = call->expected == NULL ||
                                             call->expected->form != SEMA_LIST_OF ||
                                             call->expected->element->secret
                                         ? NULL
                                         : sema_list_of(call->checker, call->expected);
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], wanted);
    if (of->error || of->form != SEMA_LIST_OF)
        return report_argument(call, 0, "a list of lists");
    if (of->element->form == SEMA_LIST_OF)
        return of->element;
    return sema_fits(of->element, sema_scalar(IMAGE_LIST))
               ? sema_list_of(call->checker, sema_scalar(IMAGE_TEXT))
               : report_argument(call, 0, "a list of lists");
}

static const struct sema_type *check_ordered(const struct call *call)
{
    const struct sema_type *expected = call->expected;
    if (expected != NULL && expected->form == SEMA_ANYTHING)
        expected = NULL;
    const struct sema_type *of = sema_value(call->checker, call->arguments[0], expected);
    if (!of->error && sema_fits(of, sema_scalar(IMAGE_LIST)))
        of = sema_list_of(call->checker, sema_scalar(IMAGE_TEXT));
    const struct sema_type *keys = sema_list_of(call->checker, sema_scalar(IMAGE_INT));
    sema_value(call->checker, call->arguments[1], keys);
    if (of->error)
        return sema_error();
    if (of->form != SEMA_LIST_OF)
        return report_argument(call, 0, "a list");
    return sema_fits(call->arguments[1]->type, keys) ? of
                                                     : report_argument(call, 1, "a list of int");
}

static const struct sema_type *check_matches(const struct call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        sema_value(call->checker, call->arguments[i], NULL);
        sema_accept(call->checker, call->arguments[i], sema_scalar(IMAGE_TEXT),
                    i == 0 ? "the text to match" : "the pattern");
    }
    return sema_scalar(IMAGE_BOOL);
}

static const struct sema_type *check_settings_of(const struct call *call)
{
    struct syntax_expr *argument = call->arguments[0];
    const struct sema_config *config = argument->class == SYNTAX_NAME
                                           ? sema_find_config(call->checker, argument->name.name)
                                           : NULL;
    argument->type = sema_error();
    if (argument->class == SYNTAX_NAME && config == NULL) {
        sema_unknown_config(call->checker, DIAG_UNKNOWN_NAME,
                            (struct syntax_word){argument->name.name, argument->place});
        return sema_error();
    }
    if (config == NULL) {
        diag_report(call->checker->queue, DIAG_WRONG_TYPE, argument->place,
                    "`settings_of` expects the name of a config");
        return sema_error();
    }
    argument->name.symbol = config->symbol;
    return sema_map_of(call->checker, sema_scalar(IMAGE_TEXT));
}

/* Whether the argument is the name of a fact or option that has an environment variable; reports it
 * if not. */
static bool check_variable_argument(const struct call *call, size_t i)
{
    struct syntax_expr *argument = call->arguments[i];
    sema_expr(call->checker, argument, NULL);
    const struct sema_symbol *symbol =
        argument->class == SYNTAX_NAME ? argument->name.symbol : NULL;
    if (argument->type->error)
        return false;
    if (symbol != NULL && symbol->class == SEMA_INPUT && !symbol->type->secret)
        for (size_t s = 0; s < symbol->item->sources.count; s++)
            if (symbol->item->sources.items[s].class == IMAGE_FROM_ENV)
                return true;
    diag_report(call->checker->queue, DIAG_WRONG_TYPE, argument->place,
                "`%s` expects the name of a fact or option with an environment variable",
                call->name);
    return false;
}

static const struct sema_type *check_variables_of(const struct call *call)
{
    bool fine = true;
    for (size_t i = 0; i < call->count; i++)
        fine = check_variable_argument(call, i) && fine;
    return fine ? sema_map_of(call->checker, sema_scalar(IMAGE_TEXT)) : sema_error();
}

static const struct sema_type *check_options_in(const struct call *call)
{
    return sema_value(call->checker, call->arguments[0], NULL)->error
               ? sema_error()
               : sema_map_of(call->checker, sema_scalar(IMAGE_TEXT));
}

static const struct sema_type *check_default_of(const struct call *call)
{
    if (!check_variable_argument(call, 0))
        return sema_error();
    const struct sema_symbol *symbol = call->arguments[0]->name.symbol;
    return symbol->item->value == NULL ? report_argument(call, 0, "an option that has a default")
                                       : sema_optional(call->checker, symbol->type, false);
}

static const struct sema_type *check_tagged(const struct call *call)
{
    sema_value(call->checker, call->arguments[0], NULL);
    sema_accept(call->checker, call->arguments[0], sema_scalar(IMAGE_TEXT), "a tag");
    return sema_value(call->checker, call->arguments[1], call->expected);
}

/* --- the table --- */

#define ANY_NUMBER SIZE_MAX
static const struct {
    const char *word;
    const struct sema_type *(*check)(const struct call *call);
    size_t least, most; /* arguments */
} functions[SEMA_FUNCTIONS] = {
#define X(word, check, least, most) {#word, check_##check, least, most},
#include "functions.def"
#undef X
};

enum sema_function sema_find_function(const char *name)
{
    size_t found = 0;
    while (found < SEMA_FUNCTIONS && !base_text_is(functions[found].word, name))
        found++;
    return (enum sema_function)found;
}

const struct sema_type *sema_builtin(struct sema_checker *checker, struct syntax_expr *expr,
                                     enum sema_function function, const struct sema_type *expected)
{
    const struct syntax_exprs *arguments = &expr->call.arguments;
    const struct call call = {checker,          expr,    expr->call.function.text, arguments->items,
                              arguments->count, expected};
    const size_t least = functions[function].least, most = functions[function].most;
    expr->call.symbol = NULL;
    if (arguments->count >= least && arguments->count <= most)
        return functions[function].check(&call);
    diag_report(checker->queue, DIAG_WRONG_ARGUMENTS, expr->place,
                "`%s` expects %s%zu argument%s, got %zu", call.name,
                least < most ? "at least " : "", least, least == 1 ? "" : "s", arguments->count);
    return sema_error();
}
