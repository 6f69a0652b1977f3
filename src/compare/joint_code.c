/* The code of a joint image. For each side: code that treats every joint input as that side would
 * (values outside its domain, missing values), then the side's own instructions, renumbered.
 *
 * What session_resolve does before a run is expressed as instructions here: a clamp, a default, or
 * a refusal, which becomes a check of the joint image. `refused` collects a side's refusals in one
 * slot, as the subject of a comparison. ir_emit returns an existing slot for an instruction that is
 * already there, so the two sides share whatever they have in common. */
#include <string.h>

#include "compare/joint.h"

struct appending {
    struct compare_joint *joint;
    struct ir_code *code;
    struct compare_side *side;
    ir_slot *inputs; /* this side's inputs as it sees them */
};

static ir_slot append_op(struct appending *to, enum image_opcode op, unsigned kind, ir_slot a,
                         ir_slot b, ir_slot c)
{
    return ir_emit(to->code, op, (enum image_kind)kind, a, b, c, 0);
}

/* Adds a refusal of the side. A condition that is never true needs no check. */
static void refuse_when(struct appending *to, ir_slot condition)
{
    to->side->refused = append_op(to, IMAGE_OP_OR, IMAGE_BOOL, to->side->refused, condition, 0);
    if (ir_is_constant(to->code, condition) && ir_value(to->code, condition) == 0)
        return;
    struct image_check *check = BASE_PUSH(to->joint->arena, &to->joint->tables.checks);
    *check = (struct image_check){.class = IMAGE_CHECK_REFUSE,
                                  .condition = condition,
                                  .message = ir_text(to->code, IMAGE_TEXT, "")};
}

static ir_slot side_constant(struct appending *to, unsigned kind, int64_t value)
{
    if (image_is_text(kind))
        return ir_text(to->code, (enum image_kind)kind,
                       image_string(to->side->image, (uint32_t)value));
    return ir_constant(to->code, (enum image_kind)kind, value);
}

/* --- inputs --- */

/* A value of the side's domain, in place of a missing one. */
static ir_slot value_if_missing(struct appending *to, const struct image_input *input)
{
    if (input->has_default)
        return side_constant(to, input->kind, input->fallback);
    if (input->kind == IMAGE_ENUM)
        return side_constant(to, IMAGE_ENUM, to->side->image->words[input->members]);
    if (image_is_number(input->kind))
        return side_constant(to, input->kind, input->low);
    return side_constant(to, input->kind, 0);
}

/* Applies the side's policy to the value where `bad` holds: clamps it to `nearest`, refuses the
 * machine, or takes the default. An input without a default that may not be missing is refused. */
static ir_slot apply_policy(struct appending *to, const struct image_input *input, ir_slot value,
                            ir_slot bad, unsigned policy, int64_t nearest)
{
    const bool void_instead = !input->has_default && input->optional;
    if (policy == IMAGE_CLAMP)
        return append_op(to, IMAGE_OP_SELECT, input->kind, bad,
                         side_constant(to, input->kind, nearest), value);
    if (policy == IMAGE_REFUSE || (!input->has_default && !input->optional)) {
        refuse_when(to, bad);
        return value;
    }
    return append_op(to, IMAGE_OP_SELECT, input->kind, bad,
                     void_instead ? ir_void(to->code, (enum image_kind)input->kind)
                                  : side_constant(to, input->kind, input->fallback),
                     value);
}

/* Applies the side's policies for numbers that only the other side's domain contains. */
static ir_slot correct_number(struct appending *to, const struct image_input *input,
                              const struct image_input *joint, ir_slot value)
{
    const ir_slot known =
        append_op(to, IMAGE_OP_ELSE, input->kind, value, value_if_missing(to, input), 0);
    if (joint->low < input->low)
        value = apply_policy(to, input, value,
                             append_op(to, IMAGE_OP_LT, IMAGE_BOOL, known,
                                       side_constant(to, input->kind, input->low), 0),
                             input->below.policy, input->low);
    if (joint->high > input->high)
        value = apply_policy(to, input, value,
                             append_op(to, IMAGE_OP_LT, IMAGE_BOOL,
                                       side_constant(to, input->kind, input->high), known, 0),
                             input->above.policy, input->high);
    return value;
}

static bool has_member(const struct appending *to, const struct image_input *input,
                       const char *name)
{
    const struct image *image = to->side->image;
    for (uint32_t m = 0; m < input->member_count; m++)
        if (base_text_is(image_string(image, image->words[input->members + m]), name))
            return true;
    return false;
}

/* The same for members that this side does not have. */
static ir_slot correct_member(struct appending *to, const struct image_input *input,
                              const struct image_input *joint, ir_slot value)
{
    const ir_slot known =
        append_op(to, IMAGE_OP_ELSE, IMAGE_ENUM, value, value_if_missing(to, input), 0);
    for (uint32_t m = 0; m < joint->member_count; m++) {
        const uint32_t word = to->joint->tables.words.items[joint->members + m];
        if (has_member(to, input, to->code->strings.items + word))
            continue;
        const ir_slot member = ir_constant(to->code, IMAGE_ENUM, word),
                      bad = append_op(to, IMAGE_OP_EQ, IMAGE_BOOL, known, member, 0);
        value = apply_policy(to, input, value, bad, input->invalid.policy, 0);
    }
    return value;
}

/* If the side requires a value, a missing one becomes its default, or refuses the machine. */
static ir_slot fill_missing(struct appending *to, const struct image_input *input, ir_slot value)
{
    if (!to->code->facts[value].may_be_void || (input->optional && !input->has_default))
        return value;
    if (!input->has_default)
        refuse_when(to, append_op(to, IMAGE_OP_NOT, IMAGE_BOOL,
                                  append_op(to, IMAGE_OP_KNOWN, IMAGE_BOOL, value, 0, 0), 0, 0));
    return append_op(to, IMAGE_OP_ELSE, input->kind, value, value_if_missing(to, input), 0);
}

static ir_slot append_input(struct appending *to, uint32_t n)
{
    const struct image_input *input = &to->side->image->inputs[n];
    const uint32_t number = to->side->inputs[n];
    const struct image_input *joint = &to->joint->tables.inputs.items[number];
    ir_slot value =
        to->joint->is_fixed[number]
            ? to->joint->fixed[number]
            : ir_emit(to->code, IMAGE_OP_INPUT, (enum image_kind)input->kind, 0, 0, 0, number);
    if (image_is_number(input->kind))
        value = correct_number(to, input, joint, value);
    else if (input->kind == IMAGE_ENUM)
        value = correct_member(to, input, joint, value);
    return fill_missing(to, input, value);
}

/* Settings can only depend on whether a secret is known, never on its text. */
static ir_slot append_secret(struct appending *to, uint32_t n)
{
    const uint32_t number = to->side->inputs[n];
    if (to->joint->tables.inputs.items[number].class != IMAGE_SECRET)
        return ir_void(to->code, IMAGE_TEXT);
    return ir_emit(to->code, IMAGE_OP_INPUT, IMAGE_TEXT, 0, 0, 0, number);
}

/* --- instructions --- */

static ir_slot append_given(struct appending *to, uint32_t n)
{
    const uint32_t number = to->side->inputs[n];
    if (to->joint->is_fixed[number])
        return ir_constant(to->code, IMAGE_BOOL, 1);
    return ir_emit(to->code, IMAGE_OP_GIVEN, IMAGE_BOOL, 0, 0, 0, number);
}

static ir_slot append_setting(struct appending *to, const struct image_instruction *i)
{
    const uint32_t number = to->side->settings[i->immediate];
    if (to->joint->is_fixed_setting[number])
        return to->joint->fixed_settings[number];
    return ir_emit(to->code, IMAGE_OP_SETTING, (enum image_kind)i->kind, to->side->slots[i->a], 0,
                   0, number);
}

/* One instruction of the side with its operands renumbered. */
static ir_slot append_instruction(struct appending *to, const struct image_instruction *i)
{
    const uint16_t operands[3] = {i->a, i->b, i->c};
    ir_slot slots[3] = {0};
    switch (i->op) {
    case IMAGE_OP_CONST:
        return side_constant(to, i->kind, i->immediate);
    case IMAGE_OP_VOID:
        return ir_void(to->code, (enum image_kind)i->kind);
    case IMAGE_OP_INPUT:
        return to->inputs[i->immediate];
    case IMAGE_OP_GIVEN:
        return append_given(to, (uint32_t)i->immediate);
    case IMAGE_OP_SETTING:
        return append_setting(to, i);
    case IMAGE_OP_QUOTE:
        return ir_emit(to->code, IMAGE_OP_QUOTE, IMAGE_TEXT, to->side->slots[i->a], 0, 0,
                       i->immediate);
    default:
        for (int k = 0; k < 3; k++)
            slots[k] = image_reads(i->op, k) ? to->side->slots[operands[k]] : 0;
        return append_op(to, (enum image_opcode)i->op, i->kind, slots[0], slots[1], slots[2]);
    }
}

void compare_append_side(struct compare_joint *joint, struct compare_side *side)
{
    const struct image *image = side->image;
    struct appending to = {.joint = joint, .code = &joint->code, .side = side};
    to.inputs = base_alloc(joint->arena, (image->input_count + 1) * sizeof *to.inputs);
    side->refused = ir_constant(to.code, IMAGE_BOOL, 0);
    for (uint32_t i = 0; i < image->input_count; i++)
        to.inputs[i] =
            image->inputs[i].class == IMAGE_SECRET ? append_secret(&to, i) : append_input(&to, i);
    for (uint32_t n = 0; n < image->code_count; n++)
        side->slots[n] = append_instruction(&to, &image->code[n]);
    for (uint32_t i = 0; i < image->check_count; i++)
        if (image->checks[i].class == IMAGE_CHECK_REFUSE)
            refuse_when(&to, side->slots[image->checks[i].condition]);
}
