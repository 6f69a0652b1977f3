/* Charts: logarithms, scales and their ticks, text that is no XML, lines with gaps. */
#include "../check.h"
#include "chart/parts.h"

static char written[64 * 1024];

static const char *text(const char *raw)
{
    struct base_sink sink = BASE_SINK(written);
    written[0] = '\0';
    chart_put_text(&sink, raw);
    return written;
}

static void test_text(void)
{
    CHECK_TEXT(text("a < b && \"c\" > d"), "a &lt; b &amp;&amp; &quot;c&quot; &gt; d");
    CHECK_TEXT(text("]]>"), "]]&gt;");
    CHECK_TEXT(text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x98"),
               "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x98");
    CHECK_TEXT(text("a\x01\x7f\tb\n"), "a\xef\xbf\xbd\xef\xbf\xbd\tb\n");
    /* Cut short, too long, a surrogate, no character, past the end. */
    CHECK_TEXT(text("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_TEXT(text("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_TEXT(text("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_TEXT(text("\xef\xbf\xbe"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CHECK_TEXT(text("\xf4\x90\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static const char *tenths(int64_t value)
{
    struct base_sink sink = BASE_SINK(written);
    chart_put_tenths(&sink, value);
    return written;
}

static void test_numbers(void)
{
    CHECK_TEXT(tenths(0), "0");
    CHECK_TEXT(tenths(125), "12.5");
    CHECK_TEXT(tenths(-7), "-0.7");
    for (int bit = 0; bit < 63; bit++)
        CHECK(chart_log2(INT64_C(1) << bit) == (int64_t)bit << 24);
    /* log2(3) = 1.58496250, log2(10) = 3.32192809, both times 2^24. */
    CHECK(chart_log2(3) / 10 == 26591258 / 10);
    CHECK(chart_log2(10) / 10 == 55732704 / 10);
    for (int64_t n = 1; n < 5000; n++)
        CHECK(chart_log2(n) < chart_log2(n + 1));
    CHECK(chart_log2(INT64_MAX) < INT64_C(63) << 24);
}

/* The labels of an axis's ticks, and whether each lies further on than the one before. */
static const char *ticks(struct chart_axis axis, size_t most, bool exact)
{
    const struct chart_scale scale = chart_scale(&axis, 0, 10000, most, exact);
    struct base_sink sink = BASE_SINK(written);
    written[0] = '\0';
    for (size_t i = 0; i < scale.tick_count; i++) {
        base_put(&sink, i == 0 ? "" : " ");
        chart_put_tick(&sink, &axis, scale.ticks[i]);
        CHECK(i == 0 ||
              chart_position(&scale, scale.ticks[i]) > chart_position(&scale, scale.ticks[i - 1]));
    }
    CHECK(chart_position(&scale, INT64_MIN) == 0 && chart_position(&scale, INT64_MAX) == 10000);
    return written;
}

#define AXIS(of, from, to, ...)                                                                    \
    (struct chart_axis)                                                                            \
    {                                                                                              \
        .kind = IMAGE_##of, .low = (from), .high = (to), __VA_ARGS__                               \
    }
#define MB (INT64_C(1) << 20)

static void test_ticks(void)
{
    CHECK_TEXT(ticks(AXIS(BYTES, 512 * MB, 8192 * MB), 12, true),
               "1GB 2GB 3GB 4GB 5GB 6GB 7GB 8GB");
    CHECK_TEXT(ticks(AXIS(BYTES, 512 * MB, 8193 * MB), 12, true), "512MB 1GB 2GB 4GB 8GB");
    CHECK_TEXT(ticks(AXIS(BYTES, 0, 1500 * MB), 4, false), "0 512MB 1GB 1.5GB");
    CHECK_TEXT(ticks(AXIS(BYTES, 3 * MB, 100 * MB), 4, false), "2MB 8MB 32MB 128MB");
    CHECK_TEXT(ticks(AXIS(INT, 80, 300), 7, false), "0 50 100 150 200 250 300");
    CHECK_TEXT(ticks(AXIS(INT, 7, 7), 7, false), "0 1 2 3 4 5 6 7");
    CHECK_TEXT(ticks(AXIS(INT, 0, 0), 7, false), "0 1");
    CHECK_TEXT(ticks(AXIS(INT, -30, 20), 5, false), "-30 -20 -10 0 10 20");
    CHECK_TEXT(ticks(AXIS(INT, 10, 100000000), 7, false), "10 100 1000 10k 100k 1M 10M 100M");
    CHECK_TEXT(ticks(AXIS(RATIO, 250000, 64000000, .binary = true), 12, true),
               "0.25 0.5 1 2 4 8 16 32 64");
    CHECK_TEXT(ticks(AXIS(RATIO, 100000, 500000), 5, false), "0 0.1 0.2 0.3 0.4 0.5");
    CHECK_TEXT(ticks(AXIS(TIME, 1000000, INT64_C(3600000000)), 7, false),
               "1s 5s 30s 2min 10min 1h");
    static const char *const words[] = {"off", "on"};
    CHECK_TEXT(ticks(AXIS(BOOL, 0, 0, .words = words, .word_count = 2), 7, false), "off on");
    /* The widest there are. */
    ticks(AXIS(INT, 1, INT64_MAX), 7, false);
    ticks(AXIS(INT, INT64_MIN, INT64_MAX), 7, false);
    ticks(AXIS(BYTES, 0, INT64_MAX), 7, true);
    ticks(AXIS(TIME, INT64_MAX - 1, INT64_MAX), 7, false);
}

static const char *path(struct base_arena *arena, const struct chart_point *points, size_t count)
{
    const struct chart_axis hundred = AXIS(INT, 0, 100);
    const struct chart_scale x = chart_scale(&hundred, 0, 1000, 10, true),
                             y = chart_scale(&hundred, 1000, 0, 10, true);
    const struct chart_line line = {.points = points, .count = count};
    struct base_sink sink = BASE_SINK(written);
    written[0] = '\0';
    chart_put_path(&sink, arena, &line, &x, &y);
    return written;
}

static void test_paths(void)
{
    struct base_arena arena = {0};
    static const struct chart_point straight[] = {
        {0, 0, true, NULL}, {50, 50, true, NULL}, {100, 100, true, NULL}};
    CHECK_TEXT(path(&arena, straight, 3), "M0,100 100,0");
    static const struct chart_point bent[] = {
        {0, 0, true, NULL}, {50, 10, true, NULL}, {100, 100, true, NULL}};
    CHECK_TEXT(path(&arena, bent, 3), "M0,100 50,90 100,0");
    static const struct chart_point gap[] = {{0, 0, true, NULL},
                                             {20, 0, true, NULL},
                                             {40, 0, false, NULL},
                                             {60, 30, true, NULL},
                                             {80, 0, false, NULL}};
    CHECK_TEXT(path(&arena, gap, 5), "M0,100 20,100M60,70h0");
    CHECK_TEXT(path(&arena, gap + 2, 1), "");
    base_arena_free(&arena);
}

int main(void)
{
    test_text();
    test_numbers();
    test_ticks();
    test_paths();
    return check_summary("chart");
}
