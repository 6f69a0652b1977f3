/* What the files of src/eval share. */
#ifndef AZA_EVAL_BUILD_H
#define AZA_EVAL_BUILD_H

#include "formats/formats.h"
#include "eval/eval.h"

/* A value as the compiler has it. A scalar is a slot. The shape of everything else is known now,
 * and what stands in it need not be: a text is a run of parts, some of which may be slots. */
enum eval_form { EVAL_NOTHING, EVAL_PLAIN, EVAL_TEXT, EVAL_LIST, EVAL_MAP, EVAL_RECORD };

struct eval_part {
    struct base_span literal;           /* its start is null when the part is not known */
    const struct sema_symbol *variable; /* a fact's or option's variable, as the operator sets it */
    ir_slot slot;                       /* else: of kind TEXT */
};

struct eval_value;

struct eval_entry {
    const char *key; /* null in a list */
    const char *doc; /* or null */
    bool disabled;   /* what could be said: written as a comment */
    const struct eval_value *value;
};

struct eval_value {
    enum eval_form form;
    struct base_place place; /* where it is written */
    const char *tag;         /* a YAML tag, or null */
    ir_slot slot;            /* PLAIN */
    const struct eval_part *parts;
    const struct eval_entry *entries; /* LIST, MAP */
    size_t count;                     /* of parts or entries */
    struct eval_record *record;
};

/* A block or a record. Its fields are evaluated when somebody asks for them, since blocks may name
 * one another. */
struct eval_record {
    const struct sema_schema *schema;
    const struct sema_symbol *block;  /* null for a record */
    const struct eval_value **values; /* by field; null: not evaluated yet */
    const struct syntax_item **given; /* by field: what a block says of it, or null */
    const char **docs;                /* by field, or null */
    bool *visiting;                   /* by field */
};

/* What a name of a comprehension stands for, once around. */
struct eval_bound {
    const struct sema_symbol *symbol;
    const struct eval_value *value;
    const struct eval_bound *outer;
};

/* Values of a function's parameters while its body is evaluated. */
struct eval_frame {
    const struct eval_value *const *values;
    struct eval_frame *outer;
    struct base_place place; /* of the call */
    int depth;
};

/* A named value that was evaluated: a let, or a setting of the config it was asked in. */
struct eval_memo {
    const void *key;
    const struct sema_config *config;
    ir_slot slot;
    const struct eval_value *value;
    uint32_t name; /* in NAMES */
    bool visiting;
    struct base_place place;
    const char *text;
    struct eval_memo *asked_by; /* while visiting: who needed it */
};

struct eval_notes {
    BASE_LIST(struct image_note) list;
    uint16_t groups;
};

struct eval_builder {
    struct sema_program *program;
    struct diag_queue *queue;
    struct base_arena *arena;
    struct eval_result *result;
    struct ir_code *code;
    struct sema_config *config; /* whose settings plain names mean */
    struct eval_frame *frame;
    const struct eval_bound *bound;
    struct eval_record *self; /* whose schema's defaults and checks are being evaluated */
    BASE_LIST(struct eval_record *) blocks;
    struct eval_notes *notes; /* of the value being evaluated; null where nobody explains */
    const char *file;         /* of the name that these notes belong to */
    struct eval_memo *asking; /* innermost value being evaluated */
    BASE_LIST(struct eval_memo *) memos;
    const ir_slot **fixed; /* by input: its constant, where one was given; null when none is */
    size_t steps;
    int depth; /* expressions within one another, and definitions of names in them */
};

/* Expressions */
ir_slot eval_expr(struct eval_builder *builder, const struct syntax_expr *expr);
/* Counts one step more; false, and reported, when there are too many or they are nested too deep.
 */
bool eval_step(struct eval_builder *builder, const struct syntax_expr *expr);
/* Counts what grows with the size of a value; false, and reported once, when it is too much. */
bool eval_work(struct eval_builder *builder, struct base_place place, size_t amount);
ir_slot eval_expr_as(struct eval_builder *builder, const struct syntax_expr *expr,
                     enum image_kind kind);
/* A value that must be known now; reports and answers false when it is not. */
bool eval_constant(struct eval_builder *builder, const struct syntax_expr *expr,
                   enum image_kind kind, int64_t *value);
/* Emits arithmetic; what traps on every machine is the rules' mistake, told where it stands. */
ir_slot eval_arithmetic(struct eval_builder *builder, const struct syntax_expr *expr,
                        enum image_opcode op, enum image_kind kind, ir_slot a, ir_slot b);
ir_slot eval_coerce(struct eval_builder *builder, ir_slot slot, enum image_kind kind);
ir_slot eval_not(struct eval_builder *builder, ir_slot slot);
ir_slot eval_zero(struct eval_builder *builder, enum image_kind kind);
/* Of rows that are tried in order, whether this one can be the first that holds; `decided` becomes
 * true with the first that is sure to. What no machine gets to is not evaluated: it may well have
 * no answer. */
bool eval_may_hold(const struct eval_builder *builder, ir_slot condition, bool *decided);

/* Values */
const struct eval_value *eval_value(struct eval_builder *builder, const struct syntax_expr *expr);
/* The same, in the form of a declared type: an int as a ratio, names as a list of texts. */
const struct eval_value *eval_value_as(struct eval_builder *builder, const struct syntax_expr *expr,
                                       const struct sema_type *type);
/* A value as a slot: a number, a text whose parts are put together, a list of names. */
ir_slot eval_slot(struct eval_builder *builder, const struct eval_value *value,
                  enum image_kind kind);
struct eval_value *eval_new_value(struct eval_builder *builder, enum eval_form form,
                                  struct base_place place);
const struct eval_value *eval_plain(struct eval_builder *builder, ir_slot slot,
                                    struct base_place place);
/* Texts are put together from the parts of others. */
struct eval_parts {
    BASE_LIST(struct eval_part) list;
};
void eval_add_parts(struct eval_builder *builder, struct eval_parts *parts,
                    const struct eval_value *piece);
const struct eval_value *eval_text_of_parts(struct eval_builder *builder,
                                            const struct eval_parts *parts,
                                            struct base_place place);
/* A text of one part. */
const struct eval_value *eval_text_value(struct eval_builder *builder, struct base_span text,
                                         struct base_place place);
const struct eval_value *eval_slot_text(struct eval_builder *builder, ir_slot slot,
                                        struct base_place place);
/* A piece of a text: a text's parts, or anything else as people write it. */
const struct eval_value *eval_piece(struct eval_builder *builder, const struct syntax_expr *piece);
/* An included file as a text. */
const struct eval_value *eval_include(struct eval_builder *builder, const struct syntax_expr *expr);
/* Whether all of a text is known now, and what it is. */
bool eval_known_text(struct eval_builder *builder, const struct eval_value *value,
                     struct base_span *text);
/* The constant text of a value; null, and reported, when it is not known now. */
const char *eval_constant_text(struct eval_builder *builder, const struct eval_value *value);
/* Calls, as a slot and as a value */
ir_slot eval_call(struct eval_builder *builder, const struct syntax_expr *expr);
const struct eval_value *eval_call_value(struct eval_builder *builder,
                                         const struct syntax_expr *expr);
/* Whether the whole text is what the POSIX extended pattern describes. Where the pattern is none,
 * or could take too much memory or time, `why` says so; it is null otherwise. */
bool eval_matches(struct base_arena *arena, const char *text, const char *pattern,
                  const char **why);
const struct eval_value *eval_builtin(struct eval_builder *builder, const struct syntax_expr *expr);
/* A name and a field that stand for values: parameters, variables, fields of a schema. */
const struct eval_value *eval_value_of_name(struct eval_builder *builder,
                                            const struct syntax_expr *expr);
const struct eval_value *eval_value_of_field(struct eval_builder *builder,
                                             const struct syntax_expr *expr);
/* A condition on the shape of a value: false, and reported, when only the start can tell. */
bool eval_decide(struct eval_builder *builder, const struct syntax_expr *expr, bool *holds);

/* A list as it is written. */
const struct eval_value *eval_list(struct eval_builder *builder, const struct syntax_expr *expr);
/* The first variable that says a fact or option; null when none does. */
const char *eval_variable(const struct sema_symbol *symbol);
const struct eval_value *eval_options_in(struct eval_builder *builder,
                                         const struct eval_value *value, struct base_place place);

/* What surrounds an expression; one that stands in a declaration of its own has none of it, whoever
 * asks for it. */
struct eval_surroundings {
    struct eval_frame *frame;
    const struct eval_bound *bound;
    struct eval_record *self;
    struct sema_config *config;
};
struct eval_surroundings eval_enter(struct eval_builder *builder, struct eval_record *self,
                                    struct sema_config *config);
void eval_leave(struct eval_builder *builder, const struct eval_surroundings *outer);

/* Blocks and records */
const struct eval_value *eval_block(struct eval_builder *builder, const struct sema_symbol *symbol,
                                    struct base_place place);
const struct eval_value *eval_make_record(struct eval_builder *builder,
                                          const struct syntax_expr *expr,
                                          const struct sema_schema *schema);
const struct eval_value *eval_field_value(struct eval_builder *builder, struct eval_record *record,
                                          size_t index, struct base_place use);
const struct eval_value *eval_blocks_of(struct eval_builder *builder,
                                        const struct sema_schema *schema, struct base_place place);
void eval_check_blocks(struct eval_builder *builder);

/* Documents */
void eval_document(struct eval_builder *builder, const struct syntax_item *item);
/* The settings of a config as its server reads them. */
const struct eval_value *eval_settings_of(struct eval_builder *builder, struct sema_config *config,
                                          struct base_place place);
/* What a constant slot is in a file. */
const char *eval_shown(struct eval_builder *builder, ir_slot slot);

/* Tables: profile columns, tiers, curves */
ir_slot eval_column(struct eval_builder *builder, const struct syntax_expr *expr);
ir_slot eval_curve(struct eval_builder *builder, const struct syntax_expr *expr);
/* Reports rows that are out of order, whether or not anybody reads a column. */
void eval_check_tiers(struct eval_builder *builder, const struct syntax_item *tiers);

/* Named values */
ir_slot eval_let(struct eval_builder *builder, const struct sema_symbol *symbol,
                 struct base_place use);
/* Whether a let has a name in the image, and so can be explained: structures have no slot, and
 * nobody asks about a text that makes up a file. */
bool eval_is_named(struct eval_builder *builder, const struct sema_symbol *symbol);
/* A let as a value: only texts, lists, maps and records are asked for so. */
const struct eval_value *eval_let_value(struct eval_builder *builder,
                                        const struct sema_symbol *symbol, struct base_place use);
ir_slot eval_setting(struct eval_builder *builder, struct sema_config *config,
                     const struct catalog_setting *setting, struct base_place use);
/* Whether the live config is this one or extends it. Outside of configs the name of such a config
 * means the live one: what the product's invariants say of `runtime` holds for a policy laid on top
 * of it. Within a config it means what that config itself says. */
bool eval_leads_to_live(const struct eval_builder *builder, const struct sema_config *config);
ir_slot eval_input(struct eval_builder *builder, const struct sema_symbol *symbol);
/* Values that are not kept, but could be defined by themselves: null after reporting that. */
struct eval_memo *eval_visit(struct eval_builder *builder, const void *key,
                             struct syntax_word declared, struct base_place use);
void eval_unvisit(struct eval_builder *builder, struct eval_memo *memo);
/* Index in NAMES of what was evaluated last under that key; IMAGE_NONE when it has none. */
uint32_t eval_name_of(const struct eval_builder *builder, const void *key,
                      const struct sema_config *config);
uint32_t eval_add_name(struct eval_builder *builder, const char *name, enum image_name_class class,
                       struct base_place place, const char *doc);
void eval_finish_name(struct eval_builder *builder, uint32_t name, ir_slot slot,
                      const char *formula, const struct eval_notes *notes);

/* Notes */
void eval_note(struct eval_builder *builder, enum image_note_class class, uint16_t group,
               const char *text, uint32_t a, uint32_t b, struct base_place place);
uint16_t eval_group(struct eval_builder *builder);

/* Image tables of inputs and settings */
bool eval_inputs(struct eval_builder *builder);
/* Makes constants of the inputs that were given at compile time. */
bool eval_fix_inputs(struct eval_builder *builder);
void eval_settings(struct eval_builder *builder);
uint32_t eval_string(struct eval_builder *builder, const char *text);

const char *eval_text_of(struct eval_builder *builder, struct base_place place);

#endif
