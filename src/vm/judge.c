/* What a run leads to: refused, or good with warnings.
 *
 * Only what leaves the rules is judged: outputs, checks and exports. A trap in a value that nobody
 * reads stays where it is. */
#include <string.h>
#include "vm/quantity.h"

struct judgement {
    const struct azv_machine *machine;
    struct aza_sink *warnings, *refusal;
    bool refused;
    uint8_t told[AZA_SLOTS_MAX / 8]; /* one bit per slot: its trap has been reported */
};

/* A message is one line, whatever was put into it. */
static void put_line(struct aza_sink *sink, const char *text)
{
    for (; *text != '\0'; text++)
        aza_put_char(sink, (unsigned char)*text < ' ' || *text == '\x7f' ? ' ' : *text);
}

static void put_place(struct aza_sink *sink, const struct azb_image *image,
                      const struct azb_name *name)
{
    AZA_PUT(sink, azb_string(image, name->name), " (", azb_string(image, name->file), ":");
    aza_put_int(sink, name->line);
    aza_put(sink, ")");
}

/* What went wrong; of a value outside a setting's bounds, the value and the bounds. */
static void put_trap(struct aza_sink *sink, const struct azv_machine *machine,
                     const struct azv_slot *slot)
{
    const struct azb_instruction *instruction = &machine->image->code[slot->origin];
    if (slot->trap != AZV_TRAP_RANGE || instruction->op != AZB_OP_SETTING ||
        machine->slots[instruction->a].state != AZV_VALUE) {
        AZA_PUT(sink, ": ", azv_trap_sentence(slot->trap), "\n");
        return;
    }
    const struct azb_setting *setting = &machine->image->settings[instruction->immediate];
    aza_put(sink, " would be ");
    azv_put_setting(sink, machine, setting, machine->slots[instruction->a].value);
    aza_put(sink, "; the setting allows ");
    azv_put_bounds(sink, machine, setting);
    aza_put_char(sink, '\n');
}

/* Whether the slot has an answer, or none is needed; refuses the run otherwise. A trap is reported
 * once, however many values it reached. */
static bool has_answer(struct judgement *j, uint32_t slot, const struct azb_name *name)
{
    const struct azv_slot *value = &j->machine->slots[slot];
    if (value->state != AZV_TRAP)
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
        if (aza_find(formula, others[i]) != NULL)
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
static bool find_sides(const struct azv_machine *machine, const struct azb_check *check,
                       uint32_t *left, uint32_t *right)
{
    const struct azb_image *image = machine->image;
    const char *written = find_comparison(azb_string(image, image->names[check->name].formula));
    const struct azb_instruction *i = &image->code[check->condition];
    if (written == NULL)
        return false;
    if (i->op == AZB_OP_OR) /* a guard, which holds, and the condition */
        i = &image->code[i->b];
    if (i->op == AZB_OP_NOT)
        i = &image->code[i->a];
    if (i->op != AZB_OP_LT && i->op != AZB_OP_LE && i->op != AZB_OP_EQ)
        return false;
    const bool swapped = *written == '>';
    *left = swapped ? i->b : i->a;
    *right = swapped ? i->a : i->b;
    return machine->slots[i->a].state == AZV_VALUE && machine->slots[i->b].state == AZV_VALUE;
}

/* What of the operator's words the condition depends on: taking one back is the mend. */
static void put_fixed(struct aza_sink *sink, const struct azv_machine *machine, uint32_t slot)
{
    const struct azb_image *image = machine->image;
    struct azv_trace trace;
    const char *before = " The operator said ";
    azv_trace(machine, slot, AZV_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++) {
        const struct azb_instruction *i = &image->code[n];
        if (!azv_traced(&trace, n) || i->op != AZB_OP_SETTING || machine->overrides == NULL ||
            !machine->overrides[i->immediate].present)
            continue;
        AZA_PUT(sink, before, azb_string(image, image->settings[i->immediate].name), "=");
        azv_put_harmless(sink, machine->overrides[i->immediate].word);
        before = ", ";
    }
    aza_put(sink, before[0] == ' ' ? " The rules themselves have to change."
                                   : ": change that, or what it must fit.");
}

static void put_sides(struct aza_sink *sink, const struct azv_machine *machine,
                      const struct azb_check *check)
{
    uint32_t left, right;
    const bool ended = sink->length > 0 && sink->data[sink->length - 1] == '.';
    aza_put(sink, ended ? "" : ".");
    if (find_sides(machine, check, &left, &right)) {
        aza_put(sink, " Here left is ");
        azv_put_slot(sink, machine, left);
        aza_put(sink, ", right is ");
        azv_put_slot(sink, machine, right);
        aza_put_char(sink, '.');
    }
    put_fixed(sink, machine, check->condition);
}

static void judge_check(struct judgement *j, const struct azb_check *check)
{
    const struct azv_machine *machine = j->machine;
    const struct azb_name *name = &machine->image->names[check->name];
    const struct azv_slot *condition = &machine->slots[check->condition];
    const struct azv_slot *message = &machine->slots[check->message];
    if (!has_answer(j, check->condition, name) || condition->state != AZV_VALUE ||
        (condition->value != 0) == (check->class == AZB_CHECK_INVARIANT))
        return;
    const bool refuses = check->class == AZB_CHECK_REFUSE;
    struct aza_sink *sink = refuses ? j->refusal : j->warnings;
    j->refused |= refuses;
    if (message->state == AZV_VALUE && *azv_text(machine, message->value) != '\0') {
        put_line(sink, azv_text(machine, message->value));
    } else {
        put_place(sink, machine->image, name);
        aza_put(sink, refuses || check->class == AZB_CHECK_WARN ? " holds" : " does not hold");
    }
    if (check->class == AZB_CHECK_INVARIANT)
        put_sides(sink, machine, check);
    aza_put_char(sink, '\n');
}

static void judge_export(struct judgement *j, const struct azb_export *export)
{
    const struct azv_slot *slot = &j->machine->slots[export->slot];
    if (slot->state != AZV_TRAP)
        return;
    j->refused = true;
    AZA_PUT(j->refusal, azb_string(j->machine->image, export->variable), ": ",
            azv_trap_sentence(slot->trap), "\n");
}

bool azv_judge(const struct azv_machine *machine, struct aza_sink *warnings,
               struct aza_sink *refusal)
{
    const struct azb_image *image = machine->image;
    struct judgement j = {.machine = machine, .warnings = warnings, .refusal = refusal};
    for (uint32_t i = 0; i < image->output_count; i++)
        has_answer(&j, image->outputs[i].slot, &image->names[image->outputs[i].name]);
    for (uint32_t i = 0; i < image->check_count; i++)
        judge_check(&j, &image->checks[i]);
    for (uint32_t i = 0; i < image->export_count; i++)
        judge_export(&j, &image->exports[i]);
    return !j.refused;
}
