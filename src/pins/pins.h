/* Pins: which commit of which repository a block of the rules is made from, and what has become of
 * it there.
 *
 * A block has a pin where its schema has a field `source` that is a record with a repository and a
 * commit, and the block says so in plain texts, which can be read and rewritten where they stand.
 * The repository's refs come from outside: nothing here asks a network. */
#ifndef AZA_PINS_PINS_H
#define AZA_PINS_PINS_H

#include "compile/compile.h"
#include "pins/refs.h"
#include "pins/version_tag.h"

/* A text as it is written in the rules, quotes and all; its text is null where none is. */
struct pin {
    const struct syntax_item *block;
    struct syntax_word repository, tag, commit, version;
    const char *key; /* the repository as refs name it */
};

struct pins {
    BASE_LIST(struct pin) list;
    BASE_LIST(const char *) keys; /* each repository once */
};

/* All pins, in the order of the rules; mistakes go to the queue. */
void pins_gather(struct compilation *build, struct pins *pins);

enum pin_state {
    PIN_UNLISTED, /* no list tells of its repository */
    PIN_FRESH,
    PIN_STALE,
    PIN_UNTAGGED, /* a commit without a tag */
    PIN_MOVED,
    PIN_GONE,
    PIN_STATES
};

struct pin_finding {
    const struct pin *pin;
    enum pin_state state;
    const struct pins_ref *now;    /* MOVED: what its tag stands for */
    const struct pins_ref *object; /* MOVED: the tag itself, where the pin names that; or null */
    const struct pins_ref *newest; /* STALE: the tag of the newest version */
    const struct pins_ref *branch; /* UNTAGGED: a branch that ends there, or null */
    const struct pins_ref *also;   /* UNTAGGED: a tag that stands for it, or null */
    bool branches, tags;           /* whether any is listed */
};

struct pin_finding pins_judge(const struct pins_refs *refs, const struct pin *pin);
/* What is wrong with it, or stale unless that is being mended, as a diagnostic at its place. */
void pins_report(struct compilation *build, const struct pin_finding *finding, bool mended);

/* The version that the newest tag of a stale pin has. */
const char *pins_newest_version(struct base_arena *arena, const struct pin_finding *finding);
/* Rewrites tag, commit and version of all stale pins, in all files or in none; their names go to
 * standard output. */
int pins_write(struct compilation *build, const struct pin_finding *findings, size_t count);

#endif
