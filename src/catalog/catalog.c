/* Reads a catalogue from its JSON file.
 *
 * The file contains the server's own spelling: its units, its words, its numbers as text. Each
 * object is first copied into a record by a table of keys (read_keys), which checks the JSON types;
 * then the entry is translated into a setting with numbers in base units (read_entry). The file is
 * not trusted: an unknown key, a value of another type, settings that are not sorted, or a bound
 * that is not a number end the reading with a sentence that contains the line. Bounds are JSON
 * strings, since a JSON number would pass through floating point.
 *
 * jansson does not record where an element is, so the line of an entry is found by scanning the
 * text a second time, and only after an error (line_of_entry). */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "catalog/catalog.h"

struct reader {
    struct base_arena *arena;
    struct base_names *names;
    const char *path, *text;
    size_t length;
    const char **why;
};

/* An entry as it is in the file. Strings and arrays are borrowed from the parsed JSON. */
struct entry {
    struct reader *reader;
    size_t index;
    const char *name, *library, *type, *unit, *min, *max, *context, *boot, *summary;
    int64_t since, until;
    const json_t *members;
    const json_t *list;
};

struct heading {
    const char *catalog, *server, *source;
    int64_t version;
    const json_t *settings, *bare;
};

enum { NO_ENTRY = -1 };

/* One key of an object: the type of its value, and the offset of its field in the record. */
struct key {
    const char *word;
    enum { WORDS, NUMBER, TRUTH, ARRAY } shape;
    bool required;
    size_t offset;
};

static const struct key heading_keys[] = {
    {"catalog", WORDS, true, offsetof(struct heading, catalog)},
    {"server", WORDS, true, offsetof(struct heading, server)},
    {"version", NUMBER, true, offsetof(struct heading, version)},
    {"source", WORDS, false, offsetof(struct heading, source)},
    {"bare", TRUTH, false, offsetof(struct heading, bare)},
    {"settings", ARRAY, true, offsetof(struct heading, settings)},
};

static const struct key entry_keys[] = {
    {"name", WORDS, true, offsetof(struct entry, name)},
    {"library", WORDS, false, offsetof(struct entry, library)},
    {"type", WORDS, true, offsetof(struct entry, type)},
    {"unit", WORDS, false, offsetof(struct entry, unit)},
    {"min", WORDS, false, offsetof(struct entry, min)},
    {"max", WORDS, false, offsetof(struct entry, max)},
    {"members", ARRAY, false, offsetof(struct entry, members)},
    {"list", TRUTH, false, offsetof(struct entry, list)},
    {"context", WORDS, true, offsetof(struct entry, context)},
    {"boot", WORDS, false, offsetof(struct entry, boot)},
    {"since", NUMBER, false, offsetof(struct entry, since)},
    {"until", NUMBER, false, offsetof(struct entry, until)},
    {"summary", WORDS, false, offsetof(struct entry, summary)},
};

/* The server's types. A number with a unit is of the unit's kind instead. "list" exists only in
 * notes: a string of plain names, which rules can test for one of them. */
static const struct type {
    const char *word;
    enum image_kind kind;
    bool whole; /* a number without a fraction */
} types[] = {
    {"bool", IMAGE_BOOL, false},   {"integer", IMAGE_INT, true}, {"real", IMAGE_RATIO, false},
    {"string", IMAGE_TEXT, false}, {"enum", IMAGE_ENUM, false},  {"list", IMAGE_LIST, false},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The line on which an entry begins: entries are separated by the commas at depth 2, within the one
 * array of the file. The text is valid JSON, or there would be no entry to report. */
static size_t line_of_entry(const struct reader *reader, size_t index)
{
    size_t line = 1, depth = 0, seen = 0;
    bool quoted = false;
    for (const char *at = reader->text; at < reader->text + reader->length; at++) {
        if (seen > index && !strchr(" \t\r\n", *at))
            break;
        if (*at == '\n')
            line++;
        else if (quoted && *at == '\\')
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == '}' || *at == ']'))
            depth--;
        else if (!quoted && (*at == '{' || *at == '['))
            seen += ++depth == 2;
        else if (!quoted && *at == ',')
            seen += depth == 2;
    }
    return line;
}

/* Formats `why` and returns false, for the caller to return. `index` is the entry's or NO_ENTRY. */
static bool __attribute__((format(printf, 4, 5)))
reject(const struct reader *reader, long index, const char *name, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (index == NO_ENTRY)
        *reader->why = base_format(reader->arena, "%s: %s", reader->path, reason);
    else
        *reader->why = base_format(reader->arena, "%s:%zu: %s%s%s%s", reader->path,
                                   line_of_entry(reader, (size_t)index), name ? "`" : "",
                                   name ? name : "", name ? "`: " : "", reason);
    return false;
}

#define REJECT_ENTRY(entry, ...)                                                                   \
    reject((entry)->reader, (long)(entry)->index, (entry)->name, __VA_ARGS__)

static const char *intern(struct reader *reader, const char *text)
{
    return text ? base_intern(reader->names, text, strlen(text)) : NULL;
}

/* Stores the value in its field of the record; returns what it should have been, or null. */
static const char *store_member(const struct key *key, const json_t *value, void *record)
{
    void *place = (char *)record + key->offset;
    switch (key->shape) {
    case WORDS:
        *(const char **)place = json_string_value(value);
        return json_is_string(value) ? NULL : "a string";
    case NUMBER:
        *(int64_t *)place = json_integer_value(value);
        return json_is_integer(value) && json_integer_value(value) > 0 ? NULL
                                                                       : "a whole number above 0";
    case TRUTH:
        *(const json_t **)place = value;
        return json_is_boolean(value) ? NULL : "true or false";
    case ARRAY:
        *(const json_t **)place = value;
        return json_is_array(value) ? NULL : "an array";
    }
    return "nothing";
}

static bool read_keys(struct reader *reader, long index, json_t *object, const struct key *keys,
                      size_t count, void *record)
{
    unsigned found = 0;
    if (!json_is_object(object))
        return reject(reader, index, NULL, "not an object");
    /* Bit k of `found` is set once key k has been read. */
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *word = json_object_iter_key(at);
        size_t k = 0;
        while (k < count && strcmp(keys[k].word, word) != 0)
            k++;
        if (k == count)
            return reject(reader, index, NULL, "unknown key \"%s\"", word);
        const char *wanted = store_member(&keys[k], json_object_iter_value(at), record);
        if (wanted)
            return reject(reader, index, NULL, "\"%s\" must be %s", word, wanted);
        found |= 1u << k;
    }
    for (size_t k = 0; k < count; k++)
        if (keys[k].required && !(found & 1u << k))
            return reject(reader, index, NULL, "missing key \"%s\"", keys[k].word);
    return true;
}

/* A bound of the server in base units; `bound` is unchanged if there is none. */
static bool read_bound(struct entry *entry, const struct catalog_setting *setting, bool whole,
                       const char *text, int64_t *bound)
{
    int64_t millionths;
    if (!text)
        return true;
    if (!catalog_number(text, CATALOG_RATIO_ONE, &millionths))
        return REJECT_ENTRY(entry, "the bound \"%s\" is not a number", text);
    if (whole && millionths % CATALOG_RATIO_ONE != 0 && millionths != INT64_MIN &&
        millionths != INT64_MAX)
        return REJECT_ENTRY(entry, "the bound \"%s\" is not a whole number", text);
    return catalog_number(text, setting->kind == IMAGE_RATIO ? CATALOG_RATIO_ONE : setting->unit,
                          bound);
}

static bool read_numbers(struct entry *entry, const struct type *type,
                         struct catalog_setting *setting)
{
    if (entry->unit && !catalog_unit(entry->unit, &setting->kind, &setting->unit))
        return REJECT_ENTRY(entry, "\"%s\" is not a unit of size or time", entry->unit);
    setting->unit_word = intern(entry->reader, entry->unit);
    setting->grain = type->whole ? setting->unit : 1;
    if (!read_bound(entry, setting, type->whole, entry->min, &setting->low) ||
        !read_bound(entry, setting, type->whole, entry->max, &setting->high))
        return false;
    if (setting->low > setting->high)
        return REJECT_ENTRY(entry, "empty range: the minimum %s is above the maximum %s",
                            entry->min, entry->max);
    return true;
}

static bool read_members(struct entry *entry, struct catalog_setting *setting)
{
    size_t count = json_array_size(entry->members);
    const char **members = base_alloc(entry->reader->arena, count * sizeof *members);
    for (size_t i = 0; i < count; i++) {
        members[i] = intern(entry->reader, json_string_value(json_array_get(entry->members, i)));
        if (!members[i])
            return REJECT_ENTRY(entry, "\"members\" must be an array of strings");
    }
    setting->members = members;
    setting->member_count = count;
    if (setting->kind == IMAGE_ENUM ? count == 0 : count != 0 && setting->kind != IMAGE_BOOL)
        return REJECT_ENTRY(entry, "an enum must have members, and other types cannot have them");
    if (setting->kind == IMAGE_BOOL && count != 0 && count != 2)
        return REJECT_ENTRY(entry, "a bool must have two members, for false and for true");
    return true;
}

static bool read_type(struct entry *entry, struct catalog_setting *setting)
{
    const struct type *type = types;
    while (type < types + COUNT(types) && strcmp(type->word, entry->type) != 0)
        type++;
    if (type == types + COUNT(types))
        return REJECT_ENTRY(entry, "unknown type \"%s\"", entry->type);
    setting->kind = type->kind;
    setting->unit = setting->grain = 1;
    setting->low = type->kind == IMAGE_BOOL ? 0 : INT64_MIN;
    setting->high = type->kind == IMAGE_BOOL ? 1 : INT64_MAX;
    bool number = type->kind == IMAGE_INT || type->kind == IMAGE_RATIO;
    if (!number && (entry->unit || entry->min || entry->max))
        return REJECT_ENTRY(entry, "only a number can have a unit or bounds");
    bool words = type->kind == IMAGE_TEXT || type->kind == IMAGE_LIST;
    if (json_is_true(entry->list) && !words)
        return REJECT_ENTRY(entry, "only a string can be a list");
    return (!number || read_numbers(entry, type, setting)) && read_members(entry, setting);
}

static bool is_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_.$-");
    return length > 0 && text[length] == '\0';
}

static bool read_entry(struct entry *entry, struct catalog_setting *setting)
{
    struct reader *reader = entry->reader;
    if (!is_name(entry->name))
        return REJECT_ENTRY(entry, "invalid name");
    if (entry->until && entry->until < entry->since)
        return REJECT_ENTRY(entry, "\"until\" is before \"since\"");
    setting->name = intern(reader, entry->name);
    setting->library = intern(reader, entry->library);
    setting->context = intern(reader, entry->context);
    setting->summary = intern(reader, entry->summary ? entry->summary : "");
    setting->boot_value = intern(reader, entry->boot);
    setting->since = entry->since;
    setting->until = entry->until;
    setting->list = json_is_true(entry->list);
    setting->internal = strcmp(entry->context, "internal") == 0;
    setting->restart =
        strcmp(entry->context, "postmaster") == 0 || strcmp(entry->context, "restart") == 0;
    return read_type(entry, setting);
}

static bool read_settings(struct reader *reader, const json_t *array, struct catalog *catalog)
{
    size_t count = json_array_size(array);
    if (count > LIMIT_SETTINGS)
        return reject(reader, NO_ENTRY, NULL, "too many settings: %zu (limit %d)", count,
                      LIMIT_SETTINGS);
    struct catalog_setting *settings = base_alloc(reader->arena, count * sizeof *settings);
    for (size_t i = 0; i < count; i++) {
        struct entry entry = {.reader = reader, .index = i};
        if (!read_keys(reader, (long)i, json_array_get(array, i), entry_keys, COUNT(entry_keys),
                       &entry) ||
            !read_entry(&entry, &settings[i]))
            return false;
        /* catalog_find searches by bisection, so the order matters. */
        int order = i ? catalog_compare_names(settings[i - 1].name, settings[i].name) : -1;
        if (order >= 0)
            return REJECT_ENTRY(&entry,
                                order ? "must come before `%s`: settings are sorted by name"
                                      : "duplicate setting `%s`",
                                settings[i - 1].name);
    }
    catalog->settings = settings;
    catalog->count = count;
    return true;
}

static bool read_catalog(struct reader *reader, json_t *root, struct catalog *catalog)
{
    struct heading heading = {0};
    if (!read_keys(reader, NO_ENTRY, root, heading_keys, COUNT(heading_keys), &heading) ||
        !read_settings(reader, heading.settings, catalog))
        return false;
    catalog->name = intern(reader, heading.catalog);
    catalog->server = intern(reader, heading.server);
    catalog->version = heading.version;
    catalog->bare = json_is_true(heading.bare);
    catalog->path = reader->path;
    return true;
}

struct catalog *catalog_parse(struct base_arena *arena, struct base_names *names, const char *path,
                              const char *text, size_t length, const char **why)
{
    struct reader reader = {arena, names,  base_copy_text(arena, path, strlen(path)),
                            text,  length, why};
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        *why = base_format(arena, "%s:%d:%d: %s", path, error.line, error.column, error.text);
        return NULL;
    }
    struct catalog *catalog = BASE_NEW(arena, struct catalog);
    bool read = read_catalog(&reader, root, catalog);
    json_decref(root);
    return read ? catalog : NULL;
}

struct catalog *catalog_load(struct base_arena *arena, struct base_names *names, const char *path,
                             const char **why)
{
    const char *reason;
    char *text;
    size_t length;
    if (!base_read_file(arena, path, LIMIT_SOURCE_BYTES, &text, &length, &reason)) {
        *why = base_format(arena, "%s: %s", path, reason);
        return NULL;
    }
    return catalog_parse(arena, names, path, text, length, why);
}

const struct catalog_setting *catalog_find(const struct catalog *catalog, const char *name)
{
    size_t low = 0, high = catalog->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = catalog_compare_names(name, catalog->settings[middle].name);
        if (order == 0)
            return &catalog->settings[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
