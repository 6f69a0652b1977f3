/* What the writers of this directory share: the way to the node they are at, refusals, the pieces
 * of a text, and comments. */
#ifndef AZA_DOCUMENT_PARTS_H
#define AZA_DOCUMENT_PARTS_H

#include "document/document.h"

struct azw_writer {
    const struct azw_request *request;
    struct azw_output *output;
    struct azw_refusal *refusal;
};

/* One step of the way from the document to a node; the document itself has none. */
struct azw_step {
    const struct azw_step *up;
    const char *key; /* null in a list */
    size_t index;
    unsigned depth; /* 1 for an entry of the document */
};

struct azw_step azw_step_to(const struct azw_step *up, const struct azw_node *parent, size_t index);
/* Answers false always. */
bool azw_refuse(struct azw_writer *writer, const struct azw_step *step, const char *why);
/* That it is a map, not nested too deep, and has no tag. */
bool azw_check_map(struct azw_writer *writer, const struct azw_node *node,
                   const struct azw_step *step, const char *why);

/* The parts of a node after what the request asks of them: literal bytes, joined, and holes. */
struct azw_piece {
    struct aza_span text;
    bool hole;
    uint32_t slot;
};
struct azw_text {
    struct azw_piece *pieces;
    size_t count;
    bool known;    /* no hole; then there is one piece */
    bool variable; /* holds ${...} */
};

bool azw_read_text(struct azw_writer *writer, const struct azw_node *node,
                   const struct azw_step *step, struct azw_text *text);
/* Every piece in that style, holes where the value is not known. */
void azw_put_text(struct azw_writer *writer, const struct azw_text *text, enum azv_quote quote);
/* One hole and nothing else. */
bool azw_is_hole(const struct azw_text *text);

/* Digits, with a sign and a fraction or without, no superfluous zero; the letters of a unit after
 * them are *unit. */
bool azw_is_number(struct aza_span text, struct aza_span *unit);
bool azw_is_name(const char *text, const char *more); /* letters, digits, `more`; not empty */

/* Each line of it after the mark. */
void azw_put_comment(struct azw_writer *writer, size_t indent, const char *mark,
                     const char *comment);

/* `name = value` and the like: one writer for each format, called with its first step null. */
typedef bool azw_format_writer(struct azw_writer *writer, const struct azw_node *node);
azw_format_writer azw_write_conf, azw_write_ini, azw_write_env, azw_write_yaml, azw_write_json,
    azw_write_plain;

#endif
