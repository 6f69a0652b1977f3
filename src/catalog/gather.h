/* Between the two halves of an import: what is asked of a server, and what becomes of it. */
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
    json_t *settings;    /* name: the entry, as the catalogue will hold it */
    const char *catalog; /* filled by gathering, as are these */
    const char *server;
    int64_t version;
    bool bare;          /* it reads numbers without units only */
    const char *source; /* the notes' word on where this server came from; or null */
};

/* Each fills the gathering from its kind of server, or answers false with `why`. */
bool catalog_gather_postgres(struct catalog_gathering *gathering);
bool catalog_gather_pgbouncer(struct catalog_gathering *gathering);

/* The rows of a query; null, with `why`, when the server refuses it. */
PGresult *catalog_query(struct catalog_gathering *gathering, const char *sql);
/* A column of a row, or null. */
const char *catalog_column(const PGresult *rows, int row, int column);
/* Puts a string under a key of an entry, unless it is null. */
void catalog_tell(json_t *entry, const char *key, const char *text);
bool catalog_fail(struct catalog_gathering *gathering, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
