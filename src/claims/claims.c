/* Gathers the claims of a rule set.
 *
 * The slots come from the image's tables, the places and words from the tree: outputs, checks and
 * exports are in the same order in both, and the invariants' slots are among the roots with which
 * the image was written. Conditions and limits come from the notes that the image has for
 * `explain`.
 *
 * Not claimed are: messages and conditions that are constants, notes that depend on a setting,
 * since an operator's override may make them matter, and a second note about the same slots. */
#include <string.h>

#include "claims/claims.h"

struct gathering {
    struct compilation *build;
    const struct image *image;
    struct claims *claims;
    bool *marked; /* by slot */
};

static struct claim *add_claim(struct gathering *gathering, enum claim_subject subject,
                               enum prove_shape shape, uint32_t slot, struct base_place place,
                               const char *name)
{
    struct claim *claim = BASE_PUSH(&gathering->build->arena, gathering->claims);
    *claim = (struct claim){
        .subject = subject,
        .claim = {.shape = shape, .a = slot, .b = slot, .guard = IMAGE_NONE},
        .name = name,
        .place = place,
    };
    return claim;
}

static bool is_decided(const struct gathering *gathering, uint32_t slot)
{
    const unsigned op = gathering->image->code[slot].op;
    return op == IMAGE_OP_CONST || op == IMAGE_OP_VOID;
}

/* --- what must hold --- */

static void add_settings(struct gathering *gathering)
{
    const struct image *image = gathering->image;
    struct base_arena *arena = &gathering->build->arena;
    for (uint32_t i = 0; i < image->output_count; i++) {
        const struct image_setting *setting = &image->settings[image->outputs[i].setting];
        const char *name = image_string(image, setting->name);
        const struct sema_setting *own = sema_find_setting(gathering->build->program->live, name);
        if (own == NULL)
            continue;
        struct claim *claim =
            add_claim(gathering, CLAIM_SETTING, PROVE_ANSWERS, image->outputs[i].slot,
                      own->sets.items[own->sets.count - 1].item->name.place, name);
        claim->setting = setting;
        claim->words = base_format(arena, "%s has a value that the server accepts", name);
    }
}

static void add_checks(struct gathering *gathering)
{
    const struct image *image = gathering->image;
    const struct sema_program *program = gathering->build->program;
    struct base_arena *arena = &gathering->build->arena;
    for (uint32_t i = 0; i < image->check_count && i < program->checks.count; i++) {
        const struct syntax_item *item = program->checks.items[i];
        const char *word = image->checks[i].class == IMAGE_CHECK_REFUSE ? "refuse" : "warn";
        struct claim *condition = add_claim(gathering, CLAIM_ANSWER, PROVE_ANSWERS,
                                            image->checks[i].condition, item->condition->place,
                                            base_format(arena, "the condition of this `%s`", word));
        condition->words = base_format(arena, "the condition of a `%s` can be computed", word);
        if (is_decided(gathering, image->checks[i].message))
            continue;
        struct claim *message =
            add_claim(gathering, CLAIM_ANSWER, PROVE_ANSWERS, image->checks[i].message,
                      item->value->place, base_format(arena, "the message of this `%s`", word));
        message->claim.guard = image->checks[i].condition;
        message->words = base_format(arena, "the message of a `%s` can be computed", word);
    }
    for (uint32_t i = 0; i < image->export_count && i < program->exports.count; i++) {
        const struct syntax_item *item = program->exports.items[i];
        struct claim *claim =
            add_claim(gathering, CLAIM_ANSWER, PROVE_ANSWERS, image->exports[i].slot,
                      item->value->place, item->name.text);
        claim->words = base_format(arena, "%s can be computed", item->name.text);
    }
}

static const char *shape_words(const struct gathering *gathering, const struct syntax_item *item)
{
    struct base_arena *arena = &gathering->build->arena;
    const char *text = syntax_text_of(&gathering->build->context, item->value->place);
    switch (item->shape) {
    case SYNTAX_RISES:
        return base_format(arena, "%s rises with %s", text, item->of.text);
    case SYNTAX_FALLS:
        return base_format(arena, "%s falls with %s", text, item->of.text);
    case SYNTAX_JUMPS:
        return base_format(arena, "%s jumps at most %s with %s", text,
                           syntax_text_of(&gathering->build->context, item->high->place),
                           item->of.text);
    case SYNTAX_LEAST:
        return base_format(arena, "%s least without %s", text, item->of.text);
    case SYNTAX_MOST:
        return base_format(arena, "%s most without %s", text, item->of.text);
    default:
        return text;
    }
}

static uint32_t slot_of_root(const struct gathering *gathering, uint32_t index)
{
    return gathering->build->result.roots.items[index];
}

/* Three claims: the invariant itself, that it can be computed, and that its guard is ever true. */
static void add_invariant(struct gathering *gathering, const struct eval_claim *from)
{
    static const enum prove_shape shapes[] = {
        [SYNTAX_HOLDS] = PROVE_HOLDS, [SYNTAX_RISES] = PROVE_RISES, [SYNTAX_FALLS] = PROVE_FALLS,
        [SYNTAX_JUMPS] = PROVE_JUMPS, [SYNTAX_LEAST] = PROVE_LEAST, [SYNTAX_MOST] = PROVE_MOST,
    };
    const struct syntax_item *item = from->item;
    struct base_arena *arena = &gathering->build->arena;
    const uint32_t slot = slot_of_root(gathering, from->slot);
    struct claim *claim = add_claim(gathering, CLAIM_INVARIANT, shapes[item->shape], slot,
                                    item->name.place, item->name.text);
    claim->invariant = from;
    claim->claim.input = from->input;
    claim->claim.limit = from->limit;
    claim->words = base_format(arena, "%s: %s", item->name.text, shape_words(gathering, item));
    if (from->guard != IMAGE_NONE)
        claim->claim.guard = slot_of_root(gathering, from->guard);
    struct claim *answer =
        add_claim(gathering, CLAIM_ANSWER, PROVE_ANSWERS, slot, item->value->place,
                  base_format(arena, "invariant `%s`", item->name.text));
    answer->words = base_format(arena, "%s can be computed", item->name.text);
    if (from->guard == IMAGE_NONE)
        return;
    struct claim *guard =
        add_claim(gathering, CLAIM_GUARD, PROVE_NEVER, slot_of_root(gathering, from->guard),
                  item->condition->place, item->name.text);
    guard->invariant = from;
    guard->words = base_format(arena, "%s: its condition holds on some machine", item->name.text);
}

/* --- what should matter on some machine --- */

/* The whole line, without blanks around it; a note of the image only has its path and line. */
static struct base_place place_of_line(struct compilation *build, const char *path, uint32_t line)
{
    struct base_sources *sources = &build->sources;
    for (size_t f = 0; f < sources->count; f++) {
        if (!base_text_is(sources->files[f].path, path))
            continue;
        const struct base_span text = base_trim(base_line(sources, (uint16_t)f, line));
        return (struct base_place){.file = (uint16_t)f,
                                   .start = (uint32_t)(text.start - sources->files[f].text),
                                   .length = (uint32_t)text.length};
    }
    return (struct base_place){.file = UINT16_MAX};
}

/* Whether a slot depends on a setting, which the operator may override; no proof covers overrides.
 * Operands have lower numbers, so one pass down from the slot marks all it depends on. */
static bool may_be_set_by_hand(struct gathering *gathering, uint32_t slot)
{
    const struct image *image = gathering->image;
    memset(gathering->marked, 0, image->code_count);
    gathering->marked[slot] = true;
    for (uint32_t n = slot + 1; n-- > 0;) {
        const struct image_instruction *i = &image->code[n];
        const uint16_t operands[3] = {i->a, i->b, i->c};
        if (gathering->marked[n] && i->op == IMAGE_OP_SETTING)
            return true;
        for (int k = 0; gathering->marked[n] && k < 3; k++)
            if (image_reads(i->op, k))
                gathering->marked[operands[k]] = true;
    }
    return false;
}

/* A condition, row or set is claimed never to be true, `at most` and `at least` never to change the
 * value: a <= b, or b <= a. */
static void add_note(struct gathering *gathering, const struct image_name *name,
                     const struct image_note *note)
{
    const struct image *image = gathering->image;
    struct base_arena *arena = &gathering->build->arena;
    const bool least = note->class == IMAGE_NOTE_AT_LEAST;
    const bool limit = least || note->class == IMAGE_NOTE_AT_MOST;
    const uint32_t file = note->file != 0 ? note->file : name->file;
    if (note->class == IMAGE_NOTE_USES || may_be_set_by_hand(gathering, note->a) ||
        (limit && may_be_set_by_hand(gathering, note->b)))
        return;
    if ((is_decided(gathering, note->a) && (!limit || is_decided(gathering, note->b))))
        return;
    const struct base_place place =
        place_of_line(gathering->build, image_string(image, file), note->line);
    const char *text = image_string(image, note->text), *of = image_string(image, name->name);
    struct claim *claim =
        limit ? add_claim(gathering, CLAIM_BINDING, PROVE_UNBOUND, least ? note->b : note->a, place,
                          base_format(arena, "at %s %s", least ? "least" : "most", text))
              : add_claim(gathering, CLAIM_REACHABLE, PROVE_NEVER, note->a, place, text);
    if (limit)
        claim->claim.b = least ? note->a : note->b;
    claim->words = base_format(arena, "%s: `%s` has an effect on some machine", of, claim->name);
}

static bool is_claimed_before(const struct gathering *gathering, size_t from,
                              const struct claim *claim)
{
    for (size_t i = from; i + 1 < gathering->claims->count; i++) {
        const struct claim *other = &gathering->claims->items[i];
        if (other->subject == claim->subject && other->claim.a == claim->claim.a &&
            other->claim.b == claim->claim.b)
            return true;
    }
    return false;
}

/* The same line can be noted for several names, for instance in a def: it is claimed once. */
static void add_notes(struct gathering *gathering)
{
    const struct image *image = gathering->image;
    const size_t from = gathering->claims->count;
    for (uint32_t n = 0; n < image->name_count; n++)
        for (uint32_t i = 0; i < image->names[n].note_count; i++) {
            const size_t count = gathering->claims->count;
            add_note(gathering, &image->names[n], &image->notes[image->names[n].notes + i]);
            if (gathering->claims->count > count &&
                is_claimed_before(gathering, from, &gathering->claims->items[count]))
                gathering->claims->count = count;
        }
}

void claims_gather(struct compilation *build, const struct image *image, struct claims *claims)
{
    struct gathering gathering = {build, image, claims,
                                  base_alloc(&build->arena, image->code_count * sizeof(bool) + 1)};
    add_settings(&gathering);
    add_checks(&gathering);
    for (size_t i = 0; i < build->result.claims.count; i++)
        add_invariant(&gathering, &build->result.claims.items[i]);
    add_notes(&gathering);
}
