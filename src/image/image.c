/* The frame of an image: opening it, and finding settings and names in it.
 *
 * image_open trusts no byte: it reads a field only after checking that the field lies in the file,
 * in the order size, magic, version, checksum, sections, and leaves the content of the sections to
 * vm_verify. The sections must fill the file without gaps, in the order of their numbers, so an
 * image has no bytes that nothing refers to, and two files with the same content are equal.
 * Settings are sorted by name and found by binary search; names are few and searched one by one. */
#include <string.h>

#include "image/image.h"

static const struct {
    uint32_t element; /* bytes */
    uint32_t limit;   /* elements; the runner's arrays have this size */
} shapes[IMAGE_SECTIONS] = {
    [IMAGE_STRINGS] = {1, LIMIT_IMAGE_BYTES},
    [IMAGE_CODE] = {sizeof(struct image_instruction), LIMIT_SLOTS},
    [IMAGE_INPUTS] = {sizeof(struct image_input), LIMIT_INPUTS},
    [IMAGE_SOURCES] = {sizeof(struct image_source), LIMIT_SOURCES},
    [IMAGE_WORDS] = {sizeof(uint32_t), LIMIT_IMAGE_BYTES},
    [IMAGE_SETTINGS] = {sizeof(struct image_setting), LIMIT_SETTINGS},
    [IMAGE_OUTPUTS] = {sizeof(struct image_output), LIMIT_FLAGS},
    [IMAGE_CHECKS] = {sizeof(struct image_check), LIMIT_IMAGE_BYTES},
    [IMAGE_EXPORTS] = {sizeof(struct image_export), LIMIT_IMAGE_BYTES},
    [IMAGE_NAMES] = {sizeof(struct image_name), LIMIT_IMAGE_BYTES},
    [IMAGE_NOTES] = {sizeof(struct image_note), LIMIT_IMAGE_BYTES},
    [IMAGE_DOCUMENTS] = {sizeof(struct image_document), LIMIT_DOCUMENTS},
    [IMAGE_PIECES] = {sizeof(uint32_t), LIMIT_IMAGE_BYTES},
};

/* The structs are the file: padding that a compiler chose would be part of the format. */
_Static_assert(sizeof(struct image_header) == 32 + 8 * IMAGE_SECTIONS, "packed");
_Static_assert(sizeof(struct image_instruction) == 16, "packed");
_Static_assert(sizeof(struct image_input) == 88, "packed");
_Static_assert(sizeof(struct image_source) == 24, "packed");
_Static_assert(sizeof(struct image_setting) == 64, "packed");
_Static_assert(sizeof(struct image_output) == 16, "packed");
_Static_assert(sizeof(struct image_check) == 16, "packed");
_Static_assert(sizeof(struct image_export) == 8, "packed");
_Static_assert(sizeof(struct image_name) == 36, "packed");
_Static_assert(sizeof(struct image_note) == 24, "packed");
_Static_assert(sizeof(struct image_document) == 20, "packed");
_Static_assert(offsetof(struct image_header, checksum) % 8 == 0, "the low half of a word");

static bool refuse_image(struct image_refusal *refusal, const char *reason, size_t offset)
{
    *refusal = (struct image_refusal){reason, offset};
    return false;
}

/* Each step is a bijection of the sum for a given word, so changing one word always changes the
 * 64-bit sum; folded into 32 bits, one change in 2^32 is not noticed. */
uint32_t image_checksum(const void *bytes, size_t length)
{
    const char *at = bytes;
    uint64_t sum = BASE_HASH_SEED;
    for (size_t offset = 0; offset < length; offset += sizeof sum) {
        uint64_t word;
        memcpy(&word, at + offset, sizeof word);
        if (offset == offsetof(struct image_header, checksum))
            word &= ~(uint64_t)UINT32_MAX;
        sum = (sum ^ word) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(sum ^ sum >> 32);
}

static bool check_image_header(const struct image_header *header, size_t length,
                               struct image_refusal *refusal)
{
    if (length < sizeof *header || length > LIMIT_IMAGE_BYTES || length % 8 != 0)
        return refuse_image(refusal, "size", 0);
    if (!base_span_is((struct base_span){header->magic, sizeof header->magic}, IMAGE_MAGIC))
        return refuse_image(refusal, "magic", 0);
    if (header->version != IMAGE_VERSION)
        return refuse_image(refusal, "version", offsetof(struct image_header, version));
    if (header->header_bytes != sizeof *header)
        return refuse_image(refusal, "size", offsetof(struct image_header, header_bytes));
    if (header->file_bytes != length)
        return refuse_image(refusal, "size", offsetof(struct image_header, file_bytes));
    if (header->checksum != image_checksum(header, length))
        return refuse_image(refusal, "checksum", offsetof(struct image_header, checksum));
    return true;
}

/* The sections fill the file: each begins where the one before it ends, rounded up to 8. */
static bool check_section_table(const struct image_header *header, struct image_refusal *refusal)
{
    uint64_t end = sizeof *header;
    for (size_t section = 0; section < IMAGE_SECTIONS; section++) {
        const struct image_range *range = &header->sections[section];
        const size_t here = (size_t)((const char *)range - (const char *)header);
        if (range->offset != end)
            return refuse_image(refusal, "section", here + offsetof(struct image_range, offset));
        if (range->count > shapes[section].limit)
            return refuse_image(refusal, "limit", here + offsetof(struct image_range, count));
        end = (end + (uint64_t)range->count * shapes[section].element + 7) & ~UINT64_C(7);
        if (end > header->file_bytes)
            return refuse_image(refusal, "section", here + offsetof(struct image_range, count));
    }
    return end == header->file_bytes || refuse_image(refusal, "size", end);
}

bool image_open(const void *bytes, size_t length, struct image *image,
                struct image_refusal *refusal)
{
    const struct image_header *header = bytes;
    if (!check_image_header(header, length, refusal) || !check_section_table(header, refusal))
        return false;

    *image = (struct image){.header = header};
    /* The offsets are multiples of 8 and the file is aligned to 8, so every element is aligned. */
#define VIEW(section, items, number)                                                               \
    image->items = (const void *)((const char *)bytes + header->sections[section].offset);         \
    image->number = header->sections[section].count
    VIEW(IMAGE_STRINGS, strings, string_bytes);
    VIEW(IMAGE_CODE, code, code_count);
    VIEW(IMAGE_INPUTS, inputs, input_count);
    VIEW(IMAGE_SOURCES, sources, source_count);
    VIEW(IMAGE_WORDS, words, word_count);
    VIEW(IMAGE_SETTINGS, settings, setting_count);
    VIEW(IMAGE_OUTPUTS, outputs, output_count);
    VIEW(IMAGE_CHECKS, checks, check_count);
    VIEW(IMAGE_EXPORTS, exports, export_count);
    VIEW(IMAGE_NAMES, names, name_count);
    VIEW(IMAGE_NOTES, notes, note_count);
    VIEW(IMAGE_DOCUMENTS, documents, document_count);
    VIEW(IMAGE_PIECES, pieces, piece_count);
#undef VIEW
    return true;
}

int image_compare_names(struct base_span a, struct base_span b)
{
    for (size_t i = 0; i < a.length && i < b.length; i++) {
        const unsigned char x = (unsigned char)base_lower(a.start[i]),
                            y = (unsigned char)base_lower(b.start[i]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.length > b.length) - (a.length < b.length);
}

uint32_t image_find_setting(const struct image *image, struct base_span name)
{
    uint32_t low = 0, high = image->setting_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const char *candidate = image_string(image, image->settings[middle].name);
        const int order = image_compare_names(name, base_span_of(candidate));
        if (order == 0)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return IMAGE_NONE;
}

/* The part after the first dot of "runtime.work_mem"; the whole name where there is none. */
static struct base_span without_config(struct base_span name)
{
    for (size_t i = 0; i < name.length; i++)
        if (name.start[i] == '.')
            return (struct base_span){name.start + i + 1, name.length - i - 1};
    return name;
}

uint32_t image_find_name(const struct image *image, struct base_span name)
{
    uint32_t loose = IMAGE_NONE;
    for (uint32_t i = 0; i < image->name_count; i++) {
        if (image->names[i].class == IMAGE_NAME_CHECK)
            continue;
        const struct base_span candidate = base_span_of(image_string(image, image->names[i].name));
        if (image_compare_names(name, candidate) == 0)
            return i;
        if (loose == IMAGE_NONE && image_compare_names(name, without_config(candidate)) == 0)
            loose = i;
    }
    /* NAMES contains the settings of the emitted config without its name; the rules may write it.
     */
    const struct base_span own = without_config(name);
    if (loose == IMAGE_NONE && own.length < name.length)
        return image_find_name(image, own);
    return loose;
}

const struct image_unit image_units[IMAGE_UNITS] = {
#define X(word, kind, base) {word, IMAGE_##kind, base},
#include "units.def"
#undef X
};

static const struct {
    const char *word;
    bool number, text;
} kinds[IMAGE_KINDS] = {
#define X(name, word, number, text) {word, number, text},
#include "kinds.def"
#undef X
};

const char *image_kind_word(unsigned kind)
{
    return kind < IMAGE_KINDS ? kinds[kind].word : "?";
}

bool image_is_number(unsigned kind)
{
    return kind < IMAGE_KINDS && kinds[kind].number;
}

bool image_is_text(unsigned kind)
{
    return kind < IMAGE_KINDS && kinds[kind].text;
}
