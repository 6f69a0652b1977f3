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

void azx_put_json(struct aza_sink *sink, const struct azx_subject *subject)
{
    const unsigned layer = azx_layer(subject);
    aza_put_char(sink, '{');
    put_heading(sink, subject);
    if (subject->input != AZB_NONE) {
        azx_put_input_json(sink, subject->view, subject->input);
    } else if (subject->name == NULL || subject->name->class == AZB_NAME_SETTING) {
        azx_put_member(sink, ", ", "layer",
                       layer == AZV_LAYERS ? "server default" : azo_layer_word(layer));
        char text[VALUE_BYTES_MAX];
        struct aza_sink rules = AZA_SINK(text);
        azx_put_member(sink, ", ", "rules_value",
                       azx_put_rules_value(&rules, subject) ? text : NULL);
    }
    if (subject->name != NULL) {
        const struct azb_name *name = subject->name;
        azx_put_member(sink, ", ", "doc", azb_string(subject->image, name->doc));
        azx_put_member(sink, ", ", "formula", azb_string(subject->image, name->formula));
        put_uses(sink, subject, true);
        put_conditions(sink, subject);
        put_limits(sink, subject);
        azx_put_member(sink, ", ", "file", azb_string(subject->image, name->file));
        aza_put(sink, ", \"line\": ");
        aza_put_int(sink, name->line);
    }
    aza_put(sink, "}\n");
}
