/* Stale pins rewritten where they stand: three texts of a block, and not a byte beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/pins.h"

struct edit {
    struct aza_place place;
    const char *text; /* without quotes */
};

struct edits {
    AZA_LIST(struct edit) list;
};

static void add_edit(struct azc_build *build, struct edits *edits, struct azp_word word,
                     const char *text)
{
    if (word.text != NULL)
        *AZA_PUSH(&build->arena, &edits->list) = (struct edit){word.place, text};
}

static void add_edits(struct azc_build *build, struct edits *edits,
                      const struct azc_pin_finding *finding)
{
    const struct azc_pin *pin = finding->pin;
    if (finding->state != AZC_PIN_STALE)
        return;
    add_edit(build, edits, pin->tag, azc_tag_name(finding->newest));
    add_edit(build, edits, pin->commit,
             aza_copy_text(&build->arena, finding->newest->commit.start, AZC_COMMIT));
    add_edit(build, edits, pin->version, azc_newest_version(&build->arena, finding));
}

static int by_place(const void *left, const void *right)
{
    const struct aza_place a = ((const struct edit *)left)->place;
    const struct aza_place b = ((const struct edit *)right)->place;
    return a.file != b.file ? (a.file > b.file) - (a.file < b.file)
                            : (a.start > b.start) - (a.start < b.start);
}

/* A tag may hold a quote; a backslash or a line break it may not. */
static void put_text(struct aza_sink *sink, const char *text)
{
    aza_put_char(sink, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            aza_put_char(sink, '\\');
        aza_put_char(sink, *text);
    }
    aza_put_char(sink, '"');
}

/* The file of the edits from `first` on, with these made; answers the edit behind its last one. */
static size_t rewrite(struct azc_build *build, const struct edits *edits, size_t first,
                      struct aza_output *output)
{
    const uint16_t file = edits->list.items[first].place.file;
    const struct aza_source *source = &build->sources.files[file];
    struct aza_sink sink = aza_arena_sink(&build->arena);
    size_t at = 0, i = first;
    for (; i < edits->list.count && edits->list.items[i].place.file == file; i++) {
        const struct edit *edit = &edits->list.items[i];
        aza_put_bytes(&sink, source->text + at, edit->place.start - at);
        put_text(&sink, edit->text);
        at = edit->place.start + edit->place.length;
    }
    aza_put_bytes(&sink, source->text + at, source->length - at);
    *output = (struct aza_output){.path = source->path, .bytes = sink.data, .length = sink.length};
    return i;
}

int azc_write_pins(struct azc_build *build, const struct azc_pin_finding *findings, size_t count)
{
    struct edits edits = {0};
    AZA_LIST(struct aza_output) outputs = {0};
    for (size_t i = 0; i < count; i++)
        add_edits(build, &edits, &findings[i]);
    if (edits.list.count == 0)
        return AZC_FINE;
    qsort(edits.list.items, edits.list.count, sizeof *edits.list.items, by_place);
    for (size_t i = 0; i < edits.list.count;)
        i = rewrite(build, &edits, i, AZA_PUSH(&build->arena, &outputs));
    size_t failed;
    const char *why;
    if (!aza_write_files(outputs.items, outputs.count, &failed, &why)) {
        fprintf(stderr, "azc: %s: %s\n", outputs.items[failed].path, why);
        return AZC_WRONG;
    }
    for (size_t i = 0; i < outputs.count; i++)
        printf("wrote %s\n", outputs.items[i].path);
    return AZC_FINE;
}
