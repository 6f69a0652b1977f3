/* What is explained, and what its notes come to after this run. */
#include "explain/parts.h"

static uint32_t find_input(const struct azb_image *image, uint32_t name)
{
    for (uint32_t i = 0; i < image->input_count; i++)
        if (image->inputs[i].name_entry == name)
            return i;
    return AZB_NONE;
}

static const struct azo_extra *find_extra(const struct azx_view *view, struct aza_span name)
{
    for (size_t i = 0; i < view->settings.extra_count; i++)
        if (azb_compare_names(name, view->settings.extras[i].name) == 0)
            return &view->settings.extras[i];
    return NULL;
}

static void attach_setting(struct azx_subject *subject, uint32_t setting)
{
    const struct azv_override *overrides = subject->machine->overrides;
    subject->setting = setting;
    if (overrides != NULL && overrides[setting].present)
        subject->override = &overrides[setting];
}

static struct azx_subject begin(const struct azx_view *view)
{
    return (struct azx_subject){.view = view,
                                .machine = view->settings.machine,
                                .image = view->settings.machine->image,
                                .setting = AZB_NONE,
                                .input = AZB_NONE};
}

struct azx_subject azx_subject_of(const struct azx_view *view, uint32_t name)
{
    struct azx_subject subject = begin(view);
    subject.name = &subject.image->names[name];
    const struct azb_instruction *code = &subject.image->code[subject.name->slot];
    if (subject.name->class == AZB_NAME_INPUT)
        subject.input = find_input(subject.image, name);
    if (subject.name->class == AZB_NAME_SETTING && code->op == AZB_OP_SETTING)
        attach_setting(&subject, (uint32_t)code->immediate);
    return subject;
}

bool azx_find(const struct azx_view *view, struct aza_span name, struct azx_subject *subject)
{
    const struct azb_image *image = view->settings.machine->image;
    const uint32_t entry = azb_find_name(image, name);
    if (entry != AZB_NONE) {
        *subject = azx_subject_of(view, entry);
        return true;
    }
    *subject = begin(view);
    const uint32_t setting = azb_find_setting(image, name);
    if (setting != AZB_NONE)
        attach_setting(subject, setting);
    subject->extra = find_extra(view, name);
    return setting != AZB_NONE || subject->extra != NULL;
}

void azx_put_subject_name(struct aza_sink *sink, const struct azx_subject *subject)
{
    if (subject->name != NULL)
        aza_put(sink, azb_string(subject->image, subject->name->name));
    else if (subject->setting != AZB_NONE)
        aza_put(sink, azb_string(subject->image, subject->image->settings[subject->setting].name));
    else
        aza_put_span(sink, subject->extra->name);
}

bool azx_has_value(const struct azx_subject *subject)
{
    return subject->override != NULL || subject->extra != NULL ||
           (subject->name != NULL &&
            subject->machine->slots[subject->name->slot].state != AZV_VOID);
}

void azx_put_subject_value(struct aza_sink *sink, const struct azx_subject *subject)
{
    if (subject->extra != NULL)
        aza_put_span(sink, subject->extra->value);
    else if (subject->name != NULL)
        azx_put_slot(sink, subject->machine, subject->name->slot);
    else if (subject->override != NULL)
        azv_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                        subject->override->value);
}

uint32_t azx_root(const struct azx_subject *subject)
{
    const uint32_t slot = subject->name->slot;
    return subject->setting != AZB_NONE ? subject->image->code[slot].a : slot;
}

bool azx_used(const struct azx_subject *subject, const struct azb_note *note,
              struct azx_subject *used)
{
    const struct azb_instruction *code = &subject->image->code[note->a];
    uint32_t name = note->b;
    if (name == AZB_NONE && code->op == AZB_OP_INPUT)
        name = subject->image->inputs[code->immediate].name_entry;
    if (name == AZB_NONE)
        return false;
    *used = azx_subject_of(subject->view, name);
    used->taken = subject->taken;
    return true;
}

static bool is_true(const struct azv_machine *machine, uint32_t slot)
{
    return machine->slots[slot].state == AZV_VALUE && machine->slots[slot].value != 0;
}

bool azx_applies(const struct azx_subject *subject, const struct azb_note *note)
{
    const struct azv_slot *slots = subject->machine->slots;
    if ((1 << note->class & AZX_LIMITS) == 0)
        return is_true(subject->machine, note->a);
    if (slots[note->a].state != AZV_VALUE || slots[note->b].state != AZV_VALUE)
        return false;
    return note->class == AZB_NOTE_AT_LEAST ? slots[note->a].value < slots[note->b].value
                                            : slots[note->a].value > slots[note->b].value;
}

/* Of a table the first row whose condition holds is the one; the later ones may hold as well. */
bool azx_is_first(const struct azx_subject *subject, const struct azb_note *note)
{
    const struct azb_note *first = &subject->image->notes[subject->name->notes];
    if (!azx_applies(subject, note))
        return false;
    for (const struct azb_note *earlier = first; earlier < note; earlier++)
        if (earlier->class == note->class && earlier->group == note->group &&
            azx_applies(subject, earlier))
            return false;
    return true;
}

/* --- what the run took --- */

static bool is_constant(const struct azx_subject *subject, uint32_t slot)
{
    return subject->image->code[slot].op == AZB_OP_CONST;
}

/* A limit is an instruction; one of two constants is its result. */
static bool is_limit(const struct azx_subject *subject, uint32_t slot, const struct azb_note *note)
{
    const struct azb_instruction *code = subject->image->code, *i = &code[slot];
    const bool least = note->class == AZB_NOTE_AT_LEAST;
    if (i->op == (least ? AZB_OP_MAX : AZB_OP_MIN))
        return i->a == note->a && i->b == note->b;
    if (i->op != AZB_OP_CONST || code[note->a].op != AZB_OP_CONST ||
        code[note->b].op != AZB_OP_CONST)
        return false;
    const uint32_t stays = azx_applies(subject, note) ? note->b : note->a;
    return i->kind == code[stays].kind && i->immediate == code[stays].immediate;
}

static bool is_limit_taken(const struct azx_subject *subject, const struct azb_note *note)
{
    for (uint32_t n = 0; n < subject->image->code_count; n++)
        if (azv_traced(subject->taken, n) && is_limit(subject, n, note))
            return true;
    return false;
}

/* The first row that leaves anything open is looked at whenever the table is. */
static bool is_table_taken(const struct azx_subject *subject, const struct azb_note *row)
{
    const struct azb_note *note = &subject->image->notes[subject->name->notes];
    for (const struct azb_note *end = note + subject->name->note_count; note < end; note++)
        if (note->class == row->class && note->group == row->group &&
            !is_constant(subject, note->a))
            return azv_traced(subject->taken, note->a);
    return true;
}

bool azx_is_taken(const struct azx_subject *subject, const struct azb_note *note)
{
    const unsigned class = 1u << note->class;
    if (subject->taken == NULL)
        return true;
    if ((class & AZX_LIMITS) != 0)
        return is_limit_taken(subject, note);
    if ((class & AZX_MATCHES) != 0)
        return is_table_taken(subject, note);
    return (class & AZX_SETS) != 0 || is_constant(subject, note->a) ||
           azv_traced(subject->taken, note->a);
}

const struct azb_note *azx_next_note(const struct azx_subject *subject, unsigned classes,
                                     uint32_t *cursor)
{
    while (subject->name != NULL && *cursor < subject->name->note_count) {
        const struct azb_note *note = &subject->image->notes[subject->name->notes + (*cursor)++];
        const unsigned class = 1u << note->class;
        const bool passes = (class & (AZX_USES | AZX_SETS)) != 0 || azx_is_taken(subject, note);
        if ((class & classes) != 0 && passes &&
            ((class & AZX_MATCHES) == 0 || azx_is_first(subject, note)))
            return note;
    }
    return NULL;
}

void azx_put_slot(struct aza_sink *sink, const struct azv_machine *machine, uint32_t slot)
{
    const struct azv_slot *value = &machine->slots[slot];
    if (value->state == AZV_VOID)
        aza_put(sink, "none");
    else if (value->state == AZV_TRAP)
        AZA_PUT(sink, "no answer: ", azv_trap_sentence(value->trap));
    else if (azv_is_secret(machine, slot))
        aza_put(sink, AZV_HIDDEN);
    else
        azv_put_slot(sink, machine, slot);
}
