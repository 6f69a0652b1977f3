/* The verifier on code: for every opcode all kinds, operands and immediates, against plain.h. */
#include "../check.h"
#include "drive.h"
#include "plain.h"
#include "sample.h"

static struct drive d;
static _Alignas(8) char bytes[AZA_IMAGE_BYTES_MAX];

/* A small image: a constant of each kind in slots 0 to 7, a void of each in 8 to 15, and the
 * instruction under test in slot 16. It is built once and changed in place. */
enum { VOIDS = AZB_KINDS, TESTED = 2 * AZB_KINDS };

static struct azb_instruction *tested;

static void begin_instruction(void)
{
    static struct assembler small;
    assemble_begin(&small);
    sample_tables(&small);
    for (int i = 0; i < SAMPLE_INPUTS; i++)
        small.inputs[i].name_entry = 0;
    ASSEMBLE_ADD(&small, AZB_NAMES, names,
                 (struct azb_name){.name = assemble_string(&small, "name")});
    for (unsigned kind = 0; kind < AZB_KINDS; kind++)
        assemble_constant(&small, (enum azb_kind)kind, 0);
    for (unsigned kind = 0; kind < AZB_KINDS; kind++)
        assemble_emit(&small, AZB_OP_VOID, (enum azb_kind)kind, 0, 0, 0, 0);
    assemble_constant(&small, AZB_INT, 0);
    assemble_build(&small);
    memcpy(bytes, small.bytes, small.length);
    CHECK(drive_verify(&d, bytes, small.length));
    tested = (struct azb_instruction *)(void *)(bytes + d.image.header->sections[AZB_CODE].offset) +
             TESTED;
}

/* The image was opened before; only what the verifier looks at has changed since. */
static bool accepted(void)
{
    return azv_verify(&d.image, &d.refusal);
}

static bool refused_at(const char *reason, const void *field)
{
    const size_t offset = (size_t)((const char *)field - bytes);
    return !accepted() && strcmp(d.refusal.reason, reason) == 0 && d.refusal.offset == offset;
}

/* An immediate that suits the instruction: the input or setting of the result's kind. */
static int64_t immediate_for(unsigned op, unsigned kind)
{
    if (op == AZB_OP_INPUT)
        for (uint32_t i = 0; i < d.image.input_count; i++)
            if (d.image.inputs[i].kind == kind)
                return i;
    if (op == AZB_OP_SETTING)
        for (uint32_t i = 0; i < d.image.setting_count; i++)
            if (d.image.settings[i].kind == kind)
                return i;
    return 0;
}

/* Every result with every operands, void or not: accepted where plain.h says so, and nowhere
 * else. */
static void test_kinds(void)
{
    begin_instruction();
    size_t wrong = 0, good[AZB_OPCODES] = {0}, bad[AZB_OPCODES] = {0};
    for (unsigned op = 0; op < AZB_OPCODES; op++) {
        const char *operands = plain_operands(op);
        const size_t count = strlen(operands);
        unsigned range[3];
        for (size_t n = 0; n < 3; n++)
            range[n] = n < count ? TESTED : 1;
        for (unsigned mix = 0; mix < AZB_KINDS * range[0] * range[1] * range[2]; mix++) {
            const unsigned result = mix % AZB_KINDS, b = mix / AZB_KINDS % range[0],
                           c = mix / AZB_KINDS / range[0] % range[1],
                           e = mix / AZB_KINDS / range[0] / range[1];
            *tested =
                (struct azb_instruction){(uint8_t)op, (uint8_t)result, (uint16_t)b,
                                         (uint16_t)c, (uint16_t)e,     immediate_for(op, result)};
            const unsigned slots[3] = {b, c, e};
            bool fits = plain_kinds(op, result, b % VOIDS, c % VOIDS, e % VOIDS);
            for (size_t n = 0; n < count; n++)
                fits = fits && (operands[n] == 'o' || slots[n] < VOIDS);
            wrong += accepted() != fits;
            *(fits ? &good[op] : &bad[op]) += 1;
        }
    }
    CHECK(wrong == 0);
    for (unsigned op = 0; op < AZB_OPCODES; op++)
        CHECK(good[op] > 0 &&
              (bad[op] > 0 || op == AZB_OP_CONST || op == AZB_OP_VOID || op == AZB_OP_INPUT));
}

/* The first operands and result that fit, so that one thing can then be made wrong. */
static void make_good(unsigned op)
{
    for (unsigned mix = 0; mix < AZB_KINDS * AZB_KINDS * AZB_KINDS * AZB_KINDS; mix++) {
        const unsigned result = mix % AZB_KINDS, b = mix / AZB_KINDS % AZB_KINDS,
                       c = mix / AZB_KINDS / AZB_KINDS % AZB_KINDS,
                       e = mix / AZB_KINDS / AZB_KINDS / AZB_KINDS;
        const size_t count = strlen(plain_operands(op));
        if (!plain_kinds(op, result, b, c, e))
            continue;
        *tested = (struct azb_instruction){.op = (uint8_t)op,
                                           .kind = (uint8_t)result,
                                           .a = (uint16_t)(count > 0 ? b : 0),
                                           .b = (uint16_t)(count > 1 ? c : 0),
                                           .c = (uint16_t)(count > 2 ? e : 0),
                                           .immediate = immediate_for(op, result)};
        return;
    }
}

static void test_operands(void)
{
    begin_instruction();
    for (unsigned op = 0; op < AZB_OPCODES; op++) {
        make_good(op);
        CHECK(accepted());
        const struct azb_instruction good = *tested;
        uint16_t *const fields[3] = {&tested->a, &tested->b, &tested->c};
        const char *operands = plain_operands(op);
        for (size_t n = 0; n < 3; n++) {
            const bool used = n < strlen(operands);
            *fields[n] = used ? TESTED : 1;
            CHECK(refused_at("operand", fields[n]));
            *fields[n] = UINT16_MAX;
            CHECK(refused_at("operand", fields[n]));
            *tested = good;
            if (!used)
                continue;
            *fields[n] = (uint16_t)(*fields[n] + VOIDS);
            CHECK(operands[n] == 's' ? refused_at("void", fields[n]) : accepted());
            *tested = good;
        }
        tested->kind = AZB_KINDS;
        CHECK(refused_at("kind", &tested->kind));
        *tested = good;
        for (tested->kind = 0; tested->kind < AZB_KINDS; tested->kind++) {
            const bool fits =
                plain_kinds(op, tested->kind, good.a % VOIDS, good.b % VOIDS, good.c % VOIDS);
            if (!fits)
                CHECK(refused_at("kind", &tested->kind));
        }
    }
    *tested = (struct azb_instruction){.op = AZB_OPCODES};
    CHECK(refused_at("opcode", &tested->op));
}

static void test_immediates(void)
{
    begin_instruction();
    for (unsigned op = 0; op < AZB_OPCODES; op++) {
        make_good(op);
        const int64_t end = op == AZB_OP_SETTING ? SAMPLE_SETTINGS
                            : op == AZB_OP_CONST ? d.image.string_bytes
                            : op == AZB_OP_QUOTE ? AZV_QUOTE_END
                                                 : SAMPLE_INPUTS;
        const int64_t wrong[] = {-1, end, INT64_MIN, INT64_MAX};
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            const char *reason = op == AZB_OP_INPUT || op == AZB_OP_GIVEN ? "input"
                                 : op == AZB_OP_SETTING                   ? "setting"
                                 : op == AZB_OP_CONST                     ? "constant"
                                 : op == AZB_OP_QUOTE                     ? "quote"
                                                                          : "immediate";
            tested->immediate = wrong[i];
            CHECK(refused_at(reason, &tested->immediate));
        }
    }
    *tested = (struct azb_instruction){.op = AZB_OP_INPUT, .kind = AZB_TEXT};
    tested->immediate = SAMPLE_PASSWORD;
    CHECK(accepted());
    tested->op = AZB_OP_GIVEN;
    tested->kind = AZB_BOOL;
    CHECK(accepted());
    for (uint32_t input = 0; input < SAMPLE_PASSWORD; input++) {
        *tested = (struct azb_instruction){.op = AZB_OP_INPUT, .immediate = input};
        tested->kind = (uint8_t)((d.image.inputs[input].kind + 1) % AZB_KINDS);
        CHECK(refused_at("kind", &tested->kind));
    }
    for (uint32_t setting = 0; setting < SAMPLE_SETTINGS; setting++) {
        const uint8_t other = (uint8_t)((d.image.settings[setting].kind + 1) % AZB_KINDS);
        *tested = (struct azb_instruction){
            .op = AZB_OP_SETTING, .kind = other, .a = other, .immediate = setting};
        CHECK(refused_at("kind", &tested->kind));
    }
}

/* Every language, and the text as it is, with every mix of flags; nothing else. */
static void test_quotes(void)
{
    begin_instruction();
    make_good(AZB_OP_QUOTE);
    for (int64_t quote = 0; quote <= AZV_QUOTE_END; quote++) {
        tested->immediate = quote;
        const bool good = quote < AZV_QUOTE_END && quote % AZV_QUOTE_INNER <= AZV_QUOTES;
        CHECK(good ? accepted() : refused_at("quote", &tested->immediate));
    }
}

/* A secret in the place of each operand: what shows it, compares it or makes a setting of it is
 * refused; what is made from it may be missing, and is a secret again. */
static void test_secrets(void)
{
    static struct assembler small;
    for (unsigned op = 0; op < AZB_OPCODES; op++)
        for (size_t place = 0; place < strlen(plain_operands(op)); place++) {
            assemble_begin(&small);
            sample_tables(&small);
            for (int i = 0; i < SAMPLE_INPUTS; i++)
                small.inputs[i].name_entry = 0;
            ASSEMBLE_ADD(&small, AZB_NAMES, names,
                         (struct azb_name){.name = assemble_string(&small, "name")});
            const uint16_t truth = assemble_constant(&small, AZB_BOOL, 1),
                           text = assemble_text(&small, AZB_TEXT, "x"),
                           secret = assemble_emit(&small, AZB_OP_INPUT, AZB_TEXT, 0, 0, 0,
                                                  SAMPLE_PASSWORD);
            uint16_t slots[3] = {0};
            for (size_t n = 0; n < strlen(plain_operands(op)); n++)
                slots[n] = n == place ? secret : text;
            if (op == AZB_OP_SELECT && place > 0)
                slots[0] = truth;
            const enum azb_kind kind =
                op == AZB_OP_KNOWN || op == AZB_OP_EQ || op == AZB_OP_HAS ? AZB_BOOL : AZB_TEXT;
            const uint16_t made =
                assemble_emit(&small, (enum azb_opcode)op, kind, slots[0], slots[1], slots[2],
                              op == AZB_OP_SETTING ? SAMPLE_CLUSTER_NAME : 0);
            ASSEMBLE_ADD(&small, AZB_PIECES, pieces, made);
            ASSEMBLE_ADD(&small, AZB_DOCUMENTS, documents,
                         (struct azb_document){assemble_string(&small, "/x"),
                                               assemble_string(&small, "x"), 0604, 0, 1});
            assemble_build(&small);
            const bool makes = op == AZB_OP_TEXT || op == AZB_OP_CONCAT || op == AZB_OP_QUOTE ||
                               op == AZB_OP_ELSE || (op == AZB_OP_SELECT && place > 0);
            CHECK(!drive_verify(&d, small.bytes, small.length));
            CHECK_TEXT(d.refusal.reason, makes                                       ? "mode"
                                         : op == AZB_OP_KNOWN || op == AZB_OP_SELECT ? "kind"
                                                                                     : "secret");
        }
}

static void test_constants(void)
{
    begin_instruction();
    const int64_t end = d.image.string_bytes;
    const struct {
        enum azb_kind kind;
        int64_t value;
        bool good;
    } cases[] = {
        {AZB_BOOL, 1, true},          {AZB_BOOL, 2, false},
        {AZB_BOOL, -1, false},        {AZB_INT, INT64_MIN, true},
        {AZB_RATIO, INT64_MAX, true}, {AZB_BYTES, INT64_MIN, true},
        {AZB_TIME, INT64_MAX, true},  {AZB_TEXT, end - 1, true},
        {AZB_TEXT, end, false},       {AZB_ENUM, end - 1, true},
        {AZB_ENUM, end, false},       {AZB_ENUM, -1, false},
        {AZB_LIST, end - 1, true},    {AZB_LIST, end, false},
        {AZB_LIST, INT64_MIN, false}, {AZB_TEXT, (int64_t)1 << 32, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *tested = (struct azb_instruction){
            .op = AZB_OP_CONST, .kind = (uint8_t)cases[i].kind, .immediate = cases[i].value};
        CHECK(cases[i].good ? accepted() : refused_at("constant", &tested->immediate));
    }
}

/* A text may be one byte shorter than the room for one, with its end. */
static void test_long_constants(void)
{
    static struct assembler small;
    static char text[AZA_TEXT_VALUE_MAX + 1];
    for (size_t length = AZA_TEXT_VALUE_MAX - 1; length <= AZA_TEXT_VALUE_MAX; length++) {
        memset(text, 'x', length);
        assemble_begin(&small);
        assemble_text(&small, AZB_TEXT, text);
        assemble_build(&small);
        CHECK(drive(&d, small.bytes, small.length) == (length < AZA_TEXT_VALUE_MAX));
    }
    CHECK_TEXT(d.refusal.reason, "constant");
}

/* What may be void after an instruction that passes on what it was given. */
static void test_voids(void)
{
    static const struct {
        enum azb_opcode op;
        uint16_t a, b, c;
        bool voidable;
    } cases[] = {
        {AZB_OP_SELECT, AZB_BOOL, AZB_BOOL, AZB_BOOL, false},
        {AZB_OP_SELECT, AZB_BOOL, VOIDS, AZB_BOOL, true},
        {AZB_OP_SELECT, AZB_BOOL, AZB_BOOL, VOIDS, true},
        {AZB_OP_ELSE, VOIDS, AZB_BOOL, 0, false},
        {AZB_OP_ELSE, AZB_BOOL, VOIDS, 0, true},
        {AZB_OP_KNOWN, VOIDS, 0, 0, false},
        {AZB_OP_SETTING, AZB_BOOL, 0, 0, false},
        {AZB_OP_SETTING, VOIDS, 0, 0, true},
        {AZB_OP_GIVEN, 0, 0, 0, false},
        {AZB_OP_VOID, 0, 0, 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct assembler small;
        assemble_begin(&small);
        sample_tables(&small);
        small.counts[AZB_INPUTS] = 0;
        ASSEMBLE_ADD(&small, AZB_INPUTS, inputs,
                     (struct azb_input){.name = 1, .kind = AZB_BOOL, .optional = 1});
        ASSEMBLE_ADD(&small, AZB_NAMES, names, (struct azb_name){.name = 1});
        for (unsigned kind = 0; kind < AZB_KINDS; kind++)
            assemble_constant(&small, (enum azb_kind)kind, 0);
        assemble_emit(&small, AZB_OP_VOID, AZB_BOOL, 0, 0, 0, 0);
        const uint16_t n =
            assemble_emit(&small, cases[i].op, AZB_BOOL, cases[i].a, cases[i].b, cases[i].c, 0);
        assemble_emit(&small, AZB_OP_NOT, AZB_BOOL, n, 0, 0, 0);
        const uint16_t input = assemble_emit(&small, AZB_OP_INPUT, AZB_BOOL, 0, 0, 0, 0);
        assemble_build(&small);
        const bool good = drive(&d, small.bytes, small.length);
        CHECK(good == !cases[i].voidable);
        if (!good)
            CHECK_TEXT(d.refusal.reason, "void");

        small.inputs[0].optional = i % 2;
        small.code[n] = (struct azb_instruction){.op = AZB_OP_KNOWN};
        assemble_emit(&small, AZB_OP_NOT, AZB_BOOL, input, 0, 0, 0);
        assemble_build(&small);
        CHECK(drive(&d, small.bytes, small.length) == (i % 2 == 0));
    }
}

/* As many slots as there may be: what the verifier remembers of each must have room. */
static void test_full_image(void)
{
    struct azb_header *header = (struct azb_header *)(void *)bytes;
    memset(bytes, 0, sizeof bytes);
    *header = (struct azb_header){.version = AZB_VERSION, .header_bytes = sizeof *header};
    memcpy(header->magic, AZB_MAGIC, sizeof header->magic);
    size_t length = sizeof *header;
    for (int s = 0; s < AZB_SECTIONS; s++) {
        header->sections[s].offset = (uint32_t)length;
        header->sections[s].count = s == AZB_STRINGS ? 1 : s == AZB_CODE ? AZA_SLOTS_MAX : 0;
        length += s == AZB_STRINGS ? 8 : s == AZB_CODE ? sizeof *tested * AZA_SLOTS_MAX : 0;
    }
    struct azb_instruction *code = (void *)(bytes + header->sections[AZB_CODE].offset);
    for (uint32_t n = 0; n < AZA_SLOTS_MAX; n++)
        code[n] = (struct azb_instruction){.op = AZB_OP_VOID, .kind = AZB_BOOL};
    assemble_seal(bytes, length);
    CHECK(drive(&d, bytes, length));
    tested = &code[AZA_SLOTS_MAX - 1];
    *tested = (struct azb_instruction){.op = AZB_OP_NOT, .a = AZA_SLOTS_MAX - 2};
    CHECK(refused_at("void", &tested->a));
    tested->op = AZB_OP_KNOWN;
    CHECK(accepted());
}

int main(void)
{
    test_kinds();
    test_operands();
    test_immediates();
    test_quotes();
    test_secrets();
    test_constants();
    test_long_constants();
    test_voids();
    test_full_image();
    return check_summary("verify_code");
}
