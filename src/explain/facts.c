/* Facts and options: the value of each, the source that decided it, and what the other sources
 * answered. Used by `azr facts` and for the inputs that `azr explain` names; as text and as JSON.
 *
 *     memory    2048MB        manual: POSTGRES_MEMORY
 *         * manual, POSTGRES_MEMORY: 2048MB
 *         - cgroup: unlimited (/sys/fs/cgroup/memory.max)
 *
 * An input with one source has its answer on the same line. Without readings only the source that
 * decided is known. An option that the operator did not set and that no output depends on is left
 * out of the list. The value of a secret is never printed, and neither is that of its sources. */
#include "explain/parts.h"

enum { NAME_WIDTH_LEAST = 8, VALUE_WIDTH = 12 };

static const char *source_label(const struct explain_view *view, uint32_t source)
{
    const struct image *image = view->settings.machine->image;
    return image_string(image, image->sources[source].label);
}

static const char *source_detail(const struct explain_view *view, uint32_t source)
{
    const char *detail = view->readings != NULL ? view->readings[source].detail : NULL;
    return detail != NULL ? detail : "";
}

/* A list that fits in ROOM bytes; of a longer one the names that fit, and the number of all. */
static void put_shortened_list(struct base_sink *sink, const char *list)
{
    enum { ROOM = 48 };
    struct base_span rest = base_span_of(list), name;
    const size_t before = sink->length;
    const bool fits = rest.length <= ROOM;
    int64_t count = 0;
    for (; base_list_next(&rest, &name); count++) {
        if (!fits && sink->length - before + name.length >= ROOM)
            continue;
        if (count > 0)
            base_put_char(sink, ',');
        base_put_span(sink, name);
    }
    if (fits)
        return;
    base_put(sink, ",... (");
    base_put_int(sink, count);
    base_put(sink, " names)");
}

void explain_put_input(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                       bool shorten)
{
    const struct vm_machine *machine = view->settings.machine;
    const bool known = machine->inputs[input].state == VM_VALUE;
    if (machine->image->inputs[input].class == IMAGE_SECRET)
        base_put(sink, known ? VM_HIDDEN : "none");
    else if (known && shorten && machine->image->inputs[input].kind == IMAGE_LIST)
        put_shortened_list(sink, vm_text(machine, machine->inputs[input].value));
    else if (known)
        vm_put_value(sink, machine, machine->image->inputs[input].kind,
                     machine->inputs[input].value);
    else
        base_put(sink, "unknown");
}

void explain_put_origin(struct base_sink *sink, const struct explain_view *view, uint32_t input)
{
    const struct vm_input *chosen = &view->settings.machine->inputs[input];
    base_put(sink, chosen->label);
    const char *detail = chosen->source != IMAGE_NONE ? source_detail(view, chosen->source) : "";
    if (*detail != '\0' && !base_text_is(detail, chosen->label))
        BASE_PUT(sink, ": ", detail);
    if (chosen->clamped)
        base_put(sink, ", clamped to the allowed range");
}

static bool source_was_asked(const struct explain_view *view, uint32_t source)
{
    return view->readings != NULL && view->readings[source].answer != VM_ANSWER_NONE;
}

static void put_source_answer(struct base_sink *sink, const struct explain_view *view,
                              uint32_t input, uint32_t source)
{
    const struct vm_machine *machine = view->settings.machine;
    const struct vm_reading *reading = &view->readings[source];
    if (machine->image->inputs[input].class == IMAGE_SECRET)
        base_put(sink, VM_HIDDEN);
    else if (reading->answer == VM_ANSWER_VALUE)
        vm_put_value(sink, machine, machine->image->inputs[input].kind, reading->value);
    else
        base_put(sink, reading->answer == VM_ANSWER_UNLIMITED ? "unlimited" : "unknown");
}

/* "cgroup: unlimited (/sys/fs/cgroup/memory.max)", "manual, POSTGRES_MEMORY: not set". */
static void put_source_reading(struct base_sink *sink, const struct explain_view *view,
                               uint32_t input, uint32_t source)
{
    const struct image *image = view->settings.machine->image;
    const char *detail = source_detail(view, source), *label = source_label(view, source);
    base_put(sink, label);
    if (image->sources[source].class != IMAGE_FROM_PROBE) {
        const char *variable = image_string(image, image->sources[source].name);
        const bool same = base_text_is(label, variable);
        BASE_PUT(sink, same ? "" : ", ", same ? "" : variable, ": ");
        if (view->readings[source].answer == VM_ANSWER_VALUE)
            put_source_answer(sink, view, input, source);
        else
            base_put(sink, detail);
        return;
    }
    base_put(sink, ": ");
    put_source_answer(sink, view, input, source);
    if (*detail != '\0')
        BASE_PUT(sink, " (", detail, ")");
}

void explain_put_readings(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                          size_t indent)
{
    const struct vm_machine *machine = view->settings.machine;
    const struct image_input *declared = &machine->image->inputs[input];
    for (uint32_t i = declared->sources; i < declared->sources + declared->source_count; i++) {
        if (!source_was_asked(view, i))
            continue;
        base_put_padding(sink, 0, indent);
        base_put(sink, i == machine->inputs[input].source ? "* " : "- ");
        put_source_reading(sink, view, input, i);
        base_put_char(sink, '\n');
    }
}

/* One input of `azr facts`, with its sources below if there are several. */
static void put_fact_line(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                          size_t width)
{
    const struct image *image = view->settings.machine->image;
    const char *name = image_string(image, image->inputs[input].name);
    base_put(sink, name);
    base_put_padding(sink, base_span_of(name).length, width + 2);
    const size_t before = sink->length;
    explain_put_input(sink, view, input, true);
    base_put_padding(sink, sink->length - before, VALUE_WIDTH);
    base_put(sink, "  ");
    const struct image_input *declared = &image->inputs[input];
    const struct vm_input *answer = &view->settings.machine->inputs[input];
    const bool only = declared->source_count == 1 && declared->sources != answer->source &&
                      source_was_asked(view, declared->sources);
    /* If the value is unknown, the answer of the only source has the reason. */
    if (!only || answer->state == VM_VALUE)
        explain_put_origin(sink, view, input);
    if (only && answer->state == VM_VALUE)
        base_put(sink, "; ");
    if (only)
        put_source_reading(sink, view, input, declared->sources);
    base_put_char(sink, '\n');
    if (declared->source_count > 1)
        explain_put_readings(sink, view, input, 4);
}

void explain_put_member(struct base_sink *sink, const char *comma, const char *key,
                        const char *text)
{
    base_put(sink, comma);
    base_put_json(sink, key);
    base_put(sink, ": ");
    if (text != NULL)
        base_put_json(sink, text);
    else
        base_put(sink, "null");
}

static void put_source_readings_json(struct base_sink *sink, const struct explain_view *view,
                                     uint32_t input)
{
    static const char *const words[] = {[VM_ANSWER_NONE] = "not asked",
                                        [VM_ANSWER_VALUE] = "value",
                                        [VM_ANSWER_UNLIMITED] = "unlimited",
                                        [VM_ANSWER_UNKNOWN] = "unknown"};
    const struct image_input *declared = &view->settings.machine->image->inputs[input];
    bool first = true;
    for (uint32_t i = declared->sources; i < declared->sources + declared->source_count; i++) {
        if (!source_was_asked(view, i))
            continue;
        char text[LIMIT_TEXT_VALUE];
        struct base_sink value = BASE_SINK(text);
        const struct vm_reading *reading = &view->readings[i];
        put_source_answer(&value, view, input, i);
        explain_put_member(sink, first ? "{" : ", {", "source", source_label(view, i));
        explain_put_member(sink, ", ", "answer", words[reading->answer]);
        explain_put_member(sink, ", ", "value", reading->answer == VM_ANSWER_VALUE ? text : NULL);
        explain_put_member(sink, ", ", "detail", source_detail(view, i));
        base_put_char(sink, '}');
        first = false;
    }
}

void explain_put_input_json(struct base_sink *sink, const struct explain_view *view, uint32_t input)
{
    const struct vm_machine *machine = view->settings.machine;
    const struct vm_input *chosen = &machine->inputs[input];
    explain_put_member(sink, ", ", "source", chosen->label);
    explain_put_member(sink, ", ", "detail",
                       chosen->source != IMAGE_NONE ? source_detail(view, chosen->source) : "");
    BASE_PUT(sink, ", \"given\": ", chosen->given ? "true" : "false",
             ", \"clamped\": ", chosen->clamped ? "true" : "false", ", \"answers\": [");
    put_source_readings_json(sink, view, input);
    base_put_char(sink, ']');
}

static void put_fact_value_json(struct base_sink *sink, const struct explain_view *view,
                                uint32_t input)
{
    char text[LIMIT_TEXT_VALUE];
    struct base_sink value = BASE_SINK(text);
    explain_put_input(&value, view, input, false);
    const bool known = view->settings.machine->inputs[input].state == VM_VALUE;
    explain_put_member(sink, ": {", "value", known ? text : NULL);
}

void explain_facts(struct base_sink *sink, const struct explain_view *view, bool json)
{
    const struct image *image = view->settings.machine->image;
    size_t width = NAME_WIDTH_LEAST;
    struct vm_trace needs;
    bool first = true;
    vm_trace_needs(image, &needs);
    for (uint32_t i = 0; i < image->input_count; i++) {
        const size_t length = base_span_of(image_string(image, image->inputs[i].name)).length;
        width = length > width ? length : width;
    }
    for (uint32_t i = 0; i < image->input_count; i++) {
        if (!view->settings.machine->inputs[i].given && !vm_needs_input(image, &needs, i))
            continue;
        if (!json) {
            put_fact_line(sink, view, i, width);
            continue;
        }
        base_put(sink, first ? "{\n  " : ",\n  ");
        first = false;
        base_put_json(sink, image_string(image, image->inputs[i].name));
        put_fact_value_json(sink, view, i);
        explain_put_input_json(sink, view, i);
        base_put_char(sink, '}');
    }
    if (json)
        base_put(sink, first ? "{}\n" : "\n}\n");
}
