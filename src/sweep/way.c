/* Which way a value was computed. */
#include "sweep/way.h"

#include "ir/ir.h"

struct walk {
    const struct vm_machine *machine;
    uint8_t live[LIMIT_SLOTS]; /* the value was taken from this slot */
    uint64_t way;
};

static bool is_constant(const struct walk *w, uint32_t slot)
{
    return w->machine->image->code[slot].op == IMAGE_OP_CONST;
}

static void choose(struct walk *w, uint32_t slot, uint16_t side)
{
    const uint32_t choice[2] = {slot, side};
    w->way = base_hash(w->way, choice, sizeof choice);
    w->live[side] = true;
}

/* A limit that the value just touches is one that holds: there the value begins to stand still. */
static uint16_t holding(const struct walk *w, const struct image_instruction *i)
{
    const int64_t a = w->machine->slots[i->a].value, b = w->machine->slots[i->b].value;
    if (a == b)
        return is_constant(w, i->a) ? i->a : i->b;
    return (a < b) == (i->op == IMAGE_OP_MIN) ? i->a : i->b;
}

static bool is_overridden(const struct walk *w, const struct image_instruction *i)
{
    return w->machine->overrides != NULL && w->machine->overrides[i->immediate].present;
}

static void follow_operands(struct walk *w, const struct image_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    for (int operand = 0; operand < 3; operand++)
        if (image_reads(i->op, operand))
            w->live[slots[operand]] = true;
}

static void follow(struct walk *w, uint32_t slot)
{
    const struct image_instruction *i = &w->machine->image->code[slot];
    const struct vm_slot *slots = w->machine->slots;
    if (slots[slot].state != VM_VALUE) {
        w->way = base_hash(w->way, &slots[slot].state, sizeof slots[slot].state);
        return;
    }
    switch (i->op) {
    case IMAGE_OP_SELECT:
        choose(w, slot, slots[i->a].value != 0 ? i->b : i->c);
        break;
    case IMAGE_OP_ELSE:
        choose(w, slot, slots[i->a].state == VM_VOID ? i->b : i->a);
        break;
    case IMAGE_OP_MIN:
    case IMAGE_OP_MAX:
        choose(w, slot, holding(w, i));
        break;
    case IMAGE_OP_SETTING:
        if (!is_overridden(w, i))
            w->live[i->a] = true;
        break;
    default:
        /* The parts of a condition may change while it stays what it is. */
        if (i->kind != IMAGE_BOOL)
            follow_operands(w, i);
    }
}

uint64_t sweep_way(const struct vm_machine *machine, uint32_t slot)
{
    struct walk w = {.machine = machine, .way = BASE_HASH_SEED};
    w.live[slot] = true;
    for (uint32_t n = slot + 1; n-- > 0;)
        if (w.live[n])
            follow(&w, n);
    return w.way;
}
