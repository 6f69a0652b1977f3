/* Private to src/formats, what the writers share: the path to the current node, refusals, the
 * pieces of a text, and comments. */
#ifndef AZA_FORMATS_PARTS_H
#define AZA_FORMATS_PARTS_H

#include "formats/formats.h"

struct formats_writer {
    const struct formats_request *request;
    struct formats_output *output;
    struct formats_refusal *refusal;
};

/* One step of the path from the document to a node, linked to the step before it. The path of the
 * document itself is empty: a null pointer. */
struct formats_step {
    const struct formats_step *up;
    const char *key; /* null in a list */
    size_t index;
    unsigned depth; /* 1 for an entry of the document */
};

struct formats_step formats_step_to(const struct formats_step *up,
                                    const struct formats_node *parent, size_t index);
/* Sets the refusal's reason and path. Always returns false. */
bool formats_refuse(struct formats_writer *writer, const struct formats_step *step,
                    const char *why);
/* Each returns true, or refuses: a node with a tag; one that is also not a map, or not a truth
 * value, number or text, for the reason `why`. */
bool formats_check_untagged(struct formats_writer *writer, const struct formats_node *node,
                            const struct formats_step *step);
bool formats_check_map(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, const char *why);
bool formats_check_scalar(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step, const char *why);

/* The text of a node, as the request wants it: runs of bytes, and holes where a slot goes. */
struct formats_piece {
    struct base_span text;
    bool hole;
    uint32_t slot;
};
struct formats_text {
    struct formats_piece *pieces;
    size_t count;
    bool known;    /* no holes: exactly one piece */
    bool variable; /* contains ${...} */
};

/* Refuses a part that the request does not allow. */
bool formats_read_text(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, struct formats_text *text);
/* Writes the bytes in this encoding, and records a hole with the same encoding for each slot. */
void formats_put_text(struct formats_writer *writer, const struct formats_text *text,
                      enum vm_quote quote);
/* Whether the text is one hole and nothing else. */
bool formats_is_hole(const struct formats_text *text);

/* Digits with an optional minus sign and fraction, and no superfluous leading zero. `unit` is set
 * to the letters that follow them. */
bool formats_is_number(struct base_span text, struct base_span *unit);
bool formats_is_name(const char *text, const char *more); /* letters, digits, `more`; not empty */

/* Each line of the comment as a line that begins with `indent` blanks and the mark; nothing if it
 * is null. A character that cannot be printed becomes a question mark. */
void formats_put_comment(struct formats_writer *writer, size_t indent, const char *mark,
                         const char *comment);

/* The writer of each format, called with the document's root. */
typedef bool formats_writer_of(struct formats_writer *writer, const struct formats_node *node);
#define X(name, word, writer, mark, deployed) formats_writer_of formats_write_##writer;
#include "formats/formats.def"
#undef X

#endif
