/* Reading numbers with units, member names, truth values and lists as people write them.
 *
 * A number is kept as a decimal mantissa and exponent until its unit is known, and multiplied by
 * the unit in 128 bits, so no digit is lost. Bounds: the mantissa is below 10^18, a unit and a
 * grain below 2^63, and the denominator at most 10^18, so products stay below 2^127. vm_exactly
 * accepts a result only if it is whole; vm_nearly rounds as PostgreSQL does. */
#include "vm/quantity.h"

/* Mantissas stay below this, so that mantissa times unit fits 128 bits with room for rounding. */
#define MANTISSA_LIMIT INT64_C(1000000000000000000)
enum { DECIMALS_MAX = 18, EXPONENT_MAX = 9999, SHOWN_BYTES_MAX = 80 };

/* Digits with at most one point; returns the position after them, `at` if there is no digit, or
 * null if there are too many. Zeros that no longer fit the mantissa are counted in the exponent. */
static const char *scan_digits(const char *at, const char *end, struct vm_number *number)
{
    const char *start = at;
    bool any = false;
    for (; at < end; at++) {
        if (*at == '.' && !number->with_point) {
            number->with_point = true;
            continue;
        }
        if (!base_is_digit(*at))
            break;
        any = true;
        number->exponent -= number->with_point;
        if (number->mantissa < MANTISSA_LIMIT / 10)
            number->mantissa = number->mantissa * 10 + (*at - '0');
        else if (*at == '0')
            number->exponent++;
        else
            return NULL;
    }
    number->leading_zero = end - start > 1 && start[0] == '0' && base_is_digit(start[1]);
    return any ? at : start;
}

/* An exponent such as "e3" or "E-3", if there is one; an "e" without digits begins the unit. */
static const char *scan_exponent(const char *at, const char *end, struct vm_number *number)
{
    const char *sign = at + 1;
    if (at == end || base_lower(*at) != 'e' || sign == end)
        return at;
    const char *digit = sign + (*sign == '-' || *sign == '+');
    if (digit == end || !base_is_digit(*digit))
        return at;
    int exponent = 0;
    for (; digit < end && base_is_digit(*digit); digit++)
        exponent = exponent > EXPONENT_MAX ? exponent : exponent * 10 + (*digit - '0');
    number->exponent += *sign == '-' ? -exponent : exponent;
    number->with_exponent = true;
    return digit;
}

/* Moves trailing zeros to the exponent, so that "1.50" and "1.5" are the same number. */
static void strip_zeros(struct vm_number *number)
{
    if (number->mantissa == 0)
        number->exponent = 0;
    while (number->mantissa != 0 && number->mantissa % 10 == 0) {
        number->mantissa /= 10;
        number->exponent++;
    }
}

const char *vm_scan_number(struct base_span word, struct vm_number *number)
{
    *number = (struct vm_number){0};
    word = base_trim(word);
    const char *at = word.start, *end = word.start + word.length;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (end - at > 1 && at[0] == '0' && base_lower(at[1]) == 'x')
        return "is hexadecimal; write a decimal number";
    const char *digits = at;
    at = scan_digits(at, end, number);
    if (at == NULL)
        return "has too many digits";
    if (at == digits)
        return "is not a number";
    at = scan_exponent(at, end, number);
    strip_zeros(number);
    if (number->exponent < -DECIMALS_MAX)
        return "has too many decimal places";
    if (negative)
        number->mantissa = -number->mantissa;
    number->unit = base_trim((struct base_span){at, (size_t)(end - at)});
    return NULL;
}

bool vm_find_unit(enum image_kind kind, struct base_span word, int64_t *base, int64_t *smaller)
{
    *smaller = 0;
    for (size_t i = 0; i < IMAGE_UNITS; i++) {
        if (image_units[i].kind != kind)
            continue;
        *base = image_units[i].base;
        if (base_span_is(word, image_units[i].word))
            return true;
        *smaller = image_units[i].base;
    }
    return false;
}

/* number * base as a fraction whose denominator is a power of ten up to 10^18. */
static bool make_fraction(const struct vm_number *number, int64_t base, base_wide *above,
                          int64_t *below)
{
    const base_wide largest = (base_wide)MANTISSA_LIMIT * MANTISSA_LIMIT;
    *above = (base_wide)number->mantissa * base;
    *below = 1;
    for (int i = number->exponent; i > 0; i--) {
        if (*above > largest / 10 || *above < -(largest / 10))
            return false;
        *above *= 10;
    }
    for (int i = number->exponent; i < 0; i++)
        *below *= 10;
    return true;
}

bool vm_exactly(const struct vm_number *number, int64_t base, int64_t *value)
{
    base_wide above;
    int64_t below;
    return make_fraction(number, base, &above, &below) && above % below == 0 &&
           base_narrow(above / below, value);
}

bool vm_nearly(const struct vm_number *number, int64_t base, int64_t grain, int64_t *value)
{
    base_wide above;
    int64_t scale;
    if (!make_fraction(number, base, &above, &scale))
        return false;
    base_wide below = (base_wide)scale * grain;
    base_wide whole = above / below, rest = above % below;
    /* Division rounds toward zero; here toward minus infinity, so that rest is not negative. */
    if (rest < 0) {
        whole--;
        rest += below;
    }
    if (rest > below - rest || (rest == below - rest && whole % 2 != 0))
        whole++;
    return whole <= INT64_MAX && whole >= INT64_MIN && base_narrow(whole * grain, value);
}

void vm_put_escaped(struct base_sink *sink, struct base_span bytes)
{
    for (size_t i = 0; i < bytes.length && i < SHOWN_BYTES_MAX; i++)
        base_put_char(sink, base_is_control(bytes.start[i]) ? '?' : bytes.start[i]);
    if (bytes.length > SHOWN_BYTES_MAX)
        base_put(sink, "...");
}

void vm_put_members(struct base_sink *sink, const struct image *image, uint32_t first,
                    uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        BASE_PUT(sink, i == 0 ? "" : ", ", image_string(image, image->words[first + i]));
}

static struct base_span member_at(const struct image *image, uint32_t word)
{
    return base_span_of(image_string(image, image->words[word]));
}

uint32_t vm_find_member(const struct image *image, uint32_t first, uint32_t count,
                        struct base_span word)
{
    for (uint32_t i = 0; i < count; i++)
        if (image_compare_names(word, member_at(image, first + i)) == 0)
            return image->words[first + i];
    return IMAGE_NONE;
}

int vm_truth(struct base_span word)
{
    /* "o" begins both on and off, so those two need a second letter. */
    static const struct {
        const char *word;
        size_t least;
        int truth;
    } words[] = {{"true", 1, 1}, {"false", 1, 0}, {"yes", 1, 1}, {"no", 1, 0},
                 {"on", 2, 1},   {"off", 2, 0},   {"1", 1, 1},   {"0", 1, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct base_span whole = base_span_of(words[i].word);
        if (word.length < words[i].least || word.length > whole.length)
            continue;
        size_t same = 0;
        while (same < word.length && base_lower(word.start[same]) == whole.start[same])
            same++;
        if (same == word.length)
            return words[i].truth;
    }
    return -1;
}

bool vm_make_list(struct vm_machine *machine, struct base_span text, int64_t *value)
{
    char names[LIMIT_TEXT_VALUE];
    struct base_sink sink = BASE_SINK(names);
    struct base_span item;
    names[0] = '\0';
    while (base_list_next(&text, &item)) {
        if (base_list_has(names, item))
            continue;
        base_put(&sink, sink.length > 0 ? "," : "");
        base_put_span(&sink, item);
    }
    return !sink.overflow && vm_make_text(machine, (struct base_span){names, sink.length}, value);
}
