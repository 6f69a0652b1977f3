/* Bounds of every setting of the product's own rules, against the interpreter on many machines: no
 * value lies outside. */
#include "../check.h"
#include "cmd/azc.h"
#include "prove/prove.h"

enum { MACHINES = 400, BUDGET = 60 };

static uint64_t state = 1;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* The ends and small numbers as often as anything between. */
static int64_t pick_number(const struct azb_input *input)
{
    const int64_t low = input->low > INT64_MIN ? input->low : 0;
    const int64_t high = input->high < INT64_MAX ? input->high : INT64_C(1) << 40;
    const uint64_t width = (uint64_t)(high - low) >> next() % 40;
    const int64_t offset = (int64_t)(next() % (width + 1));
    return next() % 4 == 0 ? high - offset : low + offset;
}

static int64_t pick_value(struct azv_machine *machine, const struct azb_input *input)
{
    static const char *const lists[] = {"", "pg_cron", "pgaudit,timescaledb", "auto_explain,other"};
    static const char *const texts[] = {"zfs", "ext4", "*"};
    int64_t value = 0;
    switch (input->kind) {
    case AZB_BOOL:
        return (int64_t)(next() % 2);
    case AZB_ENUM:
        return machine->image->words[input->members + next() % input->member_count];
    case AZB_LIST:
        azv_make_text(machine, aza_span_of(lists[next() % 4]), &value);
        return value;
    case AZB_TEXT:
        azv_make_text(machine, aza_span_of(texts[next() % 3]), &value);
        return value;
    default:
        return pick_number(input);
    }
}

static void pick_machine(struct azv_machine *machine, struct azv_input *inputs)
{
    machine->text_used = 0;
    for (uint32_t i = 0; i < machine->image->input_count; i++) {
        const struct azb_input *input = &machine->image->inputs[i];
        const bool silent = next() % 2 == 0 && (input->optional || input->has_default);
        inputs[i] = (struct azv_input){.source = AZB_NONE, .given = !silent};
        inputs[i].state = silent && !input->has_default ? AZV_VOID : AZV_VALUE;
        if (inputs[i].state == AZV_VALUE)
            inputs[i].value = silent ? input->fallback : pick_value(machine, input);
    }
}

static bool is_named(const struct azq_bounds *bounds, const char *text)
{
    for (uint32_t i = 0; i < bounds->name_count; i++)
        if (aza_text_is(bounds->names[i], text))
            return bounds->may >> i & 1;
    return bounds->may_be_other;
}

static bool is_inside(const struct azv_machine *machine, uint32_t slot,
                      const struct azq_bounds *bounds)
{
    const struct azv_slot *value = &machine->slots[slot];
    const unsigned kind = machine->image->code[slot].kind;
    if (value->state != AZV_VALUE)
        return value->state == AZV_TRAP || bounds->may_have_none;
    if (azb_is_number(kind) || kind == AZB_BOOL)
        return bounds->may_have_value && value->value >= bounds->low &&
               value->value <= bounds->high;
    return bounds->may_have_value &&
           (kind != AZB_ENUM || is_named(bounds, azv_text(machine, value->value)));
}

static void check_setting(struct azq_prover *prover, struct azv_machine *machine,
                          struct azv_input *inputs, const struct azb_output *output)
{
    const struct azq_bounds bounds = azq_bounds(prover, output->slot, BUDGET);
    uint32_t outside = 0;
    CHECK(!(bounds.low_is_met && bounds.high_is_met) || bounds.low <= bounds.high);
    for (int m = 0; m < MACHINES; m++) {
        pick_machine(machine, inputs);
        azv_run(machine);
        outside += !is_inside(machine, output->slot, &bounds);
    }
    if (outside > 0)
        fprintf(stderr, "%s\n",
                azb_string(machine->image, machine->image->settings[output->setting].name));
    CHECK(outside == 0);
}

int main(void)
{
    static struct azv_input inputs[AZA_INPUTS_MAX];
    static struct azv_slot slots[AZA_SLOTS_MAX];
    static char text[AZA_TEXT_BYTES_MAX];
    const struct azc_options options = {.rules = "rules/main.azr", .root = ""};
    struct azc_build build = {0};
    struct azb_image image;
    struct azb_refusal refusal;
    if (azc_build_rules(&build, &options, false) != AZC_FINE ||
        !azb_open(build.image.data, build.image.length, &image, &refusal))
        return 1;
    struct azv_machine machine = {.image = &image,
                                  .slots = slots,
                                  .inputs = inputs,
                                  .text = text,
                                  .text_capacity = sizeof text};
    struct azq_prover *prover = azq_new(&build.arena, &image);
    for (uint32_t o = 0; o < image.output_count; o++)
        check_setting(prover, &machine, inputs, &image.outputs[o]);
    azc_free(&build);
    return check_summary("bounds");
}
