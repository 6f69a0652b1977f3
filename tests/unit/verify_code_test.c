/* The verifier on code: for every opcode all kinds, operands and immediates, against plain.h. */
#include "../check.h"
#include "drive.h"
#include "plain.h"
#include "sample.h"

static struct drive d;
static _Alignas(8) char bytes[LIMIT_IMAGE_BYTES];

/* A small image: a constant of each kind in slots 0 to 7, a void of each in 8 to 15, and the
 * instruction under test in slot 16. It is built once and changed in place. */
enum { VOIDS = IMAGE_KINDS, TESTED = 2 * IMAGE_KINDS };

static struct image_instruction *tested;

static void begin_instruction(void)
{
    static struct assembler small;
    assemble_begin(&small);
    sample_tables(&small);
    for (int i = 0; i < SAMPLE_INPUTS; i++)
        small.inputs[i].name_entry = 0;
    ASSEMBLE_ADD(&small, IMAGE_NAMES, names,
                 (struct image_name){.name = assemble_string(&small, "name")});
    for (unsigned kind = 0; kind < IMAGE_KINDS; kind++)
        assemble_constant(&small, (enum image_kind)kind, 0);
    for (unsigned kind = 0; kind < IMAGE_KINDS; kind++)
        assemble_emit(&small, IMAGE_OP_VOID, (enum image_kind)kind, 0, 0, 0, 0);
    assemble_constant(&small, IMAGE_INT, 0);
    assemble_build(&small);
    memcpy(bytes, small.bytes, small.length);
    CHECK(drive_verify(&d, bytes, small.length));
    tested =
        (struct image_instruction *)(void *)(bytes + d.image.header->sections[IMAGE_CODE].offset) +
        TESTED;
}

/* The image was opened before; only what the verifier looks at has changed since. */
static bool accepted(void)
{
    return vm_verify(&d.image, &d.refusal);
}

static bool refused_at(const char *reason, const void *field)
{
    const size_t offset = (size_t)((const char *)field - bytes);
    return !accepted() && strcmp(d.refusal.reason, reason) == 0 && d.refusal.offset == offset;
}

/* An immediate that suits the instruction: the input or setting of the result's kind. */
static int64_t immediate_for(unsigned op, unsigned kind)
{
    if (op == IMAGE_OP_INPUT)
        for (uint32_t i = 0; i < d.image.input_count; i++)
            if (d.image.inputs[i].kind == kind)
                return i;
    if (op == IMAGE_OP_SETTING)
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
    size_t wrong = 0, good[IMAGE_OPCODES] = {0}, bad[IMAGE_OPCODES] = {0};
    for (unsigned op = 0; op < IMAGE_OPCODES; op++) {
        const char *operands = plain_operands(op);
        const size_t count = strlen(operands);
        unsigned range[3];
        for (size_t n = 0; n < 3; n++)
            range[n] = n < count ? TESTED : 1;
        for (unsigned mix = 0; mix < IMAGE_KINDS * range[0] * range[1] * range[2]; mix++) {
            const unsigned result = mix % IMAGE_KINDS, b = mix / IMAGE_KINDS % range[0],
                           c = mix / IMAGE_KINDS / range[0] % range[1],
                           e = mix / IMAGE_KINDS / range[0] / range[1];
            *tested =
                (struct image_instruction){(uint8_t)op, (uint8_t)result, (uint16_t)b,
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
    for (unsigned op = 0; op < IMAGE_OPCODES; op++)
        CHECK(good[op] > 0 &&
              (bad[op] > 0 || op == IMAGE_OP_CONST || op == IMAGE_OP_VOID || op == IMAGE_OP_INPUT));
}

/* The first operands and result that fit, so that one thing can then be made wrong. */
static void make_good(unsigned op)
{
    for (unsigned mix = 0; mix < IMAGE_KINDS * IMAGE_KINDS * IMAGE_KINDS * IMAGE_KINDS; mix++) {
        const unsigned result = mix % IMAGE_KINDS, b = mix / IMAGE_KINDS % IMAGE_KINDS,
                       c = mix / IMAGE_KINDS / IMAGE_KINDS % IMAGE_KINDS,
                       e = mix / IMAGE_KINDS / IMAGE_KINDS / IMAGE_KINDS;
        const size_t count = strlen(plain_operands(op));
        if (!plain_kinds(op, result, b, c, e))
            continue;
        *tested = (struct image_instruction){.op = (uint8_t)op,
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
    for (unsigned op = 0; op < IMAGE_OPCODES; op++) {
        make_good(op);
        CHECK(accepted());
        const struct image_instruction good = *tested;
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
        tested->kind = IMAGE_KINDS;
        CHECK(refused_at("kind", &tested->kind));
        *tested = good;
        for (tested->kind = 0; tested->kind < IMAGE_KINDS; tested->kind++) {
            const bool fits =
                plain_kinds(op, tested->kind, good.a % VOIDS, good.b % VOIDS, good.c % VOIDS);
            if (!fits)
                CHECK(refused_at("kind", &tested->kind));
        }
    }
    *tested = (struct image_instruction){.op = IMAGE_OPCODES};
    CHECK(refused_at("opcode", &tested->op));
}

static void test_immediates(void)
{
    begin_instruction();
    for (unsigned op = 0; op < IMAGE_OPCODES; op++) {
        make_good(op);
        const int64_t end = op == IMAGE_OP_SETTING ? SAMPLE_SETTINGS
                            : op == IMAGE_OP_CONST ? d.image.string_bytes
                            : op == IMAGE_OP_QUOTE ? VM_QUOTE_END
                                                   : SAMPLE_INPUTS;
        const int64_t wrong[] = {-1, end, INT64_MIN, INT64_MAX};
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            const char *reason = op == IMAGE_OP_INPUT || op == IMAGE_OP_GIVEN ? "input"
                                 : op == IMAGE_OP_SETTING                     ? "setting"
                                 : op == IMAGE_OP_CONST                       ? "constant"
                                 : op == IMAGE_OP_QUOTE                       ? "quote"
                                                                              : "immediate";
            tested->immediate = wrong[i];
            CHECK(refused_at(reason, &tested->immediate));
        }
    }
    *tested = (struct image_instruction){.op = IMAGE_OP_INPUT, .kind = IMAGE_TEXT};
    tested->immediate = SAMPLE_PASSWORD;
    CHECK(accepted());
    tested->op = IMAGE_OP_GIVEN;
    tested->kind = IMAGE_BOOL;
    CHECK(accepted());
    for (uint32_t input = 0; input < SAMPLE_PASSWORD; input++) {
        *tested = (struct image_instruction){.op = IMAGE_OP_INPUT, .immediate = input};
        tested->kind = (uint8_t)((d.image.inputs[input].kind + 1) % IMAGE_KINDS);
        CHECK(refused_at("kind", &tested->kind));
    }
    for (uint32_t setting = 0; setting < SAMPLE_SETTINGS; setting++) {
        const uint8_t other = (uint8_t)((d.image.settings[setting].kind + 1) % IMAGE_KINDS);
        *tested = (struct image_instruction){
            .op = IMAGE_OP_SETTING, .kind = other, .a = other, .immediate = setting};
        CHECK(refused_at("kind", &tested->kind));
    }
}

/* Every language, and the text as it is, with every mix of flags; nothing else. */
static void test_quotes(void)
{
    begin_instruction();
    make_good(IMAGE_OP_QUOTE);
    for (int64_t quote = 0; quote <= VM_QUOTE_END; quote++) {
        tested->immediate = quote;
        const bool good = quote < VM_QUOTE_END && quote % VM_QUOTE_INNER <= VM_QUOTES;
        CHECK(good ? accepted() : refused_at("quote", &tested->immediate));
    }
}

/* A secret in the place of each operand: what shows it, compares it or makes a setting of it is
 * refused; what is made from it may be missing, and is a secret again. */
static void test_secrets(void)
{
    static struct assembler small;
    for (unsigned op = 0; op < IMAGE_OPCODES; op++)
        for (size_t place = 0; place < strlen(plain_operands(op)); place++) {
            assemble_begin(&small);
            sample_tables(&small);
            for (int i = 0; i < SAMPLE_INPUTS; i++)
                small.inputs[i].name_entry = 0;
            ASSEMBLE_ADD(&small, IMAGE_NAMES, names,
                         (struct image_name){.name = assemble_string(&small, "name")});
            const uint16_t truth = assemble_constant(&small, IMAGE_BOOL, 1),
                           text = assemble_text(&small, IMAGE_TEXT, "x"),
                           secret = assemble_emit(&small, IMAGE_OP_INPUT, IMAGE_TEXT, 0, 0, 0,
                                                  SAMPLE_PASSWORD);
            uint16_t slots[3] = {0};
            for (size_t n = 0; n < strlen(plain_operands(op)); n++)
                slots[n] = n == place ? secret : text;
            if (op == IMAGE_OP_SELECT && place > 0)
                slots[0] = truth;
            const enum image_kind kind =
                op == IMAGE_OP_KNOWN || op == IMAGE_OP_EQ || op == IMAGE_OP_HAS ? IMAGE_BOOL
                                                                                : IMAGE_TEXT;
            const uint16_t made =
                assemble_emit(&small, (enum image_opcode)op, kind, slots[0], slots[1], slots[2],
                              op == IMAGE_OP_SETTING ? SAMPLE_CLUSTER_NAME : 0);
            ASSEMBLE_ADD(&small, IMAGE_PIECES, pieces, made);
            ASSEMBLE_ADD(&small, IMAGE_DOCUMENTS, documents,
                         (struct image_document){assemble_string(&small, "/x"),
                                                 assemble_string(&small, "x"), 0604, 0, 1});
            assemble_build(&small);
            const bool makes = op == IMAGE_OP_TEXT || op == IMAGE_OP_CONCAT ||
                               op == IMAGE_OP_QUOTE || op == IMAGE_OP_ELSE ||
                               (op == IMAGE_OP_SELECT && place > 0);
            CHECK(!drive_verify(&d, small.bytes, small.length));
            CHECK_TEXT(d.refusal.reason, makes ? "mode"
                                         : op == IMAGE_OP_KNOWN || op == IMAGE_OP_SELECT
                                             ? "kind"
                                             : "secret");
        }
}

static void test_constants(void)
{
    begin_instruction();
    const int64_t end = d.image.string_bytes;
    const struct {
        enum image_kind kind;
        int64_t value;
        bool good;
    } cases[] = {
        {IMAGE_BOOL, 1, true},          {IMAGE_BOOL, 2, false},
        {IMAGE_BOOL, -1, false},        {IMAGE_INT, INT64_MIN, true},
        {IMAGE_RATIO, INT64_MAX, true}, {IMAGE_BYTES, INT64_MIN, true},
        {IMAGE_TIME, INT64_MAX, true},  {IMAGE_TEXT, end - 1, true},
        {IMAGE_TEXT, end, false},       {IMAGE_ENUM, end - 1, true},
        {IMAGE_ENUM, end, false},       {IMAGE_ENUM, -1, false},
        {IMAGE_LIST, end - 1, true},    {IMAGE_LIST, end, false},
        {IMAGE_LIST, INT64_MIN, false}, {IMAGE_TEXT, (int64_t)1 << 32, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *tested = (struct image_instruction){
            .op = IMAGE_OP_CONST, .kind = (uint8_t)cases[i].kind, .immediate = cases[i].value};
        CHECK(cases[i].good ? accepted() : refused_at("constant", &tested->immediate));
    }
}

/* A text may be one byte shorter than the room for one, with its end. */
static void test_long_constants(void)
{
    static struct assembler small;
    static char text[LIMIT_TEXT_VALUE + 1];
    for (size_t length = LIMIT_TEXT_VALUE - 1; length <= LIMIT_TEXT_VALUE; length++) {
        memset(text, 'x', length);
        assemble_begin(&small);
        assemble_text(&small, IMAGE_TEXT, text);
        assemble_build(&small);
        CHECK(drive(&d, small.bytes, small.length) == (length < LIMIT_TEXT_VALUE));
    }
    CHECK_TEXT(d.refusal.reason, "constant");
}

/* What may be void after an instruction that passes on what it was given. */
static void test_voids(void)
{
    static const struct {
        enum image_opcode op;
        uint16_t a, b, c;
        bool voidable;
    } cases[] = {
        {IMAGE_OP_SELECT, IMAGE_BOOL, IMAGE_BOOL, IMAGE_BOOL, false},
        {IMAGE_OP_SELECT, IMAGE_BOOL, VOIDS, IMAGE_BOOL, true},
        {IMAGE_OP_SELECT, IMAGE_BOOL, IMAGE_BOOL, VOIDS, true},
        {IMAGE_OP_ELSE, VOIDS, IMAGE_BOOL, 0, false},
        {IMAGE_OP_ELSE, IMAGE_BOOL, VOIDS, 0, true},
        {IMAGE_OP_KNOWN, VOIDS, 0, 0, false},
        {IMAGE_OP_SETTING, IMAGE_BOOL, 0, 0, false},
        {IMAGE_OP_SETTING, VOIDS, 0, 0, true},
        {IMAGE_OP_GIVEN, 0, 0, 0, false},
        {IMAGE_OP_VOID, 0, 0, 0, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct assembler small;
        assemble_begin(&small);
        sample_tables(&small);
        small.counts[IMAGE_INPUTS] = 0;
        ASSEMBLE_ADD(&small, IMAGE_INPUTS, inputs,
                     (struct image_input){.name = 1, .kind = IMAGE_BOOL, .optional = 1});
        ASSEMBLE_ADD(&small, IMAGE_NAMES, names, (struct image_name){.name = 1});
        for (unsigned kind = 0; kind < IMAGE_KINDS; kind++)
            assemble_constant(&small, (enum image_kind)kind, 0);
        assemble_emit(&small, IMAGE_OP_VOID, IMAGE_BOOL, 0, 0, 0, 0);
        const uint16_t n =
            assemble_emit(&small, cases[i].op, IMAGE_BOOL, cases[i].a, cases[i].b, cases[i].c, 0);
        assemble_emit(&small, IMAGE_OP_NOT, IMAGE_BOOL, n, 0, 0, 0);
        const uint16_t input = assemble_emit(&small, IMAGE_OP_INPUT, IMAGE_BOOL, 0, 0, 0, 0);
        assemble_build(&small);
        const bool good = drive(&d, small.bytes, small.length);
        CHECK(good == !cases[i].voidable);
        if (!good)
            CHECK_TEXT(d.refusal.reason, "void");

        small.inputs[0].optional = i % 2;
        small.code[n] = (struct image_instruction){.op = IMAGE_OP_KNOWN};
        assemble_emit(&small, IMAGE_OP_NOT, IMAGE_BOOL, input, 0, 0, 0);
        assemble_build(&small);
        CHECK(drive(&d, small.bytes, small.length) == (i % 2 == 0));
    }
}

/* As many slots as there may be: what the verifier remembers of each must have room. */
static void test_full_image(void)
{
    struct image_header *header = (struct image_header *)(void *)bytes;
    memset(bytes, 0, sizeof bytes);
    *header = (struct image_header){.version = IMAGE_VERSION, .header_bytes = sizeof *header};
    memcpy(header->magic, IMAGE_MAGIC, sizeof header->magic);
    size_t length = sizeof *header;
    for (int s = 0; s < IMAGE_SECTIONS; s++) {
        header->sections[s].offset = (uint32_t)length;
        header->sections[s].count = s == IMAGE_STRINGS ? 1 : s == IMAGE_CODE ? LIMIT_SLOTS : 0;
        length += s == IMAGE_STRINGS ? 8 : s == IMAGE_CODE ? sizeof *tested * LIMIT_SLOTS : 0;
    }
    struct image_instruction *code = (void *)(bytes + header->sections[IMAGE_CODE].offset);
    for (uint32_t n = 0; n < LIMIT_SLOTS; n++)
        code[n] = (struct image_instruction){.op = IMAGE_OP_VOID, .kind = IMAGE_BOOL};
    assemble_seal(bytes, length);
    CHECK(drive(&d, bytes, length));
    tested = &code[LIMIT_SLOTS - 1];
    *tested = (struct image_instruction){.op = IMAGE_OP_NOT, .a = LIMIT_SLOTS - 2};
    CHECK(refused_at("void", &tested->a));
    tested->op = IMAGE_OP_KNOWN;
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
