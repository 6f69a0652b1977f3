/* Ground that both programs stand on: byte sinks, bounded text scanning, hashes.
 *
 * A sink collects bytes in memory it was given; it never allocates by itself, and it remembers that
 * something did not fit instead of writing past its end. The compiler gives sinks that grow, from
 * memory.h; the runner gives fixed arrays. Numbers are printed by hand, without printf, so that no
 * locale can change a digit and the runner stays small. */
#ifndef AZA_BASE_H
#define AZA_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/limits.h"

/* A piece of somebody else's bytes; not terminated. */
struct aza_span {
    const char *start;
    size_t length;
};

struct aza_sink {
    char *data;      /* always terminated by a NUL while capacity > 0 */
    size_t length;   /* without the NUL */
    size_t capacity; /* with room for the NUL */
    bool overflow;   /* something was dropped; once set it stays */
    /* Makes capacity at least `needed`, or answers false; null for a sink of fixed size. */
    bool (*grow)(struct aza_sink *sink, size_t needed);
    void *context;
};

/* A sink over an array of fixed size. */
#define AZA_SINK(array)                                                                            \
    {                                                                                              \
        .data = (array), .capacity = sizeof(array)                                                 \
    }

void aza_put_bytes(struct aza_sink *sink, const char *bytes, size_t length);
void aza_put(struct aza_sink *sink, const char *text);
void aza_put_span(struct aza_sink *sink, struct aza_span span);
void aza_put_char(struct aza_sink *sink, char c);
void aza_put_int(struct aza_sink *sink, int64_t value);
/* Puts each of its arguments, all of type const char *, up to a null pointer. */
void aza_put_all(struct aza_sink *sink, ...) __attribute__((sentinel));
#define AZA_PUT(sink, ...) aza_put_all((sink), __VA_ARGS__, (char *)0)
/* Spaces that make something `width_so_far` characters wide `width` wide. */
void aza_put_padding(struct aza_sink *sink, size_t width_so_far, size_t width);
/* value / 10^6 as a decimal with at least `decimals` digits after the point and no trailing zeros
 * beyond them: 1.1, 4.0, 0.000001. */
void aza_put_micro(struct aza_sink *sink, int64_t value, int decimals);
/* The text as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD. */
void aza_put_json(struct aza_sink *sink, const char *text);
/* What stands between those quotes. A YAML double-quoted scalar may hold it too. */
void aza_put_json_inside(struct aza_sink *sink, struct aza_span text);
/* Whether all of it is well-formed UTF-8. */
bool aza_is_utf8(struct aza_span text);
/* Why a system call failed, in words that can follow a path and a colon. */
void aza_put_error(struct aza_sink *sink, int error);
/* Writes everything to a file descriptor, however often write() is interrupted. */
bool aza_write_all(int fd, const char *bytes, size_t length);

struct aza_span aza_span_of(const char *text);
struct aza_span aza_trim(struct aza_span span);
bool aza_span_is(struct aza_span span, const char *text);
bool aza_text_is(const char *a, const char *b);
/* A run of decimal digits and nothing else, at most INT64_MAX. */
bool aza_scan_digits(struct aza_span span, int64_t *out);
/* An optional sign, digits, and an optional point with digits: exactly value * 10^6, where that is
 * a whole number that fits 64 bits. No exponent, no hexadecimal, no blanks. */
bool aza_scan_micro(struct aza_span span, int64_t *out);
/* The code point that begins the text and its bytes; 0 where there is none that is well-formed. */
size_t aza_next_character(struct aza_span text, uint32_t *code);
/* Neither a control, nor a break of lines or paragraphs, nor a mark of byte order, nor none. */
bool aza_is_printable(uint32_t code);
/* Characters of UTF-8 text: bytes that do not continue another. */
size_t aza_text_width(const char *text, size_t length);
/* Where `part` first stands in a text, or null. The one search of the runner: memmem, since libc's
 * strstr would be a second one in a static program. */
const char *aza_find(const char *text, const char *part);
/* Whether the name at `item` is one of the comma-separated names of `list`. */
bool aza_list_has(const char *list, struct aza_span item);
/* The first name of a comma-separated list, and the rest; false at the end. */
bool aza_list_next(struct aza_span *rest, struct aza_span *item);

/* CRC-32C (Castagnoli) of bytes, and the 64-bit FNV-1a hash continued from `seed`. */
uint32_t aza_crc32c(const void *bytes, size_t length);
#define AZA_HASH_SEED UINT64_C(0xcbf29ce484222325)
uint64_t aza_hash(uint64_t seed, const void *bytes, size_t length);

#endif
