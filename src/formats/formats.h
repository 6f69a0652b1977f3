/* Documents: trees of values, and the formats in which they leave.
 *
 * Whoever has something to write builds a tree of nodes and names a format; the format's writer
 * knows how that language spells, quotes and lays out what the tree means. No value can end its own
 * quotes or add a line of its own: every text is encoded for the language it goes into. A writer
 * that cannot say what it is given (a list within an environment file) refuses and names the node.
 *
 * A text need not be known as a whole. It is a run of parts: literal bytes; variables that whoever
 * reads the file puts in, as docker compose does with ${NAME:-default}; and slots, values of the
 * rules that are known only when the container starts. For slots the writer leaves holes: places in
 * its output, each with the encoding that the value needs there. */
#ifndef AZA_FORMATS_FORMATS_H
#define AZA_FORMATS_FORMATS_H

#include "base/memory.h"
#include "vm/quote.h"

enum formats_part_class { FORMATS_LITERAL, FORMATS_VARIABLE, FORMATS_SLOT };

struct formats_part {
    enum formats_part_class class;
    struct base_span text;                /* LITERAL: as meant; VARIABLE: its default, as meant */
    const char *variable;                 /* VARIABLE */
    const struct formats_part *otherwise; /* VARIABLE: read where that one is empty; or null */
    uint32_t slot;                        /* SLOT: in the code, of kind TEXT */
};

enum formats_class {
    FORMATS_NOTHING, /* null, where the format has one */
    FORMATS_BOOL,
    /* Parts, whose text is a plain word such as 5, 1.5, 64MB. Where a slot is all of it, its text
     * must be a number as JSON has them, such as 5 or 1.5: it gets no quotes. */
    FORMATS_NUMBER,
    FORMATS_TEXT, /* parts */
    FORMATS_LIST,
    FORMATS_MAP, /* keys are unique; the order is the file's */
};

struct formats_node;
struct formats_entry {
    const char *key;     /* null in a list */
    const char *comment; /* lines above it, without the format's own mark; or null */
    const struct formats_node *value;
    bool disabled; /* what could be said: env writes it as a comment */
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
    FORMATS_FORMATS
};

/* A hole stands where the quotes around it, if it needs any, are already written: its encoding is
 * then the inside of a word, VM_QUOTE_INNER. Where the format has no quotes the value is put as it
 * is, and with VM_QUOTE_LINE it may hold no line break: vm_can_quote says whether a value may go
 * into the hole, vm_put_quoted puts it. */
struct formats_hole {
    size_t offset; /* in the output: the value goes here */
    uint32_t slot;
    enum vm_quote quote; /* with its flags; VM_QUOTES: as it is */
};

struct formats_output {
    struct base_arena *arena; /* the caller's; the writer begins the rest anew */
    struct base_sink text;
    BASE_LIST(struct formats_hole) holes; /* in the order of their offsets */
};

struct formats_request {
    enum formats_id format;
    const char *head; /* the comment that opens the file, one line; or null */
    /* Docker compose replaces ${...} in values, not in keys: VARIABLE parts may stand, and `$` is
     * doubled. Yaml, json and plain texts only. */
    bool deploy;
};

/* What a writer refuses: why and how to mend it, and the way to the node, such as
 * "services.postgres.ports[0]"; an empty way is the document itself. */
struct formats_refusal {
    const char *why, *way;
};

/* Writes the tree; false when the format cannot say it. */
bool formats_write(const struct formats_request *request, const struct formats_node *node,
                   struct formats_output *output, struct formats_refusal *refusal);

/* The format of that word in formats.def, else FORMATS_FORMATS. */
enum formats_id formats_find(const char *word);
const char *formats_word(enum formats_id format);

#endif
