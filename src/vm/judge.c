/* What a run leads to: refused, or good with warnings.
 *
 * Only what leaves the rules is judged: outputs, checks and exports. A trap in a value that nobody
 * reads stays where it is. */
#include <string.h>
#include "vm/quantity.h"

struct judgement {
    const struct vm_machine *machine;
    struct base_sink *warnings, *refusal;
    bool refused;
    uint8_t told[LIMIT_SLOTS / 8]; /* one bit per slot: its trap has been reported */
};

/* A message is one line, whatever was put into it. */
static void put_line(struct base_sink *sink, const char *text)
{
    for (; *text != '\0'; text++)
        base_put_char(sink, (unsigned char)*text < ' ' || *text == '\x7f' ? ' ' : *text);
}

static void put_place(struct base_sink *sink, const struct image *image,
                      const struct image_name *name)
{
    BASE_PUT(sink, image_string(image, name->name), " (", image_string(image, name->file), ":");
    base_put_int(sink, name->line);
    base_put(sink, ")");
}

/* What went wrong; of a value outside a setting's bounds, the value and the bounds. */
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

/* Whether the slot has an answer, or none is needed; refuses the run otherwise. A trap is reported
 * once, however many values it reached. */
static bool has_answer(struct judgement *j, uint32_t slot, const struct image_name *name)
{
    const struct vm_slot *value = &j->machine->slots[slot];
    if (value->state != VM_TRAP)
        return true;
    j->refused = true;
    uint8_t *told = &j->told[value->origin / 8], bit = (uint8_t)(1 << value->origin % 8);
    if (*told & bit)
        return false;
    *told |= bit;
    put_place(j->refusal, j->machine->image, name);
    put_trap(j->refusal, j->machine, value);
    return false;
}

/* --- a broken invariant --- */

/* Where the comparison of a formula stands that is one, and nothing else; null of any other. */
static const char *find_comparison(const char *formula)
{
    static const char *const others[] = {"not ", " and ", " or ", " else ", "\"", "{"};
    const char *found = NULL;
    int depth = 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (base_find(formula, others[i]) != NULL)
            return NULL;
    for (const char *at = formula; *at != '\0'; at++) {
        depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        if (depth > 0 || strchr("<>=!", *at) == NULL)
            continue;
        if (found != NULL)
            return NULL;
        found = at;
        at += at[1] == '=';
    }
    return found;
}

/* The slots that a condition compares, in the order in which they are written; false when the
 * condition is no plain comparison, or has no values to show. */
static bool find_sides(const struct vm_machine *machine, const struct image_check *check,
                       uint32_t *left, uint32_t *right)
{
    const struct image *image = machine->image;
    const char *written = find_comparison(image_string(image, image->names[check->name].formula));
    const struct image_instruction *i = &image->code[check->condition];
    if (written == NULL)
        return false;
    if (i->op == IMAGE_OP_OR) /* a guard, which holds, and the condition */
        i = &image->code[i->b];
    if (i->op == IMAGE_OP_NOT)
        i = &image->code[i->a];
    if (i->op != IMAGE_OP_LT && i->op != IMAGE_OP_LE && i->op != IMAGE_OP_EQ)
        return false;
    const bool swapped = *written == '>';
    *left = swapped ? i->b : i->a;
    *right = swapped ? i->a : i->b;
    return machine->slots[i->a].state == VM_VALUE && machine->slots[i->b].state == VM_VALUE;
}

/* What of the operator's words the condition depends on: taking one back is the mend. */
static void put_fixed(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot)
{
    const struct image *image = machine->image;
    struct vm_trace trace;
    const char *before = " The operator said ";
    vm_trace(machine, slot, VM_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++) {
        const struct image_instruction *i = &image->code[n];
        if (!vm_traced(&trace, n) || i->op != IMAGE_OP_SETTING || machine->overrides == NULL ||
            !machine->overrides[i->immediate].present)
            continue;
        BASE_PUT(sink, before, image_string(image, image->settings[i->immediate].name), "=");
        vm_put_harmless(sink, machine->overrides[i->immediate].word);
        before = ", ";
    }
    base_put(sink, before[0] == ' ' ? " The rules themselves have to change."
                                    : ": change that, or what it must fit.");
}

static void put_sides(struct base_sink *sink, const struct vm_machine *machine,
                      const struct image_check *check)
{
    uint32_t left, right;
    const bool ended = sink->length > 0 && sink->data[sink->length - 1] == '.';
    base_put(sink, ended ? "" : ".");
    if (find_sides(machine, check, &left, &right)) {
        base_put(sink, " Here left is ");
        vm_put_slot(sink, machine, left);
        base_put(sink, ", right is ");
        vm_put_slot(sink, machine, right);
        base_put_char(sink, '.');
    }
    put_fixed(sink, machine, check->condition);
}

static void judge_check(struct judgement *j, const struct image_check *check)
{
    const struct vm_machine *machine = j->machine;
    const struct image_name *name = &machine->image->names[check->name];
    const struct vm_slot *condition = &machine->slots[check->condition];
    const struct vm_slot *message = &machine->slots[check->message];
    if (!has_answer(j, check->condition, name) || condition->state != VM_VALUE ||
        (condition->value != 0) == (check->class == IMAGE_CHECK_INVARIANT))
        return;
    const bool refuses = check->class == IMAGE_CHECK_REFUSE;
    struct base_sink *sink = refuses ? j->refusal : j->warnings;
    j->refused |= refuses;
    if (message->state == VM_VALUE && *vm_text(machine, message->value) != '\0') {
        put_line(sink, vm_text(machine, message->value));
    } else {
        put_place(sink, machine->image, name);
        base_put(sink, refuses || check->class == IMAGE_CHECK_WARN ? " holds" : " does not hold");
    }
    if (check->class == IMAGE_CHECK_INVARIANT)
        put_sides(sink, machine, check);
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
        has_answer(&j, image->outputs[i].slot, &image->names[image->outputs[i].name]);
    for (uint32_t i = 0; i < image->check_count; i++)
        judge_check(&j, &image->checks[i]);
    for (uint32_t i = 0; i < image->export_count; i++)
        judge_export(&j, &image->exports[i]);
    return !j.refused;
}
