/* Functions that the verbs of azc share: NAME=VALUE words, suggestions, images and their session,
 * output. All of them print errors themselves, so that a verb only has to return the status. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "azc/azc.h"
#include "prove/prove.h"

void azc_print_lines(const char *kind, const struct base_sink *text)
{
    for (const char *line = text->length == 0 ? "" : text->data; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "azc: %s: %.*s\n", kind, (int)length, line);
        line += line[length] == '\0' ? length : length + 1;
    }
}

struct session *azc_session(const struct compilation *build)
{
    static struct session session;
    if (session_load(&session, build->program->main_path, build->image.data, build->image.length))
        return &session;
    azc_print_lines("refused", &session.refusals);
    return NULL;
}

int azc_compile_session(struct compilation *build, const struct azc_options *options,
                        struct session **session)
{
    const int status = compile_rules(build, &options->compile, false);
    *session = status == STATUS_FINE ? azc_session(build) : NULL;
    return status == STATUS_FINE && *session == NULL ? STATUS_WRONG : status;
}

bool azc_open_image(const char *path, const void *bytes, size_t length, struct image *image)
{
    struct image_refusal refusal;
    if (image_open(bytes, length, image, &refusal) && vm_verify(image, &refusal))
        return true;
    fprintf(stderr, "azc: %s: not a valid image: %s at byte %zu\n", path, refusal.reason,
            refusal.offset);
    return false;
}

bool azc_read_image(struct base_arena *arena, const char *path, struct image *image)
{
    char *bytes;
    size_t length;
    const char *why;
    if (base_read_file(arena, path, LIMIT_IMAGE_BYTES, &bytes, &length, &why))
        return azc_open_image(path, bytes, length, image);
    fprintf(stderr, "azc: %s: %s\n", path, why);
    return false;
}

bool azc_suggest(const char *word, const char *const *names, size_t count)
{
    const char *near = diag_nearest(word, names, count);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    return near != NULL;
}

int azc_unknown_name(struct compilation *build, const struct image *image, const char *name)
{
    BASE_LIST(const char *) names = {0};
    for (uint32_t i = 0; i < image->name_count; i++)
        if (image->names[i].class != IMAGE_NAME_CHECK)
            *BASE_PUSH(&build->arena, &names) = image_string(image, image->names[i].name);
    fprintf(stderr, "azc: unknown name `%s`", name);
    azc_suggest(name, names.items, names.count);
    fputc('\n', stderr);
    return STATUS_WRONG;
}

int azc_read_budget(const char *verb, const struct azc_options *options, uint32_t *budget)
{
    int64_t boxes = PROVE_BUDGET;
    if (options->budget != NULL && (!base_scan_digits(base_span_of(options->budget), &boxes) ||
                                    boxes < 1 || boxes > PROVE_BUDGET_MAX))
        return azc_misuse(verb, "--budget must be a number from 1 to 10000000, not ",
                          options->budget);
    *budget = (uint32_t)boxes;
    return STATUS_FINE;
}

bool azc_words(struct base_arena *arena, const struct azc_options *options, int first,
               struct vm_word **words, size_t *count)
{
    *count = 0;
    *words = base_alloc(arena, (size_t)options->word_count * sizeof **words + 1);
    for (int i = first; i < options->word_count; i++)
        if (!vm_split_word(options->words[i], &(*words)[(*count)++])) {
            fprintf(stderr, "azc: expected NAME=VALUE, such as memory=2GB, not `%s`\n",
                    options->words[i]);
            return false;
        }
    return true;
}

int azc_decide(struct session *session, const struct azc_options *options,
               const struct vm_word *words, size_t count)
{
    const struct session_request request = {.environment = (const char *const *)environ,
                                            .root = options->root,
                                            .words = words,
                                            .word_count = count,
                                            .ask_machine = true};
    bool fine = session_decide(session, &request);
    azc_print_lines("warning", &session->warnings);
    if (!fine)
        azc_print_lines("refused", &session->refusals);
    return fine ? STATUS_FINE : STATUS_WRONG;
}

int azc_put(const struct base_sink *sink)
{
    if (base_write_all(STDOUT_FILENO, sink->data, sink->length))
        return STATUS_FINE;
    perror("azc: standard output");
    return STATUS_WRONG;
}

int azc_put_to(const struct azc_options *options, const struct base_sink *sink)
{
    const char *why = NULL;
    if (options->output == NULL)
        return azc_put(sink);
    if (!base_write_file(options->output, sink->data, sink->length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", options->output, why);
        return STATUS_WRONG;
    }
    printf("wrote %s (%zu bytes)\n", options->output, sink->length);
    return STATUS_FINE;
}

int azc_with_fixed(const struct azc_options *options,
                   int (*use)(struct compilation *build, const struct azc_options *options))
{
    struct compilation build = {0};
    /* The words outlive compile_begin, which empties the arena of the compilation. */
    struct base_arena arena = {0};
    int status = STATUS_USAGE;
    if (azc_words(&arena, options, 0, &build.fixed, &build.fixed_count))
        status = compile_rules(&build, &options->compile, false);
    if (status == STATUS_FINE)
        status = use(&build, options);
    compile_free(&build);
    base_arena_free(&arena);
    return status;
}
