/* What the files of src/eval share. */
#ifndef AZA_EVAL_BUILD_H
#define AZA_EVAL_BUILD_H

#include "document/document.h"
#include "eval/eval.h"

/* A value as the compiler has it. A scalar is a slot. The shape of everything else is known now,
 * and what stands in it need not be: a text is a run of parts, some of which may be slots. */
enum aze_form { AZE_NOTHING, AZE_PLAIN, AZE_TEXT, AZE_LIST, AZE_MAP, AZE_RECORD };

struct aze_part {
    struct aza_span literal;           /* its start is null when the part is not known */
    const struct azs_symbol *variable; /* a fact's or option's variable, as the operator sets it */
    azi_slot slot;                     /* else: of kind TEXT */
};

struct aze_value;

struct aze_entry {
    const char *key; /* null in a list */
    const char *doc; /* or null */
    bool disabled;   /* what could be said: written as a comment */
    const struct aze_value *value;
};

struct aze_value {
    enum aze_form form;
    struct aza_place place; /* where it is written */
    const char *tag;        /* a YAML tag, or null */
    azi_slot slot;          /* PLAIN */
    const struct aze_part *parts;
    const struct aze_entry *entries; /* LIST, MAP */
    size_t count;                    /* of parts or entries */
    struct aze_record *record;
};

/* A block or a record. Its fields are evaluated when somebody asks for them, since blocks may name
 * one another. */
struct aze_record {
    const struct azs_schema *schema;
    const struct azs_symbol *block;  /* null for a record */
    const struct aze_value **values; /* by field; null: not evaluated yet */
    const struct azp_item **given;   /* by field: what a block says of it, or null */
    const char **docs;               /* by field, or null */
    bool *visiting;                  /* by field */
};

/* What a name of a comprehension stands for, once around. */
struct aze_bound {
    const struct azs_symbol *symbol;
    const struct aze_value *value;
    const struct aze_bound *outer;
};

/* Values of a function's parameters while its body is evaluated. */
struct aze_frame {
    const struct aze_value *const *values;
    struct aze_frame *outer;
    struct aza_place place; /* of the call */
    int depth;
};

/* A named value that was evaluated: a let, or a setting of the config it was asked in. */
struct aze_memo {
    const void *key;
    const struct azs_config *config;
    azi_slot slot;
    const struct aze_value *value;
    uint32_t name; /* in NAMES */
    bool visiting;
    struct aza_place place;
    const char *text;
    struct aze_memo *asked_by; /* while visiting: who needed it */
};

struct aze_notes {
    AZA_LIST(struct azb_note) list;
    uint16_t groups;
};

struct aze_builder {
    struct azs_program *program;
    struct azd_queue *queue;
    struct aza_arena *arena;
    struct aze_result *result;
    struct azi_code *code;
    struct azs_config *config; /* whose settings plain names mean */
    struct aze_frame *frame;
    const struct aze_bound *bound;
    struct aze_record *self; /* whose schema's defaults and checks are being evaluated */
    AZA_LIST(struct aze_record *) blocks;
    struct aze_notes *notes; /* of the value being evaluated; null where nobody explains */
    const char *file;        /* of the name that these notes belong to */
    struct aze_memo *asking; /* innermost value being evaluated */
    AZA_LIST(struct aze_memo *) memos;
    const azi_slot **fixed; /* by input: its constant, where one was given; null when none is */
    size_t steps;
    int depth; /* expressions within one another, and definitions of names in them */
};

/* Expressions */
azi_slot aze_expr(struct aze_builder *builder, const struct azp_expr *expr);
/* Counts one step more; false, and reported, when there are too many or they are nested too deep.
 */
bool aze_step(struct aze_builder *builder, const struct azp_expr *expr);
/* Counts what grows with the size of a value; false, and reported once, when it is too much. */
bool aze_work(struct aze_builder *builder, struct aza_place place, size_t amount);
azi_slot aze_expr_as(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind);
/* A value that must be known now; reports and answers false when it is not. */
bool aze_constant(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind,
                  int64_t *value);
/* Emits arithmetic; what traps on every machine is the rules' mistake, told where it stands. */
azi_slot aze_arithmetic(struct aze_builder *builder, const struct azp_expr *expr,
                        enum azb_opcode op, enum azb_kind kind, azi_slot a, azi_slot b);
azi_slot aze_coerce(struct aze_builder *builder, azi_slot slot, enum azb_kind kind);
azi_slot aze_not(struct aze_builder *builder, azi_slot slot);
azi_slot aze_zero(struct aze_builder *builder, enum azb_kind kind);
/* Of rows that are tried in order, whether this one can be the first that holds; `decided` becomes
 * true with the first that is sure to. What no machine gets to is not evaluated: it may well have
 * no answer. */
bool aze_may_hold(const struct aze_builder *builder, azi_slot condition, bool *decided);

/* Values */
const struct aze_value *aze_value(struct aze_builder *builder, const struct azp_expr *expr);
/* The same, in the form of a declared type: an int as a ratio, names as a list of texts. */
const struct aze_value *aze_value_as(struct aze_builder *builder, const struct azp_expr *expr,
                                     const struct azs_type *type);
/* A value as a slot: a number, a text whose parts are put together, a list of names. */
azi_slot aze_slot(struct aze_builder *builder, const struct aze_value *value, enum azb_kind kind);
struct aze_value *aze_new_value(struct aze_builder *builder, enum aze_form form,
                                struct aza_place place);
const struct aze_value *aze_plain(struct aze_builder *builder, azi_slot slot,
                                  struct aza_place place);
/* Texts are put together from the parts of others. */
struct aze_parts {
    AZA_LIST(struct aze_part) list;
};
void aze_add_parts(struct aze_builder *builder, struct aze_parts *parts,
                   const struct aze_value *piece);
const struct aze_value *aze_text_of_parts(struct aze_builder *builder,
                                          const struct aze_parts *parts, struct aza_place place);
/* A text of one part. */
const struct aze_value *aze_text_value(struct aze_builder *builder, struct aza_span text,
                                       struct aza_place place);
const struct aze_value *aze_slot_text(struct aze_builder *builder, azi_slot slot,
                                      struct aza_place place);
/* Whether all of a text is known now, and what it is. */
bool aze_known_text(struct aze_builder *builder, const struct aze_value *value,
                    struct aza_span *text);
/* The constant text of a value; null, and reported, when it is not known now. */
const char *aze_constant_text(struct aze_builder *builder, const struct aze_value *value);
/* Calls, as a slot and as a value */
azi_slot aze_call(struct aze_builder *builder, const struct azp_expr *expr);
const struct aze_value *aze_call_value(struct aze_builder *builder, const struct azp_expr *expr);
/* Whether the whole text is what the POSIX extended pattern describes. Where the pattern is none, or
 * could take too much memory or time, `why` says so; it is null otherwise. */
bool aze_matches(struct aza_arena *arena, const char *text, const char *pattern, const char **why);
const struct aze_value *aze_builtin(struct aze_builder *builder, const struct azp_expr *expr);
/* A name and a field that stand for values: parameters, variables, fields of a schema. */
const struct aze_value *aze_value_of_name(struct aze_builder *builder, const struct azp_expr *expr);
const struct aze_value *aze_value_of_field(struct aze_builder *builder,
                                           const struct azp_expr *expr);
/* A condition on the shape of a value: false, and reported, when only the start can tell. */
bool aze_decide(struct aze_builder *builder, const struct azp_expr *expr, bool *holds);

/* A list as it is written. */
const struct aze_value *aze_list(struct aze_builder *builder, const struct azp_expr *expr);
/* The first variable that says a fact or option; null when none does. */
const char *aze_variable(const struct azs_symbol *symbol);
const struct aze_value *aze_options_in(struct aze_builder *builder, const struct aze_value *value,
                                       struct aza_place place);

/* What surrounds an expression; one that stands in a declaration of its own has none of it, whoever
 * asks for it. */
struct aze_surroundings {
    struct aze_frame *frame;
    const struct aze_bound *bound;
    struct aze_record *self;
    struct azs_config *config;
};
struct aze_surroundings aze_enter(struct aze_builder *builder, struct aze_record *self,
                                  struct azs_config *config);
void aze_leave(struct aze_builder *builder, const struct aze_surroundings *outer);

/* Blocks and records */
const struct aze_value *aze_block(struct aze_builder *builder, const struct azs_symbol *symbol,
                                  struct aza_place place);
const struct aze_value *aze_make_record(struct aze_builder *builder, const struct azp_expr *expr,
                                        const struct azs_schema *schema);
const struct aze_value *aze_field_value(struct aze_builder *builder, struct aze_record *record,
                                        size_t index, struct aza_place use);
const struct aze_value *aze_blocks_of(struct aze_builder *builder, const struct azs_schema *schema,
                                      struct aza_place place);
void aze_check_blocks(struct aze_builder *builder);

/* Documents */
void aze_document(struct aze_builder *builder, const struct azp_item *item);
/* The settings of a config as its server reads them. */
const struct aze_value *aze_settings_of(struct aze_builder *builder, struct azs_config *config,
                                        struct aza_place place);
/* What a constant slot is in a file. */
const char *aze_shown(struct aze_builder *builder, azi_slot slot);

/* Tables: profile columns, tiers, curves */
azi_slot aze_column(struct aze_builder *builder, const struct azp_expr *expr);
azi_slot aze_curve(struct aze_builder *builder, const struct azp_expr *expr);
/* Reports rows that are out of order, whether or not anybody reads a column. */
void aze_check_tiers(struct aze_builder *builder, const struct azp_item *tiers);

/* Named values */
azi_slot aze_let(struct aze_builder *builder, const struct azs_symbol *symbol,
                 struct aza_place use);
/* Whether a let has a name in the image, and so can be explained: structures have no slot, and
 * nobody asks about a text that makes up a file. */
bool aze_is_named(struct aze_builder *builder, const struct azs_symbol *symbol);
/* A let as a value: only texts, lists, maps and records are asked for so. */
const struct aze_value *aze_let_value(struct aze_builder *builder, const struct azs_symbol *symbol,
                                      struct aza_place use);
azi_slot aze_setting(struct aze_builder *builder, struct azs_config *config,
                     const struct azg_setting *setting, struct aza_place use);
/* Whether the live config is this one or extends it. Outside of configs the name of such a config
 * means the live one: what the product's invariants say of `runtime` holds for a policy laid on top
 * of it. Within a config it means what that config itself says. */
bool aze_leads_to_live(const struct aze_builder *builder, const struct azs_config *config);
azi_slot aze_input(struct aze_builder *builder, const struct azs_symbol *symbol);
/* Values that are not kept, but could be defined by themselves: null after reporting that. */
struct aze_memo *aze_visit(struct aze_builder *builder, const void *key, struct azp_word declared,
                           struct aza_place use);
void aze_unvisit(struct aze_builder *builder, struct aze_memo *memo);
/* Index in NAMES of what was evaluated last under that key; AZB_NONE when it has none. */
uint32_t aze_name_of(const struct aze_builder *builder, const void *key,
                     const struct azs_config *config);
uint32_t aze_add_name(struct aze_builder *builder, const char *name, enum azb_name_class class,
                      struct aza_place place, const char *doc);
void aze_finish_name(struct aze_builder *builder, uint32_t name, azi_slot slot, const char *formula,
                     const struct aze_notes *notes);

/* Notes */
void aze_note(struct aze_builder *builder, enum azb_note_class class, uint16_t group,
              const char *text, uint32_t a, uint32_t b, struct aza_place place);
uint16_t aze_group(struct aze_builder *builder);

/* Image tables of inputs and settings */
bool aze_inputs(struct aze_builder *builder);
/* Makes constants of the inputs that were given at compile time. */
bool aze_fix_inputs(struct aze_builder *builder);
void aze_settings(struct aze_builder *builder);
uint32_t aze_string(struct aze_builder *builder, const char *text);

const char *aze_text_of(struct aze_builder *builder, struct aza_place place);

#endif
