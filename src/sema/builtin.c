/* The functions that the language brings along: what they take and what they give. */
#include "sema/check.h"

enum azs_function azs_find_function(const char *name)
{
    static const char *const words[] = {
#define X(name, word) word,
#include "functions.def"
#undef X
    };
    size_t found = 0;
    while (found < AZS_FUNCTIONS && !aza_text_is(words[found], name))
        found++;
    return (enum azs_function)found;
}

struct call {
    struct azs_checker *checker;
    struct azp_expr *expr;
    const char *name;
    struct azp_expr *const *arguments;
    size_t count;
    struct azs_type *expected;
};

static struct azs_type *refuse(const struct call *call, size_t argument, const char *wanted)
{
    const struct azp_expr *expr = call->arguments[argument];
    if (expr->type->error)
        return azs_error();
    azd_report(call->checker->queue, AZD_WRONG_TYPE, expr->place, "`%s` needs %s, and this is %s",
               call->name, wanted, azs_type_word(expr->type));
    return azs_error();
}

static struct azs_type *check_extreme(const struct call *call)
{
    struct azs_type *type = NULL;
    for (size_t i = 0; i < call->count; i++) {
        struct azs_type *here = azs_value(call->checker, call->arguments[i], NULL);
        struct azs_type *joined = type == NULL ? here : azs_join(call->checker, type, here);
        if (joined == NULL || !azs_is_number(joined))
            return azs_mixed(call->checker, call->arguments[i], type == NULL ? here : type,
                             AZS_COMPARED, here);
        type = joined;
    }
    return type;
}

static struct azs_type *check_name_of(const struct call *call)
{
    const struct azs_type *of = azs_value(call->checker, call->arguments[0], NULL);
    return of->form == AZS_RECORD && of->schema->kind != NULL ? azs_scalar(AZB_TEXT)
                                                              : refuse(call, 0, "a block");
}

static struct azs_type *check_count(const struct call *call)
{
    const struct azs_type *of = azs_value(call->checker, call->arguments[0], NULL);
    return azs_fits(of, azs_scalar(AZB_LIST)) || of->form == AZS_LIST_OF || of->form == AZS_MAP_OF
               ? azs_scalar(AZB_INT)
               : refuse(call, 0, "a list or a map");
}

static struct azs_type *check_sum(const struct call *call)
{
    const struct azs_type *of = azs_value(call->checker, call->arguments[0], NULL);
    return of->form == AZS_LIST_OF && azs_is_number(of->element)
               ? of->element
               : refuse(call, 0, "a list of numbers");
}

static struct azs_type *check_joined(const struct call *call)
{
    struct azs_type *texts = azs_list_of(call->checker, azs_secret());
    azs_value(call->checker, call->arguments[0], texts);
    azs_value(call->checker, call->arguments[1], NULL);
    azs_accept(call->checker, call->arguments[1], azs_scalar(AZB_TEXT), "what stands between");
    const struct azs_type *of = call->arguments[0]->type;
    if (!azs_fits(of, texts))
        return refuse(call, 0, "a list of text");
    return of->form == AZS_LIST_OF && of->element->secret ? azs_secret() : azs_scalar(AZB_TEXT);
}

static struct azs_type *check_distinct(const struct call *call)
{
    const struct azs_type *of = azs_value(call->checker, call->arguments[0], NULL);
    return of->form == AZS_LIST_OF && of->element->form == AZS_SCALAR && !of->element->secret
               ? azs_scalar(AZB_BOOL)
           : azs_fits(of, azs_scalar(AZB_LIST)) ? azs_scalar(AZB_BOOL)
                                                : refuse(call, 0, "a list of values");
}

static struct azs_type *check_truths(const struct call *call)
{
    struct azs_type *truths = azs_list_of(call->checker, azs_scalar(AZB_BOOL));
    return azs_fits(azs_value(call->checker, call->arguments[0], truths), truths)
               ? azs_scalar(AZB_BOOL)
               : refuse(call, 0, "a list of conditions");
}

static struct azs_type *check_keys(const struct call *call)
{
    const struct azs_type *of = azs_value(call->checker, call->arguments[0], NULL);
    return of->form == AZS_MAP_OF ? azs_list_of(call->checker, azs_scalar(AZB_TEXT))
                                  : refuse(call, 0, "a map");
}

static struct azs_type *check_flattened(const struct call *call)
{
    /* Where secrets may stand, what is given says whether one does. */
    struct azs_type *wanted = call->expected == NULL || call->expected->form != AZS_LIST_OF ||
                                      call->expected->element->secret
                                  ? NULL
                                  : azs_list_of(call->checker, call->expected);
    struct azs_type *of = azs_value(call->checker, call->arguments[0], wanted);
    if (of->error || of->form != AZS_LIST_OF)
        return refuse(call, 0, "a list of lists");
    if (of->element->form == AZS_LIST_OF)
        return of->element;
    return azs_fits(of->element, azs_scalar(AZB_LIST))
               ? azs_list_of(call->checker, azs_scalar(AZB_TEXT))
               : refuse(call, 0, "a list of lists");
}

static struct azs_type *check_ordered(const struct call *call)
{
    struct azs_type *expected = call->expected;
    if (expected != NULL && expected->form == AZS_ANYTHING)
        expected = NULL;
    struct azs_type *of = azs_value(call->checker, call->arguments[0], expected);
    if (!of->error && azs_fits(of, azs_scalar(AZB_LIST)))
        of = azs_list_of(call->checker, azs_scalar(AZB_TEXT));
    struct azs_type *keys = azs_list_of(call->checker, azs_scalar(AZB_INT));
    azs_value(call->checker, call->arguments[1], keys);
    return of->error                                   ? azs_error()
           : of->form != AZS_LIST_OF                   ? refuse(call, 0, "a list")
           : !azs_fits(call->arguments[1]->type, keys) ? refuse(call, 1, "a list of int")
                                                       : of;
}

static struct azs_type *check_matches(const struct call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        azs_value(call->checker, call->arguments[i], NULL);
        azs_accept(call->checker, call->arguments[i], azs_scalar(AZB_TEXT),
                   i == 0 ? "what is matched" : "a pattern");
    }
    return azs_scalar(AZB_BOOL);
}

static struct azs_type *check_settings_of(const struct call *call)
{
    struct azp_expr *argument = call->arguments[0];
    const struct azs_config *config =
        argument->class == AZP_NAME ? azs_find_config(call->checker, argument->name.name) : NULL;
    argument->type = azs_error();
    if (argument->class == AZP_NAME && config == NULL) {
        azs_unknown_config(call->checker, AZD_UNKNOWN_NAME,
                           (struct azp_word){argument->name.name, argument->place});
        return azs_error();
    }
    if (config == NULL) {
        azd_report(call->checker->queue, AZD_WRONG_TYPE, argument->place,
                   "`settings_of` needs the name of a config");
        return azs_error();
    }
    argument->name.symbol = config->symbol;
    return azs_map_of(call->checker, azs_scalar(AZB_TEXT));
}

/* Whether the argument is the name of a fact or option that a variable may say. */
static bool check_variable(const struct call *call, size_t i)
{
    struct azp_expr *argument = call->arguments[i];
    azs_expr(call->checker, argument, NULL);
    const struct azs_symbol *symbol = argument->class == AZP_NAME ? argument->name.symbol : NULL;
    if (argument->type->error)
        return false;
    if (symbol != NULL && symbol->class == AZS_INPUT && !symbol->type->secret)
        for (size_t s = 0; s < symbol->item->sources.count; s++)
            if (symbol->item->sources.items[s].class == AZB_FROM_ENV)
                return true;
    azd_report(call->checker->queue, AZD_WRONG_TYPE, argument->place,
               "`%s` needs the name of a fact or an option that has a variable", call->name);
    return false;
}

static struct azs_type *check_variables_of(const struct call *call)
{
    bool fine = true;
    for (size_t i = 0; i < call->count; i++)
        fine = check_variable(call, i) && fine;
    return fine ? azs_map_of(call->checker, azs_scalar(AZB_TEXT)) : azs_error();
}

static struct azs_type *check_options_in(const struct call *call)
{
    return azs_value(call->checker, call->arguments[0], NULL)->error
               ? azs_error()
               : azs_map_of(call->checker, azs_scalar(AZB_TEXT));
}

static struct azs_type *check_default_of(const struct call *call)
{
    if (!check_variable(call, 0))
        return azs_error();
    const struct azs_symbol *symbol = call->arguments[0]->name.symbol;
    return symbol->item->value == NULL ? refuse(call, 0, "an option that has a default")
                                       : azs_optional(call->checker, symbol->type, false);
}

static struct azs_type *check_tagged(const struct call *call)
{
    azs_value(call->checker, call->arguments[0], NULL);
    azs_accept(call->checker, call->arguments[0], azs_scalar(AZB_TEXT), "a tag");
    return azs_value(call->checker, call->arguments[1], call->expected);
}

static const struct {
    struct azs_type *(*check)(const struct call *call);
    size_t least, most; /* arguments */
} functions[AZS_FUNCTIONS] = {
    [AZS_FN_MIN] = {check_extreme, 1, SIZE_MAX},
    [AZS_FN_MAX] = {check_extreme, 1, SIZE_MAX},
    [AZS_FN_NAME_OF] = {check_name_of, 1, 1},
    [AZS_FN_COUNT] = {check_count, 1, 1},
    [AZS_FN_SUM] = {check_sum, 1, 1},
    [AZS_FN_JOINED] = {check_joined, 2, 2},
    [AZS_FN_DISTINCT] = {check_distinct, 1, 1},
    [AZS_FN_ALL] = {check_truths, 1, 1},
    [AZS_FN_ANY] = {check_truths, 1, 1},
    [AZS_FN_KEYS] = {check_keys, 1, 1},
    [AZS_FN_FLATTENED] = {check_flattened, 1, 1},
    [AZS_FN_ORDERED] = {check_ordered, 2, 2},
    [AZS_FN_MATCHES] = {check_matches, 2, 2},
    [AZS_FN_SETTINGS_OF] = {check_settings_of, 1, 1},
    [AZS_FN_VARIABLES_OF] = {check_variables_of, 1, SIZE_MAX},
    [AZS_FN_OPTIONS_IN] = {check_options_in, 1, 1},
    [AZS_FN_DEFAULT_OF] = {check_default_of, 1, 1},
    [AZS_FN_TAGGED] = {check_tagged, 2, 2},
};

struct azs_type *azs_builtin(struct azs_checker *checker, struct azp_expr *expr,
                             enum azs_function function, struct azs_type *expected)
{
    const struct azp_exprs *arguments = &expr->call.arguments;
    const struct call call = {checker,          expr,    expr->call.function.text, arguments->items,
                              arguments->count, expected};
    expr->call.symbol = NULL;
    if (arguments->count >= functions[function].least &&
        arguments->count <= functions[function].most)
        return functions[function].check(&call);
    azd_report(checker->queue, AZD_WRONG_ARGUMENTS, expr->place,
               "`%s` takes %zu value%s, and this gives %zu", call.name, functions[function].least,
               functions[function].least == 1 ? "" : "s", arguments->count);
    return azs_error();
}
