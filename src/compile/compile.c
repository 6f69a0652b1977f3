/* Runs the stages of one compilation: parse and check (src/sema), evaluate (src/eval), write the
 * image (src/ir).
 *
 * A stage runs only if the one before it found no mistake, so that one mistake is not reported as
 * several. Mistakes in the rules are in the queue of diagnostics. What has no place in the rules (a
 * file that cannot be read, an input that cannot be fixed, an image that is too large) is printed
 * directly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/compile.h"

/* The directory that contains prelude.azr: the one on the command line, then AZA_STDLIB, then
 * relative to the program: in share/ where it is installed, or in the source tree that contains
 * build/bin. Without any, a path that does not exist, which the next stage reports. */
static const char *find_stdlib(struct base_arena *arena, const char *chosen)
{
    const char *variable = getenv("AZA_STDLIB");
    if (chosen != NULL)
        return chosen;
    if (variable != NULL && *variable != '\0')
        return variable;
    static const char *const places[] = {"/../share/aza-pg/stdlib", "/../../stdlib", "/../stdlib"};
    char self[LIMIT_PATH];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    for (size_t i = 0; length > 0 && i < sizeof places / sizeof *places; i++) {
        self[length] = '\0';
        const char *slash = strrchr(self, '/');
        const char *place = base_format(arena, "%.*s%s", (int)(slash - self), self, places[i]);
        if (access(base_format(arena, "%s/prelude.azr", place), R_OK) == 0)
            return place;
    }
    return "stdlib";
}

void compile_begin(struct compilation *build)
{
    *build = (struct compilation){.fixed = build->fixed, .fixed_count = build->fixed_count};
    build->names.arena = &build->arena;
    build->sources.arena = &build->arena;
    build->queue.arena = &build->arena;
    build->queue.sources = &build->sources;
    build->context = (struct syntax_context){&build->arena, &build->names, &build->queue};
}

void compile_free(struct compilation *build)
{
    base_arena_free(&build->arena);
}

void compile_print_diagnostics(struct compilation *build, const struct compile_options *options)
{
    if (options->json_diagnostics)
        diag_print_json(&build->queue, stdout);
    else
        diag_print(&build->queue, stderr, diag_wants_colour(stderr));
}

int compile_check(struct compilation *build, const struct compile_options *options)
{
    compile_begin(build);
    const char *why = NULL;
    build->program = sema_check(&build->context, options->rules,
                                find_stdlib(&build->arena, options->stdlib), &why);
    if (build->program != NULL)
        return build->queue.errors == 0 ? STATUS_FINE : STATUS_WRONG;
    fprintf(stderr, "azc: %s\n", why);
    return STATUS_USAGE;
}

int compile_rules(struct compilation *build, const struct compile_options *options, bool tests)
{
    int status = compile_check(build, options);
    if (status == STATUS_USAGE)
        return status;
    build->result.fixed = build->fixed;
    build->result.fixed_count = build->fixed_count;
    if (status == STATUS_FINE && !eval_evaluate(build->program, &build->result))
        status = STATUS_WRONG;
    if (!options->silent)
        compile_print_diagnostics(build, options);
    if (build->result.why != NULL) {
        fprintf(stderr, "azc: %s\n", build->result.why);
        return STATUS_USAGE;
    }
    if (status != STATUS_FINE)
        return status;
    /* Expectations of tests are instructions that no container needs. */
    const char *why = NULL;
    size_t roots = tests ? build->result.roots.count : 0;
    if (ir_write_image(&build->arena, &build->result.code, &build->result.tables,
                       build->result.roots.items, roots, &build->image, &why))
        return STATUS_FINE;
    fprintf(stderr, "azc: %s: %s\n", options->rules, why);
    return STATUS_WRONG;
}
