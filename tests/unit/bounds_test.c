/* Bounds of every setting of the product's own rules, against the interpreter on many machines: no
 * value lies outside. */
#include "../check.h"
#include "compile/compile.h"
#include "prove/prove.h"

enum { MACHINES = 8000, BUDGET = 60 };

static uint64_t state = 1;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* The ends and small numbers as often as anything between. */
static int64_t pick_number(const struct image_input *input)
{
    const int64_t low = input->low > INT64_MIN ? input->low : 0;
    const int64_t high = input->high < INT64_MAX ? input->high : INT64_C(1) << 40;
    const uint64_t width = (uint64_t)(high - low) >> next() % 40;
    const int64_t offset = (int64_t)(next() % (width + 1));
    return next() % 4 == 0 ? high - offset : low + offset;
}

static int64_t pick_value(struct vm_machine *machine, const struct image_input *input)
{
    static const char *const lists[] = {"", "pg_cron", "pgaudit,timescaledb", "auto_explain,other"};
    static const char *const texts[] = {"zfs", "ext4", "*"};
    int64_t value = 0;
    switch (input->kind) {
    case IMAGE_BOOL:
        return (int64_t)(next() % 2);
    case IMAGE_ENUM:
        return machine->image->words[input->members + next() % input->member_count];
    case IMAGE_LIST:
        vm_make_text(machine, base_span_of(lists[next() % 4]), &value);
        return value;
    case IMAGE_TEXT:
        vm_make_text(machine, base_span_of(texts[next() % 3]), &value);
        return value;
    default:
        return pick_number(input);
    }
}

static void pick_machine(struct vm_machine *machine, struct vm_input *inputs)
{
    machine->text_used = 0;
    for (uint32_t i = 0; i < machine->image->input_count; i++) {
        const struct image_input *input = &machine->image->inputs[i];
        const bool silent = next() % 2 == 0 && (input->optional || input->has_default);
        inputs[i] = (struct vm_input){.source = IMAGE_NONE, .given = !silent};
        inputs[i].state = silent && !input->has_default ? VM_VOID : VM_VALUE;
        if (inputs[i].state == VM_VALUE)
            inputs[i].value = silent ? input->fallback : pick_value(machine, input);
    }
}

static bool is_named(const struct prove_bounds *bounds, const char *text)
{
    for (uint32_t i = 0; i < bounds->name_count; i++)
        if (base_text_is(bounds->names[i], text))
            return bounds->may >> i & 1;
    return bounds->may_be_other;
}

static bool is_inside(const struct vm_machine *machine, uint32_t slot,
                      const struct prove_bounds *bounds)
{
    const struct vm_slot *value = &machine->slots[slot];
    const unsigned kind = machine->image->code[slot].kind;
    if (value->state != VM_VALUE)
        return value->state == VM_TRAP || bounds->may_have_none;
    if (image_is_number(kind) || kind == IMAGE_BOOL)
        return bounds->may_have_value && value->value >= bounds->low &&
               value->value <= bounds->high;
    return bounds->may_have_value &&
           (kind != IMAGE_ENUM || is_named(bounds, vm_text(machine, value->value)));
}

/* Counts how many machines each output lies outside of its bounds on. */
static void run_machines(struct vm_machine *machine, struct vm_input *inputs,
                         const struct prove_bounds *bounds, uint32_t *outside)
{
    for (int m = 0; m < MACHINES; m++) {
        pick_machine(machine, inputs);
        vm_run(machine);
        for (uint32_t o = 0; o < machine->image->output_count; o++)
            outside[o] += !is_inside(machine, machine->image->outputs[o].slot, &bounds[o]);
    }
}

/* The names are copied because the prover reuses their place. */
static struct prove_bounds bounds_of(struct prover *prover, uint32_t slot, const char **names)
{
    struct prove_bounds bounds = prove_bounds(prover, slot, BUDGET);
    for (uint32_t i = 0; i < bounds.name_count; i++)
        names[i] = bounds.names[i];
    bounds.names = names;
    return bounds;
}

static void check_settings(struct prover *prover, struct vm_machine *machine,
                           struct vm_input *inputs)
{
    static struct prove_bounds bounds[LIMIT_SETTINGS];
    static const char *names[LIMIT_SETTINGS][64]; /* one for each bit of `may` */
    static uint32_t outside[LIMIT_SETTINGS];
    const struct image *image = machine->image;
    for (uint32_t o = 0; o < image->output_count; o++) {
        bounds[o] = bounds_of(prover, image->outputs[o].slot, names[o]);
        CHECK(!(bounds[o].low_is_met && bounds[o].high_is_met) || bounds[o].low <= bounds[o].high);
    }
    run_machines(machine, inputs, bounds, outside);
    for (uint32_t o = 0; o < image->output_count; o++) {
        if (outside[o] > 0)
            fprintf(stderr, "%s\n",
                    image_string(image, image->settings[image->outputs[o].setting].name));
        CHECK(outside[o] == 0);
    }
}

int main(void)
{
    static struct vm_input inputs[LIMIT_INPUTS];
    static struct vm_slot slots[LIMIT_SLOTS];
    static char text[LIMIT_TEXT_BYTES];
    const struct compile_options options = {.rules = "rules/main.azr"};
    struct compilation build = {0};
    struct image image;
    struct image_refusal refusal;
    if (compile_rules(&build, &options, false) != STATUS_FINE ||
        !image_open(build.image.data, build.image.length, &image, &refusal))
        return 1;
    struct vm_machine machine = {.image = &image,
                                 .slots = slots,
                                 .inputs = inputs,
                                 .text = text,
                                 .text_capacity = sizeof text};
    struct prover *prover = prove_new(&build.arena, &image);
    check_settings(prover, &machine, inputs);
    compile_free(&build);
    return check_summary("bounds");
}
