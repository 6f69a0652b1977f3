/* What was decided, written for somebody: a person, PostgreSQL's command line, its configuration
 * file, a program, or a session of psql.
 *
 * Every renderer walks the same sequence, settings_next: first the settings that the rules say, in
 * the image's order, then those that only the operator said. A setting whose slot is void is in no
 * sequence: the server's own default holds. */
#ifndef AZA_SETTINGS_SETTINGS_H
#define AZA_SETTINGS_SETTINGS_H

#include "vm/vm.h"

/* A setting of the operator's that the catalogue does not know: one of an extension's, with a dot
 * in its name. PostgreSQL takes such names unchecked, and so do we. */
struct settings_extra {
    struct base_span name, value;
    uint8_t layer;           /* enum vm_layer */
    struct base_span weaker; /* what POSTGRES_SETTINGS says, where the command line wins over it;
                               its start is null where it says nothing */
};

/* A machine after vm_run, and what the operator said beyond the catalogue. */
struct settings_view {
    const struct vm_machine *machine;
    const struct settings_extra *extras;
    size_t extra_count;
};

struct settings_item {
    struct base_span name;
    uint32_t setting;                   /* in SETTINGS, or IMAGE_NONE: an extra */
    uint32_t output;                    /* in OUTPUTS, or IMAGE_NONE: only the operator says it */
    const struct settings_extra *extra; /* or null */
    uint8_t layer;                      /* enum vm_layer: who decided */
};

/* The next item; `cursor` starts at 0. False at the end. */
bool settings_next(const struct settings_view *view, uint32_t *cursor, struct settings_item *item);
/* The item's value without quotes: as PostgreSQL writes it, or, for lists and texts of the
 * operator's, as the operator wrote it. */
void settings_put_value(struct base_sink *sink, const struct settings_view *view,
                        const struct settings_item *item);
/* "command line", "POSTGRES_SETTINGS", "rules". */
const char *settings_layer_word(unsigned layer);

enum settings_format {
#define X(name, word, opening, line, closing) SETTINGS_##name,
#include "settings/formats.def"
#undef X
    SETTINGS_FORMATS
};

void settings_put(struct base_sink *sink, enum settings_format format,
                  const struct settings_view *view);
/* SETTINGS_FORMATS when there is no format of that name; "text" is another word for the table. */
enum settings_format settings_find_format(const char *word);

#endif
