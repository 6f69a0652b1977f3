/* Writing any text into Markdown so that it is rendered literally.
 *
 * For CommonMark with GitHub's tables. The text cannot open markup of its own, except for the
 * backticks of a doc comment, which mark code in both. */
#ifndef AZA_REFERENCE_MARKDOWN_H
#define AZA_REFERENCE_MARKDOWN_H

#include "base/base.h"

/* A doc comment or message: lines are kept, `words` in backticks become code. */
void markdown_put_prose(struct base_sink *sink, const char *text);
/* As code within a line; line breaks become blanks. An empty text is shown as "". */
void markdown_put_code(struct base_sink *sink, const char *text);
/* The same within a cell of a table. */
void markdown_put_cell_code(struct base_sink *sink, const char *text);
/* As a block of code in a language, with its lines. */
void markdown_put_block(struct base_sink *sink, const char *language, const char *text);

#endif
