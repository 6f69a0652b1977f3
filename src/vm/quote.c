/* Quoting as a table of languages: the mark around a word, and the bytes that are escaped.
 *
 * Languages that need more have functions of their own: `inside` replaces the escapes, `special`
 * writes the words that need a different form and returns false for all others. A language without
 * a spelling for line breaks (`one_line`) or for the empty word (`never_empty`) cannot represent
 * such a text; vm_can_quote returns false for it. A row of quotes.def without its style_NAME here
 * does not build. */
#include "vm/quote.h"

#include <string.h>

struct escape {
    char byte;
    char spelling[5];
};

struct style {
    const char *mark;             /* before and after a word */
    const struct escape *escapes; /* terminated by one for NUL; null if `inside` is set */
    void (*inside)(struct base_sink *sink, struct base_span text);
    bool (*special)(struct base_sink *sink,
                    struct base_span text); /* writes a word that needs another form */
    bool one_line, never_empty;
};

static const struct escape conf[] = {
    {'\'', "''"}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {0}};
static const struct escape sql[] = {{'\'', "''"}, {'\\', "\\\\"}, {0}};
static const struct escape conninfo[] = {{'\'', "\\'"}, {'\\', "\\\\"}, {0}};
static const struct escape pgpass[] = {{':', "\\:"}, {'\\', "\\\\"}, {0}};
static const struct escape shell[] = {{'\'', "'\\''"}, {0}};
static const struct escape single[] = {{'\'', "''"}, {0}};
static const struct escape twice[] = {{'"', "\"\""}, {0}};

static bool is_letter_or_digit(char c)
{
    return base_is_letter(c) || base_is_digit(c);
}

static bool is_one_of(char c, const char *set)
{
    return is_letter_or_digit(c) || (c != '\0' && strchr(set, c) != NULL);
}

static void put_uri(struct base_sink *sink, struct base_span text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char c = (unsigned char)text.start[i];
        if (is_one_of((char)c, "-._~"))
            base_put_char(sink, (char)c);
        else
            base_put_bytes(sink, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
}

static void put_with_escapes(struct base_sink *sink, const struct escape *escapes,
                             struct base_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        const struct escape *escape = escapes;
        while (escape->byte != '\0' && escape->byte != text.start[i])
            escape++;
        if (escape->byte != '\0')
            base_put(sink, escape->spelling);
        else
            base_put_char(sink, text.start[i]);
    }
}

/* The meaning of a backslash in a plain literal depends on standard_conforming_strings; in E'' it
 * is always an escape. */
static bool put_sql_escapes(struct base_sink *sink, struct base_span text)
{
    if (text.length == 0 || memchr(text.start, '\\', text.length) == NULL)
        return false;
    base_put(sink, "E'");
    put_with_escapes(sink, sql, text);
    base_put_char(sink, '\'');
    return true;
}

/* In pg_hba.conf a word that begins with a slash is a regular expression, quoted or not; such a
 * name is written as the expression that matches only it. */
static bool put_hba_pattern(struct base_sink *sink, struct base_span text)
{
    if (text.length == 0 || *text.start != '/')
        return false;
    base_put(sink, "\"/^");
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.start[i];
        if ((unsigned char)c < 0x80 && !is_one_of(c, "_"))
            base_put_char(sink, '\\');
        put_with_escapes(sink, twice, (struct base_span){text.start + i, 1});
    }
    base_put(sink, "$\"");
    return true;
}

/* A field that is an asterisk matches everything, and a line that begins with # is a comment. */
static bool put_pgpass_special(struct base_sink *sink, struct base_span text)
{
    if (!base_span_is(text, "*") && (text.length == 0 || *text.start != '#'))
        return false;
    base_put_char(sink, '\\');
    put_with_escapes(sink, pgpass, text);
    return true;
}

/* A word of characters that no shell interprets is left without quotes, for legibility. */
static bool put_plain_word(struct base_sink *sink, struct base_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!is_one_of(text.start[i], "_-.,:=/+@%"))
            return false;
    base_put_span(sink, text);
    return text.length > 0;
}

static const struct style style_CONF = {.mark = "'", .escapes = conf};
static const struct style style_SQL = {.mark = "'", .escapes = sql, .special = put_sql_escapes};
static const struct style style_IDENTIFIER = {.mark = "\"", .escapes = twice, .never_empty = true};
static const struct style style_HBA = {
    .mark = "\"", .escapes = twice, .special = put_hba_pattern, .one_line = true};
static const struct style style_URI = {.mark = "", .inside = put_uri};
static const struct style style_CONNINFO = {.mark = "'", .escapes = conninfo};
static const struct style style_PGPASS = {
    .mark = "", .escapes = pgpass, .special = put_pgpass_special, .one_line = true};
static const struct style style_USERLIST = {.mark = "\"", .escapes = twice, .one_line = true};
static const struct style style_SHELL = {.mark = "'", .escapes = shell, .special = put_plain_word};
static const struct style style_JSON = {.mark = "\"", .inside = base_put_json_inside};
static const struct style style_INI = {
    .mark = "'", .escapes = single, .one_line = true, .never_empty = true};

static const struct {
    const char *function;
    const struct style *style;
} quotes[VM_QUOTES] = {
#define X(name, function) {function, &style_##name},
#include "quotes.def"
#undef X
};

/* The style without its flags, or VM_QUOTES. */
static unsigned style_of(unsigned quote)
{
    const unsigned style = quote & ~(unsigned)(VM_QUOTE_INNER | VM_QUOTE_LINE);
    return style < VM_QUOTES ? style : VM_QUOTES;
}

static void put_inside_quotes(struct base_sink *sink, const struct style *style,
                              struct base_span text)
{
    if (style->inside != NULL)
        style->inside(sink, text);
    else
        put_with_escapes(sink, style->escapes, text);
}

void vm_put_quoted(struct base_sink *sink, enum vm_quote quote, struct base_span text)
{
    const unsigned chosen = style_of(quote);
    const bool inner = (quote & VM_QUOTE_INNER) != 0;
    if (chosen == VM_QUOTES) {
        base_put_span(sink, text);
        return;
    }
    const struct style *style = quotes[chosen].style;
    if (!inner && style->special != NULL && style->special(sink, text))
        return;
    base_put(sink, inner ? "" : style->mark);
    put_inside_quotes(sink, style, text);
    base_put(sink, inner ? "" : style->mark);
}

static bool contains_line_break(struct base_span text)
{
    return text.length > 0 && (memchr(text.start, '\n', text.length) != NULL ||
                               memchr(text.start, '\r', text.length) != NULL);
}

bool vm_can_quote(enum vm_quote quote, struct base_span text)
{
    static const struct style as_it_is = {0};
    const unsigned chosen = style_of(quote);
    const struct style *style = chosen == VM_QUOTES ? &as_it_is : quotes[chosen].style;
    const bool one_line = style->one_line || (quote & VM_QUOTE_LINE) != 0;
    const bool filled = text.length > 0 || (quote & VM_QUOTE_INNER) != 0 || !style->never_empty;
    return filled && !(one_line && contains_line_break(text));
}

enum vm_quote vm_find_quote(const char *function)
{
    unsigned quote = 0;
    while (quote < VM_QUOTES && !base_text_is(quotes[quote].function, function))
        quote++;
    return (enum vm_quote)quote;
}

const char *vm_quote_function(unsigned quote)
{
    const unsigned style = style_of(quote);
    return style == VM_QUOTES ? NULL : quotes[style].function;
}
