/* Where a value comes from, told from the image and the slots of one run alone.
 *
 * For a name (a setting, a let, a fact or an option) `azx_explain` says its value, its doc comment,
 * the formula as written, the values that were put in and what those are made of, the rows,
 * branches and curve segments that matched, the limits that applied, who decided, and file and
 * line. */
#ifndef AZA_EXPLAIN_H
#define AZA_EXPLAIN_H

#include "emit/emit.h"

struct azx_view {
    struct azo_view settings;
    const struct azv_reading *readings; /* one per source, or null: sources go without detail */
};

/* Explains a name, as text with aligned columns or as one JSON object. False, and nothing is
 * written, when nothing has that name. */
bool azx_explain(struct aza_sink *sink, const struct azx_view *view, struct aza_span name,
                 bool json);

/* Every fact and option with its value, the source that won, and what the other sources answered.
 */
void azx_facts(struct aza_sink *sink, const struct azx_view *view, bool json);

/* Value of a slot in words: "512MB", "none" when void, "no answer: division by zero". */
void azx_put_slot(struct aza_sink *sink, const struct azv_machine *machine, uint32_t slot);

#endif
