/* Expressions that choose: if, match, curve, else.
 *
 * All branches must have a common type (sema_join). Each branch is checked with the knowledge that
 * its condition provides: after `if x is known then`, `x` is not optional. */
#include "sema/check.h"

/* The common type of the branches of an if or a match. Bare enum members have no type of their own,
 * so they are checked in a second pass, with the type of the other branches. `known` has the known
 * symbols of each branch, or is null. */
static const struct sema_type *check_branches(struct sema_checker *checker,
                                              struct syntax_expr *const *values, size_t count,
                                              const struct sema_type *expected,
                                              struct sema_scope *const *known)
{
    const struct sema_type *type = NULL;
    const struct syntax_expr *first = NULL;
    struct sema_scope *outer = checker->known;
    for (int bare = 0; bare < 2; bare++)
        for (size_t i = 0; i < count; i++) {
            bool waits = expected == NULL && sema_is_bare(checker, values[i]);
            if (waits != (bool)bare)
                continue;
            checker->known = known == NULL ? outer : known[i];
            const struct sema_type *branch =
                sema_expr(checker, values[i], expected != NULL ? expected : type);
            checker->known = outer;
            const struct sema_type *joined =
                type == NULL ? branch : sema_join(checker, type, branch);
            if (joined == NULL) {
                struct diagnostic *differ =
                    diag_report(checker->queue, DIAG_WRONG_TYPE, values[i]->place,
                                "this branch is %s, but another branch is %s",
                                sema_type_word(branch), sema_type_word(type));
                diag_label(differ, first->place, "other branch");
                return sema_error();
            }
            first = first == NULL ? values[i] : first;
            type = joined;
        }
    return type;
}

const struct sema_type *sema_if(struct sema_checker *checker, struct syntax_expr *expr,
                                const struct sema_type *expected)
{
    sema_condition(checker, expr->choice.condition);
    struct syntax_expr *const values[] = {expr->choice.yes, expr->choice.no};
    struct sema_scope *const known[] = {
        sema_known_by(checker, expr->choice.condition, true, checker->known),
        sema_known_by(checker, expr->choice.condition, false, checker->known)};
    return check_branches(checker, values, 2, expected, known);
}

/* The first pattern with that member. */
static const struct syntax_word *find_pattern(const struct syntax_arms *arms, const char *member)
{
    for (size_t i = 0; i < arms->count; i++)
        for (size_t j = 0; j < arms->items[i]->patterns.count; j++)
            if (arms->items[i]->patterns.items[j].text == member)
                return &arms->items[i]->patterns.items[j];
    return NULL;
}

static bool check_pattern(struct sema_checker *checker, const struct syntax_expr *expr,
                          const struct sema_enumeration *enumeration,
                          const struct syntax_word *word)
{
    if (!sema_has_member(enumeration, word->text)) {
        sema_unknown_member(checker, *word, enumeration);
        return false;
    }
    const struct syntax_word *first = find_pattern(&expr->match.arms, word->text);
    if (first == word)
        return true;
    struct diagnostic *again = diag_report(checker->queue, DIAG_REPEATED_ARM, word->place,
                                           "duplicate arm for `%s`", word->text);
    diag_label(again, first->place, "previous arm");
    return false;
}

/* Each member must have exactly one arm, unless there is an `else` arm, which must be the last.
 * Missing members are reported only if all patterns are correct: a misspelt one would be missing as
 * well. */
static bool check_patterns(struct sema_checker *checker, const struct syntax_expr *expr,
                           const struct sema_enumeration *enumeration)
{
    bool fine = true, otherwise = false;
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct syntax_arm *arm = expr->match.arms.items[i];
        if (otherwise) {
            diag_help(checker->queue,
                      diag_report(checker->queue, DIAG_REPEATED_ARM, arm->place,
                                  "unreachable arm: `else` already matches everything"),
                      "move it before `else`, or remove it");
            fine = false;
        }
        otherwise = otherwise || arm->patterns.count == 0;
        for (size_t j = 0; j < arm->patterns.count; j++)
            fine = check_pattern(checker, expr, enumeration, &arm->patterns.items[j]) && fine;
    }
    BASE_LIST(const char *) missing = {0};
    for (size_t m = 0; fine && !otherwise && m < enumeration->count; m++)
        if (find_pattern(&expr->match.arms, enumeration->members[m]) == NULL)
            *BASE_PUSH(checker->context->arena, &missing) = enumeration->members[m];
    if (missing.count == 0)
        return fine;
    struct diagnostic *silent =
        diag_report(checker->queue, DIAG_MISSING_ARM, expr->place, "this match does not cover %s",
                    sema_words(checker, missing.items, missing.count));
    diag_help(checker->queue, silent, "add `%s: ...`, or an `else: ...` arm", missing.items[0]);
    return false;
}

const struct sema_type *sema_match(struct sema_checker *checker, struct syntax_expr *expr,
                                   const struct sema_type *expected)
{
    const struct sema_type *of = sema_value(checker, expr->match.of, NULL);
    size_t count = expr->match.arms.count;
    struct syntax_expr **values = base_alloc(checker->context->arena, count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = expr->match.arms.items[i]->value;
    const struct sema_type *type = check_branches(checker, values, count, expected, NULL);
    if (of->error)
        return sema_error();
    if (of->kind != IMAGE_ENUM) {
        struct diagnostic *not =
            diag_report(checker->queue, DIAG_NOT_AN_ENUM, expr->match.of->place,
                        "`match` expects an enum, but this is %s", sema_type_word(of));
        diag_help(checker->queue, not, "use `if ... then ... else ...`");
        return sema_error();
    }
    return check_patterns(checker, expr, of->enumeration) ? type : sema_error();
}

const struct sema_type *sema_curve(struct sema_checker *checker, struct syntax_expr *expr)
{
    const struct sema_type *x = sema_value(checker, expr->curve.of, NULL);
    const struct sema_type *y = NULL;
    sema_check_count(checker, expr->curve.points.count, expr->place, "points");
    if (!sema_is_number(x)) {
        diag_report(checker->queue, DIAG_WRONG_TYPE, expr->curve.of->place,
                    "the input of a curve must be a number, but this is %s", sema_type_word(x));
        x = sema_error();
    }
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct syntax_point *point = &expr->curve.points.items[i];
        const struct sema_type *here = sema_value(checker, point->x, NULL);
        if (sema_join(checker, x, here) == NULL)
            return sema_mixed(checker, point->x, x, SEMA_COMPARED, here);
        const struct sema_type *value = sema_value(checker, point->y, NULL);
        const struct sema_type *joined = y == NULL ? value : sema_join(checker, y, value);
        if (joined == NULL)
            return sema_mixed(checker, point->y, value, "cannot be combined with", y);
        y = joined;
    }
    if (sema_is_number(y))
        return x->error ? sema_error() : y;
    diag_report(checker->queue, DIAG_WRONG_TYPE, expr->curve.points.items[0].y->place,
                "the values of a curve must be numbers, but this is %s", sema_type_word(y));
    return sema_error();
}

/* `a else b`: the value of `a` if it has one. An `else` after a value that is always present is an
 * error, since it is dead code that a reader would rely on. */
const struct sema_type *sema_else(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    const struct sema_type *of = sema_expr(checker, expr->fallback.of, expected);
    const struct sema_type *otherwise =
        sema_expr(checker, expr->fallback.otherwise, expected != NULL ? expected : of);
    const struct sema_type *joined = sema_join(checker, of, otherwise);
    if (joined == NULL)
        return sema_mixed(checker, expr->fallback.otherwise, otherwise,
                          "cannot be the fallback for", of);
    if (!of->error && !of->optional) {
        struct diagnostic *never =
            diag_report(checker->queue, DIAG_WRONG_TYPE, expr->fallback.of->place,
                        "this always has a value, so `else` is never used");
        diag_help(checker->queue, never, "remove the `else` part");
    }
    return sema_optional(checker, joined, otherwise->optional);
}
