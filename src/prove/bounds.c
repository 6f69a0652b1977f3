/* The bounds of a slot's values over the whole domain.
 *
 * The domain is kept as a list of parts, each a box with the abstract value that the slot has on
 * it; together the parts always cover the domain, so the hull of their values is sound at every
 * moment. To tighten one end, the part that reaches furthest is tried: if one of its machines has
 * exactly that value, the end is exact, and met. Otherwise the part is split and both halves are
 * walked. This ends when the end is met, when the part cannot be split, or when the budget is used.
 * For names, "furthest" is the part with the most names that no machine has shown yet. */
#include <string.h>
#include "prove/parts.h"

enum { PARTS_MAX = 256, SPLITS_MAX = 40 };

struct part {
    struct prove_range *box;
    struct prove_value value;
    bool whole; /* it cannot be split */
};

enum end { LOW, HIGH, NAMES };

struct bounding {
    struct prover *prover;
    const struct prove_claim *claim;
    uint32_t slot;
    struct part *parts;
    uint32_t count, used, budget;
    struct vm_input *machine;
    struct prove_range *plain; /* filled by fill_plain_box */
    uint64_t met;              /* names that some machine has shown */
};

/* --- which part is next --- */

/* How far a value reaches at that end; a larger number is a looser bound. */
static base_wide reach_of_value(const struct bounding *bounding, const struct prove_value *value,
                                enum end end)
{
    if (!prove_has_value(value))
        return (base_wide)INT64_MIN - 1;
    if (end == NAMES)
        return __builtin_popcountll(value->may & ~bounding->met);
    return end == LOW ? -(base_wide)value->low : value->high;
}

static struct part *furthest_part(const struct bounding *bounding, enum end end)
{
    struct part *best = NULL;
    base_wide most = 0;
    for (uint32_t i = 0; i < bounding->count; i++) {
        struct part *part = &bounding->parts[i];
        const base_wide far = reach_of_value(bounding, &part->value, end);
        if (!prove_has_value(&part->value) || (end == NAMES && part->whole))
            continue;
        if (best == NULL || far > most)
            best = part;
        most = best == part ? far : most;
    }
    return best;
}

/* --- machines --- */

/* For each number, whether its low end is where the linear bound of the slot is furthest out. */
static void guide_by_bound(const struct bounding *bounding, enum end end, bool *downward)
{
    const struct prover *prover = bounding->prover;
    const struct prove_walk *walk = &prover->walks[0];
    const struct prove_linear *bound =
        end == LOW ? &walk->lower[bounding->slot] : &walk->upper[bounding->slot];
    memset(downward, 0, prover->image->input_count * sizeof *downward);
    for (uint32_t k = 0; bound->there && k < prover->number_count; k++)
        downward[prover->numbers[k]] = (bound->slope[k] > 0) == (end == LOW);
}

/* The machines of a part on which no option is given that need not be, and no fact is known that
 * may be unknown: defaults often give the extreme value where the corners of the box do not. */
static void fill_plain_box(const struct bounding *bounding, const struct prove_range *box)
{
    const struct image *image = bounding->prover->image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        struct prove_range silent = box[i];
        bounding->plain[i] = box[i];
        if (image->inputs[i].class == IMAGE_OPTION)
            silent.may_be_given = false;
        else if (silent.may_be_unknown)
            silent.may_be_known = false;
        if (prove_settle(bounding->prover, i, &silent))
            bounding->plain[i] = silent;
    }
}

/* Whether a machine in a corner of the box has the wanted value. For names it is always false, and
 * the machine's name is added to those met. */
static bool corner_meets(struct bounding *bounding, const struct prove_range *box, enum end end,
                         enum prove_corner corner, const bool *downward, int64_t wanted)
{
    struct prover *prover = bounding->prover;
    prover->runs[0].text_used = 0;
    prove_pick(prover, box, corner, downward, bounding->machine);
    const bool refused = prove_machine_run(prover, 0, bounding->machine);
    const struct vm_slot *slot = &prover->runs[0].slots[bounding->slot];
    if (refused || slot->state != VM_VALUE)
        return false;
    if (end != NAMES)
        return slot->value == wanted;
    bounding->met |= prove_text_set(prover, vm_text(&prover->runs[0], slot->value)) & ~PROVE_OTHER;
    return false;
}

/* Whether a machine of the part, which has just been walked, meets that end. Tries the corners of
 * the part and those of its plain box. */
static bool part_meets(struct bounding *bounding, const struct part *part, enum end end)
{
    const int64_t wanted = end == LOW ? part->value.low : part->value.high;
    bool downward[LIMIT_INPUTS];
    guide_by_bound(bounding, end, downward);
    fill_plain_box(bounding, part->box);
    for (int corner = PROVE_LOW; corner <= PROVE_GUIDED; corner++)
        if (corner_meets(bounding, part->box, end, (enum prove_corner)corner, downward, wanted) ||
            corner_meets(bounding, bounding->plain, end, (enum prove_corner)corner, downward,
                         wanted))
            return true;
    return end == NAMES && (part->value.may & ~bounding->met) == 0;
}

/* --- splitting --- */

static void walk_part(struct bounding *bounding, const struct prove_range *box,
                      struct prove_value *value)
{
    prove_walk_one(bounding->prover, box);
    bounding->used++;
    *value = bounding->prover->walks[0].values[bounding->slot];
}

/* The values of both halves of a split; one that holds no machine has none. */
static void walk_halves(struct bounding *bounding, struct prove_range *box,
                        const struct prove_split *split, struct prove_value *halves)
{
    const struct prove_range whole = box[split->input];
    for (int half = 0; half < 2; half++) {
        halves[half] = (struct prove_value){.states = 0};
        box[split->input] = split->parts[half];
        if (prove_settle(bounding->prover, split->input, &box[split->input]))
            walk_part(bounding, box, &halves[half]);
        box[split->input] = whole;
    }
}

/* The split whose further half reaches least far; if equal, the one whose nearer half does. */
static uint32_t choose_part_split(struct bounding *bounding, struct prove_range *box,
                                  const struct prove_split *splits, uint32_t count, enum end end)
{
    uint32_t best = 0;
    base_wide best_far = 0, best_near = 0;
    for (uint32_t k = 0; k < count && bounding->used < bounding->budget; k++) {
        struct prove_value halves[2];
        walk_halves(bounding, box, &splits[k], halves);
        const base_wide a = reach_of_value(bounding, &halves[0], end),
                        b = reach_of_value(bounding, &halves[1], end);
        const base_wide far = a > b ? a : b, near = a > b ? b : a;
        if (k == 0 || far < best_far || (far == best_far && near < best_near)) {
            best = k;
            best_far = far;
            best_near = near;
        }
    }
    return best;
}

static void take_part(struct bounding *bounding, struct part *at, struct prove_range *box,
                      uint32_t input)
{
    *at = (struct part){.box = box};
    if (input == IMAGE_NONE || prove_settle(bounding->prover, input, &box[input]))
        walk_part(bounding, box, &at->value);
}

static void split_part(struct bounding *bounding, struct part *part,
                       const struct prove_split *split)
{
    const size_t inputs = bounding->prover->image->input_count + 1;
    struct prove_range *other = base_alloc(bounding->prover->arena, inputs * sizeof *other);
    memcpy(other, part->box, inputs * sizeof *other);
    part->box[split->input] = split->parts[0];
    other[split->input] = split->parts[1];
    take_part(bounding, part, part->box, split->input);
    take_part(bounding, &bounding->parts[bounding->count++], other, split->input);
}

/* Tightens one end as far as the budget allows; whether some machine meets it. */
static bool tighten_end(struct bounding *bounding, enum end end)
{
    struct prove_split splits[SPLITS_MAX];
    for (struct part *part; (part = furthest_part(bounding, end)) != NULL;) {
        walk_part(bounding, part->box, &part->value);
        if (part_meets(bounding, part, end)) {
            if (end != NAMES)
                return true;
            part->whole = true;
            continue;
        }
        const uint32_t count =
            prove_splits(bounding->prover, bounding->claim, part->box, splits, SPLITS_MAX);
        part->whole = count == 0;
        if (bounding->used >= bounding->budget || bounding->count == PARTS_MAX ||
            (part->whole && end != NAMES))
            return false;
        if (count > 0)
            split_part(bounding, part,
                       &splits[choose_part_split(bounding, part->box, splits, count, end)]);
    }
    return true;
}

/* --- the whole --- */

static void collect_parts(const struct bounding *bounding, struct prove_bounds *bounds)
{
    for (uint32_t i = 0; i < bounding->count; i++) {
        const struct prove_value *value = &bounding->parts[i].value;
        bounds->may_have_none |= (value->states & PROVE_MAY_VOID) != 0;
        if (!prove_has_value(value))
            continue;
        if (!bounds->may_have_value || value->low < bounds->low)
            bounds->low = value->low;
        if (!bounds->may_have_value || value->high > bounds->high)
            bounds->high = value->high;
        bounds->may |= value->may & ~PROVE_OTHER;
        bounds->may_be_other |= (value->may & PROVE_OTHER) != 0;
        bounds->may_have_value = true;
    }
}

struct prove_bounds prove_bounds(struct prover *prover, uint32_t slot, uint32_t budget)
{
    const struct prove_claim claim = {.shape = PROVE_ANSWERS, .a = slot, .guard = IMAGE_NONE};
    const unsigned kind = prover->image->code[slot].kind;
    const size_t inputs = prover->image->input_count + 1;
    struct prove_bounds bounds = {.names = prover->names};
    struct bounding bounding = {.prover = prover,
                                .claim = &claim,
                                .slot = slot,
                                .parts = base_alloc(prover->arena, PARTS_MAX * sizeof(struct part)),
                                .count = 1,
                                .budget = budget,
                                .machine = prover->machines[1],
                                .plain =
                                    base_alloc(prover->arena, inputs * sizeof(struct prove_range))};
    struct prove_range *box = base_alloc(prover->arena, inputs * sizeof *box);
    prove_prepare(prover, &claim, false);
    prove_allow(prover, budget);
    for (uint32_t i = 0; i < prover->image->input_count; i++)
        box[i] = prove_domain(prover, i);
    take_part(&bounding, &bounding.parts[0], box, IMAGE_NONE);
    if (!image_is_text(kind)) {
        bounding.budget = budget / 2;
        bounds.low_is_met = tighten_end(&bounding, LOW);
        bounding.budget = budget;
        bounds.high_is_met = tighten_end(&bounding, HIGH);
    } else if (kind != IMAGE_LIST) {
        tighten_end(&bounding, NAMES);
    }
    collect_parts(&bounding, &bounds);
    bounds.name_count = prover->name_count;
    return bounds;
}
