/* Names: plain ones, and dotted ones, bound to what they stand for. */
#include <string.h>

#include "sema/check.h"

struct azs_symbol *azs_lookup(struct azs_checker *checker, const char *name)
{
    for (struct azs_scope *scope = checker->scope; scope != NULL; scope = scope->outer)
        if (scope->symbol->name == name)
            return scope->symbol;
    if (checker->config != NULL) {
        const struct azs_setting *setting = azs_find_setting(checker->config, name);
        if (setting != NULL)
            return setting->symbol;
    }
    return azs_find(checker->program, name);
}

struct azs_config *azs_find_config(const struct azs_checker *checker, const char *name)
{
    struct azs_symbol *symbol = azs_find(checker->program, name);
    return symbol == NULL || symbol->class != AZS_CONFIG
               ? NULL
               : checker->program->configs.items[symbol->index];
}

void azs_unknown_config(struct azs_checker *checker, enum azd_code code, struct azp_word word)
{
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->configs.count; i++)
        *AZA_PUSH(checker->context->arena, &names) =
            checker->program->configs.items[i]->symbol->name;
    struct azd_diagnostic *unknown =
        azd_report(checker->queue, code, word.place, "there is no config `%s`", word.text);
    azd_suggest(checker->queue, unknown, word.text, names.items, names.count);
}

void azs_unknown_member(struct azs_checker *checker, struct azp_word word,
                        const struct azs_enumeration *enumeration)
{
    struct azd_diagnostic *unknown =
        azd_report(checker->queue, AZD_UNKNOWN_MEMBER, word.place, "`%s` is not a value of `%s`",
                   word.text, enumeration->name);
    azd_suggest(checker->queue, unknown, word.text, enumeration->members, enumeration->count);
}

/* A setting that the server has, and the config does not set. Nothing is said where the config has
 * a line that was not understood: that one may have been meant. */
static bool is_unset(struct azs_checker *checker, const struct azs_config *config,
                     struct azp_word word)
{
    if (config == NULL || (config->catalog != NULL && azg_find(config->catalog, word.text) == NULL))
        return false;
    for (const struct azs_config *c = config; c != NULL; c = c->parent)
        if (c->broken)
            return true;
    if (config->catalog == NULL)
        return false;
    struct azd_diagnostic *unset = azd_report(
        checker->queue, AZD_NOT_SET, word.place,
        "`%s` is a setting, but the config `%s` never sets it", word.text, config->symbol->name);
    azd_help(checker->queue, unset, "add `set %s = ...` there", word.text);
    return true;
}

void azs_suggest_near(struct azs_checker *checker, struct azd_diagnostic *diagnostic,
                      const char *word, const char *const *names, size_t count)
{
    *checker->comparisons += count;
    const char *near =
        *checker->comparisons > AZA_COMPARISONS_MAX ? NULL : azd_nearest(word, names, count);
    if (near != NULL)
        azd_help(checker->queue, diagnostic, "did you mean `%s`?", near);
}

bool azs_is_perhaps_lost(const struct azs_checker *checker, const char *word,
                         const char *const *names, size_t count)
{
    return checker->program->broken && azd_nearest(word, names, count) == NULL;
}

/* Every name that an expression could use here. */
static const char **names_here(const struct azs_checker *checker, size_t *count)
{
    AZA_LIST(const char *) names = {0};
    for (struct azs_scope *scope = checker->scope; scope != NULL; scope = scope->outer)
        *AZA_PUSH(checker->context->arena, &names) = scope->symbol->name;
    for (const struct azs_config *c = checker->config; c != NULL; c = c->parent)
        for (size_t i = 0; i < c->settings.count; i++)
            *AZA_PUSH(checker->context->arena, &names) = c->settings.items[i]->symbol->name;
    for (size_t i = 0; i < checker->program->symbols.count; i++)
        *AZA_PUSH(checker->context->arena, &names) = checker->program->symbols.items[i]->name;
    *count = names.count;
    return names.items;
}

void azs_unknown_name(struct azs_checker *checker, struct azp_word word)
{
    if (is_unset(checker, checker->config, word))
        return;
    size_t count = 0;
    const char **names = NULL;
    if (*checker->comparisons <= AZA_COMPARISONS_MAX)
        names = names_here(checker, &count);
    if (azs_is_perhaps_lost(checker, word.text, names, count))
        return;
    azs_suggest_near(checker,
                     azd_report(checker->queue, AZD_UNKNOWN_NAME, word.place,
                                "nothing here is called `%s`", word.text),
                     word.text, names, count);
}

void azs_check_bindings(struct azs_checker *checker, const struct azp_bindings *bindings)
{
    for (size_t i = 0; i < bindings->count; i++)
        for (size_t j = 0; j < i; j++)
            if (bindings->items[i].name.text == bindings->items[j].name.text) {
                struct azd_diagnostic *twice =
                    azd_report(checker->queue, AZD_DUPLICATE_NAME, bindings->items[i].name.place,
                               "`%s` is declared twice", bindings->items[i].name.text);
                azd_label(twice, bindings->items[j].name.place, "first declared here");
                break;
            }
}

/* What is known of a setting in one config says nothing about another. */
static const struct azs_config *config_of(const struct azs_checker *checker,
                                          const struct azp_expr *expr,
                                          const struct azs_symbol *symbol)
{
    if (symbol->class != AZS_SETTING)
        return NULL;
    return expr->class == AZP_FIELD && expr->field.column != UINT32_MAX
               ? checker->program->configs.items[expr->field.column]
               : checker->config;
}

struct azs_scope *azs_push_known(struct azs_checker *checker, struct azs_scope *outer,
                                 const struct azp_expr *subject)
{
    struct azs_symbol *symbol = subject->class == AZP_NAME    ? subject->name.symbol
                                : subject->class == AZP_FIELD ? subject->field.symbol
                                                              : NULL;
    if (symbol == NULL)
        return outer;
    struct azs_scope *known = AZA_NEW(checker->context->arena, struct azs_scope);
    *known = (struct azs_scope){outer, symbol, config_of(checker, subject, symbol)};
    return known;
}

static bool is_known_here(const struct azs_checker *checker, const struct azp_expr *expr,
                          const struct azs_symbol *symbol)
{
    for (const struct azs_scope *known = checker->known; known != NULL; known = known->outer)
        if (known->symbol == symbol && known->config == config_of(checker, expr, symbol))
            return true;
    return false;
}

static struct azs_type *use_symbol(struct azs_checker *checker, struct azp_expr *expr,
                                   struct azs_symbol *symbol)
{
    struct azs_type *type = azs_symbol_type(checker, symbol, expr->place);
    if (symbol->class == AZS_DEF && !type->error) {
        struct azd_diagnostic *function = azd_report(checker->queue, AZD_NOT_A_VALUE, expr->place,
                                                     "`%s` is a function", symbol->name);
        azd_help(checker->queue, function, "call it: `%s(...)`", symbol->name);
        return azs_error();
    }
    if (symbol->class == AZS_VARIABLE)
        symbol->index++;
    if (type->optional && is_known_here(checker, expr, symbol)) {
        expr->narrowed = true;
        return azs_optional(checker, type, false);
    }
    return type;
}

struct azs_type *azs_name(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected)
{
    const char *name = expr->name.name;
    if (expected != NULL && !expected->error && expected->kind == AZB_ENUM &&
        azs_has_member(expected->enumeration, name))
        return azs_optional(checker, expected, false);
    struct azs_symbol *symbol = azs_lookup(checker, name);
    if (symbol == NULL && expected != NULL && !expected->error && expected->kind == AZB_BOOL &&
        (aza_text_is(name, "on") || aza_text_is(name, "off"))) {
        expr->class = AZP_TRUTH;
        expr->truth = aza_text_is(name, "on");
        return azs_scalar(AZB_BOOL);
    }
    if (symbol == NULL && expected != NULL && aza_text_is(name, "nothing"))
        return azs_optional(checker, expected, true);
    const struct azp_word word = {name, expr->place};
    if (symbol == NULL && expected != NULL && !expected->error && expected->kind == AZB_ENUM)
        azs_unknown_member(checker, word, expected->enumeration);
    else if (symbol == NULL && (expected == NULL || !expected->error))
        azs_unknown_name(checker, word);
    if (symbol == NULL)
        return azs_error();
    expr->name.symbol = symbol;
    return use_symbol(checker, expr, symbol);
}

/* Dotted names: config.setting, option.column, tiers.column, and settings whose own name has a
 * dot. */

static const char *flatten(struct azs_checker *checker, const struct azp_expr *expr)
{
    if (expr->class == AZP_NAME)
        return expr->name.name;
    if (expr->class != AZP_FIELD)
        return NULL;
    const char *first = flatten(checker, expr->field.of);
    if (first == NULL)
        return NULL;
    char *text = aza_format(checker->context->arena, "%s.%s", first, expr->field.field.text);
    return aza_intern(checker->context->names, text, strlen(text));
}

/* The part of a dotted name that is not understood, or all of it when it is written over places. */
static struct aza_place field_place(const struct azp_expr *expr)
{
    return expr->field.of->class == AZP_NAME ? expr->field.field.place : expr->place;
}

static struct azs_type *unknown_field(struct azs_checker *checker, const struct azp_expr *expr,
                                      const char *of, const char *field, const char *const *names,
                                      size_t count)
{
    if (azs_is_perhaps_lost(checker, field, names, count))
        return azs_error();
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_FIELD,
                                                field_place(expr), "`%s` has no `%s`", of, field);
    if (count > 0)
        azd_suggest(checker->queue, unknown, field, names, count);
    else
        azd_note(checker->queue, unknown,
                 "configs have settings; tiers, and options that are enums, have columns");
    return azs_error();
}

static struct azs_type *config_field(struct azs_checker *checker, struct azp_expr *expr,
                                     struct azs_symbol *symbol, const char *path)
{
    const struct azs_config *config = checker->program->configs.items[symbol->index];
    const struct azs_setting *setting = azs_find_setting(config, path);
    if (setting != NULL) {
        expr->field.symbol = setting->symbol;
        expr->field.column = symbol->index;
        return use_symbol(checker, expr, setting->symbol);
    }
    if (is_unset(checker, config, (struct azp_word){path, field_place(expr)}))
        return azs_error();
    AZA_LIST(const char *) names = {0};
    for (const struct azs_config *c = config; c != NULL; c = c->parent)
        for (size_t i = 0; i < c->settings.count; i++)
            *AZA_PUSH(checker->context->arena, &names) = c->settings.items[i]->symbol->name;
    return unknown_field(checker, expr, symbol->name, path, names.items, names.count);
}

static struct azs_type *column_field(struct azs_checker *checker, struct azp_expr *expr,
                                     struct azs_symbol *symbol, const char *path)
{
    AZA_LIST(const char *) names = {0};
    struct azp_item *const *tables =
        symbol->class == AZS_TIERS ? &symbol->item : symbol->profiles.items;
    size_t table_count = symbol->class == AZS_TIERS ? 1 : symbol->profiles.count;
    for (size_t t = 0; t < table_count; t++)
        for (size_t i = 0; i < tables[t]->bindings.count; i++) {
            const struct azp_binding *column = &tables[t]->bindings.items[i];
            *AZA_PUSH(checker->context->arena, &names) = column->name.text;
            if (column->name.text != path)
                continue;
            expr->field.symbol = symbol;
            expr->field.column = (uint32_t)i;
            struct azs_type *of =
                symbol->class == AZS_INPUT ? use_symbol(checker, expr, symbol) : azs_error();
            return azs_optional(checker, azs_type_of(checker, column->type, path), of->optional);
        }
    return unknown_field(checker, expr, symbol->name, path, names.items, names.count);
}

/* Whether the value that a dotted name begins with is a block, a record or a map: its fields are
 * looked up one after the other. All other dotted names are looked up as a whole. */
static bool begins_with_structure(struct azs_checker *checker, const struct azp_expr *expr)
{
    while (expr->class == AZP_FIELD)
        expr = expr->field.of;
    if (expr->class != AZP_NAME)
        return true;
    const struct azs_symbol *symbol = azs_lookup(checker, expr->name.name);
    if (symbol == NULL)
        return false;
    return symbol->class == AZS_BLOCK || symbol->class == AZS_FIELD ||
           symbol->class == AZS_PARAMETER || symbol->class == AZS_VARIABLE ||
           symbol->class == AZS_LET || symbol->class == AZS_KIND;
}

struct azs_type *azs_field(struct azs_checker *checker, struct azp_expr *expr)
{
    const char *path = flatten(checker, expr);
    if (checker->config != NULL && path != NULL) {
        const struct azs_setting *setting = azs_find_setting(checker->config, path);
        if (setting != NULL) {
            expr->field.symbol = setting->symbol;
            expr->field.column = UINT32_MAX;
            return use_symbol(checker, expr, setting->symbol);
        }
    }
    if (path == NULL || begins_with_structure(checker, expr))
        return azs_record_field(checker, expr);
    const char *dot = strchr(path, '.');
    const char *first = aza_intern(checker->context->names, path, (size_t)(dot - path));
    const char *rest = aza_intern(checker->context->names, dot + 1, strlen(dot + 1));
    struct azs_symbol *symbol = azs_lookup(checker, first);
    if (symbol == NULL) {
        struct azp_word word = {first, expr->place};
        word.place.length = (uint32_t)strlen(first);
        azs_unknown_name(checker, word);
        return azs_error();
    }
    if (symbol->class == AZS_CONFIG)
        return config_field(checker, expr, symbol, rest);
    if (symbol->class == AZS_TIERS || symbol->class == AZS_INPUT)
        return column_field(checker, expr, symbol, rest);
    return unknown_field(checker, expr, first, rest, NULL, 0);
}
