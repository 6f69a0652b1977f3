/* Between boxes and machines: the domain of each input, single machines of a box, and their results
 * from the real interpreter.
 *
 * A range of an input has two independent pairs of flags, known or unknown and given or default,
 * beside its values. Not every combination exists: prove_settle removes those that do not, and must
 * run after every change of a range. A refutation is never taken from a walk: prove_breaks_with
 * runs the machine, and the one beside it for claims about two, and looks at the slots. */
#include <string.h>
#include "prove/parts.h"

static uint64_t every_name(const struct prover *prover)
{
    return ((UINT64_C(1) << prover->name_count) - 1) | PROVE_OTHER;
}

struct prove_range prove_domain(struct prover *prover, uint32_t input)
{
    const struct image *image = prover->image;
    const struct image_input *from = &image->inputs[input];
    struct prove_range range = {.may_be_known = true,
                                .may_be_unknown = from->optional && !from->has_default,
                                .may_be_given = true,
                                .may_be_default = true,
                                .low = from->low,
                                .high = from->high};
    if (from->kind == IMAGE_BOOL) {
        range.low = 0;
        range.high = 1;
    } else if (from->kind == IMAGE_ENUM) {
        for (uint32_t m = 0; m < from->member_count; m++)
            range.may |=
                prove_text_set(prover, image_string(image, image->words[from->members + m]));
    } else if (!image_is_number(from->kind)) {
        range.may = every_name(prover);
    }
    if (image_is_number(from->kind) && prover->least[input] > range.low)
        range.low = prover->least[input];
    if (prover->silent[input]) {
        range.may_be_given = false;
        range.may_be_known = range.may_be_known && !range.may_be_unknown;
    }
    if (from->class == IMAGE_SECRET) /* it may always be missing */
        range.may_be_unknown = true;
    prove_settle(prover, input, &range);
    return range;
}

/* Narrows the range to the option's default; false if the range does not contain it. A list is not
 * tested: whatever its range was, the default is the only list that remains. */
static bool hold_default(struct prover *prover, const struct image_input *from,
                         struct prove_range *range)
{
    if (!image_is_text(from->kind)) {
        if (from->fallback < range->low || from->fallback > range->high)
            return false;
        range->low = range->high = from->fallback;
        return true;
    }
    const char *text = image_string(prover->image, (uint32_t)from->fallback);
    const uint64_t set =
        from->kind == IMAGE_LIST ? prove_list_set(prover, text) : prove_text_set(prover, text);
    const uint64_t narrowed = from->kind == IMAGE_LIST ? set : range->may & set;
    if (narrowed == 0 && from->kind != IMAGE_LIST)
        return false;
    range->may = narrowed;
    range->must = from->kind == IMAGE_LIST ? set & ~PROVE_OTHER : 0;
    return true;
}

bool prove_settle(struct prover *prover, uint32_t input, struct prove_range *range)
{
    const struct image_input *from = &prover->image->inputs[input];
    if (from->class != IMAGE_FACT && !from->has_default) { /* given and known are the same */
        range->may_be_given = range->may_be_known = range->may_be_given && range->may_be_known;
        range->may_be_default = range->may_be_unknown =
            range->may_be_default && range->may_be_unknown;
    }
    range->may_be_given = range->may_be_given && range->may_be_known;
    range->may_be_unknown = range->may_be_unknown && range->may_be_default;
    if (from->class == IMAGE_OPTION && from->has_default && !range->may_be_given &&
        !hold_default(prover, from, range))
        return false;
    return (range->may_be_known || range->may_be_unknown) &&
           (range->may_be_given || range->may_be_default);
}

/* --- one machine --- */

static const char *text_of_name(const struct prover *prover, uint64_t bit)
{
    if (bit == PROVE_OTHER)
        return "something_else";
    return prover->names[__builtin_ctzll(bit)];
}

static int64_t pick_member(const struct prover *prover, const struct image_input *from,
                           uint64_t set)
{
    const struct image *image = prover->image;
    for (uint32_t m = 0; m < from->member_count; m++) {
        const uint32_t word = image->words[from->members + m];
        if (prove_text_set(prover, image_string(image, word)) & set)
            return word;
    }
    return from->fallback;
}

static int64_t pick_list(struct prover *prover, uint64_t set)
{
    char bytes[LIMIT_TEXT_VALUE];
    struct base_sink sink = BASE_SINK(bytes);
    int64_t value = 0;
    for (uint32_t i = 0; i < prover->name_count; i++)
        if (set & UINT64_C(1) << i)
            BASE_PUT(&sink, sink.length > 0 ? "," : "", prover->names[i]);
    vm_make_text(&prover->runs[0], (struct base_span){bytes, sink.length}, &value);
    return value;
}

static int64_t pick_name(struct prover *prover, const struct image_input *from, uint64_t set,
                         enum prove_corner corner)
{
    uint64_t bit = set & -set;
    int64_t value = 0;
    if (corner == PROVE_HIGH && set != 0)
        bit = UINT64_C(1) << (63 - __builtin_clzll(set));
    if (bit == 0)
        return from->fallback;
    if (from->kind == IMAGE_ENUM)
        return pick_member(prover, from, bit);
    vm_make_text(&prover->runs[0], base_span_of(text_of_name(prover, bit)), &value);
    return value;
}

/* Whether the picked value counts as given. An option with its default's value may be either; one
 * without a default is given whenever it is known. */
static void pick_given(const struct image_input *from, const struct prove_range *range,
                       struct vm_input *out)
{
    const bool is_default = from->has_default && out->value == from->fallback;
    out->given =
        out->state == VM_VALUE && range->may_be_given && (!range->may_be_default || !is_default);
    if (from->class == IMAGE_OPTION)
        out->given = from->has_default ? out->given : out->state == VM_VALUE;
    out->source = IMAGE_NONE;
    out->label = out->given ? "given" : "default";
}

static int64_t pick_value(struct prover *prover, uint32_t input, const struct prove_range *range,
                          enum prove_corner corner, const bool *downward)
{
    const struct image_input *from = &prover->image->inputs[input];
    if (from->kind == IMAGE_LIST)
        return pick_list(prover, corner == PROVE_HIGH ? range->may : range->must);
    if (image_is_text(from->kind))
        return pick_name(prover, from, range->may, corner);
    const bool low = corner == PROVE_LOW || (corner == PROVE_GUIDED && downward[input]);
    return low ? range->low : range->high;
}

/* The input when nothing is given and nothing is found: its default, unknown if it is optional, or
 * else the plainest value of its domain. For inputs that the claim does not depend on. */
static struct vm_input silent_input(const struct image *image, const struct image_input *from)
{
    struct vm_input out = {.value = from->fallback, .state = VM_VALUE, .source = IMAGE_NONE};
    if (from->optional && !from->has_default)
        out.state = VM_VOID;
    else if (!from->has_default && image_is_number(from->kind))
        out.value = from->low > INT64_MIN ? from->low : from->high < 0 ? from->high : 0;
    else if (!from->has_default && from->kind == IMAGE_ENUM)
        out.value = image->words[from->members];
    out.given = from->class == IMAGE_OPTION && !from->has_default && out.state == VM_VALUE;
    return out;
}

void prove_pick(struct prover *prover, const struct prove_range *box, enum prove_corner corner,
                const bool *downward, struct vm_input *machine)
{
    const struct image *image = prover->image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const struct image_input *from = &image->inputs[i];
        const struct prove_range *range = &box[i];
        machine[i] = silent_input(image, from);
        if (!prover->matters[i])
            continue;
        const bool known = range->may_be_known && (corner == PROVE_HIGH || !range->may_be_unknown);
        machine[i].state = known ? VM_VALUE : VM_VOID;
        if (known)
            machine[i].value = pick_value(prover, i, range, corner, downward);
        pick_given(from, range, &machine[i]);
        if (from->class == IMAGE_OPTION && from->has_default && !machine[i].given)
            machine[i].value = from->fallback;
    }
}

/* --- running --- */

static bool is_refused(const struct vm_machine *run)
{
    const struct image *image = run->image;
    for (uint32_t i = 0; i < image->check_count; i++) {
        const struct vm_slot *condition = &run->slots[image->checks[i].condition];
        if (image->checks[i].class == IMAGE_CHECK_REFUSE && condition->state == VM_VALUE &&
            condition->value != 0)
            return true;
    }
    return false;
}

/* The texts that the run itself creates are dropped afterwards: slots are compared before the next
 * run, and the inputs' texts must stay where they are. */
bool prove_machine_run(struct prover *prover, uint32_t which, const struct vm_input *machine)
{
    struct vm_machine *run = &prover->runs[which];
    const size_t text_used = prover->runs[0].text_used;
    memcpy(prover->machines[which], machine,
           prover->image->input_count * sizeof *prover->machines[which]);
    run->text_used = text_used;
    vm_run(run);
    prove_work(prover, run->image->code_count / 4 + run->list_work / 64);
    run->text_used = text_used;
    return is_refused(run);
}

/* The second machine of a claim about two; false when there is none. */
static bool second_machine(const struct prover *prover, const struct prove_claim *claim,
                           const struct vm_input *first, struct vm_input *second)
{
    const uint32_t count = prover->image->input_count;
    memcpy(second, first, count * sizeof *second);
    struct vm_input *moved = &second[claim->input];
    const struct image_input *from = &prover->image->inputs[claim->input];
    if (prove_is_about_unknown(claim->shape)) {
        moved->state = VM_VALUE;
        moved->given = from->class == IMAGE_OPTION;
    } else if (moved->state != VM_VALUE || moved->value >= from->high) {
        return false;
    } else {
        moved->value++;
    }
    return true;
}

static bool slots_are_equal(const struct prover *prover, const struct prove_claim *claim)
{
    const struct vm_slot *a = &prover->runs[0].slots[claim->a],
                         *b = &prover->runs[0].slots[claim->b];
    if (a->state != VM_VALUE || b->state != VM_VALUE)
        return a->state == b->state;
    const unsigned kind = prover->image->code[claim->a].kind;
    if (image_is_text(kind))
        return base_text_is(vm_text(&prover->runs[0], a->value),
                            vm_text(&prover->runs[0], b->value));
    return a->value == b->value;
}

static bool guard_holds(const struct prove_claim *claim, const struct vm_machine *run)
{
    return claim->guard == IMAGE_NONE ||
           (run->slots[claim->guard].state == VM_VALUE && run->slots[claim->guard].value != 0);
}

static bool pair_is_broken(const struct prover *prover, const struct prove_claim *claim)
{
    const struct vm_slot *before = &prover->runs[0].slots[claim->a],
                         *now = &prover->runs[1].slots[claim->a];
    if (before->state != VM_VALUE || now->state != VM_VALUE ||
        !guard_holds(claim, &prover->runs[1]))
        return false;
    const base_wide change = (base_wide)now->value - before->value,
                    size = change < 0 ? -change : change,
                    from = before->value < 0 ? -(base_wide)before->value : before->value;
    switch (claim->shape) {
    case PROVE_RISES:
    case PROVE_LEAST:
        return change < 0;
    case PROVE_FALLS:
    case PROVE_MOST:
        return change > 0;
    default:
        return size * PROVE_MICRO > from * claim->limit &&
               !(prover->image->code[claim->a].kind == IMAGE_INT && size <= 1);
    }
}

/* Whether the slots of the runs break the claim. */
static bool runs_break(const struct prover *prover, const struct prove_claim *claim)
{
    const struct vm_slot *a = &prover->runs[0].slots[claim->a];
    if (!guard_holds(claim, &prover->runs[0]))
        return false;
    switch (claim->shape) {
    case PROVE_HOLDS:
        return a->state == VM_VALUE && a->value == 0;
    case PROVE_NEVER:
        return a->state == VM_VALUE && a->value != 0;
    case PROVE_ANSWERS:
        return a->state == VM_TRAP && a->trap != VM_TRAP_TEXT;
    case PROVE_UNBOUND: {
        const struct vm_slot *b = &prover->runs[0].slots[claim->b];
        return a->state == VM_VALUE && b->state == VM_VALUE && a->value > b->value;
    }
    case PROVE_SAME:
        return !slots_are_equal(prover, claim);
    default:
        return pair_is_broken(prover, claim);
    }
}

bool prove_breaks_with(struct prover *prover, const struct prove_claim *claim,
                       const struct vm_input *machine, struct vm_input *other, bool *refused)
{
    const bool pair = prove_is_pair(claim->shape);
    *refused = prove_machine_run(prover, 0, machine);
    if (pair) {
        if (!second_machine(prover, claim, machine, other))
            return false;
        *refused = prove_machine_run(prover, 1, other) || *refused;
    }
    *refused = *refused && !claim->even_refused;
    return runs_break(prover, claim);
}

bool prove_breaks(struct prover *prover, const struct prove_claim *claim, const struct proof *proof)
{
    bool refused;
    memcpy(prover->runs[0].text, proof->text, proof->text_used);
    prover->runs[0].text_used = proof->text_used;
    return prove_breaks_with(prover, claim, proof->machine, proof->other, &refused) && !refused;
}

const struct vm_machine *prove_run_of(const struct prover *prover, bool other)
{
    return &prover->runs[other];
}
