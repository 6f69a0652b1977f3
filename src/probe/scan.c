/* Scanning the kernel's text: counts, lists of processors, lines with a key, mount paths.
 *
 * Each scanner must consume its whole span; probe_cut splits spans without copying. Lines can end
 * with CRLF and values can have blanks around them, since such files are written by hand in tests
 * and by replacements such as lxcfs. */
#include "probe/parts.h"

#include <string.h>

bool probe_next_line(struct base_span *rest, struct base_span *line)
{
    if (rest->length == 0)
        return false;
    *line = probe_cut(rest, '\n');
    if (line->length > 0 && line->start[line->length - 1] == '\r')
        line->length--;
    return true;
}

struct base_span probe_cut(struct base_span *rest, char separator)
{
    const char *end = rest->length ? memchr(rest->start, separator, rest->length) : NULL;
    struct base_span piece = {rest->start, end ? (size_t)(end - rest->start) : rest->length};
    size_t used = piece.length + (end != NULL);
    rest->start += used;
    rest->length -= used;
    return piece;
}

bool probe_list_names(struct base_span list, const char *name)
{
    while (list.length > 0)
        if (base_span_is(probe_cut(&list, ','), name))
            return true;
    return false;
}

static bool is_all_digits(struct base_span span)
{
    for (size_t i = 0; i < span.length; i++)
        if (!base_is_digit(span.start[i]))
            return false;
    return span.length > 0;
}

bool probe_scan_count(struct base_span span, int64_t *count)
{
    if (!is_all_digits(span))
        return false;
    if (!base_scan_digits(span, count))
        *count = INT64_MAX;
    return true;
}

bool probe_scan_limit(struct base_span span, int64_t *limit)
{
    if (base_span_is(span, "max") || base_span_is(span, "-1")) {
        *limit = INT64_MAX;
        return true;
    }
    return probe_scan_count(span, limit) && *limit > 0;
}

/* "3" or "0-2"; a single number is a range of one. */
static bool scan_range(struct base_span range, int64_t *low, int64_t *high)
{
    struct base_span first = probe_cut(&range, '-');
    bool single = range.start == first.start + first.length;
    return probe_scan_count(first, low) && probe_scan_count(single ? first : range, high) &&
           *low <= *high && *high < LIMIT_CPUS;
}

bool probe_scan_cpus(struct base_span span, int64_t *count)
{
    int64_t next = 0; /* the lowest number that may follow: none is counted twice */
    const char *end = span.start + span.length;
    *count = 0;
    do {
        int64_t low, high;
        if (!scan_range(probe_cut(&span, ','), &low, &high) || low < next)
            return false;
        *count += high - low + 1;
        next = high + 1;
    } while (span.length > 0);
    return end[-1] != ','; /* the loop does not see an empty range at the end */
}

static struct base_span cut_digits(struct base_span *rest)
{
    struct base_span digits = {rest->start, 0};
    while (digits.length < rest->length && base_is_digit(rest->start[digits.length]))
        digits.length++;
    rest->start += digits.length;
    rest->length -= digits.length;
    return digits;
}

bool probe_scan_version(struct base_span span, int64_t *version)
{
    int64_t major, minor = 0;
    if (!probe_scan_count(cut_digits(&span), &major) || major < 10 || major > 99)
        return false;
    if (span.length > 0 && span.start[0] == '.') {
        span.start++;
        span.length--;
        if (!probe_scan_count(cut_digits(&span), &minor) || minor > 99)
            return false;
        if (span.length > 0 && span.start[0] == '.')
            return false;
    }
    *version = major * 10000 + minor;
    return true;
}

bool probe_find_line(struct base_span text, const char *key, struct base_span *rest)
{
    struct base_span line;
    size_t length = strlen(key);
    while (probe_next_line(&text, &line)) {
        if (line.length < length || memcmp(line.start, key, length) != 0)
            continue;
        *rest = base_trim((struct base_span){line.start + length, line.length - length});
        return true;
    }
    return false;
}

/* The byte of an escape \ooo; 0, which no path contains, if the span does not begin with one. */
static char escaped_byte(struct base_span span)
{
    unsigned byte = 0;
    if (span.length < 4)
        return '\0';
    for (size_t i = 1; i < 4; i++) {
        if (span.start[i] < '0' || span.start[i] > '7')
            return '\0';
        byte = byte * 8 + (unsigned)(span.start[i] - '0');
    }
    return (char)(unsigned char)byte;
}

bool probe_unescape(struct base_span span, char out[LIMIT_PATH])
{
    size_t length = 0;
    while (span.length > 0 && length < LIMIT_PATH - 1) {
        char byte = span.start[0];
        bool escape = byte == '\\';
        if (escape)
            byte = escaped_byte(span);
        if (byte == '\0')
            return false;
        out[length++] = byte;
        span.start += escape ? 4 : 1;
        span.length -= escape ? 4 : 1;
    }
    out[length] = '\0';
    return span.length == 0;
}
