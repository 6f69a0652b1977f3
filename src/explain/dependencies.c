/* The facts, options and operator's settings that a value depends on, directly or indirectly: the
 * inputs of the trace of its whole formula, each marked by whether this run used it. */
#include "explain/parts.h"

/* Whether an earlier instruction reads the same input. */
static bool is_repeated_input(const struct image *image, const struct vm_trace *whole,
                              uint32_t slot)
{
    for (uint32_t n = 0; n < slot; n++)
        if (vm_traced(whole, n) &&
            (image->code[n].op == IMAGE_OP_INPUT || image->code[n].op == IMAGE_OP_GIVEN) &&
            image->code[n].immediate == image->code[slot].immediate)
            return true;
    return false;
}

static bool is_used_input(const struct explain_subject *subject, uint32_t input)
{
    for (uint32_t n = 0; n < subject->image->code_count; n++)
        if (vm_traced(subject->taken, n) &&
            (subject->image->code[n].op == IMAGE_OP_INPUT ||
             subject->image->code[n].op == IMAGE_OP_GIVEN) &&
            subject->image->code[n].immediate == input)
            return true;
    return false;
}

static bool read_dependency(const struct explain_subject *subject, const struct vm_trace *whole,
                            uint32_t n, struct explain_dependency *dependency)
{
    const struct image_instruction *i = &subject->image->code[n];
    const struct vm_override *overrides = subject->machine->overrides;
    *dependency = (struct explain_dependency){.input = IMAGE_NONE, .setting = IMAGE_NONE};
    if ((i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN) &&
        !is_repeated_input(subject->image, whole, n)) {
        dependency->input = (uint32_t)i->immediate;
        dependency->used = is_used_input(subject, dependency->input);
        return true;
    }
    if (i->op != IMAGE_OP_SETTING || overrides == NULL || !overrides[i->immediate].present)
        return false;
    dependency->setting = (uint32_t)i->immediate;
    dependency->used = vm_traced(subject->taken, n);
    return true;
}

bool explain_next_dependency(const struct explain_subject *subject, const struct vm_trace *whole,
                             uint32_t *cursor, struct explain_dependency *dependency)
{
    while (*cursor < subject->image->code_count) {
        const uint32_t n = (*cursor)++;
        if (vm_traced(whole, n) && read_dependency(subject, whole, n, dependency))
            return true;
    }
    return false;
}

static const char *dependency_name(const struct explain_subject *subject,
                                   const struct explain_dependency *dependency)
{
    const struct image *image = subject->image;
    return image_string(image, dependency->input != IMAGE_NONE
                                   ? image->inputs[dependency->input].name
                                   : image->settings[dependency->setting].name);
}

static void put_dependency_value(struct base_sink *sink, const struct explain_subject *subject,
                                 const struct explain_dependency *dependency, bool shorten)
{
    if (dependency->input != IMAGE_NONE)
        explain_put_input(sink, subject->view, dependency->input, shorten);
    else
        vm_put_setting(sink, subject->machine, &subject->image->settings[dependency->setting],
                       subject->machine->overrides[dependency->setting].value);
}

static const char *dependency_layer_word(const struct explain_subject *subject,
                                         const struct explain_dependency *dependency)
{
    return settings_layer_word(subject->machine->overrides[dependency->setting].layer);
}

static void put_dependency_line(struct base_sink *sink, const struct explain_subject *subject,
                                const struct explain_dependency *dependency, size_t name_width)
{
    enum { VALUE_WIDTH = 10 };
    const char *name = dependency_name(subject, dependency);
    base_put(sink, name);
    base_put_padding(sink, base_span_of(name).length, name_width);
    base_put(sink, " = ");
    const size_t before = sink->length;
    put_dependency_value(sink, subject, dependency, true);
    base_put_padding(sink, sink->length - before, VALUE_WIDTH);
    base_put(sink, "  ");
    if (dependency->input == IMAGE_NONE)
        base_put(sink, dependency_layer_word(subject, dependency));
    else if (subject->machine->inputs[dependency->input].state == VM_VALUE)
        explain_put_origin(sink, subject->view, dependency->input);
    else
        base_put(sink, "not reported by any source");
    base_put(sink, dependency->used ? "\n" : "  (not used here)\n");
}

void explain_put_dependencies(struct base_sink *sink, const struct explain_subject *subject,
                              size_t indent, const char *word, size_t column)
{
    struct vm_trace whole;
    struct explain_dependency dependency;
    size_t width = 0;
    vm_trace(subject->machine, explain_root(subject), VM_WHOLE, &whole);
    for (uint32_t cursor = 0; explain_next_dependency(subject, &whole, &cursor, &dependency);) {
        const size_t length = base_span_of(dependency_name(subject, &dependency)).length;
        width = length > width ? length : width;
    }
    for (int used = 1; used >= 0; used--)
        for (uint32_t cursor = 0; explain_next_dependency(subject, &whole, &cursor, &dependency);) {
            if (dependency.used != (bool)used)
                continue;
            base_put_padding(sink, 0, indent);
            base_put(sink, word);
            base_put_padding(sink, base_span_of(word).length, column);
            put_dependency_line(sink, subject, &dependency, width);
            word = "";
        }
}

void explain_put_dependencies_json(struct base_sink *sink, const struct explain_subject *subject)
{
    struct vm_trace whole;
    struct explain_dependency dependency;
    const char *comma = "";
    vm_trace(subject->machine, explain_root(subject), VM_WHOLE, &whole);
    base_put_char(sink, '[');
    for (uint32_t cursor = 0; explain_next_dependency(subject, &whole, &cursor, &dependency);) {
        char text[LIMIT_TEXT_VALUE];
        struct base_sink value = BASE_SINK(text);
        const uint32_t input = dependency.input;
        const bool known = input == IMAGE_NONE || subject->machine->inputs[input].state == VM_VALUE;
        put_dependency_value(&value, subject, &dependency, false);
        BASE_PUT(sink, comma, "{");
        explain_put_member(sink, "", "name", dependency_name(subject, &dependency));
        explain_put_member(sink, ", ", "value", known ? text : NULL);
        if (input != IMAGE_NONE)
            explain_put_input_json(sink, subject->view, input);
        else
            explain_put_member(sink, ", ", "source", dependency_layer_word(subject, &dependency));
        BASE_PUT(sink, ", \"used\": ", dependency.used ? "true}" : "false}");
        comma = ", ";
    }
    base_put_char(sink, ']');
}
