/* Documents: from values to the trees that src/document writes, each leaf judged by the moment at
 * which its file is written. */
#include <string.h>

#include "base/checked.h"
#include "eval/build.h"

struct writing {
    struct aze_builder *builder;
    const struct azp_item *item;
    enum azp_moment moment;
    enum azw_format format;
    bool open; /* others may read the file, so no secret may stand in it */
    bool fine;
    bool stopped; /* too deep or too large: said, and nothing more is looked at */
    int depth;
};

/* --- leaves --- */

/* Durations as compose, Prometheus and most others read them: in the largest unit, up to hours,
 * that leaves a whole number. */
static void put_duration(struct aza_sink *sink, int64_t value)
{
    static const struct {
        int64_t microseconds;
        const char *word;
    } units[] = {{INT64_C(3600000000), "h"}, {60000000, "m"}, {1000000, "s"}, {1000, "ms"}};
    size_t unit = 0;
    while (unit < 3 && (value == 0 || value % units[unit].microseconds != 0))
        unit++;
    if (value % units[unit].microseconds != 0) {
        aza_put_int(sink, value);
        aza_put(sink, "us");
        return;
    }
    aza_put_int(sink, value / units[value == 0 ? 2 : unit].microseconds);
    aza_put(sink, units[value == 0 ? 2 : unit].word);
}

const char *aze_shown(struct aze_builder *builder, azi_slot slot)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const enum azb_kind kind = azi_kind(builder->code, slot);
    azv_put_value(&sink, &builder->code->machine, kind, azi_value(builder->code, slot));
    return sink.data == NULL ? "" : sink.data;
}

/* PostgreSQL's own files have its own words for minutes and days. */
static struct aza_span constant_span(const struct writing *writing, azi_slot slot)
{
    struct aze_builder *builder = writing->builder;
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const enum azb_kind kind = azi_kind(builder->code, slot);
    const int64_t value = azi_value(builder->code, slot);
    if (kind == AZB_TIME && writing->format != AZW_CONF)
        put_duration(&sink, value);
    else if (kind == AZB_TEXT || kind == AZB_ENUM || kind == AZB_LIST)
        aza_put(&sink, azi_chars(builder->code, slot));
    else
        azv_put_value(&sink, &builder->code->machine, kind, value);
    return (struct aza_span){sink.data == NULL ? "" : sink.data, sink.length};
}

struct parts {
    AZA_LIST(struct azw_part) list;
};

static struct azw_part *add_part(struct writing *writing, struct parts *parts,
                                 enum azw_part_class class)
{
    struct azw_part *part = AZA_PUSH(writing->builder->arena, &parts->list);
    *part = (struct azw_part){.class = class};
    return part;
}

static void add_literal(struct writing *writing, struct parts *parts, struct aza_span text)
{
    if (text.length > 0)
        add_part(writing, parts, AZW_LITERAL)->text = text;
}

static struct azd_diagnostic *refuse(struct writing *writing, enum azd_code code,
                                     struct aza_place place, const char *sentence)
{
    writing->fine = false;
    struct azd_diagnostic *report =
        azd_report(writing->builder->queue, code, place, "%s", sentence);
    azd_label(report, writing->item->name.place, "written into this file");
    return report;
}

static void refuse_at_deploy(struct writing *writing, struct aza_place place)
{
    struct azd_diagnostic *report =
        refuse(writing, AZD_NOT_DEPLOYABLE, place,
               "whoever deploys this file can put an option into it as it is, and no more");
    azd_note(writing->builder->queue, report,
             "it stands there as ${NAME:-default}; facts, settings and arithmetic are known only "
             "at start");
}

static void refuse_now(struct writing *writing, struct aza_place place)
{
    struct azd_diagnostic *report = refuse(
        writing, AZD_NOT_STATIC, place,
        aza_format(writing->builder->arena,
                   "`%s` is known only at start, and %s is written when the rules are compiled",
                   aze_text_of(writing->builder, place), writing->item->name.text));
    azd_help(writing->builder->queue, report,
             "`emit start \"PATH\" mode 0644 for COMMAND ...` writes it at start, `emit deploy` "
             "leaves options to whoever deploys");
}

/* The variables of a symbol from its source `from` on, each the default of the one before it. */
static const struct azw_part *variables_from(struct writing *writing,
                                             const struct azs_symbol *symbol, size_t from,
                                             struct aza_span otherwise)
{
    size_t at = from;
    while (at < symbol->item->sources.count &&
           symbol->item->sources.items[at].class != AZB_FROM_ENV)
        at++;
    if (at == symbol->item->sources.count)
        return NULL;
    struct azw_part *part = AZA_NEW(writing->builder->arena, struct azw_part);
    *part = (struct azw_part){
        .class = AZW_VARIABLE,
        .variable = symbol->item->sources.items[at].name.text,
        .otherwise = variables_from(writing, symbol, at + 1, otherwise),
        .text = otherwise,
    };
    return part;
}

/* ${NAME:-default}, and ${NAME:-${OTHER:-default}} where another variable is read besides. */
static bool add_variable(struct writing *writing, struct parts *parts,
                         const struct azs_symbol *symbol, struct aza_span otherwise)
{
    const struct azw_part *first = variables_from(writing, symbol, 0, otherwise);
    if (first != NULL)
        *add_part(writing, parts, AZW_VARIABLE) = *first;
    return first != NULL;
}

static const struct azs_symbol *option_of(const struct aze_builder *builder, azi_slot slot)
{
    const struct azb_instruction *instruction = &builder->code->instructions[slot];
    if (instruction->op != AZB_OP_INPUT)
        return NULL;
    const struct azs_symbol *symbol = builder->program->inputs.items[instruction->immediate];
    return symbol->item->class == AZP_OPTION ? symbol : NULL;
}

static struct aza_span default_of(struct writing *writing, const struct azs_symbol *symbol)
{
    struct aze_builder *builder = writing->builder;
    if (symbol->item->value == NULL)
        return (struct aza_span){"", 0};
    azi_slot slot = aze_expr_as(builder, symbol->item->value, symbol->type->kind);
    return azi_is_constant(builder->code, slot) ? constant_span(writing, slot)
                                                : (struct aza_span){"", 0};
}

/* What a slot is in a file that is read by whoever deploys: options, and texts made of them. */
static bool add_deployed(struct writing *writing, struct parts *parts, azi_slot slot)
{
    struct aze_builder *builder = writing->builder;
    const struct azb_instruction instruction = builder->code->instructions[slot];
    const struct azs_symbol *option = option_of(builder, slot);
    if (option != NULL)
        return add_variable(writing, parts, option, default_of(writing, option));
    switch (instruction.op) {
    case AZB_OP_CONST:
        add_literal(writing, parts, constant_span(writing, slot));
        return true;
    case AZB_OP_TEXT:
        return add_deployed(writing, parts, instruction.a);
    case AZB_OP_CONCAT:
        return add_deployed(writing, parts, instruction.a) &&
               add_deployed(writing, parts, instruction.b);
    case AZB_OP_ELSE:
        option = option_of(builder, instruction.a);
        return option != NULL && azi_is_constant(builder->code, instruction.b) &&
               add_variable(writing, parts, option, constant_span(writing, instruction.b));
    default:
        return false;
    }
}

static void add_started(struct writing *writing, struct parts *parts, azi_slot slot,
                        struct aza_place place)
{
    struct aze_builder *builder = writing->builder;
    const struct azi_facts *facts = &builder->code->facts[slot];
    if (writing->open && facts->secret) {
        struct azd_diagnostic *report =
            refuse(writing, AZD_SECRET_USED, place, "others could read this, and it is a secret");
        azd_help(builder->queue, report,
                 "give the file a mode that lets nobody else in: `mode 0600`");
        return;
    }
    if (facts->may_be_void && !facts->secret) {
        struct azd_diagnostic *report = refuse(writing, AZD_MAY_BE_UNKNOWN, place,
                                               "this may have no value when the file is written");
        azd_help(builder->queue, report, "say what holds then: `(...) else ...`");
        return;
    }
    if (azi_kind(builder->code, slot) != AZB_TEXT)
        slot = azi_emit(builder->code, AZB_OP_TEXT, AZB_TEXT, slot, 0, 0, 0);
    add_part(writing, parts, AZW_SLOT)->slot = slot;
}

static void add_slot(struct writing *writing, struct parts *parts, azi_slot slot,
                     struct aza_place place)
{
    struct azi_code *code = writing->builder->code;
    if (code->facts[slot].broken) {
        writing->fine = false;
        return;
    }
    if (azi_is_constant(code, slot)) {
        add_literal(writing, parts, constant_span(writing, slot));
        return;
    }
    if (writing->moment == AZP_START)
        add_started(writing, parts, slot, place);
    else if (code->facts[slot].secret)
        azd_help(
            writing->builder->queue,
            refuse(writing, AZD_SECRET_USED, place, "others could read this, and it is a secret"),
            "a secret can only end in `emit start \"PATH\" mode 0600 for COMMAND ...`");
    else if (writing->moment == AZP_NOW)
        refuse_now(writing, place);
    else if (!add_deployed(writing, parts, slot))
        refuse_at_deploy(writing, place);
}

static struct azw_node *new_node(struct writing *writing, enum azw_class class,
                                 const struct aze_value *value)
{
    struct azw_node *node = AZA_NEW(writing->builder->arena, struct azw_node);
    node->class = class;
    node->tag = value->tag;
    return node;
}

static void finish_parts(struct azw_node *node, const struct parts *parts)
{
    node->parts = parts->list.items;
    node->count = parts->list.count;
}

static const struct azw_node *plain_node(struct writing *writing, const struct aze_value *value)
{
    const enum azb_kind kind = azi_kind(writing->builder->code, value->slot);
    const bool constant = azi_is_constant(writing->builder->code, value->slot);
    /* 64MB is a number to those who read a file of settings, and to nobody else. */
    const bool unit = !constant && (kind == AZB_BYTES || kind == AZB_TIME) &&
                      (writing->format == AZW_JSON || writing->format == AZW_YAML);
    const bool words = unit || kind == AZB_ENUM || kind == AZB_LIST || kind == AZB_TEXT;
    if (constant && kind == AZB_BOOL) {
        struct azw_node *truth = new_node(writing, AZW_BOOL, value);
        truth->truth = azi_value(writing->builder->code, value->slot) != 0;
        return truth;
    }
    struct azw_node *node = new_node(writing, words ? AZW_TEXT : AZW_NUMBER, value);
    struct parts parts = {0};
    add_slot(writing, &parts, value->slot, value->place);
    finish_parts(node, &parts);
    return node;
}

static const struct azw_node *text_node(struct writing *writing, const struct aze_value *value)
{
    struct azw_node *node = new_node(writing, AZW_TEXT, value);
    struct parts parts = {0};
    for (size_t i = 0; i < value->count; i++) {
        const struct aze_part *part = &value->parts[i];
        if (part->literal.start != NULL)
            add_literal(writing, &parts, part->literal);
        else if (part->variable == NULL)
            add_slot(writing, &parts, part->slot, value->place);
        else if (writing->moment == AZP_DEPLOY)
            add_variable(writing, &parts, part->variable, (struct aza_span){"", 0});
        else
            refuse(writing, AZD_NOT_SAYABLE, value->place,
                   "`variables_of` stands for what a deployer says: it belongs into `emit deploy`");
    }
    finish_parts(node, &parts);
    return node;
}

/* --- lists, maps, records --- */

static const struct azw_node *node_of(struct writing *writing, const struct aze_value *value);

static const struct azw_node *entries_node(struct writing *writing, const struct aze_value *value)
{
    struct azw_node *node = new_node(writing, value->form == AZE_LIST ? AZW_LIST : AZW_MAP, value);
    struct azw_entry *entries =
        aza_alloc(writing->builder->arena, value->count * sizeof *entries + 1);
    for (size_t i = 0; i < value->count; i++) {
        const struct aze_entry *entry = &value->entries[i];
        if (entry->value->form == AZE_NOTHING)
            continue;
        entries[node->count++] = (struct azw_entry){.key = entry->key,
                                                    .comment = entry->doc,
                                                    .disabled = entry->disabled,
                                                    .value = node_of(writing, entry->value)};
    }
    node->entries = entries;
    return node;
}

/* Fields without a value are left out. Blocks that a block holds are maps by their names. */
static const struct azw_node *record_node(struct writing *writing, const struct aze_value *value)
{
    struct aze_record *record = value->record;
    const size_t count = record->schema->fields.count;
    struct azw_node *node = new_node(writing, AZW_MAP, value);
    struct azw_entry *entries = aza_alloc(writing->builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct aze_value *field = aze_field_value(writing->builder, record, i, value->place);
        if (field->form == AZE_NOTHING)
            continue;
        entries[node->count++] = (struct azw_entry){.key = record->schema->fields.items[i].name,
                                                    .comment = record->docs[i],
                                                    .value = node_of(writing, field)};
    }
    node->entries = entries;
    return node;
}

/* A node is some hundred bytes, and blocks may be written wherever they are named. */
enum { NODE_WORK = 8 };

static bool may_enter(struct writing *writing, struct aza_place place)
{
    if (writing->depth == AZA_DOCUMENT_DEPTH_MAX)
        refuse(writing, AZD_TOO_DEEP, place, "blocks and lists are nested too deeply here");
    writing->stopped =
        writing->depth == AZA_DOCUMENT_DEPTH_MAX || !aze_work(writing->builder, place, NODE_WORK);
    writing->fine = writing->fine && !writing->stopped;
    return !writing->stopped;
}

static const struct azw_node *node_of(struct writing *writing, const struct aze_value *value)
{
    if (writing->stopped || value->form == AZE_NOTHING || !may_enter(writing, value->place))
        return new_node(writing, AZW_NOTHING, value);
    writing->depth++;
    const struct azw_node *node = value->form == AZE_PLAIN    ? plain_node(writing, value)
                                  : value->form == AZE_TEXT   ? text_node(writing, value)
                                  : value->form == AZE_RECORD ? record_node(writing, value)
                                                              : entries_node(writing, value);
    writing->depth--;
    return node;
}

/* --- settings --- */

/* A setting that is known only at start, as its server reads it: a quantity in the server's unit.
 */
static azi_slot setting_text(struct aze_builder *builder, const struct azg_setting *setting,
                             azi_slot slot)
{
    struct azi_code *code = builder->code;
    if (setting->kind == AZB_BYTES || setting->kind == AZB_TIME) {
        azi_slot unit = azi_constant(code, setting->kind, setting->unit);
        slot = setting->grain % setting->unit != 0
                   ? azi_emit(code, AZB_OP_QUOTIENT, AZB_RATIO, slot, unit, 0, 0)
                   : azi_emit(code, AZB_OP_MULDIV, AZB_INT, azi_constant(code, AZB_INT, 1), slot,
                              unit, 0);
    }
    return azi_kind(code, slot) == AZB_TEXT ? slot
                                            : azi_emit(code, AZB_OP_TEXT, AZB_TEXT, slot, 0, 0, 0);
}

/* Servers that do not write a bool off and on have their own two words for it. */
static const char *truth_word(const struct azg_setting *setting, int64_t value)
{
    return setting->member_count == 2 ? setting->members[value != 0] : NULL;
}

static const struct aze_value *setting_value(struct aze_builder *builder, struct azs_config *config,
                                             const struct azs_setting *own)
{
    const struct azg_setting *setting = own->setting;
    azi_slot slot = aze_setting(builder, config, setting, own->symbol->place);
    /* An operator's word comes later, and over the file. */
    if (builder->code->instructions[slot].op == AZB_OP_SETTING)
        slot = builder->code->instructions[slot].a;
    if (builder->code->instructions[slot].op == AZB_OP_VOID)
        return NULL;
    if (!azi_is_constant(builder->code, slot))
        return aze_slot_text(builder, setting_text(builder, setting, slot), own->symbol->place);
    struct azb_setting row = {.kind = (uint8_t)setting->kind, .unit = setting->unit};
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const char *word =
        setting->kind == AZB_BOOL ? truth_word(setting, azi_value(builder->code, slot)) : NULL;
    if (word != NULL)
        aza_put(&sink, word);
    else if (config->catalog->bare && azi_kind(builder->code, slot) != AZB_TEXT)
        aza_put(&sink, azi_chars(builder->code, setting_text(builder, setting, slot)));
    else
        azv_put_setting(&sink, &builder->code->machine, &row, azi_value(builder->code, slot));
    return aze_text_value(builder,
                          (struct aza_span){sink.data == NULL ? "" : sink.data, sink.length},
                          own->symbol->place);
}

const struct aze_value *aze_settings_of(struct aze_builder *builder, struct azs_config *config,
                                        struct aza_place place)
{
    struct aze_value *map = aze_new_value(builder, AZE_MAP, place);
    AZA_LIST(struct aze_entry) entries = {0};
    for (const struct azs_config *from = config; from != NULL; from = from->parent)
        for (size_t i = 0; i < from->settings.count; i++) {
            const struct azs_setting *own = from->settings.items[i];
            if (azs_find_setting(config, own->setting->name) != own)
                continue;
            const struct aze_value *value = setting_value(builder, config, own);
            if (value != NULL)
                *AZA_PUSH(builder->arena, &entries) = (struct aze_entry){
                    .key = own->setting->name, .doc = own->sets.items[0].item->doc, .value = value};
        }
    map->entries = entries.items;
    map->count = entries.count;
    return map;
}

/* --- files --- */

/* The text between two holes, in pieces that a slot can hold. */
static void add_piece(struct aze_builder *builder, const struct azw_output *output, size_t from,
                      size_t to)
{
    for (size_t length; from < to; from += length) {
        length = to - from < AZA_TEXT_VALUE_MAX ? to - from : AZA_TEXT_VALUE_MAX - 1;
        const char *text = aza_copy_text(builder->arena, output->text.data + from, length);
        *AZA_PUSH(builder->arena, &builder->result->tables.pieces) =
            azi_text(builder->code, AZB_TEXT, text);
    }
}

static void add_start_document(struct aze_builder *builder, const struct azp_item *item,
                               const struct azw_output *output)
{
    struct azb_tables *tables = &builder->result->tables;
    struct azb_document document = {.path = aze_string(builder, item->name.text),
                                    .command = aze_string(builder, item->other.text),
                                    .mode = azs_mode(item),
                                    .pieces = (uint32_t)tables->pieces.count};
    size_t at = 0;
    for (size_t i = 0; i < output->holes.count; i++) {
        const struct azw_hole *hole = &output->holes.items[i];
        add_piece(builder, output, at, hole->offset);
        azi_slot slot = (azi_slot)hole->slot;
        if (hole->quote != AZV_QUOTES)
            slot = azi_emit(builder->code, AZB_OP_QUOTE, AZB_TEXT, slot, 0, 0, hole->quote);
        *AZA_PUSH(builder->arena, &tables->pieces) = slot;
        at = hole->offset;
    }
    add_piece(builder, output, at, output->text.length);
    document.piece_count = (uint32_t)tables->pieces.count - document.pieces;
    *AZA_PUSH(builder->arena, &tables->documents) = document;
}

static void add_document(struct aze_builder *builder, const struct azp_item *item, const char *path,
                         const struct azw_output *output)
{
    if (item->shape == AZP_START) {
        add_start_document(builder, item, output);
        return;
    }
    const size_t length = strlen(path);
    *AZA_PUSH(builder->arena, &builder->result->documents) = (struct aze_document){
        .path = path,
        .text = output->text.data == NULL ? "" : output->text.data,
        .length = output->text.length,
        .executable = length > 3 && strcmp(path + length - 3, ".sh") == 0,
    };
}

static void write_document(struct aze_builder *builder, const struct azp_item *item,
                           const char *path, const struct aze_value *value)
{
    struct writing writing = {.builder = builder,
                              .item = item,
                              .moment = (enum azp_moment)item->shape,
                              .format = azw_find_format(item->of.text),
                              .open = (azs_mode(item) & 027) != 0,
                              .fine = true};
    const struct azw_node *node = node_of(&writing, value);
    if (!writing.fine)
        return;
    const struct azw_request request = {
        .format = writing.format,
        .head = aza_format(builder->arena, "Written by azc from %s; do not edit.",
                           builder->program->main_path),
        .deploy = writing.moment == AZP_DEPLOY,
    };
    struct azw_output output = {.arena = builder->arena, .text = aza_arena_sink(builder->arena)};
    struct azw_refusal refusal = {0};
    if (azw_write(&request, node, &output, &refusal)) {
        add_document(builder, item, path, &output);
        return;
    }
    struct azd_diagnostic *report =
        azd_report(builder->queue, AZD_NOT_SAYABLE, item->value->place, "%s", refusal.why);
    if (refusal.way != NULL && *refusal.way != '\0')
        azd_note(builder->queue, report, "it stands at %s", refusal.way);
}

/* A file lies below the output, and no other was written there: one of a directory's may be. */
static bool check_name(struct aze_builder *builder, struct aza_place place, const char *path)
{
    if (!azs_is_below(path)) {
        azd_report(builder->queue, AZD_BAD_EMIT, place,
                   "`%s` does not lie below the directory that files are written to", path);
        return false;
    }
    for (size_t i = 0; i < builder->result->documents.count; i++)
        if (aza_text_is(builder->result->documents.items[i].path, path)) {
            azd_report(builder->queue, AZD_BAD_EMIT, place, "`%s` is written twice", path);
            return false;
        }
    return true;
}

static void write_directory(struct aze_builder *builder, const struct azp_item *item,
                            const struct aze_value *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const char *path =
            aza_format(builder->arena, "%s%s", item->name.text, files->entries[i].key);
        const struct aze_value *value = files->entries[i].value;
        if (check_name(builder, value->place, path))
            write_document(builder, item, path, value);
    }
}

void aze_document(struct aze_builder *builder, const struct azp_item *item)
{
    const struct aze_value *value =
        item->symbol != NULL
            ? aze_settings_of(builder, builder->program->configs.items[item->symbol->index],
                              item->value->place)
            : aze_value(builder, item->value);
    if (azs_is_directory(item))
        write_directory(builder, item, value);
    else if (item->shape == AZP_START || check_name(builder, item->name.place, item->name.text))
        write_document(builder, item, item->name.text, value);
}
