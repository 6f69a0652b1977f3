/* Makes instructions: folds, shares, and drops decided choices. */
#include <string.h>

#include "ir/ir.h"

enum { BUCKETS = 1 << 17, STRING_BUCKETS = 1 << 15 };

/* Operands are 16 bits wide, so there can be no more than this many, and half the buckets. */
enum { INSTRUCTIONS_MAX = UINT16_MAX };

bool azi_reads(unsigned op, int operand)
{
    enum { NONE, SLOT, OPT };
    static const uint8_t operands[AZB_OPCODES][3] = {
#define X(name, mnemonic, signature, a, b, c, immediate) {a, b, c},
#include "opcodes.def"
#undef X
    };
    return operands[op][operand] != NONE;
}

void azi_begin(struct azi_code *code, struct aza_arena *arena)
{
    *code = (struct azi_code){.arena = arena};
    code->instructions = aza_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->instructions);
    code->facts = aza_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->facts);
    code->buckets = aza_alloc(arena, BUCKETS * sizeof *code->buckets);
    code->string_buckets = aza_alloc(arena, STRING_BUCKETS * sizeof *code->string_buckets);
    code->machine.image = &code->view;
    code->machine.slots = aza_alloc(arena, INSTRUCTIONS_MAX * sizeof *code->machine.slots);
    code->machine.text_capacity = AZA_TEXT_BYTES_MAX;
    code->machine.text = aza_alloc(arena, AZA_TEXT_BYTES_MAX);
    code->view.code = code->instructions;
    azi_string(code, "", 0);
}

void azi_tables(struct azi_code *code, const struct azb_input *inputs, uint32_t input_count,
                const struct azb_setting *settings, uint32_t setting_count, const uint32_t *words,
                uint32_t word_count)
{
    code->view.inputs = inputs;
    code->view.input_count = input_count;
    code->view.settings = settings;
    code->view.setting_count = setting_count;
    code->view.words = words;
    code->view.word_count = word_count;
}

uint32_t azi_string(struct azi_code *code, const char *text, size_t length)
{
    uint64_t hash = aza_hash(AZA_HASH_SEED, text, length);
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
        *AZA_PUSH(code->arena, &code->strings) = i < length ? text[i] : '\0';
    code->string_buckets[bucket] = offset + 1;
    code->view.strings = code->strings.items;
    code->view.string_bytes = (uint32_t)code->strings.count;
    return offset;
}

static bool same_instruction(const struct azb_instruction *a, const struct azb_instruction *b)
{
    return a->op == b->op && a->kind == b->kind && a->a == b->a && a->b == b->b && a->c == b->c &&
           a->immediate == b->immediate;
}

static bool reads_void(const struct azi_code *code, const struct azb_instruction *i)
{
    const struct azi_facts *facts = code->facts;
    switch (i->op) {
    case AZB_OP_VOID:
        return true;
    case AZB_OP_INPUT:
        return i->immediate < code->view.input_count &&
               (code->view.inputs[i->immediate].optional ||
                code->view.inputs[i->immediate].class == AZB_SECRET);
    case AZB_OP_SETTING:
        return facts[i->a].may_be_void;
    case AZB_OP_SELECT:
        return facts[i->b].may_be_void || facts[i->c].may_be_void;
    case AZB_OP_ELSE:
        return facts[i->b].may_be_void;
    case AZB_OP_CONCAT: /* texts made from a secret that is missing */
        return facts[i->a].may_be_void || facts[i->b].may_be_void;
    case AZB_OP_TEXT:
    case AZB_OP_QUOTE:
        return facts[i->a].may_be_void;
    default:
        return false;
    }
}

static bool reads_secret(const struct azi_code *code, const struct azb_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    bool secret = i->op == AZB_OP_INPUT && i->immediate < code->view.input_count &&
                  code->view.inputs[i->immediate].class == AZB_SECRET;
    for (int operand = 0; operand < 3; operand++)
        secret = secret || (azi_reads(i->op, operand) && code->facts[slots[operand]].secret);
    return secret && i->kind == AZB_TEXT;
}

/* An input that does not exist stands for what a mistake has left open. */
enum { BROKEN_INPUT = INT32_MAX };

static bool reads_broken(const struct azi_code *code, const struct azb_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    bool broken = i->op == AZB_OP_INPUT && i->immediate == BROKEN_INPUT;
    for (int operand = 0; operand < 3; operand++)
        broken = broken || (azi_reads(i->op, operand) && code->facts[slots[operand]].broken);
    return broken;
}

/* Executes an instruction whose operands are known, and says whether its result is one. */
static bool known_now(struct azi_code *code, uint32_t n)
{
    const struct azb_instruction *i = &code->instructions[n];
    if (i->op == AZB_OP_INPUT || i->op == AZB_OP_GIVEN)
        return false;
    const uint16_t slots[3] = {i->a, i->b, i->c};
    for (int operand = 0; operand < 3; operand++)
        if (azi_reads(i->op, operand) && !code->facts[slots[operand]].constant)
            return false;
    azv_step(&code->machine, n);
    return true;
}

static azi_slot append(struct azi_code *code, struct azb_instruction instruction)
{
    uint64_t hash = aza_hash(AZA_HASH_SEED, &instruction, sizeof instruction);
    uint32_t bucket = (uint32_t)(hash % BUCKETS);
    for (uint32_t found; (found = code->buckets[bucket]) != 0; bucket = (bucket + 1) % BUCKETS)
        if (same_instruction(&code->instructions[found - 1], &instruction))
            return (azi_slot)(found - 1);
    if (code->count == INSTRUCTIONS_MAX) {
        code->full = true;
        return 0;
    }
    uint32_t n = code->count++;
    code->instructions[n] = instruction;
    code->view.code_count = code->count;
    code->buckets[bucket] = n + 1;
    struct azi_facts *facts = &code->facts[n];
    facts->may_be_void = reads_void(code, &instruction);
    facts->secret = reads_secret(code, &instruction);
    facts->broken = reads_broken(code, &instruction);
    if (!known_now(code, n))
        return (azi_slot)n;

    const struct azv_slot *result = &code->machine.slots[n];
    facts->constant = instruction.op != AZB_OP_SETTING;
    facts->trapped = result->state == AZV_TRAP;
    facts->trap = result->trap;
    return (azi_slot)n;
}

azi_slot azi_constant(struct azi_code *code, enum azb_kind kind, int64_t value)
{
    return append(code, (struct azb_instruction){
                            .op = AZB_OP_CONST, .kind = (uint8_t)kind, .immediate = value});
}

azi_slot azi_text(struct azi_code *code, enum azb_kind kind, const char *text)
{
    return azi_constant(code, kind, azi_string(code, text, strlen(text)));
}

azi_slot azi_void(struct azi_code *code, enum azb_kind kind)
{
    return append(code, (struct azb_instruction){.op = AZB_OP_VOID, .kind = (uint8_t)kind});
}

azi_slot azi_broken(struct azi_code *code, enum azb_kind kind)
{
    return append(code, (struct azb_instruction){
                            .op = AZB_OP_INPUT, .kind = (uint8_t)kind, .immediate = BROKEN_INPUT});
}

/* A choice that is decided already; false when it is not. */
static bool decided(const struct azi_code *code, const struct azb_instruction *i, azi_slot *out)
{
    bool known = azi_is_constant(code, i->a);
    bool truth = known && azi_value(code, i->a) != 0;
    switch (i->op) {
    case AZB_OP_SELECT:
        *out = truth ? i->b : i->c;
        return known || i->b == i->c;
    case AZB_OP_ELSE:
        *out = code->instructions[i->a].op == AZB_OP_VOID ? i->b : i->a;
        return code->instructions[i->a].op == AZB_OP_VOID || !code->facts[i->a].may_be_void;
    case AZB_OP_AND:
        *out = truth ? i->b : i->a;
        return known;
    case AZB_OP_OR:
        *out = truth ? i->a : i->b;
        return known;
    default:
        return false;
    }
}

azi_slot azi_emit(struct azi_code *code, enum azb_opcode op, enum azb_kind kind, azi_slot a,
                  azi_slot b, azi_slot c, int64_t immediate)
{
    struct azb_instruction instruction = {
        .op = (uint8_t)op, .kind = (uint8_t)kind, .a = a, .b = b, .c = c, .immediate = immediate};
    azi_slot choice;
    if (decided(code, &instruction, &choice))
        return choice;
    if (op == AZB_OP_KNOWN && !code->facts[a].may_be_void)
        return azi_constant(code, AZB_BOOL, 1);
    azi_slot slot = append(code, instruction);
    const struct azi_facts *facts = &code->facts[slot];
    if (!facts->constant || facts->trapped || op == AZB_OP_CONST || op == AZB_OP_VOID)
        return slot;

    /* The folded instruction stays behind, unused; the image writer drops it. */
    const struct azv_slot *result = &code->machine.slots[slot];
    if (result->state == AZV_VOID)
        return azi_void(code, kind);
    if (kind != AZB_TEXT && kind != AZB_LIST && kind != AZB_ENUM)
        return azi_constant(code, kind, result->value);
    if (facts->text == 0) {
        char *copy = aza_format(code->arena, "%s", azv_text(&code->machine, result->value));
        code->machine.text_used = code->machine.list_work = 0;
        code->facts[slot].text = azi_text(code, kind, copy) + 1U;
    }
    return (azi_slot)(code->facts[slot].text - 1);
}
