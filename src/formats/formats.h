/* Documents: trees of values, written as yaml, json, conf, ini, env or text.
 *
 * The caller builds a tree of nodes and chooses a format; the format's writer quotes and lays out
 * the tree in that language. Every text is encoded for the language, so a value cannot end its own
 * quotes or add a line. A writer refuses a node that its format cannot express, such as a list in
 * an environment file, with a reason, a remedy and the path to the node.
 *
 * A text is a sequence of parts: literal bytes; variables, which docker compose replaces when it
 * reads the file (${NAME:-default}); and slots, values of the rules that are known only when the
 * container starts. For a slot the writer leaves a hole: an offset in its output, with the encoding
 * that the value needs there. */
#ifndef AZA_FORMATS_FORMATS_H
#define AZA_FORMATS_FORMATS_H

#include "base/memory.h"
#include "vm/quote.h"

enum formats_part_class { FORMATS_LITERAL, FORMATS_VARIABLE, FORMATS_SLOT };

struct formats_part {
    enum formats_part_class class;
    struct base_span text; /* LITERAL; VARIABLE: its default. Neither is encoded */
    const char *variable;  /* VARIABLE */
    const struct formats_part
        *otherwise; /* VARIABLE: another, read if that one is empty; or null */
    uint32_t slot;  /* SLOT: in the code, of kind TEXT */
};

enum formats_class {
    FORMATS_NOTHING, /* null, in formats that have one */
    FORMATS_BOOL,
    /* Parts whose text is a plain word such as 5, 1.5 or 64MB. If a slot is the whole text, its
     * value must be a JSON number such as 5 or 1.5, since it gets no quotes. */
    FORMATS_NUMBER,
    FORMATS_TEXT, /* parts */
    FORMATS_LIST,
    FORMATS_MAP, /* keys are unique; the file keeps their order */
};

struct formats_node;
struct formats_entry {
    const char *key;     /* null in a list */
    const char *comment; /* lines above it, without the format's own mark; or null */
    const struct formats_node *value;
    bool disabled; /* an example of what can be set: env writes it as a comment */
};

struct formats_node {
    enum formats_class class;
    const char *tag; /* a YAML tag such as "!override", or null */
    bool truth;      /* BOOL */
    const struct formats_part *parts;
    const struct formats_entry *entries; /* LIST, MAP */
    size_t count;                        /* of parts or entries */
};

enum formats_id {
#define X(name, word, writer, mark, deployed) FORMATS_##name,
#include "formats/formats.def"
#undef X
    FORMATS_COUNT
};

/* A place for the value of a slot. If the value needs quotes, they are already in the output, and
 * the encoding has VM_QUOTE_INNER. If the format has no quotes, the encoding is VM_QUOTES (none),
 * with VM_QUOTE_LINE if the value must not contain a line break. vm_can_quote tests whether a value
 * may go into the hole, and vm_put_quoted writes it. */
struct formats_hole {
    size_t offset; /* in the output: the value goes here */
    uint32_t slot;
    enum vm_quote quote; /* with its flags; VM_QUOTES: unchanged */
};

struct formats_output {
    struct base_arena *arena; /* set by the caller; formats_write resets the rest */
    struct base_sink text;
    BASE_LIST(struct formats_hole) holes; /* in the order of their offsets */
};

struct formats_request {
    enum formats_id format;
    const char *head; /* the comment that opens the file, one line; or null */
    /* Docker compose replaces ${...} in values, not in keys. VARIABLE parts are allowed and SLOT
     * parts are not, and `$` is doubled. Only for yaml, json and text. */
    bool deploy;
};

/* Why a tree is refused and how to fix it, and the path to the node, such as
 * "services.postgres.ports[0]"; the path of the document itself is empty. */
struct formats_refusal {
    const char *why, *path;
};

/* Writes the tree; false, with the refusal set, if the format cannot express it. The output and the
 * refusal are in output->arena. */
bool formats_write(const struct formats_request *request, const struct formats_node *node,
                   struct formats_output *output, struct formats_refusal *refusal);

/* The format with this word in formats.def; FORMATS_COUNT if there is none. */
enum formats_id formats_find(const char *word);
const char *formats_word(enum formats_id format);

#endif
