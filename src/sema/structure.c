/* Lists, maps and records as expressions, access to their fields, and comprehensions.
 *
 * A literal takes its type from what is expected, if anything is: `{ ... }` is a record where a
 * schema is expected and a map elsewhere. Without an expectation its elements must have a common
 * type.
 *
 * `list of text` has two representations: a scalar of names that may be known only at start, and a
 * list of values that exists only in the evaluator. A literal of plain texts is the former unless a
 * list of values is expected. eval converts between the two. */
#include <string.h>

#include "sema/check.h"

static const struct sema_type *element_of(const struct sema_type *expected, enum sema_form form)
{
    if (expected == NULL)
        return NULL;
    if (expected->form == form)
        return expected->element;
    if (expected->form == SEMA_ANYTHING)
        return sema_anything();
    const bool names = expected->form == SEMA_SCALAR && expected->kind == IMAGE_LIST;
    return names ? sema_scalar(IMAGE_TEXT) : NULL;
}

/* Checks one of several values that share a type, and returns the common type; `joined` is that of
 * the values before it, or null. Maps and data may contain optional values: an absent one is left
 * out. */
static const struct sema_type *check_alike(struct sema_checker *checker, struct syntax_expr *value,
                                           const struct sema_type *wanted,
                                           const struct sema_type *joined, bool may_be_absent,
                                           const char *what)
{
    const struct sema_type *type =
        may_be_absent ? sema_expr(checker, value, wanted) : sema_value(checker, value, wanted);
    if (wanted != NULL) {
        sema_accept(checker, value, wanted, what);
        const bool secret = type->secret || (joined != NULL && joined->secret);
        return wanted->secret && !secret ? sema_optional(checker, type, false) : wanted;
    }
    const struct sema_type *both = joined == NULL ? type : sema_join(checker, joined, type);
    if (both != NULL)
        return sema_optional(checker, both, false);
    struct diagnostic *other = diag_report(checker->queue, DIAG_WRONG_TYPE, value->place,
                                           "%s is %s, but the previous one is %s", what,
                                           sema_type_word(type), sema_type_word(joined));
    diag_help(checker->queue, other, "declare the type `data` to mix values of different types");
    return sema_error();
}

/* Whether secrets are allowed here, and there is none: the value is then an ordinary text. */
static bool is_without_secret(const struct sema_type *wanted, const struct sema_type *given)
{
    return wanted != NULL && wanted->secret && (given == NULL || !given->secret);
}

const struct sema_type *sema_list(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    const struct syntax_exprs *elements = &expr->list.elements;
    const struct sema_type *wanted = element_of(expected, SEMA_LIST_OF), *joined = NULL;
    for (size_t i = 0; i < elements->count; i++)
        joined =
            check_alike(checker, elements->items[i], wanted, joined,
                        wanted != NULL && wanted->form == SEMA_ANYTHING, "an element of a list");
    if (joined != NULL && joined->error)
        return sema_error();
    if (is_without_secret(wanted, joined))
        return sema_list_of(checker, sema_scalar(IMAGE_TEXT));
    if (wanted != NULL)
        return sema_optional(checker, expected, false);
    if (joined == NULL ||
        (joined->form == SEMA_SCALAR && joined->kind == IMAGE_TEXT && !joined->secret))
        return sema_scalar(IMAGE_LIST);
    return sema_list_of(checker, joined);
}

/* --- maps and records --- */

void sema_report_missing(struct sema_checker *checker, struct base_place place, const char *what,
                         const struct sema_schema *schema, const bool *given)
{
    BASE_LIST(const char *) missing = {0};
    for (size_t i = 0; i < schema->fields.count; i++) {
        const struct sema_field *field = &schema->fields.items[i];
        if (!given[i] && !field->holds_blocks && field->item->value == NULL &&
            !field->type->optional && !field->type->error)
            *BASE_PUSH(checker->context->arena, &missing) = field->name;
    }
    if (missing.count == 0)
        return;
    struct diagnostic *needs = diag_report(
        checker->queue, DIAG_MISSING_FIELD, place, "missing field%s %s in %s",
        missing.count == 1 ? "" : "s", sema_words(checker, missing.items, missing.count), what);
    diag_label(needs, schema->item->name.place, "declared here");
}

static void report_unknown_field(struct sema_checker *checker, const struct sema_schema *schema,
                                 struct syntax_word name)
{
    BASE_LIST(const char *) names = {0};
    for (size_t i = 0; i < schema->fields.count; i++)
        *BASE_PUSH(checker->context->arena, &names) = schema->fields.items[i].name;
    if (sema_is_perhaps_lost(checker, name.text, names.items, names.count))
        return;
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_FIELD, name.place,
                                             "`%s` has no field `%s`", schema->name, name.text);
    diag_suggest(checker->queue, unknown, name.text, names.items, names.count);
}

void sema_check_field(struct sema_checker *checker, const struct sema_schema *schema,
                      struct syntax_word name, struct syntax_expr *value, bool *given)
{
    const struct sema_field *field = sema_find_field(schema, name.text);
    if (field == NULL) {
        sema_expr(checker, value, sema_error());
        report_unknown_field(checker, schema, name);
        return;
    }
    size_t index = (size_t)(field - schema->fields.items);
    if (given[index])
        diag_report(checker->queue, DIAG_DUPLICATE_NAME, name.place, "`%s` is given twice",
                    name.text);
    given[index] = true;
    sema_declared(checker, value, field->type,
                  base_format(checker->context->arena, "the field `%s`", name.text));
}

/* The names of a record's fields are fixed by its schema, so they cannot be computed. */
static const struct sema_type *check_record_literal(struct sema_checker *checker,
                                                    struct syntax_expr *expr,
                                                    const struct sema_type *expected)
{
    const struct sema_schema *schema = expected->schema;
    bool *given = base_alloc(checker->context->arena, schema->fields.count + 1);
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct syntax_pair *pair = &expr->map.pairs.items[i];
        if (pair->name.text == NULL) {
            diag_report(checker->queue, DIAG_UNKNOWN_FIELD, pair->key->place,
                        "the field names of `%s` must be literal", schema->name);
            continue;
        }
        sema_check_field(checker, schema, pair->name, pair->value, given);
    }
    sema_report_missing(checker, expr->place,
                        base_format(checker->context->arena, "`%s`", schema->name), schema, given);
    return sema_optional(checker, expected, false);
}

static void check_key(struct sema_checker *checker, const struct syntax_expr *expr, size_t index)
{
    const struct syntax_pair *pair = &expr->map.pairs.items[index];
    sema_value(checker, pair->key, NULL);
    sema_accept(checker, pair->key, sema_scalar(IMAGE_TEXT), "a key");
    for (size_t i = 0; pair->name.text != NULL && i < index; i++)
        if (expr->map.pairs.items[i].name.text == pair->name.text) {
            struct diagnostic *twice =
                diag_report(checker->queue, DIAG_DUPLICATE_NAME, pair->key->place,
                            "duplicate key `%s`", pair->name.text);
            diag_label(twice, expr->map.pairs.items[i].key->place, "first used here");
        }
}

const struct sema_type *sema_map(struct sema_checker *checker, struct syntax_expr *expr,
                                 const struct sema_type *expected)
{
    if (expected != NULL && expected->form == SEMA_RECORD)
        return check_record_literal(checker, expr, expected);
    const struct sema_type *wanted = element_of(expected, SEMA_MAP_OF), *joined = NULL;
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        check_key(checker, expr, i);
        joined = check_alike(checker, expr->map.pairs.items[i].value, wanted, joined, true,
                             "a value of a map");
    }
    if (joined != NULL && joined->error)
        return sema_error();
    if (wanted != NULL)
        return sema_optional(checker, expected, false);
    return sema_map_of(checker, joined == NULL ? sema_anything() : joined);
}

/* --- fields of values --- */

/* The block that an expression refers to by name, or null. */
static const struct sema_symbol *named_block(const struct syntax_expr *expr)
{
    const struct sema_symbol *symbol = expr->class == SYNTAX_NAME    ? expr->name.symbol
                                       : expr->class == SYNTAX_FIELD ? expr->field.symbol
                                                                     : NULL;
    return symbol != NULL && symbol->class == SEMA_BLOCK ? symbol : NULL;
}

static struct sema_symbol *find_inner(const struct sema_symbol *block, const char *name)
{
    for (size_t i = 0; block != NULL && i < block->item->body.count; i++) {
        const struct syntax_item *inner = block->item->body.items[i];
        if (inner->class == SYNTAX_BLOCK && inner->symbol != NULL && inner->name.text == name)
            return inner->symbol;
    }
    return NULL;
}

const struct sema_type *sema_record_field(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *of = sema_value(checker, expr->field.of, NULL);
    expr->field.symbol = NULL;
    expr->field.column = UINT32_MAX;
    if (of->error)
        return of;
    if (of->form == SEMA_MAP_OF)
        return of->element;
    if (of->form != SEMA_RECORD) {
        diag_report(checker->queue, DIAG_UNKNOWN_FIELD, expr->field.field.place, "%s has no fields",
                    sema_type_word(of));
        return sema_error();
    }
    const struct sema_field *field = sema_find_field(of->schema, expr->field.field.text);
    if (field != NULL) {
        expr->field.column = (uint32_t)(field - of->schema->fields.items);
        return field->type;
    }
    struct sema_symbol *inner = find_inner(named_block(expr->field.of), expr->field.field.text);
    if (inner == NULL) {
        report_unknown_field(checker, of->schema, expr->field.field);
        return sema_error();
    }
    expr->field.symbol = inner;
    return sema_symbol_type(checker, inner, expr->place);
}

/* --- comprehensions --- */

/* A list that is known only at start can be filtered by membership, and nothing else. Returns the
 * number of tests `variable in ...` that the condition consists of, or 0 if it contains anything
 * else. */
static uint32_t count_tests(const struct syntax_expr *condition, const struct sema_symbol *variable)
{
    if (condition->class == SYNTAX_BINARY && condition->binary.op == SYNTAX_AND) {
        uint32_t left = count_tests(condition->binary.left, variable);
        uint32_t right = count_tests(condition->binary.right, variable);
        return left == 0 || right == 0 ? 0 : left + right;
    }
    return condition->class == SYNTAX_IN && condition->in.of->class == SYNTAX_NAME &&
           condition->in.of->name.symbol == variable;
}

/* Whether a comprehension is a filter: its element is the variable itself, and the condition uses
 * the variable in tests of membership only. variable->index counts all its uses. */
static bool is_filter(const struct syntax_expr *expr, const struct sema_symbol *variable)
{
    const struct syntax_expr *condition = expr->comprehension.condition;
    const struct syntax_expr *element = expr->comprehension.element;
    uint32_t tests = condition == NULL ? 0 : count_tests(condition, variable);
    return element->class == SYNTAX_NAME && element->name.symbol == variable &&
           (condition == NULL || tests > 0) && variable->index == tests + 1;
}

/* Sets the types of the variables from the type of the list or map. */
static bool check_walked(struct sema_checker *checker, const struct syntax_expr *expr,
                         struct sema_symbol *first, struct sema_symbol *second)
{
    const struct sema_type *list = expr->comprehension.list->type;
    bool map = list->form == SEMA_MAP_OF;
    first->type = second->type = sema_error();
    if (list->error)
        return true;
    if (map == (expr->comprehension.second.text != NULL) && (map || list->form == SEMA_LIST_OF)) {
        first->type = map ? sema_scalar(IMAGE_TEXT) : list->element;
        second->type = map ? list->element : sema_error();
        return true;
    }
    if (map) {
        struct diagnostic *pairs =
            diag_report(checker->queue, DIAG_WRONG_TYPE, expr->comprehension.variable.place,
                        "iteration over a map requires a key and a value, but this is one name");
        diag_help(checker->queue, pairs, "write `for key, value in ...`");
        return false;
    }
    first->type = sema_scalar(IMAGE_TEXT);
    return sema_accept(checker, expr->comprehension.list, sema_scalar(IMAGE_LIST),
                       "the right side of `in`");
}

static const struct sema_type *walk_type(struct sema_checker *checker,
                                         const struct syntax_expr *expr,
                                         const struct sema_type *expected,
                                         const struct sema_type *element)
{
    if (element->error)
        return element;
    bool map = expr->comprehension.key != NULL;
    const struct sema_type *wanted = element_of(expected, map ? SEMA_MAP_OF : SEMA_LIST_OF);
    /* Where a scalar list of text is expected, a comprehension still makes a list of values; eval
     * converts it. */
    if (wanted != NULL && expected->form != SEMA_SCALAR && !is_without_secret(wanted, element))
        return sema_optional(checker, expected, false);
    return map ? sema_map_of(checker, element) : sema_list_of(checker, element);
}

const struct sema_type *sema_comprehension(struct sema_checker *checker, struct syntax_expr *expr,
                                           const struct sema_type *expected)
{
    sema_value(checker, expr->comprehension.list, NULL);
    struct sema_symbol *first =
        sema_new_symbol(checker, SEMA_VARIABLE, expr->comprehension.variable, NULL);
    struct sema_symbol *second =
        sema_new_symbol(checker, SEMA_VARIABLE, expr->comprehension.second, NULL);
    expr->comprehension.symbol = first;
    expr->comprehension.second_symbol = second;
    if (!check_walked(checker, expr, first, second))
        first->type = second->type = sema_error();
    struct sema_scope *outer = checker->scope;
    struct sema_scope scope = {.outer = outer, .symbol = first};
    struct sema_scope both = {.outer = &scope, .symbol = second};
    checker->scope = expr->comprehension.second.text == NULL ? &scope : &both;
    struct sema_scope *known = checker->known;
    if (expr->comprehension.condition != NULL) {
        sema_condition(checker, expr->comprehension.condition);
        checker->known = sema_known_by(checker, expr->comprehension.condition, true, known);
    }
    if (expr->comprehension.key != NULL) {
        sema_value(checker, expr->comprehension.key, NULL);
        sema_accept(checker, expr->comprehension.key, sema_scalar(IMAGE_TEXT), "a key");
    }
    const struct sema_type *wanted =
        element_of(expected, expr->comprehension.key != NULL ? SEMA_MAP_OF : SEMA_LIST_OF);
    const struct sema_type *element = check_alike(
        checker, expr->comprehension.element, wanted, NULL,
        expr->comprehension.key != NULL || (wanted != NULL && wanted->form == SEMA_ANYTHING),
        "the result of `for`");
    checker->scope = outer;
    checker->known = known;
    const struct sema_type *list = expr->comprehension.list->type;
    bool scalar = list->form == SEMA_SCALAR && !list->error && expr->comprehension.key == NULL;
    if (scalar && is_filter(expr, first))
        return sema_scalar(IMAGE_LIST);
    return walk_type(checker, expr, expected, element);
}
