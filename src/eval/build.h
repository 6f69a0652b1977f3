/* Private to src/eval: the builder, which is the state of one evaluation, and the forms of values.
 *
 * expr.c evaluates expressions whose result is one slot, value.c those whose result is a text,
 * list, map or record; each calls the other. Named values (named.c), rows of tables (table.c),
 * calls (call.c, builtin.c), blocks (record.c) and files (document.c, options.c, include.c) build
 * on the two. program.c evaluates a whole program in order; tables.c fills the image's tables of
 * inputs and settings. Everything is allocated in the compilation's arena.
 *
 * An expression with a reported mistake evaluates to ir_broken or EVAL_NOTHING, on which nothing
 * further is reported. */
#ifndef AZA_EVAL_BUILD_H
#define AZA_EVAL_BUILD_H

#include "formats/formats.h"
#include "eval/eval.h"

/* A value at compile time. A scalar is a slot. The shape of all others is known, but their contents
 * may not be: a text is a sequence of parts, some of which may be slots. */
enum eval_form { EVAL_NOTHING, EVAL_PLAIN, EVAL_TEXT, EVAL_LIST, EVAL_MAP, EVAL_RECORD };

struct eval_part {
    struct base_span literal;           /* its start is null if the part is not a literal */
    const struct sema_symbol *variable; /* the environment variable of a fact or option */
    ir_slot slot;                       /* otherwise: of kind TEXT */
};

struct eval_value;

struct eval_entry {
    const char *key; /* null in a list */
    const char *doc; /* or null */
    bool disabled;   /* an example of what can be set: written as a comment */
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

/* A block or a record. Its fields are evaluated when they are first used, since blocks may refer to
 * one another. */
struct eval_record {
    const struct sema_schema *schema;
    const struct sema_symbol *block;  /* null for a record */
    const struct eval_value **values; /* by field; null: not evaluated yet */
    const struct syntax_item **given; /* by field: its line in the block, or null */
    const char **docs;                /* by field, or null */
    bool *visiting;                   /* by field */
};

/* The value of a comprehension's name in the current iteration. */
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

/* A named value that has been evaluated, or is being evaluated (`visiting`): a let, or a setting. A
 * setting, or a let of a config, has one for each config that uses it. */
struct eval_memo {
    const void *key;
    const struct sema_config *config;
    ir_slot slot;
    const struct eval_value *value;
    uint32_t name; /* in NAMES */
    bool visiting;
    struct base_place place;
    const char *text;
    struct eval_memo *asked_by; /* while visiting: the value that needs this one */
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
    struct eval_notes *notes; /* of the value being evaluated; null: no notes are kept */
    const char *file;         /* of the name that these notes belong to */
    struct eval_memo *asking; /* innermost value being evaluated */
    BASE_LIST(struct eval_memo *) memos;
    const ir_slot **fixed; /* by input: its constant, or null; null if no input is fixed */
    size_t steps;
    int depth; /* nesting of expressions, including the definitions of names */
};

/* Expressions */
ir_slot eval_expr(struct eval_builder *builder, const struct syntax_expr *expr);
/* Counts one step; false, and reported, if there are too many or they are nested too deeply. */
bool eval_step(struct eval_builder *builder, const struct syntax_expr *expr);
/* Counts work that is proportional to a value's size; false, and reported once, if the total
 * exceeds the limit. */
bool eval_work(struct eval_builder *builder, struct base_place place, size_t amount);
ir_slot eval_expr_as(struct eval_builder *builder, const struct syntax_expr *expr,
                     enum image_kind kind);
/* A value that must be known at compile time; false, and reported, if it is not. */
bool eval_constant(struct eval_builder *builder, const struct syntax_expr *expr,
                   enum image_kind kind, int64_t *value);
/* Emits arithmetic. An instruction that traps on every machine is reported as a mistake at `expr`.
 */
ir_slot eval_arithmetic(struct eval_builder *builder, const struct syntax_expr *expr,
                        enum image_opcode op, enum image_kind kind, ir_slot a, ir_slot b);
ir_slot eval_coerce(struct eval_builder *builder, ir_slot slot, enum image_kind kind);
ir_slot eval_not(struct eval_builder *builder, ir_slot slot);
ir_slot eval_zero(struct eval_builder *builder, enum image_kind kind);
/* Of rows that are tried in order, whether this one can be the first whose condition holds;
 * `decided` becomes true at the first row that certainly holds. Rows that no machine reaches are
 * not evaluated, as they may trap. */
bool eval_may_hold(const struct eval_builder *builder, ir_slot condition, bool *decided);
/* The value of the first row whose condition holds, else `otherwise`: a chain of SELECT. */
ir_slot eval_select_first(struct eval_builder *builder, enum image_kind kind,
                          const ir_slot *conditions, const ir_slot *values, size_t count,
                          ir_slot otherwise);

/* Values */
const struct eval_value *eval_value(struct eval_builder *builder, const struct syntax_expr *expr);
/* The same, converted to a declared type: an int to a ratio, names to a list of texts. */
const struct eval_value *eval_value_as(struct eval_builder *builder, const struct syntax_expr *expr,
                                       const struct sema_type *type);
/* A value as a slot: a number, a text whose parts are concatenated, or a list of names. */
ir_slot eval_slot(struct eval_builder *builder, const struct eval_value *value,
                  enum image_kind kind);
struct eval_value *eval_new_value(struct eval_builder *builder, enum eval_form form,
                                  struct base_place place);
const struct eval_value *eval_plain(struct eval_builder *builder, ir_slot slot,
                                    struct base_place place);
/* The parts of a text under construction. */
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
/* A piece of an interpolated text: the parts of a text, or another value converted to text. */
const struct eval_value *eval_piece(struct eval_builder *builder, const struct syntax_expr *piece);
/* An included file as a text. */
const struct eval_value *eval_include(struct eval_builder *builder, const struct syntax_expr *expr);
/* Whether a text is completely known at compile time; if so, `text` is set to it. */
bool eval_known_text(struct eval_builder *builder, const struct eval_value *value,
                     struct base_span *text);
/* The text of a value; null, and reported, if it is not known at compile time. */
const char *eval_constant_text(struct eval_builder *builder, const struct eval_value *value);
/* Calls, as a slot and as a value */
ir_slot eval_call(struct eval_builder *builder, const struct syntax_expr *expr);
const struct eval_value *eval_call_value(struct eval_builder *builder,
                                         const struct syntax_expr *expr);
/* Whether the whole text matches a POSIX extended regular expression. `why` is null, or the reason
 * why the pattern is invalid or could take too much memory or time. */
bool eval_matches(struct base_arena *arena, const char *text, const char *pattern,
                  const char **why);
const struct eval_value *eval_builtin(struct eval_builder *builder, const struct syntax_expr *expr);
/* The value of a name, and of a field of a map, record or block. */
const struct eval_value *eval_value_of_name(struct eval_builder *builder,
                                            const struct syntax_expr *expr);
const struct eval_value *eval_value_of_field(struct eval_builder *builder,
                                             const struct syntax_expr *expr);
/* A condition that decides the shape of a value; false, and reported, if it is known only at
 * container start. */
bool eval_decide(struct eval_builder *builder, const struct syntax_expr *expr, bool *holds);

/* A list literal. */
const struct eval_value *eval_list(struct eval_builder *builder, const struct syntax_expr *expr);
/* The first environment variable that a fact or option is read from; null if there is none. */
const char *eval_variable(const struct sema_symbol *symbol);
const struct eval_value *eval_options_in(struct eval_builder *builder,
                                         const struct eval_value *value, struct base_place place);

/* The surroundings of an expression: what its names may refer to. A declaration is evaluated when
 * it is first used, but never in the surroundings of that use: eval_enter replaces them and returns
 * the old ones for eval_leave. */
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
/* The settings of a config as a map, with texts as its server reads them. */
const struct eval_value *eval_settings_of(struct eval_builder *builder, struct sema_config *config,
                                          struct base_place place);
/* A constant slot as text, in the notation of the rules. */
const char *eval_shown(struct eval_builder *builder, ir_slot slot);

/* Tables: profile columns, tiers, curves */
ir_slot eval_column(struct eval_builder *builder, const struct syntax_expr *expr);
ir_slot eval_curve(struct eval_builder *builder, const struct syntax_expr *expr);
/* Reports rows that are out of order, even if no column is used. */
void eval_check_tiers(struct eval_builder *builder, const struct syntax_item *tiers);

/* Named values */
ir_slot eval_let(struct eval_builder *builder, const struct sema_symbol *symbol,
                 struct base_place use);
/* Whether a let has a name in the image and can be explained. Structures have no slot, and long
 * texts are contents of files. */
bool eval_is_named(struct eval_builder *builder, const struct sema_symbol *symbol);
/* A let as a value. */
const struct eval_value *eval_let_value(struct eval_builder *builder,
                                        const struct sema_symbol *symbol, struct base_place use);
ir_slot eval_setting(struct eval_builder *builder, struct sema_config *config,
                     const struct catalog_setting *setting, struct base_place use);
/* Whether the live config is this one or extends it. Outside of configs the name of such a config
 * refers to the live one, so that invariants about `runtime` also hold for a policy that extends
 * it. Within a config the name refers to that config itself. */
bool eval_leads_to_live(const struct eval_builder *builder, const struct sema_config *config);
ir_slot eval_input(struct eval_builder *builder, const struct sema_symbol *symbol);
/* Brackets the evaluation of something that is not stored under a name, such as a column, to detect
 * that it depends on itself: null, and reported, if it does. */
struct eval_memo *eval_visit(struct eval_builder *builder, const void *key,
                             struct syntax_word declared, struct base_place use);
void eval_unvisit(struct eval_builder *builder, struct eval_memo *memo);
/* Index in NAMES of the value that was evaluated under this key; IMAGE_NONE if it has none. */
uint32_t eval_name_of(const struct eval_builder *builder, const void *key,
                      const struct sema_config *config);
/* A row of NAMES, to be completed by eval_finish_name when the value has been evaluated. */
uint32_t eval_add_name(struct eval_builder *builder, const char *name, enum image_name_class class,
                       struct base_place place, const char *doc);
void eval_finish_name(struct eval_builder *builder, uint32_t name, ir_slot slot,
                      const char *formula, const struct eval_notes *notes);

/* Notes: nothing is recorded outside of a named value. Rows of one table share a group, which
 * eval_group numbers. */
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
