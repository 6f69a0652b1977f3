/* How the facts and options of two rule sets differ.
 *
 * Each aspect of an input (its domain, its default, its sources, ...) is written as text for both
 * sides, by one function per row of the table `aspects`; texts that differ are a difference.
 * So numbers and strings of the two images need no common form. An input of one side only has
 * a single aspect, what it is. */
#include <string.h>

#include "compare/compare.h"
#include "vm/quantity.h"

struct side {
    struct base_arena *arena;
    const struct image *image;
    const struct image_input *input;
};

static const char *text_or_none(const struct base_sink *sink)
{
    return sink->length == 0 ? "none" : sink->data;
}

static void put_input_value(const struct side *side, struct base_sink *sink, int64_t value)
{
    const struct vm_machine machine = {.image = side->image};
    vm_put_value(sink, &machine, side->input->kind, value);
}

static const char *class_text(const struct side *side)
{
    static const char *const words[] = {
        [IMAGE_FACT] = "fact", [IMAGE_OPTION] = "option", [IMAGE_SECRET] = "secret"};
    return base_format(side->arena, "%s%s %s", side->input->optional ? "optional " : "",
                       words[side->input->class], image_kind_word(side->input->kind));
}

static const char *members_text(const struct side *side)
{
    struct base_sink sink = base_arena_sink(side->arena);
    if (side->input->kind == IMAGE_ENUM)
        vm_put_members(&sink, side->image, side->input->members, side->input->member_count);
    return text_or_none(&sink);
}

static const char *domain_text(const struct side *side)
{
    struct base_sink sink = base_arena_sink(side->arena);
    const struct image_input *input = side->input;
    if (!image_is_number(input->kind))
        return "none";
    if (input->low != INT64_MIN)
        put_input_value(side, &sink, input->low);
    base_put(&sink, " .. ");
    if (input->high != INT64_MAX)
        put_input_value(side, &sink, input->high);
    return text_or_none(&sink);
}

static const char *default_text(const struct side *side)
{
    struct base_sink sink = base_arena_sink(side->arena);
    if (!side->input->has_default)
        return "none";
    put_input_value(side, &sink, side->input->fallback);
    return sink.length == 0 ? "empty" : sink.data;
}

static const char *sources_text(const struct side *side)
{
    static const char *const classes[] = {
        [IMAGE_FROM_ENV] = "env ", [IMAGE_FROM_FILE] = "file ", [IMAGE_FROM_PROBE] = ""};
    struct base_sink sink = base_arena_sink(side->arena);
    for (uint32_t i = 0; i < side->input->source_count; i++) {
        const struct image_source *source = &side->image->sources[side->input->sources + i];
        BASE_PUT(&sink, i == 0 ? "" : ", ", classes[source->class],
                 image_string(side->image, source->name));
        if (source->unit == 0)
            continue;
        base_put(&sink, " in ");
        put_input_value(side, &sink, source->unit);
    }
    return text_or_none(&sink);
}

static const char *policy_text(const struct image_outcome *outcome)
{
    static const char *const words[] = {[IMAGE_REFUSE] = "refuse",
                                        [IMAGE_CLAMP] = "clamp",
                                        [IMAGE_DEFAULT] = "ignore",
                                        [IMAGE_USE] = "use the default"};
    return words[outcome->policy];
}

static const char *below_text(const struct side *side)
{
    return policy_text(&side->input->below);
}

static const char *above_text(const struct side *side)
{
    return policy_text(&side->input->above);
}

static const char *missing_text(const struct side *side)
{
    return policy_text(&side->input->missing);
}

static const char *invalid_text(const struct side *side)
{
    return policy_text(&side->input->invalid);
}

static const struct {
    const char *name;
    const char *(*text)(const struct side *side);
} aspects[] = {
    {"is", class_text},        {"members", members_text}, {"domain", domain_text},
    {"default", default_text}, {"from", sources_text},    {"below", below_text},
    {"above", above_text},     {"missing", missing_text}, {"invalid", invalid_text},
};
enum { ASPECTS = sizeof aspects / sizeof *aspects };

static void add_aspect(struct comparison *comparison, const char *input, const char *name,
                       const char *old, const char *new)
{
    *BASE_PUSH(comparison->joint.arena, &comparison->aspects) =
        (struct compare_aspect){input, name, {old, new}};
}

static void add_aspects_of_pair(struct comparison *comparison, const struct side *old,
                                const struct side *new)
{
    for (int k = 0; k < ASPECTS; k++) {
        const char *before = aspects[k].text(old), *now = aspects[k].text(new);
        if (!base_text_is(before, now))
            add_aspect(comparison, image_string(old->image, old->input->name), aspects[k].name,
                       before, now);
    }
}

/* The inputs of one side; those of both sides are compared once, with the old side. */
static void add_aspects_of_side(struct comparison *comparison, int side)
{
    struct base_arena *arena = comparison->joint.arena;
    const struct image *image = comparison->joint.sides[side].image,
                       *other = comparison->joint.sides[1 - side].image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const char *name = image_string(image, image->inputs[i].name);
        const struct side here = {arena, image, &image->inputs[i]};
        const uint32_t twin = compare_find_input(other, name);
        const char *what = class_text(&here);
        if (twin == IMAGE_NONE) {
            add_aspect(comparison, name, "is", side == COMPARE_OLD ? what : NULL,
                       side == COMPARE_NEW ? what : NULL);
        } else if (side == COMPARE_OLD) {
            const struct side there = {arena, other, &other->inputs[twin]};
            add_aspects_of_pair(comparison, &here, &there);
        }
    }
}

void compare_inputs(struct comparison *comparison)
{
    add_aspects_of_side(comparison, COMPARE_OLD);
    add_aspects_of_side(comparison, COMPARE_NEW);
}
