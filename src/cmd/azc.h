/* What the verbs of azc share: the words of the command line, and a rules file compiled into a
 * session that can decide. */
#ifndef AZA_CMD_AZC_H
#define AZA_CMD_AZC_H

#include "cmd/session.h"
#include "eval/eval.h"

enum azc_status { AZC_FINE = 0, AZC_WRONG = 1, AZC_USAGE = 2 };

/* The options a verb takes, as letters of `struct azc_verb`. */
struct azc_options {
    const char *rules;   /* -r, --rules FILE */
    const char *stdlib;  /* --stdlib DIR */
    const char *root;    /* --root DIR */
    const char *output;  /* -o, --output */
    const char *format;  /* --format */
    const char *against; /* --against DSN */
    const char *csv;     /* --csv FILE */
    const char *dump;    /* --dump STAGE */
    const char *minimum; /* --minimum FACT */
    const char *budget;  /* --budget N */
    bool proof;          /* --proof */
    bool write_test;     /* --write-test */
    bool silent;         /* the verb prints the diagnostics itself */
    const char *over;    /* --over INPUT[=LOW..HIGH] */
    const char *by;      /* --by INPUT */
    bool json, check, html, list, write, help;
    bool json_diagnostics; /* the verb's JSON is its diagnostics */
    char **words;          /* what is left */
    int word_count;
};

struct azc_verb {
    const char *name, *summary;
    const char *usage;   /* the line after "usage: azc " */
    const char *text;    /* paragraphs and examples */
    const char *options; /* the long names it takes, separated by blanks; --help always */
    int (*run)(const struct azc_options *options);
};

extern const struct azc_verb azc_check, azc_compile, azc_eval, azc_explain, azc_table, azc_chart,
    azc_test, azc_diff, azc_doc, azc_pin, azc_fmt, azc_disasm, azc_explain_error;

/* A compilation and everything it owns. */
struct azc_build {
    struct aza_arena arena;
    struct aza_names names;
    struct aza_sources sources;
    struct azd_queue queue;
    struct azp_context context;
    struct azs_program *program;
    struct aze_result result;
    struct azb_bytes image;
    struct azv_word *fixed; /* NAME=VALUE that are constants from now on */
    size_t fixed_count;
};

/* An empty build, except for what is fixed. */
void azc_begin(struct azc_build *build);
/* Compiles options->rules up to an image, with the tests' expectations if `tests`. Prints what
 * there is to say; answers the exit status. */
int azc_build_rules(struct azc_build *build, const struct azc_options *options, bool tests);
/* Only parses and checks; for dumps. */
int azc_check_rules(struct azc_build *build, const struct azc_options *options);
void azc_print_diagnostics(struct azc_build *build, const struct azc_options *options);
void azc_free(struct azc_build *build);

/* The one session of this process, with the image loaded; null after saying why. */
struct azn_session *azc_session(const struct azc_build *build);
/* NAME=VALUE words of the command line from `first` on; false after saying which one is none. */
bool azc_words(struct aza_arena *arena, const struct azc_options *options, int first,
               struct azv_word **words, size_t *count);
/* Decides and prints warnings and refusals on standard error; the exit status. */
int azc_decide(struct azn_session *session, const struct azc_options *options,
               const struct azv_word *words, size_t count);

/* `azc eval --minimum FACT`: the smallest value from which on no machine is refused. */
int azc_minimum(const struct azc_options *options);

/* Each line of what a session said, on standard error, after "azc: KIND: ". */
void azc_print_lines(const char *kind, const struct aza_sink *said);
/* Says that nothing has that name, and which name is near; the exit status. */
int azc_nothing_called(struct azc_build *build, const struct azb_image *image, const char *name);
/* A cell of a CSV, in quotes where it needs them. */
void azc_put_csv_cell(struct aza_sink *sink, const char *text);
/* --budget as a number of boxes, or what there is without it; false when it is none. */
bool azc_read_budget(const struct azc_options *options, uint32_t *budget);
int azc_misuse(const char *verb, const char *what, const char *word);
int azc_put(const struct aza_sink *sink);
/* To the file of --output, whole, or to standard output; the exit status. */
int azc_put_to(const struct azc_options *options, const struct aza_sink *sink);

#endif
