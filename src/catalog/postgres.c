/* What a PostgreSQL server tells about its settings.
 *
 * pg_settings tells nearly everything. Two things are found out by trying: which library defines a
 * setting, by loading the libraries one after the other and seeing what appears; and which strings
 * are lists, because the server refuses two words for a string that is none. */
#include <string.h>
#include "catalog/gather.h"

/* Libraries that are loaded when the session begins. */
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
static struct aza_span library_name(struct aza_span item)
{
    item = aza_trim(item);
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

/* How much of a setting's prefix names the library: `cron.host` is of pg_cron, and
 * `timescaledb_osm.x` is of timescaledb. */
static size_t matching(struct aza_span library, struct aza_span prefix)
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

/* The library of a list that a setting's prefix names best. */
static struct aza_span library_of_prefix(const char *list, const char *name)
{
    struct aza_span rest = aza_span_of(list), item, best = {0};
    size_t most = 0;
    struct aza_span prefix = {name, strchr(name, '.') ? strcspn(name, ".") : 0};
    while (aza_list_next(&rest, &item)) {
        struct aza_span library = library_name(item);
        size_t length = matching(library, prefix);
        if (length > most)
            most = length, best = library;
    }
    return best;
}

static bool is_loaded(const char *preloaded, struct aza_span library)
{
    struct aza_span rest = aza_span_of(preloaded), item;
    while (aza_list_next(&rest, &item)) {
        item = library_name(item);
        if (item.length == library.length && memcmp(item.start, library.start, item.length) == 0)
            return true;
    }
    return false;
}

/* Gives every setting without an owner to the library that was just loaded. Those there from the
 * start belong to the preloaded library that their prefix names; without a prefix, to the server,
 * whose name is null. */
static bool assign_owners(struct azg_gathering *gathering, json_t *owners, const char *preloaded,
                          struct aza_span loaded)
{
    PGresult *rows = azg_query(gathering, names_sql);
    for (int row = 0; row < PQntuples(rows); row++) {
        const char *name = azg_column(rows, row, 0);
        struct aza_span owner = loaded;
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

static bool load_library(struct azg_gathering *gathering, struct aza_span library)
{
    char *quoted = PQescapeLiteral(gathering->connection, library.start, library.length);
    PGresult *result = azg_query(gathering, aza_format(gathering->arena, "LOAD %s", quoted));
    bool loaded = result != NULL;
    PQclear(result);
    PQfreemem(quoted);
    return loaded;
}

static bool load_libraries(struct azg_gathering *gathering, json_t *owners)
{
    PGresult *rows = azg_query(gathering, preloaded_sql);
    if (!rows)
        return false;
    const char *value = azg_column(rows, 0, 0), *preloaded = value ? value : "";
    bool done = assign_owners(gathering, owners, preloaded, (struct aza_span){0});
    const char *wanted = gathering->request->libraries;
    struct aza_span rest = aza_span_of(wanted ? wanted : ""), item;
    while (done && aza_list_next(&rest, &item)) {
        item = aza_trim(item);
        if (item.length > 0 && !is_loaded(preloaded, item))
            done =
                load_library(gathering, item) && assign_owners(gathering, owners, preloaded, item);
    }
    PQclear(rows);
    return done;
}

/* SET LOCAL outside a transaction changes nothing, whatever it answers. */
static bool is_list(struct azg_gathering *gathering, const char *name)
{
    char *quoted = PQescapeIdentifier(gathering->connection, name, strlen(name));
    PGresult *result = PQexec(gathering->connection,
                              aza_format(gathering->arena, "SET LOCAL %s TO 'a', 'b'", quoted));
    const char *refused_by = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    bool list = !refused_by || strcmp(refused_by, "flatten_set_variable_args") != 0;
    PQclear(result);
    PQfreemem(quoted);
    return list;
}

static void read_row(struct azg_gathering *gathering, const PGresult *rows, int row, json_t *owners)
{
    const char *name = azg_column(rows, row, NAME), *members = azg_column(rows, row, MEMBERS);
    json_t *entry = json_object(), *owner = json_object_get(owners, name);
    json_object_set_new(gathering->settings, name, entry);
    azg_tell(entry, "library", json_string_value(owner));
    azg_tell(entry, "name", name);
    azg_tell(entry, "type", azg_column(rows, row, TYPE));
    azg_tell(entry, "unit", azg_column(rows, row, UNIT));
    azg_tell(entry, "min", azg_column(rows, row, LOW));
    azg_tell(entry, "max", azg_column(rows, row, HIGH));
    azg_tell(entry, "context", azg_column(rows, row, CONTEXT));
    azg_tell(entry, "boot", azg_column(rows, row, BOOT));
    azg_tell(entry, "summary", azg_column(rows, row, SUMMARY));
    if (members)
        json_object_set_new(entry, "members", json_loads(members, 0, NULL));
    if (strcmp(azg_column(rows, row, TYPE), "string") == 0 && is_list(gathering, name))
        json_object_set_new(entry, "list", json_true());
}

bool azg_gather_postgres(struct azg_gathering *gathering)
{
    json_t *owners = json_object();
    PGresult *rows = NULL;
    bool done = load_libraries(gathering, owners) && (rows = azg_query(gathering, settings_sql));
    for (int row = 0; done && row < PQntuples(rows); row++)
        read_row(gathering, rows, row, owners);
    PQclear(rows);
    json_decref(owners);
    gathering->catalog = "postgres";
    gathering->server = aza_format(gathering->arena, "PostgreSQL %s",
                                   PQparameterStatus(gathering->connection, "server_version"));
    gathering->version = PQserverVersion(gathering->connection);
    return done;
}
