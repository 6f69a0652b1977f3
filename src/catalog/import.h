/* Makes a catalogue from a live server, PostgreSQL or PgBouncer's console, for `azc catalog
 * import`. */
#ifndef AZA_CATALOG_IMPORT_H
#define AZA_CATALOG_IMPORT_H

#include "base/memory.h"

struct catalog_request {
    const char *dsn;       /* a libpq connection string or URI */
    const char *libraries; /* comma-separated, to be loaded into the session; or null */
    const char *notes;     /* path of the file of what the server does not report; or null */
};

/* The catalogue as the text of a JSON file, in the arena: one setting a line, always in the same
 * order and form, and already parsed once by catalog_parse. Null on failure, with a sentence in
 * `why`. */
const char *catalog_import(struct base_arena *arena, const struct catalog_request *request,
                           const char **why);

#endif
