/* The settings that were decided, in several formats: a table for people, PostgreSQL's command line
 * and configuration file, JSON, SQL.
 *
 * Every format iterates over the same sequence, settings_next: first the settings of the rules, in
 * the image's order, then those that only the operator sets. A setting whose slot is void is not in
 * it: the server's default applies. */
#ifndef AZA_SETTINGS_SETTINGS_H
#define AZA_SETTINGS_SETTINGS_H

#include "vm/vm.h"

/* A setting of the operator that is not in the catalogue: it belongs to an extension and has a dot
 * in its name. PostgreSQL accepts such settings unchecked, and so do we. */
struct settings_custom {
    struct base_span name, value;
    uint8_t layer;           /* enum vm_layer */
    struct base_span weaker; /* the value of POSTGRES_SETTINGS that the command line overrides; its
                               start is null if there is none */
};

/* A machine after vm_run, and the operator's custom settings. */
struct settings_view {
    const struct vm_machine *machine;
    const struct settings_custom *custom;
    size_t custom_count;
};

struct settings_item {
    struct base_span name;
    uint32_t setting;                     /* in SETTINGS, or IMAGE_NONE: a custom one */
    uint32_t output;                      /* in OUTPUTS, or IMAGE_NONE: only the operator sets it */
    const struct settings_custom *custom; /* or null */
    uint8_t layer;                        /* enum vm_layer: which one decided */
};

/* The next item; `cursor` starts at 0 and is opaque. False at the end. The item's texts belong to
 * the image and to the view. */
bool settings_next(const struct settings_view *view, uint32_t *cursor, struct settings_item *item);
/* The item's value without quotes: as PostgreSQL writes it; lists and texts of the operator as the
 * operator wrote them. */
void settings_put_value(struct base_sink *sink, const struct settings_view *view,
                        const struct settings_item *item);
/* The printed name of a layer: "command line", "POSTGRES_SETTINGS", "rules". */
const char *settings_layer_word(unsigned layer);

enum settings_format {
#define X(name, word, opening, line, closing) SETTINGS_##name,
#include "settings/formats.def"
#undef X
    SETTINGS_FORMATS
};

/* Prints all settings. No setting is made from a secret (vm_verify), so all values are printed. */
void settings_put(struct base_sink *sink, enum settings_format format,
                  const struct settings_view *view);
/* SETTINGS_FORMATS if there is no format of that name; "text" is a synonym of "table". */
enum settings_format settings_find_format(const char *word);

#endif
