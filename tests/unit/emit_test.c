/* The renderers, one golden text each, and the quotes of the log. */
#include "decide.h"
#include "emit/quote.h"

static void test_formats(void)
{
    CHECK(decide(
        WORDS("memory=2GB", "cpus=2", "max_connections=50", "libraries=pg_cron,vector"),
        WORDS("POSTGRES_SETTINGS=my.key = 'a b'; work_mem=8MB; wal_level=logical", "NOTE=it's"),
        NULL));
    CHECK_TEXT(session.refusals.data, "");
    CHECK_TEXT(render(AZO_TABLE), "max_connections           50              command line\n"
                                  "work_mem                  8MB             POSTGRES_SETTINGS\n"
                                  "shared_buffers            512MB           memory * 25%\n"
                                  "cluster_name              it's            note\n"
                                  "huge_pages                try             Where they are.\n"
                                  "shared_preload_libraries  pg_cron,vector  libraries\n"
                                  "random_page_cost          1.1             1.1\n"
                                  "checkpoint_timeout        10min           idle\n"
                                  "wal_level                 logical         POSTGRES_SETTINGS\n"
                                  "my.key                    a b             POSTGRES_SETTINGS\n");
    CHECK_TEXT(render(AZO_CONF), "# written by azc from rules/main.azr; do not edit\n"
                                 "max_connections = '50'\n"
                                 "work_mem = '8MB'\n"
                                 "shared_buffers = '512MB'\n"
                                 "cluster_name = 'it''s'\n"
                                 "huge_pages = 'try'\n"
                                 "shared_preload_libraries = 'pg_cron,vector'\n"
                                 "random_page_cost = '1.1'\n"
                                 "checkpoint_timeout = '10min'\n"
                                 "wal_level = 'logical'\n"
                                 "my.key = 'a b'\n");
    CHECK_TEXT(render(AZO_FLAGS), "-c max_connections=50\n"
                                  "-c work_mem=8MB\n"
                                  "-c shared_buffers=512MB\n"
                                  "-c 'cluster_name=it'\\''s'\n"
                                  "-c huge_pages=try\n"
                                  "-c shared_preload_libraries=pg_cron,vector\n"
                                  "-c random_page_cost=1.1\n"
                                  "-c checkpoint_timeout=10min\n"
                                  "-c wal_level=logical\n"
                                  "-c 'my.key=a b'\n");
    CHECK_TEXT(render(AZO_JSON), "{\n"
                                 "  \"max_connections\": \"50\",\n"
                                 "  \"work_mem\": \"8MB\",\n"
                                 "  \"shared_buffers\": \"512MB\",\n"
                                 "  \"cluster_name\": \"it's\",\n"
                                 "  \"huge_pages\": \"try\",\n"
                                 "  \"shared_preload_libraries\": \"pg_cron,vector\",\n"
                                 "  \"random_page_cost\": \"1.1\",\n"
                                 "  \"checkpoint_timeout\": \"10min\",\n"
                                 "  \"wal_level\": \"logical\",\n"
                                 "  \"my.key\": \"a b\"\n"
                                 "}\n");
    CHECK_TEXT(render(AZO_SQL), "ALTER SYSTEM SET max_connections = '50';\n"
                                "ALTER SYSTEM SET work_mem = '8MB';\n"
                                "ALTER SYSTEM SET shared_buffers = '512MB';\n"
                                "ALTER SYSTEM SET cluster_name = 'it''s';\n"
                                "ALTER SYSTEM SET huge_pages = 'try';\n"
                                "ALTER SYSTEM SET shared_preload_libraries = 'pg_cron', 'vector';\n"
                                "ALTER SYSTEM SET random_page_cost = '1.1';\n"
                                "ALTER SYSTEM SET checkpoint_timeout = '10min';\n"
                                "ALTER SYSTEM SET wal_level = 'logical';\n"
                                "ALTER SYSTEM SET my.key = 'a b';\n");
}

static void test_voids_and_lists(void)
{
    CHECK(decide(WORDS("memory=2GB"), NOTHING, NULL));
    CHECK(strstr(render(AZO_JSON), "cluster_name") == NULL);
    CHECK(strstr(render(AZO_SQL), "ALTER SYSTEM RESET shared_preload_libraries;\n") != NULL);

    /* Lists and texts of the operator's stay as they were written. */
    CHECK(
        decide(WORDS("memory=2GB", "shared_preload_libraries=\"pg_cron\", vector"), NOTHING, NULL));
    CHECK(strstr(render(AZO_FLAGS), "-c 'shared_preload_libraries=\"pg_cron\", vector'\n") != NULL);
    CHECK(strstr(render(AZO_SQL), "shared_preload_libraries = 'pg_cron', 'vector';\n") != NULL);
}

static void test_reasons(void)
{
    CHECK(decide(WORDS("memory=2GB"), NOTHING, NULL));
    CHECK(strstr(render(AZO_TABLE), "  What one sort may use.\n") != NULL);
    const uint32_t name = session.image.outputs[0].name;
    struct azb_name *edited = (struct azb_name *)(uintptr_t)&session.image.names[name];
    const uint32_t kept = edited->doc;
    char *strings = (char *)(uintptr_t)session.image.strings;
    const uint32_t end = session.image.string_bytes - 1;
    edited->doc = end - 100;
    memset(strings + end - 100, 'x', 100);
    strings[end - 30] = '\xc3';
    strings[end - 29] = '\xa4';
    CHECK(strstr(render(AZO_TABLE), "xx\xc3\xa4x ...\n") != NULL);
    strings[end - 40] = ' ';
    CHECK(strstr(render(AZO_TABLE), "  xxx") != NULL);
    CHECK(strstr(render(AZO_TABLE), "x ...\n") != NULL);
    CHECK(strstr(render(AZO_TABLE), "\xc3\xa4") == NULL);
    edited->doc = kept;
    load_product();
}

static void test_an_empty_product(void)
{
    assemble_begin(&assembler);
    assemble_build(&assembler);
    CHECK(azn_load(&session, "empty.azb", assembler.bytes, assembler.length));
    CHECK(decide(NOTHING, NOTHING, NULL));
    CHECK_TEXT(render(AZO_JSON), "{}\n");
    CHECK_TEXT(render(AZO_TABLE), "");
}

static const char *logged(const char *value)
{
    struct aza_sink sink = AZA_SINK(rendered);
    rendered[0] = '\0';
    azo_quote_log(&sink, aza_span_of(value));
    return rendered;
}

static void test_quotes(void)
{
    CHECK_TEXT(logged("plain"), "plain");
    CHECK_TEXT(logged(""), "''");
    CHECK_TEXT(logged("a b"), "'a b'");
    CHECK_TEXT(logged("a'b"), "'a''b'");
    CHECK_TEXT(logged("a\nb\x7f"), "'a?b?'");
}

static void test_words(void)
{
    CHECK(azo_find_format("table") == AZO_TABLE);
    CHECK(azo_find_format("text") == AZO_TABLE);
    CHECK(azo_find_format("sql") == AZO_SQL);
    CHECK(azo_find_format("yaml") == AZO_FORMATS);
    CHECK_TEXT(azo_layer_word(AZV_RULES), "rules");
}

int main(void)
{
    load_product();
    test_formats();
    test_voids_and_lists();
    test_reasons();
    test_quotes();
    test_words();
    test_an_empty_product();
    return check_summary("emit_test");
}
