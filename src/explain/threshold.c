/* The nearest values of a fact at which a value becomes another, found with the interpreter itself:
 * all else stays as it is, one fact moves away in growing strides until something changes, and the
 * border is bisected down to the fact's own grain. Only the instructions that the fact moves run
 * again, so a try costs a few microseconds; strides and bisections bound how many there are.
 *
 * A value that moves in wide steps changes where its step ends. One that moves smoothly, such as a
 * curve or a share rounded to a small unit, changes where the way in which it is worked out does:
 * at another row, branch or segment, or where a limit begins or ceases to bind. */
#include <string.h>
#include "explain/parts.h"

enum {
    FACTS_MAX = 8, /* that are looked at for one value; the product has three numbers */
    SMOOTH = 64,   /* steps narrower than this part of the fact count as smooth */
};

/* The runs of one value with one fact moved. */
struct experiment {
    struct azv_machine machine;
    size_t text_used; /* text that was there before */
    uint32_t root;
    uint32_t fact;          /* the instruction that reads the fact */
    struct azv_trace moved; /* the instructions to run again */
    struct azv_trace taken; /* of the latest run */
    bool upward;
    uint64_t room; /* how far the fact may move */
    int64_t start;
};

/* What one run came to. */
struct outcome {
    uint64_t way;
    struct azv_slot slot;
};

static int64_t at_distance(const struct experiment *e, uint64_t distance)
{
    const uint64_t start = (uint64_t)e->start;
    return (int64_t)(e->upward ? start + distance : start - distance);
}

static struct outcome run_at(struct experiment *e, uint64_t distance)
{
    struct azv_machine *machine = &e->machine;
    machine->text_used = e->text_used;
    machine->slots[e->fact] = (struct azv_slot){.value = at_distance(e, distance)};
    for (uint32_t n = e->fact + 1; n <= e->root; n++)
        if (azv_traced(&e->moved, n))
            azv_step(machine, n);
    const uint64_t way = azv_trace(machine, e->root, AZV_TAKEN, &e->taken);
    return (struct outcome){way, machine->slots[e->root]};
}

static bool same_value(const struct experiment *e, const struct azv_slot *a,
                       const struct azv_slot *b)
{
    const unsigned kind = e->machine.image->code[e->root].kind;
    if (a->state != b->state || a->state != AZV_VALUE || kind == AZB_TEXT || kind == AZB_LIST)
        return a->state == b->state; /* texts change with each run, and their size is no step */
    return a->value == b->value;
}

/* What counts as a change; a set. */
enum { OF_VALUE = 1, OF_WAY = 2 };

static bool differs(const struct experiment *e, const struct outcome *a, const struct outcome *b,
                    unsigned change)
{
    return ((change & OF_WAY) != 0 && a->way != b->way) ||
           ((change & OF_VALUE) != 0 && !same_value(e, &a->slot, &b->slot));
}

/* The least distance beyond `from` whose run differs from that one's; false when none is met. What
 * changes and changes back within one stride, a third of the way behind it, is not seen. */
static bool find_change(struct experiment *e, uint64_t from, unsigned change, uint64_t *found)
{
    const struct outcome before = run_at(e, from);
    uint64_t same = from, other = from;
    for (uint64_t stride = 1;; stride += stride / 2 + 1) {
        if (other == e->room)
            return false;
        other = e->room - from < stride ? e->room : from + stride;
        const struct outcome there = run_at(e, other);
        if (differs(e, &before, &there, change))
            break;
        same = other;
    }
    while (other - same > 1) {
        const uint64_t middle = same + (other - same) / 2;
        const struct outcome there = run_at(e, middle);
        if (differs(e, &before, &there, change))
            other = middle;
        else
            same = middle;
    }
    *found = other;
    return true;
}

/* The nearest change that is worth telling. Another way to the same value is not; neither is one of
 * many small steps. */
static bool find_threshold(struct experiment *e, uint64_t *found)
{
    const uint64_t size = e->start < 0 ? 0 - (uint64_t)e->start : (uint64_t)e->start;
    const struct outcome here = run_at(e, 0);
    uint64_t next;
    if (!find_change(e, 0, OF_VALUE | OF_WAY, found))
        return false;
    const struct outcome there = run_at(e, *found);
    if (same_value(e, &here.slot, &there.slot))
        return find_change(e, 0, OF_VALUE, found);
    if (there.way == here.way && find_change(e, *found, OF_VALUE | OF_WAY, &next) &&
        next - *found < size / SMOOTH)
        return find_change(e, 0, OF_WAY, found);
    return true;
}

/* --- the fact --- */

/* A domain that is open on a side ends where the arithmetic would. */
static uint64_t room(const struct azb_input *input, int64_t start, bool upward)
{
    enum { OPEN_BITS = 50 };
    const int64_t end = upward ? input->high : input->low;
    const uint64_t wide =
        upward ? (uint64_t)end - (uint64_t)start : (uint64_t)start - (uint64_t)end;
    if (upward ? end <= start : end >= start)
        return 0;
    return wide >> OPEN_BITS == 0 ? wide : UINT64_C(1) << OPEN_BITS;
}

static bool is_moving_fact(const struct azx_subject *subject, uint32_t slot)
{
    const struct azb_instruction *i = &subject->image->code[slot];
    return azv_traced(subject->taken, slot) && i->op == AZB_OP_INPUT && azb_is_number(i->kind) &&
           subject->image->inputs[i->immediate].class == AZB_FACT &&
           subject->machine->slots[slot].state == AZV_VALUE;
}

/* How round a number looks in its kind: the larger of two neighbours names the border. */
static int roundness(unsigned kind, int64_t value)
{
    const int64_t base = kind == AZB_BYTES ? 2 : 10;
    int zeros = 0;
    for (; value != 0 && value % base == 0; value /= base)
        zeros++;
    return value == 0 ? 64 : zeros;
}

static void name_border(const struct experiment *e, uint64_t distance,
                        struct azx_threshold *threshold)
{
    const unsigned kind = e->machine.image->code[e->fact].kind;
    const int64_t there = at_distance(e, distance), before = at_distance(e, distance - 1);
    const bool here = kind == AZB_INT || roundness(kind, there) >= roundness(kind, before);
    threshold->border = here ? there : before;
    threshold->relation = here ? "at" : e->upward ? "above" : "below";
}

/* --- what differs there --- */

/* As azx_applies, but at the border a limit is reached from above, as in azv_trace. */
static bool holds(const struct azx_subject *subject, const struct azb_note *note)
{
    const struct azv_slot *slots = subject->machine->slots;
    const unsigned class = 1u << note->class;
    if (!azx_is_taken(subject, note))
        return false;
    if ((class & AZX_MATCHES) != 0)
        return azx_is_first(subject, note);
    if (note->class != AZB_NOTE_AT_MOST)
        return azx_applies(subject, note);
    return slots[note->a].state == AZV_VALUE && slots[note->b].state == AZV_VALUE &&
           slots[note->a].value >= slots[note->b].value;
}

/* The first note of a name that begins or ceases to hold; of a row that ceases, the one instead. */
static const struct azb_note *changed_note(const struct azx_subject *here,
                                           const struct azx_subject *there, bool *now)
{
    const unsigned ignored = AZX_USES | AZX_SETS;
    const struct azb_note *first = &here->image->notes[here->name->notes], *change = NULL;
    for (const struct azb_note *note = first; note < first + here->name->note_count; note++) {
        if ((1u << note->class & ignored) != 0 || holds(here, note) == holds(there, note))
            continue;
        *now = holds(there, note);
        if (change == NULL)
            change = note;
        if ((1u << change->class & AZX_MATCHES) == 0)
            break;
        if (note->class == change->class && note->group == change->group && *now)
            return note;
    }
    if (change != NULL)
        *now = holds(there, change);
    return change;
}

static void find_reason(const struct azx_subject *here, struct azx_threshold *threshold,
                        struct azx_subject *changed)
{
    threshold->changed = changed;
    *changed = *threshold->subject;
    threshold->note = changed_note(here, threshold->subject, &threshold->holds);
    for (uint32_t i = 0; i < here->image->name_count && threshold->note == NULL; i++) {
        const struct azb_name *name = &here->image->names[i];
        if (name->class == AZB_NAME_CHECK || !azv_traced(here->taken, name->slot))
            continue;
        struct azx_subject other = *here;
        other.name = changed->name = name;
        threshold->note = changed_note(&other, changed, &threshold->holds);
    }
}

void azx_put_reason(struct aza_sink *sink, const struct azx_threshold *threshold)
{
    const struct azx_subject *changed = threshold->changed;
    if (threshold->note == NULL) {
        aza_put(sink, threshold->same_way ? "" : "another of several values is the one chosen");
        return;
    }
    if (changed->name != threshold->subject->name)
        AZA_PUT(sink, azb_string(changed->image, changed->name->name), ": ");
    if ((1u << threshold->note->class & AZX_LIMITS) != 0)
        aza_put(sink, threshold->note->class == AZB_NOTE_AT_LEAST ? "at least " : "at most ");
    aza_put(sink, azb_string(changed->image, threshold->note->text));
    if ((1u << threshold->note->class & AZX_LIMITS) != 0)
        aza_put(sink, threshold->holds ? " begins to bind" : " no longer binds");
    else if ((1u << threshold->note->class & AZX_MATCHES) == 0 || !threshold->holds)
        aza_put(sink, threshold->holds ? " begins to hold" : " no longer holds");
}

/* --- all of it --- */

static void tell(struct experiment *e, const struct azx_subject *here, uint64_t distance,
                 azx_put_threshold *put, void *context)
{
    struct azx_view view = *here->view;
    struct azx_subject there = *here, changed;
    struct azx_threshold threshold = {
        .input = (uint32_t)e->machine.image->code[e->fact].immediate,
        .larger = e->upward,
        .subject = &there,
    };
    const struct outcome before = run_at(e, 0), after = run_at(e, distance);
    threshold.same_way = before.way == after.way;
    view.settings.machine = &e->machine;
    there.view = &view;
    there.machine = &e->machine;
    there.taken = &e->taken;
    name_border(e, distance, &threshold);
    find_reason(here, &threshold, &changed);
    put(context, &threshold);
}

static void look(struct experiment *e, const struct azx_subject *subject, uint32_t fact,
                 azx_put_threshold *put, void *context)
{
    static struct azv_slot slots[AZA_SLOTS_MAX]; /* too many for a stack */
    const struct azb_input *input = &subject->image->inputs[subject->image->code[fact].immediate];
    memcpy(slots, subject->machine->slots, subject->image->code_count * sizeof *slots);
    e->machine.slots = slots;
    e->fact = fact;
    e->start = slots[fact].value;
    azv_trace_forward(subject->image, fact, &e->taken, &e->moved);
    for (int upward = 1; upward >= 0; upward--) {
        uint64_t distance;
        e->upward = upward;
        e->room = room(input, e->start, e->upward);
        if (find_threshold(e, &distance))
            tell(e, subject, distance, put, context);
    }
}

void azx_find_thresholds(const struct azx_subject *subject, azx_put_threshold *put, void *context)
{
    struct azv_trace whole;
    struct experiment e = {.machine = *subject->machine,
                           .text_used = subject->machine->text_used,
                           .root = subject->name->slot};
    uint32_t facts = 0;
    if (subject->input != AZB_NONE || subject->override != NULL)
        return;
    azv_trace(subject->machine, e.root, AZV_WHOLE, &whole);
    for (uint32_t n = 0; n <= e.root && facts < FACTS_MAX; n++) {
        if (!is_moving_fact(subject, n))
            continue;
        e.taken = whole;
        look(&e, subject, n, put, context);
        facts++;
    }
}
