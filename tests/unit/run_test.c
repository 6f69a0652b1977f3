/* The interpreter: every opcode, every trap, and the ends of the number range. */
#include "../check.h"
#include "drive.h"
#include "plain.h"
#include "sample.h"

#define MIN64 INT64_MIN
#define MAX64 INT64_MAX

static struct assembler a;
static struct drive d;

/* The code so far as the compiler shows it to vm_step: no header, no checks, only the tables. */
static void view(void)
{
    d.image = (struct image){.strings = a.strings,
                             .string_bytes = a.counts[IMAGE_STRINGS],
                             .code = a.code,
                             .code_count = a.counts[IMAGE_CODE],
                             .inputs = a.inputs,
                             .input_count = a.counts[IMAGE_INPUTS],
                             .words = a.words,
                             .word_count = a.counts[IMAGE_WORDS],
                             .settings = a.settings,
                             .setting_count = a.counts[IMAGE_SETTINGS]};
    drive_begin(&d);
}

/* The state of the last slot after running all. */
static const struct vm_slot *run(void)
{
    view();
    vm_run(&d.machine);
    return &d.slots[a.counts[IMAGE_CODE] - 1];
}

static const char *run_text(void)
{
    const struct vm_slot *slot = run();
    return slot->state == VM_VALUE ? vm_text(&d.machine, slot->value)
                                   : vm_trap_sentence(slot->trap);
}

static uint16_t emit(enum image_opcode op, enum image_kind kind, uint16_t b, uint16_t c, uint16_t e)
{
    return assemble_emit(&a, op, kind, b, c, e, 0);
}

static uint16_t number(enum image_kind kind, int64_t value)
{
    return assemble_constant(&a, kind, value);
}

static uint16_t text(enum image_kind kind, const char *value)
{
    return assemble_text(&a, kind, value);
}

/* --- numbers --- */

static const struct {
    enum image_opcode op;
    enum image_kind kind, kinds[3];
    int64_t operands[3], wanted;
    enum vm_trap trap;
} sums[] = {
#define II                                                                                         \
    IMAGE_INT,                                                                                     \
    {                                                                                              \
        IMAGE_INT, IMAGE_INT                                                                       \
    }
#define BB                                                                                         \
    IMAGE_BYTES,                                                                                   \
    {                                                                                              \
        IMAGE_BYTES, IMAGE_BYTES                                                                   \
    }
#define FAIL(trap) 0, VM_TRAP_##trap
    {IMAGE_OP_ADD, II, {2, 3}, 5, 0},
    {IMAGE_OP_ADD, II, {MAX64, -1}, MAX64 - 1, 0},
    {IMAGE_OP_ADD, II, {MAX64, 1}, FAIL(OVERFLOW)},
    {IMAGE_OP_ADD, II, {MIN64, -1}, FAIL(OVERFLOW)},
    {IMAGE_OP_SUB, BB, {2, 3}, -1, 0},
    {IMAGE_OP_SUB, BB, {MIN64, 1}, FAIL(OVERFLOW)},
    {IMAGE_OP_SUB, BB, {0, MIN64}, FAIL(OVERFLOW)},
    {IMAGE_OP_MUL, II, {-4, 3}, -12, 0},
    {IMAGE_OP_MUL, II, {MIN64, -1}, FAIL(OVERFLOW)},
    {IMAGE_OP_MUL, II, {INT64_C(1) << 32, INT64_C(1) << 31}, FAIL(OVERFLOW)},
    {IMAGE_OP_SCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {1000, 250000}, 250, 0},
    {IMAGE_OP_SCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {7, 500000}, 3, 0},
    {IMAGE_OP_SCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {-7, 500000}, -4, 0},
    {IMAGE_OP_SCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {MAX64, 1000000}, MAX64, 0},
    {IMAGE_OP_SCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {MAX64, 1000001}, FAIL(OVERFLOW)},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {7, 2}, 3, 0},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {-7, 2}, -4, 0},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {7, -2}, -4, 0},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {-7, -2}, 3, 0},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {7, 0}, FAIL(DIVISOR)},
    {IMAGE_OP_DIV, IMAGE_TIME, {IMAGE_TIME, IMAGE_INT}, {MIN64, -1}, FAIL(OVERFLOW)},
    {IMAGE_OP_QUOTIENT, IMAGE_RATIO, {IMAGE_INT, IMAGE_INT}, {2, 3}, 666666, 0},
    {IMAGE_OP_QUOTIENT, IMAGE_RATIO, {IMAGE_INT, IMAGE_INT}, {-2, 3}, -666667, 0},
    {IMAGE_OP_QUOTIENT, IMAGE_RATIO, {IMAGE_INT, IMAGE_INT}, {MAX64, MAX64}, 1000000, 0},
    {IMAGE_OP_QUOTIENT, IMAGE_RATIO, {IMAGE_INT, IMAGE_INT}, {MAX64, 1}, FAIL(OVERFLOW)},
    {IMAGE_OP_QUOTIENT, IMAGE_RATIO, {IMAGE_INT, IMAGE_INT}, {0, 0}, FAIL(DIVISOR)},
    {IMAGE_OP_UNSCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {300, 1500000}, 200, 0},
    {IMAGE_OP_UNSCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {1, 3000000}, 0, 0},
    {IMAGE_OP_UNSCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {-1, 3000000}, -1, 0},
    {IMAGE_OP_UNSCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {1, 0}, FAIL(DIVISOR)},
    {IMAGE_OP_UNSCALE, IMAGE_BYTES, {IMAGE_BYTES, IMAGE_RATIO}, {MAX64, 999999}, FAIL(OVERFLOW)},
    {IMAGE_OP_MULDIV, IMAGE_INT, {IMAGE_BYTES, IMAGE_INT, IMAGE_BYTES}, {MAX64, 6, MAX64}, 6, 0},
    {IMAGE_OP_MULDIV, IMAGE_INT, {IMAGE_BYTES, IMAGE_INT, IMAGE_BYTES}, {-5, 3, 2}, -8, 0},
    {IMAGE_OP_MULDIV,
     IMAGE_INT,
     {IMAGE_BYTES, IMAGE_INT, IMAGE_BYTES},
     {MIN64, MIN64, MIN64},
     MIN64,
     0},
    {IMAGE_OP_MULDIV, IMAGE_INT, {IMAGE_BYTES, IMAGE_INT, IMAGE_BYTES}, {1, 1, 0}, FAIL(DIVISOR)},
    {IMAGE_OP_MULDIV,
     IMAGE_INT,
     {IMAGE_BYTES, IMAGE_INT, IMAGE_BYTES},
     {MAX64, 2, 1},
     FAIL(OVERFLOW)},
    {IMAGE_OP_MOD, II, {7, 3}, 1, 0},
    {IMAGE_OP_MOD, II, {-7, 3}, 2, 0},
    {IMAGE_OP_MOD, II, {7, -3}, -2, 0},
    {IMAGE_OP_MOD, II, {MIN64, -1}, 0, 0},
    {IMAGE_OP_MOD, II, {MIN64, MAX64}, MAX64 - 1, 0},
    {IMAGE_OP_MOD, II, {7, 0}, FAIL(DIVISOR)},
    {IMAGE_OP_ROUND_DOWN, BB, {17, 8}, 16, 0},
    {IMAGE_OP_ROUND_DOWN, BB, {-17, 8}, -24, 0},
    {IMAGE_OP_ROUND_DOWN, BB, {MIN64, 3}, FAIL(OVERFLOW)},
    {IMAGE_OP_ROUND_DOWN, BB, {17, 0}, FAIL(GRAIN)},
    {IMAGE_OP_ROUND_DOWN, BB, {17, -8}, FAIL(GRAIN)},
    {IMAGE_OP_ROUND_UP, BB, {17, 8}, 24, 0},
    {IMAGE_OP_ROUND_UP, BB, {-17, 8}, -16, 0},
    {IMAGE_OP_ROUND_UP, BB, {MAX64, 2}, FAIL(OVERFLOW)},
    {IMAGE_OP_ROUND_UP, BB, {17, 0}, FAIL(GRAIN)},
    {IMAGE_OP_ROUND_NEAR, BB, {19, 8}, 16, 0},
    {IMAGE_OP_ROUND_NEAR, BB, {20, 8}, 24, 0},
    {IMAGE_OP_ROUND_NEAR, BB, {-20, 8}, -16, 0},
    {IMAGE_OP_ROUND_NEAR, BB, {4, 3}, 3, 0},
    {IMAGE_OP_ROUND_NEAR, BB, {5, 3}, 6, 0},
    {IMAGE_OP_ROUND_NEAR, BB, {5, -3}, FAIL(GRAIN)},
#define RI                                                                                         \
    IMAGE_INT,                                                                                     \
    {                                                                                              \
        IMAGE_RATIO, IMAGE_INT                                                                     \
    }
    {IMAGE_OP_ROUND_DOWN, RI, {2999999, 1}, 2, 0},
    {IMAGE_OP_ROUND_DOWN, RI, {-1, 1}, -1, 0},
    {IMAGE_OP_ROUND_DOWN, RI, {-1, MAX64}, -MAX64, 0},
    {IMAGE_OP_ROUND_DOWN, RI, {29999999, 10}, 20, 0},
    {IMAGE_OP_ROUND_UP, RI, {2000001, 1}, 3, 0},
    {IMAGE_OP_ROUND_UP, RI, {2000000, 1}, 2, 0},
    {IMAGE_OP_ROUND_UP, RI, {1, MAX64}, MAX64, 0},
    {IMAGE_OP_ROUND_UP, RI, {MAX64, 10000000000000}, 10000000000000, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {2500000, 1}, 3, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {2499999, 1}, 2, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {-2500000, 1}, -2, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {4999999, 10}, 0, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {5000000, 10}, 10, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {7499999, 5}, 5, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {7500000, 5}, 10, 0},
    {IMAGE_OP_ROUND_NEAR, RI, {1, 0}, FAIL(GRAIN)},
    {IMAGE_OP_MIN, II, {2, 3}, 2, 0},
    {IMAGE_OP_MIN, II, {MAX64, MIN64}, MIN64, 0},
    {IMAGE_OP_MAX, II, {2, 3}, 3, 0},
    {IMAGE_OP_MAX, II, {MAX64, MIN64}, MAX64, 0},
#define COMPARED(kind)                                                                             \
    IMAGE_BOOL,                                                                                    \
    {                                                                                              \
        kind, kind                                                                                 \
    }
    {IMAGE_OP_EQ, COMPARED(IMAGE_TIME), {2, 2}, 1, 0},
    {IMAGE_OP_EQ, COMPARED(IMAGE_BOOL), {0, 1}, 0, 0},
    {IMAGE_OP_LT, COMPARED(IMAGE_INT), {2, 2}, 0, 0},
    {IMAGE_OP_LT, COMPARED(IMAGE_INT), {MIN64, MAX64}, 1, 0},
    {IMAGE_OP_LE, COMPARED(IMAGE_INT), {2, 2}, 1, 0},
    {IMAGE_OP_LE, COMPARED(IMAGE_INT), {3, 2}, 0, 0},
    {IMAGE_OP_NOT, IMAGE_BOOL, {IMAGE_BOOL}, {0}, 1, 0},
    {IMAGE_OP_NOT, IMAGE_BOOL, {IMAGE_BOOL}, {1}, 0, 0},
};

static void test_sums(void)
{
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        assemble_begin(&a);
        const char *operands = plain_operands(sums[i].op);
        uint16_t slots[3] = {0};
        for (size_t n = 0; n < strlen(operands); n++)
            slots[n] = number(sums[i].kinds[n], sums[i].operands[n]);
        const uint16_t last = emit(sums[i].op, sums[i].kind, slots[0], slots[1], slots[2]);
        const struct vm_slot *slot = run();
        CHECK(plain_kinds(sums[i].op, sums[i].kind, sums[i].kinds[0], sums[i].kinds[1],
                          sums[i].kinds[2]));
        if (slot->value != sums[i].wanted || slot->trap != sums[i].trap)
            fprintf(stderr, "row %zu, %s\n", i, image_mnemonic(sums[i].op));
        CHECK(slot->value == sums[i].wanted);
        CHECK(slot->trap == sums[i].trap);
        CHECK(slot->state == (sums[i].trap ? VM_TRAP : VM_VALUE));
        CHECK(slot->origin == (sums[i].trap ? last : 0));
    }
}

/* --- texts --- */

static const struct {
    enum image_opcode op;
    enum image_kind kind, left, right;
    const char *a, *b, *wanted; /* bools as "0" and "1" */
} phrases[] = {
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_TEXT, IMAGE_TEXT, "a", "a", "1"},
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_TEXT, IMAGE_TEXT, "a", "b", "0"},
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_ENUM, IMAGE_ENUM, "web", "web", "1"},
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_ENUM, IMAGE_ENUM, "web", "we", "0"},
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_LIST, IMAGE_LIST, "a,b", "a,b", "1"},
    {IMAGE_OP_EQ, IMAGE_BOOL, IMAGE_LIST, IMAGE_LIST, "a,b", "b,a", "0"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_TEXT, "a,bc,d", "bc", "1"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_ENUM, "a,bc,d", "d", "1"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_TEXT, "a,bc,d", "b", "0"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_TEXT, "a,bc,d", "a,bc", "0"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_TEXT, "a,bc,d", "", "0"},
    {IMAGE_OP_HAS, IMAGE_BOOL, IMAGE_LIST, IMAGE_TEXT, "", "a", "0"},
    {IMAGE_OP_KEEP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "c,a,b", "b,c", "c,b"},
    {IMAGE_OP_KEEP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "a", "", ""},
    {IMAGE_OP_KEEP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "", "a", ""},
    {IMAGE_OP_DROP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "c,a,b", "b,c", "a"},
    {IMAGE_OP_DROP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "a,b", "", "a,b"},
    {IMAGE_OP_DROP, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "a,,b,a,", "c", "a,b"},
    {IMAGE_OP_JOIN, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "c,a", "b,a,d", "c,a,b,d"},
    {IMAGE_OP_JOIN, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "", "", ""},
    {IMAGE_OP_JOIN, IMAGE_LIST, IMAGE_LIST, IMAGE_LIST, "", "a", "a"},
    {IMAGE_OP_CONCAT, IMAGE_TEXT, IMAGE_TEXT, IMAGE_TEXT, "ab", "cd", "abcd"},
    {IMAGE_OP_CONCAT, IMAGE_TEXT, IMAGE_TEXT, IMAGE_TEXT, "", "", ""},
    {IMAGE_OP_TEXT, IMAGE_TEXT, IMAGE_TEXT, IMAGE_TEXT, "ab", "", "ab"},
    {IMAGE_OP_TEXT, IMAGE_TEXT, IMAGE_LIST, IMAGE_TEXT, "a,b", "", "a,b"},
    {IMAGE_OP_TEXT, IMAGE_TEXT, IMAGE_ENUM, IMAGE_TEXT, "web", "", "web"},
};

static void test_phrases(void)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        assemble_begin(&a);
        const uint16_t left = text(phrases[i].left, phrases[i].a);
        const uint16_t right = text(phrases[i].right, phrases[i].b);
        emit(phrases[i].op, phrases[i].kind, left,
             phrases[i].op == IMAGE_OP_TEXT ? (uint16_t)0 : right, 0);
        if (phrases[i].kind == IMAGE_BOOL)
            CHECK(run()->value == *phrases[i].wanted - '0');
        else
            CHECK_TEXT(run_text(), phrases[i].wanted);
    }
}

/* Equal texts at different offsets: one of the image, one made while running. */
static void test_computed_equality(void)
{
    assemble_begin(&a);
    const uint16_t left = text(IMAGE_TEXT, "left"), right = text(IMAGE_TEXT, "right");
    const uint16_t joined = emit(IMAGE_OP_CONCAT, IMAGE_TEXT, left, right, 0);
    const uint16_t constant = text(IMAGE_TEXT, "leftright");
    emit(IMAGE_OP_EQ, IMAGE_BOOL, joined, constant, 0);
    CHECK(run()->value == 1);
    CHECK(d.slots[joined].value >= a.counts[IMAGE_STRINGS]);
    const uint16_t list = text(IMAGE_LIST, "a,b"), other = text(IMAGE_LIST, "b");
    emit(IMAGE_OP_EQ, IMAGE_BOOL, list, emit(IMAGE_OP_JOIN, IMAGE_LIST, list, other, 0), 0);
    CHECK(run()->value == 1);
}

static const struct {
    enum image_kind kind;
    int64_t value;
    const char *wanted;
} values[] = {
    {IMAGE_BOOL, 0, "false"},
    {IMAGE_BOOL, 1, "true"},
    {IMAGE_INT, -12, "-12"},
    {IMAGE_INT, MIN64, "-9223372036854775808"},
    {IMAGE_RATIO, 0, "0.0"},
    {IMAGE_RATIO, 4000000, "4.0"},
    {IMAGE_RATIO, 1100000, "1.1"},
    {IMAGE_RATIO, -1, "-0.000001"},
    {IMAGE_RATIO, MAX64, "9223372036854.775807"},
    {IMAGE_BYTES, 0, "0MB"},
    {IMAGE_BYTES, 1, "1B"},
    {IMAGE_BYTES, 1024, "1kB"},
    {IMAGE_BYTES, 1025, "1025B"},
    {IMAGE_BYTES, -8192, "-8kB"},
    {IMAGE_BYTES, INT64_C(512) << 20, "512MB"},
    {IMAGE_BYTES, INT64_C(3) << 30, "3072MB"},
    {IMAGE_BYTES, INT64_C(2) << 40, "2097152MB"},
    {IMAGE_BYTES, MIN64, "-8796093022208MB"},
    {IMAGE_BYTES, MAX64, "9223372036854775807B"},
    {IMAGE_TIME, 0, "0s"},
    {IMAGE_TIME, 1, "1us"},
    {IMAGE_TIME, 200000, "200ms"},
    {IMAGE_TIME, 1000000, "1s"},
    {IMAGE_TIME, 90000000, "90s"},
    {IMAGE_TIME, 600000000, "10min"},
    {IMAGE_TIME, 7200000000, "2h"},
    {IMAGE_TIME, 172800000000, "2d"},
    {IMAGE_TIME, -1000, "-1ms"},
};

static void test_values(void)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assemble_begin(&a);
        emit(IMAGE_OP_TEXT, IMAGE_TEXT, number(values[i].kind, values[i].value), 0, 0);
        CHECK_TEXT(run_text(), values[i].wanted);
        char wanted[64];
        plain_print(wanted, sizeof wanted, values[i].kind, values[i].value);
        CHECK_TEXT(wanted, values[i].wanted);
    }
}

/* --- what travels, and what is hidden --- */

/* Slots that every test below may choose from. */
static uint16_t trapped, absent, yes, no;

static void begin_choices(void)
{
    assemble_begin(&a);
    yes = number(IMAGE_BOOL, 1);
    no = number(IMAGE_BOOL, 0);
    absent = emit(IMAGE_OP_VOID, IMAGE_BOOL, 0, 0, 0);
    const uint16_t ratio = number(IMAGE_RATIO, 1), zero = number(IMAGE_RATIO, 0);
    const uint16_t quotient = emit(IMAGE_OP_QUOTIENT, IMAGE_RATIO, ratio, zero, 0);
    trapped = emit(IMAGE_OP_EQ, IMAGE_BOOL, quotient, zero, 0);
}

/* The outcome of an instruction on the slots above: "0", "1", "void" or "trap". */
static const char *outcome(enum image_opcode op, uint16_t b, uint16_t c, uint16_t e)
{
    const uint32_t used = a.counts[IMAGE_CODE];
    emit(op, IMAGE_BOOL, b, c, e);
    const struct vm_slot *slot = run();
    a.counts[IMAGE_CODE] = used;
    if (slot->state == VM_TRAP)
        return slot->trap == VM_TRAP_DIVISOR && slot->origin == trapped - 1 ? "trap" : "?";
    return slot->state == VM_VOID ? "void" : slot->value ? "1" : "0";
}

static void test_choices(void)
{
    begin_choices();
    CHECK_TEXT(outcome(IMAGE_OP_NOT, trapped, 0, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_EQ, yes, trapped, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_AND, no, trapped, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_AND, yes, trapped, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_AND, trapped, no, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_AND, yes, yes, 0), "1");
    CHECK_TEXT(outcome(IMAGE_OP_AND, yes, no, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_AND, no, yes, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_OR, yes, trapped, 0), "1");
    CHECK_TEXT(outcome(IMAGE_OP_OR, no, trapped, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_OR, trapped, yes, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_OR, no, yes, 0), "1");
    CHECK_TEXT(outcome(IMAGE_OP_OR, no, no, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_SELECT, yes, no, trapped), "0");
    CHECK_TEXT(outcome(IMAGE_OP_SELECT, no, trapped, yes), "1");
    CHECK_TEXT(outcome(IMAGE_OP_SELECT, yes, trapped, no), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_SELECT, no, yes, absent), "void");
    CHECK_TEXT(outcome(IMAGE_OP_SELECT, trapped, yes, no), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_ELSE, yes, trapped, 0), "1");
    CHECK_TEXT(outcome(IMAGE_OP_ELSE, absent, no, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_ELSE, absent, trapped, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_ELSE, absent, absent, 0), "void");
    CHECK_TEXT(outcome(IMAGE_OP_ELSE, trapped, yes, 0), "trap");
    CHECK_TEXT(outcome(IMAGE_OP_KNOWN, yes, 0, 0), "1");
    CHECK_TEXT(outcome(IMAGE_OP_KNOWN, absent, 0, 0), "0");
    CHECK_TEXT(outcome(IMAGE_OP_KNOWN, trapped, 0, 0), "trap");
    /* The verifier lets no void get here; were one to, it would stay void. */
    CHECK_TEXT(outcome(IMAGE_OP_NOT, absent, 0, 0), "void");
    CHECK_TEXT(outcome(IMAGE_OP_VOID, 0, 0, 0), "void");
}

/* --- inputs and settings --- */

static void test_inputs(void)
{
    sample_build(&a);
    a.counts[IMAGE_CODE] = 0;
    const uint16_t memory = assemble_emit(&a, IMAGE_OP_INPUT, IMAGE_BYTES, 0, 0, 0, SAMPLE_MEMORY);
    const uint16_t disk = assemble_emit(&a, IMAGE_OP_INPUT, IMAGE_BYTES, 0, 0, 0, SAMPLE_DISK);
    const uint16_t said = assemble_emit(&a, IMAGE_OP_GIVEN, IMAGE_BOOL, 0, 0, 0, SAMPLE_MEMORY);
    const uint16_t unsaid = assemble_emit(&a, IMAGE_OP_GIVEN, IMAGE_BOOL, 0, 0, 0, SAMPLE_DISK);
    view();
    d.inputs[SAMPLE_MEMORY] = (struct vm_input){.value = 4096, .given = true};
    d.inputs[SAMPLE_DISK] = (struct vm_input){.value = 17, .state = VM_VOID};
    vm_run(&d.machine);
    CHECK(d.slots[memory].state == VM_VALUE && d.slots[memory].value == 4096);
    CHECK(d.slots[disk].state == VM_VOID && d.slots[disk].value == 0);
    CHECK(d.slots[said].value == 1);
    CHECK(d.slots[unsaid].value == 0);
}

static const struct {
    uint32_t setting;
    enum image_kind kind;
    int64_t value;
    enum vm_trap trap;
} assignments[] = {
    {SAMPLE_AUTOVACUUM, IMAGE_BOOL, 1, 0},
    {SAMPLE_MAX_CONNECTIONS, IMAGE_INT, 1, 0},
    {SAMPLE_MAX_CONNECTIONS, IMAGE_INT, 262143, 0},
    {SAMPLE_MAX_CONNECTIONS, IMAGE_INT, 0, VM_TRAP_RANGE},
    {SAMPLE_MAX_CONNECTIONS, IMAGE_INT, 262144, VM_TRAP_RANGE},
    {SAMPLE_COST, IMAGE_RATIO, -1, VM_TRAP_RANGE},
    {SAMPLE_BGWRITER_DELAY, IMAGE_TIME, 10000, 0},
    {SAMPLE_BGWRITER_DELAY, IMAGE_TIME, 10001, VM_TRAP_STEP},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, 1 << 20, 0},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, 0, 0},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, -8192, 0},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, -1, VM_TRAP_STEP},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, 8192, VM_TRAP_STEP},
    {SAMPLE_WAL_BUFFERS, IMAGE_BYTES, -16384, VM_TRAP_RANGE},
};

static const struct vm_slot *assign(uint32_t setting, uint16_t slot)
{
    assemble_emit(&a, IMAGE_OP_SETTING, (enum image_kind)a.settings[setting].kind, slot, 0, 0,
                  setting);
    return run();
}

static void test_settings(void)
{
    sample_build(&a);
    for (size_t i = 0; i < sizeof assignments / sizeof *assignments; i++) {
        a.counts[IMAGE_CODE] = 0;
        const struct vm_slot *slot =
            assign(assignments[i].setting, number(assignments[i].kind, assignments[i].value));
        CHECK(slot->trap == assignments[i].trap);
        CHECK(slot->value == (assignments[i].trap ? 0 : assignments[i].value));
        CHECK(slot->origin == (assignments[i].trap ? 1 : 0));
    }
    a.counts[IMAGE_CODE] = 0;
    const uint16_t web = text(IMAGE_ENUM, "web"), replica = text(IMAGE_ENUM, "replica");
    a.settings[SAMPLE_WAL_LEVEL].member_count = 1;
    CHECK(assign(SAMPLE_WAL_LEVEL, replica)->trap == VM_TRAP_MEMBER);
    a.settings[SAMPLE_WAL_LEVEL].member_count = 3;
    CHECK(assign(SAMPLE_WAL_LEVEL, web)->trap == VM_TRAP_MEMBER);
    CHECK(assign(SAMPLE_WAL_LEVEL, replica)->state == VM_VALUE);
    const uint16_t list = text(IMAGE_LIST, "a,b"), none = emit(IMAGE_OP_VOID, IMAGE_TEXT, 0, 0, 0);
    CHECK(assign(SAMPLE_PRELOAD, list)->value == (int64_t)assemble_string(&a, "a,b"));
    CHECK(assign(SAMPLE_PRELOAD, none)->state == VM_VOID);
    CHECK(assign(SAMPLE_SEARCH_PATH, list)->state == VM_VALUE);
}

/* The operator's word goes before a value, a void and a trap alike. */
static void test_overrides(void)
{
    sample_build(&a);
    a.counts[IMAGE_CODE] = 0;
    const int64_t max = SAMPLE_MAX_CONNECTIONS;
    const uint16_t low = number(IMAGE_INT, 0), none = emit(IMAGE_OP_VOID, IMAGE_INT, 0, 0, 0);
    const uint16_t first = assemble_emit(&a, IMAGE_OP_SETTING, IMAGE_INT, low, 0, 0, max);
    const uint16_t second = assemble_emit(&a, IMAGE_OP_SETTING, IMAGE_INT, none, 0, 0, max);
    const uint16_t third = assemble_emit(&a, IMAGE_OP_SETTING, IMAGE_INT, first, 0, 0, max);
    struct vm_override overrides[SAMPLE_SETTINGS] = {[SAMPLE_COST] = {.value = 3, .present = true}};
    view();
    d.machine.overrides = overrides;
    vm_run(&d.machine);
    CHECK(d.slots[first].trap == VM_TRAP_RANGE && d.slots[first].origin == first);
    CHECK(d.slots[second].state == VM_VOID);
    CHECK(d.slots[third].trap == VM_TRAP_RANGE && d.slots[third].origin == first);
    overrides[max] = (struct vm_override){.value = 70, .present = true};
    vm_run(&d.machine);
    for (uint16_t slot = first; slot <= third; slot++)
        CHECK(d.slots[slot].state == VM_VALUE && d.slots[slot].value == 70);
}

/* --- room for text --- */

static void test_long_text(void)
{
    char name[LIMIT_TEXT_VALUE];
    memset(name, 'x', sizeof name);
    name[LIMIT_TEXT_VALUE - 1] = '\0';
    for (int extra = 0; extra <= 1; extra++) {
        const char *other = extra ? "y" : "";
        assemble_begin(&a);
        uint16_t left = text(IMAGE_TEXT, name), right = text(IMAGE_TEXT, other);
        emit(IMAGE_OP_CONCAT, IMAGE_TEXT, left, right, 0);
        CHECK(run()->trap == (extra ? VM_TRAP_TEXT : VM_TRAP_NONE));
        assemble_begin(&a);
        left = text(IMAGE_LIST, name);
        right = text(IMAGE_LIST, other);
        emit(IMAGE_OP_JOIN, IMAGE_LIST, left, right, 0);
        CHECK(run()->trap == (extra ? VM_TRAP_TEXT : VM_TRAP_NONE));
    }
}

static void test_full_text(void)
{
    static const enum image_opcode ops[] = {IMAGE_OP_CONCAT, IMAGE_OP_JOIN, IMAGE_OP_KEEP,
                                            IMAGE_OP_TEXT};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        for (size_t left = 0; left <= 3; left++) {
            const bool list = ops[i] == IMAGE_OP_JOIN || ops[i] == IMAGE_OP_KEEP;
            assemble_begin(&a);
            uint16_t slot = text(list ? IMAGE_LIST : IMAGE_TEXT, "ab");
            if (ops[i] == IMAGE_OP_TEXT)
                slot = number(IMAGE_INT, 42);
            emit(ops[i], list ? IMAGE_LIST : IMAGE_TEXT, slot, ops[i] == IMAGE_OP_TEXT ? 0 : slot,
                 0);
            view();
            d.machine.text_used = sizeof d.text - left;
            vm_run(&d.machine);
            const size_t needed = ops[i] == IMAGE_OP_CONCAT ? 5 : 3;
            const bool fits = left >= needed;
            CHECK(d.slots[a.counts[IMAGE_CODE] - 1].trap == (fits ? VM_TRAP_NONE : VM_TRAP_TEXT));
            CHECK(d.machine.text_used == sizeof d.text - (fits ? 0 : left));
        }
}

/* Lists that share no name cost work and leave nothing: only the bound on the work ends them. */
static void test_list_work(void)
{
    static char many[LIMIT_TEXT_VALUE / 2];
    for (size_t i = 0; i + 1 < sizeof many; i++)
        many[i] = i % 2 == 0 ? (char)('a' + i / 2 % 26) : ',';
    assemble_begin(&a);
    const uint16_t list = text(IMAGE_LIST, many), none = text(IMAGE_LIST, "0");
    uint16_t slot = 0;
    for (int i = 0; i < 4; i++)
        slot = emit(IMAGE_OP_KEEP, IMAGE_LIST, list, none, 0);
    CHECK(run()->trap == VM_TRAP_TEXT);
    CHECK(d.slots[2].trap == VM_TRAP_NONE);
    CHECK(d.machine.list_work > LIMIT_LIST_WORK);
    vm_run(&d.machine);
    CHECK(d.slots[2].trap == VM_TRAP_NONE);
    CHECK(slot == 5);
}

static void test_make_text(void)
{
    assemble_begin(&a);
    view();
    int64_t value = 0, next = 0;
    CHECK(vm_make_text(&d.machine, (struct base_span){"hello world", 5}, &value));
    CHECK_TEXT(vm_text(&d.machine, value), "hello");
    CHECK(vm_make_text(&d.machine, (struct base_span){"", 0}, &next));
    CHECK(next == value + 6);
    CHECK_TEXT(vm_text(&d.machine, next), "");
    CHECK_TEXT(vm_text(&d.machine, 0), "");
    d.machine.text_capacity = d.machine.text_used;
    CHECK(!vm_make_text(&d.machine, (struct base_span){"", 0}, &next));
}

static void test_sentences(void)
{
    for (unsigned trap = VM_TRAP_NONE + 1; trap < VM_TRAPS; trap++)
        CHECK(*vm_trap_sentence(trap) != '\0');
    CHECK_TEXT(vm_trap_sentence(VM_TRAP_NONE), "");
    CHECK_TEXT(vm_trap_sentence(VM_TRAPS), "");
}

int main(void)
{
    test_sums();
    test_phrases();
    test_computed_equality();
    test_values();
    test_choices();
    test_inputs();
    test_settings();
    test_overrides();
    test_long_text();
    test_full_text();
    test_list_work();
    test_make_text();
    test_sentences();
    return check_summary("run");
}
