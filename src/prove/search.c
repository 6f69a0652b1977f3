/* The search: decides a claim by splitting the domain.
 *
 * Boxes that are still open wait on a stack. For the box on top:
 *
 *   1. walk it (box.c); if the claim is shown, the box is done;
 *   2. run a few of its machines (machine.c); if one breaks the claim, it is refuted;
 *   3. otherwise choose a split (split.c), and push both halves.
 *
 * An empty stack is a proof, because splits lose no machine. The answer is UNDECIDED when boxes,
 * work or the stack are used up, or when nothing is left to split.
 *
 * Which split is best is found by trial: a split is worth the share of the missing slack that it
 * removes. Trials cost boxes, so only the TRIALS_MAX most promising ones are made; what a way to
 * split gained when it was last tried is remembered per claim, and grows slowly while it waits. All
 * of this only affects the number of boxes, never the answer.
 *
 * The claim is first searched without the refusals, with a quarter of the budget: most claims hold
 * without them, and the walks are shorter. If a refused machine breaks the claim, or the boxes run
 * out, a second search takes them into account. */
#include "base/assert.h"
#include <string.h>
#include "prove/parts.h"

enum { SPLITS_MAX = 64, STACK_MAX = 512, TRIALS_MAX = 5 };

/* --- looking for a machine that breaks the claim --- */

/* For a claim that is a comparison, the corner where the linear bound of its slack is lowest: for
 * each number whether that is at its low end. The most likely machine to break the claim. */
static void guide_by_slack(const struct prover *prover, const struct prove_claim *claim,
                           bool *downward)
{
    uint32_t slot = claim->a;
    const struct image_instruction *code = prover->image->code;
    const struct prove_walk *walk = &prover->walks[0];
    memset(downward, 0, prover->image->input_count * sizeof *downward);
    while (code[slot].op == IMAGE_OP_OR || code[slot].op == IMAGE_OP_NOT)
        slot = code[slot].op == IMAGE_OP_OR ? code[slot].b : code[slot].a;
    if (code[slot].op != IMAGE_OP_LE && code[slot].op != IMAGE_OP_LT)
        return;
    const struct prove_linear *left = &walk->upper[code[slot].a],
                              *right = &walk->lower[code[slot].b];
    const struct prove_linear opposite =
                                  prove_linear_scale(left, -1, 1, false, prover->number_count),
                              slack = prove_linear_sum(right, &opposite, prover->number_count);
    for (uint32_t k = 0; slack.there && k < prover->number_count; k++)
        downward[prover->numbers[k]] = slack.slope[k] > 0;
}

static void make_unknown(struct vm_input *input)
{
    input->state = VM_VOID;
    input->given = false;
}

/* Tries a few machines of the box. `refused` becomes true when one breaks the claim, but is refused
 * by the rules themselves. */
static bool find_machine(struct prover *prover, const struct prove_claim *claim,
                         const struct prove_range *box, struct proof *proof, bool *refused)
{
    bool downward[LIMIT_INPUTS];
    guide_by_slack(prover, claim, downward);
    for (int corner = PROVE_LOW; corner <= PROVE_GUIDED; corner++) {
        bool stopped;
        prover->runs[0].text_used = 0;
        prove_pick(prover, box, (enum prove_corner)corner, downward, proof->machine);
        if (prove_is_about_unknown(claim->shape))
            make_unknown(&proof->machine[claim->input]);
        if (!prove_breaks_with(prover, claim, proof->machine, proof->other, &stopped))
            continue;
        if (!stopped)
            return true;
        *refused = true;
    }
    return false;
}

/* --- the search --- */

struct search {
    struct prover *prover;
    const struct prove_claim *claim;
    struct prove_range *boxes; /* a stack of whole boxes */
    uint32_t depth;
    uint32_t used, budget;
    int32_t *gains; /* by input and way to split; INT32_MAX if never tried */
};

static struct prove_range *box_at(const struct search *search, uint32_t depth)
{
    return search->boxes + (size_t)depth * search->prover->image->input_count;
}

static void copy_box(const struct search *search, struct prove_range *to,
                     const struct prove_range *from)
{
    memmove(to, from, search->prover->image->input_count * sizeof *to);
}

/* The slack that remains after a split: the sum over its halves, where a half that is shown adds
 * nothing. `useful`: at least one half is shown. */
static base_wide try_split(struct search *search, struct prove_range *box,
                           const struct prove_split *split, bool *useful)
{
    base_wide total = 0;
    const struct prove_range whole = box[split->input];
    for (int part = 0; part < 2; part++) {
        box[split->input] = split->parts[part];
        if (prove_settle(search->prover, split->input, &box[split->input])) {
            const base_wide slack = prove_walk_box(search->prover, search->claim, box);
            search->used++;
            *useful |= slack >= 0;
            total += slack < 0 ? slack : 0;
        }
        box[split->input] = whole;
    }
    return total;
}

/* How wide a split's range is, relative to its low end, in 1024ths: decides between splits of equal
 * gain, so that no input is narrowed to nothing while another one is untouched. */
static int64_t width_of(const struct prover *prover, const struct prove_split *split)
{
    const struct prove_range *lower = &split->parts[0], *upper = &split->parts[1];
    const unsigned kind = prover->image->inputs[split->input].kind;
    if (!image_is_number(kind) || lower->may_be_known != upper->may_be_known)
        return 1;
    const base_wide ratio = ((base_wide)upper->high - lower->low) * 1024 /
                            ((lower->low < 0 ? 0 : (base_wide)lower->low) + 1);
    return ratio > INT32_MAX ? INT32_MAX : (int64_t)ratio;
}

/* What a way to split gained when it was last tried, in 1024ths of the missing slack. */
static int32_t *gain_of(const struct search *search, const struct prove_split *split)
{
    BASE_ASSERT(split->way < PROVE_WAYS && split->input < search->prover->image->input_count);
    return &search->gains[(size_t)split->input * PROVE_WAYS + split->way];
}

static bool is_wider(const struct prover *prover, const struct prove_split *x,
                     const struct prove_split *y)
{
    return width_of(prover, x) > width_of(prover, y);
}

/* Moves the splits that are worth a trial to the front: those never tried, then those that gained
 * most. */
static void rank_splits(const struct search *search, struct prove_split *splits, uint32_t count)
{
    for (uint32_t front = 0; front < count && front < TRIALS_MAX; front++) {
        uint32_t best = front;
        for (uint32_t k = front + 1; k < count; k++) {
            const int32_t gain = *gain_of(search, &splits[k]),
                          most = *gain_of(search, &splits[best]);
            if (gain > most ||
                (gain == most && is_wider(search->prover, &splits[k], &splits[best])))
                best = k;
        }
        const struct prove_split moved = splits[best];
        splits[best] = splits[front];
        splits[front] = moved;
    }
}

/* Tries the most promising splits and returns the best one's index. The rest gain a little, so that
 * each is tried again some time. */
static uint32_t choose_split(struct search *search, struct prove_range *box, base_wide missing,
                             struct prove_split *splits, uint32_t count)
{
    uint32_t best = 0;
    int32_t best_gain = -1;
    rank_splits(search, splits, count);
    for (uint32_t k = 0; k < count && k < TRIALS_MAX && count > 1; k++) {
        bool useful = false;
        const base_wide left = -try_split(search, box, &splits[k], &useful);
        base_wide gain = 1024 - left / 2 / (-missing / 1024 + 1);
        gain = gain < 0 ? 0 : gain > 1024 ? 1024 : gain;
        if (useful)
            gain += 64;
        *gain_of(search, &splits[k]) = (int32_t)gain;
        if ((int32_t)gain > best_gain ||
            ((int32_t)gain == best_gain && is_wider(search->prover, &splits[k], &splits[best]))) {
            best = k;
            best_gain = (int32_t)gain;
        }
    }
    for (uint32_t k = TRIALS_MAX; k < count; k++) {
        int32_t *gain = gain_of(search, &splits[k]);
        *gain = *gain >= 1024 ? *gain : *gain + *gain / 8 + 16;
    }
    return best;
}

/* Pushes the halves, the lower one on top. */
static bool push_halves(struct search *search, const struct prove_range *box,
                        const struct prove_split *split)
{
    for (int part = 1; part >= 0; part--) {
        if (search->depth == STACK_MAX)
            return false;
        struct prove_range *to = box_at(search, search->depth);
        copy_box(search, to, box);
        to[split->input] = split->parts[part];
        BASE_ASSERT(to[split->input].low <= to[split->input].high);
        search->depth += prove_settle(search->prover, split->input, &to[split->input]);
    }
    return true;
}

/* The whole domain; false if it contains no machine that the claim is about. For a claim about two
 * machines the changed input is known here, and one grain below its highest value; of an option,
 * both values are given, because one grain beside the default there is no other default. */
static bool whole_domain(struct prover *prover, const struct prove_claim *claim,
                         struct prove_range *box)
{
    const struct image_input *input = &prover->image->inputs[claim->input];
    for (uint32_t i = 0; i < prover->image->input_count; i++)
        box[i] = prove_domain(prover, i);
    if (!prove_is_pair(claim->shape))
        return true;
    struct prove_range *changed = &box[claim->input];
    const bool may_be_unknown = changed->may_be_unknown;
    changed->may_be_unknown = false;
    if (prove_is_about_unknown(claim->shape))
        return may_be_unknown && prove_settle(prover, claim->input, changed);
    if (changed->low >= changed->high)
        return false;
    changed->high--;
    changed->may_be_default = changed->may_be_default && input->class != IMAGE_OPTION;
    return prove_settle(prover, claim->input, changed);
}

static enum prove_verdict search_boxes(struct search *search, struct proof *proof, bool *refused)
{
    struct prover *prover = search->prover;
    struct prove_range *box =
        base_alloc(prover->arena, (prover->image->input_count + 1) * sizeof *box);
    struct prove_split splits[SPLITS_MAX];
    while (search->depth > 0) {
        copy_box(search, box, box_at(search, --search->depth));
        search->used++;
        const base_wide slack = prove_walk_box(prover, search->claim, box);
        if (slack >= 0)
            continue;
        proof->box = box;
        if (find_machine(prover, search->claim, box, proof, refused))
            return PROVE_REFUTED;
        if (*refused && !prover->refusals)
            return PROVE_UNDECIDED;
        const uint32_t count = prove_splits(prover, search->claim, box, splits, SPLITS_MAX);
        if (count == 0 || search->used >= search->budget || prover->work < 0 ||
            !push_halves(search, box, &splits[choose_split(search, box, slack, splits, count)]))
            return PROVE_UNDECIDED;
    }
    return PROVE_PROVED;
}

static enum prove_verdict search_domain(struct prover *prover, const struct prove_claim *claim,
                                        uint32_t budget, bool refusals, struct proof *proof)
{
    struct search search = {.prover = prover, .claim = claim, .budget = budget, .depth = 1};
    bool refused = false;
    const size_t ways = (size_t)prover->image->input_count * PROVE_WAYS;
    search.gains = prover->gains;
    for (size_t i = 0; i < ways; i++)
        search.gains[i] = INT32_MAX;
    prove_prepare(prover, claim, refusals);
    prove_allow(prover, budget);
    search.boxes = prover->stack;
    if (!whole_domain(prover, claim, search.boxes))
        return PROVE_PROVED;
    const enum prove_verdict verdict = search_boxes(&search, proof, &refused);
    proof->boxes += search.used;
    return verdict;
}

static void keep_machine(struct prover *prover, struct proof *proof)
{
    proof->text_used = prover->runs[0].text_used;
    proof->text = base_alloc(prover->arena, proof->text_used + 1);
    memcpy(proof->text, prover->runs[0].text, proof->text_used);
}

static bool is_narrowed(struct prover *prover, uint32_t input, const struct prove_range *part)
{
    const struct prove_range whole = prove_domain(prover, input);
    return whole.low != part->low || whole.high != part->high || whole.must != part->must ||
           whole.may != part->may || whole.may_be_unknown != part->may_be_unknown ||
           whole.may_be_known != part->may_be_known;
}

static bool any_refusal(const struct image *image)
{
    for (uint32_t i = 0; i < image->check_count; i++)
        if (image->checks[i].class == IMAGE_CHECK_REFUSE)
            return true;
    return false;
}

struct proof prove_run(struct prover *prover, const struct prove_claim *claim, uint32_t budget)
{
    const uint32_t inputs = prover->image->input_count + 1;
    struct proof proof = {0};
    proof.machine = base_alloc(prover->arena, inputs * sizeof *proof.machine);
    proof.other = base_alloc(prover->arena, inputs * sizeof *proof.other);
    /* Most claims hold without what the rules refuse; leaving that out keeps them small. */
    const bool refusals = any_refusal(prover->image) && !claim->even_refused;
    proof.verdict = search_domain(prover, claim, refusals ? budget / 4 + 1 : budget, false, &proof);
    if (proof.verdict == PROVE_UNDECIDED && refusals)
        proof.verdict = search_domain(prover, claim, budget, true, &proof);
    proof.matters = base_alloc(prover->arena, inputs * sizeof *proof.matters);
    memcpy(proof.matters, prover->matters, inputs * sizeof *proof.matters);
    proof.narrowed = base_alloc(prover->arena, inputs * sizeof *proof.narrowed);
    for (uint32_t i = 0; proof.box != NULL && i < prover->image->input_count; i++)
        proof.narrowed[i] = is_narrowed(prover, i, &proof.box[i]);
    proof.names = prover->names;
    proof.name_count = prover->name_count;
    if (proof.verdict == PROVE_REFUTED) {
        prove_allow(prover, budget);
        prove_shrink(prover, claim, &proof);
        keep_machine(prover, &proof);
    }
    return proof;
}

void prove_restrict(struct prover *prover, uint32_t input, int64_t low, bool silent)
{
    prover->least[input] = low;
    prover->silent[input] = silent;
}

/* --- making one --- */

static void make_walk(struct prover *prover, struct prove_walk *walk)
{
    const uint32_t slots = prover->image->code_count + 1, inputs = prover->image->input_count + 1;
    walk->box = base_alloc(prover->arena, inputs * sizeof *walk->box);
    walk->widths = base_alloc(prover->arena, PROVE_NUMBERS_MAX * sizeof *walk->widths);
    walk->values = base_alloc(prover->arena, slots * sizeof *walk->values);
    walk->lower = base_alloc(prover->arena, slots * sizeof *walk->lower);
    walk->upper = base_alloc(prover->arena, slots * sizeof *walk->upper);
}

static void make_run(struct prover *prover, uint32_t which, char *text)
{
    prover->machines[which] =
        base_alloc(prover->arena, (prover->image->input_count + 1) * sizeof(struct vm_input));
    prover->runs[which] =
        (struct vm_machine){.image = prover->image,
                            .slots = base_alloc(prover->arena, (prover->image->code_count + 1) *
                                                                   sizeof(struct vm_slot)),
                            .inputs = prover->machines[which],
                            .text = text,
                            .text_capacity = LIMIT_TEXT_BYTES};
}

struct prover *prove_new(struct base_arena *arena, const struct image *image)
{
    struct prover *prover = BASE_NEW(arena, struct prover);
    const uint32_t slots = image->code_count + 1, inputs = image->input_count + 1;
    prover->arena = arena;
    prover->image = image;
    prover->needed = base_alloc(arena, slots * sizeof *prover->needed);
    prover->order = base_alloc(arena, slots * sizeof *prover->order);
    prover->roots = base_alloc(arena, (image->check_count + 4) * sizeof *prover->roots);
    prover->open = base_alloc(arena, slots * sizeof *prover->open);
    prover->matters = base_alloc(arena, inputs * sizeof *prover->matters);
    prover->number_of = base_alloc(arena, inputs * sizeof *prover->number_of);
    prover->least = base_alloc(arena, inputs * sizeof *prover->least);
    prover->silent = base_alloc(arena, inputs * sizeof *prover->silent);
    for (uint32_t i = 0; i < inputs; i++)
        prover->least[i] = INT64_MIN;
    prover->changes = base_alloc(arena, slots * sizeof *prover->changes);
    prover->stack = base_alloc(arena, (STACK_MAX + 1) * inputs * sizeof *prover->stack);
    prover->gains = base_alloc(arena, (size_t)inputs * PROVE_WAYS * sizeof *prover->gains);
    char *text = base_alloc(arena, LIMIT_TEXT_BYTES);
    for (uint32_t w = 0; w < 2; w++) {
        make_walk(prover, &prover->walks[w]);
        make_run(prover, w, text);
    }
    return prover;
}
