/* Random rule sets that look like rules, over domains that are small enough to visit whole.
 *
 * A program mixes what rules are made of (clamps, thresholds, shares, roundings, fallbacks) with
 * any instruction at all, over two or three inputs with a few values each, some of them at the ends
 * of 64 bits. `machines` are all the machines that such an image may meet, in the words of image.h
 * and vm/resolve.c: an option is given or has its default, what is unknown was not given. */
#ifndef AZA_TESTS_PROVE_PROGRAMS_H
#define AZA_TESTS_PROVE_PROGRAMS_H

#include "assemble.h"
#include "plain.h"

enum { WORLD_INPUTS = 3, MACHINES_MAX = 2500, LENGTH_MAX = 40 };

static struct assembler assembler;
static uint64_t random_state;

static inline uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline uint32_t below(uint32_t limit)
{
    return (uint32_t)((random_bits() >> 32) % limit);
}

static inline bool one_in(uint32_t n)
{
    return below(n) == 0;
}

/* ---- tables ---- */

static const char *const world_names[] = {"a", "b", "c"};
static const char *const world_texts[] = {"", "a", "b", "a,b", "zz"};
static const char *const world_lists[] = {"",    "a",    "b",    "zz",   "a,b",
                                          "b,a", "a,zz", "zz,a", "c,b,a"};

static inline void random_number_range(struct azb_input *input)
{
    static const int64_t starts[] = {0,
                                     0,
                                     0,
                                     1,
                                     -2,
                                     -3,
                                     6,
                                     499998,
                                     999999,
                                     1500000,
                                     8190,
                                     1048574,
                                     -6,
                                     INT64_MIN,
                                     INT64_MAX - 3,
                                     INT64_C(1) << 40};
    input->low = starts[below(sizeof starts / sizeof *starts)];
    const int64_t width = 1 + below(6);
    input->high = input->low > INT64_MAX - width ? INT64_MAX : input->low + width;
}

static inline int64_t random_fallback(const struct azb_input *input)
{
    if (plain_is_number(input->kind))
        return input->low + below((uint32_t)(input->high - input->low + 1));
    if (input->kind == AZB_BOOL)
        return below(2);
    if (input->kind == AZB_ENUM)
        return assembler.words[input->members + below(input->member_count)];
    return assemble_string(&assembler,
                           input->kind == AZB_LIST ? world_lists[below(9)] : world_texts[below(5)]);
}

static inline void random_input(void)
{
    static const uint8_t kinds[] = {AZB_INT,   AZB_INT,  AZB_BYTES, AZB_BYTES, AZB_RATIO,
                                    AZB_BYTES, AZB_BOOL, AZB_ENUM,  AZB_TEXT,  AZB_LIST};
    struct azb_input input = {.name = assemble_string(&assembler, "input"),
                              .class = one_in(3) ? AZB_OPTION : AZB_FACT,
                              .kind = kinds[below(sizeof kinds)],
                              .optional = one_in(3),
                              .low = INT64_MIN,
                              .high = INT64_MAX};
    if (plain_is_number(input.kind))
        random_number_range(&input);
    if (input.kind == AZB_ENUM)
        input.member_count = 3; /* the words */
    input.has_default = one_in(input.class == AZB_OPTION ? 2 : 5);
    if (input.has_default)
        input.fallback = random_fallback(&input);
    ASSEMBLE_ADD(&assembler, AZB_INPUTS, inputs, input);
}

static inline void random_tables(void)
{
    static const struct azb_setting settings[] = {
        {.kind = AZB_INT, .low = -1, .high = 4, .unit = 1, .grain = 1},
        {.kind = AZB_BYTES, .low = 0, .high = 8192, .unit = 1, .grain = 2},
        {.kind = AZB_BYTES, .low = -4, .high = INT64_MAX, .unit = 4, .grain = 8},
        {.kind = AZB_RATIO, .low = 0, .high = 1000000, .unit = 1, .grain = 1},
        {.kind = AZB_ENUM, .member_count = 2, .unit = 1, .grain = 1},
        {.kind = AZB_TEXT, .unit = 1, .grain = 1},
        {.kind = AZB_LIST, .unit = 1, .grain = 1},
        {.kind = AZB_BOOL, .unit = 1, .grain = 1},
    };
    char name[] = "s0";
    for (size_t i = 0; i < 5; i++) /* whatever an input may be lies in the image's pool */
        assemble_string(&assembler, world_texts[i]);
    for (size_t i = 0; i < 9; i++)
        assemble_string(&assembler, world_lists[i]);
    for (int i = 0; i < 3; i++)
        assembler.words[assembler.counts[AZB_WORDS]++] =
            assemble_string(&assembler, world_names[i]);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct azb_setting setting = settings[i];
        name[1] = (char)('0' + i);
        setting.name = assemble_string(&assembler, name);
        setting.slot = AZB_NONE;
        ASSEMBLE_ADD(&assembler, AZB_SETTINGS, settings, setting);
    }
    ASSEMBLE_ADD(&assembler, AZB_NAMES, names,
                 (struct azb_name){.name = assemble_string(&assembler, "name")});
    const uint32_t inputs = 2 + below(WORLD_INPUTS - 1);
    for (uint32_t i = 0; i < inputs; i++)
        random_input();
}

/* ---- code ---- */

static bool voidable[LENGTH_MAX];

static inline uint32_t length_now(void)
{
    return assembler.counts[AZB_CODE];
}

static inline bool writes_void(const struct azb_instruction *i)
{
    return i->op == AZB_OP_VOID ||
           (i->op == AZB_OP_INPUT && assembler.inputs[i->immediate].optional) ||
           (i->op == AZB_OP_SETTING && voidable[i->a]) ||
           (i->op == AZB_OP_SELECT && (voidable[i->b] || voidable[i->c])) ||
           (i->op == AZB_OP_ELSE && voidable[i->b]);
}

/* Adds the instruction if the verifier would take it; the kind is found. */
static inline bool emit(struct azb_instruction i)
{
    const uint16_t slots[3] = {i.a, i.b, i.c};
    const char *operands = plain_operands(i.op);
    unsigned kinds[3] = {0};
    if (length_now() == LENGTH_MAX)
        return false;
    for (size_t n = 0; operands[n] != '\0'; n++) {
        if (slots[n] >= length_now() || (operands[n] == 's' && voidable[slots[n]]))
            return false;
        kinds[n] = assembler.code[slots[n]].kind;
    }
    const bool chosen = i.op == AZB_OP_CONST || i.op == AZB_OP_VOID || i.op == AZB_OP_INPUT ||
                        i.op == AZB_OP_SETTING;
    for (unsigned kind = 0; !chosen && kind < AZB_KINDS; kind++)
        if (plain_kinds(i.op, kind, kinds[0], kinds[1], kinds[2])) {
            i.kind = (uint8_t)kind;
            break;
        }
    if (!plain_kinds(i.op, i.kind, kinds[0], kinds[1], kinds[2]))
        return false;
    voidable[length_now()] = writes_void(&i);
    ASSEMBLE_ADD(&assembler, AZB_CODE, code, i);
    return true;
}

static inline uint16_t last(void)
{
    return (uint16_t)(length_now() - 1);
}

static inline bool emit_op(enum azb_opcode op, uint16_t a, uint16_t b, uint16_t c)
{
    return emit((struct azb_instruction){.op = (uint8_t)op, .a = a, .b = b, .c = c});
}

static inline int64_t random_constant(unsigned kind)
{
    static const int64_t ratios[] = {0,      1,       250000,  500000,   1000000,
                                     333333, 1500000, 2000000, -1000000, 3};
    static const int64_t numbers[] = {0, 1, 1, 2, 2, 3, 4, 5, 7, 8, 64, 8192, -1, -2, 1000000};
    if (kind == AZB_BOOL)
        return below(2);
    if (plain_is_text(kind))
        return assemble_string(&assembler, kind == AZB_LIST   ? world_lists[below(9)]
                                           : kind == AZB_ENUM ? world_names[below(3)]
                                                              : world_texts[below(5)]);
    const struct azb_input *input = &assembler.inputs[below(assembler.counts[AZB_INPUTS])];
    if (one_in(3) && plain_is_number(input->kind))
        return input->low + below((uint32_t)(input->high - input->low + 1));
    if (one_in(40))
        return one_in(2) ? INT64_MAX : INT64_MIN;
    return kind == AZB_RATIO && !one_in(4) ? ratios[below(10)] : numbers[below(15)];
}

static inline bool emit_constant(unsigned kind)
{
    return emit((struct azb_instruction){
        .op = AZB_OP_CONST, .kind = (uint8_t)kind, .immediate = random_constant(kind)});
}

/* A slot of that kind, or of any when it is AZB_KINDS; the later ones more often. */
static inline bool any_slot(unsigned kind, uint16_t *slot)
{
    for (int tries = 0; tries < 30; tries++) {
        const uint32_t n = length_now(), back = one_in(2) && n > 6 ? 6 : n;
        *slot = (uint16_t)(n - 1 - below(back));
        if (kind == AZB_KINDS ? true : assembler.code[*slot].kind == kind)
            return true;
    }
    return false;
}

/* x op constant, both ways round where that is a question of taste. */
static inline void rule_with_constant(void)
{
    static const struct {
        uint8_t op, kind; /* of the constant; AZB_KINDS: that of x */
    } rules[] = {{AZB_OP_MIN, AZB_KINDS},        {AZB_OP_MAX, AZB_KINDS},
                 {AZB_OP_ADD, AZB_KINDS},        {AZB_OP_SUB, AZB_KINDS},
                 {AZB_OP_MUL, AZB_INT},          {AZB_OP_DIV, AZB_INT},
                 {AZB_OP_SCALE, AZB_RATIO},      {AZB_OP_UNSCALE, AZB_RATIO},
                 {AZB_OP_MOD, AZB_KINDS},        {AZB_OP_QUOTIENT, AZB_KINDS},
                 {AZB_OP_ROUND_DOWN, AZB_KINDS}, {AZB_OP_ROUND_UP, AZB_KINDS},
                 {AZB_OP_ROUND_NEAR, AZB_KINDS}, {AZB_OP_ROUND_DOWN, AZB_INT},
                 {AZB_OP_ELSE, AZB_KINDS},       {AZB_OP_LT, AZB_KINDS},
                 {AZB_OP_LE, AZB_KINDS},         {AZB_OP_EQ, AZB_KINDS},
                 {AZB_OP_KEEP, AZB_LIST},        {AZB_OP_JOIN, AZB_LIST},
                 {AZB_OP_DROP, AZB_LIST},        {AZB_OP_HAS, AZB_TEXT}};
    const size_t r = below(sizeof rules / sizeof *rules);
    uint16_t x;
    if (!any_slot(AZB_KINDS, &x))
        return;
    const unsigned kind = rules[r].kind == AZB_KINDS ? assembler.code[x].kind : rules[r].kind;
    if (!emit_constant(kind))
        return;
    const uint16_t constant = last();
    const bool turned = rules[r].op != AZB_OP_ELSE && one_in(4);
    emit_op((enum azb_opcode)rules[r].op, turned ? constant : x, turned ? x : constant, 0);
}

/* when x < limit: this, else that */
static inline void rule_of_threshold(void)
{
    uint16_t condition, b, c;
    if (any_slot(AZB_BOOL, &condition) && any_slot(AZB_KINDS, &b) &&
        any_slot(assembler.code[b].kind, &c))
        emit_op(AZB_OP_SELECT, condition, b, c);
}

static inline void rule_of_setting(void)
{
    uint16_t slot;
    const uint32_t setting = below(assembler.counts[AZB_SETTINGS]);
    const uint8_t kind = assembler.settings[setting].kind;
    const bool text_of_list = kind == AZB_TEXT && one_in(2);
    if (any_slot(text_of_list ? AZB_LIST : kind, &slot))
        emit((struct azb_instruction){
            .op = AZB_OP_SETTING, .kind = kind, .a = slot, .immediate = setting});
}

/* (x / n) * n, and whole parts of a ratio: what compare.c undoes. */
static inline void rule_of_shares(void)
{
    uint16_t x, count;
    if (!any_slot(one_in(2) ? AZB_BYTES : AZB_INT, &x) || !any_slot(AZB_INT, &count))
        return;
    if (one_in(2)) {
        const uint16_t factor = one_in(2) && emit_op(AZB_OP_MUL, count, count, 0) ? last() : count;
        if (emit_op(AZB_OP_DIV, x, factor, 0))
            emit_op(AZB_OP_MUL, last(), count, 0);
        return;
    }
    uint16_t y;
    if (!any_slot(assembler.code[x].kind, &y) || !emit_op(AZB_OP_QUOTIENT, x, y, 0))
        return;
    const uint16_t ratio = last();
    emit((struct azb_instruction){.op = AZB_OP_CONST, .kind = AZB_INT, .immediate = 1 + below(2)});
    if (emit_op(one_in(4) ? AZB_OP_ROUND_NEAR : AZB_OP_ROUND_DOWN, ratio, last(), 0))
        emit_op(AZB_OP_MUL, y, last(), 0);
}

static inline void any_instruction(void)
{
    struct azb_instruction i = {.op = (uint8_t)below(AZB_OPCODES), .kind = AZB_INT};
    const unsigned kinds[] = {AZB_BYTES, AZB_INT,  AZB_RATIO, AZB_BOOL,
                              AZB_ENUM,  AZB_TEXT, AZB_LIST};
    uint16_t *const slots[3] = {&i.a, &i.b, &i.c};
    if (i.op == AZB_OP_CONST) {
        emit_constant(kinds[below(7)]);
        return;
    }
    if (i.op == AZB_OP_SETTING) {
        rule_of_setting();
        return;
    }
    if (i.op == AZB_OP_VOID)
        i.kind = (uint8_t)kinds[below(7)];
    if (i.op == AZB_OP_INPUT || i.op == AZB_OP_GIVEN)
        i.immediate = below(assembler.counts[AZB_INPUTS]);
    if (i.op == AZB_OP_INPUT)
        i.kind = assembler.inputs[i.immediate].kind;
    for (size_t k = 0; k < strlen(plain_operands(i.op)); k++)
        if (!any_slot(AZB_KINDS, slots[k]))
            return;
    emit(i);
}

static inline void random_code(void)
{
    static void (*const rules[])(void) = {rule_with_constant, rule_with_constant, rule_of_threshold,
                                          rule_of_shares,     rule_of_setting,    any_instruction,
                                          any_instruction};
    for (uint32_t i = 0; i < assembler.counts[AZB_INPUTS]; i++) {
        emit((struct azb_instruction){
            .op = AZB_OP_INPUT, .kind = assembler.inputs[i].kind, .immediate = i});
        if (voidable[last()] && one_in(2)) {
            const uint16_t input = last();
            emit_constant(assembler.inputs[i].kind);
            emit_op(AZB_OP_ELSE, input, last(), 0);
        }
    }
    const uint32_t length = 12 + below(LENGTH_MAX - 12);
    while (length_now() < length)
        rules[below(sizeof rules / sizeof *rules)]();
}

/* A refusal in every second program, of a condition that is always decided. */
static inline void random_checks(void)
{
    const uint32_t text = length_now() < LENGTH_MAX ? length_now() : LENGTH_MAX - 1;
    for (uint32_t n = length_now(); n-- > 0 && assembler.counts[AZB_CHECKS] < 1;)
        if (assembler.code[n].kind == AZB_BOOL && !voidable[n] && one_in(4))
            ASSEMBLE_ADD(
                &assembler, AZB_CHECKS, checks,
                (struct azb_check){.class = AZB_CHECK_REFUSE, .condition = n, .message = text});
    if (assembler.counts[AZB_CHECKS] == 0)
        return;
    assembler.counts[AZB_CODE] = text;
    emit((struct azb_instruction){.op = AZB_OP_CONST, .kind = AZB_TEXT});
}

static inline void random_program(void)
{
    assemble_begin(&assembler);
    random_tables();
    random_code();
    if (one_in(2) && length_now() < LENGTH_MAX)
        random_checks();
    assemble_build(&assembler);
}

/* ---- an image made to be long to prove ---- */

static inline uint16_t near_slot(void)
{
    return (uint16_t)(length_now() - 1 - below(48));
}

/* Sums, extremes and choices of two dozen numbers, each from some of the last slots: nothing
 * cancels, nothing settles, and every chain is as long as it may be. */
static inline void hostile_program(void)
{
    assemble_begin(&assembler);
    random_tables();
    assembler.counts[AZB_INPUTS] = 0;
    for (uint32_t i = 0; i < 24; i++) {
        const struct azb_input input = {
            .name = assemble_string(&assembler, "input"), .kind = AZB_BYTES, .high = 1000000};
        ASSEMBLE_ADD(&assembler, AZB_INPUTS, inputs, input);
        assemble_emit(&assembler, AZB_OP_INPUT, AZB_BYTES, 0, 0, 0, i);
        assemble_emit(&assembler, AZB_OP_INPUT, AZB_BYTES, 0, 0, 0, i);
    }
    static const uint8_t operations[] = {AZB_OP_MIN, AZB_OP_MAX, AZB_OP_ADD, AZB_OP_SUB};
    while (length_now() < AZA_SLOTS_MAX - 4) {
        uint16_t x = near_slot(), y = near_slot();
        while (assembler.code[x].kind != AZB_BYTES)
            x = near_slot();
        while (assembler.code[y].kind != AZB_BYTES)
            y = near_slot();
        assemble_emit(&assembler, (enum azb_opcode)operations[below(4)], AZB_BYTES, x, y, 0, 0);
        const uint16_t sum = last();
        assemble_emit(&assembler, AZB_OP_LT, AZB_BOOL, sum, x, 0, 0);
        assemble_emit(&assembler, AZB_OP_SELECT, AZB_BYTES, last(), sum, y, 0);
        assemble_emit(&assembler, AZB_OP_SETTING, AZB_BYTES, last(), 0, 0, 2);
    }
    assemble_build(&assembler);
}

#endif
