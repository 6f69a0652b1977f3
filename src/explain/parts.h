/* What the files of this directory share; nobody else includes it. */
#ifndef AZA_EXPLAIN_PARTS_H
#define AZA_EXPLAIN_PARTS_H

#include "explain/explain.h"

/* ---- facts.c: inputs ---- */

/* "cgroup: /sys/fs/cgroup/memory.max", "default": who said an input's value. */
void azx_put_origin(struct aza_sink *sink, const struct azx_view *view, uint32_t input);
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
};

/* False when nothing has that name. */
bool azx_find(const struct azx_view *view, struct aza_span name, struct azx_subject *subject);
/* A name of the image as a subject. */
struct azx_subject azx_subject_of(const struct azx_view *view, uint32_t name);

void azx_put_subject_name(struct aza_sink *sink, const struct azx_subject *subject);
bool azx_has_value(const struct azx_subject *subject);
void azx_put_subject_value(struct aza_sink *sink, const struct azx_subject *subject);
/* Who decided: AZV_LAYERS when neither operator nor rules did. */
unsigned azx_layer(const struct azx_subject *subject);
/* What the rules say of a setting, whoever wins; false when they say nothing. */
bool azx_put_rules_value(struct aza_sink *sink, const struct azx_subject *subject);

/* Sets of classes of notes. */
enum {
    AZX_USES = 1 << AZB_NOTE_USES,
    AZX_MATCHES = 1 << AZB_NOTE_ROW | 1 << AZB_NOTE_POINT,
    AZX_BRANCHES = 1 << AZB_NOTE_BRANCH,
    AZX_LIMITS = 1 << AZB_NOTE_AT_LEAST | 1 << AZB_NOTE_AT_MOST,
};

/* The next note of one of the classes (a set of 1 << class); `cursor` starts at 0. Of the rows and
 * points of one group only the one that matched is met. */
const struct azb_note *azx_next_note(const struct azx_subject *subject, unsigned classes,
                                     uint32_t *cursor);
/* What a USES note uses, as a subject; false when it is an expression without a name. */
bool azx_used(const struct azx_subject *subject, const struct azb_note *note,
              struct azx_subject *used);
/* Whether a row, point or branch holds, or a limit moved the value. */
bool azx_applies(const struct azx_subject *subject, const struct azb_note *note);

/* ---- json.c ---- */

void azx_put_json(struct aza_sink *sink, const struct azx_subject *subject);

#endif
