/* The verifier, the interpreter, and the values that go in and come out.
 *
 * azv_verify accepts an image only if running it is safe: every operand names a lower slot of the
 * right kind, every index and string offset lies inside its table, constants are in the domain of
 * their kind. After that azv_run executes each instruction exactly once, in order, so it takes as
 * many steps as there are instructions, and the slots afterwards are the whole trace, which is what
 * `explain` reads. Nothing here allocates: the caller brings the memory.
 *
 * A slot ends in one of three states. VALUE holds a number. VOID is "there is none": an unknown
 * fact, a setting whose `when` does not hold. TRAP is arithmetic that has no answer; it travels
 * through every instruction that uses it, except where select, else, and, or do not choose it, and
 * becomes a refusal only if it reaches a setting, a check or an export. */
#ifndef AZA_VM_H
#define AZA_VM_H

#include "image/image.h"

enum azv_state { AZV_VALUE, AZV_VOID, AZV_TRAP };

/* grammar/traps.def: name and the sentence people read. */
enum azv_trap {
#define X(name, word, sentence) AZV_##name,
#include "traps.def"
#undef X
    AZV_TRAPS
};

struct azv_slot {
    int64_t value;
    uint8_t state;   /* enum azv_state */
    uint8_t trap;    /* enum azv_trap */
    uint16_t origin; /* the instruction that trapped first */
};

/* What one source of an input answered. */
enum azv_answer { AZV_ANSWER_NONE, AZV_ANSWER_VALUE, AZV_ANSWER_UNLIMITED, AZV_ANSWER_UNKNOWN };

struct azv_reading {
    uint8_t answer; /* enum azv_answer; NONE: not asked */
    int64_t value;  /* text: offset, as in a slot */
    const char
        *detail; /* which file or rule of the machine said so; static or caller-owned; or 0 */
};

/* An input after its sources were asked. */
struct azv_input {
    int64_t value;
    uint8_t state; /* VALUE or VOID */
    bool given;    /* the operator said it: an environment variable, a file, NAME=VALUE */
    bool clamped;
    uint32_t source;   /* in SOURCES, or AZB_NONE: default, `use`, or NAME=VALUE */
    const char *label; /* the source's label, "default", "given" */
};

/* Who decides a setting, the strongest first. */
enum azv_layer { AZV_COMMAND_LINE, AZV_SETTINGS_VARIABLE, AZV_RULES, AZV_LAYERS };

struct azv_override {
    int64_t value;
    bool present;
    uint8_t layer;        /* COMMAND_LINE or SETTINGS_VARIABLE */
    struct aza_span word; /* the value as the operator wrote it */
};

struct azv_trace;

/* All that one run needs; the arrays belong to the caller. */
struct azv_machine {
    const struct azb_image *image;
    struct azv_slot *slots;               /* one per instruction */
    const struct azv_input *inputs;       /* one per input */
    const struct azv_override *overrides; /* one per setting, or null: nobody overrides */
    char *text;                           /* text made while running */
    size_t text_used, text_capacity;
    size_t list_work; /* bytes that list operations have gone through; azv_run starts at 0 */
    const struct azv_trace *secrets; /* slots that are not to be shown; or null: there are none */
};

/* Whether every byte of the image may be trusted from here on. */
bool azv_verify(const struct azb_image *image, struct azb_refusal *refusal);

void azv_run(struct azv_machine *machine);
/* Executes instruction n alone; its operands' slots must be filled. azv_run is this, n times. */
void azv_step(struct azv_machine *machine, uint32_t n);

/* The slots that one slot was made from, itself included. An operator's word ends the way back:
 * what the rules would have said behind it does not count. */
enum azv_extent {
    AZV_TAKEN, /* what this run used: of a choice the side that was chosen */
    AZV_WHOLE, /* both sides */
};
struct azv_trace {
    uint64_t slots[AZA_SLOTS_MAX / 64]; /* a bit each */
};
static inline bool azv_traced(const struct azv_trace *trace, uint32_t slot)
{
    return (trace->slots[slot / 64] >> slot % 64 & 1) != 0;
}
/* Answers a number that two runs share when they made the same choices on the way: the same rows,
 * branches, segments and limits. */
uint64_t azv_trace(const struct azv_machine *machine, uint32_t slot, enum azv_extent extent,
                   struct azv_trace *trace);

/* The slots that anything rests on which this image decides at start: settings, checks, variables,
 * documents. */
void azv_trace_needs(const struct azb_image *image, struct azv_trace *needs);
/* False for an option of which only others make use, such as a port that docker compose publishes. */
bool azv_needs_input(const struct azb_image *image, const struct azv_trace *needs, uint32_t input);

/* The other way: the slots of `within` that change with one slot, itself included. */
void azv_trace_forward(const struct azb_image *image, uint32_t slot, const struct azv_trace *within,
                       struct azv_trace *moved);

/* The slots that are made from secrets. Whether there is a secret, KNOWN and GIVEN, is none. */
void azv_trace_secrets(const struct azb_image *image, struct azv_trace *secrets);
/* Marks slot n if it is a secret, or is made from slots that are marked. */
void azv_mark_secret(const struct azb_image *image, uint32_t n, struct azv_trace *secrets);

/* Text of a TEXT, ENUM or LIST value. Offsets from string_bytes up lie in machine->text. */
const char *azv_text(const struct azv_machine *machine, int64_t value);
/* A copy of the span as a TEXT value of this machine; false when its text is full. */
bool azv_make_text(struct azv_machine *machine, struct aza_span span, int64_t *value);
const char *azv_trap_sentence(unsigned trap);

/* A value as the rules write it: 512MB, 1.5, 10min, web, on for settings and true elsewhere. Bytes
 * and time use the largest unit up to MB and d that leaves a whole number. */
void azv_put_value(struct aza_sink *sink, const struct azv_machine *machine, unsigned kind,
                   int64_t value);
/* A setting's value as PostgreSQL writes it, without quotes. -1 of a setting with a unit, which
 * means "off" or "automatic", is written as -1. */
void azv_put_setting(struct aza_sink *sink, const struct azv_machine *machine,
                     const struct azb_setting *setting, int64_t value);

/* The value of a slot that has one: a setting's as PostgreSQL writes it. */
void azv_put_slot(struct aza_sink *sink, const struct azv_machine *machine, uint32_t slot);

/* A value of a fact or option as people write it: "2048" (in `unit`s, when that is not 0), "2GB",
 * "1.5", "25%", "10min", "web", "a, b". Decimal only: a leading zero is not octal, "0512" is 512.
 * On failure `why` gets a sentence without the name of the variable: "is not a size; write 2048 or
 * 2GB". Lists lose blanks and repeated names. */
bool azv_parse_input(struct azv_machine *machine, const struct azb_input *input, int64_t unit,
                     struct aza_span word, int64_t *value, struct aza_sink *why);
/* A setting's value as PostgreSQL's own parser reads it (units with optional blank, decimals
 * rounded to the setting's unit, booleans by unique prefix, enums without regard to case), checked
 * against range, members and version. `version` is server_version_num, or 0 when not known. */
bool azv_parse_setting(struct azv_machine *machine, uint32_t setting, int64_t version,
                       struct aza_span word, int64_t *value, struct aza_sink *why);

/* Fills machine->inputs' array, which `inputs` is. For each input, in order: `words` (NAME=VALUE of
 * the command line or of a test), then its sources, then its default. Warnings go to `warnings`,
 * one line each; a refusal goes to `refusal` as one sentence and answers false. */
struct azv_word {
    struct aza_span name, value;
};
struct azv_surroundings {
    const char *const *environment; /* "NAME=VALUE" strings up to a null pointer */
    const struct azv_word *words;
    size_t word_count;
    bool ask_machine;             /* false in tests: only words and defaults count */
    struct azf_machine *probes;   /* probe/probe.h; unused when ask_machine is false */
    struct azv_reading *readings; /* one per source, filled; or null */
};
/* A variable's value; null when it is unset or empty, which is the same everywhere. */
const char *azv_variable(const char *const *environment, const char *name);
bool azv_resolve(struct azv_machine *machine, struct azv_input *inputs,
                 const struct azv_surroundings *surroundings, struct aza_sink *warnings,
                 struct aza_sink *refusal);

/* After a run: refusals and warnings of the CHECKS, and traps that reached an output. Answers false
 * when something refuses. */
bool azv_judge(const struct azv_machine *machine, struct aza_sink *warnings,
               struct aza_sink *refusal);

#endif
