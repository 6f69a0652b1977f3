/* Declarations with more than a value: facts, options, secrets, profiles, tiers, functions, and
 * tests.
 *
 * Types of inputs are resolved first (sema_declare_input), since any expression may use them. The
 * checks here run later, when all names are declared. */
#include <string.h>

#include "probe/probe.h"
#include "sema/check.h"

void sema_declare_input(struct sema_checker *checker, struct sema_symbol *symbol)
{
    const struct syntax_item *item = symbol->item;
    if (item->class == SYNTAX_SECRET) {
        symbol->type = sema_optional(checker, sema_secret(), item->override);
        return;
    }
    symbol->type = sema_scalar_type_of(checker, item->type, symbol->name);
    if (!symbol->type->error && symbol->type->kind == IMAGE_ENUM)
        symbol->enumeration = symbol->type->enumeration;
}

/* A domain needs an order, so only numbers have one. Its bounds are of the input's own type. */
static void check_input_domain(struct sema_checker *checker, struct syntax_item *item,
                               const struct sema_type *type)
{
    if (item->low == NULL)
        return;
    const struct sema_type *plain = sema_optional(checker, type, false);
    if (!sema_is_number(type)) {
        diag_report(checker->queue, DIAG_BAD_DOMAIN,
                    syntax_join(item->low->place, item->high->place),
                    "%s values have no order, so they cannot have a domain", sema_type_word(type));
        return;
    }
    sema_value(checker, item->low, plain);
    sema_accept(checker, item->low, plain, "the lower bound");
    sema_value(checker, item->high, plain);
    sema_accept(checker, item->high, plain, "the upper bound");
}

/* One line such as `below: clamp`. `allowed` is a list of the words that this line accepts. */
static void check_outcome(struct sema_checker *checker, struct syntax_outcome *outcome,
                          const struct sema_type *type, const char *line, const char *allowed)
{
    static const char *const words[] = {[IMAGE_REFUSE] = "refuse",
                                        [IMAGE_CLAMP] = "clamp",
                                        [IMAGE_DEFAULT] = "warn",
                                        [IMAGE_USE] = "use"};
    if (!outcome->said)
        return;
    if (!base_list_has(allowed, base_span_of(words[outcome->policy]))) {
        struct diagnostic *bad =
            diag_report(checker->queue, DIAG_BAD_OUTCOME, outcome->place,
                        "`%s` is not allowed after `%s:`", words[outcome->policy], line);
        struct base_sink list = base_arena_sink(checker->context->arena);
        struct base_span rest = base_span_of(allowed), word;
        while (base_list_next(&rest, &word)) {
            base_put(&list, list.length > 0 ? ", `" : "`");
            base_put_span(&list, word);
            base_put(&list, "`");
        }
        diag_help(checker->queue, bad, "expected one of %s", list.data);
    }
    if (outcome->message != NULL)
        sema_expr(checker, outcome->message, NULL);
    if (outcome->value != NULL) {
        sema_value(checker, outcome->value, type);
        sema_accept(checker, outcome->value, type, "the value to use");
    }
}

/* A probe has a fixed type and unit; the fact must be declared with it. */
static void check_probe_source(struct sema_checker *checker, const struct syntax_source *source,
                               const struct sema_type *type)
{
    enum probe probe = probe_find(base_span_of(source->name.text));
    if (probe == PROBE_COUNT) {
        const char *names[PROBE_COUNT];
        for (int i = 0; i < PROBE_COUNT; i++)
            names[i] = probe_word((enum probe)i);
        struct diagnostic *unknown =
            diag_report(checker->queue, DIAG_UNKNOWN_PROBE, source->name.place,
                        "unknown probe `%s`", source->name.text);
        const char *near = diag_nearest(source->name.text, names, PROBE_COUNT);
        if (near != NULL)
            diag_help(checker->queue, unknown, "did you mean `%s`?", near);
        else
            diag_help(
                checker->queue, unknown,
                "probes are listed in stdlib/probes.azr; to read an environment variable, write "
                "`from env %s`",
                source->name.text);
        return;
    }
    if (!type->error && probe_kind(probe) != type->kind) {
        struct diagnostic *other =
            diag_report(checker->queue, DIAG_PROBE_TYPE, source->name.place,
                        "the probe `%s` returns %s, but this fact is %s", source->name.text,
                        image_kind_word(probe_kind(probe)), sema_type_word(type));
        diag_help(checker->queue, other, "declare the fact as %s",
                  image_kind_word(probe_kind(probe)));
    }
    if (source->unit.text != NULL) {
        struct diagnostic *unit = diag_report(checker->queue, DIAG_BAD_SOURCE, source->unit.place,
                                              "a probe has its own unit");
        diag_help(checker->queue, unit, "remove `in %s`", source->unit.text);
    }
}

/* The unit of a variable that contains a bare number, such as `from env TIMEOUT in ms`. */
static void check_unit(struct sema_checker *checker, const struct syntax_source *source,
                       const struct sema_type *type)
{
    const char *words[IMAGE_UNITS];
    size_t count = 0;
    for (size_t i = 0; i < IMAGE_UNITS; i++) {
        if (type->error || image_units[i].kind == type->kind)
            words[count++] = image_units[i].word;
        if (base_text_is(image_units[i].word, source->unit.text)) {
            if (type->error || image_units[i].kind == type->kind)
                return;
            struct diagnostic *other =
                diag_report(checker->queue, DIAG_BAD_SOURCE, source->unit.place,
                            "`%s` is a unit of %s, but this is %s", source->unit.text,
                            image_kind_word(image_units[i].kind), sema_type_word(type));
            diag_help(checker->queue, other, "remove `in %s`, or declare it as %s",
                      source->unit.text, image_kind_word(image_units[i].kind));
            return;
        }
    }
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_UNIT, source->unit.place,
                                             "unknown unit `%s`", source->unit.text);
    diag_suggest(checker->queue, unknown, source->unit.text, words, count);
}

static void check_sources(struct sema_checker *checker, struct sema_symbol *symbol)
{
    const struct syntax_item *item = symbol->item;
    for (size_t i = 0; i < item->sources.count; i++) {
        const struct syntax_source *source = &item->sources.items[i];
        if (source->class == IMAGE_FROM_PROBE && item->class != SYNTAX_FACT) {
            struct diagnostic *bad =
                diag_report(checker->queue, DIAG_BAD_SOURCE, source->name.place,
                            "%s cannot be measured by a probe; only a fact can",
                            item->class == SYNTAX_OPTION ? "an option" : "a secret");
            diag_help(checker->queue, bad, "write `from env NAME`, or declare a fact");
        } else if (source->class == IMAGE_FROM_PROBE) {
            check_probe_source(checker, source, symbol->type);
        } else if (source->class == IMAGE_FROM_FILE && item->class != SYNTAX_SECRET) {
            diag_help(checker->queue,
                      diag_report(checker->queue, DIAG_BAD_SOURCE, source->place,
                                  "only a secret can be read from a file"),
                      "write `from env NAME`");
        } else if (source->unit.text != NULL) {
            check_unit(checker, source, symbol->type);
        }
        if (source->warning != NULL)
            sema_expr(checker, source->warning, NULL);
    }
}

/* An option has a default unless it is optional: with a default it always has a value. */
static void check_default(struct sema_checker *checker, struct sema_symbol *symbol)
{
    struct syntax_item *item = symbol->item;
    if (item->value != NULL) {
        sema_value(checker, item->value, symbol->type);
        sema_accept(checker, item->value, symbol->type, "the default");
    }
    if (item->class != SYNTAX_OPTION || symbol->type->error ||
        symbol->type->optional == (item->value == NULL))
        return;
    struct diagnostic *bad =
        diag_report(checker->queue, DIAG_BAD_DEFAULT, item->name.place,
                    item->value == NULL ? "the option `%s` needs a default"
                                        : "the optional option `%s` cannot have a default",
                    symbol->name);
    diag_help(checker->queue, bad,
              item->value == NULL ? "write `= VALUE` after the type, or make it `optional`"
                                  : "remove `optional` or the default");
}

static void check_has_domain(struct sema_checker *checker, const struct syntax_item *item,
                             const struct syntax_outcome *outcome, const char *line)
{
    if (!outcome->said || item->low != NULL)
        return;
    struct diagnostic *bad = diag_report(checker->queue, DIAG_BAD_OUTCOME, outcome->place,
                                         "`%s:` requires a domain", line);
    diag_help(checker->queue, bad, "write `in LOW .. HIGH` after the type, or remove this line");
}

void sema_check_input(struct sema_checker *checker, struct sema_symbol *symbol)
{
    struct syntax_item *item = symbol->item;
    check_sources(checker, symbol);
    if (item->class == SYNTAX_SECRET)
        return;
    check_input_domain(checker, item, symbol->type);
    check_outcome(checker, &item->below, symbol->type, "below", "refuse, clamp, warn");
    check_outcome(checker, &item->above, symbol->type, "above", "refuse, clamp, warn");
    check_outcome(checker, &item->missing, symbol->type, "missing", "refuse, use");
    check_outcome(checker, &item->invalid, symbol->type, "invalid", "refuse, warn");
    check_default(checker, symbol);
    check_has_domain(checker, item, &item->below, "below");
    check_has_domain(checker, item, &item->above, "above");
}

/* --- tables --- */

/* A number with its noun: "1 cell", "2 columns". */
static const char *count_text(struct sema_checker *checker, size_t count, const char *word)
{
    return base_format(checker->context->arena, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

static void check_cells(struct sema_checker *checker, const struct syntax_item *item,
                        const struct syntax_row *row)
{
    if (row->cells.count != item->bindings.count) {
        struct diagnostic *cells = diag_report(checker->queue, DIAG_WRONG_CELLS, row->place,
                                               "this row has %s, but the table has %s",
                                               count_text(checker, row->cells.count, "cell"),
                                               count_text(checker, item->bindings.count, "column"));
        diag_label(cells, item->name.place, "declared here");
    }
    for (size_t i = 0; i < row->cells.count; i++) {
        if (i >= item->bindings.count) {
            sema_value(checker, row->cells.items[i], NULL);
            continue;
        }
        const struct syntax_binding *column = &item->bindings.items[i];
        const struct sema_type *type =
            sema_scalar_type_of(checker, column->type, column->name.text);
        sema_value(checker, row->cells.items[i], type);
        char *what = base_format(checker->context->arena, "the column `%s`", column->name.text);
        sema_accept(checker, row->cells.items[i], type, what);
    }
}

/* Each member of the enum has exactly one row. As in a match, missing rows are reported only if
 * every row names a member. */
static void check_members(struct sema_checker *checker, const struct syntax_item *item,
                          const struct sema_enumeration *enumeration)
{
    bool all_known = true;
    for (size_t r = 0; r < item->rows.count; r++) {
        const struct syntax_row *row = item->rows.items[r];
        if (!sema_has_member(enumeration, row->member.text)) {
            sema_unknown_member(checker, row->member, enumeration);
            all_known = false;
        }
        for (size_t s = 0; s < r; s++)
            if (item->rows.items[s]->member.text == row->member.text) {
                struct diagnostic *twice =
                    diag_report(checker->queue, DIAG_MISSING_ROW, row->member.place,
                                "duplicate row for `%s`", row->member.text);
                diag_label(twice, item->rows.items[s]->member.place, "previous row");
            }
    }
    BASE_LIST(const char *) missing = {0};
    for (size_t m = 0; all_known && m < enumeration->count; m++) {
        size_t r = 0;
        while (r < item->rows.count && item->rows.items[r]->member.text != enumeration->members[m])
            r++;
        if (r == item->rows.count)
            *BASE_PUSH(checker->context->arena, &missing) = enumeration->members[m];
    }
    if (missing.count == 0)
        return;
    struct diagnostic *rows = diag_report(checker->queue, DIAG_MISSING_ROW, item->name.place,
                                          "this profile has no row for %s",
                                          sema_words(checker, missing.items, missing.count));
    diag_help(checker->queue, rows, "add `%s: ...`", missing.items[0]);
}

void sema_check_profile(struct sema_checker *checker, struct syntax_item *item)
{
    sema_check_count(checker, item->rows.count, item->name.place, "rows");
    if (item->rows.count > LIMIT_ROWS)
        return;
    if (item->symbol != NULL && item->symbol->enumeration != NULL)
        check_members(checker, item, item->symbol->enumeration);
    sema_check_bindings(checker, &item->bindings);
    for (size_t r = 0; r < item->rows.count; r++)
        check_cells(checker, item, item->rows.items[r]);
}

/* Rows in ascending order of their thresholds, then `beyond`. The order is checked by eval, which
 * has the values. */
void sema_check_tiers(struct sema_checker *checker, struct sema_symbol *symbol)
{
    struct syntax_item *item = symbol->item;
    struct sema_symbol *by = sema_lookup(checker, item->of.text);
    const struct sema_type *type = sema_error();
    if (by == NULL) {
        sema_unknown_name(checker, item->of);
    } else if (by->class != SEMA_INPUT && by->class != SEMA_LET) {
        diag_report(
            checker->queue, DIAG_NOT_A_VALUE, item->of.place,
            "the input of tiers must be a fact, an option or a `let`, but `%s` is none of these",
            item->of.text);
    } else {
        type = sema_symbol_type(checker, by, item->of.place);
        if (type->optional || !sema_is_number(type)) {
            diag_report(
                checker->queue, DIAG_WRONG_TYPE, item->of.place,
                "the input of tiers must be a number that always has a value, but `%s` is %s%s",
                item->of.text, type->optional ? "optional " : "", sema_type_word(type));
            type = sema_error();
        }
    }
    sema_check_bindings(checker, &item->bindings);
    sema_check_count(checker, item->rows.count, item->name.place, "rows");
    bool beyond = false;
    for (size_t r = 0; r < item->rows.count; r++) {
        const struct syntax_row *row = item->rows.items[r];
        if (beyond)
            diag_help(checker->queue,
                      diag_report(checker->queue, DIAG_TIERS_BEYOND, row->place,
                                  "unreachable row: `beyond` already covers all remaining values"),
                      "move it before `beyond`, or remove it");
        beyond = beyond || row->class == SYNTAX_ROW_BEYOND;
        if (row->threshold != NULL) {
            sema_value(checker, row->threshold, type);
            sema_accept(checker, row->threshold, type, "the threshold");
        }
        check_cells(checker, item, row);
    }
    if (!beyond) {
        struct diagnostic *open = diag_report(checker->queue, DIAG_TIERS_BEYOND, item->name.place,
                                              "these tiers do not cover the whole domain");
        diag_help(checker->queue, open, "add a last row `beyond: ...`");
    }
    /* The grammar has a word for the input, but eval needs an expression with its symbol and type.
     */
    item->condition = BASE_NEW(checker->context->arena, struct syntax_expr);
    item->condition->class = SYNTAX_NAME;
    item->condition->place = item->of.place;
    item->condition->type = type;
    item->condition->name.name = item->of.text;
    item->condition->name.symbol = by;
}

void sema_check_def(struct sema_checker *checker, struct sema_symbol *symbol)
{
    struct syntax_item *item = symbol->item;
    struct sema_scope *outer = checker->scope;
    for (size_t i = 0; i < item->bindings.count; i++) {
        struct sema_symbol *parameter =
            sema_new_symbol(checker, SEMA_PARAMETER, item->bindings.items[i].name, NULL);
        parameter->index = (uint32_t)i;
        parameter->type =
            sema_value_type_of(checker, item->bindings.items[i].type, parameter->name);
        struct sema_scope *scope = BASE_NEW(checker->context->arena, struct sema_scope);
        *scope = (struct sema_scope){.outer = checker->scope, .symbol = parameter};
        checker->scope = scope;
    }
    sema_check_bindings(checker, &item->bindings);
    const struct sema_type *result =
        item->type == NULL ? NULL : sema_value_type_of(checker, item->type, symbol->name);
    symbol->type = sema_declared(checker, item->value, result, "the result");
    checker->scope = outer;
}

/* --- tests --- */

static void suggest_setting(struct sema_checker *checker, const struct sema_config *config,
                            const char *name, struct diagnostic *unknown)
{
    BASE_LIST(const char *) names = {0};
    for (; config != NULL; config = config->parent)
        for (size_t i = 0; i < config->settings.count; i++)
            *BASE_PUSH(checker->context->arena, &names) = config->settings.items[i]->symbol->name;
    diag_suggest(checker->queue, unknown, name, names.items, names.count);
}

/* `given config.setting = ...`: the config is the one that flags are emitted from, or one that it
 * extends. */
static struct sema_symbol *given_setting(struct sema_checker *checker, struct syntax_word name,
                                         size_t length)
{
    struct syntax_word first = name;
    first.text = base_intern(checker->context->names, name.text, length);
    first.place.length = (uint32_t)length;
    const char *rest = name.text + length + 1;
    const struct sema_config *live = checker->program->live, *base = live;
    const struct sema_config *config = sema_find_config(checker, first.text);
    while (base != NULL && base != config)
        base = base->parent;
    const struct sema_setting *setting = sema_find_setting(live, rest);
    if (config == NULL)
        sema_unknown_config(checker, DIAG_BAD_GIVEN, first);
    else if (base == NULL)
        diag_help(checker->queue,
                  diag_report(checker->queue, DIAG_BAD_GIVEN, name.place,
                              "`%s` is not the config that flags are emitted from", first.text),
                  "give a setting of `%s`", live->symbol->name);
    else if (setting == NULL && live->broken)
        return NULL; /* as for names: the line that was reported may set it */
    else if (setting == NULL)
        suggest_setting(checker, live, rest,
                        diag_report(checker->queue, DIAG_BAD_GIVEN, name.place,
                                    "`%s` never sets `%s`", first.text, rest));
    else
        return setting->symbol;
    return NULL;
}

/* The fact, option or setting that a test sets; null after reporting another name. */
static struct sema_symbol *given_symbol(struct sema_checker *checker, struct syntax_word name)
{
    const char *dot = strchr(name.text, '.');
    const struct sema_config *live = checker->program->live;
    if (dot != NULL)
        return given_setting(checker, name, (size_t)(dot - name.text));
    struct sema_symbol *symbol = sema_find(checker->program, name.text);
    if (symbol != NULL && symbol->class == SEMA_INPUT && !symbol->type->secret)
        return symbol;
    if (symbol == NULL && sema_find_setting(live, name.text) == NULL) {
        sema_unknown_name(checker, name);
        return NULL;
    }
    struct diagnostic *bad = diag_report(
        checker->queue, DIAG_BAD_GIVEN, name.place,
        symbol == NULL ? "the setting `%s` must be qualified with its config"
                       : "only facts, options and settings can be given, but `%s` is none of these",
        name.text);
    if (symbol == NULL)
        diag_help(checker->queue, bad, "write `%s.%s`", live->symbol->name, name.text);
    return NULL;
}

static void check_given(struct sema_checker *checker, const struct syntax_item *test, size_t index)
{
    struct syntax_item *line = test->body.items[index];
    struct sema_symbol *symbol = line->symbol = given_symbol(checker, line->name);
    if (symbol == NULL)
        return;
    for (size_t i = 0; i < index; i++)
        if (test->body.items[i]->symbol == symbol) {
            struct diagnostic *twice = diag_report(checker->queue, DIAG_BAD_GIVEN, line->name.place,
                                                   "`%s` is given twice", symbol->name);
            diag_label(twice, test->body.items[i]->name.place, "first given here");
            break;
        }
    const struct sema_type *wanted = sema_optional(checker, symbol->type, false);
    sema_value(checker, line->value, wanted);
    if (symbol->setting == NULL || !sema_is_special(line->value, symbol->setting))
        sema_accept(checker, line->value, wanted,
                    base_format(checker->context->arena, "`%s`", symbol->name));
}

void sema_check_test(struct sema_checker *checker, struct syntax_item *item)
{
    for (size_t i = 0; i < item->body.count; i++) {
        struct syntax_item *line = item->body.items[i];
        if (line->class == SYNTAX_GIVEN)
            check_given(checker, item, i);
        else if (line->shape == SYNTAX_EXPECT_TRUE)
            sema_condition(checker, line->value);
        else
            sema_value(checker, line->value, NULL);
    }
}
