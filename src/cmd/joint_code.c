/* The code of a joint image: what each side makes of an input, then the side's own instructions. */
#include <string.h>

#include "cmd/joint.h"

struct appending {
    struct azj_joint *joint;
    struct azi_code *code;
    struct azj_side *side;
    azi_slot *inputs; /* this side's inputs as it sees them */
};

static azi_slot emit(struct appending *to, enum azb_opcode op, unsigned kind, azi_slot a,
                     azi_slot b, azi_slot c)
{
    return azi_emit(to->code, op, (enum azb_kind)kind, a, b, c, 0);
}

static void refuse_when(struct appending *to, azi_slot condition)
{
    to->side->refused = emit(to, AZB_OP_OR, AZB_BOOL, to->side->refused, condition, 0);
    if (azi_is_constant(to->code, condition) && azi_value(to->code, condition) == 0)
        return;
    struct azb_check *check = AZA_PUSH(to->joint->arena, &to->joint->tables.checks);
    *check = (struct azb_check){.class = AZB_CHECK_REFUSE,
                                .condition = condition,
                                .message = azi_text(to->code, AZB_TEXT, "")};
}

static azi_slot constant(struct appending *to, unsigned kind, int64_t value)
{
    if (kind == AZB_TEXT || kind == AZB_ENUM || kind == AZB_LIST)
        return azi_text(to->code, (enum azb_kind)kind,
                        azb_string(to->side->image, (uint32_t)value));
    return azi_constant(to->code, (enum azb_kind)kind, value);
}

/* ---- inputs ---- */

/* Some value in the side's domain, for where there is none. */
static azi_slot stand_in(struct appending *to, const struct azb_input *input)
{
    if (input->has_default)
        return constant(to, input->kind, input->fallback);
    if (input->kind == AZB_ENUM)
        return constant(to, AZB_ENUM, to->side->image->words[input->members]);
    if (azb_is_number(input->kind))
        return constant(to, input->kind, input->low);
    return constant(to, input->kind, 0);
}

/* The value where `bad` holds becomes what the side's policy says. */
static azi_slot mend(struct appending *to, const struct azb_input *input, azi_slot value,
                     azi_slot bad, unsigned policy, int64_t nearest)
{
    const bool void_instead = !input->has_default && input->optional;
    if (policy == AZB_CLAMP)
        return emit(to, AZB_OP_SELECT, input->kind, bad, constant(to, input->kind, nearest), value);
    if (policy == AZB_REFUSE || (!input->has_default && !input->optional)) {
        refuse_when(to, bad);
        return value;
    }
    return emit(to, AZB_OP_SELECT, input->kind, bad,
                void_instead ? azi_void(to->code, (enum azb_kind)input->kind)
                             : constant(to, input->kind, input->fallback),
                value);
}

static azi_slot mend_number(struct appending *to, const struct azb_input *input,
                            const struct azb_input *joint, azi_slot value)
{
    const azi_slot known = emit(to, AZB_OP_ELSE, input->kind, value, stand_in(to, input), 0);
    if (joint->low < input->low)
        value = mend(to, input, value,
                     emit(to, AZB_OP_LT, AZB_BOOL, known, constant(to, input->kind, input->low), 0),
                     input->below.policy, input->low);
    if (joint->high > input->high)
        value =
            mend(to, input, value,
                 emit(to, AZB_OP_LT, AZB_BOOL, constant(to, input->kind, input->high), known, 0),
                 input->above.policy, input->high);
    return value;
}

static bool has_member(const struct appending *to, const struct azb_input *input, const char *name)
{
    const struct azb_image *image = to->side->image;
    for (uint32_t m = 0; m < input->member_count; m++)
        if (aza_text_is(azb_string(image, image->words[input->members + m]), name))
            return true;
    return false;
}

static azi_slot mend_member(struct appending *to, const struct azb_input *input,
                            const struct azb_input *joint, azi_slot value)
{
    const azi_slot known = emit(to, AZB_OP_ELSE, AZB_ENUM, value, stand_in(to, input), 0);
    for (uint32_t m = 0; m < joint->member_count; m++) {
        const uint32_t word = to->joint->tables.words.items[joint->members + m];
        if (has_member(to, input, to->code->strings.items + word))
            continue;
        const azi_slot member = azi_constant(to->code, AZB_ENUM, word),
                       bad = emit(to, AZB_OP_EQ, AZB_BOOL, known, member, 0);
        value = mend(to, input, value, bad, input->invalid.policy, 0);
    }
    return value;
}

/* A side that cannot go without a value takes its default, or refuses. */
static azi_slot fill(struct appending *to, const struct azb_input *input, azi_slot value)
{
    if (!to->code->facts[value].may_be_void || (input->optional && !input->has_default))
        return value;
    if (!input->has_default)
        refuse_when(to, emit(to, AZB_OP_NOT, AZB_BOOL,
                             emit(to, AZB_OP_KNOWN, AZB_BOOL, value, 0, 0), 0, 0));
    return emit(to, AZB_OP_ELSE, input->kind, value, stand_in(to, input), 0);
}

static azi_slot see_input(struct appending *to, uint32_t n)
{
    const struct azb_input *input = &to->side->image->inputs[n];
    const uint32_t number = to->side->inputs[n];
    const struct azb_input *joint = &to->joint->tables.inputs.items[number];
    azi_slot value =
        to->joint->is_fixed[number]
            ? to->joint->fixed[number]
            : azi_emit(to->code, AZB_OP_INPUT, (enum azb_kind)input->kind, 0, 0, 0, number);
    if (azb_is_number(input->kind))
        value = mend_number(to, input, joint, value);
    else if (input->kind == AZB_ENUM)
        value = mend_member(to, input, joint, value);
    return fill(to, input, value);
}

/* Settings can only depend on whether it was given. */
static azi_slot see_secret(struct appending *to, uint32_t n)
{
    const uint32_t number = to->side->inputs[n];
    if (to->joint->tables.inputs.items[number].class != AZB_SECRET)
        return azi_void(to->code, AZB_TEXT);
    return azi_emit(to->code, AZB_OP_INPUT, AZB_TEXT, 0, 0, 0, number);
}

/* ---- instructions ---- */

static azi_slot given(struct appending *to, uint32_t n)
{
    const uint32_t number = to->side->inputs[n];
    if (to->joint->is_fixed[number])
        return azi_constant(to->code, AZB_BOOL, 1);
    return azi_emit(to->code, AZB_OP_GIVEN, AZB_BOOL, 0, 0, 0, number);
}

static azi_slot setting(struct appending *to, const struct azb_instruction *i)
{
    const uint32_t number = to->side->settings[i->immediate];
    if (to->joint->is_fixed_setting[number])
        return to->joint->fixed_settings[number];
    return azi_emit(to->code, AZB_OP_SETTING, (enum azb_kind)i->kind, to->side->slots[i->a], 0, 0,
                    number);
}

static azi_slot append(struct appending *to, const struct azb_instruction *i)
{
    const uint16_t operands[3] = {i->a, i->b, i->c};
    azi_slot slots[3] = {0};
    switch (i->op) {
    case AZB_OP_CONST:
        return constant(to, i->kind, i->immediate);
    case AZB_OP_VOID:
        return azi_void(to->code, (enum azb_kind)i->kind);
    case AZB_OP_INPUT:
        return to->inputs[i->immediate];
    case AZB_OP_GIVEN:
        return given(to, (uint32_t)i->immediate);
    case AZB_OP_SETTING:
        return setting(to, i);
    case AZB_OP_QUOTE:
        return azi_emit(to->code, AZB_OP_QUOTE, AZB_TEXT, to->side->slots[i->a], 0, 0,
                        i->immediate);
    default:
        for (int k = 0; k < 3; k++)
            slots[k] = azi_reads(i->op, k) ? to->side->slots[operands[k]] : 0;
        return emit(to, (enum azb_opcode)i->op, i->kind, slots[0], slots[1], slots[2]);
    }
}

void azj_append(struct azj_joint *joint, struct azj_side *side)
{
    const struct azb_image *image = side->image;
    struct appending to = {.joint = joint, .code = &joint->code, .side = side};
    to.inputs = aza_alloc(joint->arena, (image->input_count + 1) * sizeof *to.inputs);
    side->refused = azi_constant(to.code, AZB_BOOL, 0);
    for (uint32_t i = 0; i < image->input_count; i++)
        to.inputs[i] =
            image->inputs[i].class == AZB_SECRET ? see_secret(&to, i) : see_input(&to, i);
    for (uint32_t n = 0; n < image->code_count; n++)
        side->slots[n] = append(&to, &image->code[n]);
    for (uint32_t i = 0; i < image->check_count; i++)
        if (image->checks[i].class == AZB_CHECK_REFUSE)
            refuse_when(&to, side->slots[image->checks[i].condition]);
}
