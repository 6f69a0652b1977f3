/* Whole made-up machines: every directory of tests/probe is one, and NAME.expected beside it lists
 * the probes that the machine is about, each with its answer. `probe_trees_test --bless` rewrites
 * the answers of the probes that are listed; a line with a probe's word alone adds it. A probe that
 * no file lists fails the test.
 *
 * A file `environment` in a tree holds its variables, one on a line. Left out are the probes that
 * ask the kernel about the disk under the tree itself; probe_test.c sees to those. */
#include <dirent.h>
#include <stdlib.h>

#include "../check.h"
#include "probe/probe.h"

#define TREES "tests/probe/"

static struct probe_machine machine;
static char listing[64 * 1024], expected[64 * 1024];
static bool listed[PROBE_COUNT];

static size_t read_file(const char *path, char *text, size_t capacity)
{
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, capacity - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    return length;
}

static const char *const *read_environment(const char *tree)
{
    static char text[4096], path[600];
    static const char *entries[16];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/environment", tree);
    read_file(path, text, sizeof text);
    for (char *line = strtok(text, "\n"); line && count < 15; line = strtok(NULL, "\n"))
        entries[count++] = line;
    entries[count] = NULL;
    return entries;
}

static bool about_the_real_disk(enum probe probe)
{
    return probe == PROBE_DISK_SIZE || probe == PROBE_DISK_FREE || probe == PROBE_DISK_ROTATIONAL ||
           probe == PROBE_DISK_FILESYSTEM || probe == PROBE_SHM_SIZE;
}

static void put_answer(struct base_sink *sink, enum probe probe)
{
    const struct probe_fact *fact = probe_ask(&machine, probe);
    BASE_PUT(sink, probe_word(probe), " = ");
    if (fact->state != PROBE_VALUE)
        base_put(sink, fact->state == PROBE_UNLIMITED ? "unlimited" : "unknown");
    else if (fact->text)
        base_put(sink, fact->text);
    else if (probe_kind(probe) == IMAGE_RATIO)
        base_put_micro(sink, fact->value, 0);
    else
        base_put_int(sink, fact->value);
    BASE_PUT(sink, "  (", fact->detail, ")\n");
}

/* The answers of the probes that the lines of `wanted` begin with. */
static void list(const char *tree, const char *wanted)
{
    struct base_sink sink = BASE_SINK(listing);
    listing[0] = '\0';
    probe_begin(&machine, tree, read_environment(tree));
    for (const char *line = wanted; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const enum probe probe = probe_find((struct base_span){line, strcspn(line, " \n")});
        CHECK(probe < PROBE_COUNT && !about_the_real_disk(probe));
        if (probe == PROBE_COUNT)
            continue;
        put_answer(&sink, probe);
        listed[probe] = true;
    }
    CHECK(!sink.overflow);
}

static void compare(const char *tree, bool bless)
{
    char path[600];
    snprintf(path, sizeof path, "%s.expected", tree);
    CHECK(read_file(path, expected, sizeof expected) > 0);
    list(tree, expected);
    FILE *file = bless ? fopen(path, "w") : NULL;
    if (file) {
        fputs(listing, file);
        fclose(file);
        read_file(path, expected, sizeof expected);
    }
    if (strcmp(listing, expected) != 0)
        fprintf(stderr, "%s:\n", path);
    CHECK_TEXT(listing, expected);
}

static int is_tree(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && entry->d_type == DT_DIR;
}

int main(int count, char **words)
{
    struct dirent **entries;
    bool bless = count > 1 && strcmp(words[1], "--bless") == 0;
    int trees = scandir(TREES, &entries, is_tree, alphasort);
    CHECK(trees > 20);
    for (int i = 0; i < trees; i++) {
        char tree[512];
        snprintf(tree, sizeof tree, "%s%s", TREES, entries[i]->d_name);
        compare(tree, bless);
        free(entries[i]);
    }
    if (trees >= 0)
        free(entries);
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        if (!listed[probe] && !about_the_real_disk(probe)) {
            fprintf(stderr, "no file tests/probe/*.expected lists %s\n", probe_word(probe));
            CHECK(listed[probe]);
        }
    return check_summary("probe_trees");
}
