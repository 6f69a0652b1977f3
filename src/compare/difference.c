/* Collects the subjects of two rule sets and compares them with the prover, in rounds.
 *
 * A round writes the joint image and asks for every open subject whether both sides' slots are the
 * same on every machine. A refutation gives a region (region.c), whose negation is added to the
 * subject's guard for the next round; each round needs an image of its own because the guards are
 * new code. After COMPARE_REGIONS_MAX rounds a last one only asks whether there are more.
 *
 * Settings and exports are compared on the machines that neither side refuses. Which machines are
 * refused is a subject of its own, compared last, in images without checks. Subjects whose slots
 * are one and the same in the joint code need no proof. */
#include <string.h>

#include "compare/compare.h"

/* --- subjects --- */

static struct compare_difference *add_subject(struct comparison *comparison,
                                              enum compare_subject_class class, const char *name)
{
    struct compare_difference *subject = BASE_PUSH(comparison->joint.arena, &comparison->subjects);
    *subject = (struct compare_difference){.class = class, .name = name};
    subject->guard = ir_constant(&comparison->joint.code, IMAGE_BOOL, 1);
    return subject;
}

/* The subject of that class and name, which is added if it is new. */
static struct compare_difference *find_subject(struct comparison *comparison,
                                               enum compare_subject_class class, const char *name)
{
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (comparison->subjects.items[i].class == class &&
            base_text_is(comparison->subjects.items[i].name, name))
            return &comparison->subjects.items[i];
    return add_subject(comparison, class, name);
}

static void set_side(struct comparison *comparison, struct compare_difference *subject, int side,
                     uint32_t slot)
{
    subject->slots[side] = comparison->joint.sides[side].slots[slot];
    subject->there[side] = true;
}

static void add_subjects_of_side(struct comparison *comparison, int side)
{
    const struct image *image = comparison->joint.sides[side].image;
    for (uint32_t i = 0; i < image->output_count; i++) {
        const struct image_setting *setting = &image->settings[image->outputs[i].setting];
        struct compare_difference *subject =
            find_subject(comparison, COMPARE_OF_SETTING, image_string(image, setting->name));
        set_side(comparison, subject, side, image->outputs[i].slot);
        subject->settings[side] = setting;
    }
    for (uint32_t i = 0; i < image->export_count; i++) {
        const char *name = image_string(image, image->exports[i].variable);
        set_side(comparison, find_subject(comparison, COMPARE_OF_EXPORT, name), side,
                 image->exports[i].slot);
    }
}

/* A subject that one side lacks is void there. */
static void complete_subject(struct comparison *comparison, struct compare_difference *subject)
{
    struct ir_code *code = &comparison->joint.code;
    for (int side = 0; side < COMPARE_SIDES; side++)
        if (!subject->there[side])
            subject->slots[side] = ir_void(code, ir_kind(code, (ir_slot)subject->slots[1 - side]));
    subject->other_kind = ir_kind(code, (ir_slot)subject->slots[COMPARE_OLD]) !=
                          ir_kind(code, (ir_slot)subject->slots[COMPARE_NEW]);
}

static void collect_subjects(struct comparison *comparison)
{
    for (int side = 0; side < COMPARE_SIDES; side++)
        add_subjects_of_side(comparison, side);
    for (size_t i = 0; i < comparison->subjects.count; i++)
        complete_subject(comparison, &comparison->subjects.items[i]);
    struct compare_difference *refusal = add_subject(comparison, COMPARE_OF_REFUSAL, "refused");
    for (int side = 0; side < COMPARE_SIDES; side++) {
        refusal->slots[side] = comparison->joint.sides[side].refused;
        refusal->there[side] = true;
    }
}

/* --- rounds --- */

enum { ROOTS = 3 }; /* of a subject: both slots and its guard */

struct round {
    struct comparison *comparison;
    bool refusals;     /* this round compares the refused machines: none is excluded */
    bool *open;        /* by subject */
    uint32_t *roots;   /* ROOTS for each subject */
    bool any, is_last; /* the last one only asks whether there are more differences */
};

/* Sets the roots of all subjects, and whether any is still open. */
static void begin_round(struct round *round)
{
    const struct comparison *comparison = round->comparison;
    round->any = false;
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        const struct compare_difference *subject = &comparison->subjects.items[i];
        uint32_t *roots = round->roots + ROOTS * i;
        roots[0] = subject->slots[COMPARE_OLD];
        roots[1] = subject->slots[COMPARE_NEW];
        roots[2] = subject->guard;
        round->any |= round->open[i];
    }
}

static void exclude_region(struct comparison *comparison, struct compare_difference *subject,
                           const struct compare_region *region)
{
    struct ir_code *code = &comparison->joint.code;
    const ir_slot inside = compare_inside(&comparison->joint, region),
                  outside = ir_emit(code, IMAGE_OP_NOT, IMAGE_BOOL, inside, 0, 0, 0);
    subject->guard =
        ir_emit(code, IMAGE_OP_AND, IMAGE_BOOL, (ir_slot)subject->guard, outside, 0, 0);
}

/* Proves or refutes that a subject is the same on both sides; whether it stays open. */
static bool compare_subject(const struct round *round, struct prover *prover, size_t index)
{
    static const enum compare_rest rests[] = {[PROVE_PROVED] = COMPARE_NOWHERE_ELSE,
                                              [PROVE_REFUTED] = COMPARE_ELSEWHERE,
                                              [PROVE_UNDECIDED] = COMPARE_REST_OPEN};
    struct comparison *comparison = round->comparison;
    struct compare_difference *subject = &comparison->subjects.items[index];
    const uint32_t *roots = round->roots + ROOTS * index;
    const struct prove_claim claim = {.shape = PROVE_SAME,
                                      .a = roots[0],
                                      .b = roots[1],
                                      .guard = subject->region_count == 0 ? IMAGE_NONE : roots[2]};
    const struct proof proof = prove_run(prover, &claim, comparison->budget);
    subject->boxes += proof.boxes;
    if (subject->region_count == 0)
        subject->verdict = proof.verdict;
    subject->rest = rests[proof.verdict];
    if (proof.verdict != PROVE_REFUTED || round->is_last)
        return false;
    const struct compare_finding finding = {comparison, subject, prover, &claim, &proof};
    struct compare_region *region = &subject->regions[subject->region_count++];
    compare_find_region(&finding, region);
    exclude_region(comparison, subject, region);
    return true;
}

static bool run_round(struct round *round, const char **why)
{
    struct compare_joint *joint = &round->comparison->joint;
    const size_t count = round->comparison->subjects.count;
    struct image image;
    if (!compare_write_joint(joint, !round->refusals, round->roots, ROOTS * count, &image, why))
        return false;
    struct prover *prover = prove_new(joint->arena, &image);
    for (size_t i = 0; i < count; i++)
        round->open[i] = round->open[i] && compare_subject(round, prover, i);
    return true;
}

static bool run_rounds(struct comparison *comparison, bool refusals, const char **why)
{
    const size_t count = comparison->subjects.count;
    struct base_arena *arena = comparison->joint.arena;
    struct round round = {.comparison = comparison,
                          .refusals = refusals,
                          .open = base_alloc(arena, count + 1),
                          .roots = base_alloc(arena, (ROOTS * count + 1) * sizeof(uint32_t))};
    for (size_t i = 0; i < count; i++) {
        const struct compare_difference *subject = &comparison->subjects.items[i];
        round.open[i] = (subject->class == COMPARE_OF_REFUSAL) == refusals &&
                        !subject->other_kind &&
                        subject->slots[COMPARE_OLD] != subject->slots[COMPARE_NEW];
    }
    for (int n = 0; n <= COMPARE_REGIONS_MAX; n++) {
        round.is_last = n == COMPARE_REGIONS_MAX;
        begin_round(&round);
        if (round.any && !run_round(&round, why))
            return false;
    }
    return true;
}

bool compare_rules(struct comparison *comparison, const char **why)
{
    compare_inputs(comparison);
    collect_subjects(comparison);
    return run_rounds(comparison, false, why) && run_rounds(comparison, true, why);
}
