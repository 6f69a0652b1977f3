/* A comparison as text for people, as Markdown for a pull request, as JSON for programs.
 *
 * Text and JSON list the inputs that differ, then the subjects with their regions; text ends with a
 * summary, Markdown begins with it. Text and Markdown omit subjects that are the same, JSON has all
 * of them. An undecided subject counts as neither the same nor different. */
#include <string.h>

#include "compare/compare.h"

enum { COLUMN_MAX = 64 }; /* a longer region shifts its own line only */

static bool subject_differs(const struct compare_difference *subject)
{
    return subject->other_kind || subject->verdict != PROVE_PROVED;
}

/* Neither equality nor a difference was shown. */
static bool subject_is_open(const struct compare_difference *subject)
{
    return !subject->other_kind && subject->verdict == PROVE_UNDECIDED;
}

bool compare_is_equal(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (subject_differs(&comparison->subjects.items[i]))
            return false;
    return comparison->aspects.count == 0;
}

/* --- pieces --- */

static const char *joined_by_commas(struct base_arena *arena, const char *const *parts,
                                    size_t number)
{
    struct base_sink sink = base_arena_sink(arena);
    for (size_t i = 0; i < number; i++)
        BASE_PUT(&sink, i == 0 ? "" : ", ", parts[i]);
    return sink.data;
}

static const char *everywhere(const struct comparison *comparison)
{
    return comparison->narrowed ? "every such machine" : "every machine";
}

static const char *where_of(const struct comparison *comparison,
                            const struct compare_region *region)
{
    return region->where_count == 0
               ? everywhere(comparison)
               : joined_by_commas(comparison->joint.arena, region->where, region->where_count);
}

/* The side that alone has the subject; null if both have it. */
static const char *only_in(const struct compare_difference *subject)
{
    if (!subject->there[COMPARE_NEW])
        return "OLD";
    return subject->there[COMPARE_OLD] ? NULL : "NEW";
}

static const char *kind_word(const struct comparison *comparison,
                             const struct compare_difference *subject, int side)
{
    return image_kind_word(ir_kind(&comparison->joint.code, (ir_slot)subject->slots[side]));
}

/* What is known about machines outside the regions; null if there are no differences. */
static const char *rest_words(const struct compare_difference *subject)
{
    static const char *const words[] = {
        [COMPARE_NOWHERE_ELSE] = NULL,
        [COMPARE_ELSEWHERE] = "and on other machines",
        [COMPARE_REST_OPEN] =
            "no difference was found on other machines, but equality was not proved"};
    return subject->region_count == 0 ? NULL : words[subject->rest];
}

static void put_count(struct base_sink *sink, size_t number, const char *one, const char *many)
{
    base_put_int(sink, (int64_t)number);
    BASE_PUT(sink, " ", number == 1 ? one : many);
}

static void put_undecided(struct base_sink *sink, const struct compare_difference *subject)
{
    base_put(sink, "equality not proved; no difference found in ");
    put_count(sink, subject->boxes, "box", "boxes");
}

struct tally {
    size_t all, same, open;
};

/* How many subjects of a class there are, are the same, and are undecided. */
static struct tally tally(const struct comparison *comparison, enum compare_subject_class class)
{
    struct tally tally = {0};
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        const struct compare_difference *subject = &comparison->subjects.items[i];
        tally.all += subject->class == class;
        tally.same += subject->class == class && !subject_differs(subject);
        tally.open += subject->class == class && subject_is_open(subject);
    }
    return tally;
}

/* "1 of 77 settings differs; 76 are the same on every machine": of settings, and of variables. */
static void put_tally(struct base_sink *sink, const struct comparison *comparison,
                      struct tally tally, const char *one, const char *many)
{
    const size_t different = tally.all - tally.same - tally.open;
    if (tally.same < tally.all) {
        base_put_int(sink, (int64_t)different);
        base_put(sink, " of ");
        put_count(sink, tally.all, one, many);
        base_put(sink, different == 1 ? " differs; " : " differ; ");
    }
    if (tally.open > 0) {
        base_put_int(sink, (int64_t)tally.open);
        base_put(sink, tally.open == 1 ? " is undecided; " : " are undecided; ");
    }
    if (tally.same == tally.all)
        put_count(sink, tally.all, one, many);
    else
        base_put_int(sink, (int64_t)tally.same);
    BASE_PUT(sink, tally.same == 1 ? " is" : " are", " the same on ", everywhere(comparison));
}

/* The refusals are the last subject (collect_subjects). */
static const struct compare_difference *refusal_of(const struct comparison *comparison)
{
    return &comparison->subjects.items[comparison->subjects.count - 1];
}

static void put_summary(struct base_sink *sink, const struct comparison *comparison)
{
    const struct tally exports = tally(comparison, COMPARE_OF_EXPORT);
    size_t boxes = 0;
    for (size_t i = 0; i < comparison->subjects.count; i++)
        boxes += comparison->subjects.items[i].boxes;
    put_tally(sink, comparison, tally(comparison, COMPARE_OF_SETTING), "setting", "settings");
    base_put(sink, " (proved, ");
    put_count(sink, boxes, "box", "boxes");
    base_put(sink, ")\n");
    if (exports.all > 0) {
        put_tally(sink, comparison, exports, "exported variable", "exported variables");
        base_put_char(sink, '\n');
    }
    if (!subject_differs(refusal_of(comparison)))
        base_put(sink, "the same machines are refused\n");
}

/* --- text --- */

/* The regions, aligned as far as they fit COLUMN_MAX. */
static void put_region_lines(struct base_sink *sink, const struct comparison *comparison,
                             const struct compare_difference *subject)
{
    struct base_arena *arena = comparison->joint.arena;
    size_t width = 0;
    for (size_t i = 0; i < subject->region_count; i++) {
        const size_t length = strlen(where_of(comparison, &subject->regions[i]));
        width = length > width && length <= COLUMN_MAX ? length : width;
    }
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct compare_region *region = &subject->regions[i];
        const char *where = where_of(comparison, region);
        BASE_PUT(sink, "    ", where);
        if (region->at_count > 0) {
            base_put_padding(sink, strlen(where), width);
            BASE_PUT(sink, "    at ", joined_by_commas(arena, region->at, region->at_count));
        }
        BASE_PUT(sink, ":  ", region->values[COMPARE_OLD], " -> ", region->values[COMPARE_NEW],
                 "\n");
    }
}

static void put_subject_text(struct base_sink *sink, const struct comparison *comparison,
                             const struct compare_difference *subject)
{
    static const char *const classes[] = {
        [COMPARE_OF_SETTING] = "", [COMPARE_OF_EXPORT] = "export ", [COMPARE_OF_REFUSAL] = ""};
    const char *only = only_in(subject), *rest = rest_words(subject);
    BASE_PUT(sink, classes[subject->class], subject->name);
    if (only != NULL)
        BASE_PUT(sink, "  only in ", only);
    base_put_char(sink, '\n');
    if (subject->other_kind)
        BASE_PUT(sink, "    kind: ", kind_word(comparison, subject, COMPARE_OLD), " -> ",
                 kind_word(comparison, subject, COMPARE_NEW), "\n");
    put_region_lines(sink, comparison, subject);
    if (rest != NULL)
        BASE_PUT(sink, "    ", rest, "\n");
    if (subject_is_open(subject)) {
        base_put(sink, "    ");
        put_undecided(sink, subject);
        base_put_char(sink, '\n');
    }
}

/* The aspects under the name of their input, which are adjacent (aspects.c). */
static void put_aspects_text(struct base_sink *sink, const struct comparison *comparison)
{
    const char *before = "";
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct compare_aspect *aspect = &comparison->aspects.items[i];
        const bool both =
            aspect->values[COMPARE_OLD] != NULL && aspect->values[COMPARE_NEW] != NULL;
        if (!base_text_is(before, aspect->input))
            BASE_PUT(sink, aspect->input, "\n");
        before = aspect->input;
        const bool joined_up =
            base_text_is(aspect->name, "domain") || base_text_is(aspect->name, "members");
        if (both)
            BASE_PUT(sink, "    ", aspect->name, ": ", aspect->values[COMPARE_OLD], " -> ",
                     aspect->values[COMPARE_NEW],
                     joined_up ? "  (compared over the union)\n" : "\n");
        else
            BASE_PUT(
                sink, "    only in ", aspect->values[COMPARE_OLD] != NULL ? "OLD: " : "NEW: ",
                aspect->values[aspect->values[COMPARE_OLD] != NULL ? COMPARE_OLD : COMPARE_NEW],
                "\n");
    }
}

static void put_comparison_text(struct base_sink *sink, const struct comparison *comparison)
{
    put_aspects_text(sink, comparison);
    for (size_t i = 0; i < comparison->subjects.count; i++)
        if (subject_differs(&comparison->subjects.items[i]))
            put_subject_text(sink, comparison, &comparison->subjects.items[i]);
    put_summary(sink, comparison);
}

/* --- Markdown --- */

/* A cell of a table, in which a bar must be escaped. */
static void put_table_cell(struct base_sink *sink, const char *text, bool code)
{
    base_put(sink, code ? " `" : " ");
    for (; *text != '\0'; text++)
        BASE_PUT(sink, *text == '|' ? "\\|" : *text == '\n' ? " " : (char[]){*text, '\0'});
    base_put(sink, code ? "` |" : " |");
}

static void put_table_row(struct base_sink *sink, const char *const *cells, size_t number)
{
    base_put(sink, "|");
    for (size_t i = 0; i < number; i++)
        put_table_cell(sink, cells[i], i == 0 && cells[i][0] != '\0');
    base_put_char(sink, '\n');
}

static void put_markdown_subject(struct base_sink *sink, const struct comparison *comparison,
                                 const struct compare_difference *subject)
{
    struct base_arena *arena = comparison->joint.arena;
    const char *only = only_in(subject), *rest = rest_words(subject);
    if (subject->other_kind)
        put_table_row(sink,
                      (const char *[]){subject->name, "kind", "",
                                       kind_word(comparison, subject, COMPARE_OLD),
                                       kind_word(comparison, subject, COMPARE_NEW)},
                      5);
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct compare_region *region = &subject->regions[i];
        const char *where = where_of(comparison, region);
        put_table_row(sink,
                      (const char *[]){i == 0 ? subject->name : "",
                                       i == 0 && only != NULL
                                           ? base_format(arena, "only in %s: %s", only, where)
                                           : where,
                                       joined_by_commas(arena, region->at, region->at_count),
                                       region->values[COMPARE_OLD], region->values[COMPARE_NEW]},
                      5);
    }
    if (rest != NULL)
        put_table_row(sink, (const char *[]){"", rest, "", "", ""}, 5);
    if (subject_is_open(subject)) {
        struct base_sink words = base_arena_sink(arena);
        put_undecided(&words, subject);
        put_table_row(sink, (const char *[]){subject->name, words.data, "", "", ""}, 5);
    }
}

static void put_markdown(struct base_sink *sink, const struct comparison *comparison,
                         const char *old, const char *new)
{
    BASE_PUT(sink, "`", old, "` -> `", new, "`: ");
    put_summary(sink, comparison);
    if (comparison->aspects.count > 0)
        base_put(sink, "\n| fact or option | | before | after |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct compare_aspect *aspect = &comparison->aspects.items[i];
        const char *before = aspect->values[COMPARE_OLD], *now = aspect->values[COMPARE_NEW];
        put_table_row(sink,
                      (const char *[]){aspect->input, aspect->name, before == NULL ? "" : before,
                                       now == NULL ? "" : now},
                      4);
    }
    bool any = false;
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        if (!subject_differs(&comparison->subjects.items[i]))
            continue;
        if (!any)
            base_put(sink, "\n| setting | machines | at | before | after |\n"
                           "| --- | --- | --- | --- | --- |\n");
        any = true;
        put_markdown_subject(sink, comparison, &comparison->subjects.items[i]);
    }
}

/* --- JSON --- */

static void put_json_member(struct base_sink *sink, const char *before, const char *key,
                            const char *value)
{
    BASE_PUT(sink, before, "\"", key, "\": ");
    if (value == NULL)
        base_put(sink, "null");
    else
        base_put_json(sink, value);
}

static void put_json_strings(struct base_sink *sink, const char *key, const char *const *items,
                             size_t number)
{
    BASE_PUT(sink, "\"", key, "\": [");
    for (size_t i = 0; i < number; i++) {
        base_put(sink, i == 0 ? "" : ", ");
        base_put_json(sink, items[i]);
    }
    base_put(sink, "], ");
}

static void put_json_subject(struct base_sink *sink, const struct comparison *comparison,
                             const struct compare_difference *subject)
{
    static const char *const classes[] = {[COMPARE_OF_SETTING] = "setting",
                                          [COMPARE_OF_EXPORT] = "export",
                                          [COMPARE_OF_REFUSAL] = "refusal"};
    static const char *const verdicts[] = {
        [PROVE_PROVED] = "same", [PROVE_REFUTED] = "different", [PROVE_UNDECIDED] = "undecided"};
    static const char *const rests[] = {[COMPARE_NOWHERE_ELSE] = "same",
                                        [COMPARE_ELSEWHERE] = "different",
                                        [COMPARE_REST_OPEN] = "undecided"};
    put_json_member(sink, "{", "class", classes[subject->class]);
    put_json_member(sink, ", ", "name", subject->name);
    put_json_member(sink, ", ", "verdict",
                    subject->other_kind ? "different" : verdicts[subject->verdict]);
    put_json_member(sink, ", ", "only_in", only_in(subject));
    if (subject->other_kind) {
        put_json_member(sink, ", \"kind\": {", "before",
                        kind_word(comparison, subject, COMPARE_OLD));
        put_json_member(sink, ", ", "after", kind_word(comparison, subject, COMPARE_NEW));
        base_put(sink, "}");
    }
    base_put(sink, ", \"boxes\": ");
    base_put_int(sink, subject->boxes);
    base_put(sink, ", \"regions\": [");
    for (size_t i = 0; i < subject->region_count; i++) {
        const struct compare_region *region = &subject->regions[i];
        base_put(sink, i == 0 ? "{" : ", {");
        put_json_strings(sink, "where", region->where, region->where_count);
        put_json_strings(sink, "at", region->at, region->at_count);
        put_json_member(sink, "", "before", region->values[COMPARE_OLD]);
        put_json_member(sink, ", ", "after", region->values[COMPARE_NEW]);
        base_put(sink, "}");
    }
    put_json_member(sink, "], ", "elsewhere",
                    subject->region_count == 0 ? NULL : rests[subject->rest]);
    base_put(sink, "}");
}

static void put_json(struct base_sink *sink, const struct comparison *comparison, const char *old,
                     const char *new)
{
    const char *comma = "";
    put_json_member(sink, "{", "old", old);
    put_json_member(sink, ", ", "new", new);
    BASE_PUT(sink, ", \"equal\": ", compare_is_equal(comparison) ? "true" : "false",
             ",\n \"inputs\": [");
    for (size_t i = 0; i < comparison->aspects.count; i++) {
        const struct compare_aspect *aspect = &comparison->aspects.items[i];
        BASE_PUT(sink, i == 0 ? "\n  " : ",\n  ");
        put_json_member(sink, "{", "name", aspect->input);
        put_json_member(sink, ", ", "aspect", aspect->name);
        put_json_member(sink, ", ", "before", aspect->values[COMPARE_OLD]);
        put_json_member(sink, ", ", "after", aspect->values[COMPARE_NEW]);
        base_put(sink, "}");
    }
    base_put(sink, "],\n \"subjects\": [");
    for (size_t i = 0; i < comparison->subjects.count; i++) {
        BASE_PUT(sink, comma, "\n  ");
        put_json_subject(sink, comparison, &comparison->subjects.items[i]);
        comma = ",";
    }
    base_put(sink, "]}\n");
}

void compare_put(struct base_sink *sink, const struct comparison *comparison,
                 enum compare_format format, const char *old, const char *new)
{
    if (format == COMPARE_DIFF_JSON)
        put_json(sink, comparison, old, new);
    else if (format == COMPARE_DIFF_MARKDOWN)
        put_markdown(sink, comparison, old, new);
    else
        put_comparison_text(sink, comparison);
}
