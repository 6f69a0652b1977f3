/* A derivation as text: one paragraph per question, each behind its word in the first column.
 *
 *   work_mem = 4MB
 *     What one sort may use before it goes to disk.
 *
 *     formula  memory / (max_connections * 4) within 1MB .. 32MB rounded down to 1MB
 *     put in   2048MB / (120 * 4) within 1MB .. 32MB rounded down to 1MB
 *     with     memory          = 2048MB  (cgroup: /sys/fs/cgroup/memory.max)
 *              max_connections = 120
 *                size.connections = 120
 *     limit    at most 32MB: not reached
 *     decided  by the rules
 *     facts    memory = 2048MB      cgroup: /sys/fs/cgroup/memory.max
 *     next     at memory 2400MB this becomes 5MB
 *     written  rules/memory.azr:31
 */
#include "explain/parts.h"

enum { INDENT = 2, COLUMN = 9, VALUE_BYTES_MAX = AZA_TEXT_VALUE_MAX };

/* A paragraph says its word once; its further lines begin below its text. */
struct paragraph {
    struct aza_sink *sink;
    const char *word;
};

static void begin_line(struct paragraph *paragraph, size_t deeper)
{
    aza_put_padding(paragraph->sink, 0, INDENT);
    aza_put(paragraph->sink, paragraph->word);
    aza_put_padding(paragraph->sink, aza_span_of(paragraph->word).length, COLUMN + deeper);
    paragraph->word = "";
}

static void put_lines(struct aza_sink *sink, const char *word, const char *text)
{
    struct paragraph paragraph = {sink, word};
    while (*text != '\0') {
        begin_line(&paragraph, 0);
        while (*text != '\0' && *text != '\n')
            aza_put_char(sink, *text++);
        text += *text == '\n';
        aza_put_char(sink, '\n');
    }
}

static void put_doc(struct aza_sink *sink, const char *doc)
{
    for (; *doc != '\0'; doc += *doc == '\n') {
        aza_put_padding(sink, 0, INDENT);
        while (*doc != '\0' && *doc != '\n')
            aza_put_char(sink, *doc++);
        aza_put_char(sink, '\n');
    }
}

/* A value for people: a size that is no whole number of kB is easier to read without its tail. */
static void put_rough_value(struct aza_sink *sink, const struct azv_machine *machine, unsigned kind,
                            int64_t value)
{
    const int64_t unit = value >= INT64_C(10) << 20 ? 1 << 20 : 1 << 10;
    const bool rough = kind == AZB_BYTES && value >= unit && value % 1024 != 0;
    aza_put(sink, rough ? "about " : "");
    azv_put_value(sink, machine, kind, rough ? value / unit * unit : value);
}

static void put_rough(struct aza_sink *sink, const struct azv_machine *machine, uint32_t slot)
{
    const struct azv_slot *value = &machine->slots[slot];
    if (machine->image->code[slot].kind == AZB_BYTES && value->state == AZV_VALUE &&
        machine->image->code[slot].op != AZB_OP_SETTING)
        put_rough_value(sink, machine, AZB_BYTES, value->value);
    else
        azx_put_slot(sink, machine, slot);
}

/* The table rows and curve segments that a value was read from, behind it. */
static void put_matches(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_MATCHES, &cursor)) != NULL;)
        AZA_PUT(sink, "  (", azb_string(subject->image, note->text), ")");
}

static void put_use(struct paragraph *paragraph, const struct azx_subject *subject,
                    const struct azb_note *note, size_t deeper, size_t width)
{
    const char *text = azb_string(subject->image, note->text);
    begin_line(paragraph, deeper);
    aza_put(paragraph->sink, text);
    aza_put_padding(paragraph->sink, aza_text_width(text, aza_span_of(text).length), width);
    aza_put(paragraph->sink, " = ");
    put_rough(paragraph->sink, subject->machine, note->a);
    struct azx_subject used;
    if (!azx_is_taken(subject, note)) {
        aza_put(paragraph->sink, "  (not used here)");
    } else if (azx_used(subject, note, &used)) {
        if (used.input != AZB_NONE) {
            aza_put(paragraph->sink, "  (");
            azx_put_origin(paragraph->sink, subject->view, used.input);
            aza_put(paragraph->sink, ")");
        } else if (used.override != NULL) {
            AZA_PUT(paragraph->sink, "  (", azo_layer_word(used.override->layer), ")");
        }
        put_matches(paragraph->sink, &used);
    }
    aza_put_char(paragraph->sink, '\n');
}

static size_t uses_width(const struct azx_subject *subject)
{
    const struct azb_note *note;
    size_t widest = 0;
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_USES, &cursor)) != NULL;) {
        const char *text = azb_string(subject->image, note->text);
        const size_t width = aza_text_width(text, aza_span_of(text).length);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The values that were put in, and one level of what those are made of. */
static void put_uses(struct paragraph *paragraph, const struct azx_subject *subject, size_t deeper)
{
    const struct azb_note *note;
    const size_t width = uses_width(subject);
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_USES, &cursor)) != NULL;) {
        put_use(paragraph, subject, note, deeper, width);
        struct azx_subject used;
        if (deeper == 0 && azx_is_taken(subject, note) && azx_used(subject, note, &used) &&
            used.override == NULL)
            put_uses(paragraph, &used, deeper + INDENT);
    }
}

static void put_conditions(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    struct paragraph matched = {sink, "matched"}, when = {sink, "when"};
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_MATCHES, &cursor)) != NULL;) {
        begin_line(&matched, 0);
        AZA_PUT(sink, azb_string(subject->image, note->text), "\n");
    }
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_BRANCHES, &cursor)) != NULL;) {
        begin_line(&when, 0);
        AZA_PUT(sink, azb_string(subject->image, note->text),
                azx_applies(subject, note) ? ": yes\n" : ": no\n");
    }
}

static void put_limits(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    struct paragraph limit = {sink, "limit"};
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_LIMITS, &cursor)) != NULL;) {
        const bool least = note->class == AZB_NOTE_AT_LEAST;
        char text[VALUE_BYTES_MAX];
        struct aza_sink bound = AZA_SINK(text);
        azx_put_slot(&bound, subject->machine, note->b);
        begin_line(&limit, 0);
        AZA_PUT(sink, least ? "at least " : "at most ", azb_string(subject->image, note->text));
        if (!aza_text_is(text, azb_string(subject->image, note->text)))
            AZA_PUT(sink, " = ", text);
        if (azx_applies(subject, note)) {
            aza_put(sink, least ? ": raised from " : ": lowered from ");
            put_rough(sink, subject->machine, note->a);
            aza_put_char(sink, '\n');
        } else {
            aza_put(sink, ": not reached\n");
        }
    }
}

/* The formula with the values in the place of the names. */
static void put_values(struct aza_sink *sink, const struct azx_subject *subject)
{
    char text[VALUE_BYTES_MAX] = "";
    struct aza_sink values = AZA_SINK(text);
    if (azx_put_values(&values, subject))
        put_lines(sink, "put in", text);
}

static size_t sets_width(const struct azx_subject *subject)
{
    enum { WIDEST = 56 };
    const struct azb_note *note;
    size_t widest = 0;
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_SETS, &cursor)) != NULL;) {
        const char *text = azb_string(subject->image, note->text);
        const size_t width = aza_text_width(text, aza_span_of(text).length);
        widest = width > widest && width <= WIDEST ? width : widest;
    }
    return widest;
}

/* Of several sets the one that won, with a star, and why the others did not. */
static void put_sets(struct aza_sink *sink, const struct azx_subject *subject)
{
    const struct azb_note *note;
    const size_t width = sets_width(subject);
    struct paragraph sets = {sink, "sets"};
    for (uint32_t cursor = 0; (note = azx_next_note(subject, AZX_SETS, &cursor)) != NULL;) {
        const char *text = azb_string(subject->image, note->text);
        const char *loses = azx_set_loses(subject, note);
        const uint32_t file = note->file != 0 ? note->file : subject->name->file;
        begin_line(&sets, 0);
        AZA_PUT(sink, loses == NULL ? "* " : "- ", text);
        aza_put_padding(sink, aza_text_width(text, aza_span_of(text).length), width);
        AZA_PUT(sink, "  ", azb_string(subject->image, file), ":");
        aza_put_int(sink, note->line);
        AZA_PUT(sink, loses == NULL ? "" : ": ", loses == NULL ? "" : loses, "\n");
    }
}

/* Every layer that says something, where they are several, and the server's own default. */
static void put_layers(struct aza_sink *sink, const struct azx_subject *subject)
{
    enum { LAYER_WIDTH = 17 };
    struct paragraph layers = {sink, ""};
    for (unsigned layer = 0; layer <= AZV_LAYERS; layer++) {
        char text[VALUE_BYTES_MAX] = "";
        struct aza_sink value = AZA_SINK(text);
        if (!azx_put_layer_value(&value, subject, layer) && layer != AZV_LAYERS)
            continue;
        begin_line(&layers, 0);
        const char *loses = azx_layer_loses(subject, layer);
        AZA_PUT(sink, loses == NULL ? "* " : "- ", azx_layer_word(layer));
        aza_put_padding(sink, aza_span_of(azx_layer_word(layer)).length, LAYER_WIDTH);
        AZA_PUT(sink, text[0] != '\0' ? "  " : "", text, loses != NULL ? "  (" : "",
                loses != NULL ? loses : "", loses != NULL ? ")\n" : "\n");
    }
}

static void put_decision(struct aza_sink *sink, const struct azx_subject *subject)
{
    const unsigned layer = azx_layer(subject);
    struct paragraph decided = {sink, "decided"};
    begin_line(&decided, 0);
    if (layer == AZV_LAYERS) {
        aza_put(sink, "by the server's own default: nobody says anything here\n");
        return;
    }
    AZA_PUT(sink, layer == AZV_SETTINGS_VARIABLE ? "by " : "by the ", azo_layer_word(layer), "\n");
    if (layer != AZV_RULES)
        put_layers(sink, subject);
}

static void put_threshold(void *context, const struct azx_threshold *threshold)
{
    struct paragraph *next = context;
    const struct azx_subject *there = threshold->subject;
    const struct azb_input *input = &there->image->inputs[threshold->input];
    char text[VALUE_BYTES_MAX] = "";
    struct aza_sink reason = AZA_SINK(text);
    begin_line(next, 0);
    AZA_PUT(next->sink, threshold->relation, " ", azb_string(there->image, input->name), " ");
    put_rough_value(next->sink, there->machine, input->kind, threshold->border);
    aza_put(next->sink, azx_has_value(there) ? " this becomes " : " this is not set");
    if (azx_has_value(there))
        put_rough(next->sink, there->machine, there->name->slot);
    azx_put_reason(&reason, threshold);
    AZA_PUT(next->sink, text[0] != '\0' ? " (" : "", text, text[0] != '\0' ? ")" : "", "\n");
}

static void put_place(struct aza_sink *sink, const struct azx_subject *subject)
{
    struct paragraph written = {sink, "written"};
    begin_line(&written, 0);
    AZA_PUT(sink, azb_string(subject->image, subject->name->file), ":");
    aza_put_int(sink, subject->name->line);
    aza_put_char(sink, '\n');
}

static void put_source(struct aza_sink *sink, const struct azx_subject *subject)
{
    struct paragraph source = {sink, "source"};
    begin_line(&source, 0);
    azx_put_origin(sink, subject->view, subject->input);
    aza_put_char(sink, '\n');
    azx_put_readings(sink, subject->view, subject->input, INDENT + COLUMN);
}

static void put_text(struct aza_sink *sink, const struct azx_subject *subject)
{
    azx_put_subject_name(sink, subject);
    if (azx_has_value(subject)) {
        aza_put(sink, " = ");
        azx_put_subject_value(sink, subject);
    } else {
        aza_put(sink, subject->input != AZB_NONE ? " is unknown" : " is not set");
    }
    aza_put_char(sink, '\n');
    if (subject->name != NULL) {
        put_doc(sink, azb_string(subject->image, subject->name->doc));
        aza_put_char(sink, '\n');
        put_lines(sink, "formula", azb_string(subject->image, subject->name->formula));
        put_values(sink, subject);
        struct paragraph with = {sink, "with"};
        put_uses(&with, subject, 0);
        put_conditions(sink, subject);
        put_limits(sink, subject);
        put_sets(sink, subject);
    }
    if (subject->input != AZB_NONE)
        put_source(sink, subject);
    else if (subject->name == NULL || subject->name->class == AZB_NAME_SETTING)
        put_decision(sink, subject);
    if (subject->name == NULL)
        return;
    if (subject->input == AZB_NONE)
        azx_put_dependencies(sink, subject, INDENT, "facts", COLUMN);
    struct paragraph next = {sink, "next"};
    azx_find_thresholds(subject, put_threshold, &next);
    put_place(sink, subject);
}

bool azx_explain(struct aza_sink *sink, const struct azx_view *view, struct aza_span name,
                 bool json)
{
    struct azx_subject subject;
    struct azv_trace taken;
    if (!azx_find(view, name, &subject))
        return false;
    if (subject.name != NULL) {
        azv_trace(subject.machine, azx_root(&subject), AZV_TAKEN, &taken);
        subject.taken = &taken;
    }
    if (json)
        azx_put_json(sink, &subject);
    else
        put_text(sink, &subject);
    return true;
}
