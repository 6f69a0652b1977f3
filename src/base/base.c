/* Byte sinks, bounded text scanning and hashes. The runner links this file: it allocates nothing,
 * and uses neither stdio nor the locale.
 *
 * Everything that writes goes through base_put_bytes, the one place that can grow a sink or set its
 * overflow flag. A text that is too long is cut at its end, so a sink always contains a beginning
 * of what was put into it. Numbers are accumulated as negative values and negated at the end,
 * because INT64_MIN has no positive counterpart. UTF-8 is decoded by a table of the well-formed
 * sequences (table 3-7 of the Unicode standard). */
#include "base/assert.h"
#include "base/base.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"

/* How many of `wanted` more bytes fit beside the NUL, after the sink has grown if it can. */
static size_t sink_room(struct base_sink *sink, size_t wanted)
{
    if (sink->overflow)
        return 0;
    if (sink->length < sink->capacity && wanted < sink->capacity - sink->length)
        return wanted;
    if (sink->grow && wanted < SIZE_MAX - sink->length &&
        sink->grow(sink, sink->length + wanted + 1))
        return wanted;
    sink->overflow = true;
    return sink->length < sink->capacity ? sink->capacity - sink->length - 1 : 0;
}

/* The byte behind the content is always NUL, also after an overflow. */
void base_put_bytes(struct base_sink *sink, const char *bytes, size_t length)
{
    size_t fits = sink_room(sink, length);
    BASE_ASSERT(fits <= length && (fits == 0 || sink->length + fits < sink->capacity));
    if (fits > 0)
        memcpy(sink->data + sink->length, bytes, fits);
    sink->length += fits;
    if (sink->capacity > 0)
        sink->data[sink->length] = '\0';
}

void base_put(struct base_sink *sink, const char *text)
{
    base_put_bytes(sink, text, strlen(text));
}

void base_put_span(struct base_sink *sink, struct base_span span)
{
    base_put_bytes(sink, span.start, span.length);
}

void base_put_char(struct base_sink *sink, char c)
{
    base_put_bytes(sink, &c, 1);
}

/* Writes the digits of `value` right-aligned into `digits`, with leading zeros up to `least` of
 * them, and returns the first. 20 digits are enough for every 64-bit value. */
static char *print_digits(char digits[static 20], uint64_t value, size_t least)
{
    char *end = digits + 20, *at = end;
    while (value > 0 || (size_t)(end - at) < least) {
        *--at = (char)('0' + value % 10);
        value /= 10;
    }
    return at;
}

/* Unsigned, because the magnitude of INT64_MIN does not fit int64_t. */
static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

void base_put_int(struct base_sink *sink, int64_t value)
{
    char digits[20], *first = print_digits(digits, magnitude(value), 1);
    if (value < 0)
        base_put_char(sink, '-');
    base_put_bytes(sink, first, (size_t)(digits + sizeof digits - first));
}

void base_put_all(struct base_sink *sink, ...)
{
    va_list texts;
    va_start(texts, sink);
    for (const char *text; (text = va_arg(texts, const char *)) != NULL;)
        base_put(sink, text);
    va_end(texts);
}

void base_put_padding(struct base_sink *sink, size_t width_so_far, size_t width)
{
    for (; width_so_far < width && !sink->overflow; width_so_far++)
        base_put_char(sink, ' ');
}

void base_put_micro(struct base_sink *sink, int64_t value, int decimals)
{
    /* Six decimals lie behind `point`, and at least one digit before it: 7 digits in all. */
    char digits[20], *point = digits + sizeof digits - 6;
    char *first = print_digits(digits, magnitude(value), 7);
    int kept = 6;
    while (kept > decimals && point[kept - 1] == '0')
        kept--;
    if (value < 0)
        base_put_char(sink, '-');
    base_put_bytes(sink, first, (size_t)(point - first));
    if (kept > 0)
        base_put_char(sink, '.');
    base_put_bytes(sink, point, (size_t)kept);
    for (; kept < decimals && !sink->overflow; kept++)
        base_put_char(sink, '0');
}

/* Bytes of the well-formed UTF-8 character that begins the text, or 0 if there is none. The ranges
 * of the second byte exclude overlong forms, surrogates and values above U+10FFFF. */
static size_t utf8_length(struct base_span text)
{
    static const struct {
        unsigned char first, last, second_first, second_last, length;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const unsigned char *at = (const unsigned char *)text.start;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && text.length > 0; i++) {
        if (at[0] < forms[i].first || at[0] > forms[i].last)
            continue;
        size_t length = forms[i].length;
        if (length > text.length)
            return 0;
        if (length > 1 && (at[1] < forms[i].second_first || at[1] > forms[i].second_last))
            return 0;
        for (size_t k = 2; k < length; k++)
            if ((at[k] & 0xc0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

bool base_is_utf8(struct base_span text)
{
    size_t length = 1;
    for (; text.length > 0 && length > 0; text.start += length, text.length -= length)
        length = utf8_length(text);
    return length > 0;
}

size_t base_next_character(struct base_span text, uint32_t *code)
{
    const size_t length = utf8_length(text);
    const unsigned first = text.length == 0 ? 0 : (unsigned char)*text.start;
    *code = first;
    if (length == 0)
        *code = 0xfffd;
    else if (length > 1)
        *code = first & (0xffU >> (length + 1)); /* without the marker bits of the first byte */
    for (size_t i = 1; i < length; i++)
        *code = *code << 6 | ((unsigned char)text.start[i] & 0x3fU);
    return length;
}

bool base_is_printable(uint32_t code)
{
    return code >= 0x20 && (code < 0x7f || code >= 0xa0) && code != 0x2028 && code != 0x2029 &&
           code != 0xfeff && code != 0xfffe && code != 0xffff;
}

/* The letter that represents a control character after a backslash, or 0. */
static char short_escape(unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    return c < sizeof letters ? letters[c] : 0;
}

static void put_escape(struct base_sink *sink, uint32_t code)
{
    base_put(sink, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        base_put_char(sink, "0123456789abcdef"[code >> shift & 15]);
}

/* JSON requires escapes below U+0020 only; readers of YAML reject or fold other unprintable
 * characters that are not escaped. All of those lie below U+10000, so \u with four digits is
 * enough. */
void base_put_json_inside(struct base_sink *sink, struct base_span text)
{
    while (text.length > 0) {
        uint32_t code;
        const size_t length = base_next_character(text, &code);
        const char letter = short_escape((unsigned char)*text.start);
        if (letter)
            base_put_bytes(sink, (char[]){'\\', letter}, 2);
        else if (length == 0)
            base_put(sink, "\xef\xbf\xbd");
        else if (!base_is_printable(code))
            put_escape(sink, code);
        else
            base_put_bytes(sink, text.start, length);
        text.start += length > 0 ? length : 1;
        text.length -= length > 0 ? length : 1;
    }
}

void base_put_json(struct base_sink *sink, const char *text)
{
    base_put_char(sink, '"');
    base_put_json_inside(sink, base_span_of(text));
    base_put_char(sink, '"');
}

bool base_write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

struct base_span base_span_of(const char *text)
{
    return (struct base_span){text, strlen(text)};
}

struct base_span base_trim(struct base_span span)
{
    while (span.length > 0 && base_is_blank(span.start[span.length - 1]))
        span.length--;
    while (span.length > 0 && base_is_blank(*span.start)) {
        span.start++;
        span.length--;
    }
    return span;
}

static bool spans_are_equal(struct base_span a, struct base_span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.start, b.start, a.length) == 0);
}

bool base_span_is(struct base_span span, const char *text)
{
    return spans_are_equal(span, base_span_of(text));
}

bool base_text_is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* value = value * 10 - digit; false on overflow. Negative, since INT64_MIN is larger in size than
 * INT64_MAX. */
static bool append_digit(int64_t *value, char c)
{
    return base_is_digit(c) && base_mul(*value, 10, value) && base_sub(*value, c - '0', value);
}

bool base_scan_digits(struct base_span span, int64_t *out)
{
    int64_t value = 0;
    for (size_t i = 0; i < span.length; i++)
        if (!append_digit(&value, span.start[i]))
            return false;
    return span.length > 0 && base_sub(0, value, out);
}

bool base_scan_micro(struct base_span span, int64_t *out)
{
    if (span.length == 0)
        return false;
    bool negative = *span.start == '-', is_signed = negative || *span.start == '+';
    const char *at = span.start + is_signed, *end = span.start + span.length;
    const char *point = at < end ? memchr(at, '.', (size_t)(end - at)) : NULL;
    const char *whole_end = point ? point : end;
    int64_t value = 0;

    if (at == whole_end || (point && point + 1 == end))
        return false;
    for (; at < whole_end; at++)
        if (!append_digit(&value, *at))
            return false;
    at += point != NULL;
    /* Six decimals, missing ones as zeros; any further ones must be zeros. */
    for (int decimal = 0; decimal < 6; decimal++)
        if (!append_digit(&value, at < end ? *at++ : '0'))
            return false;
    for (; at < end; at++)
        if (*at != '0')
            return false;
    if (!negative)
        return base_sub(0, value, out);
    *out = value;
    return true;
}

size_t base_text_width(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

bool base_list_next(struct base_span *rest, struct base_span *item)
{
    while (rest->length > 0) {
        const char *comma = memchr(rest->start, ',', rest->length);
        size_t length = comma ? (size_t)(comma - rest->start) : rest->length;
        size_t taken = length + (comma != NULL);
        *item = base_trim((struct base_span){rest->start, length});
        *rest = (struct base_span){rest->start + taken, rest->length - taken};
        if (item->length > 0)
            return true;
    }
    return false;
}

const char *base_find(struct base_span text, const char *part)
{
    const size_t length = strlen(part);
    const char *at = text.start, *end = text.start + text.length;
    while ((size_t)(end - at) >= length &&
           (at = memchr(at, *part, (size_t)(end - at) - length + 1)) != NULL) {
        if (memcmp(at, part, length) == 0)
            return at;
        at++;
    }
    return NULL;
}

bool base_list_has(const char *list, struct base_span item)
{
    struct base_span rest = base_span_of(list), name;
    while (base_list_next(&rest, &name))
        if (spans_are_equal(name, item))
            return true;
    return false;
}

const char *base_variable(const char *const *environment, const char *name)
{
    const size_t length = strlen(name);
    for (; environment != NULL && *environment != NULL; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return (*environment)[length + 1] != '\0' ? *environment + length + 1 : NULL;
    return NULL;
}

/* Four bits at a time, with a table of 64 bytes instead of 1024: the only input, PostgreSQL's
 * control file, has a few hundred bytes. `steps[n]` is the CRC of the four bits n. */
uint32_t base_crc32c(const void *bytes, size_t length)
{
    static const uint32_t steps[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
                                       0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
                                       0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                       0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
    uint32_t crc = 0xffffffff;
    for (const unsigned char *at = bytes; length > 0; length--) {
        crc ^= *at++;
        crc = crc >> 4 ^ steps[crc & 15];
        crc = crc >> 4 ^ steps[crc & 15];
    }
    return ~crc;
}

uint64_t base_hash(uint64_t seed, const void *bytes, size_t length)
{
    /* The constant is the 64-bit FNV prime. */
    for (const unsigned char *at = bytes; length > 0; length--)
        seed = (seed ^ *at++) * UINT64_C(0x100000001b3);
    return seed;
}

/* A table of its own instead of strerror, which would add kilobytes of texts to the runner.
 * Errors that are not expected in practice are printed as numbers. */
void base_put_error(struct base_sink *sink, int error)
{
    static const struct {
        int error;
        const char *words;
    } known[] = {
        {ENOENT, "no such file or directory"},
        {EACCES, "permission denied"},
        {EPERM, "operation not permitted"},
        {EROFS, "read-only file system"},
        {ENOTDIR, "part of the path is not a directory"},
        {EISDIR, "is a directory"},
        {ENOSPC, "no space left on device"},
        {EBUSY, "is a mount point"},
        {ELOOP, "too many symbolic links"},
        {ENAMETOOLONG, "path too long"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].error == error) {
            base_put(sink, known[i].words);
            return;
        }
    base_put(sink, "error ");
    base_put_int(sink, error);
}
