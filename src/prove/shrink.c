/* From a machine that breaks a claim to a smaller and plainer one that still does.
 *
 * One input after another is first left at its default or unknown, if possible, then made smaller:
 * numbers by bisection toward 0 or their lowest value, members to the first in the enum's order.
 * Each change is kept only if the interpreter confirms that the claim stays broken by a machine
 * that is not refused. Two passes, because a later input may free an earlier one. The result is a
 * local minimum: what is found breaks the claim, but a smaller machine may exist. */
#include <string.h>
#include "prove/parts.h"

struct shrinker {
    struct prover *prover;
    const struct prove_claim *claim;
    struct proof *proof;
};

static bool still_breaks(const struct shrinker *s)
{
    bool refused;
    return s->prover->work >= 0 &&
           prove_breaks_with(s->prover, s->claim, s->proof->machine, s->proof->other, &refused) &&
           !refused;
}

/* Keeps the trial if the claim stays broken with it. */
static bool keep_if_broken(const struct shrinker *s, uint32_t input, struct vm_input trial)
{
    struct vm_input *here = &s->proof->machine[input], before = *here;
    *here = trial;
    if (still_breaks(s))
        return true;
    *here = before;
    return false;
}

static bool try_silence(const struct shrinker *s, uint32_t input)
{
    const struct image_input *from = &s->prover->image->inputs[input];
    struct vm_input trial = s->proof->machine[input];
    trial.given = false;
    trial.label = "default";
    if (from->class == IMAGE_OPTION && from->has_default) {
        trial.state = VM_VALUE;
        trial.value = from->fallback;
    } else if (from->optional && !from->has_default) {
        trial.state = VM_VOID;
    } else {
        return false;
    }
    return keep_if_broken(s, input, trial);
}

static bool try_value(const struct shrinker *s, uint32_t input, int64_t value)
{
    struct vm_input trial = s->proof->machine[input];
    trial.value = value;
    return keep_if_broken(s, input, trial);
}

/* Bisects downward. Bisection assumes that values between two that break the claim break it as
 * well; where that is wrong, the result is larger than necessary. */
static void shrink_number(const struct shrinker *s, uint32_t input)
{
    const struct image_input *from = &s->prover->image->inputs[input];
    int64_t low = from->low < 0 ? 0 : from->low, high = s->proof->machine[input].value;
    if (high <= low || try_value(s, input, low))
        return;
    while (low + 1 < high) {
        const int64_t middle = low + (high - low) / 2;
        if (try_value(s, input, middle))
            high = middle;
        else
            low = middle;
    }
}

static void shrink_member(const struct shrinker *s, uint32_t input)
{
    const struct image_input *from = &s->prover->image->inputs[input];
    for (uint32_t m = 0; m < from->member_count; m++) {
        const int64_t member = s->prover->image->words[from->members + m];
        if (member == s->proof->machine[input].value || try_value(s, input, member))
            return;
    }
}

void prove_shrink(struct prover *prover, const struct prove_claim *claim, struct proof *proof)
{
    const struct shrinker s = {prover, claim, proof};
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < prover->image->input_count; i++) {
            const bool moved = prove_is_pair(claim->shape) && i == claim->input;
            if (!prover->matters[i] || proof->machine[i].state != VM_VALUE)
                continue;
            if (!moved && try_silence(&s, i))
                continue;
            if (prover->image->inputs[i].kind == IMAGE_ENUM)
                shrink_member(&s, i);
            else if (image_is_number(prover->image->inputs[i].kind))
                shrink_number(&s, i);
        }
    still_breaks(&s);
}

/* --- how far it reaches --- */

static bool breaks_at(const struct shrinker *s, uint32_t input, int64_t value)
{
    s->proof->machine[input].value = value;
    return still_breaks(s);
}

int64_t prove_extent(struct prover *prover, const struct prove_claim *claim,
                     const struct proof *proof, uint32_t input)
{
    struct proof trial = *proof;
    const struct shrinker s = {prover, claim, &trial};
    const int64_t from = proof->machine[input].value, end = prover->image->inputs[input].high;
    int64_t good = from, bad = end, stride = 1;
    while (good < end) { /* gallop */
        const int64_t next = end - good < stride ? end : good + stride;
        if (!breaks_at(&s, input, next)) {
            bad = next;
            break;
        }
        good = next;
        stride = stride > INT64_MAX / 2 ? stride : stride * 2;
    }
    while (bad - good > 1) {
        const int64_t middle = good + (bad - good) / 2;
        if (breaks_at(&s, input, middle))
            good = middle;
        else
            bad = middle;
    }
    breaks_at(&s, input, from);
    return good;
}
