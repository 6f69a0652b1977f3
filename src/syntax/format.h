/* What the two halves of the formatter share. Private to src/syntax.
 *
 * The formatter prints the file's own tokens in their order, so it cannot lose or change anything.
 * Two exceptions: a comma after the last element, pair or arm is left out, and the lines of a block
 * text are indented with the line that opens it.
 *
 * The first half (format_items.c, format_exprs.c, format_marks.c) walks the tree and marks the
 * tokens before which a line may break, and where the line then continues. The second half
 * (format.c) prints, breaks lines that are too long, and prints each comment between the same two
 * tokens as before.
 *
 * There are two kinds of breaks. A soft break is independent of others: the line breaks if the
 * author broke it there or if the rest does not fit. Grouped breaks (statements of a block, arms of
 * a match) break all or none. If several soft breaks could shorten a line, the one with the lowest
 * level, that is highest in the tree, breaks.
 *
 * The formatter is idempotent: a break of the author at an allowed place is kept, lines are joined
 * only where no break is allowed, and each break that the formatter makes is at an allowed place.
 */
#ifndef AZA_SYNTAX_FORMAT_H
#define AZA_SYNTAX_FORMAT_H

#include "syntax/syntax.h"

enum {
    SYNTAX_INDENT = 4,
    SYNTAX_LINE_MAX = 100,
    SYNTAX_BLOCK_QUOTES = 3, /* which open a block text, and close it */
    /* Nothing begins further right, so that deep nesting does not fill the file with blanks. */
    SYNTAX_MARGIN_MAX = 72,
};

enum syntax_break {
    SYNTAX_NEVER,   /* only a comment breaks the line here */
    SYNTAX_SOFT,    /* where the author broke it, and where the line is full */
    SYNTAX_GROUPED, /* with all others of its group: statements of a block, arms of a match */
};

/* What the indent of the new line is relative to: the statement, the left margin, or the column or
 * line of another token. */
enum syntax_anchor { SYNTAX_STATEMENT, SYNTAX_MARGIN, SYNTAX_COLUMN, SYNTAX_LINE };

struct syntax_mark { /* one token and the gap before it */
    int kind;
    const char *text;
    uint32_t length, width;
    uint32_t partner; /* of a bracket: the other one */

    enum syntax_break breaks;
    enum syntax_anchor anchor;
    uint32_t of, extra; /* the token whose column or line it is anchored to, and columns more */
    uint32_t level;     /* depth in the tree: lower levels break first */
    uint32_t group;     /* grouped: the token that opens the group */
    uint32_t spaces;    /* blanks before the token if the line does not break */
    uint32_t lines;     /* newlines before the token in the source */
    uint32_t first_comment, comments;
    bool forced, closes;
    bool ends_line;          /* a piece of a block text with the end of a line in it */
    struct base_span dedent; /* the indentation of its lines, which is not part of the text */
    uint32_t opening;        /* the token of the quotes that open its text */

    /* Of a token that opens a group. */
    uint32_t last, level_around; /* its last token, and the level of the node that it ends */
    enum { SYNTAX_OPEN, SYNTAX_FLAT, SYNTAX_BROKEN } state;
    uint32_t table; /* index + 1 of the table in the group; 0 without one */

    uint32_t column, indent, line; /* as printed: its own column, its line's indent and number */
};

struct syntax_table_row {
    uint32_t first;            /* token */
    BASE_LIST(uint32_t) cells; /* first token of each */
    uint32_t last;             /* token of the last cell */
};

struct syntax_table {
    BASE_LIST(struct syntax_table_row) rows;
};

struct syntax_layout {
    struct syntax_context *context;
    const struct syntax_file *file;
    const char *source;
    struct syntax_mark *marks; /* of all tokens, and one more for the end of the file */
    uint32_t count;
    BASE_LIST(struct syntax_table) tables;
    int within_text; /* depth of texts around: lines do not break in a text */
};

/* First and last token of a place. */
uint32_t syntax_first(const struct syntax_layout *layout, struct base_place place);
uint32_t syntax_last(const struct syntax_layout *layout, struct base_place place);
bool syntax_has_break(const struct syntax_layout *layout, uint32_t first, uint32_t last);

/* The line may break before `token`; it then continues `extra` columns to the right of the anchor.
 */
void syntax_soft(struct syntax_layout *layout, uint32_t token, enum syntax_anchor anchor,
                 uint32_t of, uint32_t extra, uint32_t level);
void syntax_grouped(struct syntax_layout *layout, uint32_t token, enum syntax_anchor anchor,
                    uint32_t group, uint32_t extra, uint32_t level);
/* Marks the group from `open` to `last`, after everything in it is marked. It breaks if `breaks` is
 * true, if the author wrote it on several lines, or if something in it must break. */
void syntax_group(struct syntax_layout *layout, uint32_t open, uint32_t last, bool breaks,
                  uint32_t level);
void syntax_add_table(struct syntax_layout *layout, uint32_t open, struct syntax_table table);
/* A value after `=` or `:`, up to `last`: it begins on the line of the sign, or is on lines of its
 * own. */
void syntax_intro(struct syntax_layout *layout, const struct syntax_expr *value, uint32_t last,
                  enum syntax_anchor anchor, uint32_t of, uint32_t level);
void syntax_operator(struct syntax_layout *layout, uint32_t token, uint32_t operand, uint32_t start,
                     uint32_t level);
/* The elements between a bracket and its partner, the first after it. */
void syntax_commas(struct syntax_layout *layout, uint32_t open, const uint32_t *elements,
                   size_t count, uint32_t level);

/* Leaves out the comma before a closing bracket, unless a comment precedes it. */
void syntax_drop_comma(struct syntax_layout *layout, uint32_t close);

void syntax_mark_expr(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level);
void syntax_mark_items(struct syntax_layout *layout);

#endif
