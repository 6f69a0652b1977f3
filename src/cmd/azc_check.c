/* azc check: everything that can be said about the rules without running them. */
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"

static int dump_ast(struct azc_build *build)
{
    struct aza_sink sink = aza_arena_sink(&build->arena);
    for (size_t i = 0; i < build->program->files.count; i++) {
        const struct azp_file *file = build->program->files.items[i];
        if (aza_text_is(build->sources.files[file->source].path, build->program->main_path))
            azp_dump(&build->context, file, &sink);
    }
    return azc_put(&sink);
}

static int dump(struct azc_build *build, const struct azc_options *options)
{
    if (strcmp(options->dump, "ast") == 0) {
        int status = azc_check_rules(build, options);
        return status == AZC_USAGE ? status : dump_ast(build);
    }
    bool code = strcmp(options->dump, "ir") == 0;
    if (!code && strcmp(options->dump, "dis") != 0)
        return azc_misuse("check", "there is no stage to dump called ", options->dump);
    int status = azc_build_rules(build, options, false);
    if (status != AZC_FINE)
        return status;
    struct aza_sink sink = aza_arena_sink(&build->arena);
    if (code) {
        azi_dump(&build->result.code, &sink);
    } else {
        struct azb_image image;
        struct azb_refusal refusal;
        if (azb_open(build->image.data, build->image.length, &image, &refusal))
            azb_disassemble(&image, &sink);
    }
    return azc_put(&sink);
}

static void report(const struct azc_build *build, const struct azc_options *options)
{
    const struct azs_program *program = build->program;
    size_t claims = 0;
    for (size_t i = 0; i < program->invariants.count; i++)
        claims += program->invariants.items[i]->shape != AZP_HOLDS;
    printf("%s: fine: %zu settings, %zu facts and options, %zu invariants, %zu tests\n",
           options->rules, build->result.tables.outputs.count, program->inputs.count,
           program->invariants.count, program->tests.count);
    if (program->invariants.count > 0)
        printf("  invariants hold when they are checked, at every start; %zu about many machines "
               "at once (rises, falls, jumps) are only read so far\n",
               claims);
}

static int run(const struct azc_options *said)
{
    struct azc_options options = *said;
    struct azc_build build = {0};
    options.json_diagnostics = options.json;
    if (options.word_count > 1)
        return azc_misuse("check", "one word too many: ", options.words[1]);
    if (options.word_count == 1)
        options.rules = options.words[0];
    int status;
    if (options.dump != NULL) {
        status = dump(&build, &options);
    } else {
        status = azc_build_rules(&build, &options, true);
        if (status == AZC_FINE && !options.json)
            report(&build, &options);
    }
    azc_free(&build);
    return status;
}

const struct azc_verb azc_check = {
    .name = "check",
    .summary = "find every mistake in the rules",
    .usage = "check [FILE] [--json]",
    .text =
        "Reads FILE (rules/main.azr) and all it imports, checks names, types, units and ranges,\n"
        "compiles it and verifies the result. Prints every mistake with its place and its mend.\n",
    .options = "rules json dump stdlib",
    .run = run,
};
