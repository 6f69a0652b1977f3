/* Gathers the settings of a PostgreSQL server.
 *
 * The view pg_settings has nearly everything. Two things are found by experiment:
 *
 * - Which library defines a setting. Each library is loaded in turn, and the settings that appear
 *   are its own. For libraries that were loaded before the session began, the prefix of the
 *   setting's name decides.
 * - Whether a string is a list. The server accepts `SET x TO 'a', 'b'` only for lists. */
#include <string.h>
#include "catalog/gather.h"

/* Libraries that are already loaded when the session begins, as one list. */
static const char preloaded_sql[] =
    "SELECT string_agg(setting, ',') FROM pg_catalog.pg_settings"
    " WHERE name IN ('shared_preload_libraries', 'session_preload_libraries',"
    " 'local_preload_libraries') AND setting <> ''";

static const char names_sql[] = "SELECT name FROM pg_catalog.pg_settings";

enum { NAME, TYPE, UNIT, LOW, HIGH, MEMBERS, CONTEXT, BOOT, SUMMARY };
static const char settings_sql[] =
    "SELECT name, vartype, unit, min_val, max_val, pg_catalog.array_to_json(enumvals), context,"
    " boot_val, short_desc FROM pg_catalog.pg_settings";

/* "$libdir/pg_cron", quoted or not, is pg_cron. */
static struct base_span library_name(struct base_span item)
{
    item = base_trim(item);
    for (size_t i = item.length; i-- > 0;)
        if (item.start[i] == '/') {
            item.start += i + 1;
            item.length -= i + 1;
            break;
        }
    if (item.length > 0 && item.start[item.length - 1] == '"')
        item.length--;
    if (item.length > 0 && item.start[0] == '"')
        item.start++, item.length--;
    return item;
}

/* How many characters of a setting's prefix name the library, 0 if it names another: `cron.host`
 * belongs to pg_cron, and `timescaledb_osm.x` to timescaledb. */
static size_t match_length(struct base_span library, struct base_span prefix)
{
    size_t skipped = library.length > 3 && memcmp(library.start, "pg_", 3) == 0 &&
                             (prefix.length < 3 || memcmp(prefix.start, "pg_", 3) != 0)
                         ? 3
                         : 0;
    size_t length = library.length - skipped;
    bool opens = length <= prefix.length &&
                 memcmp(library.start + skipped, prefix.start, length) == 0 &&
                 (length == prefix.length || prefix.start[length] == '_');
    return opens ? length : 0;
}

/* The library of a list whose name matches most of the setting's prefix; its start is null if none
 * matches, or the name has no prefix. */
static struct base_span library_of_prefix(const char *list, const char *name)
{
    struct base_span rest = base_span_of(list), item, best = {0};
    size_t most = 0;
    struct base_span prefix = {name, strchr(name, '.') ? strcspn(name, ".") : 0};
    while (base_list_next(&rest, &item)) {
        struct base_span library = library_name(item);
        size_t length = match_length(library, prefix);
        if (length > most)
            most = length, best = library;
    }
    return best;
}

static bool is_preloaded(const char *preloaded, struct base_span library)
{
    struct base_span rest = base_span_of(preloaded), item;
    while (base_list_next(&rest, &item)) {
        item = library_name(item);
        if (item.length == library.length && memcmp(item.start, library.start, item.length) == 0)
            return true;
    }
    return false;
}

/* Makes the library that was just loaded the owner of every setting that has none yet. In the first
 * call `loaded` is empty: settings with a prefix belong to the preloaded library that it names, and
 * those without to the server, which is null in `owners`. */
static bool assign_owners(struct catalog_gathering *gathering, json_t *owners,
                          const char *preloaded, struct base_span loaded)
{
    PGresult *rows = catalog_query(gathering, names_sql);
    for (int row = 0; row < PQntuples(rows); row++) {
        const char *name = catalog_column(rows, row, 0);
        struct base_span owner = loaded;
        if (json_object_get(owners, name))
            continue;
        if (!loaded.start)
            owner = library_of_prefix(preloaded, name);
        if (owner.start)
            json_object_set_new(owners, name, json_stringn(owner.start, owner.length));
        else if (!strchr(name, '.'))
            json_object_set_new(owners, name, json_null());
    }
    bool assigned = rows != NULL;
    PQclear(rows);
    return assigned;
}

static bool load_library(struct catalog_gathering *gathering, struct base_span library)
{
    char *quoted = PQescapeLiteral(gathering->connection, library.start, library.length);
    PGresult *result = catalog_query(gathering, base_format(gathering->arena, "LOAD %s", quoted));
    bool loaded = result != NULL;
    PQclear(result);
    PQfreemem(quoted);
    return loaded;
}

static bool load_libraries(struct catalog_gathering *gathering, json_t *owners)
{
    PGresult *rows = catalog_query(gathering, preloaded_sql);
    if (!rows)
        return false;
    const char *value = catalog_column(rows, 0, 0), *preloaded = value ? value : "";
    bool done = assign_owners(gathering, owners, preloaded, (struct base_span){0});
    const char *wanted = gathering->request->libraries;
    struct base_span rest = base_span_of(wanted ? wanted : ""), item;
    while (done && base_list_next(&rest, &item)) {
        item = base_trim(item);
        if (item.length > 0 && !is_preloaded(preloaded, item))
            done =
                load_library(gathering, item) && assign_owners(gathering, owners, preloaded, item);
    }
    PQclear(rows);
    return done;
}

/* SET LOCAL outside of a transaction changes nothing, whether it succeeds or not. It may fail for
 * many reasons (the value, the context); only for a string that is not a list does it fail in the
 * function that joins the words. */
static bool accepts_list(struct catalog_gathering *gathering, const char *name)
{
    char *quoted = PQescapeIdentifier(gathering->connection, name, strlen(name));
    PGresult *result = PQexec(gathering->connection,
                              base_format(gathering->arena, "SET LOCAL %s TO 'a', 'b'", quoted));
    const char *refused_by = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    bool list = !refused_by || strcmp(refused_by, "flatten_set_variable_args") != 0;
    PQclear(result);
    PQfreemem(quoted);
    return list;
}

static void read_settings_row(struct catalog_gathering *gathering, const PGresult *rows, int row,
                              json_t *owners)
{
    const char *name = catalog_column(rows, row, NAME),
               *members = catalog_column(rows, row, MEMBERS);
    json_t *entry = json_object(), *owner = json_object_get(owners, name);
    json_object_set_new(gathering->settings, name, entry);
    catalog_set_text(entry, "library", json_string_value(owner));
    catalog_set_text(entry, "name", name);
    catalog_set_text(entry, "type", catalog_column(rows, row, TYPE));
    catalog_set_text(entry, "unit", catalog_column(rows, row, UNIT));
    catalog_set_text(entry, "min", catalog_column(rows, row, LOW));
    catalog_set_text(entry, "max", catalog_column(rows, row, HIGH));
    catalog_set_text(entry, "context", catalog_column(rows, row, CONTEXT));
    catalog_set_text(entry, "boot", catalog_column(rows, row, BOOT));
    catalog_set_text(entry, "summary", catalog_column(rows, row, SUMMARY));
    if (members)
        json_object_set_new(entry, "members", json_loads(members, 0, NULL));
    if (strcmp(catalog_column(rows, row, TYPE), "string") == 0 && accepts_list(gathering, name))
        json_object_set_new(entry, "list", json_true());
}

bool catalog_gather_postgres(struct catalog_gathering *gathering)
{
    json_t *owners = json_object();
    PGresult *rows =
        load_libraries(gathering, owners) ? catalog_query(gathering, settings_sql) : NULL;
    bool done = rows != NULL;
    for (int row = 0; row < PQntuples(rows); row++)
        read_settings_row(gathering, rows, row, owners);
    PQclear(rows);
    json_decref(owners);
    gathering->catalog = "postgres";
    gathering->server = base_format(gathering->arena, "PostgreSQL %s",
                                    PQparameterStatus(gathering->connection, "server_version"));
    gathering->version = PQserverVersion(gathering->connection);
    return done;
}
