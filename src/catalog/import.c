/* Imports a catalogue: connects, gathers the settings, merges the notes, and writes the JSON text.
 *
 * A server does not report everything. What is missing, such as the minor release that introduced a
 * setting, is kept by hand in a file of notes, whose keys replace those of the server's entry. The
 * steps in order: postgres.c or pgbouncer.c fill an object of entries by name; the notes are merged
 * into it; each extension's setting must then have a library; the entries are written sorted, one a
 * line, with their keys in one order; and the text is parsed by the reader that the compiler uses,
 * so that an import cannot produce a catalogue that does not load. Importing from the same server
 * again gives the same bytes, and from a new release a diff of the settings that changed. */
#include <stdlib.h>
#include <string.h>
#include "catalog/catalog.h"
#include "catalog/gather.h"

/* The keys of an entry in the order in which they are written. */
static const char *const key_order[] = {
    "name", "library", "type", "unit",  "min",   "max",     "members",
    "list", "context", "boot", "since", "until", "summary",
};

/* PgBouncer's console reports a version such as "1.26.1/bouncer". */
static bool is_pgbouncer(PGconn *connection)
{
    const char *version = PQparameterStatus(connection, "server_version");
    return version && strstr(version, "/bouncer");
}

/* LOAD makes some libraries print notices, which would appear between the messages of azc. */
static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

static bool gather_from(struct catalog_gathering *gathering)
{
    if (PQstatus(gathering->connection) != CONNECTION_OK)
        return catalog_fail(gathering, "cannot connect: %s", PQerrorMessage(gathering->connection));
    return is_pgbouncer(gathering->connection) ? catalog_gather_pgbouncer(gathering)
                                               : catalog_gather_postgres(gathering);
}

static bool connect_and_gather(struct catalog_gathering *gathering)
{
    gathering->connection = PQconnectdb(gathering->request->dsn);
    PQsetNoticeReceiver(gathering->connection, ignore_notice, NULL);
    bool done = gather_from(gathering);
    PQfinish(gathering->connection);
    return done;
}

/* Merges one note into the server's entry. Where the server has no such setting there are three
 * cases: the setting is of a later release, or of a library that this server does not have, and the
 * note is skipped; the note is complete (it has a type) and describes a setting that was removed,
 * and becomes an entry; anything else is a mistake in the notes. */
static bool apply_note(struct catalog_gathering *gathering, const char *name, json_t *note)
{
    json_t *entry = json_object_get(gathering->settings, name);
    if (!json_is_object(note))
        return catalog_fail(gathering, "%s: `%s` is not an object", gathering->request->notes,
                            name);
    bool complete = json_object_get(note, "type") != NULL;
    bool later = json_integer_value(json_object_get(note, "since")) > gathering->version;
    if (!entry && (later || (!complete && strchr(name, '.'))))
        return true;
    if (!entry && !complete)
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

/* A setting with a prefix belongs to an extension, and rules that set it must load its library. */
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

static void put_json_value(struct base_sink *sink, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    base_put(sink, text);
    free(text);
}

/* Unknown keys of a note come last; catalog_parse then rejects them by name. */
static void put_json_entry(struct base_sink *sink, json_t *entry)
{
    json_t *ordered = json_object();
    for (size_t i = 0; i < sizeof key_order / sizeof *key_order; i++)
        json_object_set(ordered, key_order[i], json_object_get(entry, key_order[i]));
    json_object_update_missing(ordered, entry);
    put_json_value(sink, ordered);
    json_decref(ordered);
}

static int compare_name_pointers(const void *a, const void *b)
{
    return catalog_compare_names(*(const char *const *)a, *(const char *const *)b);
}

static void put_json_entries(struct base_sink *sink, struct base_arena *arena, json_t *settings)
{
    size_t count = 0;
    const char **names = base_alloc(arena, json_object_size(settings) * sizeof *names);
    for (void *at = json_object_iter(settings); at; at = json_object_iter_next(settings, at))
        names[count++] = json_object_iter_key(at);
    qsort(names, count, sizeof *names, compare_name_pointers);
    for (size_t i = 0; i < count; i++) {
        base_put(sink, i ? ",\n" : "\n");
        put_json_entry(sink, json_object_get(settings, names[i]));
    }
}

static const char *write_catalog(struct catalog_gathering *gathering)
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
    put_json_entries(&sink, gathering->arena, gathering->settings);
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
    if (connect_and_gather(&gathering) && apply_notes(&gathering) && check_libraries(&gathering))
        text = write_catalog(&gathering);
    json_decref(gathering.settings);
    if (text && !catalog_parse(arena, &names, "the new catalogue", text, strlen(text), why))
        text = NULL;
    return text;
}
