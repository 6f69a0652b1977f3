/* Straight-line code while it is being made.
 *
 * The evaluator asks for instructions one at a time and gets back the slot each will write. Three
 * things happen on the way: an instruction whose operands are all known is executed at once, by the
 * interpreter itself, and becomes a constant; one that was asked for before gives the same slot
 * again; and choices that are already decided vanish. So what a rule set computes at compile time
 * is by construction what the container would have computed.
 *
 * Operands always lie before their users, so the code is in single-assignment form and in order. */
#ifndef AZA_IR_IR_H
#define AZA_IR_IR_H

#include "base/assert.h"
#include "base/memory.h"
#include "vm/vm.h"

typedef uint16_t ir_slot;

struct ir_code {
    struct base_arena *arena;
    struct image view; /* what the interpreter sees of the code so far */
    struct vm_machine machine;
    struct image_instruction *instructions;
    struct ir_facts {
        bool constant; /* its value, or that it has none, is known */
        bool trapped;  /* it is known to trap */
        bool may_be_void;
        bool secret;   /* a text made from a secret; what was only asked about one is none */
        bool broken;   /* made from a value that a reported mistake left open */
        uint8_t trap;  /* enum vm_trap, when trapped */
        uint32_t text; /* of a text made here: its constant + 1, as the machine forgets the text */
    } * facts;
    uint32_t count;
    uint32_t *buckets; /* instruction number + 1, by hash of the instruction */
    BASE_LIST(char) strings;
    uint32_t *string_buckets; /* string offset + 1 */
    uint32_t string_count;
    size_t string_room;
    bool full; /* an instruction did not fit; the code is useless but harmless */
};

/* The tables that INPUT and SETTING instructions refer to must be complete before the first of
 * them is asked for; hand them in with ir_tables_of. */
void ir_begin(struct ir_code *code, struct base_arena *arena);
void ir_tables_of(struct ir_code *code, const struct image_input *inputs, uint32_t input_count,
                  const struct image_setting *settings, uint32_t setting_count,
                  const uint32_t *words, uint32_t word_count);

/* Offset of a text in the string pool; equal texts share one. */
uint32_t ir_string(struct ir_code *code, const char *text, size_t length);

ir_slot ir_constant(struct ir_code *code, enum image_kind kind, int64_t value);
ir_slot ir_text(struct ir_code *code, enum image_kind kind, const char *text);
ir_slot ir_void(struct ir_code *code, enum image_kind kind);
/* Stands where a mistake was reported: nothing about it is known, and no image can hold it. */
ir_slot ir_broken(struct ir_code *code, enum image_kind kind);
ir_slot ir_emit(struct ir_code *code, enum image_opcode op, enum image_kind kind, ir_slot a,
                ir_slot b, ir_slot c, int64_t immediate);

static inline enum image_kind ir_kind(const struct ir_code *code, ir_slot slot)
{
    BASE_ASSERT(slot < code->count);
    return (enum image_kind)code->instructions[slot].kind;
}
static inline bool ir_is_constant(const struct ir_code *code, ir_slot slot)
{
    BASE_ASSERT(slot < code->count);
    return code->instructions[slot].op == IMAGE_OP_CONST;
}
static inline int64_t ir_value(const struct ir_code *code, ir_slot slot)
{
    BASE_ASSERT(slot < code->count);
    return code->instructions[slot].immediate;
}
static inline const char *ir_chars(const struct ir_code *code, ir_slot slot)
{
    BASE_ASSERT(slot < code->count);
    BASE_ASSERT((size_t)code->instructions[slot].immediate < code->strings.count);
    return code->strings.items + code->instructions[slot].immediate;
}

/* One line per instruction: slot, operation, kind, operands, constants as people write them. */
void ir_dump(struct ir_code *code, struct base_sink *sink);

#endif
