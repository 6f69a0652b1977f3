/* A derivation as one JSON object, with the same facts as the text. */
#include "explain/parts.h"

enum { VALUE_BYTES_MAX = AZA_TEXT_VALUE_MAX };

static void put_slot_member(struct aza_sink *sink, const struct azv_machine *machine,
                            const char *key, uint32_t slot)
{
    char text[VALUE_BYTES_MAX];
    struct aza_sink value = AZA_SINK(text);
    const bool there = machine->slots[slot].state == AZV_VALUE;
    if (there)
        azx_put_slot(&value, machine, slot);
    azx_put_member(sink, ", ", key, there ? text : NULL);
}

static void put_heading(struct aza_sink *sink, const struct azx_subject *subject)
{
    char text[VALUE_BYTES_MAX];
    struct aza_sink word = AZA_SINK(text);
    azx_put_subject_name(&word, subject);
    azx_put_member(sink, "", "name", text);
    word = (struct aza_sink)AZA_SINK(text);
    azx_put_subject_value(&word, subject);
    azx_put_member(sink, ", ", "value", azx_has_value(subject) ? text : NULL);
}

static void put_uses(struct aza_sink *sink, const struct azx_subject *subject, bool deeper)
{
    const struct azb_note *note;
    const char *comma = "";
    aza_put(sink, ", \"uses\": [");
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_USES, &cursor)) != NULL;) {
        AZA_PUT(sink, comma, "{");
        azx_put_member(sink, "", "name", azb_string(subject->image, note->text));
        put_slot_member(sink, subject->machine, "value", note->a);
        struct azx_subject used;
        if (azx_used(subject, note, &used)) {
            if (used.input != AZB_NONE)
                azx_put_member(sink, ", ", "source", subject->machine->inputs[used.input].label);
            if (deeper)
                put_uses(sink, &used, false);
        }
        AZA_PUT(sink, ", \"used\": ", azx_is_taken(subject, note) ? "true" : "false");
        aza_put_char(sink, '}');
        comma = ", ";
    }
    aza_put_char(sink, ']');
}

static void put_conditions(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    const char *comma = "";
    aza_put(sink, ", \"matched\": [");
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_MATCHES, &cursor)) != NULL;) {
        aza_put(sink, comma);
        aza_put_json(sink, azb_string(subject->image, note->text));
        comma = ", ";
    }
    comma = "";
    aza_put(sink, "], \"conditions\": [");
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_BRANCHES, &cursor)) != NULL;) {
        AZA_PUT(sink, comma, "{");
        azx_put_member(sink, "", "text", azb_string(subject->image, note->text));
        AZA_PUT(sink, ", \"holds\": ", azx_applies(subject, note) ? "true}" : "false}");
        comma = ", ";
    }
    aza_put_char(sink, ']');
}

static void put_limits(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    const char *comma = "";
    aza_put(sink, ", \"limits\": [");
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_LIMITS, &cursor)) != NULL;) {
        AZA_PUT(sink, comma, "{");
        azx_put_member(sink, "", "kind", note->class == AZB_NOTE_AT_LEAST ? "at least" : "at most");
        azx_put_member(sink, ", ", "text", azb_string(subject->image, note->text));
        put_slot_member(sink, subject->machine, "bound", note->b);
        put_slot_member(sink, subject->machine, "before", note->a);
        AZA_PUT(sink, ", \"applied\": ", azx_applies(subject, note) ? "true}" : "false}");
        comma = ", ";
    }
    aza_put_char(sink, ']');
}

static void put_sets(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    const char *comma = "";
    aza_put(sink, ", \"sets\": [");
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_SETS, &cursor)) != NULL;) {
        const char *loses = azx_set_loses(subject, note);
        AZA_PUT(sink, comma, "{");
        azx_put_member(sink, "", "text", azb_string(subject->image, note->text));
        if (note->b != AZB_NONE)
            put_slot_member(sink, subject->machine, "value", note->b);
        AZA_PUT(sink, ", \"wins\": ", loses == NULL ? "true" : "false");
        azx_put_member(sink, ", ", "loses", loses);
        azx_put_member(
            sink, ", ", "file",
            azb_string(subject->image, note->file != 0 ? note->file : subject->name->file));
        aza_put(sink, ", \"line\": ");
        aza_put_int(sink, note->line);
        aza_put_char(sink, '}');
        comma = ", ";
    }
    aza_put_char(sink, ']');
}

/* All layers, the strongest first; those that say nothing have null for a value. */
static void put_layers(struct aza_sink *sink, const struct azx_subject *subject)
{
    const unsigned winner = azx_layer(subject);
    azx_put_member(sink, ", ", "layer", azx_layer_word(winner));
    aza_put(sink, ", \"layers\": [");
    for (unsigned layer = 0; layer <= AZV_LAYERS; layer++) {
        char text[VALUE_BYTES_MAX] = "";
        struct aza_sink value = AZA_SINK(text);
        const bool says = azx_put_layer_value(&value, subject, layer);
        azx_put_member(sink, layer == 0 ? "{" : ", {", "layer", azx_layer_word(layer));
        azx_put_member(sink, ", ", "value", says ? text : NULL);
        AZA_PUT(sink, ", \"wins\": ", layer == winner ? "true" : "false");
        azx_put_member(sink, ", ", "loses", azx_layer_loses(subject, layer));
        aza_put_char(sink, '}');
    }
    aza_put_char(sink, ']');
}

static void put_threshold(void *context, const struct azx_threshold *threshold)
{
    struct aza_sink *sink = context;
    const struct azx_subject *there = threshold->subject;
    const struct azb_input *input = &there->image->inputs[threshold->input];
    char text[VALUE_BYTES_MAX] = "", why[VALUE_BYTES_MAX] = "";
    struct aza_sink border = AZA_SINK(text), reason = AZA_SINK(why);
    azv_put_value(&border, there->machine, input->kind, threshold->border);
    azx_put_reason(&reason, threshold);
    aza_put(sink, sink->data[sink->length - 1] == '[' ? "" : ", ");
    azx_put_member(sink, "{", "fact", azb_string(there->image, input->name));
    azx_put_member(sink, ", ", "direction", threshold->larger ? "larger" : "smaller");
    azx_put_member(sink, ", ", "relation", threshold->relation);
    azx_put_member(sink, ", ", "threshold", text);
    put_slot_member(sink, there->machine, "value", there->name->slot);
    azx_put_member(sink, ", ", "reason", why);
    aza_put_char(sink, '}');
}

/* What a name of the rules has to tell. */
static void put_derivation(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_name *name = subject->name;
    char text[VALUE_BYTES_MAX] = "";
    struct aza_sink values = AZA_SINK(text);
    azx_put_member(sink, ", ", "doc", azb_string(subject->image, name->doc));
    azx_put_member(sink, ", ", "formula", azb_string(subject->image, name->formula));
    azx_put_member(sink, ", ", "put_in", azx_put_values(&values, subject) ? text : NULL);
    put_uses(sink, subject, true);
    put_conditions(sink, subject);
    put_limits(sink, subject);
    put_sets(sink, subject);
    if (subject->input == AZB_NONE) {
        aza_put(sink, ", \"facts\": ");
        azx_put_dependencies_json(sink, subject);
        aza_put(sink, ", \"next\": [");
        azx_find_thresholds(subject, put_threshold, sink);
        aza_put_char(sink, ']');
    }
    azx_put_member(sink, ", ", "file", azb_string(subject->image, name->file));
    aza_put(sink, ", \"line\": ");
    aza_put_int(sink, name->line);
}

void azx_put_json(struct aza_sink *sink, const struct azx_subject *subject)
{
    aza_put_char(sink, '{');
    put_heading(sink, subject);
    if (subject->input != AZB_NONE)
        azx_put_input_json(sink, subject->view, subject->input);
    else if (subject->name == NULL || subject->name->class == AZB_NAME_SETTING)
        put_layers(sink, subject);
    if (subject->name != NULL)
        put_derivation(sink, subject);
    aza_put(sink, "}\n");
}
