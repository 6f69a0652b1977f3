/* Named values: lets, and settings of configs.
 *
 * Each is evaluated once, when it is first used, and remembered as a memo under its symbol or
 * setting and the config whose settings its names refer to. While it is being evaluated it is
 * `visiting`; a use of it then is a cycle, and the chain of `asked_by` names its members.
 * Evaluation starts with no surroundings and its own notes, and restores both afterwards.
 *
 * A setting is a chain of SELECT over its `set` lines: the config's overrides, its other sets,
 * then the sets of the config that it extends, and so on. In the live config a SETTING instruction
 * is added, which an operator's value replaces. */
#include "base/assert.h"
#include <string.h>

#include "eval/build.h"

uint32_t eval_string(struct eval_builder *builder, const char *text)
{
    return text == NULL ? 0 : ir_string(builder->code, text, strlen(text));
}

/* --- names and notes --- */

uint32_t eval_add_name(struct eval_builder *builder, const char *name, enum image_name_class class,
                       struct base_place place, const char *doc)
{
    uint32_t index = (uint32_t)builder->result->tables.names.count, line;
    base_locate(builder->queue->sources, place.file, place.start, &line, NULL);
    *BASE_PUSH(builder->arena, &builder->result->tables.names) = (struct image_name){
        .name = eval_string(builder, name),
        .class = class,
        .slot = IMAGE_NONE,
        .file = eval_string(builder, builder->queue->sources->files[place.file].path),
        .line = line,
        .doc = eval_string(builder, doc),
    };
    return index;
}

void eval_finish_name(struct eval_builder *builder, uint32_t name, ir_slot slot,
                      const char *formula, const struct eval_notes *notes)
{
    struct ir_tables *tables = &builder->result->tables;
    struct image_name *entry = &tables->names.items[name];
    entry->slot = slot;
    entry->formula = eval_string(builder, formula);
    entry->notes = (uint32_t)tables->notes.count;
    entry->note_count = (uint32_t)notes->list.count;
    for (size_t i = 0; i < notes->list.count; i++) {
        struct image_note note = notes->list.items[i];
        /* Most notes are about the file of their name; 0 means that file. */
        if (note.file == entry->file)
            note.file = 0;
        *BASE_PUSH(builder->arena, &tables->notes) = note;
    }
}

void eval_note(struct eval_builder *builder, enum image_note_class class, uint16_t group,
               const char *text, uint32_t a, uint32_t b, struct base_place place)
{
    if (builder->notes == NULL)
        return;
    uint32_t line;
    base_locate(builder->queue->sources, place.file, place.start, &line, NULL);
    struct image_note note = {
        .class = (uint16_t) class,
        .group = group,
        .text = eval_string(builder, text),
        .a = a,
        .b = b,
        .line = line,
        .file = eval_string(builder, builder->queue->sources->files[place.file].path)};
    /* A name or condition that is used twice is noted once. Rows, limits and sets are noted each
     * time, since their order matters. */
    for (size_t i = 0; i < builder->notes->list.count; i++) {
        const struct image_note *other = &builder->notes->list.items[i];
        if (other->class == note.class && other->text == note.text && other->a == note.a &&
            other->b == note.b && (class == IMAGE_NOTE_USES || class == IMAGE_NOTE_BRANCH))
            return;
    }
    *BASE_PUSH(builder->arena, &builder->notes->list) = note;
}

uint16_t eval_group(struct eval_builder *builder)
{
    return builder->notes == NULL ? 0 : ++builder->notes->groups;
}

/* --- values already evaluated, or being evaluated --- */

static struct eval_memo *find_memo(const struct eval_builder *builder, const void *key,
                                   const struct sema_config *config)
{
    for (size_t i = 0; i < builder->memos.count; i++)
        if (builder->memos.items[i]->key == key && builder->memos.items[i]->config == config)
            return builder->memos.items[i];
    return NULL;
}

uint32_t eval_name_of(const struct eval_builder *builder, const void *key,
                      const struct sema_config *config)
{
    const struct eval_memo *memo = find_memo(builder, key, config);
    return memo == NULL ? IMAGE_NONE : memo->name;
}

static struct eval_memo *add_memo(struct eval_builder *builder, const void *key,
                                  const struct sema_config *config, const char *text,
                                  struct base_place place)
{
    struct eval_memo *memo = BASE_NEW(builder->arena, struct eval_memo);
    *memo = (struct eval_memo){.key = key, .config = config, .text = text, .place = place};
    memo->name = IMAGE_NONE;
    *BASE_PUSH(builder->arena, &builder->memos) = memo;
    return memo;
}

/* The note is `cycle: a -> b -> a`, from the value that is used again; a value that refers to
 * itself directly needs none. */
static void report_cycle(struct eval_builder *builder, const struct eval_memo *again,
                         struct base_place use)
{
    struct diagnostic *cycle = diag_report(builder->queue, DIAG_CYCLE, again->place,
                                           "`%s` depends on itself", again->text);
    diag_label(cycle, use, "used here");
    const char *cycle_text = again->text;
    for (const struct eval_memo *memo = builder->asking; memo != NULL; memo = memo->asked_by) {
        cycle_text = base_format(builder->arena, "%s -> %s", memo->text, cycle_text);
        if (memo == again)
            break;
    }
    if (builder->asking != again)
        diag_note(builder->queue, cycle, "cycle: %s", cycle_text);
}

struct eval_memo *eval_visit(struct eval_builder *builder, const void *key,
                             struct syntax_word declared, struct base_place use)
{
    struct eval_memo *memo = find_memo(builder, key, NULL);
    if (memo == NULL)
        memo = add_memo(builder, key, NULL, declared.text, declared.place);
    if (memo->visiting) {
        report_cycle(builder, memo, use);
        return NULL;
    }
    memo->visiting = true;
    memo->asked_by = builder->asking;
    builder->asking = memo;
    return memo;
}

void eval_unvisit(struct eval_builder *builder, struct eval_memo *memo)
{
    BASE_ASSERT(memo->visiting && builder->asking == memo);
    memo->visiting = false;
    builder->asking = memo->asked_by;
}

/* The evaluation of one named value, with its own notes; `outer` is restored afterwards. */
struct evaluation {
    struct eval_notes notes, *outer_notes;
    struct eval_surroundings outer;
};

struct eval_surroundings eval_enter(struct eval_builder *builder, struct eval_record *self,
                                    struct sema_config *config)
{
    const struct eval_surroundings outer = {builder->frame, builder->bound, builder->self,
                                            builder->config};
    builder->frame = NULL;
    builder->bound = NULL;
    builder->self = self;
    builder->config = config;
    return outer;
}

void eval_leave(struct eval_builder *builder, const struct eval_surroundings *outer)
{
    builder->frame = outer->frame;
    builder->bound = outer->bound;
    builder->self = outer->self;
    builder->config = outer->config;
}

static void begin_evaluation(struct eval_builder *builder, struct evaluation *evaluation,
                             struct eval_memo *memo, struct sema_config *config)
{
    *evaluation = (struct evaluation){.outer_notes = builder->notes,
                                      .outer = eval_enter(builder, NULL, config)};
    builder->notes = &evaluation->notes;
    memo->visiting = true;
    memo->asked_by = builder->asking;
    builder->asking = memo;
}

static void end_evaluation(struct eval_builder *builder, const struct evaluation *evaluation,
                           struct eval_memo *memo)
{
    BASE_ASSERT(memo->visiting && builder->asking == memo);
    BASE_ASSERT(builder->notes == &evaluation->notes);
    memo->visiting = false;
    builder->asking = memo->asked_by;
    builder->notes = evaluation->outer_notes;
    eval_leave(builder, &evaluation->outer);
}

bool eval_leads_to_live(const struct eval_builder *builder, const struct sema_config *config)
{
    const struct sema_config *live = builder->program->live;
    while (live != NULL && live != config)
        live = live->parent;
    return live != NULL;
}

ir_slot eval_input(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    if (builder->fixed != NULL && builder->fixed[symbol->index] != NULL)
        return *builder->fixed[symbol->index];
    return ir_emit(builder->code, IMAGE_OP_INPUT, symbol->type->kind, 0, 0, 0, symbol->index);
}

ir_slot eval_let(struct eval_builder *builder, const struct sema_symbol *symbol,
                 struct base_place use)
{
    struct sema_config *config = symbol->global ? NULL : builder->config;
    struct eval_memo *memo = find_memo(builder, symbol, config);
    if (memo != NULL) {
        if (memo->visiting)
            report_cycle(builder, memo, use);
        return memo->visiting ? ir_broken(builder->code, symbol->type->kind) : memo->slot;
    }
    const struct syntax_item *item = symbol->item;
    memo = add_memo(builder, symbol, config, symbol->name, symbol->place);
    memo->name = eval_add_name(builder, symbol->name, IMAGE_NAME_LET, symbol->place, item->doc);
    struct evaluation evaluation;
    begin_evaluation(builder, &evaluation, memo, config);
    memo->slot = eval_expr_as(builder, item->value, symbol->type->kind);
    end_evaluation(builder, &evaluation, memo);
    eval_finish_name(builder, memo->name, memo->slot, eval_text_of(builder, item->value->place),
                     &evaluation.notes);
    return memo->slot;
}

bool eval_is_named(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    enum { NAMED_TEXT_MAX = 256 }; /* longer ones are parts of files */
    if (symbol->type->form != SEMA_SCALAR || symbol->type->kind != IMAGE_TEXT)
        return symbol->type->form == SEMA_SCALAR;
    const struct eval_value *value = eval_let_value(builder, symbol, symbol->place);
    size_t length = 0;
    for (size_t i = 0; value->form == EVAL_TEXT && i < value->count; i++)
        length += value->parts[i].literal.length;
    return length < NAMED_TEXT_MAX;
}

const struct eval_value *eval_let_value(struct eval_builder *builder,
                                        const struct sema_symbol *symbol, struct base_place use)
{
    if (symbol->type->form == SEMA_SCALAR && symbol->type->kind != IMAGE_TEXT)
        return eval_plain(builder, eval_let(builder, symbol, use), use);
    struct sema_config *config = symbol->global ? NULL : builder->config;
    struct eval_memo *memo = find_memo(builder, symbol->item, config);
    if (memo == NULL)
        memo = add_memo(builder, symbol->item, config, symbol->name, symbol->place);
    if (memo->visiting)
        report_cycle(builder, memo, use);
    if (memo->visiting || memo->value != NULL)
        return memo->visiting ? eval_new_value(builder, EVAL_NOTHING, use) : memo->value;
    struct evaluation evaluation;
    begin_evaluation(builder, &evaluation, memo, config);
    memo->value = eval_value_as(builder, symbol->item->value, symbol->type);
    end_evaluation(builder, &evaluation, memo);
    return memo->value;
}

/* --- settings --- */

const char *eval_path_text(struct syntax_context *context, const struct sema_path *path)
{
    if (path == NULL)
        return NULL;
    const char *outer = eval_path_text(context, path->outer);
    const char *text = syntax_text_of(context, path->when->condition->place);
    if (path->otherwise)
        text = base_format(context->arena, "not (%s)", text);
    return outer == NULL ? text : base_format(context->arena, "%s and %s", outer, text);
}

static ir_slot path_condition(struct eval_builder *builder, const struct sema_path *path)
{
    if (path == NULL)
        return ir_constant(builder->code, IMAGE_BOOL, 1);
    ir_slot outer = path_condition(builder, path->outer);
    ir_slot condition = eval_expr(builder, path->when->condition);
    eval_note(builder, IMAGE_NOTE_BRANCH, 0, eval_text_of(builder, path->when->condition->place),
              condition, IMAGE_NONE, path->when->condition->place);
    if (path->otherwise)
        condition = eval_not(builder, condition);
    return ir_emit(builder->code, IMAGE_OP_AND, IMAGE_BOOL, outer, condition, 0, 0);
}

/* The value of one `set` in the setting's own kind. A size or time may be a bare -1 or 0, which is
 * in the server's units. */
static ir_slot set_value(struct eval_builder *builder, const struct syntax_item *set,
                         const struct catalog_setting *setting)
{
    ir_slot slot = eval_expr(builder, set->value);
    enum image_kind kind = ir_kind(builder->code, slot);
    if (kind == IMAGE_INT && (setting->kind == IMAGE_BYTES || setting->kind == IMAGE_TIME))
        return ir_constant(builder->code, setting->kind,
                           ir_value(builder->code, slot) * setting->unit);
    if (kind == IMAGE_LIST && setting->kind == IMAGE_TEXT)
        return ir_is_constant(builder->code, slot)
                   ? ir_constant(builder->code, IMAGE_TEXT, ir_value(builder->code, slot))
                   : ir_emit(builder->code, IMAGE_OP_TEXT, IMAGE_TEXT, slot, 0, 0, 0);
    return eval_coerce(builder, slot, setting->kind);
}

static const char *setting_as_text(struct eval_builder *builder,
                                   const struct catalog_setting *setting, int64_t value)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    struct image_setting row = {.kind = (uint8_t)setting->kind, .unit = setting->unit};
    vm_put_setting(&sink, &builder->code->machine, &row, value);
    return sink.data;
}

static const char *allowed_range(struct eval_builder *builder,
                                 const struct catalog_setting *setting)
{
    const char *low = setting_as_text(builder, setting, setting->low);
    const char *high = setting_as_text(builder, setting, setting->high);
    if (setting->high == INT64_MAX)
        return base_format(builder->arena, "%s or more", low);
    return setting->low == INT64_MIN ? base_format(builder->arena, "%s or less", high)
                                     : base_format(builder->arena, "from %s to %s", low, high);
}

static void check_constant(struct eval_builder *builder, const struct syntax_item *set,
                           const struct catalog_setting *setting, ir_slot slot)
{
    if (!ir_is_constant(builder->code, slot) || !image_is_number(setting->kind))
        return;
    int64_t value = ir_value(builder->code, slot);
    if (value < setting->low || value > setting->high) {
        struct diagnostic *range = diag_report(
            builder->queue, DIAG_OUT_OF_RANGE, set->value->place, "`%s` is out of range for `%s`",
            setting_as_text(builder, setting, value), setting->name);
        diag_note(builder->queue, range, "allowed values: %s", allowed_range(builder, setting));
    } else if (value % setting->grain != 0) {
        struct diagnostic *grain = diag_report(builder->queue, DIAG_OUT_OF_RANGE, set->value->place,
                                               "`%s` is not a multiple of %s, the unit of `%s`",
                                               setting_as_text(builder, setting, value),
                                               setting->unit_word, setting->name);
        diag_help(builder->queue, grain, "add `rounded down to %s`",
                  setting_as_text(builder, setting, setting->grain));
    }
}

static const char *set_text(struct eval_builder *builder, const struct sema_set *set)
{
    const char *value = eval_text_of(builder, set->item->value->place);
    return set->path == NULL ? value
                             : base_format(builder->arena, "%s  when %s", value,
                                           eval_path_text(builder->program->context, set->path));
}

static const struct sema_setting *own_sets(const struct sema_config *config,
                                           const struct catalog_setting *setting)
{
    for (size_t i = 0; i < config->settings.count; i++)
        if (config->settings.items[i]->setting == setting)
            return config->settings.items[i];
    return NULL;
}

/* Notes the sets of a config and its ancestors that never apply, because those of a descendant
 * cover every case. */
static void note_replaced(struct eval_builder *builder, const struct sema_config *config,
                          const struct catalog_setting *setting, uint16_t distance)
{
    for (; config != NULL; config = config->parent, distance++) {
        const struct sema_setting *own = own_sets(config, setting);
        for (size_t i = 0; own != NULL && i < own->sets.count; i++)
            eval_note(builder, IMAGE_NOTE_SET, distance, set_text(builder, &own->sets.items[i]),
                      ir_constant(builder->code, IMAGE_BOOL, 1), IMAGE_NONE,
                      own->sets.items[i].item->name.place);
    }
}

/* The value of the first `set` whose condition holds: in the config, then in the one it extends,
 * which is `distance` steps from where the chain began. `formula` collects the sets as text.
 */
static ir_slot select_set(struct eval_builder *builder, const struct sema_config *config,
                          const struct catalog_setting *setting, uint16_t distance,
                          struct base_sink *formula)
{
    if (config == NULL)
        return ir_void(builder->code, setting->kind);
    const struct sema_setting *own = own_sets(config, setting);
    if (own == NULL)
        return select_set(builder, config->parent, setting, (uint16_t)(distance + 1), formula);

    BASE_LIST(const struct sema_set *) order = {0};
    for (int override = 1; override >= 0; override--)
        for (size_t i = 0; i < own->sets.count; i++)
            if (own->sets.items[i].item->override == (bool) override)
                *BASE_PUSH(builder->arena, &order) = &own->sets.items[i];
    ir_slot *conditions = base_alloc(builder->arena, order.count * sizeof *conditions);
    ir_slot *values = base_alloc(builder->arena, order.count * sizeof *values);
    bool decided = false;
    for (size_t i = 0; i < order.count; i++) {
        const struct sema_set *set = order.items[i];
        conditions[i] = path_condition(builder, set->path);
        values[i] = eval_zero(builder, setting->kind);
        const bool may_hold = eval_may_hold(builder, conditions[i], &decided);
        if (may_hold) {
            values[i] = set_value(builder, set->item, setting);
            check_constant(builder, set->item, setting, values[i]);
        }
        const char *text = set_text(builder, set);
        BASE_PUT(formula, formula->length > 0 ? "\n" : "", text);
        eval_note(builder, IMAGE_NOTE_SET, distance, text, conditions[i],
                  may_hold ? values[i] : IMAGE_NONE, set->item->name.place);
    }
    if (own->covered || decided)
        note_replaced(builder, config->parent, setting, (uint16_t)(distance + 1));
    /* If the sets cover every case, the last needs no condition; if one certainly holds, what comes
     * after it is never used. */
    size_t count = order.count;
    ir_slot slot;
    if (own->covered)
        slot = values[--count];
    else if (decided)
        slot = ir_void(builder->code, setting->kind);
    else
        slot = select_set(builder, config->parent, setting, (uint16_t)(distance + 1), formula);
    return eval_select_first(builder, setting->kind, conditions, values, count, slot);
}

static uint32_t setting_index(const struct eval_builder *builder,
                              const struct catalog_setting *setting)
{
    const struct ir_tables *tables = &builder->result->tables;
    for (uint32_t i = 0; i < tables->settings.count; i++)
        if (strcasecmp(builder->code->strings.items + tables->settings.items[i].name,
                       setting->name) == 0)
            return i;
    return IMAGE_NONE;
}

/* A single `set` has no alternatives to list. */
static void drop_lone_set(struct eval_notes *notes)
{
    size_t sets = 0, kept = 0;
    for (size_t i = 0; i < notes->list.count; i++)
        sets += notes->list.items[i].class == IMAGE_NOTE_SET;
    if (sets != 1)
        return;
    for (size_t i = 0; i < notes->list.count; i++)
        if (notes->list.items[i].class != IMAGE_NOTE_SET)
            notes->list.items[kept++] = notes->list.items[i];
    notes->list.count = kept;
}

ir_slot eval_setting(struct eval_builder *builder, struct sema_config *config,
                     const struct catalog_setting *setting, struct base_place use)
{
    struct eval_memo *memo = find_memo(builder, setting, config);
    if (memo != NULL) {
        if (memo->visiting)
            report_cycle(builder, memo, use);
        return memo->visiting ? ir_broken(builder->code, setting->kind) : memo->slot;
    }
    bool live = config == builder->program->live;
    const struct sema_setting *found = sema_find_setting(config, setting->name);
    const struct syntax_item *item = found->sets.items[0].item;
    const char *name =
        live ? setting->name
             : base_format(builder->arena, "%s.%s", config->symbol->name, setting->name);
    memo = add_memo(builder, setting, config, setting->name, item->name.place);
    memo->name = eval_add_name(builder, name, IMAGE_NAME_SETTING, item->name.place, item->doc);
    struct evaluation evaluation;
    struct base_sink formula = base_arena_sink(builder->arena);
    begin_evaluation(builder, &evaluation, memo, config);
    memo->slot = select_set(builder, config, setting, 0, &formula);
    end_evaluation(builder, &evaluation, memo);
    drop_lone_set(&evaluation.notes);
    if (live) {
        uint32_t index = setting_index(builder, setting);
        memo->slot =
            ir_emit(builder->code, IMAGE_OP_SETTING, setting->kind, memo->slot, 0, 0, index);
        builder->result->tables.settings.items[index].slot = memo->slot;
    }
    eval_finish_name(builder, memo->name, memo->slot, formula.data, &evaluation.notes);
    return memo->slot;
}
