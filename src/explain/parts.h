/* Private to src/explain: subjects and their notes, and the parts of an explanation.
 *
 * explain.c and json.c are the two formats of one explanation. What both print comes from the other
 * files, one per question: what is it (subject.c), where do its inputs come from (facts.c), what
 * are the values in the formula (formula.c), who decided (layers.c), what does it depend on
 * (dependencies.c), and where does it change (threshold.c).
 *
 * Text goes to a sink. A buffer for one value has LIMIT_TEXT_VALUE bytes. */
#ifndef AZA_EXPLAIN_PARTS_H
#define AZA_EXPLAIN_PARTS_H

#include "explain/explain.h"

/* --- facts.c: inputs --- */

/* "cgroup: /sys/fs/cgroup/memory.max", "default": the source of an input's value. */
void explain_put_origin(struct base_sink *sink, const struct explain_view *view, uint32_t input);
/* "512MB", "(secret)", "unknown"; long lists can be shortened. */
void explain_put_input(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                       bool shorten);
/* The answers of the input's sources, one line each, indented; the chosen one has a star. */
void explain_put_readings(struct base_sink *sink, const struct explain_view *view, uint32_t input,
                          size_t indent);
/* Further members of the input's JSON object: source, detail, given, clamped, answers. */
void explain_put_input_json(struct base_sink *sink, const struct explain_view *view,
                            uint32_t input);
/* Writes "key": "text", and "key": null for a null text; `comma` goes in front. */
void explain_put_member(struct base_sink *sink, const char *comma, const char *key,
                        const char *text);

/* --- subject.c: the subject of an explanation, and its notes after this run --- */

struct explain_subject {
    const struct explain_view *view;
    const struct vm_machine *machine;
    const struct image *image;
    const struct image_name *name;        /* null: not in the rules */
    uint32_t setting;                     /* in SETTINGS, or IMAGE_NONE */
    uint32_t input;                       /* in INPUTS, or IMAGE_NONE */
    const struct vm_override *override;   /* null: not set by the operator */
    const struct settings_custom *custom; /* null: not a custom setting */
    const struct vm_trace *taken;         /* the slots that the run used for it; null: all */
};

/* False if the name is unknown. */
bool explain_find(const struct explain_view *view, struct base_span name,
                  struct explain_subject *subject);
void explain_put_subject_name(struct base_sink *sink, const struct explain_subject *subject);
/* Whether the subject is set, by the operator or the rules; an error counts as a value. */
bool explain_has_value(const struct explain_subject *subject);
/* The value in effect: the operator's, else that of the rules. */
void explain_put_subject_value(struct base_sink *sink, const struct explain_subject *subject);
/* The slot of the rules' own value, even if the operator overrides it; there must be a name. */
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
 * points of one group only the one that matched is returned; rows, points, branches and limits of
 * expressions that the run did not use are skipped. */
const struct image_note *explain_next_note(const struct explain_subject *subject, unsigned classes,
                                           uint32_t *cursor);
/* The subject that a USES note refers to; false if it is an expression without a name. */
bool explain_used(const struct explain_subject *subject, const struct image_note *note,
                  struct explain_subject *used);
/* Whether a row, point, branch or `set` holds, or a limit moved the value. */
bool explain_applies(const struct explain_subject *subject, const struct image_note *note);
/* Whether the run used the expression of the note. */
bool explain_is_taken(const struct explain_subject *subject, const struct image_note *note);
/* Whether the note is the first of its kind and group that applies. */
bool explain_is_first(const struct explain_subject *subject, const struct image_note *note);

/* --- formula.c --- */

/* The formula that applied, on one line, with values substituted for names; false, with undefined
 * contents of the sink, if there is nothing to substitute or the line would be too long. */
bool explain_put_values(struct base_sink *sink, const struct explain_subject *subject);

/* --- layers.c --- */

/* The layer that decided: VM_LAYERS if neither operator nor rules did. */
unsigned explain_layer(const struct explain_subject *subject);
/* The value of a layer, even if it is overridden; false if it does not set it. */
bool explain_put_layer_value(struct base_sink *sink, const struct explain_subject *subject,
                             unsigned layer);
/* "command line", "server default". */
const char *explain_layer_word(unsigned layer);
/* Why a layer does not decide: "not set", "overridden by the command line"; null if it does. */
const char *explain_layer_loses(const struct explain_subject *subject, unsigned layer);
/* Why one of several sets does not apply; null if it does. */
const char *explain_set_loses(const struct explain_subject *subject, const struct image_note *set);

/* --- dependencies.c: the facts and operator's settings that a value depends on --- */

/* Lines, those that were used first; `word` precedes the first line, and the text of each begins in
 * `column` after the indentation. */
void explain_put_dependencies(struct base_sink *sink, const struct explain_subject *subject,
                              size_t indent, const char *word, size_t column);
/* A JSON array. */
void explain_put_dependencies_json(struct base_sink *sink, const struct explain_subject *subject);

/* --- threshold.c: where the value changes --- */

/* The nearest change of the subject on one side of a fact's value. */
struct explain_threshold {
    uint32_t input;                        /* in INPUTS */
    bool larger;                           /* on which side of the fact's value it lies */
    const char *relation;                  /* "at", "above" or "below" `border` */
    int64_t border;                        /* a value of the fact */
    bool same_path;                        /* only the value differs, not how it is computed */
    bool is_new;                           /* the value one step nearer is another one */
    const struct explain_subject *subject; /* at the threshold */
    const struct explain_subject *changed; /* the name whose note differs there */
    const struct image_note *note;         /* that note; null if none differs */
    bool holds;                            /* whether it holds there */
};
/* Called during the search: the threshold and its subjects are valid only until it returns. */
typedef void explain_put_threshold(void *context, const struct explain_threshold *threshold);
/* Calls `put` for each number among the facts that the subject depends on, for the side of larger
 * values and then for that of smaller ones, if there is a change. None for a subject that the
 * operator sets, or that is an input itself. The subject must have a name and a trace. */
void explain_find_thresholds(const struct explain_subject *subject, explain_put_threshold *put,
                             void *context);
/* "size beyond", "at most 32MB begins to apply"; nothing if it is only the value's next step. */
void explain_put_reason(struct base_sink *sink, const struct explain_threshold *threshold);

/* --- json.c --- */

void explain_put_json(struct base_sink *sink, const struct explain_subject *subject);

#endif
