/* The subject of an explanation, and its notes after this run.
 *
 * A subject is a name of the rules, a setting of the catalogue, or a custom setting. Its notes were
 * written by the compiler: names used, table rows, branches, limits and `set`s, each with the slots
 * that decide whether it applied. In a note, slot `a` is
 *
 *     USES                 the value used; `b` is its name, or IMAGE_NONE
 *     ROW, POINT           the condition of the row or of the segment
 *     BRANCH, SET          the condition
 *     AT_LEAST, AT_MOST    the value before the limit; `b` is the bound
 *
 * A note of an expression that the run did not take is skipped. Its slots have values all the same,
 * because the code has no jumps: which of them were used is in the trace subject->taken. */
#include "explain/parts.h"

static uint32_t find_input_of_name(const struct image *image, uint32_t name)
{
    for (uint32_t i = 0; i < image->input_count; i++)
        if (image->inputs[i].name_entry == name)
            return i;
    return IMAGE_NONE;
}

static const struct settings_custom *find_custom_setting(const struct explain_view *view,
                                                         struct base_span name)
{
    for (size_t i = 0; i < view->settings.custom_count; i++)
        if (image_compare_names(name, view->settings.custom[i].name) == 0)
            return &view->settings.custom[i];
    return NULL;
}

static void attach_setting(struct explain_subject *subject, uint32_t setting)
{
    const struct vm_override *overrides = subject->machine->overrides;
    subject->setting = setting;
    if (overrides != NULL && overrides[setting].present)
        subject->override = &overrides[setting];
}

static struct explain_subject begin_subject(const struct explain_view *view)
{
    return (struct explain_subject){.view = view,
                                    .machine = view->settings.machine,
                                    .image = view->settings.machine->image,
                                    .setting = IMAGE_NONE,
                                    .input = IMAGE_NONE};
}

/* A name of the image as a subject. For a setting that the operator can override, the compiler put
 * an instruction SETTING after the rules' own value; its immediate is the setting. */
static struct explain_subject subject_of_name(const struct explain_view *view, uint32_t name)
{
    struct explain_subject subject = begin_subject(view);
    subject.name = &subject.image->names[name];
    const struct image_instruction *code = &subject.image->code[subject.name->slot];
    if (subject.name->class == IMAGE_NAME_INPUT)
        subject.input = find_input_of_name(subject.image, name);
    if (subject.name->class == IMAGE_NAME_SETTING && code->op == IMAGE_OP_SETTING)
        attach_setting(&subject, (uint32_t)code->immediate);
    return subject;
}

bool explain_find(const struct explain_view *view, struct base_span name,
                  struct explain_subject *subject)
{
    const struct image *image = view->settings.machine->image;
    const uint32_t entry = image_find_name(image, name);
    if (entry != IMAGE_NONE) {
        *subject = subject_of_name(view, entry);
        return true;
    }
    *subject = begin_subject(view);
    const uint32_t setting = image_find_setting(image, name);
    if (setting != IMAGE_NONE)
        attach_setting(subject, setting);
    subject->custom = find_custom_setting(view, name);
    return setting != IMAGE_NONE || subject->custom != NULL;
}

void explain_put_subject_name(struct base_sink *sink, const struct explain_subject *subject)
{
    if (subject->name != NULL)
        base_put(sink, image_string(subject->image, subject->name->name));
    else if (subject->setting != IMAGE_NONE)
        base_put(sink,
                 image_string(subject->image, subject->image->settings[subject->setting].name));
    else
        base_put_span(sink, subject->custom->name);
}

bool explain_has_value(const struct explain_subject *subject)
{
    return subject->override != NULL || subject->custom != NULL ||
           (subject->name != NULL && subject->machine->slots[subject->name->slot].state != VM_VOID);
}

void explain_put_subject_value(struct base_sink *sink, const struct explain_subject *subject)
{
    if (subject->custom != NULL)
        base_put_span(sink, subject->custom->value);
    else if (subject->name != NULL)
        explain_put_slot(sink, subject->machine, subject->name->slot);
    else if (subject->override != NULL)
        vm_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                       subject->override->value);
}

uint32_t explain_root(const struct explain_subject *subject)
{
    const uint32_t slot = subject->name->slot;
    return subject->setting != IMAGE_NONE ? subject->image->code[slot].a : slot;
}

bool explain_used(const struct explain_subject *subject, const struct image_note *note,
                  struct explain_subject *used)
{
    const struct image_instruction *code = &subject->image->code[note->a];
    uint32_t name = note->b;
    if (name == IMAGE_NONE && code->op == IMAGE_OP_INPUT)
        name = subject->image->inputs[code->immediate].name_entry;
    if (name == IMAGE_NONE)
        return false;
    *used = subject_of_name(subject->view, name);
    used->taken = subject->taken;
    return true;
}

static bool is_true_slot(const struct vm_machine *machine, uint32_t slot)
{
    return machine->slots[slot].state == VM_VALUE && machine->slots[slot].value != 0;
}

bool explain_applies(const struct explain_subject *subject, const struct image_note *note)
{
    const struct vm_slot *slots = subject->machine->slots;
    if ((1 << note->class & EXPLAIN_LIMITS) == 0)
        return is_true_slot(subject->machine, note->a);
    if (slots[note->a].state != VM_VALUE || slots[note->b].state != VM_VALUE)
        return false;
    return note->class == IMAGE_NOTE_AT_LEAST ? slots[note->a].value < slots[note->b].value
                                              : slots[note->a].value > slots[note->b].value;
}

/* The first row of a table whose condition holds applies; later conditions may hold as well. */
bool explain_is_first(const struct explain_subject *subject, const struct image_note *note)
{
    const struct image_note *first = &subject->image->notes[subject->name->notes];
    if (!explain_applies(subject, note))
        return false;
    for (const struct image_note *earlier = first; earlier < note; earlier++)
        if (earlier->class == note->class && earlier->group == note->group &&
            explain_applies(subject, earlier))
            return false;
    return true;
}

/* --- what the run used --- */

/* Whether a slot is the limit of a note: its MIN or MAX instruction, or, of two constants, the
 * folded result. */
static bool is_limit_instruction(const struct explain_subject *subject, uint32_t slot,
                                 const struct image_note *note)
{
    const struct image_instruction *code = subject->image->code, *i = &code[slot];
    const bool least = note->class == IMAGE_NOTE_AT_LEAST;
    if (i->op == (least ? IMAGE_OP_MAX : IMAGE_OP_MIN))
        return i->a == note->a && i->b == note->b;
    if (i->op != IMAGE_OP_CONST || code[note->a].op != IMAGE_OP_CONST ||
        code[note->b].op != IMAGE_OP_CONST)
        return false;
    const uint32_t stays = explain_applies(subject, note) ? note->b : note->a;
    return i->kind == code[stays].kind && i->immediate == code[stays].immediate;
}

/* A limit has no instruction of its own in a note: the one that computes it is searched for. */
static bool is_limit_taken(const struct explain_subject *subject, const struct image_note *note)
{
    for (uint32_t n = 0; n < subject->image->code_count; n++)
        if (vm_traced(subject->taken, n) && is_limit_instruction(subject, n, note))
            return true;
    return false;
}

/* The condition of the first row that is not constant is evaluated whenever the table is used. */
static bool is_table_taken(const struct explain_subject *subject, const struct image_note *row)
{
    const struct image_note *note = &subject->image->notes[subject->name->notes];
    for (const struct image_note *end = note + subject->name->note_count; note < end; note++)
        if (note->class == row->class && note->group == row->group &&
            !image_is_constant(subject->image, note->a))
            return vm_traced(subject->taken, note->a);
    return true;
}

/* Conditions that were folded to constants have no instruction to trace and count as used, as do
 * `set`s: each is part of the decision. */
bool explain_is_taken(const struct explain_subject *subject, const struct image_note *note)
{
    const unsigned class = 1u << note->class;
    if (subject->taken == NULL)
        return true;
    if ((class & EXPLAIN_LIMITS) != 0)
        return is_limit_taken(subject, note);
    if ((class & EXPLAIN_MATCHES) != 0)
        return is_table_taken(subject, note);
    return (class & EXPLAIN_SETS) != 0 || image_is_constant(subject->image, note->a) ||
           vm_traced(subject->taken, note->a);
}

const struct image_note *explain_next_note(const struct explain_subject *subject, unsigned classes,
                                           uint32_t *cursor)
{
    while (subject->name != NULL && *cursor < subject->name->note_count) {
        const struct image_note *note = &subject->image->notes[subject->name->notes + (*cursor)++];
        const unsigned class = 1u << note->class;
        const bool passes =
            (class & (EXPLAIN_USES | EXPLAIN_SETS)) != 0 || explain_is_taken(subject, note);
        if ((class & classes) != 0 && passes &&
            ((class & EXPLAIN_MATCHES) == 0 || explain_is_first(subject, note)))
            return note;
    }
    return NULL;
}

void explain_put_slot(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot)
{
    const struct vm_slot *value = &machine->slots[slot];
    if (value->state == VM_VOID)
        base_put(sink, "none");
    else if (value->state == VM_TRAP)
        BASE_PUT(sink, "error: ", vm_trap_sentence(value->trap));
    else if (vm_is_secret(machine, slot))
        base_put(sink, VM_HIDDEN);
    else
        vm_put_slot(sink, machine, slot);
}
