/* Between boxes and machines: the domain of each input, one machine out of a box, and what the real
 * interpreter makes of it. */
#include <string.h>
#include "prove/parts.h"

bool azq_is_pair(enum azq_shape shape)
{
    return shape >= AZQ_RISES;
}

static uint64_t every_name(const struct azq_prover *prover)
{
    return ((UINT64_C(1) << prover->name_count) - 1) | AZQ_OTHER;
}

struct azq_range azq_domain(struct azq_prover *prover, uint32_t input)
{
    const struct azb_image *image = prover->image;
    const struct azb_input *from = &image->inputs[input];
    struct azq_range range = {.may_be_known = true,
                              .may_be_unknown = from->optional && !from->has_default,
                              .may_be_given = true,
                              .may_be_default = true,
                              .low = from->low,
                              .high = from->high};
    if (from->kind == AZB_BOOL) {
        range.low = 0;
        range.high = 1;
    } else if (from->kind == AZB_ENUM) {
        for (uint32_t m = 0; m < from->member_count; m++)
            range.may |= azq_text_set(prover, azb_string(image, image->words[from->members + m]));
    } else if (!azb_is_number(from->kind)) {
        range.may = every_name(prover);
    }
    if (azb_is_number(from->kind) && prover->least[input] > range.low)
        range.low = prover->least[input];
    if (prover->silent[input]) {
        range.may_be_given = false;
        range.may_be_known = range.may_be_known && !range.may_be_unknown;
    }
    if (from->class == AZB_SECRET) /* it may always be missing */
        range.may_be_unknown = true;
    azq_settle(prover, input, &range);
    return range;
}

static bool hold_default(struct azq_prover *prover, const struct azb_input *from,
                         struct azq_range *range)
{
    if (azb_is_number(from->kind) || from->kind == AZB_BOOL) {
        if (from->fallback < range->low || from->fallback > range->high)
            return false;
        range->low = range->high = from->fallback;
        return true;
    }
    const char *text = azb_string(prover->image, (uint32_t)from->fallback);
    const uint64_t set =
        from->kind == AZB_LIST ? azq_list_set(prover, text) : azq_text_set(prover, text);
    const uint64_t narrowed = from->kind == AZB_LIST ? set : range->may & set;
    if (narrowed == 0 && from->kind != AZB_LIST)
        return false;
    range->may = narrowed;
    range->must = from->kind == AZB_LIST ? set & ~AZQ_OTHER : 0;
    return true;
}

bool azq_settle(struct azq_prover *prover, uint32_t input, struct azq_range *range)
{
    const struct azb_input *from = &prover->image->inputs[input];
    if (from->class != AZB_FACT && !from->has_default) { /* given is known */
        range->may_be_given = range->may_be_known = range->may_be_given && range->may_be_known;
        range->may_be_default = range->may_be_unknown =
            range->may_be_default && range->may_be_unknown;
    }
    range->may_be_given = range->may_be_given && range->may_be_known;
    range->may_be_unknown = range->may_be_unknown && range->may_be_default;
    if (from->class == AZB_OPTION && from->has_default && !range->may_be_given &&
        !hold_default(prover, from, range))
        return false;
    return (range->may_be_known || range->may_be_unknown) &&
           (range->may_be_given || range->may_be_default);
}

/* ---- one machine ---- */

static const char *name_of(const struct azq_prover *prover, uint64_t bit)
{
    if (bit == AZQ_OTHER)
        return "something_else";
    return prover->names[__builtin_ctzll(bit)];
}

static int64_t pick_member(const struct azq_prover *prover, const struct azb_input *from,
                           uint64_t set)
{
    const struct azb_image *image = prover->image;
    for (uint32_t m = 0; m < from->member_count; m++) {
        const uint32_t word = image->words[from->members + m];
        if (azq_text_set(prover, azb_string(image, word)) & set)
            return word;
    }
    return from->fallback;
}

static int64_t pick_list(struct azq_prover *prover, uint64_t set)
{
    char bytes[AZA_TEXT_VALUE_MAX];
    struct aza_sink sink = AZA_SINK(bytes);
    int64_t value = 0;
    for (uint32_t i = 0; i < prover->name_count; i++)
        if (set & UINT64_C(1) << i)
            AZA_PUT(&sink, sink.length > 0 ? "," : "", prover->names[i]);
    azv_make_text(&prover->runs[0], (struct aza_span){bytes, sink.length}, &value);
    return value;
}

static int64_t pick_name(struct azq_prover *prover, const struct azb_input *from, uint64_t set,
                         enum azq_corner corner)
{
    uint64_t bit = set & -set;
    int64_t value = 0;
    if (corner == AZQ_HIGH && set != 0)
        bit = UINT64_C(1) << (63 - __builtin_clzll(set));
    if (bit == 0)
        return from->fallback;
    if (from->kind == AZB_ENUM)
        return pick_member(prover, from, bit);
    azv_make_text(&prover->runs[0], aza_span_of(name_of(prover, bit)), &value);
    return value;
}

/* What the default is may be told from whether it was given. */
static void pick_given(const struct azb_input *from, const struct azq_range *range,
                       struct azv_input *out)
{
    const bool is_default = from->has_default && out->value == from->fallback;
    out->given =
        out->state == AZV_VALUE && range->may_be_given && (!range->may_be_default || !is_default);
    if (from->class == AZB_OPTION)
        out->given = from->has_default ? out->given : out->state == AZV_VALUE;
    out->source = AZB_NONE;
    out->label = out->given ? "given" : "default";
}

static int64_t pick_value(struct azq_prover *prover, uint32_t input, const struct azq_range *range,
                          enum azq_corner corner, const bool *downward)
{
    const struct azb_input *from = &prover->image->inputs[input];
    if (from->kind == AZB_LIST)
        return pick_list(prover, corner == AZQ_HIGH ? range->may : range->must);
    if (from->kind == AZB_TEXT || from->kind == AZB_ENUM)
        return pick_name(prover, from, range->may, corner);
    const bool low = corner == AZQ_LOW || (corner == AZQ_GUIDED && downward[input]);
    return low ? range->low : range->high;
}

/* An input that the claim does not depend on is what it is when nobody says anything. */
static struct azv_input silent(const struct azb_image *image, const struct azb_input *from)
{
    struct azv_input out = {.value = from->fallback, .state = AZV_VALUE, .source = AZB_NONE};
    if (from->optional && !from->has_default)
        out.state = AZV_VOID;
    else if (!from->has_default && azb_is_number(from->kind))
        out.value = from->low > INT64_MIN ? from->low : from->high < 0 ? from->high : 0;
    else if (!from->has_default && from->kind == AZB_ENUM)
        out.value = image->words[from->members];
    out.given = from->class == AZB_OPTION && !from->has_default && out.state == AZV_VALUE;
    return out;
}

void azq_pick(struct azq_prover *prover, const struct azq_range *box, enum azq_corner corner,
              const bool *downward, struct azv_input *machine)
{
    const struct azb_image *image = prover->image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const struct azb_input *from = &image->inputs[i];
        const struct azq_range *range = &box[i];
        machine[i] = silent(image, from);
        if (!prover->matters[i])
            continue;
        const bool known = range->may_be_known && (corner == AZQ_HIGH || !range->may_be_unknown);
        machine[i].state = known ? AZV_VALUE : AZV_VOID;
        if (known)
            machine[i].value = pick_value(prover, i, range, corner, downward);
        pick_given(from, range, &machine[i]);
        if (from->class == AZB_OPTION && from->has_default && !machine[i].given)
            machine[i].value = from->fallback;
    }
}

/* ---- running ---- */

static bool is_refused(const struct azv_machine *run)
{
    const struct azb_image *image = run->image;
    for (uint32_t i = 0; i < image->check_count; i++) {
        const struct azv_slot *condition = &run->slots[image->checks[i].condition];
        if (image->checks[i].class == AZB_CHECK_REFUSE && condition->state == AZV_VALUE &&
            condition->value != 0)
            return true;
    }
    return false;
}

/* What the run itself puts together is dropped afterwards. */
bool azq_run(struct azq_prover *prover, uint32_t which, const struct azv_input *machine)
{
    struct azv_machine *run = &prover->runs[which];
    const size_t text_used = prover->runs[0].text_used;
    memcpy(prover->machines[which], machine,
           prover->image->input_count * sizeof *prover->machines[which]);
    run->text_used = text_used;
    azv_run(run);
    azq_work(prover, run->image->code_count / 4 + run->list_work / 64);
    run->text_used = text_used;
    return is_refused(run);
}

bool azq_second(const struct azq_prover *prover, const struct azq_claim *claim,
                const struct azv_input *first, struct azv_input *second)
{
    const uint32_t count = prover->image->input_count;
    memcpy(second, first, count * sizeof *second);
    struct azv_input *moved = &second[claim->input];
    const struct azb_input *from = &prover->image->inputs[claim->input];
    if (claim->shape == AZQ_LEAST || claim->shape == AZQ_MOST) {
        moved->state = AZV_VALUE;
        moved->given = from->class == AZB_OPTION;
    } else if (moved->state != AZV_VALUE || moved->value >= from->high) {
        return false;
    } else {
        moved->value++;
    }
    return true;
}

static bool is_equal(const struct azq_prover *prover, const struct azq_claim *claim)
{
    const struct azv_slot *a = &prover->runs[0].slots[claim->a],
                          *b = &prover->runs[0].slots[claim->b];
    if (a->state != AZV_VALUE || b->state != AZV_VALUE)
        return a->state == b->state;
    const unsigned kind = prover->image->code[claim->a].kind;
    if (kind == AZB_TEXT || kind == AZB_LIST || kind == AZB_ENUM)
        return aza_text_is(azv_text(&prover->runs[0], a->value),
                           azv_text(&prover->runs[0], b->value));
    return a->value == b->value;
}

static bool guard_holds(const struct azq_claim *claim, const struct azv_machine *run)
{
    return claim->guard == AZB_NONE ||
           (run->slots[claim->guard].state == AZV_VALUE && run->slots[claim->guard].value != 0);
}

static bool pair_is_broken(const struct azq_prover *prover, const struct azq_claim *claim)
{
    const struct azv_slot *before = &prover->runs[0].slots[claim->a],
                          *now = &prover->runs[1].slots[claim->a];
    if (before->state != AZV_VALUE || now->state != AZV_VALUE ||
        !guard_holds(claim, &prover->runs[1]))
        return false;
    const aza_wide change = (aza_wide)now->value - before->value,
                   size = change < 0 ? -change : change,
                   from = before->value < 0 ? -(aza_wide)before->value : before->value;
    switch (claim->shape) {
    case AZQ_RISES:
    case AZQ_LEAST:
        return change < 0;
    case AZQ_FALLS:
    case AZQ_MOST:
        return change > 0;
    default:
        return size * 1000000 > from * claim->limit &&
               !(prover->image->code[claim->a].kind == AZB_INT && size <= 1);
    }
}

bool azq_is_broken(const struct azq_prover *prover, const struct azq_claim *claim)
{
    const struct azv_slot *a = &prover->runs[0].slots[claim->a];
    if (!guard_holds(claim, &prover->runs[0]))
        return false;
    switch (claim->shape) {
    case AZQ_HOLDS:
        return a->state == AZV_VALUE && a->value == 0;
    case AZQ_NEVER:
        return a->state == AZV_VALUE && a->value != 0;
    case AZQ_ANSWERS:
        return a->state == AZV_TRAP && a->trap != AZV_TRAP_TEXT;
    case AZQ_UNBOUND: {
        const struct azv_slot *b = &prover->runs[0].slots[claim->b];
        return a->state == AZV_VALUE && b->state == AZV_VALUE && a->value > b->value;
    }
    case AZQ_SAME:
        return !is_equal(prover, claim);
    default:
        return pair_is_broken(prover, claim);
    }
}
