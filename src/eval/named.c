/* Values with names: evaluated once each, in the order in which they are needed, with the notes
 * that explain them. */
#include <string.h>

#include "eval/build.h"

uint32_t aze_string(struct aze_builder *builder, const char *text)
{
    return text == NULL ? 0 : azi_string(builder->code, text, strlen(text));
}

/* Names and notes */

uint32_t aze_add_name(struct aze_builder *builder, const char *name, enum azb_name_class class,
                      struct aza_place place, const char *doc)
{
    uint32_t index = (uint32_t)builder->result->tables.names.count, line;
    aza_locate(builder->queue->sources, place.file, place.start, &line, NULL);
    *AZA_PUSH(builder->arena, &builder->result->tables.names) = (struct azb_name){
        .name = aze_string(builder, name),
        .class = class,
        .slot = AZB_NONE,
        .file = aze_string(builder, builder->queue->sources->files[place.file].path),
        .line = line,
        .doc = aze_string(builder, doc),
    };
    return index;
}

void aze_finish_name(struct aze_builder *builder, uint32_t name, azi_slot slot, const char *formula,
                     const struct aze_notes *notes)
{
    struct azb_tables *tables = &builder->result->tables;
    struct azb_name *entry = &tables->names.items[name];
    entry->slot = slot;
    entry->formula = aze_string(builder, formula);
    entry->notes = (uint32_t)tables->notes.count;
    entry->note_count = (uint32_t)notes->list.count;
    for (size_t i = 0; i < notes->list.count; i++) {
        struct azb_note note = notes->list.items[i];
        if (note.file == entry->file)
            note.file = 0;
        *AZA_PUSH(builder->arena, &tables->notes) = note;
    }
}

void aze_note(struct aze_builder *builder, enum azb_note_class class, uint16_t group,
              const char *text, uint32_t a, uint32_t b, struct aza_place place)
{
    if (builder->notes == NULL)
        return;
    uint32_t line;
    aza_locate(builder->queue->sources, place.file, place.start, &line, NULL);
    struct azb_note note = {
        .class = (uint16_t) class,
        .group = group,
        .text = aze_string(builder, text),
        .a = a,
        .b = b,
        .line = line,
        .file = aze_string(builder, builder->queue->sources->files[place.file].path)};
    for (size_t i = 0; i < builder->notes->list.count; i++) {
        const struct azb_note *other = &builder->notes->list.items[i];
        if (other->class == note.class && other->text == note.text && other->a == note.a &&
            other->b == note.b && (class == AZB_NOTE_USES || class == AZB_NOTE_BRANCH))
            return;
    }
    *AZA_PUSH(builder->arena, &builder->notes->list) = note;
}

uint16_t aze_group(struct aze_builder *builder)
{
    return builder->notes == NULL ? 0 : ++builder->notes->groups;
}

/* Values already evaluated, or being evaluated */

static struct aze_memo *recall(const struct aze_builder *builder, const void *key,
                               const struct azs_config *config)
{
    for (size_t i = 0; i < builder->memos.count; i++)
        if (builder->memos.items[i]->key == key && builder->memos.items[i]->config == config)
            return builder->memos.items[i];
    return NULL;
}

uint32_t aze_name_of(const struct aze_builder *builder, const void *key,
                     const struct azs_config *config)
{
    const struct aze_memo *memo = recall(builder, key, config);
    return memo == NULL ? AZB_NONE : memo->name;
}

static struct aze_memo *remember(struct aze_builder *builder, const void *key,
                                 const struct azs_config *config, const char *text,
                                 struct aza_place place)
{
    struct aze_memo *memo = AZA_NEW(builder->arena, struct aze_memo);
    *memo = (struct aze_memo){.key = key, .config = config, .text = text, .place = place};
    memo->name = AZB_NONE;
    *AZA_PUSH(builder->arena, &builder->memos) = memo;
    return memo;
}

/* a -> b -> a: the way round, from the one that was asked for again. */
static void report_cycle(struct aze_builder *builder, const struct aze_memo *again,
                         struct aza_place use)
{
    struct azd_diagnostic *cycle = azd_report(builder->queue, AZD_CYCLE, again->place,
                                              "`%s` is defined by itself", again->text);
    azd_label(cycle, use, "used here");
    const char *way = again->text;
    for (const struct aze_memo *memo = builder->asking; memo != NULL; memo = memo->asked_by) {
        way = aza_format(builder->arena, "%s -> %s", memo->text, way);
        if (memo == again)
            break;
    }
    if (builder->asking != again)
        azd_note(builder->queue, cycle, "the way round is %s", way);
}

struct aze_memo *aze_visit(struct aze_builder *builder, const void *key, struct azp_word declared,
                           struct aza_place use)
{
    struct aze_memo *memo = recall(builder, key, NULL);
    if (memo == NULL)
        memo = remember(builder, key, NULL, declared.text, declared.place);
    if (memo->visiting) {
        report_cycle(builder, memo, use);
        return NULL;
    }
    memo->visiting = true;
    memo->asked_by = builder->asking;
    builder->asking = memo;
    return memo;
}

void aze_unvisit(struct aze_builder *builder, struct aze_memo *memo)
{
    memo->visiting = false;
    builder->asking = memo->asked_by;
}

/* Runs `evaluate` with notes of its own; what it leaves unfinished is put back afterwards. */
struct evaluation {
    struct aze_notes notes, *outer_notes;
    struct aze_surroundings outer;
};

struct aze_surroundings aze_enter(struct aze_builder *builder, struct aze_record *self,
                                  struct azs_config *config)
{
    const struct aze_surroundings outer = {builder->frame, builder->bound, builder->self,
                                           builder->config};
    builder->frame = NULL;
    builder->bound = NULL;
    builder->self = self;
    builder->config = config;
    return outer;
}

void aze_leave(struct aze_builder *builder, const struct aze_surroundings *outer)
{
    builder->frame = outer->frame;
    builder->bound = outer->bound;
    builder->self = outer->self;
    builder->config = outer->config;
}

static void enter(struct aze_builder *builder, struct evaluation *evaluation, struct aze_memo *memo,
                  struct azs_config *config)
{
    *evaluation = (struct evaluation){.outer_notes = builder->notes,
                                      .outer = aze_enter(builder, NULL, config)};
    builder->notes = &evaluation->notes;
    memo->visiting = true;
    memo->asked_by = builder->asking;
    builder->asking = memo;
}

static void leave(struct aze_builder *builder, const struct evaluation *evaluation,
                  struct aze_memo *memo)
{
    memo->visiting = false;
    builder->asking = memo->asked_by;
    builder->notes = evaluation->outer_notes;
    aze_leave(builder, &evaluation->outer);
}

bool aze_leads_to_live(const struct aze_builder *builder, const struct azs_config *config)
{
    const struct azs_config *live = builder->program->live;
    while (live != NULL && live != config)
        live = live->parent;
    return live != NULL;
}

azi_slot aze_input(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    if (builder->fixed != NULL && builder->fixed[symbol->index] != NULL)
        return *builder->fixed[symbol->index];
    return azi_emit(builder->code, AZB_OP_INPUT, symbol->type->kind, 0, 0, 0, symbol->index);
}

azi_slot aze_let(struct aze_builder *builder, const struct azs_symbol *symbol, struct aza_place use)
{
    struct azs_config *config = symbol->global ? NULL : builder->config;
    struct aze_memo *memo = recall(builder, symbol, config);
    if (memo != NULL) {
        if (memo->visiting)
            report_cycle(builder, memo, use);
        return memo->visiting ? azi_broken(builder->code, symbol->type->kind) : memo->slot;
    }
    const struct azp_item *item = symbol->item;
    memo = remember(builder, symbol, config, symbol->name, symbol->place);
    memo->name = aze_add_name(builder, symbol->name, AZB_NAME_LET, symbol->place, item->doc);
    struct evaluation evaluation;
    enter(builder, &evaluation, memo, config);
    memo->slot = aze_expr_as(builder, item->value, symbol->type->kind);
    leave(builder, &evaluation, memo);
    aze_finish_name(builder, memo->name, memo->slot, aze_text_of(builder, item->value->place),
                    &evaluation.notes);
    return memo->slot;
}

bool aze_is_named(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    enum { NAMED_TEXT_MAX = 256 }; /* longer ones are parts of files */
    if (symbol->type->form != AZS_SCALAR || symbol->type->kind != AZB_TEXT)
        return symbol->type->form == AZS_SCALAR;
    const struct aze_value *value = aze_let_value(builder, symbol, symbol->place);
    size_t length = 0;
    for (size_t i = 0; value->form == AZE_TEXT && i < value->count; i++)
        length += value->parts[i].literal.length;
    return length < NAMED_TEXT_MAX;
}

const struct aze_value *aze_let_value(struct aze_builder *builder, const struct azs_symbol *symbol,
                                      struct aza_place use)
{
    if (symbol->type->form == AZS_SCALAR && symbol->type->kind != AZB_TEXT)
        return aze_plain(builder, aze_let(builder, symbol, use), use);
    struct azs_config *config = symbol->global ? NULL : builder->config;
    struct aze_memo *memo = recall(builder, symbol->item, config);
    if (memo == NULL)
        memo = remember(builder, symbol->item, config, symbol->name, symbol->place);
    if (memo->visiting)
        report_cycle(builder, memo, use);
    if (memo->visiting || memo->value != NULL)
        return memo->visiting ? aze_new_value(builder, AZE_NOTHING, use) : memo->value;
    struct evaluation evaluation;
    enter(builder, &evaluation, memo, config);
    memo->value = aze_value_as(builder, symbol->item->value, symbol->type);
    leave(builder, &evaluation, memo);
    return memo->value;
}

/* Settings */

const char *aze_path_text(struct azp_context *context, const struct azs_path *path)
{
    if (path == NULL)
        return NULL;
    const char *outer = aze_path_text(context, path->outer);
    const char *text = azp_text_of(context, path->when->condition->place);
    if (path->otherwise)
        text = aza_format(context->arena, "not (%s)", text);
    return outer == NULL ? text : aza_format(context->arena, "%s and %s", outer, text);
}

static azi_slot path_condition(struct aze_builder *builder, const struct azs_path *path)
{
    if (path == NULL)
        return azi_constant(builder->code, AZB_BOOL, 1);
    azi_slot outer = path_condition(builder, path->outer);
    azi_slot condition = aze_expr(builder, path->when->condition);
    aze_note(builder, AZB_NOTE_BRANCH, 0, aze_text_of(builder, path->when->condition->place),
             condition, AZB_NONE, path->when->condition->place);
    if (path->otherwise)
        condition = aze_not(builder, condition);
    return azi_emit(builder->code, AZB_OP_AND, AZB_BOOL, outer, condition, 0, 0);
}

/* What one `set` says, in the setting's own kind: -1 and 0 count the server's units. */
static azi_slot set_value(struct aze_builder *builder, const struct azp_item *set,
                          const struct azg_setting *setting)
{
    azi_slot slot = aze_expr(builder, set->value);
    enum azb_kind kind = azi_kind(builder->code, slot);
    if (kind == AZB_INT && (setting->kind == AZB_BYTES || setting->kind == AZB_TIME))
        return azi_constant(builder->code, setting->kind,
                            azi_value(builder->code, slot) * setting->unit);
    if (kind == AZB_LIST && setting->kind == AZB_TEXT)
        return azi_is_constant(builder->code, slot)
                   ? azi_constant(builder->code, AZB_TEXT, azi_value(builder->code, slot))
                   : azi_emit(builder->code, AZB_OP_TEXT, AZB_TEXT, slot, 0, 0, 0);
    return aze_coerce(builder, slot, setting->kind);
}

static const char *show(struct aze_builder *builder, const struct azg_setting *setting,
                        int64_t value)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    struct azb_setting row = {.kind = (uint8_t)setting->kind, .unit = setting->unit};
    azv_put_setting(&sink, &builder->code->machine, &row, value);
    return sink.data;
}

static const char *allowed(struct aze_builder *builder, const struct azg_setting *setting)
{
    const char *low = show(builder, setting, setting->low);
    const char *high = show(builder, setting, setting->high);
    if (setting->high == INT64_MAX)
        return aza_format(builder->arena, "%s or more", low);
    return setting->low == INT64_MIN ? aza_format(builder->arena, "%s or less", high)
                                     : aza_format(builder->arena, "from %s to %s", low, high);
}

static void check_constant(struct aze_builder *builder, const struct azp_item *set,
                           const struct azg_setting *setting, azi_slot slot)
{
    if (!azi_is_constant(builder->code, slot) || !azb_is_number(setting->kind))
        return;
    int64_t value = azi_value(builder->code, slot);
    if (value < setting->low || value > setting->high) {
        struct azd_diagnostic *range = azd_report(
            builder->queue, AZD_OUT_OF_RANGE, set->value->place,
            "`%s` is outside the range of `%s`", show(builder, setting, value), setting->name);
        azd_note(builder->queue, range, "it may be %s", allowed(builder, setting));
    } else if (value % setting->grain != 0) {
        struct azd_diagnostic *grain =
            azd_report(builder->queue, AZD_OUT_OF_RANGE, set->value->place,
                       "`%s` is not a multiple of %s, the unit of `%s`",
                       show(builder, setting, value), setting->unit_word, setting->name);
        azd_help(builder->queue, grain, "add `rounded down to ...`");
    }
}

static const char *set_text(struct aze_builder *builder, const struct azs_set *set)
{
    const char *value = aze_text_of(builder, set->item->value->place);
    return set->path == NULL ? value
                             : aza_format(builder->arena, "%s  when %s", value,
                                          aze_path_text(builder->program->context, set->path));
}

static const struct azs_setting *own_sets(const struct azs_config *config,
                                          const struct azg_setting *setting)
{
    for (size_t i = 0; i < config->settings.count; i++)
        if (config->settings.items[i]->setting == setting)
            return config->settings.items[i];
    return NULL;
}

/* Notes what a config's descendants leave no machine for. */
static void note_replaced(struct aze_builder *builder, const struct azs_config *config,
                          const struct azg_setting *setting, uint16_t distance)
{
    for (; config != NULL; config = config->parent, distance++) {
        const struct azs_setting *own = own_sets(config, setting);
        for (size_t i = 0; own != NULL && i < own->sets.count; i++)
            aze_note(builder, AZB_NOTE_SET, distance, set_text(builder, &own->sets.items[i]),
                     azi_constant(builder->code, AZB_BOOL, 1), AZB_NONE,
                     own->sets.items[i].item->name.place);
    }
}

/* The config itself, then what it extends, `distance` further up: the first that sets it under a
 * condition that holds. */
static azi_slot chain(struct aze_builder *builder, const struct azs_config *config,
                      const struct azg_setting *setting, uint16_t distance,
                      struct aza_sink *formula)
{
    if (config == NULL)
        return azi_void(builder->code, setting->kind);
    const struct azs_setting *own = own_sets(config, setting);
    if (own == NULL)
        return chain(builder, config->parent, setting, (uint16_t)(distance + 1), formula);

    AZA_LIST(const struct azs_set *) order = {0};
    for (int override = 1; override >= 0; override--)
        for (size_t i = 0; i < own->sets.count; i++)
            if (own->sets.items[i].item->override == (bool) override)
                *AZA_PUSH(builder->arena, &order) = &own->sets.items[i];
    azi_slot *conditions = aza_alloc(builder->arena, order.count * sizeof *conditions);
    azi_slot *values = aza_alloc(builder->arena, order.count * sizeof *values);
    bool decided = false;
    for (size_t i = 0; i < order.count; i++) {
        const struct azs_set *set = order.items[i];
        conditions[i] = path_condition(builder, set->path);
        values[i] = aze_zero(builder, setting->kind);
        const bool may_hold = aze_may_hold(builder, conditions[i], &decided);
        if (may_hold) {
            values[i] = set_value(builder, set->item, setting);
            check_constant(builder, set->item, setting, values[i]);
        }
        const char *text = set_text(builder, set);
        AZA_PUT(formula, formula->length > 0 ? "\n" : "", text);
        aze_note(builder, AZB_NOTE_SET, distance, text, conditions[i],
                 may_hold ? values[i] : AZB_NONE, set->item->name.place);
    }
    if (own->covered || decided)
        note_replaced(builder, config->parent, setting, (uint16_t)(distance + 1));
    /* Where the sets cover every case, the weakest of them needs no condition. */
    size_t count = order.count;
    azi_slot slot =
        own->covered ? values[--count]
        : decided    ? azi_void(builder->code, setting->kind)
                     : chain(builder, config->parent, setting, (uint16_t)(distance + 1), formula);
    while (count-- > 0)
        slot = azi_emit(builder->code, AZB_OP_SELECT, setting->kind, conditions[count],
                        values[count], slot, 0);
    return slot;
}

static uint32_t setting_index(const struct aze_builder *builder, const struct azg_setting *setting)
{
    const struct azb_tables *tables = &builder->result->tables;
    for (uint32_t i = 0; i < tables->settings.count; i++)
        if (strcasecmp(builder->code->strings.items + tables->settings.items[i].name,
                       setting->name) == 0)
            return i;
    return AZB_NONE;
}

/* A `set` that is alone has nothing to win over. */
static void drop_lone_set(struct aze_notes *notes)
{
    size_t sets = 0, kept = 0;
    for (size_t i = 0; i < notes->list.count; i++)
        sets += notes->list.items[i].class == AZB_NOTE_SET;
    if (sets != 1)
        return;
    for (size_t i = 0; i < notes->list.count; i++)
        if (notes->list.items[i].class != AZB_NOTE_SET)
            notes->list.items[kept++] = notes->list.items[i];
    notes->list.count = kept;
}

azi_slot aze_setting(struct aze_builder *builder, struct azs_config *config,
                     const struct azg_setting *setting, struct aza_place use)
{
    struct aze_memo *memo = recall(builder, setting, config);
    if (memo != NULL) {
        if (memo->visiting)
            report_cycle(builder, memo, use);
        return memo->visiting ? azi_broken(builder->code, setting->kind) : memo->slot;
    }
    bool live = config == builder->program->live;
    const struct azs_setting *found = azs_find_setting(config, setting->name);
    const struct azp_item *item = found->sets.items[0].item;
    const char *name =
        live ? setting->name
             : aza_format(builder->arena, "%s.%s", config->symbol->name, setting->name);
    memo = remember(builder, setting, config, setting->name, item->name.place);
    memo->name = aze_add_name(builder, name, AZB_NAME_SETTING, item->name.place, item->doc);
    struct evaluation evaluation;
    struct aza_sink formula = aza_arena_sink(builder->arena);
    enter(builder, &evaluation, memo, config);
    memo->slot = chain(builder, config, setting, 0, &formula);
    leave(builder, &evaluation, memo);
    drop_lone_set(&evaluation.notes);
    if (live) {
        uint32_t index = setting_index(builder, setting);
        memo->slot =
            azi_emit(builder->code, AZB_OP_SETTING, setting->kind, memo->slot, 0, 0, index);
        builder->result->tables.settings.items[index].slot = memo->slot;
    }
    aze_finish_name(builder, memo->name, memo->slot, formula.data, &evaluation.notes);
    return memo->slot;
}
