/* What differs, as text for people, as Markdown for a pull request, as JSON for programs. */
#include <string.h>

#include "cmd/difference.h"

enum { COLUMN_MAX = 64 }; /* what is longer sticks out rather than push all others apart */

static bool differs(const struct azc_difference *subject)
{
    return subject->other_kind || subject->verdict != AZQ_PROVED;
}

static bool is_open(const struct azc_difference *subject)
{
    return !subject->other_kind && subject->verdict == AZQ_UNDECIDED;
}

bool azc_is_equal(const struct azc_comparison *comparison)
{
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (differs(&comparison->subjects.items[i]))
            return false;
    return comparison->aspects.count == 0;
}

/* ---- pieces ---- */

static const char *joined(struct aza_arena *arena, const char *const *parts, size_t number)
{
    struct aza_sink sink = aza_arena_sink(arena);
    for (size_t i = 0; i < number; i++)
        AZA_PUT(&sink, i == 0 ? "" : ", ", parts[i]);
    return sink.data == NULL ? "" : sink.data;
}

static const char *everywhere(const struct azc_comparison *comparison)
{
    return comparison->narrowed ? "every such machine" : "every machine";
}

static const char *where_of(const struct azc_comparison *comparison,
                            const struct azc_region *region)
{
    return region->where_count == 0
               ? everywhere(comparison)
               : joined(comparison->joint.arena, region->where, region->where_count);
}

static const char *only_in(const struct azc_difference *subject)
{
    return !subject->there[AZJ_NEW] ? "OLD" : !subject->there[AZJ_OLD] ? "NEW" : NULL;
}

static const char *kind_of(const struct azc_comparison *comparison,
                           const struct azc_difference *subject, int side)
{
    return azb_kind_word(azi_kind(&comparison->joint.code, (azi_slot)subject->slots[side]));
}

/* What is known of the machines outside the regions; null where there is nothing to add. */
static const char *rest_words(const struct azc_difference *subject)
{
    static const char *const words[] = {
        [AZC_NOWHERE_ELSE] = NULL,
        [AZC_ELSEWHERE] = "and elsewhere",
        [AZC_REST_OPEN] = "elsewhere no difference was found, nor shown that there is none"};
    return subject->region_count == 0 ? NULL : words[subject->rest];
}

static void put_number(struct aza_sink *sink, size_t number, const char *one, const char *many)
{
    aza_put_int(sink, (int64_t)number);
    AZA_PUT(sink, " ", number == 1 ? one : many);
}

static void put_undecided(struct aza_sink *sink, const struct azc_difference *subject)
{
    aza_put(sink, "not shown to be equal, no difference found in ");
    put_number(sink, subject->boxes, "box", "boxes");
}

struct tally {
    size_t all, same, open;
};

static struct tally tally(const struct azc_comparison *comparison, enum azc_subject_class class)
{
    struct tally tally = {0};
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        const struct azc_difference *subject = &comparison->subjects.items[i];
        tally.all += subject->class == class;
        tally.same += subject->class == class && !differs(subject);
        tally.open += subject->class == class && is_open(subject);
    }
    return tally;
}

/* "1 of 77 settings differs; 76 are the same on every machine": of settings, and of variables. */
static void put_tally(struct aza_sink *sink, const struct azc_comparison *comparison,
                      struct tally tally, const char *one, const char *many)
{
    const size_t different = tally.all - tally.same - tally.open;
    if (tally.same < tally.all) {
        aza_put_int(sink, (int64_t)different);
        aza_put(sink, " of ");
        put_number(sink, tally.all, one, many);
        aza_put(sink, different == 1 ? " differs; " : " differ; ");
    }
    if (tally.open > 0) {
        aza_put_int(sink, (int64_t)tally.open);
        aza_put(sink, tally.open == 1 ? " is undecided; " : " are undecided; ");
    }
    if (tally.same == tally.all)
        put_number(sink, tally.all, one, many);
    else
        aza_put_int(sink, (int64_t)tally.same);
    AZA_PUT(sink, tally.same == 1 ? " is" : " are", " the same on ", everywhere(comparison));
}

static const struct azc_difference *refusal_of(const struct azc_comparison *comparison)
{
    return &comparison->subjects.items[comparison->subjects.count - 1];
}

static void put_summary(struct aza_sink *sink, const struct azc_comparison *comparison)
{
    const struct tally exports = tally(comparison, AZC_OF_EXPORT);
    size_t boxes = 0;
    for (size_t i = 0; i < comparison->subjects.count; i++)
        boxes += comparison->subjects.items[i].boxes;
    put_tally(sink, comparison, tally(comparison, AZC_OF_SETTING), "setting", "settings");
    aza_put(sink, " (proved, ");
    put_number(sink, boxes, "box", "boxes");
    aza_put(sink, ")\n");
    if (exports.all > 0) {
        put_tally(sink, comparison, exports, "exported variable", "exported variables");
        aza_put_char(sink, '\n');
    }
    if (!differs(refusal_of(comparison)))
        aza_put(sink, "the same machines are refused\n");
}

/* ---- text ---- */

static void put_regions(struct aza_sink *sink, const struct azc_comparison *comparison,
                        const struct azc_difference *subject)
{
    struct aza_arena *arena = comparison->joint.arena;
    size_t width = 0;
    for (size_t i = 0; i < subject->region_count; i++) {
        const size_t length = strlen(where_of(comparison, &subject->regions[i]));
        width = length > width && length <= COLUMN_MAX ? length : width;
    }
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct azc_region *region = &subject->regions[i];
        const char *where = where_of(comparison, region);
        AZA_PUT(sink, "    ", where);
        if (region->at_count > 0) {
            aza_put_padding(sink, strlen(where), width);
            AZA_PUT(sink, "    at ", joined(arena, region->at, region->at_count));
        }
        AZA_PUT(sink, ":  ", region->values[AZJ_OLD], " -> ", region->values[AZJ_NEW], "\n");
    }
}

static void put_subject(struct aza_sink *sink, const struct azc_comparison *comparison,
                        const struct azc_difference *subject)
{
    static const char *const classes[] = {
        [AZC_OF_SETTING] = "", [AZC_OF_EXPORT] = "export ", [AZC_OF_REFUSAL] = ""};
    const char *only = only_in(subject), *rest = rest_words(subject);
    AZA_PUT(sink, classes[subject->class], subject->name);
    if (only != NULL)
        AZA_PUT(sink, "  only in ", only);
    aza_put_char(sink, '\n');
    if (subject->other_kind)
        AZA_PUT(sink, "    kind: ", kind_of(comparison, subject, AZJ_OLD), " -> ",
                kind_of(comparison, subject, AZJ_NEW), "\n");
    put_regions(sink, comparison, subject);
    if (rest != NULL)
        AZA_PUT(sink, "    ", rest, "\n");
    if (is_open(subject)) {
        aza_put(sink, "    ");
        put_undecided(sink, subject);
        aza_put_char(sink, '\n');
    }
}

static void put_aspects(struct aza_sink *sink, const struct azc_comparison *comparison)
{
    const char *before = "";
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct azc_aspect *aspect = &comparison->aspects.items[i];
        const bool both = aspect->values[AZJ_OLD] != NULL && aspect->values[AZJ_NEW] != NULL;
        if (!aza_text_is(before, aspect->input))
            AZA_PUT(sink, aspect->input, "\n");
        before = aspect->input;
        const bool joined_up =
            aza_text_is(aspect->name, "domain") || aza_text_is(aspect->name, "members");
        if (both)
            AZA_PUT(sink, "    ", aspect->name, ": ", aspect->values[AZJ_OLD], " -> ",
                    aspect->values[AZJ_NEW], joined_up ? "  (compared over both)\n" : "\n");
        else
            AZA_PUT(sink, "    only in ", aspect->values[AZJ_OLD] != NULL ? "OLD: " : "NEW: ",
                    aspect->values[aspect->values[AZJ_OLD] != NULL ? AZJ_OLD : AZJ_NEW], "\n");
    }
}

static void put_text(struct aza_sink *sink, const struct azc_comparison *comparison)
{
    put_aspects(sink, comparison);
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (differs(&comparison->subjects.items[i]))
            put_subject(sink, comparison, &comparison->subjects.items[i]);
    put_summary(sink, comparison);
}

/* ---- Markdown ---- */

/* A cell: a bar would end it. */
static void put_cell(struct aza_sink *sink, const char *text, bool code)
{
    aza_put(sink, code ? " `" : " ");
    for (; *text != '\0'; text++)
        AZA_PUT(sink, *text == '|' ? "\\|" : *text == '\n' ? " " : (char[]){*text, '\0'});
    aza_put(sink, code ? "` |" : " |");
}

static void put_row(struct aza_sink *sink, const char *const *cells, size_t number)
{
    aza_put(sink, "|");
    for (size_t i = 0; i < number; i++)
        put_cell(sink, cells[i], i == 0 && cells[i][0] != '\0');
    aza_put_char(sink, '\n');
}

static void put_markdown_subject(struct aza_sink *sink, const struct azc_comparison *comparison,
                                 const struct azc_difference *subject)
{
    struct aza_arena *arena = comparison->joint.arena;
    const char *only = only_in(subject), *rest = rest_words(subject);
    if (subject->other_kind)
        put_row(sink,
                (const char *[]){subject->name, "kind", "", kind_of(comparison, subject, AZJ_OLD),
                                 kind_of(comparison, subject, AZJ_NEW)},
                5);
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct azc_region *region = &subject->regions[i];
        const char *where = where_of(comparison, region);
        put_row(sink,
                (const char *[]){i == 0 ? subject->name : "",
                                 i == 0 && only != NULL
                                     ? aza_format(arena, "only in %s: %s", only, where)
                                     : where,
                                 joined(arena, region->at, region->at_count),
                                 region->values[AZJ_OLD], region->values[AZJ_NEW]},
                5);
    }
    if (rest != NULL)
        put_row(sink, (const char *[]){"", rest, "", "", ""}, 5);
    if (is_open(subject)) {
        struct aza_sink words = aza_arena_sink(arena);
        put_undecided(&words, subject);
        put_row(sink, (const char *[]){subject->name, words.data, "", "", ""}, 5);
    }
}

static void put_markdown(struct aza_sink *sink, const struct azc_comparison *comparison,
                         const char *old, const char *new)
{
    AZA_PUT(sink, "`", old, "` -> `", new, "`: ");
    put_summary(sink, comparison);
    if (comparison->aspects.count > 0)
        aza_put(sink, "\n| fact or option | | before | after |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct azc_aspect *aspect = &comparison->aspects.items[i];
        const char *before = aspect->values[AZJ_OLD], *now = aspect->values[AZJ_NEW];
        put_row(sink,
                (const char *[]){aspect->input, aspect->name, before == NULL ? "" : before,
                                 now == NULL ? "" : now},
                4);
    }
    bool any = false;
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        if (!differs(&comparison->subjects.items[i]))
            continue;
        if (!any)
            aza_put(sink, "\n| setting | machines | at | before | after |\n"
                          "| --- | --- | --- | --- | --- |\n");
        any = true;
        put_markdown_subject(sink, comparison, &comparison->subjects.items[i]);
    }
}

/* ---- JSON ---- */

static void put_member(struct aza_sink *sink, const char *before, const char *key,
                       const char *value)
{
    AZA_PUT(sink, before, "\"", key, "\": ");
    if (value == NULL)
        aza_put(sink, "null");
    else
        aza_put_json(sink, value);
}

static void put_strings(struct aza_sink *sink, const char *key, const char *const *items,
                        size_t number)
{
    AZA_PUT(sink, "\"", key, "\": [");
    for (size_t i = 0; i < number; i++) {
        aza_put(sink, i == 0 ? "" : ", ");
        aza_put_json(sink, items[i]);
    }
    aza_put(sink, "], ");
}

static void put_json_subject(struct aza_sink *sink, const struct azc_comparison *comparison,
                             const struct azc_difference *subject)
{
    static const char *const classes[] = {
        [AZC_OF_SETTING] = "setting", [AZC_OF_EXPORT] = "export", [AZC_OF_REFUSAL] = "refusal"};
    static const char *const verdicts[] = {
        [AZQ_PROVED] = "same", [AZQ_REFUTED] = "different", [AZQ_UNDECIDED] = "undecided"};
    static const char *const rests[] = {
        [AZC_NOWHERE_ELSE] = "same", [AZC_ELSEWHERE] = "different", [AZC_REST_OPEN] = "undecided"};
    put_member(sink, "{", "class", classes[subject->class]);
    put_member(sink, ", ", "name", subject->name);
    put_member(sink, ", ", "verdict",
               subject->other_kind ? "different" : verdicts[subject->verdict]);
    put_member(sink, ", ", "only_in", only_in(subject));
    if (subject->other_kind) {
        put_member(sink, ", \"kind\": {", "before", kind_of(comparison, subject, AZJ_OLD));
        put_member(sink, ", ", "after", kind_of(comparison, subject, AZJ_NEW));
        aza_put(sink, "}");
    }
    aza_put(sink, ", \"boxes\": ");
    aza_put_int(sink, subject->boxes);
    aza_put(sink, ", \"regions\": [");
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct azc_region *region = &subject->regions[i];
        aza_put(sink, i == 0 ? "{" : ", {");
        put_strings(sink, "where", region->where, region->where_count);
        put_strings(sink, "at", region->at, region->at_count);
        put_member(sink, "", "before", region->values[AZJ_OLD]);
        put_member(sink, ", ", "after", region->values[AZJ_NEW]);
        aza_put(sink, "}");
    }
    put_member(sink, "], ", "elsewhere", subject->region_count == 0 ? NULL : rests[subject->rest]);
    aza_put(sink, "}");
}

static void put_json(struct aza_sink *sink, const struct azc_comparison *comparison,
                     const char *old, const char *new)
{
    const char *comma = "";
    put_member(sink, "{", "old", old);
    put_member(sink, ", ", "new", new);
    AZA_PUT(sink, ", \"equal\": ", azc_is_equal(comparison) ? "true" : "false",
            ",\n \"inputs\": [");
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct azc_aspect *aspect = &comparison->aspects.items[i];
        AZA_PUT(sink, i == 0 ? "\n  " : ",\n  ");
        put_member(sink, "{", "name", aspect->input);
        put_member(sink, ", ", "aspect", aspect->name);
        put_member(sink, ", ", "before", aspect->values[AZJ_OLD]);
        put_member(sink, ", ", "after", aspect->values[AZJ_NEW]);
        aza_put(sink, "}");
    }
    aza_put(sink, "],\n \"subjects\": [");
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        AZA_PUT(sink, comma, "\n  ");
        put_json_subject(sink, comparison, &comparison->subjects.items[i]);
        comma = ",";
    }
    aza_put(sink, "]}\n");
}

void azc_put_comparison(struct aza_sink *sink, const struct azc_comparison *comparison,
                        enum azc_difference_format format, const char *old, const char *new)
{
    if (format == AZC_DIFF_JSON)
        put_json(sink, comparison, old, new);
    else if (format == AZC_DIFF_MARKDOWN)
        put_markdown(sink, comparison, old, new);
    else
        put_text(sink, comparison);
}
