/* Private to src/reference: the page while it is being written, and its elements.
 *
 * The page is made from the syntax tree, which contains the rules as written, and from the image,
 * which contains their values; names connect the two. Everything is in the order of the rules, so
 * the same rules give the same bytes. */
#ifndef AZA_REFERENCE_PARTS_H
#define AZA_REFERENCE_PARTS_H

#include "claims/claims.h"
#include "reference/markdown.h"

struct reference_page {
    struct compilation *build;
    struct image image;
    struct prover *prover;
    struct vm_machine values; /* for writing values; it never runs */
    struct base_sink sink;
    struct base_sink contents; /* the table of contents */
    struct claims claims;      /* of the invariants, proved */
    bool *listed;              /* by name: it has an entry that can be linked to */
    const char **ranges;       /* by name: the possible values of a setting, in Markdown */
};

/* --- page.c: elements of every section --- */

/* The heading of a section, a line that describes it (`about`, in lower case), and its line in the
 * table of contents. */
void reference_put_section(struct reference_page *page, const char *title, const char *about);
/* A heading of a level with an anchor: "let-cores". */
void reference_put_heading(struct reference_page *page, int level, const char *class,
                           const char *name);
/* The doc comment as a paragraph, if there is one. */
void reference_put_doc(struct reference_page *page, const char *doc);
/* The source text of a place, with its lines moved to the left margin. */
const char *reference_source_of(struct reference_page *page, struct base_place place);
/* The same text with every line but the first indented, for use within braces. */
const char *reference_indented(struct reference_page *page, const char *text);
/* A let, def or the like: its doc comment and its text. */
void reference_put_definition(struct reference_page *page, const struct syntax_item *item);
/* The file of a place, as the rules name it; relative to the main file's directory if that has an
 * absolute path. */
const char *reference_path_of(const struct reference_page *page, struct base_place place);
/* "rules/wal.azr:17" as code, and as an item of a list. */
void reference_put_place(struct reference_page *page, struct base_place place);
void reference_put_written(struct reference_page *page, struct base_place place);
/* "- Uses a, b, c": the names that a value uses, each with a link. */
void reference_put_uses(struct reference_page *page, uint32_t name);
/* "- Used by a, b, c": the names that use a name, or the table of an input or of tiers (`table`),
 * which may be null. */
void reference_put_users(struct reference_page *page, uint32_t name, const char *table);
/* The source text of a place, on one line, as code. */
void reference_put_text_code(struct reference_page *page, struct base_place place);
/* A value of a kind as code. */
void reference_put_value_code(struct reference_page *page, unsigned kind, int64_t value);
/* Index in NAMES; IMAGE_NONE if there is none. */
uint32_t reference_find_name(const struct reference_page *page, enum image_name_class class,
                             const char *name);

/* --- the sections, in their order --- */

/* A let, under a heading of a level. The lets of a config are listed with the config. */
void reference_put_let(struct reference_page *page, int level, const struct sema_symbol *let);

void reference_put_inputs(struct reference_page *page); /* inputs.c: facts, options, secrets */
void reference_put_probes(struct reference_page *page); /* inputs.c: those that facts ask */
/* Fills `ranges` and marks the settings as listed; must be called first. */
void reference_find_ranges(struct reference_page *page);
void reference_put_index(struct reference_page *page); /* settings.c: every setting in one table */
void reference_put_settings(struct reference_page *page); /* settings.c: config by config */
void reference_put_tables(struct reference_page *page);   /* values.c: profiles, tiers */
void reference_put_lets(struct reference_page *page);     /* values.c: lets, defs */
void reference_put_claims(struct reference_page *page);   /* claims.c: invariants */
void reference_put_messages(
    struct reference_page *page); /* claims.c: refusals, warnings, exports */

#endif
