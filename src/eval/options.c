/* `options_in`: the environment variables that the values of a document depend on, each with its
 * doc, its domain and its default as a comment.
 *
 * The values are walked to mark the slots that they contain; then the code is walked backwards to
 * mark the operands of marked instructions, until the inputs. The result is a map in the order of
 * the inputs' declarations, whose entries are disabled: an example to edit. */
#include "eval/build.h"

const char *eval_variable(const struct sema_symbol *symbol)
{
    for (size_t i = 0; i < symbol->item->sources.count; i++)
        if (symbol->item->sources.items[i].class == IMAGE_FROM_ENV)
            return symbol->item->sources.items[i].name.text;
    return NULL;
}

/* The inputs and slots that a value depends on, by index. */
struct readers {
    struct eval_builder *builder;
    bool *inputs, *slots;
    int depth;
};

static void mark_value(struct readers *readers, const struct eval_value *value)
{
    if (readers->depth++ < LIMIT_CALL_DEPTH && eval_work(readers->builder, value->place, 1)) {
        for (size_t i = 0; value->form == EVAL_TEXT && i < value->count; i++)
            if (value->parts[i].variable != NULL)
                readers->inputs[value->parts[i].variable->index] = true;
            else if (value->parts[i].literal.start == NULL)
                readers->slots[value->parts[i].slot] = true;
        if (value->form == EVAL_PLAIN)
            readers->slots[value->slot] = true;
        if (value->form == EVAL_LIST || value->form == EVAL_MAP)
            for (size_t i = 0; i < value->count; i++)
                mark_value(readers, value->entries[i].value);
        if (value->form == EVAL_RECORD)
            for (size_t i = 0; i < value->record->schema->fields.count; i++)
                mark_value(readers,
                           eval_field_value(readers->builder, value->record, i, value->place));
    }
    readers->depth--;
}

/* Operands precede their users, so one pass from the end reaches everything. */
static void mark_operands_of_slots(struct readers *readers)
{
    for (uint32_t slot = readers->builder->code->count; slot-- > 0;) {
        const struct image_instruction *instruction = &readers->builder->code->instructions[slot];
        const ir_slot operands[] = {instruction->a, instruction->b, instruction->c};
        if (!readers->slots[slot] || readers->builder->code->facts[slot].broken)
            continue;
        if (instruction->op == IMAGE_OP_INPUT || instruction->op == IMAGE_OP_GIVEN)
            readers->inputs[instruction->immediate] = true;
        for (int i = 0; i < 3; i++)
            if (image_reads(instruction->op, i))
                readers->slots[operands[i]] = true;
    }
}

static const char *default_as_text(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    if (symbol->item->value == NULL)
        return "";
    ir_slot slot = eval_expr_as(builder, symbol->item->value, symbol->type->kind);
    return ir_is_constant(builder->code, slot) ? eval_shown(builder, slot) : "";
}

/* "One of: web, oltp", "From 1 to 65535"; empty without a domain. */
static const char *describe_domain(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    const struct sema_enumeration *members = symbol->enumeration;
    for (size_t i = 0; members != NULL && i < members->count; i++)
        BASE_PUT(&sink, i == 0 ? "One of: " : ", ", members->members[i]);
    if (symbol->item->low != NULL)
        BASE_PUT(
            &sink, "From ",
            eval_shown(builder, eval_expr_as(builder, symbol->item->low, symbol->type->kind)),
            " to ",
            eval_shown(builder, eval_expr_as(builder, symbol->item->high, symbol->type->kind)));
    else if (symbol->type->kind == IMAGE_BOOL)
        base_put(&sink, "on or off");
    return sink.data;
}

/* The comment above a variable: its doc, its domain, and its default. */
static const char *describe_variable(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    const char *valid = describe_domain(builder, symbol), *value = default_as_text(builder, symbol);
    if (symbol->item->doc != NULL)
        BASE_PUT(&sink, symbol->item->doc, "\n");
    if (valid != NULL && *valid != '\0')
        BASE_PUT(&sink, valid, ". ");
    if (symbol->item->class == SYNTAX_FACT)
        base_put(&sink, "Measured unless set.");
    else if (*value == '\0')
        base_put(&sink, "Not set by default.");
    else
        BASE_PUT(&sink, "Default: ", value, ".");
    return sink.data;
}

const struct eval_value *eval_options_in(struct eval_builder *builder,
                                         const struct eval_value *value, struct base_place place)
{
    const size_t count = builder->program->inputs.count;
    struct readers readers = {builder, base_alloc(builder->arena, count + 1),
                              base_alloc(builder->arena, UINT16_MAX + 1), 0};
    mark_value(&readers, value);
    mark_operands_of_slots(&readers);
    struct eval_value *map = eval_new_value(builder, EVAL_MAP, place);
    struct eval_entry *entries = base_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct sema_symbol *symbol = builder->program->inputs.items[i];
        if (!readers.inputs[i] || eval_variable(symbol) == NULL)
            continue;
        entries[map->count++] = (struct eval_entry){
            .key = eval_variable(symbol),
            .doc = describe_variable(builder, symbol),
            .disabled = true,
            .value =
                eval_text_value(builder, base_span_of(default_as_text(builder, symbol)), place),
        };
    }
    map->entries = entries;
    return map;
}
