/* Rules that anybody may have written are read, checked and evaluated to their end: either they
 * have mistakes, each at a place within the file, or an image that the runner's verifier accepts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "eval/eval.h"
#include "vm/vm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct build {
    struct base_arena arena;
    struct base_names names;
    struct base_sources sources;
    struct diag_queue queue;
    struct syntax_context context;
    struct eval_result result;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* The checker reads files: this one is in memory only. */
static int file_of(const uint8_t *data, size_t size)
{
    int file = memfd_create("rules", 0);
    must(file >= 0 && write(file, data, size) == (ssize_t)size, "no file in memory");
    return file;
}

static void check_places(const struct build *build)
{
    for (size_t i = 0; i < build->queue.list.count; i++) {
        const struct base_place place = build->queue.list.items[i]->place;
        must(place.file < build->sources.count &&
                 place.start <= build->sources.files[place.file].length &&
                 place.length <= build->sources.files[place.file].length - place.start,
             "a message at no place of the file");
    }
}

static void check_image(struct build *build)
{
    struct image image;
    struct image_refusal refusal;
    const char *why = NULL;
    struct ir_bytes bytes;
    if (ir_write_image(&build->arena, &build->result.code, &build->result.tables,
                       build->result.roots.items, build->result.roots.count, &bytes, &why))
        must(image_open(bytes.data, bytes.length, &image, &refusal) && vm_verify(&image, &refusal),
             "the verifier refuses what the compiler wrote");
    else
        must(why != NULL, "no image, and no word why");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct build build;
    char path[32];
    const char *why = NULL;
    if (size > LIMIT_SOURCE_BYTES)
        return 0;
    build = (struct build){0};
    build.names.arena = build.sources.arena = build.queue.arena = &build.arena;
    build.queue.sources = &build.sources;
    build.context = (struct syntax_context){&build.arena, &build.names, &build.queue};
    const int file = file_of(data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct sema_program *program = sema_check(&build.context, path, "stdlib", &why);
    must(program != NULL, why);
    const bool fine = build.queue.errors == 0 && eval_evaluate(program, &build.result);
    must(fine == (build.queue.errors == 0), "a mistake without a message");
    check_places(&build);
    if (fine)
        check_image(&build);
    base_arena_free(&build.arena);
    close(file);
    return 0;
}
