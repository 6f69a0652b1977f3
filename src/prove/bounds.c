/* What a slot may come to: the domain in parts, of which the one that reaches furthest is split
 * until a machine of it has just that value, or the boxes are used up. */
#include <string.h>
#include "prove/parts.h"

enum { PARTS_MAX = 256, SPLITS_MAX = 40 };

struct part {
    struct azq_range *box;
    struct azq_value value;
    bool whole; /* there is no way to split it */
};

enum end { LOW, HIGH, NAMES };

struct bounding {
    struct azq_prover *prover;
    const struct azq_claim *claim;
    uint32_t slot;
    struct part *parts;
    uint32_t count, used, budget;
    struct azv_input *machine;
    struct azq_range *plain; /* a box for plain_part */
    uint64_t met;            /* names that some machine has */
};

static bool has_value(const struct azq_value *value)
{
    return value->states & AZQ_MAY_VALUE;
}

/* ---- which part is next ---- */

/* How far a value reaches beyond what is wanted: the larger, the worse. */
static aza_wide reach(const struct bounding *bounding, const struct azq_value *value, enum end end)
{
    if (!has_value(value))
        return (aza_wide)INT64_MIN - 1;
    if (end == NAMES)
        return __builtin_popcountll(value->may & ~bounding->met);
    return end == LOW ? -(aza_wide)value->low : value->high;
}

static struct part *furthest(const struct bounding *bounding, enum end end)
{
    struct part *best = NULL;
    aza_wide most = 0;
    for (uint32_t i = 0; i < bounding->count; i++) {
        struct part *part = &bounding->parts[i];
        const aza_wide far = reach(bounding, &part->value, end);
        if (!has_value(&part->value) || (end == NAMES && part->whole))
            continue;
        if (best == NULL || far > most)
            best = part;
        most = best == part ? far : most;
    }
    return best;
}

/* ---- machines ---- */

/* Where the linear bound of that end is furthest out. */
static void guide(const struct bounding *bounding, enum end end, bool *downward)
{
    const struct azq_prover *prover = bounding->prover;
    const struct azq_walk *walk = &prover->walks[0];
    const struct azq_linear *bound =
        end == LOW ? &walk->lower[bounding->slot] : &walk->upper[bounding->slot];
    memset(downward, 0, prover->image->input_count * sizeof *downward);
    for (uint32_t k = 0; bound->there && k < prover->number_count; k++)
        downward[prover->numbers[k]] = (bound->slope[k] > 0) == (end == LOW);
}

/* The machines of a part on which nobody says more than he must: often they meet what others in
 * the corners do not. */
static void plain_part(const struct bounding *bounding, const struct azq_range *box)
{
    const struct azb_image *image = bounding->prover->image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        struct azq_range silent = box[i];
        bounding->plain[i] = box[i];
        if (image->inputs[i].class == AZB_OPTION)
            silent.may_be_given = false;
        else if (silent.may_be_unknown)
            silent.may_be_known = false;
        if (azq_settle(bounding->prover, i, &silent))
            bounding->plain[i] = silent;
    }
}

/* Whether a machine in a corner of the box has that value, of which the names met are kept. */
static bool corner_meets(struct bounding *bounding, const struct azq_range *box, enum end end,
                         enum azq_corner corner, const bool *downward, int64_t wanted)
{
    struct azq_prover *prover = bounding->prover;
    prover->runs[0].text_used = 0;
    azq_pick(prover, box, corner, downward, bounding->machine);
    const bool refused = azq_run(prover, 0, bounding->machine);
    const struct azv_slot *slot = &prover->runs[0].slots[bounding->slot];
    if (refused || slot->state != AZV_VALUE)
        return false;
    if (end != NAMES)
        return slot->value == wanted;
    bounding->met |= azq_text_set(prover, azv_text(&prover->runs[0], slot->value)) & ~AZQ_OTHER;
    return false;
}

/* Whether a machine of the part, which has just been walked, meets that end. */
static bool meets(struct bounding *bounding, const struct part *part, enum end end)
{
    const int64_t wanted = end == LOW ? part->value.low : part->value.high;
    bool downward[AZA_INPUTS_MAX];
    guide(bounding, end, downward);
    plain_part(bounding, part->box);
    for (int corner = AZQ_LOW; corner <= AZQ_GUIDED; corner++)
        if (corner_meets(bounding, part->box, end, (enum azq_corner)corner, downward, wanted) ||
            corner_meets(bounding, bounding->plain, end, (enum azq_corner)corner, downward, wanted))
            return true;
    return end == NAMES && (part->value.may & ~bounding->met) == 0;
}

/* ---- splitting ---- */

static void walk(struct bounding *bounding, const struct azq_range *box, struct azq_value *value)
{
    azq_walk_one(bounding->prover, box);
    bounding->used++;
    *value = bounding->prover->walks[0].values[bounding->slot];
}

/* The values of both halves of a split; one that holds no machine has none. */
static void walk_halves(struct bounding *bounding, struct azq_range *box,
                        const struct azq_split *split, struct azq_value *halves)
{
    const struct azq_range whole = box[split->input];
    for (int half = 0; half < 2; half++) {
        halves[half] = (struct azq_value){.states = 0};
        box[split->input] = split->parts[half];
        if (azq_settle(bounding->prover, split->input, &box[split->input]))
            walk(bounding, box, &halves[half]);
        box[split->input] = whole;
    }
}

/* The split after which the further half reaches least far, and of those the one whose other half
 * does. */
static uint32_t choose(struct bounding *bounding, struct azq_range *box,
                       const struct azq_split *splits, uint32_t count, enum end end)
{
    uint32_t best = 0;
    aza_wide best_far = 0, best_near = 0;
    for (uint32_t k = 0; k < count && bounding->used < bounding->budget; k++) {
        struct azq_value halves[2];
        walk_halves(bounding, box, &splits[k], halves);
        const aza_wide a = reach(bounding, &halves[0], end), b = reach(bounding, &halves[1], end);
        const aza_wide far = a > b ? a : b, near = a > b ? b : a;
        if (k == 0 || far < best_far || (far == best_far && near < best_near)) {
            best = k;
            best_far = far;
            best_near = near;
        }
    }
    return best;
}

static void add_part(struct bounding *bounding, struct part *at, struct azq_range *box,
                     uint32_t input)
{
    *at = (struct part){.box = box};
    if (input == AZB_NONE || azq_settle(bounding->prover, input, &box[input]))
        walk(bounding, box, &at->value);
}

static void split(struct bounding *bounding, struct part *part, const struct azq_split *split)
{
    const size_t inputs = bounding->prover->image->input_count + 1;
    struct azq_range *other = aza_alloc(bounding->prover->arena, inputs * sizeof *other);
    memcpy(other, part->box, inputs * sizeof *other);
    part->box[split->input] = split->parts[0];
    other[split->input] = split->parts[1];
    add_part(bounding, part, part->box, split->input);
    add_part(bounding, &bounding->parts[bounding->count++], other, split->input);
}

/* Draws one end in as far as the budget allows; whether some machine meets it. */
static bool draw_in(struct bounding *bounding, enum end end)
{
    struct azq_split splits[SPLITS_MAX];
    for (struct part *part; (part = furthest(bounding, end)) != NULL;) {
        walk(bounding, part->box, &part->value);
        if (meets(bounding, part, end)) {
            if (end != NAMES)
                return true;
            part->whole = true;
            continue;
        }
        const uint32_t count =
            azq_splits(bounding->prover, bounding->claim, part->box, splits, SPLITS_MAX);
        part->whole = count == 0;
        if (bounding->used >= bounding->budget || bounding->count == PARTS_MAX ||
            (part->whole && end != NAMES))
            return false;
        if (count > 0)
            split(bounding, part, &splits[choose(bounding, part->box, splits, count, end)]);
    }
    return true;
}

/* ---- the whole ---- */

static void gather(const struct bounding *bounding, struct azq_bounds *bounds)
{
    for (uint32_t i = 0; i < bounding->count; i++) {
        const struct azq_value *value = &bounding->parts[i].value;
        bounds->may_have_none |= (value->states & AZQ_MAY_VOID) != 0;
        if (!has_value(value))
            continue;
        if (!bounds->may_have_value || value->low < bounds->low)
            bounds->low = value->low;
        if (!bounds->may_have_value || value->high > bounds->high)
            bounds->high = value->high;
        bounds->may |= value->may & ~AZQ_OTHER;
        bounds->may_be_other |= (value->may & AZQ_OTHER) != 0;
        bounds->may_have_value = true;
    }
}

struct azq_bounds azq_bounds(struct azq_prover *prover, uint32_t slot, uint32_t budget)
{
    const struct azq_claim claim = {.shape = AZQ_ANSWERS, .a = slot, .guard = AZB_NONE};
    const unsigned kind = prover->image->code[slot].kind;
    const size_t inputs = prover->image->input_count + 1;
    struct azq_bounds bounds = {.names = prover->names};
    struct bounding bounding = {.prover = prover,
                                .claim = &claim,
                                .slot = slot,
                                .parts = aza_alloc(prover->arena, PARTS_MAX * sizeof(struct part)),
                                .count = 1,
                                .budget = budget,
                                .machine = prover->machines[1],
                                .plain =
                                    aza_alloc(prover->arena, inputs * sizeof(struct azq_range))};
    struct azq_range *box = aza_alloc(prover->arena, inputs * sizeof *box);
    azq_prepare(prover, &claim, false);
    azq_allow(prover, budget);
    for (uint32_t i = 0; i < prover->image->input_count; i++)
        box[i] = azq_domain(prover, i);
    add_part(&bounding, &bounding.parts[0], box, AZB_NONE);
    if (azb_is_number(kind) || kind == AZB_BOOL) {
        bounding.budget = budget / 2;
        bounds.low_is_met = draw_in(&bounding, LOW);
        bounding.budget = budget;
        bounds.high_is_met = draw_in(&bounding, HIGH);
    } else if (kind == AZB_ENUM || kind == AZB_TEXT) {
        draw_in(&bounding, NAMES);
    }
    gather(&bounding, &bounds);
    bounds.name_count = prover->name_count;
    return bounds;
}
