/* Expressions: works out types, innermost first, and reports what does not go together. */
#include <string.h>

#include "sema/check.h"

/* Reports an expression, already checked, that may have no value where one is needed. */
static struct azs_type *present(struct azs_checker *checker, struct azp_expr *expr)
{
    if (expr->type->error || !expr->type->optional)
        return expr->type;
    const struct azs_symbol *symbol = expr->class == AZP_NAME    ? expr->name.symbol
                                      : expr->class == AZP_FIELD ? expr->field.symbol
                                                                 : NULL;
    const char *text = symbol == NULL ? "this" : azp_text_of(checker->context, expr->place);
    struct azd_diagnostic *unknown =
        azd_report(checker->queue, AZD_MAY_BE_UNKNOWN, expr->place,
                   symbol == NULL ? "%s may have no value" : "`%s` may have no value", text);
    if (symbol == NULL)
        azd_help(checker->queue, unknown, "say what holds then: `(...) else ...`");
    else
        azd_help(checker->queue, unknown,
                 "say what holds then: `(%s else ...)`, or ask `%s is known`", text, text);
    if (symbol != NULL && symbol->class == AZS_SETTING)
        azd_label(unknown, symbol->place, "set only under a condition");
    return expr->type = azs_error();
}

struct azs_type *azs_value(struct azs_checker *checker, struct azp_expr *expr,
                           struct azs_type *expected)
{
    azs_expr(checker, expr, expected);
    return present(checker, expr);
}

void azs_condition(struct azs_checker *checker, struct azp_expr *expr)
{
    azs_value(checker, expr, NULL);
    azs_accept(checker, expr, azs_scalar(AZB_BOOL), "a condition");
}

struct azs_type *azs_declared(struct azs_checker *checker, struct azp_expr *expr,
                              struct azs_type *declared, const char *what)
{
    if (declared == NULL || declared->optional)
        azs_expr(checker, expr, declared);
    else
        azs_value(checker, expr, declared);
    if (declared == NULL)
        return expr->type;
    azs_accept(checker, expr, declared, what);
    return declared;
}

/* Operators */

struct azs_type *azs_mixed(struct azs_checker *checker, const struct azp_expr *expr,
                           const struct azs_type *a, const char *verb, const struct azs_type *b)
{
    struct azd_diagnostic *mixed = azd_report(checker->queue, AZD_WRONG_UNITS, expr->place,
                                              "%s %s %s", azs_type_word(a), verb, azs_type_word(b));
    bool a_int = a->kind == AZB_INT, b_int = b->kind == AZB_INT;
    enum azb_kind other = a_int ? b->kind : a->kind;
    if ((a_int || b_int) && (other == AZB_BYTES || other == AZB_TIME))
        azd_help(checker->queue, mixed, "give the number a unit, such as %s",
                 other == AZB_BYTES ? "MB" : "s");
    else if (a->kind == AZB_ENUM && b->kind == AZB_ENUM)
        azd_note(checker->queue, mixed, "`%s` and `%s` have each their own values",
                 a->enumeration->name, b->enumeration->name);
    else if (expr->class == AZP_BINARY && a->kind == AZB_TEXT && b->kind == AZB_TEXT)
        azd_help(checker->queue, mixed, "write both into one: \"\\(...)\\(...)\"");
    return azs_error();
}

/* X * ratio and X / ratio keep X; so do int counts; alike quantities divide to a ratio. */
static struct azs_type *product_type(struct azs_checker *checker, const struct azp_expr *expr,
                                     struct azs_type *a, struct azs_type *b)
{
    bool divides = expr->binary.op == AZP_DIV;
    const char *verb = divides ? "cannot be divided by" : "cannot be multiplied by";
    bool a_plain = a->kind == AZB_INT || a->kind == AZB_RATIO;
    bool b_plain = b->kind == AZB_INT || b->kind == AZB_RATIO;
    if (!azs_is_number(a) || !azs_is_number(b))
        return azs_mixed(checker, expr, a, verb, b);
    if (a_plain && b_plain)
        return azs_scalar(!divides && a->kind == AZB_INT && b->kind == AZB_INT ? AZB_INT
                                                                               : AZB_RATIO);
    if (b_plain)
        return azs_scalar(a->kind);
    if (a_plain && !divides)
        return azs_scalar(b->kind);
    if (divides && a->kind == b->kind)
        return azs_scalar(AZB_RATIO);
    return azs_mixed(checker, expr, a, verb, b);
}

bool azs_is_bare(struct azs_checker *checker, const struct azp_expr *expr)
{
    return expr->class == AZP_NAME && azs_lookup(checker, expr->name.name) == NULL;
}

/* Both sides; a bare member on one side is understood by the other side's type. */
static void check_sides(struct azs_checker *checker, struct azp_expr *left, struct azp_expr *right)
{
    if (azs_is_bare(checker, left)) {
        struct azs_type *type = azs_value(checker, right, NULL);
        azs_value(checker, left, type);
    } else {
        struct azs_type *type = azs_value(checker, left, NULL);
        azs_value(checker, right, type);
    }
}

/* Whether values of this type may be told apart: scalars, and lists of them, but no secrets. */
static bool check_comparable(struct azs_checker *checker, struct aza_place place,
                             const struct azs_type *type)
{
    const struct azs_type *element = type->form == AZS_LIST_OF ? type->element : type;
    if (type->error || element->error)
        return false;
    if (element->secret)
        azd_report(checker->queue, AZD_SECRET_USED, place,
                   "a secret cannot be compared: what follows from it would tell of it");
    else if (element->form != AZS_SCALAR)
        azd_report(checker->queue, AZD_WRONG_TYPE, place,
                   element == type ? "%s cannot be compared" : "a list of %s cannot be compared",
                   azs_type_word(element));
    return !element->secret && element->form == AZS_SCALAR;
}

static struct azs_type *comparison_type(struct azs_checker *checker, struct azp_expr *expr)
{
    const struct azp_expr *left = expr->binary.left, *right = expr->binary.right;
    check_sides(checker, expr->binary.left, expr->binary.right);
    struct azs_type *joined = azs_join(checker, left->type, right->type);
    if (joined == NULL)
        return azs_mixed(checker, expr, left->type, AZS_COMPARED, right->type);
    if (!check_comparable(checker, expr->place, joined))
        return azs_error();
    bool equality = expr->binary.op == AZP_EQ || expr->binary.op == AZP_NE;
    if (!equality && !azs_is_number(joined)) {
        azd_report(checker->queue, AZD_WRONG_TYPE, expr->place,
                   "%s has no order: only == and != compare it", azs_type_word(joined));
        return azs_error();
    }
    return azs_scalar(AZB_BOOL);
}

/* `workload is dw or mixed` reads as two member tests: the bare word after `or` takes over the
 * subject of the test before it. */
static void continue_is(struct azs_checker *checker, struct azp_expr *expr)
{
    const struct azp_expr *left = expr->binary.left;
    struct azp_expr *right = expr->binary.right;
    while (left->class == AZP_BINARY && left->binary.op == AZP_OR)
        left = left->binary.right;
    if (left->class != AZP_IS || left->is.class != AZP_IS_MEMBER || left->is.negated ||
        !azs_is_bare(checker, right))
        return;
    struct azp_word member = {right->name.name, right->place};
    right->class = AZP_IS;
    right->is.class = AZP_IS_MEMBER;
    right->is.negated = false;
    right->is.of = left->is.of;
    right->is.member = member;
}

static struct azs_type *check_logic(struct azs_checker *checker, struct azp_expr *expr)
{
    azs_condition(checker, expr->binary.left);
    bool and = expr->binary.op == AZP_AND;
    if (!and)
        continue_is(checker, expr);
    struct azs_scope *outer = checker->known;
    checker->known = azs_known_by(checker, expr->binary.left, and, outer);
    azs_condition(checker, expr->binary.right);
    checker->known = outer;
    return azs_scalar(AZB_BOOL);
}

static bool is_sum_of_lists(const struct azs_type *type)
{
    return type->form == AZS_SCALAR ? type->kind == AZB_LIST : type->form != AZS_RECORD;
}

static struct azs_type *check_binary(struct azs_checker *checker, struct azp_expr *expr,
                                     struct azs_type *expected)
{
    switch (expr->binary.op) {
    case AZP_OR:
    case AZP_AND:
        return check_logic(checker, expr);
    case AZP_EQ:
    case AZP_NE:
    case AZP_LT:
    case AZP_LE:
    case AZP_GT:
    case AZP_GE:
        return comparison_type(checker, expr);
    default:
        break;
    }
    /* What is expected of a sum of lists or maps is expected of both its parts. */
    if (expr->binary.op != AZP_ADD || (expected != NULL && expected->form == AZS_SCALAR))
        expected = NULL;
    struct azs_type *a = azs_value(checker, expr->binary.left, expected);
    struct azs_type *b = azs_value(checker, expr->binary.right, expected);
    if (a->error || b->error)
        return azs_error();
    if (expr->binary.op == AZP_MUL || expr->binary.op == AZP_DIV)
        return product_type(checker, expr, a, b);
    struct azs_type *joined = azs_join(checker, a, b);
    bool lists = expr->binary.op == AZP_ADD && joined != NULL && is_sum_of_lists(joined);
    if (joined == NULL || (!azs_is_number(joined) && !lists))
        return expr->binary.op == AZP_ADD ? azs_mixed(checker, expr, b, "cannot be added to", a)
               : expr->binary.op == AZP_SUB
                   ? azs_mixed(checker, expr, b, "cannot be subtracted from", a)
                   : azs_mixed(checker, expr, a, "cannot be divided by", b);
    return joined;
}

static struct azs_type *check_unary(struct azs_checker *checker, struct azp_expr *expr)
{
    if (expr->binary.op == AZP_NOT) {
        azs_condition(checker, expr->binary.right);
        return azs_scalar(AZB_BOOL);
    }
    struct azs_type *type = azs_value(checker, expr->binary.right, NULL);
    if (azs_is_number(type))
        return type;
    azd_report(checker->queue, AZD_WRONG_TYPE, expr->place, "%s has no negative",
               azs_type_word(type));
    return azs_error();
}

/* Tests of membership and presence */

static struct azs_type *check_is(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *of = azs_expr(checker, expr->is.of, NULL);
    if (of->error)
        return azs_error();
    const struct azp_expr *subject = expr->is.of;
    if (expr->is.class == AZP_IS_GIVEN) {
        if (subject->class == AZP_NAME && subject->name.symbol != NULL &&
            subject->name.symbol->class == AZS_INPUT)
            return azs_scalar(AZB_BOOL);
        azd_report(checker->queue, AZD_WRONG_TYPE, subject->place,
                   "only a fact or an option can be given");
        return azs_error();
    }
    if (expr->is.class == AZP_IS_KNOWN)
        return azs_scalar(AZB_BOOL);
    if (present(checker, expr->is.of)->error)
        return azs_error();
    if (of->kind != AZB_ENUM) {
        struct azd_diagnostic *not =
            azd_report(checker->queue, AZD_NOT_AN_ENUM, subject->place,
                       "`is` asks for a member of an enum, and this is %s", azs_type_word(of));
        azd_help(checker->queue, not, "compare with `==`");
        return azs_error();
    }
    if (azs_has_member(of->enumeration, expr->is.member.text))
        return azs_scalar(AZB_BOOL);
    azs_unknown_member(checker, expr->is.member, of->enumeration);
    return azs_error();
}

/* What is looked for, and what it is compared with. */
static bool check_member(struct azs_checker *checker, const struct azp_expr *expr,
                         struct azs_type *of, struct azs_type *element)
{
    struct azs_type *joined = azs_join(checker, of, element);
    if (joined == NULL)
        azs_mixed(checker, expr, of, AZS_COMPARED, element);
    else if (joined->form == AZS_LIST_OF)
        azd_report(checker->queue, AZD_WRONG_TYPE, expr->place,
                   "`in` looks for one value, and this is a list");
    return joined != NULL && joined->form != AZS_LIST_OF &&
           check_comparable(checker, expr->place, joined);
}

static struct azs_type *check_in(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *of = azs_value(checker, expr->in.of, NULL);
    if (expr->in.list->class == AZP_LIST) {
        expr->in.list->type = azs_scalar(AZB_LIST);
        for (size_t i = 0; i < expr->in.list->list.elements.count; i++) {
            struct azp_expr *element = expr->in.list->list.elements.items[i];
            azs_value(checker, element, of);
            if (!check_member(checker, element, of, element->type))
                return azs_error();
        }
        return azs_scalar(AZB_BOOL);
    }
    struct azs_type *list = azs_value(checker, expr->in.list, NULL);
    if (list->error || of->error)
        return azs_error();
    if (list->form == AZS_LIST_OF || list->form == AZS_MAP_OF) {
        struct azs_type *element = list->form == AZS_MAP_OF ? azs_scalar(AZB_TEXT) : list->element;
        return check_member(checker, expr->in.of, of, element) ? azs_scalar(AZB_BOOL) : azs_error();
    }
    if (!azs_accept(checker, expr->in.list, azs_scalar(AZB_LIST), "what follows `in`"))
        return azs_error();
    if (of->kind != AZB_ENUM &&
        !azs_accept(checker, expr->in.of, azs_scalar(AZB_TEXT), "an element of a list of text"))
        return azs_error();
    return azs_scalar(AZB_BOOL);
}

struct azs_scope *azs_known_by(struct azs_checker *checker, const struct azp_expr *condition,
                               bool holds, struct azs_scope *outer)
{
    if (condition->class == AZP_IS && condition->is.class == AZP_IS_KNOWN &&
        condition->is.negated != holds)
        return azs_push_known(checker, outer, condition->is.of);
    if (condition->class == AZP_UNARY && condition->binary.op == AZP_NOT)
        return azs_known_by(checker, condition->binary.right, !holds, outer);
    enum azp_operator both = holds ? AZP_AND : AZP_OR;
    if (condition->class == AZP_BINARY && condition->binary.op == both) {
        outer = azs_known_by(checker, condition->binary.left, holds, outer);
        return azs_known_by(checker, condition->binary.right, holds, outer);
    }
    return outer;
}

/* Limits and rounding */

static struct azs_type *check_limit(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *type = azs_value(checker, expr->limit.of, NULL);
    struct azp_expr *const bounds[] = {expr->limit.low, expr->limit.high};
    for (size_t i = 0; i < 2; i++) {
        if (bounds[i] == NULL)
            continue;
        struct azs_type *bound = azs_value(checker, bounds[i], NULL);
        struct azs_type *joined = azs_join(checker, type, bound);
        if (joined == NULL || !azs_is_number(joined))
            return azs_mixed(checker, bounds[i], type, AZS_COMPARED, bound);
        type = joined;
    }
    return type;
}

static struct azs_type *check_round(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *type = azs_value(checker, expr->round.of, NULL);
    struct azs_type *grain = azs_value(checker, expr->round.grain, NULL);
    if (type->error || grain->error)
        return azs_error();
    if (type->kind == AZB_RATIO && grain->kind == AZB_INT)
        return azs_scalar(AZB_INT);
    if (type->kind == grain->kind && azs_is_number(type))
        return type;
    return azs_mixed(checker, expr->round.grain, type, "cannot be rounded to", grain);
}

static struct azs_type *check_class(struct azs_checker *checker, struct azp_expr *expr,
                                    struct azs_type *expected)
{
    switch (expr->class) {
    case AZP_ERROR:
        return azs_error();
    case AZP_QUANTITY:
        return azs_scalar(expr->quantity.kind);
    case AZP_TRUTH:
        return azs_scalar(AZB_BOOL);
    case AZP_TEXT:
        return azs_text(checker, expr, expected);
    case AZP_NAME:
        return azs_name(checker, expr, expected);
    case AZP_FIELD:
        return azs_field(checker, expr);
    case AZP_CALL:
        return azs_call(checker, expr, expected);
    case AZP_LIST:
        return azs_list(checker, expr, expected);
    case AZP_MAP:
        return azs_map(checker, expr, expected);
    case AZP_COMPREHENSION:
        return azs_comprehension(checker, expr, expected);
    case AZP_UNARY:
        return check_unary(checker, expr);
    case AZP_BINARY:
        return check_binary(checker, expr, expected);
    case AZP_IS:
        return check_is(checker, expr);
    case AZP_IN:
        return check_in(checker, expr);
    case AZP_LIMIT:
        return check_limit(checker, expr);
    case AZP_ROUND:
        return check_round(checker, expr);
    case AZP_IF:
        return azs_if(checker, expr, expected);
    case AZP_MATCH:
        return azs_match(checker, expr, expected);
    case AZP_CURVE:
        return azs_curve(checker, expr);
    case AZP_ELSE:
        return azs_else(checker, expr, expected);
    }
    return azs_error();
}

struct azs_type *azs_expr(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    expr->type = azs_error();
    if (++checker->depth > AZA_NESTING_MAX)
        azd_report(checker->queue, AZD_TOO_DEEP, expr->place,
                   "this is nested too deeply, counting the definitions of the names in use");
    else
        expr->type = check_class(checker, expr, expected);
    checker->depth--;
    return expr->type;
}
