/* azc disasm: an image as text. */
#include <stdio.h>

#include "cmd/azc.h"

static int disassemble(struct aza_arena *arena, const char *path, const void *bytes, size_t length)
{
    struct azb_image image;
    struct azb_refusal refusal;
    if (!azb_open(bytes, length, &image, &refusal) || !azv_verify(&image, &refusal)) {
        fprintf(stderr, "azc: %s: not an image that would run: %s at byte %zu\n", path,
                refusal.reason, refusal.offset);
        return AZC_WRONG;
    }
    struct aza_sink sink = aza_arena_sink(arena);
    azb_disassemble(&image, &sink);
    return azc_put(&sink);
}

static int run(const struct azc_options *options)
{
    if (options->word_count > 1)
        return azc_misuse("disasm", "one word too many: ", options->words[1]);
    struct azc_build build = {0};
    int status;
    if (options->word_count == 0) {
        status = azc_build_rules(&build, options, false);
        if (status == AZC_FINE)
            status =
                disassemble(&build.arena, options->rules, build.image.data, build.image.length);
    } else {
        char *bytes;
        size_t length;
        const char *why, *path = options->words[0];
        bool read = aza_read_file(&build.arena, path, AZA_IMAGE_BYTES_MAX, &bytes, &length, &why);
        if (!read)
            fprintf(stderr, "azc: %s: %s\n", path, why);
        status = read ? disassemble(&build.arena, path, bytes, length) : AZC_WRONG;
    }
    azc_free(&build);
    return status;
}

const struct azc_verb azc_disasm = {
    .name = "disasm",
    .summary = "an image as text",
    .usage = "disasm [IMAGE]",
    .text =
        "Prints the code and every table of a compiled image, after verifying it; without IMAGE,\n"
        "of what the rules compile to.\n\n"
        "example: azc disasm build/rules/aza.azb\n",
    .options = "rules stdlib",
    .run = run,
};
