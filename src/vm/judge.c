/* The result of a run: refused, or accepted with warnings.
 *
 * The outputs, checks and exports are judged, in this order; a trap in a value that none of these
 * uses is ignored. A trap that reaches several outputs and checks is reported once, at the first;
 * an export names its variable each time. Judging does not stop at the first refusal, so that one
 * run reports all of them. A broken invariant is a warning with the values of the comparison that
 * failed and the operator's settings that it depends on. */
#include <string.h>
#include "vm/quantity.h"

struct judgement {
    const struct vm_machine *machine;
    struct base_sink *warnings, *refusal;
    bool refused;
    uint8_t reported[LIMIT_SLOTS / 8]; /* one bit per slot: its trap has been reported */
};

/* A message is one line, whatever values it contains. */
static void put_on_one_line(struct base_sink *sink, const char *text)
{
    for (; *text != '\0'; text++)
        base_put_char(sink, base_is_control(*text) ? ' ' : *text);
}

static void put_rule_place(struct base_sink *sink, const struct image *image,
                           const struct image_name *name)
{
    BASE_PUT(sink, image_string(image, name->name), " (", image_string(image, name->file), ":");
    base_put_int(sink, name->line);
    base_put(sink, ")");
}

/* Why the value could not be computed; for a value outside a setting's range, both are shown. */
static void put_trap(struct base_sink *sink, const struct vm_machine *machine,
                     const struct vm_slot *slot)
{
    const struct image_instruction *instruction = &machine->image->code[slot->origin];
    if (slot->trap != VM_TRAP_RANGE || instruction->op != IMAGE_OP_SETTING ||
        machine->slots[instruction->a].state != VM_VALUE) {
        BASE_PUT(sink, ": ", vm_trap_sentence(slot->trap), "\n");
        return;
    }
    const struct image_setting *setting = &machine->image->settings[instruction->immediate];
    base_put(sink, " would be ");
    vm_put_setting(sink, machine, setting, machine->slots[instruction->a].value);
    base_put(sink, "; the setting allows ");
    vm_put_bounds(sink, machine, setting);
    base_put_char(sink, '\n');
}

/* Whether the slot has no trap; otherwise refuses the run, and reports the trap if it is the first
 * value that this trap reached. */
static bool check_trap(struct judgement *j, uint32_t slot, const struct image_name *name)
{
    const struct vm_slot *value = &j->machine->slots[slot];
    if (value->state != VM_TRAP)
        return true;
    j->refused = true;
    uint8_t *reported = &j->reported[value->origin / 8], bit = (uint8_t)(1 << value->origin % 8);
    if (*reported & bit)
        return false;
    *reported |= bit;
    put_rule_place(j->refusal, j->machine->image, name);
    put_trap(j->refusal, j->machine, value);
    return false;
}

/* --- a broken invariant --- */

/* The comparison that a false condition consists of, and whether it is negated; null if it is not a
 * single comparison. A guard, which is compiled to `not guard or condition`, is passed over. */
static const struct image_instruction *find_comparison(const struct image *image,
                                                       uint32_t condition, bool *negated)
{
    const struct image_instruction *i = &image->code[condition];
    if (i->op == IMAGE_OP_OR)
        i = &image->code[i->b];
    *negated = i->op == IMAGE_OP_NOT;
    if (*negated)
        i = &image->code[i->a];
    return i->op == IMAGE_OP_LT || i->op == IMAGE_OP_LE || i->op == IMAGE_OP_EQ ? i : NULL;
}

/* Whether the sides were written in the other order: the code has no > and >=, so `a > b` is
 * compiled to `b < a`. The first name that the formula uses is taken to be on its left; if that is
 * a constant, the mirrored form is printed, which means the same. */
static bool is_mirrored(const struct vm_machine *machine, const struct image_check *check,
                        const struct image_instruction *comparison)
{
    const struct image_name *name = &machine->image->names[check->name];
    for (uint32_t n = name->notes; n < name->notes + name->note_count; n++) {
        const struct image_note *note = &machine->image->notes[n];
        struct vm_trace first;
        if (note->class != IMAGE_NOTE_USES)
            continue;
        vm_trace(machine, comparison->a, VM_WHOLE, &first);
        return !vm_traced(&first, note->a);
    }
    return false;
}

static const char *operator_word(unsigned op, bool negated, bool mirrored)
{
    static const char *const less[2][2] = {{" < ", " > "}, {" >= ", " <= "}};
    static const char *const less_or_equal[2][2] = {{" <= ", " >= "}, {" > ", " < "}};
    if (op == IMAGE_OP_LT)
        return less[negated][mirrored];
    if (op == IMAGE_OP_LE)
        return less_or_equal[negated][mirrored];
    return negated ? " != " : " == ";
}

/* " Here 1200MB <= 1024MB is false." */
static void put_comparison(struct base_sink *sink, const struct vm_machine *machine,
                           const struct image_check *check)
{
    bool negated;
    const struct image_instruction *i = find_comparison(machine->image, check->condition, &negated);
    if (i == NULL || machine->slots[i->a].state != VM_VALUE ||
        machine->slots[i->b].state != VM_VALUE)
        return;
    const bool mirrored = is_mirrored(machine, check, i);
    base_put(sink, " Here ");
    vm_put_slot(sink, machine, mirrored ? i->b : i->a);
    base_put(sink, operator_word(i->op, negated, mirrored));
    vm_put_slot(sink, machine, mirrored ? i->a : i->b);
    base_put(sink, " is false.");
}

/* The operator's settings that the condition depends on: changing one of them repairs it. */
static void put_overrides(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot)
{
    const struct image *image = machine->image;
    struct vm_trace trace;
    int count = 0;
    vm_trace(machine, slot, VM_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++) {
        const struct image_instruction *i = &image->code[n];
        if (!vm_traced(&trace, n) || i->op != IMAGE_OP_SETTING || machine->overrides == NULL ||
            !machine->overrides[i->immediate].present)
            continue;
        BASE_PUT(sink, count++ == 0 ? " " : ", ",
                 image_string(image, image->settings[i->immediate].name), "=");
        vm_put_escaped(sink, machine->overrides[i->immediate].word);
    }
    if (count == 0)
        base_put(sink, " The rules themselves must be changed.");
    else if (count == 1)
        base_put(sink, " was set by the operator; change it, or the limit that it violates.");
    else
        base_put(sink, " were set by the operator; change one of them, or the limit.");
}

static void put_cause(struct base_sink *sink, const struct vm_machine *machine,
                      const struct image_check *check)
{
    const bool ended = sink->length > 0 && sink->data[sink->length - 1] == '.';
    base_put(sink, ended ? "" : ".");
    put_comparison(sink, machine, check);
    put_overrides(sink, machine, check->condition);
}

static void judge_check(struct judgement *j, const struct image_check *check)
{
    const struct vm_machine *machine = j->machine;
    const struct image_name *name = &machine->image->names[check->name];
    const struct vm_slot *condition = &machine->slots[check->condition];
    const struct vm_slot *message = &machine->slots[check->message];
    if (!check_trap(j, check->condition, name) || condition->state != VM_VALUE ||
        (condition->value != 0) == (check->class == IMAGE_CHECK_INVARIANT))
        return;
    const bool refuses = check->class == IMAGE_CHECK_REFUSE;
    struct base_sink *sink = refuses ? j->refusal : j->warnings;
    j->refused |= refuses;
    if (message->state == VM_VALUE && *vm_text(machine, message->value) != '\0') {
        put_on_one_line(sink, vm_text(machine, message->value));
    } else {
        put_rule_place(sink, machine->image, name);
        base_put(sink, refuses || check->class == IMAGE_CHECK_WARN ? " holds" : " does not hold");
    }
    if (check->class == IMAGE_CHECK_INVARIANT)
        put_cause(sink, machine, check);
    base_put_char(sink, '\n');
}

static void judge_export(struct judgement *j, const struct image_export *export)
{
    const struct vm_slot *slot = &j->machine->slots[export->slot];
    if (slot->state != VM_TRAP)
        return;
    j->refused = true;
    BASE_PUT(j->refusal, image_string(j->machine->image, export->variable), ": ",
             vm_trap_sentence(slot->trap), "\n");
}

bool vm_judge(const struct vm_machine *machine, struct base_sink *warnings,
              struct base_sink *refusal)
{
    const struct image *image = machine->image;
    struct judgement j = {.machine = machine, .warnings = warnings, .refusal = refusal};
    for (uint32_t i = 0; i < image->output_count; i++)
        check_trap(&j, image->outputs[i].slot, &image->names[image->outputs[i].name]);
    for (uint32_t i = 0; i < image->check_count; i++)
        judge_check(&j, &image->checks[i]);
    for (uint32_t i = 0; i < image->export_count; i++)
        judge_export(&j, &image->exports[i]);
    return !j.refused;
}
