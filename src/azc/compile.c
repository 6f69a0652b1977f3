/* azc compile: writes the image and the documents whose values are all known at compile time.
 *
 * The list of outputs is made first. A file that already has the right contents is removed from it,
 * so its time stamp does not change; the others are written together, all or none. --check compares
 * the documents and writes nothing; it ignores the image, which is a build product. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "azc/azc.h"

/* The default directory of the image, which is a build product; the documents are part of the tree.
 */
#define IMAGE_DIRECTORY "build/rules"

BASE_LIST_OF(outputs, struct base_output);

static void add_output(struct compilation *build, struct outputs *outputs, const char *directory,
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
        add_output(build, outputs, directory, document->path, document->text, document->length);
        outputs->items[outputs->count - 1].executable = document->executable;
    }
}

/* NAME=VALUE describes one machine, whose settings are known: writes its postgresql.conf. */
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
    add_output(build, outputs, directory, "postgresql.conf", sink.data, sink.length);
    return STATUS_FINE;
}

enum state { SAME, CHANGED, MISSING };

static enum state output_state(struct compilation *build, const struct base_output *output)
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

/* Removes the files that are up to date from the list, so that programs watching them are not
 * notified; returns how many there were. */
static size_t remove_unchanged(struct compilation *build, struct outputs *outputs)
{
    size_t kept = 0, count = outputs->count;
    for (size_t i = 0; i < count; i++)
        if (output_state(build, &outputs->items[i]) != SAME)
            outputs->items[kept++] = outputs->items[i];
    outputs->count = kept;
    return count - kept;
}

static int write_outputs(struct compilation *build, struct outputs *outputs)
{
    const char *why = NULL;
    size_t failed = 0;
    bool fine = true;
    const size_t same = remove_unchanged(build, outputs);
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
        printf("%zu file%s already up to date\n", same, same == 1 ? " is" : "s are");
    return STATUS_FINE;
}

static int compare_outputs(struct compilation *build, const struct outputs *outputs)
{
    static const char *const words[] = {[CHANGED] = "is out of date", [MISSING] = "is missing"};
    size_t outdated = 0;
    for (size_t i = 0; i < outputs->count; i++) {
        enum state state = output_state(build, &outputs->items[i]);
        if (state == SAME)
            continue;
        fprintf(stderr, "%s %s\n", outputs->items[i].path, words[state]);
        outdated++;
    }
    if (outdated == 0)
        printf("%zu file%s up to date\n", outputs->count, outputs->count == 1 ? " is" : "s are");
    else
        fprintf(stderr, "azc: %zu of %zu files are out of date; run `azc compile`\n", outdated,
                outputs->count);
    return outdated == 0 ? STATUS_FINE : STATUS_WRONG;
}

static int write_all(struct compilation *build, const struct azc_options *options)
{
    struct outputs outputs = {0};
    if (options->check) {
        add_documents(build, &outputs, options->output);
        return compare_outputs(build, &outputs);
    }
    const char *directory = options->output == NULL ? IMAGE_DIRECTORY : options->output;
    add_output(build, &outputs, directory, "aza.azb", build->image.data, build->image.length);
    add_documents(build, &outputs, options->output);
    int status =
        build->fixed_count > 0 ? add_machine(build, options, &outputs, directory) : STATUS_FINE;
    return status == STATUS_FINE ? write_outputs(build, &outputs) : status;
}

static int run_compile(const struct azc_options *options)
{
    return azc_with_fixed(options, write_all);
}

const struct azc_verb azc_compile = {
    .name = "compile",
    .summary = "write the image and the static configuration files",
    .usage = "compile [-o DIR] [--check] [NAME=VALUE...]",
    .text = "Writes the image that azr runs to " IMAGE_DIRECTORY "/aza.azb, and every file that\n"
            "the rules emit to its path below the current directory. With -o, all of them are\n"
            "written below DIR. NAME=VALUE makes a fact or an option constant; then a\n"
            "postgresql.conf for that machine is written next to the image. Either all files are\n"
            "written or none.\n\n"
            "With --check, writes nothing, lists the files that are out of date and fails if\n"
            "there are any.\n\n"
            "example: azc compile -o /tmp/try memory=8GB cpus=4\n",
    .options = "rules output stdlib check",
    .run = run_compile,
};
