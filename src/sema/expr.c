/* Expressions: determines types from the innermost out, and reports incompatible operands.
 *
 * sema_expr dispatches on the class of the expression and stores the type in the node. The depth of
 * the walk, including that into definitions of names, is bounded by LIMIT_NESTING.
 *
 * Presence is tracked with the type: an optional value must be given a fallback or be used where a
 * condition has tested it. sema_known_by extracts from a condition which symbols it proves present;
 * the list of them (checker->known) is extended for the right side of `and` and `or`, for branches,
 * for the statements of a `when`, and for guarded claims and messages. */
#include <string.h>

#include "sema/check.h"

/* Reports an expression whose type is optional where a value is required. The expression was
 * checked. */
static const struct sema_type *require_value(struct sema_checker *checker, struct syntax_expr *expr)
{
    if (expr->type->error || !expr->type->optional)
        return expr->type;
    const struct sema_symbol *symbol = expr->class == SYNTAX_NAME    ? expr->name.symbol
                                       : expr->class == SYNTAX_FIELD ? expr->field.symbol
                                                                     : NULL;
    const char *text = symbol == NULL ? "this" : syntax_text_of(checker->context, expr->place);
    struct diagnostic *unknown =
        diag_report(checker->queue, DIAG_MAY_BE_UNKNOWN, expr->place,
                    symbol == NULL ? "%s may have no value" : "`%s` may have no value", text);
    if (symbol == NULL)
        diag_help(checker->queue, unknown, "provide a fallback: `(...) else ...`");
    else
        diag_help(checker->queue, unknown,
                  "provide a fallback: `(%s else ...)`, or test `%s is known` first", text, text);
    if (symbol != NULL && symbol->class == SEMA_SETTING)
        diag_label(unknown, symbol->place, "set only under a condition");
    return expr->type = sema_error();
}

const struct sema_type *sema_value(struct sema_checker *checker, struct syntax_expr *expr,
                                   const struct sema_type *expected)
{
    sema_expr(checker, expr, expected);
    return require_value(checker, expr);
}

void sema_condition(struct sema_checker *checker, struct syntax_expr *expr)
{
    sema_value(checker, expr, NULL);
    sema_accept(checker, expr, sema_scalar(IMAGE_BOOL), "a condition");
}

const struct sema_type *sema_declared(struct sema_checker *checker, struct syntax_expr *expr,
                                      const struct sema_type *declared, const char *what)
{
    if (declared == NULL || declared->optional)
        sema_expr(checker, expr, declared);
    else
        sema_value(checker, expr, declared);
    if (declared == NULL)
        return expr->type;
    sema_accept(checker, expr, declared, what);
    return declared;
}

/* --- operators --- */

const struct sema_type *sema_mixed(struct sema_checker *checker, const struct syntax_expr *expr,
                                   const struct sema_type *a, const char *verb,
                                   const struct sema_type *b)
{
    struct diagnostic *mixed = diag_report(checker->queue, DIAG_WRONG_UNITS, expr->place,
                                           "%s %s %s", sema_type_word(a), verb, sema_type_word(b));
    bool a_int = a->kind == IMAGE_INT, b_int = b->kind == IMAGE_INT;
    enum image_kind other = a_int ? b->kind : a->kind;
    if ((a_int || b_int) && (other == IMAGE_BYTES || other == IMAGE_TIME))
        diag_help(checker->queue, mixed, "add a unit to the number, such as %s",
                  other == IMAGE_BYTES ? "MB" : "s");
    else if (a->kind == IMAGE_ENUM && b->kind == IMAGE_ENUM)
        diag_note(checker->queue, mixed, "`%s` and `%s` are different enums", a->enumeration->name,
                  b->enumeration->name);
    else if (expr->class == SYNTAX_BINARY && a->kind == IMAGE_TEXT && b->kind == IMAGE_TEXT)
        diag_help(checker->queue, mixed, "interpolate both into one text: \"\\(...)\\(...)\"");
    return sema_error();
}

/* A quantity times or divided by a ratio or an int keeps its kind; two quantities of one kind
 * divide to a ratio; all else, such as bytes * bytes, has no unit in the language. */
static const struct sema_type *product_type(struct sema_checker *checker,
                                            const struct syntax_expr *expr,
                                            const struct sema_type *a, const struct sema_type *b)
{
    bool divides = expr->binary.op == SYNTAX_DIV;
    const char *verb = divides ? "cannot be divided by" : "cannot be multiplied by";
    bool a_plain = a->kind == IMAGE_INT || a->kind == IMAGE_RATIO;
    bool b_plain = b->kind == IMAGE_INT || b->kind == IMAGE_RATIO;
    if (!sema_is_number(a) || !sema_is_number(b))
        return sema_mixed(checker, expr, a, verb, b);
    if (a_plain && b_plain)
        return sema_scalar(!divides && a->kind == IMAGE_INT && b->kind == IMAGE_INT ? IMAGE_INT
                                                                                    : IMAGE_RATIO);
    if (b_plain)
        return sema_scalar(a->kind);
    if (a_plain && !divides)
        return sema_scalar(b->kind);
    if (divides && a->kind == b->kind)
        return sema_scalar(IMAGE_RATIO);
    return sema_mixed(checker, expr, a, verb, b);
}

bool sema_is_bare(struct sema_checker *checker, const struct syntax_expr *expr)
{
    return expr->class == SYNTAX_NAME && sema_lookup(checker, expr->name.name) == NULL;
}

/* Both sides of a comparison; a bare enum member on one side gets the type of the other side. */
static void check_sides(struct sema_checker *checker, struct syntax_expr *left,
                        struct syntax_expr *right)
{
    if (sema_is_bare(checker, left)) {
        const struct sema_type *type = sema_value(checker, right, NULL);
        sema_value(checker, left, type);
    } else {
        const struct sema_type *type = sema_value(checker, left, NULL);
        sema_value(checker, right, type);
    }
}

/* Whether values of this type can be compared: scalars and lists of them, but no secrets. */
static bool check_comparable(struct sema_checker *checker, struct base_place place,
                             const struct sema_type *type)
{
    const struct sema_type *element = type->form == SEMA_LIST_OF ? type->element : type;
    if (type->error || element->error)
        return false;
    if (element->secret)
        diag_report(checker->queue, DIAG_SECRET_USED, place,
                    "a secret cannot be compared, as the result would reveal it");
    else if (element->form != SEMA_SCALAR)
        diag_report(checker->queue, DIAG_WRONG_TYPE, place,
                    element == type ? "%s cannot be compared" : "a list of %s cannot be compared",
                    sema_type_word(element));
    return !element->secret && element->form == SEMA_SCALAR;
}

static const struct sema_type *comparison_type(struct sema_checker *checker,
                                               struct syntax_expr *expr)
{
    const struct syntax_expr *left = expr->binary.left, *right = expr->binary.right;
    check_sides(checker, expr->binary.left, expr->binary.right);
    const struct sema_type *joined = sema_join(checker, left->type, right->type);
    if (joined == NULL)
        return sema_mixed(checker, expr, left->type, SEMA_COMPARED, right->type);
    if (!check_comparable(checker, expr->place, joined))
        return sema_error();
    bool equality = expr->binary.op == SYNTAX_EQ || expr->binary.op == SYNTAX_NE;
    if (!equality && !sema_is_number(joined)) {
        diag_report(checker->queue, DIAG_WRONG_TYPE, expr->place,
                    "%s values have no order; compare them with == or !=", sema_type_word(joined));
        return sema_error();
    }
    return sema_scalar(IMAGE_BOOL);
}

/* `workload is dw or mixed` is two tests of a member: the bare word after `or` gets the subject of
 * the test before it. The node is rewritten, so later stages see only full tests. */
static void continue_is(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct syntax_expr *left = expr->binary.left;
    struct syntax_expr *right = expr->binary.right;
    while (left->class == SYNTAX_BINARY && left->binary.op == SYNTAX_OR)
        left = left->binary.right;
    if (left->class != SYNTAX_IS || left->is.class != SYNTAX_IS_MEMBER || left->is.negated ||
        !sema_is_bare(checker, right))
        return;
    struct syntax_word member = {right->name.name, right->place};
    right->class = SYNTAX_IS;
    right->is.class = SYNTAX_IS_MEMBER;
    right->is.negated = false;
    right->is.of = left->is.of;
    right->is.member = member;
}

/* The right side of `and` is evaluated only if the left one is true, and that of `or` only if it is
 * false, so it may rely on what the left side has tested. */
static const struct sema_type *check_logic(struct sema_checker *checker, struct syntax_expr *expr)
{
    sema_condition(checker, expr->binary.left);
    bool and = expr->binary.op == SYNTAX_AND;
    if (!and)
        continue_is(checker, expr);
    struct sema_scope *outer = checker->known;
    checker->known = sema_known_by(checker, expr->binary.left, and, outer);
    sema_condition(checker, expr->binary.right);
    checker->known = outer;
    return sema_scalar(IMAGE_BOOL);
}

/* Lists, maps and data can be added; records cannot. */
static bool is_sum_of_lists(const struct sema_type *type)
{
    return type->form == SEMA_SCALAR ? type->kind == IMAGE_LIST : type->form != SEMA_RECORD;
}

static const struct sema_type *check_binary(struct sema_checker *checker, struct syntax_expr *expr,
                                            const struct sema_type *expected)
{
    switch (expr->binary.op) {
    case SYNTAX_OR:
    case SYNTAX_AND:
        return check_logic(checker, expr);
    case SYNTAX_EQ:
    case SYNTAX_NE:
    case SYNTAX_LT:
    case SYNTAX_LE:
    case SYNTAX_GT:
    case SYNTAX_GE:
        return comparison_type(checker, expr);
    default:
        break;
    }
    /* The type expected of a sum of lists or maps is expected of both operands. */
    if (expr->binary.op != SYNTAX_ADD || (expected != NULL && expected->form == SEMA_SCALAR))
        expected = NULL;
    const struct sema_type *a = sema_value(checker, expr->binary.left, expected);
    const struct sema_type *b = sema_value(checker, expr->binary.right, expected);
    if (a->error || b->error)
        return sema_error();
    if (expr->binary.op == SYNTAX_MUL || expr->binary.op == SYNTAX_DIV)
        return product_type(checker, expr, a, b);
    const struct sema_type *joined = sema_join(checker, a, b);
    bool lists = expr->binary.op == SYNTAX_ADD && joined != NULL && is_sum_of_lists(joined);
    if (joined == NULL || (!sema_is_number(joined) && !lists))
        return expr->binary.op == SYNTAX_ADD ? sema_mixed(checker, expr, b, "cannot be added to", a)
               : expr->binary.op == SYNTAX_SUB
                   ? sema_mixed(checker, expr, b, "cannot be subtracted from", a)
                   : sema_mixed(checker, expr, a, "cannot be divided by", b);
    return joined;
}

static const struct sema_type *check_unary(struct sema_checker *checker, struct syntax_expr *expr)
{
    if (expr->binary.op == SYNTAX_NOT) {
        sema_condition(checker, expr->binary.right);
        return sema_scalar(IMAGE_BOOL);
    }
    const struct sema_type *type = sema_value(checker, expr->binary.right, NULL);
    if (sema_is_number(type))
        return type;
    diag_report(checker->queue, DIAG_WRONG_TYPE, expr->place, "%s cannot be negated",
                sema_type_word(type));
    return sema_error();
}

/* --- tests of membership and presence --- */

static const struct sema_type *check_is(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *of = sema_expr(checker, expr->is.of, NULL);
    if (of->error)
        return sema_error();
    const struct syntax_expr *subject = expr->is.of;
    if (expr->is.class == SYNTAX_IS_GIVEN) {
        if (subject->class == SYNTAX_NAME && subject->name.symbol != NULL &&
            subject->name.symbol->class == SEMA_INPUT)
            return sema_scalar(IMAGE_BOOL);
        diag_report(checker->queue, DIAG_WRONG_TYPE, subject->place,
                    "`is given` expects a fact or an option");
        return sema_error();
    }
    if (expr->is.class == SYNTAX_IS_KNOWN)
        return sema_scalar(IMAGE_BOOL);
    if (require_value(checker, expr->is.of)->error)
        return sema_error();
    if (of->kind != IMAGE_ENUM) {
        struct diagnostic *not =
            diag_report(checker->queue, DIAG_NOT_AN_ENUM, subject->place,
                        "`is` expects an enum, but this is %s", sema_type_word(of));
        diag_help(checker->queue, not, "compare with `==`");
        return sema_error();
    }
    if (sema_has_member(of->enumeration, expr->is.member.text))
        return sema_scalar(IMAGE_BOOL);
    sema_unknown_member(checker, expr->is.member, of->enumeration);
    return sema_error();
}

/* Whether the left side of `in` can be compared with an element of the right side. */
static bool check_member(struct sema_checker *checker, const struct syntax_expr *expr,
                         const struct sema_type *of, const struct sema_type *element)
{
    const struct sema_type *joined = sema_join(checker, of, element);
    if (joined == NULL)
        sema_mixed(checker, expr, of, SEMA_COMPARED, element);
    else if (joined->form == SEMA_LIST_OF)
        diag_report(checker->queue, DIAG_WRONG_TYPE, expr->place,
                    "`in` expects a single value, but this is a list");
    return joined != NULL && joined->form != SEMA_LIST_OF &&
           check_comparable(checker, expr->place, joined);
}

static const struct sema_type *check_in(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *of = sema_value(checker, expr->in.of, NULL);
    if (expr->in.list->class == SYNTAX_LIST) {
        expr->in.list->type = sema_scalar(IMAGE_LIST);
        for (size_t i = 0; i < expr->in.list->list.elements.count; i++) {
            struct syntax_expr *element = expr->in.list->list.elements.items[i];
            sema_value(checker, element, of);
            if (!check_member(checker, element, of, element->type))
                return sema_error();
        }
        return sema_scalar(IMAGE_BOOL);
    }
    const struct sema_type *list = sema_value(checker, expr->in.list, NULL);
    if (list->error || of->error)
        return sema_error();
    if (list->form == SEMA_LIST_OF || list->form == SEMA_MAP_OF) {
        const struct sema_type *element =
            list->form == SEMA_MAP_OF ? sema_scalar(IMAGE_TEXT) : list->element;
        return check_member(checker, expr->in.of, of, element) ? sema_scalar(IMAGE_BOOL)
                                                               : sema_error();
    }
    if (!sema_accept(checker, expr->in.list, sema_scalar(IMAGE_LIST), "the right side of `in`"))
        return sema_error();
    if (of->kind != IMAGE_ENUM &&
        !sema_accept(checker, expr->in.of, sema_scalar(IMAGE_TEXT), "an element of a list of text"))
        return sema_error();
    return sema_scalar(IMAGE_BOOL);
}

struct sema_scope *sema_known_by(struct sema_checker *checker, const struct syntax_expr *condition,
                                 bool holds, struct sema_scope *outer)
{
    if (condition->class == SYNTAX_IS && condition->is.class == SYNTAX_IS_KNOWN &&
        condition->is.negated != holds)
        return sema_push_known(checker, outer, condition->is.of);
    if (condition->class == SYNTAX_UNARY && condition->binary.op == SYNTAX_NOT)
        return sema_known_by(checker, condition->binary.right, !holds, outer);
    enum syntax_operator both = holds ? SYNTAX_AND : SYNTAX_OR;
    if (condition->class == SYNTAX_BINARY && condition->binary.op == both) {
        outer = sema_known_by(checker, condition->binary.left, holds, outer);
        return sema_known_by(checker, condition->binary.right, holds, outer);
    }
    return outer;
}

/* Limits and rounding */

static const struct sema_type *check_limit(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *type = sema_value(checker, expr->limit.of, NULL);
    struct syntax_expr *const bounds[] = {expr->limit.low, expr->limit.high};
    for (size_t i = 0; i < 2; i++) {
        if (bounds[i] == NULL)
            continue;
        const struct sema_type *bound = sema_value(checker, bounds[i], NULL);
        const struct sema_type *joined = sema_join(checker, type, bound);
        if (joined == NULL || !sema_is_number(joined))
            return sema_mixed(checker, bounds[i], type, SEMA_COMPARED, bound);
        type = joined;
    }
    return type;
}

static const struct sema_type *check_round(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *type = sema_value(checker, expr->round.of, NULL);
    const struct sema_type *grain = sema_value(checker, expr->round.grain, NULL);
    if (type->error || grain->error)
        return sema_error();
    if (type->kind == IMAGE_RATIO && grain->kind == IMAGE_INT)
        return sema_scalar(IMAGE_INT);
    if (type->kind == grain->kind && sema_is_number(type))
        return type;
    return sema_mixed(checker, expr->round.grain, type, "cannot be rounded to", grain);
}

static const struct sema_type *check_class(struct sema_checker *checker, struct syntax_expr *expr,
                                           const struct sema_type *expected)
{
    switch (expr->class) {
    case SYNTAX_ERROR:
        return sema_error();
    case SYNTAX_QUANTITY:
        return sema_scalar(expr->quantity.kind);
    case SYNTAX_TRUTH:
        return sema_scalar(IMAGE_BOOL);
    case SYNTAX_TEXT:
        return sema_text(checker, expr, expected);
    case SYNTAX_NAME:
        return sema_name(checker, expr, expected);
    case SYNTAX_FIELD:
        return sema_field(checker, expr);
    case SYNTAX_CALL:
        return sema_call(checker, expr, expected);
    case SYNTAX_FILE:
        return sema_include(checker, expr);
    case SYNTAX_LIST:
        return sema_list(checker, expr, expected);
    case SYNTAX_MAP:
        return sema_map(checker, expr, expected);
    case SYNTAX_COMPREHENSION:
        return sema_comprehension(checker, expr, expected);
    case SYNTAX_UNARY:
        return check_unary(checker, expr);
    case SYNTAX_BINARY:
        return check_binary(checker, expr, expected);
    case SYNTAX_IS:
        return check_is(checker, expr);
    case SYNTAX_IN:
        return check_in(checker, expr);
    case SYNTAX_LIMIT:
        return check_limit(checker, expr);
    case SYNTAX_ROUND:
        return check_round(checker, expr);
    case SYNTAX_IF:
        return sema_if(checker, expr, expected);
    case SYNTAX_MATCH:
        return sema_match(checker, expr, expected);
    case SYNTAX_CURVE:
        return sema_curve(checker, expr);
    case SYNTAX_ELSE:
        return sema_else(checker, expr, expected);
    }
    return sema_error();
}

const struct sema_type *sema_expr(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    expr->type = sema_error();
    if (++checker->depth > LIMIT_NESTING)
        diag_report(
            checker->queue, DIAG_TOO_DEEP, expr->place,
            "this expression is nested too deeply, including the definitions of the names it uses");
    else
        expr->type = check_class(checker, expr, expected);
    checker->depth--;
    return expr->type;
}
