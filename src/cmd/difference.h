/* What differs between two rule sets: every setting, every exported variable, what is refused, and
 * the facts and options themselves.
 *
 * For each subject the prover answers first. What it shows to be the same is the same on every
 * machine. What it refutes comes with a machine, around which a region is measured with the
 * interpreter: its ends are exact along each input while all others stay as they are, and the
 * difference was seen at its corners; what lies between was not proved to differ. The search then
 * goes on outside of it, up to AZC_REGIONS_MAX times. */
#ifndef AZA_CMD_DIFFERENCE_H
#define AZA_CMD_DIFFERENCE_H

#include "cmd/joint.h"
#include "prove/prove.h"

enum { AZC_REGIONS_MAX = 3 };

/* Which values of one input belong to a region. */
enum azc_extent_shape {
    AZC_ANY,
    AZC_RANGE,   /* numbers and truth values: low .. high */
    AZC_MEMBERS, /* those marked */
    AZC_EXACTLY, /* a text or list: `text` alone */
    AZC_UNKNOWN, /* no value */
};
enum azc_said { AZC_EITHER, AZC_SAID, AZC_UNSAID };

struct azc_extent {
    enum azc_extent_shape shape;
    bool or_unknown; /* of RANGE, MEMBERS and EXACTLY */
    enum azc_said said;
    int64_t low, high;
    bool *members; /* one per member of the joint input */
    const char *text;
};

struct azc_region {
    struct azc_extent *extents; /* one per joint input */
    const char **where;         /* the extents in words: "memory 4096MB .. 8191MB", "workload dw" */
    size_t where_count;         /* 0: every machine */
    const char **at;            /* the sample: "memory = 4096MB" */
    size_t at_count;
    const char *values[AZJ_SIDES]; /* what each side says to it */
};

enum azc_subject_class { AZC_OF_SETTING, AZC_OF_EXPORT, AZC_OF_REFUSAL };
enum azc_rest { AZC_NOWHERE_ELSE, AZC_ELSEWHERE, AZC_REST_OPEN };

struct azc_difference {
    enum azc_subject_class class;
    const char *name;
    uint32_t slots[AZJ_SIDES]; /* of the joint code */
    bool there[AZJ_SIDES];     /* this side speaks of it at all */
    const struct azb_setting *settings[AZJ_SIDES];
    bool other_kind;          /* the kinds differ, so that no value can be compared */
    enum azq_verdict verdict; /* PROVED: the same on every machine */
    uint32_t boxes;
    struct azc_region regions[AZC_REGIONS_MAX];
    size_t region_count;
    enum azc_rest rest; /* what is known of machines outside the regions */
    uint32_t guard;     /* slot: outside the regions found so far */
};

/* Something about a fact or option that is not the same: "default", "web", "dw". */
struct azc_aspect {
    const char *input, *name;
    const char *values[AZJ_SIDES]; /* null: this side has no such input */
};

struct azc_comparison {
    struct azj_joint joint;
    AZA_LIST(struct azc_difference) subjects;
    AZA_LIST(struct azc_aspect) aspects;
    uint32_t budget;
    bool narrowed; /* only machines of which the operator's words are true */
};

/* Compares all there is; false when `why` says what made it impossible. */
bool azc_compare_rules(struct azc_comparison *comparison, const char **why);

/* ---- region.c ---- */

struct azc_finding {
    struct azc_comparison *comparison;
    struct azc_difference *subject;
    struct azq_prover *prover;
    const struct azq_claim *claim;
    const struct azq_proof *proof; /* its machine is put back as it was */
};

/* Measures the region around a counterexample, and puts it into words. */
void azc_find_region(const struct azc_finding *finding, struct azc_region *region);
/* Code that holds inside a region. */
azi_slot azc_inside(struct azj_joint *joint, const struct azc_region *region);

/* ---- region_words.c ---- */

void azc_describe_region(const struct azc_finding *finding, struct azc_region *region);

/* ---- aspects.c ---- */

/* How the two sides' facts and options differ in what they admit and where they come from. */
void azc_compare_inputs(struct azc_comparison *comparison);

/* ---- difference_text.c ---- */

enum azc_difference_format { AZC_DIFF_TEXT, AZC_DIFF_MARKDOWN, AZC_DIFF_JSON };

/* Whether nothing at all differs, or may. */
bool azc_is_equal(const struct azc_comparison *comparison);
void azc_put_comparison(struct aza_sink *sink, const struct azc_comparison *comparison,
                        enum azc_difference_format format, const char *old, const char *new);

#endif
