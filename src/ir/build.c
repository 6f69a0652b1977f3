/* Emits instructions: folds constants, shares equal instructions, and resolves decided choices.
 *
 * ir_emit first looks for a choice that is decided (resolve_choice). Otherwise the instruction is
 * appended, unless the hash table has an equal one. If its operands are constants, the interpreter
 * then executes it in its slot, and the result is emitted as a constant in its place. The executed
 * instruction remains in the code, so that the hash table finds it again together with its result;
 * the image writer drops it, since nothing refers to it.
 *
 * With each instruction go the facts that the compiler needs and the image does not: whether it may
 * be void, is secret, or depends on a mistake. They follow from the facts of the operands.
 *
 * Both hash tables use open addressing with linear probing, and at most half of their buckets. */
#include <string.h>

#include "base/assert.h"

#include "ir/ir.h"

enum { BUCKETS = 1 << 17, STRING_BUCKETS = 1 << 15 };

/* Operands have 16 bits. It is also half the number of buckets. */
enum { INSTRUCTIONS_MAX = UINT16_MAX };

void ir_begin(struct ir_code *code, struct base_arena *arena)
{
    *code = (struct ir_code){.arena = arena};
    code->instructions = base_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->instructions);
    code->facts = base_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->facts);
    code->buckets = base_alloc(arena, BUCKETS * sizeof *code->buckets);
    code->string_buckets = base_alloc(arena, STRING_BUCKETS * sizeof *code->string_buckets);
    code->machine.image = &code->view;
    code->machine.slots = base_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->machine.slots);
    code->machine.text_capacity = LIMIT_TEXT_BYTES;
    code->machine.text = base_alloc(arena, LIMIT_TEXT_BYTES);
    code->view.code = code->instructions;
    ir_string(code, "", 0);
}

void ir_tables_of(struct ir_code *code, const struct image_input *inputs, uint32_t input_count,
                  const struct image_setting *settings, uint32_t setting_count,
                  const uint32_t *words, uint32_t word_count)
{
    code->view.inputs = inputs;
    code->view.input_count = input_count;
    code->view.settings = settings;
    code->view.setting_count = setting_count;
    code->view.words = words;
    code->view.word_count = word_count;
}

uint32_t ir_string(struct ir_code *code, const char *text, size_t length)
{
    uint64_t hash = base_hash(BASE_HASH_SEED, text, length);
    uint32_t bucket = (uint32_t)(hash % STRING_BUCKETS);
    for (uint32_t found; (found = code->string_buckets[bucket]) != 0;
         bucket = (bucket + 1) % STRING_BUCKETS) {
        const char *other = code->strings.items + found - 1;
        if (strncmp(other, text, length) == 0 && other[length] == '\0')
            return found - 1;
    }
    if (code->string_count >= STRING_BUCKETS / 2) {
        code->full = true;
        return 0;
    }
    code->string_count++;
    uint32_t offset = (uint32_t)code->strings.count;
    for (size_t i = 0; i <= length; i++)
        *BASE_PUSH(code->arena, &code->strings) = i < length ? text[i] : '\0';
    code->string_buckets[bucket] = offset + 1;
    code->view.strings = code->strings.items;
    code->view.string_bytes = (uint32_t)code->strings.count;
    return offset;
}

static bool same_instruction(const struct image_instruction *a, const struct image_instruction *b)
{
    return a->op == b->op && a->kind == b->kind && a->a == b->a && a->b == b->b && a->c == b->c &&
           a->immediate == b->immediate;
}

/* Whether the result may be void. The verifier allows a void operand only where the opcode handles
 * one, so the opcodes that are not listed here always have a value or trap. */
static bool reads_void(const struct ir_code *code, const struct image_instruction *i)
{
    const struct ir_facts *facts = code->facts;
    switch (i->op) {
    case IMAGE_OP_VOID:
        return true;
    case IMAGE_OP_INPUT:
        return i->immediate < code->view.input_count &&
               (code->view.inputs[i->immediate].optional ||
                code->view.inputs[i->immediate].class == IMAGE_SECRET);
    case IMAGE_OP_SETTING:
        return facts[i->a].may_be_void;
    case IMAGE_OP_SELECT:
        return facts[i->b].may_be_void || facts[i->c].may_be_void;
    case IMAGE_OP_ELSE:
        return facts[i->b].may_be_void;
    case IMAGE_OP_CONCAT: /* texts made from a secret that is missing */
        return facts[i->a].may_be_void || facts[i->b].may_be_void;
    case IMAGE_OP_TEXT:
    case IMAGE_OP_QUOTE:
        return facts[i->a].may_be_void;
    default:
        return false;
    }
}

/* Only texts carry a secret: a comparison with one, or whether it is set, is not secret. */
static bool reads_secret(const struct ir_code *code, const struct image_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    bool secret = i->op == IMAGE_OP_INPUT && i->immediate < code->view.input_count &&
                  code->view.inputs[i->immediate].class == IMAGE_SECRET;
    for (int operand = 0; operand < 3; operand++)
        secret = secret || (image_reads(i->op, operand) && code->facts[slots[operand]].secret);
    return secret && i->kind == IMAGE_TEXT;
}

/* ir_broken is an input that does not exist. */
enum { BROKEN_INPUT = INT32_MAX };

static bool reads_broken(const struct ir_code *code, const struct image_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    bool broken = i->op == IMAGE_OP_INPUT && i->immediate == BROKEN_INPUT;
    for (int operand = 0; operand < 3; operand++)
        broken = broken || (image_reads(i->op, operand) && code->facts[slots[operand]].broken);
    return broken;
}

/* Executes an instruction whose operands are known; false if they are not, or it reads an input. */
static bool execute_if_known(struct ir_code *code, uint32_t n)
{
    const struct image_instruction *i = &code->instructions[n];
    if (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN)
        return false;
    const uint16_t slots[3] = {i->a, i->b, i->c};
    for (int operand = 0; operand < 3; operand++)
        if (image_reads(i->op, operand) && !code->facts[slots[operand]].constant)
            return false;
    vm_step(&code->machine, n);
    return true;
}

static ir_slot append(struct ir_code *code, struct image_instruction instruction)
{
    const uint16_t operands[3] = {instruction.a, instruction.b, instruction.c};
    BASE_ASSERT(instruction.op < IMAGE_OPCODES && instruction.kind < IMAGE_KINDS);
    for (int k = 0; k < 3; k++)
        BASE_ASSERT(image_reads(instruction.op, k) ? operands[k] < code->count : operands[k] == 0);
    uint64_t hash = base_hash(BASE_HASH_SEED, &instruction, sizeof instruction);
    uint32_t bucket = (uint32_t)(hash % BUCKETS);
    for (uint32_t found; (found = code->buckets[bucket]) != 0; bucket = (bucket + 1) % BUCKETS)
        if (same_instruction(&code->instructions[found - 1], &instruction))
            return (ir_slot)(found - 1);
    if (code->count == INSTRUCTIONS_MAX) {
        code->full = true;
        return 0;
    }
    uint32_t n = code->count++;
    code->instructions[n] = instruction;
    code->view.code_count = code->count;
    code->buckets[bucket] = n + 1;
    struct ir_facts *facts = &code->facts[n];
    facts->may_be_void = reads_void(code, &instruction);
    facts->secret = reads_secret(code, &instruction);
    facts->broken = reads_broken(code, &instruction);
    if (!execute_if_known(code, n))
        return (ir_slot)n;

    /* An operator may override a setting, so its value is not known even where its operand is. */
    const struct vm_slot *result = &code->machine.slots[n];
    facts->constant = instruction.op != IMAGE_OP_SETTING;
    facts->trapped = result->state == VM_TRAP;
    facts->trap = result->trap;
    return (ir_slot)n;
}

ir_slot ir_constant(struct ir_code *code, enum image_kind kind, int64_t value)
{
    return append(code, (struct image_instruction){
                            .op = IMAGE_OP_CONST, .kind = (uint8_t)kind, .immediate = value});
}

ir_slot ir_text(struct ir_code *code, enum image_kind kind, const char *text)
{
    return ir_constant(code, kind, ir_string(code, text, strlen(text)));
}

ir_slot ir_void(struct ir_code *code, enum image_kind kind)
{
    return append(code, (struct image_instruction){.op = IMAGE_OP_VOID, .kind = (uint8_t)kind});
}

ir_slot ir_broken(struct ir_code *code, enum image_kind kind)
{
    return append(code, (struct image_instruction){.op = IMAGE_OP_INPUT,
                                                   .kind = (uint8_t)kind,
                                                   .immediate = BROKEN_INPUT});
}

/* The operand that a choice is certain to return; false if it depends on the machine. A choice
 * between equal slots is decided, too. */
static bool resolve_choice(const struct ir_code *code, const struct image_instruction *i,
                           ir_slot *out)
{
    bool known = image_reads(i->op, 0) && ir_is_constant(code, i->a);
    bool truth = known && ir_value(code, i->a) != 0;
    switch (i->op) {
    case IMAGE_OP_SELECT:
        *out = truth ? i->b : i->c;
        return known || i->b == i->c;
    case IMAGE_OP_ELSE:
        *out = code->instructions[i->a].op == IMAGE_OP_VOID ? i->b : i->a;
        return code->instructions[i->a].op == IMAGE_OP_VOID || !code->facts[i->a].may_be_void;
    case IMAGE_OP_AND:
        *out = truth ? i->b : i->a;
        return known;
    case IMAGE_OP_OR:
        *out = truth ? i->a : i->b;
        return known;
    default:
        return false;
    }
}

ir_slot ir_emit(struct ir_code *code, enum image_opcode op, enum image_kind kind, ir_slot a,
                ir_slot b, ir_slot c, int64_t immediate)
{
    struct image_instruction instruction = {
        .op = (uint8_t)op, .kind = (uint8_t)kind, .a = a, .b = b, .c = c, .immediate = immediate};
    ir_slot choice;
    if (resolve_choice(code, &instruction, &choice))
        return choice;
    if (op == IMAGE_OP_KNOWN && !code->facts[a].may_be_void)
        return ir_constant(code, IMAGE_BOOL, 1);
    ir_slot slot = append(code, instruction);
    const struct ir_facts *facts = &code->facts[slot];
    if (!facts->constant || facts->trapped || op == IMAGE_OP_CONST || op == IMAGE_OP_VOID)
        return slot;

    /* The result in place of the executed instruction, which remains unused. A text is copied into
     * the string pool once, and the machine's buffer is free for the next. */
    const struct vm_slot *result = &code->machine.slots[slot];
    if (result->state == VM_VOID)
        return ir_void(code, kind);
    if (!image_is_text(kind))
        return ir_constant(code, kind, result->value);
    if (facts->text == 0) {
        char *copy = base_format(code->arena, "%s", vm_text(&code->machine, result->value));
        code->machine.text_used = code->machine.list_work = 0;
        code->facts[slot].text = ir_text(code, kind, copy) + 1U;
    }
    return (ir_slot)(code->facts[slot].text - 1);
}
