/* Settings read and written as PostgreSQL does it. What a word comes to is what `postgres -C` of a
 * real server answers to it; tests/server compares the two on many more words. */
#include "../check.h"
#include "product.h"

static struct assembler assembler;
static struct image image;
static struct vm_machine machine;
static char text[LIMIT_TEXT_BYTES];
static int64_t version;

/* What the word comes to, as the setting writes it; "!" and the sentence when it is refused. */
static const char *parse(uint32_t setting, const char *word)
{
    static char answer[2048];
    struct base_sink sink = BASE_SINK(answer);
    int64_t value;
    machine.text_used = 0;
    answer[0] = '\0';
    base_put_char(&sink, '!');
    if (!vm_parse_setting(&machine, setting, version, base_span_of(word), &value, &sink))
        return answer;
    sink = (struct base_sink)BASE_SINK(answer);
    vm_put_setting(&sink, &machine, &image.settings[setting], value);
    return answer;
}

static void test_sizes(void)
{
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "4096"), "4MB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "100"), "100kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "  4 MB "), "4MB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "+4MB"), "4MB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "2GB"), "2048MB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "1e3"), "1000kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "1e-1MB"), "102kB");
    CHECK_TEXT(parse(PRODUCT_SHARED_BUFFERS, "16384"), "128MB");
    CHECK_TEXT(parse(PRODUCT_SHARED_BUFFERS, "1TB"), "1048576MB");
    CHECK_TEXT(parse(PRODUCT_MAX_WAL_SIZE, "1048576 kB"), "1024MB");
    /* 30.1GB is 30822.4MB, and the fraction of a GB is rounded to whole MB. */
    CHECK_TEXT(parse(PRODUCT_MAX_WAL_SIZE, "30.1GB"), "30822MB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "0.1GB"), "102MB");
    /* Halves go to the even neighbour. */
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "66048B"), "64kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "67072B"), "66kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "100.5"), "100kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "101.5"), "102kB");
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "-1"), "-1");
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "-0.5"), "0");
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "0"), "0");
}

static void test_sizes_refused(void)
{
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "5"),
               "!is out of range; the setting allows 64kB .. 2147483647kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "3TB"),
               "!is out of range; the setting allows 64kB .. 2147483647kB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "4mb"),
               "!has an unknown unit; sizes use B, kB, MB, GB and TB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "4MB4"),
               "!has an unknown unit; sizes use B, kB, MB, GB and TB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "4min"),
               "!has an unknown unit; sizes use B, kB, MB, GB and TB");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "0x1000"), "!is hexadecimal; write a decimal number");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "010000"),
               "!begins with a zero, which PostgreSQL reads as octal; remove the zero");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, ""), "!is not a number");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "."), "!is not a number");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "--4MB"), "!is not a number");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "1234567890123456789"), "!has too many digits");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "1e-19"), "!has too many decimal places");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "1e99999999999"), "!is too large");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "9e18TB"), "!is too large");
    CHECK_TEXT(parse(PRODUCT_WORK_MEM, "900000000000000000000"), "!is too large");
}

static void test_times(void)
{
    CHECK_TEXT(parse(PRODUCT_CHECKPOINT_TIMEOUT, "900"), "15min");
    CHECK_TEXT(parse(PRODUCT_CHECKPOINT_TIMEOUT, "1.5 h"), "90min");
    CHECK_TEXT(parse(PRODUCT_CHECKPOINT_TIMEOUT, "1d"), "1d");
    CHECK_TEXT(parse(PRODUCT_CHECKPOINT_TIMEOUT, "90500ms"), "90s");
    CHECK_TEXT(parse(PRODUCT_LOG_ROTATION_AGE, "1440"), "1d");
    CHECK_TEXT(parse(PRODUCT_LOG_ROTATION_AGE, "0"), "0");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "2"), "2ms");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "0.5"), "500us");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "250us"), "250us");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "0.0015ms"), "2us");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "-1"), "-1");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "-1us"), "-1us");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "0.0015"),
               "!is too precise: numbers have six decimal places, times microseconds");
    CHECK_TEXT(parse(PRODUCT_COST_DELAY, "1s"), "!is out of range; the setting allows -1 .. 100ms");
    CHECK_TEXT(parse(PRODUCT_CHECKPOINT_TIMEOUT, "5m"),
               "!has an unknown unit; times use us, ms, s, min, h and d");
}

static void test_numbers(void)
{
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "100"), "100");
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "1e2"), "100");
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "99.5"), "100");
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "100kB"), "!must be a number without a unit");
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "0"),
               "!is out of range; the setting allows 1 .. 262143");
    CHECK_TEXT(parse(PRODUCT_MAX_CONNECTIONS, "many"), "!is not a number");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "1.1"), "1.1");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "4"), "4.0");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "004.50"), "4.5");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "1e-6"), "0.000001");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "1.0000001"),
               "!is too precise: numbers have six decimal places, times microseconds");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "-1"),
               "!is out of range; the setting allows 0.0 and more");
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "50%"), "!must be a number without a unit");
}

static void test_ranges(void)
{
    struct image_setting *edited = (struct image_setting *)(uintptr_t)image.settings;
    const struct image_setting kept = edited[PRODUCT_RANDOM_PAGE_COST];
    edited[PRODUCT_RANDOM_PAGE_COST].low = INT64_MIN;
    edited[PRODUCT_RANDOM_PAGE_COST].high = 1000000;
    CHECK_TEXT(parse(PRODUCT_RANDOM_PAGE_COST, "2"),
               "!is out of range; the setting allows up to 1.0");
    edited[PRODUCT_RANDOM_PAGE_COST] = kept;

    const struct image_setting wal = edited[PRODUCT_MAX_WAL_SIZE];
    edited[PRODUCT_MAX_WAL_SIZE].grain = 16 * MB;
    CHECK_TEXT(parse(PRODUCT_MAX_WAL_SIZE, "32MB"), "32MB");
    CHECK_TEXT(parse(PRODUCT_MAX_WAL_SIZE, "33MB"), "!must be a multiple of 16MB");
    edited[PRODUCT_MAX_WAL_SIZE] = wal;
}

static void test_words(void)
{
    static const char *const on[] = {"on", "ON", "true", "t", "TR", "yes", "y", "1"};
    static const char *const off[] = {"off", "of", "false", "F", "no", "n", "0"};
    static const char *const neither[] = {"o", "", "truer", "11", "onn", "x", " on"};
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        CHECK_TEXT(parse(PRODUCT_AUTOVACUUM, on[i]), "on");
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        CHECK_TEXT(parse(PRODUCT_AUTOVACUUM, off[i]), "off");
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        CHECK_TEXT(parse(PRODUCT_AUTOVACUUM, neither[i]), "!is neither on nor off");

    CHECK_TEXT(parse(PRODUCT_WAL_LEVEL, "Logical"), "logical");
    CHECK_TEXT(parse(PRODUCT_WAL_LEVEL, "hot_standby"), "replica");
    CHECK_TEXT(parse(PRODUCT_WAL_LEVEL, "archive"), "replica");
    CHECK_TEXT(parse(PRODUCT_WAL_LEVEL, "repl"), "!is not one of minimal, replica, logical");
    CHECK_TEXT(parse(PRODUCT_WAL_LEVEL, "on"), "!is not one of minimal, replica, logical");
    CHECK_TEXT(parse(PRODUCT_LOG_MIN_MESSAGES, "debug"), "debug2");
    CHECK_TEXT(parse(PRODUCT_HUGE_PAGES, "TRUE"), "on");
    CHECK_TEXT(parse(PRODUCT_HUGE_PAGES, "0"), "off");
    CHECK_TEXT(parse(PRODUCT_HUGE_PAGES, "Try"), "try");

    CHECK_TEXT(parse(PRODUCT_CLUSTER_NAME, " a 'b' "), " a 'b' ");
    CHECK_TEXT(parse(PRODUCT_CLUSTER_NAME, ""), "");
    CHECK_TEXT(parse(PRODUCT_PRELOAD, "pg_cron, auto_explain,,pg_cron"), "pg_cron,auto_explain");
    CHECK_TEXT(parse(PRODUCT_PRELOAD, ""), "");
}

static void test_too_long(void)
{
    static char word[LIMIT_TEXT_VALUE + 2];
    memset(word, 'x', sizeof word - 1);
    CHECK_TEXT(parse(PRODUCT_CLUSTER_NAME, word), "!is too long");
    CHECK_TEXT(parse(PRODUCT_PRELOAD, word), "!is too long");
}

static void test_existence(void)
{
    CHECK_TEXT(parse(PRODUCT_SERVER_VERSION, "18"), "!is read-only: the server reports it");
    version = 170005;
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "1MB"), "!requires PostgreSQL 18.0; this server is 17.5");
    version = 200001;
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "1MB"),
               "!was removed after PostgreSQL 19.6; this server is 20.1");
    version = 180006;
    CHECK_TEXT(parse(PRODUCT_WAL_BUFFERS, "1MB"), "1MB");
    version = 0;
}

int main(void)
{
    struct image_refusal refusal = {"", 0};
    product_build(&assembler);
    CHECK(image_open(assembler.bytes, assembler.length, &image, &refusal));
    CHECK(vm_verify(&image, &refusal));
    CHECK_TEXT(refusal.reason, "");
    machine = (struct vm_machine){.image = &image, .text = text, .text_capacity = sizeof text};
    test_sizes();
    test_sizes_refused();
    test_times();
    test_numbers();
    test_ranges();
    test_words();
    test_too_long();
    test_existence();
    return check_summary("setting_test");
}
