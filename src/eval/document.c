/* Files: turns values into the trees that src/formats writes.
 *
 * What a leaf may depend on follows from the moment at which its file is written:
 *
 *     emit         at compile time: constants only
 *     emit deploy  docker compose reads the file: also unmodified options, as ${NAME:-default}
 *     emit start   at container start: also facts, settings and arithmetic, as slots; secrets only
 *                  in files that others cannot read
 *
 * A leaf that is not allowed is reported with the file it is written into, and the file is not
 * written (`fine`). A file that is written at start is stored in the image as a list of slots: the
 * constant texts between holes, and for each hole the value, encoded by a QUOTE instruction. */
#include <string.h>

#include "base/checked.h"
#include "eval/build.h"

struct writing {
    struct eval_builder *builder;
    const struct syntax_item *item;
    enum syntax_moment moment;
    enum formats_id format;
    bool open; /* others may read the file, so it must not contain a secret */
    bool fine;
    bool stopped; /* too deep or too large, which is reported: the rest is skipped */
    int depth;
};

/* --- leaves --- */

/* Durations as compose, Prometheus and most others read them: in the largest unit, up to hours,
 * that leaves a whole number. */
static void put_duration(struct base_sink *sink, int64_t value)
{
    static const struct {
        int64_t microseconds;
        const char *word;
    } units[] = {{INT64_C(3600000000), "h"}, {60000000, "m"}, {1000000, "s"}, {1000, "ms"}};
    size_t unit = 0;
    while (unit < 3 && (value == 0 || value % units[unit].microseconds != 0))
        unit++;
    if (value % units[unit].microseconds != 0) {
        base_put_int(sink, value);
        base_put(sink, "us");
        return;
    }
    base_put_int(sink, value / units[value == 0 ? 2 : unit].microseconds);
    base_put(sink, units[value == 0 ? 2 : unit].word);
}

const char *eval_shown(struct eval_builder *builder, ir_slot slot)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    const enum image_kind kind = ir_kind(builder->code, slot);
    vm_put_value(&sink, &builder->code->machine, kind, ir_value(builder->code, slot));
    return sink.data;
}

/* PostgreSQL has its own units of time (min, d), which vm_put_value writes. */
static struct base_span constant_span(const struct writing *writing, ir_slot slot)
{
    struct eval_builder *builder = writing->builder;
    struct base_sink sink = base_arena_sink(builder->arena);
    const enum image_kind kind = ir_kind(builder->code, slot);
    const int64_t value = ir_value(builder->code, slot);
    if (kind == IMAGE_TIME && writing->format != FORMATS_CONF)
        put_duration(&sink, value);
    else if (image_is_text(kind))
        base_put(&sink, ir_chars(builder->code, slot));
    else
        vm_put_value(&sink, &builder->code->machine, kind, value);
    return (struct base_span){sink.data, sink.length};
}

struct parts {
    BASE_LIST(struct formats_part) list;
};

static struct formats_part *add_format_part(struct writing *writing, struct parts *parts,
                                            enum formats_part_class class)
{
    struct formats_part *part = BASE_PUSH(writing->builder->arena, &parts->list);
    *part = (struct formats_part){.class = class};
    return part;
}

static void add_format_literal(struct writing *writing, struct parts *parts, struct base_span text)
{
    if (text.length > 0)
        add_format_part(writing, parts, FORMATS_LITERAL)->text = text;
}

static struct diagnostic *report_unwritable(struct writing *writing, enum diag_code code,
                                            struct base_place place, const char *sentence)
{
    writing->fine = false;
    struct diagnostic *report = diag_report(writing->builder->queue, code, place, "%s", sentence);
    diag_label(report, writing->item->name.place, "written into this file");
    return report;
}

static void report_not_deployable(struct writing *writing, struct base_place place)
{
    struct diagnostic *report = report_unwritable(
        writing, DIAG_NOT_DEPLOYABLE, place,
        "only the unmodified value of an option can be left to be set at deployment");
    diag_note(writing->builder->queue, report,
              "it is written as ${NAME:-default}; facts, settings and arithmetic are known only at "
              "container start");
}

static void report_not_static(struct writing *writing, struct base_place place)
{
    struct diagnostic *report = report_unwritable(
        writing, DIAG_NOT_STATIC, place,
        base_format(writing->builder->arena,
                    "`%s` is known only at container start, but %s is written at compile time",
                    eval_text_of(writing->builder, place), writing->item->name.text));
    diag_help(
        writing->builder->queue, report,
        "use `emit start \"PATH\" mode 0644 for COMMAND ...` to write it at container start, or "
        "`emit deploy` to leave options to be set at deployment");
}

/* The environment variables of a symbol from its source `from` on, linked as defaults of one
 * another; `otherwise` is the default of the last. */
static const struct formats_part *variables_from(struct writing *writing,
                                                 const struct sema_symbol *symbol, size_t from,
                                                 struct base_span otherwise)
{
    size_t at = from;
    while (at < symbol->item->sources.count &&
           symbol->item->sources.items[at].class != IMAGE_FROM_ENV)
        at++;
    if (at == symbol->item->sources.count)
        return NULL;
    struct formats_part *part = BASE_NEW(writing->builder->arena, struct formats_part);
    *part = (struct formats_part){
        .class = FORMATS_VARIABLE,
        .variable = symbol->item->sources.items[at].name.text,
        .otherwise = variables_from(writing, symbol, at + 1, otherwise),
        .text = otherwise,
    };
    return part;
}

/* ${NAME:-default}, or ${NAME:-${OTHER:-default}} if the option has two variables; false if it has
 * none. */
static bool add_compose_variable(struct writing *writing, struct parts *parts,
                                 const struct sema_symbol *symbol, struct base_span otherwise)
{
    const struct formats_part *first = variables_from(writing, symbol, 0, otherwise);
    if (first != NULL)
        *add_format_part(writing, parts, FORMATS_VARIABLE) = *first;
    return first != NULL;
}

static const struct sema_symbol *option_of(const struct eval_builder *builder, ir_slot slot)
{
    const struct image_instruction *instruction = &builder->code->instructions[slot];
    if (instruction->op != IMAGE_OP_INPUT)
        return NULL;
    const struct sema_symbol *symbol = builder->program->inputs.items[instruction->immediate];
    return symbol->item->class == SYNTAX_OPTION ? symbol : NULL;
}

static struct base_span default_of(struct writing *writing, const struct sema_symbol *symbol)
{
    struct eval_builder *builder = writing->builder;
    if (symbol->item->value == NULL)
        return (struct base_span){"", 0};
    ir_slot slot = eval_expr_as(builder, symbol->item->value, symbol->type->kind);
    return ir_is_constant(builder->code, slot) ? constant_span(writing, slot)
                                               : (struct base_span){"", 0};
}

/* A slot in a file that docker compose reads: an option, a text made of options and constants, or
 * an option with a constant fallback. False for everything else. */
static bool add_deployed(struct writing *writing, struct parts *parts, ir_slot slot)
{
    struct eval_builder *builder = writing->builder;
    const struct image_instruction instruction = builder->code->instructions[slot];
    const struct sema_symbol *option = option_of(builder, slot);
    if (option != NULL)
        return add_compose_variable(writing, parts, option, default_of(writing, option));
    switch (instruction.op) {
    case IMAGE_OP_CONST:
        add_format_literal(writing, parts, constant_span(writing, slot));
        return true;
    case IMAGE_OP_TEXT:
        return add_deployed(writing, parts, instruction.a);
    case IMAGE_OP_CONCAT:
        return add_deployed(writing, parts, instruction.a) &&
               add_deployed(writing, parts, instruction.b);
    case IMAGE_OP_ELSE:
        option = option_of(builder, instruction.a);
        return option != NULL && ir_is_constant(builder->code, instruction.b) &&
               add_compose_variable(writing, parts, option, constant_span(writing, instruction.b));
    default:
        return false;
    }
}

static void add_started(struct writing *writing, struct parts *parts, ir_slot slot,
                        struct base_place place)
{
    struct eval_builder *builder = writing->builder;
    const struct ir_facts *facts = &builder->code->facts[slot];
    if (writing->open && facts->secret) {
        struct diagnostic *report =
            report_unwritable(writing, DIAG_SECRET_USED, place,
                              "a secret cannot be written to a file that others can read");
        diag_help(builder->queue, report, "restrict the mode of the file: `mode 0600`");
        return;
    }
    if (facts->may_be_void && !facts->secret) {
        struct diagnostic *report = report_unwritable(
            writing, DIAG_MAY_BE_UNKNOWN, place, "this may have no value when the file is written");
        diag_help(builder->queue, report, "provide a fallback: `(...) else ...`");
        return;
    }
    if (ir_kind(builder->code, slot) != IMAGE_TEXT)
        slot = ir_emit(builder->code, IMAGE_OP_TEXT, IMAGE_TEXT, slot, 0, 0, 0);
    add_format_part(writing, parts, FORMATS_SLOT)->slot = slot;
}

static void add_slot(struct writing *writing, struct parts *parts, ir_slot slot,
                     struct base_place place)
{
    struct ir_code *code = writing->builder->code;
    if (code->facts[slot].broken) {
        writing->fine = false;
        return;
    }
    if (ir_is_constant(code, slot)) {
        add_format_literal(writing, parts, constant_span(writing, slot));
        return;
    }
    if (writing->moment == SYNTAX_START)
        add_started(writing, parts, slot, place);
    else if (code->facts[slot].secret)
        diag_help(writing->builder->queue,
                  report_unwritable(writing, DIAG_SECRET_USED, place,
                                    "a secret cannot be written to a file that others can read"),
                  "write it with `emit start \"PATH\" mode 0600 for COMMAND ...`");
    else if (writing->moment == SYNTAX_NOW)
        report_not_static(writing, place);
    else if (!add_deployed(writing, parts, slot))
        report_not_deployable(writing, place);
}

static struct formats_node *new_node(struct writing *writing, enum formats_class class,
                                     const struct eval_value *value)
{
    struct formats_node *node = BASE_NEW(writing->builder->arena, struct formats_node);
    node->class = class;
    node->tag = value->tag;
    return node;
}

static void finish_parts(struct formats_node *node, const struct parts *parts)
{
    node->parts = parts->list.items;
    node->count = parts->list.count;
}

static const struct formats_node *plain_node(struct writing *writing,
                                             const struct eval_value *value)
{
    const enum image_kind kind = ir_kind(writing->builder->code, value->slot);
    const bool constant = ir_is_constant(writing->builder->code, value->slot);
    /* 64MB at start: only readers of settings accept a unit without quotes, so it is a text
     * elsewhere. */
    const bool unit = !constant && (kind == IMAGE_BYTES || kind == IMAGE_TIME) &&
                      (writing->format == FORMATS_JSON || writing->format == FORMATS_YAML);
    const bool words = unit || image_is_text(kind);
    if (constant && kind == IMAGE_BOOL) {
        struct formats_node *truth = new_node(writing, FORMATS_BOOL, value);
        truth->truth = ir_value(writing->builder->code, value->slot) != 0;
        return truth;
    }
    struct formats_node *node = new_node(writing, words ? FORMATS_TEXT : FORMATS_NUMBER, value);
    struct parts parts = {0};
    add_slot(writing, &parts, value->slot, value->place);
    finish_parts(node, &parts);
    return node;
}

static const struct formats_node *text_node(struct writing *writing, const struct eval_value *value)
{
    struct formats_node *node = new_node(writing, FORMATS_TEXT, value);
    struct parts parts = {0};
    for (size_t i = 0; i < value->count; i++) {
        const struct eval_part *part = &value->parts[i];
        if (part->literal.start != NULL)
            add_format_literal(writing, &parts, part->literal);
        else if (part->variable == NULL)
            add_slot(writing, &parts, part->slot, value->place);
        else if (writing->moment == SYNTAX_DEPLOY)
            add_compose_variable(writing, &parts, part->variable, (struct base_span){"", 0});
        else
            report_unwritable(writing, DIAG_NOT_SAYABLE, value->place,
                              "`variables_of` is allowed only in `emit deploy`");
    }
    finish_parts(node, &parts);
    return node;
}

/* --- lists, maps, records --- */

static const struct formats_node *node_of(struct writing *writing, const struct eval_value *value);

static const struct formats_node *entries_node(struct writing *writing,
                                               const struct eval_value *value)
{
    struct formats_node *node =
        new_node(writing, value->form == EVAL_LIST ? FORMATS_LIST : FORMATS_MAP, value);
    struct formats_entry *entries =
        base_alloc(writing->builder->arena, value->count * sizeof *entries + 1);
    for (size_t i = 0; i < value->count; i++) {
        const struct eval_entry *entry = &value->entries[i];
        if (entry->value->form == EVAL_NOTHING)
            continue;
        entries[node->count++] = (struct formats_entry){.key = entry->key,
                                                        .comment = entry->doc,
                                                        .disabled = entry->disabled,
                                                        .value = node_of(writing, entry->value)};
    }
    node->entries = entries;
    return node;
}

/* Fields without a value are left out. */
static const struct formats_node *record_node(struct writing *writing,
                                              const struct eval_value *value)
{
    struct eval_record *record = value->record;
    const size_t count = record->schema->fields.count;
    struct formats_node *node = new_node(writing, FORMATS_MAP, value);
    struct formats_entry *entries =
        base_alloc(writing->builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct eval_value *field =
            eval_field_value(writing->builder, record, i, value->place);
        if (field->form == EVAL_NOTHING)
            continue;
        entries[node->count++] = (struct formats_entry){.key = record->schema->fields.items[i].name,
                                                        .comment = record->docs[i],
                                                        .value = node_of(writing, field)};
    }
    node->entries = entries;
    return node;
}

/* The work of one node, compared with one byte of a text. Blocks are written wherever they are
 * named, so a small program could produce a tree of exponential size. */
enum { NODE_WORK = 8 };

static bool may_enter(struct writing *writing, struct base_place place)
{
    if (writing->depth == LIMIT_DOCUMENT_DEPTH)
        report_unwritable(writing, DIAG_TOO_DEEP, place, "blocks and lists are nested too deeply");
    writing->stopped =
        writing->depth == LIMIT_DOCUMENT_DEPTH || !eval_work(writing->builder, place, NODE_WORK);
    writing->fine = writing->fine && !writing->stopped;
    return !writing->stopped;
}

static const struct formats_node *node_of_form(struct writing *writing,
                                               const struct eval_value *value)
{
    switch (value->form) {
    case EVAL_PLAIN:
        return plain_node(writing, value);
    case EVAL_TEXT:
        return text_node(writing, value);
    case EVAL_RECORD:
        return record_node(writing, value);
    default:
        return entries_node(writing, value);
    }
}

static const struct formats_node *node_of(struct writing *writing, const struct eval_value *value)
{
    if (writing->stopped || value->form == EVAL_NOTHING || !may_enter(writing, value->place))
        return new_node(writing, FORMATS_NOTHING, value);
    writing->depth++;
    const struct formats_node *node = node_of_form(writing, value);
    writing->depth--;
    return node;
}

/* --- settings --- */

/* A setting as a text that its server reads: a number of the server's units. Its grain is a
 * multiple of the unit unless the setting has fractions. */
static ir_slot setting_text(struct eval_builder *builder, const struct catalog_setting *setting,
                            ir_slot slot)
{
    struct ir_code *code = builder->code;
    if (setting->kind == IMAGE_BYTES || setting->kind == IMAGE_TIME) {
        ir_slot unit = ir_constant(code, setting->kind, setting->unit);
        slot = setting->grain % setting->unit != 0
                   ? ir_emit(code, IMAGE_OP_QUOTIENT, IMAGE_RATIO, slot, unit, 0, 0)
                   : ir_emit(code, IMAGE_OP_MULDIV, IMAGE_INT, ir_constant(code, IMAGE_INT, 1),
                             slot, unit, 0);
    }
    return ir_kind(code, slot) == IMAGE_TEXT
               ? slot
               : ir_emit(code, IMAGE_OP_TEXT, IMAGE_TEXT, slot, 0, 0, 0);
}

/* The word of a server that does not write off and on; null for others. */
static const char *bool_word(const struct catalog_setting *setting, int64_t value)
{
    return setting->member_count == 2 ? setting->members[value != 0] : NULL;
}

static const struct eval_value *setting_value(struct eval_builder *builder,
                                              struct sema_config *config,
                                              const struct sema_setting *own)
{
    const struct catalog_setting *setting = own->setting;
    ir_slot slot = eval_setting(builder, config, setting, own->symbol->place);
    /* The file has the value of the rules; an operator's value is applied later, and replaces it.
     */
    if (builder->code->instructions[slot].op == IMAGE_OP_SETTING)
        slot = builder->code->instructions[slot].a;
    if (builder->code->instructions[slot].op == IMAGE_OP_VOID)
        return NULL;
    if (!ir_is_constant(builder->code, slot))
        return eval_slot_text(builder, setting_text(builder, setting, slot), own->symbol->place);
    struct image_setting row = {.kind = (uint8_t)setting->kind, .unit = setting->unit};
    struct base_sink sink = base_arena_sink(builder->arena);
    const char *word =
        setting->kind == IMAGE_BOOL ? bool_word(setting, ir_value(builder->code, slot)) : NULL;
    if (word != NULL)
        base_put(&sink, word);
    else if (config->catalog->bare && ir_kind(builder->code, slot) != IMAGE_TEXT)
        base_put(&sink, ir_chars(builder->code, setting_text(builder, setting, slot)));
    else
        vm_put_setting(&sink, &builder->code->machine, &row, ir_value(builder->code, slot));
    return eval_text_value(builder, (struct base_span){sink.data, sink.length}, own->symbol->place);
}

const struct eval_value *eval_settings_of(struct eval_builder *builder, struct sema_config *config,
                                          struct base_place place)
{
    struct eval_value *map = eval_new_value(builder, EVAL_MAP, place);
    BASE_LIST(struct eval_entry) entries = {0};
    for (const struct sema_config *from = config; from != NULL; from = from->parent)
        for (size_t i = 0; i < from->settings.count; i++) {
            const struct sema_setting *own = from->settings.items[i];
            if (sema_find_setting(config, own->setting->name) != own)
                continue;
            const struct eval_value *value = setting_value(builder, config, own);
            if (value != NULL)
                *BASE_PUSH(builder->arena, &entries) = (struct eval_entry){
                    .key = own->setting->name, .doc = own->sets.items[0].item->doc, .value = value};
        }
    map->entries = entries.items;
    map->count = entries.count;
    return map;
}

/* --- files --- */

/* The text between two holes, as constants no longer than a text value may be. */
static void add_constant_pieces(struct eval_builder *builder, const struct formats_output *output,
                                size_t from, size_t to)
{
    for (size_t length; from < to; from += length) {
        length = to - from < LIMIT_TEXT_VALUE ? to - from : LIMIT_TEXT_VALUE - 1;
        const char *text = base_copy_text(builder->arena, output->text.data + from, length);
        *BASE_PUSH(builder->arena, &builder->result->tables.pieces) =
            ir_text(builder->code, IMAGE_TEXT, text);
    }
}

static void add_start_document(struct eval_builder *builder, const struct syntax_item *item,
                               const struct formats_output *output)
{
    struct ir_tables *tables = &builder->result->tables;
    struct image_document document = {.path = eval_string(builder, item->name.text),
                                      .command = eval_string(builder, item->other.text),
                                      .mode = sema_mode(item),
                                      .pieces = (uint32_t)tables->pieces.count};
    size_t at = 0;
    for (size_t i = 0; i < output->holes.count; i++) {
        const struct formats_hole *hole = &output->holes.items[i];
        add_constant_pieces(builder, output, at, hole->offset);
        ir_slot slot = (ir_slot)hole->slot;
        if (hole->quote != VM_QUOTES)
            slot = ir_emit(builder->code, IMAGE_OP_QUOTE, IMAGE_TEXT, slot, 0, 0, hole->quote);
        *BASE_PUSH(builder->arena, &tables->pieces) = slot;
        at = hole->offset;
    }
    add_constant_pieces(builder, output, at, output->text.length);
    document.piece_count = (uint32_t)tables->pieces.count - document.pieces;
    *BASE_PUSH(builder->arena, &tables->documents) = document;
}

static void add_document(struct eval_builder *builder, const struct syntax_item *item,
                         const char *path, const struct formats_output *output)
{
    if (item->shape == SYNTAX_START) {
        add_start_document(builder, item, output);
        return;
    }
    const size_t length = strlen(path);
    *BASE_PUSH(builder->arena, &builder->result->documents) = (struct eval_document){
        .path = path,
        .text = output->text.data,
        .length = output->text.length,
        .executable = length > 3 && strcmp(path + length - 3, ".sh") == 0,
    };
}

static void write_document(struct eval_builder *builder, const struct syntax_item *item,
                           const char *path, const struct eval_value *value)
{
    struct writing writing = {.builder = builder,
                              .item = item,
                              .moment = (enum syntax_moment)item->shape,
                              .format = formats_find(item->of.text),
                              .open = (sema_mode(item) & 027) != 0,
                              .fine = true};
    const struct formats_node *node = node_of(&writing, value);
    if (!writing.fine)
        return;
    const struct formats_request request = {
        .format = writing.format,
        .head = base_format(builder->arena, "Written by azc from %s; do not edit.",
                            builder->program->main_path),
        .deploy = writing.moment == SYNTAX_DEPLOY,
    };
    struct formats_output output = {.arena = builder->arena,
                                    .text = base_arena_sink(builder->arena)};
    struct formats_refusal refusal = {0};
    if (formats_write(&request, node, &output, &refusal)) {
        add_document(builder, item, path, &output);
        return;
    }
    struct diagnostic *report =
        diag_report(builder->queue, DIAG_NOT_SAYABLE, item->value->place, "%s", refusal.why);
    if (refusal.path != NULL && *refusal.path != '\0')
        diag_note(builder->queue, report, "the value is at `%s`", refusal.path);
}

/* The path is below the output directory, and no other file has it: those of a directory have paths
 * that the checker did not know. */
static bool check_path(struct eval_builder *builder, struct base_place place, const char *path)
{
    if (!sema_is_below(path)) {
        diag_help(builder->queue,
                  diag_report(builder->queue, DIAG_BAD_EMIT, place,
                              "`%s` is not a valid path inside the output directory", path),
                  "write a relative path without `..`");
        return false;
    }
    for (size_t i = 0; i < builder->result->documents.count; i++)
        if (base_text_is(builder->result->documents.items[i].path, path)) {
            diag_report(builder->queue, DIAG_BAD_EMIT, place, "`%s` is written twice", path);
            return false;
        }
    return true;
}

static void write_directory(struct eval_builder *builder, const struct syntax_item *item,
                            const struct eval_value *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const char *path =
            base_format(builder->arena, "%s%s", item->name.text, files->entries[i].key);
        const struct eval_value *value = files->entries[i].value;
        if (check_path(builder, value->place, path))
            write_document(builder, item, path, value);
    }
}

void eval_document(struct eval_builder *builder, const struct syntax_item *item)
{
    const struct eval_value *value =
        item->symbol != NULL
            ? eval_settings_of(builder, builder->program->configs.items[item->symbol->index],
                               item->value->place)
            : eval_value(builder, item->value);
    if (sema_is_directory(item))
        write_directory(builder, item, value);
    else if (item->shape == SYNTAX_START || check_path(builder, item->name.place, item->name.text))
        write_document(builder, item, item->name.text, value);
}
