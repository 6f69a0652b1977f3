/* Fills the image's tables of inputs and settings, and fixes inputs that are given at compile time.
 *
 * Domains, defaults and messages of inputs must be constant, because the runner reads inputs before
 * it executes any instruction. The table of settings is the whole catalogue of the live config, not
 * only what the rules set: an operator may set the others. */
#include <stdlib.h>
#include <string.h>

#include "eval/build.h"

static uint32_t add_word_rows(struct eval_builder *builder, const char *const *words, size_t count)
{
    uint32_t first = (uint32_t)builder->result->tables.words.count;
    for (size_t i = 0; i < count; i++)
        *BASE_PUSH(builder->arena, &builder->result->tables.words) = eval_string(builder, words[i]);
    return first;
}

/* The string of a message; 0, the empty string, if there is none. */
static uint32_t constant_message(struct eval_builder *builder, const struct syntax_expr *text)
{
    int64_t offset = 0;
    if (text != NULL)
        eval_constant(builder, text, IMAGE_TEXT, &offset);
    return (uint32_t)offset;
}

static struct image_outcome outcome_row(struct eval_builder *builder,
                                        const struct syntax_outcome *said,
                                        enum image_policy otherwise)
{
    struct image_outcome result = {.policy = (uint8_t)otherwise};
    if (said->said) {
        result.policy = (uint8_t)said->policy;
        result.message = constant_message(builder, said->message);
    }
    return result;
}

/* 0 without a unit, or of one that is not in the table, which the checker has reported. */
static int64_t unit_in_base_units(const char *word)
{
    for (size_t i = 0; word != NULL && i < IMAGE_UNITS; i++)
        if (base_text_is(image_units[i].word, word))
            return image_units[i].base;
    return 0;
}

static void add_source_rows(struct eval_builder *builder, const struct syntax_item *item,
                            struct image_input *input)
{
    struct ir_tables *tables = &builder->result->tables;
    input->sources = (uint32_t)tables->sources.count;
    input->source_count = (uint32_t)item->sources.count;
    for (size_t i = 0; i < item->sources.count; i++) {
        const struct syntax_source *source = &item->sources.items[i];
        const char *label = source->label.text != NULL ? source->label.text : source->name.text;
        *BASE_PUSH(builder->arena, &tables->sources) =
            (struct image_source){.class = (uint8_t)source->class,
                                  .name = eval_string(builder, source->name.text),
                                  .unit = unit_in_base_units(source->unit.text),
                                  .label = eval_string(builder, label),
                                  .warning = constant_message(builder, source->warning)};
    }
}

static bool is_ordered(enum image_kind kind)
{
    return kind == IMAGE_INT || kind == IMAGE_RATIO || kind == IMAGE_BYTES || kind == IMAGE_TIME;
}

static void check_fallback(struct eval_builder *builder, const struct syntax_expr *expr,
                           const struct image_input *input)
{
    if (is_ordered((enum image_kind)input->kind) &&
        (input->fallback < input->low || input->fallback > input->high))
        diag_report(builder->queue, DIAG_BAD_DEFAULT, expr->place,
                    "this default is outside the domain");
}

/* The domain and the default. `missing: use VALUE` of a fact is stored as its default. */
static void add_domain(struct eval_builder *builder, const struct syntax_item *item,
                       struct image_input *input)
{
    enum image_kind kind = (enum image_kind)input->kind;
    input->low = INT64_MIN;
    input->high = INT64_MAX;
    if (item->low != NULL && eval_constant(builder, item->low, kind, &input->low) &&
        eval_constant(builder, item->high, kind, &input->high) && input->low > input->high)
        diag_report(builder->queue, DIAG_BAD_DOMAIN,
                    syntax_join(item->low->place, item->high->place),
                    "empty domain: the lower bound is above the upper bound");
    const struct syntax_expr *fallback = item->value;
    if (fallback == NULL && item->missing.said && item->missing.policy == IMAGE_USE)
        fallback = item->missing.value;
    if (fallback == NULL)
        return;
    input->has_default = 1;
    if (eval_constant(builder, fallback, kind, &input->fallback))
        check_fallback(builder, fallback, input);
}

static void add_input_row(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    const struct syntax_item *item = symbol->item;
    static const enum image_input_class classes[] = {
        [SYNTAX_FACT] = IMAGE_FACT, [SYNTAX_OPTION] = IMAGE_OPTION, [SYNTAX_SECRET] = IMAGE_SECRET};
    bool option = item->class == SYNTAX_OPTION;
    struct image_input input = {.name = eval_string(builder, symbol->name),
                                .class = (uint8_t)classes[item->class],
                                .kind = (uint8_t)symbol->type->kind,
                                .optional = symbol->type->optional,
                                .doc = eval_string(builder, item->doc)};
    if (symbol->enumeration != NULL) {
        input.members =
            add_word_rows(builder, symbol->enumeration->members, symbol->enumeration->count);
        input.member_count = (uint32_t)symbol->enumeration->count;
    }
    add_source_rows(builder, item, &input);
    add_domain(builder, item, &input);
    enum image_policy bad = option ? IMAGE_DEFAULT : IMAGE_REFUSE;
    input.below = outcome_row(builder, &item->below, bad);
    input.above = outcome_row(builder, &item->above, bad);
    input.invalid = outcome_row(builder, &item->invalid, bad);
    input.missing = outcome_row(builder, &item->missing, IMAGE_REFUSE);
    /* A secret has no value that could be explained. */
    input.name_entry =
        item->class == SYNTAX_SECRET
            ? IMAGE_NONE
            : eval_add_name(builder, symbol->name, IMAGE_NAME_INPUT, symbol->place, item->doc);
    *BASE_PUSH(builder->arena, &builder->result->tables.inputs) = input;
}

bool eval_inputs(struct eval_builder *builder)
{
    struct sema_program *program = builder->program;
    if (program->inputs.count > LIMIT_INPUTS) {
        diag_report(builder->queue, DIAG_TOO_LARGE, program->inputs.items[LIMIT_INPUTS]->place,
                    "too many facts and options (limit %d)", LIMIT_INPUTS);
        return false;
    }
    for (size_t i = 0; i < program->inputs.count; i++)
        add_input_row(builder, program->inputs.items[i]);
    if (builder->result->tables.sources.count > LIMIT_SOURCES) {
        diag_report(builder->queue, DIAG_TOO_LARGE, program->inputs.items[0]->place,
                    "too many sources of facts and options (limit %d)", LIMIT_SOURCES);
        return false;
    }
    return true;
}

static const struct sema_symbol *find_input(const struct eval_builder *builder,
                                            struct base_span name)
{
    for (size_t i = 0; i < builder->program->inputs.count; i++)
        if (base_span_is(name, builder->program->inputs.items[i]->name))
            return builder->program->inputs.items[i];
    return NULL;
}

bool eval_fix_inputs(struct eval_builder *builder)
{
    size_t count = builder->result->fixed_count;
    builder->fixed = count == 0
                         ? NULL
                         : base_alloc(builder->arena,
                                      builder->program->inputs.count * sizeof *builder->fixed + 1);
    for (size_t i = 0; i < count; i++) {
        const struct vm_word *word = &builder->result->fixed[i];
        const struct sema_symbol *symbol = find_input(builder, word->name);
        struct base_sink why = base_arena_sink(builder->arena);
        int64_t value = 0;
        bool fine = symbol != NULL && !symbol->type->secret;
        if (!fine)
            base_put(&why, "not a fact or option of these rules");
        else
            fine =
                vm_parse_input(&builder->code->machine, &builder->code->view.inputs[symbol->index],
                               0, word->value, &value, &why);
        if (!fine) {
            builder->result->why =
                base_format(builder->arena, "%.*s=%.*s: %s", (int)word->name.length,
                            word->name.start, (int)word->value.length, word->value.start, why.data);
            return false;
        }
        const struct image_input *input = &builder->code->view.inputs[symbol->index];
        if (is_ordered(symbol->type->kind) && (value < input->low || value > input->high)) {
            builder->result->why =
                base_format(builder->arena, "%.*s=%.*s: outside the domain", (int)word->name.length,
                            word->name.start, (int)word->value.length, word->value.start);
            return false;
        }
        ir_slot *slot = BASE_NEW(builder->arena, ir_slot);
        *slot = image_is_text(symbol->type->kind)
                    ? ir_text(builder->code, symbol->type->kind,
                              base_format(builder->arena, "%s",
                                          vm_text(&builder->code->machine, value)))
                    : ir_constant(builder->code, symbol->type->kind, value);
        builder->fixed[symbol->index] = slot;
    }
    /* Parsed texts are in the string pool now; their buffer is free for folding. */
    builder->code->machine.text_used = 0;
    return true;
}

void eval_settings(struct eval_builder *builder)
{
    const struct sema_config *live = builder->program->live;
    if (live == NULL || live->catalog == NULL)
        return;
    for (size_t i = 0; i < live->catalog->count; i++) {
        const struct catalog_setting *setting = &live->catalog->settings[i];
        struct image_setting row = {.name = eval_string(builder, setting->name),
                                    .kind = (uint8_t)setting->kind,
                                    .unit = setting->unit,
                                    .grain = setting->grain,
                                    .low = setting->low,
                                    .high = setting->high,
                                    .since = (uint32_t)setting->since,
                                    .until = (uint32_t)setting->until,
                                    .library = eval_string(builder, setting->library),
                                    .slot = IMAGE_NONE};
        row.flags = (uint8_t)((setting->internal ? IMAGE_SETTING_INTERNAL : 0) |
                              (setting->restart ? IMAGE_SETTING_RESTART : 0));
        /* In a catalogue a bool may have members, its two words; in an image only enums do. */
        if (setting->kind == IMAGE_ENUM) {
            row.members = add_word_rows(builder, setting->members, setting->member_count);
            row.member_count = (uint32_t)setting->member_count;
        }
        *BASE_PUSH(builder->arena, &builder->result->tables.settings) = row;
    }
}
