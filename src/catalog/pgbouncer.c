/* What PgBouncer's console tells about its settings: names, built-in values, and whether a reload
 * is enough. Types, units and bounds are its documentation's, and stand in the notes. */
#include <stdio.h>
#include <string.h>
#include "catalog/gather.h"

enum { KEY, VALUE, DEFAULT, CHANGEABLE, COLUMNS };

/* 12601 for "1.26.1/bouncer", in the manner of PostgreSQL's server_version_num. */
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

static void read_row(struct catalog_gathering *gathering, const PGresult *rows, int row)
{
    const char *name = PQgetvalue(rows, row, KEY);
    json_t *entry = json_object();
    json_object_set_new(gathering->settings, name, entry);
    bool reload = strcmp(PQgetvalue(rows, row, CHANGEABLE), "yes") == 0;
    catalog_tell(entry, "name", name);
    catalog_tell(entry, "context", reload ? "reload" : "restart");
    catalog_tell(entry, "boot", catalog_column(rows, row, DEFAULT));
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
        read_row(gathering, rows, row);
    PQclear(rows);
    gathering->catalog = "pgbouncer";
    gathering->server = base_format(gathering->arena, "PgBouncer %.*s", (int)length, version);
    gathering->version = version_number(version);
    gathering->bare = true;
    return known || catalog_fail(gathering, "SHOW CONFIG does not return the columns of PgBouncer");
}
