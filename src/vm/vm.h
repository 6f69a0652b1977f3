/* The verifier, the interpreter, and their values.
 *
 * The order of calls is image_open, vm_verify, vm_run, vm_judge; the trace, the path and everything
 * that prints values work on the slots after a run.
 *
 * vm_verify accepts an image only if running it is safe: every operand names a lower slot of the
 * right kind, every index and string offset lies inside its table, constants are in the domain of
 * their kind. After that vm_run executes each instruction exactly once, in order, so it takes as
 * many steps as there are instructions, and the slots afterwards are the whole trace, which is what
 * `explain` reads. Nothing here allocates: the caller provides the memory.
 *
 * A slot ends in one of three states. VALUE contains a number: of base units for quantities (bytes,
 * microseconds, millionths), 0 or 1 for a bool, an offset of a string for texts, members and lists.
 * VOID is the absence of a value: an unknown fact, a setting whose `when` does not hold. TRAP is an
 * operation without a result, such as a division by zero; it propagates through every instruction
 * that uses it, except where select, else, and, or do not choose it, and becomes a refusal only if
 * it reaches a setting, a check or an export. */
#ifndef AZA_VM_VM_H
#define AZA_VM_VM_H

#include "base/assert.h"
#include "image/image.h"

enum vm_state { VM_VALUE, VM_VOID, VM_TRAP };

/* grammar/traps.def: the name and the sentence that is printed. */
enum vm_trap {
#define X(name, sentence) VM_##name,
#include "traps.def"
#undef X
    VM_TRAPS
};

struct vm_slot {
    int64_t value;
    uint8_t state;   /* enum vm_state */
    uint8_t trap;    /* enum vm_trap */
    uint16_t origin; /* the instruction that trapped first */
};

/* The answer of one source of an input. */
enum vm_answer { VM_ANSWER_NONE, VM_ANSWER_VALUE, VM_ANSWER_UNLIMITED, VM_ANSWER_UNKNOWN };

struct vm_reading {
    uint8_t answer; /* enum vm_answer; NONE: not asked */
    int64_t value;  /* text: offset, as in a slot */
    const char
        *detail; /* where it was read, or why it is unknown; static or caller-owned; or null */
};

/* A resolved input. */
struct vm_input {
    int64_t value;
    uint8_t state; /* VALUE or VOID */
    bool given;    /* set by the operator: an environment variable, a file, NAME=VALUE */
    bool clamped;
    uint32_t source;   /* in SOURCES, or IMAGE_NONE: default, `use`, or NAME=VALUE */
    const char *label; /* the source's label, "default", "given" */
};

/* The layers of a setting, the strongest first. */
enum vm_layer { VM_COMMAND_LINE, VM_SETTINGS_VARIABLE, VM_RULES, VM_LAYERS };

struct vm_override {
    int64_t value;
    bool present;
    uint8_t layer;         /* COMMAND_LINE or SETTINGS_VARIABLE */
    struct base_span word; /* the value as the operator wrote it */
};

struct vm_trace;

/* All that one run needs; the arrays belong to the caller. */
struct vm_machine {
    const struct image *image;
    struct vm_slot *slots;               /* one per instruction */
    const struct vm_input *inputs;       /* one per input */
    const struct vm_override *overrides; /* one per setting, or null: no overrides */
    char *text;                          /* texts made while running, each with its NUL */
    size_t text_used, text_capacity;
    size_t list_work; /* bytes that list operations have gone through; vm_run starts at 0 */
    const struct vm_trace *secrets; /* slots that must not be printed; null if there are none */
};

/* Whether the content of an image that image_open accepted is valid: afterwards no other function
 * checks it. On failure returns false with the reason and the offset. */
bool vm_verify(const struct image *image, struct image_refusal *refusal);

/* Executes every instruction once, in order. */
void vm_run(struct vm_machine *machine);
/* Executes instruction n only; its operands' slots must be filled. */
void vm_step(struct vm_machine *machine, uint32_t n);

/* The slots that one slot was made from, itself included. The trace ends at a setting that the
 * operator overrides: the value that the rules compute for it was not used. */
enum vm_extent {
    VM_TAKEN, /* what this run used: of a choice the side that was chosen */
    VM_WHOLE, /* both sides */
};
struct vm_trace {
    uint64_t slots[LIMIT_SLOTS / 64]; /* a bit each */
};
static inline bool vm_traced(const struct vm_trace *trace, uint32_t slot)
{
    BASE_ASSERT(slot < LIMIT_SLOTS);
    return (trace->slots[slot / 64] >> slot % 64 & 1) != 0;
}
static inline void vm_mark(struct vm_trace *trace, uint32_t slot)
{
    BASE_ASSERT(slot < LIMIT_SLOTS);
    trace->slots[slot / 64] |= UINT64_C(1) << slot % 64;
}
void vm_trace(const struct vm_machine *machine, uint32_t slot, enum vm_extent extent,
              struct vm_trace *trace);

/* Sets of operands are sums of VM_TOOK_A, VM_TOOK_B and VM_TOOK_C. */

/* The operands that an opcode has. */
unsigned vm_operands(unsigned op);
/* vm_mark_operands marks the slots of a set of an instruction's operands; vm_reads returns whether
 * any of them is marked. */
void vm_mark_operands(const struct image_instruction *i, unsigned set, struct vm_trace *trace);
bool vm_reads(const struct image_instruction *i, unsigned set, const struct vm_trace *trace);
/* The operands that the value of slot n was taken from, where its instruction chooses between them
 * (select, else, min, max); 0 where it computes. Sides of a limit that are equal are both taken,
 * but not one that is in `moved` if the other one is not; `moved` may be null. */
enum { VM_TOOK_A = 1, VM_TOOK_B = 2, VM_TOOK_C = 4 };
unsigned vm_took(const struct vm_machine *machine, uint32_t n, const struct vm_trace *moved);
/* Whether slot n is a setting whose value an operator's override replaced. */
static inline bool vm_is_overridden(const struct vm_machine *machine, uint32_t n)
{
    const struct image_instruction *i = &machine->image->code[n];
    return i->op == IMAGE_OP_SETTING && machine->overrides != NULL &&
           machine->overrides[i->immediate].present;
}

/* The path of a value in one run: the table rows, branches, curve segments and limits that it was
 * computed through. `explain`, tables, charts and the reports of the prover all use this
 * definition. `moved` are the slots that change with the input whose values are compared
 * (vm_trace_forward). */
struct vm_path {
    uint64_t state;                     /* of the value, enum vm_state; without one nothing else */
    struct vm_trace took_b, took_other; /* the choices that took b, and that took a or c */
};
void vm_find_path(const struct vm_machine *machine, uint32_t slot, uint32_t input,
                  struct vm_path *path);
bool vm_same_path(const struct vm_path *a, const struct vm_path *b);
/* Whether `to` takes a side that `from` does not: another row, branch or segment, or a limit that
 * the value reaches. Paths of the same slot. */
bool vm_path_turns(const struct vm_path *from, const struct vm_path *to);

/* The slots that are needed for anything that the image decides at start: settings, checks,
 * variables, documents. */
void vm_trace_needs(const struct image *image, struct vm_trace *needs);
/* False for an option that only other programs use, such as a port that docker compose publishes.
 */
bool vm_needs_input(const struct image *image, const struct vm_trace *needs, uint32_t input);

/* The opposite direction: the slots of `within` that change with one slot, itself included. */
void vm_trace_forward(const struct image *image, uint32_t slot, const struct vm_trace *within,
                      struct vm_trace *moved);

/* The slots that are made from secrets. Whether a secret is set (KNOWN, GIVEN) is not secret. */
void vm_trace_secrets(const struct image *image, struct vm_trace *secrets);
/* Whether a slot is made from a secret. */
bool vm_is_secret(const struct vm_machine *machine, uint32_t slot);
/* Printed in the place of a secret and of every value that is made from one. */
#define VM_HIDDEN "(secret)"
/* Marks slot n if it is a secret, or is made from slots that are marked. */
void vm_mark_secret(const struct image *image, uint32_t n, struct vm_trace *secrets);

/* Text of a TEXT, ENUM or LIST value. Offsets from string_bytes up lie in machine->text. */
const char *vm_text(const struct vm_machine *machine, int64_t value);
/* Makes a copy of the span a TEXT value of this machine; false if it is too long for a value or for
 * the rest of the machine's text. */
bool vm_make_text(struct vm_machine *machine, struct base_span span, int64_t *value);
/* Why a value could not be computed, as the end of a sentence. */
const char *vm_trap_sentence(unsigned trap);

/* A value as the rules write it: 512MB, 1.5, 10min, web, on for settings and true elsewhere. Bytes
 * and time use the largest unit up to MB and d that leaves a whole number. */
void vm_put_value(struct base_sink *sink, const struct vm_machine *machine, unsigned kind,
                  int64_t value);
/* A setting's value as PostgreSQL writes it, without quotes. -1 of a setting with a unit, which
 * means "off" or "automatic", is written as -1. */
void vm_put_setting(struct base_sink *sink, const struct vm_machine *machine,
                    const struct image_setting *setting, int64_t value);

/* The value of a slot that has one: a setting's as PostgreSQL writes it. */
void vm_put_slot(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot);

/* A value of a fact or option as people write it: "2048" (in `unit`s, when that is not 0), "2GB",
 * "1.5", "25%", "10min", "web", "a, b". Decimal only: a leading zero is not octal, "0512" is 512.
 * On failure `why` gets a sentence without the name of the variable: "is not a size; write 2048 or
 * 2GB". Lists lose blanks and repeated names. */
bool vm_parse_input(struct vm_machine *machine, const struct image_input *input, int64_t unit,
                    struct base_span word, int64_t *value, struct base_sink *why);
/* A setting's value as PostgreSQL's own parser reads it (units with optional blank, decimals
 * rounded to the setting's unit, booleans by unique prefix, enums without regard to case), checked
 * against range, members and version. `version` is server_version_num, or 0 when not known. */
bool vm_parse_setting(struct vm_machine *machine, uint32_t setting, int64_t version,
                      struct base_span word, int64_t *value, struct base_sink *why);

struct vm_word {
    struct base_span name, value;
};
/* Splits NAME=VALUE; false if the text has no '=' or no name before it. */
bool vm_split_word(const char *text, struct vm_word *word);

/* After a run: refusals and warnings of the CHECKS, and traps that reached an output. Returns false
 * if something refuses. */
bool vm_judge(const struct vm_machine *machine, struct base_sink *warnings,
              struct base_sink *refusal);

#endif
