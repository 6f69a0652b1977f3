/* From one machine on which two rule sets differ to the region around it.
 *
 * The inputs are looked at one after another. A number goes up and down from where it is, in
 * growing steps, as long as the difference persists, and the last step is halved until its end is
 * exact; what was measured before is kept at its ends meanwhile, so that the difference is seen at
 * the corners of the region. */
#include <string.h>

#include "cmd/difference.h"

enum {
    CORNERS_MAX = 3,  /* numbers whose ends are tried together: 2^3 machines for each question */
    STEPS_LEAST = 16, /* a step is at most this part of the way to the end of the domain */
};

struct growth {
    const struct azc_finding *finding;
    struct azv_input *machine; /* the proof's own: what azq_breaks tries */
    struct azc_extent *extents;
    uint32_t corners[CORNERS_MAX];
    uint32_t corner_count;
};

static const struct azb_input *input_of(const struct growth *g, uint32_t input)
{
    return &g->finding->comparison->joint.tables.inputs.items[input];
}

/* ---- one question ---- */

/* An option that has a value other than its default was said; one without a default, if it has any.
 */
static struct azv_input with(const struct azb_input *input, struct azv_input trial,
                             enum azv_state state, int64_t value)
{
    trial.state = (uint8_t)state;
    trial.value = value;
    if (input->class == AZB_OPTION)
        trial.given =
            input->has_default ? trial.given || value != input->fallback : state == AZV_VALUE;
    return trial;
}

/* Whether the machine differs, at every corner of what was measured before. */
static bool differs(const struct growth *g)
{
    struct azv_input saved[CORNERS_MAX];
    bool all = true;
    for (uint32_t k = 0; k < g->corner_count; k++)
        saved[k] = g->machine[g->corners[k]];
    for (uint32_t corner = 0; all && corner < 1U << g->corner_count; corner++) {
        for (uint32_t k = 0; k < g->corner_count; k++) {
            const uint32_t i = g->corners[k];
            const struct azc_extent *extent = &g->extents[i];
            g->machine[i] = with(input_of(g, i), saved[k], AZV_VALUE,
                                 corner >> k & 1 ? extent->high : extent->low);
        }
        all = azq_breaks(g->finding->prover, g->finding->claim, g->finding->proof);
    }
    for (uint32_t k = 0; k < g->corner_count; k++)
        g->machine[g->corners[k]] = saved[k];
    return all;
}

static bool differs_with(const struct growth *g, uint32_t input, struct azv_input trial)
{
    const struct azv_input before = g->machine[input];
    g->machine[input] = trial;
    const bool answer = differs(g);
    g->machine[input] = before;
    return answer;
}

static bool differs_at(const struct growth *g, uint32_t input, int64_t value)
{
    return differs_with(g, input, with(input_of(g, input), g->machine[input], AZV_VALUE, value));
}

static bool differs_unknown(const struct growth *g, uint32_t input)
{
    const struct azb_input *from = input_of(g, input);
    return from->optional && !from->has_default &&
           differs_with(g, input, with(from, g->machine[input], AZV_VOID, 0));
}

/* ---- numbers ---- */

/* `steps` from `value` towards `end`, in units; the distance may need all 64 bits. */
static int64_t toward(int64_t value, int64_t end, uint64_t steps)
{
    return (int64_t)(end > value ? (uint64_t)value + steps : (uint64_t)value - steps);
}

static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* The last value that still differs, between one that does and one that does not. */
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

/* How far the difference goes on in one direction. */
static int64_t reach(const struct growth *g, uint32_t input, int64_t end)
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

static void grow_number(struct growth *g, uint32_t input, struct azc_extent *extent)
{
    const struct azb_input *from = input_of(g, input);
    const int64_t low = from->kind == AZB_BOOL ? 0 : from->low,
                  high = from->kind == AZB_BOOL ? 1 : from->high;
    extent->shape = AZC_RANGE;
    extent->low = reach(g, input, low);
    extent->high = reach(g, input, high);
    const bool whole = extent->low == low && extent->high == high;
    if (whole && (extent->or_unknown || !from->optional || from->has_default))
        extent->shape = AZC_ANY;
    if (extent->low != extent->high && g->corner_count < CORNERS_MAX && !whole)
        g->corners[g->corner_count++] = input;
}

/* ---- the rest ---- */

static void grow_members(struct growth *g, uint32_t input, struct azc_extent *extent)
{
    const struct azj_joint *joint = &g->finding->comparison->joint;
    const struct azb_input *from = input_of(g, input);
    bool all = true;
    extent->shape = AZC_MEMBERS;
    extent->members = aza_alloc(joint->arena, from->member_count + 1);
    for (uint32_t m = 0; m < from->member_count; m++) {
        const int64_t member = joint->tables.words.items[from->members + m];
        extent->members[m] = member == g->machine[input].value || differs_at(g, input, member);
        all &= extent->members[m];
    }
    if (all && (extent->or_unknown || !from->optional || from->has_default))
        extent->shape = AZC_ANY;
}

/* A text or list counts as any when the empty one differs too: there is no order to walk along. */
static void grow_text(struct growth *g, uint32_t input, struct azc_extent *extent)
{
    const struct azv_machine *run = azq_run_of(g->finding->prover, false);
    const char *text = azv_text(run, g->machine[input].value);
    extent->text = aza_copy_text(g->finding->comparison->joint.arena, text, strlen(text));
    extent->shape = *text != '\0' && differs_at(g, input, 0) ? AZC_ANY : AZC_EXACTLY;
}

/* Nothing was known; it counts as any when the difference stays for a few values. */
static bool differs_known(struct growth *g, uint32_t input)
{
    const struct azj_joint *joint = &g->finding->comparison->joint;
    const struct azb_input *from = input_of(g, input);
    bool all = true;
    if (from->kind == AZB_BOOL)
        return differs_at(g, input, 0) && differs_at(g, input, 1);
    if (azb_is_number(from->kind))
        return differs_at(g, input, from->low) && differs_at(g, input, from->high) &&
               differs_at(g, input, from->low / 2 + from->high / 2);
    for (uint32_t m = 0; all && m < from->member_count; m++)
        all = differs_at(g, input, joint->tables.words.items[from->members + m]);
    return all && (from->kind == AZB_ENUM || differs_at(g, input, 0));
}

/* Whether it matters that the operator said so, rather than that it is so. */
static enum azc_said grow_said(struct growth *g, uint32_t input)
{
    const struct azb_input *from = input_of(g, input);
    struct azv_input trial = g->machine[input];
    const bool bound =
        from->class == AZB_OPTION && (!from->has_default || trial.value != from->fallback);
    trial.given = !trial.given;
    if (bound || differs_with(g, input, trial))
        return AZC_EITHER;
    return trial.given ? AZC_UNSAID : AZC_SAID;
}

static void grow(struct growth *g, uint32_t input)
{
    struct azc_extent *extent = &g->extents[input];
    const struct azb_input *from = input_of(g, input);
    extent->said = grow_said(g, input);
    if (g->machine[input].state != AZV_VALUE) {
        extent->shape =
            from->class == AZB_SECRET || differs_known(g, input) ? AZC_ANY : AZC_UNKNOWN;
        return;
    }
    extent->or_unknown = differs_unknown(g, input);
    if (azb_is_number(from->kind) || from->kind == AZB_BOOL)
        grow_number(g, input, extent);
    else if (from->kind == AZB_ENUM)
        grow_members(g, input, extent);
    else
        grow_text(g, input, extent);
}

/* A number below zero is mostly the end of a domain without one: 0 reads better if it will do. */
static void prefer_zero(struct growth *g, uint32_t input)
{
    const struct azb_input *from = input_of(g, input);
    struct azv_input *here = &g->machine[input];
    if (azb_is_number(from->kind) && here->state == AZV_VALUE && here->value < 0 &&
        from->high >= 0 && differs_at(g, input, 0))
        *here = with(from, *here, AZV_VALUE, 0);
}

void azc_find_region(const struct azc_finding *finding, struct azc_region *region)
{
    const struct azj_joint *joint = &finding->comparison->joint;
    const uint32_t count = (uint32_t)joint->tables.inputs.count;
    struct growth g = {.finding = finding,
                       .machine = finding->proof->machine,
                       .extents = aza_alloc(joint->arena, (count + 1) * sizeof *g.extents)};
    azq_breaks(finding->prover, finding->claim, finding->proof);
    for (uint32_t i = 0; i < count; i++)
        if (finding->proof->matters[i])
            prefer_zero(&g, i);
    for (uint32_t i = 0; i < count; i++)
        if (finding->proof->matters[i])
            grow(&g, i);
    region->extents = g.extents;
    azq_breaks(finding->prover, finding->claim, finding->proof);
    azc_describe_region(finding, region);
}

/* ---- as code ---- */

struct asking {
    struct azi_code *code;
    const struct azj_joint *joint;
    const struct azb_input *input;
    azi_slot value; /* never void */
};

static azi_slot emit(const struct asking *asking, enum azb_opcode op, azi_slot a, azi_slot b)
{
    return azi_emit(asking->code, op, AZB_BOOL, a, b, 0, 0);
}

static azi_slot inside_range(const struct asking *asking, const struct azc_extent *extent)
{
    struct azi_code *code = asking->code;
    const enum azb_kind kind = (enum azb_kind)asking->input->kind;
    if (kind == AZB_BOOL)
        return extent->low != extent->high ? azi_constant(code, AZB_BOOL, 1)
                                           : emit(asking, AZB_OP_EQ, asking->value,
                                                  azi_constant(code, AZB_BOOL, extent->low));
    return emit(asking, AZB_OP_AND,
                emit(asking, AZB_OP_LE, azi_constant(code, kind, extent->low), asking->value),
                emit(asking, AZB_OP_LE, asking->value, azi_constant(code, kind, extent->high)));
}

static azi_slot inside_members(const struct asking *asking, const struct azc_extent *extent)
{
    azi_slot any = azi_constant(asking->code, AZB_BOOL, 0);
    for (uint32_t m = 0; m < asking->input->member_count; m++)
        if (extent->members[m]) {
            const uint32_t word = asking->joint->tables.words.items[asking->input->members + m];
            any = emit(
                asking, AZB_OP_OR, any,
                emit(asking, AZB_OP_EQ, asking->value, azi_constant(asking->code, AZB_ENUM, word)));
        }
    return any;
}

static azi_slot inside_values(const struct asking *asking, const struct azc_extent *extent)
{
    if (extent->shape == AZC_RANGE)
        return inside_range(asking, extent);
    if (extent->shape == AZC_MEMBERS)
        return inside_members(asking, extent);
    return emit(asking, AZB_OP_EQ, asking->value,
                azi_text(asking->code, (enum azb_kind)asking->input->kind, extent->text));
}

/* Some value, so that a question about the input always has an answer. */
static azi_slot stand_in(const struct asking *asking)
{
    const enum azb_kind kind = (enum azb_kind)asking->input->kind;
    if (kind == AZB_ENUM)
        return azi_constant(asking->code, kind,
                            asking->joint->tables.words.items[asking->input->members]);
    return azi_constant(asking->code, kind, azb_is_number(kind) ? asking->input->low : 0);
}

static azi_slot inside_extent(struct azj_joint *joint, uint32_t n, const struct azc_extent *extent)
{
    struct azi_code *code = &joint->code;
    struct asking asking = {.code = code, .joint = joint, .input = &joint->tables.inputs.items[n]};
    const enum azb_kind kind = (enum azb_kind)asking.input->kind;
    azi_slot inside = azi_constant(code, AZB_BOOL, 1);
    if (extent->shape != AZC_ANY) {
        const azi_slot input = azi_emit(code, AZB_OP_INPUT, kind, 0, 0, 0, n),
                       known = azi_emit(code, AZB_OP_KNOWN, AZB_BOOL, input, 0, 0, 0);
        asking.value = azi_emit(code, AZB_OP_ELSE, kind, input, stand_in(&asking), 0, 0);
        inside = emit(&asking, AZB_OP_NOT, known, 0);
        if (extent->shape != AZC_UNKNOWN)
            inside = extent->or_unknown
                         ? emit(&asking, AZB_OP_OR, inside, inside_values(&asking, extent))
                         : emit(&asking, AZB_OP_AND, known, inside_values(&asking, extent));
    }
    if (extent->said == AZC_EITHER)
        return inside;
    azi_slot said = azi_emit(code, AZB_OP_GIVEN, AZB_BOOL, 0, 0, 0, n);
    if (extent->said == AZC_UNSAID)
        said = emit(&asking, AZB_OP_NOT, said, 0);
    return emit(&asking, AZB_OP_AND, said, inside);
}

azi_slot azc_inside(struct azj_joint *joint, const struct azc_region *region)
{
    azi_slot inside = azi_constant(&joint->code, AZB_BOOL, 1);
    for (uint32_t i = 0; i < joint->tables.inputs.count; i++)
        if (region->extents[i].shape != AZC_ANY || region->extents[i].said != AZC_EITHER)
            inside = azi_emit(&joint->code, AZB_OP_AND, AZB_BOOL, inside,
                              inside_extent(joint, i, &region->extents[i]), 0, 0);
    return inside;
}
