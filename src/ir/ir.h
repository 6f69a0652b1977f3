/* Straight-line code while it is being made.
 *
 * The evaluator asks for instructions one at a time and gets back the slot each will write. Three
 * things happen on the way: an instruction whose operands are all known is executed at once, by the
 * interpreter itself, and becomes a constant; one that was asked for before gives the same slot
 * again; and choices that are already decided vanish. So what a rule set computes at compile time
 * is by construction what the container would have computed.
 *
 * Operands always lie before their users, so the code is in single-assignment form and in order. */
#ifndef AZA_IR_H
#define AZA_IR_H

#include "base/memory.h"
#include "vm/vm.h"

typedef uint16_t azi_slot;

struct azi_code {
    struct aza_arena *arena;
    struct azb_image view; /* what the interpreter sees of the code so far */
    struct azv_machine machine;
    struct azb_instruction *instructions;
    struct azi_facts {
        bool constant; /* its value, or that it has none, is known */
        bool trapped;  /* it is known to trap */
        bool may_be_void;
        bool secret;   /* a text made from a secret; what was only asked about one is none */
        bool broken;   /* made from a value that a reported mistake left open */
        uint8_t trap;  /* enum azv_trap, when trapped */
        uint32_t text; /* of a text made here: its constant + 1, as the machine forgets the text */
    } * facts;
    uint32_t count;
    uint32_t *buckets; /* instruction number + 1, by hash of the instruction */
    AZA_LIST(char) strings;
    uint32_t *string_buckets; /* string offset + 1 */
    uint32_t string_count;
    size_t string_room;
    bool full; /* an instruction did not fit; the code is useless but harmless */
};

/* The tables that INPUT and SETTING instructions refer to must be complete before the first of
 * them is asked for; hand them in with azi_tables. */
void azi_begin(struct azi_code *code, struct aza_arena *arena);
void azi_tables(struct azi_code *code, const struct azb_input *inputs, uint32_t input_count,
                const struct azb_setting *settings, uint32_t setting_count, const uint32_t *words,
                uint32_t word_count);

/* Offset of a text in the string pool; equal texts share one. */
uint32_t azi_string(struct azi_code *code, const char *text, size_t length);

azi_slot azi_constant(struct azi_code *code, enum azb_kind kind, int64_t value);
azi_slot azi_text(struct azi_code *code, enum azb_kind kind, const char *text);
azi_slot azi_void(struct azi_code *code, enum azb_kind kind);
/* Stands where a mistake was reported: nothing about it is known, and no image can hold it. */
azi_slot azi_broken(struct azi_code *code, enum azb_kind kind);
azi_slot azi_emit(struct azi_code *code, enum azb_opcode op, enum azb_kind kind, azi_slot a,
                  azi_slot b, azi_slot c, int64_t immediate);

static inline enum azb_kind azi_kind(const struct azi_code *code, azi_slot slot)
{
    return (enum azb_kind)code->instructions[slot].kind;
}
static inline bool azi_is_constant(const struct azi_code *code, azi_slot slot)
{
    return code->instructions[slot].op == AZB_OP_CONST;
}
static inline int64_t azi_value(const struct azi_code *code, azi_slot slot)
{
    return code->instructions[slot].immediate;
}
static inline const char *azi_chars(const struct azi_code *code, azi_slot slot)
{
    return code->strings.items + code->instructions[slot].immediate;
}

/* Whether an operation reads its operand 0, 1 or 2: the fields a, b and c. */
bool azi_reads(unsigned op, int operand);

/* One line per instruction: slot, operation, kind, operands, constants as people write them. */
void azi_dump(struct azi_code *code, struct aza_sink *sink);

#endif
