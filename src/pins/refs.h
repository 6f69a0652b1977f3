/* What repositories hold now: lists of refs as `git ls-remote` prints them, read from a text.
 *
 * A line is a commit, a tab and a name; an annotated tag has a second line, NAME^{}, with the
 * commit that it stands for. `From URL` begins the list of a repository, as git itself says it.
 * What is no such line is reported where it stands. */
#ifndef AZA_PINS_REFS_H
#define AZA_PINS_REFS_H

#include "diag/diag.h"

enum { PINS_COMMIT = 40 }; /* hexadecimal digits of a commit */

struct pins_ref {
    const char *repository, *name; /* interned; the name without its ^{} */
    struct base_span commit;
    bool peeled; /* the commit that an annotated tag stands for */
    struct base_place place;
};

struct pins_refs {
    BASE_LIST(struct pins_ref) list; /* by repository and name, peeled ones first */
    BASE_LIST(const char *) repositories;
    bool broken; /* something in it was not understood: what is missing may have been there */
};

/* The repositories that somebody asks about, as pins_repository names them. */
struct pins_known {
    const char *const *names;
    size_t count;
};

/* How a repository is called here, however its URL is written: without a / or .git at its end. */
const char *pins_repository(struct base_names *names, const char *url);
/* 40 digits of 0-9a-f. */
bool pins_is_commit(struct base_span text);

/* Reads source `file` of the queue's. `repository` has the refs before any `From`; it may be null.
 * Mistakes go to the queue. */
void pins_read_refs(struct diag_queue *queue, struct base_names *names, uint16_t file,
                    const char *repository, const struct pins_known *known, struct pins_refs *refs);
/* The refs of a repository. */
const struct pins_ref *pins_refs_of(const struct pins_refs *refs, const char *repository,
                                    size_t *count);
/* The commit that a tag stands for, or null; the tag object itself, where it has one, or null. */
const struct pins_ref *pins_find_tag(const struct pins_refs *refs, const char *repository,
                                     const char *tag, const struct pins_ref **object);
/* The name of a tag without refs/tags/, or of a branch; null for another ref. */
const char *pins_tag_name(const struct pins_ref *ref);
const char *pins_branch_name(const struct pins_ref *ref);

#endif
