/* Writes an image: the code and the tables of the compiler as the bytes that both programs read.
 *
 * Only instructions that are used are kept; slots are renumbered, and every table is rewritten to
 * match. The result is opened and verified by the runner's own verifier before it is returned: an
 * image that the verifier refuses is a defect of the compiler and is never written. */
#ifndef AZA_IR_WRITE_H
#define AZA_IR_WRITE_H

#include "image/image.h"
#include "ir/ir.h"

struct ir_tables {
    BASE_LIST(struct image_input) inputs;
    BASE_LIST(struct image_source) sources;
    BASE_LIST(uint32_t) words;
    BASE_LIST(struct image_setting) settings;
    BASE_LIST(struct image_output) outputs;
    BASE_LIST(struct image_check) checks;
    BASE_LIST(struct image_export) exports;
    BASE_LIST(struct image_name) names;
    BASE_LIST(struct image_note) notes;
    BASE_LIST(struct image_document) documents;
    BASE_LIST(uint32_t) pieces; /* slots of kind TEXT */
    uint32_t rules;             /* string */
    uint64_t rules_hash;
};

struct ir_bytes {
    void *data;
    size_t length;
};

/* Writes the image into the arena. `roots` are further slots to keep, such as the expectations of
 * tests; they are rewritten in place, even on failure. Returns false, with a sentence in `why`, if
 * the rules exceed a limit of the runner. */
bool ir_write_image(struct base_arena *arena, const struct ir_code *code,
                    const struct ir_tables *tables, uint32_t *roots, size_t root_count,
                    struct ir_bytes *bytes, const char **why);

#endif
