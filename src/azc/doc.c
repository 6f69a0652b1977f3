/* azc doc: the rules as a reference for people who would rather not read rules. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "reference/reference.h"

/* --- a document that the rules emit --- */

#define DIRECTORY "docs/"
#define SUFFIX    ".md"

/* NAME of docs/NAME.md, or null. */
static const char *topic_of(struct compilation *build, const char *path)
{
    const size_t length = strlen(path), before = strlen(DIRECTORY), behind = strlen(SUFFIX);
    if (length <= before + behind || strncmp(path, DIRECTORY, before) != 0 ||
        strcmp(path + length - behind, SUFFIX) != 0)
        return NULL;
    return base_copy_text(&build->arena, path + before, length - before - behind);
}

static int no_topic(struct compilation *build, const char *wanted)
{
    BASE_LIST(const char *) topics = {0};
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const char *topic = topic_of(build, build->result.documents.items[i].path);
        if (topic != NULL)
            *BASE_PUSH(&build->arena, &topics) = topic;
    }
    fprintf(stderr, "azc: the rules emit no " DIRECTORY "%s" SUFFIX, wanted);
    const char *near = diag_nearest(wanted, topics.items, topics.count);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputs(topics.count == 0 ? "; they emit nothing there" : "\nThere are:", stderr);
    for (size_t i = 0; i < topics.count; i++)
        fprintf(stderr, "%s %s", i == 0 ? "" : ",", topics.items[i]);
    fputc('\n', stderr);
    return STATUS_USAGE;
}

static int put_topic(struct compilation *build, const struct azc_options *options)
{
    const char *wanted = options->words[0];
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const struct eval_document *document = &build->result.documents.items[i];
        const char *topic = topic_of(build, document->path);
        if (topic == NULL || strcmp(topic, wanted) != 0)
            continue;
        struct base_sink sink = base_arena_sink(&build->arena);
        base_put_bytes(&sink, document->text, document->length);
        return azc_put_to(options, &sink);
    }
    return no_topic(build, wanted);
}

/* --- the verb --- */

/* A file is named with its path or its suffix, a topic with one word. */
static bool is_topic(const char *word)
{
    return strpbrk(word, "./") == NULL;
}

static int put_reference(struct compilation *build, const struct azc_options *options)
{
    struct base_sink page = base_arena_sink(&build->arena);
    return reference_write(build, &page) ? azc_put_to(options, &page) : STATUS_WRONG;
}

static int run(const struct azc_options *said)
{
    struct azc_options options = *said;
    struct compilation build = {0};
    if (options.word_count > 1)
        return azc_misuse("doc", "one word too many: ", options.words[1]);
    const bool topic = options.word_count == 1 && is_topic(options.words[0]);
    if (options.word_count == 1 && !topic)
        options.compile.rules = options.words[0];
    int status = compile_rules(&build, &options.compile, !topic);
    if (status == STATUS_FINE)
        status = topic ? put_topic(&build, &options) : put_reference(&build, &options);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_doc = {
    .name = "doc",
    .summary = "a reference of the rules, or a document that they emit, in Markdown",
    .usage = "doc [FILE.azr] [-o FILE.md]\n"
             "       azc doc NAME [-o FILE.md]",
    .text =
        "Writes what FILE.azr (rules/main.azr) and all it imports say, for people to read: every\n"
        "fact, option, setting, value, table, invariant and message, with its reason, its\n"
        "formula, what it is made from, and, proved over every machine, what values a setting\n"
        "may have and which invariants hold. To standard output, or whole to FILE.md.\n\n"
        "A word without a point and a slash is the NAME of a document: the one that the rules\n"
        "emit as docs/NAME.md, as they say it now.\n\n"
        "examples: azc doc -o policy.md\n"
        "          azc doc extensions\n",
    .options = "rules output stdlib",
    .run = run,
};
