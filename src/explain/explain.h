/* Where a value comes from, told from the image and the slots of one run alone.
 *
 * For a name (a setting, a let, a fact or an option) `explain_name` says its value, its doc
 * comment, the formula as written and with the values put in, what those are made of, the rows,
 * branches and curve segments that matched, the limits that applied, which `set` and which layer
 * won and why the others lost, every fact behind it with its source, the nearest values of those
 * facts at which it becomes another, and file and line. What lies in a branch that was not taken is
 * not told. */
#ifndef AZA_EXPLAIN_EXPLAIN_H
#define AZA_EXPLAIN_EXPLAIN_H

#include "settings/settings.h"

/* An operator's word about a setting that a stronger word of the operator's made void. */
struct explain_weaker {
    uint32_t setting; /* in SETTINGS */
    struct vm_override said;
};

struct explain_view {
    struct settings_view settings;
    const struct vm_reading *readings; /* one per source, or null: sources go without detail */
    const struct explain_weaker *weaker;
    size_t weaker_count;
};

/* Explains a name, as text with aligned columns or as one JSON object. False, and nothing is
 * written, when nothing has that name. */
bool explain_name(struct base_sink *sink, const struct explain_view *view, struct base_span name,
                  bool json);

/* Every fact and option with its value, the source that won, and what the other sources answered.
 */
void explain_facts(struct base_sink *sink, const struct explain_view *view, bool json);

/* Value of a slot in words: "512MB", "none" when void, "no answer: division by zero". */
void explain_put_slot(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot);

#endif
