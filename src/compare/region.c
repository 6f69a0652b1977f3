/* From one machine on which two rule sets differ to the region around it.
 *
 * The inputs that matter are extended one after another. A number moves up and down from its value
 * in growing steps as long as the difference persists; the last step is bisected until the end is
 * exact. Of an enum, every member is tried; texts and lists have no order to search along, so only
 * the empty one is. Numbers measured before are tried at both of their ends, so that the difference
 * is observed at the corners of the region; at most CORNERS_MAX of them, as their number doubles
 * with each. What lies between is not proved to differ.
 *
 * Every trial changes the machine of the proof, runs it, and restores it. The second part of the
 * file writes a region as code, which the next round excludes. */
#include <string.h>

#include "compare/compare.h"

enum {
    CORNERS_MAX = 3,  /* numbers whose ends are combined: 2^3 machines per trial */
    STEPS_LEAST = 16, /* a step is at most 1/16 of the distance to the end of the domain */
};

struct growth {
    const struct compare_finding *finding;
    struct vm_input *machine; /* the proof's own: what prove_breaks tries */
    struct compare_extent *extents;
    uint32_t corners[CORNERS_MAX];
    uint32_t corner_count;
};

static const struct image_input *input_of(const struct growth *g, uint32_t input)
{
    return &g->finding->comparison->joint.tables.inputs.items[input];
}

/* --- one trial --- */

/* The trial with another value. An option counts as given if it has another value than its default,
 * or, without a default, any value. */
static struct vm_input with_value(const struct image_input *input, struct vm_input trial,
                                  enum vm_state state, int64_t value)
{
    trial.state = (uint8_t)state;
    trial.value = value;
    if (input->class == IMAGE_OPTION)
        trial.given =
            input->has_default ? trial.given || value != input->fallback : state == VM_VALUE;
    return trial;
}

/* Whether the rule sets differ on the machine, at every corner of the numbers measured before. */
static bool differs_at_corners(const struct growth *g)
{
    struct vm_input saved[CORNERS_MAX];
    bool all = true;
    for (uint32_t k = 0; k < g->corner_count; k++)
        saved[k] = g->machine[g->corners[k]];
    for (uint32_t corner = 0; all && corner < 1U << g->corner_count; corner++) {
        for (uint32_t k = 0; k < g->corner_count; k++) {
            const uint32_t i = g->corners[k];
            const struct compare_extent *extent = &g->extents[i];
            g->machine[i] = with_value(input_of(g, i), saved[k], VM_VALUE,
                                       corner >> k & 1 ? extent->high : extent->low);
        }
        all = prove_breaks(g->finding->prover, g->finding->claim, g->finding->proof);
    }
    for (uint32_t k = 0; k < g->corner_count; k++)
        g->machine[g->corners[k]] = saved[k];
    return all;
}

static bool differs_with(const struct growth *g, uint32_t input, struct vm_input trial)
{
    const struct vm_input before = g->machine[input];
    g->machine[input] = trial;
    const bool answer = differs_at_corners(g);
    g->machine[input] = before;
    return answer;
}

static bool differs_at(const struct growth *g, uint32_t input, int64_t value)
{
    return differs_with(g, input,
                        with_value(input_of(g, input), g->machine[input], VM_VALUE, value));
}

static bool differs_unknown(const struct growth *g, uint32_t input)
{
    const struct image_input *from = input_of(g, input);
    return from->optional && !from->has_default &&
           differs_with(g, input, with_value(from, g->machine[input], VM_VOID, 0));
}

/* --- numbers --- */

/* The value `steps` units from `value` towards `end`; the distance may need all 64 bits, so it is
 * computed without signs. */
static int64_t toward(int64_t value, int64_t end, uint64_t steps)
{
    return (int64_t)(end > value ? (uint64_t)value + steps : (uint64_t)value - steps);
}

static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* The last value with a difference, between one with (`good`) and one without (`bad`). */
static int64_t bisect(const struct growth *g, uint32_t input, int64_t good, int64_t bad)
{
    while (distance(good, bad) > 1) {
        const int64_t middle = toward(good, bad, distance(good, bad) / 2);
        if (differs_at(g, input, middle))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

/* The last value towards `end` to which the difference extends. */
static int64_t last_differing(const struct growth *g, uint32_t input, int64_t end)
{
    int64_t good = g->machine[input].value;
    const uint64_t widest = distance(good, end) / STEPS_LEAST + 1;
    for (uint64_t step = 1; good != end; step = step > widest / 2 ? widest : step * 2) {
        const uint64_t left = distance(good, end);
        const int64_t next = toward(good, end, step < left ? step : left);
        if (!differs_at(g, input, next))
            return bisect(g, input, good, next);
        good = next;
    }
    return good;
}

/* Extends a number or truth value. The whole domain is no condition, unless being unknown differs.
 */
static void grow_number(struct growth *g, uint32_t input, struct compare_extent *extent)
{
    const struct image_input *from = input_of(g, input);
    const int64_t low = from->kind == IMAGE_BOOL ? 0 : from->low,
                  high = from->kind == IMAGE_BOOL ? 1 : from->high;
    extent->shape = COMPARE_RANGE;
    extent->low = last_differing(g, input, low);
    extent->high = last_differing(g, input, high);
    const bool whole = extent->low == low && extent->high == high;
    if (whole && (extent->or_unknown || !from->optional || from->has_default))
        extent->shape = COMPARE_ANY;
    if (extent->low != extent->high && g->corner_count < CORNERS_MAX && !whole)
        g->corners[g->corner_count++] = input;
}

/* --- other kinds --- */

/* Extends an enum to each member that differs. */
static void grow_members(struct growth *g, uint32_t input, struct compare_extent *extent)
{
    const struct compare_joint *joint = &g->finding->comparison->joint;
    const struct image_input *from = input_of(g, input);
    bool all = true;
    extent->shape = COMPARE_MEMBERS;
    extent->members = base_alloc(joint->arena, from->member_count + 1);
    for (uint32_t m = 0; m < from->member_count; m++) {
        const int64_t member = joint->tables.words.items[from->members + m];
        extent->members[m] = member == g->machine[input].value || differs_at(g, input, member);
        all &= extent->members[m];
    }
    if (all && (extent->or_unknown || !from->optional || from->has_default))
        extent->shape = COMPARE_ANY;
}

/* A text or list counts as any if the empty one differs too, as there is no order to search along.
 */
static void grow_text(struct growth *g, uint32_t input, struct compare_extent *extent)
{
    const struct vm_machine *run = prove_run_of(g->finding->prover, false);
    const char *text = vm_text(run, g->machine[input].value);
    extent->text = base_copy_text(g->finding->comparison->joint.arena, text, strlen(text));
    extent->shape = *text != '\0' && differs_at(g, input, 0) ? COMPARE_ANY : COMPARE_EXACTLY;
}

/* The value was unknown; it counts as any if the difference persists for a few values. */
static bool differs_known(struct growth *g, uint32_t input)
{
    const struct compare_joint *joint = &g->finding->comparison->joint;
    const struct image_input *from = input_of(g, input);
    bool all = true;
    if (from->kind == IMAGE_BOOL)
        return differs_at(g, input, 0) && differs_at(g, input, 1);
    if (image_is_number(from->kind))
        return differs_at(g, input, from->low) && differs_at(g, input, from->high) &&
               differs_at(g, input, from->low / 2 + from->high / 2);
    for (uint32_t m = 0; all && m < from->member_count; m++)
        all = differs_at(g, input, joint->tables.words.items[from->members + m]);
    return all && (from->kind == IMAGE_ENUM || differs_at(g, input, 0));
}

/* Whether the difference depends on the input being set explicitly, rather than on its value. */
static enum compare_given grow_given(struct growth *g, uint32_t input)
{
    const struct image_input *from = input_of(g, input);
    struct vm_input trial = g->machine[input];
    const bool bound =
        from->class == IMAGE_OPTION && (!from->has_default || trial.value != from->fallback);
    trial.given = !trial.given;
    if (bound || differs_with(g, input, trial))
        return COMPARE_EITHER;
    return trial.given ? COMPARE_NOT_GIVEN : COMPARE_GIVEN;
}

static void grow_input(struct growth *g, uint32_t input)
{
    struct compare_extent *extent = &g->extents[input];
    const struct image_input *from = input_of(g, input);
    extent->given = grow_given(g, input);
    if (g->machine[input].state != VM_VALUE) {
        extent->shape =
            from->class == IMAGE_SECRET || differs_known(g, input) ? COMPARE_ANY : COMPARE_UNKNOWN;
        return;
    }
    extent->or_unknown = differs_unknown(g, input);
    if (image_is_number(from->kind) || from->kind == IMAGE_BOOL)
        grow_number(g, input, extent);
    else if (from->kind == IMAGE_ENUM)
        grow_members(g, input, extent);
    else
        grow_text(g, input, extent);
}

/* A negative number is usually the end of an unbounded domain: 0 is easier to read if it differs
 * too. */
static void prefer_zero(struct growth *g, uint32_t input)
{
    const struct image_input *from = input_of(g, input);
    struct vm_input *here = &g->machine[input];
    if (image_is_number(from->kind) && here->state == VM_VALUE && here->value < 0 &&
        from->high >= 0 && differs_at(g, input, 0))
        *here = with_value(from, *here, VM_VALUE, 0);
}

void compare_find_region(const struct compare_finding *finding, struct compare_region *region)
{
    const struct compare_joint *joint = &finding->comparison->joint;
    const uint32_t count = (uint32_t)joint->tables.inputs.count;
    struct growth g = {.finding = finding,
                       .machine = finding->proof->machine,
                       .extents = base_alloc(joint->arena, (count + 1) * sizeof *g.extents)};
    prove_breaks(finding->prover, finding->claim, finding->proof);
    for (uint32_t i = 0; i < count; i++)
        if (finding->proof->matters[i])
            prefer_zero(&g, i);
    for (uint32_t i = 0; i < count; i++)
        if (finding->proof->matters[i])
            grow_input(&g, i);
    region->extents = g.extents;
    prove_breaks(finding->prover, finding->claim, finding->proof);
    compare_describe_region(finding, region);
}

/* --- as code --- */

struct asking {
    struct ir_code *code;
    const struct compare_joint *joint;
    const struct image_input *input;
    ir_slot value; /* never void */
};

static ir_slot append_bool(const struct asking *asking, enum image_opcode op, ir_slot a, ir_slot b)
{
    return ir_emit(asking->code, op, IMAGE_BOOL, a, b, 0, 0);
}

static ir_slot inside_range(const struct asking *asking, const struct compare_extent *extent)
{
    struct ir_code *code = asking->code;
    const enum image_kind kind = (enum image_kind)asking->input->kind;
    if (kind == IMAGE_BOOL)
        return extent->low != extent->high
                   ? ir_constant(code, IMAGE_BOOL, 1)
                   : append_bool(asking, IMAGE_OP_EQ, asking->value,
                                 ir_constant(code, IMAGE_BOOL, extent->low));
    return append_bool(
        asking, IMAGE_OP_AND,
        append_bool(asking, IMAGE_OP_LE, ir_constant(code, kind, extent->low), asking->value),
        append_bool(asking, IMAGE_OP_LE, asking->value, ir_constant(code, kind, extent->high)));
}

static ir_slot inside_members(const struct asking *asking, const struct compare_extent *extent)
{
    ir_slot any = ir_constant(asking->code, IMAGE_BOOL, 0);
    for (uint32_t m = 0; m < asking->input->member_count; m++)
        if (extent->members[m]) {
            const uint32_t word = asking->joint->tables.words.items[asking->input->members + m];
            any = append_bool(asking, IMAGE_OP_OR, any,
                              append_bool(asking, IMAGE_OP_EQ, asking->value,
                                          ir_constant(asking->code, IMAGE_ENUM, word)));
        }
    return any;
}

static ir_slot inside_values(const struct asking *asking, const struct compare_extent *extent)
{
    if (extent->shape == COMPARE_RANGE)
        return inside_range(asking, extent);
    if (extent->shape == COMPARE_MEMBERS)
        return inside_members(asking, extent);
    return append_bool(asking, IMAGE_OP_EQ, asking->value,
                       ir_text(asking->code, (enum image_kind)asking->input->kind, extent->text));
}

/* A value in place of a missing one, so that the conditions are never void; for texts and enums the
 * empty text. */
static ir_slot value_if_missing(const struct asking *asking)
{
    const enum image_kind kind = (enum image_kind)asking->input->kind;
    return ir_constant(asking->code, kind, image_is_number(kind) ? asking->input->low : 0);
}

/* Code that holds if one input is in its extent, with or without being unknown, and given or not.
 */
static ir_slot inside_extent(struct compare_joint *joint, uint32_t n,
                             const struct compare_extent *extent)
{
    struct ir_code *code = &joint->code;
    struct asking asking = {.code = code, .joint = joint, .input = &joint->tables.inputs.items[n]};
    const enum image_kind kind = (enum image_kind)asking.input->kind;
    ir_slot inside = ir_constant(code, IMAGE_BOOL, 1);
    if (extent->shape != COMPARE_ANY) {
        const ir_slot input = ir_emit(code, IMAGE_OP_INPUT, kind, 0, 0, 0, n),
                      known = ir_emit(code, IMAGE_OP_KNOWN, IMAGE_BOOL, input, 0, 0, 0);
        asking.value = ir_emit(code, IMAGE_OP_ELSE, kind, input, value_if_missing(&asking), 0, 0);
        inside = append_bool(&asking, IMAGE_OP_NOT, known, 0);
        if (extent->shape != COMPARE_UNKNOWN)
            inside =
                extent->or_unknown
                    ? append_bool(&asking, IMAGE_OP_OR, inside, inside_values(&asking, extent))
                    : append_bool(&asking, IMAGE_OP_AND, known, inside_values(&asking, extent));
    }
    if (extent->given == COMPARE_EITHER)
        return inside;
    ir_slot given = ir_emit(code, IMAGE_OP_GIVEN, IMAGE_BOOL, 0, 0, 0, n);
    if (extent->given == COMPARE_NOT_GIVEN)
        given = append_bool(&asking, IMAGE_OP_NOT, given, 0);
    return append_bool(&asking, IMAGE_OP_AND, given, inside);
}

ir_slot compare_inside(struct compare_joint *joint, const struct compare_region *region)
{
    ir_slot inside = ir_constant(&joint->code, IMAGE_BOOL, 1);
    for (uint32_t i = 0; i < joint->tables.inputs.count; i++)
        if (region->extents[i].shape != COMPARE_ANY || region->extents[i].given != COMPARE_EITHER)
            inside = ir_emit(&joint->code, IMAGE_OP_AND, IMAGE_BOOL, inside,
                             inside_extent(joint, i, &region->extents[i]), 0, 0);
    return inside;
}
