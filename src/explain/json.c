/* A derivation as one JSON object, with the same contents as the text of explain.c: one function
 * per member, in the order of the text. Values are texts with units, as in the text form; null
 * where there is none. Unlike the text, arrays without elements are present. */
#include "explain/parts.h"

enum { VALUE_BYTES_MAX = LIMIT_TEXT_VALUE };

static void put_slot_member(struct base_sink *sink, const struct vm_machine *machine,
                            const char *key, uint32_t slot)
{
    char text[VALUE_BYTES_MAX];
    struct base_sink value = BASE_SINK(text);
    const bool there = machine->slots[slot].state == VM_VALUE;
    if (there)
        explain_put_slot(&value, machine, slot);
    explain_put_member(sink, ", ", key, there ? text : NULL);
}

static void put_heading_json(struct base_sink *sink, const struct explain_subject *subject)
{
    char text[VALUE_BYTES_MAX];
    struct base_sink word = BASE_SINK(text);
    explain_put_subject_name(&word, subject);
    explain_put_member(sink, "", "name", text);
    word = (struct base_sink)BASE_SINK(text);
    explain_put_subject_value(&word, subject);
    explain_put_member(sink, ", ", "value", explain_has_value(subject) ? text : NULL);
}

static void put_uses_json(struct base_sink *sink, const struct explain_subject *subject,
                          bool deeper)
{
    const struct image_note *note;
    const char *comma = "";
    base_put(sink, ", \"uses\": [");
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_USES, &cursor)) != NULL;) {
        BASE_PUT(sink, comma, "{");
        explain_put_member(sink, "", "name", image_string(subject->image, note->text));
        put_slot_member(sink, subject->machine, "value", note->a);
        struct explain_subject used;
        if (explain_used(subject, note, &used)) {
            if (used.input != IMAGE_NONE)
                explain_put_member(sink, ", ", "source",
                                   subject->machine->inputs[used.input].label);
            if (deeper)
                put_uses_json(sink, &used, false);
        }
        BASE_PUT(sink, ", \"used\": ", explain_is_taken(subject, note) ? "true" : "false");
        base_put_char(sink, '}');
        comma = ", ";
    }
    base_put_char(sink, ']');
}

static void put_conditions_json(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    const char *comma = "";
    base_put(sink, ", \"matched\": [");
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_MATCHES, &cursor)) != NULL;) {
        base_put(sink, comma);
        base_put_json(sink, image_string(subject->image, note->text));
        comma = ", ";
    }
    comma = "";
    base_put(sink, "], \"conditions\": [");
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_BRANCHES, &cursor)) != NULL;) {
        BASE_PUT(sink, comma, "{");
        explain_put_member(sink, "", "text", image_string(subject->image, note->text));
        BASE_PUT(sink, ", \"holds\": ", explain_applies(subject, note) ? "true}" : "false}");
        comma = ", ";
    }
    base_put_char(sink, ']');
}

static void put_limits_json(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    const char *comma = "";
    base_put(sink, ", \"limits\": [");
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_LIMITS, &cursor)) != NULL;) {
        BASE_PUT(sink, comma, "{");
        explain_put_member(sink, "", "kind",
                           note->class == IMAGE_NOTE_AT_LEAST ? "at least" : "at most");
        explain_put_member(sink, ", ", "text", image_string(subject->image, note->text));
        put_slot_member(sink, subject->machine, "bound", note->b);
        put_slot_member(sink, subject->machine, "before", note->a);
        BASE_PUT(sink, ", \"applied\": ", explain_applies(subject, note) ? "true}" : "false}");
        comma = ", ";
    }
    base_put_char(sink, ']');
}

static void put_sets_json(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    const char *comma = "";
    base_put(sink, ", \"sets\": [");
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_SETS, &cursor)) != NULL;) {
        const char *loses = explain_set_loses(subject, note);
        BASE_PUT(sink, comma, "{");
        explain_put_member(sink, "", "text", image_string(subject->image, note->text));
        if (note->b != IMAGE_NONE)
            put_slot_member(sink, subject->machine, "value", note->b);
        BASE_PUT(sink, ", \"wins\": ", loses == NULL ? "true" : "false");
        explain_put_member(sink, ", ", "loses", loses);
        explain_put_member(
            sink, ", ", "file",
            image_string(subject->image, note->file != 0 ? note->file : subject->name->file));
        base_put(sink, ", \"line\": ");
        base_put_int(sink, note->line);
        base_put_char(sink, '}');
        comma = ", ";
    }
    base_put_char(sink, ']');
}

/* All layers, the strongest first; the value of one that does not set it is null. */
static void put_layers_json(struct base_sink *sink, const struct explain_subject *subject)
{
    const unsigned winner = explain_layer(subject);
    explain_put_member(sink, ", ", "layer", explain_layer_word(winner));
    base_put(sink, ", \"layers\": [");
    for (unsigned layer = 0; layer <= VM_LAYERS; layer++) {
        char text[VALUE_BYTES_MAX] = "";
        struct base_sink value = BASE_SINK(text);
        const bool has_value = explain_put_layer_value(&value, subject, layer);
        explain_put_member(sink, layer == 0 ? "{" : ", {", "layer", explain_layer_word(layer));
        explain_put_member(sink, ", ", "value", has_value ? text : NULL);
        BASE_PUT(sink, ", \"wins\": ", layer == winner ? "true" : "false");
        explain_put_member(sink, ", ", "loses", explain_layer_loses(subject, layer));
        base_put_char(sink, '}');
    }
    base_put_char(sink, ']');
}

struct threshold_list {
    struct base_sink *sink;
    const char *separator; /* before the next one */
};

static void put_threshold_json(void *context, const struct explain_threshold *threshold)
{
    struct threshold_list *list = context;
    struct base_sink *sink = list->sink;
    const struct explain_subject *there = threshold->subject;
    const struct image_input *input = &there->image->inputs[threshold->input];
    char text[VALUE_BYTES_MAX] = "", why[VALUE_BYTES_MAX] = "";
    struct base_sink border = BASE_SINK(text), reason = BASE_SINK(why);
    vm_put_value(&border, there->machine, input->kind, threshold->border);
    explain_put_reason(&reason, threshold);
    base_put(sink, list->separator);
    list->separator = ", ";
    explain_put_member(sink, "{", "fact", image_string(there->image, input->name));
    explain_put_member(sink, ", ", "direction", threshold->larger ? "larger" : "smaller");
    explain_put_member(sink, ", ", "relation", threshold->relation);
    explain_put_member(sink, ", ", "threshold", text);
    put_slot_member(sink, there->machine, "value", there->name->slot);
    explain_put_member(sink, ", ", "reason", why);
    base_put_char(sink, '}');
}

/* The members of a name of the rules. */
static void put_derivation_json(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_name *name = subject->name;
    char text[VALUE_BYTES_MAX] = "";
    struct base_sink values = BASE_SINK(text);
    explain_put_member(sink, ", ", "doc", image_string(subject->image, name->doc));
    explain_put_member(sink, ", ", "formula", image_string(subject->image, name->formula));
    explain_put_member(sink, ", ", "put_in", explain_put_values(&values, subject) ? text : NULL);
    put_uses_json(sink, subject, true);
    put_conditions_json(sink, subject);
    put_limits_json(sink, subject);
    put_sets_json(sink, subject);
    if (subject->input == IMAGE_NONE) {
        base_put(sink, ", \"facts\": ");
        explain_put_dependencies_json(sink, subject);
        base_put(sink, ", \"next\": [");
        struct threshold_list list = {sink, ""};
        explain_find_thresholds(subject, put_threshold_json, &list);
        base_put_char(sink, ']');
    }
    explain_put_member(sink, ", ", "file", image_string(subject->image, name->file));
    base_put(sink, ", \"line\": ");
    base_put_int(sink, name->line);
}

void explain_put_json(struct base_sink *sink, const struct explain_subject *subject)
{
    base_put_char(sink, '{');
    put_heading_json(sink, subject);
    if (subject->input != IMAGE_NONE)
        explain_put_input_json(sink, subject->view, subject->input);
    else if (subject->name == NULL || subject->name->class == IMAGE_NAME_SETTING)
        put_layers_json(sink, subject);
    if (subject->name != NULL)
        put_derivation_json(sink, subject);
    base_put(sink, "}\n");
}
