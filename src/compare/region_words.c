/* Describes a region in words: its extent along each input, its sample machine, and the values of
 * both sides for the sample. Ends that are the domain's own are omitted, and so are inputs whose
 * whole domain is in the region. The prover's last run must be the sample's: its texts are read
 * from there. */
#include <string.h>

#include "compare/compare.h"

struct words {
    struct base_arena *arena;
    const struct compare_joint *joint;
    const struct vm_machine *run; /* of the sample */
};

static const char *value_text(const struct words *w, unsigned kind, int64_t value)
{
    struct base_sink sink = base_arena_sink(w->arena);
    base_put(&sink, kind == IMAGE_LIST ? "[" : kind == IMAGE_TEXT ? "\"" : "");
    vm_put_value(&sink, w->run, kind, value);
    base_put(&sink, kind == IMAGE_LIST ? "]" : kind == IMAGE_TEXT ? "\"" : "");
    return sink.data;
}

/* An end of a range: the value itself after `inside`, or the next one beyond it after `outside`,
 * whichever is shorter: "8191MB", "below 8192MB". */
static const char *end_words(const struct words *w, unsigned kind, int64_t end, int64_t beyond,
                             const char *inside, const char *outside)
{
    const char *here = value_text(w, kind, end), *there = value_text(w, kind, beyond);
    return strlen(there) < strlen(here) ? base_format(w->arena, "%s%s", outside, there)
                                        : base_format(w->arena, "%s%s", inside, here);
}

/* A value, "known" for the whole domain, one end, or both. */
static const char *range_words(const struct words *w, const struct image_input *input,
                               const struct compare_extent *extent)
{
    const unsigned kind = input->kind;
    const int64_t low = extent->low, high = extent->high;
    const bool lowest = low == input->low, highest = high == input->high;
    if (low == high)
        return value_text(w, kind, low);
    if (kind == IMAGE_BOOL || (lowest && highest))
        return "known";
    if (highest)
        return end_words(w, kind, low, low - 1, "from ", "above ");
    if (lowest)
        return end_words(w, kind, high, high + 1, "up to ", "below ");
    return base_format(w->arena, "%s .. %s", end_words(w, kind, low, low - 1, "", "above "),
                       end_words(w, kind, high, high + 1, "", "below "));
}

static const char *member_words(const struct words *w, const struct image_input *input,
                                const struct compare_extent *extent)
{
    struct base_sink sink = base_arena_sink(w->arena);
    bool any = false;
    for (uint32_t m = 0; m < input->member_count; m++) {
        if (!extent->members[m])
            continue;
        const uint32_t word = w->joint->tables.words.items[input->members + m];
        BASE_PUT(&sink, any ? " or " : "", w->joint->code.strings.items + word);
        any = true;
    }
    return sink.data;
}

static const char *extent_words(const struct words *w, const struct image_input *input,
                                const struct compare_extent *extent)
{
    const char *brackets = input->kind == IMAGE_LIST ? "[]" : "\"\"";
    switch (extent->shape) {
    case COMPARE_RANGE:
        return range_words(w, input, extent);
    case COMPARE_MEMBERS:
        return member_words(w, input, extent);
    case COMPARE_EXACTLY:
        return base_format(w->arena, "%c%s%c", brackets[0], extent->text, brackets[1]);
    case COMPARE_UNKNOWN:
        return input->class == IMAGE_OPTION ? "not set" : "unknown";
    default:
        return "";
    }
}

static void describe_extents(const struct words *w, struct compare_region *region)
{
    static const char *const given[] = {[COMPARE_EITHER] = "",
                                        [COMPARE_GIVEN] = " set explicitly",
                                        [COMPARE_NOT_GIVEN] = " not set explicitly"};
    const size_t count = w->joint->tables.inputs.count;
    region->where = base_alloc(w->arena, (count + 1) * sizeof *region->where);
    for (size_t i = 0; i < count; i++) {
        const struct compare_extent *extent = &region->extents[i];
        const struct image_input *input = &w->joint->tables.inputs.items[i];
        if (extent->shape == COMPARE_ANY && extent->given == COMPARE_EITHER)
            continue;
        const char *values = extent_words(w, input, extent);
        const char *unknown = !extent->or_unknown || extent->shape == COMPARE_ANY
                                  ? ""
                                  : (input->class == IMAGE_OPTION ? " or not set" : " or unknown");
        region->where[region->where_count++] =
            base_format(w->arena, "%s%s%s%s%s", w->joint->code.strings.items + input->name,
                        *values == '\0' ? "" : " ", values, unknown, given[extent->given]);
    }
}

/* The sample: the inputs that matter, without options that have their default. Unknown inputs are
 * part of the region's description. */
static void describe_sample(const struct words *w, const struct proof *proof,
                            struct compare_region *region)
{
    const size_t count = w->joint->tables.inputs.count;
    region->at = base_alloc(w->arena, (count + 1) * sizeof *region->at);
    for (size_t i = 0; i < count; i++) {
        const struct image_input *input = &w->joint->tables.inputs.items[i];
        const struct vm_input *value = &proof->machine[i];
        const struct compare_extent *extent = &region->extents[i];
        const bool bound = extent->shape != COMPARE_ANY || extent->given != COMPARE_EITHER;
        const bool usual = input->class == IMAGE_OPTION && input->has_default && !value->given;
        if (!proof->matters[i] || value->state != VM_VALUE || (usual && !bound))
            continue;
        region->at[region->at_count++] =
            base_format(w->arena, "%s = %s", w->joint->code.strings.items + input->name,
                        value_text(w, input->kind, value->value));
    }
}

/* One side's value of the subject for the sample, as that side's setting is written. */
static const char *side_text(const struct words *w, const struct compare_difference *subject,
                             int side, uint32_t slot)
{
    const struct vm_slot *value = &w->run->slots[slot];
    struct base_sink sink = base_arena_sink(w->arena);
    if (value->state == VM_TRAP)
        return base_format(w->arena, "error (%s)", vm_trap_sentence(value->trap));
    if (subject->class == COMPARE_OF_REFUSAL)
        return value->value != 0 ? "refused" : "accepted";
    if (value->state == VM_VOID)
        return "not set";
    if (subject->settings[side] != NULL)
        vm_put_setting(&sink, w->run, subject->settings[side], value->value);
    else
        vm_put_value(&sink, w->run, w->run->image->code[slot].kind, value->value);
    return sink.length == 0 ? "empty" : sink.data;
}

void compare_describe_region(const struct compare_finding *finding, struct compare_region *region)
{
    const struct compare_joint *joint = &finding->comparison->joint;
    const struct words w = {joint->arena, joint, prove_run_of(finding->prover, false)};
    const uint32_t slots[COMPARE_SIDES] = {finding->claim->a, finding->claim->b};
    describe_extents(&w, region);
    describe_sample(&w, finding->proof, region);
    for (int side = 0; side < COMPARE_SIDES; side++)
        region->values[side] = side_text(&w, finding->subject, side, slots[side]);
}
