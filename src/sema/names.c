/* Names, plain and dotted: finds the symbol of each, and reports unknown ones.
 *
 * A plain name is looked up in the scopes (parameters, variables, lets), then among the settings of
 * the config being checked, then at the top level. Where an enum is expected, its members come
 * first, so that a declaration elsewhere cannot change the meaning of `workload == mixed`.
 *
 * A dotted name has several meanings. Field by field, if it begins with a block, a record or a map
 * (structure.c). Else as a whole: `config.setting`, `option.column`, `tiers.column`, or a setting
 * whose own name has a dot, such as `pg_stat_statements.max`. */
#include <string.h>

#include "sema/check.h"

struct sema_symbol *sema_lookup(struct sema_checker *checker, const char *name)
{
    for (struct sema_scope *scope = checker->scope; scope != NULL; scope = scope->outer)
        if (scope->symbol->name == name)
            return scope->symbol;
    if (checker->config != NULL) {
        const struct sema_setting *setting = sema_find_setting(checker->config, name);
        if (setting != NULL)
            return setting->symbol;
    }
    return sema_find(checker->program, name);
}

struct sema_config *sema_find_config(const struct sema_checker *checker, const char *name)
{
    struct sema_symbol *symbol = sema_find(checker->program, name);
    return symbol == NULL || symbol->class != SEMA_CONFIG
               ? NULL
               : checker->program->configs.items[symbol->index];
}

void sema_unknown_config(struct sema_checker *checker, enum diag_code code, struct syntax_word word)
{
    BASE_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->configs.count; i++)
        *BASE_PUSH(checker->context->arena, &names) =
            checker->program->configs.items[i]->symbol->name;
    struct diagnostic *unknown =
        diag_report(checker->queue, code, word.place, "unknown config `%s`", word.text);
    diag_suggest(checker->queue, unknown, word.text, names.items, names.count);
}

void sema_unknown_member(struct sema_checker *checker, struct syntax_word word,
                         const struct sema_enumeration *enumeration)
{
    struct diagnostic *unknown =
        diag_report(checker->queue, DIAG_UNKNOWN_MEMBER, word.place, "`%s` is not a value of `%s`",
                    word.text, enumeration->name);
    diag_suggest(checker->queue, unknown, word.text, enumeration->members, enumeration->count);
}

/* Reports a setting of the server that the config never sets. If the config has a line that was not
 * understood, nothing is reported, since that line may set it. Returns whether the name is such a
 * setting. */
static bool is_unset(struct sema_checker *checker, const struct sema_config *config,
                     struct syntax_word word)
{
    if (config == NULL ||
        (config->catalog != NULL && catalog_find(config->catalog, word.text) == NULL))
        return false;
    for (const struct sema_config *c = config; c != NULL; c = c->parent)
        if (c->broken)
            return true;
    if (config->catalog == NULL)
        return false;
    struct diagnostic *unset = diag_report(checker->queue, DIAG_NOT_SET, word.place,
                                           "`%s` is a setting, but the config `%s` never sets it",
                                           word.text, config->symbol->name);
    diag_help(checker->queue, unset, "add `set %s = ...` to `%s`", word.text, config->symbol->name);
    return true;
}

void sema_suggest_near(struct sema_checker *checker, struct diagnostic *diagnostic,
                       const char *word, const char *const *names, size_t count)
{
    *checker->comparisons += count;
    const char *near =
        *checker->comparisons > LIMIT_COMPARISONS ? NULL : diag_nearest(word, names, count);
    if (near != NULL)
        diag_help(checker->queue, diagnostic, "did you mean `%s`?", near);
}

bool sema_is_perhaps_lost(const struct sema_checker *checker, const char *word,
                          const char *const *names, size_t count)
{
    return checker->program->broken && diag_nearest(word, names, count) == NULL;
}

/* Every name that an expression could use here. */
static const char **names_here(const struct sema_checker *checker, size_t *count)
{
    BASE_LIST(const char *) names = {0};
    for (struct sema_scope *scope = checker->scope; scope != NULL; scope = scope->outer)
        *BASE_PUSH(checker->context->arena, &names) = scope->symbol->name;
    for (const struct sema_config *c = checker->config; c != NULL; c = c->parent)
        for (size_t i = 0; i < c->settings.count; i++)
            *BASE_PUSH(checker->context->arena, &names) = c->settings.items[i]->symbol->name;
    for (size_t i = 0; i < checker->program->symbols.count; i++)
        *BASE_PUSH(checker->context->arena, &names) = checker->program->symbols.items[i]->name;
    *count = names.count;
    return names.items;
}

void sema_unknown_name(struct sema_checker *checker, struct syntax_word word)
{
    if (is_unset(checker, checker->config, word))
        return;
    size_t count = 0;
    const char **names = NULL;
    if (*checker->comparisons <= LIMIT_COMPARISONS)
        names = names_here(checker, &count);
    if (sema_is_perhaps_lost(checker, word.text, names, count))
        return;
    sema_suggest_near(
        checker,
        diag_report(checker->queue, DIAG_UNKNOWN_NAME, word.place, "unknown name `%s`", word.text),
        word.text, names, count);
}

void sema_check_bindings(struct sema_checker *checker, const struct syntax_bindings *bindings)
{
    for (size_t i = 0; i < bindings->count; i++)
        for (size_t j = 0; j < i; j++)
            if (bindings->items[i].name.text == bindings->items[j].name.text) {
                struct diagnostic *twice =
                    diag_report(checker->queue, DIAG_DUPLICATE_NAME, bindings->items[i].name.place,
                                "`%s` is declared twice", bindings->items[i].name.text);
                diag_label(twice, bindings->items[j].name.place, "first declared here");
                break;
            }
}

/* A setting is known to be present in one config only; null for other symbols. */
static const struct sema_config *config_of_setting(const struct sema_checker *checker,
                                                   const struct syntax_expr *expr,
                                                   const struct sema_symbol *symbol)
{
    if (symbol->class != SEMA_SETTING)
        return NULL;
    return expr->class == SYNTAX_FIELD && expr->field.column != UINT32_MAX
               ? checker->program->configs.items[expr->field.column]
               : checker->config;
}

struct sema_scope *sema_push_known(struct sema_checker *checker, struct sema_scope *outer,
                                   const struct syntax_expr *subject)
{
    struct sema_symbol *symbol = subject->class == SYNTAX_NAME    ? subject->name.symbol
                                 : subject->class == SYNTAX_FIELD ? subject->field.symbol
                                                                  : NULL;
    if (symbol == NULL)
        return outer;
    struct sema_scope *known = BASE_NEW(checker->context->arena, struct sema_scope);
    *known = (struct sema_scope){outer, symbol, config_of_setting(checker, subject, symbol)};
    return known;
}

static bool is_known_here(const struct sema_checker *checker, const struct syntax_expr *expr,
                          const struct sema_symbol *symbol)
{
    for (const struct sema_scope *known = checker->known; known != NULL; known = known->outer)
        if (known->symbol == symbol && known->config == config_of_setting(checker, expr, symbol))
            return true;
    return false;
}

/* The type of a symbol where it is used: not optional where a condition has tested it. Counts the
 * uses of a variable, which decide whether a comprehension is a filter (structure.c). */
static const struct sema_type *use_symbol(struct sema_checker *checker, struct syntax_expr *expr,
                                          struct sema_symbol *symbol)
{
    const struct sema_type *type = sema_symbol_type(checker, symbol, expr->place);
    if (symbol->class == SEMA_DEF && !type->error) {
        struct diagnostic *function = diag_report(checker->queue, DIAG_NOT_A_VALUE, expr->place,
                                                  "`%s` is a function, not a value", symbol->name);
        diag_help(checker->queue, function, "call it: `%s(...)`", symbol->name);
        return sema_error();
    }
    if (symbol->class == SEMA_VARIABLE)
        symbol->index++;
    if (type->optional && is_known_here(checker, expr, symbol)) {
        expr->narrowed = true;
        return sema_optional(checker, type, false);
    }
    return type;
}

const struct sema_type *sema_name(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected)
{
    const char *name = expr->name.name;
    if (expected != NULL && !expected->error && expected->kind == IMAGE_ENUM &&
        sema_has_member(expected->enumeration, name))
        return sema_optional(checker, expected, false);
    struct sema_symbol *symbol = sema_lookup(checker, name);
    if (symbol == NULL && expected != NULL && !expected->error && expected->kind == IMAGE_BOOL &&
        (base_text_is(name, "on") || base_text_is(name, "off"))) {
        expr->class = SYNTAX_TRUTH;
        expr->truth = base_text_is(name, "on");
        return sema_scalar(IMAGE_BOOL);
    }
    if (symbol == NULL && expected != NULL && base_text_is(name, "nothing"))
        return sema_optional(checker, expected, true);
    const struct syntax_word word = {name, expr->place};
    if (symbol == NULL && expected != NULL && !expected->error && expected->kind == IMAGE_ENUM)
        sema_unknown_member(checker, word, expected->enumeration);
    else if (symbol == NULL && (expected == NULL || !expected->error))
        sema_unknown_name(checker, word);
    if (symbol == NULL)
        return sema_error();
    expr->name.symbol = symbol;
    return use_symbol(checker, expr, symbol);
}

/* --- dotted names --- */

/* The dotted name as one interned text, or null if it begins with another expression. */
static const char *dotted_text(struct sema_checker *checker, const struct syntax_expr *expr)
{
    if (expr->class == SYNTAX_NAME)
        return expr->name.name;
    if (expr->class != SYNTAX_FIELD)
        return NULL;
    const char *first = dotted_text(checker, expr->field.of);
    if (first == NULL)
        return NULL;
    char *text = base_format(checker->context->arena, "%s.%s", first, expr->field.field.text);
    return base_intern(checker->context->names, text, strlen(text));
}

/* The place of an unknown field: the word itself in a name of two words, else the whole name. */
static struct base_place field_place(const struct syntax_expr *expr)
{
    return expr->field.of->class == SYNTAX_NAME ? expr->field.field.place : expr->place;
}

static const struct sema_type *report_unknown_column(struct sema_checker *checker,
                                                     const struct syntax_expr *expr, const char *of,
                                                     const char *field, const char *const *names,
                                                     size_t count)
{
    if (sema_is_perhaps_lost(checker, field, names, count))
        return sema_error();
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_FIELD, field_place(expr),
                                             "`%s` has no `%s`", of, field);
    if (count > 0)
        diag_suggest(checker->queue, unknown, field, names, count);
    else
        diag_note(
            checker->queue, unknown,
            "configs have settings; tiers and enum options have columns; records have fields");
    return sema_error();
}

static const struct sema_type *config_field(struct sema_checker *checker, struct syntax_expr *expr,
                                            struct sema_symbol *symbol, const char *path)
{
    const struct sema_config *config = checker->program->configs.items[symbol->index];
    const struct sema_setting *setting = sema_find_setting(config, path);
    if (setting != NULL) {
        expr->field.symbol = setting->symbol;
        expr->field.column = symbol->index;
        return use_symbol(checker, expr, setting->symbol);
    }
    if (is_unset(checker, config, (struct syntax_word){path, field_place(expr)}))
        return sema_error();
    BASE_LIST(const char *) names = {0};
    for (const struct sema_config *c = config; c != NULL; c = c->parent)
        for (size_t i = 0; i < c->settings.count; i++)
            *BASE_PUSH(checker->context->arena, &names) = c->settings.items[i]->symbol->name;
    return report_unknown_column(checker, expr, symbol->name, path, names.items, names.count);
}

static const struct sema_type *column_field(struct sema_checker *checker, struct syntax_expr *expr,
                                            struct sema_symbol *symbol, const char *path)
{
    BASE_LIST(const char *) names = {0};
    struct syntax_item *const *tables =
        symbol->class == SEMA_TIERS ? &symbol->item : symbol->profiles.items;
    size_t table_count = symbol->class == SEMA_TIERS ? 1 : symbol->profiles.count;
    for (size_t t = 0; t < table_count; t++)
        for (size_t i = 0; i < tables[t]->bindings.count; i++) {
            const struct syntax_binding *column = &tables[t]->bindings.items[i];
            *BASE_PUSH(checker->context->arena, &names) = column->name.text;
            if (column->name.text != path)
                continue;
            expr->field.symbol = symbol;
            expr->field.column = (uint32_t)i;
            const struct sema_type *of =
                symbol->class == SEMA_INPUT ? use_symbol(checker, expr, symbol) : sema_error();
            return sema_optional(checker, sema_type_of(checker, column->type, path), of->optional);
        }
    return report_unknown_column(checker, expr, symbol->name, path, names.items, names.count);
}

/* Whether a dotted name begins with a value that can be a block, a record or a map. */
static bool begins_with_structure(struct sema_checker *checker, const struct syntax_expr *expr)
{
    while (expr->class == SYNTAX_FIELD)
        expr = expr->field.of;
    if (expr->class != SYNTAX_NAME)
        return true;
    const struct sema_symbol *symbol = sema_lookup(checker, expr->name.name);
    if (symbol == NULL)
        return false;
    return symbol->class == SEMA_BLOCK || symbol->class == SEMA_FIELD ||
           symbol->class == SEMA_PARAMETER || symbol->class == SEMA_VARIABLE ||
           symbol->class == SEMA_LET || symbol->class == SEMA_KIND;
}

const struct sema_type *sema_field(struct sema_checker *checker, struct syntax_expr *expr)
{
    const char *path = dotted_text(checker, expr);
    if (checker->config != NULL && path != NULL) {
        const struct sema_setting *setting = sema_find_setting(checker->config, path);
        if (setting != NULL) {
            expr->field.symbol = setting->symbol;
            expr->field.column = UINT32_MAX;
            return use_symbol(checker, expr, setting->symbol);
        }
    }
    if (path == NULL || begins_with_structure(checker, expr))
        return sema_record_field(checker, expr);
    const char *dot = strchr(path, '.');
    const char *first = base_intern(checker->context->names, path, (size_t)(dot - path));
    const char *rest = base_intern(checker->context->names, dot + 1, strlen(dot + 1));
    struct sema_symbol *symbol = sema_lookup(checker, first);
    if (symbol == NULL) {
        struct syntax_word word = {first, expr->place};
        word.place.length = (uint32_t)strlen(first);
        sema_unknown_name(checker, word);
        return sema_error();
    }
    if (symbol->class == SEMA_CONFIG)
        return config_field(checker, expr, symbol, rest);
    if (symbol->class == SEMA_TIERS || symbol->class == SEMA_INPUT)
        return column_field(checker, expr, symbol, rest);
    return report_unknown_column(checker, expr, first, rest, NULL, 0);
}
