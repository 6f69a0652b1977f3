/* The catalogues: numbers and units as servers print them, what is read from a file, and what is
 * refused with which sentence. */
#include <fcntl.h>
#include <unistd.h>
#include "catalog/catalog.h"
#include "catalog/compare.h"
#include "catalog/import.h"
#include "../check.h"

static struct base_arena arena;
static struct base_names names = {.arena = &arena};

#define HEAD              "{\"catalog\": \"c\", \"server\": \"S 1\", \"version\": 180006, \"settings\": [\n"
#define TAIL              "\n]}\n"
#define NAMED(name, rest) "{\"name\": \"" name "\", \"context\": \"user\", " rest "}"

static struct catalog *parse(const char *text, const char **why)
{
    *why = "";
    return catalog_parse(&arena, &names, "c.json", text, strlen(text), why);
}

/* The only setting of a catalogue. */
static const struct catalog_setting *one(const char *rest)
{
    const char *why;
    struct catalog *catalog = parse(
        base_format(&arena, HEAD "{\"name\": \"a\", \"context\": \"user\", %s}" TAIL, rest), &why);
    CHECK_TEXT(why, "");
    return catalog ? &catalog->settings[0] : NULL;
}

static void check_refused(const char *text, const char *sentence)
{
    const char *why;
    CHECK(parse(text, &why) == NULL);
    CHECK_TEXT(why, sentence);
}

static void check_entry_refused(const char *rest, const char *sentence)
{
    check_refused(base_format(&arena,
                              HEAD NAMED("a", "\"type\": \"bool\"") ",\n{\"name\": \"b\", %s}" TAIL,
                              rest),
                  sentence);
}

static int64_t number(const char *text, int64_t scale)
{
    int64_t value = 42;
    CHECK(catalog_number(text, scale, &value));
    return value;
}

static void test_numbers(void)
{
    int64_t value;
    CHECK(number("128", 8192) == 1048576);
    CHECK(number("-1", 1000) == -1000);
    CHECK(number("0.03", CATALOG_RATIO_ONE) == 30000);
    CHECK(number("1e+06", CATALOG_RATIO_ONE) == INT64_C(1000000000000));
    CHECK(number("1.23457e+06", 1) == 1234570);
    CHECK(number("2.5e-05", CATALOG_RATIO_ONE) == 25);
    CHECK(number("1e-09", CATALOG_RATIO_ONE) == 0);
    CHECK(number("0e+308", 1) == 0);
    CHECK(number("1.79769e+308", CATALOG_RATIO_ONE) == INT64_MAX);
    CHECK(number("-1.79769e+308", CATALOG_RATIO_ONE) == INT64_MIN);
    CHECK(number("2147483647", 60000000) == INT64_C(128849018820000000));
    CHECK(number("9000000000000", INT64_C(1) << 40) == INT64_MAX);
    CHECK(number("-9000000000000", INT64_C(1) << 40) == INT64_MIN);
    CHECK(number("1e9999999999", 1) == INT64_MAX);
    const char *const bad[] = {"",     "e",   "1e",    "1e+", "1e+-2", "x", "1x",
                               "0x10", "--1", "1e1e1", "inf", "nan",   " 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!catalog_number(bad[i], 1, &value));
}

static void test_units(void)
{
    enum image_kind kind;
    int64_t base;
    CHECK(catalog_unit("8kB", &kind, &base) && kind == IMAGE_BYTES && base == 8192);
    CHECK(catalog_unit("B", &kind, &base) && kind == IMAGE_BYTES && base == 1);
    CHECK(catalog_unit("16MB", &kind, &base) && kind == IMAGE_BYTES && base == 16777216);
    CHECK(catalog_unit("min", &kind, &base) && kind == IMAGE_TIME && base == 60000000);
    const char *const bad[] = {
        "", "8", "kb", "0kB", "8 kB", "%", "9223372036854775807kB", "99999999999999999999B"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!catalog_unit(bad[i], &kind, &base));
}

static void check_numbers(const char *rest, enum image_kind kind, int64_t unit, int64_t grain,
                          int64_t low, int64_t high)
{
    const struct catalog_setting *setting = one(rest);
    CHECK(setting && setting->kind == kind && setting->unit == unit && setting->grain == grain &&
          setting->low == low && setting->high == high);
}

static void test_kinds(void)
{
    check_numbers("\"type\": \"bool\"", IMAGE_BOOL, 1, 1, 0, 1);
    check_numbers("\"type\": \"integer\", \"min\": \"1\", \"max\": \"9\"", IMAGE_INT, 1, 1, 1, 9);
    check_numbers(
        "\"type\": \"integer\", \"unit\": \"8kB\", \"min\": \"-1\", \"max\": \"2147483647\"",
        IMAGE_BYTES, 8192, 8192, -8192, INT64_C(17592186036224));
    check_numbers("\"type\": \"integer\", \"unit\": \"min\", \"min\": \"0\", \"max\": \"2\"",
                  IMAGE_TIME, 60000000, 60000000, 0, 120000000);
    check_numbers("\"type\": \"real\", \"unit\": \"ms\", \"min\": \"-1\", \"max\": \"0.5\"",
                  IMAGE_TIME, 1000, 1, -1000, 500);
    check_numbers("\"type\": \"real\", \"min\": \"1.5\", \"max\": \"1.79769e+308\"", IMAGE_RATIO, 1,
                  1, 1500000, INT64_MAX);
    check_numbers("\"type\": \"real\", \"unit\": \"s\", \"min\": \"0\"", IMAGE_TIME, 1000000, 1, 0,
                  INT64_MAX);
    check_numbers("\"type\": \"string\"", IMAGE_TEXT, 1, 1, INT64_MIN, INT64_MAX);
    const struct catalog_setting *setting = one("\"type\": \"enum\", \"members\": [\"x\", \"y\"]");
    CHECK(setting && setting->kind == IMAGE_ENUM && setting->member_count == 2);
    CHECK(setting && setting->members[1] == base_intern(&names, "y", 1));
    setting = one("\"type\": \"bool\", \"members\": [\"0\", \"1\"]");
    CHECK(setting && setting->member_count == 2);
}

static void test_fields(void)
{
    const struct catalog_setting *setting =
        one("\"type\": \"string\", \"library\": \"l\", \"list\": true, \"boot\": \"\", "
            "\"since\": 180001, \"until\": 180003, \"summary\": \"Tells.\"");
    CHECK(setting && setting->list && setting->since == 180001 && setting->until == 180003);
    CHECK(setting && !setting->internal && !setting->restart);
    CHECK_TEXT(setting ? setting->library : "", "l");
    CHECK_TEXT(setting ? setting->boot_value : "x", "");
    CHECK_TEXT(setting ? setting->summary : "", "Tells.");
    setting = one("\"type\": \"bool\"");
    CHECK(setting && !setting->boot_value && !setting->library && !setting->unit_word &&
          setting->summary[0] == '\0');
    const char *why;
    const struct catalog *catalog = parse(
        HEAD
        "{\"name\": \"a\", \"context\": \"internal\", \"type\": \"bool\"},"
        "{\"name\": \"b\", \"context\": \"postmaster\", \"type\": \"bool\"},"
        "{\"name\": \"c\", \"context\": \"restart\", \"type\": \"bool\", \"list\": false}" TAIL,
        &why);
    CHECK_TEXT(why, "");
    CHECK(catalog && catalog->settings[0].internal && !catalog->settings[0].restart);
    CHECK(catalog && catalog->settings[1].restart && catalog->settings[2].restart);
}

static void test_find(void)
{
    const char *why;
    const struct catalog *catalog = parse(
        HEAD NAMED("a_b", "\"type\": \"bool\"") "," NAMED("AB", "\"type\": \"bool\"") "," NAMED(
            "abc.d-e$", "\"type\": \"bool\"") "," NAMED("Z", "\"type\": \"bool\"") TAIL,
        &why);
    CHECK_TEXT(why, "");
    if (!catalog)
        return;
    for (size_t i = 0; i < catalog->count; i++)
        CHECK(catalog_find(catalog, catalog->settings[i].name) == &catalog->settings[i]);
    CHECK(catalog_find(catalog, "ab") == &catalog->settings[1]);
    CHECK(catalog_find(catalog, "z") == &catalog->settings[3]);
    CHECK(!catalog_find(catalog, "") && !catalog_find(catalog, "abc") &&
          !catalog_find(catalog, "zz"));
    CHECK(catalog->version == 180006 && catalog->count == 4);
    CHECK_TEXT(catalog->name, "c");
    CHECK_TEXT(catalog->server, "S 1");
    CHECK_TEXT(catalog->path, "c.json");
    CHECK(parse(HEAD TAIL, &why) != NULL && !catalog_find(parse(HEAD TAIL, &why), "a"));
}

static void test_broken_files(void)
{
    const char *why;
    CHECK(!parse("", &why) && strncmp(why, "c.json:1:0: ", 12) == 0);
    CHECK(!parse("{\n\"a\": }", &why) && strncmp(why, "c.json:2:6: ", 12) == 0);
    CHECK(!parse("{\"a\": 1, \"a\": 2}", &why) && strstr(why, "duplicate"));
    CHECK(!parse(HEAD NAMED("\\ud800", "\"type\": \"bool\"") TAIL, &why));
    CHECK(!parse(HEAD NAMED("\xff", "\"type\": \"bool\"") TAIL, &why));
    check_refused("[]", "c.json: not an object");
    check_refused("{}", "c.json: missing key \"catalog\"");
    check_refused("{\"colour\": 1}", "c.json: unknown key \"colour\"");
    check_refused("{\"catalog\": 1}", "c.json: \"catalog\" must be a string");
    check_refused("{\"version\": \"18\"}", "c.json: \"version\" must be a whole number above 0");
    check_refused("{\"version\": 18.5}", "c.json: \"version\" must be a whole number above 0");
    check_refused("{\"settings\": {}}", "c.json: \"settings\" must be an array");
    check_refused(HEAD "1" TAIL, "c.json:2: not an object");
    check_refused(HEAD NAMED("b{[\\\"", "\"type\": \"bool\"") TAIL,
                  "c.json:2: `b{[\"`: invalid name");
    check_refused(HEAD NAMED("", "\"type\": \"bool\"") TAIL, "c.json:2: ``: invalid name");
    check_refused(HEAD NAMED("b", "\"type\": \"bool\"") ",\n\n" NAMED("B", "\"type\": \"bool\"")
                      TAIL,
                  "c.json:4: `B`: duplicate setting `b`");
    check_refused(HEAD NAMED("b", "\"type\": \"bool\"") ",\n" NAMED("a", "\"type\": \"bool\"") TAIL,
                  "c.json:3: `a`: must come before `b`: settings are sorted by name");
}

static void test_broken_entries(void)
{
    check_entry_refused("\"context\": \"user\"", "c.json:3: missing key \"type\"");
    check_entry_refused("\"colour\": \"red\"", "c.json:3: unknown key \"colour\"");
    check_entry_refused("\"list\": 1", "c.json:3: \"list\" must be true or false");
    check_entry_refused("\"since\": 0", "c.json:3: \"since\" must be a whole number above 0");
    static const char *const cases[][2] = {
        {"\"type\": \"float\"", "unknown type \"float\""},
        {"\"type\": \"integer\", \"unit\": \"kb\"", "\"kb\" is not a unit of size or time"},
        {"\"type\": \"integer\", \"min\": \"low\"", "the bound \"low\" is not a number"},
        {"\"type\": \"integer\", \"max\": \"1.5\", \"unit\": \"kB\"",
         "the bound \"1.5\" is not a whole number"},
        {"\"type\": \"integer\", \"max\": \"1.5\"", "the bound \"1.5\" is not a whole number"},
        {"\"type\": \"integer\", \"min\": \"2\", \"max\": \"1\"",
         "empty range: the minimum 2 is above the maximum 1"},
        {"\"type\": \"bool\", \"min\": \"0\"", "only a number can have a unit or bounds"},
        {"\"type\": \"string\", \"unit\": \"kB\"", "only a number can have a unit or bounds"},
        {"\"type\": \"enum\"", "an enum must have members, and other types cannot have them"},
        {"\"type\": \"enum\", \"members\": [1]", "\"members\" must be an array of strings"},
        {"\"type\": \"string\", \"members\": [\"a\"]",
         "an enum must have members, and other types cannot have them"},
        {"\"type\": \"bool\", \"members\": [\"a\"]",
         "a bool must have two members, for false and for true"},
        {"\"type\": \"enum\", \"members\": [\"a\"], \"list\": true", "only a string can be a list"},
        {"\"type\": \"bool\", \"since\": 2, \"until\": 1", "\"until\" is before \"since\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_entry_refused(base_format(&arena, "\"context\": \"user\", %s", cases[i][0]),
                            base_format(&arena, "c.json:3: `b`: %s", cases[i][1]));
}

/* However a catalogue is cut off or spoilt, it is refused or read; nothing else happens. */
static void test_spoilt_files(void)
{
    char text[] =
        HEAD "{\"name\": \"a\", \"type\": \"integer\", \"unit\": \"8kB\", \"min\": \"-1\", "
             "\"max\": \"1e3\", \"context\": \"user\", \"since\": 2}" TAIL;
    const char *why;
    CHECK(parse(text, &why) != NULL);
    for (size_t length = 0; length < strlen(text) - 2; length++)
        CHECK(!catalog_parse(&arena, &names, "c.json", text, length, &why));
    int refused = 0;
    for (size_t at = 0; at < strlen(text); at++) {
        char kept = text[at];
        text[at] = '"';
        refused += !parse(text, &why) && strncmp(why, "c.json:", 7) == 0;
        text[at] = kept;
    }
    CHECK(refused > 100);
}

static void test_too_many(void)
{
    struct base_sink sink = base_arena_sink(&arena);
    base_put(&sink, HEAD);
    for (int i = 0; i <= LIMIT_SETTINGS; i++)
        base_put(&sink, i ? ",{}" : "{}");
    base_put(&sink, TAIL);
    check_refused(sink.data, "c.json: too many settings: 1025 (limit 1024)");
}

static void test_shipped(void)
{
    const char *why = "";
    const struct catalog *catalog =
        catalog_load(&arena, &names, "stdlib/catalogs/postgres-18.json", &why);
    CHECK_TEXT(why, "");
    const struct catalog_setting *setting =
        catalog ? catalog_find(catalog, "Shared_Buffers") : NULL;
    CHECK(setting && setting->kind == IMAGE_BYTES && setting->grain == 8192 && setting->restart);
    setting = catalog ? catalog_find(catalog, "output_plugin_libraries") : NULL;
    CHECK(setting && setting->since == 180006 && setting->list);
    setting = catalog ? catalog_find(catalog, "cron.database_name") : NULL;
    CHECK_TEXT(setting && setting->library ? setting->library : "", "pg_cron");
    setting = catalog ? catalog_find(catalog, "server_version_num") : NULL;
    CHECK(setting && setting->internal);
    catalog = catalog_load(&arena, &names, "stdlib/catalogs/pgbouncer-1.json", &why);
    CHECK_TEXT(why, "");
    setting = catalog ? catalog_find(catalog, "query_timeout") : NULL;
    CHECK(setting && setting->kind == IMAGE_TIME && setting->unit == 1000000 &&
          setting->grain == 1);
    CHECK(!catalog_load(&arena, &names, "no/such.json", &why));
    CHECK_TEXT(why, "no/such.json: No such file or directory");
}

static void test_no_server(void)
{
    const char *why = "", *dsn = "host=/nonexistent dbname=a user=a";
    struct catalog_request request = {.dsn = dsn};
    CHECK(!catalog_import(&arena, &request, &why) && strncmp(why, "cannot connect: ", 16) == 0);
    why = "";
    CHECK(!catalog_compare(&arena, dsn, NULL, 0, NULL, &why) && strstr(why, "/nonexistent"));
}

int main(void)
{
    test_numbers();
    test_units();
    test_kinds();
    test_fields();
    test_find();
    test_broken_files();
    test_broken_entries();
    test_spoilt_files();
    test_too_many();
    test_shipped();
    test_no_server();
    base_arena_free(&arena);
    return check_summary("catalog");
}
