/* One input swept over a range: exact values where something happens.
 *
 * The rules run on a fine grid of machines, and between two neighbours that differ the place where
 * they begin to is found by bisection, down to the grain of the input. Two things are looked for:
 * where the path of a value turns (struct vm_path), and, of values that move in steps, each
 * step. The grid grows by a thirtieth from machine to machine and holds every constant of the
 * input's kind in the code, with both its neighbours, so that an edge that the rules name is never
 * missed; what begins and ends between two machines of the grid is.
 *
 * Inputs come from the command line alone, never from this machine: the same words give the same
 * rows. */
#ifndef AZA_SWEEP_SWEEP_H
#define AZA_SWEEP_SWEEP_H

#include "base/memory.h"
#include "session/session.h"

/* One value on one machine. */
struct sweep_cell {
    const char *text; /* interned; "-" when there is none, "refused" when the machine is */
    int64_t value;    /* only if known */
    const struct vm_path *path; /* one of sweep->paths; null when refused */
    bool known;
};

/* A path with its hash, by which it is found again. */
struct sweep_path {
    uint64_t hash;
    const struct vm_path *path;
};

struct sweep_sample {
    int64_t at;               /* the swept input, in base units */
    struct sweep_cell *cells; /* one per column */
};

/* What is asked for: a setting, a let, or an input. */
struct sweep_target {
    const char *name, *doc; /* the doc comment, or "" */
    uint32_t slot;
    enum image_kind kind;
};

struct sweep {
    struct base_arena *arena;
    struct base_names *names;
    struct session *session;
    uint32_t over, by;    /* in INPUTS; `by` may be IMAGE_NONE */
    int64_t low, high;    /* inclusive; low < high, both within the domain */
    int64_t grain;        /* positions are multiples of this, counted from 0 */
    const char **members; /* the words of `by`, or one null pointer */
    size_t member_count;
    struct sweep_target *targets;
    size_t target_count;
    struct vm_word *words; /* NAME=VALUE, with room for two more */
    size_t word_count;

    BASE_LIST(struct sweep_sample) samples; /* rising */
    BASE_LIST(struct sweep_path) paths;     /* that were met, each once */
    bool *stepped;   /* per column: the value moves in few enough steps to know each */
    uint32_t *steps; /* per column: those met so far */
    bool cut;        /* there were more changes than are looked for */
};

/* Columns stand by target, then by member. */
static inline size_t sweep_columns(const struct sweep *sweep)
{
    return sweep->target_count * sweep->member_count;
}

/* Fills the samples. False when every machine is refused; the session's refusals then say why. */
bool sweep_run(struct sweep *sweep);

/* Only the grid of it, which is enough to see what varies. */
bool sweep_run_grid(struct sweep *sweep);
/* Whether a target is not the same on every machine tried. */
bool sweep_varies(const struct sweep *sweep, size_t target);

enum sweep_row_class {
    SWEEP_ROW_END,
    SWEEP_ROW_PATH,
    SWEEP_ROW_STEP,
    SWEEP_ROW_ROUND,
    SWEEP_ROW_NONE
};

/* A sample worth a row of a table, and why. */
struct sweep_row {
    const struct sweep_sample *sample;
    enum sweep_row_class class;
};
BASE_LIST_OF(sweep_rows, struct sweep_row);

/* The rows that people read: both ends, every turn of a path, powers of two where a value is
 * another than in the row before, and the steps of the values unless that makes too many. */
void sweep_pick_rows(struct sweep *sweep, struct sweep_rows *rows);
/* "end", "path", "step", "round". */
const char *sweep_row_word(enum sweep_row_class class);

/* Whether the path of a column turns at a sample. Where the value is the same on both sides of the
 * turn, it sits at the last machine of the old path if that one has the rounder number. */
bool sweep_turns_at(const struct sweep *sweep, size_t sample, size_t column);

/* A position as people write it, in the largest whole unit: 512MB, 4GB, 0.5. azc reads it back. */
void sweep_put_position(struct base_sink *sink, enum image_kind kind, int64_t value);

/* --- names.c --- */

/* The name of the swept input, of `by`, and of its members as columns are headed. */
const char *sweep_over_name(const struct sweep *sweep);
const char *sweep_by_name(const struct sweep *sweep); /* or null */
const char *sweep_member_label(const struct sweep *sweep, size_t member);
/* What heads a column where its setting is known: the member, or the setting's name without one. */
const char *sweep_column_title(const struct sweep *sweep, size_t column);
/* A sample's position; for readers the first machine past a round one is "512MB+1kB". */
const char *sweep_position_text(const struct sweep *sweep, int64_t at, bool reader);
/* "cpus=8 disk=200GB": the fixed inputs; may be empty. */
void sweep_put_given(struct base_sink *sink, const struct sweep *sweep);

/* --- drawing.c --- */

/* One panel for each kind of value; lines that are the same on every machine are one line. A dot
 * marks where the path of a line changes. `title` and `subtitle` may be null. Null after printing
 * on standard error what cannot be drawn. */
const struct chart *sweep_draw(const struct sweep *sweep, const char *title, const char *subtitle);

#endif
