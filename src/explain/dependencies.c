/* The facts, options and operator's settings that a value depends on, directly or indirectly: the
 * inputs of the trace of its whole formula, each marked by whether this run used it.
 *
 * Two traces are compared. The whole one follows both branches of every condition, since the other
 * branch would apply on another machine; the taken one (subject->taken) follows only what this run
 * used. An input can be read by several instructions, for its value and for whether it was given;
 * it is listed once, at the first one. */
#include "explain/parts.h"

struct dependency {
    uint32_t input;   /* in INPUTS, or IMAGE_NONE: a setting of the operator */
    uint32_t setting; /* in SETTINGS, then */
    bool used;        /* false: only expressions that the run did not use read it */
};

/* Whether one of the first `end` instructions of a trace reads the input. */
static bool reads_input(const struct image *image, const struct vm_trace *trace, uint32_t end,
                        uint32_t input)
{
    for (uint32_t n = 0; n < end; n++) {
        const struct image_instruction *i = &image->code[n];
        if (vm_traced(trace, n) && (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN) &&
            i->immediate == input)
            return true;
    }
    return false;
}

/* The dependency that instruction n reads, if it is the first to read it. */
static bool read_dependency(const struct explain_subject *subject, const struct vm_trace *whole,
                            uint32_t n, struct dependency *dependency)
{
    const struct image_instruction *i = &subject->image->code[n];
    const struct vm_override *overrides = subject->machine->overrides;
    *dependency = (struct dependency){.input = IMAGE_NONE, .setting = IMAGE_NONE};
    if ((i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN) &&
        !reads_input(subject->image, whole, n, (uint32_t)i->immediate)) {
        dependency->input = (uint32_t)i->immediate;
        dependency->used = reads_input(subject->image, subject->taken, subject->image->code_count,
                                       dependency->input);
        return true;
    }
    if (i->op != IMAGE_OP_SETTING || overrides == NULL || !overrides[i->immediate].present)
        return false;
    dependency->setting = (uint32_t)i->immediate;
    dependency->used = vm_traced(subject->taken, n);
    return true;
}

/* The next one; `whole` is the trace of the subject's root, `cursor` starts at 0. */
static bool next_dependency(const struct explain_subject *subject, const struct vm_trace *whole,
                            uint32_t *cursor, struct dependency *dependency)
{
    while (*cursor < subject->image->code_count) {
        const uint32_t n = (*cursor)++;
        if (vm_traced(whole, n) && read_dependency(subject, whole, n, dependency))
            return true;
    }
    return false;
}

static const char *dependency_name(const struct explain_subject *subject,
                                   const struct dependency *dependency)
{
    const struct image *image = subject->image;
    return image_string(image, dependency->input != IMAGE_NONE
                                   ? image->inputs[dependency->input].name
                                   : image->settings[dependency->setting].name);
}

static void put_dependency_value(struct base_sink *sink, const struct explain_subject *subject,
                                 const struct dependency *dependency, bool shorten)
{
    if (dependency->input != IMAGE_NONE)
        explain_put_input(sink, subject->view, dependency->input, shorten);
    else
        vm_put_setting(sink, subject->machine, &subject->image->settings[dependency->setting],
                       subject->machine->overrides[dependency->setting].value);
}

static const char *dependency_layer_word(const struct explain_subject *subject,
                                         const struct dependency *dependency)
{
    return settings_layer_word(subject->machine->overrides[dependency->setting].layer);
}

static void put_dependency_line(struct base_sink *sink, const struct explain_subject *subject,
                                const struct dependency *dependency, size_t name_width)
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

/* Two rounds, so that those that this run used come first. */
void explain_put_dependencies(struct base_sink *sink, const struct explain_subject *subject,
                              size_t indent, const char *word, size_t column)
{
    struct vm_trace whole;
    struct dependency dependency;
    size_t width = 0;
    vm_trace(subject->machine, explain_root(subject), VM_WHOLE, &whole);
    for (uint32_t cursor = 0; next_dependency(subject, &whole, &cursor, &dependency);) {
        const size_t length = base_span_of(dependency_name(subject, &dependency)).length;
        width = length > width ? length : width;
    }
    for (int used = 1; used >= 0; used--)
        for (uint32_t cursor = 0; next_dependency(subject, &whole, &cursor, &dependency);) {
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
    struct dependency dependency;
    const char *comma = "";
    vm_trace(subject->machine, explain_root(subject), VM_WHOLE, &whole);
    base_put_char(sink, '[');
    for (uint32_t cursor = 0; next_dependency(subject, &whole, &cursor, &dependency);) {
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
