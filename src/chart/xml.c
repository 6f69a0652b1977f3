/* Text and numbers as XML has them. */
#include "chart/parts.h"

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* Bytes of a character by its first one; 0 when none begins with it. */
static size_t length_of(unsigned char first)
{
    static const struct {
        unsigned char first, last;
        size_t length;
    } rows[] = {{0x00, 0x7f, 1}, {0xc2, 0xdf, 2}, {0xe0, 0xef, 3}, {0xf0, 0xf4, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (first >= rows[i].first && first <= rows[i].last)
            return rows[i].length;
    return 0;
}

/* Bytes of the character at `at` as UTF-8 has it, or 0: too long forms, surrogates and what lies
 * past the end of Unicode are none. */
static size_t character(const unsigned char *at)
{
    const size_t length = length_of(at[0]);
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    const bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    const bool surrogate = at[0] == 0xed && at[1] >= 0xa0;
    const bool beyond = at[0] == 0xf4 && at[1] >= 0x90;
    const bool no_character = at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe;
    return length > 1 && (overlong || surrogate || beyond || no_character) ? 0 : length;
}

void chart_put_text(struct base_sink *sink, const char *text)
{
    while (*text != '\0') {
        const size_t length = character((const unsigned char *)text);
        const bool control =
            ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t') || *text == '\x7f';
        const char *name = entity(*text);
        if (length == 0 || control)
            base_put(sink, "\xef\xbf\xbd");
        else if (name != NULL)
            base_put(sink, name);
        else
            base_put_bytes(sink, text, length);
        text += length == 0 ? 1 : length;
    }
}

void chart_put_tenths(struct base_sink *sink, int64_t tenths)
{
    const int64_t size = tenths < 0 ? -tenths : tenths;
    base_put(sink, tenths < 0 ? "-" : "");
    base_put_int(sink, size / 10);
    if (size % 10 == 0)
        return;
    base_put_char(sink, '.');
    base_put_char(sink, (char)('0' + size % 10));
}
