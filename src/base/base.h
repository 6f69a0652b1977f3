/* The foundation of both programs: byte sinks, bounded text scanning, hashes.
 *
 * A sink collects bytes in memory that its owner provides; it never allocates by itself, and it
 * records that something did not fit instead of writing past its end. Callers write without
 * checking and test `overflow` once at the end. The compiler uses sinks that grow, from memory.h;
 * the runner uses fixed arrays. Numbers are printed without printf, so that no locale can change a
 * digit and the runner stays small.
 *
 * Text is handled as spans wherever it is part of a larger one, such as a line of a file: nothing
 * is copied to be terminated. All scanners return false unless the whole span has the form that
 * they read, and leave the result undefined then. */
#ifndef AZA_BASE_BASE_H
#define AZA_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/limits.h"

/* Bytes that belong to another object; not terminated. */
struct base_span {
    const char *start;
    size_t length;
};

struct base_sink {
    char *data;      /* always terminated by a NUL while capacity > 0 */
    size_t length;   /* without the NUL */
    size_t capacity; /* with room for the NUL */
    bool overflow;   /* something was dropped; once set it stays */
    /* Makes the capacity at least `needed`, or returns false; null for a sink of fixed size. */
    bool (*grow)(struct base_sink *sink, size_t needed);
    void *context; /* for `grow` */
};

/* A sink over an array of fixed size, which is not terminated until something is put into it. */
#define BASE_SINK(array)                                                                           \
    {                                                                                              \
        .data = (array), .capacity = sizeof(array)                                                 \
    }

/* Appends the bytes, or as many of them as fit. After an overflow nothing more is appended. */
void base_put_bytes(struct base_sink *sink, const char *bytes, size_t length);
void base_put(struct base_sink *sink, const char *text);
void base_put_span(struct base_sink *sink, struct base_span span);
void base_put_char(struct base_sink *sink, char c);
void base_put_int(struct base_sink *sink, int64_t value);
/* Puts each of its arguments, all of type const char *, up to a null pointer. */
void base_put_all(struct base_sink *sink, ...) __attribute__((sentinel));
#define BASE_PUT(sink, ...) base_put_all((sink), __VA_ARGS__, (char *)0)
/* Spaces that make something `width_so_far` characters wide `width` wide. */
void base_put_padding(struct base_sink *sink, size_t width_so_far, size_t width);
/* value / 10^6 as a decimal with at least `decimals` digits after the point and no trailing zeros
 * beyond them: 1.1, 4.0, 0.000001. */
void base_put_micro(struct base_sink *sink, int64_t value, int decimals);
/* The text as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD. */
void base_put_json(struct base_sink *sink, const char *text);
/* The part between those quotes, which is also valid between the quotes of a YAML scalar. */
void base_put_json_inside(struct base_sink *sink, struct base_span text);
/* Whether all of it is well-formed UTF-8. */
bool base_is_utf8(struct base_span text);
/* The reason of an errno value, in words that can follow a path and a colon. */
void base_put_error(struct base_sink *sink, int error);
/* Writes everything to a file descriptor, however often write() is interrupted or writes less. On
 * failure returns false with errno set. */
bool base_write_all(int fd, const char *bytes, size_t length);

/* ASCII alone, whatever the locale. */
static inline bool base_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool base_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool base_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool base_is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7f;
}
static inline char base_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

struct base_span base_span_of(const char *text);
/* Without the blanks at both ends. */
struct base_span base_trim(struct base_span span);
bool base_span_is(struct base_span span, const char *text);
bool base_text_is(const char *a, const char *b);
/* One or more decimal digits, at most INT64_MAX. */
bool base_scan_digits(struct base_span span, int64_t *out);
/* An optional sign, digits, and an optional point with digits. The result is the number times 10^6;
 * false if that is not a whole number of 64 bits. No exponent, no hexadecimal, no blanks. */
bool base_scan_micro(struct base_span span, int64_t *out);
/* The length in bytes of the character that begins the text, and its code point; 0 and U+FFFD if it
 * is not well-formed UTF-8 or the text is empty. */
size_t base_next_character(struct base_span text, uint32_t *code);
/* False for control characters, the separators of lines and paragraphs, the byte order mark, and
 * the noncharacters U+FFFE and U+FFFF: readers of YAML reject or fold them unless escaped. */
bool base_is_printable(uint32_t code);
/* The number of characters of UTF-8 text, counted as the bytes that do not continue another. */
size_t base_text_width(const char *text, size_t length);
/* The first occurrence of a non-empty `part` in a text, or null. Written here because memmem and
 * strstr would add more than a kilobyte to the runner; texts are short or rarely contain the first
 * byte of the part. */
const char *base_find(struct base_span text, const char *part);
/* Whether the name at `item` is one of the comma-separated names of `list`. */
bool base_list_has(const char *list, struct base_span item);
/* Takes the first name off a comma-separated list, without blanks around it. Empty names are
 * skipped. False at the end of the list. */
bool base_list_next(struct base_span *rest, struct base_span *item);

/* The value of NAME in an array of NAME=VALUE that a null pointer ends; null when the variable is
 * unset or empty: an empty variable counts as unset everywhere. A null array has no variables. */
const char *base_variable(const char *const *environment, const char *name);

/* CRC-32C (Castagnoli: polynomial 0x1EDC6F41, reflected, as PostgreSQL uses it) of bytes, and the
 * 64-bit FNV-1a hash continued from `seed`, so that several pieces can be hashed one by one. */
uint32_t base_crc32c(const void *bytes, size_t length);
#define BASE_HASH_SEED UINT64_C(0xcbf29ce484222325)
uint64_t base_hash(uint64_t seed, const void *bytes, size_t length);

#endif
