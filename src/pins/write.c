/* Stale pins rewritten where they stand: three texts of a block, and not a byte beside them. */
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

static int by_place(const void *left, const void *right)
{
    const struct base_place a = ((const struct edit *)left)->place;
    const struct base_place b = ((const struct edit *)right)->place;
    return a.file != b.file ? (a.file > b.file) - (a.file < b.file)
                            : (a.start > b.start) - (a.start < b.start);
}

/* A tag may hold a quote; a backslash or a line break it may not. */
static void put_text(struct base_sink *sink, const char *text)
{
    base_put_char(sink, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            base_put_char(sink, '\\');
        base_put_char(sink, *text);
    }
    base_put_char(sink, '"');
}

/* The file of the edits from `first` on, with these made; answers the edit behind its last one. */
static size_t rewrite(struct compilation *build, const struct edits *edits, size_t first,
                      struct base_output *output)
{
    const uint16_t file = edits->list.items[first].place.file;
    const struct base_source *source = &build->sources.files[file];
    struct base_sink sink = base_arena_sink(&build->arena);
    size_t at = 0, i = first;
    for (; i < edits->list.count && edits->list.items[i].place.file == file; i++) {
        const struct edit *edit = &edits->list.items[i];
        base_put_bytes(&sink, source->text + at, edit->place.start - at);
        put_text(&sink, edit->text);
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
    qsort(edits.list.items, edits.list.count, sizeof *edits.list.items, by_place);
    for (size_t i = 0; i < edits.list.count;)
        i = rewrite(build, &edits, i, BASE_PUSH(&build->arena, &outputs));
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
