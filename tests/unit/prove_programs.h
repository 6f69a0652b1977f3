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

/* --- tables --- */

static const char *const world_names[] = {"a", "b", "c"};
static const char *const world_texts[] = {"", "a", "b", "a,b", "zz"};
static const char *const world_lists[] = {"",    "a",    "b",    "zz",   "a,b",
                                          "b,a", "a,zz", "zz,a", "c,b,a"};

static inline void random_number_range(struct image_input *input)
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

static inline int64_t random_fallback(const struct image_input *input)
{
    if (plain_is_number(input->kind))
        return input->low + below((uint32_t)(input->high - input->low + 1));
    if (input->kind == IMAGE_BOOL)
        return below(2);
    if (input->kind == IMAGE_ENUM)
        return assembler.words[input->members + below(input->member_count)];
    return assemble_string(&assembler, input->kind == IMAGE_LIST ? world_lists[below(9)]
                                                                 : world_texts[below(5)]);
}

static inline void random_input(void)
{
    static const uint8_t kinds[] = {IMAGE_INT,   IMAGE_INT,  IMAGE_BYTES, IMAGE_BYTES, IMAGE_RATIO,
                                    IMAGE_BYTES, IMAGE_BOOL, IMAGE_ENUM,  IMAGE_TEXT,  IMAGE_LIST};
    struct image_input input = {.name = assemble_string(&assembler, "input"),
                                .class = one_in(3) ? IMAGE_OPTION : IMAGE_FACT,
                                .kind = kinds[below(sizeof kinds)],
                                .optional = one_in(3),
                                .low = INT64_MIN,
                                .high = INT64_MAX};
    if (plain_is_number(input.kind))
        random_number_range(&input);
    if (input.kind == IMAGE_ENUM)
        input.member_count = 3; /* the words */
    input.has_default = one_in(input.class == IMAGE_OPTION ? 2 : 5);
    if (input.has_default)
        input.fallback = random_fallback(&input);
    ASSEMBLE_ADD(&assembler, IMAGE_INPUTS, inputs, input);
}

static inline void random_tables(void)
{
    static const struct image_setting settings[] = {
        {.kind = IMAGE_INT, .low = -1, .high = 4, .unit = 1, .grain = 1},
        {.kind = IMAGE_BYTES, .low = 0, .high = 8192, .unit = 1, .grain = 2},
        {.kind = IMAGE_BYTES, .low = -4, .high = INT64_MAX, .unit = 4, .grain = 8},
        {.kind = IMAGE_RATIO, .low = 0, .high = 1000000, .unit = 1, .grain = 1},
        {.kind = IMAGE_ENUM, .member_count = 2, .unit = 1, .grain = 1},
        {.kind = IMAGE_TEXT, .unit = 1, .grain = 1},
        {.kind = IMAGE_LIST, .unit = 1, .grain = 1},
        {.kind = IMAGE_BOOL, .unit = 1, .grain = 1},
    };
    char name[] = "s0";
    for (size_t i = 0; i < 5; i++) /* whatever an input may be lies in the image's pool */
        assemble_string(&assembler, world_texts[i]);
    for (size_t i = 0; i < 9; i++)
        assemble_string(&assembler, world_lists[i]);
    for (int i = 0; i < 3; i++)
        assembler.words[assembler.counts[IMAGE_WORDS]++] =
            assemble_string(&assembler, world_names[i]);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct image_setting setting = settings[i];
        name[1] = (char)('0' + i);
        setting.name = assemble_string(&assembler, name);
        setting.slot = IMAGE_NONE;
        ASSEMBLE_ADD(&assembler, IMAGE_SETTINGS, settings, setting);
    }
    ASSEMBLE_ADD(&assembler, IMAGE_NAMES, names,
                 (struct image_name){.name = assemble_string(&assembler, "name")});
    const uint32_t inputs = 2 + below(WORLD_INPUTS - 1);
    for (uint32_t i = 0; i < inputs; i++)
        random_input();
}

/* --- code --- */

static bool voidable[LENGTH_MAX];

static inline uint32_t length_now(void)
{
    return assembler.counts[IMAGE_CODE];
}

static inline bool writes_void(const struct image_instruction *i)
{
    return i->op == IMAGE_OP_VOID ||
           (i->op == IMAGE_OP_INPUT && assembler.inputs[i->immediate].optional) ||
           (i->op == IMAGE_OP_SETTING && voidable[i->a]) ||
           (i->op == IMAGE_OP_SELECT && (voidable[i->b] || voidable[i->c])) ||
           (i->op == IMAGE_OP_ELSE && voidable[i->b]);
}

/* Adds the instruction if the verifier would take it; the kind is found. */
static inline bool emit(struct image_instruction i)
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
    const bool chosen = i.op == IMAGE_OP_CONST || i.op == IMAGE_OP_VOID || i.op == IMAGE_OP_INPUT ||
                        i.op == IMAGE_OP_SETTING;
    for (unsigned kind = 0; !chosen && kind < IMAGE_KINDS; kind++)
        if (plain_kinds(i.op, kind, kinds[0], kinds[1], kinds[2])) {
            i.kind = (uint8_t)kind;
            break;
        }
    if (!plain_kinds(i.op, i.kind, kinds[0], kinds[1], kinds[2]))
        return false;
    voidable[length_now()] = writes_void(&i);
    ASSEMBLE_ADD(&assembler, IMAGE_CODE, code, i);
    return true;
}

static inline uint16_t last(void)
{
    return (uint16_t)(length_now() - 1);
}

static inline bool emit_op(enum image_opcode op, uint16_t a, uint16_t b, uint16_t c)
{
    return emit((struct image_instruction){.op = (uint8_t)op, .a = a, .b = b, .c = c});
}

static inline int64_t random_constant(unsigned kind)
{
    static const int64_t ratios[] = {0,      1,       250000,  500000,   1000000,
                                     333333, 1500000, 2000000, -1000000, 3};
    static const int64_t numbers[] = {0, 1, 1, 2, 2, 3, 4, 5, 7, 8, 64, 8192, -1, -2, 1000000};
    if (kind == IMAGE_BOOL)
        return below(2);
    if (plain_is_text(kind))
        return assemble_string(&assembler, kind == IMAGE_LIST   ? world_lists[below(9)]
                                           : kind == IMAGE_ENUM ? world_names[below(3)]
                                                                : world_texts[below(5)]);
    const struct image_input *input = &assembler.inputs[below(assembler.counts[IMAGE_INPUTS])];
    if (one_in(3) && plain_is_number(input->kind))
        return input->low + below((uint32_t)(input->high - input->low + 1));
    if (one_in(40))
        return one_in(2) ? INT64_MAX : INT64_MIN;
    return kind == IMAGE_RATIO && !one_in(4) ? ratios[below(10)] : numbers[below(15)];
}

static inline bool emit_constant(unsigned kind)
{
    return emit((struct image_instruction){
        .op = IMAGE_OP_CONST, .kind = (uint8_t)kind, .immediate = random_constant(kind)});
}

/* A slot of that kind, or of any when it is IMAGE_KINDS; the later ones more often. */
static inline bool any_slot(unsigned kind, uint16_t *slot)
{
    for (int tries = 0; tries < 30; tries++) {
        const uint32_t n = length_now(), back = one_in(2) && n > 6 ? 6 : n;
        *slot = (uint16_t)(n - 1 - below(back));
        if (kind == IMAGE_KINDS ? true : assembler.code[*slot].kind == kind)
            return true;
    }
    return false;
}

/* x op constant, or constant op x where both are possible. */
static inline void rule_with_constant(void)
{
    static const struct {
        uint8_t op, kind; /* of the constant; IMAGE_KINDS: that of x */
    } rules[] = {{IMAGE_OP_MIN, IMAGE_KINDS},        {IMAGE_OP_MAX, IMAGE_KINDS},
                 {IMAGE_OP_ADD, IMAGE_KINDS},        {IMAGE_OP_SUB, IMAGE_KINDS},
                 {IMAGE_OP_MUL, IMAGE_INT},          {IMAGE_OP_DIV, IMAGE_INT},
                 {IMAGE_OP_SCALE, IMAGE_RATIO},      {IMAGE_OP_UNSCALE, IMAGE_RATIO},
                 {IMAGE_OP_MOD, IMAGE_KINDS},        {IMAGE_OP_QUOTIENT, IMAGE_KINDS},
                 {IMAGE_OP_ROUND_DOWN, IMAGE_KINDS}, {IMAGE_OP_ROUND_UP, IMAGE_KINDS},
                 {IMAGE_OP_ROUND_NEAR, IMAGE_KINDS}, {IMAGE_OP_ROUND_DOWN, IMAGE_INT},
                 {IMAGE_OP_ELSE, IMAGE_KINDS},       {IMAGE_OP_LT, IMAGE_KINDS},
                 {IMAGE_OP_LE, IMAGE_KINDS},         {IMAGE_OP_EQ, IMAGE_KINDS},
                 {IMAGE_OP_KEEP, IMAGE_LIST},        {IMAGE_OP_JOIN, IMAGE_LIST},
                 {IMAGE_OP_DROP, IMAGE_LIST},        {IMAGE_OP_HAS, IMAGE_TEXT}};
    const size_t r = below(sizeof rules / sizeof *rules);
    uint16_t x;
    if (!any_slot(IMAGE_KINDS, &x))
        return;
    const unsigned kind = rules[r].kind == IMAGE_KINDS ? assembler.code[x].kind : rules[r].kind;
    if (!emit_constant(kind))
        return;
    const uint16_t constant = last();
    const bool turned = rules[r].op != IMAGE_OP_ELSE && one_in(4);
    emit_op((enum image_opcode)rules[r].op, turned ? constant : x, turned ? x : constant, 0);
}

/* when x < limit: this, else that */
static inline void rule_of_threshold(void)
{
    uint16_t condition, b, c;
    if (any_slot(IMAGE_BOOL, &condition) && any_slot(IMAGE_KINDS, &b) &&
        any_slot(assembler.code[b].kind, &c))
        emit_op(IMAGE_OP_SELECT, condition, b, c);
}

static inline void rule_of_setting(void)
{
    uint16_t slot;
    const uint32_t setting = below(assembler.counts[IMAGE_SETTINGS]);
    const uint8_t kind = assembler.settings[setting].kind;
    const bool text_of_list = kind == IMAGE_TEXT && one_in(2);
    if (any_slot(text_of_list ? IMAGE_LIST : kind, &slot))
        emit((struct image_instruction){
            .op = IMAGE_OP_SETTING, .kind = kind, .a = slot, .immediate = setting});
}

/* (x / n) * n, and whole parts of a ratio: what compare.c undoes. */
static inline void rule_of_shares(void)
{
    uint16_t x, count;
    if (!any_slot(one_in(2) ? IMAGE_BYTES : IMAGE_INT, &x) || !any_slot(IMAGE_INT, &count))
        return;
    if (one_in(2)) {
        const uint16_t factor =
            one_in(2) && emit_op(IMAGE_OP_MUL, count, count, 0) ? last() : count;
        if (emit_op(IMAGE_OP_DIV, x, factor, 0))
            emit_op(IMAGE_OP_MUL, last(), count, 0);
        return;
    }
    uint16_t y;
    if (!any_slot(assembler.code[x].kind, &y) || !emit_op(IMAGE_OP_QUOTIENT, x, y, 0))
        return;
    const uint16_t ratio = last();
    emit((struct image_instruction){
        .op = IMAGE_OP_CONST, .kind = IMAGE_INT, .immediate = 1 + below(2)});
    if (emit_op(one_in(4) ? IMAGE_OP_ROUND_NEAR : IMAGE_OP_ROUND_DOWN, ratio, last(), 0))
        emit_op(IMAGE_OP_MUL, y, last(), 0);
}

static inline void any_instruction(void)
{
    struct image_instruction i = {.op = (uint8_t)below(IMAGE_OPCODES), .kind = IMAGE_INT};
    const unsigned kinds[] = {IMAGE_BYTES, IMAGE_INT,  IMAGE_RATIO, IMAGE_BOOL,
                              IMAGE_ENUM,  IMAGE_TEXT, IMAGE_LIST};
    uint16_t *const slots[3] = {&i.a, &i.b, &i.c};
    if (i.op == IMAGE_OP_CONST) {
        emit_constant(kinds[below(7)]);
        return;
    }
    if (i.op == IMAGE_OP_SETTING) {
        rule_of_setting();
        return;
    }
    if (i.op == IMAGE_OP_VOID)
        i.kind = (uint8_t)kinds[below(7)];
    if (i.op == IMAGE_OP_INPUT || i.op == IMAGE_OP_GIVEN)
        i.immediate = below(assembler.counts[IMAGE_INPUTS]);
    if (i.op == IMAGE_OP_INPUT)
        i.kind = assembler.inputs[i.immediate].kind;
    for (size_t k = 0; k < strlen(plain_operands(i.op)); k++)
        if (!any_slot(IMAGE_KINDS, slots[k]))
            return;
    emit(i);
}

static inline void random_code(void)
{
    static void (*const rules[])(void) = {rule_with_constant, rule_with_constant, rule_of_threshold,
                                          rule_of_shares,     rule_of_setting,    any_instruction,
                                          any_instruction};
    for (uint32_t i = 0; i < assembler.counts[IMAGE_INPUTS]; i++) {
        emit((struct image_instruction){
            .op = IMAGE_OP_INPUT, .kind = assembler.inputs[i].kind, .immediate = i});
        if (voidable[last()] && one_in(2)) {
            const uint16_t input = last();
            emit_constant(assembler.inputs[i].kind);
            emit_op(IMAGE_OP_ELSE, input, last(), 0);
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
    for (uint32_t n = length_now(); n-- > 0 && assembler.counts[IMAGE_CHECKS] < 1;)
        if (assembler.code[n].kind == IMAGE_BOOL && !voidable[n] && one_in(4))
            ASSEMBLE_ADD(
                &assembler, IMAGE_CHECKS, checks,
                (struct image_check){.class = IMAGE_CHECK_REFUSE, .condition = n, .message = text});
    if (assembler.counts[IMAGE_CHECKS] == 0)
        return;
    assembler.counts[IMAGE_CODE] = text;
    emit((struct image_instruction){.op = IMAGE_OP_CONST, .kind = IMAGE_TEXT});
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

/* --- an image made to be long to prove --- */

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
    assembler.counts[IMAGE_INPUTS] = 0;
    for (uint32_t i = 0; i < 24; i++) {
        const struct image_input input = {
            .name = assemble_string(&assembler, "input"), .kind = IMAGE_BYTES, .high = 1000000};
        ASSEMBLE_ADD(&assembler, IMAGE_INPUTS, inputs, input);
        assemble_emit(&assembler, IMAGE_OP_INPUT, IMAGE_BYTES, 0, 0, 0, i);
        assemble_emit(&assembler, IMAGE_OP_INPUT, IMAGE_BYTES, 0, 0, 0, i);
    }
    static const uint8_t operations[] = {IMAGE_OP_MIN, IMAGE_OP_MAX, IMAGE_OP_ADD, IMAGE_OP_SUB};
    while (length_now() < LIMIT_SLOTS - 4) {
        uint16_t x = near_slot(), y = near_slot();
        while (assembler.code[x].kind != IMAGE_BYTES)
            x = near_slot();
        while (assembler.code[y].kind != IMAGE_BYTES)
            y = near_slot();
        assemble_emit(&assembler, (enum image_opcode)operations[below(4)], IMAGE_BYTES, x, y, 0, 0);
        const uint16_t sum = last();
        assemble_emit(&assembler, IMAGE_OP_LT, IMAGE_BOOL, sum, x, 0, 0);
        assemble_emit(&assembler, IMAGE_OP_SELECT, IMAGE_BYTES, last(), sum, y, 0);
        assemble_emit(&assembler, IMAGE_OP_SETTING, IMAGE_BYTES, last(), 0, 0, 2);
    }
    assemble_build(&assembler);
}

#endif
