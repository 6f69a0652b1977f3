/* The image's tables of inputs and of settings. */
#include <stdlib.h>
#include <string.h>

#include "eval/build.h"

static uint32_t add_words(struct aze_builder *builder, const char *const *words, size_t count)
{
    uint32_t first = (uint32_t)builder->result->tables.words.count;
    for (size_t i = 0; i < count; i++)
        *AZA_PUSH(builder->arena, &builder->result->tables.words) = aze_string(builder, words[i]);
    return first;
}

/* A message must be constant: it is said before any rule has run. */
static uint32_t message(struct aze_builder *builder, const struct azp_expr *text)
{
    int64_t offset = 0;
    if (text != NULL)
        aze_constant(builder, text, AZB_TEXT, &offset);
    return (uint32_t)offset;
}

static struct azb_outcome outcome(struct aze_builder *builder, const struct azp_outcome *said,
                                  enum azb_policy otherwise)
{
    struct azb_outcome result = {.policy = (uint8_t)otherwise};
    if (said->said) {
        result.policy = (uint8_t)said->policy;
        result.message = message(builder, said->message);
    }
    return result;
}

static int64_t unit_factor(const char *word)
{
    for (size_t i = 0; word != NULL && i < AZB_UNITS; i++)
        if (aza_text_is(azb_units[i].word, word))
            return azb_units[i].base;
    return 0;
}

static void add_sources(struct aze_builder *builder, const struct azp_item *item,
                        struct azb_input *input)
{
    struct azb_tables *tables = &builder->result->tables;
    input->sources = (uint32_t)tables->sources.count;
    input->source_count = (uint32_t)item->sources.count;
    for (size_t i = 0; i < item->sources.count; i++) {
        const struct azp_source *source = &item->sources.items[i];
        const char *label = source->label.text != NULL ? source->label.text : source->name.text;
        *AZA_PUSH(builder->arena, &tables->sources) =
            (struct azb_source){.class = (uint8_t)source->class,
                                .name = aze_string(builder, source->name.text),
                                .unit = unit_factor(source->unit.text),
                                .label = aze_string(builder, label),
                                .warning = message(builder, source->warning)};
    }
}

static bool is_ordered(enum azb_kind kind)
{
    return kind == AZB_INT || kind == AZB_RATIO || kind == AZB_BYTES || kind == AZB_TIME;
}

static void check_fallback(struct aze_builder *builder, const struct azp_expr *expr,
                           const struct azb_input *input)
{
    if (is_ordered((enum azb_kind)input->kind) &&
        (input->fallback < input->low || input->fallback > input->high))
        azd_report(builder->queue, AZD_BAD_DEFAULT, expr->place,
                   "this default lies outside the domain");
}

static void add_domain(struct aze_builder *builder, const struct azp_item *item,
                       struct azb_input *input)
{
    enum azb_kind kind = (enum azb_kind)input->kind;
    input->low = INT64_MIN;
    input->high = INT64_MAX;
    if (item->low != NULL && aze_constant(builder, item->low, kind, &input->low) &&
        aze_constant(builder, item->high, kind, &input->high) && input->low > input->high)
        azd_report(builder->queue, AZD_BAD_DOMAIN, azp_join(item->low->place, item->high->place),
                   "this domain is empty: its lower bound is above its upper bound");
    const struct azp_expr *fallback = item->value;
    if (fallback == NULL && item->missing.said && item->missing.policy == AZB_USE)
        fallback = item->missing.value;
    if (fallback == NULL)
        return;
    input->has_default = 1;
    if (aze_constant(builder, fallback, kind, &input->fallback))
        check_fallback(builder, fallback, input);
}

static void add_input(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    const struct azp_item *item = symbol->item;
    static const enum azb_input_class classes[] = {
        [AZP_FACT] = AZB_FACT, [AZP_OPTION] = AZB_OPTION, [AZP_SECRET] = AZB_SECRET};
    bool option = item->class == AZP_OPTION;
    struct azb_input input = {.name = aze_string(builder, symbol->name),
                              .class = (uint8_t)classes[item->class],
                              .kind = (uint8_t)symbol->type->kind,
                              .optional = symbol->type->optional,
                              .doc = aze_string(builder, item->doc)};
    if (symbol->enumeration != NULL) {
        input.members =
            add_words(builder, symbol->enumeration->members, symbol->enumeration->count);
        input.member_count = (uint32_t)symbol->enumeration->count;
    }
    add_sources(builder, item, &input);
    add_domain(builder, item, &input);
    enum azb_policy bad = option ? AZB_DEFAULT : AZB_REFUSE;
    input.below = outcome(builder, &item->below, bad);
    input.above = outcome(builder, &item->above, bad);
    input.invalid = outcome(builder, &item->invalid, bad);
    input.missing = outcome(builder, &item->missing, AZB_REFUSE);
    /* A secret has no value that could be explained. */
    input.name_entry =
        item->class == AZP_SECRET
            ? AZB_NONE
            : aze_add_name(builder, symbol->name, AZB_NAME_INPUT, symbol->place, item->doc);
    *AZA_PUSH(builder->arena, &builder->result->tables.inputs) = input;
}

bool aze_inputs(struct aze_builder *builder)
{
    struct azs_program *program = builder->program;
    if (program->inputs.count > AZA_INPUTS_MAX) {
        azd_report(builder->queue, AZD_TOO_LARGE, program->inputs.items[AZA_INPUTS_MAX]->place,
                   "more than %d facts and options", AZA_INPUTS_MAX);
        return false;
    }
    for (size_t i = 0; i < program->inputs.count; i++)
        add_input(builder, program->inputs.items[i]);
    if (builder->result->tables.sources.count > AZA_SOURCES_MAX) {
        azd_report(builder->queue, AZD_TOO_LARGE, program->inputs.items[0]->place,
                   "more than %d sources of facts and options", AZA_SOURCES_MAX);
        return false;
    }
    return true;
}

static const struct azs_symbol *find_input(const struct aze_builder *builder, struct aza_span name)
{
    for (size_t i = 0; i < builder->program->inputs.count; i++)
        if (aza_span_is(name, builder->program->inputs.items[i]->name))
            return builder->program->inputs.items[i];
    return NULL;
}

bool aze_fix_inputs(struct aze_builder *builder)
{
    size_t count = builder->result->fixed_count;
    builder->fixed = count == 0
                         ? NULL
                         : aza_alloc(builder->arena,
                                     builder->program->inputs.count * sizeof *builder->fixed + 1);
    for (size_t i = 0; i < count; i++) {
        const struct azv_word *word = &builder->result->fixed[i];
        const struct azs_symbol *symbol = find_input(builder, word->name);
        struct aza_sink why = aza_arena_sink(builder->arena);
        int64_t value = 0;
        bool fine = symbol != NULL && !symbol->type->secret;
        if (!fine)
            aza_put(&why, "is not a fact or option of these rules");
        else
            fine =
                azv_parse_input(&builder->code->machine, &builder->code->view.inputs[symbol->index],
                                0, word->value, &value, &why);
        if (!fine) {
            builder->result->why =
                aza_format(builder->arena, "%.*s=%.*s: %s", (int)word->name.length,
                           word->name.start, (int)word->value.length, word->value.start, why.data);
            return false;
        }
        const struct azb_input *input = &builder->code->view.inputs[symbol->index];
        if (is_ordered(symbol->type->kind) && (value < input->low || value > input->high)) {
            builder->result->why = aza_format(builder->arena, "%.*s=%.*s: is outside the domain",
                                              (int)word->name.length, word->name.start,
                                              (int)word->value.length, word->value.start);
            return false;
        }
        azi_slot *slot = AZA_NEW(builder->arena, azi_slot);
        *slot = symbol->type->kind == AZB_TEXT || symbol->type->kind == AZB_LIST ||
                        symbol->type->kind == AZB_ENUM
                    ? azi_text(builder->code, symbol->type->kind,
                               aza_format(builder->arena, "%s",
                                          azv_text(&builder->code->machine, value)))
                    : azi_constant(builder->code, symbol->type->kind, value);
        builder->fixed[symbol->index] = slot;
    }
    builder->code->machine.text_used = 0;
    return true;
}

/* The whole catalogue of the live config: an operator may set what the rules do not. */
void aze_settings(struct aze_builder *builder)
{
    const struct azs_config *live = builder->program->live;
    if (live == NULL || live->catalog == NULL)
        return;
    for (size_t i = 0; i < live->catalog->count; i++) {
        const struct azg_setting *setting = &live->catalog->settings[i];
        struct azb_setting row = {.name = aze_string(builder, setting->name),
                                  .kind = (uint8_t)setting->kind,
                                  .unit = setting->unit,
                                  .grain = setting->grain,
                                  .low = setting->low,
                                  .high = setting->high,
                                  .since = (uint32_t)setting->since,
                                  .until = (uint32_t)setting->until,
                                  .library = aze_string(builder, setting->library),
                                  .slot = AZB_NONE};
        row.flags = (uint8_t)((setting->internal ? AZB_SETTING_INTERNAL : 0) |
                              (setting->restart ? AZB_SETTING_RESTART : 0));
        /* What a truth value is written as is no member: an image gives those to enums alone. */
        if (setting->kind == AZB_ENUM) {
            row.members = add_words(builder, setting->members, setting->member_count);
            row.member_count = (uint32_t)setting->member_count;
        }
        *AZA_PUSH(builder->arena, &builder->result->tables.settings) = row;
    }
}
