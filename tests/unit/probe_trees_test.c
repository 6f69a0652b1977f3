/* Whole made-up machines: every directory of tests/probe is one, and NAME.expected beside it lists
 * what the probes say of it. `probe_trees_test --bless` writes the lists anew.
 *
 * A file `environment` in a tree holds its variables, one on a line. Left out are the probes that
 * ask the kernel about the disk under the tree itself; probe_test.c sees to those. */
#include <dirent.h>
#include <stdlib.h>

#include "../check.h"
#include "probe/probe.h"

#define TREES "tests/probe/"

static struct azf_machine machine;
static char listing[64 * 1024], expected[64 * 1024];

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

static bool about_the_real_disk(enum azf_probe probe)
{
    return probe == AZF_DISK_SIZE || probe == AZF_DISK_FREE || probe == AZF_DISK_ROTATIONAL ||
           probe == AZF_DISK_FILESYSTEM || probe == AZF_SHM_SIZE;
}

static void list(const char *tree)
{
    struct aza_sink sink = AZA_SINK(listing);
    azf_begin(&machine, tree, read_environment(tree));
    for (enum azf_probe probe = 0; probe < AZF_PROBES; probe++) {
        if (about_the_real_disk(probe))
            continue;
        const struct azf_fact *fact = azf_ask(&machine, probe);
        AZA_PUT(&sink, azf_word(probe), " = ");
        if (fact->state != AZF_VALUE)
            aza_put(&sink, fact->state == AZF_UNLIMITED ? "unlimited" : "unknown");
        else if (fact->text)
            aza_put(&sink, fact->text);
        else if (azf_kind(probe) == AZB_RATIO)
            aza_put_micro(&sink, fact->value, 0);
        else
            aza_put_int(&sink, fact->value);
        AZA_PUT(&sink, "  (", fact->detail, ")\n");
    }
    CHECK(!sink.overflow);
}

static void compare(const char *tree, bool bless)
{
    char path[600];
    snprintf(path, sizeof path, "%s.expected", tree);
    list(tree);
    FILE *file = bless ? fopen(path, "w") : NULL;
    if (file) {
        fputs(listing, file);
        fclose(file);
    }
    read_file(path, expected, sizeof expected);
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
    return check_summary("probe_trees");
}
