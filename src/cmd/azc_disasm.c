/* azc disasm: an image as text. */
#include <stdio.h>

#include "cmd/azc.h"

static int run(const struct azc_options *options)
{
    if (options->word_count != 1)
        return azc_misuse("disasm", "exactly one file is needed, such as ", "build/rules/aza.azb");
    struct aza_arena arena = {0};
    char *bytes;
    size_t length;
    const char *why, *path = options->words[0];
    struct azb_image image;
    struct azb_refusal refusal;
    int status = AZC_WRONG;
    struct aza_sink sink = aza_arena_sink(&arena);
    if (!aza_read_file(&arena, path, AZA_IMAGE_BYTES_MAX, &bytes, &length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", path, why);
    } else if (!azb_open(bytes, length, &image, &refusal) || !azv_verify(&image, &refusal)) {
        fprintf(stderr, "azc: %s: not an image that would run: %s at byte %zu\n", path,
                refusal.reason, refusal.offset);
    } else {
        azb_disassemble(&image, &sink);
        status = azc_put(&sink);
    }
    aza_arena_free(&arena);
    return status;
}

const struct azc_verb azc_disasm = {
    .name = "disasm",
    .summary = "an image as text",
    .usage = "disasm IMAGE",
    .text = "Prints the code and every table of a compiled image, after verifying it.\n\n"
            "example: azc disasm build/rules/aza.azb\n",
    .options = "",
    .run = run,
};
