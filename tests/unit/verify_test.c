/* The verifier on tables: for every check an image that it refuses, with the reason and the place,
 * and every byte of a good image changed. */
#include "../check.h"
#include "drive.h"
#include "probe/probe.h"
#include "sample.h"

static struct assembler a;
static struct drive d;

/* The bytes under test are a copy of the sample's, so that each test begins with good ones. */
static _Alignas(8) char bytes[LIMIT_IMAGE_BYTES + 8];

static void restore(void)
{
    memcpy(bytes, a.bytes, a.length);
}

static struct image_header *header(void)
{
    return (struct image_header *)(void *)bytes;
}

static bool refused(size_t length, const char *reason, size_t offset)
{
    return drive_refused(&d, bytes, length, reason, offset);
}

static void test_good(void)
{
    restore();
    CHECK(drive(&d, bytes, a.length));
    CHECK(!d.sink.overflow);
    for (unsigned op = 0; op < IMAGE_OPCODES; op++) {
        bool found = false;
        for (uint32_t n = 0; n < d.image.code_count; n++)
            found |= d.image.code[n].op == op;
        CHECK(found);
    }
    static char first[sizeof d.output];
    memcpy(first, d.output, d.sink.length + 1);
    CHECK(drive(&d, bytes, a.length));
    CHECK_TEXT(d.output, first);
}

/* --- strings --- */

#define HEADER(field) offsetof(struct image_header, field)

static void test_strings(void)
{
    restore();
    const uint32_t start = header()->sections[IMAGE_STRINGS].offset;
    const uint32_t count = header()->sections[IMAGE_STRINGS].count;
    static const struct {
        bool last;
        char byte;
        bool good;
    } cases[] = {{true, 'x', false},     {false, '\x01', false}, {false, '\x1b', false},
                 {false, '\x7f', false}, {false, '\r', false},   {false, '\n', true},
                 {false, '\t', true},    {false, '\xc3', true},  {false, '~', true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        restore();
        const size_t at = start + (cases[i].last ? count - 1 : 2);
        bytes[at] = cases[i].byte;
        assemble_seal(bytes, a.length);
        CHECK(cases[i].good ? drive_verify(&d, bytes, a.length) : refused(a.length, "string", at));
    }
    restore();
    bytes[start] = 'x';
    assemble_seal(bytes, a.length);
    CHECK(refused(a.length, "string", start));

    restore();
    header()->rules = a.counts[IMAGE_STRINGS];
    assemble_seal(bytes, a.length);
    CHECK(refused(a.length, "string", HEADER(rules)));

    /* An image of nothing at all, not even the empty string. */
    struct image_header empty = {.version = IMAGE_VERSION, .header_bytes = sizeof empty};
    memcpy(empty.magic, IMAGE_MAGIC, sizeof empty.magic);
    for (int s = 0; s < IMAGE_SECTIONS; s++)
        empty.sections[s].offset = sizeof empty;
    memcpy(bytes, &empty, sizeof empty);
    assemble_seal(bytes, sizeof empty);
    CHECK(refused(sizeof empty, "string", HEADER(sections) + 4));
}

/* --- every field of every table --- */

/* In the sample, the field of one element is set to a value and the image must be refused for the
 * reason, at that field or, where it is a pair that does not fit, at `at`. */
struct patch {
    enum image_section section;
    uint32_t index;
    size_t size, offset, width;
    int64_t value;
    const char *reason;
    size_t at;
};

#define FIELD(type, field)                                                                         \
    sizeof(struct type), offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define PATCH_AT(section, index, type, field, value, reason, at)                                   \
    {                                                                                              \
        IMAGE_##section, index, FIELD(type, field), value, reason, offsetof(struct type, at)       \
    }
#define PATCH(section, index, type, field, value, reason)                                          \
    PATCH_AT(section, index, type, field, value, reason, field)

#define NO_STRING 0x7fffffff
#define SOURCE(index, field, value, reason)                                                        \
    PATCH(SOURCES, index, image_source, field, value, reason)
#define INPUT(index, field, value, reason) PATCH(INPUTS, index, image_input, field, value, reason)
#define SETTING(index, field, value, reason)                                                       \
    PATCH(SETTINGS, index, image_setting, field, value, reason)
#define OUTPUT(field, value, reason)      PATCH(OUTPUTS, 1, image_output, field, value, reason)
#define JUDGE(field, value, reason)       PATCH(CHECKS, 1, image_check, field, value, reason)
#define EXPORT(field, value, reason)      PATCH(EXPORTS, 0, image_export, field, value, reason)
#define NAME(field, value, reason)        PATCH(NAMES, 2, image_name, field, value, reason)
#define NOTE(index, field, value, reason) PATCH(NOTES, index, image_note, field, value, reason)
#define DOCUMENT(index, field, value, reason)                                                      \
    PATCH(DOCUMENTS, index, image_document, field, value, reason)
#define PIECE(index, value, reason)                                                                \
    {                                                                                              \
        IMAGE_PIECES, index, sizeof(uint32_t), 0, sizeof(uint32_t), value, reason, 0               \
    }

/* Slots and strings of the sample by what they hold; `meaning` finds them. */
enum {
    A_BOOL = -100,
    A_VOID_BOOL,
    A_TEXT,
    A_VOID_TEXT,
    A_NUMBER,
    A_LEVEL,
    NO_SLOT,
    NAME_MEMORY,
    NAME_MINIMAL,
    NAME_EARLY,
    NAME_ODD,
    NAME_RELATIVE,
    NAME_DIRECTORY,
    NAME_TWO_LINES,
    NAME_LONG,
    NAME_DASH,
    NAME_POOLER,
    A_SECRET
};

static const struct patch patches[] = {
    {IMAGE_WORDS, 1, sizeof(uint32_t), 0, sizeof(uint32_t), NO_STRING, "string", 0},
    SOURCE(0, class, 3, "class"),
    SOURCE(0, reserved[0], 1, "reserved"),
    SOURCE(0, reserved[2], 1, "reserved"),
    SOURCE(0, name, NO_STRING, "string"),
    SOURCE(0, name, 0, "empty"),
    SOURCE(0, unit, -1, "unit"),
    SOURCE(0, label, NO_STRING, "string"),
    SOURCE(0, label, 0, "empty"),
    SOURCE(0, warning, NO_STRING, "string"),
    SOURCE(1, name, NAME_MEMORY, "probe"),

    INPUT(SAMPLE_MEMORY, name, NO_STRING, "string"),
    INPUT(SAMPLE_MEMORY, name, 0, "empty"),
    INPUT(SAMPLE_MEMORY, class, 3, "class"),
    INPUT(SAMPLE_MEMORY, kind, IMAGE_KINDS, "kind"),
    INPUT(SAMPLE_MEMORY, optional, 2, "flag"),
    INPUT(SAMPLE_MEMORY, has_default, 2, "flag"),
    INPUT(SAMPLE_MEMORY, sources, 8, "source"),
    INPUT(SAMPLE_MEMORY, sources, -1, "source"),
    PATCH_AT(INPUTS, SAMPLE_MEMORY, image_input, source_count, 8, "source", sources),
    PATCH_AT(INPUTS, SAMPLE_MEMORY, image_input, source_count, -1, "source", sources),
    INPUT(SAMPLE_MEMORY, member_count, 1, "member"),
    INPUT(SAMPLE_WORKLOAD, member_count, 0, "member"),
    PATCH_AT(INPUTS, SAMPLE_WORKLOAD, image_input, member_count, 7, "member", members),
    INPUT(SAMPLE_WORKLOAD, members, 4, "member"),
    INPUT(SAMPLE_WORKLOAD, members, 7, "member"),
    PATCH_AT(INPUTS, SAMPLE_MEMORY, image_input, high, 0, "range", low),
    INPUT(SAMPLE_MEMORY, fallback, 0, "range"),
    INPUT(SAMPLE_MEMORY, fallback, INT64_MAX, "range"),
    INPUT(SAMPLE_DISK, fallback, 1, "constant"),
    INPUT(SAMPLE_WORKLOAD, fallback, 0, "member"),
    INPUT(SAMPLE_WORKLOAD, fallback, NAME_MINIMAL, "member"),
    INPUT(SAMPLE_AUTOMATIC, fallback, 2, "constant"),
    INPUT(SAMPLE_LIBRARIES, fallback, NO_STRING, "constant"),
    INPUT(SAMPLE_LIBRARIES, fallback, -1, "constant"),
    INPUT(SAMPLE_MEMORY, below.policy, 4, "policy"),
    INPUT(SAMPLE_MEMORY, above.policy, 4, "policy"),
    INPUT(SAMPLE_MEMORY, missing.policy, 4, "policy"),
    INPUT(SAMPLE_MEMORY, invalid.policy, 4, "policy"),
    INPUT(SAMPLE_MEMORY, missing.policy, IMAGE_CLAMP, "policy"),
    INPUT(SAMPLE_MEMORY, invalid.policy, IMAGE_CLAMP, "policy"),
    INPUT(SAMPLE_AUTOMATIC, below.policy, IMAGE_CLAMP, "policy"),
    INPUT(SAMPLE_DISK, below.policy, IMAGE_USE, "policy"),
    INPUT(SAMPLE_MEMORY, below.reserved[0], 1, "reserved"),
    INPUT(SAMPLE_MEMORY, invalid.reserved[2], 1, "reserved"),
    INPUT(SAMPLE_MEMORY, above.message, NO_STRING, "string"),
    INPUT(SAMPLE_MEMORY, doc, NO_STRING, "string"),
    INPUT(SAMPLE_MEMORY, name_entry, 13, "name"),
    INPUT(SAMPLE_MEMORY, name_entry, -1, "name"),
    INPUT(SAMPLE_PASSWORD, name_entry, 13, "name"),

    SETTING(SAMPLE_COST, name, NO_STRING, "string"),
    SETTING(SAMPLE_COST, name, 0, "empty"),
    SETTING(SAMPLE_COST, name, NAME_EARLY, "order"),
    SETTING(SAMPLE_COST, kind, IMAGE_KINDS, "kind"),
    SETTING(SAMPLE_COST, flags, 4, "flag"),
    SETTING(SAMPLE_COST, reserved, 1, "reserved"),
    SETTING(SAMPLE_COST, unit, 0, "unit"),
    SETTING(SAMPLE_COST, grain, 0, "grain"),
    PATCH_AT(SETTINGS, SAMPLE_COST, image_setting, high, -1, "range", low),
    SETTING(SAMPLE_COST, member_count, 1, "member"),
    SETTING(SAMPLE_WAL_LEVEL, member_count, 0, "member"),
    SETTING(SAMPLE_WAL_LEVEL, members, 4, "member"),
    SETTING(SAMPLE_WAL_BUFFERS, since, 200000, "range"),
    SETTING(SAMPLE_COST, slot, 0, "slot"),
    SETTING(SAMPLE_COST, slot, A_LEVEL, "slot"),
    SETTING(SAMPLE_COST, slot, NO_SLOT, "slot"),
    SETTING(SAMPLE_COST, library, NO_STRING, "string"),

    OUTPUT(setting, 9, "setting"),
    PATCH_AT(OUTPUTS, 1, image_output, setting, 0, "slot", slot),
    OUTPUT(slot, 0, "slot"),
    OUTPUT(slot, NO_SLOT, "slot"),
    OUTPUT(name, 13, "name"),
    OUTPUT(is_static, 2, "flag"),

    JUDGE(class, 3, "class"),
    JUDGE(condition, NO_SLOT, "slot"),
    JUDGE(condition, A_NUMBER, "kind"),
    JUDGE(condition, A_VOID_BOOL, "void"),
    JUDGE(message, NO_SLOT, "slot"),
    JUDGE(message, A_BOOL, "kind"),
    JUDGE(message, A_VOID_TEXT, "void"),
    JUDGE(name, 13, "name"),

    EXPORT(variable, NO_STRING, "string"),
    EXPORT(variable, 0, "empty"),
    EXPORT(variable, NAME_ODD, "export"),
    EXPORT(slot, NO_SLOT, "slot"),
    EXPORT(slot, A_BOOL, "kind"),

    NAME(name, NO_STRING, "string"),
    NAME(name, 0, "empty"),
    NAME(class, 4, "class"),
    NAME(slot, NO_SLOT, "slot"),
    NAME(slot, -1, "slot"),
    NAME(file, NO_STRING, "string"),
    NAME(doc, NO_STRING, "string"),
    NAME(formula, NO_STRING, "string"),
    NAME(notes, 1, "note"),
    NAME(notes, 7, "note"),
    PATCH_AT(NAMES, 2, image_name, note_count, 7, "note", notes),

    NOTE(0, class, 7, "class"),
    NOTE(0, group, 1, "group"),
    NOTE(2, group, 1, "group"),
    NOTE(3, group, 1, "group"),
    NOTE(4, group, 1, "group"),
    NOTE(0, text, NO_STRING, "string"),
    NOTE(0, a, NO_SLOT, "slot"),
    NOTE(0, b, 13, "name"),
    NOTE(1, a, NO_SLOT, "slot"),
    NOTE(1, a, A_NUMBER, "kind"),
    NOTE(1, b, NO_SLOT, "slot"),
    NOTE(2, a, A_NUMBER, "kind"),
    NOTE(3, b, -1, "slot"),
    NOTE(4, b, -1, "slot"),
    NOTE(4, b, NO_SLOT, "slot"),
    NOTE(5, a, A_TEXT, "kind"),
    NOTE(5, file, NO_STRING, "string"),

    /* A secret has no default, comes from no probe, and is a text. */
    INPUT(SAMPLE_PASSWORD, has_default, 1, "secret"),
    INPUT(SAMPLE_PASSWORD, kind, IMAGE_LIST, "secret"),
    PATCH_AT(INPUTS, SAMPLE_LIMIT, image_input, class, IMAGE_SECRET, "secret", kind),
    /* What is made from one is not shown. */
    JUDGE(message, A_SECRET, "secret"),
    EXPORT(slot, A_SECRET, "secret"),

    PIECE(0, NO_SLOT, "slot"),
    PIECE(0, A_BOOL, "kind"),
    PIECE(0, A_VOID_TEXT, "void"),
    DOCUMENT(0, path, NO_STRING, "string"),
    DOCUMENT(0, path, 0, "empty"),
    DOCUMENT(0, path, NAME_RELATIVE, "path"),
    DOCUMENT(0, path, NAME_DIRECTORY, "path"),
    DOCUMENT(0, path, NAME_TWO_LINES, "path"),
    DOCUMENT(0, path, NAME_LONG, "path"),
    DOCUMENT(0, command, NO_STRING, "string"),
    DOCUMENT(0, command, 0, "empty"),
    DOCUMENT(0, command, NAME_DIRECTORY, "command"),
    DOCUMENT(0, command, NAME_TWO_LINES, "command"),
    DOCUMENT(0, command, NAME_DASH, "command"),
    DOCUMENT(0, pieces, 4, "piece"),
    DOCUMENT(0, pieces, -1, "piece"),
    PATCH_AT(DOCUMENTS, 0, image_document, piece_count, 4, "piece", pieces),
    PATCH_AT(DOCUMENTS, 0, image_document, piece_count, -1, "piece", pieces),
    DOCUMENT(0, mode, 0644, "mode"),
    DOCUMENT(0, mode, 0660, "mode"),
    DOCUMENT(0, mode, 0601, "mode"),
    DOCUMENT(0, mode, 01600, "mode"),
    DOCUMENT(1, mode, 01644, "mode"),
    PATCH_AT(DOCUMENTS, 2, image_document, command, NAME_POOLER, "path", path),
};

static const char *long_path(void)
{
    static char path[LIMIT_PATH / 2 + 1];
    memset(path, 'x', LIMIT_PATH / 2);
    path[0] = '/';
    return path;
}

static int64_t meaning(int64_t value)
{
    switch (value) {
    case A_BOOL:
        return a.checks[1].condition;
    case A_VOID_BOOL:
        return a.settings[SAMPLE_AUTOVACUUM].slot;
    case A_TEXT:
        return a.checks[1].message;
    case A_VOID_TEXT:
        return a.settings[SAMPLE_CLUSTER_NAME].slot;
    case A_NUMBER:
        return 0;
    case A_LEVEL:
        return a.settings[SAMPLE_WAL_LEVEL].slot;
    case NO_SLOT:
        return a.counts[IMAGE_CODE];
    case NAME_MEMORY:
        return assemble_string(&a, "POSTGRES_MEMORY");
    case NAME_MINIMAL:
        return assemble_string(&a, "minimal");
    case NAME_EARLY:
        return assemble_string(&a, "autovacuum");
    case NAME_ODD:
        return assemble_string(&a, "NAME=VALUE");
    case NAME_RELATIVE:
        return assemble_string(&a, "statfs");
    case NAME_DIRECTORY:
        return assemble_string(&a, "/run/");
    case NAME_TWO_LINES:
        return assemble_string(&a, "/run/a\nb");
    case NAME_LONG:
        return assemble_string(&a, long_path());
    case NAME_DASH:
        return assemble_string(&a, "-c");
    case NAME_POOLER:
        return a.documents[0].command;
    case A_SECRET:
        return a.pieces[1];
    default:
        return value;
    }
}

static void test_patches(void)
{
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        const struct patch *patch = &patches[i];
        restore();
        const size_t element =
            header()->sections[patch->section].offset + patch->index * patch->size;
        const int64_t value = meaning(patch->value);
        memcpy(bytes + element + patch->offset, &value, patch->width);
        assemble_seal(bytes, a.length);
        const bool right = refused(a.length, patch->reason, element + patch->at);
        if (!right)
            fprintf(stderr, "patch %zu\n", i);
        CHECK(right);
    }
}

/* What stands at the edge of what is refused. */
static const struct patch harmless[] = {
    INPUT(SAMPLE_MEMORY, missing.policy, IMAGE_DEFAULT, NULL),
    INPUT(SAMPLE_MEMORY, below.policy, IMAGE_USE, NULL),
    INPUT(SAMPLE_MEMORY, fallback, INT64_C(512) << 20, NULL),
    INPUT(SAMPLE_MEMORY, fallback, INT64_C(1) << 40, NULL),
    INPUT(SAMPLE_MEMORY, sources, 5, NULL),
    INPUT(SAMPLE_COMMENT, optional, 0, NULL),
    INPUT(SAMPLE_PASSWORD, name_entry, 1, NULL),
    SETTING(SAMPLE_COST, slot, -1, NULL),
    SETTING(SAMPLE_COST, flags, 3, NULL),
    SETTING(SAMPLE_WAL_BUFFERS, since, 190000, NULL),
    SETTING(SAMPLE_COST, since, 190000, NULL),
    NAME(notes, 0, NULL),
    NOTE(0, b, -1, NULL),
    NOTE(1, group, 65535, NULL),
    NOTE(1, b, 0, NULL),
    EXPORT(slot, A_VOID_TEXT, NULL),
    JUDGE(class, 0, NULL),
    INPUT(SAMPLE_PASSWORD, optional, 1, NULL),
    PIECE(0, A_SECRET, NULL),
    DOCUMENT(0, mode, 0750, NULL),
    DOCUMENT(0, mode, 0, NULL),
    DOCUMENT(1, mode, 0777, NULL),
    DOCUMENT(0, piece_count, 0, NULL),
};

static void test_harmless(void)
{
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        const struct patch *patch = &harmless[i];
        restore();
        const int64_t value = meaning(patch->value);
        memcpy(bytes + header()->sections[patch->section].offset + patch->index * patch->size +
                   patch->offset,
               &value, patch->width);
        assemble_seal(bytes, a.length);
        CHECK(drive(&d, bytes, a.length));
    }
}

static void test_order(void)
{
    /* A name twice, and twice but for case. */
    static const char *const names[] = {"cluster_name", "CLUSTER_name", "cost"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct assembler *other = malloc(sizeof *other);
        *other = a;
        other->settings[SAMPLE_COST].name = assemble_string(other, names[i]);
        assemble_build(other);
        memcpy(bytes, other->bytes, other->length);
        const size_t at =
            header()->sections[IMAGE_SETTINGS].offset + SAMPLE_COST * sizeof(struct image_setting);
        CHECK(i == 2 ? drive(&d, bytes, other->length) : refused(other->length, "order", at));
        free(other);
    }
}

/* No machine can measure a secret. */
static void test_secret_sources(void)
{
    restore();
    struct image_input *input =
        (struct image_input *)(void *)(bytes + header()->sections[IMAGE_INPUTS].offset);
    const size_t sources = header()->sections[IMAGE_SOURCES].offset;
    input[SAMPLE_PASSWORD].sources = 4; /* installed_libraries, which is a text or a list */
    input[SAMPLE_PASSWORD].kind = IMAGE_LIST;
    assemble_seal(bytes, a.length);
    CHECK(refused(a.length, "secret", sources + 4 * sizeof(struct image_source)));
}

/* --- probes --- */

/* A source that is a probe must answer in the kind of its input. */
static void test_probes(void)
{
    static struct assembler other;
    for (unsigned probe = 0; probe < PROBE_COUNT; probe++)
        for (unsigned kind = 0; kind < IMAGE_KINDS; kind++) {
            assemble_begin(&other);
            const uint32_t name = assemble_string(&other, probe_word((enum probe)probe));
            ASSEMBLE_ADD(&other, IMAGE_WORDS, words, name);
            ASSEMBLE_ADD(
                &other, IMAGE_SOURCES, sources,
                (struct image_source){.class = IMAGE_FROM_PROBE, .name = name, .label = name});
            ASSEMBLE_ADD(&other, IMAGE_INPUTS, inputs,
                         (struct image_input){.name = name,
                                              .kind = (uint8_t)kind,
                                              .member_count = kind == IMAGE_ENUM,
                                              .source_count = 1,
                                              .name_entry = 0});
            assemble_constant(&other, IMAGE_INT, 0);
            ASSEMBLE_ADD(&other, IMAGE_NAMES, names, (struct image_name){.name = name});
            assemble_build(&other);
            const bool good = drive_verify(&d, other.bytes, other.length);
            CHECK(good == (probe_kind((enum probe)probe) == (enum image_kind)kind));
            CHECK(good || strcmp(d.refusal.reason, "probe") == 0);
        }
}

/* --- changed bytes --- */

/* Each byte of a good image changed, with the checksum made right again: whatever is not refused
 * runs, and prints. */
static void test_changes(void)
{
    size_t passed = 0, stopped = 0;
    for (size_t at = 0; at < a.length; at++) {
        static const char changes[] = {'\x01', '\x80', '\xff'};
        for (size_t i = 0; i < sizeof changes; i++) {
            restore();
            bytes[at] = (char)(bytes[at] ^ changes[i]);
            assemble_seal(bytes, a.length);
            drive(&d, bytes, a.length) ? passed++ : stopped++;
        }
    }
    CHECK(passed > a.length / 10);
    CHECK(stopped > a.length);
}

static void test_truncation(void)
{
    size_t passed = 0;
    for (size_t length = 0; length < a.length; length++) {
        restore();
        if (length >= sizeof(struct image_header))
            assemble_seal(bytes, length);
        passed += drive(&d, bytes, length);
    }
    CHECK(passed == 0);
}

/* Strings that patches name and the sample has no use for. */
static void add_strings(void)
{
    static const int names[] = {NAME_DIRECTORY, NAME_TWO_LINES, NAME_LONG, NAME_DASH};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        meaning(names[i]);
    assemble_build(&a);
}

int main(void)
{
    sample_build(&a);
    add_strings();
    test_good();
    test_strings();
    test_patches();
    test_harmless();
    test_order();
    test_secret_sources();
    test_probes();
    test_changes();
    test_truncation();
    return check_summary("verify");
}
