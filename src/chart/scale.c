/* Scales and ticks: from values to positions in tenths of a pixel.
 *
 * Ticks are at round numbers, which depend on the kind: powers of two for sizes, 1 2 5 10 for
 * counts, 1 2 5 10 30 of each unit for times. They are the rungs of a ladder. A linear axis takes
 * the smallest rung of which at most the wanted number of multiples fit; a logarithmic axis has
 * ticks at the rungs themselves, or at every n-th.
 *
 * Logarithms are fixed-point and products have 128 bits, so the result is the same on every machine
 * and no range of 64-bit values overflows. */
#include <stdlib.h>

#include "base/checked.h"
#include "chart/parts.h"

/* A range that spans more than this factor is drawn logarithmically. */
enum { LINEAR_FACTOR = 16, LADDER_MAX = 128, LOG_BITS = 24 };

/* One bit at a time: squaring a number doubles its logarithm, so the next bit is whether the square
 * of the mantissa reaches 2. */
int64_t chart_log2(int64_t value)
{
    const int whole = 63 - __builtin_clzll((unsigned long long)value);
    /* The mantissa, at least 1 and below 2, in units of 2^-31. */
    uint64_t mantissa = (uint64_t)value << (63 - whole) >> 32;
    int64_t result = (int64_t)whole << LOG_BITS;
    for (int64_t bit = INT64_C(1) << (LOG_BITS - 1); bit > 0; bit >>= 1) {
        mantissa = mantissa * mantissa >> 31;
        if (mantissa >> 32 != 0) {
            mantissa >>= 1;
            result += bit;
        }
    }
    return result;
}

/* --- ladders: where ticks may be, in ascending order --- */

struct ladder {
    int64_t rungs[LADDER_MAX];
    size_t count;
};

/* From the odd part of `base` on: of a ratio from 1/64, since a million is 2^6 * 15625. */
static void add_powers_of_two(struct ladder *ladder, int64_t base)
{
    while (base % 2 == 0)
        base /= 2;
    do
        ladder->rungs[ladder->count++] = base;
    while (base_mul(base, 2, &base));
}

static void add_decimals(struct ladder *ladder)
{
    static const int64_t digits[] = {1, 2, 5};
    int64_t rung;
    for (int64_t power = 1;;) {
        for (size_t i = 0; i < 3; i++)
            if (base_mul(power, digits[i], &rung))
                ladder->rungs[ladder->count++] = rung;
        if (!base_mul(power, 10, &power))
            return;
    }
}

/* In microseconds; beyond 365 days powers of ten of them. */
static void add_times(struct ladder *ladder)
{
    static const struct {
        int64_t unit;
        int16_t times[8];
    } rows[] = {
        {1, {1, 10, 100}},
        {1000, {1, 10, 100, 500}},
        {1000000, {1, 2, 5, 10, 30}},
        {60000000, {1, 2, 5, 10, 30}},
        {INT64_C(3600000000), {1, 2, 6, 12}},
        {INT64_C(86400000000), {1, 2, 7, 14, 30, 90, 365}},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        for (const int16_t *times = rows[row].times; *times != 0; times++)
            ladder->rungs[ladder->count++] = *times * rows[row].unit;
    for (int64_t rung = ladder->rungs[ladder->count - 1]; base_mul(rung, 10, &rung);)
        ladder->rungs[ladder->count++] = rung;
}

static struct ladder ladder_of(const struct chart_axis *axis)
{
    struct ladder ladder = {.count = 0};
    if (axis->kind == IMAGE_TIME)
        add_times(&ladder);
    else if (axis->kind == IMAGE_BYTES || axis->binary)
        add_powers_of_two(&ladder, axis->kind == IMAGE_RATIO ? 1000000 : 1);
    else
        add_decimals(&ladder);
    return ladder;
}

/* --- ticks --- */

static void add_tick(struct chart_scale *scale, int64_t at)
{
    if (at >= scale->axis.low && at <= scale->axis.high && scale->tick_count < CHART_TICKS_MAX)
        scale->ticks[scale->tick_count++] = at;
}

/* Moves both ends of the axis outward to the nearest rungs. */
static void widen_to_rungs(struct chart_scale *scale, const struct ladder *ladder)
{
    size_t low = 0, high = 0;
    while (low + 1 < ladder->count && ladder->rungs[low + 1] <= scale->axis.low)
        low++;
    while (high + 1 < ladder->count && ladder->rungs[high] < scale->axis.high)
        high++;
    if (ladder->rungs[low] < scale->axis.low)
        scale->axis.low = ladder->rungs[low];
    if (ladder->rungs[high] > scale->axis.high)
        scale->axis.high = ladder->rungs[high];
}

/* Every rung, every second, every third..., so that at most `most` are within the axis. Of decimals
 * every rung or every power of ten (1 2 5 has period 3), which must be counted from 1; others are
 * counted from the first rung within. */
static void add_rungs(struct chart_scale *scale, const struct ladder *ladder, size_t most)
{
    const bool decimal = ladder->rungs[0] == 1 && ladder->rungs[2] == 5;
    size_t inside = 0, stride = 1, first = 0;
    for (size_t i = 0; i < ladder->count; i++)
        inside += ladder->rungs[i] >= scale->axis.low && ladder->rungs[i] <= scale->axis.high;
    while (inside / stride > most)
        stride += decimal && stride == 1 ? 2 : decimal ? 3 : 1;
    while (!decimal && first + 1 < ladder->count && ladder->rungs[first] < scale->axis.low)
        first++;
    for (size_t i = first; i < ladder->count; i += stride)
        add_tick(scale, ladder->rungs[i]);
}

/* Ticks of a linear axis at the multiples of one rung. Unless `exact`, the axis begins at zero or
 * below and both its ends move outward to ticks. */
static void add_multiples(struct chart_scale *scale, const struct ladder *ladder, size_t most,
                          bool exact)
{
    struct chart_axis *axis = &scale->axis;
    size_t rung = 0;
    if (!exact && axis->low > 0)
        axis->low = 0;
    /* A single value still needs a range. */
    if (axis->low == axis->high)
        axis->high += axis->high < INT64_MAX;
    const base_wide span = (base_wide)axis->high - axis->low;
    while (rung + 1 < ladder->count && span / ladder->rungs[rung] > (base_wide)most)
        rung++;
    const int64_t step = ladder->rungs[rung];
    int64_t end;
    if (!exact && base_round(BASE_ROUND_UP, axis->high, step, &end))
        axis->high = end;
    if (!exact && base_round(BASE_ROUND_DOWN, axis->low, step, &end))
        axis->low = end;
    if (!base_round(BASE_ROUND_UP, axis->low, step, &end))
        return;
    do
        add_tick(scale, end);
    while (base_add(end, step, &end) && end <= axis->high);
}

/* One lane for each word, and a margin at both ends. */
static void add_lanes(struct chart_scale *scale)
{
    scale->axis.low = -1;
    scale->axis.high = (int64_t)scale->axis.word_count;
    for (size_t i = 0; i < scale->axis.word_count; i++)
        add_tick(scale, (int64_t)i);
}

struct chart_scale chart_scale(const struct chart_axis *axis, int64_t from, int64_t to,
                               size_t ticks, bool exact)
{
    struct chart_scale scale = {.axis = *axis, .from = from, .to = to};
    if (axis->words != NULL) {
        add_lanes(&scale);
        return scale;
    }
    const struct ladder ladder = ladder_of(axis);
    /* The division first, as the product could overflow. */
    scale.logarithmic = axis->low > 0 && axis->high / axis->low > LINEAR_FACTOR - 1 &&
                        axis->high > axis->low * LINEAR_FACTOR;
    if (!scale.logarithmic) {
        add_multiples(&scale, &ladder, ticks, exact);
        return scale;
    }
    if (!exact)
        widen_to_rungs(&scale, &ladder);
    add_rungs(&scale, &ladder, ticks);
    return scale;
}

/* --- places and labels --- */

int64_t chart_position(const struct chart_scale *scale, int64_t value)
{
    const struct chart_axis *axis = &scale->axis;
    value = value < axis->low ? axis->low : value > axis->high ? axis->high : value;
    base_wide part = (base_wide)value - axis->low, whole = (base_wide)axis->high - axis->low;
    if (scale->logarithmic) {
        const int64_t low = chart_log2(axis->low);
        part = chart_log2(value) - low;
        whole = chart_log2(axis->high) - low;
    }
    if (whole == 0)
        return scale->from;
    /* Rounded to the nearest tenth, for axes of both directions: y decreases upward. */
    const base_wide length = scale->to - scale->from, twice = part * length * 2;
    return scale->from + (int64_t)((twice + (twice < 0 ? -whole : whole)) / (2 * whole));
}

/* value / unit with at most two decimals, the rest dropped. */
static void put_hundredths(struct base_sink *sink, int64_t value, int64_t unit)
{
    int64_t hundredths;
    if (!base_muldiv(value, 100, unit, &hundredths))
        hundredths = value / unit * 100;
    base_put_int(sink, hundredths / 100);
    if (hundredths % 100 == 0)
        return;
    base_put_char(sink, '.');
    base_put_char(sink, (char)('0' + hundredths / 10 % 10));
    if (hundredths % 10 != 0)
        base_put_char(sink, (char)('0' + hundredths % 10));
}

/* In the largest unit that does not exceed the value, such as 1.5GB; image_units is ascending
 * within a kind. */
static void put_in_largest_unit(struct base_sink *sink, enum image_kind kind, int64_t value)
{
    const struct image_unit *best = NULL;
    for (const struct image_unit *unit = image_units; unit < image_units + IMAGE_UNITS; unit++)
        if (unit->kind == kind && unit->base <= value)
            best = unit;
    if (best == NULL) {
        base_put_int(sink, value);
        return;
    }
    put_hundredths(sink, value, best->base);
    base_put(sink, best->word);
}

/* 1.5M and 25k where one decimal is exact, so that labels stay short. */
static void put_short_count(struct base_sink *sink, int64_t value)
{
    const int64_t size = value < 0 ? -value : value;
    const bool millions = size >= 1000000 && size % 100000 == 0;
    if (!millions && (size < 10000 || size % 100 != 0)) {
        base_put_int(sink, value);
        return;
    }
    base_put(sink, value < 0 ? "-" : "");
    put_hundredths(sink, size, millions ? 1000000 : 1000);
    base_put(sink, millions ? "M" : "k");
}

void chart_put_tick(struct base_sink *sink, const struct chart_axis *axis, int64_t value)
{
    if (axis->words != NULL)
        base_put(sink, axis->words[value]);
    else if (axis->kind == IMAGE_RATIO)
        base_put_micro(sink, value, 0);
    else if (axis->kind == IMAGE_BYTES || axis->kind == IMAGE_TIME)
        put_in_largest_unit(sink, axis->kind, value);
    else
        put_short_count(sink, value);
}
