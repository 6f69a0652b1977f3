/* Gathers what two rule sets say, and lets the prover compare it, round by round: each round has an
 * image of its own, in which the regions that were found before are left out. */
#include <string.h>

#include "cmd/difference.h"

/* ---- what is compared ---- */

static struct azc_difference *add(struct azc_comparison *comparison, enum azc_subject_class class,
                                  const char *name)
{
    struct azc_difference *subject = AZA_PUSH(comparison->joint.arena, &comparison->subjects);
    *subject = (struct azc_difference){.class = class, .name = name};
    subject->guard = azi_constant(&comparison->joint.code, AZB_BOOL, 1);
    return subject;
}

static struct azc_difference *find(struct azc_comparison *comparison, enum azc_subject_class class,
                                   const char *name)
{
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (comparison->subjects.items[i].class == class &&
            aza_text_is(comparison->subjects.items[i].name, name))
            return &comparison->subjects.items[i];
    return add(comparison, class, name);
}

static void put_side(struct azc_comparison *comparison, struct azc_difference *subject, int side,
                     uint32_t slot)
{
    subject->slots[side] = comparison->joint.sides[side].slots[slot];
    subject->there[side] = true;
}

static void add_side(struct azc_comparison *comparison, int side)
{
    const struct azb_image *image = comparison->joint.sides[side].image;
    for (uint32_t i = 0; i < image->output_count; i++) {
        const struct azb_setting *setting = &image->settings[image->outputs[i].setting];
        struct azc_difference *subject =
            find(comparison, AZC_OF_SETTING, azb_string(image, setting->name));
        put_side(comparison, subject, side, image->outputs[i].slot);
        subject->settings[side] = setting;
    }
    for (uint32_t i = 0; i < image->export_count; i++) {
        const char *name = azb_string(image, image->exports[i].variable);
        put_side(comparison, find(comparison, AZC_OF_EXPORT, name), side, image->exports[i].slot);
    }
}

/* What one side does not speak of has no value there. */
static void complete(struct azc_comparison *comparison, struct azc_difference *subject)
{
    struct azi_code *code = &comparison->joint.code;
    for (int side = 0; side < AZJ_SIDES; side++)
        if (!subject->there[side])
            subject->slots[side] =
                azi_void(code, azi_kind(code, (azi_slot)subject->slots[1 - side]));
    subject->other_kind = azi_kind(code, (azi_slot)subject->slots[AZJ_OLD]) !=
                          azi_kind(code, (azi_slot)subject->slots[AZJ_NEW]);
}

static void gather(struct azc_comparison *comparison)
{
    for (int side = 0; side < AZJ_SIDES; side++)
        add_side(comparison, side);
    for (size_t i = 0; i < comparison->subjects.count; i++)
        complete(comparison, &comparison->subjects.items[i]);
    struct azc_difference *refusal = add(comparison, AZC_OF_REFUSAL, "refused");
    for (int side = 0; side < AZJ_SIDES; side++) {
        refusal->slots[side] = comparison->joint.sides[side].refused;
        refusal->there[side] = true;
    }
}

/* ---- rounds ---- */

enum { ROOTS = 3 }; /* of a subject: both slots and its guard */

struct round {
    struct azc_comparison *comparison;
    bool refusals;     /* the round about what is refused: no machine is left out */
    bool *open;        /* by subject */
    uint32_t *roots;   /* ROOTS for each subject */
    bool any, is_last; /* the last one only asks whether there is more */
};

/* The same slot has the same value; what was settled before needs no further round. */
static void begin_round(struct round *round)
{
    const struct azc_comparison *comparison = round->comparison;
    round->any = false;
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        const struct azc_difference *subject = &comparison->subjects.items[i];
        uint32_t *roots = round->roots + ROOTS * i;
        roots[0] = subject->slots[AZJ_OLD];
        roots[1] = subject->slots[AZJ_NEW];
        roots[2] = subject->guard;
        round->any |= round->open[i];
    }
}

static void leave_out(struct azc_comparison *comparison, struct azc_difference *subject,
                      const struct azc_region *region)
{
    struct azi_code *code = &comparison->joint.code;
    const azi_slot inside = azc_inside(&comparison->joint, region),
                   outside = azi_emit(code, AZB_OP_NOT, AZB_BOOL, inside, 0, 0, 0);
    subject->guard = azi_emit(code, AZB_OP_AND, AZB_BOOL, (azi_slot)subject->guard, outside, 0, 0);
}

/* Whether there is more to ask about the subject. */
static bool ask(const struct round *round, struct azq_prover *prover, size_t index)
{
    struct azc_comparison *comparison = round->comparison;
    struct azc_difference *subject = &comparison->subjects.items[index];
    const uint32_t *roots = round->roots + ROOTS * index;
    const struct azq_claim claim = {.shape = AZQ_SAME,
                                    .a = roots[0],
                                    .b = roots[1],
                                    .guard = subject->region_count == 0 ? AZB_NONE : roots[2]};
    const struct azq_proof proof = azq_prove(prover, &claim, comparison->budget);
    subject->boxes += proof.boxes;
    if (subject->region_count == 0)
        subject->verdict = proof.verdict;
    subject->rest = proof.verdict == AZQ_PROVED      ? AZC_NOWHERE_ELSE
                    : proof.verdict == AZQ_UNDECIDED ? AZC_REST_OPEN
                                                     : AZC_ELSEWHERE;
    if (proof.verdict != AZQ_REFUTED || round->is_last)
        return false;
    const struct azc_finding finding = {comparison, subject, prover, &claim, &proof};
    struct azc_region *region = &subject->regions[subject->region_count++];
    azc_find_region(&finding, region);
    leave_out(comparison, subject, region);
    return true;
}

static bool run_round(struct round *round, const char **why)
{
    struct azj_joint *joint = &round->comparison->joint;
    const size_t count = round->comparison->subjects.count;
    struct azb_image image;
    if (!azj_write(joint, !round->refusals, round->roots, ROOTS * count, &image, why))
        return false;
    struct azq_prover *prover = azq_new(joint->arena, &image);
    for (size_t i = 0; i < count; i++)
        round->open[i] = round->open[i] && ask(round, prover, i);
    return true;
}

static bool run_rounds(struct azc_comparison *comparison, bool refusals, const char **why)
{
    const size_t count = comparison->subjects.count;
    struct aza_arena *arena = comparison->joint.arena;
    struct round round = {.comparison = comparison,
                          .refusals = refusals,
                          .open = aza_alloc(arena, count + 1),
                          .roots = aza_alloc(arena, (ROOTS * count + 1) * sizeof(uint32_t))};
    for (size_t i = 0; i < count; i++) {
        const struct azc_difference *subject = &comparison->subjects.items[i];
        round.open[i] = (subject->class == AZC_OF_REFUSAL) == refusals && !subject->other_kind &&
                        subject->slots[AZJ_OLD] != subject->slots[AZJ_NEW];
    }
    for (int n = 0; n <= AZC_REGIONS_MAX; n++) {
        round.is_last = n == AZC_REGIONS_MAX;
        begin_round(&round);
        if (round.any && !run_round(&round, why))
            return false;
    }
    return true;
}

bool azc_compare_rules(struct azc_comparison *comparison, const char **why)
{
    azc_compare_inputs(comparison);
    gather(comparison);
    return run_rounds(comparison, false, why) && run_rounds(comparison, true, why);
}
