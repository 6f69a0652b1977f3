/* What the files of this directory share; nobody else includes it. */
#ifndef AZA_EXPLAIN_PARTS_H
#define AZA_EXPLAIN_PARTS_H

#include "explain/explain.h"
#include "vm/secret.h"

/* ---- facts.c: inputs ---- */

/* "cgroup: /sys/fs/cgroup/memory.max", "default": who said an input's value. */
void azx_put_origin(struct aza_sink *sink, const struct azx_view *view, uint32_t input);
/* "512MB", "(secret)", "unknown"; `brief` shortens long lists. */
void azx_put_input(struct aza_sink *sink, const struct azx_view *view, uint32_t input, bool brief);
/* What the input's sources answered, one line each behind `indent` blanks; the chosen one has a
 * star. */
void azx_put_readings(struct aza_sink *sink, const struct azx_view *view, uint32_t input,
                      size_t indent);
/* Further members of the input's JSON object: source, detail, given, clamped, answers. */
void azx_put_input_json(struct aza_sink *sink, const struct azx_view *view, uint32_t input);
/* "key": "text", and "key": null for a null text; `comma` goes in front. */
void azx_put_member(struct aza_sink *sink, const char *comma, const char *key, const char *text);

/* ---- subject.c: what is explained, and what its notes come to after this run ---- */

struct azx_subject {
    const struct azx_view *view;
    const struct azv_machine *machine;
    const struct azb_image *image;
    const struct azb_name *name;         /* null: the rules do not have it */
    uint32_t setting;                    /* in SETTINGS, or AZB_NONE */
    uint32_t input;                      /* in INPUTS, or AZB_NONE */
    const struct azv_override *override; /* null: the operator leaves it alone */
    const struct azo_extra *extra;       /* null: not one of the operator's own names */
    const struct azv_trace *taken;       /* what the run used for what is explained; null: all */
};

/* False when nothing has that name. */
bool azx_find(const struct azx_view *view, struct aza_span name, struct azx_subject *subject);
/* A name of the image as a subject. */
struct azx_subject azx_subject_of(const struct azx_view *view, uint32_t name);

void azx_put_subject_name(struct aza_sink *sink, const struct azx_subject *subject);
bool azx_has_value(const struct azx_subject *subject);
void azx_put_subject_value(struct aza_sink *sink, const struct azx_subject *subject);
/* The slot of what the rules say, whether or not the operator says otherwise; there is a name. */
uint32_t azx_root(const struct azx_subject *subject);

/* Sets of classes of notes. */
enum {
    AZX_USES = 1 << AZB_NOTE_USES,
    AZX_MATCHES = 1 << AZB_NOTE_ROW | 1 << AZB_NOTE_POINT,
    AZX_BRANCHES = 1 << AZB_NOTE_BRANCH,
    AZX_LIMITS = 1 << AZB_NOTE_AT_LEAST | 1 << AZB_NOTE_AT_MOST,
    AZX_SETS = 1 << AZB_NOTE_SET,
};

/* The next note of one of the classes (a set of 1 << class); `cursor` starts at 0. Of the rows and
 * points of one group only the one that matched is met; rows, points, branches and limits within
 * what the run did not take are passed over. */
const struct azb_note *azx_next_note(const struct azx_subject *subject, unsigned classes,
                                     uint32_t *cursor);
/* What a USES note uses, as a subject; false when it is an expression without a name. */
bool azx_used(const struct azx_subject *subject, const struct azb_note *note,
              struct azx_subject *used);
/* Whether a row, point, branch or `set` holds, or a limit moved the value. */
bool azx_applies(const struct azx_subject *subject, const struct azb_note *note);
/* Whether the run used what the note speaks of. */
bool azx_is_taken(const struct azx_subject *subject, const struct azb_note *note);
/* Whether the note is the first of its kind and group that applies. */
bool azx_is_first(const struct azx_subject *subject, const struct azb_note *note);

/* ---- formula.c ---- */

/* The formula that won, on one line, with values in the place of names; false, and the sink holds
 * anything, when there is nothing to put in or the line would be too long. */
bool azx_put_values(struct aza_sink *sink, const struct azx_subject *subject);

/* ---- layers.c: who said what, and who won ---- */

/* Who decided: AZV_LAYERS when neither operator nor rules did. */
unsigned azx_layer(const struct azx_subject *subject);
/* What a layer says of the setting, whoever wins; false when it says nothing. */
bool azx_put_layer_value(struct aza_sink *sink, const struct azx_subject *subject, unsigned layer);
/* "command line", "server default". */
const char *azx_layer_word(unsigned layer);
/* Why a layer does not decide: "says nothing", "weaker than the command line"; null when it does.
 */
const char *azx_layer_loses(const struct azx_subject *subject, unsigned layer);
/* Why one of several sets does not decide; null when it does. */
const char *azx_set_loses(const struct azx_subject *subject, const struct azb_note *set);

/* ---- dependencies.c: the facts, and the operator's words, behind a value ---- */

struct azx_dependency {
    uint32_t input;   /* in INPUTS, or AZB_NONE: a setting that the operator fixed */
    uint32_t setting; /* in SETTINGS, then */
    bool used;        /* false: only what the run did not take would read it */
};

/* The next one; `whole` is the trace of the subject's root, `cursor` starts at 0. */
bool azx_next_dependency(const struct azx_subject *subject, const struct azv_trace *whole,
                         uint32_t *cursor, struct azx_dependency *dependency);
/* Lines, those that were used first. */
void azx_put_dependencies(struct aza_sink *sink, const struct azx_subject *subject, size_t indent,
                          const char *word, size_t column);
/* A JSON array. */
void azx_put_dependencies_json(struct aza_sink *sink, const struct azx_subject *subject);

/* ---- threshold.c: where it becomes another ---- */

/* Where, on either side of a fact's value, the subject next becomes another. `put` is called for
 * each that there is. */
struct azx_threshold {
    uint32_t input;       /* in INPUTS */
    bool larger;          /* on which side of the fact's value it lies */
    const char *relation; /* "at", "above" or "below" `border` */
    int64_t border;
    bool same_value, same_way;         /* one of the two at most */
    const struct azx_subject *subject; /* as it is there */
    const struct azx_subject *changed; /* the name whose note differs there */
    const struct azb_note *note;       /* that note; null when none differs */
    bool holds;                        /* whether it holds there */
};
typedef void azx_put_threshold(void *context, const struct azx_threshold *threshold);
void azx_find_thresholds(const struct azx_subject *subject, azx_put_threshold *put, void *context);
/* "size beyond", "at most 32MB begins to bind"; nothing where it is only the value's next step. */
void azx_put_reason(struct aza_sink *sink, const struct azx_threshold *threshold);

/* ---- json.c ---- */

void azx_put_json(struct aza_sink *sink, const struct azx_subject *subject);

#endif
