/* The interpreter against the plain evaluator, slot by slot, on random programs and inputs. The
 * generator is seeded with a constant: every run tests the same programs. */
#include "../check.h"
#include "drive.h"
#include "plain.h"
#include "sample.h"

static struct assembler a;
static struct drive d;

enum { PROGRAMS = 1500, PROGRAM_LENGTH = 140 };

static uint64_t state;

static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint32_t below(uint32_t limit)
{
    return (uint32_t)((random_bits() >> 32) % limit);
}

static int64_t random_number(void)
{
    static const int64_t ends[] = {0,         1,
                                   -1,        2,
                                   10,        1000,
                                   8192,      1 << 20,
                                   1000000,   -1000000,
                                   2500000,   INT64_MAX,
                                   INT64_MIN, INT64_MAX - 1,
                                   500000,    262143,
                                   INT32_MAX, INT64_C(1) << 40};
    const int64_t bits = (int64_t)random_bits();
    switch (below(4)) {
    case 0:
        return bits >> below(63);
    case 1:
        return bits % 1000;
    default:
        return ends[below(sizeof ends / sizeof *ends)];
    }
}

static int64_t random_value(enum image_kind kind)
{
    static const char *const texts[] = {"", "a", "web", "oltp", "replica", "a,b", "vector"};
    static const char *const lists[] = {"", "a", "a,b", "b,a,c", "web,oltp,dw", "vector,pg_cron,b"};
    if (plain_is_number(kind))
        return random_number();
    if (kind == IMAGE_BOOL)
        return below(2);
    return assemble_string(&a, kind == IMAGE_LIST ? lists[below(6)] : texts[below(7)]);
}

/* Whether the program may go on with this instruction, by what plain.h knows. */
static bool random_fits(const struct image_instruction *i, const bool *voidable)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    unsigned kinds[3] = {0};
    const char *operands = plain_operands(i->op);
    for (size_t n = 0; operands[n] != '\0'; n++) {
        if (operands[n] == 's' && voidable[slots[n]])
            return false;
        kinds[n] = a.code[slots[n]].kind;
    }
    return plain_kinds(i->op, i->kind, kinds[0], kinds[1], kinds[2]);
}

static bool random_voidable(const struct image_instruction *i, const bool *voidable)
{
    return i->op == IMAGE_OP_VOID || (i->op == IMAGE_OP_INPUT && a.inputs[i->immediate].optional) ||
           (i->op == IMAGE_OP_SETTING && voidable[i->a]) ||
           (i->op == IMAGE_OP_SELECT && (voidable[i->b] || voidable[i->c])) ||
           (i->op == IMAGE_OP_ELSE && voidable[i->b]);
}

static struct image_instruction random_instruction(uint32_t n)
{
    struct image_instruction i = {.op = (uint8_t)below(IMAGE_OPCODES),
                                  .kind = (uint8_t)below(IMAGE_KINDS)};
    if (n < 8 || below(8) == 0)
        i.op = IMAGE_OP_CONST;
    uint16_t *const slots[3] = {&i.a, &i.b, &i.c};
    for (size_t k = 0; k < strlen(plain_operands(i.op)); k++)
        *slots[k] = (uint16_t)(below(3) ? n - 1 - below(n < 20 ? n : 20) : below(n));
    if (i.op == IMAGE_OP_CONST)
        i.immediate = random_value((enum image_kind)i.kind);
    if (i.op == IMAGE_OP_QUOTE)
        i.immediate = (int64_t)below(VM_QUOTES + 1) + VM_QUOTE_INNER * (int64_t)below(4);
    if (i.op == IMAGE_OP_INPUT || i.op == IMAGE_OP_GIVEN)
        i.immediate = below(SAMPLE_PASSWORD);
    if (i.op == IMAGE_OP_INPUT)
        i.kind = a.inputs[i.immediate].kind;
    if (i.op == IMAGE_OP_SETTING) {
        i.immediate = below(SAMPLE_SETTINGS);
        i.kind = a.settings[i.immediate].kind;
    }
    return i;
}

static void random_program(void)
{
    bool voidable[PROGRAM_LENGTH];
    uint16_t unused[SAMPLE_SETTINGS];
    assemble_begin(&a);
    sample_tables(&a);
    sample_code(&a, unused);
    a.counts[IMAGE_CODE] = a.counts[IMAGE_NAMES] = a.counts[IMAGE_CHECKS] = 0;
    a.counts[IMAGE_NOTES] = a.counts[IMAGE_EXPORTS] = 0;
    a.counts[IMAGE_DOCUMENTS] = a.counts[IMAGE_PIECES] = 0;
    for (int i = 0; i < 2; i++) /* two inputs name their entries */
        ASSEMBLE_ADD(&a, IMAGE_NAMES, names,
                     (struct image_name){.name = assemble_string(&a, "name")});
    for (uint32_t n = 0; n < PROGRAM_LENGTH; n++) {
        do
            a.code[n] = random_instruction(n);
        while (!random_fits(&a.code[n], voidable));
        voidable[n] = random_voidable(&a.code[n], voidable);
        a.counts[IMAGE_CODE]++;
    }
    for (int i = 0; i < SAMPLE_INPUTS; i++)
        if (plain_is_number(a.inputs[i].kind))
            a.inputs[i].low = INT64_MIN, a.inputs[i].high = INT64_MAX, a.inputs[i].fallback = 0;
}

static void random_world(struct vm_override *overrides)
{
    for (uint32_t i = 0; i < SAMPLE_INPUTS; i++) {
        const enum image_kind kind = (enum image_kind)a.inputs[i].kind;
        const bool absent_now = a.inputs[i].optional && below(2);
        d.inputs[i] = (struct vm_input){.value = random_value(kind),
                                        .state = absent_now ? VM_VOID : VM_VALUE,
                                        .given = below(2)};
    }
    for (uint32_t i = 0; i < SAMPLE_SETTINGS; i++)
        overrides[i] = (struct vm_override){
            .value = random_value((enum image_kind)a.settings[i].kind), .present = below(4) == 0};
}

static bool agrees(const struct plain_slot *wanted, uint32_t n)
{
    const struct vm_slot *slot = &d.slots[n];
    if (slot->state != wanted->state)
        return false;
    if (slot->state == VM_TRAP)
        return slot->trap == wanted->trap && slot->origin == wanted->origin;
    if (slot->state == VM_VALUE && plain_is_text(d.image.code[n].kind))
        return strcmp(vm_text(&d.machine, slot->value), wanted->text) == 0;
    return slot->state == VM_VOID || slot->value == (int64_t)wanted->number;
}

/* The world is made before the image is built, since its texts lie in the image's pool. */
static void test_random(void)
{
    static struct plain plain;
    static char room[4 * 1024 * 1024];
    struct vm_override overrides[SAMPLE_SETTINGS];
    size_t outcomes[3] = {0}, differences = 0;
    state = UINT64_C(0x9e3779b97f4a7c15);
    for (int program = 0; program < PROGRAMS; program++) {
        random_program();
        random_world(overrides);
        assemble_build(&a);
        const bool accepted = drive_verify(&d, a.bytes, a.length);
        CHECK(accepted);
        if (!accepted)
            break;
        d.machine = (struct vm_machine){.image = &d.image,
                                        .slots = d.slots,
                                        .inputs = d.inputs,
                                        .overrides = program % 2 ? overrides : NULL,
                                        .text = room,
                                        .text_capacity = sizeof room};
        vm_run(&d.machine);
        plain_begin(&plain, &d.machine);
        for (uint32_t n = PROGRAM_LENGTH; n-- > 0;) {
            const bool same = agrees(plain_slot(&plain, n), n);
            outcomes[d.slots[n].state]++;
            differences += !same;
            if (!same && differences < 10)
                fprintf(stderr, "program %d, slot %u: %s\n", program, n,
                        image_mnemonic(d.image.code[n].op));
        }
    }
    CHECK(differences == 0);
    /* The programs must not all have trapped early, or little was compared. */
    CHECK(outcomes[VM_VALUE] > (size_t)PROGRAMS * PROGRAM_LENGTH / 2);
    CHECK(outcomes[VM_VOID] > 1000);
    CHECK(outcomes[VM_TRAP] > 1000);
}

int main(void)
{
    test_random();
    return check_summary("random");
}
