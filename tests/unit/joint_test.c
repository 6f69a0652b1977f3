/* Two rule sets as one image: on every machine the joint code answers for each of them what it
 * would have answered alone, with defaults, clamps and refusals of its own. The machines are
 * random, from a seed that is a constant. */
#include "session/parts.h"
#include "../check.h"
#include "compile/compile.h"
#include "compare/joint.h"

enum { MACHINES = 4000, ROOTS_MAX = 128, WORDS_MAX = 8 };

static struct compilation builds[COMPARE_SIDES];
static struct image images[COMPARE_SIDES], joint_image;
static struct compare_joint joint;
static uint32_t roots[ROOTS_MAX];
static size_t root_count;

struct run {
    struct vm_machine machine;
    struct vm_input inputs[LIMIT_INPUTS];
    struct vm_slot slots[LIMIT_SLOTS];
    char text[LIMIT_TEXT_BYTES];
    char said[64 * 1024], warned[64 * 1024];
    bool refused;
};
static struct run alone[COMPARE_SIDES], together;

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t below(uint64_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 16) % limit;
}

static void load(int side, const char *path)
{
    struct image_refusal refusal;
    const struct compile_options options = {.rules = path};
    CHECK(compile_rules(&builds[side], &options, false) == STATUS_FINE);
    CHECK(image_open(builds[side].image.data, builds[side].image.length, &images[side], &refusal));
}

/* Roots: what each side says of its outputs and exports, in order, and whether it refuses. */
static void join(struct base_arena *arena)
{
    const char *why = "";
    CHECK(compare_join(arena, &images[COMPARE_OLD], &images[COMPARE_NEW], NULL, 0, &joint, &why));
    for (int side = 0; side < COMPARE_SIDES; side++) {
        const ir_slot *slots = joint.sides[side].slots;
        for (uint32_t i = 0; i < images[side].output_count; i++)
            roots[root_count++] = slots[images[side].outputs[i].slot];
        for (uint32_t i = 0; i < images[side].export_count; i++)
            roots[root_count++] = slots[images[side].exports[i].slot];
        roots[root_count++] = joint.sides[side].refused;
    }
    CHECK(compare_write_joint(&joint, true, roots, root_count, &joint_image, &why));
}

static void begin(struct run *run, const struct image *image)
{
    run->machine = (struct vm_machine){.image = image,
                                       .slots = run->slots,
                                       .inputs = run->inputs,
                                       .text = run->text,
                                       .text_capacity = sizeof run->text};
}

static void decide(struct run *run, const struct vm_word *words, size_t count)
{
    struct base_sink said = BASE_SINK(run->said), warned = BASE_SINK(run->warned);
    const struct session_surroundings around = {.words = words, .word_count = count};
    run->machine.text_used = 0;
    run->refused = !session_resolve(&run->machine, run->inputs, &around, &warned, &said);
    vm_run(&run->machine);
    run->refused |= !vm_judge(&run->machine, &warned, &said);
}

/* --- machines --- */

static char spelled[WORDS_MAX][64];

static size_t random_machine(struct vm_word *words)
{
    static const char *const workloads[] = {"web", "dw", ""};
    static const uint64_t edges[] = {512, 1024, 2048, 4096, 8192, 65536, 1048576, 2097152};
    const uint64_t kilobytes = 1024, edge = edges[below(8)] * kilobytes;
    uint64_t memory = below(2) ? 512 * kilobytes + below(edge) : edge - below(2);
    size_t count = 0;
    memory = memory < 512 * kilobytes ? 512 * kilobytes : memory;
    memory = memory > 2097152 * kilobytes ? 2097152 * kilobytes : memory;
    snprintf(spelled[count++], sizeof *spelled, "memory=%llukB", (unsigned long long)memory);
    if (below(8) > 0)
        snprintf(spelled[count++], sizeof *spelled, "cpus=%u.%02u", 1 + (unsigned)below(4),
                 (unsigned)below(3) * 25);
    if (below(3) > 0)
        snprintf(spelled[count++], sizeof *spelled, "disk=%uGB", 1 + (unsigned)below(200));
    snprintf(spelled[count++], sizeof *spelled, "workload=%s", workloads[below(3)]);
    if (below(2))
        snprintf(spelled[count++], sizeof *spelled, "spare=%u", (unsigned)below(101));
    for (size_t i = 0; i < count; i++)
        CHECK(vm_split_word(spelled[i], &words[i]));
    return count;
}

static bool is_same(const struct run *a, uint32_t x, const struct run *b, uint32_t y)
{
    const struct vm_slot *left = &a->slots[x], *right = &b->slots[y];
    const unsigned kind = a->machine.image->code[x].kind;
    if (left->state != right->state || kind != b->machine.image->code[y].kind)
        return false;
    if (left->state != VM_VALUE)
        return true;
    if (kind == IMAGE_TEXT || kind == IMAGE_ENUM || kind == IMAGE_LIST)
        return base_text_is(vm_text(&a->machine, left->value), vm_text(&b->machine, right->value));
    return left->value == right->value;
}

static size_t refusals, answers;

static void compare(int side, const uint32_t **root)
{
    const struct image *image = &images[side];
    const uint32_t refused = (*root)[image->output_count + image->export_count];
    const bool equal = (together.slots[refused].value != 0) == alone[side].refused;
    CHECK(equal);
    refusals += alone[side].refused;
    answers += !alone[side].refused;
    for (uint32_t i = 0; !alone[side].refused && i < image->output_count; i++)
        CHECK(is_same(&alone[side], image->outputs[i].slot, &together, (*root)[i]));
    for (uint32_t i = 0; !alone[side].refused && i < image->export_count; i++)
        CHECK(is_same(&alone[side], image->exports[i].slot, &together,
                      (*root)[image->output_count + i]));
    *root += image->output_count + image->export_count + 1;
}

static void test_random_machines(void)
{
    for (int side = 0; side < COMPARE_SIDES; side++)
        begin(&alone[side], &images[side]);
    begin(&together, &joint_image);
    for (int n = 0; n < MACHINES && check_failed == 0; n++) {
        struct vm_word words[WORDS_MAX];
        const uint32_t *root = roots;
        const size_t count = random_machine(words);
        for (int side = 0; side < COMPARE_SIDES; side++)
            decide(&alone[side], words, count);
        decide(&together, words, count);
        for (int side = 0; side < COMPARE_SIDES; side++)
            compare(side, &root);
    }
    /* The machines must not all be of one sort. */
    CHECK(refusals > MACHINES / 20 && answers > MACHINES / 20);
}

/* What is the same on both sides is the same slot, and needs no proof. */
static void test_itself(struct base_arena *arena)
{
    struct compare_joint same;
    const char *why = "";
    const struct image *image = &images[COMPARE_OLD];
    CHECK(compare_join(arena, image, image, NULL, 0, &same, &why));
    for (uint32_t n = 0; n < image->code_count; n++)
        CHECK(same.sides[COMPARE_OLD].slots[n] == same.sides[COMPARE_NEW].slots[n]);
    CHECK(same.tables.inputs.count == image->input_count);
    CHECK(same.sides[COMPARE_OLD].refused == same.sides[COMPARE_NEW].refused);
}

int main(void)
{
    struct base_arena arena = {0};
    load(COMPARE_OLD, "tests/lang/verbs/diff.azr");
    load(COMPARE_NEW, "tests/lang/verbs/parts/diff-new.azr");
    join(&arena);
    test_random_machines();
    test_itself(&arena);
    base_arena_free(&arena);
    for (int side = 0; side < COMPARE_SIDES; side++)
        compile_free(&builds[side]);
    return check_summary("joint");
}
