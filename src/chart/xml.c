/* Writes text and numbers into XML.
 *
 * Markup is escaped. What XML 1.0 cannot contain (control characters, invalid UTF-8, surrogates,
 * U+FFFE and U+FFFF) becomes U+FFFD, so that a name or value from the rules cannot break the file.
 */
#include "chart/parts.h"

static const char *entity_of(char c)
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

/* The length of a character that begins with this byte in UTF-8, or 0 if none does. */
static size_t length_from_first_byte(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

/* The length of the UTF-8 character at `at`; 0 if it is invalid: overlong, a surrogate, or
 * beyond Unicode. */
static size_t character_length(const unsigned char *at)
{
    const size_t length = length_from_first_byte(at[0]);
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
        const size_t length = character_length((const unsigned char *)text);
        const bool control =
            ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t') || *text == '\x7f';
        const char *name = entity_of(*text);
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
