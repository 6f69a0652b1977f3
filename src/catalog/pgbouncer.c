/* Gathers the settings of PgBouncer from its console.
 *
 * SHOW CONFIG has a row for each setting with its name, its value, its built-in value, and whether
 * a reload is enough to change it. Types, units and bounds are only in PgBouncer's documentation;
 * the notes contain them, and a catalogue without them does not load. */
#include <stdio.h>
#include <string.h>
#include "catalog/gather.h"

enum { KEY, VALUE, DEFAULT, CHANGEABLE, COLUMNS };

/* 12601 for "1.26.1/bouncer": two digits for each of three parts, so that versions compare as
 * numbers, like PostgreSQL's server_version_num. 0 if the text is not such a version. */
static int64_t version_number(const char *text)
{
    struct base_span rest = {text, strcspn(text, "/")};
    int64_t number = 0;
    for (int part = 0; part < 3; part++) {
        size_t length = 0;
        int64_t digits;
        while (length < rest.length && rest.start[length] != '.')
            length++;
        if (!base_scan_digits((struct base_span){rest.start, length}, &digits) || digits > 99)
            return 0;
        number = number * 100 + digits;
        length += length < rest.length;
        rest.start += length;
        rest.length -= length;
    }
    return number;
}

static void read_console_row(struct catalog_gathering *gathering, const PGresult *rows, int row)
{
    const char *name = PQgetvalue(rows, row, KEY);
    json_t *entry = json_object();
    json_object_set_new(gathering->settings, name, entry);
    bool reload = strcmp(PQgetvalue(rows, row, CHANGEABLE), "yes") == 0;
    catalog_set_text(entry, "name", name);
    catalog_set_text(entry, "context", reload ? "reload" : "restart");
    catalog_set_text(entry, "boot", catalog_column(rows, row, DEFAULT));
}

bool catalog_gather_pgbouncer(struct catalog_gathering *gathering)
{
    const char *version = PQparameterStatus(gathering->connection, "server_version");
    size_t length = strcspn(version, "/");
    PGresult *rows = catalog_query(gathering, "SHOW CONFIG");
    if (!rows)
        return false;
    bool known = PQnfields(rows) == COLUMNS;
    for (int row = 0; known && row < PQntuples(rows); row++)
        read_console_row(gathering, rows, row);
    PQclear(rows);
    gathering->catalog = "pgbouncer";
    gathering->server = base_format(gathering->arena, "PgBouncer %.*s", (int)length, version);
    gathering->version = version_number(version);
    gathering->bare = true;
    return known || catalog_fail(gathering, "SHOW CONFIG does not return the columns of PgBouncer");
}
