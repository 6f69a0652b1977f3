/* Numbers with units as people write them: "512MB", "1.5 h", "25%", "1e3".
 *
 * A number is read exactly, as a whole number times a power of ten, and becomes a value only when a
 * unit and a rounding are chosen; no digit is ever lost to a binary fraction. Facts, options and
 * settings are all read through here. */
#ifndef AZA_VM_QUANTITY_H
#define AZA_VM_QUANTITY_H

#include "base/checked.h"
#include "vm/vm.h"

/* mantissa * 10^exponent, and the text after the number. */
struct vm_number {
    int64_t mantissa;      /* as read, less than 10^18 in size and no multiple of 10 */
    int exponent;          /* from -18 */
    bool leading_zero;     /* "010", which C reads as octal */
    bool with_exponent;    /* "1e3" */
    bool with_point;       /* "1.0" */
    struct base_span unit; /* trimmed; empty when there is none */
};

/* Returns null, or why the text is not a number, as the end of a sentence: "is hexadecimal; write a
 * decimal number". */
const char *vm_scan_number(struct base_span word, struct vm_number *number);

/* Base units in one unit of a kind, and in the next smaller unit of that kind (0 for the smallest);
 * false if the kind has no such unit. */
bool vm_find_unit(enum image_kind kind, struct base_span word, int64_t *base, int64_t *smaller);

/* number * base as a whole number; false if it is not whole, or too large. */
bool vm_exactly(const struct vm_number *number, int64_t base, int64_t *value);
/* number * base rounded to a multiple of grain, halves to the even multiple like PostgreSQL's
 * rint(); false if it is too large. */
bool vm_nearly(const struct vm_number *number, int64_t base, int64_t grain, int64_t *value);

/* The bytes in a form that cannot disturb a log line: control characters become '?', and only the
 * first 80 bytes are shown. */
void vm_put_escaped(struct base_sink *sink, struct base_span bytes);
/* "a, b, c": the names of a run of WORDS. */
void vm_put_members(struct base_sink *sink, const struct image *image, uint32_t first,
                    uint32_t count);
/* The member equal to the word, ignoring case; IMAGE_NONE if there is none. */
uint32_t vm_find_member(const struct image *image, uint32_t first, uint32_t count,
                        struct base_span word);
/* 1 for true, on, yes, 1; 0 for false, off, no, 0; also for unambiguous abbreviations, ignoring
 * case; -1 for anything else. */
int vm_truth(struct base_span word);
/* The values that a setting allows: "64kB .. 2147483647kB", "0 and more". */
void vm_put_bounds(struct base_sink *sink, const struct vm_machine *machine,
                   const struct image_setting *setting);
/* The names of a comma-separated text as a LIST value, without blanks and repetitions; false if the
 * text is too long. */
bool vm_make_list(struct vm_machine *machine, struct base_span text, int64_t *value);

#endif
