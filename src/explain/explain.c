/* A derivation as text: one paragraph per topic, each with its keyword in the first column.
 *
 *   work_mem = 4MB
 *     What one sort may use before it goes to disk.
 *
 *     formula  memory / (max_connections * 4) within 1MB .. 32MB rounded down to 1MB
 *     values   2048MB / (120 * 4) within 1MB .. 32MB rounded down to 1MB
 *     with     memory          = 2048MB  (cgroup: /sys/fs/cgroup/memory.max)
 *              max_connections = 120
 *                size.connections = 120
 *     limit    at most 32MB: not reached
 *     decided  by the rules
 *     facts    memory = 2048MB      cgroup: /sys/fs/cgroup/memory.max
 *     next     at memory 2400MB this becomes 5MB
 *     written  rules/memory.azr:31
 *
 * A topic without contents is left out. explain_name traces what the run used for the subject, and
 * put_explanation prints the paragraphs in order; each function below prints one of them. */
#include "explain/parts.h"

enum { INDENT = 2, COLUMN = 9, VALUE_BYTES_MAX = LIMIT_TEXT_VALUE };

/* A paragraph prints its keyword once; its further lines are indented to the text. */
struct paragraph {
    struct base_sink *sink;
    const char *word;
};

static void begin_paragraph_line(struct paragraph *paragraph, size_t deeper)
{
    base_put_padding(paragraph->sink, 0, INDENT);
    base_put(paragraph->sink, paragraph->word);
    base_put_padding(paragraph->sink, base_span_of(paragraph->word).length, COLUMN + deeper);
    paragraph->word = "";
}

static void put_paragraph(struct base_sink *sink, const char *word, const char *text)
{
    struct paragraph paragraph = {sink, word};
    while (*text != '\0') {
        begin_paragraph_line(&paragraph, 0);
        while (*text != '\0' && *text != '\n')
            base_put_char(sink, *text++);
        text += *text == '\n';
        base_put_char(sink, '\n');
    }
}

static void put_doc_lines(struct base_sink *sink, const char *doc)
{
    for (; *doc != '\0'; doc += *doc == '\n') {
        base_put_padding(sink, 0, INDENT);
        while (*doc != '\0' && *doc != '\n')
            base_put_char(sink, *doc++);
        base_put_char(sink, '\n');
    }
}

/* A value for people: a size that is not a whole number of kB is rounded. */
static void put_rounded_value(struct base_sink *sink, const struct vm_machine *machine,
                              unsigned kind, int64_t value)
{
    const int64_t unit = value >= INT64_C(10) << 20 ? 1 << 20 : 1 << 10;
    const bool rough = kind == IMAGE_BYTES && value >= unit && value % 1024 != 0;
    base_put(sink, rough ? "about " : "");
    vm_put_value(sink, machine, kind, rough ? value / unit * unit : value);
}

/* The value of a slot, rounded if the rules computed it; one that the operator sets is exact. */
static void put_rounded_slot(struct base_sink *sink, const struct vm_machine *machine,
                             uint32_t slot)
{
    const struct vm_slot *value = &machine->slots[slot];
    if (machine->image->code[slot].kind == IMAGE_BYTES && value->state == VM_VALUE &&
        machine->image->code[slot].op != IMAGE_OP_SETTING)
        put_rounded_value(sink, machine, IMAGE_BYTES, value->value);
    else
        explain_put_slot(sink, machine, slot);
}

/* The table rows and curve segments that a value was read from. */
static void put_match_suffixes(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_MATCHES, &cursor)) != NULL;)
        BASE_PUT(sink, "  (", image_string(subject->image, note->text), ")");
}

static void put_use_line(struct paragraph *paragraph, const struct explain_subject *subject,
                         const struct image_note *note, size_t deeper, size_t width)
{
    const char *text = image_string(subject->image, note->text);
    begin_paragraph_line(paragraph, deeper);
    base_put(paragraph->sink, text);
    base_put_padding(paragraph->sink, base_text_width(text, base_span_of(text).length), width);
    base_put(paragraph->sink, " = ");
    put_rounded_slot(paragraph->sink, subject->machine, note->a);
    struct explain_subject used;
    if (!explain_is_taken(subject, note)) {
        base_put(paragraph->sink, "  (not used here)");
    } else if (explain_used(subject, note, &used)) {
        if (used.input != IMAGE_NONE) {
            base_put(paragraph->sink, "  (");
            explain_put_origin(paragraph->sink, subject->view, used.input);
            base_put(paragraph->sink, ")");
        } else if (used.override != NULL) {
            BASE_PUT(paragraph->sink, "  (", settings_layer_word(used.override->layer), ")");
        }
        put_match_suffixes(paragraph->sink, &used);
    }
    base_put_char(paragraph->sink, '\n');
}

/* The width of the widest name, so that the equals signs are aligned. */
static size_t uses_width(const struct explain_subject *subject)
{
    const struct image_note *note;
    size_t widest = 0;
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_USES, &cursor)) != NULL;) {
        const char *text = image_string(subject->image, note->text);
        const size_t width = base_text_width(text, base_span_of(text).length);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The values used, and one level of the values that those use. */
static void put_use_lines(struct paragraph *paragraph, const struct explain_subject *subject,
                          size_t deeper)
{
    const struct image_note *note;
    const size_t width = uses_width(subject);
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_USES, &cursor)) != NULL;) {
        put_use_line(paragraph, subject, note, deeper, width);
        struct explain_subject used;
        if (deeper == 0 && explain_is_taken(subject, note) && explain_used(subject, note, &used) &&
            used.override == NULL)
            put_use_lines(paragraph, &used, deeper + INDENT);
    }
}

/* "matched": the rows and segments that apply. "when": every branch condition with its result. */
static void put_condition_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    struct paragraph matched = {sink, "matched"}, when = {sink, "when"};
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_MATCHES, &cursor)) != NULL;) {
        begin_paragraph_line(&matched, 0);
        BASE_PUT(sink, image_string(subject->image, note->text), "\n");
    }
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_BRANCHES, &cursor)) != NULL;) {
        begin_paragraph_line(&when, 0);
        BASE_PUT(sink, image_string(subject->image, note->text),
                 explain_applies(subject, note) ? ": yes\n" : ": no\n");
    }
}

/* Every limit with its bound, as written and as a number, and whether it moved the value. */
static void put_limit_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    struct paragraph limit = {sink, "limit"};
    for (uint32_t cursor = 0;
         (note = explain_next_note(subject, EXPLAIN_LIMITS, &cursor)) != NULL;) {
        const bool least = note->class == IMAGE_NOTE_AT_LEAST;
        char text[VALUE_BYTES_MAX];
        struct base_sink bound = BASE_SINK(text);
        explain_put_slot(&bound, subject->machine, note->b);
        begin_paragraph_line(&limit, 0);
        BASE_PUT(sink, least ? "at least " : "at most ", image_string(subject->image, note->text));
        if (!base_text_is(text, image_string(subject->image, note->text)))
            BASE_PUT(sink, " = ", text);
        if (explain_applies(subject, note)) {
            base_put(sink, least ? ": raised from " : ": lowered from ");
            put_rounded_slot(sink, subject->machine, note->a);
            base_put_char(sink, '\n');
        } else {
            base_put(sink, ": not reached\n");
        }
    }
}

/* The formula with values substituted for names. */
static void put_value_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    char text[VALUE_BYTES_MAX] = "";
    struct base_sink values = BASE_SINK(text);
    if (explain_put_values(&values, subject))
        put_paragraph(sink, "values", text);
}

/* Longer texts than WIDEST are not aligned: they would push the places of all others aside. */
static size_t sets_width(const struct explain_subject *subject)
{
    enum { WIDEST = 56 };
    const struct image_note *note;
    size_t widest = 0;
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_SETS, &cursor)) != NULL;) {
        const char *text = image_string(subject->image, note->text);
        const size_t width = base_text_width(text, base_span_of(text).length);
        widest = width > widest && width <= WIDEST ? width : widest;
    }
    return widest;
}

/* Several sets: the one that applied, with a star, and why the others did not. */
static void put_set_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    const struct image_note *note;
    const size_t width = sets_width(subject);
    struct paragraph sets = {sink, "sets"};
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_SETS, &cursor)) != NULL;) {
        const char *text = image_string(subject->image, note->text);
        const char *loses = explain_set_loses(subject, note);
        const uint32_t file = note->file != 0 ? note->file : subject->name->file;
        begin_paragraph_line(&sets, 0);
        BASE_PUT(sink, loses == NULL ? "* " : "- ", text);
        base_put_padding(sink, base_text_width(text, base_span_of(text).length), width);
        BASE_PUT(sink, "  ", image_string(subject->image, file), ":");
        base_put_int(sink, note->line);
        BASE_PUT(sink, loses == NULL ? "" : ": ", loses == NULL ? "" : loses, "\n");
    }
}

/* Every layer that sets it, and the server default. */
static void put_layer_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    enum { LAYER_WIDTH = 17 };
    struct paragraph layers = {sink, ""};
    for (unsigned layer = 0; layer <= VM_LAYERS; layer++) {
        char text[VALUE_BYTES_MAX] = "";
        struct base_sink value = BASE_SINK(text);
        if (!explain_put_layer_value(&value, subject, layer) && layer != VM_LAYERS)
            continue;
        begin_paragraph_line(&layers, 0);
        const char *loses = explain_layer_loses(subject, layer);
        BASE_PUT(sink, loses == NULL ? "* " : "- ", explain_layer_word(layer));
        base_put_padding(sink, base_span_of(explain_layer_word(layer)).length, LAYER_WIDTH);
        BASE_PUT(sink, text[0] != '\0' ? "  " : "", text, loses != NULL ? "  (" : "",
                 loses != NULL ? loses : "", loses != NULL ? ")\n" : "\n");
    }
}

/* The layer that decided; if it is one of the operator's, also what the others contain. */
static void put_decision_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    const unsigned layer = explain_layer(subject);
    struct paragraph decided = {sink, "decided"};
    begin_paragraph_line(&decided, 0);
    if (layer == VM_LAYERS) {
        base_put(sink, "by the server default: neither the rules nor the operator set it\n");
        return;
    }
    BASE_PUT(sink, layer == VM_SETTINGS_VARIABLE ? "by " : "by the ", settings_layer_word(layer),
             "\n");
    if (layer != VM_RULES)
        put_layer_lines(sink, subject);
}

static void put_threshold_line(void *context, const struct explain_threshold *threshold)
{
    struct paragraph *next = context;
    const struct explain_subject *there = threshold->subject;
    const struct image_input *input = &there->image->inputs[threshold->input];
    char text[VALUE_BYTES_MAX] = "";
    struct base_sink reason = BASE_SINK(text);
    begin_paragraph_line(next, 0);
    BASE_PUT(next->sink, threshold->relation, " ", image_string(there->image, input->name), " ");
    put_rounded_value(next->sink, there->machine, input->kind, threshold->border);
    base_put(next->sink, threshold->is_new ? " this becomes " : " this is ");
    base_put(next->sink, explain_has_value(there) ? "" : "not set");
    if (explain_has_value(there))
        put_rounded_slot(next->sink, there->machine, there->name->slot);
    explain_put_reason(&reason, threshold);
    BASE_PUT(next->sink, text[0] != '\0' ? " (" : "", text, text[0] != '\0' ? ")" : "", "\n");
}

static void put_place_line(struct base_sink *sink, const struct explain_subject *subject)
{
    struct paragraph written = {sink, "written"};
    begin_paragraph_line(&written, 0);
    BASE_PUT(sink, image_string(subject->image, subject->name->file), ":");
    base_put_int(sink, subject->name->line);
    base_put_char(sink, '\n');
}

static void put_source_lines(struct base_sink *sink, const struct explain_subject *subject)
{
    struct paragraph source = {sink, "source"};
    begin_paragraph_line(&source, 0);
    explain_put_origin(sink, subject->view, subject->input);
    base_put_char(sink, '\n');
    explain_put_readings(sink, subject->view, subject->input, INDENT + COLUMN);
}

static void put_explanation(struct base_sink *sink, const struct explain_subject *subject)
{
    explain_put_subject_name(sink, subject);
    if (explain_has_value(subject)) {
        base_put(sink, " = ");
        explain_put_subject_value(sink, subject);
    } else {
        base_put(sink, subject->input != IMAGE_NONE ? " is unknown" : " is not set");
    }
    base_put_char(sink, '\n');
    if (subject->name != NULL) {
        put_doc_lines(sink, image_string(subject->image, subject->name->doc));
        base_put_char(sink, '\n');
        put_paragraph(sink, "formula", image_string(subject->image, subject->name->formula));
        put_value_lines(sink, subject);
        struct paragraph with = {sink, "with"};
        put_use_lines(&with, subject, 0);
        put_condition_lines(sink, subject);
        put_limit_lines(sink, subject);
        put_set_lines(sink, subject);
    }
    if (subject->input != IMAGE_NONE)
        put_source_lines(sink, subject);
    else if (subject->name == NULL || subject->name->class == IMAGE_NAME_SETTING)
        put_decision_lines(sink, subject);
    if (subject->name == NULL)
        return;
    if (subject->input == IMAGE_NONE)
        explain_put_dependencies(sink, subject, INDENT, "facts", COLUMN);
    struct paragraph next = {sink, "next"};
    explain_find_thresholds(subject, put_threshold_line, &next);
    put_place_line(sink, subject);
}

bool explain_name(struct base_sink *sink, const struct explain_view *view, struct base_span name,
                  bool json)
{
    struct explain_subject subject;
    struct vm_trace taken;
    if (!explain_find(view, name, &subject))
        return false;
    if (subject.name != NULL) {
        vm_trace(subject.machine, explain_root(&subject), VM_TAKEN, &taken);
        subject.taken = &taken;
    }
    if (json)
        explain_put_json(sink, &subject);
    else
        put_explanation(sink, &subject);
    return true;
}
