/* Every machine of a random program, run, and what the prover's claims say of them: written out
 * once more, from the comments in prove/prove.h. */
#ifndef AZA_TESTS_PROVE_WORLD_H
#define AZA_TESTS_PROVE_WORLD_H

#include "drive.h"
#include "prove/prove.h"
#include "prove_programs.h"

static struct drive d;

/* ---- every machine ---- */

struct world_machine {
    struct azv_input inputs[WORLD_INPUTS];
    bool refused;
    struct azv_slot slots[LENGTH_MAX];
};

static struct world_machine machines[MACHINES_MAX];
static uint32_t machine_count;
/* Texts: first those of a refutation, then what all the machines made. */
enum { SHOWN = 2 * AZA_TEXT_VALUE_MAX };
static char room[1024 * 1024];

static inline void run(struct world_machine *machine, size_t *used, size_t capacity)
{
    d.machine = (struct azv_machine){.image = &d.image,
                                     .slots = machine->slots,
                                     .inputs = machine->inputs,
                                     .text = room,
                                     .text_used = *used,
                                     .text_capacity = capacity};
    azv_run(&d.machine);
    *used = d.machine.text_used;
    machine->refused = false;
    for (uint32_t i = 0; i < d.image.check_count; i++) {
        const struct azv_slot *slot = &machine->slots[d.image.checks[i].condition];
        machine->refused |= slot->state == AZV_VALUE && slot->value != 0;
    }
}

enum { VALUES_MAX = 40 };

static inline uint32_t add_value(struct azv_input *values, uint32_t count,
                                 const struct azb_input *input, int64_t value)
{
    if (input->class == AZB_FACT)
        values[count++] = (struct azv_input){.value = value, .state = AZV_VALUE};
    values[count++] = (struct azv_input){.value = value, .state = AZV_VALUE, .given = true};
    return count;
}

/* All that an input may be. */
static inline uint32_t values_of(const struct azb_input *input, struct azv_input *values)
{
    uint32_t count = 0;
    if (input->optional && !input->has_default)
        values[count++] = (struct azv_input){.state = AZV_VOID};
    if (input->class == AZB_OPTION && input->has_default)
        values[count++] = (struct azv_input){.value = input->fallback, .state = AZV_VALUE};
    if (plain_is_number(input->kind))
        for (int64_t value = input->low;; value++) {
            count = add_value(values, count, input, value);
            if (value == input->high)
                break;
        }
    for (uint32_t i = 0; input->kind == AZB_BOOL && i < 2; i++)
        count = add_value(values, count, input, i);
    for (uint32_t i = 0; i < input->member_count; i++)
        count = add_value(values, count, input, d.image.words[input->members + i]);
    for (size_t i = 0; input->kind == AZB_TEXT && i < 5; i++)
        count = add_value(values, count, input, assemble_string(&assembler, world_texts[i]));
    for (size_t i = 0; input->kind == AZB_LIST && i < 9; i++)
        count = add_value(values, count, input, assemble_string(&assembler, world_lists[i]));
    return count;
}

/* False when there are too many. */
static inline bool run_all(void)
{
    struct azv_input values[WORLD_INPUTS][VALUES_MAX];
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
    return used < sizeof room - AZA_TEXT_VALUE_MAX;
}

static inline bool same_text(int64_t a, int64_t b)
{
    return strcmp(azv_text(&d.machine, a), azv_text(&d.machine, b)) == 0;
}

static inline bool same_value(unsigned kind, int64_t a, int64_t b)
{
    return plain_is_text(kind) ? same_text(a, b) : a == b;
}

/* ---- what claims say ---- */

static inline bool is_pair(enum azq_shape shape)
{
    return shape == AZQ_RISES || shape == AZQ_FALLS || shape == AZQ_JUMPS || shape == AZQ_LEAST ||
           shape == AZQ_MOST;
}

static inline bool guarded(const struct azq_claim *claim, const struct world_machine *machine)
{
    return claim->guard != AZB_NONE && (machine->slots[claim->guard].state != AZV_VALUE ||
                                        machine->slots[claim->guard].value == 0);
}

static inline bool one_breaks(const struct azq_claim *claim, const struct world_machine *machine)
{
    const struct azv_slot *x = &machine->slots[claim->a], *y = &machine->slots[claim->b];
    if (machine->refused || guarded(claim, machine))
        return false;
    switch (claim->shape) {
    case AZQ_HOLDS:
        return x->state == AZV_VALUE && x->value == 0;
    case AZQ_ANSWERS:
        return x->state == AZV_TRAP;
    case AZQ_NEVER:
        return x->state == AZV_VALUE && x->value == 1;
    case AZQ_UNBOUND:
        return x->state == AZV_VALUE && y->state == AZV_VALUE && x->value > y->value;
    default:
        return x->state != y->state ||
               (x->state == AZV_VALUE &&
                !same_value(d.image.code[claim->a].kind, x->value, y->value));
    }
}

static inline bool two_break(const struct azq_claim *claim, const struct world_machine *machine,
                             const struct world_machine *other)
{
    const struct azv_slot *x = &machine->slots[claim->a], *y = &other->slots[claim->a];
    if (machine->refused || other->refused || guarded(claim, machine) || guarded(claim, other) ||
        x->state != AZV_VALUE || y->state != AZV_VALUE)
        return false;
    const plain_wide change = (plain_wide)y->value - x->value;
    if (claim->shape == AZQ_RISES || claim->shape == AZQ_LEAST)
        return change < 0;
    if (claim->shape == AZQ_FALLS || claim->shape == AZQ_MOST)
        return change > 0;
    const plain_wide size = change < 0 ? -change : change,
                     from = x->value < 0 ? -(plain_wide)x->value : x->value;
    if (d.image.code[claim->a].kind == AZB_INT && size == 1)
        return false;
    return size * 1000000 > from * claim->limit;
}

/* Whether the machines are a pair of the claim: one grain apart in the input, said by the same
 * side; or the input unknown in the first. */
static inline bool are_pair(const struct azq_claim *claim, const struct world_machine *machine,
                            const struct world_machine *other)
{
    for (uint32_t i = 0; i < d.image.input_count; i++) {
        const struct azv_input *x = &machine->inputs[i], *y = &other->inputs[i];
        if (i != claim->input) {
            if (x->state != y->state || x->given != y->given ||
                (x->state == AZV_VALUE && !same_value(d.image.inputs[i].kind, x->value, y->value)))
                return false;
        } else if (claim->shape == AZQ_LEAST || claim->shape == AZQ_MOST) {
            if (x->state != AZV_VOID || y->state != AZV_VALUE)
                return false;
        } else if (x->state != AZV_VALUE || y->state != AZV_VALUE || x->value == INT64_MAX ||
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
    struct azv_input values[VALUES_MAX];
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

static inline bool any_pair_breaks(const struct azq_claim *claim)
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

static inline bool is_broken(const struct azq_claim *claim)
{
    if (is_pair(claim->shape))
        return any_pair_breaks(claim);
    for (uint32_t m = 0; m < machine_count; m++)
        if (one_breaks(claim, &machines[m]))
            return true;
    return false;
}

/* ---- what a refutation shows ---- */

static inline bool in_domain(const struct azb_input *input, const struct azv_input *value)
{
    if (value->state != AZV_VALUE)
        return value->state == AZV_VOID && input->optional && !input->has_default && !value->given;
    if (input->class == AZB_OPTION && !value->given &&
        !(input->has_default && same_value(input->kind, value->value, input->fallback)))
        return false;
    if (plain_is_number(input->kind))
        return value->value >= input->low && value->value <= input->high;
    if (input->kind == AZB_BOOL)
        return value->value == 0 || value->value == 1;
    for (uint32_t i = 0; i < input->member_count; i++)
        if (same_text(d.image.words[input->members + i], value->value))
            return true;
    return input->kind != AZB_ENUM;
}

static inline bool shows_a_break(const struct azq_claim *claim, const struct azq_proof *proof)
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
