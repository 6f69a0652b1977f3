/* azc explain: how a setting got its value. azc explain-error: the meaning of a diagnostic's code.
 * The explanation is that of `azr explain`: the machine is decided as by `azc eval`, and
 * src/explain does the rest. */
#include <stdio.h>

#include "azc/azc.h"

static int explain_word(struct compilation *build, const struct azc_options *options,
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
        return azc_unknown_name(build, &session->image, options->words[0]);
    return azc_put(&sink);
}

static int run_explain(const struct azc_options *options)
{
    struct compilation build = {0};
    if (options->word_count == 0)
        return azc_misuse("explain", "missing argument: ", "the name of a setting");
    struct session *session;
    int status = azc_compile_session(&build, options, &session);
    if (status == STATUS_FINE)
        status = explain_word(&build, options, session);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_explain = {
    .name = "explain",
    .summary = "explain how a setting got its value",
    .usage = "explain SETTING [NAME=VALUE...] [--json]",
    .text = "Explains how a setting, a `let`, a fact or an option got its value: its doc comment,\n"
            "the formula as written and with values, the row and the limit that applied, which\n"
            "layer overrides which, every fact with its source, and the nearest values of those\n"
            "facts at which it changes. NAME=VALUE is as for `azc eval`.\n\n"
            "example: azc explain work_mem memory=2GB workload=oltp\n",
    .options = "rules json root stdlib",
    .run = run_explain,
};

static int run_error(const struct azc_options *options)
{
    if (options->word_count != 1)
        return azc_misuse("explain-error", "expected exactly one code, such as ", "AZ0031");
    const struct diag_meaning *meaning = diag_meaning_of(options->words[0]);
    if (meaning == NULL)
        return azc_misuse("explain-error", "unknown diagnostic ", options->words[0]);
    printf("AZ%04d: %s\n", (int)meaning->code, meaning->summary);
    return STATUS_FINE;
}

const struct azc_verb azc_explain_error = {
    .name = "explain-error",
    .summary = "explain the code of a diagnostic",
    .usage = "explain-error CODE",
    .text = "example: azc explain-error AZ0031\n",
    .options = "",
    .run = run_error,
};
