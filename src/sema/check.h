/* What the files of src/sema share. */
#ifndef AZA_SEMA_CHECK_H
#define AZA_SEMA_CHECK_H

#include "probe/probe.h"
#include "sema/sema.h"

struct azs_scope {
    struct azs_scope *outer;
    struct azs_symbol *symbol;
    const struct azs_config *config; /* of a setting that is known: in which config */
};

struct azs_checker {
    struct azs_program *program;
    struct azp_context *context;
    struct azd_queue *queue;
    struct azs_scope *scope;   /* parameters, variables and lets of blocks */
    struct azs_config *config; /* whose settings are plain names here; or null */
    struct azs_scope *known;   /* symbols that the conditions around say are known */
    struct azs_scope *asking;  /* symbols whose types are being worked out, innermost first */
    int depth;                 /* expressions and definitions within one another */
    size_t *comparisons;       /* how many were made; one count for all copies of a checker */
};

/* Types */
struct azs_type *azs_scalar(enum azb_kind kind);
struct azs_type *azs_error(void);
struct azs_type *azs_secret(void);
struct azs_type *azs_anything(void);
struct azs_type *azs_list_of(struct azs_checker *checker, struct azs_type *element);
struct azs_type *azs_map_of(struct azs_checker *checker, struct azs_type *element);
/* Whether a value of type `got` may stand where `wanted` is needed; says nothing. */
bool azs_fits(const struct azs_type *got, const struct azs_type *wanted);
struct azs_type *azs_enum(struct azs_checker *checker, const struct azs_enumeration *enumeration);
struct azs_type *azs_optional(struct azs_checker *checker, struct azs_type *type, bool optional);
struct azs_type *azs_type_of(struct azs_checker *checker, struct azp_type *written,
                             const char *name);
/* The same where `list of text` is a list of values: in schemas and functions. */
struct azs_type *azs_value_type_of(struct azs_checker *checker, struct azp_type *written,
                                   const char *name);
/* And where the value may be known only at start, so that it must be a scalar. */
struct azs_type *azs_scalar_type_of(struct azs_checker *checker, struct azp_type *written,
                                    const char *name);
bool azs_is_number(const struct azs_type *type);
/* "`a`, `b` and `c`" */
const char *azs_words(struct azs_checker *checker, const char *const *words, size_t count);
bool azs_has_member(const struct azs_enumeration *enumeration, const char *member);
/* The type that both agree on (an int joins a ratio), optional if one is; null when there is none.
 */
struct azs_type *azs_join(struct azs_checker *checker, struct azs_type *a, struct azs_type *b);
/* Reports a value of type `got` that cannot stand where `wanted` is needed. */
bool azs_accept(struct azs_checker *checker, const struct azp_expr *expr,
                const struct azs_type *wanted, const char *what);

/* Expressions; `expected` helps to understand bare members and may be null. */
struct azs_type *azs_expr(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
/* The same, and the value must be there. */
struct azs_type *azs_value(struct azs_checker *checker, struct azp_expr *expr,
                           struct azs_type *expected);
void azs_condition(struct azs_checker *checker, struct azp_expr *expr);
/* The value of a let or def whose type may be declared; answers the type that its users see. */
struct azs_type *azs_declared(struct azs_checker *checker, struct azp_expr *expr,
                              struct azs_type *declared, const char *what);
/* Lists the symbols that are known wherever the condition holds (or, negated, does not hold). */
struct azs_scope *azs_known_by(struct azs_checker *checker, const struct azp_expr *condition,
                               bool holds, struct azs_scope *outer);
/* Adds what a name or field stands for to the list of what is known. */
struct azs_scope *azs_push_known(struct azs_checker *checker, struct azs_scope *outer,
                                 const struct azp_expr *subject);
struct azs_type *azs_symbol_type(struct azs_checker *checker, struct azs_symbol *symbol,
                                 struct aza_place use);
struct azs_symbol *azs_lookup(struct azs_checker *checker, const char *name);
/* Report words that stand for nothing, with the nearest that would. */
void azs_unknown_name(struct azs_checker *checker, struct azp_word word);
void azs_unknown_config(struct azs_checker *checker, enum azd_code code, struct azp_word word);
void azs_unknown_member(struct azs_checker *checker, struct azp_word word,
                        const struct azs_enumeration *enumeration);
/* The config that a name at the top stands for; null when it stands for something else. */
struct azs_config *azs_find_config(const struct azs_checker *checker, const char *name);
/* Where a file was not understood, what looks like none of the names may be declared there. */
bool azs_is_perhaps_lost(const struct azs_checker *checker, const char *word,
                         const char *const *names, size_t count);
/* Says which of the names is near, if any; falls silent when too much has been compared. */
void azs_suggest_near(struct azs_checker *checker, struct azd_diagnostic *diagnostic,
                      const char *word, const char *const *names, size_t count);
/* Reports the first of too many rows, points or members. */
void azs_check_count(struct azs_checker *checker, size_t count, struct aza_place place,
                     const char *what);
/* Reports a name that stands twice in a list of columns or parameters. */
void azs_check_bindings(struct azs_checker *checker, const struct azp_bindings *bindings);
/* Reports two types that do not go together: a "cannot be added to" b. */
struct azs_type *azs_mixed(struct azs_checker *checker, const struct azp_expr *expr,
                           const struct azs_type *a, const char *verb, const struct azs_type *b);
#define AZS_COMPARED "cannot be compared with"
/* Whether it is a name that nothing declares, so perhaps a member of an enum. */
bool azs_is_bare(struct azs_checker *checker, const struct azp_expr *expr);

/* One for each class of expression that has a file of its own; azs_expr calls them. */
struct azs_type *azs_name(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
struct azs_type *azs_field(struct azs_checker *checker, struct azp_expr *expr);
struct azs_type *azs_if(struct azs_checker *checker, struct azp_expr *expr,
                        struct azs_type *expected);
struct azs_type *azs_match(struct azs_checker *checker, struct azp_expr *expr,
                           struct azs_type *expected);
struct azs_type *azs_curve(struct azs_checker *checker, struct azp_expr *expr);
struct azs_type *azs_else(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
struct azs_type *azs_call(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
struct azs_type *azs_text(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
struct azs_type *azs_list(struct azs_checker *checker, struct azp_expr *expr,
                          struct azs_type *expected);
struct azs_type *azs_map(struct azs_checker *checker, struct azp_expr *expr,
                         struct azs_type *expected);
struct azs_type *azs_comprehension(struct azs_checker *checker, struct azp_expr *expr,
                                   struct azs_type *expected);
struct azs_type *azs_builtin(struct azs_checker *checker, struct azp_expr *expr,
                             enum azs_function function, struct azs_type *expected);
/* A field of a block or record, or a block within a block. */
struct azs_type *azs_record_field(struct azs_checker *checker, struct azp_expr *expr);

/* Schemas and blocks */
void azs_declare_schema(struct azs_checker *checker, struct azp_item *item);
void azs_declare_block(struct azs_checker *checker, struct azp_item *item,
                       const struct azs_symbol *parent);
void azs_link_schema(struct azs_checker *checker, struct azs_schema *schema);
void azs_link_block(struct azs_checker *checker, struct azs_symbol *block);
void azs_check_schema(struct azs_checker *checker, struct azs_schema *schema);
void azs_check_block(struct azs_checker *checker, struct azs_symbol *block);

/* One field that a block or record gives: that it exists, its type, and that it is given once. */
void azs_check_field(struct azs_checker *checker, const struct azs_schema *schema,
                     struct azp_word name, struct azp_expr *value, bool *given);
/* Reports the fields that are needed and not given. */
void azs_report_missing(struct azs_checker *checker, struct aza_place place, const char *what,
                        const struct azs_schema *schema, const bool *given);

/* Declarations */
struct azs_symbol *azs_declare(struct azs_checker *checker, enum azs_class class,
                               struct azp_item *item, struct azp_word name);
void azs_check_emit(struct azs_checker *checker, struct azp_item *item);
void azs_declare_input(struct azs_checker *checker, struct azs_symbol *symbol);
void azs_check_input(struct azs_checker *checker, struct azs_symbol *symbol);
void azs_check_profile(struct azs_checker *checker, struct azp_item *item);
void azs_check_tiers(struct azs_checker *checker, struct azs_symbol *symbol);
void azs_check_def(struct azs_checker *checker, struct azs_symbol *symbol);
void azs_declare_config(struct azs_checker *checker, struct azs_config *config);
void azs_link_config(struct azs_checker *checker, struct azs_config *config);
void azs_check_config(struct azs_checker *checker, struct azs_config *config);
/* -1 and 0 of a setting with a unit: "off" or "automatic" rather than a quantity. */
bool azs_is_special(const struct azp_expr *expr, const struct azg_setting *setting);
void azs_check_test(struct azs_checker *checker, struct azp_item *item);
struct azs_symbol *azs_new_symbol(struct azs_checker *checker, enum azs_class class,
                                  struct azp_word name, struct azp_item *item);
const struct azg_catalog *azs_catalog(struct azs_checker *checker, struct azp_word name);

#endif
