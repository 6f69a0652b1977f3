/* Makes a catalogue from a live server: PostgreSQL, or PgBouncer's console. */
#ifndef AZA_CATALOG_IMPORT_H
#define AZA_CATALOG_IMPORT_H

#include "base/memory.h"

struct catalog_request {
    const char *dsn;       /* as libpq understands it */
    const char *libraries; /* comma-separated, to be loaded into the session; or null */
    const char *notes;     /* path of what the server cannot tell; or null */
};

/* The catalogue as the text of a JSON file, one setting a line, always in the same order and form,
 * and already read back by catalog_parse; null on failure, with a sentence in `why`. */
const char *catalog_import(struct base_arena *arena, const struct catalog_request *request,
                           const char **why);

#endif
