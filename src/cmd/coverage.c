/* Coverage of rules, from the notes that every image carries. */
#include <stdio.h>
#include <string.h>

#include "cmd/coverage.h"

/* One place in the rules; several values may pass through it. */
struct azc_point {
    uint32_t file, line, text; /* strings and line, as in the note */
    uint16_t class;
    bool reached, missed; /* a branch needs both: its condition true, and false */
};

static bool is_constant(const struct azb_image *image, uint32_t slot)
{
    return image->code[slot].op == AZB_OP_CONST;
}

/* A row `beyond` has a condition that is always true and is reached all the same. */
static bool counts(const struct azb_image *image, const struct azb_note *note)
{
    switch (note->class) {
    case AZB_NOTE_USES:
    case AZB_NOTE_SET: /* its `when` is a branch */
        return false;
    case AZB_NOTE_ROW:
    case AZB_NOTE_POINT:
        return !is_constant(image, note->a) || image->code[note->a].immediate != 0;
    case AZB_NOTE_BRANCH:
        return !is_constant(image, note->a);
    default:
        return !is_constant(image, note->a) || !is_constant(image, note->b);
    }
}

static uint32_t find_point(struct azc_coverage *coverage, const struct azc_point *point)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct azc_point *other = &coverage->points[i];
        if (other->file == point->file && other->line == point->line &&
            other->text == point->text && other->class == point->class)
            return (uint32_t)i;
    }
    coverage->points[coverage->count] = *point;
    return (uint32_t)coverage->count++;
}

void azc_cover_begin(struct azc_coverage *coverage, struct aza_arena *arena,
                     const struct azb_image *image)
{
    *coverage = (struct azc_coverage){0};
    coverage->points = aza_alloc(arena, (image->note_count + 1) * sizeof *coverage->points);
    coverage->point_of_note =
        aza_alloc(arena, (image->note_count + 1) * sizeof *coverage->point_of_note);
    coverage->matched = aza_alloc(arena, UINT16_MAX + 1);
    for (uint32_t n = 0; n < image->note_count; n++)
        coverage->point_of_note[n] = AZB_NONE;
    for (uint32_t i = 0; i < image->name_count; i++) {
        const struct azb_name *name = &image->names[i];
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++) {
            const struct azb_note *note = &image->notes[n];
            const struct azc_point point = {.file = note->file == 0 ? name->file : note->file,
                                            .line = note->line,
                                            .text = note->text,
                                            .class = note->class};
            if (counts(image, note))
                coverage->point_of_note[n] = find_point(coverage, &point);
        }
    }
}

static void cover_note(struct azc_point *point, const struct azb_note *note,
                       const struct azv_slot *slots, bool *matched)
{
    const struct azv_slot *a = &slots[note->a];
    bool truth = a->state == AZV_VALUE && a->value != 0;
    switch (note->class) {
    case AZB_NOTE_ROW:
    case AZB_NOTE_POINT:
        point->reached = point->reached || (truth && !*matched);
        *matched = *matched || truth;
        break;
    case AZB_NOTE_BRANCH:
        point->reached = point->reached || truth;
        point->missed = point->missed || !truth;
        break;
    case AZB_NOTE_AT_LEAST:
        point->reached = point->reached || slots[note->b].value > a->value;
        break;
    default:
        point->reached = point->reached || slots[note->b].value < a->value;
        break;
    }
}

void azc_cover(struct azc_coverage *coverage, const struct azn_session *session)
{
    const struct azb_image *image = &session->image;
    for (uint32_t i = 0; i < image->name_count; i++) {
        const struct azb_name *name = &image->names[i];
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++)
            coverage->matched[image->notes[n].group] = false;
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++) {
            const struct azb_note *note = &image->notes[n];
            if (coverage->point_of_note[n] != AZB_NONE)
                cover_note(&coverage->points[coverage->point_of_note[n]], note, session->slots,
                           &coverage->matched[note->group]);
        }
    }
}

static const char *complaint(const struct azc_point *point)
{
    switch (point->class) {
    case AZB_NOTE_ROW:
        return point->reached ? NULL : "no test reaches the row";
    case AZB_NOTE_POINT:
        return point->reached ? NULL : "no test reaches the segment";
    case AZB_NOTE_BRANCH:
        return !point->reached  ? "no test makes this true:"
               : !point->missed ? "no test makes this false:"
                                : NULL;
    case AZB_NOTE_AT_LEAST:
        return point->reached ? NULL : "no test needs the limit at least";
    default:
        return point->reached ? NULL : "no test needs the limit at most";
    }
}

void azc_cover_print(const struct azc_coverage *coverage, const struct azb_image *image)
{
    /* Rules imported from elsewhere have tests of their own. */
    const char *rules = azb_string(image, image->header->rules), *slash = strrchr(rules, '/');
    size_t directory = slash == NULL ? 0 : (size_t)(slash + 1 - rules);
    size_t reached = 0, own = 0;
    for (size_t i = 0; i < coverage->count; i++) {
        const struct azc_point *point = &coverage->points[i];
        if (strncmp(azb_string(image, point->file), rules, directory) != 0 ||
            strncmp(azb_string(image, point->file) + directory, "../", 3) == 0)
            continue;
        const char *what = complaint(point);
        own++;
        reached += what == NULL;
        if (what != NULL)
            printf("%s:%u: %s `%s`\n", azb_string(image, point->file), point->line, what,
                   azb_string(image, point->text));
    }
    printf("reached %zu of %zu rows, branches and limits\n", reached, own);
}
