/* What the two halves of the formatter share; private to src/syntax.
 *
 * The formatter prints the file's own tokens in their order, so nothing that was written can be
 * lost or changed; only a comma behind the last element, pair or arm is left out, and the lines of
 * a block text are indented anew with the line that opens it. The first half (format_items.c,
 * format_exprs.c, format_marks.c) walks the tree and marks before which tokens a line may break and
 * where it then goes on. The second (format.c) prints, breaks lines that are too long, and puts
 * each comment back between the tokens it stood between.
 *
 * Where the writer broke a line at a place where one may break, it stays broken; a line is only
 * joined where none may. Every break that the formatter makes is one that it finds again the next
 * time, which is why formatting twice is formatting once. */
#ifndef AZA_SYNTAX_FORMAT_H
#define AZA_SYNTAX_FORMAT_H

#include "syntax/syntax.h"

enum {
    AZP_INDENT = 4,
    AZP_LINE_MAX = 100,
    AZP_BLOCK_QUOTES = 3, /* which open a block text, and close it */
    /* Nothing begins further right, so that deep nesting does not fill the file with blanks. */
    AZP_MARGIN_MAX = 72,
};

enum azp_break {
    AZP_NEVER,   /* only a comment breaks the line here */
    AZP_SOFT,    /* where the writer broke it, and where the line is full */
    AZP_GROUPED, /* with all others of its group: statements of a block, arms of a match */
};

/* What the new line's indent is counted from. */
enum azp_anchor { AZP_STATEMENT, AZP_MARGIN, AZP_COLUMN, AZP_LINE };

struct azp_mark { /* one token and the gap before it */
    int kind;
    const char *text;
    uint32_t length, width;
    uint32_t partner; /* of a bracket: the other one */

    enum azp_break breaks;
    enum azp_anchor anchor;
    uint32_t of, extra; /* the token whose column or line it is anchored to, and columns more */
    uint32_t level;     /* depth in the tree: a line breaks rather at a lower level */
    uint32_t group;     /* grouped: the token that opens the group */
    uint32_t spaces;    /* when the line does not break */
    uint32_t lines;     /* newlines that the source has here */
    uint32_t first_comment, comments;
    bool forced, closes;
    bool ends_line;         /* a piece of a block text with the end of a line in it */
    struct aza_span dedent; /* its lines' indentation, which is no part of the text */
    uint32_t opening;       /* the quotes that open its text */

    /* Of a token that opens a group. */
    uint32_t last, level_around; /* its last token, and the level of the node that it ends */
    enum { AZP_OPEN, AZP_FLAT, AZP_BROKEN } state;
    uint32_t table; /* index + 1 of the table it holds */

    uint32_t column, indent, line; /* as printed: its own column, its line's indent and number */
};

struct azp_table_row {
    uint32_t first;           /* token */
    AZA_LIST(uint32_t) cells; /* first token of each */
    uint32_t last;            /* token of the last cell */
};

struct azp_table {
    AZA_LIST(struct azp_table_row) rows;
};

struct azp_layout {
    struct azp_context *context;
    const struct azp_file *file;
    const char *source;
    struct azp_mark *marks; /* of all tokens, and one more for the end of the file */
    uint32_t count;
    AZA_LIST(struct azp_table) tables;
    int within_text; /* nothing breaks within a text */
};

/* First and last token of a place. */
uint32_t azp_first(const struct azp_layout *layout, struct aza_place place);
uint32_t azp_last(const struct azp_layout *layout, struct aza_place place);
bool azp_has_break(const struct azp_layout *layout, uint32_t first, uint32_t last);

/* The line may break before `token`; it then goes on `extra` columns right of the anchor. */
void azp_soft(struct azp_layout *layout, uint32_t token, enum azp_anchor anchor, uint32_t of,
              uint32_t extra, uint32_t level);
void azp_grouped(struct azp_layout *layout, uint32_t token, enum azp_anchor anchor, uint32_t group,
                 uint32_t extra, uint32_t level);
/* The group that `open` opens and that ends with `last`, marked when all within it is. It breaks if
 * it is said to, if it stands on several lines, or if something in it must. */
void azp_group(struct azp_layout *layout, uint32_t open, uint32_t last, bool breaks,
               uint32_t level);
void azp_add_table(struct azp_layout *layout, uint32_t open, struct azp_table table);
/* A value behind a sign that announces it, up to `last`: it stands on the sign's line, or whole on
 * lines of its own. */
void azp_intro(struct azp_layout *layout, const struct azp_expr *value, uint32_t last,
               enum azp_anchor anchor, uint32_t of, uint32_t level);
void azp_operator(struct azp_layout *layout, uint32_t token, uint32_t operand, uint32_t start,
                  uint32_t level);
/* The elements between a bracket and its partner, the first after it. */
void azp_commas(struct azp_layout *layout, uint32_t open, const uint32_t *elements, size_t count,
                uint32_t level);

/* The comma before a closing bracket is left out, unless a comment stands before it. */
void azp_drop_comma(struct azp_layout *layout, uint32_t close);

void azp_mark_expr(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level);
void azp_mark_items(struct azp_layout *layout);

#endif
