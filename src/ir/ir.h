/* Straight-line code under construction.
 *
 * The evaluator emits instructions one at a time and gets back the slot that each will write. Three
 * simplifications are made: an instruction whose operands are all known is executed immediately, by
 * the interpreter itself, and becomes a constant; an instruction that was emitted before returns
 * the same slot (hash consing); and a choice that is already decided is replaced by the chosen
 * operand. Therefore a value that is computed at compile time is the one that the container would
 * have computed.
 *
 * Operands always precede their users, so the code is in single-assignment form and in order. */
#ifndef AZA_IR_IR_H
#define AZA_IR_IR_H

#include "base/assert.h"
#include "base/memory.h"
#include "vm/vm.h"

typedef uint16_t ir_slot;

struct ir_code {
    struct base_arena *arena;
    struct image view; /* the code so far as an image, for the interpreter */
    struct vm_machine machine;
    struct image_instruction *instructions;
    struct ir_facts {
        bool constant; /* known now: its value, or that it is void */
        bool trapped;  /* known to trap on every machine */
        bool may_be_void;
        bool secret;   /* a text made from a secret; a truth value about one is not secret */
        bool broken;   /* depends on a value that is undefined because of a reported mistake */
        uint8_t trap;  /* enum vm_trap, when trapped */
        uint32_t text; /* of a folded text: its constant + 1, since the machine reuses its buffer */
    } * facts;
    uint32_t count;
    uint32_t *buckets; /* instruction number + 1, by hash of the instruction */
    BASE_LIST(char) strings;
    uint32_t *string_buckets; /* string offset + 1 */
    uint32_t string_count;
    size_t string_room;
    bool full; /* an instruction or string did not fit: the code is valid but incomplete */
};

/* Empty code. The tables that INPUT and SETTING instructions refer to must be complete before the
 * first of them is emitted; ir_tables_of borrows them. */
void ir_begin(struct ir_code *code, struct base_arena *arena);
void ir_tables_of(struct ir_code *code, const struct image_input *inputs, uint32_t input_count,
                  const struct image_setting *settings, uint32_t setting_count,
                  const uint32_t *words, uint32_t word_count);

/* Offset of a text in the string pool; equal texts share one. 0, which is the empty text, if the
 * pool is full. */
uint32_t ir_string(struct ir_code *code, const char *text, size_t length);

/* For texts `value` is an offset in the string pool. */
ir_slot ir_constant(struct ir_code *code, enum image_kind kind, int64_t value);
ir_slot ir_text(struct ir_code *code, enum image_kind kind, const char *text);
ir_slot ir_void(struct ir_code *code, enum image_kind kind);
/* The value of an expression with a reported mistake: nothing about it is known, and the verifier
 * refuses an image that contains it. */
ir_slot ir_broken(struct ir_code *code, enum image_kind kind);
/* The slot of the simplified instruction; operands that the opcode does not read must be 0. Returns
 * slot 0 and sets `full` once there are 65535 instructions. */
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

/* One line per instruction: slot, operation, kind, operands, constants as in the rules. */
void ir_dump(struct ir_code *code, struct base_sink *sink);

#endif
