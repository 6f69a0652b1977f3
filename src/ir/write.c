/* Writes the image: keeps the instructions that are used, renumbers them, lays out the sections,
 * and computes the checksum.
 *
 * 1. Mark: the slots in the tables and the roots, then from the last instruction to the first the
 *    operands of each that is marked. One pass suffices, since operands precede their users.
 * 2. Renumber: the marked instructions are copied in order, with their operands rewritten.
 * 3. Rewrite: the slots in copies of the tables, and in the caller's roots.
 * 4. Lay out: the header, then each section at a multiple of 8 bytes.
 * 5. Verify the result as the runner would.
 *
 * The evaluator's tables are not changed, so that it can be written again with other roots. */
#include <string.h>

#include "base/assert.h"

#include "ir/write.h"

struct writer {
    struct base_arena *arena;
    const struct ir_code *code;
    struct ir_tables tables; /* copies, whose slots are rewritten */
    bool *used;
    uint32_t *numbers; /* by old slot: the new one */
    struct image_instruction *kept;
    uint32_t kept_count;
};

static void mark_used(struct writer *writer, uint32_t slot)
{
    if (slot != IMAGE_NONE)
        writer->used[slot] = true;
}

static void mark_operands(struct writer *writer)
{
    for (uint32_t n = writer->code->count; n-- > 0;) {
        const struct image_instruction *i = &writer->code->instructions[n];
        const uint16_t slots[3] = {i->a, i->b, i->c};
        for (int operand = 0; writer->used[n] && operand < 3; operand++)
            if (image_reads(i->op, operand))
                writer->used[slots[operand]] = true;
    }
}

static void renumber(struct writer *writer)
{
    for (uint32_t n = 0; n < writer->code->count; n++) {
        if (!writer->used[n])
            continue;
        struct image_instruction i = writer->code->instructions[n];
        uint16_t *const slots[3] = {&i.a, &i.b, &i.c};
        for (int operand = 0; operand < 3; operand++)
            if (image_reads(i.op, operand))
                *slots[operand] = (uint16_t)writer->numbers[*slots[operand]];
        writer->numbers[n] = writer->kept_count;
        writer->kept[writer->kept_count++] = i;
    }
}

/* Calls `visit` with every field of the tables that names a slot: once to mark, once to rewrite. */
static void each_slot(struct writer *writer, void (*visit)(struct writer *, uint32_t *))
{
    struct ir_tables *tables = &writer->tables;
    for (size_t i = 0; i < tables->settings.count; i++)
        visit(writer, &tables->settings.items[i].slot);
    for (size_t i = 0; i < tables->outputs.count; i++)
        visit(writer, &tables->outputs.items[i].slot);
    for (size_t i = 0; i < tables->checks.count; i++) {
        visit(writer, &tables->checks.items[i].condition);
        visit(writer, &tables->checks.items[i].message);
    }
    for (size_t i = 0; i < tables->exports.count; i++)
        visit(writer, &tables->exports.items[i].slot);
    for (size_t i = 0; i < tables->names.count; i++)
        visit(writer, &tables->names.items[i].slot);
    for (size_t i = 0; i < tables->notes.count; i++) {
        struct image_note *note = &tables->notes.items[i];
        visit(writer, &note->a);
        /* Of a use, `b` is an index of NAMES. */
        if (note->class != IMAGE_NOTE_USES)
            visit(writer, &note->b);
    }
    for (size_t i = 0; i < tables->pieces.count; i++)
        visit(writer, &tables->pieces.items[i]);
}

static void visit_mark(struct writer *writer, uint32_t *slot)
{
    mark_used(writer, *slot);
}

static void visit_rewrite(struct writer *writer, uint32_t *slot)
{
    if (*slot != IMAGE_NONE)
        *slot = writer->numbers[*slot];
}

static void *copy_items(struct base_arena *arena, const void *items, size_t bytes)
{
    void *fresh = base_alloc(arena, bytes == 0 ? 1 : bytes);
    if (bytes > 0)
        memcpy(fresh, items, bytes);
    return fresh;
}

#define COPY(list)                                                                                 \
    ((list).items = copy_items(arena, (list).items, (list).count * sizeof *(list).items))

static void begin_writing(struct writer *writer, struct base_arena *arena,
                          const struct ir_code *code, const struct ir_tables *tables)
{
    *writer = (struct writer){.arena = arena, .code = code, .tables = *tables};
    COPY(writer->tables.settings);
    COPY(writer->tables.outputs);
    COPY(writer->tables.checks);
    COPY(writer->tables.exports);
    COPY(writer->tables.names);
    COPY(writer->tables.notes);
    COPY(writer->tables.pieces);
    writer->used = base_alloc(arena, code->count + 1);
    writer->numbers = base_alloc(arena, (code->count + 1) * sizeof *writer->numbers);
    writer->kept = base_alloc(arena, (code->count + 1) * sizeof *writer->kept);
}

/* Offsets of sections are multiples of 8, the alignment of their elements. */
static size_t round_to_8(size_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

struct section {
    const void *items;
    size_t count, size;
};

/* Header, then the sections in order, each at a multiple of 8. */
static void lay_out(struct writer *writer, struct ir_bytes *bytes)
{
    const struct ir_tables *t = &writer->tables;
    const struct section sections[IMAGE_SECTIONS] = {
        [IMAGE_STRINGS] = {writer->code->strings.items, writer->code->strings.count, 1},
        [IMAGE_CODE] = {writer->kept, writer->kept_count, sizeof *writer->kept},
        [IMAGE_INPUTS] = {t->inputs.items, t->inputs.count, sizeof *t->inputs.items},
        [IMAGE_SOURCES] = {t->sources.items, t->sources.count, sizeof *t->sources.items},
        [IMAGE_WORDS] = {t->words.items, t->words.count, sizeof *t->words.items},
        [IMAGE_SETTINGS] = {t->settings.items, t->settings.count, sizeof *t->settings.items},
        [IMAGE_OUTPUTS] = {t->outputs.items, t->outputs.count, sizeof *t->outputs.items},
        [IMAGE_CHECKS] = {t->checks.items, t->checks.count, sizeof *t->checks.items},
        [IMAGE_EXPORTS] = {t->exports.items, t->exports.count, sizeof *t->exports.items},
        [IMAGE_NAMES] = {t->names.items, t->names.count, sizeof *t->names.items},
        [IMAGE_NOTES] = {t->notes.items, t->notes.count, sizeof *t->notes.items},
        [IMAGE_DOCUMENTS] = {t->documents.items, t->documents.count, sizeof *t->documents.items},
        [IMAGE_PIECES] = {t->pieces.items, t->pieces.count, sizeof *t->pieces.items},
    };
    size_t length = round_to_8(sizeof(struct image_header));
    for (int s = 0; s < IMAGE_SECTIONS; s++)
        length += round_to_8(sections[s].count * sections[s].size);
    char *data = base_alloc(writer->arena, length);
    struct image_header header = {.version = IMAGE_VERSION,
                                  .header_bytes = sizeof header,
                                  .file_bytes = (uint32_t)length,
                                  .rules = t->rules,
                                  .rules_hash = t->rules_hash};
    memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
    size_t offset = round_to_8(sizeof header);
    for (int s = 0; s < IMAGE_SECTIONS; s++) {
        header.sections[s].offset = (uint32_t)offset;
        header.sections[s].count = (uint32_t)sections[s].count;
        if (sections[s].count > 0)
            memcpy(data + offset, sections[s].items, sections[s].count * sections[s].size);
        offset += round_to_8(sections[s].count * sections[s].size);
    }
    BASE_ASSERT(offset == length);
    memcpy(data, &header, sizeof header);
    /* The checksum covers the header too, with the checksum itself as zero. */
    header.checksum = image_checksum(data, length);
    memcpy(data, &header, sizeof header);
    *bytes = (struct ir_bytes){data, length};
}

/* A sentence about a table that exceeds the runner's limits; null if none does. */
static const char *find_excess(struct base_arena *arena, const struct ir_tables *tables)
{
    const struct {
        size_t count, limit;
        const char *what;
    } rows[] = {{tables->outputs.count, LIMIT_FLAGS, "settings in one config"},
                {tables->settings.count, LIMIT_SETTINGS, "settings in their catalogues"},
                {tables->documents.count, LIMIT_DOCUMENTS, "files written at start"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].count > rows[i].limit)
            return base_format(arena, "the rules have %zu %s; the runner takes at most %zu",
                               rows[i].count, rows[i].what, rows[i].limit);
    return NULL;
}

bool ir_write_image(struct base_arena *arena, const struct ir_code *code,
                    const struct ir_tables *tables, uint32_t *roots, size_t root_count,
                    struct ir_bytes *bytes, const char **why)
{
    struct writer writer;
    begin_writing(&writer, arena, code, tables);
    each_slot(&writer, visit_mark);
    for (size_t i = 0; i < root_count; i++)
        mark_used(&writer, roots[i]);
    mark_operands(&writer);
    renumber(&writer);
    each_slot(&writer, visit_rewrite);
    for (size_t i = 0; i < root_count; i++)
        visit_rewrite(&writer, &roots[i]);
    lay_out(&writer, bytes);
    if (writer.kept_count > LIMIT_SLOTS || bytes->length > LIMIT_IMAGE_BYTES) {
        *why = base_format(arena,
                           "the rules compile to %u instructions and %zu bytes (limits: %d and %d)",
                           writer.kept_count, bytes->length, LIMIT_SLOTS, LIMIT_IMAGE_BYTES);
        return false;
    }
    *why = find_excess(arena, tables);
    if (*why != NULL)
        return false;
    struct image image;
    struct image_refusal refusal;
    if (image_open(bytes->data, bytes->length, &image, &refusal) && vm_verify(&image, &refusal))
        return true;
    *why = base_format(
        arena,
        "internal error: the compiled image fails verification (%s, byte %zu); please report this",
        refusal.reason, refusal.offset);
    return false;
}
