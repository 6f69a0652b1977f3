/* azc, the compiler's command line: one verb per file, and the functions that verbs share.
 *
 * A verb is a struct azc_verb with its help, the options that it accepts and the function that runs
 * it. The functions return the exit status: 0 success, 1 errors in the rules, 2 wrong usage; they
 * print the reason on standard error themselves. */
#ifndef AZA_AZC_AZC_H
#define AZA_AZC_AZC_H

#include "session/session.h"
#include "compile/compile.h"

/* The options and words of the command line; an option that was not given is null or false. Each
 * option is described in the table of azc.c. */
struct azc_options {
    struct compile_options compile; /* -r, --rules FILE; --stdlib DIR */
    const char *root;               /* --root DIR */
    const char *output;             /* -o, --output */
    const char *format;             /* --format */
    const char *against;            /* --against DSN */
    const char *csv;                /* --csv FILE */
    const char *dump;               /* --dump STAGE */
    const char *minimum;            /* --minimum FACT */
    const char *budget;             /* --budget N */
    bool proof;                     /* --proof */
    bool write_test;                /* --write-test */
    const char *over;               /* --over INPUT[=LOW..HIGH] */
    const char *by;                 /* --by INPUT */
    const char *dsn, *libraries, *notes;
    bool json, check, html, list, write, help;
    char **words; /* the arguments that are not options */
    int word_count;
};

struct azc_verb {
    const char *name, *summary;
    const char *usage;   /* the line after "usage: azc " */
    const char *text;    /* paragraphs and examples */
    const char *options; /* the long options it accepts, separated by blanks; --help always */
    int (*run)(const struct azc_options *options);
};

/* verbs.def lists the verbs in the order of `azc --help`; each is defined in the file of its name.
 */
#define X(name) extern const struct azc_verb azc_##name;
#include "azc/verbs.def"
#undef X

/* The session of this process with the image of a compiled build; null after printing why. */
struct session *azc_session(const struct compilation *build);
/* Compiles the rules without their tests and loads the image; returns the exit status. The caller
 * frees the build in any case. */
int azc_compile_session(struct compilation *build, const struct azc_options *options,
                        struct session **session);
/* Compiles the rules without their tests, with each NAME=VALUE word as a constant, and calls `use`
 * with the result; returns the exit status. */
int azc_with_fixed(const struct azc_options *options,
                   int (*use)(struct compilation *build, const struct azc_options *options));
/* Reads a compiled image and verifies it; false after printing why it is not valid. The image
 * points into the arena. */
bool azc_read_image(struct base_arena *arena, const char *path, struct image *image);
/* The same for an image in memory; `path` is its name in messages. */
bool azc_open_image(const char *path, const void *bytes, size_t length, struct image *image);
/* NAME=VALUE words of the command line from `first` on; false after reporting another word. */
bool azc_words(struct base_arena *arena, const struct azc_options *options, int first,
               struct vm_word **words, size_t *count);
/* Decides, and prints warnings and refusals on standard error; returns the exit status. */
int azc_decide(struct session *session, const struct azc_options *options,
               const struct vm_word *words, size_t count);

/* `azc eval --minimum FACT`: the smallest value with which no machine is refused. */
int azc_minimum(const struct azc_options *options);

/* Prints each line of the text on standard error after "azc: KIND: ". */
void azc_print_lines(const char *kind, const struct base_sink *text);
/* Prints "; did you mean `NAME`?" on standard error if one of the names is similar to a word; false
 * if none is. */
bool azc_suggest(const char *word, const char *const *names, size_t count);
/* Reports an unknown name of a value and suggests a similar one; returns the exit status. */
int azc_unknown_name(struct compilation *build, const struct image *image, const char *name);
/* A cell of a CSV file, quoted if necessary. */
void azc_put_csv_cell(struct base_sink *sink, const char *text);
/* Reads --budget as a number of boxes, or the default; reports a bad one, and returns the exit
 * status. */
int azc_read_budget(const char *verb, const struct azc_options *options, uint32_t *budget);
/* Reports wrong usage: "azc VERB: WHATWORD"; returns the exit status. */
int azc_misuse(const char *verb, const char *what, const char *word);
/* Writes to standard output; returns the exit status. */
int azc_put(const struct base_sink *sink);
/* Writes to the file of --output, else to standard output; returns the exit status. */
int azc_put_to(const struct azc_options *options, const struct base_sink *sink);

#endif
