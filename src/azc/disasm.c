/* azc disasm: prints an image, or what the rules compile to, as text. Both are verified first: the
 * disassembler trusts the image. */
#include <stdio.h>

#include "azc/azc.h"

static int print_code(struct base_arena *arena, const struct image *image)
{
    struct base_sink sink = base_arena_sink(arena);
    ir_disassemble(image, &sink);
    return azc_put(&sink);
}

static int run_disasm(const struct azc_options *options)
{
    struct compilation build = {0};
    struct image image;
    int status = STATUS_FINE;
    if (options->word_count > 1)
        return azc_misuse("disasm", "unexpected argument: ", options->words[1]);
    if (options->word_count == 0)
        status = compile_rules(&build, &options->compile, false);
    if (status == STATUS_FINE) {
        const bool valid = options->word_count == 0
                               ? azc_open_image(options->compile.rules, build.image.data,
                                                build.image.length, &image)
                               : azc_read_image(&build.arena, options->words[0], &image);
        status = valid ? print_code(&build.arena, &image) : STATUS_WRONG;
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
