/* The nearest values of a fact at which a value changes, found with the interpreter itself: one
 * fact moves away in growing strides, with all others fixed, until something changes, and the
 * border is bisected down to the fact's own grain. Only the instructions that depend on the fact
 * run again, so a trial costs a few microseconds; strides and bisections bound the number of
 * trials.
 *
 * A value that moves in wide steps changes at the end of its step. One that moves smoothly, such as
 * a curve or a share rounded to a small unit, is reported where its path changes (vm_find_path): at
 * another row, branch or segment, or where a limit begins or ceases to apply.
 *
 * The trials run on a copy of the slots; the subject's machine does not change, except for its text
 * buffer beyond text_used, where each trial puts its texts again. To explain a threshold, the notes
 * of the subject are compared between the machine and the trial at the threshold: the first that
 * applies in one of them only is the reason, of the subject itself or of a name that it depends on.
 */
#include <string.h>
#include "explain/parts.h"

enum {
    FACTS_MAX = 8, /* examined for one value; the product has three numbers */
    SMOOTH = 64,   /* steps narrower than this part of the fact count as smooth */
};

/* The trials of one value with one fact moved. */
struct experiment {
    struct vm_machine machine;
    size_t text_used; /* text that was there before */
    uint32_t root;
    uint32_t fact, input;  /* the instruction that reads the fact, and its index in INPUTS */
    struct vm_trace moved; /* the instructions to run again */
    struct vm_trace taken; /* of what is explained, then of its subject at a threshold */
    bool upward;
    uint64_t room; /* how far the fact may move */
    int64_t start;
};

/* The result of one trial. */
struct outcome {
    struct vm_path path;
    struct vm_slot slot;
};

static int64_t fact_at_distance(const struct experiment *e, uint64_t distance)
{
    const uint64_t start = (uint64_t)e->start;
    return (int64_t)(e->upward ? start + distance : start - distance);
}

/* Runs the instructions that depend on the fact, with the fact moved by `distance`. */
static struct outcome run_trial(struct experiment *e, uint64_t distance)
{
    struct vm_machine *machine = &e->machine;
    machine->text_used = e->text_used;
    machine->slots[e->fact] = (struct vm_slot){.value = fact_at_distance(e, distance)};
    for (uint32_t n = e->fact + 1; n <= e->root; n++)
        if (vm_traced(&e->moved, n))
            vm_step(machine, n);
    struct outcome outcome = {.slot = machine->slots[e->root]};
    vm_find_path(machine, e->root, e->input, &outcome.path);
    return outcome;
}

static bool same_slot_value(const struct experiment *e, const struct vm_slot *a,
                            const struct vm_slot *b)
{
    const unsigned kind = e->machine.image->code[e->root].kind;
    if (a->state != b->state || a->state != VM_VALUE || kind == IMAGE_TEXT || kind == IMAGE_LIST)
        return a->state == b->state; /* texts change with each run, and their size is no step */
    return a->value == b->value;
}

/* What counts as a change; a set. */
enum { OF_VALUE = 1, OF_PATH = 2 };

static bool outcomes_differ(const struct experiment *e, const struct outcome *a,
                            const struct outcome *b, unsigned change)
{
    return ((change & OF_PATH) != 0 && !vm_same_path(&a->path, &b->path)) ||
           ((change & OF_VALUE) != 0 && !same_slot_value(e, &a->slot, &b->slot));
}

/* The smallest distance beyond `from` whose result differs from that at `from`; false if there is
 * none. A change that is reverted within one stride, a third of the distance, is missed. */
static bool find_change(struct experiment *e, uint64_t from, unsigned change, uint64_t *found)
{
    const struct outcome before = run_trial(e, from);
    uint64_t same = from, other = from;
    for (uint64_t stride = 1;; stride += stride / 2 + 1) {
        if (other == e->room)
            return false;
        other = e->room - from < stride ? e->room : from + stride;
        const struct outcome there = run_trial(e, other);
        if (outcomes_differ(e, &before, &there, change))
            break;
        same = other;
    }
    while (other - same > 1) {
        const uint64_t middle = same + (other - same) / 2;
        const struct outcome there = run_trial(e, middle);
        if (outcomes_differ(e, &before, &there, change))
            other = middle;
        else
            same = middle;
    }
    *found = other;
    return true;
}

/* The nearest change worth reporting. Another path to the same value is not, and neither is one of
 * many small steps. */
static bool find_threshold(struct experiment *e, uint64_t *found)
{
    const uint64_t size = e->start < 0 ? 0 - (uint64_t)e->start : (uint64_t)e->start;
    const struct outcome here = run_trial(e, 0);
    uint64_t next;
    if (!find_change(e, 0, OF_VALUE | OF_PATH, found))
        return false;
    const struct outcome there = run_trial(e, *found);
    if (same_slot_value(e, &here.slot, &there.slot))
        return find_change(e, 0, OF_VALUE, found);
    if (vm_same_path(&there.path, &here.path) &&
        find_change(e, *found, OF_VALUE | OF_PATH, &next) && next - *found < size / SMOOTH)
        return find_change(e, 0, OF_PATH, found);
    return true;
}

/* --- the fact --- */

/* How far the fact may move. A domain that is open on a side is cut at 2^50, within the arithmetic.
 */
static uint64_t room_to_move(const struct image_input *input, int64_t start, bool upward)
{
    enum { OPEN_BITS = 50 };
    const int64_t end = upward ? input->high : input->low;
    const uint64_t wide =
        upward ? (uint64_t)end - (uint64_t)start : (uint64_t)start - (uint64_t)end;
    if (upward ? end <= start : end >= start)
        return 0;
    return wide >> OPEN_BITS == 0 ? wide : UINT64_C(1) << OPEN_BITS;
}

static bool is_moving_fact(const struct explain_subject *subject, uint32_t slot)
{
    const struct image_instruction *i = &subject->image->code[slot];
    return vm_traced(subject->taken, slot) && i->op == IMAGE_OP_INPUT && image_is_number(i->kind) &&
           subject->image->inputs[i->immediate].class == IMAGE_FACT &&
           subject->machine->slots[slot].state == VM_VALUE;
}

/* How round a number is in its kind: the rounder of two neighbours names the border. */
static int count_trailing_zeros(unsigned kind, int64_t value)
{
    const int64_t base = kind == IMAGE_BYTES ? 2 : 10;
    int zeros = 0;
    for (; value != 0 && value % base == 0; value /= base)
        zeros++;
    return value == 0 ? 64 : zeros;
}

/* A border lies between two values of the fact. It is named by the one that is rounder, as a person
 * would: "at 2GB" or "below 2GB", not "at 2147483647B". Integers have small steps, so their border
 * is always the first value of the new side. */
static void name_border(const struct experiment *e, uint64_t distance,
                        struct explain_threshold *threshold)
{
    const unsigned kind = e->machine.image->code[e->fact].kind;
    const int64_t there = fact_at_distance(e, distance), before = fact_at_distance(e, distance - 1);
    const bool here = kind == IMAGE_INT ||
                      count_trailing_zeros(kind, there) >= count_trailing_zeros(kind, before);
    threshold->border = here ? there : before;
    threshold->relation = here ? "at" : e->upward ? "above" : "below";
}

/* --- the reason --- */

/* Like explain_applies, but a limit that equals the value counts as applied, as in vm_find_path. */
static bool note_holds(const struct explain_subject *subject, const struct image_note *note)
{
    const struct vm_slot *slots = subject->machine->slots;
    const unsigned class = 1u << note->class;
    if (!explain_is_taken(subject, note))
        return false;
    if ((class & EXPLAIN_MATCHES) != 0)
        return explain_is_first(subject, note);
    if ((class & EXPLAIN_LIMITS) == 0)
        return explain_applies(subject, note);
    if (slots[note->a].state != VM_VALUE || slots[note->b].state != VM_VALUE)
        return false;
    const int64_t value = slots[note->a].value, bound = slots[note->b].value;
    return note->class == IMAGE_NOTE_AT_LEAST ? value <= bound : value >= bound;
}

/* The first note of a name that begins or ceases to hold; for a row that ceases, the new row. */
static const struct image_note *changed_note(const struct explain_subject *here,
                                             const struct explain_subject *there, bool *now)
{
    const unsigned ignored = EXPLAIN_USES | EXPLAIN_SETS;
    const struct image_note *first = &here->image->notes[here->name->notes], *change = NULL;
    for (const struct image_note *note = first; note < first + here->name->note_count; note++) {
        if ((1u << note->class & ignored) != 0 || note_holds(here, note) == note_holds(there, note))
            continue;
        *now = note_holds(there, note);
        if (change == NULL)
            change = note;
        if ((1u << change->class & EXPLAIN_MATCHES) == 0)
            break;
        if (note->class == change->class && note->group == change->group && *now)
            return note;
    }
    if (change != NULL)
        *now = note_holds(there, change);
    return change;
}

/* The subject's own notes first, then those of every name that it depends on. */
static void find_reason(const struct explain_subject *here, struct explain_threshold *threshold,
                        struct explain_subject *changed)
{
    threshold->changed = changed;
    *changed = *threshold->subject;
    threshold->note = changed_note(here, threshold->subject, &threshold->holds);
    for (uint32_t i = 0; i < here->image->name_count && threshold->note == NULL; i++) {
        const struct image_name *name = &here->image->names[i];
        if (name->class == IMAGE_NAME_CHECK || !vm_traced(here->taken, name->slot))
            continue;
        struct explain_subject other = *here;
        other.name = changed->name = name;
        threshold->note = changed_note(&other, changed, &threshold->holds);
    }
}

void explain_put_reason(struct base_sink *sink, const struct explain_threshold *threshold)
{
    const struct explain_subject *changed = threshold->changed;
    if (threshold->note == NULL) {
        base_put(sink, threshold->same_path ? "" : "a different argument of min/max wins");
        return;
    }
    if (changed->name != threshold->subject->name)
        BASE_PUT(sink, image_string(changed->image, changed->name->name), ": ");
    if ((1u << threshold->note->class & EXPLAIN_LIMITS) != 0)
        base_put(sink, threshold->note->class == IMAGE_NOTE_AT_LEAST ? "at least " : "at most ");
    base_put(sink, image_string(changed->image, threshold->note->text));
    if ((1u << threshold->note->class & EXPLAIN_LIMITS) != 0)
        base_put(sink, threshold->holds ? " begins to apply" : " no longer applies");
    else if ((1u << threshold->note->class & EXPLAIN_MATCHES) == 0 || !threshold->holds)
        base_put(sink, threshold->holds ? " begins to hold" : " no longer holds");
}

/* --- all of it --- */

static void find_reason_at(struct experiment *e, uint64_t distance,
                           const struct explain_subject *here, struct explain_threshold *threshold,
                           struct explain_subject *changed)
{
    run_trial(e, distance);
    vm_trace(&e->machine, e->root, VM_TAKEN, &e->taken);
    find_reason(here, threshold, changed);
}

static void report_threshold(struct experiment *e, const struct explain_subject *here,
                             uint64_t distance, explain_put_threshold *put, void *context)
{
    struct explain_view view = *here->view;
    struct explain_subject there = *here, changed;
    struct explain_threshold threshold = {
        .input = e->input,
        .larger = e->upward,
        .subject = &there,
    };
    const struct outcome before = run_trial(e, 0), nearer = run_trial(e, distance - 1),
                         after = run_trial(e, distance);
    threshold.same_path = vm_same_path(&before.path, &after.path);
    threshold.is_new = !same_slot_value(e, &nearer.slot, &after.slot);
    view.settings.machine = &e->machine;
    there.view = &view;
    there.machine = &e->machine;
    there.taken = &e->taken;
    name_border(e, distance, &threshold);
    find_reason_at(e, distance, here, &threshold, &changed);
    /* Where both sides of a border have the same value, its condition may change one machine on. */
    if (threshold.note == NULL && !threshold.same_path && distance < e->room)
        find_reason_at(e, distance + 1, here, &threshold, &changed);
    run_trial(e, distance);
    put(context, &threshold);
}

static void search_both_sides(struct experiment *e, const struct explain_subject *subject,
                              uint32_t fact, explain_put_threshold *put, void *context)
{
    static struct vm_slot slots[LIMIT_SLOTS]; /* too many for a stack */
    memcpy(slots, subject->machine->slots, subject->image->code_count * sizeof *slots);
    e->machine.slots = slots;
    e->fact = fact;
    e->input = (uint32_t)subject->image->code[fact].immediate;
    e->start = slots[fact].value;
    vm_trace_forward(subject->image, fact, &e->taken, &e->moved);
    for (int upward = 1; upward >= 0; upward--) {
        uint64_t distance;
        e->upward = upward;
        e->room = room_to_move(&subject->image->inputs[e->input], e->start, e->upward);
        if (find_threshold(e, &distance))
            report_threshold(e, subject, distance, put, context);
    }
}

void explain_find_thresholds(const struct explain_subject *subject, explain_put_threshold *put,
                             void *context)
{
    struct vm_trace whole;
    struct experiment e = {.machine = *subject->machine,
                           .text_used = subject->machine->text_used,
                           .root = subject->name->slot};
    uint32_t facts = 0;
    if (subject->input != IMAGE_NONE || subject->override != NULL)
        return;
    vm_trace(subject->machine, e.root, VM_WHOLE, &whole);
    for (uint32_t n = 0; n <= e.root && facts < FACTS_MAX; n++) {
        if (!is_moving_fact(subject, n))
            continue;
        e.taken = whole;
        search_both_sides(&e, subject, n, put, context);
        facts++;
    }
}
