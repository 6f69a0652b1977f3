/* The settings catalogues: the names, kinds, units and bounds of a server's settings.
 *
 * A catalogue is a JSON file of stdlib/catalogs, made from a live server by `azc catalog import`
 * (import.h) and read here into the compiler's form: every number in base units of its kind, as the
 * rules compute them, so that only this folder knows PostgreSQL's units. */
#ifndef AZA_CATALOG_CATALOG_H
#define AZA_CATALOG_CATALOG_H

#include "base/memory.h"
#include "image/image.h"

struct catalog_setting {
    const char *name;     /* interned, in the server's own spelling */
    enum image_kind kind; /* BOOL, INT, RATIO, BYTES, TIME, TEXT or ENUM */
    int64_t unit;         /* base units of one server unit: 8192 for 8kB, 1000 for ms; else 1 */
    int64_t grain;        /* values are multiples of this, in base units */
    int64_t low, high;    /* inclusive, in base units; INT64_MIN and INT64_MAX where open */
    const char *const *members; /* interned: an enum's values in the server's order; of a bool
                                   that is not written off and on, its two words */
    size_t member_count;
    int64_t since, until;   /* server_version_num, inclusive; 0: open */
    const char *library;    /* interned: the library that defines it; null: the server itself */
    const char *context;    /* interned: the server's word for who may change it, and when */
    const char *unit_word;  /* interned: "8kB", "ms"; null without a unit */
    const char *summary;    /* never null */
    const char *boot_value; /* the built-in value, in server units; null when there is none */
    bool internal;          /* read-only */
    bool restart;           /* takes effect at the next start only */
    bool list;              /* of kind TEXT: names separated by commas */
};

struct catalog {
    const char *name;                       /* NAME in `config X of NAME`: "postgres" */
    const char *server;                     /* "PostgreSQL 18.6 (Debian 18.6-1)" */
    int64_t version;                        /* server_version_num, such as 180006 */
    bool bare;                              /* its numbers are written without their units */
    const struct catalog_setting *settings; /* sorted by name without regard to case, each once */
    size_t count;
    const char *path;
};

/* Reads a catalogue into the arena; null on failure, with a sentence in `why` that begins with the
 * path and the line. catalog_parse expects the text of the file. */
struct catalog *catalog_load(struct base_arena *arena, struct base_names *names, const char *path,
                             const char **why);
struct catalog *catalog_parse(struct base_arena *arena, struct base_names *names, const char *path,
                              const char *text, size_t length, const char **why);
/* The setting with this name, without regard to case; null if there is none. */
const struct catalog_setting *catalog_find(const struct catalog *catalog, const char *name);
/* The order of names in a catalogue, as strcmp: by bytes, with ASCII letters in lower case. */
int catalog_compare_names(const char *a, const char *b);

/* The kind and the base units of a server's unit such as "8kB"; false if it is not a unit of size
 * or time, or exceeds 64 bits. */
bool catalog_unit(const char *word, enum image_kind *kind, int64_t *base);
/* A number as a server prints it, "-1", "0.03" or "1.79769e+308", times `scale`; false if it is not
 * a number. A product beyond 64 bits is INT64_MIN or INT64_MAX, which as a bound means none. */
bool catalog_number(const char *text, int64_t scale, int64_t *value);
#define CATALOG_RATIO_ONE INT64_C(1000000)

#endif
