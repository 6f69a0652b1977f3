/* From a slot back to the slots that it was made from, and forward to the slots made from it.
 *
 * Operands are lower slots, so one pass over the code is enough: downwards, a marked slot marks its
 * operands; upwards, a slot is marked if one of its operands is. Traces are sets of one bit per
 * slot. Which side a choice took is defined in path.c. */
#include <string.h>
#include "vm/vm.h"

enum { READS_A = VM_TOOK_A, READS_B = VM_TOOK_B, READS_C = VM_TOOK_C };

unsigned vm_operands(unsigned op)
{
    return (image_reads(op, 0) ? READS_A : 0u) | (image_reads(op, 1) ? READS_B : 0u) |
           (image_reads(op, 2) ? READS_C : 0u);
}

/* The operands that this run used: `and` and `or` need b only if a does not decide, and a choice
 * used its condition and the side that it took. */
static unsigned operands_used(const struct vm_machine *machine, uint32_t n)
{
    const struct image_instruction *i = &machine->image->code[n];
    const struct vm_slot *a = &machine->slots[i->a];
    const bool known = a->state == VM_VALUE, truth = known && a->value != 0;
    switch (i->op) {
    case IMAGE_OP_SELECT:
    case IMAGE_OP_ELSE:
        return READS_A | vm_took(machine, n, NULL);
    case IMAGE_OP_AND:
        return truth ? READS_A | READS_B : READS_A;
    case IMAGE_OP_OR:
        return known && !truth ? READS_A | READS_B : READS_A;
    default:
        return vm_operands(i->op);
    }
}

void vm_mark_operands(const struct image_instruction *i, unsigned set, struct vm_trace *trace)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    for (unsigned k = 0; k < 3; k++)
        if ((set >> k & 1) != 0)
            vm_mark(trace, slots[k]);
}

bool vm_reads(const struct image_instruction *i, unsigned set, const struct vm_trace *trace)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    for (unsigned k = 0; k < 3; k++)
        if ((set >> k & 1) != 0 && vm_traced(trace, slots[k]))
            return true;
    return false;
}

void vm_trace(const struct vm_machine *machine, uint32_t slot, enum vm_extent extent,
              struct vm_trace *trace)
{
    BASE_ASSERT(slot < machine->image->code_count);
    memset(trace, 0, sizeof *trace);
    vm_mark(trace, slot);
    for (uint32_t n = slot + 1; n-- > 0;) {
        if (!vm_traced(trace, n) || vm_is_overridden(machine, n))
            continue;
        const struct image_instruction *i = &machine->image->code[n];
        const unsigned whole = vm_operands(i->op);
        vm_mark_operands(i, extent == VM_WHOLE ? whole : operands_used(machine, n), trace);
    }
}

void vm_trace_needs(const struct image *image, struct vm_trace *needs)
{
    memset(needs, 0, sizeof *needs);
    for (uint32_t n = 0; n < image->output_count; n++)
        vm_mark(needs, image->outputs[n].slot);
    for (uint32_t n = 0; n < image->check_count; n++) {
        vm_mark(needs, image->checks[n].condition);
        vm_mark(needs, image->checks[n].message);
    }
    for (uint32_t n = 0; n < image->export_count; n++)
        vm_mark(needs, image->exports[n].slot);
    for (uint32_t n = 0; n < image->piece_count; n++)
        vm_mark(needs, image->pieces[n]);
    for (uint32_t n = image->code_count; n-- > 0;)
        if (vm_traced(needs, n))
            vm_mark_operands(&image->code[n], vm_operands(image->code[n].op), needs);
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

void vm_trace_forward(const struct image *image, uint32_t slot, const struct vm_trace *within,
                      struct vm_trace *moved)
{
    memset(moved, 0, sizeof *moved);
    vm_mark(moved, slot);
    for (uint32_t n = slot + 1; n < image->code_count; n++)
        if (vm_traced(within, n) &&
            vm_reads(&image->code[n], vm_operands(image->code[n].op), moved))
            vm_mark(moved, n);
}

void vm_mark_secret(const struct image *image, uint32_t n, struct vm_trace *secrets)
{
    const struct image_instruction *i = &image->code[n];
    const bool secret =
        i->op == IMAGE_OP_INPUT && image->inputs[i->immediate].class == IMAGE_SECRET;
    if (secret || (i->op != IMAGE_OP_KNOWN && vm_reads(i, vm_operands(i->op), secrets)))
        vm_mark(secrets, n);
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
