/* One input swept over a range: exact values where something happens.
 *
 * The rules run on a fine grid of machines, and between two neighbours that differ the place where
 * they begin to is found by bisection, down to the grain of the input. Two things are looked for:
 * where the way a value is computed changes (cmd/way.h), and, of values that move in steps, each
 * step. The grid grows by a thirtieth from machine to machine and holds every constant of the
 * input's kind in the code, with both its neighbours, so that an edge that the rules name is never
 * missed; what begins and ends between two machines of the grid is.
 *
 * Only what is said counts, never the machine this runs on: the same words give the same rows. */
#ifndef AZA_CMD_SWEEP_H
#define AZA_CMD_SWEEP_H

#include "cmd/azc.h"

/* One value on one machine. */
struct azc_cell {
    const char *text; /* interned; "-" when there is none, "refused" when the machine is */
    int64_t value;    /* only if known */
    uint64_t way;
    bool known;
};

struct azc_sample {
    int64_t at;             /* the swept input, in base units */
    struct azc_cell *cells; /* one per column */
};

/* What is asked for: a setting, a let, or an input. */
struct azc_target {
    const char *name, *doc; /* the doc comment, or "" */
    uint32_t slot;
    enum azb_kind kind;
};

struct azc_sweep {
    struct aza_arena *arena;
    struct aza_names *names;
    struct azn_session *session;
    uint32_t over, by;    /* in INPUTS; `by` may be AZB_NONE */
    int64_t low, high;    /* inclusive; low < high, both within the domain */
    int64_t grain;        /* positions are multiples of this, counted from 0 */
    const char **members; /* the words of `by`, or one null pointer */
    size_t member_count;
    struct azc_target *targets;
    size_t target_count;
    struct azv_word *words; /* NAME=VALUE, with room for two more */
    size_t word_count;

    AZA_LIST(struct azc_sample) samples; /* rising */
    bool *stepped;   /* per column: the value moves in few enough steps to know each */
    uint32_t *steps; /* per column: those met so far */
    bool cut;        /* there were more changes than are looked for */
};

/* Columns stand by target, then by member. */
static inline size_t azc_columns(const struct azc_sweep *sweep)
{
    return sweep->target_count * sweep->member_count;
}

/* Fills the samples. False when every machine is refused; the session's refusals then say why. */
bool azc_sweep(struct azc_sweep *sweep);

/* Only the grid of it, which is enough to see what varies. */
bool azc_sweep_grid(struct azc_sweep *sweep);
/* Whether a target is not the same on every machine tried. */
bool azc_varies(const struct azc_sweep *sweep, size_t target);

enum azc_row_class { AZC_ROW_END, AZC_ROW_WAY, AZC_ROW_STEP, AZC_ROW_ROUND, AZC_ROW_NONE };

/* A sample worth a row of a table, and why. */
struct azc_row {
    const struct azc_sample *sample;
    enum azc_row_class class;
};
AZP_LIST_OF(azc_rows, struct azc_row);

/* The rows that people read: both ends, every change of the way, powers of two where a value is
 * another than in the row before, and the steps of the values unless that makes too many. */
void azc_sweep_rows(struct azc_sweep *sweep, struct azc_rows *rows);
/* "end", "way", "step", "round". */
const char *azc_row_word(enum azc_row_class class);

/* A position as people write it, in the largest whole unit: 512MB, 4GB, 0.5. azc reads it back. */
void azc_put_position(struct aza_sink *sink, enum azb_kind kind, int64_t value);

#endif
