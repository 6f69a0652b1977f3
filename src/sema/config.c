/* Configs: which settings they set, under which conditions, and whether two sets can apply at once.
 *
 * Configs go through three steps, each for all of them before the next: declaring (catalogue and
 * parent), linking (the list of settings with their sets), checking (values and conflicts). Linking
 * comes before any expression is checked, since an expression may name a setting of any config.
 *
 * A setting may be set several times if the conditions exclude one another. Whether they do is
 * decided by their shape alone, without knowing values: two sets conflict unless one is in the else
 * branch of the other's condition, or a conjunct of one contradicts a conjunct of the other (`x <
 * 4GB` and `x >= 4GB`, `a is b` and `a is c`). The test is incomplete on purpose: it is easy to
 * predict, and an author can always write `override` or an `else`. `override` sets form a second
 * layer that is compared only with itself.
 *
 * The number of comparisons grows with the square of the sets, so it is limited
 * (LIMIT_COMPARISONS). */
#include <string.h>

#include "sema/check.h"

const struct sema_setting *sema_find_setting(const struct sema_config *config, const char *name)
{
    for (; config != NULL; config = config->parent)
        for (size_t i = 0; i < config->settings.count; i++)
            if (strcasecmp(config->settings.items[i]->symbol->name, name) == 0)
                return config->settings.items[i];
    return NULL;
}

void sema_declare_config(struct sema_checker *checker, struct sema_config *config)
{
    const struct syntax_item *item = config->item;
    config->catalog = sema_catalog(checker, item->of);
    if (item->other.text == NULL)
        return;
    struct sema_config *parent = sema_find_config(checker, item->other.text);
    if (parent == NULL) {
        sema_unknown_config(checker, DIAG_BAD_PARENT, item->other);
        return;
    }
    for (const struct sema_config *c = parent; c != NULL; c = c->parent)
        if (c == config) {
            diag_report(checker->queue, DIAG_BAD_PARENT, item->other.place, "`%s` extends itself",
                        config->symbol->name);
            return;
        }
    if (parent->item->of.text != item->of.text) {
        struct diagnostic *other =
            diag_report(checker->queue, DIAG_BAD_PARENT, item->other.place,
                        "`%s` is a config of %s, but this one is of %s", item->other.text,
                        parent->item->of.text, item->of.text);
        diag_label(other, parent->item->of.place, "declared here");
        return;
    }
    config->parent = parent;
}

static const struct catalog_setting *find_in_catalog(struct sema_checker *checker,
                                                     const struct sema_config *config,
                                                     const struct syntax_item *set)
{
    if (config->catalog == NULL)
        return NULL;
    const struct catalog_setting *setting = catalog_find(config->catalog, set->name.text);
    if (setting == NULL) {
        struct diagnostic *unknown =
            diag_report(checker->queue, DIAG_UNKNOWN_SETTING, set->name.place,
                        "`%s` is not a setting of %s", set->name.text, config->catalog->name);
        const char *names[LIMIT_SETTINGS];
        size_t count = 0;
        while (count < config->catalog->count && count < LIMIT_SETTINGS) {
            names[count] = config->catalog->settings[count].name;
            count++;
        }
        sema_suggest_near(checker, unknown, set->name.text, names, count);
        if (unknown->help == NULL)
            diag_note(checker->queue, unknown, "the catalogue describes %s",
                      config->catalog->server);
        return NULL;
    }
    if (!setting->internal)
        return setting;
    struct diagnostic *internal = diag_report(checker->queue, DIAG_INTERNAL_SETTING,
                                              set->name.place, "`%s` is read-only", setting->name);
    diag_help(checker->queue, internal, "remove this line");
    return NULL;
}

static const struct sema_type *setting_type(struct sema_checker *checker,
                                            const struct catalog_setting *setting)
{
    if (setting->kind != IMAGE_ENUM)
        return sema_scalar(setting->kind);
    struct sema_enumeration *enumeration =
        BASE_NEW(checker->context->arena, struct sema_enumeration);
    enumeration->name = setting->name;
    enumeration->members = setting->members;
    enumeration->count = setting->member_count;
    return sema_enum(checker, enumeration);
}

/* The entry for a setting in this config, created at its first set. */
static struct sema_setting *own_setting(struct sema_checker *checker, struct sema_config *config,
                                        const struct catalog_setting *setting,
                                        struct syntax_item *set)
{
    for (size_t i = 0; i < config->settings.count; i++)
        if (config->settings.items[i]->setting == setting)
            return config->settings.items[i];
    struct sema_setting *own = BASE_NEW(checker->context->arena, struct sema_setting);
    struct syntax_word name = {setting->name, set->name.place};
    own->setting = setting;
    own->symbol = sema_new_symbol(checker, SEMA_SETTING, name, set);
    own->symbol->setting = setting;
    own->symbol->type = setting_type(checker, setting);
    own->symbol->index = config->symbol->index;
    *BASE_PUSH(checker->context->arena, &config->settings) = own;
    return own;
}

/* A setting that came with a later release than the catalogue's first. */
static void report_since(struct sema_checker *checker, const struct syntax_item *set,
                         const struct catalog_setting *setting)
{
    struct diagnostic *since =
        diag_report(checker->queue, DIAG_SINCE, set->name.place,
                    "`%s` exists only since version %d.%d; older servers reject it", setting->name,
                    (int)(setting->since / 10000), (int)(setting->since % 10000));
    for (size_t i = 0; i < checker->program->inputs.count; i++) {
        const struct sema_symbol *input = checker->program->inputs.items[i];
        for (size_t s = 0; s < input->item->sources.count; s++)
            if (base_text_is(input->item->sources.items[s].name.text, "server_version")) {
                diag_help(checker->queue, since,
                          input->type->optional ? "set it inside `when (%s else 0) >= %d { ... }`"
                                                : "set it inside `when %s >= %d { ... }`",
                          input->name, (int)setting->since);
                return;
            }
    }
    diag_help(checker->queue, since,
              "add `fact version: optional int { from server_version }`, and set it inside `when "
              "(version else 0) >= %d { ... }`",
              (int)setting->since);
}

/* Collects the sets of a config with the conditions around them. */
static void gather_sets(struct sema_checker *checker, struct sema_config *config,
                        const struct syntax_items *items, struct sema_path *path)
{
    for (size_t i = 0; i < items->count; i++) {
        struct syntax_item *item = items->items[i];
        if (item->class == SYNTAX_SET) {
            const struct catalog_setting *setting = find_in_catalog(checker, config, item);
            config->broken = config->broken || setting == NULL;
            if (setting == NULL)
                continue;
            struct sema_setting *own = own_setting(checker, config, setting, item);
            item->symbol = own->symbol;
            *BASE_PUSH(checker->context->arena, &own->sets) = (struct sema_set){item, path};
            if (setting->since > checker->program->oldest && path == NULL)
                report_since(checker, item, setting);
        } else if (item->class == SYNTAX_WHEN && path != NULL && path->depth == LIMIT_WHENS) {
            diag_report(checker->queue, DIAG_TOO_DEEP, item->name.place,
                        "this is nested in more than %d conditions", LIMIT_WHENS);
        } else if (item->class == SYNTAX_WHEN) {
            for (int otherwise = 0; otherwise < 2; otherwise++) {
                struct sema_path *inner = BASE_NEW(checker->context->arena, struct sema_path);
                *inner = (struct sema_path){item, (bool)otherwise, path,
                                            path == NULL ? 1 : path->depth + 1};
                gather_sets(checker, config, otherwise ? &item->otherwise : &item->body, inner);
            }
        }
    }
}

/* Whether the statements set it under all conditions: directly, or in both branches of a `when`. */
static bool sets_always(const struct syntax_items *items, const struct sema_symbol *symbol)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct syntax_item *item = items->items[i];
        if (item->class == SYNTAX_SET && item->symbol == symbol)
            return true;
        if (item->class == SYNTAX_WHEN && sets_always(&item->body, symbol) &&
            sets_always(&item->otherwise, symbol))
            return true;
    }
    return false;
}

void sema_link_config(struct sema_checker *checker, struct sema_config *config)
{
    gather_sets(checker, config, &config->item->body, NULL);
    for (size_t i = 0; i < config->settings.count; i++)
        config->settings.items[i]->covered =
            sets_always(&config->item->body, config->settings.items[i]->symbol);
}

/* --- whether two conditions exclude one another --- */

/* One conjunct of the conditions around a statement. Its parts are kept as interned source text, so
 * that equal ones are equal pointers. */
struct literal {
    const struct syntax_expr *expr;
    bool holds;
    const char *text, *left, *right; /* of a comparison its sides, of a test its subject */
    const struct literal *either;    /* two, of which at least one holds; else null */
};

BASE_LIST_OF(literals, struct literal);

static const char *interned_text(struct sema_checker *checker, const struct syntax_expr *expr)
{
    const char *text = syntax_text_of(checker->context, expr->place);
    return base_intern(checker->context->names, text, strlen(text));
}

static bool is_comparison(const struct syntax_expr *expr)
{
    return expr->class == SYNTAX_BINARY && expr->binary.op >= SYNTAX_EQ &&
           expr->binary.op <= SYNTAX_GE;
}

/* The subject of `is` or `in`, or null. */
static const struct syntax_expr *subject_of(const struct syntax_expr *expr)
{
    return expr->class == SYNTAX_IN ? expr->in.of : expr->class == SYNTAX_IS ? expr->is.of : NULL;
}

static struct literal make_literal(struct sema_checker *checker, const struct syntax_expr *expr,
                                   bool holds)
{
    while (expr->class == SYNTAX_UNARY && expr->binary.op == SYNTAX_NOT) {
        expr = expr->binary.right;
        holds = !holds;
    }
    struct literal literal = {.expr = expr, .holds = holds, .text = interned_text(checker, expr)};
    if (is_comparison(expr)) {
        literal.left = interned_text(checker, expr->binary.left);
        literal.right = interned_text(checker, expr->binary.right);
    } else if (subject_of(expr) != NULL) {
        literal.left = interned_text(checker, subject_of(expr));
    } else if (expr->class == SYNTAX_BINARY &&
               expr->binary.op == (holds ? SYNTAX_OR : SYNTAX_AND)) {
        struct literal *either = base_alloc(checker->context->arena, 2 * sizeof *either);
        either[0] = make_literal(checker, expr->binary.left, holds);
        either[1] = make_literal(checker, expr->binary.right, holds);
        literal.either = either;
    }
    return literal;
}

/* Splits a condition at its `and` (and, negated, at its `or`) into conjuncts. */
static void add_conjuncts(struct sema_checker *checker, const struct syntax_expr *expr, bool holds,
                          struct literals *list)
{
    if (expr->class == SYNTAX_UNARY && expr->binary.op == SYNTAX_NOT) {
        add_conjuncts(checker, expr->binary.right, !holds, list);
    } else if (expr->class == SYNTAX_BINARY &&
               expr->binary.op == (holds ? SYNTAX_AND : SYNTAX_OR)) {
        add_conjuncts(checker, expr->binary.left, holds, list);
        add_conjuncts(checker, expr->binary.right, holds, list);
    } else {
        *BASE_PUSH(checker->context->arena, list) = make_literal(checker, expr, holds);
    }
}

/* The operator of a comparison that holds: the opposite one where the comparison is negated. */
static enum syntax_operator operator_that_holds(const struct literal *literal)
{
    static const enum syntax_operator opposite[] = {
        [SYNTAX_EQ] = SYNTAX_NE, [SYNTAX_NE] = SYNTAX_EQ, [SYNTAX_LT] = SYNTAX_GE,
        [SYNTAX_LE] = SYNTAX_GT, [SYNTAX_GT] = SYNTAX_LE, [SYNTAX_GE] = SYNTAX_LT};
    enum syntax_operator written = literal->expr->binary.op;
    return literal->holds ? written : opposite[written];
}

/* x < 4GB and x >= 4GB, x == 1 and x != 1: the same sides, and no order of the two satisfies both
 * operators. Different constants are not compared. */
static bool comparisons_clash(const struct literal *a, const struct literal *b)
{
    if (a->left != b->left || a->right != b->right)
        return false;
    enum { LESS = 1, SAME = 2, MORE = 4 };
    static const int ground[] = {
        [SYNTAX_EQ] = SAME,        [SYNTAX_NE] = LESS | MORE, [SYNTAX_LT] = LESS,
        [SYNTAX_LE] = LESS | SAME, [SYNTAX_GT] = MORE,        [SYNTAX_GE] = MORE | SAME};
    return (ground[operator_that_holds(a)] & ground[operator_that_holds(b)]) == 0;
}

/* Whether the test can be true if its subject is that member; true if its shape does not decide it.
 */
static bool may_be_member(const struct literal *literal, const char *member)
{
    const struct syntax_expr *expr = literal->expr;
    if (expr->class == SYNTAX_IS)
        return expr->is.class != SYNTAX_IS_MEMBER ||
               (expr->is.member.text == member) == (literal->holds != expr->is.negated);
    if (expr->in.list->class != SYNTAX_LIST)
        return true;
    bool listed = false;
    for (size_t i = 0; i < expr->in.list->list.elements.count; i++) {
        const struct syntax_expr *element = expr->in.list->list.elements.items[i];
        if (element->class != SYNTAX_NAME || element->name.symbol != NULL)
            return true;
        listed = listed || element->name.name == member;
    }
    return listed == (literal->holds != expr->in.negated);
}

/* x is a and x is b, or x in [a, b] and x is c: no member passes both tests. */
static bool members_clash(struct sema_checker *checker, const struct literal *a,
                          const struct literal *b)
{
    const struct syntax_expr *subject = subject_of(a->expr);
    if (subject == NULL || subject_of(b->expr) == NULL || a->left != b->left ||
        subject->type->error || subject->type->kind != IMAGE_ENUM)
        return false;
    const struct sema_enumeration *enumeration = subject->type->enumeration;
    *checker->comparisons += enumeration->count;
    for (size_t i = 0; i < enumeration->count; i++)
        if (may_be_member(a, enumeration->members[i]) && may_be_member(b, enumeration->members[i]))
            return false;
    return true;
}

/* Whether two conjuncts cannot both hold. A disjunction clashes if both of its sides do. */
static bool literals_clash(struct sema_checker *checker, const struct literal *a,
                           const struct literal *b)
{
    if (++*checker->comparisons > LIMIT_COMPARISONS)
        return false;
    if (b->either != NULL && a->either == NULL)
        return literals_clash(checker, b, a);
    if (a->either != NULL)
        return literals_clash(checker, &a->either[0], b) &&
               literals_clash(checker, &a->either[1], b);
    const struct syntax_expr *x = a->expr, *y = b->expr;
    if (a->text == b->text)
        return a->holds != b->holds;
    if (is_comparison(x) && is_comparison(y))
        return comparisons_clash(a, b);
    if (x->class == SYNTAX_IS && y->class == SYNTAX_IS && x->is.class == y->is.class &&
        x->is.class != SYNTAX_IS_MEMBER && a->left == b->left)
        return (a->holds != x->is.negated) != (b->holds != y->is.negated);
    return members_clash(checker, a, b);
}

static struct literals path_literals(struct sema_checker *checker, const struct sema_path *path)
{
    struct literals list = {0};
    for (; path != NULL; path = path->outer)
        add_conjuncts(checker, path->when->condition, !path->otherwise, &list);
    return list;
}

/* Whether the two are in different branches of the same `when`. */
static bool are_on_opposite_branches(const struct sema_path *a, const struct sema_path *b)
{
    for (const struct sema_path *x = a; x != NULL; x = x->outer)
        for (const struct sema_path *y = b; y != NULL; y = y->outer)
            if (x->when == y->when && x->otherwise != y->otherwise)
                return true;
    return false;
}

static bool exclude_each_other(struct sema_checker *checker, const struct literals *a,
                               const struct literals *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (literals_clash(checker, &a->items[i], &b->items[j]))
                return true;
    return false;
}

/* The first earlier set that can apply together with this one; null if none can. At the limit of
 * comparisons any set is returned, and the caller reports the limit. */
static const struct sema_set *find_clash(struct sema_checker *checker,
                                         const struct sema_setting *own,
                                         const struct literals *conditions, size_t later)
{
    const struct sema_set *set = &own->sets.items[later];
    for (size_t i = 0; i < later; i++) {
        const struct sema_set *first = &own->sets.items[i];
        if (first->path != NULL && set->path != NULL)
            *checker->comparisons += (size_t)first->path->depth * (size_t)set->path->depth;
        if (*checker->comparisons > LIMIT_COMPARISONS)
            return first;
        if (set->item->override == first->item->override &&
            !are_on_opposite_branches(first->path, set->path) &&
            !exclude_each_other(checker, &conditions[i], &conditions[later]))
            return first;
    }
    return NULL;
}

static void check_clashes(struct sema_checker *checker, const struct sema_setting *own)
{
    struct literals *conditions =
        base_alloc(checker->context->arena, own->sets.count * sizeof *conditions);
    for (size_t i = 0; i < own->sets.count; i++) {
        const struct sema_set *later = &own->sets.items[i];
        conditions[i] = path_literals(checker, later->path);
        const struct sema_set *first = find_clash(checker, own, conditions, i);
        if (first == NULL)
            continue;
        if (*checker->comparisons > LIMIT_COMPARISONS) {
            diag_report(checker->queue, DIAG_TOO_LARGE, later->item->name.place,
                        "too many settings and conditions to compare with each other");
            return;
        }
        struct diagnostic *twice =
            diag_report(checker->queue, DIAG_SET_TWICE, later->item->name.place,
                        "`%s` is set twice, and both can apply at once", own->setting->name);
        diag_label(twice, first->item->name.place, "first set here");
        diag_help(checker->queue, twice,
                  "make the conditions mutually exclusive, or write `override %s = ...`",
                  own->setting->name);
    }
}

/* 0 and -1 need no unit, since PostgreSQL gives them a meaning other than a quantity. */
bool sema_is_special(const struct syntax_expr *expr, const struct catalog_setting *setting)
{
    if (setting->kind != IMAGE_BYTES && setting->kind != IMAGE_TIME)
        return false;
    if (expr->class == SYNTAX_QUANTITY)
        return expr->quantity.kind == IMAGE_INT && expr->quantity.value == 0;
    return expr->class == SYNTAX_UNARY && expr->binary.op == SYNTAX_NEG &&
           expr->binary.right->class == SYNTAX_QUANTITY &&
           expr->binary.right->quantity.kind == IMAGE_INT &&
           expr->binary.right->quantity.value == 1;
}

static void check_set(struct sema_checker *checker, struct syntax_item *item)
{
    /* The name was reported. Without the type of the setting, the value cannot be checked. */
    if (item->symbol == NULL)
        return;
    const struct catalog_setting *setting = item->symbol->setting;
    const struct sema_type *wanted = item->symbol->type;
    sema_value(checker, item->value, wanted);
    bool list = wanted->kind == IMAGE_TEXT && !item->value->type->error &&
                item->value->type->kind == IMAGE_LIST;
    if (list || sema_is_special(item->value, setting))
        return;
    char *what = base_format(checker->context->arena, "`%s`", setting->name);
    sema_accept(checker, item->value, wanted, what);
}

/* The statements of a config or of a branch. The lets of a block are declared first, so that they
 * may be used before they are written; each is typed on first use, in the scope and with the
 * knowledge of its block. */
static void check_statements(struct sema_checker *checker, const struct syntax_items *items)
{
    struct sema_scope *outer = checker->scope, *known = checker->known;
    for (size_t i = 0; i < items->count; i++) {
        struct syntax_item *item = items->items[i];
        if (item->class != SYNTAX_LET)
            continue;
        for (const struct sema_scope *other = checker->scope; other != outer; other = other->outer)
            if (other->symbol->name == item->name.text) {
                struct diagnostic *twice =
                    diag_report(checker->queue, DIAG_DUPLICATE_NAME, item->name.place,
                                "`%s` is declared twice", item->name.text);
                diag_label(twice, other->symbol->place, "first declared here");
            }
        struct sema_scope *scope = BASE_NEW(checker->context->arena, struct sema_scope);
        *scope = (struct sema_scope){.outer = checker->scope};
        scope->symbol = sema_new_symbol(checker, SEMA_LET, item->name, item);
        scope->symbol->config = checker->config;
        item->symbol = scope->symbol;
        *BASE_PUSH(checker->context->arena, &checker->config->lets) = scope->symbol;
        checker->scope = scope;
    }
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i]->class == SYNTAX_LET) {
            items->items[i]->symbol->scope = checker->scope;
            items->items[i]->symbol->known = checker->known;
        }
    for (size_t i = 0; i < items->count; i++) {
        struct syntax_item *item = items->items[i];
        if (item->class == SYNTAX_SET) {
            check_set(checker, item);
        } else if (item->class == SYNTAX_LET) {
            sema_symbol_type(checker, item->symbol, item->name.place);
        } else {
            sema_condition(checker, item->condition);
            checker->known = sema_known_by(checker, item->condition, true, known);
            check_statements(checker, &item->body);
            checker->known = sema_known_by(checker, item->condition, false, known);
            check_statements(checker, &item->otherwise);
            checker->known = known;
        }
    }
    checker->scope = outer;
}

void sema_check_config(struct sema_checker *checker, struct sema_config *config)
{
    checker->config = config;
    check_statements(checker, &config->item->body);
    checker->config = NULL;
    for (size_t i = 0; i < config->settings.count; i++)
        check_clashes(checker, config->settings.items[i]);
}
