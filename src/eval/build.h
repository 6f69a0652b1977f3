/* What the files of src/eval share. */
#ifndef AZA_EVAL_BUILD_H
#define AZA_EVAL_BUILD_H

#include "eval/eval.h"

/* Values of a function's parameters while its body is evaluated. */
struct aze_frame {
    const azi_slot *values;
    struct aze_frame *outer;
    struct aza_place place; /* of the call */
    int depth;
};

/* A named value that was evaluated: a let, or a setting of the config it was asked in. */
struct aze_memo {
    const void *key;
    const struct azs_config *config;
    azi_slot slot;
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
azi_slot aze_expr_as(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind);
/* A value that must be known now; reports and answers false when it is not. */
bool aze_constant(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind,
                  int64_t *value);
azi_slot aze_coerce(struct aze_builder *builder, azi_slot slot, enum azb_kind kind);
azi_slot aze_not(struct aze_builder *builder, azi_slot slot);
azi_slot aze_zero(struct aze_builder *builder, enum azb_kind kind);
/* Of rows that are tried in order, whether this one can be the first that holds; `decided` becomes
 * true with the first that is sure to. What no machine gets to is not evaluated: it may well have
 * no answer. */
bool aze_may_hold(const struct aze_builder *builder, azi_slot condition, bool *decided);

/* Tables: profile columns, tiers, curves */
azi_slot aze_column(struct aze_builder *builder, const struct azp_expr *expr);
azi_slot aze_curve(struct aze_builder *builder, const struct azp_expr *expr);
/* Reports rows that are out of order, whether or not anybody reads a column. */
void aze_check_tiers(struct aze_builder *builder, const struct azp_item *tiers);

/* Named values */
azi_slot aze_let(struct aze_builder *builder, const struct azs_symbol *symbol,
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
