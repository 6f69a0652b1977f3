/* azc fmt: formats rules files in place, or with --check lists those that are not formatted.
 *
 * With arguments it formats those files only. Without, it formats the main file and follows its
 * imports, depth first and each once, as far as they are in the rules' tree: the directory of the
 * main file. A file outside of the tree, such as the standard library, belongs to another project
 * and is not changed. A file with a syntax error is not changed either, but its imports are
 * followed. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"

/* Null after printing why the file cannot be read. */
static const struct base_source *read_rules_file(struct compilation *build, const char *path)
{
    const char *why = "too many files";
    char *text = NULL;
    size_t length = 0;
    if (build->sources.count == LIMIT_SOURCE_FILES ||
        !base_read_file(&build->arena, path, LIMIT_SOURCE_BYTES, &text, &length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", path, why);
        return NULL;
    }
    struct base_source *source = &build->sources.files[build->sources.count++];
    *source = (struct base_source){.path = path, .text = text, .length = length};
    return source;
}

/* Writes the formatted text if it differs; with `check` only prints the path. */
static int write_formatted(const struct base_source *source, const struct base_sink *sink,
                           bool check)
{
    if (sink->length == source->length &&
        (sink->length == 0 || memcmp(sink->data, source->text, sink->length) == 0))
        return STATUS_FINE;
    const char *why = NULL;
    if (!check && !base_write_file(source->path, sink->data, sink->length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", source->path, why);
        return STATUS_WRONG;
    }
    puts(source->path);
    return check ? STATUS_WRONG : STATUS_FINE;
}

static int worse(int one, int other)
{
    return one > other ? one : other;
}

/* Follows imports within `tree`; none when it is null. */
static int format_file(struct compilation *build, const char *path, const char *tree, bool check)
{
    uint16_t index = (uint16_t)build->sources.count;
    const struct base_source *source = read_rules_file(build, path);
    if (source == NULL)
        return STATUS_WRONG;
    size_t errors = build->queue.errors;
    const struct syntax_file *file = syntax_parse(&build->context, index);
    int status = STATUS_WRONG;
    if (!file->broken && build->queue.errors == errors) {
        struct base_sink sink = base_arena_sink(&build->arena);
        syntax_format(&build->context, file, &sink);
        status = write_formatted(source, &sink, check);
    }
    for (size_t i = 0; tree != NULL && i < file->items.count; i++) {
        const struct syntax_item *item = file->items.items[i];
        if (item->class != SYNTAX_IMPORT)
            continue;
        const char *import = sema_beside(&build->arena, path, item->name.text);
        uint16_t known;
        if (sema_is_within(tree, import) && !sema_find_source(&build->sources, import, &known))
            status = worse(status, format_file(build, import, tree, check));
    }
    return status;
}

static int format_tree(struct compilation *build, const char *main_file, bool check)
{
    const char *path = sema_beside(&build->arena, "", main_file);
    return format_file(build, path, sema_directory_of(&build->arena, path), check);
}

static int run_fmt(const struct azc_options *options)
{
    struct compilation build = {0};
    compile_begin(&build);
    int status = STATUS_FINE;
    for (int i = 0; i < options->word_count; i++)
        status = worse(status, format_file(&build, options->words[i], NULL, options->check));
    if (options->word_count == 0)
        status = format_tree(&build, options->compile.rules, options->check);
    compile_print_diagnostics(&build, &options->compile);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_fmt = {
    .name = "fmt",
    .summary = "format rules files",
    .usage = "fmt [--check] [FILE...]",
    .text =
        "Formats each FILE, by default rules/main.azr and its imports in its directory or below,\n"
        "and prints the names of those that changed. Comments, blank lines and line breaks at\n"
        "operators are kept; indentation, blanks and tables are normalised, and lines longer\n"
        "than 100 columns are broken. A file with a syntax error is reported and not changed.\n"
        "\n"
        "With --check, writes nothing; the exit status is 1 if a file would change.\n",
    .options = "rules check",
    .run = run_fmt,
};
