/* azc diff: what differs between two rule sets, over every machine. */
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"
#include "cmd/difference.h"

/* One of the two: built here, or read. */
struct rule_set {
    const char *path;
    struct azc_build build;
    struct azb_image image;
};

static bool is_image(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".azb") == 0;
}

static bool read_image(struct rule_set *set)
{
    char *bytes;
    size_t length;
    const char *why;
    struct azb_refusal refusal;
    if (!aza_read_file(&set->build.arena, set->path, AZA_IMAGE_BYTES_MAX, &bytes, &length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", set->path, why);
        return false;
    }
    if (azb_open(bytes, length, &set->image, &refusal) && azv_verify(&set->image, &refusal))
        return true;
    fprintf(stderr, "azc: %s: not an image that would run: %s at byte %zu\n", set->path,
            refusal.reason, refusal.offset);
    return false;
}

static bool read_rules(struct rule_set *set, const struct azc_options *said)
{
    struct azc_options options = *said;
    struct azb_refusal refusal;
    options.rules = set->path;
    return azc_build_rules(&set->build, &options, false) == AZC_FINE &&
           azb_open(set->build.image.data, set->build.image.length, &set->image, &refusal);
}

static bool read_set(struct rule_set *set, const struct azc_options *options, const char *path)
{
    set->path = path;
    return is_image(path) ? read_image(set) : read_rules(set, options);
}

static int compare(const struct azc_options *options, const struct rule_set *sets,
                   enum azc_difference_format format, struct azc_comparison *comparison)
{
    struct aza_arena *arena = comparison->joint.arena;
    struct azv_word *words;
    size_t count;
    const char *why = NULL;
    if (!azc_words(arena, options, 2, &words, &count))
        return AZC_USAGE;
    if (!azj_join(arena, &sets[AZJ_OLD].image, &sets[AZJ_NEW].image, words, count,
                  &comparison->joint, &why) ||
        !azc_compare_rules(comparison, &why)) {
        fprintf(stderr, "azc: %s\n", why);
        return AZC_USAGE;
    }
    comparison->narrowed = count > 0;
    struct aza_sink sink = aza_arena_sink(arena);
    azc_put_comparison(&sink, comparison, format, sets[AZJ_OLD].path, sets[AZJ_NEW].path);
    if (azc_put(&sink) != AZC_FINE)
        return AZC_USAGE;
    return azc_is_equal(comparison) ? AZC_FINE : AZC_WRONG;
}

static int diff(const struct azc_options *options, enum azc_difference_format format,
                uint32_t budget)
{
    static struct rule_set sets[AZJ_SIDES];
    struct aza_arena arena = {0};
    struct azc_comparison comparison = {.joint.arena = &arena, .budget = budget};
    int status = AZC_USAGE;
    if (read_set(&sets[AZJ_OLD], options, options->words[0]) &&
        read_set(&sets[AZJ_NEW], options, options->words[1]))
        status = compare(options, sets, format, &comparison);
    aza_arena_free(&arena);
    for (int side = 0; side < AZJ_SIDES; side++)
        azc_free(&sets[side].build);
    return status;
}

static int run(const struct azc_options *options)
{
    enum azc_difference_format format = options->json ? AZC_DIFF_JSON : AZC_DIFF_TEXT;
    uint32_t budget;
    if (options->word_count < 2)
        return azc_misuse("diff", "name two rule sets or images, such as ",
                          "rules/main.azr examples/custom-policy/main.azr");
    if (options->format != NULL && strcmp(options->format, "markdown") != 0)
        return azc_misuse("diff", "the only format is markdown, not ", options->format);
    if (options->format != NULL && options->json)
        return azc_misuse("diff", "one of the two, not both: --json and --format ",
                          options->format);
    if (options->format != NULL)
        format = AZC_DIFF_MARKDOWN;
    if (!azc_read_budget(options, &budget))
        return azc_misuse("diff", "--budget is a number from 1 to 10000000, not ", options->budget);
    return diff(options, format, budget);
}

const struct azc_verb azc_diff = {
    .name = "diff",
    .summary = "what differs between two rule sets, on every machine",
    .usage = "diff OLD NEW [NAME=VALUE...] [--format markdown] [--json] [--budget N]",
    .text =
        "Compares two rules files or compiled images (*.azb) over every machine. A setting is the\n"
        "same on all of them, by proof, or the machines are named on which it differs, with a "
        "sample\n"
        "and what both say to it. Facts and options that changed are listed first. NAME=VALUE "
        "compares\n"
        "only machines of which that is true. The ends of a region are exact along each fact and\n"
        "option by itself; that all inside it differs is sampled, not proved. Warnings and the "
        "words\n"
        "of messages are not compared.\n\n"
        "Exit status: 0 nothing differs, 1 something does or is undecided, 2 trouble.\n\n"
        "example: azc diff build/rules/aza.azb rules/main.azr workload=dw\n",
    .options = "format json budget stdlib",
    .run = run,
};
