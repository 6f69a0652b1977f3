/* From text to a tree: lexer, parser, tree, and formatter.
 *
 * syntax_parse reads one rules file. It reports every mistake it can find, recovers at the next
 * statement, and always returns a tree of what it understood, so that later stages can continue;
 * `broken` marks a tree with gaps. The tree represents what was written and nothing else. sema adds
 * meaning in fields that are empty at first (`type`, `symbol`). Every node has its place in the
 * file.
 *
 * The file also keeps all tokens and comments in order. The formatter prints those and uses the
 * tree only to decide where lines break. All nodes are in the context's arena; names are interned.
 */
#ifndef AZA_SYNTAX_SYNTAX_H
#define AZA_SYNTAX_SYNTAX_H

#include "diag/diag.h"
#include "image/image.h"

enum syntax_class {
    SYNTAX_ERROR, /* not understood, and reported */
    SYNTAX_QUANTITY,
    SYNTAX_TRUTH,
    SYNTAX_TEXT,
    SYNTAX_NAME,
    SYNTAX_FIELD,
    SYNTAX_CALL,
    SYNTAX_LIST,
    SYNTAX_MAP,
    SYNTAX_COMPREHENSION,
    SYNTAX_UNARY,
    SYNTAX_BINARY,
    SYNTAX_IS,
    SYNTAX_IN,
    SYNTAX_LIMIT,
    SYNTAX_ROUND,
    SYNTAX_IF,
    SYNTAX_MATCH,
    SYNTAX_CURVE,
    SYNTAX_FILE,
    SYNTAX_ELSE,
};

enum syntax_operator {
    SYNTAX_OR,
    SYNTAX_AND,
    SYNTAX_NOT,
    SYNTAX_EQ,
    SYNTAX_NE,
    SYNTAX_LT,
    SYNTAX_LE,
    SYNTAX_GT,
    SYNTAX_GE,
    SYNTAX_ADD,
    SYNTAX_SUB,
    SYNTAX_MUL,
    SYNTAX_DIV,
    SYNTAX_MOD,
    SYNTAX_NEG,
};

enum syntax_is { SYNTAX_IS_MEMBER, SYNTAX_IS_KNOWN, SYNTAX_IS_GIVEN };

struct syntax_word {
    const char *text; /* interned */
    struct base_place place;
};

struct syntax_expr;
BASE_LIST_OF(syntax_exprs, struct syntax_expr *);
BASE_LIST_OF(syntax_words, struct syntax_word);

struct syntax_arm {
    struct syntax_words patterns; /* none: the `else` arm */
    struct base_place place;
    struct syntax_expr *value;
};
BASE_LIST_OF(syntax_arms, struct syntax_arm *);

struct syntax_pair {
    struct syntax_word name; /* the key as a constant; its text is null when the key is computed */
    struct syntax_expr *key; /* a text, also where a plain word is written */
    struct syntax_expr *value;
    const char *doc; /* its doc comment, or null */
};
BASE_LIST_OF(syntax_pairs, struct syntax_pair);

struct syntax_point {
    struct syntax_expr *x, *y;
};
BASE_LIST_OF(syntax_points, struct syntax_point);

struct syntax_expr {
    enum syntax_class class;
    struct base_place place;
    uint32_t depth;               /* of the tree to the left, against LIMIT_CHAIN */
    const struct sema_type *type; /* filled by sema */
    bool narrowed; /* filled by sema: a condition around it ensures that it has a value */
    union {
        struct {
            enum image_kind kind;
            int64_t value;
        } quantity;
        bool truth;
        struct { /* pieces: SYNTAX_TEXT nodes without pieces are literal */
            const char *literal;
            struct syntax_exprs pieces;
        } text;
        struct {
            const char *name;
            struct sema_symbol *symbol; /* filled by sema; null for an enum member */
        } name;
        struct {
            struct syntax_expr *of;
            struct syntax_word field;
            struct sema_symbol *symbol; /* filled by sema */
            uint32_t column;            /* of a profile or tiers */
        } field;
        struct {
            struct syntax_word function;
            struct syntax_exprs arguments;
            struct sema_symbol *symbol;
        } call;
        struct {
            struct syntax_exprs elements;
        } list;
        struct {
            struct syntax_word variable,
                second; /* of a map: key and value; else second.text is null */
            struct syntax_expr *list, *condition, *element;
            struct syntax_expr *key;                    /* of a map's pair; null for a list */
            struct sema_symbol *symbol, *second_symbol; /* of the variables */
        } comprehension;
        struct {
            struct syntax_pairs pairs;
        } map;
        struct {
            enum syntax_operator op;
            struct syntax_expr *left, *right; /* right only, when unary */
        } binary;
        struct {
            enum syntax_is class;
            bool negated;
            struct syntax_expr *of;
            struct syntax_word member;
        } is;
        struct {
            bool negated;
            struct syntax_expr *of, *list;
        } in;
        struct {
            struct syntax_expr *of, *low, *high; /* at least: low; at most: high; within: both */
        } limit;
        struct {
            int mode; /* enum base_rounding */
            struct syntax_expr *of, *grain;
        } round;
        struct {
            struct syntax_expr *condition, *yes, *no;
        } choice;
        struct {
            struct syntax_expr *of;
            struct syntax_arms arms;
        } match;
        struct {
            struct syntax_expr *of;
            struct syntax_points points;
        } curve;
        struct {
            struct syntax_word path;             /* its place includes the quotes */
            struct syntax_pairs values;          /* of the placeholders, by name */
            const struct sema_included *meaning; /* filled by sema; null until the file was read */
        } file;
        struct {
            struct syntax_expr *of, *otherwise;
        } fallback;
    };
};

/* A type as written. */
struct syntax_type {
    struct base_place place;
    bool optional, list, map;
    struct syntax_type *element;     /* of a list or map */
    const char *name;                /* null for an enum with members, a list and a map */
    struct syntax_words members;     /* of `enum { ... }` */
    const struct sema_type *meaning; /* filled by sema */
};

struct syntax_binding { /* name: type of a column or parameter */
    struct syntax_word name;
    struct syntax_type *type;
};

BASE_LIST_OF(syntax_bindings, struct syntax_binding);

struct syntax_outcome {
    bool said;
    int policy; /* enum image_policy */
    struct syntax_expr *message, *value;
    struct base_place place;
};

struct syntax_source {
    enum image_source_class class;
    struct syntax_word name; /* variable or probe */
    struct syntax_word unit, label;
    struct syntax_expr *warning;
    struct base_place place;
};

BASE_LIST_OF(syntax_sources, struct syntax_source);

enum syntax_row_class { SYNTAX_ROW_MEMBER, SYNTAX_ROW_TO, SYNTAX_ROW_BELOW, SYNTAX_ROW_BEYOND };

struct syntax_row {
    struct base_place place; /* of the row's head */
    enum syntax_row_class class;
    struct syntax_word member;
    struct syntax_expr *threshold;
    struct syntax_exprs cells;
};

BASE_LIST_OF(syntax_rows, struct syntax_row *);

enum syntax_item_class {
    SYNTAX_IMPORT,
    SYNTAX_CATALOG,
    SYNTAX_PROBE,
    SYNTAX_FACT,
    SYNTAX_OPTION,
    SYNTAX_SECRET,
    SYNTAX_LET,
    SYNTAX_DEF,
    SYNTAX_PROFILE,
    SYNTAX_TIERS,
    SYNTAX_CONFIG,
    SYNTAX_SET,
    SYNTAX_WHEN,
    SYNTAX_INVARIANT,
    SYNTAX_CHECK,
    SYNTAX_EXPORT,
    SYNTAX_TEST,
    SYNTAX_GIVEN,
    SYNTAX_EXPECT,
    SYNTAX_EMIT,
    SYNTAX_SCHEMA,
    SYNTAX_SCHEMA_FIELD,
    SYNTAX_SCHEMA_CHECK,
    SYNTAX_BLOCK,
    SYNTAX_BLOCK_FIELD,
    SYNTAX_ITEM_CLASSES
};

enum syntax_shape {
    SYNTAX_HOLDS,
    SYNTAX_RISES,
    SYNTAX_FALLS,
    SYNTAX_JUMPS,
    SYNTAX_LEAST,
    SYNTAX_MOST
};
/* When a file is written: by azc, by azc for a reader that fills in options, by azr at start. */
enum syntax_moment { SYNTAX_NOW, SYNTAX_DEPLOY, SYNTAX_START };
enum syntax_expectation { SYNTAX_EXPECT_TRUE, SYNTAX_EXPECT_REFUSED, SYNTAX_EXPECT_WARNED };

struct syntax_item;
BASE_LIST_OF(syntax_items, struct syntax_item *);

/* A statement, at the top level or in a config, test, schema or block. One struct serves all
 * classes; the comment of each field lists the classes that use it. */
struct syntax_item {
    enum syntax_item_class class;
    struct base_place place;   /* the whole statement */
    struct syntax_word name;   /* what it declares, sets, tests; the path of an import or catalog */
    const char *doc;           /* its doc comment, or null */
    struct syntax_expr *value; /* let, def, set, invariant, check's message, export, option's
                               default, given and expect; schema field's default, or null; block
                               field; schema check's message; emit's document, null for flags */
    struct syntax_expr *condition;  /* when, check, export, invariant's guard, schema check */
    struct syntax_type *type;       /* probe, fact, option, let, def's result, schema field */
    struct syntax_expr *low, *high; /* fact, option: domain; jumps: high is the bound */
    struct syntax_sources sources;  /* fact, option, secret */
    struct syntax_outcome below, above, missing, invalid; /* fact, option */
    struct syntax_bindings bindings; /* profile, tiers: columns; def: parameters */
    struct syntax_rows rows;         /* profile, tiers */
    struct syntax_word of;           /* config: catalogue; tiers: input; emit: format; rises: input;
                                     schema: kind, or null text; block: kind */
    struct syntax_word other;        /* config, schema: extends; emit flags: config; emit start:
                                     command */
    struct syntax_word when;         /* emit: `start` or `deploy`; null text for now */
    struct syntax_word mode;         /* emit start: file mode as written, such as 0600 */
    bool override;                   /* set; secret: declared `optional`, and so may be missing */
    int shape;                       /* invariant: enum syntax_shape; check: enum image_check_class;
                                        expect: enum syntax_expectation; emit: enum syntax_moment */
    struct syntax_items body, otherwise; /* config, when, test, schema, block */
    struct sema_symbol *symbol;          /* filled by sema */
};

struct syntax_comment {
    struct base_place place; /* without its newline */
    bool doc;
    bool alone; /* nothing before it on its line */
};

struct syntax_token { /* every piece of a text is one */
    struct base_place place;
    int kind; /* as the grammar numbers them */
};

struct syntax_file {
    uint16_t source; /* in struct base_sources */
    struct syntax_items items;
    BASE_LIST(struct syntax_token) tokens;     /* in order of the file, for the */
    BASE_LIST(struct syntax_comment) comments; /* formatter */
    bool broken;      /* contains a mistake, so statements may be missing */
    const char *tree; /* filled by sema: the directory that the files it includes lie below */
};

struct syntax_context {
    struct base_arena *arena;
    struct base_names *names;
    struct diag_queue *queue;
};

/* Parses the file number `source` of queue->sources, whose text is in memory. Mistakes go to the
 * queue. */
struct syntax_file *syntax_parse(struct syntax_context *context, uint16_t source);

/* The source text of an expression on one line, for `explain` and messages: comments are removed,
 * and blanks outside of quoted texts become one space. */
const char *syntax_text_of(struct syntax_context *context, struct base_place place);
/* The place from the beginning of the first to the end of the last, in one file. */
struct base_place syntax_join(struct base_place first, struct base_place last);

/* The tree as text, for golden files. */
void syntax_dump(struct syntax_context *context, const struct syntax_file *file,
                 struct base_sink *sink);

/* The file in the canonical layout. Only for a file that was parsed without a mistake. */
void syntax_format(struct syntax_context *context, const struct syntax_file *file,
                   struct base_sink *sink);

#endif
