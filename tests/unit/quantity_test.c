/* Numbers with units, truth values and text for a log line, at the bounds of each; and the traces,
 * which must not depend on what the caller's memory contained. */
#include "../check.h"
#include "product.h"
#include "vm/quantity.h"

static struct vm_number number;

static const char *scan(const char *word, size_t length)
{
    const char *trouble = vm_scan_number((struct base_span){word, length}, &number);
    return trouble != NULL ? trouble : "";
}

static bool scans_as(const char *word, int64_t mantissa, int exponent)
{
    return *scan(word, strlen(word)) == '\0' && number.mantissa == mantissa &&
           number.exponent == exponent;
}

static void test_scanning(void)
{
    CHECK(scans_as("1.50", 15, -1) && number.with_point && !number.with_exponent);
    CHECK(scans_as("-12e3", -12, 3) && number.with_exponent && !number.with_point);
    CHECK(scans_as("+1E-2", 1, -2));
    CHECK(scans_as("0e99", 0, 0));
    CHECK(scans_as("999999999999999999", 999999999999999999, 0));
    CHECK(scans_as("100000000000000000000", 1, 20));
    CHECK(scans_as("0.000000000000000001", 1, -18));
    CHECK(scans_as("010", 1, 1) && number.leading_zero);
    CHECK(scans_as("0", 0, 0) && !number.leading_zero);
    CHECK(scans_as("0.5", 5, -1) && !number.leading_zero);
    CHECK(scans_as("1e99999999999", 1, 99999)); /* digits beyond this are ignored */
    CHECK_TEXT(scan("1234567890123456789", 19), "has too many digits");
    CHECK_TEXT(scan("0.0000000000000000001", 21), "has too many decimal places");
    CHECK_TEXT(scan("0X1", 3), "is hexadecimal; write a decimal number");
    CHECK_TEXT(scan(".", 1), "is not a number");
    CHECK_TEXT(scan("1..2", 4), "");
    CHECK(base_span_is(number.unit, ".2"));
}

/* The text behind a span is not part of the number. */
static void test_ends(void)
{
    CHECK_TEXT(scan("0x1", 1), "");
    CHECK(number.mantissa == 0 && number.unit.length == 0);
    CHECK_TEXT(scan("-1", 1), "is not a number");
    CHECK_TEXT(scan("1", 0), "is not a number");
    CHECK_TEXT(scan("1e5", 2), "");
    CHECK(base_span_is(number.unit, "e") && !number.with_exponent);
    CHECK_TEXT(scan("1e+5", 3), "");
    CHECK(base_span_is(number.unit, "e+"));
    CHECK_TEXT(scan("125", 2), "");
    CHECK(number.mantissa == 12);
    CHECK_TEXT(scan(" 5 MB ", 6), "");
    CHECK(base_span_is(number.unit, "MB"));
}

static int64_t exactly(const char *word, int64_t base)
{
    int64_t value = -1;
    scan(word, strlen(word));
    return vm_exactly(&number, base, &value) ? value : -1;
}

static int64_t nearly(const char *word, int64_t base, int64_t grain)
{
    int64_t value = -1;
    scan(word, strlen(word));
    return vm_nearly(&number, base, grain, &value) ? value : -1;
}

static void test_values(void)
{
    CHECK(exactly("1.5", 2) == 3);
    CHECK(exactly("1.5", 1) == -1);
    CHECK(exactly("1e18", 9) == INT64_C(9000000000000000000));
    CHECK(exactly("-1e18", 9) == -INT64_C(9000000000000000000));
    CHECK(exactly("1e18", 10) == -1);
    CHECK(exactly("1e36", 1) == -1);
    CHECK(exactly("-1e9999", 1) == -1);
    CHECK(nearly("2.5", 1, 1) == 2);
    CHECK(nearly("3.5", 1, 1) == 4);
    CHECK(nearly("2.6", 1, 1) == 3);
    CHECK(nearly("2.4", 1, 1) == 2);
    CHECK(nearly("-2.5", 1, 1) == -2);
    CHECK(nearly("-3.5", 1, 1) == -4);
    CHECK(nearly("-2.6", 1, 1) == -3);
    CHECK(nearly("-2.4", 1, 1) == -2);
    CHECK(nearly("4", 1, 8) == 0);
    CHECK(nearly("12", 1, 8) == 16);
    CHECK(nearly("20", 1, 8) == 16);
    CHECK(nearly("1e18", 10, 1) == -1);
    CHECK(nearly("1e36", 1, 1) == -1);
}

static void test_units(void)
{
    int64_t base = 0, smaller = 0;
    CHECK(vm_find_unit(IMAGE_BYTES, base_span_of("B"), &base, &smaller));
    CHECK(base == 1 && smaller == 0);
    CHECK(vm_find_unit(IMAGE_BYTES, base_span_of("MB"), &base, &smaller));
    CHECK(base == 1024 * 1024 && smaller == 1024);
    CHECK(vm_find_unit(IMAGE_TIME, base_span_of("min"), &base, &smaller));
    CHECK(base == 60000000 && smaller == 1000000);
    CHECK(!vm_find_unit(IMAGE_BYTES, base_span_of("mb"), &base, &smaller));
    CHECK(!vm_find_unit(IMAGE_BYTES, base_span_of("min"), &base, &smaller));
    CHECK(!vm_find_unit(IMAGE_INT, base_span_of("B"), &base, &smaller));
}

static void test_truth(void)
{
    static const char *const yes[] = {"true", "T", "tr", "yes", "y", "on", "ON", "1"};
    static const char *const no[] = {"false", "F", "no", "n", "of", "off", "0"};
    static const char *const neither[] = {"", "o", "truey", "offf", "tx", "2", "10", "onn"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        CHECK(vm_truth(base_span_of(yes[i])) == 1);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        CHECK(vm_truth(base_span_of(no[i])) == 0);
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
        CHECK(vm_truth(base_span_of(neither[i])) == -1);
}

static void test_escaping(void)
{
    char bytes[100], shown[200] = "";
    struct base_sink sink = BASE_SINK(shown);
    memset(bytes, 'x', sizeof bytes);
    vm_put_escaped(&sink, (struct base_span){bytes, 80});
    CHECK(sink.length == 80);
    vm_put_escaped(&sink, (struct base_span){bytes, 81});
    CHECK(sink.length == 163);
    CHECK_TEXT(shown + 160, "...");
    sink.length = 0;
    vm_put_escaped(&sink, base_span_of("\x1f\x7f\x80 \n"));
    CHECK_TEXT(shown, "??\x80 ?");
}

/* No slot of the image is made from its secret, and none lies behind its last instruction. */
static void test_traces(void)
{
    static struct assembler assembler;
    static const struct vm_trace none;
    struct image image;
    struct image_refusal refusal;
    struct vm_trace trace, again;
    product_build(&assembler);
    CHECK(image_open(assembler.bytes, assembler.length, &image, &refusal));
    memset(&trace, 0xff, sizeof trace);
    vm_trace_secrets(&image, &trace);
    CHECK(memcmp(&trace, &none, sizeof trace) == 0);
    memset(&trace, 0xff, sizeof trace);
    vm_trace_needs(&image, &trace);
    vm_trace_needs(&image, &again);
    CHECK(memcmp(&trace, &again, sizeof trace) == 0);
    CHECK(!vm_traced(&trace, image.code_count));
    CHECK(vm_traced(&trace, image.outputs[0].slot));
    memset(&again, 0xff, sizeof again);
    vm_trace_forward(&image, image.outputs[0].slot, &none, &again);
    CHECK(vm_traced(&again, image.outputs[0].slot));
    CHECK(!vm_traced(&again, 0) && !vm_traced(&again, image.code_count));
}

int main(void)
{
    test_scanning();
    test_ends();
    test_values();
    test_units();
    test_truth();
    test_escaping();
    test_traces();
    return check_summary("quantity_test");
}
