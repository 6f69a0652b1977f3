/* Facts, options and secrets: what they may be, who says it, and what becomes of a bad answer. */
#include "cmd/doc.h"

struct input {
    struct azc_page *page;
    const struct azb_input *row;
    const struct azs_symbol *symbol;
};

static const char *string(const struct input *input, uint32_t offset)
{
    return azb_string(&input->page->image, offset);
}

static void put_value(const struct input *input, int64_t value)
{
    azc_put_value_code(input->page, input->row->kind, value);
}

static void put_type(const struct input *input)
{
    const struct azb_input *row = input->row;
    struct aza_sink *sink = &input->page->sink;
    if (row->kind == AZB_ENUM) {
        aza_put(sink, "- One of ");
        for (uint32_t m = 0; m < row->member_count; m++) {
            aza_put(sink, m == 0 ? "" : ", ");
            azc_put_code(sink, string(input, input->page->image.words[row->members + m]));
        }
    } else {
        AZA_PUT(sink, "- Type ", azb_kind_word(row->kind));
    }
    if (input->symbol->item->low != NULL) {
        aza_put(sink, ", ");
        azc_put_text_code(input->page, input->symbol->item->low->place);
        aza_put(sink, " to ");
        azc_put_text_code(input->page, input->symbol->item->high->place);
    }
    aza_put(sink, row->optional && !row->has_default ? "; may stay unknown\n" : "\n");
}

static void put_source(const struct input *input, uint32_t index)
{
    const struct azb_source *source = &input->page->image.sources[input->row->sources + index];
    const struct azp_source *written = &input->symbol->item->sources.items[index];
    static const char *const words[] = {
        [AZB_FROM_ENV] = "variable ", [AZB_FROM_FILE] = "file ", [AZB_FROM_PROBE] = "probe "};
    struct aza_sink *sink = &input->page->sink;
    aza_put(sink, "  ");
    aza_put_int(sink, (int64_t)index + 1);
    AZA_PUT(sink, ". ", words[source->class]);
    if (source->class == AZB_FROM_PROBE)
        AZA_PUT(sink, "[`", string(input, source->name), "`](#probe-", string(input, source->name),
                ")");
    else
        azc_put_code(sink, string(input, source->name));
    if (written->unit.text != NULL)
        AZA_PUT(sink, ", a bare number in ", written->unit.text);
    if (source->label != source->name) {
        aza_put(sink, ", shown as ");
        azc_put_code(sink, string(input, source->label));
    }
    if (source->warning != 0) {
        aza_put(sink, "; warns: ");
        azc_put_prose(sink, string(input, source->warning));
    }
    aza_put_char(sink, '\n');
}

static void put_sources(const struct input *input)
{
    if (input->row->source_count == 0)
        return;
    aza_put(&input->page->sink, "- Asked in this order:\n");
    for (uint32_t i = 0; i < input->row->source_count; i++)
        put_source(input, i);
}

/* What is done with a bad answer; `taken` is where the value stands that is used in its place. */
static void put_outcome(const struct input *input, const struct azb_outcome *outcome,
                        const struct azp_expr *taken)
{
    struct aza_sink *sink = &input->page->sink;
    if (outcome->policy == AZB_CLAMP || outcome->policy == AZB_USE) {
        azc_put_text_code(input->page, taken->place);
        aza_put(sink, outcome->policy == AZB_CLAMP ? " is used, with a warning" : " is used");
    } else {
        aza_put(sink, outcome->policy == AZB_REFUSE ? "the start is refused"
                                                    : "a warning, and it counts as not said");
    }
    if (outcome->message != 0) {
        aza_put(sink, outcome->policy == AZB_USE ? "; warns: " : ": ");
        azc_put_prose(sink, string(input, outcome->message));
    }
    aza_put_char(sink, '\n');
}

static bool is_spoken(const struct input *input)
{
    for (uint32_t i = 0; i < input->row->source_count; i++)
        if (input->page->image.sources[input->row->sources + i].class != AZB_FROM_PROBE)
            return true;
    return false;
}

static void put_bound(const struct input *input, const char *word, const struct azp_expr *bound,
                      const struct azb_outcome *outcome, const struct azp_expr *taken)
{
    AZA_PUT(&input->page->sink, "- ", word, " ");
    azc_put_text_code(input->page, bound->place);
    aza_put(&input->page->sink, ": ");
    put_outcome(input, outcome, outcome->policy == AZB_CLAMP ? bound : taken);
}

static void put_outcomes(const struct input *input)
{
    const struct azb_input *row = input->row;
    const struct azp_item *item = input->symbol->item;
    const struct azp_expr *fallback = item->value != NULL ? item->value : item->missing.value;
    struct aza_sink *sink = &input->page->sink;
    if (item->low != NULL) {
        put_bound(input, "Below", item->low, &row->below, fallback);
        put_bound(input, "Above", item->high, &row->above, fallback);
    }
    if (is_spoken(input)) {
        aza_put(sink, "- Not understood: ");
        put_outcome(input, &row->invalid, fallback);
    }
    if (row->class == AZB_FACT && (row->has_default || !row->optional)) {
        aza_put(sink, "- No answer at all: ");
        put_outcome(input, &row->missing, fallback);
    }
}

static void put_input(const struct input *input)
{
    struct azc_page *page = input->page;
    const struct azp_item *item = input->symbol->item;
    azc_put_heading(page, 3, "input", input->symbol->name);
    azc_put_doc(page, item->doc);
    if (input->row->class != AZB_SECRET) {
        put_type(input);
        if (input->row->class == AZB_OPTION && input->row->has_default) {
            aza_put(&page->sink, "- Default ");
            put_value(input, input->row->fallback);
            aza_put_char(&page->sink, '\n');
        }
    }
    put_sources(input);
    if (input->row->class != AZB_SECRET) {
        put_outcomes(input);
        azc_put_users(page, input->row->name_entry, input->symbol->name);
    }
    azc_put_written(page, item->place);
}

static void put_class(struct azc_page *page, enum azb_input_class class, const char *title,
                      const char *about)
{
    bool any = false;
    for (uint32_t i = 0; i < page->image.input_count; i++) {
        const struct input input = {page, &page->image.inputs[i],
                                    page->build->program->inputs.items[i]};
        if (input.row->class != class)
            continue;
        if (!any)
            azc_put_section(page, title, about);
        put_input(&input);
        any = true;
    }
}

void azc_put_inputs(struct azc_page *page)
{
    put_class(page, AZB_FACT, "Facts",
              "what is measured at each start; the first source that answers counts");
    put_class(page, AZB_OPTION, "Options",
              "what the operator may say; an empty variable says nothing");
    put_class(page, AZB_SECRET, "Secrets", "what no rule can use");
}

static bool is_asked(const struct azc_page *page, const char *probe)
{
    for (uint32_t i = 0; i < page->image.source_count; i++)
        if (page->image.sources[i].class == AZB_FROM_PROBE &&
            aza_text_is(azb_string(&page->image, page->image.sources[i].name), probe))
            return true;
    return false;
}

void azc_put_probes(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->probes.count; i++) {
        const struct azp_item *probe = program->probes.items[i];
        if (!is_asked(page, probe->name.text))
            continue;
        if (!any)
            azc_put_section(page, "Probes", "what the facts are read from");
        azc_put_heading(page, 3, "probe", probe->name.text);
        azc_put_prose(&page->sink, probe->doc == NULL ? "" : probe->doc);
        aza_put_char(&page->sink, '\n');
        any = true;
    }
}
