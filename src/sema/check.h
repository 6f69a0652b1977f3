/* What the files of src/sema share. */
#ifndef AZA_SEMA_CHECK_H
#define AZA_SEMA_CHECK_H

#include "probe/probe.h"
#include "sema/sema.h"

struct sema_scope {
    struct sema_scope *outer;
    struct sema_symbol *symbol;
    const struct sema_config *config; /* of a setting that is known: in which config */
};

struct sema_checker {
    struct sema_program *program;
    struct syntax_context *context;
    struct diag_queue *queue;
    struct sema_scope *scope;   /* parameters, variables and lets of blocks */
    struct sema_config *config; /* whose settings are plain names here; or null */
    struct sema_scope *known;   /* symbols that the conditions around say are known */
    struct sema_scope *asking;  /* symbols whose types are being worked out, innermost first */
    int depth;                  /* expressions and definitions within one another */
    size_t *comparisons;        /* how many were made; one count for all copies of a checker */
};

/* Types */
const struct sema_type *sema_scalar(enum image_kind kind);
const struct sema_type *sema_error(void);
const struct sema_type *sema_secret(void);
const struct sema_type *sema_anything(void);
const struct sema_type *sema_list_of(struct sema_checker *checker, const struct sema_type *element);
const struct sema_type *sema_map_of(struct sema_checker *checker, const struct sema_type *element);
/* Whether a value of type `got` may stand where `wanted` is needed; says nothing. */
bool sema_fits(const struct sema_type *got, const struct sema_type *wanted);
const struct sema_type *sema_enum(struct sema_checker *checker,
                                  const struct sema_enumeration *enumeration);
const struct sema_type *sema_optional(struct sema_checker *checker, const struct sema_type *type,
                                      bool optional);
const struct sema_type *sema_type_of(struct sema_checker *checker, struct syntax_type *written,
                                     const char *name);
/* The same where `list of text` is a list of values: in schemas and functions. */
const struct sema_type *sema_value_type_of(struct sema_checker *checker,
                                           struct syntax_type *written, const char *name);
/* And where the value may be known only at start, so that it must be a scalar. */
const struct sema_type *sema_scalar_type_of(struct sema_checker *checker,
                                            struct syntax_type *written, const char *name);
bool sema_is_number(const struct sema_type *type);
/* "`a`, `b` and `c`" */
const char *sema_words(struct sema_checker *checker, const char *const *words, size_t count);
bool sema_has_member(const struct sema_enumeration *enumeration, const char *member);
/* The type that both agree on (an int joins a ratio), optional if one is; null when there is none.
 */
const struct sema_type *sema_join(struct sema_checker *checker, const struct sema_type *a,
                                  const struct sema_type *b);
/* Reports a value of type `got` that cannot stand where `wanted` is needed. */
bool sema_accept(struct sema_checker *checker, const struct syntax_expr *expr,
                 const struct sema_type *wanted, const char *what);

/* Expressions; `expected` helps to understand bare members and may be null. */
const struct sema_type *sema_expr(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
/* The same, and the value must be there. */
const struct sema_type *sema_value(struct sema_checker *checker, struct syntax_expr *expr,
                                   const struct sema_type *expected);
void sema_condition(struct sema_checker *checker, struct syntax_expr *expr);
/* The value of a let or def whose type may be declared; answers the type that its users see. */
const struct sema_type *sema_declared(struct sema_checker *checker, struct syntax_expr *expr,
                                      const struct sema_type *declared, const char *what);
/* Lists the symbols that are known wherever the condition holds (or, negated, does not hold). */
struct sema_scope *sema_known_by(struct sema_checker *checker, const struct syntax_expr *condition,
                                 bool holds, struct sema_scope *outer);
/* Adds what a name or field stands for to the list of what is known. */
struct sema_scope *sema_push_known(struct sema_checker *checker, struct sema_scope *outer,
                                   const struct syntax_expr *subject);
const struct sema_type *sema_symbol_type(struct sema_checker *checker, struct sema_symbol *symbol,
                                         struct base_place use);
struct sema_symbol *sema_lookup(struct sema_checker *checker, const char *name);
/* Report words that stand for nothing, with the nearest that would. */
void sema_unknown_name(struct sema_checker *checker, struct syntax_word word);
void sema_unknown_config(struct sema_checker *checker, enum diag_code code,
                         struct syntax_word word);
void sema_unknown_member(struct sema_checker *checker, struct syntax_word word,
                         const struct sema_enumeration *enumeration);
/* The config that a name at the top stands for; null when it stands for something else. */
struct sema_config *sema_find_config(const struct sema_checker *checker, const char *name);
/* Where a file was not understood, what looks like none of the names may be declared there. */
bool sema_is_perhaps_lost(const struct sema_checker *checker, const char *word,
                          const char *const *names, size_t count);
/* Says which of the names is near, if any; falls silent when too much has been compared. */
void sema_suggest_near(struct sema_checker *checker, struct diagnostic *diagnostic,
                       const char *word, const char *const *names, size_t count);
/* Reports the first of too many rows, points or members. */
void sema_check_count(struct sema_checker *checker, size_t count, struct base_place place,
                      const char *what);
/* Reports a name that stands twice in a list of columns or parameters. */
void sema_check_bindings(struct sema_checker *checker, const struct syntax_bindings *bindings);
/* Reports two types that do not go together: a "cannot be added to" b. */
const struct sema_type *sema_mixed(struct sema_checker *checker, const struct syntax_expr *expr,
                                   const struct sema_type *a, const char *verb,
                                   const struct sema_type *b);
#define SEMA_COMPARED "cannot be compared with"
/* Whether it is a name that nothing declares, so perhaps a member of an enum. */
bool sema_is_bare(struct sema_checker *checker, const struct syntax_expr *expr);

/* One for each class of expression that has a file of its own; sema_expr calls them. */
const struct sema_type *sema_name(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
const struct sema_type *sema_field(struct sema_checker *checker, struct syntax_expr *expr);
const struct sema_type *sema_if(struct sema_checker *checker, struct syntax_expr *expr,
                                const struct sema_type *expected);
const struct sema_type *sema_match(struct sema_checker *checker, struct syntax_expr *expr,
                                   const struct sema_type *expected);
const struct sema_type *sema_curve(struct sema_checker *checker, struct syntax_expr *expr);
const struct sema_type *sema_else(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
const struct sema_type *sema_call(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
const struct sema_type *sema_text(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
/* A value that is written into a text; false, and reported, where it cannot be. */
bool sema_piece(struct sema_checker *checker, struct syntax_expr *piece, bool *secret);
const struct sema_type *sema_include(struct sema_checker *checker, struct syntax_expr *expr);
const struct sema_type *sema_list(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
const struct sema_type *sema_map(struct sema_checker *checker, struct syntax_expr *expr,
                                 const struct sema_type *expected);
const struct sema_type *sema_comprehension(struct sema_checker *checker, struct syntax_expr *expr,
                                           const struct sema_type *expected);
const struct sema_type *sema_builtin(struct sema_checker *checker, struct syntax_expr *expr,
                                     enum sema_function function, const struct sema_type *expected);
/* A field of a block or record, or a block within a block. */
const struct sema_type *sema_record_field(struct sema_checker *checker, struct syntax_expr *expr);

/* Schemas and blocks */
void sema_declare_schema(struct sema_checker *checker, struct syntax_item *item);
void sema_declare_block(struct sema_checker *checker, struct syntax_item *item,
                        const struct sema_symbol *parent);
void sema_link_schema(struct sema_checker *checker, struct sema_schema *schema);
void sema_link_block(struct sema_checker *checker, struct sema_symbol *block);
void sema_check_schema(struct sema_checker *checker, struct sema_schema *schema);
void sema_check_block(struct sema_checker *checker, struct sema_symbol *block);

/* One field that a block or record gives: that it exists, its type, and that it is given once. */
void sema_check_field(struct sema_checker *checker, const struct sema_schema *schema,
                      struct syntax_word name, struct syntax_expr *value, bool *given);
/* Reports the fields that are needed and not given. */
void sema_report_missing(struct sema_checker *checker, struct base_place place, const char *what,
                         const struct sema_schema *schema, const bool *given);

/* Of an expression that includes a file: the value of a placeholder; all placeholders of the file.
 */
bool sema_check_filling(struct sema_checker *checker, const struct syntax_expr *expr, size_t i);
const struct sema_included *sema_find_placeholders(struct sema_checker *checker,
                                                   const struct syntax_expr *expr, uint16_t source);

/* Declarations */
struct sema_symbol *sema_declare(struct sema_checker *checker, enum sema_class class,
                                 struct syntax_item *item, struct syntax_word name);
void sema_check_emit(struct sema_checker *checker, struct syntax_item *item);
void sema_declare_input(struct sema_checker *checker, struct sema_symbol *symbol);
void sema_check_input(struct sema_checker *checker, struct sema_symbol *symbol);
void sema_check_profile(struct sema_checker *checker, struct syntax_item *item);
void sema_check_tiers(struct sema_checker *checker, struct sema_symbol *symbol);
void sema_check_def(struct sema_checker *checker, struct sema_symbol *symbol);
void sema_declare_config(struct sema_checker *checker, struct sema_config *config);
void sema_link_config(struct sema_checker *checker, struct sema_config *config);
void sema_check_config(struct sema_checker *checker, struct sema_config *config);
/* -1 and 0 of a setting with a unit: "off" or "automatic" rather than a quantity. */
bool sema_is_special(const struct syntax_expr *expr, const struct catalog_setting *setting);
void sema_check_test(struct sema_checker *checker, struct syntax_item *item);
struct sema_symbol *sema_new_symbol(struct sema_checker *checker, enum sema_class class,
                                    struct syntax_word name, struct syntax_item *item);
const struct catalog *sema_catalog(struct sema_checker *checker, struct syntax_word name);

#endif
