/* Writes an image: what the compiler made, as the bytes that both programs read.
 *
 * Only instructions that something refers to are kept; slots are numbered anew, and every table is
 * rewritten to match. The result is opened and verified by the runner's own verifier before anybody
 * sees it: an image that would be refused is a defect of the compiler and never leaves it. */
#ifndef AZA_IMAGE_WRITE_H
#define AZA_IMAGE_WRITE_H

#include "image/image.h"
#include "ir/ir.h"

struct azb_tables {
    AZA_LIST(struct azb_input) inputs;
    AZA_LIST(struct azb_source) sources;
    AZA_LIST(uint32_t) words;
    AZA_LIST(struct azb_setting) settings;
    AZA_LIST(struct azb_output) outputs;
    AZA_LIST(struct azb_check) checks;
    AZA_LIST(struct azb_export) exports;
    AZA_LIST(struct azb_name) names;
    AZA_LIST(struct azb_note) notes;
    AZA_LIST(struct azb_document) documents;
    AZA_LIST(uint32_t) pieces; /* slots of kind TEXT */
    uint32_t rules;            /* string */
    uint64_t rules_hash;
};

struct azb_bytes {
    void *data;
    size_t length;
};

/* `roots` are more slots to keep, such as the expectations of tests; they are rewritten in place.
 * On failure answers false, and `why` is a sentence: the rules are too large. */
bool azb_write(struct aza_arena *arena, const struct azi_code *code,
               const struct azb_tables *tables, uint32_t *roots, size_t root_count,
               struct azb_bytes *bytes, const char **why);

#endif
