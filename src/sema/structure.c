/* Lists, maps and records as expressions, and the walks that make one from another. */
#include <string.h>

#include "sema/check.h"

static struct azs_type *element_of(const struct azs_type *expected, enum azs_form form)
{
    if (expected == NULL)
        return NULL;
    return expected->form == form                                       ? expected->element
           : expected->form == AZS_ANYTHING                             ? azs_anything()
           : expected->form == AZS_SCALAR && expected->kind == AZB_LIST ? azs_scalar(AZB_TEXT)
                                                                        : NULL;
}

/* One of several values that share a type; `joined` is the type of those before it. What has no
 * value when the rules are compiled is left out of a map, and of data. */
static struct azs_type *check_alike(struct azs_checker *checker, struct azp_expr *value,
                                    struct azs_type *wanted, struct azs_type *joined,
                                    bool may_be_absent, const char *what)
{
    struct azs_type *type =
        may_be_absent ? azs_expr(checker, value, wanted) : azs_value(checker, value, wanted);
    if (wanted != NULL) {
        azs_accept(checker, value, wanted, what);
        const bool secret = type->secret || (joined != NULL && joined->secret);
        return wanted->secret && !secret ? azs_optional(checker, type, false) : wanted;
    }
    struct azs_type *both = joined == NULL ? type : azs_join(checker, joined, type);
    if (both != NULL)
        return azs_optional(checker, both, false);
    struct azd_diagnostic *other = azd_report(checker->queue, AZD_WRONG_TYPE, value->place,
                                              "%s is %s, and the one before it is %s", what,
                                              azs_type_word(type), azs_type_word(joined));
    azd_help(checker->queue, other, "give it a type: values of any kind together are `data`");
    return azs_error();
}

/* Whether secrets may stand here, and none does. */
static bool is_harmless(const struct azs_type *wanted, const struct azs_type *given)
{
    return wanted != NULL && wanted->secret && (given == NULL || !given->secret);
}

struct azs_type *azs_list(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    const struct azp_exprs *elements = &expr->list.elements;
    struct azs_type *wanted = element_of(expected, AZS_LIST_OF), *joined = NULL;
    for (size_t i = 0; i < elements->count; i++)
        joined =
            check_alike(checker, elements->items[i], wanted, joined,
                        wanted != NULL && wanted->form == AZS_ANYTHING, "an element of a list");
    if (joined != NULL && joined->error)
        return azs_error();
    if (is_harmless(wanted, joined))
        return azs_list_of(checker, azs_scalar(AZB_TEXT));
    if (wanted != NULL)
        return azs_optional(checker, expected, false);
    if (joined == NULL ||
        (joined->form == AZS_SCALAR && joined->kind == AZB_TEXT && !joined->secret))
        return azs_scalar(AZB_LIST);
    return azs_list_of(checker, joined);
}

/* Maps and records */

void azs_report_missing(struct azs_checker *checker, struct aza_place place, const char *what,
                        const struct azs_schema *schema, const bool *given)
{
    AZA_LIST(const char *) missing = {0};
    for (size_t i = 0; i < schema->fields.count; i++) {
        const struct azs_field *field = &schema->fields.items[i];
        if (!given[i] && !field->holds_blocks && field->item->value == NULL &&
            !field->type->optional && !field->type->error)
            *AZA_PUSH(checker->context->arena, &missing) = field->name;
    }
    if (missing.count == 0)
        return;
    struct azd_diagnostic *needs =
        azd_report(checker->queue, AZD_MISSING_FIELD, place, "%s needs %s", what,
                   azs_words(checker, missing.items, missing.count));
    azd_label(needs, schema->item->name.place, "described here");
}

static void unknown_field(struct azs_checker *checker, const struct azs_schema *schema,
                          struct azp_word name)
{
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < schema->fields.count; i++)
        *AZA_PUSH(checker->context->arena, &names) = schema->fields.items[i].name;
    if (azs_is_perhaps_lost(checker, name.text, names.items, names.count))
        return;
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_FIELD, name.place,
                                                "`%s` has no field `%s`", schema->name, name.text);
    azd_suggest(checker->queue, unknown, name.text, names.items, names.count);
}

/* One field that is given: its value's type, and that it is given once. */
void azs_check_field(struct azs_checker *checker, const struct azs_schema *schema,
                     struct azp_word name, struct azp_expr *value, bool *given)
{
    const struct azs_field *field = azs_find_field(schema, name.text);
    if (field == NULL) {
        azs_expr(checker, value, azs_error());
        unknown_field(checker, schema, name);
        return;
    }
    size_t index = (size_t)(field - schema->fields.items);
    if (given[index])
        azd_report(checker->queue, AZD_DUPLICATE_NAME, name.place, "`%s` is given twice",
                   name.text);
    given[index] = true;
    azs_declared(checker, value, field->type,
                 aza_format(checker->context->arena, "the field `%s`", name.text));
}

static struct azs_type *check_record(struct azs_checker *checker, struct azp_expr *expr,
                                     struct azs_type *expected)
{
    const struct azs_schema *schema = expected->schema;
    bool *given = aza_alloc(checker->context->arena, schema->fields.count + 1);
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct azp_pair *pair = &expr->map.pairs.items[i];
        if (pair->name.text == NULL) {
            azd_report(checker->queue, AZD_UNKNOWN_FIELD, pair->key->place,
                       "the fields of `%s` have fixed names", schema->name);
            continue;
        }
        azs_check_field(checker, schema, pair->name, pair->value, given);
    }
    azs_report_missing(checker, expr->place,
                       aza_format(checker->context->arena, "`%s`", schema->name), schema, given);
    return azs_optional(checker, expected, false);
}

static void check_key(struct azs_checker *checker, const struct azp_expr *expr, size_t index)
{
    const struct azp_pair *pair = &expr->map.pairs.items[index];
    azs_value(checker, pair->key, NULL);
    azs_accept(checker, pair->key, azs_scalar(AZB_TEXT), "a key");
    for (size_t i = 0; pair->name.text != NULL && i < index; i++)
        if (expr->map.pairs.items[i].name.text == pair->name.text) {
            struct azd_diagnostic *twice =
                azd_report(checker->queue, AZD_DUPLICATE_NAME, pair->key->place,
                           "`%s` is a key already", pair->name.text);
            azd_label(twice, expr->map.pairs.items[i].key->place, "here");
        }
}

struct azs_type *azs_map(struct azs_checker *checker, struct azp_expr *expr,
                         struct azs_type *expected)
{
    if (expected != NULL && expected->form == AZS_RECORD)
        return check_record(checker, expr, expected);
    struct azs_type *wanted = element_of(expected, AZS_MAP_OF), *joined = NULL;
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        check_key(checker, expr, i);
        joined = check_alike(checker, expr->map.pairs.items[i].value, wanted, joined, true,
                             "a value of a map");
    }
    if (joined != NULL && joined->error)
        return azs_error();
    if (wanted != NULL)
        return azs_optional(checker, expected, false);
    return azs_map_of(checker, joined == NULL ? azs_anything() : joined);
}

/* Fields of values */

/* The block that an expression names, where it names one. */
static const struct azs_symbol *named_block(const struct azp_expr *expr)
{
    const struct azs_symbol *symbol = expr->class == AZP_NAME    ? expr->name.symbol
                                      : expr->class == AZP_FIELD ? expr->field.symbol
                                                                 : NULL;
    return symbol != NULL && symbol->class == AZS_BLOCK ? symbol : NULL;
}

static struct azs_symbol *find_inner(const struct azs_symbol *block, const char *name)
{
    for (size_t i = 0; block != NULL && i < block->item->body.count; i++) {
        const struct azp_item *inner = block->item->body.items[i];
        if (inner->class == AZP_BLOCK && inner->symbol != NULL && inner->name.text == name)
            return inner->symbol;
    }
    return NULL;
}

struct azs_type *azs_record_field(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *of = azs_value(checker, expr->field.of, NULL);
    expr->field.symbol = NULL;
    expr->field.column = UINT32_MAX;
    if (of->error)
        return of;
    if (of->form == AZS_MAP_OF)
        return of->element;
    if (of->form != AZS_RECORD) {
        azd_report(checker->queue, AZD_UNKNOWN_FIELD, expr->field.field.place,
                   "this is %s, which has no fields", azs_type_word(of));
        return azs_error();
    }
    const struct azs_field *field = azs_find_field(of->schema, expr->field.field.text);
    if (field != NULL) {
        expr->field.column = (uint32_t)(field - of->schema->fields.items);
        return field->type;
    }
    struct azs_symbol *inner = find_inner(named_block(expr->field.of), expr->field.field.text);
    if (inner == NULL) {
        unknown_field(checker, of->schema, expr->field.field);
        return azs_error();
    }
    expr->field.symbol = inner;
    return azs_symbol_type(checker, inner, expr->place);
}

/* Walks */

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

/* What the variables of a walk over a value of this type stand for. */
static bool check_walked(struct azs_checker *checker, const struct azp_expr *expr,
                         struct azs_symbol *first, struct azs_symbol *second)
{
    struct azs_type *list = expr->comprehension.list->type;
    bool map = list->form == AZS_MAP_OF;
    first->type = second->type = azs_error();
    if (list->error)
        return true;
    if (map == (expr->comprehension.second.text != NULL) && (map || list->form == AZS_LIST_OF)) {
        first->type = map ? azs_scalar(AZB_TEXT) : list->element;
        second->type = map ? list->element : azs_error();
        return true;
    }
    if (map) {
        struct azd_diagnostic *pairs =
            azd_report(checker->queue, AZD_WRONG_TYPE, expr->comprehension.variable.place,
                       "a map is walked by key and value, and this is one name");
        azd_help(checker->queue, pairs, "write `for key, value in ...`");
        return false;
    }
    first->type = azs_scalar(AZB_TEXT);
    return azs_accept(checker, expr->comprehension.list, azs_scalar(AZB_LIST), "what follows `in`");
}

static struct azs_type *walk_type(struct azs_checker *checker, const struct azp_expr *expr,
                                  struct azs_type *expected, struct azs_type *element)
{
    if (element->error)
        return element;
    bool map = expr->comprehension.key != NULL;
    const struct azs_type *wanted = element_of(expected, map ? AZS_MAP_OF : AZS_LIST_OF);
    /* Where a list that travels is wanted, a walk still makes a list of values; eval turns it. */
    if (wanted != NULL && expected->form != AZS_SCALAR && !is_harmless(wanted, element))
        return azs_optional(checker, expected, false);
    return map ? azs_map_of(checker, element) : azs_list_of(checker, element);
}

struct azs_type *azs_comprehension(struct azs_checker *checker, struct azp_expr *expr,
                                   struct azs_type *expected)
{
    azs_value(checker, expr->comprehension.list, NULL);
    struct azs_symbol *first =
        azs_new_symbol(checker, AZS_VARIABLE, expr->comprehension.variable, NULL);
    struct azs_symbol *second =
        azs_new_symbol(checker, AZS_VARIABLE, expr->comprehension.second, NULL);
    expr->comprehension.symbol = first;
    expr->comprehension.second_symbol = second;
    if (!check_walked(checker, expr, first, second))
        first->type = second->type = azs_error();
    struct azs_scope *outer = checker->scope;
    struct azs_scope scope = {.outer = outer, .symbol = first};
    struct azs_scope both = {.outer = &scope, .symbol = second};
    checker->scope = expr->comprehension.second.text == NULL ? &scope : &both;
    struct azs_scope *known = checker->known;
    if (expr->comprehension.condition != NULL) {
        azs_condition(checker, expr->comprehension.condition);
        checker->known = azs_known_by(checker, expr->comprehension.condition, true, known);
    }
    if (expr->comprehension.key != NULL) {
        azs_value(checker, expr->comprehension.key, NULL);
        azs_accept(checker, expr->comprehension.key, azs_scalar(AZB_TEXT), "a key");
    }
    struct azs_type *wanted =
        element_of(expected, expr->comprehension.key != NULL ? AZS_MAP_OF : AZS_LIST_OF);
    struct azs_type *element = check_alike(checker, expr->comprehension.element, wanted, NULL,
                                           expr->comprehension.key != NULL ||
                                               (wanted != NULL && wanted->form == AZS_ANYTHING),
                                           "what a walk makes");
    checker->scope = outer;
    checker->known = known;
    const struct azs_type *list = expr->comprehension.list->type;
    bool scalar = list->form == AZS_SCALAR && !list->error && expr->comprehension.key == NULL;
    if (scalar && is_filter(expr, first))
        return azs_scalar(AZB_LIST);
    return walk_type(checker, expr, expected, element);
}
