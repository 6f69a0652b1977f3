/* The current refs of repositories, read from a text in the format of `git ls-remote`.
 *
 * A line is a commit, a tab and a name. An annotated tag has two lines: NAME with the hash of the
 * tag object, and NAME^{} with the commit that it points to ("peeled"). `From URL`, which git
 * prints on standard error, begins the list of a repository. Any other line is reported at its
 * place. */
#ifndef AZA_PINS_REFS_H
#define AZA_PINS_REFS_H

#include "diag/diag.h"

enum { PINS_COMMIT = 40 }; /* hexadecimal digits of a commit */

struct pins_ref {
    const char *repository, *name; /* interned; the name without its ^{} */
    struct base_span commit;
    bool peeled; /* from a line NAME^{}: the commit of an annotated tag */
    struct base_place place;
};

struct pins_refs {
    BASE_LIST(struct pins_ref) list;      /* by repository and name, peeled ones first */
    BASE_LIST(const char *) repositories; /* of each list that was begun */
    bool broken;                          /* a line was invalid, so a missing ref proves nothing */
};

/* The repositories of the pins, as pins_repository names them. */
struct pins_known {
    const char *const *names;
    size_t count;
};

/* The interned name of a repository: its URL without a / or .git at its end, so that the common
 * spellings of one URL are equal. */
const char *pins_repository(struct base_names *names, const char *url);
/* Whether a text is 40 digits of 0-9a-f. */
bool pins_is_commit(struct base_span text);

/* Reads source `file` of the queue and adds its refs to `refs`, sorted; their commits point into
 * the source. `repository` is the owner of the refs before the first `From`, or null. Mistakes go
 * to the queue; those that make the lists unreliable set `broken`. */
void pins_read_refs(struct diag_queue *queue, struct base_names *names, uint16_t file,
                    const char *repository, const struct pins_known *known, struct pins_refs *refs);
/* The refs of a repository, in order; null with a count of 0 if none are known. */
const struct pins_ref *pins_refs_of(const struct pins_refs *refs, const char *repository,
                                    size_t *count);
/* The ref with the commit of a tag, or null; `object` becomes the ref with the hash of its tag
 * object if it is annotated, else null. */
const struct pins_ref *pins_find_tag(const struct pins_refs *refs, const char *repository,
                                     const char *tag, const struct pins_ref **object);
/* The name of a tag without refs/tags/, or of a branch; null for another ref. */
const char *pins_tag_name(const struct pins_ref *ref);
const char *pins_branch_name(const struct pins_ref *ref);

#endif
