/* From rules files to an image in memory: what every verb of azc does first.
 *
 * A compilation owns everything that one run allocates: the arena, the sources, the diagnostics,
 * the typed program, the evaluated result and the image. The stages run in order (parse, check,
 * evaluate, write) and stop after the first one that finds a mistake; all mistakes of that stage
 * are in the queue. */
#ifndef AZA_COMPILE_COMPILE_H
#define AZA_COMPILE_COMPILE_H

#include "eval/eval.h"

/* Exit statuses of azc. */
enum status {
    STATUS_FINE = 0,
    STATUS_WRONG = 1, /* the rules, their tests, or what is compared with them */
    STATUS_USAGE = 2, /* the command line, or a file that cannot be read */
};

struct compile_options {
    const char *rules;     /* the main rules file */
    const char *stdlib;    /* contains prelude.azr and the catalogues; null: search for it */
    bool silent;           /* the caller prints the diagnostics itself */
    bool json_diagnostics; /* as JSON on standard output instead of text on standard error */
};

struct compilation {
    struct base_arena arena;
    struct base_names names;
    struct base_sources sources;
    struct diag_queue queue;
    struct syntax_context context;
    struct sema_program *program;
    struct eval_result result;
    struct ir_bytes image;
    struct vm_word *fixed; /* NAME=VALUE: inputs that become constants */
    size_t fixed_count;
};

/* An empty compilation that keeps `fixed`. */
void compile_begin(struct compilation *build);
/* Compiles options->rules to an image, with the tests' expectations if `tests`. Prints diagnostics
 * unless they are to be silent; returns the exit status. */
int compile_rules(struct compilation *build, const struct compile_options *options, bool tests);
/* Parses and checks only, and prints no diagnostics; returns the exit status. */
int compile_check(struct compilation *build, const struct compile_options *options);
void compile_print_diagnostics(struct compilation *build, const struct compile_options *options);
void compile_free(struct compilation *build);

#endif
