/* The renderers, one golden text each, and the quotes of the log. */
#include "decide.h"
#include "settings/quote.h"

static void test_formats(void)
{
    CHECK(decide(
        WORDS("memory=2GB", "cpus=2", "max_connections=50", "libraries=pg_cron,vector"),
        WORDS("POSTGRES_SETTINGS=my.key = 'a b'; work_mem=8MB; wal_level=logical", "NOTE=it's"),
        NULL));
    CHECK_TEXT(session.refusals.data, "");
    CHECK_TEXT(render(SETTINGS_TABLE),
               "max_connections           50              command line\n"
               "work_mem                  8MB             POSTGRES_SETTINGS\n"
               "shared_buffers            512MB           memory * 25%\n"
               "cluster_name              it's            note\n"
               "huge_pages                try             Where they are.\n"
               "shared_preload_libraries  pg_cron,vector  libraries\n"
               "random_page_cost          1.1             1.1\n"
               "checkpoint_timeout        10min           idle\n"
               "wal_level                 logical         POSTGRES_SETTINGS\n"
               "my.key                    a b             POSTGRES_SETTINGS\n");
    CHECK_TEXT(render(SETTINGS_CONF), "# written by azc from rules/main.azr; do not edit\n"
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
    CHECK_TEXT(render(SETTINGS_FLAGS), "-c max_connections=50\n"
                                       "-c work_mem=8MB\n"
                                       "-c shared_buffers=512MB\n"
                                       "-c 'cluster_name=it'\\''s'\n"
                                       "-c huge_pages=try\n"
                                       "-c shared_preload_libraries=pg_cron,vector\n"
                                       "-c random_page_cost=1.1\n"
                                       "-c checkpoint_timeout=10min\n"
                                       "-c wal_level=logical\n"
                                       "-c 'my.key=a b'\n");
    CHECK_TEXT(render(SETTINGS_JSON), "{\n"
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
    CHECK_TEXT(render(SETTINGS_SQL),
               "ALTER SYSTEM SET max_connections = '50';\n"
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
    CHECK(strstr(render(SETTINGS_JSON), "cluster_name") == NULL);
    CHECK(strstr(render(SETTINGS_SQL), "ALTER SYSTEM RESET shared_preload_libraries;\n") != NULL);

    /* Lists and texts of the operator's stay as they were written. */
    CHECK(
        decide(WORDS("memory=2GB", "shared_preload_libraries=\"pg_cron\", vector"), NOTHING, NULL));
    CHECK(strstr(render(SETTINGS_FLAGS), "-c 'shared_preload_libraries=\"pg_cron\", vector'\n") !=
          NULL);
    CHECK(strstr(render(SETTINGS_SQL), "shared_preload_libraries = 'pg_cron', 'vector';\n") !=
          NULL);
}

static void test_reasons(void)
{
    CHECK(decide(WORDS("memory=2GB"), NOTHING, NULL));
    CHECK(strstr(render(SETTINGS_TABLE), "  What one sort may use.\n") != NULL);
    const uint32_t name = session.image.outputs[0].name;
    struct image_name *edited = (struct image_name *)(uintptr_t)&session.image.names[name];
    const uint32_t kept = edited->doc;
    char *strings = (char *)(uintptr_t)session.image.strings;
    const uint32_t end = session.image.string_bytes - 1;
    edited->doc = end - 100;
    memset(strings + end - 100, 'x', 100);
    strings[end - 30] = '\xc3';
    strings[end - 29] = '\xa4';
    CHECK(strstr(render(SETTINGS_TABLE), "xx\xc3\xa4x ...\n") != NULL);
    strings[end - 40] = ' ';
    CHECK(strstr(render(SETTINGS_TABLE), "  xxx") != NULL);
    CHECK(strstr(render(SETTINGS_TABLE), "x ...\n") != NULL);
    CHECK(strstr(render(SETTINGS_TABLE), "\xc3\xa4") == NULL);
    edited->doc = kept;
    load_product();
}

static void test_an_empty_product(void)
{
    assemble_begin(&assembler);
    assemble_build(&assembler);
    CHECK(session_load(&session, "empty.azb", assembler.bytes, assembler.length));
    CHECK(decide(NOTHING, NOTHING, NULL));
    CHECK_TEXT(render(SETTINGS_JSON), "{}\n");
    CHECK_TEXT(render(SETTINGS_TABLE), "");
}

static const char *logged(const char *value)
{
    struct base_sink sink = BASE_SINK(rendered);
    rendered[0] = '\0';
    settings_quote_log(&sink, base_span_of(value));
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
    CHECK(settings_find_format("table") == SETTINGS_TABLE);
    CHECK(settings_find_format("text") == SETTINGS_TABLE);
    CHECK(settings_find_format("sql") == SETTINGS_SQL);
    CHECK(settings_find_format("yaml") == SETTINGS_FORMATS);
    CHECK_TEXT(settings_layer_word(VM_RULES), "rules");
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
