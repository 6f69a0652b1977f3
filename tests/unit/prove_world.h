/* Every machine of a random program, run, and what the prover's claims say of them: written out
 * once more, from the comments in prove/prove.h. */
#ifndef AZA_TESTS_PROVE_WORLD_H
#define AZA_TESTS_PROVE_WORLD_H

#include "drive.h"
#include "prove/prove.h"
#include "prove_programs.h"

static struct drive d;

/* --- every machine --- */

struct world_machine {
    struct vm_input inputs[WORLD_INPUTS];
    bool refused;
    struct vm_slot slots[LENGTH_MAX];
};

static struct world_machine machines[MACHINES_MAX];
static uint32_t machine_count;
/* Texts: first those of a refutation, then what all the machines made. */
enum { SHOWN = 2 * LIMIT_TEXT_VALUE };
static char room[1024 * 1024];

static inline void run(struct world_machine *machine, size_t *used, size_t capacity)
{
    d.machine = (struct vm_machine){.image = &d.image,
                                    .slots = machine->slots,
                                    .inputs = machine->inputs,
                                    .text = room,
                                    .text_used = *used,
                                    .text_capacity = capacity};
    vm_run(&d.machine);
    *used = d.machine.text_used;
    machine->refused = false;
    for (uint32_t i = 0; i < d.image.check_count; i++) {
        const struct vm_slot *slot = &machine->slots[d.image.checks[i].condition];
        machine->refused |= slot->state == VM_VALUE && slot->value != 0;
    }
}

enum { VALUES_MAX = 40 };

static inline uint32_t add_value(struct vm_input *values, uint32_t count,
                                 const struct image_input *input, int64_t value)
{
    if (input->class == IMAGE_FACT)
        values[count++] = (struct vm_input){.value = value, .state = VM_VALUE};
    values[count++] = (struct vm_input){.value = value, .state = VM_VALUE, .given = true};
    return count;
}

/* All that an input may be. */
static inline uint32_t values_of(const struct image_input *input, struct vm_input *values)
{
    uint32_t count = 0;
    if (input->optional && !input->has_default)
        values[count++] = (struct vm_input){.state = VM_VOID};
    if (input->class == IMAGE_OPTION && input->has_default)
        values[count++] = (struct vm_input){.value = input->fallback, .state = VM_VALUE};
    if (plain_is_number(input->kind))
        for (int64_t value = input->low;; value++) {
            count = add_value(values, count, input, value);
            if (value == input->high)
                break;
        }
    for (uint32_t i = 0; input->kind == IMAGE_BOOL && i < 2; i++)
        count = add_value(values, count, input, i);
    for (uint32_t i = 0; i < input->member_count; i++)
        count = add_value(values, count, input, d.image.words[input->members + i]);
    for (size_t i = 0; input->kind == IMAGE_TEXT && i < 5; i++)
        count = add_value(values, count, input, assemble_string(&assembler, world_texts[i]));
    for (size_t i = 0; input->kind == IMAGE_LIST && i < 9; i++)
        count = add_value(values, count, input, assemble_string(&assembler, world_lists[i]));
    return count;
}

/* False when there are too many. */
static inline bool run_all(void)
{
    struct vm_input values[WORLD_INPUTS][VALUES_MAX];
    uint32_t counts[WORLD_INPUTS] = {1, 1, 1}, total = 1;
    for (uint32_t i = 0; i < d.image.input_count; i++)
        total *= counts[i] = values_of(&d.image.inputs[i], values[i]);
    size_t used = SHOWN;
    machine_count = 0;
    if (total > MACHINES_MAX)
        return false;
    for (; machine_count < total; machine_count++) {
        uint32_t rest = machine_count;
        for (uint32_t i = 0; i < d.image.input_count; i++) {
            machines[machine_count].inputs[i] = values[i][rest % counts[i]];
            rest /= counts[i];
        }
        run(&machines[machine_count], &used, sizeof room);
    }
    return used < sizeof room - LIMIT_TEXT_VALUE;
}

static inline bool same_text(int64_t a, int64_t b)
{
    return strcmp(vm_text(&d.machine, a), vm_text(&d.machine, b)) == 0;
}

static inline bool same_value(unsigned kind, int64_t a, int64_t b)
{
    return plain_is_text(kind) ? same_text(a, b) : a == b;
}

/* --- what claims say --- */

static inline bool is_pair(enum prove_shape shape)
{
    return shape == PROVE_RISES || shape == PROVE_FALLS || shape == PROVE_JUMPS ||
           shape == PROVE_LEAST || shape == PROVE_MOST;
}

static inline bool guarded(const struct prove_claim *claim, const struct world_machine *machine)
{
    return claim->guard != IMAGE_NONE && (machine->slots[claim->guard].state != VM_VALUE ||
                                          machine->slots[claim->guard].value == 0);
}

static inline bool one_breaks(const struct prove_claim *claim, const struct world_machine *machine)
{
    const struct vm_slot *x = &machine->slots[claim->a], *y = &machine->slots[claim->b];
    if (machine->refused || guarded(claim, machine))
        return false;
    switch (claim->shape) {
    case PROVE_HOLDS:
        return x->state == VM_VALUE && x->value == 0;
    case PROVE_ANSWERS:
        return x->state == VM_TRAP;
    case PROVE_NEVER:
        return x->state == VM_VALUE && x->value == 1;
    case PROVE_UNBOUND:
        return x->state == VM_VALUE && y->state == VM_VALUE && x->value > y->value;
    default:
        return x->state != y->state ||
               (x->state == VM_VALUE &&
                !same_value(d.image.code[claim->a].kind, x->value, y->value));
    }
}

static inline bool two_break(const struct prove_claim *claim, const struct world_machine *machine,
                             const struct world_machine *other)
{
    const struct vm_slot *x = &machine->slots[claim->a], *y = &other->slots[claim->a];
    if (machine->refused || other->refused || guarded(claim, machine) || guarded(claim, other) ||
        x->state != VM_VALUE || y->state != VM_VALUE)
        return false;
    const plain_wide change = (plain_wide)y->value - x->value;
    if (claim->shape == PROVE_RISES || claim->shape == PROVE_LEAST)
        return change < 0;
    if (claim->shape == PROVE_FALLS || claim->shape == PROVE_MOST)
        return change > 0;
    const plain_wide size = change < 0 ? -change : change,
                     from = x->value < 0 ? -(plain_wide)x->value : x->value;
    if (d.image.code[claim->a].kind == IMAGE_INT && size == 1)
        return false;
    return size * 1000000 > from * claim->limit;
}

/* Whether the machines are a pair of the claim: one grain apart in the input, with the same
 * side; or the input unknown in the first. */
static inline bool are_pair(const struct prove_claim *claim, const struct world_machine *machine,
                            const struct world_machine *other)
{
    for (uint32_t i = 0; i < d.image.input_count; i++) {
        const struct vm_input *x = &machine->inputs[i], *y = &other->inputs[i];
        if (i != claim->input) {
            if (x->state != y->state || x->given != y->given ||
                (x->state == VM_VALUE && !same_value(d.image.inputs[i].kind, x->value, y->value)))
                return false;
        } else if (claim->shape == PROVE_LEAST || claim->shape == PROVE_MOST) {
            if (x->state != VM_VOID || y->state != VM_VALUE)
                return false;
        } else if (x->state != VM_VALUE || y->state != VM_VALUE || x->value == INT64_MAX ||
                   y->value != x->value + 1 || x->given != y->given) {
            return false;
        }
    }
    return true;
}

/* Machines differ in one input only where they lie a multiple of `stride` apart: see run_all. */
struct partners {
    uint32_t stride, count;
};

static inline struct partners partners_of(uint32_t input)
{
    struct vm_input values[VALUES_MAX];
    struct partners partners = {1, 1};
    for (uint32_t i = 0; i <= input; i++) {
        partners.stride *= partners.count;
        partners.count = values_of(&d.image.inputs[i], values);
    }
    return partners;
}

static inline const struct world_machine *partner(const struct partners *partners, uint32_t m,
                                                  uint32_t k)
{
    return &machines[m - m / partners->stride % partners->count * partners->stride +
                     k * partners->stride];
}

static inline bool any_pair_breaks(const struct prove_claim *claim)
{
    const struct partners partners = partners_of(claim->input);
    for (uint32_t m = 0; m < machine_count; m++)
        for (uint32_t k = 0; k < partners.count; k++) {
            const struct world_machine *other = partner(&partners, m, k);
            if (are_pair(claim, &machines[m], other) && two_break(claim, &machines[m], other))
                return true;
        }
    return false;
}

static inline bool is_broken(const struct prove_claim *claim)
{
    if (is_pair(claim->shape))
        return any_pair_breaks(claim);
    for (uint32_t m = 0; m < machine_count; m++)
        if (one_breaks(claim, &machines[m]))
            return true;
    return false;
}

/* --- what a refutation shows --- */

static inline bool in_domain(const struct image_input *input, const struct vm_input *value)
{
    if (value->state != VM_VALUE)
        return value->state == VM_VOID && input->optional && !input->has_default && !value->given;
    if (input->class == IMAGE_OPTION && !value->given &&
        !(input->has_default && same_value(input->kind, value->value, input->fallback)))
        return false;
    if (plain_is_number(input->kind))
        return value->value >= input->low && value->value <= input->high;
    if (input->kind == IMAGE_BOOL)
        return value->value == 0 || value->value == 1;
    for (uint32_t i = 0; i < input->member_count; i++)
        if (same_text(d.image.words[input->members + i], value->value))
            return true;
    return input->kind != IMAGE_ENUM;
}

static inline bool shows_a_break(const struct prove_claim *claim, const struct proof *proof)
{
    static struct world_machine machine, other;
    size_t used = proof->text_used;
    memcpy(room, proof->text, used);
    memcpy(machine.inputs, proof->machine, d.image.input_count * sizeof *proof->machine);
    memcpy(other.inputs, proof->other, d.image.input_count * sizeof *proof->other);
    run(&machine, &used, SHOWN);
    for (uint32_t i = 0; i < d.image.input_count; i++)
        if (!in_domain(&d.image.inputs[i], &machine.inputs[i]))
            return false;
    if (!is_pair(claim->shape))
        return one_breaks(claim, &machine);
    run(&other, &used, SHOWN);
    for (uint32_t i = 0; i < d.image.input_count; i++)
        if (!in_domain(&d.image.inputs[i], &other.inputs[i]))
            return false;
    return are_pair(claim, &machine, &other) && two_break(claim, &machine, &other);
}

#endif
