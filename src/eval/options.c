/* What may be said where a document is deployed: the variables that its values read, each with its
 * doc, its default and what it may be. */
#include "eval/build.h"

const char *eval_variable(const struct sema_symbol *symbol)
{
    for (size_t i = 0; i < symbol->item->sources.count; i++)
        if (symbol->item->sources.items[i].class == IMAGE_FROM_ENV)
            return symbol->item->sources.items[i].name.text;
    return NULL;
}

/* The inputs and slots that a value reads: a truth by index. */
struct readers {
    struct eval_builder *builder;
    bool *inputs, *slots;
    int depth;
};

static void read_value(struct readers *readers, const struct eval_value *value)
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
                read_value(readers, value->entries[i].value);
        if (value->form == EVAL_RECORD)
            for (size_t i = 0; i < value->record->schema->fields.count; i++)
                read_value(readers,
                           eval_field_value(readers->builder, value->record, i, value->place));
    }
    readers->depth--;
}

/* What the slots rest on. Operands come before what is made of them. */
static void read_slots(struct readers *readers)
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

static const char *default_text(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    if (symbol->item->value == NULL)
        return "";
    ir_slot slot = eval_expr_as(builder, symbol->item->value, symbol->type->kind);
    return ir_is_constant(builder->code, slot) ? eval_shown(builder, slot) : "";
}

/* "one of web, oltp", "from 1 to 65535". */
static const char *valid_words(struct eval_builder *builder, const struct sema_symbol *symbol)
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

/* What stands above a variable: its doc, what it may be, and what holds where it is not set. */
static const char *describe(struct eval_builder *builder, const struct sema_symbol *symbol)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    const char *valid = valid_words(builder, symbol), *value = default_text(builder, symbol);
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
    read_value(&readers, value);
    read_slots(&readers);
    struct eval_value *map = eval_new_value(builder, EVAL_MAP, place);
    struct eval_entry *entries = base_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct sema_symbol *symbol = builder->program->inputs.items[i];
        if (!readers.inputs[i] || eval_variable(symbol) == NULL)
            continue;
        entries[map->count++] = (struct eval_entry){
            .key = eval_variable(symbol),
            .doc = describe(builder, symbol),
            .disabled = true,
            .value = eval_text_value(builder, base_span_of(default_text(builder, symbol)), place),
        };
    }
    map->entries = entries;
    return map;
}
