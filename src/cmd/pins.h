/* Pins: which commit of which repository a block of the rules is made from, and what has become of
 * it there.
 *
 * A block has a pin where its schema has a field `source` that is a record with a repository and a
 * commit, and the block says so in plain texts, which can be read and rewritten where they stand.
 * The repository's refs come from outside: nothing here asks a network. */
#ifndef AZA_CMD_PINS_H
#define AZA_CMD_PINS_H

#include "cmd/azc.h"
#include "cmd/refs.h"
#include "cmd/version_tag.h"

/* A text as it is written in the rules, quotes and all; its text is null where none is. */
struct azc_pin {
    const struct azp_item *block;
    struct azp_word repository, tag, commit, version;
    const char *key; /* the repository as refs name it */
};

struct azc_pins {
    AZA_LIST(struct azc_pin) list;
    AZA_LIST(const char *) keys; /* each repository once */
};

/* All pins, in the order of the rules; mistakes go to the queue. */
void azc_gather_pins(struct azc_build *build, struct azc_pins *pins);

enum azc_pin_state {
    AZC_PIN_UNLISTED, /* no list tells of its repository */
    AZC_PIN_FRESH,
    AZC_PIN_STALE,
    AZC_PIN_UNTAGGED, /* a commit without a tag */
    AZC_PIN_MOVED,
    AZC_PIN_GONE,
    AZC_PIN_STATES
};

struct azc_pin_finding {
    const struct azc_pin *pin;
    enum azc_pin_state state;
    const struct azc_ref *now;    /* MOVED: what its tag stands for */
    const struct azc_ref *object; /* MOVED: the tag itself, where the pin names that; or null */
    const struct azc_ref *newest; /* STALE: the tag of the newest version */
    const struct azc_ref *branch; /* UNTAGGED: a branch that ends there, or null */
    const struct azc_ref *also;   /* UNTAGGED: a tag that stands for it, or null */
    bool branches, tags;          /* whether any is listed */
};

struct azc_pin_finding azc_judge_pin(const struct azc_refs *refs, const struct azc_pin *pin);
/* What is wrong with it, or stale unless that is being mended, as a diagnostic at its place. */
void azc_report_pin(struct azc_build *build, const struct azc_pin_finding *finding, bool mended);

/* The version that the newest tag of a stale pin has. */
const char *azc_newest_version(struct aza_arena *arena, const struct azc_pin_finding *finding);
/* Rewrites tag, commit and version of all stale pins, in all files or in none; their names go to
 * standard output. */
int azc_write_pins(struct azc_build *build, const struct azc_pin_finding *findings, size_t count);

#endif
