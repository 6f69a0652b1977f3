/* azc check: compiles the rules, verifies the image, and proves all claims: that every setting has
 * a valid value, that no arithmetic fails and that every invariant holds. --dump prints a compiler
 * stage instead.
 *
 * Diagnostics of the compilation are held back until the proofs are done, so that all errors are
 * printed together, sorted by place, or are one JSON document. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "claims/claims.h"

static int dump_ast(struct compilation *build)
{
    struct base_sink sink = base_arena_sink(&build->arena);
    for (size_t i = 0; i < build->program->files.count; i++) {
        const struct syntax_file *file = build->program->files.items[i];
        if (base_text_is(build->sources.files[file->source].path, build->program->main_path))
            syntax_dump(&build->context, file, &sink);
    }
    return azc_put(&sink);
}

static int dump_stage(struct compilation *build, const struct azc_options *options)
{
    if (strcmp(options->dump, "ast") == 0) {
        int status = compile_check(build, &options->compile);
        return status == STATUS_USAGE ? status : dump_ast(build);
    }
    bool code = strcmp(options->dump, "ir") == 0;
    if (!code && strcmp(options->dump, "dis") != 0)
        return azc_misuse("check", "unknown stage of --dump: ", options->dump);
    int status = compile_rules(build, &options->compile, false);
    if (status != STATUS_FINE)
        return status;
    struct base_sink sink = base_arena_sink(&build->arena);
    if (code) {
        ir_dump(&build->result.code, &sink);
    } else {
        struct image image;
        struct image_refusal refusal;
        if (image_open(build->image.data, build->image.length, &image, &refusal))
            ir_disassemble(&image, &sink);
    }
    return azc_put(&sink);
}

/* --- proofs --- */

/* Claims that something exists, such as a reachable row, have words of their own. */
static const char *verdict_word(const struct claim *claim)
{
    static const char *const words[] = {
        [PROVE_PROVED] = "proved", [PROVE_REFUTED] = "refuted", [PROVE_UNDECIDED] = "undecided"};
    static const char *const existence[] = {
        [PROVE_PROVED] = "never", [PROVE_REFUTED] = "seen", [PROVE_UNDECIDED] = "unknown"};
    return (claim->subject <= CLAIM_INVARIANT ? words : existence)[claim->proof.verdict];
}

static int list_claims(struct compilation *build, const struct claims *claims, bool json)
{
    struct base_sink sink = base_arena_sink(&build->arena);
    for (size_t i = 0; i < claims->count; i++) {
        const struct claim *claim = &claims->items[i];
        const char *word = verdict_word(claim);
        char number[32];
        snprintf(number, sizeof number, "%u", claim->proof.boxes);
        if (json) {
            BASE_PUT(&sink, i == 0 ? "[\n {" : ",\n {", "\"claim\": ");
            base_put_json(&sink, claim->words);
            BASE_PUT(&sink, ", \"verdict\": \"", word, "\", \"boxes\": ", number, "}");
            continue;
        }
        base_put(&sink, word);
        base_put_padding(&sink, strlen(word) + strlen(number), 16);
        BASE_PUT(&sink, number, claim->proof.boxes == 1 ? " box    " : " boxes  ", claim->words,
                 "\n");
    }
    if (json)
        base_put(&sink, claims->count == 0 ? "[]\n" : "\n]\n");
    return azc_put(&sink);
}

static void prove_all(struct compilation *build, struct prover *prover, struct claims *claims,
                      uint32_t budget)
{
    for (size_t i = 0; i < claims->count; i++) {
        claims->items[i].proof = prove_run(prover, &claims->items[i].claim, budget);
        claims_report(build, prover, &claims->items[i]);
    }
}

static int write_tests(struct compilation *build, struct prover *prover,
                       const struct claims *claims)
{
    struct base_sink sink = base_arena_sink(&build->arena);
    for (size_t i = 0; i < claims->count; i++)
        if (claims_is_wrong(&claims->items[i]) && claims->items[i].proof.verdict == PROVE_REFUTED)
            claims_put_test(build, prover, &sink, &claims->items[i]);
    return azc_put(&sink);
}

static void print_summary(const struct compilation *build, const struct azc_options *options,
                          const struct claims *claims)
{
    const struct sema_program *program = build->program;
    size_t proved = 0, boxes = 0;
    for (size_t i = 0; i < claims->count; i++) {
        proved += claims->items[i].subject <= CLAIM_INVARIANT;
        boxes += claims->items[i].proof.boxes;
    }
    printf("%s: valid: %zu settings, %zu facts and options, %zu invariants, %zu tests\n"
           "  %zu claims proved for every machine, in %zu boxes\n",
           options->compile.rules, build->result.tables.outputs.count, program->inputs.count,
           program->invariants.count, program->tests.count, proved, boxes);
}

/* Proves all claims of a compiled rule set and reports those that are not proved. */
static int prove_claims(struct compilation *build, const struct azc_options *options,
                        uint32_t budget)
{
    struct image image;
    struct image_refusal refusal;
    struct claims claims = {0};
    if (!image_open(build->image.data, build->image.length, &image, &refusal))
        return STATUS_WRONG;
    struct prover *prover = prove_new(&build->arena, &image);
    claims_gather(build, &image, &claims);
    prove_all(build, prover, &claims, budget);
    if (options->proof)
        list_claims(build, &claims, options->json);
    if (options->write_test)
        write_tests(build, prover, &claims);
    const int status = build->queue.errors == 0 ? STATUS_FINE : STATUS_WRONG;
    if (!options->proof || !options->json)
        compile_print_diagnostics(build, &options->compile);
    if (status == STATUS_FINE && !options->json && !options->write_test)
        print_summary(build, options, &claims);
    return status;
}

static int run_check(const struct azc_options *given)
{
    struct azc_options options = *given;
    struct compilation build = {0};
    uint32_t budget;
    options.compile.json_diagnostics = options.json;
    if (options.word_count > 1)
        return azc_misuse("check", "unexpected argument: ", options.words[1]);
    if (options.word_count == 1)
        options.compile.rules = options.words[0];
    int status = azc_read_budget("check", &options, &budget);
    if (status != STATUS_FINE)
        return status;
    if (options.dump != NULL) {
        status = dump_stage(&build, &options);
    } else {
        options.compile.silent = true;
        status = compile_rules(&build, &options.compile, true);
        options.compile.silent = false;
        if (status == STATUS_FINE)
            status = prove_claims(&build, &options, budget);
        else if (status == STATUS_WRONG)
            compile_print_diagnostics(&build, &options.compile);
    }
    compile_free(&build);
    return status;
}

const struct azc_verb azc_check = {
    .name = "check",
    .summary = "report every error in the rules, and prove their claims",
    .usage = "check [FILE] [--proof] [--budget N] [--write-test] [--json]",
    .text = "Reads FILE (default: rules/main.azr) and its imports, checks names, types, units and\n"
            "ranges, compiles the rules and verifies the result. Then proves, for every machine\n"
            "in the domain, that each setting has a value that the server accepts, that no\n"
            "arithmetic fails and that every invariant holds. Prints every error with its place\n"
            "and its remedy, and for a claim that is false the smallest machine that breaks it.\n",
    .options = "rules json dump stdlib budget proof write-test",
    .run = run_check,
};
