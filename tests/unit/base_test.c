/* Sinks, scanning, printing and hashes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "base/base.h"

static void sinks_stop_at_their_end(void)
{
    char array[6];
    struct base_sink sink = BASE_SINK(array);
    base_put(&sink, "");
    CHECK_TEXT(array, "");
    base_put(&sink, "abc");
    BASE_PUT(&sink, "d", "");
    base_put_span(&sink, (struct base_span){"efg", 1});
    CHECK_TEXT(array, "abcde");
    CHECK(!sink.overflow && sink.length == 5);
    base_put_char(&sink, 'f');
    CHECK_TEXT(array, "abcde");
    CHECK(sink.overflow && sink.length == 5);
}

static void a_cut_piece_is_the_last(void)
{
    char array[6];
    struct base_sink sink = BASE_SINK(array);
    base_put(&sink, "abc");
    base_put(&sink, "defg");
    CHECK_TEXT(array, "abcde");
    sink.length = 2;
    base_put_char(&sink, 'z');
    CHECK_TEXT(array, "ab");
    CHECK(sink.overflow);

    struct base_sink nothing = {0};
    base_put(&nothing, "a");
    CHECK(nothing.overflow && nothing.length == 0);
}

static bool double_once(struct base_sink *sink, size_t needed)
{
    static char larger[8];
    if (needed > sizeof larger)
        return false;
    memcpy(larger, sink->data, sink->length);
    sink->data = larger;
    sink->capacity = sizeof larger;
    return true;
}

static void sinks_grow_when_they_can(void)
{
    char array[4];
    struct base_sink sink = BASE_SINK(array);
    sink.grow = double_once;
    base_put(&sink, "abcdefg");
    CHECK_TEXT(sink.data, "abcdefg");
    CHECK(!sink.overflow);
    base_put(&sink, "hij");
    CHECK_TEXT(sink.data, "abcdefg");
    CHECK(sink.overflow);
}

static const char *int_text(int64_t value)
{
    static char array[32];
    struct base_sink sink = BASE_SINK(array);
    base_put_int(&sink, value);
    return array;
}

static const char *micro_text(int64_t value, int decimals)
{
    static char array[48];
    struct base_sink sink = BASE_SINK(array);
    base_put_micro(&sink, value, decimals);
    return array;
}

static void numbers_print(void)
{
    CHECK_TEXT(int_text(0), "0");
    CHECK_TEXT(int_text(-10), "-10");
    CHECK_TEXT(int_text(INT64_MAX), "9223372036854775807");
    CHECK_TEXT(int_text(INT64_MIN), "-9223372036854775808");

    CHECK_TEXT(micro_text(1100000, 1), "1.1");
    CHECK_TEXT(micro_text(4000000, 1), "4.0");
    CHECK_TEXT(micro_text(4000000, 0), "4");
    CHECK_TEXT(micro_text(1, 1), "0.000001");
    CHECK_TEXT(micro_text(-500000, 0), "-0.5");
    CHECK_TEXT(micro_text(0, 2), "0.00");
    CHECK_TEXT(micro_text(1250000, 8), "1.25000000");
    CHECK_TEXT(micro_text(INT64_MAX, 0), "9223372036854.775807");
    CHECK_TEXT(micro_text(INT64_MIN, 0), "-9223372036854.775808");
}

static const char *json_text(const char *text)
{
    static char array[128];
    struct base_sink sink = BASE_SINK(array);
    base_put_json(&sink, text);
    return array;
}

#define BAD "\xef\xbf\xbd"

static void json_is_escaped(void)
{
    CHECK_TEXT(json_text(""), "\"\"");
    CHECK_TEXT(json_text("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
    CHECK_TEXT(json_text("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\"");
    CHECK_TEXT(json_text("\x01\x0f\x10\x1f\x7f"), "\"\\u0001\\u000f\\u0010\\u001f\\u007f\"");
    CHECK_TEXT(
        json_text("\xc2\x85 \xc2\x9f \xc2\xa0 \xe2\x80\xa7 \xe2\x80\xa8 \xef\xbb\xbf \xef\xbf\xbf"),
        "\"\\u0085 \\u009f \xc2\xa0 \xe2\x80\xa7 \\u2028 \\ufeff \\uffff\"");
    CHECK_TEXT(json_text("ü€😀"), "\"ü€😀\"");
    CHECK_TEXT(json_text("\xff\x80x"), "\"" BAD BAD "x\"");
    CHECK_TEXT(json_text("\xc3"), "\"" BAD "\"");
    CHECK_TEXT(json_text("\xc0\xaf"), "\"" BAD BAD "\"");
    CHECK_TEXT(json_text("\xe0\x80\xaf"), "\"" BAD BAD BAD "\"");
    CHECK_TEXT(json_text("\xed\xa0\x80"), "\"" BAD BAD BAD "\"");
    CHECK_TEXT(json_text("\xf4\x90\x80\x80"), "\"" BAD BAD BAD BAD "\"");
    CHECK_TEXT(json_text("\xf4\x8f\xbf\xbf"), "\"\xf4\x8f\xbf\xbf\"");
    CHECK_TEXT(json_text("\xe2\x82\""), "\"" BAD BAD "\\\"\"");
}

static void padding_fills_up(void)
{
    char array[16];
    struct base_sink sink = BASE_SINK(array);
    base_put_padding(&sink, 2, 5);
    CHECK_TEXT(array, "   ");
    base_put_padding(&sink, 5, 5);
    base_put_padding(&sink, 9, 5);
    CHECK_TEXT(array, "   ");
    base_put_padding(&sink, 0, SIZE_MAX);
    CHECK(sink.overflow && sink.length == 15);
}

static void writing_reports_failure(void)
{
    CHECK(base_write_all(-1, "", 0));
    CHECK(!base_write_all(-1, "a", 1) && errno == EBADF);
    int full = open("/dev/full", O_WRONLY);
    CHECK(full >= 0);
    CHECK(!base_write_all(full, "a", 1) && errno == ENOSPC);
    close(full);
}

static void interrupt_nothing(int number)
{
    (void)number;
}

/* A pipe holds less than this, so the writer sleeps in write() while the timer interrupts it, until
 * the reader wakes up. */
static void writing_survives_interruption(void)
{
    enum { LENGTH = 300000 };
    static char bytes[LENGTH];
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t writer = fork();
    if (writer == 0) {
        struct sigaction action = {.sa_handler = interrupt_nothing};
        close(ends[0]);
        sigaction(SIGALRM, &action, NULL);
        ualarm(2000, 2000);
        _exit(base_write_all(ends[1], bytes, LENGTH) ? 0 : 1);
    }
    close(ends[1]);
    usleep(30000);
    size_t total = 0;
    char piece[4096];
    for (ssize_t length; (length = read(ends[0], piece, sizeof piece)) > 0;)
        total += (size_t)length;
    close(ends[0]);
    int status = -1;
    waitpid(writer, &status, 0);
    CHECK(total == LENGTH && status == 0);
}

static void spans_compare(void)
{
    CHECK(base_span_is(base_trim(base_span_of(" \t\r\n\v\f a b \n")), "a b"));
    CHECK(base_trim(base_span_of(" \t ")).length == 0);
    CHECK(base_trim((struct base_span){NULL, 0}).length == 0);
    CHECK(base_span_is((struct base_span){NULL, 0}, ""));
    CHECK(base_span_is((struct base_span){"abc", 2}, "ab"));
    CHECK(!base_span_is((struct base_span){"abc", 2}, "abc"));
    CHECK(!base_span_is(base_span_of("abc"), "abd"));
    CHECK(base_text_is("a", "a") && !base_text_is("a", "ab"));
}

static bool digits_are(const char *text, int64_t wanted)
{
    int64_t got = -1;
    return base_scan_digits(base_span_of(text), &got) && got == wanted;
}

static bool digits_are_refused(const char *text)
{
    int64_t got;
    return !base_scan_digits(base_span_of(text), &got);
}

static void digits_scan(void)
{
    CHECK(digits_are("0", 0));
    CHECK(digits_are("007", 7));
    CHECK(digits_are("9223372036854775807", INT64_MAX));
    CHECK(digits_are_refused("9223372036854775808"));
    CHECK(digits_are_refused("99999999999999999999999"));
    CHECK(digits_are_refused(""));
    CHECK(digits_are_refused("-1"));
    CHECK(digits_are_refused("+1"));
    CHECK(digits_are_refused("1 "));
    CHECK(digits_are_refused("0x1"));
    CHECK(digits_are_refused("max"));
}

static bool micro_is(const char *text, int64_t wanted)
{
    int64_t got = -1;
    return base_scan_micro(base_span_of(text), &got) && got == wanted;
}

static bool micro_is_refused(const char *text)
{
    int64_t got;
    return !base_scan_micro(base_span_of(text), &got);
}

static void micro_scans(void)
{
    CHECK(micro_is("1", 1000000));
    CHECK(micro_is("1.1", 1100000));
    CHECK(micro_is("+0.000001", 1));
    CHECK(micro_is("-0.5", -500000));
    CHECK(micro_is("-0", 0));
    CHECK(micro_is("1.25000000000", 1250000));
    CHECK(micro_is("9223372036854.775807", INT64_MAX));
    CHECK(micro_is("-9223372036854.775808", INT64_MIN));
    CHECK(micro_is_refused("9223372036854.775808"));
    CHECK(micro_is_refused("-9223372036854.775809"));
    CHECK(micro_is_refused("9223372036855"));
    CHECK(micro_is_refused("99999999999999999999"));
    CHECK(micro_is_refused("0.0000001"));
    CHECK(micro_is_refused("0.000000x"));
    CHECK(micro_is_refused(""));
    CHECK(micro_is_refused("-"));
    CHECK(micro_is_refused("."));
    CHECK(micro_is_refused(".5"));
    CHECK(micro_is_refused("5."));
    CHECK(micro_is_refused("1.2.3"));
    CHECK(micro_is_refused("--1"));
    CHECK(micro_is_refused("1e3"));
    CHECK(micro_is_refused("0x10"));
    CHECK(micro_is_refused(" 1"));
    CHECK(micro_is_refused("1.5 "));
}

static void micro_round_trips(void)
{
    static const int64_t values[] = {0, 1, -1, 999999, 1000000, -1000001, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int decimals = 0; decimals < 9; decimals++)
            CHECK(micro_is(micro_text(values[i], decimals), values[i]));
}

static void widths_count_characters(void)
{
    CHECK(base_text_width("", 0) == 0);
    CHECK(base_text_width("aü€😀", strlen("aü€😀")) == 4);
    CHECK(base_text_width("ü", 1) == 1);
}

static void lists_are_walked(void)
{
    struct base_span rest = base_span_of(" a,, b c ,d,"), item;
    CHECK(base_list_next(&rest, &item) && base_span_is(item, "a"));
    CHECK(base_list_next(&rest, &item) && base_span_is(item, "b c"));
    CHECK(base_list_next(&rest, &item) && base_span_is(item, "d"));
    CHECK(!base_list_next(&rest, &item));
    CHECK(!base_list_next(&rest, &item));

    CHECK(base_list_has("pg_cron, vector", base_span_of("vector")));
    CHECK(base_list_has("vector", base_span_of("vector")));
    CHECK(!base_list_has("pg_cron,vectors", base_span_of("vector")));
    CHECK(!base_list_has("vectors", base_span_of("vector")));
    CHECK(!base_list_has("", base_span_of("vector")));
    CHECK(!base_list_has("a,,b", base_span_of("")));
}

/* The check values that the definitions of CRC-32C and FNV-1a publish. */
static void hashes_are_the_known_ones(void)
{
    static const char zeros[32];
    CHECK(base_crc32c("", 0) == 0);
    CHECK(base_crc32c("123456789", 9) == 0xe3069283);
    CHECK(base_crc32c(zeros, sizeof zeros) == 0x8a9136aa);
    CHECK(base_hash(BASE_HASH_SEED, NULL, 0) == BASE_HASH_SEED);
    CHECK(base_hash(BASE_HASH_SEED, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    CHECK(base_hash(BASE_HASH_SEED, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    CHECK(base_hash(base_hash(BASE_HASH_SEED, "foo", 3), "bar", 3) ==
          base_hash(BASE_HASH_SEED, "foobar", 6));
}

int main(void)
{
    sinks_stop_at_their_end();
    a_cut_piece_is_the_last();
    sinks_grow_when_they_can();
    numbers_print();
    json_is_escaped();
    padding_fills_up();
    writing_reports_failure();
    writing_survives_interruption();
    spans_compare();
    digits_scan();
    micro_scans();
    micro_round_trips();
    widths_count_characters();
    lists_are_walked();
    hashes_are_the_known_ones();
    return check_summary("base");
}
