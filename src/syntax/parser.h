/* What lexer and parser share. Private to src/syntax and the generated files.
 *
 * The lexer tracks where it is (offsets, texts, comments); the parser calls the node makers below.
 * Both report mistakes directly to the queue and set file->broken. */
#ifndef AZA_SYNTAX_PARSER_H
#define AZA_SYNTAX_PARSER_H

#include "syntax/syntax.h"

enum { SYNTAX_TEXT_DEPTH_MAX = 16 };

struct syntax_doc {
    uint32_t token; /* offset of the token that follows the comment */
    const char *text;
};

/* The block text being read. Blanks after the opening quotes, and on each line the indentation of
 * the closing line, are not part of its value. */
struct syntax_block {
    bool open, begun;        /* begun: the first line end was read */
    bool wrong;              /* a mistake in it was reported */
    struct base_place place; /* of its opening quotes */
    struct base_span indent;
    uint32_t end; /* offset of its closing quotes; 0 if there are none */
};

struct syntax_parser {
    struct syntax_context *context;
    struct syntax_file *file;
    uint16_t source;
    uint32_t at, here;     /* offset after the current token, and of it */
    uint32_t token_start;  /* of the token being built */
    BASE_LIST(char) chunk; /* literal text being read */
    uint32_t text_start;
    int text_depth; /* texts open around the current token */
    struct syntax_block block;
    int parens[SYNTAX_TEXT_DEPTH_MAX + 1]; /* open parentheses within each interpolation */
    const char *pending_doc;               /* the text of `doc` until the next token */
    struct base_sink doc;
    uint32_t pending_doc_end;
    BASE_LIST(struct syntax_doc) docs;
    bool line_has_token;
    size_t forgiven; /* no syntax error is reported until this many tokens have been read */
};

struct syntax_quantity {
    enum image_kind kind;
    int64_t value;
};

/* Node makers, one for each shape; called by the grammar's actions and by nothing else. */
struct syntax_expr *syntax_expr_new(struct syntax_parser *parser, enum syntax_class class,
                                    struct base_place place);
struct syntax_item *syntax_item_new(struct syntax_parser *parser, enum syntax_item_class class,
                                    struct base_place place);
struct syntax_expr *syntax_binary(struct syntax_parser *parser, struct base_place place,
                                  enum syntax_operator op, struct syntax_expr *left,
                                  struct syntax_expr *right);
struct syntax_expr *syntax_unary(struct syntax_parser *parser, struct base_place place,
                                 enum syntax_operator op, struct syntax_expr *of);
struct syntax_expr *syntax_is(struct syntax_parser *parser, struct base_place place,
                              struct syntax_expr *of, bool negated, struct syntax_word member);
struct syntax_expr *syntax_is_given(struct syntax_parser *parser, struct base_place place,
                                    struct syntax_expr *of, bool negated);
struct syntax_expr *syntax_in(struct syntax_parser *parser, struct base_place place,
                              struct syntax_expr *of, bool negated, struct syntax_expr *list);
struct syntax_expr *syntax_limit(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_expr *of, struct syntax_expr *low,
                                 struct syntax_expr *high);
struct syntax_expr *syntax_rounded(struct syntax_parser *parser, struct base_place place, int mode,
                                   struct syntax_expr *of, struct syntax_expr *grain);
struct syntax_expr *syntax_field(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_expr *of, struct syntax_word field);
/* The head of a comprehension; the second function completes it. */
struct syntax_expr *syntax_each(struct syntax_parser *parser, struct syntax_word variable,
                                struct syntax_word second, struct syntax_expr *list,
                                struct syntax_expr *condition);
struct syntax_expr *syntax_comprehension(struct syntax_parser *parser, struct base_place place,
                                         struct syntax_expr *each, struct syntax_expr *key,
                                         struct syntax_expr *element);
struct syntax_pair syntax_pair(struct syntax_parser *parser, struct syntax_expr *key,
                               struct syntax_expr *value);
/* A token's source text as a name: for reserved words, and numbers whose digits matter. */
struct syntax_word syntax_word(struct syntax_parser *parser, struct base_place place);
struct syntax_expr *syntax_included(struct syntax_parser *parser, struct base_place place,
                                    struct syntax_word path, struct syntax_pairs values);
struct syntax_expr *syntax_literal(struct syntax_parser *parser, struct syntax_word word);
struct syntax_arm *syntax_arm(struct syntax_parser *parser, struct base_place place,
                              struct syntax_words patterns, struct syntax_expr *value);
struct syntax_row *syntax_row(struct syntax_parser *parser, enum syntax_row_class class,
                              struct base_place place, struct syntax_expr *threshold,
                              struct syntax_exprs cells);
struct syntax_type *syntax_type(struct syntax_parser *parser, struct base_place place,
                                const char *name);
struct syntax_source syntax_source(struct syntax_parser *parser, struct syntax_word class,
                                   struct syntax_word name);
struct syntax_outcome syntax_outcome(int policy, struct base_place place, struct syntax_expr *value,
                                     struct syntax_expr *message);
struct syntax_item *syntax_input(enum syntax_item_class class, struct syntax_item *lines,
                                 struct syntax_word name, struct syntax_type *type,
                                 struct syntax_exprs domain, struct syntax_expr *value);
struct syntax_item *syntax_invariant(struct syntax_parser *parser, enum syntax_shape shape,
                                     struct syntax_word name, struct syntax_expr *guard,
                                     struct syntax_expr *value);
struct syntax_item *syntax_expect(struct syntax_parser *parser, struct base_place place,
                                  enum syntax_expectation expectation, struct syntax_expr *value);
/* The mode of `emit start`, as written: `mode` and a number. */
struct syntax_word syntax_mode(struct syntax_parser *parser, struct syntax_word word,
                               struct base_place number);
struct syntax_item *syntax_emit(struct syntax_parser *parser, struct syntax_word moment,
                                struct syntax_word path, struct syntax_word mode,
                                struct syntax_word command);
void syntax_set_document(struct syntax_item *emit, struct syntax_expr *value);
struct syntax_word syntax_dotted(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_word first, struct syntax_word last);
void syntax_items_add(struct syntax_parser *parser, struct syntax_items *items,
                      struct syntax_item *item);
void syntax_set_doc(struct syntax_parser *parser, struct syntax_item *item);
/* Stores a line of a fact or option such as `below: clamp`; reports a duplicate. */
void syntax_set_outcome(struct syntax_parser *parser, struct syntax_outcome *outcome,
                        struct syntax_outcome line, const char *word);

/* Reports an unexpected token. `got` is its name in the grammar, or null at the end of the file;
 * `wanted` are the names of the expected tokens, or none if they are too many to list. */
void syntax_report_unexpected(struct syntax_parser *parser, struct base_place place,
                              const char *got, const char *const *wanted, size_t wanted_count);
void syntax_lex_number(struct syntax_parser *parser, const char *text, uint32_t length,
                       struct base_place place, struct syntax_quantity *quantity);
void syntax_lex_comment(struct syntax_parser *parser, struct base_place place);
void syntax_lex_token(struct syntax_parser *parser, struct base_place place, int token);

#endif
