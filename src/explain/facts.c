/* Facts and options: what each is, who said so, and what the others would have said. */
#include "explain/parts.h"

enum { NAME_WIDTH_LEAST = 8, VALUE_WIDTH = 12 };

static const char *label_of(const struct azx_view *view, uint32_t source)
{
    const struct azb_image *image = view->settings.machine->image;
    return azb_string(image, image->sources[source].label);
}

static const char *detail_of(const struct azx_view *view, uint32_t source)
{
    const char *detail = view->readings != NULL ? view->readings[source].detail : NULL;
    return detail != NULL ? detail : "";
}

/* The names of a list as far as a line has room, and how many there are. */
static void put_list(struct aza_sink *sink, const char *list)
{
    enum { ROOM = 48 };
    struct aza_span rest = aza_span_of(list), name;
    const size_t before = sink->length;
    const bool fits = rest.length <= ROOM;
    int64_t count = 0;
    for (; aza_list_next(&rest, &name); count++) {
        if (!fits && sink->length - before + name.length >= ROOM)
            continue;
        if (count > 0)
            aza_put_char(sink, ',');
        aza_put_span(sink, name);
    }
    if (fits)
        return;
    aza_put(sink, ",... (");
    aza_put_int(sink, count);
    aza_put(sink, " names)");
}

void azx_put_input(struct aza_sink *sink, const struct azx_view *view, uint32_t input, bool brief)
{
    const struct azv_machine *machine = view->settings.machine;
    const bool known = machine->inputs[input].state == AZV_VALUE;
    if (machine->image->inputs[input].class == AZB_SECRET)
        aza_put(sink, known ? AZV_HIDDEN : "none");
    else if (known && brief && machine->image->inputs[input].kind == AZB_LIST)
        put_list(sink, azv_text(machine, machine->inputs[input].value));
    else if (known)
        azv_put_value(sink, machine, machine->image->inputs[input].kind,
                      machine->inputs[input].value);
    else
        aza_put(sink, "unknown");
}

void azx_put_origin(struct aza_sink *sink, const struct azx_view *view, uint32_t input)
{
    const struct azv_input *chosen = &view->settings.machine->inputs[input];
    aza_put(sink, chosen->label);
    const char *detail = chosen->source != AZB_NONE ? detail_of(view, chosen->source) : "";
    if (*detail != '\0' && !aza_text_is(detail, chosen->label))
        AZA_PUT(sink, ": ", detail);
    if (chosen->clamped)
        aza_put(sink, ", moved to the nearest allowed value");
}

static bool was_asked(const struct azx_view *view, uint32_t source)
{
    return view->readings != NULL && view->readings[source].answer != AZV_ANSWER_NONE;
}

static void put_answer(struct aza_sink *sink, const struct azx_view *view, uint32_t input,
                       uint32_t source)
{
    const struct azv_machine *machine = view->settings.machine;
    const struct azv_reading *reading = &view->readings[source];
    if (machine->image->inputs[input].class == AZB_SECRET)
        aza_put(sink, AZV_HIDDEN);
    else if (reading->answer == AZV_ANSWER_VALUE)
        azv_put_value(sink, machine, machine->image->inputs[input].kind, reading->value);
    else
        aza_put(sink, reading->answer == AZV_ANSWER_UNLIMITED ? "unlimited" : "unknown");
}

/* "cgroup: unlimited (/sys/fs/cgroup/memory.max)", "manual, POSTGRES_MEMORY: not set". */
static void put_reading(struct aza_sink *sink, const struct azx_view *view, uint32_t input,
                        uint32_t source)
{
    const struct azb_image *image = view->settings.machine->image;
    const char *detail = detail_of(view, source), *label = label_of(view, source);
    aza_put(sink, label);
    if (image->sources[source].class != AZB_FROM_PROBE) {
        const char *variable = azb_string(image, image->sources[source].name);
        const bool same = aza_text_is(label, variable);
        AZA_PUT(sink, same ? "" : ", ", same ? "" : variable, ": ");
        if (view->readings[source].answer == AZV_ANSWER_VALUE)
            put_answer(sink, view, input, source);
        else
            aza_put(sink, detail);
        return;
    }
    aza_put(sink, ": ");
    put_answer(sink, view, input, source);
    if (*detail != '\0')
        AZA_PUT(sink, " (", detail, ")");
}

void azx_put_readings(struct aza_sink *sink, const struct azx_view *view, uint32_t input,
                      size_t indent)
{
    const struct azv_machine *machine = view->settings.machine;
    const struct azb_input *declared = &machine->image->inputs[input];
    for (uint32_t i = declared->sources; i < declared->sources + declared->source_count; i++) {
        if (!was_asked(view, i))
            continue;
        aza_put_padding(sink, 0, indent);
        aza_put(sink, i == machine->inputs[input].source ? "* " : "- ");
        put_reading(sink, view, input, i);
        aza_put_char(sink, '\n');
    }
}

static void put_input(struct aza_sink *sink, const struct azx_view *view, uint32_t input,
                      size_t width)
{
    const struct azb_image *image = view->settings.machine->image;
    const char *name = azb_string(image, image->inputs[input].name);
    aza_put(sink, name);
    aza_put_padding(sink, aza_span_of(name).length, width + 2);
    const size_t before = sink->length;
    azx_put_input(sink, view, input, true);
    aza_put_padding(sink, sink->length - before, VALUE_WIDTH);
    aza_put(sink, "  ");
    const struct azb_input *declared = &image->inputs[input];
    const struct azv_input *answer = &view->settings.machine->inputs[input];
    const bool only = declared->source_count == 1 && declared->sources != answer->source &&
                      was_asked(view, declared->sources);
    /* Where nothing is known, the one source says why. */
    if (!only || answer->state == AZV_VALUE)
        azx_put_origin(sink, view, input);
    if (only && answer->state == AZV_VALUE)
        aza_put(sink, "; ");
    if (only)
        put_reading(sink, view, input, declared->sources);
    aza_put_char(sink, '\n');
    if (declared->source_count > 1)
        azx_put_readings(sink, view, input, 4);
}

void azx_put_member(struct aza_sink *sink, const char *comma, const char *key, const char *text)
{
    aza_put(sink, comma);
    aza_put_json(sink, key);
    aza_put(sink, ": ");
    if (text != NULL)
        aza_put_json(sink, text);
    else
        aza_put(sink, "null");
}

static void put_readings_json(struct aza_sink *sink, const struct azx_view *view, uint32_t input)
{
    static const char *const words[] = {[AZV_ANSWER_NONE] = "not asked",
                                        [AZV_ANSWER_VALUE] = "value",
                                        [AZV_ANSWER_UNLIMITED] = "unlimited",
                                        [AZV_ANSWER_UNKNOWN] = "unknown"};
    const struct azb_input *declared = &view->settings.machine->image->inputs[input];
    bool first = true;
    for (uint32_t i = declared->sources; i < declared->sources + declared->source_count; i++) {
        if (!was_asked(view, i))
            continue;
        char text[AZA_TEXT_VALUE_MAX];
        struct aza_sink value = AZA_SINK(text);
        const struct azv_reading *reading = &view->readings[i];
        put_answer(&value, view, input, i);
        azx_put_member(sink, first ? "{" : ", {", "source", label_of(view, i));
        azx_put_member(sink, ", ", "answer", words[reading->answer]);
        azx_put_member(sink, ", ", "value", reading->answer == AZV_ANSWER_VALUE ? text : NULL);
        azx_put_member(sink, ", ", "detail", detail_of(view, i));
        aza_put_char(sink, '}');
        first = false;
    }
}

void azx_put_input_json(struct aza_sink *sink, const struct azx_view *view, uint32_t input)
{
    const struct azv_machine *machine = view->settings.machine;
    const struct azv_input *chosen = &machine->inputs[input];
    azx_put_member(sink, ", ", "source", chosen->label);
    azx_put_member(sink, ", ", "detail",
                   chosen->source != AZB_NONE ? detail_of(view, chosen->source) : "");
    AZA_PUT(sink, ", \"given\": ", chosen->given ? "true" : "false",
            ", \"clamped\": ", chosen->clamped ? "true" : "false", ", \"answers\": [");
    put_readings_json(sink, view, input);
    aza_put_char(sink, ']');
}

static void put_value_json(struct aza_sink *sink, const struct azx_view *view, uint32_t input)
{
    char text[AZA_TEXT_VALUE_MAX];
    struct aza_sink value = AZA_SINK(text);
    azx_put_input(&value, view, input, false);
    const bool known = view->settings.machine->inputs[input].state == AZV_VALUE;
    azx_put_member(sink, ": {", "value", known ? text : NULL);
}

void azx_facts(struct aza_sink *sink, const struct azx_view *view, bool json)
{
    const struct azb_image *image = view->settings.machine->image;
    size_t width = NAME_WIDTH_LEAST;
    struct azv_trace needs;
    bool first = true;
    azv_trace_needs(image, &needs);
    for (uint32_t i = 0; i < image->input_count; i++) {
        const size_t length = aza_span_of(azb_string(image, image->inputs[i].name)).length;
        width = length > width ? length : width;
    }
    for (uint32_t i = 0; i < image->input_count; i++) {
        if (!view->settings.machine->inputs[i].given && !azv_needs_input(image, &needs, i))
            continue;
        if (!json) {
            put_input(sink, view, i, width);
            continue;
        }
        aza_put(sink, first ? "{\n  " : ",\n  ");
        first = false;
        aza_put_json(sink, azb_string(image, image->inputs[i].name));
        put_value_json(sink, view, i);
        azx_put_input_json(sink, view, i);
        aza_put_char(sink, '}');
    }
    if (json)
        aza_put(sink, first ? "{}\n" : "\n}\n");
}
