/* What was decided, written for somebody: a person, PostgreSQL's command line, its configuration
 * file, a program, or a session of psql.
 *
 * Every renderer walks the same sequence, azo_next: first the settings that the rules say, in the
 * image's order, then those that only the operator said. A setting whose slot is void is in no
 * sequence: the server's own default holds. */
#ifndef AZA_EMIT_H
#define AZA_EMIT_H

#include "vm/vm.h"

/* A setting of the operator's that the catalogue does not know: one of an extension's, with a dot
 * in its name. PostgreSQL takes such names unchecked, and so do we. */
struct azo_extra {
    struct aza_span name, value;
    uint8_t layer;          /* enum azv_layer */
    struct aza_span weaker; /* what POSTGRES_SETTINGS says, where the command line wins over it; its
                               start is null where it says nothing */
};

/* A machine after azv_run, and what the operator said beyond the catalogue. */
struct azo_view {
    const struct azv_machine *machine;
    const struct azo_extra *extras;
    size_t extra_count;
};

struct azo_item {
    struct aza_span name;
    uint32_t setting;              /* in SETTINGS, or AZB_NONE: an extra */
    uint32_t output;               /* in OUTPUTS, or AZB_NONE: only the operator says it */
    const struct azo_extra *extra; /* or null */
    uint8_t layer;                 /* enum azv_layer: who decided */
};

/* The next item; `cursor` starts at 0. False at the end. */
bool azo_next(const struct azo_view *view, uint32_t *cursor, struct azo_item *item);
/* The item's value without quotes: as PostgreSQL writes it, or, for lists and texts of the
 * operator's, as the operator wrote it. */
void azo_put_value(struct aza_sink *sink, const struct azo_view *view, const struct azo_item *item);
/* "command line", "POSTGRES_SETTINGS", "rules". */
const char *azo_layer_word(unsigned layer);

enum azo_format {
    AZO_TABLE, /* name, value and reason in columns */
    AZO_CONF,  /* a postgresql.conf */
    AZO_FLAGS, /* -c name=value, one a line, quoted for a shell */
    AZO_JSON,  /* one object: setting to text */
    AZO_SQL,   /* ALTER SYSTEM statements */
    AZO_FORMATS
};

void azo_put(struct aza_sink *sink, enum azo_format format, const struct azo_view *view);
/* AZO_FORMATS when there is no format of that name; "text" is another word for the table. */
enum azo_format azo_find_format(const char *word);

#endif
