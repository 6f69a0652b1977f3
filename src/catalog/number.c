/* Numbers, units and names as servers print them.
 *
 * Servers store bounds as floating point and print them with an exponent if they are large. Here
 * they are read digit by digit into millionths and scaled to base units in 64-bit integers, so that
 * the result is the same on every machine. Digits below a millionth are dropped, and what exceeds
 * 64 bits becomes the end of the range, as no value can exceed it either. */
#include <string.h>
#include "base/checked.h"
#include "catalog/catalog.h"

bool catalog_unit(const char *word, enum image_kind *kind, int64_t *base)
{
    size_t digits = strspn(word, "0123456789");
    int64_t times = 1;
    if (digits > 0 && (!base_scan_digits((struct base_span){word, digits}, &times) || times == 0))
        return false;
    /* Units of ratios, such as %, are the rules' own. */
    for (size_t i = 0; i < IMAGE_UNITS; i++)
        if (image_units[i].kind != IMAGE_RATIO && strcmp(image_units[i].word, word + digits) == 0) {
            *kind = image_units[i].kind;
            return base_mul(times, image_units[i].base, base);
        }
    return false;
}

/* value * 10^exponent, limited to 64 bits; digits below one are dropped. A value of 0 ends both
 * loops, so an exponent of any size costs at most twenty steps. */
static int64_t shift_decimal(int64_t value, int64_t exponent)
{
    for (; exponent < 0 && value != 0; exponent++)
        value /= 10;
    int64_t farthest = value < 0 ? INT64_MIN : INT64_MAX;
    for (; exponent > 0 && value != 0; exponent--)
        if (!base_mul(value, 10, &value))
            return farthest;
    return value;
}

bool catalog_number(const char *text, int64_t scale, int64_t *value)
{
    size_t mantissa = strcspn(text, "e");
    const char *power = text[mantissa] ? text + mantissa + 1 : "0";
    bool shrinks = *power == '-';
    int64_t exponent, micro;
    if (!base_scan_micro((struct base_span){text, mantissa}, &micro) ||
        !base_scan_digits(base_span_of(power + (shrinks || *power == '+')), &exponent))
        return false;
    micro = shift_decimal(micro, shrinks ? -exponent : exponent);
    bool open = micro == INT64_MIN || micro == INT64_MAX;
    if (open || !base_muldiv(micro, scale, 1000000, value))
        *value = micro < 0 ? INT64_MIN : INT64_MAX;
    return true;
}

int catalog_compare_names(const char *a, const char *b)
{
    while (*a && base_lower(*a) == base_lower(*b))
        a++, b++;
    return (unsigned char)base_lower(*a) - (unsigned char)base_lower(*b);
}
