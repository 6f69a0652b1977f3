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
#ifndef AZA_DOCUMENT_H
#define AZA_DOCUMENT_H

#include "base/memory.h"
#include "vm/quote.h"

enum azw_part_class { AZW_LITERAL, AZW_VARIABLE, AZW_SLOT };

struct azw_part {
    enum azw_part_class class;
    struct aza_span text;             /* LITERAL: as meant; VARIABLE: its default, as meant */
    const char *variable;             /* VARIABLE */
    const struct azw_part *otherwise; /* VARIABLE: read where that one is empty; or null */
    uint32_t slot;                    /* SLOT: in the code, of kind TEXT */
};

enum azw_class {
    AZW_NOTHING, /* null, where the format has one */
    AZW_BOOL,
    /* Parts, whose text is a plain word such as 5, 1.5, 64MB. Where a slot is all of it, its text
     * must be a number as JSON has them, such as 5 or 1.5: it gets no quotes. */
    AZW_NUMBER,
    AZW_TEXT, /* parts */
    AZW_LIST,
    AZW_MAP, /* keys are unique; the order is the file's */
};

struct azw_node;
struct azw_entry {
    const char *key;     /* null in a list */
    const char *comment; /* lines above it, without the format's own mark; or null */
    const struct azw_node *value;
    bool disabled; /* what could be said: env writes it as a comment */
};

struct azw_node {
    enum azw_class class;
    const char *tag; /* a YAML tag such as "!override", or null */
    bool truth;      /* BOOL */
    const struct azw_part *parts;
    const struct azw_entry *entries; /* LIST, MAP */
    size_t count;                    /* of parts or entries */
};

enum azw_format { AZW_CONF, AZW_INI, AZW_ENV, AZW_YAML, AZW_JSON, AZW_PLAIN, AZW_FORMATS };

/* A hole stands where the quotes around it, if it needs any, are already written: its encoding is
 * then the inside of a word, AZV_QUOTE_INNER. Where the format has no quotes the value is put as it
 * is, and with AZV_QUOTE_LINE it may hold no line break: azv_can_quote says whether a value may go
 * into the hole, azv_put_quoted puts it. */
struct azw_hole {
    size_t offset; /* in the output: the value goes here */
    uint32_t slot;
    enum azv_quote quote; /* with its flags; AZV_QUOTES: as it is */
};

struct azw_output {
    struct aza_arena *arena; /* the caller's; the writer begins the rest anew */
    struct aza_sink text;
    AZA_LIST(struct azw_hole) holes; /* in the order of their offsets */
};

struct azw_request {
    enum azw_format format;
    const char *head; /* the comment that opens the file, one line; or null */
    /* Docker compose replaces ${...} in values, not in keys: VARIABLE parts may stand, and `$` is
     * doubled. Yaml, json and plain texts only. */
    bool deploy;
};

/* What a writer refuses: why and how to mend it, and the way to the node, such as
 * "services.postgres.ports[0]"; an empty way is the document itself. */
struct azw_refusal {
    const char *why, *way;
};

/* Writes the tree; false when the format cannot say it. */
bool azw_write(const struct azw_request *request, const struct azw_node *node,
               struct azw_output *output, struct azw_refusal *refusal);

/* The format of that name ("conf", "ini", "env", "yaml", "json", "text"), else AZW_FORMATS. */
enum azw_format azw_find_format(const char *word);
const char *azw_format_word(enum azw_format format);

#endif
