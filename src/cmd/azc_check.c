/* azc check: everything that can be said about the rules without running them. */
#include <stdio.h>
#include <string.h>

#include "cmd/claims.h"

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

/* ---- proofs ---- */

static const char *verdict_word(const struct azc_claim *claim)
{
    static const char *const words[] = {
        [AZQ_PROVED] = "proved", [AZQ_REFUTED] = "refuted", [AZQ_UNDECIDED] = "undecided"};
    static const char *const existence[] = {
        [AZQ_PROVED] = "never", [AZQ_REFUTED] = "seen", [AZQ_UNDECIDED] = "unknown"};
    return (claim->subject <= AZC_INVARIANT ? words : existence)[claim->proof.verdict];
}

static int list_claims(struct azc_build *build, const struct azc_claims *claims, bool json)
{
    struct aza_sink sink = aza_arena_sink(&build->arena);
    for (size_t i = 0; i < claims->count; i++) {
        const struct azc_claim *claim = &claims->items[i];
        const char *word = verdict_word(claim);
        char number[32];
        snprintf(number, sizeof number, "%u", claim->proof.boxes);
        if (json) {
            AZA_PUT(&sink, i == 0 ? "[\n {" : ",\n {", "\"claim\": ");
            aza_put_json(&sink, claim->words);
            AZA_PUT(&sink, ", \"verdict\": \"", word, "\", \"boxes\": ", number, "}");
            continue;
        }
        aza_put(&sink, word);
        aza_put_padding(&sink, strlen(word) + strlen(number), 16);
        AZA_PUT(&sink, number, claim->proof.boxes == 1 ? " box    " : " boxes  ", claim->words,
                "\n");
    }
    if (json)
        aza_put(&sink, claims->count == 0 ? "[]\n" : "\n]\n");
    return azc_put(&sink);
}

static void prove_all(struct azc_build *build, struct azq_prover *prover, struct azc_claims *claims,
                      uint32_t budget)
{
    for (size_t i = 0; i < claims->count; i++) {
        claims->items[i].proof = azq_prove(prover, &claims->items[i].claim, budget);
        azc_report_claim(build, prover, &claims->items[i]);
    }
}

static int write_tests(struct azc_build *build, struct azq_prover *prover,
                       const struct azc_claims *claims)
{
    struct aza_sink sink = aza_arena_sink(&build->arena);
    for (size_t i = 0; i < claims->count; i++)
        if (azc_is_wrong(&claims->items[i]) && claims->items[i].proof.verdict == AZQ_REFUTED)
            azc_put_test(build, prover, &sink, &claims->items[i]);
    return azc_put(&sink);
}

static void report(const struct azc_build *build, const struct azc_options *options,
                   const struct azc_claims *claims)
{
    const struct azs_program *program = build->program;
    size_t proved = 0, boxes = 0;
    for (size_t i = 0; i < claims->count; i++) {
        proved += claims->items[i].subject <= AZC_INVARIANT;
        boxes += claims->items[i].proof.boxes;
    }
    printf("%s: fine: %zu settings, %zu facts and options, %zu invariants, %zu tests\n"
           "  %zu claims proved for every machine, in %zu boxes\n",
           options->rules, build->result.tables.outputs.count, program->inputs.count,
           program->invariants.count, program->tests.count, proved, boxes);
}

/* What the diagnostics say is printed by now; a second list of them holds what the proofs say. */
static int prove(struct azc_build *build, const struct azc_options *options, uint32_t budget)
{
    struct azb_image image;
    struct azb_refusal refusal;
    struct azc_claims claims = {0};
    if (!azb_open(build->image.data, build->image.length, &image, &refusal))
        return AZC_WRONG;
    struct azq_prover *prover = azq_new(&build->arena, &image);
    azc_gather_claims(build, &image, &claims);
    prove_all(build, prover, &claims, budget);
    if (options->proof)
        list_claims(build, &claims, options->json);
    if (options->write_test)
        write_tests(build, prover, &claims);
    const int status = build->queue.errors == 0 ? AZC_FINE : AZC_WRONG;
    if (!options->proof || !options->json)
        azc_print_diagnostics(build, options);
    if (status == AZC_FINE && !options->json && !options->write_test)
        report(build, options, &claims);
    return status;
}

static int run(const struct azc_options *said)
{
    struct azc_options options = *said;
    struct azc_build build = {0};
    uint32_t budget;
    options.json_diagnostics = options.json;
    if (options.word_count > 1)
        return azc_misuse("check", "one word too many: ", options.words[1]);
    if (options.word_count == 1)
        options.rules = options.words[0];
    if (!azc_read_budget(&options, &budget))
        return azc_misuse("check", "--budget is a number from 1 to 10000000, not ", options.budget);
    int status;
    if (options.dump != NULL) {
        status = dump(&build, &options);
    } else {
        options.silent = true;
        status = azc_build_rules(&build, &options, true);
        options.silent = false;
        if (status == AZC_FINE)
            status = prove(&build, &options, budget);
        else if (status == AZC_WRONG)
            azc_print_diagnostics(&build, &options);
    }
    azc_free(&build);
    return status;
}

const struct azc_verb azc_check = {
    .name = "check",
    .summary = "find every mistake in the rules, and prove what they claim",
    .usage = "check [FILE] [--proof] [--budget N] [--write-test] [--json]",
    .text =
        "Reads FILE (rules/main.azr) and all it imports, checks names, types, units and ranges,\n"
        "compiles it and verifies the result; then proves, for every machine in the domain, that "
        "each\n"
        "setting has a value that the server takes, that no arithmetic fails and that every "
        "invariant\n"
        "holds. Prints every mistake with its place and its mend, and of what is not true the "
        "smallest\n"
        "machine that breaks it.\n",
    .options = "rules json dump stdlib budget proof write-test",
    .run = run,
};
