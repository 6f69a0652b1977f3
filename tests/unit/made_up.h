/* A machine made up of a few files below a temporary directory, and what the probes say of it. */
#ifndef AZA_TESTS_MADE_UP_H
#define AZA_TESTS_MADE_UP_H

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../check.h"
#include "probe/parts.h"

static struct probe_machine machine;
static char root[64];
static const char *environment[4];

static inline int remove_entry(const char *path, const struct stat *status, int kind,
                               struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void clear(void)
{
    if (root[0])
        nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    root[0] = '\0';
}

static void begin_in(const char *directory)
{
    clear();
    snprintf(root, sizeof root, "%s/azf-XXXXXX", directory);
    CHECK(mkdtemp(root) != NULL);
    CHECK(chmod(root, 0755) == 0);
    memset(environment, 0, sizeof environment);
}

static void begin(void)
{
    begin_in("/tmp");
}

/* The path below the root, whose directories are made. */
static inline const char *below(const char *path)
{
    static char full[2 * LIMIT_PATH];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(full, 0755);
        *slash = '/';
    }
    return full;
}

static void put_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(below(path), "w");
    CHECK(file && fwrite(bytes, 1, length, file) == length);
    if (file)
        fclose(file);
}

static void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static inline const struct probe_fact *ask(enum probe probe)
{
    probe_begin(&machine, root, environment);
    return probe_ask(&machine, probe);
}

/* "unlimited", "unknown", the text or the number; in the base units of the kind. */
static inline const char *word_of(const struct probe_fact *fact)
{
    static char word[LIMIT_TEXT_VALUE];
    if (fact->state == PROBE_VALUE && !fact->text)
        snprintf(word, sizeof word, "%lld", (long long)fact->value);
    else
        snprintf(word, sizeof word, "%s",
                 fact->state == PROBE_VALUE
                     ? fact->text
                     : (fact->state == PROBE_UNLIMITED ? "unlimited" : "unknown"));
    return word;
}

#define EXPECT(probe, word, where)                                                                 \
    do {                                                                                           \
        const struct probe_fact *asked = ask(probe);                                               \
        CHECK_TEXT(word_of(asked), word);                                                          \
        CHECK_TEXT(asked->detail, where);                                                          \
    } while (0)

/* What a file or variable holds, and the answer it makes. */
struct content {
    const char *text, *word;
};

#endif
