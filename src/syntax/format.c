/* Prints a file's tokens in the canonical layout; format.h describes how breaks are chosen.
 *
 * One pass over the tokens. At each gap the printer decides whether the line breaks, using the
 * column so far and the width of the tokens up to the next place where it could break. A group is
 * decided at its first gap. Columns of printed tokens are recorded, as later lines may be aligned
 * with them. */
#include "syntax/format.h"

#include <string.h>

#include "azr.tab.h"

struct printer {
    struct syntax_layout layout;
    struct base_sink *sink;
    uint32_t column, indent; /* columns printed on this line, and its indent */
    uint32_t line;
    uint32_t statement; /* indent of the statement */
};

/* --- preparing the marks --- */

static bool is_any(int kind, const char *characters)
{
    return kind > 0 && kind < 128 && strchr(characters, kind) != NULL;
}

/* The default number of blanks between two tokens; the walk over the tree changes some. */
static uint32_t spaces_between(int left, int right)
{
    bool within_text = left == TEXT_OPEN || left == TEXT_CHUNK || left == INTERPOLATION ||
                       right == TEXT_CHUNK || right == TEXT_CLOSE || right == INTERPOLATION;
    bool tight = is_any(left, "([.") || is_any(right, ",:).]") || (left == WORD && right == '(');
    return within_text || tight ? 0 : 1;
}

static uint32_t count_newlines(const struct syntax_layout *layout, size_t start, size_t end)
{
    uint32_t count = 0;
    for (size_t i = start; i < end; i++)
        count += layout->source[i] == '\n';
    return count;
}

static size_t end_of(struct base_place place)
{
    return (size_t)place.start + place.length;
}

/* Marks the pieces of a block text that contain line ends. The blanks before the closing quotes are
 * the indentation of all its lines. */
static void mark_block_text(struct syntax_layout *layout, uint32_t open)
{
    uint32_t close = open + 1;
    while (layout->marks[close].kind != TEXT_CLOSE ||
           layout->marks[close].length != SYNTAX_BLOCK_QUOTES)
        close++;
    const char *end = layout->marks[close].text, *start = end;
    while (start[-1] != '\n')
        start--;
    for (uint32_t i = open + 1; i < close; i++) {
        struct syntax_mark *mark = &layout->marks[i];
        const char *line = memchr(mark->text, '\n', mark->length);
        if (mark->kind != TEXT_CHUNK || line == NULL)
            continue;
        mark->ends_line = true;
        mark->opening = open;
        mark->dedent = (struct base_span){start, (size_t)(end - start)};
        mark->width = (uint32_t)base_text_width(mark->text, (size_t)(line - mark->text));
    }
}

static void mark_block_texts(struct syntax_layout *layout)
{
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->marks[i].kind == TEXT_OPEN && layout->marks[i].length == SYNTAX_BLOCK_QUOTES)
            mark_block_text(layout, i);
}

/* Records the comments and newlines before each token. The last mark is the end of the file. */
static void mark_gaps(struct syntax_layout *layout, size_t length)
{
    uint32_t comment = 0;
    size_t before = 0;
    for (uint32_t i = 0; i <= layout->count; i++) {
        struct syntax_mark *mark = &layout->marks[i];
        bool end = i == layout->count;
        struct base_place place =
            end ? (struct base_place){layout->file->source, (uint32_t)length, 0}
                : layout->file->tokens.items[i].place;
        mark->kind = end ? 0 : layout->file->tokens.items[i].kind;
        mark->text = layout->source + place.start;
        mark->length = place.length;
        mark->width = (uint32_t)base_text_width(mark->text, mark->length);
        mark->lines = count_newlines(layout, before, place.start);
        mark->anchor = SYNTAX_STATEMENT;
        mark->extra = SYNTAX_INDENT;
        mark->spaces = i == 0 ? 0 : spaces_between(mark[-1].kind, mark->kind);
        mark->first_comment = comment;
        while (comment < layout->file->comments.count &&
               layout->file->comments.items[comment].place.start < place.start)
            comment++;
        mark->comments = comment - mark->first_comment;
        before = end_of(place);
    }
}

static void pair_brackets(struct syntax_layout *layout)
{
    BASE_LIST(uint32_t) open = {0};
    for (uint32_t i = 0; i < layout->count; i++) {
        int kind = layout->marks[i].kind;
        if (is_any(kind, "([{") || kind == INTERPOLATION) {
            *BASE_PUSH(layout->context->arena, &open) = i;
        } else if (is_any(kind, ")]}")) {
            layout->marks[i].partner = open.items[--open.count];
            layout->marks[layout->marks[i].partner].partner = i;
        }
    }
}

/* --- measuring --- */

static bool ends_chunk(const struct syntax_layout *layout, const struct syntax_mark *mark,
                       uint32_t level)
{
    if (mark->forced || mark->comments > 0)
        return true;
    if (mark->breaks == SYNTAX_GROUPED && layout->marks[mark->group].state == SYNTAX_BROKEN)
        return true;
    return mark->breaks != SYNTAX_NEVER && mark->level <= level;
}

/* Whether the tokens from `first` on fit after `column`: all up to `last`, and then up to the next
 * place where the line may break at this level. */
static bool fits_line(const struct syntax_layout *layout, uint32_t column, uint32_t first,
                      uint32_t last, uint32_t level)
{
    for (uint32_t i = first; i < layout->count && column <= SYNTAX_LINE_MAX; i++) {
        const struct syntax_mark *mark = &layout->marks[i];
        if (i > last && ends_chunk(layout, mark, level))
            break;
        column += mark->spaces + mark->width;
        if (mark->ends_line)
            break;
    }
    return column <= SYNTAX_LINE_MAX;
}

static uint32_t flat_width(const struct syntax_layout *layout, uint32_t first, uint32_t behind)
{
    uint32_t width = 0;
    for (uint32_t i = first; i < behind; i++)
        width += (i == first ? 0 : layout->marks[i].spaces) + layout->marks[i].width;
    return width;
}

/* --- tables --- */

/* The width of cell number `cell` of a row; the head of the row is number 0. */
static uint32_t cell_width(const struct syntax_layout *layout, const struct syntax_table_row *row,
                           size_t cell)
{
    uint32_t first = cell == 0 ? row->first : row->cells.items[cell - 1];
    uint32_t behind = cell == row->cells.count ? row->last + 1 : row->cells.items[cell];
    return flat_width(layout, first, behind);
}

/* The width of a column with the blanks after it; false if no row has a cell after it. */
static bool column_width(const struct syntax_layout *layout, const struct syntax_table *table,
                         size_t cell, uint32_t *width)
{
    bool more = false;
    *width = 0;
    for (size_t i = 0; i < table->rows.count; i++) {
        const struct syntax_table_row *row = &table->rows.items[i];
        uint32_t wide = cell <= row->cells.count ? cell_width(layout, row, cell) : 0;
        more |= cell < row->cells.count;
        if (wide > *width)
            *width = wide;
    }
    *width += cell == 0 ? 2 : 1;
    return more;
}

/* A table is aligned only if every row is on one line and fits. */
static bool is_aligned(const struct syntax_layout *layout, const struct syntax_table *table,
                       uint32_t indent)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (syntax_has_break(layout, table->rows.items[i].first + 1, table->rows.items[i].last))
            return false;
    uint32_t width;
    for (size_t cell = 0; column_width(layout, table, cell, &width); cell++)
        indent += width;
    return indent + width <= SYNTAX_LINE_MAX;
}

static void align_table(struct syntax_layout *layout, const struct syntax_table *table,
                        uint32_t indent)
{
    uint32_t width;
    if (!is_aligned(layout, table, indent))
        return;
    for (size_t cell = 0; column_width(layout, table, cell, &width); cell++)
        for (size_t i = 0; i < table->rows.count; i++) {
            const struct syntax_table_row *row = &table->rows.items[i];
            if (cell < row->cells.count)
                layout->marks[row->cells.items[cell]].spaces =
                    width - cell_width(layout, row, cell);
        }
}

/* --- breaking lines --- */

static uint32_t indent_at(const struct printer *printer, const struct syntax_mark *mark)
{
    uint32_t indent = mark->extra;
    if (mark->anchor == SYNTAX_STATEMENT)
        indent += printer->statement;
    else if (mark->anchor == SYNTAX_COLUMN)
        indent += printer->layout.marks[mark->of].column;
    else if (mark->anchor == SYNTAX_LINE)
        indent += printer->layout.marks[mark->of].indent;
    return indent < SYNTAX_MARGIN_MAX ? indent : SYNTAX_MARGIN_MAX;
}

/* Whether the gaps of a group break. This is decided at its first gap, the one before `token`. */
static bool group_breaks(struct printer *printer, uint32_t token)
{
    struct syntax_layout *layout = &printer->layout;
    const struct syntax_mark *mark = &layout->marks[token];
    struct syntax_mark *open = &layout->marks[mark->group];
    if (open->state == SYNTAX_OPEN) {
        bool flat = open->line == printer->line &&
                    fits_line(layout, printer->column, token, open->last, open->level_around);
        open->state = flat ? SYNTAX_FLAT : SYNTAX_BROKEN;
    }
    if (open->state == SYNTAX_BROKEN && open->table > 0) {
        align_table(layout, &layout->tables.items[open->table - 1], indent_at(printer, mark));
        open->table = 0;
    }
    return open->state == SYNTAX_BROKEN;
}

static bool breaks_before(struct printer *printer, uint32_t token)
{
    const struct syntax_mark *mark = &printer->layout.marks[token];
    if (mark->breaks == SYNTAX_GROUPED)
        return group_breaks(printer, token) || mark->comments > 0;
    if (mark->comments > 0)
        return true;
    return mark->breaks == SYNTAX_SOFT &&
           (mark->forced ||
            !fits_line(&printer->layout, printer->column, token, token, mark->level));
}

/* --- printing --- */

static void put_printed(struct printer *printer, const char *text, size_t length)
{
    base_put_bytes(printer->sink, text, length);
    printer->column += (uint32_t)base_text_width(text, length);
}

static void put_spaces(struct printer *printer, uint32_t count)
{
    base_put_padding(printer->sink, 0, count);
    printer->column += count;
}

static void new_line(struct printer *printer, uint32_t indent, bool blank)
{
    if (printer->sink->length > 0)
        base_put(printer->sink, blank ? "\n\n" : "\n");
    printer->column = 0;
    printer->line++;
    put_spaces(printer, indent);
    printer->indent = indent;
}

static void put_comment(struct printer *printer, const struct syntax_comment *comment)
{
    const struct base_span text = {printer->layout.source + comment->place.start,
                                   comment->place.length};
    const struct base_span trimmed = base_trim(text);
    put_printed(printer, trimmed.start, trimmed.length);
}

/* Prints the comments before a token. The first may follow the previous token on its line; the
 * others are on lines of their own. Between the lines of a block, blank lines are kept (at most one
 * in a row). Returns whether a blank line precedes the token. */
static bool put_comments_before(struct printer *printer, uint32_t token, uint32_t indent)
{
    const struct syntax_layout *layout = &printer->layout;
    const struct syntax_mark *mark = &layout->marks[token];
    bool lines = mark->breaks == SYNTAX_GROUPED;
    bool first = token > 0 && mark[-1].kind == '{';
    size_t before = token == 0 ? 0 : end_of(layout->file->tokens.items[token - 1].place);
    for (uint32_t i = 0; i < mark->comments; i++) {
        const struct syntax_comment *comment =
            &layout->file->comments.items[mark->first_comment + i];
        if (comment->alone)
            new_line(printer, indent,
                     lines && !first && count_newlines(layout, before, comment->place.start) > 1);
        else
            put_spaces(printer, 1);
        put_comment(printer, comment);
        first = first && !comment->alone;
        before = end_of(comment->place);
    }
    size_t here = (size_t)(mark->text - layout->source);
    return lines && !first && !mark->closes && count_newlines(layout, before, here) > 1;
}

static void put_gap_before(struct printer *printer, uint32_t token)
{
    const struct syntax_mark *mark = &printer->layout.marks[token];
    if (!breaks_before(printer, token)) {
        put_spaces(printer, mark->spaces);
        return;
    }
    uint32_t indent = indent_at(printer, mark);
    bool blank = put_comments_before(printer, token, indent + (mark->closes ? SYNTAX_INDENT : 0));
    new_line(printer, indent, blank);
    if (mark->breaks == SYNTAX_GROUPED && mark->anchor == SYNTAX_MARGIN)
        printer->statement = indent;
}

/* The line of a block text without its indentation. */
static struct base_span without_dedent(struct base_span line, struct base_span dedent)
{
    bool same =
        line.length >= dedent.length && memcmp(line.start, dedent.start, dedent.length) == 0;
    size_t blanks = same ? dedent.length : 0;
    while (!same && blanks < line.length && is_any(line.start[blanks], " \t"))
        blanks++;
    return (struct base_span){line.start + blanks, line.length - blanks};
}

/* A piece of a block text, its lines four columns right of the line that opens it. */
static void put_lines(struct printer *printer, const struct syntax_mark *mark)
{
    uint32_t indent = printer->layout.marks[mark->opening].indent + SYNTAX_INDENT;
    struct base_span rest = {mark->text, mark->length};
    const char *end = memchr(mark->text, '\n', mark->length);
    if (mark == &printer->layout.marks[mark->opening + 1]) /* blanks behind the quotes */
        rest = (struct base_span){end, mark->length - (size_t)(end - mark->text)};
    while ((end = memchr(rest.start, '\n', rest.length)) != NULL) {
        size_t length = (size_t)(end - rest.start);
        put_printed(printer, rest.start, length - (length > 0 && end[-1] == '\r'));
        rest = without_dedent((struct base_span){end + 1, rest.length - length - 1}, mark->dedent);
        bool blank = rest.length > 0 && is_any(*rest.start, "\r\n");
        new_line(printer,
                 blank                        ? 0
                 : indent < SYNTAX_MARGIN_MAX ? indent
                                              : SYNTAX_MARGIN_MAX,
                 false);
    }
    put_printed(printer, rest.start, rest.length);
}

static void put_tokens(struct printer *printer)
{
    for (uint32_t i = 0; i < printer->layout.count; i++) {
        struct syntax_mark *mark = &printer->layout.marks[i];
        put_gap_before(printer, i);
        mark->column = printer->column;
        mark->indent = printer->indent;
        mark->line = printer->line;
        if (mark->ends_line)
            put_lines(printer, mark);
        else
            put_printed(printer, mark->text, mark->length);
    }
}

void syntax_format(struct syntax_context *context, const struct syntax_file *file,
                   struct base_sink *sink)
{
    const struct base_source *source = &context->queue->sources->files[file->source];
    struct printer printer = {.sink = sink};
    struct syntax_layout *layout = &printer.layout;
    layout->context = context;
    layout->file = file;
    layout->source = source->text;
    layout->count = (uint32_t)file->tokens.count;
    layout->marks = base_alloc(context->arena, (layout->count + 1) * sizeof *layout->marks);
    mark_gaps(layout, source->length);
    mark_block_texts(layout);
    pair_brackets(layout);
    syntax_mark_items(layout);
    put_tokens(&printer);
    put_comments_before(&printer, layout->count, 0);
    if (sink->length > 0)
        base_put_char(sink, '\n');
}
