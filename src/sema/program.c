/* A whole program: finds its files, declares its names, then checks what they mean. */
#include <string.h>
#include <unistd.h>

#include "sema/check.h"

struct azs_symbol *azs_new_symbol(struct azs_checker *checker, enum azs_class class,
                                  struct azp_word name, struct azp_item *item)
{
    struct azs_symbol *symbol = AZA_NEW(checker->context->arena, struct azs_symbol);
    symbol->class = class;
    symbol->name = name.text;
    symbol->place = name.place;
    symbol->item = item;
    return symbol;
}

struct azs_symbol *azs_find(const struct azs_program *program, const char *name)
{
    for (size_t i = 0; i < program->symbols.count; i++)
        if (aza_text_is(program->symbols.items[i]->name, name))
            return program->symbols.items[i];
    return NULL;
}

struct azp_item *azs_find_column(const struct azs_symbol *input, const char *name, uint32_t *column)
{
    for (size_t p = 0; p < input->profiles.count; p++)
        for (size_t i = 0; i < input->profiles.items[p]->bindings.count; i++)
            if (aza_text_is(input->profiles.items[p]->bindings.items[i].name.text, name)) {
                *column = (uint32_t)i;
                return input->profiles.items[p];
            }
    return NULL;
}

/* Files */

/* The path without `.` and without `..` behind a name, so that a file has one path however it is
 * imported. */
static const char *clean_path(struct azs_checker *checker, const char *path)
{
    char *out = aza_copy_text(checker->context->arena, path, strlen(path));
    size_t length = *path == '/', start = length;
    for (const char *at = path + start, *end; *at != '\0'; at = *end == '/' ? end + 1 : end) {
        end = strchrnul(at, '/');
        const struct aza_span part = {at, (size_t)(end - at)};
        if (part.length == 0 || aza_span_is(part, "."))
            continue;
        size_t last = length;
        while (last > start && out[last - 1] != '/')
            last--;
        const struct aza_span before = {out + last, length - last};
        if (aza_span_is(part, "..") && before.length > 0 && !aza_span_is(before, "..")) {
            length = last > start ? last - 1 : start;
            continue;
        }
        if (length > start)
            out[length++] = '/';
        memmove(out + length, part.start, part.length);
        length += part.length;
    }
    out[length] = '\0';
    return out;
}

/* A file named in another stands beside that one. */
static const char *beside(struct azs_checker *checker, const char *from, const char *name)
{
    const char *slash = strrchr(from, '/');
    if (name[0] == '/' || slash == NULL)
        return clean_path(checker, name);
    return clean_path(
        checker, aza_format(checker->context->arena, "%.*s/%s", (int)(slash - from), from, name));
}

static bool is_loaded(const struct azd_queue *queue, const char *path)
{
    for (size_t i = 0; i < queue->sources->count; i++)
        if (aza_text_is(queue->sources->files[i].path, path))
            return true;
    return false;
}

/* Reads a file and, before it, what it imports. `from` names the place of the import. */
static bool load(struct azs_checker *checker, const char *path, const struct aza_place *from)
{
    struct azd_queue *queue = checker->queue;
    if (is_loaded(queue, path))
        return true;
    const char *why = "too many files are imported";
    char *text = NULL;
    size_t length = 0;
    if (queue->sources->count == AZA_SOURCE_FILES_MAX ||
        !aza_read_file(checker->context->arena, path, AZA_SOURCE_BYTES_MAX, &text, &length, &why)) {
        if (from != NULL)
            azd_report(queue, AZD_NO_FILE, *from, "`%s` cannot be read: %s", path, why);
        else
            checker->program->why = why;
        return false;
    }
    uint16_t source = (uint16_t)queue->sources->count++;
    queue->sources->files[source] =
        (struct aza_source){.path = path, .text = text, .length = length};
    struct azp_file *file = azp_parse(checker->context, source);
    checker->program->broken = checker->program->broken || file->broken;
    for (size_t i = 0; i < file->items.count; i++) {
        const struct azp_item *item = file->items.items[i];
        if (item->class == AZP_IMPORT)
            load(checker, beside(checker, path, item->name.text), &item->name.place);
    }
    *AZA_PUSH(checker->context->arena, &checker->program->files) = file;
    return true;
}

const struct azg_catalog *azs_catalog(struct azs_checker *checker, struct azp_word name)
{
    struct azs_symbol *symbol = NULL;
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < checker->program->catalogs.count; i++) {
        struct azs_symbol *catalog = checker->program->catalogs.items[i];
        *AZA_PUSH(checker->context->arena, &names) = catalog->name;
        if (catalog->name == name.text)
            symbol = catalog;
    }
    if (symbol == NULL) {
        struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_CATALOG, name.place,
                                                    "there is no catalogue `%s`", name.text);
        azd_suggest(checker->queue, unknown, name.text, names.items, names.count);
        return NULL;
    }
    if (symbol->catalog != NULL || symbol->visiting)
        return symbol->catalog;
    symbol->visiting = true;
    const char *why = NULL;
    const char *from = checker->queue->sources->files[symbol->place.file].path;
    const char *path = beside(checker, from, symbol->item->other.text);
    symbol->catalog = azg_load(checker->context->arena, checker->context->names, path, &why);
    if (symbol->catalog == NULL)
        azd_report(checker->queue, AZD_UNKNOWN_CATALOG, symbol->item->other.place,
                   "this catalogue cannot be read: %s", why);
    else if (checker->program->oldest == 0)
        checker->program->oldest = symbol->catalog->version / 10000 * 10000;
    return symbol->catalog;
}

/* Declaring */

struct azs_symbol *azs_declare(struct azs_checker *checker, enum azs_class class,
                               struct azp_item *item, struct azp_word name)
{
    struct azs_symbol *other = azs_find(checker->program, name.text);
    struct azs_symbol *symbol = azs_new_symbol(checker, class, name, item);
    symbol->global = true;
    item->symbol = symbol;
    if (other != NULL) {
        struct azd_diagnostic *twice = azd_report(checker->queue, AZD_DUPLICATE_NAME, name.place,
                                                  "`%s` is declared twice", name.text);
        azd_label(twice, other->place, "first declared here");
    }
    *AZA_PUSH(checker->context->arena, &checker->program->symbols) = symbol;
    return symbol;
}

static void declare_input(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_symbol *symbol = azs_declare(checker, AZS_INPUT, item, item->name);
    symbol->index = (uint32_t)checker->program->inputs.count;
    *AZA_PUSH(checker->context->arena, &checker->program->inputs) = symbol;
}

static void declare_config(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_symbol *symbol = azs_declare(checker, AZS_CONFIG, item, item->name);
    struct azs_config *config = AZA_NEW(checker->context->arena, struct azs_config);
    config->item = item;
    config->symbol = symbol;
    symbol->index = (uint32_t)checker->program->configs.count;
    *AZA_PUSH(checker->context->arena, &checker->program->configs) = config;
}

static void declare_item(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_program *program = checker->program;
    struct aza_arena *arena = checker->context->arena;
    switch (item->class) {
    case AZP_FACT:
    case AZP_OPTION:
    case AZP_SECRET:
        declare_input(checker, item);
        break;
    case AZP_LET:
        azs_declare(checker, AZS_LET, item, item->name);
        break;
    case AZP_DEF:
        azs_declare(checker, AZS_DEF, item, item->name);
        break;
    case AZP_TIERS:
        azs_declare(checker, AZS_TIERS, item, item->name);
        break;
    case AZP_CONFIG:
        declare_config(checker, item);
        break;
    case AZP_CATALOG:
        *AZA_PUSH(arena, &program->catalogs) =
            azs_new_symbol(checker, AZS_CATALOG, item->name, item);
        break;
    case AZP_PROBE:
        *AZA_PUSH(arena, &program->probes) = item;
        break;
    case AZP_PROFILE:
        *AZA_PUSH(arena, &program->profiles) = item;
        break;
    case AZP_INVARIANT:
        *AZA_PUSH(arena, &program->invariants) = item;
        break;
    case AZP_CHECK:
        *AZA_PUSH(arena, &program->checks) = item;
        break;
    case AZP_EXPORT:
        *AZA_PUSH(arena, &program->exports) = item;
        break;
    case AZP_TEST:
        *AZA_PUSH(arena, &program->tests) = item;
        break;
    case AZP_EMIT:
        *AZA_PUSH(arena, &program->emits) = item;
        break;
    case AZP_SCHEMA:
        azs_declare_schema(checker, item);
        break;
    case AZP_BLOCK:
        azs_declare_block(checker, item, NULL);
        break;
    default:
        break;
    }
}

static void link_profile(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_symbol *input = azs_find(checker->program, item->name.text);
    if (input == NULL) {
        azs_unknown_name(checker, item->name);
        return;
    }
    if (input->class != AZS_INPUT || input->enumeration == NULL) {
        struct azd_diagnostic *bad =
            azd_report(checker->queue, AZD_NOT_AN_ENUM, item->name.place,
                       "a profile adds columns to an option that is an enum, and `%s` is none",
                       item->name.text);
        azd_help(checker->queue, bad, "for steps of a number, use `tiers`");
        return;
    }
    item->symbol = input;
    *AZA_PUSH(checker->context->arena, &input->profiles) = item;
}

/* Lazily typed symbols */

/* a -> b -> a, where there is more between than the two places shown. */
static void note_way_round(struct azs_checker *checker, struct azd_diagnostic *cycle,
                           const struct azs_symbol *again)
{
    const char *way = again->name;
    const struct azs_scope *asking = checker->asking;
    for (; asking->symbol != again; asking = asking->outer)
        way = aza_format(checker->context->arena, "%s -> %s", asking->symbol->name, way);
    if (checker->asking->symbol != again)
        azd_note(checker->queue, cycle, "the way round is %s -> %s", again->name, way);
}

struct azs_type *azs_symbol_type(struct azs_checker *checker, struct azs_symbol *symbol,
                                 struct aza_place use)
{
    if (symbol->class == AZS_SETTING) {
        const struct azs_config *config = checker->program->configs.items[symbol->index];
        bool covered = false;
        for (; config != NULL && !covered; config = config->parent)
            for (size_t i = 0; i < config->settings.count; i++)
                covered = covered || (config->settings.items[i]->setting == symbol->setting &&
                                      config->settings.items[i]->covered);
        return azs_optional(checker, symbol->type, !covered);
    }
    if (symbol->type != NULL)
        return symbol->type;
    if (symbol->class != AZS_LET && symbol->class != AZS_DEF) {
        struct azd_diagnostic *no =
            azd_report(checker->queue, AZD_NOT_A_VALUE, use, "`%s` is not a value", symbol->name);
        azd_help(checker->queue, no,
                 symbol->class == AZS_CONFIG   ? "name a setting: `%s.work_mem`"
                 : symbol->class == AZS_SCHEMA ? "it is a type: `let x: %s = { ... }`"
                                               : "name a column: `%s.column`",
                 symbol->name);
        return azs_error();
    }
    if (symbol->visiting) {
        struct azd_diagnostic *cycle = azd_report(checker->queue, AZD_CYCLE, symbol->place,
                                                  "`%s` is defined by itself", symbol->name);
        azd_label(cycle, use, "used here");
        note_way_round(checker, cycle, symbol);
        return azs_error();
    }
    struct azs_checker inner = *checker;
    struct azs_scope asking = {.outer = checker->asking, .symbol = symbol};
    inner.asking = &asking;
    inner.config = symbol->config;
    inner.scope = symbol->scope;
    inner.known = symbol->known;
    symbol->visiting = true;
    struct azp_item *item = symbol->item;
    if (symbol->class == AZS_DEF)
        azs_check_def(&inner, symbol);
    else
        symbol->type = azs_declared(
            &inner, item->value,
            item->type == NULL ? NULL : azs_value_type_of(&inner, item->type, symbol->name),
            aza_format(checker->context->arena, "`%s`", symbol->name));
    symbol->visiting = false;
    return symbol->type;
}

/* The probes that stdlib declares are those that are built in. */
static void check_probes(struct azs_checker *checker)
{
    for (size_t i = 0; i < checker->program->probes.count; i++) {
        struct azp_item *item = checker->program->probes.items[i];
        enum azf_probe probe = azf_find(aza_span_of(item->name.text));
        struct azs_type *type = azs_type_of(checker, item->type, item->name.text);
        if (probe == AZF_PROBES || (!type->error && type->kind != azf_kind(probe)))
            azd_report(checker->queue, AZD_UNKNOWN_PROBE, item->name.place,
                       "the interpreter has no probe `%s` of this type", item->name.text);
    }
}

/* What is compared is a machine where the fact is unknown with machines where it is known. */
static void check_without(struct azs_checker *checker, const struct azp_item *item,
                          const struct azs_symbol *input)
{
    if (input->class == AZS_INPUT && input->type->optional)
        return;
    struct azd_diagnostic *always = azd_report(checker->queue, AZD_WRONG_TYPE, item->of.place,
                                               "`%s` is never unknown", item->of.text);
    azd_help(checker->queue, always, "name a fact or option that is declared `optional`");
}

static void check_invariant(struct azs_checker *checker, struct azp_item *item)
{
    if (item->condition != NULL)
        azs_condition(checker, item->condition);
    struct azs_scope *outer = checker->known;
    if (item->condition != NULL)
        checker->known = azs_known_by(checker, item->condition, true, outer);
    if (item->shape == AZP_HOLDS) {
        azs_condition(checker, item->value);
        checker->known = outer;
        return;
    }
    struct azs_type *type = azs_value(checker, item->value, NULL);
    checker->known = outer;
    if (!azs_is_number(type))
        azd_report(checker->queue, AZD_WRONG_TYPE, item->value->place,
                   "only a number rises or falls, and this is %s", azs_type_word(type));
    struct azs_symbol *input = azs_find(checker->program, item->of.text);
    if (input == NULL)
        azs_unknown_name(checker, item->of);
    else if (item->shape == AZP_LEAST || item->shape == AZP_MOST)
        check_without(checker, item, input);
    else if (input->class != AZS_INPUT || !azs_is_number(input->type))
        azd_report(checker->queue, AZD_WRONG_TYPE, item->of.place,
                   "`%s` is not a fact or option that is a number", item->of.text);
    if (item->high != NULL) {
        azs_value(checker, item->high, NULL);
        azs_accept(checker, item->high, azs_scalar(AZB_RATIO), "the largest jump");
    }
}

/* A text that is only made where its condition holds, and may rely on it. */
static void check_guarded(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_scope *known = checker->known;
    if (item->condition != NULL) {
        azs_condition(checker, item->condition);
        checker->known = azs_known_by(checker, item->condition, true, known);
    }
    azs_value(checker, item->value, NULL);
    azs_accept(checker, item->value, azs_scalar(AZB_TEXT),
               item->class == AZP_EXPORT ? "an environment variable" : "a message");
    checker->known = known;
}

static void check_top(struct azs_checker *checker)
{
    struct azs_program *program = checker->program;
    for (size_t i = 0; i < program->inputs.count; i++)
        azs_check_input(checker, program->inputs.items[i]);
    for (size_t i = 0; i < program->profiles.count; i++)
        azs_check_profile(checker, program->profiles.items[i]);
    for (size_t i = 0; i < program->symbols.count; i++) {
        struct azs_symbol *symbol = program->symbols.items[i];
        if (symbol->class == AZS_TIERS)
            azs_check_tiers(checker, symbol);
        else if (symbol->class == AZS_LET || symbol->class == AZS_DEF)
            azs_symbol_type(checker, symbol, symbol->place);
    }
    for (size_t i = 0; i < program->schemas.count; i++)
        azs_check_schema(checker, program->schemas.items[i]);
    for (size_t i = 0; i < program->blocks.count; i++)
        azs_check_block(checker, program->blocks.items[i]);
    for (size_t i = 0; i < program->configs.count; i++)
        azs_check_config(checker, program->configs.items[i]);
    for (size_t i = 0; i < program->invariants.count; i++)
        check_invariant(checker, program->invariants.items[i]);
    for (size_t i = 0; i < program->checks.count; i++)
        check_guarded(checker, program->checks.items[i]);
    for (size_t i = 0; i < program->exports.count; i++)
        check_guarded(checker, program->exports.items[i]);
    for (size_t i = 0; i < program->emits.count; i++)
        azs_check_emit(checker, program->emits.items[i]);
    if (program->live == NULL && program->configs.count > 0)
        program->live = program->configs.items[program->configs.count - 1];
    for (size_t i = 0; i < program->tests.count; i++)
        azs_check_test(checker, program->tests.items[i]);
}

static size_t count_items(const struct azp_items *items)
{
    size_t count = items->count;
    for (size_t i = 0; i < items->count; i++)
        count += count_items(&items->items[i]->body) + count_items(&items->items[i]->otherwise);
    return count;
}

/* Names are looked up one after the other, which is fast for as many as one can read. */
static bool check_size(struct azs_checker *checker)
{
    const struct azs_program *program = checker->program;
    size_t count = 0;
    for (size_t f = 0; f < program->files.count; f++)
        count += count_items(&program->files.items[f]->items);
    if (count <= AZA_STATEMENTS_MAX)
        return true;
    azd_report(checker->queue, AZD_TOO_LARGE, (struct aza_place){.file = program->main},
               "%zu statements are more than the %d that can be compiled", count,
               AZA_STATEMENTS_MAX);
    return false;
}

struct azs_program *azs_check(struct azp_context *context, const char *path, const char *stdlib,
                              const char **why)
{
    size_t comparisons = 0;
    struct azs_checker checker = {
        .context = context, .queue = context->queue, .comparisons = &comparisons};
    struct azs_program *program = AZA_NEW(context->arena, struct azs_program);
    program->context = context;
    program->main_path = path = clean_path(&checker, path);
    checker.program = program;
    const char *prelude = aza_format(context->arena, "%s/prelude.azr", stdlib);
    if (!load(&checker, prelude, NULL) || !load(&checker, path, NULL)) {
        *why = aza_format(context->arena, "%s: %s", program->files.count == 0 ? prelude : path,
                          program->why);
        return NULL;
    }
    program->main = program->files.items[program->files.count - 1]->source;
    if (!check_size(&checker))
        return program;
    for (size_t f = 0; f < program->files.count; f++)
        for (size_t i = 0; i < program->files.items[f]->items.count; i++)
            declare_item(&checker, program->files.items[f]->items.items[i]);
    for (size_t i = 0; i < program->inputs.count; i++)
        azs_declare_input(&checker, program->inputs.items[i]);
    for (size_t i = 0; i < program->profiles.count; i++)
        link_profile(&checker, program->profiles.items[i]);
    for (size_t i = 0; i < program->schemas.count; i++)
        azs_link_schema(&checker, program->schemas.items[i]);
    for (size_t i = 0; i < program->blocks.count; i++)
        azs_link_block(&checker, program->blocks.items[i]);
    check_probes(&checker);
    for (size_t i = 0; i < program->configs.count; i++)
        azs_declare_config(&checker, program->configs.items[i]);
    for (size_t i = 0; i < program->configs.count; i++)
        azs_link_config(&checker, program->configs.items[i]);
    check_top(&checker);
    return program;
}
