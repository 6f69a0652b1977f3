/* azc compile: writes the image and the files whose every value is known. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "azc/azc.h"

/* Where the image goes when nobody says: it is no file of the project's, the documents are. */
#define IMAGE_DIRECTORY "build/rules"

BASE_LIST_OF(outputs, struct base_output);

static void add(struct compilation *build, struct outputs *outputs, const char *directory,
                const char *name, const void *bytes, size_t length)
{
    *BASE_PUSH(&build->arena, outputs) = (struct base_output){
        .path = directory == NULL ? name : base_format(&build->arena, "%s/%s", directory, name),
        .bytes = bytes,
        .length = length,
    };
}

static void add_documents(struct compilation *build, struct outputs *outputs, const char *directory)
{
    for (size_t i = 0; i < build->result.documents.count; i++) {
        const struct eval_document *document = &build->result.documents.items[i];
        add(build, outputs, directory, document->path, document->text, document->length);
        outputs->items[outputs->count - 1].executable = document->executable;
    }
}

/* With every fact said, the settings of that one machine are known: a finished postgresql.conf. */
static int add_machine(struct compilation *build, const struct azc_options *options,
                       struct outputs *outputs, const char *directory)
{
    struct session *session = azc_session(build);
    if (session == NULL)
        return STATUS_WRONG;
    int status = azc_decide(session, options, build->fixed, build->fixed_count);
    if (status != STATUS_FINE)
        return status;
    struct base_sink sink = base_arena_sink(&build->arena);
    const struct explain_view view = session_view(session);
    settings_put(&sink, SETTINGS_CONF, &view.settings);
    add(build, outputs, directory, "postgresql.conf", sink.data, sink.length);
    return STATUS_FINE;
}

enum state { SAME, CHANGED, MISSING };

static enum state state_of(struct compilation *build, const struct base_output *output)
{
    struct stat status;
    char *text;
    size_t length;
    const char *why;
    if (lstat(output->path, &status) != 0 && errno == ENOENT)
        return MISSING;
    if (!S_ISREG(status.st_mode) || ((status.st_mode & 0100) != 0) != output->executable ||
        !base_read_file(&build->arena, output->path, output->length + 1, &text, &length, &why))
        return CHANGED;
    return length == output->length && memcmp(text, output->bytes, length) == 0 ? SAME : CHANGED;
}

/* A file that is as it should be is left alone, so that nothing which watches it wakes up. */
static size_t leave_out_same(struct compilation *build, struct outputs *outputs)
{
    size_t kept = 0, count = outputs->count;
    for (size_t i = 0; i < count; i++)
        if (state_of(build, &outputs->items[i]) != SAME)
            outputs->items[kept++] = outputs->items[i];
    outputs->count = kept;
    return count - kept;
}

static int write_outputs(struct compilation *build, struct outputs *outputs)
{
    const char *why = NULL;
    size_t failed = 0;
    bool fine = true;
    const size_t same = leave_out_same(build, outputs);
    for (size_t i = 0; fine && i < outputs->count; i++) {
        const char *path = outputs->items[i].path, *slash = strrchr(path, '/');
        fine = slash == NULL ||
               base_make_directories(base_format(&build->arena, "%.*s", (int)(slash - path), path),
                                     &why);
        failed = i;
    }
    fine = fine && base_write_files(outputs->items, outputs->count, &failed, &why);
    if (!fine) {
        fprintf(stderr, "azc: %s: %s\n", outputs->items[failed].path, why);
        return STATUS_WRONG;
    }
    for (size_t i = 0; i < outputs->count; i++)
        printf("wrote %s (%zu bytes)\n", outputs->items[i].path, outputs->items[i].length);
    if (same > 0)
        printf("%zu file%s already as the rules say\n", same, same == 1 ? " is" : "s are");
    return STATUS_FINE;
}

static int compare_outputs(struct compilation *build, const struct outputs *outputs)
{
    static const char *const words[] = {
        [CHANGED] = "is not what the rules say", [MISSING] = "is missing"};
    size_t stale = 0;
    for (size_t i = 0; i < outputs->count; i++) {
        enum state state = state_of(build, &outputs->items[i]);
        if (state == SAME)
            continue;
        fprintf(stderr, "%s %s\n", outputs->items[i].path, words[state]);
        stale++;
    }
    if (stale == 0)
        printf("%zu file%s as the rules say\n", outputs->count,
               outputs->count == 1 ? " is" : "s are");
    else
        fprintf(stderr, "azc: %zu of %zu files are stale; `azc compile` writes them\n", stale,
                outputs->count);
    return stale == 0 ? STATUS_FINE : STATUS_WRONG;
}

static int write_all(struct compilation *build, const struct azc_options *options)
{
    struct outputs outputs = {0};
    if (options->check) {
        add_documents(build, &outputs, options->output);
        return compare_outputs(build, &outputs);
    }
    const char *directory = options->output == NULL ? IMAGE_DIRECTORY : options->output;
    add(build, &outputs, directory, "aza.azb", build->image.data, build->image.length);
    add_documents(build, &outputs, options->output);
    int status =
        build->fixed_count > 0 ? add_machine(build, options, &outputs, directory) : STATUS_FINE;
    return status == STATUS_FINE ? write_outputs(build, &outputs) : status;
}

static int run(const struct azc_options *options)
{
    struct compilation build = {0};
    struct base_arena arena = {0};
    int status = STATUS_USAGE;
    if (azc_words(&arena, options, 0, &build.fixed, &build.fixed_count))
        status = compile_rules(&build, &options->compile, false);
    if (status == STATUS_FINE)
        status = write_all(&build, options);
    compile_free(&build);
    base_arena_free(&arena);
    return status;
}

const struct azc_verb azc_compile = {
    .name = "compile",
    .summary = "write the image and the static configuration files",
    .usage = "compile [-o DIR] [--check] [NAME=VALUE...]",
    .text =
        "Writes the image that azr runs to " IMAGE_DIRECTORY
        "/aza.azb, and every file that the rules\n"
        "emit to its place below the current directory. With -o all of them go below DIR. Each\n"
        "NAME=VALUE makes a constant of a fact or an option; then a postgresql.conf for that\n"
        "machine is written beside the image. Files appear whole or not at all.\n\n"
        "With --check nothing is written: it says which files are not what the rules say, and\n"
        "fails if there are any.\n\n"
        "example: azc compile -o /tmp/try memory=8GB cpus=4\n",
    .options = "rules output stdlib check",
    .run = run,
};
