/* Where a box may be split: along the inputs that still leave the claim open, and no others.
 *
 * From the claim's roots, openness is followed down to the inputs, but only through operands that
 * are not settled and that a choice may still take in this box. Splitting any other input would
 * give two halves that look alike to the claim.
 *
 * An input is split first by whether it is known, then by whether it is given, and by its value: a
 * number at a constant that the code compares it with, if one is inside its range, otherwise in the
 * middle on a scale of ratios; names in two halves; a list by one name that the code asks for. */
#include "base/assert.h"
#include "prove/parts.h"

/* --- which inputs are still open --- */

static bool is_settled(const struct prove_value *value, unsigned kind)
{
    const bool one_state = prove_is_single(value->states);
    if (!one_state)
        return false;
    if (value->states != PROVE_MAY_VALUE)
        return true;
    if (kind == IMAGE_LIST)
        return value->must == value->may;
    if (image_is_text(kind))
        return prove_is_single(value->may);
    return prove_is_point(value);
}

/* Marks the operands that may be the reason why a slot is open. */
static void mark_operands(const struct prover *prover, const struct prove_walk *walk, bool *open,
                          uint32_t n)
{
    const struct image_instruction *i = &prover->image->code[n];
    const struct prove_value *a = &walk->values[i->a], *b = &walk->values[i->b];
    bool take[3] = {image_reads(i->op, 0), image_reads(i->op, 1), image_reads(i->op, 2)};
    if (i->op == IMAGE_OP_SELECT) {
        take[1] = a->high != 0;
        take[2] = a->low != 1;
    } else if (i->op == IMAGE_OP_ELSE) {
        take[1] = a->states & PROVE_MAY_VOID;
    } else if (i->op == IMAGE_OP_MIN) {
        take[0] = a->low < b->high;
        take[1] = b->low < a->high;
    } else if (i->op == IMAGE_OP_MAX) {
        take[0] = a->high > b->low;
        take[1] = b->high > a->low;
    }
    const uint16_t operands[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3; k++)
        if (take[k] &&
            !is_settled(&walk->values[operands[k]], prover->image->code[operands[k]].kind))
            open[operands[k]] = true;
}

/* Adds the names that an open instruction looks for in a list. */
static void collect_asked_names(const struct prover *prover, const struct prove_walk *walk,
                                uint32_t n, uint64_t *asked)
{
    const struct image_instruction *i = &prover->image->code[n];
    if (i->op == IMAGE_OP_HAS)
        *asked |= walk->values[i->b].may;
    else if (i->op == IMAGE_OP_EQ && prover->image->code[i->a].kind == IMAGE_LIST)
        *asked |= walk->values[i->a].may | walk->values[i->b].may;
}

struct open_inputs {
    bool of[LIMIT_INPUTS], given[LIMIT_INPUTS];
    uint64_t asked;
};

static void find_open(struct prover *prover, const struct prove_claim *claim, uint32_t roots,
                      struct open_inputs *inputs)
{
    const uint32_t walks = prove_is_pair(claim->shape) ? 2 : 1;
    bool *open = prover->open;
    prove_work(prover, prover->order_count);
    *inputs = (struct open_inputs){.asked = 0};
    for (uint32_t n = 0; n < prover->order_count; n++)
        open[prover->order[n]] = false;
    for (uint32_t r = 0; r < roots; r++)
        open[prover->roots[r]] = true;
    for (uint32_t at = prover->order_count; at-- > 0;) {
        const uint32_t n = prover->order[at];
        const struct image_instruction *i = &prover->image->code[n];
        if (!open[n])
            continue;
        for (uint32_t w = 0; w < walks; w++) {
            mark_operands(prover, &prover->walks[w], open, n);
            collect_asked_names(prover, &prover->walks[w], n, &inputs->asked);
        }
        if (i->op == IMAGE_OP_INPUT)
            inputs->of[i->immediate] = true;
        else if (i->op == IMAGE_OP_GIVEN)
            inputs->given[i->immediate] = true;
    }
}

/* --- halves --- */

/* For LE(x, c) and the like, where x is the input: the last value of the lower half, which is c, or
 * with `last` the value before it, so that both sides of an equality can be cut off. */
static bool threshold_of(const struct image *image, uint32_t n, uint32_t input, bool last,
                         int64_t *edge)
{
    const struct image_instruction *i = &image->code[n];
    const struct image_instruction *a = &image->code[i->a], *b = &image->code[i->b];
    const bool compares = i->op == IMAGE_OP_LE || i->op == IMAGE_OP_LT || i->op == IMAGE_OP_EQ ||
                          i->op == IMAGE_OP_MIN || i->op == IMAGE_OP_MAX;
    if (!compares)
        return false;
    const bool input_first = a->op == IMAGE_OP_INPUT && (uint32_t)a->immediate == input;
    const struct image_instruction *constant = input_first ? b : a, *other = input_first ? a : b;
    if (constant->op != IMAGE_OP_CONST || other->op != IMAGE_OP_INPUT ||
        (uint32_t)other->immediate != input || constant->immediate == INT64_MIN)
        return false;
    *edge = constant->immediate - last;
    return true;
}

/* The edge inside low .. high - 1 that is nearest to the middle; false when there is none. */
static bool nearest_edge(struct prover *prover, uint32_t input, int64_t low, int64_t high,
                         int64_t middle, int64_t *edge)
{
    bool found = false;
    prove_work(prover, prover->order_count);
    for (uint32_t at = 0; at < prover->order_count; at++)
        for (int last = 0; last < 2; last++) {
            int64_t here;
            if (!threshold_of(prover->image, prover->order[at], input, last, &here) || here < low ||
                here >= high)
                continue;
            const base_wide distance =
                here < middle ? (base_wide)middle - here : (base_wide)here - middle;
            const base_wide best =
                *edge < middle ? (base_wide)middle - *edge : (base_wide)*edge - middle;
            if (!found || distance < best)
                *edge = here;
            found = true;
        }
    return found;
}

/* The geometric mean of low + 1 and high + 1, minus 1, rounded down: the middle on a scale of
 * ratios, which suits sizes that range over many powers of two. By bisection, in whole numbers. */
static int64_t geometric_middle(int64_t low, int64_t high)
{
    const base_wide product = ((base_wide)low + 1) * ((base_wide)high + 1);
    int64_t from = low, to = high;
    while (from < to) {
        const int64_t middle = to - (to - from) / 2;
        if (((base_wide)middle + 1) * ((base_wide)middle + 1) <= product)
            from = middle;
        else
            to = middle - 1;
    }
    return from;
}

static int64_t middle_of(int64_t low, int64_t high)
{
    const int64_t middle = low >= 0 && high / 4 > low ? geometric_middle(low, high)
                                                      : (int64_t)(((base_wide)low + high) >> 1);
    return middle >= high ? high - 1 : middle;
}

static void split_number(struct prover *prover, struct prove_split *split)
{
    const int64_t low = split->parts[0].low, high = split->parts[0].high;
    int64_t edge = middle_of(low, high);
    nearest_edge(prover, split->input, low, high, edge, &edge);
    BASE_ASSERT(low <= edge && edge < high);
    split->parts[0].high = edge;
    split->parts[1].low = edge + 1;
}

static void split_names(struct prove_split *split)
{
    const uint64_t may = split->parts[0].may;
    const int half = __builtin_popcountll(may) / 2;
    uint64_t lower = 0;
    for (int taken = 0; taken < half; taken++)
        lower |= (may & ~lower) & -(may & ~lower);
    BASE_ASSERT(lower != 0 && lower != may);
    split->parts[0].may = lower;
    split->parts[1].may = may & ~lower;
}

struct found {
    struct prove_split *splits;
    uint32_t count, room;
};

static struct prove_split *add_split(struct found *found, uint32_t input, uint32_t way,
                                     const struct prove_range *range)
{
    if (found->count == found->room)
        return NULL;
    struct prove_split *split = &found->splits[found->count++];
    *split = (struct prove_split){.input = input, .way = way, .parts = {*range, *range}};
    return split;
}

static void split_list(struct found *found, uint32_t input, const struct prove_range *range,
                       uint64_t asked)
{
    for (uint64_t open = range->may & ~range->must & asked & ~PROVE_OTHER; open != 0;
         open &= open - 1) {
        struct prove_split *split =
            add_split(found, input, PROVE_BY_NAME + (uint32_t)__builtin_ctzll(open), range);
        if (split == NULL)
            return;
        split->parts[0].may &= ~(open & -open);
        split->parts[1].must |= open & -open;
    }
}

static void split_value(struct prover *prover, struct found *found, uint32_t input,
                        const struct prove_range *range, uint64_t asked)
{
    const unsigned kind = prover->image->inputs[input].kind;
    struct prove_split *split;
    if (kind == IMAGE_LIST) {
        split_list(found, input, range, asked);
    } else if (image_is_text(kind)) {
        if (!prove_is_single(range->may) &&
            (split = add_split(found, input, PROVE_BY_VALUE, range)) != NULL)
            split_names(split);
    } else if (range->low < range->high &&
               (split = add_split(found, input, PROVE_BY_VALUE, range)) != NULL) {
        split_number(prover, split);
    }
}

static void split_input(struct prover *prover, struct found *found, uint32_t input,
                        const struct prove_range *range, const struct open_inputs *open)
{
    struct prove_split *split;
    if (range->may_be_known && range->may_be_unknown) {
        if ((split = add_split(found, input, PROVE_BY_STATE, range)) != NULL) {
            split->parts[0].may_be_known = false;
            split->parts[1].may_be_unknown = false;
        }
        return;
    }
    if (open->given[input] && range->may_be_given && range->may_be_default &&
        (split = add_split(found, input, PROVE_BY_GIVEN, range)) != NULL) {
        split->parts[0].may_be_given = false;
        split->parts[1].may_be_default = false;
    }
    if (range->may_be_known && open->of[input])
        split_value(prover, found, input, range, open->asked);
}

static void split_open(struct prover *prover, const struct prove_claim *claim,
                       const struct prove_range *box, uint32_t roots, struct found *found)
{
    struct open_inputs open;
    find_open(prover, claim, roots, &open);
    for (uint32_t i = 0; i < prover->image->input_count; i++)
        if (open.of[i] || open.given[i])
            split_input(prover, found, i, &box[i], &open);
}

/* Inputs that leave the claim itself open come first. Only if there are none are those split that
 * decide whether the machine is refused. */
uint32_t prove_splits(struct prover *prover, const struct prove_claim *claim,
                      const struct prove_range *box, struct prove_split *splits, uint32_t room)
{
    struct found found = {splits, 0, room};
    split_open(prover, claim, box, prover->claim_roots, &found);
    if (found.count == 0)
        split_open(prover, claim, box, prover->root_count, &found);
    return found.count;
}
