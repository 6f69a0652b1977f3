/* Meaning: modules, names, types and units.
 *
 * azs_check takes the parsed files and answers a program in which every name is bound to its
 * symbol and every expression has its type. It goes on after each mistake: an expression that is
 * wrong gets the error type, and nothing is said about what is built on it. It computes no values;
 * that is eval's work, on the tree this stage has filled in. */
#ifndef AZA_SEMA_H
#define AZA_SEMA_H

#include "catalog/catalog.h"
#include "syntax/syntax.h"

/* The words an enum may be; one object for each declaration, compared by address. */
struct azs_enumeration {
    const char *name; /* the option's or setting's, for messages */
    const char *const *members;
    size_t count;
};

/* Only scalars can wait for the start. The shape of all else is known when the rules are compiled;
 * what stands in it need not be. */
enum azs_form {
    AZS_SCALAR,
    AZS_LIST_OF,
    AZS_MAP_OF,
    AZS_RECORD,   /* a block, or what a schema without a kind describes */
    AZS_ANYTHING, /* `data`: whatever a YAML or JSON file can hold */
};

struct azs_type {
    bool error;    /* already reported: agrees with everything */
    bool secret;   /* a text made from a secret */
    bool optional; /* may have no value */
    enum azs_form form;
    enum azb_kind kind;                        /* SCALAR; else AZB_KINDS */
    const struct azs_enumeration *enumeration; /* ENUM only */
    struct azs_type *element;                  /* LIST_OF, MAP_OF */
    const struct azs_schema *schema;           /* RECORD */
};

struct azs_field {
    const char *name;
    struct azp_item *item;
    struct azs_type *type;
    bool holds_blocks; /* a list of the kind that it is named after */
};

struct azs_schema {
    const char *name, *kind; /* kind: null when only records are made of it */
    struct azp_item *item;
    struct azs_type *type;
    const struct azs_schema *parent; /* that it extends, or null */
    bool linking, linked;
    AZA_LIST(struct azs_field) fields;     /* the parent's first, at the same places */
    AZA_LIST(struct azs_symbol *) symbols; /* one for each field, then self_name */
};

enum azs_class {
    AZS_INPUT,
    AZS_LET,
    AZS_DEF,
    AZS_PARAMETER,
    AZS_VARIABLE,
    AZS_TIERS,
    AZS_CONFIG,
    AZS_SETTING,
    AZS_PROBE,
    AZS_CATALOG,
    AZS_SCHEMA,
    AZS_KIND, /* all blocks of a kind */
    AZS_BLOCK,
    AZS_FIELD, /* of the block or record whose schema is being read; the last is self_name */
};

/* grammar/functions.def; AZS_FUNCTIONS stands for functions that the rules define. */
enum azs_function {
#define X(name, word) AZS_FN_##name,
#include "functions.def"
#undef X
    AZS_FUNCTIONS
};

struct azs_symbol {
    enum azs_class class;
    const char *name;
    struct azp_item *item; /* its declaration; null for parameters and variables */
    struct aza_place place;
    struct azs_type *type;             /* null until it is worked out */
    bool visiting;                     /* being worked out now: meeting it again is a cycle */
    bool global;                       /* stands at the top of a file */
    uint32_t index;                    /* input: in program->inputs; config: in program->configs;
                                          parameter: its position; variable: how often it is used */
    const struct azg_setting *setting; /* AZS_SETTING */
    const struct azg_catalog *catalog; /* AZS_CATALOG, once loaded */
    const struct azs_enumeration *enumeration; /* input of enum type: also names the type */
    AZA_LIST(struct azp_item *) profiles;      /* input: the profiles that add columns */
    struct azs_config *config;                 /* let of a config: where its names are bound */
    struct azs_scope *scope, *known;
    struct azs_schema *schema;       /* schema, kind, block */
    const struct azs_symbol *parent; /* the block that a block stands in; or null */
};

/* A setting of a config: every `set` of it, with the conditions it stands under. */
struct azs_path {
    struct azp_item *when;
    bool otherwise; /* in its else part */
    struct azs_path *outer;
    int depth; /* of paths, this one and those around it */
};
struct azs_set {
    struct azp_item *item;
    struct azs_path *path; /* innermost; null when unconditional */
};
AZP_LIST_OF(azs_sets, struct azs_set);

struct azs_setting {
    const struct azg_setting *setting;
    struct azs_symbol *symbol;
    struct azs_sets sets; /* in the order of the file */
    bool covered;         /* some set holds whatever the conditions are */
};

struct azs_config {
    struct azp_item *item;
    struct azs_symbol *symbol;
    struct azs_config *parent;
    const struct azg_catalog *catalog;
    AZA_LIST(struct azs_setting *) settings; /* own ones, in the order of first mention */
    AZA_LIST(struct azs_symbol *) lets;
    bool broken; /* one of its sets names no setting, so another may seem to be missing */
};

struct azs_program {
    struct azp_context *context;
    const char *main_path;
    AZA_LIST(struct azp_file *) files; /* imported before importing */
    AZA_LIST(struct azs_symbol *) symbols;
    AZA_LIST(struct azs_symbol *) inputs;
    AZA_LIST(struct azs_config *) configs;
    AZA_LIST(struct azs_symbol *) catalogs;
    AZA_LIST(struct azp_item *) probes;
    AZA_LIST(struct azp_item *) profiles;
    AZA_LIST(struct azp_item *) invariants;
    AZA_LIST(struct azp_item *) checks;
    AZA_LIST(struct azp_item *) exports;
    AZA_LIST(struct azp_item *) tests;
    AZA_LIST(struct azp_item *) emits;
    AZA_LIST(struct azs_schema *) schemas;
    AZA_LIST(struct azs_symbol *) blocks; /* those at the top, in the order of the files */
    struct azs_config *live; /* whose settings leave as flags: the one emitted, else the last */
    struct azp_item *live_emit;
    int64_t oldest;  /* server_version_num of the first release of the catalogue's major version */
    bool broken;     /* some file was not understood as a whole */
    uint16_t main;   /* the source of main_path */
    const char *why; /* why a file could not be read */
};

/* Reads and checks the file and all it imports. `stdlib` is the directory of prelude.azr. Answers
 * null only when one of these two cannot be read, and then `why` says so; mistakes in the rules
 * are in the context's queue. */
struct azs_program *azs_check(struct azp_context *context, const char *path, const char *stdlib,
                              const char **why);

/* For eval and the prover. */
const struct azs_setting *azs_find_setting(const struct azs_config *config, const char *name);
struct azs_symbol *azs_find(const struct azs_program *program, const char *name);
/* Column of a profile of the input: its item, and the column's index. */
struct azp_item *azs_find_column(const struct azs_symbol *input, const char *name,
                                 uint32_t *column);
const char *azs_type_word(const struct azs_type *type);
/* The permission bits of a file that is written at start. */
unsigned azs_mode(const struct azp_item *item);
/* Whether an emit is of a directory: its path ends in a slash, and a map has a file for each key.
 */
bool azs_is_directory(const struct azp_item *item);
/* Whether a path lies below the directory that files are written to, and names a file. */
bool azs_is_below(const char *path);
/* A built-in function by its name, else AZS_FUNCTIONS. */
enum azs_function azs_find_function(const char *name);
/* The field of that name, or null. */
/* Whether what the first describes is also what the second does: itself, or one that extends it. */
bool azs_is_a(const struct azs_schema *schema, const struct azs_schema *other);
const struct azs_field *azs_find_field(const struct azs_schema *schema, const char *name);

#endif
