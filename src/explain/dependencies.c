/* The facts, options and words of the operator's that a value was made from, however far back. */
#include "explain/parts.h"

/* Whether an earlier instruction asks for the same input already. */
static bool was_met(const struct azb_image *image, const struct azv_trace *whole, uint32_t slot)
{
    for (uint32_t n = 0; n < slot; n++)
        if (azv_traced(whole, n) &&
            (image->code[n].op == AZB_OP_INPUT || image->code[n].op == AZB_OP_GIVEN) &&
            image->code[n].immediate == image->code[slot].immediate)
            return true;
    return false;
}

static bool is_used(const struct azx_subject *subject, uint32_t input)
{
    for (uint32_t n = 0; n < subject->image->code_count; n++)
        if (azv_traced(subject->taken, n) &&
            (subject->image->code[n].op == AZB_OP_INPUT ||
             subject->image->code[n].op == AZB_OP_GIVEN) &&
            subject->image->code[n].immediate == input)
            return true;
    return false;
}

static bool take(const struct azx_subject *subject, const struct azv_trace *whole, uint32_t n,
                 struct azx_dependency *dependency)
{
    const struct azb_instruction *i = &subject->image->code[n];
    const struct azv_override *overrides = subject->machine->overrides;
    *dependency = (struct azx_dependency){.input = AZB_NONE, .setting = AZB_NONE};
    if ((i->op == AZB_OP_INPUT || i->op == AZB_OP_GIVEN) && !was_met(subject->image, whole, n)) {
        dependency->input = (uint32_t)i->immediate;
        dependency->used = is_used(subject, dependency->input);
        return true;
    }
    if (i->op != AZB_OP_SETTING || overrides == NULL || !overrides[i->immediate].present)
        return false;
    dependency->setting = (uint32_t)i->immediate;
    dependency->used = azv_traced(subject->taken, n);
    return true;
}

bool azx_next_dependency(const struct azx_subject *subject, const struct azv_trace *whole,
                         uint32_t *cursor, struct azx_dependency *dependency)
{
    while (*cursor < subject->image->code_count) {
        const uint32_t n = (*cursor)++;
        if (azv_traced(whole, n) && take(subject, whole, n, dependency))
            return true;
    }
    return false;
}

static const char *name_of(const struct azx_subject *subject,
                           const struct azx_dependency *dependency)
{
    const struct azb_image *image = subject->image;
    return azb_string(image, dependency->input != AZB_NONE
                                 ? image->inputs[dependency->input].name
                                 : image->settings[dependency->setting].name);
}

static void put_value(struct aza_sink *sink, const struct azx_subject *subject,
                      const struct azx_dependency *dependency, bool brief)
{
    if (dependency->input != AZB_NONE)
        azx_put_input(sink, subject->view, dependency->input, brief);
    else
        azv_put_setting(sink, subject->machine, &subject->image->settings[dependency->setting],
                        subject->machine->overrides[dependency->setting].value);
}

static const char *layer_of(const struct azx_subject *subject,
                            const struct azx_dependency *dependency)
{
    return azo_layer_word(subject->machine->overrides[dependency->setting].layer);
}

static void put_line(struct aza_sink *sink, const struct azx_subject *subject,
                     const struct azx_dependency *dependency, size_t name_width)
{
    enum { VALUE_WIDTH = 10 };
    const char *name = name_of(subject, dependency);
    aza_put(sink, name);
    aza_put_padding(sink, aza_span_of(name).length, name_width);
    aza_put(sink, " = ");
    const size_t before = sink->length;
    put_value(sink, subject, dependency, true);
    aza_put_padding(sink, sink->length - before, VALUE_WIDTH);
    aza_put(sink, "  ");
    if (dependency->input == AZB_NONE)
        aza_put(sink, layer_of(subject, dependency));
    else if (subject->machine->inputs[dependency->input].state == AZV_VALUE)
        azx_put_origin(sink, subject->view, dependency->input);
    else
        aza_put(sink, "no source knows it");
    aza_put(sink, dependency->used ? "\n" : "  (not used here)\n");
}

void azx_put_dependencies(struct aza_sink *sink, const struct azx_subject *subject, size_t indent,
                          const char *word, size_t column)
{
    struct azv_trace whole;
    struct azx_dependency dependency;
    size_t width = 0;
    azv_trace(subject->machine, azx_root(subject), AZV_WHOLE, &whole);
    for (uint32_t cursor = 0; azx_next_dependency(subject, &whole, &cursor, &dependency);) {
        const size_t length = aza_span_of(name_of(subject, &dependency)).length;
        width = length > width ? length : width;
    }
    for (int used = 1; used >= 0; used--)
        for (uint32_t cursor = 0; azx_next_dependency(subject, &whole, &cursor, &dependency);) {
            if (dependency.used != (bool)used)
                continue;
            aza_put_padding(sink, 0, indent);
            aza_put(sink, word);
            aza_put_padding(sink, aza_span_of(word).length, column);
            put_line(sink, subject, &dependency, width);
            word = "";
        }
}

void azx_put_dependencies_json(struct aza_sink *sink, const struct azx_subject *subject)
{
    struct azv_trace whole;
    struct azx_dependency dependency;
    const char *comma = "";
    azv_trace(subject->machine, azx_root(subject), AZV_WHOLE, &whole);
    aza_put_char(sink, '[');
    for (uint32_t cursor = 0; azx_next_dependency(subject, &whole, &cursor, &dependency);) {
        char text[AZA_TEXT_VALUE_MAX];
        struct aza_sink value = AZA_SINK(text);
        const uint32_t input = dependency.input;
        const bool known = input == AZB_NONE || subject->machine->inputs[input].state == AZV_VALUE;
        put_value(&value, subject, &dependency, false);
        AZA_PUT(sink, comma, "{");
        azx_put_member(sink, "", "name", name_of(subject, &dependency));
        azx_put_member(sink, ", ", "value", known ? text : NULL);
        if (input != AZB_NONE)
            azx_put_input_json(sink, subject->view, input);
        else
            azx_put_member(sink, ", ", "source", layer_of(subject, &dependency));
        AZA_PUT(sink, ", \"used\": ", dependency.used ? "true}" : "false}");
        comma = ", ";
    }
    aza_put_char(sink, ']');
}
