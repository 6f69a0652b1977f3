/* Expressions that choose: if, match, curve, else. */
#include "sema/check.h"

/* All branches of an if or a match; bare members wait for the others' type. */
static struct azs_type *check_branches(struct azs_checker *checker, struct azp_expr *const *values,
                                       size_t count, struct azs_type *expected,
                                       struct azs_scope *const *known)
{
    struct azs_type *type = NULL;
    const struct azp_expr *first = NULL;
    struct azs_scope *outer = checker->known;
    for (int bare = 0; bare < 2; bare++)
        for (size_t i = 0; i < count; i++) {
            bool waits = expected == NULL && azs_is_bare(checker, values[i]);
            if (waits != (bool)bare)
                continue;
            checker->known = known == NULL ? outer : known[i];
            struct azs_type *branch =
                azs_expr(checker, values[i], expected != NULL ? expected : type);
            checker->known = outer;
            struct azs_type *joined = type == NULL ? branch : azs_join(checker, type, branch);
            if (joined == NULL) {
                struct azd_diagnostic *differ =
                    azd_report(checker->queue, AZD_WRONG_TYPE, values[i]->place,
                               "this branch is %s, and another one is %s", azs_type_word(branch),
                               azs_type_word(type));
                azd_label(differ, first->place, "the other one");
                return azs_error();
            }
            first = first == NULL ? values[i] : first;
            type = joined;
        }
    return type;
}

struct azs_type *azs_if(struct azs_checker *checker, struct azp_expr *expr,
                        struct azs_type *expected)
{
    azs_condition(checker, expr->choice.condition);
    struct azp_expr *const values[] = {expr->choice.yes, expr->choice.no};
    struct azs_scope *const known[] = {
        azs_known_by(checker, expr->choice.condition, true, checker->known),
        azs_known_by(checker, expr->choice.condition, false, checker->known)};
    return check_branches(checker, values, 2, expected, known);
}

/* The arm that has the member already. */
static const struct azp_word *find_pattern(const struct azp_arms *arms, const char *member)
{
    for (size_t i = 0; i < arms->count; i++)
        for (size_t j = 0; j < arms->items[i]->patterns.count; j++)
            if (arms->items[i]->patterns.items[j].text == member)
                return &arms->items[i]->patterns.items[j];
    return NULL;
}

static bool check_pattern(struct azs_checker *checker, const struct azp_expr *expr,
                          const struct azs_enumeration *enumeration, const struct azp_word *word)
{
    if (!azs_has_member(enumeration, word->text)) {
        azs_unknown_member(checker, *word, enumeration);
        return false;
    }
    const struct azp_word *first = find_pattern(&expr->match.arms, word->text);
    if (first == word)
        return true;
    struct azd_diagnostic *again = azd_report(checker->queue, AZD_REPEATED_ARM, word->place,
                                              "`%s` has an arm already", word->text);
    azd_label(again, first->place, "this one");
    return false;
}

static bool check_patterns(struct azs_checker *checker, const struct azp_expr *expr,
                           const struct azs_enumeration *enumeration)
{
    bool fine = true, otherwise = false;
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct azp_arm *arm = expr->match.arms.items[i];
        if (otherwise) {
            azd_report(checker->queue, AZD_REPEATED_ARM, arm->place,
                       "nothing is left for an arm behind `else`");
            fine = false;
        }
        otherwise = otherwise || arm->patterns.count == 0;
        for (size_t j = 0; j < arm->patterns.count; j++)
            fine = check_pattern(checker, expr, enumeration, &arm->patterns.items[j]) && fine;
    }
    AZA_LIST(const char *) missing = {0};
    for (size_t m = 0; fine && !otherwise && m < enumeration->count; m++)
        if (find_pattern(&expr->match.arms, enumeration->members[m]) == NULL)
            *AZA_PUSH(checker->context->arena, &missing) = enumeration->members[m];
    if (missing.count == 0)
        return fine;
    struct azd_diagnostic *silent =
        azd_report(checker->queue, AZD_MISSING_ARM, expr->place, "this match says nothing about %s",
                   azs_words(checker, missing.items, missing.count));
    azd_help(checker->queue, silent, "add `%s: ...`, or an `else: ...` arm", missing.items[0]);
    return false;
}

struct azs_type *azs_match(struct azs_checker *checker, struct azp_expr *expr,
                           struct azs_type *expected)
{
    struct azs_type *of = azs_value(checker, expr->match.of, NULL);
    size_t count = expr->match.arms.count;
    struct azp_expr **values = aza_alloc(checker->context->arena, count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = expr->match.arms.items[i]->value;
    struct azs_type *type = check_branches(checker, values, count, expected, NULL);
    if (of->error)
        return azs_error();
    if (of->kind != AZB_ENUM) {
        struct azd_diagnostic *not =
            azd_report(checker->queue, AZD_NOT_AN_ENUM, expr->match.of->place,
                       "`match` needs an enum, and this is %s", azs_type_word(of));
        azd_help(checker->queue, not, "use `if ... then ... else ...`");
        return azs_error();
    }
    return check_patterns(checker, expr, of->enumeration) ? type : azs_error();
}

struct azs_type *azs_curve(struct azs_checker *checker, struct azp_expr *expr)
{
    struct azs_type *x = azs_value(checker, expr->curve.of, NULL);
    struct azs_type *y = NULL;
    azs_check_count(checker, expr->curve.points.count, expr->place, "points");
    if (!azs_is_number(x)) {
        azd_report(checker->queue, AZD_WRONG_TYPE, expr->curve.of->place,
                   "a curve runs along a number, and this is %s", azs_type_word(x));
        x = azs_error();
    }
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct azp_point *point = &expr->curve.points.items[i];
        struct azs_type *here = azs_value(checker, point->x, NULL);
        if (azs_join(checker, x, here) == NULL)
            return azs_mixed(checker, point->x, x, AZS_COMPARED, here);
        struct azs_type *value = azs_value(checker, point->y, NULL);
        struct azs_type *joined = y == NULL ? value : azs_join(checker, y, value);
        if (joined == NULL)
            return azs_mixed(checker, point->y, value, "cannot be joined to", y);
        y = joined;
    }
    if (azs_is_number(y))
        return x->error ? azs_error() : y;
    azd_report(checker->queue, AZD_WRONG_TYPE, expr->curve.points.items[0].y->place,
               "the points of a curve are numbers, and this is %s", azs_type_word(y));
    return azs_error();
}

struct azs_type *azs_else(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    struct azs_type *of = azs_expr(checker, expr->fallback.of, expected);
    struct azs_type *otherwise =
        azs_expr(checker, expr->fallback.otherwise, expected != NULL ? expected : of);
    struct azs_type *joined = azs_join(checker, of, otherwise);
    if (joined == NULL)
        return azs_mixed(checker, expr->fallback.otherwise, otherwise, "cannot stand in for", of);
    if (!of->error && !of->optional) {
        struct azd_diagnostic *never =
            azd_report(checker->queue, AZD_WRONG_TYPE, expr->fallback.of->place,
                       "this always has a value, so `else` is never used");
        azd_help(checker->queue, never, "remove the `else` part");
    }
    return azs_optional(checker, joined, otherwise->optional);
}
