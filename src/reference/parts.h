/* What the files of `azc doc` share: the page while it is written, and what is on it.
 *
 * The page is made from the tree, which has the rules as they were written, and from the image,
 * which has what they come to; names tie the two together. Everything on it is in the order of the
 * rules, so the same rules give the same bytes. */
#ifndef AZA_REFERENCE_PARTS_H
#define AZA_REFERENCE_PARTS_H

#include "claims/claims.h"
#include "reference/markdown.h"

struct reference_page {
    struct compilation *build;
    struct image image;
    struct prover *prover;
    struct vm_machine values; /* writes values; it never runs */
    struct base_sink sink;
    struct base_sink contents; /* the list of sections that go before the rest */
    struct claims claims;      /* of the invariants, proved */
    bool *listed;              /* by name: it has an entry here that can be linked to */
    const char **ranges;       /* by name: what a setting may come to, in Markdown */
};

/* --- page.c: pieces of every section --- */

/* The heading of a section, a line of what it is about, which begins with a small letter, and its
 * line in the contents. */
void reference_put_section(struct reference_page *page, const char *title, const char *about);
/* A heading of a level with an anchor: "let-cores". */
void reference_put_heading(struct reference_page *page, int level, const char *class,
                           const char *name);
/* The doc comment as a paragraph, if there is one. */
void reference_put_doc(struct reference_page *page, const char *doc);
/* The source text of a place, with its lines moved to the left margin. */
const char *reference_source_of(struct reference_page *page, struct base_place place);
/* The same text with every line but the first moved in, to stand within braces. */
const char *reference_indented(struct reference_page *page, const char *text);
/* A let, def or the like: its doc comment and its text. */
void reference_put_definition(struct reference_page *page, const struct syntax_item *item);
/* The file of a place, as the rules name it; below the main file's directory where that has a whole
 * path. */
const char *reference_path_of(const struct reference_page *page, struct base_place place);
/* "rules/wal.azr:17" as code, and as an item of a list. */
void reference_put_place(struct reference_page *page, struct base_place place);
void reference_put_written(struct reference_page *page, struct base_place place);
/* "- Uses a, b, c": what the value of a name is made from, each with a link. */
void reference_put_uses(struct reference_page *page, uint32_t name);
/* "- Used by a, b, c": the names that are made from a name, or from the table of an input or of
 * tiers (`table`), which may be null. */
void reference_put_users(struct reference_page *page, uint32_t name, const char *table);
/* What is written at a place, on one line, as code. */
void reference_put_text_code(struct reference_page *page, struct base_place place);
/* A value of a kind as code. */
void reference_put_value_code(struct reference_page *page, unsigned kind, int64_t value);
/* Index in NAMES; IMAGE_NONE when there is none. */
uint32_t reference_find_name(const struct reference_page *page, enum image_name_class class,
                             const char *name);

/* --- the sections, in their order --- */

/* One value with a name, under a heading of a level; one of a config stands with that. */
void reference_put_let(struct reference_page *page, int level, const struct sema_symbol *let);

void reference_put_inputs(struct reference_page *page); /* inputs.c: facts, options, secrets */
void reference_put_probes(struct reference_page *page); /* inputs.c: those that facts ask */
/* Fills `ranges` and lists the settings; before anything is put. */
void reference_find_ranges(struct reference_page *page);
void reference_put_index(struct reference_page *page); /* settings.c: every setting in one table */
void reference_put_settings(struct reference_page *page); /* settings.c: config by config */
void reference_put_tables(struct reference_page *page);   /* values.c: profiles, tiers */
void reference_put_lets(struct reference_page *page);     /* values.c: lets, defs */
void reference_put_claims(struct reference_page *page);   /* claims.c: invariants */
void reference_put_messages(
    struct reference_page *page); /* claims.c: refusals, warnings, exports */

#endif
