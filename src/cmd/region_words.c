/* A region in words, with its sample machine and what both sides say to it. */
#include <string.h>

#include "cmd/difference.h"

struct words {
    struct aza_arena *arena;
    const struct azj_joint *joint;
    const struct azv_machine *run; /* of the sample */
};

static const char *value_text(const struct words *w, unsigned kind, int64_t value)
{
    struct aza_sink sink = aza_arena_sink(w->arena);
    aza_put(&sink, kind == AZB_LIST ? "[" : kind == AZB_TEXT ? "\"" : "");
    azv_put_value(&sink, w->run, kind, value);
    aza_put(&sink, kind == AZB_LIST ? "]" : kind == AZB_TEXT ? "\"" : "");
    return sink.data == NULL ? "" : sink.data;
}

/* An end of a range: the value itself, or the next one outside after `outside`, whichever is the
 * shorter to write: "8191MB", "below 8192MB". */
static const char *end_words(const struct words *w, unsigned kind, int64_t end, int64_t beyond,
                             const char *inside, const char *outside)
{
    const char *here = value_text(w, kind, end), *there = value_text(w, kind, beyond);
    return strlen(there) < strlen(here) ? aza_format(w->arena, "%s%s", outside, there)
                                        : aza_format(w->arena, "%s%s", inside, here);
}

/* An end that is the domain's own is left out. */
static const char *range_words(const struct words *w, const struct azb_input *input,
                               const struct azc_extent *extent)
{
    const unsigned kind = input->kind;
    const int64_t low = extent->low, high = extent->high;
    const bool lowest = low == input->low, highest = high == input->high;
    if (low == high)
        return value_text(w, kind, low);
    if (kind == AZB_BOOL || (lowest && highest))
        return "known";
    if (highest)
        return end_words(w, kind, low, low - 1, "from ", "above ");
    if (lowest)
        return end_words(w, kind, high, high + 1, "up to ", "below ");
    return aza_format(w->arena, "%s .. %s", end_words(w, kind, low, low - 1, "", "above "),
                      end_words(w, kind, high, high + 1, "", "below "));
}

static const char *member_words(const struct words *w, const struct azb_input *input,
                                const struct azc_extent *extent)
{
    struct aza_sink sink = aza_arena_sink(w->arena);
    bool any = false;
    for (uint32_t m = 0; m < input->member_count; m++) {
        if (!extent->members[m])
            continue;
        const uint32_t word = w->joint->tables.words.items[input->members + m];
        AZA_PUT(&sink, any ? " or " : "", w->joint->code.strings.items + word);
        any = true;
    }
    return sink.data == NULL ? "" : sink.data;
}

static const char *extent_words(const struct words *w, const struct azb_input *input,
                                const struct azc_extent *extent)
{
    const char *brackets = input->kind == AZB_LIST ? "[]" : "\"\"";
    switch (extent->shape) {
    case AZC_RANGE:
        return range_words(w, input, extent);
    case AZC_MEMBERS:
        return member_words(w, input, extent);
    case AZC_EXACTLY:
        return aza_format(w->arena, "%c%s%c", brackets[0], extent->text, brackets[1]);
    case AZC_UNKNOWN:
        return input->class == AZB_OPTION ? "not said" : "unknown";
    default:
        return "";
    }
}

static void describe_extents(const struct words *w, struct azc_region *region)
{
    static const char *const said[] = {
        [AZC_EITHER] = "", [AZC_SAID] = " said", [AZC_UNSAID] = " not said"};
    const size_t count = w->joint->tables.inputs.count;
    region->where = aza_alloc(w->arena, (count + 1) * sizeof *region->where);
    for (size_t i = 0; i < count; i++) {
        const struct azc_extent *extent = &region->extents[i];
        const struct azb_input *input = &w->joint->tables.inputs.items[i];
        if (extent->shape == AZC_ANY && extent->said == AZC_EITHER)
            continue;
        const char *values = extent_words(w, input, extent);
        const char *unknown = !extent->or_unknown || extent->shape == AZC_ANY
                                  ? ""
                                  : (input->class == AZB_OPTION ? " or not said" : " or unknown");
        region->where[region->where_count++] =
            aza_format(w->arena, "%s%s%s%s%s", w->joint->code.strings.items + input->name,
                       *values == '\0' ? "" : " ", values, unknown, said[extent->said]);
    }
}

/* What the sample is, as far as it matters and is not what it would be anyway. What is not known of
 * it, the region's own words tell. */
static void describe_sample(const struct words *w, const struct azq_proof *proof,
                            struct azc_region *region)
{
    const size_t count = w->joint->tables.inputs.count;
    region->at = aza_alloc(w->arena, (count + 1) * sizeof *region->at);
    for (size_t i = 0; i < count; i++) {
        const struct azb_input *input = &w->joint->tables.inputs.items[i];
        const struct azv_input *value = &proof->machine[i];
        const struct azc_extent *extent = &region->extents[i];
        const bool bound = extent->shape != AZC_ANY || extent->said != AZC_EITHER;
        const bool usual = input->class == AZB_OPTION && input->has_default && !value->given;
        if (!proof->matters[i] || value->state != AZV_VALUE || (usual && !bound))
            continue;
        region->at[region->at_count++] =
            aza_format(w->arena, "%s = %s", w->joint->code.strings.items + input->name,
                       value_text(w, input->kind, value->value));
    }
}

static const char *side_text(const struct words *w, const struct azc_difference *subject, int side,
                             uint32_t slot)
{
    const struct azv_slot *value = &w->run->slots[slot];
    struct aza_sink sink = aza_arena_sink(w->arena);
    if (value->state == AZV_TRAP)
        return aza_format(w->arena, "no answer (%s)", azv_trap_sentence(value->trap));
    if (subject->class == AZC_OF_REFUSAL)
        return value->value != 0 ? "refused" : "accepted";
    if (value->state == AZV_VOID)
        return "not set";
    if (subject->settings[side] != NULL)
        azv_put_setting(&sink, w->run, subject->settings[side], value->value);
    else
        azv_put_value(&sink, w->run, w->run->image->code[slot].kind, value->value);
    return sink.length == 0 ? "empty" : sink.data;
}

void azc_describe_region(const struct azc_finding *finding, struct azc_region *region)
{
    const struct azj_joint *joint = &finding->comparison->joint;
    const struct words w = {joint->arena, joint, azq_run_of(finding->prover, false)};
    const uint32_t slots[AZJ_SIDES] = {finding->claim->a, finding->claim->b};
    describe_extents(&w, region);
    describe_sample(&w, finding->proof, region);
    for (int side = 0; side < AZJ_SIDES; side++)
        region->values[side] = side_text(&w, finding->subject, side, slots[side]);
}
