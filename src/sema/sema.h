/* Semantic analysis: modules, included files, names, types and units.
 *
 * sema_check reads the main file with its imports and returns a program in which every name is
 * bound to its symbol and every expression has its type. It continues after each mistake: a wrong
 * expression gets the error type, which agrees with every type, so that nothing is reported about
 * expressions that contain it. It computes no values; eval does that, on the same tree.
 *
 * Invariants for later stages: names are interned, so equal names are equal pointers; an
 * enumeration and a schema are one object each, compared by address; types are immutable and may be
 * shared. If the queue has errors, the program may be incomplete and must not be evaluated. */
#ifndef AZA_SEMA_SEMA_H
#define AZA_SEMA_SEMA_H

#include "catalog/catalog.h"
#include "sema/shell.h"
#include "syntax/syntax.h"

/* The members of an enum. One object per declaration, compared by address. */
struct sema_enumeration {
    const char *name; /* the option's or setting's, for messages */
    const char *const *members;
    size_t count;
};

/* Only scalars can be unknown until container start. The shape of everything else (the elements of
 * a list, the keys of a map) is known when the rules are compiled; the scalars in it need not be.
 */
enum sema_form {
    SEMA_SCALAR,
    SEMA_LIST_OF,
    SEMA_MAP_OF,
    SEMA_RECORD,   /* a block, or a value of a schema without a kind */
    SEMA_ANYTHING, /* `data`: any value that a YAML or JSON file can contain */
};

struct sema_type {
    bool error;    /* reported already; agrees with every type */
    bool secret;   /* a text made from a secret */
    bool optional; /* may have no value */
    enum sema_form form;
    enum image_kind kind;                       /* SCALAR; else IMAGE_KINDS */
    const struct sema_enumeration *enumeration; /* ENUM only */
    const struct sema_type *element;            /* LIST_OF, MAP_OF */
    const struct sema_schema *schema;           /* RECORD */
};

struct sema_field {
    const char *name;
    struct syntax_item *item;
    const struct sema_type *type;
    bool holds_blocks; /* a list of blocks of the kind that the field is named after */
};

struct sema_schema {
    const char *name, *kind; /* kind: null if the schema describes records only */
    struct syntax_item *item;
    const struct sema_type *type;
    const struct sema_schema *parent; /* that it extends, or null */
    bool linking, linked;
    BASE_LIST(struct sema_field) fields;     /* the parent's first, at the same places */
    BASE_LIST(struct sema_symbol *) symbols; /* one for each field, then self_name */
};

enum sema_class {
    SEMA_INPUT,
    SEMA_LET,
    SEMA_DEF,
    SEMA_PARAMETER,
    SEMA_VARIABLE,
    SEMA_TIERS,
    SEMA_CONFIG,
    SEMA_SETTING,
    SEMA_PROBE,
    SEMA_CATALOG,
    SEMA_SCHEMA,
    SEMA_KIND, /* all blocks of a kind */
    SEMA_BLOCK,
    SEMA_FIELD, /* of the block or record whose schema is being checked; the last is self_name */
};

/* grammar/functions.def; SEMA_FUNCTIONS is any function that is not built in. */
enum sema_function {
#define X(word, check, least, most) SEMA_FN_##word,
#include "functions.def"
#undef X
    SEMA_FUNCTIONS
};

struct sema_symbol {
    enum sema_class class;
    const char *name;
    struct syntax_item *item; /* its declaration; null for parameters and variables */
    struct base_place place;
    const struct sema_type *type; /* null until it is determined, on first use */
    bool visiting;                /* its type is being determined: a second visit is a cycle */
    bool global;                  /* declared at the top level of a file */
    uint32_t index;               /* input: in program->inputs; config: in program->configs;
                                     parameter: its position; variable: how often it is used */
    const struct catalog_setting *setting;      /* SEMA_SETTING */
    const struct catalog *catalog;              /* SEMA_CATALOG, once loaded */
    const struct sema_enumeration *enumeration; /* input of enum type: also names the type */
    BASE_LIST(struct syntax_item *) profiles;   /* input: the profiles that add columns */
    struct sema_config *config;                 /* let of a config: where its names are bound */
    struct sema_scope *scope, *known;
    struct sema_schema *schema;       /* schema, kind, block */
    const struct sema_symbol *parent; /* the block that contains a block, or null */
};

/* The conditions around a `set`, innermost first; each `when` and `else if` adds one. */
struct sema_path {
    struct syntax_item *when;
    bool otherwise; /* in its else part */
    struct sema_path *outer;
    int depth; /* of paths, this one and those around it */
};
struct sema_set {
    struct syntax_item *item;
    struct sema_path *path; /* innermost; null when unconditional */
};
BASE_LIST_OF(sema_sets, struct sema_set);

/* A setting in a config, with every `set` of it. */
struct sema_setting {
    const struct catalog_setting *setting;
    struct sema_symbol *symbol;
    struct sema_sets sets; /* in the order of the file */
    bool covered;          /* some set applies under all conditions */
};

struct sema_config {
    struct syntax_item *item;
    struct sema_symbol *symbol;
    struct sema_config *parent;
    const struct catalog *catalog;
    BASE_LIST(struct sema_setting *) settings; /* own ones, in the order of first mention */
    BASE_LIST(struct sema_symbol *) lets;
    bool broken; /* a set names no known setting: perhaps one that seems to be missing */
};

/* An occurrence of a placeholder in an included file. */
struct sema_placeholder {
    struct base_place place; /* with both `@` */
    size_t value;            /* in the pairs of the expression */
    enum sema_shell_place where;
};

/* The file that an expression includes. */
struct sema_included {
    uint16_t source;
    bool shell; /* a shell script: its name ends in .sh or .bash */
    BASE_LIST(struct sema_placeholder) placeholders; /* in the order of the file */
};

struct sema_program {
    struct syntax_context *context;
    const char *main_path;
    BASE_LIST(struct syntax_file *) files; /* imported before importing */
    BASE_LIST(struct sema_symbol *) symbols;
    BASE_LIST(struct sema_symbol *) inputs;
    BASE_LIST(struct sema_config *) configs;
    BASE_LIST(struct sema_symbol *) catalogs;
    BASE_LIST(struct syntax_item *) probes;
    BASE_LIST(struct syntax_item *) profiles;
    BASE_LIST(struct syntax_item *) invariants;
    BASE_LIST(struct syntax_item *) checks;
    BASE_LIST(struct syntax_item *) exports;
    BASE_LIST(struct syntax_item *) tests;
    BASE_LIST(struct syntax_item *) emits;
    BASE_LIST(struct sema_schema *) schemas;
    BASE_LIST(struct sema_symbol *) blocks; /* those at the top, in the order of the files */
    struct sema_config *live; /* whose settings leave as flags: the one emitted, else the last */
    struct syntax_item *live_emit;
    int64_t oldest;  /* server_version_num of the first release of the catalogue's major version */
    bool broken;     /* some file was not understood as a whole */
    uint16_t main;   /* the source of main_path */
    size_t included; /* bytes of all included files */
    const char *why; /* why a file could not be read */
};

/* Reads and checks the main file and its imports. `stdlib` is the directory of prelude.azr, which
 * is imported implicitly. Returns null only if the main file or the prelude cannot be read; `why`
 * is then a message with the path. Mistakes in the rules are in the context's queue. Everything is
 * allocated in the context's arena. */
struct sema_program *sema_check(struct syntax_context *context, const char *path,
                                const char *stdlib, const char **why);

/* The setting of a config or of one that it extends, by its name in any case; or null. */
const struct sema_setting *sema_find_setting(const struct sema_config *config, const char *name);
/* The first symbol that was declared at the top level with that name, or null. */
struct sema_symbol *sema_find(const struct sema_program *program, const char *name);
/* The profile of the input that has a column of that name, and the column's index; or null. */
struct syntax_item *sema_find_column(const struct sema_symbol *input, const char *name,
                                     uint32_t *column);
/* The type as messages name it, such as "bytes" or "a list of int". */
const char *sema_type_word(const struct sema_type *type);
/* The permission bits of a file that is written at start; 0 if it is written earlier. */
unsigned sema_mode(const struct syntax_item *item);
/* Whether an emit writes a directory: its path ends in a slash, and its value is a map from file
 * names to contents. */
bool sema_is_directory(const struct syntax_item *item);
/* The clean path of a file that the file `from` names: relative to the directory of `from` unless
 * it is absolute. Clean paths have no `.`, no empty parts, and `..` only at their beginning, so
 * equal paths are equal texts. The result is in the arena. */
const char *sema_beside(struct base_arena *arena, const char *from, const char *name);
/* The directory of a path, without a slash at its end: "" for a file in the current directory, "/"
 * at the root. In the arena, or constant. */
const char *sema_directory_of(struct base_arena *arena, const char *path);
/* Whether a file of this path has been read, and its number. */
bool sema_find_source(const struct base_sources *sources, const char *path, uint16_t *source);
/* Whether a clean path is the directory or is below it; "" is the current directory. Symbolic links
 * are not followed. */
bool sema_is_within(const char *directory, const char *path);
/* Whether a path, as written, names a file below the directory that files are written to: it is
 * relative, does not end in a slash, and contains neither `..` nor an empty part. */
bool sema_is_below(const char *path);
/* A built-in function by its name, else SEMA_FUNCTIONS. */
enum sema_function sema_find_function(const char *name);
/* Whether `schema` is `other` or extends it, directly or not. */
bool sema_is_a(const struct sema_schema *schema, const struct sema_schema *other);
/* The field of that name, inherited ones included; or null. */
const struct sema_field *sema_find_field(const struct sema_schema *schema, const char *name);

#endif
