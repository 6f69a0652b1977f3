/* Private to src/catalog: an import in progress, which import.c starts and finishes and one file
 * for each kind of server fills. */
#ifndef AZA_CATALOG_GATHER_H
#define AZA_CATALOG_GATHER_H

#include <jansson.h>
#include <libpq-fe.h>
#include "catalog/import.h"

struct catalog_gathering {
    struct base_arena *arena;
    const struct catalog_request *request;
    const char **why;
    PGconn *connection;
    json_t *settings;    /* by name: an object with the keys of a catalogue's entry */
    const char *catalog; /* this and the following are set while gathering */
    const char *server;
    int64_t version;
    bool bare;          /* the server accepts numbers only without units */
    const char *source; /* from the notes: where the server's packages are from; or null */
};

/* Each fills the gathering from its kind of server; false, with `why`, on failure. */
bool catalog_gather_postgres(struct catalog_gathering *gathering);
bool catalog_gather_pgbouncer(struct catalog_gathering *gathering);

/* The rows of a query, for the caller to clear; null, with `why`, if the server rejects it. */
PGresult *catalog_query(struct catalog_gathering *gathering, const char *sql);
/* The value of a column, owned by the rows; null for SQL's null. */
const char *catalog_column(const PGresult *rows, int row, int column);
/* Sets a key of an entry to a string, unless it is null. */
void catalog_set_text(json_t *entry, const char *key, const char *text);
/* Formats `why`, without a line break at its end. Always returns false. */
bool catalog_fail(struct catalog_gathering *gathering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
