/* The verifier: one pass that decides whether an image may run.
 *
 * Every condition is an argument of exactly one vm_require, which records the field that is wrong.
 * The order is one of trust: a condition reads only fields that were checked to its left in the
 * chain of &&, or in a stage that vm_verify runs earlier. Strings come first, since every table
 * refers to them; then words, sources, inputs and settings, which the code refers to; then the code
 * (verify_code.c), which finds the slots that can be void or made from secrets; then the tables
 * that refer to slots. Each element is visited once, except that documents are compared in pairs,
 * of which there are few.
 *
 * Helpers named is_... and are_... return false after recording the refusal, for callers to return.
 */
#include <string.h>

#include "probe/probe.h"
#include "vm/verify.h"

bool vm_require(const struct vm_verifier *v, bool holds, const char *reason, const void *field)
{
    if (!holds) {
        const size_t offset = (size_t)((const char *)field - (const char *)v->image->header);
        *v->refusal = (struct image_refusal){reason, offset};
    }
    return holds;
}

/* --- strings and values --- */

/* Control characters that texts must not contain: all except NUL, tab and newline. */
static bool is_odd(char c)
{
    return base_is_control(c) && c != '\0' && c != '\t' && c != '\n';
}

/* After this, every offset into the pool is that of a terminated string that can be printed. */
static bool verify_strings(const struct vm_verifier *v)
{
    const char *strings = v->image->strings, *end = strings + v->image->string_bytes;
    const struct image_header *header = v->image->header;
    if (!vm_require(v, end > strings, "string", &header->sections[IMAGE_STRINGS].count) ||
        !vm_require(v, strings[0] == '\0', "string", strings) ||
        !vm_require(v, end[-1] == '\0', "string", end - 1))
        return false;
    const char *odd = strings;
    while (odd < end && !is_odd(*odd))
        odd++;
    return vm_require(v, odd == end, "string", odd);
}

static bool is_string(const struct vm_verifier *v, const uint32_t *field)
{
    return vm_require(v, *field < v->image->string_bytes, "string", field);
}

/* A string that is not empty. */
static bool is_filled_string(const struct vm_verifier *v, const uint32_t *field)
{
    return is_string(v, field) && vm_require(v, v->image->strings[*field] != '\0', "empty", field);
}

static bool is_reserved(const struct vm_verifier *v, const uint8_t *reserved, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!vm_require(v, reserved[i] == 0, "reserved", &reserved[i]))
            return false;
    return true;
}

/* Whether `count` elements from number `first` on lie inside a table of `total`. */
static bool is_range(const struct vm_verifier *v, const char *reason, const uint32_t *first,
                     uint32_t count, uint32_t total)
{
    return vm_require(v, *first <= total && count <= total - *first, reason, first);
}

bool vm_is_constant(const struct vm_verifier *v, unsigned kind, const int64_t *value)
{
    if (image_is_number(kind))
        return true;
    if (kind == IMAGE_BOOL)
        return vm_require(v, *value == 0 || *value == 1, "constant", value);
    const char *strings = v->image->strings;
    return vm_require(v, *value >= 0 && *value < v->image->string_bytes, "constant", value) &&
           vm_require(v, strnlen(strings + *value, LIMIT_TEXT_VALUE) < LIMIT_TEXT_VALUE, "constant",
                      value);
}

/* An enum has members, and nothing else has. */
static bool are_members(const struct vm_verifier *v, unsigned kind, const uint32_t *first,
                        const uint32_t *count)
{
    return vm_require(v, (kind == IMAGE_ENUM) == (*count > 0), "member", count) &&
           is_range(v, "member", first, *count, v->image->word_count);
}

static bool verify_word(struct vm_verifier *v, uint32_t n)
{
    return is_string(v, &v->image->words[n]);
}

/* --- inputs and their sources --- */

static bool verify_source(struct vm_verifier *v, uint32_t n)
{
    const struct image_source *source = &v->image->sources[n];
    return vm_require(v, source->class <= IMAGE_FROM_PROBE, "class", &source->class) &&
           is_reserved(v, source->reserved, sizeof source->reserved) &&
           is_filled_string(v, &source->name) &&
           vm_require(v, source->unit >= 0, "unit", &source->unit) &&
           is_filled_string(v, &source->label) && is_string(v, &source->warning);
}

/* The value of a probe is used without conversion, so the input must have the probe's kind. */
static bool are_sources(const struct vm_verifier *v, const struct image_input *input)
{
    if (!is_range(v, "source", &input->sources, input->source_count, v->image->source_count))
        return false;
    for (uint32_t i = 0; i < input->source_count; i++) {
        const struct image_source *source = &v->image->sources[input->sources + i];
        if (source->class != IMAGE_FROM_PROBE)
            continue;
        const enum probe probe = probe_find(base_span_of(image_string(v->image, source->name)));
        if (!vm_require(v, probe < PROBE_COUNT && probe_kind(probe) == (enum image_kind)input->kind,
                        "probe", &source->name))
            return false;
    }
    return true;
}

/* Only a number that is out of range can be clamped. */
static bool is_outcome(const struct vm_verifier *v, const struct image_input *input,
                       const struct image_outcome *outcome)
{
    const bool clampable =
        (outcome == &input->below || outcome == &input->above) && image_is_number(input->kind);
    const uint8_t *policy = &outcome->policy;
    return vm_require(v, *policy <= IMAGE_USE, "policy", policy) &&
           vm_require(v, *policy != IMAGE_CLAMP || clampable, "policy", policy) &&
           vm_require(v, *policy != IMAGE_USE || input->has_default, "policy", policy) &&
           is_reserved(v, outcome->reserved, sizeof outcome->reserved) &&
           is_string(v, &outcome->message);
}

static bool is_fallback(const struct vm_verifier *v, const struct image_input *input)
{
    const int64_t *fallback = &input->fallback;
    if (!input->has_default)
        return vm_require(v, *fallback == 0, "constant", fallback);
    if (image_is_number(input->kind))
        return vm_require(v, *fallback >= input->low && *fallback <= input->high, "range",
                          fallback);
    if (input->kind != IMAGE_ENUM)
        return vm_is_constant(v, input->kind, fallback);
    /* Strings are interned, so a member's name has one offset. */
    bool found = false;
    for (uint32_t i = 0; i < input->member_count; i++)
        found |= v->image->words[input->members + i] == *fallback;
    return vm_require(v, found, "member", fallback);
}

/* A secret has no slot, so it need not have an entry in NAMES. */
static bool is_entry_of(const struct vm_verifier *v, const struct image_input *input)
{
    return vm_require(v,
                      input->name_entry < v->image->name_count ||
                          (input->class == IMAGE_SECRET && input->name_entry == IMAGE_NONE),
                      "name", &input->name_entry);
}

/* A secret is a text without a default, and no probe provides one. */
static bool is_sound_secret(const struct vm_verifier *v, const struct image_input *input)
{
    if (input->class != IMAGE_SECRET)
        return true;
    for (uint32_t i = 0; i < input->source_count; i++) {
        const uint8_t *class = &v->image->sources[input->sources + i].class;
        if (!vm_require(v, *class != IMAGE_FROM_PROBE, "secret", class))
            return false;
    }
    return vm_require(v, input->kind == IMAGE_TEXT, "secret", &input->kind) &&
           vm_require(v, !input->has_default, "secret", &input->has_default);
}

static bool verify_input(struct vm_verifier *v, uint32_t n)
{
    const struct image_input *input = &v->image->inputs[n];
    return is_filled_string(v, &input->name) &&
           vm_require(v, input->class <= IMAGE_SECRET, "class", &input->class) &&
           vm_require(v, input->kind < IMAGE_KINDS, "kind", &input->kind) &&
           vm_require(v, input->optional <= 1, "flag", &input->optional) &&
           vm_require(v, input->has_default <= 1, "flag", &input->has_default) &&
           are_sources(v, input) &&
           are_members(v, input->kind, &input->members, &input->member_count) &&
           vm_require(v, input->low <= input->high, "range", &input->low) &&
           is_fallback(v, input) && is_outcome(v, input, &input->below) &&
           is_outcome(v, input, &input->above) && is_outcome(v, input, &input->missing) &&
           is_outcome(v, input, &input->invalid) && is_string(v, &input->doc) &&
           is_entry_of(v, input) && is_sound_secret(v, input);
}

/* --- settings --- */

/* Whether a slot contains the value of this setting, with the operator's override applied. */
static bool carries(const struct vm_verifier *v, uint32_t slot, uint32_t setting)
{
    const struct image_instruction *code = v->image->code;
    return slot < v->image->code_count && code[slot].op == IMAGE_OP_SETTING &&
           code[slot].immediate == setting;
}

static bool is_in_name_order(const struct vm_verifier *v, uint32_t n)
{
    const struct image_setting *settings = v->image->settings;
    if (n == 0)
        return true;
    const struct base_span previous = base_span_of(image_string(v->image, settings[n - 1].name));
    const struct base_span name = base_span_of(image_string(v->image, settings[n].name));
    return vm_require(v, image_compare_names(previous, name) < 0, "order", &settings[n].name);
}

static bool verify_setting(struct vm_verifier *v, uint32_t n)
{
    const struct image_setting *setting = &v->image->settings[n];
    const unsigned flags = IMAGE_SETTING_INTERNAL | IMAGE_SETTING_RESTART;
    return is_filled_string(v, &setting->name) && is_in_name_order(v, n) &&
           vm_require(v, setting->kind < IMAGE_KINDS, "kind", &setting->kind) &&
           vm_require(v, (setting->flags & ~flags) == 0, "flag", &setting->flags) &&
           vm_require(v, setting->reserved == 0, "reserved", &setting->reserved) &&
           vm_require(v, setting->unit >= 1, "unit", &setting->unit) &&
           vm_require(v, setting->grain >= 1, "grain", &setting->grain) &&
           vm_require(v, setting->low <= setting->high, "range", &setting->low) &&
           are_members(v, setting->kind, &setting->members, &setting->member_count) &&
           vm_require(v, setting->until == 0 || setting->since <= setting->until, "range",
                      &setting->since) &&
           vm_require(v, setting->slot == IMAGE_NONE || carries(v, setting->slot, n), "slot",
                      &setting->slot) &&
           is_string(v, &setting->library);
}

/* --- tables that refer to slots --- */

static bool is_slot(const struct vm_verifier *v, const uint32_t *slot)
{
    return vm_require(v, *slot < v->image->code_count, "slot", slot);
}

static bool is_slot_of(const struct vm_verifier *v, enum image_kind kind, const uint32_t *slot)
{
    return is_slot(v, slot) && vm_require(v, v->image->code[*slot].kind == kind, "kind", slot);
}

static bool always_has_value(const struct vm_verifier *v, const uint32_t *slot)
{
    return vm_require(v, !vm_may_be_void(v, *slot), "void", slot);
}

/* Values that are printed or visible to other processes are not made from secrets. */
static bool reveals_no_secret(const struct vm_verifier *v, const uint32_t *slot)
{
    return vm_require(v, !vm_traced(&v->secrets, *slot), "secret", slot);
}

static bool is_entry(const struct vm_verifier *v, const uint32_t *name)
{
    return vm_require(v, *name < v->image->name_count, "name", name);
}

static bool verify_output(struct vm_verifier *v, uint32_t n)
{
    const struct image_output *output = &v->image->outputs[n];
    return vm_require(v, output->setting < v->image->setting_count, "setting", &output->setting) &&
           vm_require(v, carries(v, output->slot, output->setting), "slot", &output->slot) &&
           is_entry(v, &output->name) &&
           vm_require(v, output->is_static <= 1, "flag", &output->is_static);
}

static bool verify_check(struct vm_verifier *v, uint32_t n)
{
    const struct image_check *check = &v->image->checks[n];
    return vm_require(v, check->class <= IMAGE_CHECK_INVARIANT, "class", &check->class) &&
           is_slot_of(v, IMAGE_BOOL, &check->condition) && always_has_value(v, &check->condition) &&
           is_slot_of(v, IMAGE_TEXT, &check->message) && reveals_no_secret(v, &check->message) &&
           always_has_value(v, &check->message) && is_entry(v, &check->name);
}

static bool verify_export(struct vm_verifier *v, uint32_t n)
{
    const struct image_export *export = &v->image->exports[n];
    return is_filled_string(v, &export->variable) &&
           vm_require(v, !strchr(image_string(v->image, export->variable), '='), "export",
                      &export->variable) &&
           is_slot_of(v, IMAGE_TEXT, &export->slot) && reveals_no_secret(v, &export->slot);
}

static bool verify_name(struct vm_verifier *v, uint32_t n)
{
    const struct image_name *name = &v->image->names[n];
    return is_filled_string(v, &name->name) &&
           vm_require(v, name->class <= IMAGE_NAME_CHECK, "class", &name->class) &&
           is_slot(v, &name->slot) && is_string(v, &name->file) && is_string(v, &name->doc) &&
           is_string(v, &name->formula) &&
           is_range(v, "note", &name->notes, name->note_count, v->image->note_count);
}

static const struct note_class {
    bool condition; /* a is a bool */
    bool grouped;
    bool bound; /* b is a slot and cannot be left out */
} note_classes[] = {
    [IMAGE_NOTE_USES] = {0},
    [IMAGE_NOTE_ROW] = {.condition = true, .grouped = true},
    [IMAGE_NOTE_BRANCH] = {.condition = true},
    [IMAGE_NOTE_AT_LEAST] = {.bound = true},
    [IMAGE_NOTE_AT_MOST] = {.bound = true},
    [IMAGE_NOTE_POINT] = {.condition = true, .grouped = true},
    [IMAGE_NOTE_SET] = {.condition = true, .grouped = true},
};
_Static_assert(sizeof note_classes / sizeof *note_classes == IMAGE_NOTE_SET + 1, "a row for each");

static bool verify_note(struct vm_verifier *v, uint32_t n)
{
    const struct image_note *note = &v->image->notes[n];
    if (!vm_require(v, note->class <= IMAGE_NOTE_SET, "class", &note->class))
        return false;
    const struct note_class *class = &note_classes[note->class];
    return vm_require(v, class->grouped || note->group == 0, "group", &note->group) &&
           is_string(v, &note->text) &&
           (class->condition ? is_slot_of(v, IMAGE_BOOL, &note->a) : is_slot(v, &note->a)) &&
           ((note->b == IMAGE_NONE && !class->bound) ||
            (note->class == IMAGE_NOTE_USES ? is_entry(v, &note->b) : is_slot(v, &note->b))) &&
           is_string(v, &note->file);
}

/* --- documents --- */

static bool verify_piece(struct vm_verifier *v, uint32_t n)
{
    const uint32_t *slot = &v->image->pieces[n];
    return is_slot_of(v, IMAGE_TEXT, slot) &&
           vm_require(v, !vm_may_be_void(v, *slot) || vm_traced(&v->secrets, *slot), "void", slot);
}

/* An absolute path that fits one line of a message and leaves room for the name of a temporary
 * file. */
static bool is_document_path(const struct vm_verifier *v, const uint32_t *field)
{
    if (!is_filled_string(v, field))
        return false;
    const char *path = image_string(v->image, *field);
    const size_t length = strnlen(path, LIMIT_PATH);
    return vm_require(v,
                      path[0] == '/' && path[length - 1] != '/' && length < LIMIT_PATH / 2 &&
                          strpbrk(path, "\t\n") == NULL,
                      "path", field);
}

static bool is_command(const struct vm_verifier *v, const uint32_t *field)
{
    if (!is_filled_string(v, field))
        return false;
    const char *command = image_string(v->image, *field);
    return vm_require(v, command[0] != '-' && strpbrk(command, "/\t\n") == NULL, "command", field);
}

static bool is_document_mode(const struct vm_verifier *v, const struct image_document *document)
{
    bool secret = false;
    for (uint32_t i = 0; i < document->piece_count; i++)
        secret |= vm_traced(&v->secrets, v->image->pieces[document->pieces + i]);
    const uint32_t allowed = secret ? IMAGE_MODE_SECRET : IMAGE_MODE_ALL;
    return vm_require(v, (document->mode & ~allowed) == 0, "mode", &document->mode);
}

/* No two documents of one command have the same path. */
static bool is_only_one(const struct vm_verifier *v, uint32_t n)
{
    const struct image_document *documents = v->image->documents;
    for (uint32_t i = 0; i < n; i++)
        if (base_text_is(image_string(v->image, documents[i].path),
                         image_string(v->image, documents[n].path)) &&
            base_text_is(image_string(v->image, documents[i].command),
                         image_string(v->image, documents[n].command)))
            return vm_require(v, false, "path", &documents[n].path);
    return true;
}

static bool verify_document(struct vm_verifier *v, uint32_t n)
{
    const struct image_document *document = &v->image->documents[n];
    return is_document_path(v, &document->path) && is_command(v, &document->command) &&
           is_range(v, "piece", &document->pieces, document->piece_count, v->image->piece_count) &&
           is_document_mode(v, document) && is_only_one(v, n);
}

/* --- all of it --- */

static bool verify_table(struct vm_verifier *v, uint32_t count,
                         bool (*verify)(struct vm_verifier *, uint32_t))
{
    for (uint32_t n = 0; n < count; n++)
        if (!verify(v, n))
            return false;
    return true;
}

bool vm_verify(const struct image *image, struct image_refusal *refusal)
{
    struct vm_verifier v = {.image = image, .refusal = refusal};
    return verify_strings(&v) && is_string(&v, &image->header->rules) &&
           verify_table(&v, image->word_count, verify_word) &&
           verify_table(&v, image->source_count, verify_source) &&
           verify_table(&v, image->input_count, verify_input) &&
           verify_table(&v, image->setting_count, verify_setting) &&
           verify_table(&v, image->code_count, vm_verify_instruction) &&
           verify_table(&v, image->output_count, verify_output) &&
           verify_table(&v, image->check_count, verify_check) &&
           verify_table(&v, image->export_count, verify_export) &&
           verify_table(&v, image->name_count, verify_name) &&
           verify_table(&v, image->note_count, verify_note) &&
           verify_table(&v, image->piece_count, verify_piece) &&
           verify_table(&v, image->document_count, verify_document);
}
