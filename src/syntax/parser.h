/* What lexer and parser share; private to src/syntax and the generated files. */
#ifndef AZA_SYNTAX_PARSER_H
#define AZA_SYNTAX_PARSER_H

#include "syntax/syntax.h"

enum { AZP_TEXT_DEPTH_MAX = 16 };

struct azp_doc {
    uint32_t token; /* offset of the token it stands before */
    const char *text;
};

/* The block text being read. Its blanks on the opening line and those before each line's own text,
 * which are those of the closing line, are no part of it. */
struct azp_block {
    bool open, begun;       /* begun: its first line is */
    bool wrong;             /* and reported */
    struct aza_place place; /* of its opening quotes */
    struct aza_span indent;
    uint32_t end; /* offset of its closing quotes; 0 where there are none */
};

struct azp_parser {
    struct azp_context *context;
    struct azp_file *file;
    uint16_t source;
    uint32_t at, here;    /* offset behind and of the current token */
    uint32_t token_start; /* of the token being built */
    AZA_LIST(char) chunk; /* literal text being read */
    uint32_t text_start;
    int text_depth; /* texts open around the current token */
    struct azp_block block;
    int parens[AZP_TEXT_DEPTH_MAX + 1]; /* open parentheses within each interpolation */
    const char *pending_doc;            /* the text of `doc`, while its statement has not begun */
    struct aza_sink doc;
    uint32_t pending_doc_end;
    AZA_LIST(struct azp_doc) docs;
    bool line_has_token;
    size_t forgiven; /* up to this number of tokens, one that does not fit is not reported */
};

struct azp_quantity {
    enum azb_kind kind;
    int64_t value;
};

/* Node makers, one for each shape; called by the grammar's actions and by nothing else. */
struct azp_expr *azp_expr_new(struct azp_parser *parser, enum azp_class class,
                              struct aza_place place);
struct azp_item *azp_item_new(struct azp_parser *parser, enum azp_item_class class,
                              struct aza_place place);
struct azp_expr *azp_binary(struct azp_parser *parser, struct aza_place place, enum azp_operator op,
                            struct azp_expr *left, struct azp_expr *right);
struct azp_expr *azp_unary(struct azp_parser *parser, struct aza_place place, enum azp_operator op,
                           struct azp_expr *of);
struct azp_expr *azp_is(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                        bool negated, struct azp_word member);
struct azp_expr *azp_is_given(struct azp_parser *parser, struct aza_place place,
                              struct azp_expr *of, bool negated);
struct azp_expr *azp_in(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                        bool negated, struct azp_expr *list);
struct azp_expr *azp_limit(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                           struct azp_expr *low, struct azp_expr *high);
struct azp_expr *azp_rounded(struct azp_parser *parser, struct aza_place place, int mode,
                             struct azp_expr *of, struct azp_expr *grain);
struct azp_expr *azp_field(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                           struct azp_word field);
/* The head of a comprehension, which the second one completes. */
struct azp_expr *azp_each(struct azp_parser *parser, struct azp_word variable,
                          struct azp_word second, struct azp_expr *list,
                          struct azp_expr *condition);
struct azp_expr *azp_comprehension(struct azp_parser *parser, struct aza_place place,
                                   struct azp_expr *each, struct azp_expr *key,
                                   struct azp_expr *element);
struct azp_pair azp_pair(struct azp_parser *parser, struct azp_expr *key, struct azp_expr *value);
/* A reserved word where it is a name. */
struct azp_word azp_word(struct azp_parser *parser, struct aza_place place);
struct azp_expr *azp_literal(struct azp_parser *parser, struct azp_word word);
struct azp_arm *azp_arm(struct azp_parser *parser, struct aza_place place,
                        struct azp_words patterns, struct azp_expr *value);
struct azp_row *azp_row(struct azp_parser *parser, enum azp_row_class class, struct aza_place place,
                        struct azp_expr *threshold, struct azp_exprs cells);
struct azp_type *azp_type(struct azp_parser *parser, struct aza_place place, const char *name);
struct azp_source azp_source(struct azp_parser *parser, struct azp_word class,
                             struct azp_word name);
struct azp_outcome azp_outcome(int policy, struct aza_place place, struct azp_expr *value,
                               struct azp_expr *message);
struct azp_item *azp_input(enum azp_item_class class, struct azp_item *lines, struct azp_word name,
                           struct azp_type *type, struct azp_exprs domain, struct azp_expr *value);
struct azp_item *azp_invariant(struct azp_parser *parser, enum azp_shape shape,
                               struct azp_word name, struct azp_expr *guard,
                               struct azp_expr *value);
struct azp_item *azp_expect(struct azp_parser *parser, struct aza_place place,
                            enum azp_expectation expectation, struct azp_expr *value);
/* The mode of `emit start`, as written: `mode` and a number. */
struct azp_word azp_mode(struct azp_parser *parser, struct azp_word word, struct aza_place number);
struct azp_item *azp_emit(struct azp_parser *parser, struct azp_word moment, struct azp_word path,
                          struct azp_word mode, struct azp_word command);
void azp_set_document(struct azp_item *emit, struct azp_expr *value);
struct azp_word azp_dotted(struct azp_parser *parser, struct aza_place place, struct azp_word first,
                           struct azp_word last);
void azp_items_add(struct azp_parser *parser, struct azp_items *items, struct azp_item *item);
void azp_set_doc(struct azp_parser *parser, struct azp_item *item);
/* Remembers a fact's or option's line; says so when it was said before. */
void azp_set_outcome(struct azp_parser *parser, struct azp_outcome *outcome,
                     struct azp_outcome said, const char *word);

/* Reports what stands at `place` where one of `wanted` was expected; none when the list is long. */
void azp_syntax_error(struct azp_parser *parser, struct aza_place place, const char *got,
                      const char *const *wanted, size_t wanted_count);
void azp_lex_number(struct azp_parser *parser, const char *text, uint32_t length,
                    struct aza_place place, struct azp_quantity *quantity);
void azp_lex_comment(struct azp_parser *parser, struct aza_place place);
void azp_lex_token(struct azp_parser *parser, struct aza_place place, int token);

#endif
