/* What the writers of this directory share: the way to the node they are at, refusals, the pieces
 * of a text, and comments. */
#ifndef AZA_FORMATS_PARTS_H
#define AZA_FORMATS_PARTS_H

#include "formats/formats.h"

struct formats_writer {
    const struct formats_request *request;
    struct formats_output *output;
    struct formats_refusal *refusal;
};

/* One step of the way from the document to a node; the document itself has none. */
struct formats_step {
    const struct formats_step *up;
    const char *key; /* null in a list */
    size_t index;
    unsigned depth; /* 1 for an entry of the document */
};

struct formats_step formats_step_to(const struct formats_step *up,
                                    const struct formats_node *parent, size_t index);
/* Answers false always. */
bool formats_refuse(struct formats_writer *writer, const struct formats_step *step,
                    const char *why);
/* That it is a map, not nested too deep, and has no tag. */
bool formats_check_map(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, const char *why);

/* The parts of a node after what the request asks of them: literal bytes, joined, and holes. */
struct formats_piece {
    struct base_span text;
    bool hole;
    uint32_t slot;
};
struct formats_text {
    struct formats_piece *pieces;
    size_t count;
    bool known;    /* no hole; then there is one piece */
    bool variable; /* holds ${...} */
};

bool formats_read_text(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, struct formats_text *text);
/* Every piece in that style, holes where the value is not known. */
void formats_put_text(struct formats_writer *writer, const struct formats_text *text,
                      enum vm_quote quote);
/* One hole and nothing else. */
bool formats_is_hole(const struct formats_text *text);

/* Digits, with a sign and a fraction or without, no superfluous zero; the letters of a unit after
 * them are *unit. */
bool formats_is_number(struct base_span text, struct base_span *unit);
bool formats_is_name(const char *text, const char *more); /* letters, digits, `more`; not empty */

/* Each line of it after the mark. */
void formats_put_comment(struct formats_writer *writer, size_t indent, const char *mark,
                         const char *comment);

/* `name = value` and the like: one writer for each format, called with its first step null. */
typedef bool formats_writer_of(struct formats_writer *writer, const struct formats_node *node);
#define X(name, word, writer, mark, deployed) formats_writer_of formats_write_##writer;
#include "formats/formats.def"
#undef X

#endif
