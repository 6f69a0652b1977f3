/* A whole program: loads its files, declares its names, then checks their meaning.
 *
 * Order of the steps, each for the whole program before the next:
 *  1. load: every file once, imported files before the importing one, the prelude first;
 *  2. declare: one symbol for each name of the top level, so that order in the files does not
 * matter;
 *  3. link: types of inputs, profiles to their options, fields of schemas, settings of configs;
 *  4. check: expressions and everything else that has a type.
 *
 * The types of `let` and `def` are determined on first use, since they may use one another in any
 * order; a symbol that is visited again meanwhile depends on itself.
 *
 * Names are found by linear search, which LIMIT_STATEMENTS keeps fast enough. */
#include <string.h>
#include <unistd.h>

#include "sema/check.h"

struct sema_symbol *sema_new_symbol(struct sema_checker *checker, enum sema_class class,
                                    struct syntax_word name, struct syntax_item *item)
{
    struct sema_symbol *symbol = BASE_NEW(checker->context->arena, struct sema_symbol);
    symbol->class = class;
    symbol->name = name.text;
    symbol->place = name.place;
    symbol->item = item;
    return symbol;
}

struct sema_symbol *sema_find(const struct sema_program *program, const char *name)
{
    for (size_t i = 0; i < program->symbols.count; i++)
        if (base_text_is(program->symbols.items[i]->name, name))
            return program->symbols.items[i];
    return NULL;
}

struct syntax_item *sema_find_column(const struct sema_symbol *input, const char *name,
                                     uint32_t *column)
{
    for (size_t p = 0; p < input->profiles.count; p++)
        for (size_t i = 0; i < input->profiles.items[p]->bindings.count; i++)
            if (base_text_is(input->profiles.items[p]->bindings.items[i].name.text, name)) {
                *column = (uint32_t)i;
                return input->profiles.items[p];
            }
    return NULL;
}

/* --- files --- */

/* The tree of a rules file: the directory of the main file, or of the first file that was imported
 * from outside of it. `tree` is that of the importing file, or null. */
static const char *find_tree(struct sema_checker *checker, const char *tree, const char *path)
{
    return tree != NULL && sema_is_within(tree, path)
               ? tree
               : sema_directory_of(checker->context->arena, path);
}

/* Reads a file and adds it to the program after its imports. A file that is being loaded counts as
 * loaded, so a cycle of imports ends. `from` is the place of the import and `tree` the tree of the
 * importing file; both are null for the main file and the prelude. */
static bool load_file(struct sema_checker *checker, const char *path, const struct base_place *from,
                      const char *tree)
{
    struct diag_queue *queue = checker->queue;
    uint16_t source;
    if (sema_find_source(queue->sources, path, &source))
        return true;
    const char *why = "too many imported files";
    char *text = NULL;
    size_t length = 0;
    if (queue->sources->count == LIMIT_SOURCE_FILES ||
        !base_read_file(checker->context->arena, path, LIMIT_SOURCE_BYTES, &text, &length, &why)) {
        if (from != NULL)
            diag_report(queue, DIAG_NO_FILE, *from, "cannot read `%s`: %s", path, why);
        else
            checker->program->why = why;
        return false;
    }
    source = (uint16_t)queue->sources->count++;
    queue->sources->files[source] =
        (struct base_source){.path = path, .text = text, .length = length};
    struct syntax_file *file = syntax_parse(checker->context, source);
    file->tree = find_tree(checker, tree, path);
    checker->program->broken = checker->program->broken || file->broken;
    for (size_t i = 0; i < file->items.count; i++) {
        const struct syntax_item *item = file->items.items[i];
        if (item->class == SYNTAX_IMPORT)
            load_file(checker, sema_beside(checker->context->arena, path, item->name.text),
                      &item->name.place, file->tree);
    }
    *BASE_PUSH(checker->context->arena, &checker->program->files) = file;
    return true;
}

/* The catalogue of that name, read on first use. A failure is reported once. */
const struct catalog *sema_catalog(struct sema_checker *checker, struct syntax_word name)
{
    struct sema_symbol *symbol = NULL;
    BASE_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->catalogs.count; i++) {
        struct sema_symbol *catalog = checker->program->catalogs.items[i];
        *BASE_PUSH(checker->context->arena, &names) = catalog->name;
        if (catalog->name == name.text)
            symbol = catalog;
    }
    if (symbol == NULL) {
        struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_CATALOG, name.place,
                                                 "unknown catalogue `%s`", name.text);
        diag_suggest(checker->queue, unknown, name.text, names.items, names.count);
        return NULL;
    }
    if (symbol->catalog != NULL || symbol->visiting)
        return symbol->catalog;
    symbol->visiting = true;
    const char *why = NULL;
    const char *from = checker->queue->sources->files[symbol->place.file].path;
    const char *path = sema_beside(checker->context->arena, from, symbol->item->other.text);
    symbol->catalog = catalog_load(checker->context->arena, checker->context->names, path, &why);
    if (symbol->catalog == NULL)
        diag_report(checker->queue, DIAG_UNKNOWN_CATALOG, symbol->item->other.place,
                    "cannot read this catalogue: %s", why);
    else if (checker->program->oldest == 0)
        checker->program->oldest = symbol->catalog->version / 10000 * 10000;
    return symbol->catalog;
}

/* --- declaring --- */

/* A duplicate is reported and added nevertheless: it is checked, but the name refers to the first
 * one. */
struct sema_symbol *sema_declare(struct sema_checker *checker, enum sema_class class,
                                 struct syntax_item *item, struct syntax_word name)
{
    struct sema_symbol *other = sema_find(checker->program, name.text);
    struct sema_symbol *symbol = sema_new_symbol(checker, class, name, item);
    symbol->global = true;
    item->symbol = symbol;
    if (other != NULL) {
        struct diagnostic *twice = diag_report(checker->queue, DIAG_DUPLICATE_NAME, name.place,
                                               "`%s` is declared twice", name.text);
        diag_label(twice, other->place, "first declared here");
    }
    *BASE_PUSH(checker->context->arena, &checker->program->symbols) = symbol;
    return symbol;
}

static void declare_input(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_symbol *symbol = sema_declare(checker, SEMA_INPUT, item, item->name);
    symbol->index = (uint32_t)checker->program->inputs.count;
    *BASE_PUSH(checker->context->arena, &checker->program->inputs) = symbol;
}

static void declare_config(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_symbol *symbol = sema_declare(checker, SEMA_CONFIG, item, item->name);
    struct sema_config *config = BASE_NEW(checker->context->arena, struct sema_config);
    config->item = item;
    config->symbol = symbol;
    symbol->index = (uint32_t)checker->program->configs.count;
    *BASE_PUSH(checker->context->arena, &checker->program->configs) = config;
}

static void declare_item(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_program *program = checker->program;
    struct base_arena *arena = checker->context->arena;
    switch (item->class) {
    case SYNTAX_FACT:
    case SYNTAX_OPTION:
    case SYNTAX_SECRET:
        declare_input(checker, item);
        break;
    case SYNTAX_LET:
        sema_declare(checker, SEMA_LET, item, item->name);
        break;
    case SYNTAX_DEF:
        sema_declare(checker, SEMA_DEF, item, item->name);
        break;
    case SYNTAX_TIERS:
        sema_declare(checker, SEMA_TIERS, item, item->name);
        break;
    case SYNTAX_CONFIG:
        declare_config(checker, item);
        break;
    case SYNTAX_CATALOG:
        *BASE_PUSH(arena, &program->catalogs) =
            sema_new_symbol(checker, SEMA_CATALOG, item->name, item);
        break;
    case SYNTAX_PROBE:
        *BASE_PUSH(arena, &program->probes) = item;
        break;
    case SYNTAX_PROFILE:
        *BASE_PUSH(arena, &program->profiles) = item;
        break;
    case SYNTAX_INVARIANT:
        *BASE_PUSH(arena, &program->invariants) = item;
        break;
    case SYNTAX_CHECK:
        *BASE_PUSH(arena, &program->checks) = item;
        break;
    case SYNTAX_EXPORT:
        *BASE_PUSH(arena, &program->exports) = item;
        break;
    case SYNTAX_TEST:
        *BASE_PUSH(arena, &program->tests) = item;
        break;
    case SYNTAX_EMIT:
        *BASE_PUSH(arena, &program->emits) = item;
        break;
    case SYNTAX_SCHEMA:
        sema_declare_schema(checker, item);
        break;
    case SYNTAX_BLOCK:
        sema_declare_block(checker, item, NULL);
        break;
    default:
        break;
    }
}

static void link_profile(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_symbol *input = sema_find(checker->program, item->name.text);
    if (input == NULL) {
        sema_unknown_name(checker, item->name);
        return;
    }
    if (input->class != SEMA_INPUT || input->enumeration == NULL) {
        struct diagnostic *bad =
            diag_report(checker->queue, DIAG_NOT_AN_ENUM, item->name.place,
                        "a profile expects an enum option, but `%s` is not one", item->name.text);
        diag_help(checker->queue, bad, "use `tiers` for ranges of a number");
        return;
    }
    item->symbol = input;
    *BASE_PUSH(checker->context->arena, &input->profiles) = item;
}

/* --- symbols typed on first use --- */

/* Notes the cycle as `a -> b -> a`, unless a symbol uses itself directly. */
static void note_cycle(struct sema_checker *checker, struct diagnostic *cycle,
                       const struct sema_symbol *again)
{
    const char *rest = again->name;
    const struct sema_scope *asking = checker->asking;
    for (; asking->symbol != again; asking = asking->outer)
        rest = base_format(checker->context->arena, "%s -> %s", asking->symbol->name, rest);
    if (checker->asking->symbol != again)
        diag_note(checker->queue, cycle, "cycle: %s -> %s", again->name, rest);
}

const struct sema_type *sema_symbol_type(struct sema_checker *checker, struct sema_symbol *symbol,
                                         struct base_place use)
{
    if (symbol->class == SEMA_SETTING) {
        const struct sema_config *config = checker->program->configs.items[symbol->index];
        bool covered = false;
        for (; config != NULL && !covered; config = config->parent)
            for (size_t i = 0; i < config->settings.count; i++)
                covered = covered || (config->settings.items[i]->setting == symbol->setting &&
                                      config->settings.items[i]->covered);
        return sema_optional(checker, symbol->type, !covered);
    }
    if (symbol->type != NULL)
        return symbol->type;
    if (symbol->class != SEMA_LET && symbol->class != SEMA_DEF) {
        struct diagnostic *no =
            diag_report(checker->queue, DIAG_NOT_A_VALUE, use, "`%s` is not a value", symbol->name);
        diag_help(checker->queue, no,
                  symbol->class == SEMA_CONFIG   ? "select a setting, such as `%s.work_mem`"
                  : symbol->class == SEMA_SCHEMA ? "a schema is a type: `let x: %s = { ... }`"
                                                 : "select a column: `%s.COLUMN`",
                  symbol->name);
        return sema_error();
    }
    if (symbol->visiting) {
        struct diagnostic *cycle = diag_report(checker->queue, DIAG_CYCLE, symbol->place,
                                               "`%s` depends on itself", symbol->name);
        diag_label(cycle, use, "used here");
        note_cycle(checker, cycle, symbol);
        return sema_error();
    }
    struct sema_checker inner = *checker;
    struct sema_scope asking = {.outer = checker->asking, .symbol = symbol};
    inner.asking = &asking;
    inner.config = symbol->config;
    inner.scope = symbol->scope;
    inner.known = symbol->known;
    symbol->visiting = true;
    struct syntax_item *item = symbol->item;
    if (symbol->class == SEMA_DEF)
        sema_check_def(&inner, symbol);
    else
        symbol->type = sema_declared(
            &inner, item->value,
            item->type == NULL ? NULL : sema_value_type_of(&inner, item->type, symbol->name),
            base_format(checker->context->arena, "`%s`", symbol->name));
    symbol->visiting = false;
    return symbol->type;
}

/* The probes that the standard library declares must exist in the runner with the same type. */
static void check_probes(struct sema_checker *checker)
{
    for (size_t i = 0; i < checker->program->probes.count; i++) {
        struct syntax_item *item = checker->program->probes.items[i];
        enum probe probe = probe_find(base_span_of(item->name.text));
        const struct sema_type *type = sema_type_of(checker, item->type, item->name.text);
        if (probe == PROBE_COUNT || (!type->error && type->kind != probe_kind(probe)))
            diag_report(checker->queue, DIAG_UNKNOWN_PROBE, item->name.place,
                        "the runner has no probe `%s` of this type", item->name.text);
    }
}

/* `least without FACT` compares a machine where the fact is unknown with machines where it is
 * known, so the fact must be optional. */
static void check_without(struct sema_checker *checker, const struct syntax_item *item,
                          const struct sema_symbol *input)
{
    if (input->class == SEMA_INPUT && input->type->optional)
        return;
    struct diagnostic *always = diag_report(checker->queue, DIAG_WRONG_TYPE, item->of.place,
                                            "`%s` always has a value", item->of.text);
    diag_help(checker->queue, always, "name a fact or option declared as `optional`");
}

static void check_invariant(struct sema_checker *checker, struct syntax_item *item)
{
    if (item->condition != NULL)
        sema_condition(checker, item->condition);
    struct sema_scope *outer = checker->known;
    if (item->condition != NULL)
        checker->known = sema_known_by(checker, item->condition, true, outer);
    if (item->shape == SYNTAX_HOLDS) {
        sema_condition(checker, item->value);
        checker->known = outer;
        return;
    }
    const struct sema_type *type = sema_value(checker, item->value, NULL);
    checker->known = outer;
    if (!sema_is_number(type))
        diag_report(checker->queue, DIAG_WRONG_TYPE, item->value->place,
                    "invariants of this form compare numbers, but this is %s",
                    sema_type_word(type));
    struct sema_symbol *input = sema_find(checker->program, item->of.text);
    if (input == NULL)
        sema_unknown_name(checker, item->of);
    else if (item->shape == SYNTAX_LEAST || item->shape == SYNTAX_MOST)
        check_without(checker, item, input);
    else if (input->class != SEMA_INPUT || !sema_is_number(input->type))
        diag_report(checker->queue, DIAG_WRONG_TYPE, item->of.place,
                    "`%s` is not a numeric fact or option", item->of.text);
    if (item->high != NULL) {
        sema_value(checker, item->high, NULL);
        sema_accept(checker, item->high, sema_scalar(IMAGE_RATIO), "the maximum jump");
    }
}

/* A check's message or an export: it is evaluated only if its condition holds, and may rely on it.
 */
static void check_guarded(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_scope *known = checker->known;
    if (item->condition != NULL) {
        sema_condition(checker, item->condition);
        checker->known = sema_known_by(checker, item->condition, true, known);
    }
    sema_value(checker, item->value, NULL);
    sema_accept(checker, item->value, sema_scalar(IMAGE_TEXT),
                item->class == SYNTAX_EXPORT ? "an environment variable" : "a message");
    checker->known = known;
}

static void check_declarations(struct sema_checker *checker)
{
    struct sema_program *program = checker->program;
    for (size_t i = 0; i < program->inputs.count; i++)
        sema_check_input(checker, program->inputs.items[i]);
    for (size_t i = 0; i < program->profiles.count; i++)
        sema_check_profile(checker, program->profiles.items[i]);
    for (size_t i = 0; i < program->symbols.count; i++) {
        struct sema_symbol *symbol = program->symbols.items[i];
        if (symbol->class == SEMA_TIERS)
            sema_check_tiers(checker, symbol);
        else if (symbol->class == SEMA_LET || symbol->class == SEMA_DEF)
            sema_symbol_type(checker, symbol, symbol->place);
    }
    for (size_t i = 0; i < program->schemas.count; i++)
        sema_check_schema(checker, program->schemas.items[i]);
    for (size_t i = 0; i < program->blocks.count; i++)
        sema_check_block(checker, program->blocks.items[i]);
    for (size_t i = 0; i < program->configs.count; i++)
        sema_check_config(checker, program->configs.items[i]);
    for (size_t i = 0; i < program->invariants.count; i++)
        check_invariant(checker, program->invariants.items[i]);
    for (size_t i = 0; i < program->checks.count; i++)
        check_guarded(checker, program->checks.items[i]);
    for (size_t i = 0; i < program->exports.count; i++)
        check_guarded(checker, program->exports.items[i]);
    for (size_t i = 0; i < program->emits.count; i++)
        sema_check_emit(checker, program->emits.items[i]);
    /* Without `emit flags` the last config is the one that tests and the prover look at. */
    if (program->live == NULL && program->configs.count > 0)
        program->live = program->configs.items[program->configs.count - 1];
    for (size_t i = 0; i < program->tests.count; i++)
        sema_check_test(checker, program->tests.items[i]);
}

static size_t count_items(const struct syntax_items *items)
{
    size_t count = items->count;
    for (size_t i = 0; i < items->count; i++)
        count += count_items(&items->items[i]->body) + count_items(&items->items[i]->otherwise);
    return count;
}

/* Names are found by linear search; the limit keeps that fast. */
static bool check_statement_count(struct sema_checker *checker)
{
    const struct sema_program *program = checker->program;
    size_t count = 0;
    for (size_t f = 0; f < program->files.count; f++)
        count += count_items(&program->files.items[f]->items);
    if (count <= LIMIT_STATEMENTS)
        return true;
    diag_report(checker->queue, DIAG_TOO_LARGE, (struct base_place){.file = program->main},
                "too many statements: %zu (limit %d)", count, LIMIT_STATEMENTS);
    return false;
}

struct sema_program *sema_check(struct syntax_context *context, const char *path,
                                const char *stdlib, const char **why)
{
    size_t comparisons = 0;
    struct sema_checker checker = {
        .context = context, .queue = context->queue, .comparisons = &comparisons};
    struct sema_program *program = BASE_NEW(context->arena, struct sema_program);
    program->context = context;
    program->main_path = path = sema_beside(context->arena, "", path);
    checker.program = program;
    const char *prelude = base_format(context->arena, "%s/prelude.azr", stdlib);
    if (!load_file(&checker, prelude, NULL, NULL) || !load_file(&checker, path, NULL, NULL)) {
        *why = base_format(context->arena, "%s: %s", program->files.count == 0 ? prelude : path,
                           program->why);
        return NULL;
    }
    program->main = program->files.items[program->files.count - 1]->source;
    if (!check_statement_count(&checker))
        return program;
    for (size_t f = 0; f < program->files.count; f++)
        for (size_t i = 0; i < program->files.items[f]->items.count; i++)
            declare_item(&checker, program->files.items[f]->items.items[i]);
    for (size_t i = 0; i < program->inputs.count; i++)
        sema_declare_input(&checker, program->inputs.items[i]);
    for (size_t i = 0; i < program->profiles.count; i++)
        link_profile(&checker, program->profiles.items[i]);
    for (size_t i = 0; i < program->schemas.count; i++)
        sema_link_schema(&checker, program->schemas.items[i]);
    for (size_t i = 0; i < program->blocks.count; i++)
        sema_link_block(&checker, program->blocks.items[i]);
    check_probes(&checker);
    for (size_t i = 0; i < program->configs.count; i++)
        sema_declare_config(&checker, program->configs.items[i]);
    for (size_t i = 0; i < program->configs.count; i++)
        sema_link_config(&checker, program->configs.items[i]);
    check_declarations(&checker);
    return program;
}
