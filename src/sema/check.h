/* What the files of src/sema share: the checker's state, and one function per construct.
 *
 * A function that checks an expression stores its type in expr->type and returns it. It never
 * returns null: after reporting a mistake it returns sema_error(). */
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
    struct sema_scope
        *scope; /* parameters, variables, lets of `when` and fields, innermost first */
    struct sema_config
        *config;               /* the config being checked: its settings are plain names; or null */
    struct sema_scope *known;  /* symbols that have a value here because a condition tests it */
    struct sema_scope *asking; /* symbols whose types are being determined, innermost first */
    int depth;                 /* nesting of expressions and of the definitions that they use */
    size_t *comparisons;       /* work done so far, against LIMIT_COMPARISONS; shared by copies */
};

/* Types */
const struct sema_type *sema_scalar(enum image_kind kind);
const struct sema_type *sema_error(void);
const struct sema_type *sema_secret(void);
const struct sema_type *sema_anything(void);
const struct sema_type *sema_list_of(struct sema_checker *checker, const struct sema_type *element);
const struct sema_type *sema_map_of(struct sema_checker *checker, const struct sema_type *element);
/* Whether a value of type `got` can be used where `wanted` is expected; reports nothing. The test
 * is not symmetric: an int is a ratio, an enum can be used for one with more members, and a text
 * can be used where a secret is expected. */
bool sema_fits(const struct sema_type *got, const struct sema_type *wanted);
const struct sema_type *sema_enum(struct sema_checker *checker,
                                  const struct sema_enumeration *enumeration);
const struct sema_type *sema_optional(struct sema_checker *checker, const struct sema_type *type,
                                      bool optional);
const struct sema_type *sema_type_of(struct sema_checker *checker, struct syntax_type *written,
                                     const char *name);
/* The same where `list of text` is a list of values: in schemas, functions and `let`. */
const struct sema_type *sema_value_type_of(struct sema_checker *checker,
                                           struct syntax_type *written, const char *name);
/* The same where the value may be known only at start, so that it must be a scalar. */
const struct sema_type *sema_scalar_type_of(struct sema_checker *checker,
                                            struct syntax_type *written, const char *name);
bool sema_is_number(const struct sema_type *type);
/* "`a`, `b` and `c`" */
const char *sema_words(struct sema_checker *checker, const char *const *words, size_t count);
bool sema_has_member(const struct sema_enumeration *enumeration, const char *member);
/* The common type of two values (of an int and a ratio: ratio), optional if one is; null if there
 * is none. The caller reports that. */
const struct sema_type *sema_join(struct sema_checker *checker, const struct sema_type *a,
                                  const struct sema_type *b);
/* Whether the expression fits `wanted`; reports it if not. `what` names it in the message. */
bool sema_accept(struct sema_checker *checker, const struct syntax_expr *expr,
                 const struct sema_type *wanted, const char *what);

/* The type of an expression, which may be optional. `expected` may be null. It is only a hint: it
 * gives bare enum members, `on`, `off` and empty lists their meaning; the caller still calls
 * sema_accept. */
const struct sema_type *sema_expr(struct sema_checker *checker, struct syntax_expr *expr,
                                  const struct sema_type *expected);
/* The same for an expression that must have a value: an optional type is reported. */
const struct sema_type *sema_value(struct sema_checker *checker, struct syntax_expr *expr,
                                   const struct sema_type *expected);
void sema_condition(struct sema_checker *checker, struct syntax_expr *expr);
/* The value of a let or def whose type may be declared; returns the type that its users see. */
const struct sema_type *sema_declared(struct sema_checker *checker, struct syntax_expr *expr,
                                      const struct sema_type *declared, const char *what);
/* Adds to `outer` the symbols that have a value wherever the condition is `holds`. */
struct sema_scope *sema_known_by(struct sema_checker *checker, const struct syntax_expr *condition,
                                 bool holds, struct sema_scope *outer);
/* Adds the symbol of a name or field to the list of known symbols. */
struct sema_scope *sema_push_known(struct sema_checker *checker, struct sema_scope *outer,
                                   const struct syntax_expr *subject);
/* The type of a symbol, determined on first use; reports cycles and symbols without a value. */
const struct sema_type *sema_symbol_type(struct sema_checker *checker, struct sema_symbol *symbol,
                                         struct base_place use);
/* The symbol that a plain name refers to here: of a scope, else of a setting, else of the top
 * level. */
struct sema_symbol *sema_lookup(struct sema_checker *checker, const char *name);
/* Report an unknown word, with the nearest valid one. */
void sema_unknown_name(struct sema_checker *checker, struct syntax_word word);
void sema_unknown_config(struct sema_checker *checker, enum diag_code code,
                         struct syntax_word word);
void sema_unknown_member(struct sema_checker *checker, struct syntax_word word,
                         const struct sema_enumeration *enumeration);
/* The config of that name, or null. */
struct sema_config *sema_find_config(const struct sema_checker *checker, const char *name);
/* Whether an unknown word may be declared in a part of the rules that has a syntax error, so that
 * it is not reported: some file is broken, and the word is near to none of the names. */
bool sema_is_perhaps_lost(const struct sema_checker *checker, const char *word,
                          const char *const *names, size_t count);
/* Suggests the nearest name, if there is one and LIMIT_COMPARISONS is not reached. */
void sema_suggest_near(struct sema_checker *checker, struct diagnostic *diagnostic,
                       const char *word, const char *const *names, size_t count);
/* Reports the first of too many rows, points or members. */
void sema_check_count(struct sema_checker *checker, size_t count, struct base_place place,
                      const char *what);
/* Reports a name that occurs twice in a list of columns or parameters. */
void sema_check_bindings(struct sema_checker *checker, const struct syntax_bindings *bindings);
/* Reports two incompatible types as "a VERB b", such as "text cannot be added to int". */
const struct sema_type *sema_mixed(struct sema_checker *checker, const struct syntax_expr *expr,
                                   const struct sema_type *a, const char *verb,
                                   const struct sema_type *b);
#define SEMA_COMPARED "cannot be compared with"
/* Whether it is an undeclared name, so perhaps a member of an enum. */
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
/* Whether a value can be interpolated into a text; reports it if not. Sets `secret` if it is one.
 */
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

/* Checks one field that a block or record sets: the field exists, is set once, and the type fits.
 * `given` has an entry for each field of the schema. */
void sema_check_field(struct sema_checker *checker, const struct sema_schema *schema,
                      struct syntax_word name, struct syntax_expr *value, bool *given);
/* Reports the required fields that are not set. */
void sema_report_missing(struct sema_checker *checker, struct base_place place, const char *what,
                         const struct sema_schema *schema, const bool *given);

/* Check an expression that includes a file: the value number `i` of a placeholder, and the
 * placeholders that the file contains. */
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
