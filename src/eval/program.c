/* A whole program: its values in order, then what leaves it. */
#include <string.h>

#include "eval/build.h"

/* Settings of the live config, its own first and then those it inherits, as the flags list them. */
static void add_outputs(struct aze_builder *builder)
{
    struct azb_tables *tables = &builder->result->tables;
    struct azs_config *live = builder->program->live;
    for (const struct azs_config *config = live; config != NULL; config = config->parent)
        for (size_t i = 0; i < config->settings.count; i++) {
            const struct azs_setting *own = config->settings.items[i];
            azi_slot slot = aze_setting(builder, live, own->setting, own->symbol->place);
            bool listed = false;
            for (size_t o = 0; o < tables->outputs.count; o++)
                listed = listed || tables->outputs.items[o].slot == slot;
            if (listed || builder->code->instructions[slot].op != AZB_OP_SETTING)
                continue;
            const struct azb_instruction *instruction = &builder->code->instructions[slot];
            *AZA_PUSH(builder->arena, &tables->outputs) = (struct azb_output){
                .setting = (uint32_t)instruction->immediate,
                .slot = slot,
                .name = aze_name_of(builder, own->setting, live),
                .is_static = config != live && azi_is_constant(builder->code, instruction->a),
            };
        }
}

static void evaluate_configs(struct aze_builder *builder)
{
    for (size_t c = 0; c < builder->program->configs.count; c++) {
        struct azs_config *config = builder->program->configs.items[c];
        if (config != builder->program->live && aze_leads_to_live(builder, config))
            continue;
        for (const struct azs_config *from = config; from != NULL; from = from->parent)
            for (size_t i = 0; i < from->settings.count; i++)
                aze_setting(builder, config, from->settings.items[i]->setting,
                            from->settings.items[i]->symbol->place);
        builder->config = config;
        for (size_t i = 0; i < config->lets.count; i++)
            aze_let(builder, config->lets.items[i], config->lets.items[i]->place);
        builder->config = NULL;
    }
}

static void evaluate_let(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    if (aze_is_named(builder, symbol))
        aze_let(builder, symbol, symbol->place);
    else
        aze_let_value(builder, symbol, symbol->place);
}

/* Checks, invariants, exports */

struct explained {
    uint32_t name;
    struct aze_notes notes;
};

static void begin_check(struct aze_builder *builder, struct explained *explained, const char *name,
                        const struct azp_item *item)
{
    *explained = (struct explained){0};
    explained->name = aze_add_name(builder, name, AZB_NAME_CHECK, item->place, item->doc);
    builder->notes = &explained->notes;
}

static void end_check(struct aze_builder *builder, const struct explained *explained,
                      enum azb_check_class class, azi_slot condition, azi_slot message,
                      const struct azp_expr *formula)
{
    builder->notes = NULL;
    aze_finish_name(builder, explained->name, condition, aze_text_of(builder, formula->place),
                    &explained->notes);
    *AZA_PUSH(builder->arena, &builder->result->tables.checks) =
        (struct azb_check){class, condition, message, explained->name};
}

static void evaluate_check(struct aze_builder *builder, const struct azp_item *item)
{
    struct explained explained;
    begin_check(builder, &explained, item->shape == AZB_CHECK_REFUSE ? "refuse" : "warn", item);
    azi_slot condition = aze_expr(builder, item->condition);
    azi_slot text = aze_expr(builder, item->value);
    end_check(builder, &explained, (enum azb_check_class)item->shape, condition, text,
              item->condition);
}

static uint32_t add_root(struct aze_builder *builder, azi_slot slot)
{
    *AZA_PUSH(builder->arena, &builder->result->roots) = slot;
    return (uint32_t)builder->result->roots.count - 1;
}

/* Both sides of a comparison of scalars, so that they can be shown when it does not hold. */
static void add_sides(struct aze_builder *builder, const struct azp_expr *value, uint32_t *left,
                      uint32_t *right)
{
    *left = *right = AZB_NONE;
    if (value->class != AZP_BINARY || value->binary.op < AZP_EQ || value->binary.op > AZP_GE ||
        value->binary.left->type->form != AZS_SCALAR ||
        value->binary.right->type->form != AZS_SCALAR)
        return;
    *left = add_root(builder, aze_expr(builder, value->binary.left));
    *right = add_root(builder, aze_expr(builder, value->binary.right));
}

/* An invariant is checked again wherever the rules run, since an operator's word may break it. */
static azi_slot evaluate_condition(struct aze_builder *builder, const struct azp_item *item,
                                   azi_slot guard)
{
    struct explained explained;
    begin_check(builder, &explained, item->name.text, item);
    azi_slot condition = aze_expr(builder, item->value);
    if (item->condition != NULL)
        condition =
            azi_emit(builder->code, AZB_OP_OR, AZB_BOOL, aze_not(builder, guard), condition, 0, 0);
    const char *doc = item->doc == NULL ? aze_text_of(builder, item->value->place) : item->doc;
    const char *text =
        aza_format(builder->arena, "`%s` does not hold. It says: %s", item->name.text, doc);
    end_check(builder, &explained, AZB_CHECK_INVARIANT, condition,
              azi_text(builder->code, AZB_TEXT, text), item->value);
    return condition;
}

/* Shapes over a whole domain (rises, falls, jumps, least, most) are claims about two machines, of
 * which one run has nothing to say: they are only proved. */
static void evaluate_invariant(struct aze_builder *builder, const struct azp_item *item)
{
    struct aze_claim claim = {.item = item, .guard = AZB_NONE, .left = AZB_NONE, .right = AZB_NONE};
    azi_slot guard = 0;
    if (item->condition != NULL) {
        guard = aze_expr(builder, item->condition);
        claim.guard = add_root(builder, guard);
    }
    if (item->shape == AZP_HOLDS) {
        claim.slot = add_root(builder, evaluate_condition(builder, item, guard));
        add_sides(builder, item->value, &claim.left, &claim.right);
    } else {
        claim.slot = add_root(builder, aze_expr(builder, item->value));
        claim.input = azs_find(builder->program, item->of.text)->index;
        if (item->high != NULL && !aze_constant(builder, item->high, AZB_RATIO, &claim.limit))
            return;
    }
    *AZA_PUSH(builder->arena, &builder->result->claims) = claim;
}

static void evaluate_export(struct aze_builder *builder, const struct azp_item *item)
{
    azi_slot value = aze_expr(builder, item->value);
    if (item->condition != NULL) {
        azi_slot condition = aze_expr(builder, item->condition);
        value = azi_emit(builder->code, AZB_OP_SELECT, AZB_TEXT, condition, value,
                         azi_void(builder->code, AZB_TEXT), 0);
    }
    *AZA_PUSH(builder->arena, &builder->result->tables.exports) =
        (struct azb_export){aze_string(builder, item->name.text), value};
}

/* Tests */

static void add_given(struct aze_builder *builder, struct aze_test *test,
                      const struct azp_item *given)
{
    const struct azs_symbol *symbol = given->symbol;
    int64_t value;
    enum azb_kind kind =
        given->value->type->kind == AZB_INT ? AZB_INT : symbol->type->kind; /* 4, -1 as written */
    if (!aze_constant(builder, given->value, kind, &value))
        return;
    struct aza_sink sink = aza_arena_sink(builder->arena);
    if (kind == AZB_TEXT || kind == AZB_ENUM || kind == AZB_LIST)
        aza_put(&sink, builder->code->strings.items + value);
    else
        azv_put_value(&sink, &builder->code->machine, kind, value);
    *AZA_PUSH(builder->arena, &test->words) = (struct azv_word){
        aza_span_of(symbol->name), {sink.data == NULL ? "" : sink.data, sink.length}};
}

static void evaluate_test(struct aze_builder *builder, const struct azp_item *item)
{
    struct aze_test test = {.item = item};
    for (size_t i = 0; i < item->body.count; i++) {
        const struct azp_item *line = item->body.items[i];
        if (line->class == AZP_GIVEN) {
            add_given(builder, &test, line);
            continue;
        }
        struct aze_expectation expectation = {.item = line};
        expectation.slot = add_root(builder, aze_expr(builder, line->value));
        add_sides(builder, line->value, &expectation.left, &expectation.right);
        *AZA_PUSH(builder->arena, &test.expectations) = expectation;
    }
    *AZA_PUSH(builder->arena, &builder->result->tests) = test;
}

static void evaluate_documents(struct aze_builder *builder)
{
    for (size_t i = 0; i < builder->program->emits.count; i++)
        if (builder->program->emits.items[i]->value != NULL)
            aze_document(builder, builder->program->emits.items[i]);
}

static void hash_rules(struct aze_builder *builder)
{
    struct azb_tables *tables = &builder->result->tables;
    tables->rules = aze_string(builder, builder->program->main_path);
    tables->rules_hash = AZA_HASH_SEED;
    const struct aza_sources *sources = builder->queue->sources;
    for (size_t i = 0; i < sources->count; i++)
        tables->rules_hash =
            aza_hash(tables->rules_hash, sources->files[i].text, sources->files[i].length);
}

static void finish_inputs(struct aze_builder *builder)
{
    for (size_t i = 0; i < builder->program->inputs.count; i++) {
        const struct azs_symbol *symbol = builder->program->inputs.items[i];
        struct azb_input *input = &builder->result->tables.inputs.items[i];
        if (input->class != AZB_SECRET)
            builder->result->tables.names.items[input->name_entry].slot =
                aze_input(builder, symbol);
    }
}

bool aze_evaluate(struct azs_program *program, struct aze_result *result)
{
    struct aze_builder builder = {.program = program,
                                  .queue = program->context->queue,
                                  .arena = program->context->arena,
                                  .result = result,
                                  .code = &result->code};
    azi_begin(&result->code, builder.arena);
    hash_rules(&builder);
    aze_settings(&builder);
    /* Domains and defaults may name settings; other inputs are not there yet, so they cannot. */
    azi_tables(&result->code, NULL, 0, result->tables.settings.items,
               (uint32_t)result->tables.settings.count, result->tables.words.items,
               (uint32_t)result->tables.words.count);
    if (!aze_inputs(&builder))
        return false;
    azi_tables(&result->code, result->tables.inputs.items, (uint32_t)result->tables.inputs.count,
               result->tables.settings.items, (uint32_t)result->tables.settings.count,
               result->tables.words.items, (uint32_t)result->tables.words.count);
    if (!aze_fix_inputs(&builder))
        return false;
    finish_inputs(&builder);
    for (size_t i = 0; i < program->symbols.count; i++)
        if (program->symbols.items[i]->class == AZS_TIERS)
            aze_check_tiers(&builder, program->symbols.items[i]->item);
    for (size_t i = 0; i < program->symbols.count; i++)
        if (program->symbols.items[i]->class == AZS_LET)
            evaluate_let(&builder, program->symbols.items[i]);
    aze_check_blocks(&builder);
    evaluate_configs(&builder);
    if (program->live != NULL)
        add_outputs(&builder);
    for (size_t i = 0; i < program->checks.count; i++)
        evaluate_check(&builder, program->checks.items[i]);
    for (size_t i = 0; i < program->invariants.count; i++)
        evaluate_invariant(&builder, program->invariants.items[i]);
    for (size_t i = 0; i < program->exports.count; i++)
        evaluate_export(&builder, program->exports.items[i]);
    for (size_t i = 0; i < program->tests.count; i++)
        evaluate_test(&builder, program->tests.items[i]);
    evaluate_documents(&builder);
    if (result->code.full)
        azd_report(builder.queue, AZD_TOO_LARGE, (struct aza_place){.file = program->main},
                   "the rules are too large to compile");
    return builder.queue->errors == 0;
}
