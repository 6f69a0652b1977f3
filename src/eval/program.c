/* Evaluates a whole program, in an order in which everything refers only to what is complete:
 *
 * settings and inputs, since INPUT and SETTING instructions refer to their tables; tiers, lets,
 * blocks and configs, whether or not they are used, so that mistakes in them are reported; then
 * what is written to the image (outputs, checks, exports), what is proved or tested (invariants,
 * tests), and the files. Values that need one another are evaluated on demand within this order
 * (named.c).
 *
 * Invariants and tests need slots that the image does not name. These are roots: result->roots has
 * their slots, and everything else refers to an index in it, because the image writer renumbers
 * slots. */
#include <string.h>

#include "eval/build.h"

/* Settings of the live config, its own first and then those it inherits, as the flags list them. */
static void add_outputs(struct eval_builder *builder)
{
    struct ir_tables *tables = &builder->result->tables;
    struct sema_config *live = builder->program->live;
    for (const struct sema_config *config = live; config != NULL; config = config->parent)
        for (size_t i = 0; i < config->settings.count; i++) {
            const struct sema_setting *own = config->settings.items[i];
            ir_slot slot = eval_setting(builder, live, own->setting, own->symbol->place);
            bool listed = false;
            for (size_t o = 0; o < tables->outputs.count; o++)
                listed = listed || tables->outputs.items[o].slot == slot;
            if (listed || builder->code->instructions[slot].op != IMAGE_OP_SETTING)
                continue;
            const struct image_instruction *instruction = &builder->code->instructions[slot];
            *BASE_PUSH(builder->arena, &tables->outputs) = (struct image_output){
                .setting = (uint32_t)instruction->immediate,
                .slot = slot,
                .name = eval_name_of(builder, own->setting, live),
                .is_static = config != live && ir_is_constant(builder->code, instruction->a),
            };
        }
}

static void evaluate_configs(struct eval_builder *builder)
{
    for (size_t c = 0; c < builder->program->configs.count; c++) {
        struct sema_config *config = builder->program->configs.items[c];
        /* Its settings are evaluated as part of the live config, which extends it. */
        if (config != builder->program->live && eval_leads_to_live(builder, config))
            continue;
        for (const struct sema_config *from = config; from != NULL; from = from->parent)
            for (size_t i = 0; i < from->settings.count; i++)
                eval_setting(builder, config, from->settings.items[i]->setting,
                             from->settings.items[i]->symbol->place);
        builder->config = config;
        for (size_t i = 0; i < config->lets.count; i++)
            eval_let(builder, config->lets.items[i], config->lets.items[i]->place);
        builder->config = NULL;
    }
}

static void evaluate_let(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    if (eval_is_named(builder, symbol))
        eval_let(builder, symbol, symbol->place);
    else
        eval_let_value(builder, symbol, symbol->place);
}

/* --- checks, invariants, exports --- */

struct explained {
    uint32_t name;
    struct eval_notes notes;
};

static void begin_check(struct eval_builder *builder, struct explained *explained, const char *name,
                        const struct syntax_item *item)
{
    *explained = (struct explained){0};
    explained->name = eval_add_name(builder, name, IMAGE_NAME_CHECK, item->place, item->doc);
    builder->notes = &explained->notes;
}

static void end_check(struct eval_builder *builder, const struct explained *explained,
                      enum image_check_class class, ir_slot condition, ir_slot message,
                      const struct syntax_expr *formula)
{
    builder->notes = NULL;
    eval_finish_name(builder, explained->name, condition, eval_text_of(builder, formula->place),
                     &explained->notes);
    *BASE_PUSH(builder->arena, &builder->result->tables.checks) =
        (struct image_check){class, condition, message, explained->name};
}

static void evaluate_check(struct eval_builder *builder, const struct syntax_item *item)
{
    struct explained explained;
    begin_check(builder, &explained, item->shape == IMAGE_CHECK_REFUSE ? "refuse" : "warn", item);
    ir_slot condition = eval_expr(builder, item->condition);
    ir_slot text = eval_expr(builder, item->value);
    end_check(builder, &explained, (enum image_check_class)item->shape, condition, text,
              item->condition);
}

static uint32_t add_root(struct eval_builder *builder, ir_slot slot)
{
    *BASE_PUSH(builder->arena, &builder->result->roots) = slot;
    return (uint32_t)builder->result->roots.count - 1;
}

/* Both sides of a comparison of scalars, so that they can be shown when it does not hold. */
static void add_sides(struct eval_builder *builder, const struct syntax_expr *value, uint32_t *left,
                      uint32_t *right)
{
    *left = *right = IMAGE_NONE;
    if (value->class != SYNTAX_BINARY || value->binary.op < SYNTAX_EQ ||
        value->binary.op > SYNTAX_GE || value->binary.left->type->form != SEMA_SCALAR ||
        value->binary.right->type->form != SEMA_SCALAR)
        return;
    *left = add_root(builder, eval_expr(builder, value->binary.left));
    *right = add_root(builder, eval_expr(builder, value->binary.right));
}

/* An invariant is proved for the rules, and checked again on each machine, where an operator may
 * have set a value that violates it. */
static ir_slot evaluate_condition(struct eval_builder *builder, const struct syntax_item *item,
                                  ir_slot guard)
{
    struct explained explained;
    begin_check(builder, &explained, item->name.text, item);
    ir_slot condition = eval_expr(builder, item->value);
    if (item->condition != NULL)
        condition = ir_emit(builder->code, IMAGE_OP_OR, IMAGE_BOOL, eval_not(builder, guard),
                            condition, 0, 0);
    const char *doc = item->doc == NULL ? eval_text_of(builder, item->value->place) : item->doc;
    const char *text =
        base_format(builder->arena, "invariant `%s` does not hold: %s", item->name.text, doc);
    end_check(builder, &explained, IMAGE_CHECK_INVARIANT, condition,
              ir_text(builder->code, IMAGE_TEXT, text), item->value);
    return condition;
}

/* Shapes over a whole domain (rises, falls, jumps, least, most) compare machines with one another,
 * so one run cannot check them: they are only proved. */
static void evaluate_invariant(struct eval_builder *builder, const struct syntax_item *item)
{
    struct eval_claim claim = {
        .item = item, .guard = IMAGE_NONE, .left = IMAGE_NONE, .right = IMAGE_NONE};
    ir_slot guard = 0;
    if (item->condition != NULL) {
        guard = eval_expr(builder, item->condition);
        claim.guard = add_root(builder, guard);
    }
    if (item->shape == SYNTAX_HOLDS) {
        claim.slot = add_root(builder, evaluate_condition(builder, item, guard));
        add_sides(builder, item->value, &claim.left, &claim.right);
    } else {
        claim.slot = add_root(builder, eval_expr(builder, item->value));
        claim.input = sema_find(builder->program, item->of.text)->index;
        if (item->high != NULL && !eval_constant(builder, item->high, IMAGE_RATIO, &claim.limit))
            return;
    }
    *BASE_PUSH(builder->arena, &builder->result->claims) = claim;
}

static void evaluate_export(struct eval_builder *builder, const struct syntax_item *item)
{
    ir_slot value = eval_expr(builder, item->value);
    if (item->condition != NULL) {
        ir_slot condition = eval_expr(builder, item->condition);
        value = ir_emit(builder->code, IMAGE_OP_SELECT, IMAGE_TEXT, condition, value,
                        ir_void(builder->code, IMAGE_TEXT), 0);
    }
    *BASE_PUSH(builder->arena, &builder->result->tables.exports) =
        (struct image_export){eval_string(builder, item->name.text), value};
}

/* --- tests --- */

static void add_given(struct eval_builder *builder, struct eval_test *test,
                      const struct syntax_item *given)
{
    const struct sema_symbol *symbol = given->symbol;
    int64_t value;
    enum image_kind kind = given->value->type->kind == IMAGE_INT
                               ? IMAGE_INT
                               : symbol->type->kind; /* 4, -1 as written */
    if (!eval_constant(builder, given->value, kind, &value))
        return;
    struct base_sink sink = base_arena_sink(builder->arena);
    if (image_is_text(kind))
        base_put(&sink, builder->code->strings.items + value);
    else
        vm_put_value(&sink, &builder->code->machine, kind, value);
    *BASE_PUSH(builder->arena, &test->words) =
        (struct vm_word){base_span_of(symbol->name), {sink.data, sink.length}};
}

static void evaluate_test(struct eval_builder *builder, const struct syntax_item *item)
{
    struct eval_test test = {.item = item};
    for (size_t i = 0; i < item->body.count; i++) {
        const struct syntax_item *line = item->body.items[i];
        if (line->class == SYNTAX_GIVEN) {
            add_given(builder, &test, line);
            continue;
        }
        struct eval_expectation expectation = {.item = line};
        expectation.slot = add_root(builder, eval_expr(builder, line->value));
        add_sides(builder, line->value, &expectation.left, &expectation.right);
        *BASE_PUSH(builder->arena, &test.expectations) = expectation;
    }
    *BASE_PUSH(builder->arena, &builder->result->tests) = test;
}

static void evaluate_documents(struct eval_builder *builder)
{
    for (size_t i = 0; i < builder->program->emits.count; i++)
        if (builder->program->emits.items[i]->value != NULL)
            eval_document(builder, builder->program->emits.items[i]);
}

/* Of all sources, in the order in which they were read: identifies the rules in a running
 * container. */
static void hash_rules(struct eval_builder *builder)
{
    struct ir_tables *tables = &builder->result->tables;
    tables->rules = eval_string(builder, builder->program->main_path);
    tables->rules_hash = BASE_HASH_SEED;
    const struct base_sources *sources = builder->queue->sources;
    for (size_t i = 0; i < sources->count; i++)
        tables->rules_hash =
            base_hash(tables->rules_hash, sources->files[i].text, sources->files[i].length);
}

/* A secret has no name, so that it cannot be explained. */
static void finish_inputs(struct eval_builder *builder)
{
    for (size_t i = 0; i < builder->program->inputs.count; i++) {
        const struct sema_symbol *symbol = builder->program->inputs.items[i];
        struct image_input *input = &builder->result->tables.inputs.items[i];
        if (input->class != IMAGE_SECRET)
            builder->result->tables.names.items[input->name_entry].slot =
                eval_input(builder, symbol);
    }
}

bool eval_evaluate(struct sema_program *program, struct eval_result *result)
{
    struct eval_builder builder = {.program = program,
                                   .queue = program->context->queue,
                                   .arena = program->context->arena,
                                   .result = result,
                                   .code = &result->code};
    ir_begin(&result->code, builder.arena);
    hash_rules(&builder);
    eval_settings(&builder);
    /* Domains and defaults may refer to settings, but not to inputs, whose table does not exist
     * yet. */
    ir_tables_of(&result->code, NULL, 0, result->tables.settings.items,
                 (uint32_t)result->tables.settings.count, result->tables.words.items,
                 (uint32_t)result->tables.words.count);
    if (!eval_inputs(&builder))
        return false;
    ir_tables_of(&result->code, result->tables.inputs.items, (uint32_t)result->tables.inputs.count,
                 result->tables.settings.items, (uint32_t)result->tables.settings.count,
                 result->tables.words.items, (uint32_t)result->tables.words.count);
    if (!eval_fix_inputs(&builder))
        return false;
    finish_inputs(&builder);
    for (size_t i = 0; i < program->symbols.count; i++)
        if (program->symbols.items[i]->class == SEMA_TIERS)
            eval_check_tiers(&builder, program->symbols.items[i]->item);
    for (size_t i = 0; i < program->symbols.count; i++)
        if (program->symbols.items[i]->class == SEMA_LET)
            evaluate_let(&builder, program->symbols.items[i]);
    eval_check_blocks(&builder);
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
        diag_report(builder.queue, DIAG_TOO_LARGE, (struct base_place){.file = program->main},
                    "the rules are too large to compile");
    return builder.queue->errors == 0;
}
