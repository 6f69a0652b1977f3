/* The path of a value: which side each choice took that the value was computed through.
 *
 * A pass up the code finds the slots whose values move with the input; a pass down from the value
 * then follows what it was made from: of a choice the side it took, of any other instruction all
 * operands. Conditions are not followed: their parts may change while the condition holds, and the
 * value is still computed in the same manner.
 *
 * The tie rule: where the sides of a limit are equal, the side that does not move is taken, because
 * the value rests there; where both move or neither does, both are taken. A selection is a limit
 * where the values that its condition compares are equal. The rule names no operand, so it does not
 * depend on how a limit is spelled: min(a, b), min(b, a), `a at most b` and `if a > b then b else
 * a` have the same path on every machine. Where both sides move, the path gains a side where they
 * meet; losing the other side after that point is not a turn, so each meeting counts once. */
#include <string.h>
#include "vm/vm.h"

/* --- choices --- */

/* Whether the input is at the border of a condition: the values that it compares are equal, and at
 * least one of them moves. */
static bool is_at_border(const struct vm_machine *machine, uint32_t condition,
                         const struct vm_trace *moved)
{
    const struct image_instruction *i = &machine->image->code[condition];
    while (i->op == IMAGE_OP_NOT)
        i = &machine->image->code[i->a];
    return (i->op == IMAGE_OP_LT || i->op == IMAGE_OP_LE) && moved != NULL &&
           machine->slots[i->a].value == machine->slots[i->b].value &&
           vm_reads(i, VM_TOOK_A | VM_TOOK_B, moved);
}

/* The sides of a limit that have its value; if one of two moves, only the other. */
static unsigned taken_by_limit(const struct vm_machine *machine, uint32_t n,
                               const struct vm_trace *moved, unsigned sides)
{
    const struct image_instruction *i = &machine->image->code[n];
    const uint16_t slots[3] = {i->a, i->b, i->c};
    unsigned moving = 0;
    for (unsigned k = 0; k < 3; k++) {
        const struct vm_slot *side = &machine->slots[slots[k]];
        if (side->state != machine->slots[n].state || side->value != machine->slots[n].value)
            sides &= ~(1u << k);
        else if (moved != NULL && vm_traced(moved, slots[k]))
            moving |= sides & 1u << k;
    }
    return moving == sides ? sides : sides & ~moving;
}

unsigned vm_took(const struct vm_machine *machine, uint32_t n, const struct vm_trace *moved)
{
    const struct image_instruction *i = &machine->image->code[n];
    const struct vm_slot *a = &machine->slots[i->a];
    switch (i->op) {
    case IMAGE_OP_SELECT:
        if (a->state == VM_VALUE && is_at_border(machine, i->a, moved))
            return taken_by_limit(machine, n, moved, VM_TOOK_B | VM_TOOK_C);
        if (a->state == VM_VALUE)
            return a->value != 0 ? VM_TOOK_B : VM_TOOK_C;
        return VM_TOOK_A;
    case IMAGE_OP_ELSE:
        return a->state == VM_VOID ? VM_TOOK_B : VM_TOOK_A;
    case IMAGE_OP_MIN:
    case IMAGE_OP_MAX:
        return taken_by_limit(machine, n, moved, VM_TOOK_A | VM_TOOK_B);
    default:
        return 0;
    }
}

/* --- the two passes --- */

/* The operands that the value of slot n was made from. */
static unsigned made_from(const struct vm_machine *machine, uint32_t n, unsigned took)
{
    const struct image_instruction *i = &machine->image->code[n];
    if (took != 0)
        return took;
    return i->kind == IMAGE_BOOL || vm_is_overridden(machine, n) ? 0 : vm_operands(i->op);
}

/* The slots up to one whose values were made from the input. */
static void find_moved(const struct vm_machine *machine, uint32_t slot, uint32_t input,
                       struct vm_trace *moved)
{
    memset(moved, 0, sizeof *moved);
    for (uint32_t n = 0; n <= slot; n++) {
        const struct image_instruction *i = &machine->image->code[n];
        const unsigned from = made_from(machine, n, vm_took(machine, n, moved));
        if ((i->op == IMAGE_OP_INPUT && i->immediate == input) || vm_reads(i, from, moved))
            vm_mark(moved, n);
    }
}

void vm_find_path(const struct vm_machine *machine, uint32_t slot, uint32_t input,
                  struct vm_path *path)
{
    struct vm_trace moved, reached = {0};
    BASE_ASSERT(slot < machine->image->code_count && input < machine->image->input_count);
    find_moved(machine, slot, input, &moved);
    memset(path, 0, sizeof *path);
    path->state = machine->slots[slot].state;
    vm_mark(&reached, slot);
    for (uint32_t n = slot + 1; n-- > 0;) {
        if (!vm_traced(&reached, n) || machine->slots[n].state != VM_VALUE)
            continue;
        const unsigned took = vm_took(machine, n, &moved);
        if ((took & VM_TOOK_B) != 0)
            vm_mark(&path->took_b, n);
        if ((took & (VM_TOOK_A | VM_TOOK_C)) != 0)
            vm_mark(&path->took_other, n);
        vm_mark_operands(&machine->image->code[n], made_from(machine, n, took), &reached);
    }
}

bool vm_same_path(const struct vm_path *a, const struct vm_path *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static bool is_subset(const struct vm_trace *part, const struct vm_trace *whole)
{
    for (size_t i = 0; i < sizeof part->slots / sizeof *part->slots; i++)
        if ((part->slots[i] & ~whole->slots[i]) != 0)
            return false;
    return true;
}

bool vm_path_turns(const struct vm_path *from, const struct vm_path *to)
{
    return from->state != to->state || !is_subset(&to->took_b, &from->took_b) ||
           !is_subset(&to->took_other, &from->took_other);
}
