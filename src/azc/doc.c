/* azc doc: the rules as a reference in Markdown (src/reference), or one of the documents that they
 * emit below docs/. The latter is the text that `azc compile` would write, whether or not the file
 * in the tree is up to date. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "reference/reference.h"

/* --- emitted documents --- */

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

static int report_no_topic(struct compilation *build, const char *wanted)
{
    BASE_LIST(const char *) topics = {0};
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const char *topic = topic_of(build, build->result.documents.items[i].path);
        if (topic != NULL)
            *BASE_PUSH(&build->arena, &topics) = topic;
    }
    fprintf(stderr, "azc: the rules emit no " DIRECTORY "%s" SUFFIX, wanted);
    azc_suggest(wanted, topics.items, topics.count);
    fputs(topics.count == 0 ? "; they emit no documents there" : "\nThey emit:", stderr);
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
    return report_no_topic(build, wanted);
}

/* --- the verb --- */

/* A word with a dot or a slash is a file, any other one a topic. */
static bool is_topic(const char *word)
{
    return strpbrk(word, "./") == NULL;
}

static int put_reference(struct compilation *build, const struct azc_options *options)
{
    struct base_sink page = base_arena_sink(&build->arena);
    return reference_write(build, &page) ? azc_put_to(options, &page) : STATUS_WRONG;
}

static int run_doc(const struct azc_options *given)
{
    struct azc_options options = *given;
    struct compilation build = {0};
    if (options.word_count > 1)
        return azc_misuse("doc", "unexpected argument: ", options.words[1]);
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
    .summary = "write a reference of the rules, or a document that they emit",
    .usage = "doc [FILE.azr] [-o FILE.md]\n"
             "       azc doc NAME [-o FILE.md]",
    .text =
        "Writes a reference in Markdown of FILE.azr (default: rules/main.azr) and its imports:\n"
        "every fact, option, setting, value, table, invariant and message, with its doc\n"
        "comment, its formula and the names it uses, and, proved over every machine, the\n"
        "possible values of each setting and the invariants that hold. Writes to standard\n"
        "output or to FILE.md.\n\n"
        "A word without a dot or a slash is the NAME of a document: prints the current text\n"
        "of docs/NAME.md as the rules emit it.\n\n"
        "examples: azc doc -o policy.md\n"
        "          azc doc extensions\n",
    .options = "rules output stdlib",
    .run = run_doc,
};
