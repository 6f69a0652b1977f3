/* What the files of this directory share; nobody else includes it. */
#ifndef AZA_EXPLAIN_PARTS_H
#define AZA_EXPLAIN_PARTS_H

#include "explain/explain.h"

/* --- facts.c: inputs --- */

/* "cgroup: /sys/fs/cgroup/memory.max", "default": who said an input's value. */
void explain_put_origin(struct base_sink *sink, const struct explain_view *view, uint32_t input);
/* "512MB", "(secret)", "unknown"; `brief` shortens long lists. */
void explain_put_input(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                       bool brief);
/* What the input's sources answered, one line each behind `indent` blanks; the chosen one has a
 * star. */
void explain_put_readings(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                          size_t indent);
/* Further members of the input's JSON object: source, detail, given, clamped, answers. */
void explain_put_input_json(struct base_sink *sink, const struct explain_view *view,
                            uint32_t input);
/* "key": "text", and "key": null for a null text; `comma` goes in front. */
void explain_put_member(struct base_sink *sink, const char *comma, const char *key,
                        const char *text);

/* --- subject.c: what is explained, and what its notes come to after this run --- */

struct explain_subject {
    const struct explain_view *view;
    const struct vm_machine *machine;
    const struct image *image;
    const struct image_name *name;      /* null: the rules do not have it */
    uint32_t setting;                   /* in SETTINGS, or IMAGE_NONE */
    uint32_t input;                     /* in INPUTS, or IMAGE_NONE */
    const struct vm_override *override; /* null: the operator leaves it alone */
    const struct settings_extra *extra; /* null: not one of the operator's own names */
    const struct vm_trace *taken;       /* what the run used for what is explained; null: all */
};

/* False when nothing has that name. */
bool explain_find(const struct explain_view *view, struct base_span name,
                  struct explain_subject *subject);
/* A name of the image as a subject. */
struct explain_subject explain_subject_of(const struct explain_view *view, uint32_t name);

void explain_put_subject_name(struct base_sink *sink, const struct explain_subject *subject);
bool explain_has_value(const struct explain_subject *subject);
void explain_put_subject_value(struct base_sink *sink, const struct explain_subject *subject);
/* The slot of what the rules say, whether or not the operator says otherwise; there is a name. */
uint32_t explain_root(const struct explain_subject *subject);

/* Sets of classes of notes. */
enum {
    EXPLAIN_USES = 1 << IMAGE_NOTE_USES,
    EXPLAIN_MATCHES = 1 << IMAGE_NOTE_ROW | 1 << IMAGE_NOTE_POINT,
    EXPLAIN_BRANCHES = 1 << IMAGE_NOTE_BRANCH,
    EXPLAIN_LIMITS = 1 << IMAGE_NOTE_AT_LEAST | 1 << IMAGE_NOTE_AT_MOST,
    EXPLAIN_SETS = 1 << IMAGE_NOTE_SET,
};

/* The next note of one of the classes (a set of 1 << class); `cursor` starts at 0. Of the rows and
 * points of one group only the one that matched is met; rows, points, branches and limits within
 * what the run did not take are passed over. */
const struct image_note *explain_next_note(const struct explain_subject *subject, unsigned classes,
                                           uint32_t *cursor);
/* What a USES note uses, as a subject; false when it is an expression without a name. */
bool explain_used(const struct explain_subject *subject, const struct image_note *note,
                  struct explain_subject *used);
/* Whether a row, point, branch or `set` holds, or a limit moved the value. */
bool explain_applies(const struct explain_subject *subject, const struct image_note *note);
/* Whether the run used what the note speaks of. */
bool explain_is_taken(const struct explain_subject *subject, const struct image_note *note);
/* Whether the note is the first of its kind and group that applies. */
bool explain_is_first(const struct explain_subject *subject, const struct image_note *note);

/* --- formula.c --- */

/* The formula that won, on one line, with values in the place of names; false, and the sink holds
 * anything, when there is nothing to put in or the line would be too long. */
bool explain_put_values(struct base_sink *sink, const struct explain_subject *subject);

/* --- layers.c: who said what, and who won --- */

/* Who decided: VM_LAYERS when neither operator nor rules did. */
unsigned explain_layer(const struct explain_subject *subject);
/* What a layer says of the setting, whoever wins; false when it says nothing. */
bool explain_put_layer_value(struct base_sink *sink, const struct explain_subject *subject,
                             unsigned layer);
/* "command line", "server default". */
const char *explain_layer_word(unsigned layer);
/* Why a layer does not decide: "says nothing", "weaker than the command line"; null when it does.
 */
const char *explain_layer_loses(const struct explain_subject *subject, unsigned layer);
/* Why one of several sets does not decide; null when it does. */
const char *explain_set_loses(const struct explain_subject *subject, const struct image_note *set);

/* --- dependencies.c: the facts, and the operator's words, behind a value --- */

struct explain_dependency {
    uint32_t input;   /* in INPUTS, or IMAGE_NONE: a setting that the operator fixed */
    uint32_t setting; /* in SETTINGS, then */
    bool used;        /* false: only what the run did not take would read it */
};

/* The next one; `whole` is the trace of the subject's root, `cursor` starts at 0. */
bool explain_next_dependency(const struct explain_subject *subject, const struct vm_trace *whole,
                             uint32_t *cursor, struct explain_dependency *dependency);
/* Lines, those that were used first. */
void explain_put_dependencies(struct base_sink *sink, const struct explain_subject *subject,
                              size_t indent, const char *word, size_t column);
/* A JSON array. */
void explain_put_dependencies_json(struct base_sink *sink, const struct explain_subject *subject);

/* --- threshold.c: where it becomes another --- */

/* Where, on either side of a fact's value, the subject next becomes another. `put` is called for
 * each that there is. */
struct explain_threshold {
    uint32_t input;       /* in INPUTS */
    bool larger;          /* on which side of the fact's value it lies */
    const char *relation; /* "at", "above" or "below" `border` */
    int64_t border;
    bool same_path;                        /* only the value is another there */
    bool is_new;                           /* the value is another one machine nearer */
    const struct explain_subject *subject; /* as it is there */
    const struct explain_subject *changed; /* the name whose note differs there */
    const struct image_note *note;         /* that note; null when none differs */
    bool holds;                            /* whether it holds there */
};
typedef void explain_put_threshold(void *context, const struct explain_threshold *threshold);
void explain_find_thresholds(const struct explain_subject *subject, explain_put_threshold *put,
                             void *context);
/* "size beyond", "at most 32MB begins to bind"; nothing where it is only the value's next step. */
void explain_put_reason(struct base_sink *sink, const struct explain_threshold *threshold);

/* --- json.c --- */

void explain_put_json(struct base_sink *sink, const struct explain_subject *subject);

#endif
