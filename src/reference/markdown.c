/* Escaping for Markdown.
 *
 * In prose, characters that CommonMark or GitHub would read as markup get a backslash. Some of them
 * are markup only in certain positions (a `#` at the start of a line, an `_` outside a word, the
 * point of a numbered list) and are left alone elsewhere, so that the source of the page stays
 * readable. Inside code, where backslashes are literal, a fence that is longer than any run of
 * backticks in the text is used instead. */
#include <string.h>

#include "reference/markdown.h"

/* Bytes of UTF-8 sequences count as letters. */
static bool is_word_character(char c)
{
    return base_is_letter(c) || base_is_digit(c) || (unsigned char)c >= 0x80;
}

/* The longest run of backticks. */
static size_t longest_run(const char *text, size_t length)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < length; i++) {
        run = text[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void put_fence(struct base_sink *sink, size_t ticks)
{
    while (ticks-- > 0)
        base_put_char(sink, '`');
}

/* Renderers strip one blank at both ends, so code with blanks or backticks at its ends gets
 * another. */
static void put_fenced(struct base_sink *sink, struct base_span text)
{
    const size_t ticks = longest_run(text.start, text.length) + 1;
    const char first = text.start[0], last = text.start[text.length - 1];
    const bool pad = first == '`' || last == '`' || (first == ' ' && last == ' ');
    put_fence(sink, ticks);
    base_put(sink, pad ? " " : "");
    for (size_t i = 0; i < text.length; i++)
        base_put_char(sink, text.start[i] == '\n' || text.start[i] == '\r' ? ' ' : text.start[i]);
    base_put(sink, pad ? " " : "");
    put_fence(sink, ticks);
}

void markdown_put_code(struct base_sink *sink, const char *text)
{
    put_fenced(sink, base_span_of(*text == '\0' ? "\"\"" : text));
}

/* A bar ends a cell even within backticks, so such code is written in HTML. */
void markdown_put_cell_code(struct base_sink *sink, const char *text)
{
    if (strchr(text, '|') == NULL) {
        markdown_put_code(sink, text);
        return;
    }
    base_put(sink, "<code>");
    for (; *text != '\0'; text++) {
        if (is_word_character(*text) || *text == ' ') {
            base_put_char(sink, *text);
            continue;
        }
        base_put(sink, "&#");
        base_put_int(sink, *text == '\n' || *text == '\r' ? ' ' : *text);
        base_put_char(sink, ';');
    }
    base_put(sink, "</code>");
}

void markdown_put_block(struct base_sink *sink, const char *language, const char *text)
{
    const size_t length = strlen(text), run = longest_run(text, length);
    const size_t ticks = run < 3 ? 3 : run + 1;
    put_fence(sink, ticks);
    BASE_PUT(sink, language, "\n", text, length > 0 && text[length - 1] == '\n' ? "" : "\n");
    put_fence(sink, ticks);
    base_put_char(sink, '\n');
}

/* Whether a character of prose would open or close markup at its position. */
static bool is_markup(const char *text, const char *at, bool line_start)
{
    if (strchr("\\`*[]<>|~$&", *at) != NULL)
        return true;
    if (*at == '_') /* literal within a word */
        return at == text || !is_word_character(at[-1]) || !is_word_character(at[1]);
    if (line_start)
        return strchr("#+-=", *at) != NULL;
    if (*at != '.' && *at != ')')
        return false;
    const char *digits = at;
    while (digits > text && base_is_digit(digits[-1]))
        digits--;
    return digits < at && (digits == text || digits[-1] == '\n');
}

/* Length of a span of code that begins here, including its fences; 0 if it is not closed. */
static size_t code_length(const char *at)
{
    const size_t ticks = strspn(at, "`");
    for (const char *end = at + ticks; (end = strchr(end, '`')) != NULL;) {
        const size_t run = strspn(end, "`");
        if (run == ticks)
            return (size_t)(end + run - at);
        end += run;
    }
    return 0;
}

/* Writes the span of code that begins here, or its backticks literally if it is not closed; returns
 * how many bytes it read. */
static size_t put_span(struct base_sink *sink, const char *at)
{
    const size_t ticks = strspn(at, "`"), length = code_length(at);
    const struct base_span inside = {at + ticks, length == 0 ? 0 : length - 2 * ticks};
    if (length > 0) {
        put_fenced(sink, inside);
        return length;
    }
    for (size_t i = 0; i < ticks; i++)
        base_put(sink, "\\`");
    return ticks;
}

void markdown_put_prose(struct base_sink *sink, const char *text)
{
    bool line_start = true;
    for (const char *at = text; *at != '\0';) {
        if (*at == '`') {
            at += put_span(sink, at);
            line_start = false;
            continue;
        }
        if (is_markup(text, at, line_start))
            base_put_char(sink, '\\');
        line_start = *at == '\n' || (line_start && (*at == ' ' || *at == '\t'));
        base_put_char(sink, *at++);
    }
}
