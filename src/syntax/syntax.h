/* From text to a tree: lexer, parser, and the shapes they make.
 *
 * azp_parse reads one rules file. It reports every mistake it can find, recovers at the next
 * statement, and always answers a tree of what it understood, so that later stages can go on. The
 * tree holds what was written and nothing else; meaning is added by sema in fields that start out
 * empty (`type`, `symbol`). Every node has its place in the file from the first day. */
#ifndef AZA_SYNTAX_H
#define AZA_SYNTAX_H

#include "diag/diag.h"
#include "image/image.h"

enum azp_class {
    AZP_ERROR, /* not understood, and reported */
    AZP_QUANTITY,
    AZP_TRUTH,
    AZP_TEXT,
    AZP_NAME,
    AZP_FIELD,
    AZP_CALL,
    AZP_LIST,
    AZP_MAP,
    AZP_COMPREHENSION,
    AZP_UNARY,
    AZP_BINARY,
    AZP_IS,
    AZP_IN,
    AZP_LIMIT,
    AZP_ROUND,
    AZP_IF,
    AZP_MATCH,
    AZP_CURVE,
    AZP_ELSE,
};

enum azp_operator {
    AZP_OR,
    AZP_AND,
    AZP_NOT,
    AZP_EQ,
    AZP_NE,
    AZP_LT,
    AZP_LE,
    AZP_GT,
    AZP_GE,
    AZP_ADD,
    AZP_SUB,
    AZP_MUL,
    AZP_DIV,
    AZP_MOD,
    AZP_NEG,
};

enum azp_is { AZP_IS_MEMBER, AZP_IS_KNOWN, AZP_IS_GIVEN };

struct azp_word {
    const char *text; /* interned */
    struct aza_place place;
};

/* Growing lists with a name, so that one can be handed to another. */
#define AZP_LIST_OF(tag, type)                                                                     \
    struct tag {                                                                                   \
        type *items;                                                                               \
        size_t count, room;                                                                        \
    }

struct azp_expr;
AZP_LIST_OF(azp_exprs, struct azp_expr *);
AZP_LIST_OF(azp_words, struct azp_word);

struct azp_arm {
    struct azp_words patterns; /* none: the `else` arm */
    struct aza_place place;
    struct azp_expr *value;
};
AZP_LIST_OF(azp_arms, struct azp_arm *);

struct azp_pair {
    struct azp_word name; /* the key as a constant; its text is null when the key is computed */
    struct azp_expr *key; /* a text, also where a plain word is written */
    struct azp_expr *value;
    const char *doc; /* its doc comment, or null */
};
AZP_LIST_OF(azp_pairs, struct azp_pair);

struct azp_point {
    struct azp_expr *x, *y;
};
AZP_LIST_OF(azp_points, struct azp_point);

struct azp_expr {
    enum azp_class class;
    struct aza_place place;
    uint32_t depth;        /* of the tree below, for left-leaning chains */
    struct azs_type *type; /* filled by sema */
    bool narrowed;         /* filled by sema: a condition around it says that it is known */
    union {
        struct {
            enum azb_kind kind;
            int64_t value;
        } quantity;
        bool truth;
        struct { /* pieces: AZP_TEXT nodes without pieces are literal */
            const char *literal;
            struct azp_exprs pieces;
        } text;
        struct {
            const char *name;
            struct azs_symbol *symbol; /* filled by sema; null for an enum member */
        } name;
        struct {
            struct azp_expr *of;
            struct azp_word field;
            struct azs_symbol *symbol; /* filled by sema */
            uint32_t column;           /* of a profile or tiers */
        } field;
        struct {
            struct azp_word function;
            struct azp_exprs arguments;
            struct azs_symbol *symbol;
        } call;
        struct {
            struct azp_exprs elements;
        } list;
        struct {
            struct azp_word variable,
                second; /* of a map: key and value; else second.text is null */
            struct azp_expr *list, *condition, *element;
            struct azp_expr *key;                      /* of a map's pair; null for a list */
            struct azs_symbol *symbol, *second_symbol; /* of the variables */
        } comprehension;
        struct {
            struct azp_pairs pairs;
        } map;
        struct {
            enum azp_operator op;
            struct azp_expr *left, *right; /* right only, when unary */
        } binary;
        struct {
            enum azp_is class;
            bool negated;
            struct azp_expr *of;
            struct azp_word member;
        } is;
        struct {
            bool negated;
            struct azp_expr *of, *list;
        } in;
        struct {
            struct azp_expr *of, *low, *high; /* at least: low; at most: high; within: both */
        } limit;
        struct {
            int mode; /* enum aza_rounding */
            struct azp_expr *of, *grain;
        } round;
        struct {
            struct azp_expr *condition, *yes, *no;
        } choice;
        struct {
            struct azp_expr *of;
            struct azp_arms arms;
        } match;
        struct {
            struct azp_expr *of;
            struct azp_points points;
        } curve;
        struct {
            struct azp_expr *of, *otherwise;
        } fallback;
    };
};

/* A type as it is written. */
struct azp_type {
    struct aza_place place;
    bool optional, list, map;
    struct azp_type *element; /* of a list or map */
    const char *name;         /* null for an enum with members, a list and a map */
    struct azp_words members; /* of `enum { ... }` */
    struct azs_type *meaning; /* filled by sema */
};

struct azp_binding { /* name: type of a column or parameter */
    struct azp_word name;
    struct azp_type *type;
};

AZP_LIST_OF(azp_bindings, struct azp_binding);

struct azp_outcome {
    bool said;
    int policy; /* enum azb_policy */
    struct azp_expr *message, *value;
    struct aza_place place;
};

struct azp_source {
    enum azb_source_class class;
    struct azp_word name; /* variable or probe */
    struct azp_word unit, label;
    struct azp_expr *warning;
    struct aza_place place;
};

AZP_LIST_OF(azp_sources, struct azp_source);

enum azp_row_class { AZP_ROW_MEMBER, AZP_ROW_TO, AZP_ROW_BELOW, AZP_ROW_BEYOND };

struct azp_row {
    struct aza_place place; /* of the row's head */
    enum azp_row_class class;
    struct azp_word member;
    struct azp_expr *threshold;
    struct azp_exprs cells;
};

AZP_LIST_OF(azp_rows, struct azp_row *);

enum azp_item_class {
    AZP_IMPORT,
    AZP_CATALOG,
    AZP_PROBE,
    AZP_FACT,
    AZP_OPTION,
    AZP_SECRET,
    AZP_LET,
    AZP_DEF,
    AZP_PROFILE,
    AZP_TIERS,
    AZP_CONFIG,
    AZP_SET,
    AZP_WHEN,
    AZP_INVARIANT,
    AZP_CHECK,
    AZP_EXPORT,
    AZP_TEST,
    AZP_GIVEN,
    AZP_EXPECT,
    AZP_EMIT,
    AZP_SCHEMA,
    AZP_SCHEMA_FIELD,
    AZP_SCHEMA_CHECK,
    AZP_BLOCK,
    AZP_BLOCK_FIELD,
    AZP_ITEM_CLASSES
};

enum azp_shape { AZP_HOLDS, AZP_RISES, AZP_FALLS, AZP_JUMPS, AZP_LEAST, AZP_MOST };
/* When a file is written: by azc, by azc for a reader that fills in options, by azr at start. */
enum azp_moment { AZP_NOW, AZP_DEPLOY, AZP_START };
enum azp_expectation { AZP_EXPECT_TRUE, AZP_EXPECT_REFUSED, AZP_EXPECT_WARNED };

struct azp_item;
AZP_LIST_OF(azp_items, struct azp_item *);

/* A statement, at the top or within a config or test. One struct for all: which fields are used
 * stands beside each. */
struct azp_item {
    enum azp_item_class class;
    struct aza_place place; /* the whole statement */
    struct azp_word name;   /* what it declares, sets, tests; the path of an import or catalog */
    const char *doc;        /* its doc comment, or null */
    struct azp_expr *value; /* let, def, set, invariant, check's message, export, option's default,
                               given and expect; schema field's default, or null; block field;
                               schema check's message; emit's document, null for flags */
    struct azp_expr *condition;  /* when, check, export, invariant's guard, schema check */
    struct azp_type *type;       /* probe, fact, option, let, def's result, schema field */
    struct azp_expr *low, *high; /* fact, option: domain; jumps: high is the bound */
    struct azp_sources sources;  /* fact, option, secret */
    struct azp_outcome below, above, missing, invalid; /* fact, option */
    struct azp_bindings bindings; /* profile, tiers: columns; def: parameters */
    struct azp_rows rows;         /* profile, tiers */
    struct azp_word of;           /* config: catalogue; tiers: input; emit: format; rises: input;
                                     schema: kind, or null text; block: kind */
    struct azp_word other;        /* config, schema: extends; emit flags: config; emit start:
                                     command */
    struct azp_word when;         /* emit: `start` or `deploy`; null text for now */
    struct azp_word mode;         /* emit start: file mode as written, such as 0600 */
    bool override;                /* set; secret: declared `optional`, and so may be missing */
    int shape;                    /* invariant: enum azp_shape; check: enum azb_check_class;
                                     expect: enum azp_expectation; emit: enum azp_moment */
    struct azp_items body, otherwise; /* config, when, test, schema, block */
    struct azs_symbol *symbol;        /* filled by sema */
};

struct azp_comment {
    struct aza_place place; /* without its newline */
    bool doc;
    bool alone; /* nothing before it on its line */
};

struct azp_token { /* every piece of a text is one */
    struct aza_place place;
    int kind; /* as the grammar numbers them */
};

struct azp_file {
    uint16_t source; /* in struct aza_sources */
    struct azp_items items;
    AZA_LIST(struct azp_token) tokens;     /* in order, and so the comments: what the formatter */
    AZA_LIST(struct azp_comment) comments; /* lays out anew */
    bool broken;                           /* something was not understood */
};

struct azp_context {
    struct aza_arena *arena;
    struct aza_names *names;
    struct azd_queue *queue;
};

/* Parses the file that stands at `source` in queue->sources. */
struct azp_file *azp_parse(struct azp_context *context, uint16_t source);

/* The source text of an expression on one line, blanks folded, for `explain`. */
const char *azp_text_of(struct azp_context *context, struct aza_place place);
struct aza_place azp_join(struct aza_place first, struct aza_place last);

/* The tree as text, for golden files. */
void azp_dump(struct azp_context *context, const struct azp_file *file, struct aza_sink *sink);

/* The file in the one canonical layout; only for a file that parsed without a mistake. */
void azp_format(struct azp_context *context, const struct azp_file *file, struct aza_sink *sink);

#endif
