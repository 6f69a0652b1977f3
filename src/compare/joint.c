/* The tables of a joint image: inputs and settings of both sides, merged by name, and the values
 * that NAME=VALUE fixes. The code is in joint_code.c.
 *
 * An input of the same name and kind on both sides is one joint input that admits the values of
 * either. Two inputs of one name and different kinds stay two. A setting that the two catalogues
 * describe differently becomes two as well, since its instruction checks a value against its own
 * side's bounds. Each side keeps maps from its own numbers to joint numbers.
 *
 * A fixed input or setting is a constant in the code of both sides, which folds what depends on it;
 * it stays in the tables, so that the numbers do not change. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "compare/joint.h"
#include "base/distance.h"

static uint32_t copy_string(struct compare_joint *joint, const struct image *from, uint32_t offset)
{
    const char *text = image_string(from, offset);
    return ir_string(&joint->code, text, strlen(text));
}

/* --- inputs --- */

uint32_t compare_find_input(const struct image *image, const char *name)
{
    for (uint32_t i = 0; i < image->input_count; i++)
        if (base_text_is(image_string(image, image->inputs[i].name), name))
            return i;
    return IMAGE_NONE;
}

static bool same_default(const struct image *a, const struct image_input *x, const struct image *b,
                         const struct image_input *y)
{
    if (x->has_default != y->has_default || !x->has_default)
        return x->has_default == y->has_default;
    return image_is_text(x->kind) ? base_text_is(image_string(a, (uint32_t)x->fallback),
                                                 image_string(b, (uint32_t)y->fallback))
                                  : x->fallback == y->fallback;
}

/* Appends the members of one side's enum that are not among the words from `first` on. */
static void append_members(struct compare_joint *joint, const struct image *image,
                           const struct image_input *input, uint32_t first)
{
    for (uint32_t m = 0; m < input->member_count; m++) {
        const uint32_t word = copy_string(joint, image, image->words[input->members + m]);
        size_t at = first;
        while (at < joint->tables.words.count && joint->tables.words.items[at] != word)
            at++;
        if (at == joint->tables.words.count)
            *BASE_PUSH(joint->arena, &joint->tables.words) = word;
    }
}

/* A copy of one side's input without its sources and policies. */
static struct image_input copy_input(struct compare_joint *joint, const struct image *image,
                                     const struct image_input *from)
{
    struct image_input input = {.name = copy_string(joint, image, from->name),
                                .class = from->class,
                                .kind = from->kind,
                                .optional = from->optional,
                                .has_default = from->has_default,
                                .low = from->low,
                                .high = from->high,
                                .fallback = from->fallback};
    if (from->has_default && image_is_text(from->kind))
        input.fallback = copy_string(joint, image, (uint32_t)from->fallback);
    return input;
}

/* Extends an input to admit the values of the other side. If the defaults differ, the joint input
 * has none and may be void; each side then applies its own. */
static void widen_input(struct image_input *input, const struct image_input *other,
                        bool same_defaults)
{
    if (!same_defaults || other->class != input->class) {
        input->has_default = false;
        input->fallback = 0;
        input->optional = true;
    }
    input->class = input->class == other->class ? input->class : IMAGE_FACT;
    input->optional |= other->optional;
    input->low = other->low < input->low ? other->low : input->low;
    input->high = other->high > input->high ? other->high : input->high;
}

static void append_input(struct compare_joint *joint, const struct image *image, uint32_t n,
                         const struct image *other_image, uint32_t other)
{
    const struct image_input *from = &image->inputs[n];
    struct image_input input = copy_input(joint, image, from);
    input.members = from->kind == IMAGE_ENUM ? (uint32_t)joint->tables.words.count : 0;
    append_members(joint, image, from, input.members);
    if (other != IMAGE_NONE) {
        const struct image_input *second = &other_image->inputs[other];
        widen_input(&input, second, same_default(image, from, other_image, second));
        append_members(joint, other_image, second, input.members);
    }
    if (from->kind == IMAGE_ENUM)
        input.member_count = (uint32_t)joint->tables.words.count - input.members;
    *BASE_PUSH(joint->arena, &joint->tables.inputs) = input;
}

/* The other side's input of the same name and kind; IMAGE_NONE if there is none. */
static uint32_t find_twin(const struct image *image, const struct image *other, uint32_t n)
{
    const uint32_t twin = compare_find_input(other, image_string(image, image->inputs[n].name));
    return twin != IMAGE_NONE && other->inputs[twin].kind == image->inputs[n].kind ? twin
                                                                                   : IMAGE_NONE;
}

static void join_inputs(struct compare_joint *joint)
{
    struct compare_side *old = &joint->sides[COMPARE_OLD], *new = &joint->sides[COMPARE_NEW];
    for (uint32_t i = 0; i < old->image->input_count; i++) {
        const uint32_t twin = find_twin(old->image, new->image, i);
        old->inputs[i] = (uint32_t)joint->tables.inputs.count;
        if (twin != IMAGE_NONE)
            new->inputs[twin] = old->inputs[i];
        append_input(joint, old->image, i, new->image, twin);
    }
    for (uint32_t i = 0; i < new->image->input_count; i++) {
        if (find_twin(new->image, old->image, i) != IMAGE_NONE)
            continue;
        new->inputs[i] = (uint32_t)joint->tables.inputs.count;
        append_input(joint, new->image, i, NULL, IMAGE_NONE);
    }
}

/* --- settings --- */

static bool same_members(const struct image *a, const struct image_setting *x,
                         const struct image *b, const struct image_setting *y)
{
    bool same = x->member_count == y->member_count;
    for (uint32_t m = 0; same && m < x->member_count; m++)
        same = base_text_is(image_string(a, a->words[x->members + m]),
                            image_string(b, b->words[y->members + m]));
    return same;
}

/* Whether both settings accept the same values, so that the code may treat them as one. */
static bool same_setting(const struct image *a, const struct image_setting *x,
                         const struct image *b, const struct image_setting *y)
{
    return x->kind == y->kind && x->unit == y->unit && x->grain == y->grain && x->low == y->low &&
           x->high == y->high && same_members(a, x, b, y);
}

/* Settings without code are left out of the joint image, so differences in a catalogue that the
 * rules do not use do not matter. */
static void mark_settings(struct compare_joint *joint, struct compare_side *side)
{
    const struct image *image = side->image;
    side->settings = base_alloc(joint->arena, (image->setting_count + 1) * sizeof *side->settings);
    for (uint32_t i = 0; i < image->setting_count; i++)
        side->settings[i] = IMAGE_NONE;
    for (uint32_t n = 0; n < image->code_count; n++)
        if (image->code[n].op == IMAGE_OP_SETTING)
            side->settings[image->code[n].immediate] = 0;
}

static const char *joint_string(const struct compare_joint *joint, uint32_t offset)
{
    return joint->code.strings.items + offset;
}

/* The verifier requires settings to be sorted. */
static bool is_behind_all(const struct compare_joint *joint, const char *name)
{
    const size_t count = joint->tables.settings.count;
    if (count == 0)
        return true;
    const char *last = joint_string(joint, joint->tables.settings.items[count - 1].name);
    return image_compare_names(base_span_of(last), base_span_of(name)) < 0;
}

static void append_setting(struct compare_joint *joint, const struct image *image,
                           const struct image_setting *from, const char *name)
{
    struct image_setting setting = *from;
    setting.name = ir_string(&joint->code, name, strlen(name));
    setting.members = from->member_count > 0 ? (uint32_t)joint->tables.words.count : 0;
    for (uint32_t m = 0; m < from->member_count; m++)
        *BASE_PUSH(joint->arena, &joint->tables.words) =
            copy_string(joint, image, image->words[from->members + m]);
    setting.slot = IMAGE_NONE;
    setting.library = 0;
    BASE_ASSERT(is_behind_all(joint, name));
    *BASE_PUSH(joint->arena, &joint->tables.settings) = setting;
}

static const char *setting_name(const struct image *image, uint32_t setting)
{
    return image_string(image, image->settings[setting].name);
}

/* Which of the next settings of two sorted tables comes first; the end of a table comes last. */
static int compare_next(const struct image *a, uint32_t i, const struct image *b, uint32_t j)
{
    if (i == a->setting_count)
        return 1;
    if (j == b->setting_count)
        return -1;
    return image_compare_names(base_span_of(setting_name(a, i)), base_span_of(setting_name(b, j)));
}

/* Merges two tables sorted by name into a sorted one. A second description follows the first as
 * "NAME (new)". No other name is between the two, because a blank sorts before every character of a
 * name; append_setting asserts the order. The name serves only that order: settings are found by
 * the maps of the sides. */
static void join_settings(struct compare_joint *joint)
{
    struct compare_side *old = &joint->sides[COMPARE_OLD], *new = &joint->sides[COMPARE_NEW];
    const struct image *a = old->image, *b = new->image;
    uint32_t i = 0, j = 0;
    for (;;) {
        while (i < a->setting_count && old->settings[i] == IMAGE_NONE)
            i++;
        while (j < b->setting_count && new->settings[j] == IMAGE_NONE)
            j++;
        if (i == a->setting_count && j == b->setting_count)
            return;
        const int order = compare_next(a, i, b, j);
        const uint32_t next = (uint32_t)joint->tables.settings.count;
        if (order <= 0)
            append_setting(joint, a, &a->settings[i], setting_name(a, i));
        if (order > 0)
            append_setting(joint, b, &b->settings[j], setting_name(b, j));
        const bool same = order == 0 && same_setting(a, &a->settings[i], b, &b->settings[j]);
        if (order == 0 && !same)
            append_setting(joint, b, &b->settings[j],
                           base_format(joint->arena, "%s (new)", setting_name(b, j)));
        if (order <= 0)
            old->settings[i++] = next;
        if (order >= 0)
            new->settings[j++] = order == 0 && !same ? next + 1 : next;
    }
}

/* --- NAME=VALUE --- */

/* A constant from a parsed value; the text of one is in the machine's scratch memory until now. */
static ir_slot joint_constant(struct compare_joint *joint, unsigned kind, int64_t value)
{
    struct ir_code *code = &joint->code;
    if (!image_is_text(kind))
        return ir_constant(code, (enum image_kind)kind, value);
    return ir_text(code, (enum image_kind)kind,
                   base_format(joint->arena, "%s", vm_text(&code->machine, value)));
}

/* Fixes a joint input to a value; false with the reason in `why`. */
static bool fix_input(struct compare_joint *joint, uint32_t n, struct base_span word,
                      struct base_sink *why)
{
    const struct image_input *input = &joint->tables.inputs.items[n];
    int64_t value;
    if (input->class == IMAGE_SECRET) {
        base_put(why, "is a secret, and settings cannot depend on secrets");
        return false;
    }
    if (!vm_parse_input(&joint->code.machine, input, 0, word, &value, why))
        return false;
    if (image_is_number(input->kind) && (value < input->low || value > input->high)) {
        base_put(why, "is outside its domain");
        return false;
    }
    joint->is_fixed[n] = true;
    joint->fixed[n] = joint_constant(joint, input->kind, value);
    return true;
}

static bool fix_setting(struct compare_joint *joint, uint32_t n, struct base_span word,
                        struct base_sink *why)
{
    int64_t value;
    if (!vm_parse_setting(&joint->code.machine, n, 0, word, &value, why))
        return false;
    joint->is_fixed_setting[n] = true;
    joint->fixed_settings[n] = joint_constant(joint, joint->tables.settings.items[n].kind, value);
    return true;
}

static const char *nearest_name(const struct compare_joint *joint, const char *name)
{
    struct base_nearest nearest = base_nearest_to(base_span_of(name));
    for (size_t i = 0; i < joint->tables.inputs.count; i++)
        base_offer_name(&nearest, joint_string(joint, joint->tables.inputs.items[i].name));
    for (size_t i = 0; i < joint->tables.settings.count; i++)
        base_offer_name(&nearest, joint_string(joint, joint->tables.settings.items[i].name));
    return nearest.name;
}

/* A setting that the two catalogues describe differently is two joint settings; both are fixed. */
static bool fix_settings(struct compare_joint *joint, const struct vm_word *word, bool *found,
                         struct base_sink *why)
{
    for (int s = 0; s < COMPARE_SIDES; s++) {
        const struct compare_side *side = &joint->sides[s];
        const uint32_t own = image_find_setting(side->image, word->name);
        if (own == IMAGE_NONE || side->settings[own] == IMAGE_NONE)
            continue;
        *found = true;
        if (!fix_setting(joint, side->settings[own], word->value, why))
            return false;
    }
    return true;
}

static const char *unknown_name(const struct compare_joint *joint, const char *name)
{
    const char *near = nearest_name(joint, name);
    const char *help = near == NULL ? "" : base_format(joint->arena, "; did you mean `%s`?", near);
    return base_format(joint->arena, "`%s` is not a fact, option or setting of these rules%s", name,
                       help);
}

/* The name may be an input's or a setting's, or both; all are fixed. */
static bool fix_word(struct compare_joint *joint, const struct vm_word *word, const char **why)
{
    const char *name = base_format(joint->arena, "%.*s", (int)word->name.length, word->name.start);
    struct base_sink reason = base_arena_sink(joint->arena);
    bool found = false, fits = true;
    for (uint32_t i = 0; fits && i < joint->tables.inputs.count; i++)
        if (base_text_is(joint_string(joint, joint->tables.inputs.items[i].name), name)) {
            found = true;
            fits = fix_input(joint, i, word->value, &reason);
        }
    fits = fits && fix_settings(joint, word, &found, &reason);
    if (!found)
        *why = unknown_name(joint, name);
    else if (!fits)
        *why = base_format(joint->arena, "%s=%.*s: %s", name, (int)word->value.length,
                           word->value.start, reason.data);
    return found && fits;
}

static bool fix_all(struct compare_joint *joint, const struct vm_word *words, size_t count,
                    const char **why)
{
    joint->is_fixed = base_alloc(joint->arena, joint->tables.inputs.count + 1);
    joint->fixed =
        base_alloc(joint->arena, (joint->tables.inputs.count + 1) * sizeof *joint->fixed);
    joint->is_fixed_setting = base_alloc(joint->arena, joint->tables.settings.count + 1);
    joint->fixed_settings = base_alloc(joint->arena, (joint->tables.settings.count + 1) *
                                                         sizeof *joint->fixed_settings);
    for (size_t i = 0; i < count; i++)
        if (!fix_word(joint, &words[i], why))
            return false;
    joint->code.machine.text_used = 0;
    return true;
}

/* --- the whole image --- */

static bool joint_fits(const struct compare_joint *joint, const char **why)
{
    if (joint->code.full)
        *why = "the two rule sets together have too much code";
    else if (joint->tables.inputs.count > LIMIT_INPUTS)
        *why = "the two rule sets together have too many facts and options";
    else if (joint->tables.settings.count > LIMIT_SETTINGS)
        *why = "the two rule sets together have too many settings";
    else
        return true;
    return false;
}

bool compare_join(struct base_arena *arena, const struct image *old, const struct image *new,
                  const struct vm_word *words, size_t word_count, struct compare_joint *joint,
                  const char **why)
{
    *joint = (struct compare_joint){.arena = arena};
    ir_begin(&joint->code, arena);
    for (int s = 0; s < COMPARE_SIDES; s++) {
        struct compare_side *side = &joint->sides[s];
        side->image = s == COMPARE_OLD ? old : new;
        side->inputs = base_alloc(arena, (side->image->input_count + 1) * sizeof *side->inputs);
        side->slots = base_alloc(arena, (side->image->code_count + 1) * sizeof *side->slots);
        mark_settings(joint, side);
    }
    join_inputs(joint);
    join_settings(joint);
    ir_tables_of(&joint->code, joint->tables.inputs.items, (uint32_t)joint->tables.inputs.count,
                 joint->tables.settings.items, (uint32_t)joint->tables.settings.count,
                 joint->tables.words.items, (uint32_t)joint->tables.words.count);
    /* Every check must refer to an entry of NAMES; this one serves all. */
    *BASE_PUSH(arena, &joint->tables.names) =
        (struct image_name){.name = ir_string(&joint->code, "joint", 5),
                            .class = IMAGE_NAME_LET,
                            .slot = ir_text(&joint->code, IMAGE_TEXT, "")};
    if (!joint_fits(joint, why) || !fix_all(joint, words, word_count, why))
        return false;
    for (int s = 0; s < COMPARE_SIDES; s++)
        compare_append_side(joint, &joint->sides[s]);
    return joint_fits(joint, why);
}

bool compare_write_joint(struct compare_joint *joint, bool refusals, uint32_t *roots,
                         size_t root_count, struct image *image, const char **why)
{
    struct ir_tables tables = joint->tables;
    struct ir_bytes bytes;
    struct image_refusal refusal;
    if (!refusals)
        tables.checks.count = 0;
    return joint_fits(joint, why) &&
           ir_write_image(joint->arena, &joint->code, &tables, roots, root_count, &bytes, why) &&
           image_open(bytes.data, bytes.length, image, &refusal);
}
