/* The differences between two rule sets: settings, exported variables, refused machines, and the
 * facts and options themselves.
 *
 * For each subject the prover is asked first. If it proves equality, the subject is the same on
 * every machine. If it refutes it, it returns a machine, and the region around that machine is
 * measured with the interpreter: its ends are exact along each input with all others fixed, and the
 * difference was observed at its corners; its interior is not proved to differ. The search
 * continues outside the region, up to COMPARE_REGIONS_MAX times. */
#ifndef AZA_COMPARE_COMPARE_H
#define AZA_COMPARE_COMPARE_H

#include "compare/joint.h"
#include "prove/prove.h"

enum { COMPARE_REGIONS_MAX = 3 };

/* Which values of one input belong to a region. */
enum compare_extent_shape {
    COMPARE_ANY,
    COMPARE_RANGE,   /* numbers and truth values: low .. high */
    COMPARE_MEMBERS, /* those marked */
    COMPARE_EXACTLY, /* a text or list: `text` alone */
    COMPARE_UNKNOWN, /* no value */
};
enum compare_given { COMPARE_EITHER, COMPARE_GIVEN, COMPARE_NOT_GIVEN };

struct compare_extent {
    enum compare_extent_shape shape;
    bool or_unknown; /* of RANGE, MEMBERS and EXACTLY */
    enum compare_given given;
    int64_t low, high;
    bool *members; /* one per member of the joint input */
    const char *text;
};

struct compare_region {
    struct compare_extent *extents; /* one per joint input */
    const char **where; /* the extents in words: "memory 4096MB .. 8191MB", "workload dw" */
    size_t where_count; /* 0: every machine */
    const char **at;    /* the sample: "memory = 4096MB" */
    size_t at_count;
    const char *values[COMPARE_SIDES]; /* each side's value for the sample */
};

enum compare_subject_class { COMPARE_OF_SETTING, COMPARE_OF_EXPORT, COMPARE_OF_REFUSAL };
enum compare_rest { COMPARE_NOWHERE_ELSE, COMPARE_ELSEWHERE, COMPARE_REST_OPEN };

struct compare_difference {
    enum compare_subject_class class;
    const char *name;
    uint32_t slots[COMPARE_SIDES]; /* of the joint code */
    bool there[COMPARE_SIDES];     /* this side has the subject at all */
    const struct image_setting *settings[COMPARE_SIDES];
    bool other_kind;            /* the kinds differ, so that no value can be compared */
    enum prove_verdict verdict; /* PROVED: the same on every machine */
    uint32_t boxes;
    struct compare_region regions[COMPARE_REGIONS_MAX];
    size_t region_count;
    enum compare_rest rest; /* what is known of machines outside the regions */
    uint32_t guard;         /* slot: outside the regions found so far */
};

/* An aspect of a fact or option that differs: "default", "web", "dw". */
struct compare_aspect {
    const char *input, *name;
    const char *values[COMPARE_SIDES]; /* null: this side does not have the input */
};

struct comparison {
    struct compare_joint joint;
    BASE_LIST(struct compare_difference) subjects;
    BASE_LIST(struct compare_aspect) aspects;
    uint32_t budget;
    bool narrowed; /* only machines that match the given NAME=VALUE */
};

/* Compares everything; false if that is impossible, with the reason in `why`. */
bool compare_rules(struct comparison *comparison, const char **why);

/* --- region.c --- */

struct compare_finding {
    struct comparison *comparison;
    struct compare_difference *subject;
    struct prover *prover;
    const struct prove_claim *claim;
    const struct proof *proof; /* its machine is restored afterwards */
};

/* Measures the region around a counterexample, and describes it. */
void compare_find_region(const struct compare_finding *finding, struct compare_region *region);
/* Code that holds inside a region. */
ir_slot compare_inside(struct compare_joint *joint, const struct compare_region *region);

/* --- region_words.c --- */

void compare_describe_region(const struct compare_finding *finding, struct compare_region *region);

/* --- aspects.c --- */

/* How the facts and options of the two sides differ: domains, defaults, sources, policies. */
void compare_inputs(struct comparison *comparison);

/* --- text.c --- */

enum compare_format { COMPARE_DIFF_TEXT, COMPARE_DIFF_MARKDOWN, COMPARE_DIFF_JSON };

/* Whether everything is proved to be the same. */
bool compare_is_equal(const struct comparison *comparison);
void compare_put(struct base_sink *sink, const struct comparison *comparison,
                 enum compare_format format, const char *old, const char *new);

#endif
