/* One input varied over a range, with the exact positions at which a value changes.
 *
 * The rules run on a grid of machines. Between two neighbours that differ, the first machine that
 * differs is found by bisection, down to the grain of the input. Two kinds of changes are searched:
 * turns of a value's path (vm_path_turns), and every step of a value that moves in few steps.
 *
 * The grid grows by a thirtieth from machine to machine. It contains every constant of the input's
 * kind in the code, with both neighbours, so an edge that the rules name is never missed. A change
 * that is reversed between two machines of the grid is missed.
 *
 * Inputs come from the command line alone, never from this machine: the same words give the same
 * rows on every machine. */
#ifndef AZA_SWEEP_SWEEP_H
#define AZA_SWEEP_SWEEP_H

#include "base/memory.h"
#include "session/session.h"

/* One value on one machine. */
struct sweep_cell {
    const char *text;           /* interned; "-" without a value, "refused" if the machine is */
    int64_t value;              /* in base units; only if known */
    const struct vm_path *path; /* one of sweep->paths; null when refused */
    bool known;                 /* it has a value */
};

/* A path with its hash, by which it is found again. */
struct sweep_path {
    uint64_t hash;
    const struct vm_path *path;
};

struct sweep_sample {
    int64_t at;               /* the swept input, in base units */
    struct sweep_cell *cells; /* one per column, see sweep_columns */
};

/* A name whose values are wanted: a setting, a let, or an input. */
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

    BASE_LIST(struct sweep_sample) samples; /* by position, each once */
    BASE_LIST(struct sweep_path) paths;     /* those found, each once */
    bool *stepped;                          /* per column: it has few enough steps to find all */
    uint32_t *steps;                        /* per column: those found so far */
    bool cut; /* the limit of samples was reached, so changes may be missing */
};

/* Columns are ordered by target, then by member. */
static inline size_t sweep_columns(const struct sweep *sweep)
{
    return sweep->target_count * sweep->member_count;
}

/* Fills the samples. False if every machine is refused, or the rules could not run at all; the
 * session's refusals then contain the reason. */
bool sweep_run(struct sweep *sweep);

/* Fills the grid only, which is enough for sweep_varies. */
bool sweep_run_grid(struct sweep *sweep);
/* Whether the value of a target differs between any two samples. */
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

/* The rows of a table: both ends, every turn of a path, powers of two at which a value differs from
 * the row before, and the steps of values unless there are too many rows with them. */
void sweep_pick_rows(struct sweep *sweep, struct sweep_rows *rows);
/* "end", "path", "step", "round". */
const char *sweep_row_word(enum sweep_row_class class);

/* Whether the path of a column turns at a sample. Where the value is the same on both sides of the
 * turn, it sits at the last machine of the old path if that one has the rounder number. */
bool sweep_turns_at(const struct sweep *sweep, size_t sample, size_t column);

/* A position in its largest whole unit: 512MB, 4GB, 0.5. It can be given to azc as is. */
void sweep_put_position(struct base_sink *sink, enum image_kind kind, int64_t value);

/* --- names.c --- */

/* The name of an input, of the varied one, of `by`, and of its members in headings. */
const char *sweep_input_name(const struct image *image, uint32_t input);
const char *sweep_over_name(const struct sweep *sweep);
const char *sweep_by_name(const struct sweep *sweep); /* or null */
const char *sweep_member_label(const struct sweep *sweep, size_t member);
/* The heading of a column below its setting: the member, or the setting itself without `by`. */
const char *sweep_column_title(const struct sweep *sweep, size_t column);
/* A sample's position. With `reader`, the first size after a round one is "512MB+1kB". */
const char *sweep_position_text(const struct sweep *sweep, int64_t at, bool reader);
/* "cpus=8 disk=200GB": the fixed inputs; may be empty. */
void sweep_put_given(struct base_sink *sink, const struct sweep *sweep);

/* --- drawing.c --- */

/* One panel for each kind of value; lines that are the same on every machine are one line. A dot
 * marks where the path of a line changes. `title` and `subtitle` may be null. Null after printing
 * on standard error what cannot be drawn. */
const struct chart *sweep_draw(const struct sweep *sweep, const char *title, const char *subtitle);

#endif
