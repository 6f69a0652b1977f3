/* Sweeping an input: the grid, the bisection, and which rows are worth reading. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "cmd/sweep.h"
#include "cmd/way.h"

enum {
    PART = 32,           /* neighbours of the grid differ by this part of the smaller */
    GRID_MAX = 4096,     /* of a range that no such grid spans the rest is left to bisection */
    SAMPLES_MAX = 20000, /* machines tried in one sweep; the product's widest needs a tenth */
    STEPS_MAX = 64,      /* values with more steps than this are slopes */
    ROWS_READ = 40,      /* more rows than this nobody reads */
};

/* --- one machine --------------------------------------------------------------------------------
 */

static struct azv_word word_of(const struct azc_sweep *sweep, uint32_t input, const char *value)
{
    const struct azb_image *image = &sweep->session->image;
    return (struct azv_word){aza_span_of(azb_string(image, image->inputs[input].name)),
                             aza_span_of(value)};
}

static enum azb_kind over_kind(const struct azc_sweep *sweep)
{
    return (enum azb_kind)sweep->session->image.inputs[sweep->over].kind;
}

static struct azc_cell cell_of(const struct azc_sweep *sweep, const struct azc_target *target)
{
    const struct azv_machine *machine = &sweep->session->machine;
    const struct azv_slot *slot = &machine->slots[target->slot];
    struct azc_cell cell = {.text = slot->state == AZV_VOID ? "-" : "no answer",
                            .way = azc_way(machine, target->slot)};
    if (slot->state != AZV_VALUE)
        return cell;
    struct aza_sink text = aza_arena_sink(sweep->arena);
    azx_put_slot(&text, machine, target->slot);
    cell.text = text.length == 0 ? "" : aza_intern(sweep->names, text.data, text.length);
    cell.value = slot->value;
    cell.known = true;
    return cell;
}

/* Whether the rules ran on it, be the outcome good or not. */
static bool decide(struct azc_sweep *sweep, int64_t at, size_t member, bool *good)
{
    char position[64];
    struct aza_sink sink = AZA_SINK(position);
    azv_put_value(&sink, NULL, over_kind(sweep), at);
    size_t count = sweep->word_count;
    sweep->words[count++] = word_of(sweep, sweep->over, position);
    if (sweep->by != AZB_NONE)
        sweep->words[count++] = word_of(sweep, sweep->by, sweep->members[member]);
    const struct azn_request request = {
        .root = "", .words = sweep->words, .word_count = count, .brief = true};
    *good = azn_decide(sweep->session, &request);
    return sweep->session->ran;
}

static bool fill(struct azc_sweep *sweep, struct azc_sample *sample, bool *any_good)
{
    sample->cells = aza_alloc(sweep->arena, azc_columns(sweep) * sizeof *sample->cells + 1);
    for (size_t member = 0; member < sweep->member_count; member++) {
        bool good;
        if (!decide(sweep, sample->at, member, &good))
            return false;
        *any_good = *any_good || good;
        for (size_t t = 0; t < sweep->target_count; t++)
            sample->cells[t * sweep->member_count + member] =
                good ? cell_of(sweep, &sweep->targets[t]) : (struct azc_cell){.text = "refused"};
    }
    return true;
}

/* --- the grid -----------------------------------------------------------------------------------
 */

static void add(struct azc_sweep *sweep, int64_t at)
{
    if (at >= sweep->low && at <= sweep->high)
        *AZA_PUSH(sweep->arena, &sweep->samples) = (struct azc_sample){.at = at};
}

static void add_geometric(struct azc_sweep *sweep)
{
    int64_t at = sweep->low;
    for (int i = 0; i < GRID_MAX && at < sweep->high; i++) {
        add(sweep, at);
        const int64_t part = at / PART < 0 ? -(at / PART) : at / PART;
        int64_t step;
        if (!aza_round(AZA_ROUND_UP, part < 1 ? 1 : part, sweep->grain, &step) ||
            !aza_add(at, step, &at))
            break;
    }
    add(sweep, sweep->high);
}

static void add_with_neighbours(struct azc_sweep *sweep, int64_t value)
{
    int64_t below, above;
    if (value < sweep->low || value > sweep->high ||
        !aza_round(AZA_ROUND_DOWN, value, sweep->grain, &below) ||
        !aza_add(below, sweep->grain, &above))
        return;
    add(sweep, below - (below > sweep->low ? sweep->grain : 0));
    add(sweep, below);
    add(sweep, above);
}

static void add_constants(struct azc_sweep *sweep)
{
    const struct azb_image *image = &sweep->session->image;
    for (uint32_t n = 0; n < image->code_count; n++)
        if (image->code[n].op == AZB_OP_CONST && image->code[n].kind == over_kind(sweep))
            add_with_neighbours(sweep, image->code[n].immediate);
}

/* base * 2^n and base / 2^n, where those are positions. */
static int64_t round_base(enum azb_kind kind)
{
    return kind == AZB_RATIO || kind == AZB_TIME ? 1000000 : 1;
}

static void add_round(struct azc_sweep *sweep)
{
    const int64_t base = round_base(over_kind(sweep));
    for (int64_t at = base; at % 2 == 0;)
        add(sweep, at /= 2);
    for (int64_t at = base; aza_mul(at, 2, &at) && at <= sweep->high;)
        add(sweep, at);
    add(sweep, base);
}

static bool is_round(const struct azc_sweep *sweep, int64_t at)
{
    const int64_t base = round_base(over_kind(sweep));
    if (at <= 0)
        return false;
    const int64_t times = at >= base ? at / base : base / at;
    return (at >= base ? at % base : base % at) == 0 && (times & (times - 1)) == 0;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = ((const struct azc_sample *)a)->at, y = ((const struct azc_sample *)b)->at;
    return (x > y) - (x < y);
}

static void sort(struct azc_sweep *sweep)
{
    struct azc_sample *items = sweep->samples.items;
    size_t kept = 0;
    qsort(items, sweep->samples.count, sizeof *items, compare);
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (kept == 0 || items[i].at != items[kept - 1].at)
            items[kept++] = items[i];
    sweep->samples.count = kept;
}

/* --- bisection ----------------------------------------------------------------------------------
 */

typedef bool differs(const struct azc_sweep *sweep, const struct azc_sample *a,
                     const struct azc_sample *b);

static bool way_differs(const struct azc_sweep *sweep, const struct azc_sample *a,
                        const struct azc_sample *b)
{
    for (size_t i = 0; i < azc_columns(sweep); i++)
        if (a->cells[i].way != b->cells[i].way)
            return true;
    return false;
}

static bool value_differs(const struct azc_sweep *sweep, const struct azc_sample *a,
                          const struct azc_sample *b)
{
    for (size_t i = 0; i < azc_columns(sweep); i++)
        if (a->cells[i].text != b->cells[i].text)
            return true;
    return false;
}

static bool step_differs(const struct azc_sweep *sweep, const struct azc_sample *a,
                         const struct azc_sample *b)
{
    for (size_t i = 0; i < azc_columns(sweep); i++)
        if (sweep->stepped[i] && a->cells[i].text != b->cells[i].text)
            return true;
    return false;
}

/* Two machines a grain apart: what differs there is a step. A column with too many is a slope after
 * all, and not looked at any more. */
static void count_steps(struct azc_sweep *sweep, const struct azc_sample *a,
                        const struct azc_sample *b)
{
    for (size_t i = 0; i < azc_columns(sweep); i++)
        if (sweep->stepped[i] && a->cells[i].text != b->cells[i].text &&
            ++sweep->steps[i] > STEPS_MAX)
            sweep->stepped[i] = false;
}

/* New samples go to the end; the caller sorts. */
static void split(struct azc_sweep *sweep, struct azc_sample a, struct azc_sample b,
                  differs *different)
{
    int64_t middle;
    if (!different(sweep, &a, &b))
        return;
    if (!aza_narrow(aza_wide_floor((aza_wide)a.at + b.at, 2), &middle) ||
        !aza_round(AZA_ROUND_DOWN, middle, sweep->grain, &middle))
        return;
    if (middle <= a.at) {
        count_steps(sweep, &a, &b);
        return;
    }
    sweep->cut = sweep->cut || sweep->samples.count >= SAMPLES_MAX;
    struct azc_sample sample = {.at = middle};
    bool any_good = false;
    if (sweep->cut || !fill(sweep, &sample, &any_good))
        return;
    *AZA_PUSH(sweep->arena, &sweep->samples) = sample;
    split(sweep, a, sample, different);
    split(sweep, sample, b, different);
}

static void refine(struct azc_sweep *sweep, differs *different)
{
    const size_t count = sweep->samples.count;
    for (size_t i = 1; i < count; i++)
        split(sweep, sweep->samples.items[i - 1], sweep->samples.items[i], different);
    sort(sweep);
}

/* A value is stepped as long as few neighbours differ: a slope differs nearly everywhere. */
static void find_stepped(struct azc_sweep *sweep)
{
    memset(sweep->steps, 0, azc_columns(sweep) * sizeof *sweep->steps);
    for (size_t column = 0; column < azc_columns(sweep); column++) {
        size_t steps = 0;
        for (size_t i = 1; i < sweep->samples.count; i++)
            steps += sweep->samples.items[i].cells[column].text !=
                     sweep->samples.items[i - 1].cells[column].text;
        sweep->stepped[column] = steps <= STEPS_MAX;
    }
}

bool azc_sweep_grid(struct azc_sweep *sweep)
{
    bool any_good = false;
    sweep->stepped = aza_alloc(sweep->arena, azc_columns(sweep) + 1);
    sweep->steps = aza_alloc(sweep->arena, (azc_columns(sweep) + 1) * sizeof *sweep->steps);
    add_geometric(sweep);
    add_constants(sweep);
    add_round(sweep);
    sort(sweep);
    for (size_t i = 0; i < sweep->samples.count; i++)
        if (!fill(sweep, &sweep->samples.items[i], &any_good))
            return false;
    return any_good;
}

bool azc_sweep(struct azc_sweep *sweep)
{
    if (!azc_sweep_grid(sweep))
        return false;
    refine(sweep, way_differs);
    find_stepped(sweep);
    refine(sweep, step_differs);
    find_stepped(sweep);
    return true;
}

bool azc_varies(const struct azc_sweep *sweep, size_t target)
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

/* --- rows ---------------------------------------------------------------------------------------
 */

static enum azc_row_class classify(const struct azc_sweep *sweep, size_t i, bool steps)
{
    const struct azc_sample *sample = &sweep->samples.items[i];
    if (i == 0)
        return AZC_ROW_END;
    /* Neighbours that differ are a grain apart, unless the search was cut. */
    if (way_differs(sweep, sample - 1, sample))
        return AZC_ROW_WAY;
    if (steps && step_differs(sweep, sample - 1, sample))
        return AZC_ROW_STEP;
    if (i + 1 == sweep->samples.count)
        return AZC_ROW_END;
    return is_round(sweep, sample->at) ? AZC_ROW_ROUND : AZC_ROW_NONE;
}

static size_t position_length(const struct azc_sweep *sweep, int64_t at)
{
    char text[64];
    struct aza_sink sink = AZA_SINK(text);
    azc_put_position(&sink, over_kind(sweep), at);
    return sink.length;
}

/* Where the way changes and the values do not, the last machine of the old way will do as well, and
 * has the rounder number: 8GB, not 8388609kB. */
static bool is_smooth(const struct azc_sweep *sweep, size_t i)
{
    const struct azc_sample *sample = &sweep->samples.items[i];
    return i > 0 && sample->at - sweep->grain == sample[-1].at &&
           !value_differs(sweep, sample - 1, sample) &&
           position_length(sweep, sample[-1].at) < position_length(sweep, sample->at);
}

static void add_row(struct azc_sweep *sweep, struct azc_rows *rows, const struct azc_sample *sample,
                    enum azc_row_class class)
{
    struct azc_row *last = rows->count == 0 ? NULL : &rows->items[rows->count - 1];
    if (class == AZC_ROW_ROUND && last != NULL && !value_differs(sweep, last->sample, sample))
        return;
    if (last == NULL || last->sample != sample)
        *AZA_PUSH(sweep->arena, rows) = (struct azc_row){sample, class};
    else if (last->class == AZC_ROW_ROUND)
        last->class = class;
}

static void list_rows(struct azc_sweep *sweep, struct azc_rows *rows, bool steps)
{
    *rows = (struct azc_rows){0};
    for (size_t i = 0; i < sweep->samples.count; i++) {
        const enum azc_row_class class = classify(sweep, i, steps);
        const struct azc_sample *sample = &sweep->samples.items[i];
        if (class == AZC_ROW_WAY && is_smooth(sweep, i))
            add_row(sweep, rows, sample - 1, class);
        else if (class != AZC_ROW_NONE)
            add_row(sweep, rows, sample, class);
    }
}

void azc_sweep_rows(struct azc_sweep *sweep, struct azc_rows *rows)
{
    list_rows(sweep, rows, true);
    if (rows->count > ROWS_READ)
        list_rows(sweep, rows, false);
}

const char *azc_row_word(enum azc_row_class class)
{
    static const char *const words[] = {"end", "way", "step", "round", ""};
    return words[class];
}

void azc_put_position(struct aza_sink *sink, enum azb_kind kind, int64_t value)
{
    const struct azb_unit *best = NULL;
    for (const struct azb_unit *unit = azb_units; unit < azb_units + AZB_UNITS; unit++)
        if (unit->kind == kind && kind != AZB_RATIO && value != 0 && value % unit->base == 0)
            best = unit;
    if (kind == AZB_RATIO)
        aza_put_micro(sink, value, 0);
    else if (best == NULL)
        azv_put_value(sink, NULL, kind, value);
    if (best == NULL)
        return;
    aza_put_int(sink, value / best->base);
    aza_put(sink, best->word);
}
