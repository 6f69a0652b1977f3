/* Diagnostics as text: the sentence, the source lines with their marks, the note and the help.
 *
 * Each message has up to three marks: the primary place and two labels. They are grouped by source
 * line, so that a line is printed once, with its marks below it.
 *
 * Source text and names are printed without control characters, since a terminal would interpret
 * them, and with tabs expanded, so that marks are below the text that they mark. Widths count
 * characters as a terminal displays them, not bytes. */
#include "diag/diag.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAB_WIDTH = 4, GUTTER_WIDTH = 5, MARKS_MAX = 3 };

#define BOLD      "\033[1m"
#define RED       "\033[1;31m"
#define YELLOW    "\033[1;33m"
#define BLUE      "\033[1;34m"
#define CYAN      "\033[1;36m"
#define NO_COLOUR "\033[0m"

struct page {
    struct base_sink sink;
    struct base_sources *sources;
    bool colour;
};

/* A span to draw. Of a span over several lines, only the part on its first line is drawn. */
struct mark {
    struct base_place place;
    uint32_t line;
    char drawn_with;
    const char *colour, *label;
};

static void put_coloured(struct page *page, const char *colour, const char *text)
{
    if (page->colour)
        BASE_PUT(&page->sink, colour, text, NO_COLOUR);
    else
        base_put(&page->sink, text);
}

/* The column after the byte `c`, if `width` is the column before it. */
static size_t width_after(size_t width, char c)
{
    if (c == '\t')
        return (width / TAB_WIDTH + 1) * TAB_WIDTH;
    return width + base_text_width(&c, 1);
}

static size_t shown_width(struct base_span text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.length; i++)
        width = width_after(width, text.start[i]);
    return width;
}

static void put_shown(struct base_sink *sink, struct base_span text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.start[i];
        size_t next = width_after(width, c);
        if (c == '\t')
            base_put_padding(sink, width, next);
        else if ((unsigned char)c < ' ' || c == 0x7f)
            base_put(sink, "\xef\xbf\xbd");
        else
            base_put_char(sink, c);
        width = next;
    }
}

static bool has_place(const struct page *page, struct base_place place)
{
    return page->sources && place.file < page->sources->count;
}

static void put_location(struct page *page, struct base_place place)
{
    char text[32];
    struct base_sink numbers = BASE_SINK(text);
    uint32_t line, column;
    base_locate(page->sources, place.file, place.start, &line, &column);
    base_put_char(&numbers, ':');
    base_put_int(&numbers, line);
    base_put_char(&numbers, ':');
    base_put_int(&numbers, column);
    base_put_char(&numbers, ':');
    if (page->colour)
        base_put(&page->sink, BOLD);
    put_shown(&page->sink, base_span_of(page->sources->files[place.file].path));
    base_put(&page->sink, text);
    if (page->colour)
        base_put(&page->sink, NO_COLOUR);
}

/* The number of a line, or blanks if it is 0, and a bar. */
static void put_gutter(struct page *page, uint32_t line, size_t width)
{
    char text[32], number[16] = "";
    struct base_sink gutter = BASE_SINK(text), digits = BASE_SINK(number);
    if (line > 0)
        base_put_int(&digits, line);
    base_put_padding(&gutter, digits.length, width);
    BASE_PUT(&gutter, number, " |");
    put_coloured(page, BLUE, text);
}

static void put_source_line(struct page *page, const struct mark *mark, size_t gutter)
{
    struct base_span line = base_line(page->sources, mark->place.file, mark->line);
    put_gutter(page, mark->line, gutter);
    if (line.length > 0)
        base_put_char(&page->sink, ' ');
    put_shown(&page->sink, line);
    base_put_char(&page->sink, '\n');
}

static void put_mark_line(struct page *page, const struct mark *mark, size_t gutter)
{
    struct base_span line = base_line(page->sources, mark->place.file, mark->line);
    const char *text = page->sources->files[mark->place.file].text;
    size_t start = mark->place.start - (size_t)(line.start - text);
    size_t end = start + mark->place.length;
    start = start < line.length ? start : line.length;
    end = end < line.length ? end : line.length;
    size_t before = shown_width((struct base_span){line.start, start});
    size_t after = shown_width((struct base_span){line.start, end});

    put_gutter(page, 0, gutter);
    base_put_padding(&page->sink, 0, before + 1);
    if (page->colour)
        base_put(&page->sink, mark->colour);
    do
        base_put_char(&page->sink, mark->drawn_with);
    while (++before < after);
    if (mark->label) {
        base_put_char(&page->sink, ' ');
        put_shown(&page->sink, base_span_of(mark->label));
    }
    if (page->colour)
        base_put(&page->sink, NO_COLOUR);
    base_put_char(&page->sink, '\n');
}

/* Inserts a mark so that the list is in the order of lines, with marks of other files last. On one
 * line the primary mark, which is inserted first, comes before the labels. */
static void add_mark(struct page *page, struct mark *marks, size_t *count, struct mark mark)
{
    uint32_t column;
    if (!has_place(page, mark.place))
        return;
    base_locate(page->sources, mark.place.file, mark.place.start, &mark.line, &column);
    size_t at = (*count)++;
    uint16_t home = at > 0 ? marks[0].place.file : mark.place.file;
    for (; at > 0; at--) {
        const struct mark *other = &marks[at - 1];
        bool same_file = other->place.file == mark.place.file;
        if (same_file ? other->line <= mark.line : mark.place.file != home)
            break;
        marks[at] = *other;
    }
    marks[at] = mark;
}

static size_t gutter_width(const struct mark *marks, size_t count)
{
    size_t width = GUTTER_WIDTH;
    for (size_t i = 0; i < count; i++) {
        size_t digits = 0;
        for (uint32_t line = marks[i].line; line > 0; line /= 10)
            digits++;
        width = digits > width ? digits : width;
    }
    return width;
}

static void put_excerpts(struct page *page, const struct mark *marks, size_t count)
{
    size_t gutter = gutter_width(marks, count);
    for (size_t i = 0; i < count; i++) {
        const struct mark *mark = &marks[i], *last = i > 0 ? mark - 1 : NULL;
        bool same_file = !last || last->place.file == mark->place.file;
        if (!same_file) {
            base_put(&page->sink, "   ");
            put_location(page, mark->place);
            base_put_char(&page->sink, '\n');
        }
        if (!last || !same_file || last->line != mark->line)
            put_source_line(page, mark, gutter);
        put_mark_line(page, mark, gutter);
    }
}

static void put_remark(struct page *page, const char *word, const char *text)
{
    if (!text)
        return;
    base_put(&page->sink, "   ");
    put_coloured(page, CYAN, word);
    base_put_char(&page->sink, ' ');
    put_shown(&page->sink, base_span_of(text));
    base_put_char(&page->sink, '\n');
}

static void put_detail(struct page *page, const char *lines)
{
    while (lines != NULL && *lines != '\0') {
        const char *end = strchr(lines, '\n');
        const size_t length = end == NULL ? strlen(lines) : (size_t)(end - lines);
        base_put(&page->sink, length > 0 ? "   " : "");
        put_shown(&page->sink, (struct base_span){lines, length});
        base_put_char(&page->sink, '\n');
        lines += length + (end != NULL);
    }
}

static void put_message_heading(struct page *page, const struct diagnostic *diagnostic,
                                const char *colour)
{
    char text[32];
    struct base_sink word = BASE_SINK(text);
    BASE_PUT(&word, diag_severity_word(diagnostic->severity), "[");
    diag_put_code(&word, diagnostic->code);
    base_put(&word, "]:");
    if (has_place(page, diagnostic->place)) {
        put_location(page, diagnostic->place);
        base_put_char(&page->sink, ' ');
    }
    put_coloured(page, colour, text);
    base_put_char(&page->sink, ' ');
    put_shown(&page->sink, base_span_of(diagnostic->sentence));
    base_put_char(&page->sink, '\n');
}

static void put_diagnostic(struct page *page, const struct diagnostic *diagnostic)
{
    const char *colour = diagnostic->severity == DIAG_ERROR ? RED : YELLOW;
    struct mark marks[MARKS_MAX];
    size_t count = 0;

    put_message_heading(page, diagnostic, colour);
    add_mark(page, marks, &count, (struct mark){diagnostic->place, 0, '^', colour, NULL});
    for (size_t i = 0; i < 2 && diagnostic->labels[i].text; i++) {
        const struct diag_label *label = &diagnostic->labels[i];
        add_mark(page, marks, &count, (struct mark){label->place, 0, '~', BLUE, label->text});
    }
    put_excerpts(page, marks, count);
    put_detail(page, diagnostic->detail);
    put_remark(page, "note:", diagnostic->note);
    put_remark(page, "help:", diagnostic->help);
}

static void put_count_of_rest(struct base_sink *sink, size_t total, enum diag_severity severity)
{
    if (total <= LIMIT_DIAGNOSTICS)
        return;
    size_t rest = total - LIMIT_DIAGNOSTICS;
    base_put(sink, "and ");
    base_put_int(sink, (int64_t)rest);
    BASE_PUT(sink, " more ", diag_severity_word(severity), rest == 1 ? "\n" : "s\n");
}

void diag_print(struct diag_queue *queue, FILE *stream, bool colour)
{
    struct page page = {base_arena_sink(queue->arena), queue->sources, colour};
    size_t printed[] = {[DIAG_ERROR] = 0, [DIAG_WARNING] = 0};
    diag_sort(queue);
    for (size_t i = 0; i < queue->list.count; i++) {
        const struct diagnostic *diagnostic = queue->list.items[i];
        if (printed[diagnostic->severity]++ < LIMIT_DIAGNOSTICS)
            put_diagnostic(&page, diagnostic);
    }
    put_count_of_rest(&page.sink, queue->errors, DIAG_ERROR);
    put_count_of_rest(&page.sink, queue->warnings, DIAG_WARNING);
    fwrite(page.sink.data, 1, page.sink.length, stream);
}

bool diag_wants_colour(FILE *stream)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !(refused && *refused) && !(terminal && base_text_is(terminal, "dumb")) &&
           isatty(fileno(stream));
}
