/* Pins: the commit of a repository from which a block of the rules is built, compared with the refs
 * that the repository has now.
 *
 * A block has a pin if its schema has a field `source` that is a record with a repository and a
 * commit, and the block gives both as literal texts. Literals are required because pins are read
 * from the syntax tree, before evaluation, and --write replaces them in the source. The refs are an
 * input: nothing here uses a network.
 *
 * pins_gather collects the pins of a checked program, pins_read_refs (refs.h) reads the lists of
 * refs, pins_judge compares one pin with them, and pins_report and pins_write act on the result. */
#ifndef AZA_PINS_PINS_H
#define AZA_PINS_PINS_H

#include "compile/compile.h"
#include "pins/refs.h"
#include "pins/version_tag.h"

/* Each word has the text without quotes and the place of the whole literal, quotes included; its
 * text is null if the field is absent or `nothing`. Repository and commit are never null. */
struct pin {
    const struct syntax_item *block;
    struct syntax_word repository, tag, commit, version;
    const char *key; /* the repository as refs name it */
};

struct pins {
    BASE_LIST(struct pin) list;
    BASE_LIST(const char *) keys; /* each repository once */
};

/* Collects all pins in the order of the rules. A block whose pin is not literal or has no valid
 * commit is reported to the queue and left out. */
void pins_gather(struct compilation *build, struct pins *pins);

enum pin_state {
    PIN_UNLISTED, /* no list of its repository was read */
    PIN_FRESH,    /* the tag has the pinned commit, and none is newer */
    PIN_STALE,    /* the tag has the pinned commit, and another one is newer */
    PIN_UNTAGGED, /* a commit without a tag, which is not compared */
    PIN_MOVED,    /* the tag has another commit: an error, never updated */
    PIN_GONE,     /* the tag no longer exists: an error, never updated */
    PIN_STATES
};

struct pin_finding {
    const struct pin *pin;
    enum pin_state state;
    const struct pins_ref *now;    /* MOVED: the commit of its tag now */
    const struct pins_ref *object; /* MOVED: the tag object, if its hash is pinned; or null */
    const struct pins_ref *newest; /* STALE: the tag of the newest version */
    const struct pins_ref *branch; /* UNTAGGED: a branch with this head, or null */
    const struct pins_ref *also;   /* UNTAGGED: a tag of this commit, or null */
    bool branches, tags;           /* whether the repository lists any */
};

/* Compares one pin with the refs; reports nothing. The finding points into both. */
struct pin_finding pins_judge(const struct pins_refs *refs, const struct pin *pin);
/* Reports a moved or deleted tag, and a stale pin unless `updated` (it is about to be rewritten),
 * at its place in the rules. */
void pins_report(struct compilation *build, const struct pin_finding *finding, bool updated);

/* The version in the newest tag of a stale pin, as pins_put_version writes it. */
const char *pins_newest_version(struct base_arena *arena, const struct pin_finding *finding);
/* Replaces tag, commit and version of all stale pins in the source files, in all or in none, and
 * prints the path of each changed file on standard output. Returns the exit status. */
int pins_write(struct compilation *build, const struct pin_finding *findings, size_t count);

#endif
