/* What may be said where a document is deployed: the variables that its values read, each with its
 * doc, its default and what it may be. */
#include "eval/build.h"

const char *aze_variable(const struct azs_symbol *symbol)
{
    for (size_t i = 0; i < symbol->item->sources.count; i++)
        if (symbol->item->sources.items[i].class == AZB_FROM_ENV)
            return symbol->item->sources.items[i].name.text;
    return NULL;
}

/* The inputs and slots that a value reads: a truth by index. */
struct readers {
    struct aze_builder *builder;
    bool *inputs, *slots;
    int depth;
};

static void read_value(struct readers *readers, const struct aze_value *value)
{
    if (readers->depth++ < AZA_CALL_DEPTH_MAX && aze_work(readers->builder, value->place, 1)) {
        for (size_t i = 0; value->form == AZE_TEXT && i < value->count; i++)
            if (value->parts[i].variable != NULL)
                readers->inputs[value->parts[i].variable->index] = true;
            else if (value->parts[i].literal.start == NULL)
                readers->slots[value->parts[i].slot] = true;
        if (value->form == AZE_PLAIN)
            readers->slots[value->slot] = true;
        if (value->form == AZE_LIST || value->form == AZE_MAP)
            for (size_t i = 0; i < value->count; i++)
                read_value(readers, value->entries[i].value);
        if (value->form == AZE_RECORD)
            for (size_t i = 0; i < value->record->schema->fields.count; i++)
                read_value(readers,
                           aze_field_value(readers->builder, value->record, i, value->place));
    }
    readers->depth--;
}

/* What the slots rest on. Operands come before what is made of them. */
static void read_slots(struct readers *readers)
{
    for (uint32_t slot = readers->builder->code->count; slot-- > 0;) {
        const struct azb_instruction *instruction = &readers->builder->code->instructions[slot];
        const azi_slot operands[] = {instruction->a, instruction->b, instruction->c};
        if (!readers->slots[slot] || readers->builder->code->facts[slot].broken)
            continue;
        if (instruction->op == AZB_OP_INPUT || instruction->op == AZB_OP_GIVEN)
            readers->inputs[instruction->immediate] = true;
        for (int i = 0; i < 3; i++)
            if (azi_reads(instruction->op, i))
                readers->slots[operands[i]] = true;
    }
}

static const char *default_text(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    if (symbol->item->value == NULL)
        return "";
    azi_slot slot = aze_expr_as(builder, symbol->item->value, symbol->type->kind);
    return azi_is_constant(builder->code, slot) ? aze_shown(builder, slot) : "";
}

/* "one of web, oltp", "from 1 to 65535". */
static const char *valid_words(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const struct azs_enumeration *members = symbol->enumeration;
    for (size_t i = 0; members != NULL && i < members->count; i++)
        AZA_PUT(&sink, i == 0 ? "One of: " : ", ", members->members[i]);
    if (symbol->item->low != NULL)
        AZA_PUT(&sink, "From ",
                aze_shown(builder, aze_expr_as(builder, symbol->item->low, symbol->type->kind)),
                " to ",
                aze_shown(builder, aze_expr_as(builder, symbol->item->high, symbol->type->kind)));
    else if (symbol->type->kind == AZB_BOOL)
        aza_put(&sink, "on or off");
    return sink.data;
}

/* What stands above a variable: its doc, what it may be, and what holds where it is not set. */
static const char *describe(struct aze_builder *builder, const struct azs_symbol *symbol)
{
    struct aza_sink sink = aza_arena_sink(builder->arena);
    const char *valid = valid_words(builder, symbol), *value = default_text(builder, symbol);
    if (symbol->item->doc != NULL)
        AZA_PUT(&sink, symbol->item->doc, "\n");
    if (valid != NULL && *valid != '\0')
        AZA_PUT(&sink, valid, ". ");
    if (symbol->item->class == AZP_FACT)
        aza_put(&sink, "Measured unless set.");
    else if (*value == '\0')
        aza_put(&sink, "Not set by default.");
    else
        AZA_PUT(&sink, "Default: ", value, ".");
    return sink.data;
}

const struct aze_value *aze_options_in(struct aze_builder *builder, const struct aze_value *value,
                                       struct aza_place place)
{
    const size_t count = builder->program->inputs.count;
    struct readers readers = {builder, aza_alloc(builder->arena, count + 1),
                              aza_alloc(builder->arena, UINT16_MAX + 1), 0};
    read_value(&readers, value);
    read_slots(&readers);
    struct aze_value *map = aze_new_value(builder, AZE_MAP, place);
    struct aze_entry *entries = aza_alloc(builder->arena, count * sizeof *entries + 1);
    for (size_t i = 0; i < count; i++) {
        const struct azs_symbol *symbol = builder->program->inputs.items[i];
        if (!readers.inputs[i] || aze_variable(symbol) == NULL)
            continue;
        entries[map->count++] = (struct aze_entry){
            .key = aze_variable(symbol),
            .doc = describe(builder, symbol),
            .disabled = true,
            .value = aze_text_value(builder, aza_span_of(default_text(builder, symbol)), place),
        };
    }
    map->entries = entries;
    return map;
}
