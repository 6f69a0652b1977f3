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

/* "4096MB .. 8191MB", "4096MB .. below 8192MB", whichever end is the shorter to write; an end that
 * is the domain's own is left out. */
static const char *range_words(const struct words *w, const struct azb_input *input,
                               const struct azc_extent *extent)
{
    const char *low = value_text(w, input->kind, extent->low),
               *high = value_text(w, input->kind, extent->high);
    const char *behind =
        extent->high == INT64_MAX ? high : value_text(w, input->kind, extent->high + 1);
    const bool below = strlen(behind) < strlen(high);
    if (extent->low == extent->high)
        return low;
    if (input->kind == AZB_BOOL)
        return "known";
    if (extent->low == input->low && extent->high == input->high)
        return "known";
    if (extent->high == input->high)
        return aza_format(w->arena, "from %s", low);
    if (extent->low == input->low)
        return aza_format(w->arena, "%s %s", below ? "below" : "up to", below ? behind : high);
    return aza_format(w->arena, "%s .. %s%s", low, below ? "below " : "", below ? behind : high);
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
