/* azc catalog import: a settings catalogue from a live server. */
#include <stdio.h>
#include <string.h>
#include "azc/azc.h"
#include "version.h"
#include "catalog/import.h"

static int import(const struct azc_options *options)
{
    struct base_arena arena = {0};
    const struct catalog_request request = {
        .dsn = options->dsn, .libraries = options->libraries, .notes = options->notes};
    const char *why, *text = catalog_import(&arena, &request, &why);
    int status = STATUS_WRONG;
    if (text == NULL) {
        fprintf(stderr, "azc catalog: %s\n", why);
    } else {
        struct base_sink sink = base_arena_sink(&arena);
        base_put(&sink, text);
        status = azc_put_to(options, &sink);
    }
    base_arena_free(&arena);
    return status;
}

static int run_catalog(const struct azc_options *options)
{
    if (options->word_count == 0)
        return azc_misuse("catalog", "what to do is missing: ", "import");
    if (strcmp(options->words[0], "import") != 0)
        return azc_misuse("catalog", "there is no verb ", options->words[0]);
    if (options->word_count > 1)
        return azc_misuse("catalog", "one word too many: ", options->words[1]);
    if (options->dsn == NULL)
        return azc_misuse("catalog", "--dsn is missing", "");
    return import(options);
}

const struct azc_verb azc_catalog = {
    .name = "catalog",
    .summary = "make a settings catalogue from a live server",
    .usage = "catalog import --dsn DSN [-o FILE] [--libraries LIST] [--notes FILE]",
    .text =
        "A catalogue tells the compiler which settings a server has: their types, units, bounds,\n"
        "members, and when they take effect. This reads them from a PostgreSQL server or from the\n"
        "console of PgBouncer and writes them as JSON, one setting a line. The same server gives\n"
        "the same bytes. Nothing on the server changes.\n\n"
        "DSN is libpq's connection string. For PgBouncer it names the database `pgbouncer` and a\n"
        "user of admin_users or stats_users. A library that can only be preloaded must be in\n"
        "shared_preload_libraries of the server. The notes are a JSON object with \"source\", a\n"
        "sentence, and \"settings\", an object of entries by name that are added to what the "
        "server\n"
        "reports: {\"output_plugin_libraries\": {\"since\": 180006}}.\n\n"
        "example: azc catalog import --dsn 'host=/run/postgresql user=postgres' \\\n"
        "             --libraries auto_explain,vector -o "
        "stdlib/catalogs/postgres-" AZA_POSTGRES_MAJOR ".json\n",
    .options = "dsn output libraries notes",
    .run = run_catalog,
};
