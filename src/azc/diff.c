/* azc diff: compares two rule sets over every machine. Each is a rules file, compiled here, or an
 * image; src/compare joins and compares them. As with diff(1), status 1 means that they differ, so
 * every error is status 2. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "compare/compare.h"

/* One of the two rule sets. The build owns the memory of the image in both cases. */
struct rule_set {
    const char *path;
    struct compilation build;
    struct image image;
};

static bool is_image(const char *path)
{
    const size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".azb") == 0;
}

static bool read_rules(struct rule_set *set, const struct azc_options *given)
{
    struct azc_options options = *given;
    struct image_refusal refusal;
    options.compile.rules = set->path;
    return compile_rules(&set->build, &options.compile, false) == STATUS_FINE &&
           image_open(set->build.image.data, set->build.image.length, &set->image, &refusal);
}

static bool read_set(struct rule_set *set, const struct azc_options *options, const char *path)
{
    set->path = path;
    return is_image(path) ? azc_read_image(&set->build.arena, path, &set->image)
                          : read_rules(set, options);
}

static int compare_sets(const struct azc_options *options, const struct rule_set *sets,
                        enum compare_format format, struct comparison *comparison)
{
    struct base_arena *arena = comparison->joint.arena;
    struct vm_word *words;
    size_t count;
    const char *why = NULL;
    if (!azc_words(arena, options, 2, &words, &count))
        return STATUS_USAGE;
    if (!compare_join(arena, &sets[COMPARE_OLD].image, &sets[COMPARE_NEW].image, words, count,
                      &comparison->joint, &why) ||
        !compare_rules(comparison, &why)) {
        fprintf(stderr, "azc: %s\n", why);
        return STATUS_USAGE;
    }
    comparison->narrowed = count > 0;
    struct base_sink sink = base_arena_sink(arena);
    compare_put(&sink, comparison, format, sets[COMPARE_OLD].path, sets[COMPARE_NEW].path);
    if (azc_put(&sink) != STATUS_FINE)
        return STATUS_USAGE;
    return compare_is_equal(comparison) ? STATUS_FINE : STATUS_WRONG;
}

static int diff_sets(const struct azc_options *options, enum compare_format format, uint32_t budget)
{
    static struct rule_set sets[COMPARE_SIDES];
    struct base_arena arena = {0};
    struct comparison comparison = {.joint.arena = &arena, .budget = budget};
    int status = STATUS_USAGE;
    if (read_set(&sets[COMPARE_OLD], options, options->words[0]) &&
        read_set(&sets[COMPARE_NEW], options, options->words[1]))
        status = compare_sets(options, sets, format, &comparison);
    base_arena_free(&arena);
    for (int side = 0; side < COMPARE_SIDES; side++)
        compile_free(&sets[side].build);
    return status;
}

static int run_diff(const struct azc_options *options)
{
    enum compare_format format = options->json ? COMPARE_DIFF_JSON : COMPARE_DIFF_TEXT;
    uint32_t budget;
    if (options->word_count < 2)
        return azc_misuse("diff", "expected two rule sets or images, such as ",
                          "rules/main.azr examples/custom-policy/main.azr");
    if (options->format != NULL && strcmp(options->format, "markdown") != 0)
        return azc_misuse("diff", "--format must be markdown, not ", options->format);
    if (options->format != NULL && options->json)
        return azc_misuse("diff", "--json cannot be combined with --format ", options->format);
    if (options->format != NULL)
        format = COMPARE_DIFF_MARKDOWN;
    const int status = azc_read_budget("diff", options, &budget);
    return status == STATUS_FINE ? diff_sets(options, format, budget) : status;
}

const struct azc_verb azc_diff = {
    .name = "diff",
    .summary = "compare two rule sets over every machine",
    .usage = "diff OLD NEW [NAME=VALUE...] [--format markdown] [--json] [--budget N]",
    .text =
        "Compares two rules files or compiled images (*.azb) over every machine. Each setting\n"
        "is either proved to be the same on all machines, or the regions of machines on which\n"
        "it differs are listed with a sample and both values. Facts and options that changed\n"
        "are listed first. NAME=VALUE restricts the comparison to such machines. The ends of\n"
        "a region are exact along each fact and option separately; that everything inside it\n"
        "differs is sampled, not proved. Warnings and the texts of messages are not compared.\n\n"
        "Exit status: 0 no differences, 1 differences or undecided, 2 wrong usage or errors.\n\n"
        "example: azc diff build/rules/aza.azb rules/main.azr workload=dw\n",
    .options = "format json budget stdlib",
    .run = run_diff,
};
