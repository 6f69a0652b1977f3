/* The compiled form of a rule set: one flat file that is read in place.
 *
 * An image contains straight-line code, the tables it refers to, and what `explain` prints about
 * every value. It contains no pointers: tables refer to one another by index and to text by offset
 * into one string pool. image_open checks the frame (magic, version, sizes, checksum, section
 * table) and vm_verify (vm/vm.h) checks everything inside; no other function may be given an image
 * that has not passed both. docs/image-format.md shows the format; the structs below are the file's
 * bytes on a little-endian machine, and both programs are built for such machines only.
 *
 * Slots: instruction number n writes slot n, once. Operands name lower slots only. */
#ifndef AZA_IMAGE_IMAGE_H
#define AZA_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/base.h"
#include "image/opcode.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are read in place");

#define IMAGE_MAGIC   "azaimage"
#define IMAGE_VERSION 2
#define IMAGE_NONE    UINT32_MAX /* no such index */

/* Kinds of values. */
enum image_kind {
#define X(name, word, number, text) IMAGE_##name,
#include "kinds.def"
#undef X
    IMAGE_KINDS
};

/* Units of quantities, from grammar/units.def: smallest first within a kind. */
struct image_unit {
    const char *word;
    enum image_kind kind;
    int64_t base; /* base units of the kind in one */
};
enum {
#define X(word, kind, base) +1
    IMAGE_UNITS = 0
#include "units.def"
#undef X
};
extern const struct image_unit image_units[IMAGE_UNITS];

/* The sections, in the order in which they lie in the file. */
enum image_section {
    IMAGE_STRINGS, /* char: terminated strings; the first is empty */
    IMAGE_CODE,    /* struct image_instruction */
    IMAGE_INPUTS,  /* struct image_input */
    IMAGE_SOURCES, /* struct image_source */
    IMAGE_WORDS, /* uint32_t string offsets: enum members and lists, runs named by (first, count) */
    IMAGE_SETTINGS,  /* struct image_setting, sorted by name without regard to case */
    IMAGE_OUTPUTS,   /* struct image_output: what the flags hold, in order */
    IMAGE_CHECKS,    /* struct image_check */
    IMAGE_EXPORTS,   /* struct image_export */
    IMAGE_NAMES,     /* struct image_name */
    IMAGE_NOTES,     /* struct image_note */
    IMAGE_DOCUMENTS, /* struct image_document: files written before a command starts */
    IMAGE_PIECES,    /* uint32_t slots of kind TEXT: what documents hold */
    IMAGE_SECTIONS
};

struct image_range {
    uint32_t offset; /* bytes from the start of the file: the end of the section before, or of the
                        header, rounded up to a multiple of 8 */
    uint32_t count;  /* elements (bytes in STRINGS) */
};

struct image_header {
    char magic[8];
    uint16_t version;
    uint16_t header_bytes;
    uint32_t file_bytes;
    uint32_t checksum;   /* image_checksum of the file */
    uint32_t rules;      /* string: name of the main rules file */
    uint64_t rules_hash; /* FNV-1a of every rules file and included file, in order */
    struct image_range sections[IMAGE_SECTIONS];
};

/*   0    1      2    4    6    8
 *   +----+------+----+----+----+-----------+
 *   | op | kind | a  | b  | c  | immediate |     kind: of the value it writes
 *   +----+------+----+----+----+-----------+ */
struct image_instruction {
    uint8_t op;
    uint8_t kind;
    uint16_t a, b, c;
    int64_t immediate;
};

/* A secret is a text that comes from the environment or a file, may always be missing, and may be
 * read by instructions only: nothing that is shown, exported or handed over as a flag can be made
 * from one. */
enum image_input_class { IMAGE_FACT, IMAGE_OPTION, IMAGE_SECRET };

/* What to do with a value that cannot be used. */
enum image_policy {
    IMAGE_REFUSE,  /* stop with the message; exit 78 */
    IMAGE_CLAMP,   /* take the nearest bound, and warn */
    IMAGE_DEFAULT, /* warn, and go on as if it had not been given */
    IMAGE_USE,     /* take the fallback, with the message as a warning if there is one */
};

struct image_outcome {
    uint8_t policy;
    uint8_t reserved[3];
    uint32_t message; /* string, or 0 for the standard sentence */
};

struct image_input {
    uint32_t name;                  /* string */
    uint8_t class;                  /* enum image_input_class */
    uint8_t kind;                   /* enum image_kind */
    uint8_t optional;               /* may stay without a value */
    uint8_t has_default;            /* `fallback` is the value without a source: default, `use` */
    uint32_t sources, source_count; /* in SOURCES */
    uint32_t members, member_count; /* in WORDS: an enum's */
    int64_t low, high;              /* domain, inclusive; INT64_MIN and INT64_MAX where open */
    int64_t fallback;
    struct image_outcome below, above, missing, invalid;
    uint32_t doc;        /* string */
    uint32_t name_entry; /* in NAMES */
};

enum image_source_class { IMAGE_FROM_ENV, IMAGE_FROM_FILE, IMAGE_FROM_PROBE };

struct image_source {
    uint8_t class; /* enum image_source_class */
    uint8_t reserved[3];
    uint32_t name;    /* string: variable, or probe of grammar/probes.def */
    int64_t unit;     /* what a bare number in the variable counts, in base units; else 0 */
    uint32_t label;   /* string shown as the source: "manual", "cgroup"; never empty */
    uint32_t warning; /* string, logged when this source provides the value; or 0 */
};

enum image_setting_flags {
    IMAGE_SETTING_INTERNAL = 1, /* reported by the server, cannot be set */
    IMAGE_SETTING_RESTART = 2,  /* takes effect at the next start only */
};

/* One entry of the settings catalogue. */
struct image_setting {
    uint32_t name; /* string, in the server's own spelling */
    uint8_t kind;  /* BOOL, INT, RATIO, BYTES, TIME, TEXT, ENUM or LIST */
    uint8_t flags; /* enum image_setting_flags */
    uint16_t reserved;
    int64_t unit;      /* base units of one server unit: 8192 for 8kB, 1000 for ms; else 1 */
    int64_t grain;     /* a value must be a multiple of this */
    int64_t low, high; /* inclusive, in base units */
    uint32_t members, member_count; /* in WORDS: an enum's values */
    uint32_t since, until; /* server_version_num it exists from and up to, inclusive; 0: open */
    uint32_t slot;         /* the SETTING instruction that carries it, or IMAGE_NONE */
    uint32_t library;      /* string: the preload library that defines it, or 0 */
};

/* A setting that leaves as a -c flag, if its slot is not void. */
struct image_output {
    uint32_t setting; /* in SETTINGS */
    uint32_t slot;
    uint32_t name;      /* in NAMES */
    uint32_t is_static; /* 1: inherited, and the same on every machine */
};

enum image_check_class {
    IMAGE_CHECK_REFUSE,    /* stop when the condition holds */
    IMAGE_CHECK_WARN,      /* warn when the condition holds */
    IMAGE_CHECK_INVARIANT, /* warn when the condition does not hold */
};

struct image_check {
    uint32_t class;
    uint32_t condition; /* slot, bool */
    uint32_t message;   /* slot, text; computed text may name values */
    uint32_t name;      /* in NAMES */
};

/* An environment variable set before the command runs, if its slot is not void. */
struct image_export {
    uint32_t variable; /* string */
    uint32_t slot;     /* text */
};

/* A file that is written before a command starts: its pieces, one behind the other. */
struct image_document {
    uint32_t path;    /* string, absolute */
    uint32_t command; /* string: the last part of its program's name, such as "pgbouncer" */
    uint32_t mode;    /* permission bits; nothing for others when a piece is made from a secret */
    uint32_t pieces, piece_count; /* in PIECES */
};
enum {
    IMAGE_MODE_ALL = 0777,
    IMAGE_MODE_SECRET = 0750, /* what a document with a secret may allow: others nothing, and only
                               the owner writes */
};

enum image_name_class {
    IMAGE_NAME_INPUT,
    IMAGE_NAME_LET,
    IMAGE_NAME_SETTING,
    IMAGE_NAME_CHECK,
};

/* A value with a name, and where it comes from: what `explain` prints. */
struct image_name {
    uint32_t name;  /* string */
    uint32_t class; /* enum image_name_class */
    uint32_t slot;
    uint32_t file, line; /* string, 1-based */
    uint32_t doc;        /* string */
    uint32_t formula; /* string: the expression as written; several, each with its `when`, by \n */
    uint32_t notes, note_count; /* in NOTES, in the order in which they apply */
};

enum image_note_class {
    IMAGE_NOTE_USES,     /* text: the name as written; a: its slot; b: its entry in NAMES or NONE */
    IMAGE_NOTE_ROW,      /* text: "tiers size, below 4GB"; a: slot, bool; group: rows of one table,
                          the first whose slot is true is the one that matched */
    IMAGE_NOTE_BRANCH,   /* text: the condition as written; a: slot, bool */
    IMAGE_NOTE_AT_LEAST, /* text: the bound as written; a: slot before; b: slot of the bound */
    IMAGE_NOTE_AT_MOST,
    IMAGE_NOTE_POINT, /* a curve's segment: text "512MB .. 8GB"; a: slot, bool; group as ROW */
    IMAGE_NOTE_SET, /* one of several `set`s of a setting, the strongest first: text: the expression
                     with its `when`; a: slot, bool; b: slot of its value, or NONE where no
                     machine reaches it; group: how many configs lie between it and the setting's
                     own, counted along `extends` */
};

struct image_note {
    uint16_t class;
    uint16_t group; /* rows with the same number belong together within one name */
    uint32_t text;  /* string */
    uint32_t a, b;
    uint32_t line; /* where it is written, in the file of the name unless `file` is set */
    uint32_t file; /* string, or 0 */
};

/* An image whose frame has been checked; points into the caller's bytes. */
struct image {
    const struct image_header *header;
    const char *strings;
    uint32_t string_bytes;
    const struct image_instruction *code;
    uint32_t code_count;
    const struct image_input *inputs;
    uint32_t input_count;
    const struct image_source *sources;
    uint32_t source_count;
    const uint32_t *words;
    uint32_t word_count;
    const struct image_setting *settings;
    uint32_t setting_count;
    const struct image_output *outputs;
    uint32_t output_count;
    const struct image_check *checks;
    uint32_t check_count;
    const struct image_export *exports;
    uint32_t export_count;
    const struct image_name *names;
    uint32_t name_count;
    const struct image_note *notes;
    uint32_t note_count;
    const struct image_document *documents;
    uint32_t document_count;
    const uint32_t *pieces;
    uint32_t piece_count;
};

/* Why an image is refused: one static word such as "magic" or "operand", and the offset of the byte
 * that is wrong. */
struct image_refusal {
    const char *reason;
    size_t offset;
};

/* What a file's checksum must be: FNV-1a over its 64-bit words, the field itself as zero, its
 * halves folded into one. The length is a multiple of 8. It detects an image that was truncated or
 * damaged in transfer; the verifier protects against malicious ones. */
uint32_t image_checksum(const void *bytes, size_t length);

/* Checks the frame of the bytes, which must be aligned to 8 and outlive the image. On failure
 * returns false and sets only `refusal`. */
bool image_open(const void *bytes, size_t length, struct image *image,
                struct image_refusal *refusal);

/* The string at an offset; the image is verified, so the offset is good. */
static inline const char *image_string(const struct image *image, uint32_t offset)
{
    return image->strings + offset;
}

/* The order of SETTINGS, and when two names are one: without regard to the case of A to Z, which
 * count as a to z. Below 0, 0, above 0. */
int image_compare_names(struct base_span a, struct base_span b);
/* Index of a setting by name, without regard to case; IMAGE_NONE when there is none. */
uint32_t image_find_setting(const struct image *image, struct base_span name);
/* Index in NAMES of a setting, let or input by name: "work_mem", "runtime.work_mem", "memory". An
 * exact name wins over one that leaves the config out; IMAGE_NONE when there is none. */
uint32_t image_find_name(const struct image *image, struct base_span name);
const char *image_kind_word(unsigned kind);
bool image_is_number(unsigned kind);
/* Whether values of the kind are offsets of strings: TEXT, ENUM, LIST. */
bool image_is_text(unsigned kind);
static inline bool image_is_constant(const struct image *image, uint32_t slot)
{
    return image->code[slot].op == IMAGE_OP_CONST;
}

/* The code and every table as text, one line each, for `azc disasm` and golden files. */
void ir_disassemble(const struct image *image, struct base_sink *sink);

#endif
