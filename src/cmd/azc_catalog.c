/* azc catalog import: a settings catalogue from a live server. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "catalog/import.h"
#include "cmd/azc_catalog.h"

enum status { FINE = 0, WRONG = 1, USAGE = 2 };

static const char help[] =
    "azc catalog import - make a settings catalogue from a live server\n"
    "\n"
    "usage: azc catalog import --dsn DSN [-o FILE] [--libraries LIST] [--notes FILE]\n"
    "\n"
    "A catalogue tells the compiler which settings a server has: their types, units, bounds,\n"
    "members, and when they take effect. This reads them from a PostgreSQL server or from the\n"
    "console of PgBouncer and writes them as JSON, one setting a line. The same server gives\n"
    "the same bytes. Nothing on the server changes.\n"
    "\n"
    "  --dsn DSN         the server, in libpq's words: \"host=/run/postgresql user=postgres\";\n"
    "                    for PgBouncer, the database `pgbouncer` and a user of admin_users or\n"
    "                    stats_users\n"
    "  -o, --output FILE write there, whole or not at all, instead of to standard output\n"
    "  --libraries LIST  libraries to load into the session, separated by commas, so that\n"
    "                    their settings show; a superuser may load any. One that can only be\n"
    "                    preloaded must stand in shared_preload_libraries of the server\n"
    "  --notes FILE      what no server can tell, laid over what it does tell: a JSON object\n"
    "                    with \"source\", a sentence, and \"settings\", an object of entries by\n"
    "                    name: {\"output_plugin_libraries\": {\"since\": 180006}}\n"
    "  --help            this text\n"
    "\n"
    "exit status: 0 fine, 1 the server or the notes are not as they must be, 2 wrong usage\n"
    "\n"
    "example: azc catalog import --dsn 'host=/run/postgresql user=postgres' \\\n"
    "             --libraries auto_explain,vector -o stdlib/catalogs/postgres-18.json\n";

struct options {
    struct azg_request request;
    const char *output;
    bool help;
};

static int misuse(const char *what, const char *word)
{
    fprintf(stderr, "azc catalog: %s%s\nTry `azc catalog --help`.\n", what, word);
    return USAGE;
}

static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"dsn", required_argument, NULL, 'd'},   {"output", required_argument, NULL, 'o'},
        {"notes", required_argument, NULL, 'n'}, {"libraries", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},        {0},
    };
    int letter;
    optind = 0; /* scan anew, whatever was scanned before */
    while ((letter = getopt_long(argc, argv, ":o:h", names, NULL)) != -1) {
        switch (letter) {
        case 'd':
            options->request.dsn = optarg;
            break;
        case 'o':
            options->output = optarg;
            break;
        case 'n':
            options->request.notes = optarg;
            break;
        case 'l':
            options->request.libraries = optarg;
            break;
        case 'h':
            options->help = true;
            break;
        case ':':
            return misuse("a value is missing after ", argv[optind - 1]);
        default:
            return misuse("there is no option ", argv[optind - 1]);
        }
    }
    return FINE;
}

static int write_catalogue(const char *output, const char *text)
{
    const char *why;
    if (output ? aza_write_file(output, text, strlen(text), &why)
               : aza_write_all(STDOUT_FILENO, text, strlen(text)))
        return FINE;
    fprintf(stderr, "azc catalog: %s: %s\n", output ? output : "standard output",
            output ? why : "cannot be written");
    return WRONG;
}

static int import(const struct options *options)
{
    struct aza_arena arena = {0};
    const char *why, *text = azg_import(&arena, &options->request, &why);
    int status = WRONG;
    if (text)
        status = write_catalogue(options->output, text);
    else
        fprintf(stderr, "azc catalog: %s\n", why);
    aza_arena_free(&arena);
    return status;
}

int azc_catalog(int argc, char **argv)
{
    struct options options = {0};
    int status = read_options(argc, argv, &options);
    if (status != FINE)
        return status;
    if (options.help)
        return write_catalogue(NULL, help);
    if (optind == argc)
        return misuse("what to do is missing: ", "import");
    if (strcmp(argv[optind], "import") != 0)
        return misuse("there is no verb ", argv[optind]);
    if (optind + 1 < argc)
        return misuse("one word too many: ", argv[optind + 1]);
    if (!options.request.dsn)
        return misuse("--dsn is missing", "");
    return import(&options);
}
