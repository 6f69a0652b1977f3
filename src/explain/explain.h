/* How a value was computed, from the image and the slots of one run alone.
 *
 * For a name (a setting, a let, a fact or an option) `explain_name` prints its value and doc
 * comment; the formula as written and with values substituted; the values it uses; the rows,
 * branches and curve segments that matched; the limits that applied; the layer and the `set` that
 * decided and why the others did not; every fact it depends on, with its source; the nearest values
 * of those facts at which it changes; and file and line. The contents of branches that were not
 * taken are omitted. */
#ifndef AZA_EXPLAIN_EXPLAIN_H
#define AZA_EXPLAIN_EXPLAIN_H

#include "settings/settings.h"

/* A setting of the operator that is overridden by a stronger layer of the operator. */
struct explain_weaker {
    uint32_t setting; /* in SETTINGS */
    struct vm_override override;
};

struct explain_view {
    struct settings_view settings;
    const struct vm_reading *readings; /* one per source, or null: no details */
    const struct explain_weaker *weaker;
    size_t weaker_count;
};

/* Explains a name, as text with aligned columns or as one JSON object. Returns false and writes
 * nothing if the name is unknown. */
bool explain_name(struct base_sink *sink, const struct explain_view *view, struct base_span name,
                  bool json);

/* Every fact and option with its value, the source that decided, and the answers of the others. */
void explain_facts(struct base_sink *sink, const struct explain_view *view, bool json);

/* The value of a slot: "512MB", "none" if void, "error: division by zero". */
void explain_put_slot(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot);

#endif
