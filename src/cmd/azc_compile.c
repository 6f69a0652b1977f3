/* azc compile: writes the image and the files whose every value is known. */
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"

AZP_LIST_OF(outputs, struct aza_output);

static void add(struct azc_build *build, struct outputs *outputs, const char *directory,
                const char *name, const void *bytes, size_t length)
{
    *AZA_PUSH(&build->arena, outputs) = (struct aza_output){
        .path = aza_format(&build->arena, "%s/%s", directory, name),
        .bytes = bytes,
        .length = length,
    };
}

/* With every fact said, the settings of that one machine are known: a finished postgresql.conf. */
static int add_machine(struct azc_build *build, const struct azc_options *options,
                       struct outputs *outputs, const char *directory)
{
    struct azn_session *session = azc_session(build);
    if (session == NULL)
        return AZC_WRONG;
    int status = azc_decide(session, options, build->fixed, build->fixed_count);
    if (status != AZC_FINE)
        return status;
    struct aza_sink sink = aza_arena_sink(&build->arena);
    const struct azx_view view = azn_view(session);
    azo_put(&sink, AZO_CONF, &view.settings);
    add(build, outputs, directory, "postgresql.conf", sink.data, sink.length);
    return AZC_FINE;
}

static int write_outputs(struct azc_build *build, struct outputs *outputs)
{
    const char *why = NULL;
    size_t failed = 0;
    bool fine = true;
    for (size_t i = 0; fine && i < outputs->count; i++) {
        const char *path = outputs->items[i].path;
        const char *parent =
            aza_format(&build->arena, "%.*s", (int)(strrchr(path, '/') - path), path);
        fine = aza_make_directories(parent, &why);
        failed = i;
    }
    fine = fine && aza_write_files(outputs->items, outputs->count, &failed, &why);
    if (!fine) {
        fprintf(stderr, "azc: %s: %s\n", outputs->items[failed].path, why);
        return AZC_WRONG;
    }
    for (size_t i = 0; i < outputs->count; i++)
        printf("wrote %s (%zu bytes)\n", outputs->items[i].path, outputs->items[i].length);
    return AZC_FINE;
}

static int write_all(struct azc_build *build, const struct azc_options *options)
{
    const char *directory = options->output == NULL ? "build/rules" : options->output;
    struct outputs outputs = {0};
    add(build, &outputs, directory, "aza.azb", build->image.data, build->image.length);
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const struct aze_document *document = &build->result.documents.items[i];
        add(build, &outputs, directory, document->path, document->text, document->length);
    }
    int status =
        build->fixed_count > 0 ? add_machine(build, options, &outputs, directory) : AZC_FINE;
    return status == AZC_FINE ? write_outputs(build, &outputs) : status;
}

static int run(const struct azc_options *options)
{
    struct azc_build build = {0};
    struct aza_arena arena = {0};
    int status = AZC_USAGE;
    if (azc_words(&arena, options, 0, &build.fixed, &build.fixed_count))
        status = azc_build_rules(&build, options, false);
    if (status == AZC_FINE)
        status = write_all(&build, options);
    azc_free(&build);
    aza_arena_free(&arena);
    return status;
}

const struct azc_verb azc_compile = {
    .name = "compile",
    .summary = "write the image and the static configuration files",
    .usage = "compile [-o DIR] [NAME=VALUE...]",
    .text =
        "Writes DIR/aza.azb, which azr runs, and every file that the rules emit and whose\n"
        "values do not depend on the machine. Each NAME=VALUE makes a constant of a fact or an\n"
        "option; then DIR/postgresql.conf is written too, for that machine. Files appear whole\n"
        "or not at all.\n\n"
        "example: azc compile -o build/rules memory=8GB cpus=4\n",
    .options = "rules output stdlib",
    .run = run,
};
