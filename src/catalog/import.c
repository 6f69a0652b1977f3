/* From what a server told to the text of a catalogue.
 *
 * What no server can tell, such as the minor release that brought a setting, is kept by hand in a
 * file of notes whose entries are laid over the server's. The text is written in one form only, so
 * that importing again from the same server gives the same bytes and a new release gives a diff of
 * the settings that changed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "catalog/catalog.h"
#include "catalog/gather.h"

/* The keys of an entry in the order in which they are written. */
static const char *const key_order[] = {
    "name", "library", "type", "unit",  "min",   "max",     "members",
    "list", "context", "boot", "since", "until", "summary",
};

bool catalog_fail(struct catalog_gathering *gathering, const char *format, ...)
{
    char reason[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    size_t length = strlen(reason);
    while (length > 0 && reason[length - 1] == '\n')
        length--;
    *gathering->why = base_copy_text(gathering->arena, reason, length);
    return false;
}

PGresult *catalog_query(struct catalog_gathering *gathering, const char *sql)
{
    PGresult *rows = PQexec(gathering->connection, sql);
    ExecStatusType status = PQresultStatus(rows);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return rows;
    catalog_fail(gathering, "the server rejected `%.200s`: %s", sql,
                 PQerrorMessage(gathering->connection));
    PQclear(rows);
    return NULL;
}

const char *catalog_column(const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) ? NULL : PQgetvalue(rows, row, column);
}

void catalog_tell(json_t *entry, const char *key, const char *text)
{
    if (text)
        json_object_set_new(entry, key, json_string(text));
}

/* A console of PgBouncer names a version such as "1.26.1/bouncer". */
static bool is_pgbouncer(PGconn *connection)
{
    const char *version = PQparameterStatus(connection, "server_version");
    return version && strstr(version, "/bouncer");
}

static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

static bool gather(struct catalog_gathering *gathering)
{
    gathering->connection = PQconnectdb(gathering->request->dsn);
    PQsetNoticeReceiver(gathering->connection, ignore_notice, NULL);
    bool done =
        PQstatus(gathering->connection) != CONNECTION_OK
            ? catalog_fail(gathering, "cannot connect: %s", PQerrorMessage(gathering->connection))
        : is_pgbouncer(gathering->connection) ? catalog_gather_pgbouncer(gathering)
                                              : catalog_gather_postgres(gathering);
    PQfinish(gathering->connection);
    return done;
}

/* Lays one note over the server's entry. A setting that the server has not yet got, or whose
 * library it has not got, is left out; one that it no longer has must be told in full. */
static bool apply_note(struct catalog_gathering *gathering, const char *name, json_t *note)
{
    json_t *entry = json_object_get(gathering->settings, name);
    if (!json_is_object(note))
        return catalog_fail(gathering, "%s: `%s` is not an object", gathering->request->notes,
                            name);
    bool told = json_object_get(note, "type") != NULL;
    bool later = json_integer_value(json_object_get(note, "since")) > gathering->version;
    if (!entry && (later || (!told && strchr(name, '.'))))
        return true;
    if (!entry && !told)
        return catalog_fail(gathering, "%s: the server has no setting `%s`",
                            gathering->request->notes, name);
    if (!entry) {
        entry = json_pack("{s:s}", "name", name);
        json_object_set_new(gathering->settings, name, entry);
    }
    return json_object_update(entry, note) == 0;
}

static json_t *read_notes(struct catalog_gathering *gathering)
{
    const char *path = gathering->request->notes, *why;
    char *text;
    size_t length;
    json_error_t error;
    if (!base_read_file(gathering->arena, path, LIMIT_SOURCE_BYTES, &text, &length, &why)) {
        catalog_fail(gathering, "%s: %s", path, why);
        return NULL;
    }
    json_t *notes = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!notes)
        catalog_fail(gathering, "%s:%d:%d: %s", path, error.line, error.column, error.text);
    return notes;
}

static bool apply_notes(struct catalog_gathering *gathering)
{
    const char *path = gathering->request->notes;
    json_t *notes = path ? read_notes(gathering) : NULL;
    json_t *settings = json_object_get(notes, "settings");
    const char *source = json_string_value(json_object_get(notes, "source"));
    if (!notes)
        return !path;
    bool applied = source && json_is_object(settings) && json_object_size(notes) == 2;
    if (applied)
        gathering->source = base_copy_text(gathering->arena, source, strlen(source));
    else
        catalog_fail(gathering,
                     "%s: must be an object with a string \"source\" and an object \"settings\"",
                     path);
    for (void *at = json_object_iter(settings); applied && at;
         at = json_object_iter_next(settings, at))
        applied = apply_note(gathering, json_object_iter_key(at), json_object_iter_value(at));
    json_decref(notes);
    return applied;
}

/* A setting with a prefix is an extension's, and the rules must know which library to load. */
static bool check_libraries(struct catalog_gathering *gathering)
{
    json_t *settings = gathering->settings;
    for (void *at = json_object_iter(settings); at; at = json_object_iter_next(settings, at)) {
        const char *name = json_object_iter_key(at);
        if (strchr(name, '.') && !json_object_get(json_object_iter_value(at), "library"))
            return catalog_fail(gathering,
                                "the library that defines `%s` is unknown: name it with "
                                "--libraries, or in a file of notes",
                                name);
    }
    return true;
}

static void put_value(struct base_sink *sink, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    base_put(sink, text);
    free(text);
}

/* Keys that are not in the order come last, for the reader to refuse by name. */
static void put_entry(struct base_sink *sink, json_t *entry)
{
    json_t *ordered = json_object();
    for (size_t i = 0; i < sizeof key_order / sizeof *key_order; i++)
        json_object_set(ordered, key_order[i], json_object_get(entry, key_order[i]));
    json_object_update_missing(ordered, entry);
    put_value(sink, ordered);
    json_decref(ordered);
}

static int compare(const void *a, const void *b)
{
    return catalog_compare_names(*(const char *const *)a, *(const char *const *)b);
}

static void put_settings(struct base_sink *sink, struct base_arena *arena, json_t *settings)
{
    size_t count = 0;
    const char **names = base_alloc(arena, json_object_size(settings) * sizeof *names);
    for (void *at = json_object_iter(settings); at; at = json_object_iter_next(settings, at))
        names[count++] = json_object_iter_key(at);
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0; i < count; i++) {
        base_put(sink, i ? ",\n" : "\n");
        put_entry(sink, json_object_get(settings, names[i]));
    }
}

static const char *write_text(struct catalog_gathering *gathering)
{
    struct base_sink sink = base_arena_sink(gathering->arena);
    BASE_PUT(&sink, "{\n\"catalog\": \"", gathering->catalog, "\",\n\"server\": ");
    base_put_json(&sink, gathering->server);
    base_put(&sink, ",\n\"version\": ");
    base_put_int(&sink, gathering->version);
    if (gathering->source) {
        base_put(&sink, ",\n\"source\": ");
        base_put_json(&sink, gathering->source);
    }
    if (gathering->bare)
        base_put(&sink, ",\n\"bare\": true");
    base_put(&sink, ",\n\"settings\": [");
    put_settings(&sink, gathering->arena, gathering->settings);
    base_put(&sink, "\n]\n}\n");
    return sink.data;
}

const char *catalog_import(struct base_arena *arena, const struct catalog_request *request,
                           const char **why)
{
    struct catalog_gathering gathering = {
        .arena = arena, .request = request, .why = why, .settings = json_object()};
    struct base_names names = {.arena = arena};
    const char *text = NULL;
    if (gather(&gathering) && apply_notes(&gathering) && check_libraries(&gathering))
        text = write_text(&gathering);
    json_decref(gathering.settings);
    if (text && !catalog_parse(arena, &names, "the new catalogue", text, strlen(text), why))
        text = NULL;
    return text;
}
