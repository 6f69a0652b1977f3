/* Varying an input: the grid of machines, the bisection between neighbours that differ, and the
 * rows of a table. sweep.h describes the method.
 *
 * There are two rounds of bisection. The first one finds the turns of paths. A column of which at
 * most STEPS_MAX neighbours then differ moves in steps, and the second round finds each of them;
 * one that turns out to have more is a slope and is not searched any further. Texts are interned
 * and equal paths are one pointer, so cells are compared by pointer. Samples are kept sorted
 * between the rounds, and SAMPLES_MAX bounds the work. */
#include "base/assert.h"
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "sweep/sweep.h"

enum {
    PART = 32,           /* neighbours of the grid differ by this part of the smaller */
    GRID_MAX = 4096,     /* of a range that needs more, the rest is left to bisection */
    SAMPLES_MAX = 20000, /* machines tried in one sweep; the product's widest needs a tenth */
    STEPS_MAX = 64,      /* values with more steps than this are slopes */
    ROWS_READ = 40,      /* with more rows, steps are omitted */
};

/* --- one machine --- */

/* NAME=VALUE, as on a command line. */
static struct vm_word fixed_word(const struct sweep *sweep, uint32_t input, const char *value)
{
    const struct image *image = &sweep->session->image;
    return (struct vm_word){base_span_of(image_string(image, image->inputs[input].name)),
                            base_span_of(value)};
}

static enum image_kind over_kind(const struct sweep *sweep)
{
    return (enum image_kind)sweep->session->image.inputs[sweep->over].kind;
}

/* The path of a slot after a run. Equal paths are one object, so they can be compared by pointer.
 */
static const struct vm_path *find_known_path(struct sweep *sweep, uint32_t slot)
{
    struct vm_path path;
    vm_find_path(&sweep->session->machine, slot, sweep->over, &path);
    const uint64_t hash = base_hash(BASE_HASH_SEED, &path, sizeof path);
    for (size_t i = sweep->paths.count; i-- > 0;)
        if (sweep->paths.items[i].hash == hash && vm_same_path(sweep->paths.items[i].path, &path))
            return sweep->paths.items[i].path;
    struct vm_path *kept = BASE_NEW(sweep->arena, struct vm_path);
    *kept = path;
    *BASE_PUSH(sweep->arena, &sweep->paths) = (struct sweep_path){hash, kept};
    return kept;
}

static struct sweep_cell read_cell(struct sweep *sweep, const struct sweep_target *target)
{
    const struct vm_machine *machine = &sweep->session->machine;
    const struct vm_slot *slot = &machine->slots[target->slot];
    struct sweep_cell cell = {.text = slot->state == VM_VOID ? "-" : "error",
                              .path = find_known_path(sweep, target->slot)};
    if (slot->state != VM_VALUE)
        return cell;
    struct base_sink text = base_arena_sink(sweep->arena);
    explain_put_slot(&text, machine, target->slot);
    cell.text = text.length == 0 ? "" : base_intern(sweep->names, text.data, text.length);
    cell.value = slot->value;
    cell.known = true;
    return cell;
}

/* Runs the rules for a position and a member; `good` is whether the machine is accepted. False if
 * they could not run, as with an invalid NAME=VALUE. */
static bool decide_at(struct sweep *sweep, int64_t at, size_t member, bool *good)
{
    char position[64];
    struct base_sink sink = BASE_SINK(position);
    vm_put_value(&sink, NULL, over_kind(sweep), at);
    size_t count = sweep->word_count;
    sweep->words[count++] = fixed_word(sweep, sweep->over, position);
    if (sweep->by != IMAGE_NONE)
        sweep->words[count++] = fixed_word(sweep, sweep->by, sweep->members[member]);
    const struct session_request request = {
        .root = "", .words = sweep->words, .word_count = count, .stop_at_first_answer = true};
    *good = session_decide(sweep->session, &request);
    return sweep->session->ran;
}

/* Computes all cells of a sample. False if the rules could not run. */
static bool fill_sample(struct sweep *sweep, struct sweep_sample *sample, bool *any_good)
{
    sample->cells = base_alloc(sweep->arena, sweep_columns(sweep) * sizeof *sample->cells + 1);
    for (size_t member = 0; member < sweep->member_count; member++) {
        bool good;
        if (!decide_at(sweep, sample->at, member, &good))
            return false;
        *any_good = *any_good || good;
        for (size_t t = 0; t < sweep->target_count; t++)
            sample->cells[t * sweep->member_count + member] =
                good ? read_cell(sweep, &sweep->targets[t])
                     : (struct sweep_cell){.text = "refused"};
    }
    return true;
}

/* --- the grid --- */

static void add_sample(struct sweep *sweep, int64_t at)
{
    if (at >= sweep->low && at <= sweep->high)
        *BASE_PUSH(sweep->arena, &sweep->samples) = (struct sweep_sample){.at = at};
}

/* Positions that grow by a PART, rounded up to the grain, and the end of the range. */
static void add_geometric(struct sweep *sweep)
{
    int64_t at = sweep->low;
    for (int i = 0; i < GRID_MAX && at < sweep->high; i++) {
        add_sample(sweep, at);
        const int64_t part = at / PART < 0 ? -(at / PART) : at / PART;
        int64_t step;
        if (!base_round(BASE_ROUND_UP, part < 1 ? 1 : part, sweep->grain, &step) ||
            !base_add(at, step, &at))
            break;
    }
    add_sample(sweep, sweep->high);
}

/* The last position up to a value, and the two around it: an edge may be written with < or <=. */
static void add_with_neighbours(struct sweep *sweep, int64_t value)
{
    int64_t below, above;
    if (value < sweep->low || value > sweep->high ||
        !base_round(BASE_ROUND_DOWN, value, sweep->grain, &below) ||
        !base_add(below, sweep->grain, &above))
        return;
    add_sample(sweep, below - (below > sweep->low ? sweep->grain : 0));
    add_sample(sweep, below);
    add_sample(sweep, above);
}

static void add_constants(struct sweep *sweep)
{
    const struct image *image = &sweep->session->image;
    for (uint32_t n = 0; n < image->code_count; n++)
        if (image->code[n].op == IMAGE_OP_CONST && image->code[n].kind == over_kind(sweep))
            add_with_neighbours(sweep, image->code[n].immediate);
}

/* The unit from which powers of two are counted: 1.0 of ratios, a second of times, else 1. */
static int64_t round_base(enum image_kind kind)
{
    return kind == IMAGE_RATIO || kind == IMAGE_TIME ? 1000000 : 1;
}

/* base * 2^n and base / 2^n, as far as they are whole and within the range. */
static void add_round_numbers(struct sweep *sweep)
{
    const int64_t base = round_base(over_kind(sweep));
    for (int64_t at = base; at % 2 == 0;)
        add_sample(sweep, at /= 2);
    for (int64_t at = base; base_mul(at, 2, &at) && at <= sweep->high;)
        add_sample(sweep, at);
    add_sample(sweep, base);
}

static bool is_round(const struct sweep *sweep, int64_t at)
{
    const int64_t base = round_base(over_kind(sweep));
    if (at <= 0)
        return false;
    const int64_t times = at >= base ? at / base : base / at;
    return (at >= base ? at % base : base % at) == 0 && (times & (times - 1)) == 0;
}

static int compare_positions(const void *a, const void *b)
{
    const int64_t x = ((const struct sweep_sample *)a)->at,
                  y = ((const struct sweep_sample *)b)->at;
    return (x > y) - (x < y);
}

/* By position, and each position once. All samples of a position are equal or still empty. */
static void sort_samples(struct sweep *sweep)
{
    struct sweep_sample *items = sweep->samples.items;
    size_t kept = 0;
    qsort(items, sweep->samples.count, sizeof *items, compare_positions);
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (kept == 0 || items[i].at != items[kept - 1].at)
            items[kept++] = items[i];
    sweep->samples.count = kept;
    for (size_t i = 1; i < kept; i++)
        BASE_ASSERT(items[i - 1].at < items[i].at);
}

/* --- bisection --- */

typedef bool differs(const struct sweep *sweep, const struct sweep_sample *a,
                     const struct sweep_sample *b);

/* Whether the path turns between two machines. A refused machine has none. */
static bool column_turns(const struct sweep_sample *a, const struct sweep_sample *b, size_t column)
{
    const struct vm_path *from = a->cells[column].path, *to = b->cells[column].path;
    if (from == NULL || to == NULL || from == to)
        return from != to;
    return vm_path_turns(from, to);
}

static bool path_turns(const struct sweep *sweep, const struct sweep_sample *a,
                       const struct sweep_sample *b)
{
    for (size_t i = 0; i < sweep_columns(sweep); i++)
        if (column_turns(a, b, i))
            return true;
    return false;
}

static bool value_differs(const struct sweep *sweep, const struct sweep_sample *a,
                          const struct sweep_sample *b)
{
    for (size_t i = 0; i < sweep_columns(sweep); i++)
        if (a->cells[i].text != b->cells[i].text)
            return true;
    return false;
}

static bool step_differs(const struct sweep *sweep, const struct sweep_sample *a,
                         const struct sweep_sample *b)
{
    for (size_t i = 0; i < sweep_columns(sweep); i++)
        if (sweep->stepped[i] && a->cells[i].text != b->cells[i].text)
            return true;
    return false;
}

/* Two machines one grain apart: a difference is a step. A column with too many steps is a slope and
 * is not examined further. */
static void count_steps(struct sweep *sweep, const struct sweep_sample *a,
                        const struct sweep_sample *b)
{
    for (size_t i = 0; i < sweep_columns(sweep); i++)
        if (sweep->stepped[i] && a->cells[i].text != b->cells[i].text &&
            ++sweep->steps[i] > STEPS_MAX)
            sweep->stepped[i] = false;
}

/* Adds a sample in the middle as long as the two ends differ and are more than a grain apart; the
 * depth is the binary logarithm of their distance. New samples are appended; the caller sorts. */
static void bisect_between(struct sweep *sweep, struct sweep_sample a, struct sweep_sample b,
                           differs *different)
{
    int64_t middle;
    if (!different(sweep, &a, &b))
        return;
    if (!base_narrow(base_wide_floor((base_wide)a.at + b.at, 2), &middle) ||
        !base_round(BASE_ROUND_DOWN, middle, sweep->grain, &middle))
        return;
    if (middle <= a.at) {
        count_steps(sweep, &a, &b);
        return;
    }
    sweep->cut = sweep->cut || sweep->samples.count >= SAMPLES_MAX;
    struct sweep_sample sample = {.at = middle};
    bool any_good = false;
    if (sweep->cut || !fill_sample(sweep, &sample, &any_good))
        return;
    *BASE_PUSH(sweep->arena, &sweep->samples) = sample;
    bisect_between(sweep, a, sample, different);
    bisect_between(sweep, sample, b, different);
}

static void refine_samples(struct sweep *sweep, differs *different)
{
    const size_t count = sweep->samples.count;
    for (size_t i = 1; i < count; i++)
        bisect_between(sweep, sweep->samples.items[i - 1], sweep->samples.items[i], different);
    sort_samples(sweep);
}

/* A value is stepped if few neighbours differ; a slope differs nearly everywhere. */
static void find_stepped(struct sweep *sweep)
{
    memset(sweep->steps, 0, sweep_columns(sweep) * sizeof *sweep->steps);
    for (size_t column = 0; column < sweep_columns(sweep); column++) {
        size_t steps = 0;
        for (size_t i = 1; i < sweep->samples.count; i++)
            steps += sweep->samples.items[i].cells[column].text !=
                     sweep->samples.items[i - 1].cells[column].text;
        sweep->stepped[column] = steps <= STEPS_MAX;
    }
}

bool sweep_run_grid(struct sweep *sweep)
{
    bool any_good = false;
    BASE_ASSERT(sweep->low < sweep->high && sweep->grain > 0 && sweep->member_count > 0);
    sweep->stepped = base_alloc(sweep->arena, sweep_columns(sweep) + 1);
    sweep->steps = base_alloc(sweep->arena, (sweep_columns(sweep) + 1) * sizeof *sweep->steps);
    add_geometric(sweep);
    add_constants(sweep);
    add_round_numbers(sweep);
    sort_samples(sweep);
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (!fill_sample(sweep, &sweep->samples.items[i], &any_good))
            return false;
    return any_good;
}

bool sweep_run(struct sweep *sweep)
{
    if (!sweep_run_grid(sweep))
        return false;
    refine_samples(sweep, path_turns);
    find_stepped(sweep);
    refine_samples(sweep, step_differs);
    find_stepped(sweep);
    return true;
}

bool sweep_varies(const struct sweep *sweep, size_t target)
{
    for (size_t i = 1; i < sweep->samples.count; i++)
        for (size_t member = 0; member < sweep->member_count; member++) {
            const size_t column = target * sweep->member_count + member;
            if (sweep->samples.items[i].cells[column].text !=
                sweep->samples.items[0].cells[column].text)
                return true;
        }
    return false;
}

/* --- rows --- */

/* Why a sample deserves a row. Of several reasons the first in this order counts. */
static enum sweep_row_class classify_sample(const struct sweep *sweep, size_t i, bool steps)
{
    const struct sweep_sample *sample = &sweep->samples.items[i];
    if (i == 0)
        return SWEEP_ROW_END;
    /* Neighbours that differ are a grain apart, unless the search was cut. */
    if (path_turns(sweep, sample - 1, sample))
        return SWEEP_ROW_PATH;
    if (steps && step_differs(sweep, sample - 1, sample))
        return SWEEP_ROW_STEP;
    if (i + 1 == sweep->samples.count)
        return SWEEP_ROW_END;
    return is_round(sweep, sample->at) ? SWEEP_ROW_ROUND : SWEEP_ROW_NONE;
}

static size_t position_length(const struct sweep *sweep, int64_t at)
{
    char text[64];
    struct base_sink sink = BASE_SINK(text);
    sweep_put_position(&sink, over_kind(sweep), at);
    return sink.length;
}

/* Whether the sample before is a grain away and has the shorter text: 8GB, not 8388609kB. */
static bool is_rounder_before(const struct sweep *sweep, size_t i)
{
    const struct sweep_sample *sample = &sweep->samples.items[i];
    return i > 0 && sample->at - sweep->grain == sample[-1].at &&
           position_length(sweep, sample[-1].at) < position_length(sweep, sample->at);
}

/* Whether a turn of the column before sample i sits at the sample before: see sweep_turns_at. */
static bool turns_before(const struct sweep *sweep, size_t i, size_t column)
{
    const struct sweep_sample *sample = &sweep->samples.items[i];
    return is_rounder_before(sweep, i) &&
           sample->cells[column].text == sample[-1].cells[column].text;
}

bool sweep_turns_at(const struct sweep *sweep, size_t sample, size_t column)
{
    const struct sweep_sample *items = sweep->samples.items;
    const size_t next = sample + 1;
    if (sample > 0 && column_turns(&items[sample - 1], &items[sample], column) &&
        !turns_before(sweep, sample, column))
        return true;
    return next < sweep->samples.count && column_turns(&items[sample], &items[next], column) &&
           turns_before(sweep, next, column);
}

/* Adds a row. A round position needs another value than the row before; a sample that has a row
 * already only gets a stronger reason. */
static void add_row(struct sweep *sweep, struct sweep_rows *rows, const struct sweep_sample *sample,
                    enum sweep_row_class class)
{
    struct sweep_row *last = rows->count == 0 ? NULL : &rows->items[rows->count - 1];
    if (class == SWEEP_ROW_ROUND && last != NULL && !value_differs(sweep, last->sample, sample))
        return;
    if (last == NULL || last->sample != sample)
        *BASE_PUSH(sweep->arena, rows) = (struct sweep_row){sample, class};
    else if (last->class == SWEEP_ROW_ROUND)
        last->class = class;
}

/* A turn without a change of value is shown at the last machine of the old path if that has the
 * rounder number, as in sweep_turns_at. */
static void list_rows(struct sweep *sweep, struct sweep_rows *rows, bool steps)
{
    *rows = (struct sweep_rows){0};
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const enum sweep_row_class class = classify_sample(sweep, i, steps);
        const struct sweep_sample *sample = &sweep->samples.items[i];
        if (class == SWEEP_ROW_PATH && is_rounder_before(sweep, i) &&
            !value_differs(sweep, sample - 1, sample))
            add_row(sweep, rows, sample - 1, class);
        else if (class != SWEEP_ROW_NONE)
            add_row(sweep, rows, sample, class);
    }
}

void sweep_pick_rows(struct sweep *sweep, struct sweep_rows *rows)
{
    list_rows(sweep, rows, true);
    if (rows->count > ROWS_READ)
        list_rows(sweep, rows, false);
}

const char *sweep_row_word(enum sweep_row_class class)
{
    static const char *const words[] = {"end", "path", "step", "round", ""};
    return words[class];
}

void sweep_put_position(struct base_sink *sink, enum image_kind kind, int64_t value)
{
    const struct image_unit *best = NULL;
    for (const struct image_unit *unit = image_units; unit < image_units + IMAGE_UNITS; unit++)
        if (unit->kind == kind && kind != IMAGE_RATIO && value != 0 && value % unit->base == 0)
            best = unit;
    if (kind == IMAGE_RATIO)
        base_put_micro(sink, value, 0);
    else if (best == NULL)
        vm_put_value(sink, NULL, kind, value);
    if (best == NULL)
        return;
    base_put_int(sink, value / best->base);
    base_put(sink, best->word);
}
