/* Coverage of rules by their tests, from the notes that every image contains for `explain`.
 *
 * Notes at the same place with the same text are one point: a def that is used by ten settings is
 * one place in the rules. After each test, coverage_count walks the notes over the slots of the
 * run. In a table only the first row that matches is reached, so the notes of one group are read in
 * order. A condition is complete after it was both true and false. */
#include <stdio.h>
#include <string.h>

#include "claims/claims.h"

/* One place in the rules; several names may have a note for it. */
struct coverage_point {
    uint32_t file, line, text; /* strings and line, as in the note */
    uint16_t class;
    bool reached, missed; /* a branch needs both: its condition true, and false */
};

/* Whether a test can decide about the note. The last row, `beyond`, has a condition that is always
 * true and is counted: it is reached if no row above it matches. */
static bool can_be_reached(const struct image *image, const struct image_note *note)
{
    switch (note->class) {
    case IMAGE_NOTE_USES:
    case IMAGE_NOTE_SET: /* its `when` is a branch */
        return false;
    case IMAGE_NOTE_ROW:
    case IMAGE_NOTE_POINT:
        return !image_is_constant(image, note->a) || image->code[note->a].immediate != 0;
    case IMAGE_NOTE_BRANCH:
        return !image_is_constant(image, note->a);
    default:
        return !image_is_constant(image, note->a) || !image_is_constant(image, note->b);
    }
}

/* The index of the same point, which is appended if it is new. */
static uint32_t index_of_point(struct coverage *coverage, const struct coverage_point *point)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_point *other = &coverage->points[i];
        if (other->file == point->file && other->line == point->line &&
            other->text == point->text && other->class == point->class)
            return (uint32_t)i;
    }
    coverage->points[coverage->count] = *point;
    return (uint32_t)coverage->count++;
}

void coverage_begin(struct coverage *coverage, struct base_arena *arena, const struct image *image)
{
    *coverage = (struct coverage){0};
    coverage->points = base_alloc(arena, (image->note_count + 1) * sizeof *coverage->points);
    coverage->point_of_note =
        base_alloc(arena, (image->note_count + 1) * sizeof *coverage->point_of_note);
    coverage->matched = base_alloc(arena, UINT16_MAX + 1);
    for (uint32_t n = 0; n < image->note_count; n++)
        coverage->point_of_note[n] = IMAGE_NONE;
    for (uint32_t i = 0; i < image->name_count; i++) {
        const struct image_name *name = &image->names[i];
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++) {
            const struct image_note *note = &image->notes[n];
            const struct coverage_point point = {.file = note->file == 0 ? name->file : note->file,
                                                 .line = note->line,
                                                 .text = note->text,
                                                 .class = note->class};
            if (can_be_reached(image, note))
                coverage->point_of_note[n] = index_of_point(coverage, &point);
        }
    }
}

static void cover_point(struct coverage_point *point, const struct image_note *note,
                        const struct vm_slot *slots, bool *matched)
{
    const struct vm_slot *a = &slots[note->a];
    bool truth = a->state == VM_VALUE && a->value != 0;
    switch (note->class) {
    case IMAGE_NOTE_ROW:
    case IMAGE_NOTE_POINT:
        point->reached = point->reached || (truth && !*matched);
        *matched = *matched || truth;
        break;
    case IMAGE_NOTE_BRANCH:
        point->reached = point->reached || truth;
        point->missed = point->missed || !truth;
        break;
    case IMAGE_NOTE_AT_LEAST:
        point->reached = point->reached || slots[note->b].value > a->value;
        break;
    default:
        point->reached = point->reached || slots[note->b].value < a->value;
        break;
    }
}

void coverage_count(struct coverage *coverage, const struct session *session)
{
    const struct image *image = &session->image;
    for (uint32_t i = 0; i < image->name_count; i++) {
        const struct image_name *name = &image->names[i];
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++)
            coverage->matched[image->notes[n].group] = false;
        for (uint32_t n = name->notes; n < name->notes + name->note_count; n++) {
            const struct image_note *note = &image->notes[n];
            if (coverage->point_of_note[n] != IMAGE_NONE)
                cover_point(&coverage->points[coverage->point_of_note[n]], note, session->slots,
                            &coverage->matched[note->group]);
        }
    }
}

/* What is missing at a point; NULL if nothing is. */
static const char *complaint(const struct coverage_point *point)
{
    switch (point->class) {
    case IMAGE_NOTE_ROW:
        return point->reached ? NULL : "no test reaches the row";
    case IMAGE_NOTE_POINT:
        return point->reached ? NULL : "no test reaches the segment";
    case IMAGE_NOTE_BRANCH:
        return !point->reached  ? "no test makes this true:"
               : !point->missed ? "no test makes this false:"
                                : NULL;
    case IMAGE_NOTE_AT_LEAST:
        return point->reached ? NULL : "no test reaches the limit at least";
    default:
        return point->reached ? NULL : "no test reaches the limit at most";
    }
}

void coverage_print(const struct coverage *coverage, const struct image *image)
{
    /* Rules imported from elsewhere have tests of their own. */
    const char *rules = image_string(image, image->header->rules), *slash = strrchr(rules, '/');
    size_t directory = slash == NULL ? 0 : (size_t)(slash + 1 - rules);
    size_t reached = 0, own = 0;
    for (size_t i = 0; i < coverage->count; i++) {
        const struct coverage_point *point = &coverage->points[i];
        if (strncmp(image_string(image, point->file), rules, directory) != 0 ||
            strncmp(image_string(image, point->file) + directory, "../", 3) == 0)
            continue;
        const char *what = complaint(point);
        own++;
        reached += what == NULL;
        if (what != NULL)
            printf("%s:%u: %s `%s`\n", image_string(image, point->file), point->line, what,
                   image_string(image, point->text));
    }
    printf("reached %zu of %zu rows, branches and limits\n", reached, own);
}
