/* Updates stale pins in the source: replaces up to three literals of each block and no other byte.
 *
 * The edits of all pins are sorted by file and place, and each file is copied once with its edits
 * applied. The files are then written together, so an error leaves all of them unchanged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pins/pins.h"

struct edit {
    struct base_place place;
    const char *text; /* without quotes */
};

struct edits {
    BASE_LIST(struct edit) list;
};

static void add_edit(struct compilation *build, struct edits *edits, struct syntax_word word,
                     const char *text)
{
    if (word.text != NULL)
        *BASE_PUSH(&build->arena, &edits->list) = (struct edit){word.place, text};
}

static void add_edits(struct compilation *build, struct edits *edits,
                      const struct pin_finding *finding)
{
    const struct pin *pin = finding->pin;
    if (finding->state != PIN_STALE)
        return;
    add_edit(build, edits, pin->tag, pins_tag_name(finding->newest));
    add_edit(build, edits, pin->commit,
             base_copy_text(&build->arena, finding->newest->commit.start, PINS_COMMIT));
    add_edit(build, edits, pin->version, pins_newest_version(&build->arena, finding));
}

static int compare_edits(const void *left, const void *right)
{
    const struct base_place a = ((const struct edit *)left)->place;
    const struct base_place b = ((const struct edit *)right)->place;
    return a.file != b.file ? (a.file > b.file) - (a.file < b.file)
                            : (a.start > b.start) - (a.start < b.start);
}

/* A text as a literal. Tags may contain quotes; git allows no backslashes and line breaks in them.
 */
static void put_quoted_text(struct base_sink *sink, const char *text)
{
    base_put_char(sink, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            base_put_char(sink, '\\');
        base_put_char(sink, *text);
    }
    base_put_char(sink, '"');
}

/* Makes the contents of the file of edit `first` with all of its edits applied; returns the index
 * of the first edit of the next file. */
static size_t rewrite_file(struct compilation *build, const struct edits *edits, size_t first,
                           struct base_output *output)
{
    const uint16_t file = edits->list.items[first].place.file;
    const struct base_source *source = &build->sources.files[file];
    struct base_sink sink = base_arena_sink(&build->arena);
    size_t at = 0, i = first;
    for (; i < edits->list.count && edits->list.items[i].place.file == file; i++) {
        const struct edit *edit = &edits->list.items[i];
        base_put_bytes(&sink, source->text + at, edit->place.start - at);
        put_quoted_text(&sink, edit->text);
        at = edit->place.start + edit->place.length;
    }
    base_put_bytes(&sink, source->text + at, source->length - at);
    *output = (struct base_output){.path = source->path, .bytes = sink.data, .length = sink.length};
    return i;
}

int pins_write(struct compilation *build, const struct pin_finding *findings, size_t count)
{
    struct edits edits = {0};
    BASE_LIST(struct base_output) outputs = {0};
    for (size_t i = 0; i < count; i++)
        add_edits(build, &edits, &findings[i]);
    if (edits.list.count == 0)
        return STATUS_FINE;
    qsort(edits.list.items, edits.list.count, sizeof *edits.list.items, compare_edits);
    for (size_t i = 0; i < edits.list.count;)
        i = rewrite_file(build, &edits, i, BASE_PUSH(&build->arena, &outputs));
    size_t failed;
    const char *why;
    if (!base_write_files(outputs.items, outputs.count, &failed, &why)) {
        fprintf(stderr, "azc: %s: %s\n", outputs.items[failed].path, why);
        return STATUS_WRONG;
    }
    for (size_t i = 0; i < outputs.count; i++)
        printf("wrote %s\n", outputs.items[i].path);
    return STATUS_FINE;
}
