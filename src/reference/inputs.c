/* The sections Facts, Options and Secrets: the type and domain of each input, its sources in order,
 * and what is done with bad values; and the section Probes.
 *
 * An input is a row of the image, which has its kinds and policies, and a symbol of the program,
 * which has its text; both lists have the same order. Bounds and values are shown as written in the
 * rules. Of the probes only those that a fact asks have an entry. */
#include "reference/parts.h"

/* An input in both forms. */
struct input {
    struct reference_page *page;
    const struct image_input *row;
    const struct sema_symbol *symbol;
};

static const char *input_string(const struct input *input, uint32_t offset)
{
    return image_string(&input->page->image, offset);
}

static void put_default_value(const struct input *input, int64_t value)
{
    reference_put_value_code(input->page, input->row->kind, value);
}

static void put_input_type(const struct input *input)
{
    const struct image_input *row = input->row;
    struct base_sink *sink = &input->page->sink;
    if (row->kind == IMAGE_ENUM) {
        base_put(sink, "- One of ");
        for (uint32_t m = 0; m < row->member_count; m++) {
            base_put(sink, m == 0 ? "" : ", ");
            markdown_put_code(sink,
                              input_string(input, input->page->image.words[row->members + m]));
        }
    } else {
        BASE_PUT(sink, "- Type ", image_kind_word(row->kind));
    }
    if (input->symbol->item->low != NULL) {
        base_put(sink, ", ");
        reference_put_text_code(input->page, input->symbol->item->low->place);
        base_put(sink, " to ");
        reference_put_text_code(input->page, input->symbol->item->high->place);
    }
    base_put(sink, row->optional && !row->has_default ? "; may be unknown\n" : "\n");
}

static void put_input_source(const struct input *input, uint32_t index)
{
    const struct image_source *source = &input->page->image.sources[input->row->sources + index];
    const struct syntax_source *written = &input->symbol->item->sources.items[index];
    static const char *const words[] = {
        [IMAGE_FROM_ENV] = "variable ", [IMAGE_FROM_FILE] = "file ", [IMAGE_FROM_PROBE] = "probe "};
    struct base_sink *sink = &input->page->sink;
    base_put(sink, "  ");
    base_put_int(sink, (int64_t)index + 1);
    BASE_PUT(sink, ". ", words[source->class]);
    if (source->class == IMAGE_FROM_PROBE)
        BASE_PUT(sink, "[`", input_string(input, source->name), "`](#probe-",
                 input_string(input, source->name), ")");
    else
        markdown_put_code(sink, input_string(input, source->name));
    if (written->unit.text != NULL)
        BASE_PUT(sink, ", a bare number in ", written->unit.text);
    if (source->label != source->name) {
        base_put(sink, ", shown as ");
        markdown_put_code(sink, input_string(input, source->label));
    }
    if (source->warning != 0) {
        base_put(sink, "; warns: ");
        markdown_put_prose(sink, input_string(input, source->warning));
    }
    base_put_char(sink, '\n');
}

static void put_input_sources(const struct input *input)
{
    if (input->row->source_count == 0)
        return;
    base_put(&input->page->sink, "- Sources, in order:\n");
    for (uint32_t i = 0; i < input->row->source_count; i++)
        put_input_source(input, i);
}

/* What is done with a bad value; `taken` is the expression of the value used instead. */
static void put_policy_outcome(const struct input *input, const struct image_outcome *outcome,
                               const struct syntax_expr *taken)
{
    struct base_sink *sink = &input->page->sink;
    if (outcome->policy == IMAGE_CLAMP || outcome->policy == IMAGE_USE) {
        reference_put_text_code(input->page, taken->place);
        base_put(sink, outcome->policy == IMAGE_CLAMP ? " is used, with a warning" : " is used");
    } else {
        base_put(sink, outcome->policy == IMAGE_REFUSE ? "the start is refused"
                                                       : "ignored, with a warning");
    }
    if (outcome->message != 0) {
        base_put(sink, outcome->policy == IMAGE_USE ? "; warns: " : ": ");
        markdown_put_prose(sink, input_string(input, outcome->message));
    }
    base_put_char(sink, '\n');
}

/* Whether a source is a text that may be invalid; probes return values. */
static bool is_text_source(const struct input *input)
{
    for (uint32_t i = 0; i < input->row->source_count; i++)
        if (input->page->image.sources[input->row->sources + i].class != IMAGE_FROM_PROBE)
            return true;
    return false;
}

/* "- Below 1: ..."; a clamped value becomes the bound itself. */
static void put_bound_outcome(const struct input *input, const char *word,
                              const struct syntax_expr *bound, const struct image_outcome *outcome,
                              const struct syntax_expr *taken)
{
    BASE_PUT(&input->page->sink, "- ", word, " ");
    reference_put_text_code(input->page, bound->place);
    base_put(&input->page->sink, ": ");
    put_policy_outcome(input, outcome, outcome->policy == IMAGE_CLAMP ? bound : taken);
}

static void put_policy_outcomes(const struct input *input)
{
    const struct image_input *row = input->row;
    const struct syntax_item *item = input->symbol->item;
    const struct syntax_expr *fallback = item->value != NULL ? item->value : item->missing.value;
    struct base_sink *sink = &input->page->sink;
    if (item->low != NULL) {
        put_bound_outcome(input, "Below", item->low, &row->below, fallback);
        put_bound_outcome(input, "Above", item->high, &row->above, fallback);
    }
    if (is_text_source(input)) {
        base_put(sink, "- Invalid: ");
        put_policy_outcome(input, &row->invalid, fallback);
    }
    if (row->class == IMAGE_FACT && (row->has_default || !row->optional)) {
        base_put(sink, "- Missing: ");
        put_policy_outcome(input, &row->missing, fallback);
    }
}

static void put_input_entry(const struct input *input)
{
    struct reference_page *page = input->page;
    const struct syntax_item *item = input->symbol->item;
    reference_put_heading(page, 3, "input", input->symbol->name);
    reference_put_doc(page, item->doc);
    if (input->row->class != IMAGE_SECRET) {
        put_input_type(input);
        if (input->row->class == IMAGE_OPTION && input->row->has_default) {
            base_put(&page->sink, "- Default ");
            put_default_value(input, input->row->fallback);
            base_put_char(&page->sink, '\n');
        }
    }
    put_input_sources(input);
    if (input->row->class != IMAGE_SECRET) {
        put_policy_outcomes(input);
        reference_put_users(page, input->row->name_entry, input->symbol->name);
    }
    reference_put_written(page, item->place);
}

static void put_input_class(struct reference_page *page, enum image_input_class class,
                            const char *title, const char *about)
{
    bool any = false;
    for (uint32_t i = 0; i < page->image.input_count; i++) {
        const struct input input = {page, &page->image.inputs[i],
                                    page->build->program->inputs.items[i]};
        if (input.row->class != class)
            continue;
        if (!any)
            reference_put_section(page, title, about);
        put_input_entry(&input);
        any = true;
    }
}

void reference_put_inputs(struct reference_page *page)
{
    put_input_class(page, IMAGE_FACT, "Facts",
                    "measured at each start; the first source with an answer is used");
    put_input_class(page, IMAGE_OPTION, "Options",
                    "set by the operator; an empty variable counts as unset");
    put_input_class(page, IMAGE_SECRET, "Secrets", "values that no setting can depend on");
}

static bool is_asked(const struct reference_page *page, const char *probe)
{
    for (uint32_t i = 0; i < page->image.source_count; i++)
        if (page->image.sources[i].class == IMAGE_FROM_PROBE &&
            base_text_is(image_string(&page->image, page->image.sources[i].name), probe))
            return true;
    return false;
}

void reference_put_probes(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->probes.count; i++) {
        const struct syntax_item *probe = program->probes.items[i];
        if (!is_asked(page, probe->name.text))
            continue;
        if (!any)
            reference_put_section(page, "Probes", "where the facts are read from");
        reference_put_heading(page, 3, "probe", probe->name.text);
        markdown_put_prose(&page->sink, probe->doc == NULL ? "" : probe->doc);
        base_put_char(&page->sink, '\n');
        any = true;
    }
}
