/* What repositories hold now: lists of refs as `git ls-remote` prints them, read from a text.
 *
 * A line is a commit, a tab and a name; an annotated tag has a second line, NAME^{}, with the
 * commit that it stands for. `From URL` begins the list of a repository, as git itself says it.
 * What is no such line is reported where it stands. */
#ifndef AZA_CMD_REFS_H
#define AZA_CMD_REFS_H

#include "diag/diag.h"

enum { AZC_COMMIT = 40 }; /* hexadecimal digits of a commit */

struct azc_ref {
    const char *repository, *name; /* interned; the name without its ^{} */
    struct aza_span commit;
    bool peeled; /* the commit that an annotated tag stands for */
    struct aza_place place;
};

struct azc_refs {
    AZA_LIST(struct azc_ref) list; /* by repository and name, peeled ones first */
    AZA_LIST(const char *) repositories;
    bool broken; /* something in it was not understood: what is missing may have been there */
};

/* The repositories that somebody asks about, as azc_repository names them. */
struct azc_known {
    const char *const *names;
    size_t count;
};

/* How a repository is called here, however its URL is written: without a / or .git at its end. */
const char *azc_repository(struct aza_names *names, const char *url);
/* 40 digits of 0-9a-f. */
bool azc_is_commit(struct aza_span text);

/* Reads source `file` of the queue's. `repository` has the refs before any `From`; it may be null.
 * Mistakes go to the queue. */
void azc_read_refs(struct azd_queue *queue, struct aza_names *names, uint16_t file,
                   const char *repository, const struct azc_known *known, struct azc_refs *refs);
bool azc_has_refs(const struct azc_refs *refs, const char *repository);
/* The refs of a repository. */
const struct azc_ref *azc_refs_of(const struct azc_refs *refs, const char *repository,
                                  size_t *count);
/* The commit that a tag stands for, or null; the tag object itself, where it has one, or null. */
const struct azc_ref *azc_find_tag(const struct azc_refs *refs, const char *repository,
                                   const char *tag, const struct azc_ref **object);
/* The name of a tag without refs/tags/, or of a branch; null for another ref. */
const char *azc_tag_name(const struct azc_ref *ref);
const char *azc_branch_name(const struct azc_ref *ref);

#endif
