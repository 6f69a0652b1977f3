/* A small assembler of images for tests: tables of fixed size that are filled by hand, and
 * assemble_build, which lays them out as the format requires. It knows nothing of the compiler, so
 * that a mistake there cannot hide one in the verifier. */
#ifndef AZA_TESTS_ASSEMBLE_H
#define AZA_TESTS_ASSEMBLE_H

#include <stdlib.h>
#include <string.h>

#include "vm/vm.h"

struct assembler {
    char strings[32768];
    struct image_instruction code[8192];
    struct image_input inputs[32];
    struct image_source sources[16];
    uint32_t words[32];
    struct image_setting settings[16];
    struct image_output outputs[16];
    struct image_check checks[8];
    struct image_export exports[4];
    struct image_name names[32];
    struct image_note notes[16];
    struct image_document documents[8];
    uint32_t pieces[16];
    uint32_t counts[IMAGE_SECTIONS];
    _Alignas(8) char bytes[256 * 1024];
    size_t length;
};

static inline void assemble_begin(struct assembler *a)
{
    memset(a, 0, sizeof *a);
    a->counts[IMAGE_STRINGS] = 1;
}

static inline void assemble_expect(bool fits)
{
    if (!fits)
        abort();
}

/* The offset of an interned string. */
static inline uint32_t assemble_string(struct assembler *a, const char *text)
{
    uint32_t *used = &a->counts[IMAGE_STRINGS];
    for (uint32_t at = 0; at < *used; at += (uint32_t)strlen(a->strings + at) + 1)
        if (strcmp(a->strings + at, text) == 0)
            return at;
    const uint32_t offset = *used;
    assemble_expect(offset + strlen(text) + 1 <= sizeof a->strings);
    strcpy(a->strings + offset, text);
    *used += (uint32_t)strlen(text) + 1;
    return offset;
}

/* Adds one element and answers its index. */
#define ASSEMBLE_ADD(a, section, table, ...)                                                       \
    (assemble_expect((a)->counts[section] < sizeof(a)->table / sizeof *(a)->table),                \
     (a)->table[(a)->counts[section]] = __VA_ARGS__, (a)->counts[section]++)

static inline uint16_t assemble_emit(struct assembler *a, enum image_opcode op,
                                     enum image_kind kind, uint16_t b, uint16_t c, uint16_t d,
                                     int64_t immediate)
{
    return (uint16_t)ASSEMBLE_ADD(
        a, IMAGE_CODE, code,
        (struct image_instruction){(uint8_t)op, (uint8_t)kind, b, c, d, immediate});
}

static inline uint16_t assemble_constant(struct assembler *a, enum image_kind kind, int64_t value)
{
    return assemble_emit(a, IMAGE_OP_CONST, kind, 0, 0, 0, value);
}

static inline uint16_t assemble_text(struct assembler *a, enum image_kind kind, const char *text)
{
    return assemble_constant(a, kind, assemble_string(a, text));
}

/* Makes size and checksum right again after bytes were changed. */
static inline void assemble_seal(char *bytes, size_t length)
{
    struct image_header *header = (struct image_header *)(void *)bytes;
    header->file_bytes = (uint32_t)length;
    header->checksum = image_checksum(bytes, length);
}

static inline void assemble_build(struct assembler *a)
{
    const struct {
        const void *items;
        size_t size;
    } tables[IMAGE_SECTIONS] = {
        [IMAGE_STRINGS] = {a->strings, 1},
        [IMAGE_CODE] = {a->code, sizeof *a->code},
        [IMAGE_INPUTS] = {a->inputs, sizeof *a->inputs},
        [IMAGE_SOURCES] = {a->sources, sizeof *a->sources},
        [IMAGE_WORDS] = {a->words, sizeof *a->words},
        [IMAGE_SETTINGS] = {a->settings, sizeof *a->settings},
        [IMAGE_OUTPUTS] = {a->outputs, sizeof *a->outputs},
        [IMAGE_CHECKS] = {a->checks, sizeof *a->checks},
        [IMAGE_EXPORTS] = {a->exports, sizeof *a->exports},
        [IMAGE_NAMES] = {a->names, sizeof *a->names},
        [IMAGE_NOTES] = {a->notes, sizeof *a->notes},
        [IMAGE_DOCUMENTS] = {a->documents, sizeof *a->documents},
        [IMAGE_PIECES] = {a->pieces, sizeof *a->pieces},
    };
    struct image_header header = {.version = IMAGE_VERSION,
                                  .header_bytes = sizeof header,
                                  .rules = assemble_string(a, "rules/main.azr"),
                                  .rules_hash = UINT64_C(0x0123456789abcdef)};
    memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
    memset(a->bytes, 0, sizeof a->bytes);
    a->length = sizeof header;
    for (int s = 0; s < IMAGE_SECTIONS; s++) {
        const size_t size = a->counts[s] * tables[s].size;
        header.sections[s] = (struct image_range){(uint32_t)a->length, a->counts[s]};
        assemble_expect(a->length + size + 8 <= sizeof a->bytes);
        memcpy(a->bytes + a->length, tables[s].items, size);
        a->length = (a->length + size + 7) / 8 * 8;
    }
    memcpy(a->bytes, &header, sizeof header);
    assemble_seal(a->bytes, a->length);
}

#endif
