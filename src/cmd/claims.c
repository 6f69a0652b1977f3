/* Gathers the claims of a rule set, from the image's tables and the tree they were made from. */
#include <string.h>

#include "cmd/claims.h"

struct gathering {
    struct azc_build *build;
    const struct azb_image *image;
    struct azc_claims *claims;
    bool *marked; /* by slot */
};

static struct azc_claim *add(struct gathering *gathering, enum azc_subject subject,
                             enum azq_shape shape, uint32_t slot, struct aza_place place,
                             const char *name)
{
    struct azc_claim *claim = AZA_PUSH(&gathering->build->arena, gathering->claims);
    *claim = (struct azc_claim){
        .subject = subject,
        .claim = {.shape = shape, .a = slot, .b = slot, .guard = AZB_NONE},
        .name = name,
        .place = place,
    };
    return claim;
}

static bool is_constant(const struct gathering *gathering, uint32_t slot)
{
    const unsigned op = gathering->image->code[slot].op;
    return op == AZB_OP_CONST || op == AZB_OP_VOID;
}

/* ---- what must hold ---- */

static void add_settings(struct gathering *gathering)
{
    const struct azb_image *image = gathering->image;
    struct aza_arena *arena = &gathering->build->arena;
    for (uint32_t i = 0; i < image->output_count; i++) {
        const struct azb_setting *setting = &image->settings[image->outputs[i].setting];
        const char *name = azb_string(image, setting->name);
        const struct azs_setting *own = azs_find_setting(gathering->build->program->live, name);
        if (own == NULL)
            continue;
        struct azc_claim *claim = add(gathering, AZC_SETTING, AZQ_ANSWERS, image->outputs[i].slot,
                                      own->sets.items[own->sets.count - 1].item->name.place, name);
        claim->setting = setting;
        claim->words = aza_format(arena, "%s has a value that the server takes", name);
    }
}

static void add_checks(struct gathering *gathering)
{
    const struct azb_image *image = gathering->image;
    const struct azs_program *program = gathering->build->program;
    struct aza_arena *arena = &gathering->build->arena;
    for (uint32_t i = 0; i < image->check_count && i < program->checks.count; i++) {
        const struct azp_item *item = program->checks.items[i];
        const char *word = image->checks[i].class == AZB_CHECK_REFUSE ? "refuse" : "warn";
        struct azc_claim *condition =
            add(gathering, AZC_ANSWER, AZQ_ANSWERS, image->checks[i].condition,
                item->condition->place, aza_format(arena, "the condition of this `%s`", word));
        condition->words = aza_format(arena, "the condition of a `%s` has an answer", word);
        if (is_constant(gathering, image->checks[i].message))
            continue;
        struct azc_claim *message =
            add(gathering, AZC_ANSWER, AZQ_ANSWERS, image->checks[i].message, item->value->place,
                aza_format(arena, "the message of this `%s`", word));
        message->claim.guard = image->checks[i].condition;
        message->words = aza_format(arena, "the message of a `%s` has an answer", word);
    }
    for (uint32_t i = 0; i < image->export_count && i < program->exports.count; i++) {
        const struct azp_item *item = program->exports.items[i];
        struct azc_claim *claim = add(gathering, AZC_ANSWER, AZQ_ANSWERS, image->exports[i].slot,
                                      item->value->place, item->name.text);
        claim->words = aza_format(arena, "%s has an answer", item->name.text);
    }
}

static const char *shape_words(const struct gathering *gathering, const struct azp_item *item)
{
    struct aza_arena *arena = &gathering->build->arena;
    const char *text = azp_text_of(&gathering->build->context, item->value->place);
    switch (item->shape) {
    case AZP_RISES:
        return aza_format(arena, "%s rises with %s", text, item->of.text);
    case AZP_FALLS:
        return aza_format(arena, "%s falls with %s", text, item->of.text);
    case AZP_JUMPS:
        return aza_format(arena, "%s jumps at most %s with %s", text,
                          azp_text_of(&gathering->build->context, item->high->place),
                          item->of.text);
    case AZP_LEAST:
        return aza_format(arena, "%s least without %s", text, item->of.text);
    case AZP_MOST:
        return aza_format(arena, "%s most without %s", text, item->of.text);
    default:
        return text;
    }
}

static uint32_t root(const struct gathering *gathering, uint32_t index)
{
    return gathering->build->result.roots.items[index];
}

static void add_invariant(struct gathering *gathering, const struct aze_claim *from)
{
    static const enum azq_shape shapes[] = {
        [AZP_HOLDS] = AZQ_HOLDS, [AZP_RISES] = AZQ_RISES, [AZP_FALLS] = AZQ_FALLS,
        [AZP_JUMPS] = AZQ_JUMPS, [AZP_LEAST] = AZQ_LEAST, [AZP_MOST] = AZQ_MOST,
    };
    const struct azp_item *item = from->item;
    struct aza_arena *arena = &gathering->build->arena;
    const uint32_t slot = root(gathering, from->slot);
    struct azc_claim *claim =
        add(gathering, AZC_INVARIANT, shapes[item->shape], slot, item->name.place, item->name.text);
    claim->invariant = from;
    claim->claim.input = from->input;
    claim->claim.limit = from->limit;
    claim->words = aza_format(arena, "%s: %s", item->name.text, shape_words(gathering, item));
    if (from->guard != AZB_NONE)
        claim->claim.guard = root(gathering, from->guard);
    struct azc_claim *answer = add(gathering, AZC_ANSWER, AZQ_ANSWERS, slot, item->value->place,
                                   aza_format(arena, "invariant `%s`", item->name.text));
    answer->words = aza_format(arena, "%s has an answer", item->name.text);
    if (from->guard == AZB_NONE)
        return;
    struct azc_claim *guard = add(gathering, AZC_GUARD, AZQ_NEVER, root(gathering, from->guard),
                                  item->condition->place, item->name.text);
    guard->invariant = from;
    guard->words = aza_format(arena, "%s: its guard holds on some machine", item->name.text);
}

/* ---- what should matter on some machine ---- */

static struct aza_place place_of_line(struct azc_build *build, const char *path, uint32_t line)
{
    struct aza_sources *sources = &build->sources;
    for (size_t f = 0; f < sources->count; f++) {
        if (!aza_text_is(sources->files[f].path, path))
            continue;
        const struct aza_span text = aza_trim(aza_line(sources, (uint16_t)f, line));
        return (struct aza_place){.file = (uint16_t)f,
                                  .start = (uint32_t)(text.start - sources->files[f].text),
                                  .length = (uint32_t)text.length};
    }
    return (struct aza_place){.file = UINT16_MAX};
}

/* What depends on a setting may come to matter by an operator's word, which no proof covers. */
static bool may_be_set_by_hand(struct gathering *gathering, uint32_t slot)
{
    const struct azb_image *image = gathering->image;
    memset(gathering->marked, 0, image->code_count);
    gathering->marked[slot] = true;
    for (uint32_t n = slot + 1; n-- > 0;) {
        const struct azb_instruction *i = &image->code[n];
        const uint16_t operands[3] = {i->a, i->b, i->c};
        if (gathering->marked[n] && i->op == AZB_OP_SETTING)
            return true;
        for (int k = 0; gathering->marked[n] && k < 3; k++)
            if (azi_reads(i->op, k))
                gathering->marked[operands[k]] = true;
    }
    return false;
}

static void add_note(struct gathering *gathering, const struct azb_name *name,
                     const struct azb_note *note)
{
    const struct azb_image *image = gathering->image;
    struct aza_arena *arena = &gathering->build->arena;
    const bool least = note->class == AZB_NOTE_AT_LEAST;
    const bool limit = least || note->class == AZB_NOTE_AT_MOST;
    const uint32_t file = note->file != 0 ? note->file : name->file;
    if (note->class == AZB_NOTE_USES || may_be_set_by_hand(gathering, note->a) ||
        (limit && may_be_set_by_hand(gathering, note->b)))
        return;
    if ((is_constant(gathering, note->a) && (!limit || is_constant(gathering, note->b))))
        return;
    const struct aza_place place =
        place_of_line(gathering->build, azb_string(image, file), note->line);
    const char *text = azb_string(image, note->text), *of = azb_string(image, name->name);
    struct azc_claim *claim =
        limit ? add(gathering, AZC_BINDING, AZQ_UNBOUND, least ? note->b : note->a, place,
                    aza_format(arena, "at %s %s", least ? "least" : "most", text))
              : add(gathering, AZC_REACHABLE, AZQ_NEVER, note->a, place, text);
    if (limit)
        claim->claim.b = least ? note->a : note->b;
    claim->words = aza_format(arena, "%s: `%s` matters on some machine", of, claim->name);
}

static bool seen_before(const struct gathering *gathering, size_t from,
                        const struct azc_claim *claim)
{
    for (size_t i = from; i + 1 < gathering->claims->count; i++) {
        const struct azc_claim *other = &gathering->claims->items[i];
        if (other->subject == claim->subject && other->claim.a == claim->claim.a &&
            other->claim.b == claim->claim.b)
            return true;
    }
    return false;
}

static void add_notes(struct gathering *gathering)
{
    const struct azb_image *image = gathering->image;
    const size_t from = gathering->claims->count;
    for (uint32_t n = 0; n < image->name_count; n++)
        for (uint32_t i = 0; i < image->names[n].note_count; i++) {
            const size_t count = gathering->claims->count;
            add_note(gathering, &image->names[n], &image->notes[image->names[n].notes + i]);
            if (gathering->claims->count > count &&
                seen_before(gathering, from, &gathering->claims->items[count]))
                gathering->claims->count = count;
        }
}

void azc_gather_claims(struct azc_build *build, const struct azb_image *image,
                       struct azc_claims *claims)
{
    struct gathering gathering = {build, image, claims,
                                  aza_alloc(&build->arena, image->code_count * sizeof(bool) + 1)};
    add_settings(&gathering);
    add_checks(&gathering);
    for (size_t i = 0; i < build->result.claims.count; i++)
        add_invariant(&gathering, &build->result.claims.items[i]);
    add_notes(&gathering);
}
