/* Facts, options, secrets, profiles, tiers and functions: everything that is declared with more
 * than a value. */
#include <string.h>

#include "probe/probe.h"
#include "sema/check.h"

void azs_declare_input(struct azs_checker *checker, struct azs_symbol *symbol)
{
    const struct azp_item *item = symbol->item;
    if (item->class == AZP_SECRET) {
        symbol->type = azs_optional(checker, azs_secret(), item->override);
        return;
    }
    symbol->type = azs_scalar_type_of(checker, item->type, symbol->name);
    if (!symbol->type->error && symbol->type->kind == AZB_ENUM)
        symbol->enumeration = symbol->type->enumeration;
}

static void check_domain(struct azs_checker *checker, struct azp_item *item, struct azs_type *type)
{
    if (item->low == NULL)
        return;
    struct azs_type *plain = azs_optional(checker, type, false);
    if (!azs_is_number(type)) {
        azd_report(checker->queue, AZD_BAD_DOMAIN, azp_join(item->low->place, item->high->place),
                   "%s has no order, so it has no domain", azs_type_word(type));
        return;
    }
    azs_value(checker, item->low, plain);
    azs_accept(checker, item->low, plain, "the lower bound");
    azs_value(checker, item->high, plain);
    azs_accept(checker, item->high, plain, "the upper bound");
}

static void check_outcome(struct azs_checker *checker, struct azp_outcome *outcome,
                          struct azs_type *type, const char *line, const char *allowed)
{
    static const char *const words[] = {
        [AZB_REFUSE] = "refuse", [AZB_CLAMP] = "clamp", [AZB_DEFAULT] = "warn", [AZB_USE] = "use"};
    if (!outcome->said)
        return;
    if (!aza_list_has(allowed, aza_span_of(words[outcome->policy]))) {
        struct azd_diagnostic *bad =
            azd_report(checker->queue, AZD_BAD_OUTCOME, outcome->place,
                       "`%s` makes no sense after `%s:`", words[outcome->policy], line);
        azd_help(checker->queue, bad, "it may be one of %s", allowed);
    }
    if (outcome->message != NULL)
        azs_expr(checker, outcome->message, NULL);
    if (outcome->value != NULL) {
        struct azs_type *plain = azs_optional(checker, type, false);
        azs_value(checker, outcome->value, plain);
        azs_accept(checker, outcome->value, plain, "the value to use");
    }
}

static void check_probe(struct azs_checker *checker, const struct azp_source *source,
                        const struct azs_type *type)
{
    enum azf_probe probe = azf_find(aza_span_of(source->name.text));
    if (probe == AZF_PROBES) {
        const char *names[AZF_PROBES];
        for (int i = 0; i < AZF_PROBES; i++)
            names[i] = azf_word((enum azf_probe)i);
        struct azd_diagnostic *unknown =
            azd_report(checker->queue, AZD_UNKNOWN_PROBE, source->name.place,
                       "there is no probe `%s`", source->name.text);
        const char *near = azd_nearest(source->name.text, names, AZF_PROBES);
        if (near != NULL)
            azd_help(checker->queue, unknown, "did you mean `%s`?", near);
        else
            azd_help(checker->queue, unknown,
                     "stdlib/probes.azr lists them; a variable is written "
                     "`from env %s`",
                     source->name.text);
        return;
    }
    if (!type->error && azf_kind(probe) != type->kind) {
        struct azd_diagnostic *other =
            azd_report(checker->queue, AZD_PROBE_TYPE, source->name.place,
                       "the probe `%s` answers %s, and this fact is %s", source->name.text,
                       azb_kind_word(azf_kind(probe)), azs_type_word(type));
        azd_help(checker->queue, other, "declare the fact as %s", azb_kind_word(azf_kind(probe)));
    }
    if (source->unit.text != NULL) {
        struct azd_diagnostic *unit = azd_report(checker->queue, AZD_BAD_SOURCE, source->unit.place,
                                                 "a probe knows its own unit");
        azd_help(checker->queue, unit, "remove `in %s`", source->unit.text);
    }
}

static void check_unit(struct azs_checker *checker, const struct azp_source *source,
                       const struct azs_type *type)
{
    const char *words[AZB_UNITS];
    size_t count = 0;
    for (size_t i = 0; i < AZB_UNITS; i++) {
        if (type->error || azb_units[i].kind == type->kind)
            words[count++] = azb_units[i].word;
        if (aza_text_is(azb_units[i].word, source->unit.text)) {
            if (type->error || azb_units[i].kind == type->kind)
                return;
            struct azd_diagnostic *other =
                azd_report(checker->queue, AZD_BAD_SOURCE, source->unit.place,
                           "`%s` is a unit of %s, and this is %s", source->unit.text,
                           azb_kind_word(azb_units[i].kind), azs_type_word(type));
            azd_help(checker->queue, other, "remove `in %s`, or declare it as %s",
                     source->unit.text, azb_kind_word(azb_units[i].kind));
            return;
        }
    }
    struct azd_diagnostic *unknown =
        azd_report(checker->queue, AZD_UNKNOWN_UNIT, source->unit.place, "`%s` is not a unit",
                   source->unit.text);
    azd_suggest(checker->queue, unknown, source->unit.text, words, count);
}

static void check_sources(struct azs_checker *checker, struct azs_symbol *symbol)
{
    const struct azp_item *item = symbol->item;
    for (size_t i = 0; i < item->sources.count; i++) {
        const struct azp_source *source = &item->sources.items[i];
        if (source->class == AZB_FROM_PROBE && item->class != AZP_FACT) {
            struct azd_diagnostic *bad =
                azd_report(checker->queue, AZD_BAD_SOURCE, source->name.place,
                           "only a fact is measured; %s comes from the operator",
                           item->class == AZP_OPTION ? "an option" : "a secret");
            azd_help(checker->queue, bad, "write `from env NAME`, or declare a fact");
        } else if (source->class == AZB_FROM_PROBE) {
            check_probe(checker, source, symbol->type);
        } else if (source->class == AZB_FROM_FILE && item->class != AZP_SECRET) {
            azd_report(checker->queue, AZD_BAD_SOURCE, source->place,
                       "only a secret comes from a file");
        } else if (source->unit.text != NULL) {
            check_unit(checker, source, symbol->type);
        }
        if (source->warning != NULL)
            azs_expr(checker, source->warning, NULL);
    }
}

static void check_default(struct azs_checker *checker, struct azs_symbol *symbol)
{
    struct azp_item *item = symbol->item;
    if (item->value != NULL) {
        struct azs_type *plain = azs_optional(checker, symbol->type, false);
        azs_value(checker, item->value, plain);
        azs_accept(checker, item->value, plain, "the default");
    }
    if (item->class != AZP_OPTION || symbol->type->error ||
        symbol->type->optional == (item->value == NULL))
        return;
    struct azd_diagnostic *bad =
        azd_report(checker->queue, AZD_BAD_DEFAULT, item->name.place,
                   item->value == NULL ? "the option `%s` needs a default"
                                       : "the option `%s` is optional and has a default",
                   symbol->name);
    azd_help(checker->queue, bad,
             item->value == NULL ? "write `= VALUE` behind the type, or make it `optional`"
                                 : "remove one of the two");
}

static void check_has_domain(struct azs_checker *checker, const struct azp_item *item,
                             const struct azp_outcome *outcome, const char *line)
{
    if (!outcome->said || item->low != NULL)
        return;
    struct azd_diagnostic *bad =
        azd_report(checker->queue, AZD_BAD_OUTCOME, outcome->place,
                   "nothing can lie %s a domain where there is none", line);
    azd_help(checker->queue, bad, "write `in LOW .. HIGH` behind the type, or remove this line");
}

void azs_check_input(struct azs_checker *checker, struct azs_symbol *symbol)
{
    struct azp_item *item = symbol->item;
    check_sources(checker, symbol);
    if (item->class == AZP_SECRET)
        return;
    check_domain(checker, item, symbol->type);
    check_outcome(checker, &item->below, symbol->type, "below", "refuse, clamp, warn");
    check_outcome(checker, &item->above, symbol->type, "above", "refuse, clamp, warn");
    check_outcome(checker, &item->missing, symbol->type, "missing", "refuse, use");
    check_outcome(checker, &item->invalid, symbol->type, "invalid", "refuse, warn");
    check_default(checker, symbol);
    check_has_domain(checker, item, &item->below, "below");
    check_has_domain(checker, item, &item->above, "above");
}

/* Tables */

/* What a row's or table's places are called in messages: "1 cell", "2 columns". */
static const char *counted(struct azs_checker *checker, size_t count, const char *word)
{
    return aza_format(checker->context->arena, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

static void check_cells(struct azs_checker *checker, const struct azp_item *item,
                        const struct azp_row *row)
{
    if (row->cells.count != item->bindings.count) {
        struct azd_diagnostic *cells = azd_report(checker->queue, AZD_WRONG_CELLS, row->place,
                                                  "this row has %s, and the table has %s",
                                                  counted(checker, row->cells.count, "cell"),
                                                  counted(checker, item->bindings.count, "column"));
        azd_label(cells, item->name.place, "declared here");
    }
    for (size_t i = 0; i < row->cells.count; i++) {
        if (i >= item->bindings.count) {
            azs_value(checker, row->cells.items[i], NULL);
            continue;
        }
        const struct azp_binding *column = &item->bindings.items[i];
        struct azs_type *type = azs_scalar_type_of(checker, column->type, column->name.text);
        azs_value(checker, row->cells.items[i], type);
        char *what = aza_format(checker->context->arena, "the column `%s`", column->name.text);
        azs_accept(checker, row->cells.items[i], type, what);
    }
}

static void check_members(struct azs_checker *checker, const struct azp_item *item,
                          const struct azs_enumeration *enumeration)
{
    bool all_known = true;
    for (size_t r = 0; r < item->rows.count; r++) {
        const struct azp_row *row = item->rows.items[r];
        if (!azs_has_member(enumeration, row->member.text)) {
            azs_unknown_member(checker, row->member, enumeration);
            all_known = false;
        }
        for (size_t s = 0; s < r; s++)
            if (item->rows.items[s]->member.text == row->member.text) {
                struct azd_diagnostic *twice =
                    azd_report(checker->queue, AZD_MISSING_ROW, row->member.place,
                               "`%s` has a row already", row->member.text);
                azd_label(twice, item->rows.items[s]->member.place, "this one");
            }
    }
    AZA_LIST(const char *) missing = {0};
    for (size_t m = 0; all_known && m < enumeration->count; m++) {
        size_t r = 0;
        while (r < item->rows.count && item->rows.items[r]->member.text != enumeration->members[m])
            r++;
        if (r == item->rows.count)
            *AZA_PUSH(checker->context->arena, &missing) = enumeration->members[m];
    }
    if (missing.count == 0)
        return;
    struct azd_diagnostic *rows = azd_report(checker->queue, AZD_MISSING_ROW, item->name.place,
                                             "this profile has no row for %s",
                                             azs_words(checker, missing.items, missing.count));
    azd_help(checker->queue, rows, "add `%s: ...`", missing.items[0]);
}

void azs_check_profile(struct azs_checker *checker, struct azp_item *item)
{
    azs_check_count(checker, item->rows.count, item->name.place, "rows");
    if (item->rows.count > AZA_ROWS_MAX)
        return;
    if (item->symbol != NULL && item->symbol->enumeration != NULL)
        check_members(checker, item, item->symbol->enumeration);
    azs_check_bindings(checker, &item->bindings);
    for (size_t r = 0; r < item->rows.count; r++)
        check_cells(checker, item, item->rows.items[r]);
}

void azs_check_tiers(struct azs_checker *checker, struct azs_symbol *symbol)
{
    struct azp_item *item = symbol->item;
    struct azs_symbol *by = azs_lookup(checker, item->of.text);
    struct azs_type *type = azs_error();
    if (by == NULL) {
        azs_unknown_name(checker, item->of);
    } else if (by->class != AZS_INPUT && by->class != AZS_LET) {
        azd_report(checker->queue, AZD_NOT_A_VALUE, item->of.place,
                   "tiers go by a fact, an option or a let, and `%s` is none", item->of.text);
    } else {
        type = azs_symbol_type(checker, by, item->of.place);
        if (type->optional || !azs_is_number(type)) {
            azd_report(checker->queue, AZD_WRONG_TYPE, item->of.place,
                       "tiers go by a number that is always known, and `%s` is %s%s", item->of.text,
                       type->optional ? "optional " : "", azs_type_word(type));
            type = azs_error();
        }
    }
    azs_check_bindings(checker, &item->bindings);
    azs_check_count(checker, item->rows.count, item->name.place, "rows");
    bool beyond = false;
    for (size_t r = 0; r < item->rows.count; r++) {
        const struct azp_row *row = item->rows.items[r];
        if (beyond)
            azd_report(checker->queue, AZD_TIERS_BEYOND, row->place,
                       "nothing is left for a row behind `beyond`");
        beyond = beyond || row->class == AZP_ROW_BEYOND;
        if (row->threshold != NULL) {
            azs_value(checker, row->threshold, type);
            azs_accept(checker, row->threshold, type, "the threshold");
        }
        check_cells(checker, item, row);
    }
    if (!beyond) {
        struct azd_diagnostic *open = azd_report(checker->queue, AZD_TIERS_BEYOND, item->name.place,
                                                 "these tiers end before the domain does");
        azd_help(checker->queue, open, "add a last row `beyond: ...`");
    }
    /* eval needs the symbol of the input; the tiers item has no expression to keep it in. */
    item->condition = AZA_NEW(checker->context->arena, struct azp_expr);
    item->condition->class = AZP_NAME;
    item->condition->place = item->of.place;
    item->condition->type = type;
    item->condition->name.name = item->of.text;
    item->condition->name.symbol = by;
}

void azs_check_def(struct azs_checker *checker, struct azs_symbol *symbol)
{
    struct azp_item *item = symbol->item;
    struct azs_scope *outer = checker->scope;
    for (size_t i = 0; i < item->bindings.count; i++) {
        struct azs_symbol *parameter =
            azs_new_symbol(checker, AZS_PARAMETER, item->bindings.items[i].name, NULL);
        parameter->index = (uint32_t)i;
        parameter->type = azs_value_type_of(checker, item->bindings.items[i].type, parameter->name);
        struct azs_scope *scope = AZA_NEW(checker->context->arena, struct azs_scope);
        *scope = (struct azs_scope){.outer = checker->scope, .symbol = parameter};
        checker->scope = scope;
    }
    azs_check_bindings(checker, &item->bindings);
    struct azs_type *result =
        item->type == NULL ? NULL : azs_value_type_of(checker, item->type, symbol->name);
    symbol->type = azs_declared(checker, item->value, result, "the result");
    checker->scope = outer;
}

/* Tests */

static void suggest_setting(struct azs_checker *checker, const struct azs_config *config,
                            const char *name, struct azd_diagnostic *unknown)
{
    AZA_LIST(const char *) names = {0};
    for (; config != NULL; config = config->parent)
        for (size_t i = 0; i < config->settings.count; i++)
            *AZA_PUSH(checker->context->arena, &names) = config->settings.items[i]->symbol->name;
    azd_suggest(checker->queue, unknown, name, names.items, names.count);
}

/* config.setting, where the config is the one whose settings leave as flags, or one it extends. */
static struct azs_symbol *given_setting(struct azs_checker *checker, struct azp_word name,
                                        size_t length)
{
    struct azp_word first = name;
    first.text = aza_intern(checker->context->names, name.text, length);
    first.place.length = (uint32_t)length;
    const char *rest = name.text + length + 1;
    const struct azs_config *live = checker->program->live, *base = live;
    const struct azs_config *config = azs_find_config(checker, first.text);
    while (base != NULL && base != config)
        base = base->parent;
    const struct azs_setting *setting = azs_find_setting(live, rest);
    if (config == NULL)
        azs_unknown_config(checker, AZD_BAD_GIVEN, first);
    else if (base == NULL)
        azd_help(checker->queue,
                 azd_report(checker->queue, AZD_BAD_GIVEN, name.place,
                            "the settings of `%s` are not those that leave as flags", first.text),
                 "give one of `%s`", live->symbol->name);
    else if (setting == NULL && live->broken)
        return NULL; /* as for names: it may have been meant by the line that is wrong */
    else if (setting == NULL)
        suggest_setting(checker, live, rest,
                        azd_report(checker->queue, AZD_BAD_GIVEN, name.place,
                                   "`%s` never sets `%s`", first.text, rest));
    else
        return setting->symbol;
    return NULL;
}

/* The fact, option or setting that a test may give; null after saying why it may not. */
static struct azs_symbol *given_symbol(struct azs_checker *checker, struct azp_word name)
{
    const char *dot = strchr(name.text, '.');
    const struct azs_config *live = checker->program->live;
    if (dot != NULL)
        return given_setting(checker, name, (size_t)(dot - name.text));
    struct azs_symbol *symbol = azs_find(checker->program, name.text);
    if (symbol != NULL && symbol->class == AZS_INPUT && !symbol->type->secret)
        return symbol;
    if (symbol == NULL && azs_find_setting(live, name.text) == NULL) {
        azs_unknown_name(checker, name);
        return NULL;
    }
    struct azd_diagnostic *bad = azd_report(
        checker->queue, AZD_BAD_GIVEN, name.place,
        symbol == NULL ? "`%s` is a setting, and is given with its config"
                       : "only facts, options and settings can be given, and `%s` is none",
        name.text);
    if (symbol == NULL)
        azd_help(checker->queue, bad, "write `%s.%s`", live->symbol->name, name.text);
    return NULL;
}

static void check_given(struct azs_checker *checker, const struct azp_item *test, size_t index)
{
    struct azp_item *line = test->body.items[index];
    struct azs_symbol *symbol = line->symbol = given_symbol(checker, line->name);
    if (symbol == NULL)
        return;
    for (size_t i = 0; i < index; i++)
        if (test->body.items[i]->symbol == symbol) {
            struct azd_diagnostic *twice =
                azd_report(checker->queue, AZD_BAD_GIVEN, line->name.place, "`%s` is given twice",
                           symbol->name);
            azd_label(twice, test->body.items[i]->name.place, "first given here");
            break;
        }
    struct azs_type *wanted = azs_optional(checker, symbol->type, false);
    azs_value(checker, line->value, wanted);
    if (symbol->setting == NULL || !azs_is_special(line->value, symbol->setting))
        azs_accept(checker, line->value, wanted,
                   aza_format(checker->context->arena, "`%s`", symbol->name));
}

void azs_check_test(struct azs_checker *checker, struct azp_item *item)
{
    for (size_t i = 0; i < item->body.count; i++) {
        struct azp_item *line = item->body.items[i];
        if (line->class == AZP_GIVEN)
            check_given(checker, item, i);
        else if (line->shape == AZP_EXPECT_TRUE)
            azs_condition(checker, line->value);
        else
            azs_value(checker, line->value, NULL);
    }
}
