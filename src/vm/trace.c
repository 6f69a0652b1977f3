/* The way back from a slot to what it was made from: one pass over the code, from high to low. */
#include <string.h>
#include "vm/vm.h"

enum { READS_A = 1, READS_B = 2, READS_C = 4 };

static unsigned operands_of(unsigned op)
{
    return (image_reads(op, 0) ? READS_A : 0u) | (image_reads(op, 1) ? READS_B : 0u) |
           (image_reads(op, 2) ? READS_C : 0u);
}

static bool is_overridden(const struct vm_machine *machine, uint32_t n)
{
    const struct image_instruction *i = &machine->image->code[n];
    return i->op == IMAGE_OP_SETTING && machine->overrides != NULL &&
           machine->overrides[i->immediate].present;
}

/* The operands that this run took; of those that may be skipped the first is always looked at. */
static unsigned operands_taken(const struct vm_machine *machine, const struct image_instruction *i)
{
    const struct vm_slot *a = &machine->slots[i->a];
    const bool known = a->state == VM_VALUE, truth = known && a->value != 0;
    switch (i->op) {
    case IMAGE_OP_SELECT:
        return READS_A | (truth ? READS_B : known ? READS_C : 0u);
    case IMAGE_OP_ELSE:
        return a->state == VM_VOID ? READS_A | READS_B : READS_A;
    case IMAGE_OP_AND:
        return truth ? READS_A | READS_B : READS_A;
    case IMAGE_OP_OR:
        return known && !truth ? READS_A | READS_B : READS_A;
    default:
        return operands_of(i->op);
    }
}

/* What an instruction chose, as a number; 0 where there was nothing to choose. Of equals a limit
 * counts as above the other, so that the border is where people write it. */
static unsigned choice(const struct vm_machine *machine, const struct image_instruction *i,
                       unsigned taken)
{
    if (i->op == IMAGE_OP_MIN || i->op == IMAGE_OP_MAX)
        return 1u + (machine->slots[i->a].value >= machine->slots[i->b].value);
    return taken != operands_of(i->op) || i->op == IMAGE_OP_SELECT ? 2u + taken : 0;
}

static void mark(struct vm_trace *trace, uint32_t slot)
{
    trace->slots[slot / 64] |= UINT64_C(1) << slot % 64;
}

static void mark_operands(struct vm_trace *trace, const struct image_instruction *i, unsigned which)
{
    if (which & READS_A)
        mark(trace, i->a);
    if (which & READS_B)
        mark(trace, i->b);
    if (which & READS_C)
        mark(trace, i->c);
}

uint64_t vm_trace(const struct vm_machine *machine, uint32_t slot, enum vm_extent extent,
                  struct vm_trace *trace)
{
    uint64_t way = BASE_HASH_SEED + machine->slots[slot].state;
    memset(trace, 0, sizeof *trace);
    mark(trace, slot);
    for (uint32_t n = slot + 1; n-- > 0;) {
        if (!vm_traced(trace, n) || is_overridden(machine, n))
            continue;
        const struct image_instruction *i = &machine->image->code[n];
        const unsigned taken = extent == VM_WHOLE ? operands_of(i->op) : operands_taken(machine, i);
        mark_operands(trace, i, taken);
        const unsigned chosen = choice(machine, i, taken);
        if (chosen != 0)
            way = (way ^ ((uint64_t)n << 8 | chosen)) * UINT64_C(0x100000001b3);
    }
    return way;
}

void vm_trace_needs(const struct image *image, struct vm_trace *needs)
{
    memset(needs, 0, sizeof *needs);
    for (uint32_t n = 0; n < image->output_count; n++)
        mark(needs, image->outputs[n].slot);
    for (uint32_t n = 0; n < image->check_count; n++) {
        mark(needs, image->checks[n].condition);
        mark(needs, image->checks[n].message);
    }
    for (uint32_t n = 0; n < image->export_count; n++)
        mark(needs, image->exports[n].slot);
    for (uint32_t n = 0; n < image->piece_count; n++)
        mark(needs, image->pieces[n]);
    for (uint32_t n = image->code_count; n-- > 0;)
        if (vm_traced(needs, n))
            mark_operands(needs, &image->code[n], operands_of(image->code[n].op));
}

bool vm_needs_input(const struct image *image, const struct vm_trace *needs, uint32_t input)
{
    if (image->inputs[input].class != IMAGE_OPTION)
        return true;
    for (uint32_t n = 0; n < image->code_count; n++)
        if ((image->code[n].op == IMAGE_OP_INPUT || image->code[n].op == IMAGE_OP_GIVEN) &&
            image->code[n].immediate == input && vm_traced(needs, n))
            return true;
    return false;
}

static bool reads(const struct image_instruction *i, const struct vm_trace *trace)
{
    const unsigned operands = operands_of(i->op);
    return ((operands & READS_A) != 0 && vm_traced(trace, i->a)) ||
           ((operands & READS_B) != 0 && vm_traced(trace, i->b)) ||
           ((operands & READS_C) != 0 && vm_traced(trace, i->c));
}

void vm_trace_forward(const struct image *image, uint32_t slot, const struct vm_trace *within,
                      struct vm_trace *moved)
{
    memset(moved, 0, sizeof *moved);
    mark(moved, slot);
    for (uint32_t n = slot + 1; n < image->code_count; n++)
        if (vm_traced(within, n) && reads(&image->code[n], moved))
            mark(moved, n);
}

void vm_mark_secret(const struct image *image, uint32_t n, struct vm_trace *secrets)
{
    const struct image_instruction *i = &image->code[n];
    const bool secret =
        i->op == IMAGE_OP_INPUT && image->inputs[i->immediate].class == IMAGE_SECRET;
    if (secret || (i->op != IMAGE_OP_KNOWN && reads(i, secrets)))
        mark(secrets, n);
}

void vm_trace_secrets(const struct image *image, struct vm_trace *secrets)
{
    memset(secrets, 0, sizeof *secrets);
    for (uint32_t n = 0; n < image->code_count; n++)
        vm_mark_secret(image, n, secrets);
}

bool vm_is_secret(const struct vm_machine *machine, uint32_t slot)
{
    return machine->secrets != NULL && vm_traced(machine->secrets, slot);
}
