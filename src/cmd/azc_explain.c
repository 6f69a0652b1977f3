/* azc explain: why a setting has its value. azc explain-error: what a diagnostic means. */
#include <stdio.h>

#include "cmd/azc.h"

int azc_nothing_called(struct azc_build *build, const struct azb_image *image, const char *name)
{
    AZA_LIST(const char *) names = {0};
    for (uint32_t i = 0; i < image->name_count; i++)
        if (image->names[i].class != AZB_NAME_CHECK)
            *AZA_PUSH(&build->arena, &names) = azb_string(image, image->names[i].name);
    const char *near = azd_nearest(name, names.items, names.count);
    fprintf(stderr, "azc: the rules say nothing about `%s`", name);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputc('\n', stderr);
    return AZC_WRONG;
}

static int explain(struct azc_build *build, const struct azc_options *options,
                   struct azn_session *session)
{
    struct azv_word *words;
    size_t count;
    if (!azc_words(&build->arena, options, 1, &words, &count))
        return AZC_USAGE;
    int status = azc_decide(session, options, words, count);
    if (status != AZC_FINE)
        return status;
    struct aza_sink sink = aza_arena_sink(&build->arena);
    const struct azx_view view = azn_view(session);
    if (!azx_explain(&sink, &view, aza_span_of(options->words[0]), options->json))
        return azc_nothing_called(build, &session->image, options->words[0]);
    return azc_put(&sink);
}

static int run(const struct azc_options *options)
{
    struct azc_build build = {0};
    if (options->word_count == 0)
        return azc_misuse("explain", "what to explain is missing: ", "a setting's name");
    int status = azc_build_rules(&build, options, false);
    struct azn_session *session = status == AZC_FINE ? azc_session(&build) : NULL;
    if (session != NULL)
        status = explain(&build, options, session);
    else if (status == AZC_FINE)
        status = AZC_WRONG;
    azc_free(&build);
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
    const struct azd_meaning *meaning = azd_meaning_of(options->words[0]);
    if (meaning == NULL)
        return azc_misuse("explain-error", "there is no diagnostic ", options->words[0]);
    printf("AZ%04d: %s\n", (int)meaning->code, meaning->summary);
    return AZC_FINE;
}

const struct azc_verb azc_explain_error = {
    .name = "explain-error",
    .summary = "what a diagnostic's code stands for",
    .usage = "explain-error CODE",
    .text = "example: azc explain-error AZ0031\n",
    .options = "",
    .run = run_error,
};
