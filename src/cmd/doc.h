/* What the files of `azc doc` share: the page while it is written, and what is on it.
 *
 * The page is made from the tree, which has the rules as they were written, and from the image,
 * which has what they come to; names tie the two together. Everything on it is in the order of the
 * rules, so the same rules give the same bytes. */
#ifndef AZA_CMD_DOC_H
#define AZA_CMD_DOC_H

#include "cmd/claims.h"
#include "cmd/markdown.h"

struct azc_page {
    struct azc_build *build;
    struct azb_image image;
    struct azq_prover *prover;
    struct azv_machine values; /* writes values; it never runs */
    struct aza_sink sink;
    struct aza_sink contents; /* the list of sections that go before the rest */
    struct azc_claims claims; /* of the invariants, proved */
    bool *listed;             /* by name: it has an entry here that can be linked to */
    const char **ranges;      /* by name: what a setting may come to, in Markdown */
};

/* ---- doc_page.c: pieces of every section ---- */

/* The heading of a section, a line of what it is about, which begins with a small letter, and its
 * line in the contents. */
void azc_put_section(struct azc_page *page, const char *title, const char *about);
/* A heading of a level with an anchor: "let-cores". */
void azc_put_heading(struct azc_page *page, int level, const char *class, const char *name);
/* The doc comment as a paragraph, if there is one. */
void azc_put_doc(struct azc_page *page, const char *doc);
/* The source text of a place, with its lines moved to the left margin. */
const char *azc_source_of(struct azc_page *page, struct aza_place place);
/* The same text with every line but the first moved in, to stand within braces. */
const char *azc_indented(struct azc_page *page, const char *text);
/* A let, def or the like: its doc comment and its text. */
void azc_put_definition(struct azc_page *page, const struct azp_item *item);
/* The file of a place, as the rules name it; below the main file's directory where that has a whole
 * path. */
const char *azc_path_of(const struct azc_page *page, struct aza_place place);
/* "rules/wal.azr:17" as code, and as an item of a list. */
void azc_put_place(struct azc_page *page, struct aza_place place);
void azc_put_written(struct azc_page *page, struct aza_place place);
/* "- Uses a, b, c": what the value of a name is made from, each with a link. */
void azc_put_uses(struct azc_page *page, uint32_t name);
/* "- Used by a, b, c": the names that are made from a name, or from the table of an input or of
 * tiers (`table`), which may be null. */
void azc_put_users(struct azc_page *page, uint32_t name, const char *table);
/* What is written at a place, on one line, as code. */
void azc_put_text_code(struct azc_page *page, struct aza_place place);
/* A value of a kind as code. */
void azc_put_value_code(struct azc_page *page, unsigned kind, int64_t value);
/* Index in NAMES; AZB_NONE when there is none. */
uint32_t azc_page_name(const struct azc_page *page, enum azb_name_class class, const char *name);

/* ---- the sections, in their order ---- */

/* One value with a name, under a heading of a level; one of a config stands with that. */
void azc_put_let(struct azc_page *page, int level, const struct azs_symbol *let);

void azc_put_inputs(struct azc_page *page); /* doc_inputs.c: facts, options, secrets */
void azc_put_probes(struct azc_page *page); /* doc_inputs.c: those that facts ask */
/* Fills `ranges` and lists the settings; before anything is put. */
void azc_find_ranges(struct azc_page *page);
void azc_put_index(struct azc_page *page);    /* doc_settings.c: every setting in one table */
void azc_put_settings(struct azc_page *page); /* doc_settings.c: config by config */
void azc_put_tables(struct azc_page *page);   /* doc_values.c: profiles, tiers */
void azc_put_lets(struct azc_page *page);     /* doc_values.c: lets, defs */
void azc_put_claims(struct azc_page *page);   /* doc_claims.c: invariants */
void azc_put_messages(struct azc_page *page); /* doc_claims.c: refusals, warnings, exports */

#endif
