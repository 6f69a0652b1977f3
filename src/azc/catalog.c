/* azc catalog import: creates a settings catalogue from a live server. This file reads the command
 * line and writes the text; src/catalog does the work. */
#include <stdio.h>
#include <string.h>
#include "azc/azc.h"
#include "version.h"
#include "catalog/import.h"

static int import_catalog(const struct azc_options *options)
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
        return azc_misuse("catalog", "missing subcommand: ", "import");
    if (strcmp(options->words[0], "import") != 0)
        return azc_misuse("catalog", "unknown subcommand ", options->words[0]);
    if (options->word_count > 1)
        return azc_misuse("catalog", "unexpected argument: ", options->words[1]);
    if (options->dsn == NULL)
        return azc_misuse("catalog", "--dsn is required", "");
    return import_catalog(options);
}

const struct azc_verb azc_catalog = {
    .name = "catalog",
    .summary = "create a settings catalogue from a live server",
    .usage = "catalog import --dsn DSN [-o FILE] [--libraries LIST] [--notes FILE]",
    .text =
        "A catalogue lists the settings of a server: types, units, bounds, members, and when\n"
        "a change takes effect. Reads them from a PostgreSQL server or from the console of\n"
        "PgBouncer and writes them as JSON, one setting per line. The same server gives the\n"
        "same bytes. Nothing on the server is changed.\n\n"
        "DSN is a libpq connection string. For PgBouncer, connect to the database `pgbouncer`\n"
        "as one of admin_users or stats_users. A library that can only be preloaded must be\n"
        "in the server's shared_preload_libraries. The notes are a JSON object with\n"
        "\"source\", a sentence, and \"settings\", an object of entries by name that are added\n"
        "to those of the server: {\"output_plugin_libraries\": {\"since\": 180006}}.\n\n"
        "example: azc catalog import --dsn 'host=/run/postgresql user=postgres' \\\n"
        "             --libraries auto_explain,vector -o "
        "stdlib/catalogs/postgres-" AZA_POSTGRES_MAJOR ".json\n",
    .options = "dsn output libraries notes",
    .run = run_catalog,
};
