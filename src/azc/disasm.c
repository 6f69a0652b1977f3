/* azc disasm: prints an image, or what the rules compile to, as text. */
#include <stdio.h>

#include "azc/azc.h"

static int disassemble(struct base_arena *arena, const char *path, const void *bytes, size_t length)
{
    struct image image;
    struct image_refusal refusal;
    if (!image_open(bytes, length, &image, &refusal) || !vm_verify(&image, &refusal)) {
        fprintf(stderr, "azc: %s: not a valid image: %s at byte %zu\n", path, refusal.reason,
                refusal.offset);
        return STATUS_WRONG;
    }
    struct base_sink sink = base_arena_sink(arena);
    ir_disassemble(&image, &sink);
    return azc_put(&sink);
}

static int run_disasm(const struct azc_options *options)
{
    if (options->word_count > 1)
        return azc_misuse("disasm", "unexpected argument: ", options->words[1]);
    struct compilation build = {0};
    int status;
    if (options->word_count == 0) {
        status = compile_rules(&build, &options->compile, false);
        if (status == STATUS_FINE)
            status = disassemble(&build.arena, options->compile.rules, build.image.data,
                                 build.image.length);
    } else {
        char *bytes;
        size_t length;
        const char *why, *path = options->words[0];
        bool read = base_read_file(&build.arena, path, LIMIT_IMAGE_BYTES, &bytes, &length, &why);
        if (!read)
            fprintf(stderr, "azc: %s: %s\n", path, why);
        status = read ? disassemble(&build.arena, path, bytes, length) : STATUS_WRONG;
    }
    compile_free(&build);
    return status;
}

const struct azc_verb azc_disasm = {
    .name = "disasm",
    .summary = "print an image as text",
    .usage = "disasm [IMAGE]",
    .text = "Verifies a compiled image and prints its code and all of its tables. Without IMAGE,\n"
            "compiles the rules and prints the result.\n\n"
            "example: azc disasm build/rules/aza.azb\n",
    .options = "rules stdlib",
    .run = run_disasm,
};
