/* azc doc: the rules as a reference for people who would rather not read rules. */
#include <stdio.h>
#include <string.h>

#include "cmd/doc.h"

/* ---- what is on the page ---- */

/* A value on the way to a name, and all on the way to it. */
static void mark(struct azc_page *page, uint32_t name)
{
    const struct azb_image *image = &page->image;
    const struct azb_name *entry = &image->names[name];
    if (page->listed[name])
        return;
    page->listed[name] = true;
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++) {
        const uint32_t used = image->notes[i].b;
        if (image->notes[i].class == AZB_NOTE_USES && used != AZB_NONE &&
            image->names[used].class == AZB_NAME_LET)
            mark(page, used);
    }
}

/* Refusals and warnings have no names of their own; azc_find_ranges knows which settings there are.
 */
static bool can_be_linked(const struct azc_page *page, const struct azb_name *entry)
{
    const char *name = azb_string(&page->image, entry->name);
    if (entry->class == AZB_NAME_CHECK)
        return !aza_text_is(name, "refuse") && !aza_text_is(name, "warn");
    return entry->class != AZB_NAME_SETTING;
}

static void list_names(struct azc_page *page)
{
    const struct azb_image *image = &page->image;
    for (uint32_t n = 0; n < image->name_count; n++)
        if (image->names[n].class != AZB_NAME_LET)
            mark(page, n);
    for (uint32_t n = 0; n < image->name_count; n++)
        page->listed[n] &= can_be_linked(page, &image->names[n]);
    azc_find_ranges(page);
}

static void prove_invariants(struct azc_page *page)
{
    struct azc_claims all = {0};
    azc_gather_claims(page->build, &page->image, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].subject != AZC_INVARIANT)
            continue;
        struct azc_claim *claim = AZA_PUSH(&page->build->arena, &page->claims);
        *claim = all.items[i];
        claim->proof = azq_prove(page->prover, &claim->claim, AZQ_BUDGET);
    }
}

/* ---- its opening, which speaks of all the rest ---- */

static void put_count(struct azc_page *page, size_t count, const char *what)
{
    aza_put_int(&page->sink, (int64_t)count);
    AZA_PUT(&page->sink, " ", what, count == 1 ? "" : "s");
}

static size_t count_inputs(const struct azc_page *page, enum azb_input_class class)
{
    size_t count = 0;
    for (uint32_t i = 0; i < page->image.input_count; i++)
        count += page->image.inputs[i].class == class;
    return count;
}

static void put_opening(struct azc_page *page)
{
    const char *main = azc_path_of(page, (struct aza_place){.file = page->build->program->main});
    size_t proved = 0;
    for (size_t i = 0; i < page->claims.count; i++)
        proved += page->claims.items[i].proof.verdict == AZQ_PROVED;
    aza_put(&page->sink, "# What ");
    azc_put_code(&page->sink, main);
    aza_put(&page->sink, " says\n\nWritten by `azc doc` from ");
    azc_put_code(&page->sink, main);
    aza_put(&page->sink, " and what it imports: ");
    put_count(page, page->image.output_count, "setting");
    aza_put(&page->sink, ", ");
    put_count(page, count_inputs(page, AZB_FACT), "fact");
    aza_put(&page->sink, ",\n");
    put_count(page, count_inputs(page, AZB_OPTION), "option");
    aza_put(&page->sink, ", ");
    put_count(page, page->claims.count, "invariant");
    aza_put(&page->sink, ", of which ");
    aza_put_int(&page->sink, (int64_t)proved);
    aza_put(&page->sink, " are proved. Do not edit.\n");
    aza_put(
        &page->sink,
        "\nValues are proved for every machine within the facts and options below, as long as "
        "nobody sets\na setting by hand. *A to B*: some machine has A, and some has B. *Between "
        "A and B*: none has less\nor more, but perhaps none has just these.\n");
}

/* ---- the page ---- */

static bool write_page(struct azc_build *build, struct azc_page *page)
{
    struct azb_refusal refusal;
    if (!azb_open(build->image.data, build->image.length, &page->image, &refusal))
        return false;
    page->build = build;
    page->prover = azq_new(&build->arena, &page->image);
    page->values = (struct azv_machine){.image = &page->image};
    page->sink = aza_arena_sink(&build->arena);
    page->contents = aza_arena_sink(&build->arena);
    page->listed = aza_alloc(&build->arena, page->image.name_count * sizeof *page->listed + 1);
    page->ranges = aza_alloc(&build->arena, page->image.name_count * sizeof *page->ranges + 1);
    list_names(page);
    prove_invariants(page);
    azc_put_index(page);
    azc_put_inputs(page);
    azc_put_settings(page);
    azc_put_tables(page);
    azc_put_lets(page);
    azc_put_claims(page);
    azc_put_messages(page);
    azc_put_probes(page);
    const struct aza_sink body = page->sink;
    page->sink = aza_arena_sink(&build->arena);
    put_opening(page);
    if (body.data != NULL)
        AZA_PUT(&page->sink, "\n", page->contents.data, body.data);
    return true;
}

/* ---- a document that the rules emit ---- */

#define DIRECTORY "docs/"
#define SUFFIX    ".md"

/* NAME of docs/NAME.md, or null. */
static const char *topic_of(struct azc_build *build, const char *path)
{
    const size_t length = strlen(path), before = strlen(DIRECTORY), behind = strlen(SUFFIX);
    if (length <= before + behind || strncmp(path, DIRECTORY, before) != 0 ||
        strcmp(path + length - behind, SUFFIX) != 0)
        return NULL;
    return aza_copy_text(&build->arena, path + before, length - before - behind);
}

static int no_topic(struct azc_build *build, const char *wanted)
{
    AZA_LIST(const char *) topics = {0};
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const char *topic = topic_of(build, build->result.documents.items[i].path);
        if (topic != NULL)
            *AZA_PUSH(&build->arena, &topics) = topic;
    }
    fprintf(stderr, "azc: the rules emit no " DIRECTORY "%s" SUFFIX, wanted);
    const char *near = azd_nearest(wanted, topics.items, topics.count);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputs(topics.count == 0 ? "; they emit nothing there" : "\nThere are:", stderr);
    for (size_t i = 0; i < topics.count; i++)
        fprintf(stderr, "%s %s", i == 0 ? "" : ",", topics.items[i]);
    fputc('\n', stderr);
    return AZC_USAGE;
}

static int put_topic(struct azc_build *build, const struct azc_options *options)
{
    const char *wanted = options->words[0];
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const struct aze_document *document = &build->result.documents.items[i];
        const char *topic = topic_of(build, document->path);
        if (topic == NULL || strcmp(topic, wanted) != 0)
            continue;
        struct aza_sink sink = aza_arena_sink(&build->arena);
        aza_put_bytes(&sink, document->text, document->length);
        return azc_put_to(options, &sink);
    }
    return no_topic(build, wanted);
}

/* ---- the verb ---- */

/* A file is named with its path or its suffix, a topic with one word. */
static bool is_topic(const char *word)
{
    return strpbrk(word, "./") == NULL;
}

static int put_reference(struct azc_build *build, const struct azc_options *options)
{
    struct azc_page page = {0};
    return write_page(build, &page) ? azc_put_to(options, &page.sink) : AZC_WRONG;
}

static int run(const struct azc_options *said)
{
    struct azc_options options = *said;
    struct azc_build build = {0};
    if (options.word_count > 1)
        return azc_misuse("doc", "one word too many: ", options.words[1]);
    const bool topic = options.word_count == 1 && is_topic(options.words[0]);
    if (options.word_count == 1 && !topic)
        options.rules = options.words[0];
    int status = azc_build_rules(&build, &options, !topic);
    if (status == AZC_FINE)
        status = (topic ? put_topic : put_reference)(&build, &options);
    azc_free(&build);
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
