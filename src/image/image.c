/* The frame of an image, and finding things in one.
 *
 * azb_open believes nothing: it looks at a byte only after checking that the byte is there, and it
 * leaves everything inside the sections to azv_verify. */
#include <string.h>

#include "image/image.h"

static const struct {
    uint32_t element; /* bytes */
    uint32_t limit;   /* elements; the runner's arrays have this size */
} shapes[AZB_SECTIONS] = {
    [AZB_STRINGS] = {1, AZA_IMAGE_BYTES_MAX},
    [AZB_CODE] = {sizeof(struct azb_instruction), AZA_SLOTS_MAX},
    [AZB_INPUTS] = {sizeof(struct azb_input), AZA_INPUTS_MAX},
    [AZB_SOURCES] = {sizeof(struct azb_source), AZA_SOURCES_MAX},
    [AZB_WORDS] = {sizeof(uint32_t), AZA_IMAGE_BYTES_MAX},
    [AZB_SETTINGS] = {sizeof(struct azb_setting), AZA_SETTINGS_MAX},
    [AZB_OUTPUTS] = {sizeof(struct azb_output), AZA_FLAGS_MAX},
    [AZB_CHECKS] = {sizeof(struct azb_check), AZA_IMAGE_BYTES_MAX},
    [AZB_EXPORTS] = {sizeof(struct azb_export), AZA_IMAGE_BYTES_MAX},
    [AZB_NAMES] = {sizeof(struct azb_name), AZA_IMAGE_BYTES_MAX},
    [AZB_NOTES] = {sizeof(struct azb_note), AZA_IMAGE_BYTES_MAX},
    [AZB_DOCUMENTS] = {sizeof(struct azb_document), AZA_DOCUMENTS_MAX},
    [AZB_PIECES] = {sizeof(uint32_t), AZA_IMAGE_BYTES_MAX},
};

/* The structs are the file: padding that a compiler chose would be part of the format. */
_Static_assert(sizeof(struct azb_header) == 32 + 8 * AZB_SECTIONS, "packed");
_Static_assert(sizeof(struct azb_instruction) == 16, "packed");
_Static_assert(sizeof(struct azb_input) == 88, "packed");
_Static_assert(sizeof(struct azb_source) == 24, "packed");
_Static_assert(sizeof(struct azb_setting) == 64, "packed");
_Static_assert(sizeof(struct azb_output) == 16, "packed");
_Static_assert(sizeof(struct azb_check) == 16, "packed");
_Static_assert(sizeof(struct azb_export) == 8, "packed");
_Static_assert(sizeof(struct azb_name) == 36, "packed");
_Static_assert(sizeof(struct azb_note) == 24, "packed");
_Static_assert(sizeof(struct azb_document) == 20, "packed");
_Static_assert(offsetof(struct azb_header, checksum) % 8 == 0, "the low half of a word");

static bool refuse(struct azb_refusal *refusal, const char *reason, size_t offset)
{
    *refusal = (struct azb_refusal){reason, offset};
    return false;
}

/* Every step is one to one in the word it takes in, so one changed word always changes the sum; the
 * fold loses that in one case of four thousand million. */
uint32_t azb_checksum(const void *bytes, size_t length)
{
    const char *at = bytes;
    uint64_t sum = AZA_HASH_SEED;
    for (size_t offset = 0; offset < length; offset += sizeof sum) {
        uint64_t word;
        memcpy(&word, at + offset, sizeof word);
        if (offset == offsetof(struct azb_header, checksum))
            word &= ~(uint64_t)UINT32_MAX;
        sum = (sum ^ word) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(sum ^ sum >> 32);
}

static bool check_header(const struct azb_header *header, size_t length,
                         struct azb_refusal *refusal)
{
    if (length < sizeof *header || length > AZA_IMAGE_BYTES_MAX || length % 8 != 0)
        return refuse(refusal, "size", 0);
    if (!aza_span_is((struct aza_span){header->magic, sizeof header->magic}, AZB_MAGIC))
        return refuse(refusal, "magic", 0);
    if (header->version != AZB_VERSION)
        return refuse(refusal, "version", offsetof(struct azb_header, version));
    if (header->header_bytes != sizeof *header)
        return refuse(refusal, "size", offsetof(struct azb_header, header_bytes));
    if (header->file_bytes != length)
        return refuse(refusal, "size", offsetof(struct azb_header, file_bytes));
    if (header->checksum != azb_checksum(header, length))
        return refuse(refusal, "checksum", offsetof(struct azb_header, checksum));
    return true;
}

/* The sections fill the file: each begins where the one before it ends, rounded up to 8. */
static bool check_sections(const struct azb_header *header, struct azb_refusal *refusal)
{
    uint64_t end = sizeof *header;
    for (size_t section = 0; section < AZB_SECTIONS; section++) {
        const struct azb_range *range = &header->sections[section];
        const size_t here = (size_t)((const char *)range - (const char *)header);
        if (range->offset != end)
            return refuse(refusal, "section", here + offsetof(struct azb_range, offset));
        if (range->count > shapes[section].limit)
            return refuse(refusal, "limit", here + offsetof(struct azb_range, count));
        end = (end + (uint64_t)range->count * shapes[section].element + 7) & ~UINT64_C(7);
        if (end > header->file_bytes)
            return refuse(refusal, "section", here + offsetof(struct azb_range, count));
    }
    return end == header->file_bytes || refuse(refusal, "size", end);
}

bool azb_open(const void *bytes, size_t length, struct azb_image *image,
              struct azb_refusal *refusal)
{
    const struct azb_header *header = bytes;
    if (!check_header(header, length, refusal) || !check_sections(header, refusal))
        return false;

    *image = (struct azb_image){.header = header};
#define VIEW(section, items, number)                                                               \
    image->items = (const void *)((const char *)bytes + header->sections[section].offset);         \
    image->number = header->sections[section].count
    VIEW(AZB_STRINGS, strings, string_bytes);
    VIEW(AZB_CODE, code, code_count);
    VIEW(AZB_INPUTS, inputs, input_count);
    VIEW(AZB_SOURCES, sources, source_count);
    VIEW(AZB_WORDS, words, word_count);
    VIEW(AZB_SETTINGS, settings, setting_count);
    VIEW(AZB_OUTPUTS, outputs, output_count);
    VIEW(AZB_CHECKS, checks, check_count);
    VIEW(AZB_EXPORTS, exports, export_count);
    VIEW(AZB_NAMES, names, name_count);
    VIEW(AZB_NOTES, notes, note_count);
    VIEW(AZB_DOCUMENTS, documents, document_count);
    VIEW(AZB_PIECES, pieces, piece_count);
#undef VIEW
    return true;
}

static unsigned lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned)(c - 'A' + 'a') : (unsigned char)c;
}

int azb_compare_names(struct aza_span a, struct aza_span b)
{
    for (size_t i = 0; i < a.length && i < b.length; i++)
        if (lower(a.start[i]) != lower(b.start[i]))
            return lower(a.start[i]) < lower(b.start[i]) ? -1 : 1;
    return (a.length > b.length) - (a.length < b.length);
}

uint32_t azb_find_setting(const struct azb_image *image, struct aza_span name)
{
    uint32_t low = 0, high = image->setting_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const char *candidate = azb_string(image, image->settings[middle].name);
        const int order = azb_compare_names(name, aza_span_of(candidate));
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return AZB_NONE;
}

/* What stands after the first dot of "runtime.work_mem"; the whole name where there is none. */
static struct aza_span without_config(struct aza_span name)
{
    for (size_t i = 0; i < name.length; i++)
        if (name.start[i] == '.')
            return (struct aza_span){name.start + i + 1, name.length - i - 1};
    return name;
}

uint32_t azb_find_name(const struct azb_image *image, struct aza_span name)
{
    uint32_t loose = AZB_NONE;
    for (uint32_t i = 0; i < image->name_count; i++) {
        if (image->names[i].class == AZB_NAME_CHECK)
            continue;
        const struct aza_span candidate = aza_span_of(azb_string(image, image->names[i].name));
        if (azb_compare_names(name, candidate) == 0)
            return i;
        if (loose == AZB_NONE && azb_compare_names(name, without_config(candidate)) == 0)
            loose = i;
    }
    /* Settings of the emitted config stand here by their own names; rules write them with it. */
    const struct aza_span own = without_config(name);
    if (loose == AZB_NONE && own.length < name.length)
        return azb_find_name(image, own);
    return loose;
}

const struct azb_unit azb_units[AZB_UNITS] = {
#define X(word, kind, base) {word, AZB_##kind, base},
#include "units.def"
#undef X
};

const char *azb_mnemonic(unsigned op)
{
    static const char *const mnemonics[AZB_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate) mnemonic,
#include "opcodes.def"
#undef X
    };
    return op < AZB_OPCODES ? mnemonics[op] : "?";
}

const char *azb_kind_word(unsigned kind)
{
    static const char *const words[AZB_KINDS] = {
#define X(name, word, number) word,
#include "kinds.def"
#undef X
    };
    return kind < AZB_KINDS ? words[kind] : "?";
}

bool azb_is_number(unsigned kind)
{
    static const bool numbers[AZB_KINDS] = {
#define X(name, word, number) number,
#include "kinds.def"
#undef X
    };
    return kind < AZB_KINDS && numbers[kind];
}
