/* The path of a value, in all that shows it: `explain`, tables and charts. Of the rules in
 * tests/lang/verbs/spellings.azr every group of names is one function in several spellings. What is
 * reported of one must be reported of the others, and what is reported must be so when the machines
 * around it are simply tried. */
#include <stdlib.h>

#include "../check.h"
#include "chart/chart.h"
#include "compile/compile.h"
#include "sweep/sweep.h"

static struct compilation build;
static struct session session;
static const struct image *image;
static char rendered[64 * 1024];

/* --- one machine --- */

/* A name's value where one input has another value than its default. */
static const char *value_at(const char *name, const char *input, int64_t at)
{
    static char text[256];
    char position[64];
    struct base_sink sink = BASE_SINK(position), value = BASE_SINK(text);
    base_put_int(&sink, at);
    base_put(&sink, strcmp(input, "memory") == 0 ? "B" : "");
    const struct vm_word word = {base_span_of(input), base_span_of(position)};
    const struct session_request request = {.root = "", .words = &word, .word_count = 1};
    CHECK(session_decide(&session, &request));
    const uint32_t entry = image_find_name(image, base_span_of(name));
    text[0] = '\0';
    explain_put_slot(&value, &session.machine, image->names[entry].slot);
    return text;
}

static uint32_t input_called(const char *name)
{
    uint32_t input = 0;
    while (!base_text_is(name, image_string(image, image->inputs[input].name)))
        input++;
    return input;
}

/* On the latest machine. */
static void find_path(const char *name, const char *input, struct vm_path *path)
{
    const uint32_t slot = image->names[image_find_name(image, base_span_of(name))].slot;
    vm_find_path(&session.machine, slot, input_called(input), path);
}

static int64_t parse(const char *input, struct base_span word)
{
    const struct image_input *from = &image->inputs[input_called(input)];
    struct base_sink why = {0};
    int64_t value = 0;
    CHECK(vm_parse_input(&session.machine, from, 0, word, &value, &why));
    return value;
}

/* --- thresholds --- */

/* The text of a member of one of the objects in the list "next". */
static struct base_span member(const char *object, const char *key)
{
    const char *start = strstr(object, key);
    CHECK(start != NULL);
    start = start == NULL ? "" : start + strlen(key) + strlen("\": \"");
    return (struct base_span){start, strcspn(start, "\"")};
}

/* The first machine at which what is reported is so: one machine nearer the value or its path is
 * another, and the value is if it is said to change here. */
static void check_threshold(const char *name, const char *input, const char *object)
{
    char wanted[64], nearer[256];
    struct vm_path path, before;
    const struct base_span value = member(object, "\"value"),
                           relation = member(object, "\"relation");
    const int64_t border = parse(input, member(object, "\"threshold")),
                  outward = base_span_is(member(object, "\"direction"), "larger") ? 1 : -1;
    int64_t there = border;
    if (!base_span_is(relation, "at"))
        there += base_span_is(relation, "above") ? 1 : -1;
    snprintf(wanted, sizeof wanted, "%.*s", (int)value.length, value.start);
    snprintf(nearer, sizeof nearer, "%s", value_at(name, input, there - outward));
    find_path(name, input, &before);
    CHECK_TEXT(value_at(name, input, there), wanted);
    find_path(name, input, &path);
    CHECK(strcmp(nearer, wanted) != 0 || !vm_same_path(&path, &before));
}

/* The thresholds from one machine, without the reasons, which do depend on the spelling. */
static const char *thresholds(const char *name, const char *input, int64_t start)
{
    static char text[1024];
    struct base_sink out = BASE_SINK(text), sink = BASE_SINK(rendered);
    value_at(name, input, start);
    const struct explain_view view = session_view(&session);
    CHECK(explain_name(&sink, &view, base_span_of(name), true));
    text[0] = '\0';
    const char *next = strstr(rendered, "\"next\": [");
    for (const char *at = next; at != NULL && (at = strstr(at, "{\"fact")) != NULL; at++) {
        if (!base_span_is(member(at, "\"fact"), input))
            continue;
        base_put_span(&out, member(at, "\"relation"));
        base_put(&out, " ");
        base_put_span(&out, member(at, "\"threshold"));
        base_put(&out, ": ");
        base_put_span(&out, member(at, "\"value"));
        base_put(&out, "\n");
    }
    return text;
}

static void check_thresholds(const char *name, const char *input, int64_t start)
{
    static char copy[sizeof rendered];
    thresholds(name, input, start);
    memcpy(copy, rendered, sizeof copy);
    const char *next = strstr(copy, "\"next\": [");
    for (const char *at = next; at != NULL && (at = strstr(at, "{\"fact")) != NULL; at++)
        if (base_span_is(member(at, "\"fact"), input))
            check_threshold(name, input, at);
}

/* --- tables and charts --- */

/* The rows of `azc table` over an input, and the dots of `azc chart`, one a line. */
static const char *swept(const char *name, const char *input, int64_t low, int64_t high)
{
    static struct vm_word words[2];
    static const char *nobody[1];
    const struct image_name *entry = &image->names[image_find_name(image, base_span_of(name))];
    struct sweep_target target = {
        .name = name, .slot = entry->slot, .kind = (enum image_kind)image->code[entry->slot].kind};
    struct sweep sweep = {.arena = &build.arena,
                          .names = &build.names,
                          .session = &session,
                          .over = input_called(input),
                          .by = IMAGE_NONE,
                          .low = low,
                          .high = high,
                          .grain = low % 1024 == 0 ? 1024 : 1,
                          .members = nobody,
                          .member_count = 1,
                          .targets = &target,
                          .target_count = 1,
                          .words = words};
    struct sweep_rows rows;
    struct base_sink out = base_arena_sink(&build.arena);
    CHECK(sweep_run(&sweep));
    sweep_pick_rows(&sweep, &rows);
    for (size_t i = 0; i < rows.count; i++) {
        base_put_int(&out, rows.items[i].sample->at);
        BASE_PUT(&out, " ", rows.items[i].sample->cells[0].text, "\n");
    }
    const struct chart *chart = sweep_draw(&sweep, NULL, NULL);
    CHECK(chart != NULL && chart->panel_count == 1 && chart->panels[0].line_count == 1);
    const struct chart_line *line = &chart->panels[0].lines[0];
    for (size_t i = 0; i < line->count; i++)
        if (line->points[i].mark != NULL)
            BASE_PUT(&out, "dot ", line->points[i].mark, "\n");
    return out.data;
}

/* --- groups --- */

struct group {
    const char *name, *input; /* what is before the last underscore */
    int64_t starts[5];
    int64_t low, high; /* of the sweep */
};

enum { MB = 1 << 20 };
#define GB (INT64_C(1) << 30)

static const struct group groups[] = {
    {"low", "memory", {GB, 2 * GB, 2044 * (int64_t)MB, 4 * GB, 2 * GB + 1}, GB, 4 * GB},
    {"within",
     "memory",
     {GB, 520 * (int64_t)MB, 524 * (int64_t)MB, 4 * GB, 2 * GB},
     GB / 2,
     4 * GB},
    {"high", "memory", {GB, 2 * GB, 2052 * (int64_t)MB, 4 * GB, 2 * GB - 1}, GB, 4 * GB},
    {"late", "memory", {GB, 2 * GB, 2044 * (int64_t)MB, 4 * GB, 2 * GB + 1}, GB, 4 * GB},
    {"plateau", "memory", {GB, 2 * GB, 2300 * (int64_t)MB, 4 * GB, 2 * GB - 1}, GB, 4 * GB},
    {"rest", "cpus", {1, 2, 3, 4, 60}, 1, 64},
    {"cross", "memory", {GB, 2 * GB, 2044 * (int64_t)MB, 4 * GB, 2 * GB + 1}, GB, 4 * GB},
    {"meet", "memory", {GB, 2 * GB, 2044 * (int64_t)MB, 4 * GB, 2 * GB + 1}, GB, 4 * GB},
};

/* The next spelling of a group, from the image's names; null at the end. */
static const char *next_spelling(const struct group *group, uint32_t *cursor)
{
    while (*cursor < image->name_count) {
        const char *name = image_string(image, image->names[(*cursor)++].name);
        const char *last = strrchr(name, '_');
        if (last != NULL &&
            base_span_is((struct base_span){name, (size_t)(last - name)}, group->name))
            return name;
    }
    return NULL;
}

static void test_group(const struct group *group)
{
    uint32_t cursor = 0;
    const char *first = next_spelling(group, &cursor);
    CHECK(first != NULL);
    for (const char *name = first; name != NULL; name = next_spelling(group, &cursor)) {
        for (size_t i = 0; i < 5; i++) {
            char wanted[1024], context[1200];
            snprintf(wanted, sizeof wanted, "%s",
                     thresholds(first, group->input, group->starts[i]));
            snprintf(context, sizeof context, "%s",
                     thresholds(name, group->input, group->starts[i]));
            CHECK_TEXT(context, wanted);
            check_thresholds(name, group->input, group->starts[i]);
        }
        const char *wanted = swept(first, group->input, group->low, group->high);
        CHECK_TEXT(swept(name, group->input, group->low, group->high), wanted);
    }
}

/* One in full, so that all spellings cannot be wrong together. */
static void test_known(void)
{
    CHECK_TEXT(thresholds("low_1", "memory", GB), "at 2048MB: 512MB\n");
    CHECK_TEXT(thresholds("low_1", "memory", 4 * GB), "below 2048MB: 511MB\n");
    CHECK_TEXT(thresholds("late_1", "memory", GB), "at 2049MB: 512MB\n");
    CHECK_TEXT(thresholds("high_1", "memory", GB), "at 2052MB: 513MB\n");
    CHECK_TEXT(swept("low_1", "memory", GB, 4 * GB),
               "1073741824 256MB\n2147483648 512MB\n4294967296 512MB\ndot 2GB: 512MB\n");
    CHECK_TEXT(swept("high_1", "memory", GB, 4 * GB),
               "1073741824 512MB\n2151677952 513MB\n4294967296 1024MB\ndot 2052MB: 513MB\n");
}

int main(void)
{
    const struct compile_options options = {.rules = "tests/lang/verbs/spellings.azr"};
    CHECK(compile_rules(&build, &options, false) == STATUS_FINE);
    CHECK(session_load(&session, "spellings.azb", build.image.data, build.image.length));
    image = &session.image;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        test_group(&groups[i]);
    test_known();
    compile_free(&build);
    return check_summary("path");
}
