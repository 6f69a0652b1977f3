/* azc explain: why a setting has its value. azc explain-error: what a diagnostic means. */
#include <stdio.h>

#include "azc/azc.h"

int azc_nothing_called(struct compilation *build, const struct image *image, const char *name)
{
    BASE_LIST(const char *) names = {0};
    for (uint32_t i = 0; i < image->name_count; i++)
        if (image->names[i].class != IMAGE_NAME_CHECK)
            *BASE_PUSH(&build->arena, &names) = image_string(image, image->names[i].name);
    const char *near = diag_nearest(name, names.items, names.count);
    fprintf(stderr, "azc: the rules say nothing about `%s`", name);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputc('\n', stderr);
    return STATUS_WRONG;
}

static int explain(struct compilation *build, const struct azc_options *options,
                   struct session *session)
{
    struct vm_word *words;
    size_t count;
    if (!azc_words(&build->arena, options, 1, &words, &count))
        return STATUS_USAGE;
    int status = azc_decide(session, options, words, count);
    if (status != STATUS_FINE)
        return status;
    struct base_sink sink = base_arena_sink(&build->arena);
    const struct explain_view view = session_view(session);
    if (!explain_name(&sink, &view, base_span_of(options->words[0]), options->json))
        return azc_nothing_called(build, &session->image, options->words[0]);
    return azc_put(&sink);
}

static int run(const struct azc_options *options)
{
    struct compilation build = {0};
    if (options->word_count == 0)
        return azc_misuse("explain", "what to explain is missing: ", "a setting's name");
    int status = compile_rules(&build, &options->compile, false);
    struct session *session = status == STATUS_FINE ? azc_session(&build) : NULL;
    if (session != NULL)
        status = explain(&build, options, session);
    else if (status == STATUS_FINE)
        status = STATUS_WRONG;
    compile_free(&build);
    return status;
}

const struct azc_verb azc_explain = {
    .name = "explain",
    .summary = "why a setting has its value",
    .usage = "explain SETTING [NAME=VALUE...] [--json]",
    .text = "Tells where a setting, a `let`, a fact or an option gets its value: the reason, the\n"
            "formula, the values put in, the row and the limit that applied, who won over whom,\n"
            "every fact with its source, and at which facts the value would become another.\n"
            "NAME=VALUE as in `azc eval`.\n\n"
            "example: azc explain work_mem memory=2GB workload=oltp\n",
    .options = "rules json root stdlib",
    .run = run,
};

static int run_error(const struct azc_options *options)
{
    if (options->word_count != 1)
        return azc_misuse("explain-error", "exactly one code is needed, such as ", "AZ0031");
    const struct diag_meaning *meaning = diag_meaning_of(options->words[0]);
    if (meaning == NULL)
        return azc_misuse("explain-error", "there is no diagnostic ", options->words[0]);
    printf("AZ%04d: %s\n", (int)meaning->code, meaning->summary);
    return STATUS_FINE;
}

const struct azc_verb azc_explain_error = {
    .name = "explain-error",
    .summary = "what a diagnostic's code stands for",
    .usage = "explain-error CODE",
    .text = "example: azc explain-error AZ0031\n",
    .options = "",
    .run = run_error,
};
