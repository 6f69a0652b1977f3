/* What the verbs of azc share: the words of the command line, and a rules file compiled into a
 * session that can decide. */
#ifndef AZA_AZC_AZC_H
#define AZA_AZC_AZC_H

#include "session/session.h"
#include "compile/compile.h"

/* The options a verb takes, as letters of `struct azc_verb`. */
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
    char **words; /* what is left */
    int word_count;
};

struct azc_verb {
    const char *name, *summary;
    const char *usage;   /* the line after "usage: azc " */
    const char *text;    /* paragraphs and examples */
    const char *options; /* the long names it takes, separated by blanks; --help always */
    int (*run)(const struct azc_options *options);
};

/* verbs.def lists the verbs in the order of `azc --help`; each is defined in the file of its name.
 */
#define X(name) extern const struct azc_verb azc_##name;
#include "azc/verbs.def"
#undef X

/* The one session of this process, with the image loaded; null after saying why. */
struct session *azc_session(const struct compilation *build);
/* NAME=VALUE words of the command line from `first` on; false after saying which one is none. */
bool azc_words(struct base_arena *arena, const struct azc_options *options, int first,
               struct vm_word **words, size_t *count);
/* Decides and prints warnings and refusals on standard error; the exit status. */
int azc_decide(struct session *session, const struct azc_options *options,
               const struct vm_word *words, size_t count);

/* `azc eval --minimum FACT`: the smallest value from which on no machine is refused. */
int azc_minimum(const struct azc_options *options);

/* Each line of what a session said, on standard error, after "azc: KIND: ". */
void azc_print_lines(const char *kind, const struct base_sink *said);
/* Says that nothing has that name, and which name is near; the exit status. */
int azc_nothing_called(struct compilation *build, const struct image *image, const char *name);
/* A cell of a CSV, in quotes where it needs them. */
void azc_put_csv_cell(struct base_sink *sink, const char *text);
/* --budget as a number of boxes, or what there is without it; false when it is none. */
bool azc_read_budget(const struct azc_options *options, uint32_t *budget);
int azc_misuse(const char *verb, const char *what, const char *word);
int azc_put(const struct base_sink *sink);
/* To the file of --output, whole, or to standard output; the exit status. */
int azc_put_to(const struct azc_options *options, const struct base_sink *sink);

#endif
