/* From the words of a command line to a sweep. */
#include <stdio.h>
#include <string.h>

#include "cmd/over.h"

enum { COLUMNS_MAX = 256, LISTED_MAX = 20 };

struct reader {
    struct azc_sweep *sweep;
    struct azc_build *build;
    const struct azb_image *image;
    const char *verb;
    const struct azc_options *options;
};

static const char *input_name(const struct azb_image *image, uint32_t input)
{
    return azb_string(image, image->inputs[input].name);
}

static bool is_switch(const struct azb_input *input)
{
    return input->kind == AZB_ENUM || input->kind == AZB_BOOL;
}

static bool is_number(const struct azb_input *input)
{
    return azb_is_number(input->kind);
}

/* --- mistakes -----------------------------------------------------------------------------------
 */

/* What may stand there instead: the nearest, or all of a few. */
static void print_choices(const char *word, const char *const *names, size_t count)
{
    const char *near = azd_nearest(word, names, count);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    for (size_t i = 0; near == NULL && count <= LISTED_MAX && i < count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "; it can be " : ", ", names[i]);
    fputc('\n', stderr);
}

/* The input of that name that `fits`; AZB_NONE after saying why there is none. */
static uint32_t find_input(const struct reader *r, const char *option, struct aza_span name,
                           bool (*fits)(const struct azb_input *), const char *wanted, int *status)
{
    const char *names[AZA_INPUTS_MAX];
    size_t count = 0;
    bool exists = false;
    for (uint32_t i = 0; i < r->image->input_count; i++) {
        const bool fitting = fits(&r->image->inputs[i]);
        if (aza_span_is(name, input_name(r->image, i))) {
            if (fitting)
                return i;
            exists = true;
        }
        if (fitting)
            names[count++] = input_name(r->image, i);
    }
    const char *word = aza_copy_text(&r->build->arena, name.start, name.length);
    fprintf(stderr, "azc %s: %s `%s` %s%s", r->verb, option, word,
            exists ? "is not " : "is no fact or option of these rules", exists ? wanted : "");
    print_choices(word, names, count);
    *status = exists ? AZC_USAGE : AZC_WRONG;
    return AZB_NONE;
}

/* --- --over -------------------------------------------------------------------------------------
 */

static int misuse_of_range(const struct reader *r, const char *what)
{
    fprintf(stderr, "azc %s: --over %s%s\n", r->verb, r->options->over, what);
    return AZC_USAGE;
}

static int read_end(const struct reader *r, struct aza_span word, int64_t *value)
{
    struct azv_machine machine = {.image = r->image};
    struct aza_sink why = aza_arena_sink(&r->build->arena);
    if (azv_parse_input(&machine, &r->image->inputs[r->sweep->over], 0, word, value, &why))
        return AZC_FINE;
    return misuse_of_range(
        r, aza_format(&r->build->arena, ": `%.*s` %s", (int)word.length, word.start, why.data));
}

/* "LOW..HIGH" */
static int read_range(const struct reader *r, const char *range)
{
    struct azc_sweep *sweep = r->sweep;
    const struct azb_input *input = &r->image->inputs[sweep->over];
    const char *dots = strstr(range, "..");
    if (dots == NULL || dots == range || dots[2] == '\0')
        return misuse_of_range(r, ": a range is written LOW..HIGH, such as memory=512MB..64GB");
    int status = read_end(r, (struct aza_span){range, (size_t)(dots - range)}, &sweep->low);
    if (status == AZC_FINE)
        status = read_end(r, aza_span_of(dots + 2), &sweep->high);
    if (status != AZC_FINE)
        return status;
    if (sweep->low >= sweep->high)
        return misuse_of_range(r, ": the range is empty; its end must lie above its start");
    if (sweep->low >= input->low && sweep->high <= input->high)
        return AZC_FINE;
    return misuse_of_range(r, aza_format(&r->build->arena, ": the rules are made for %s .. %s",
                                         azc_position_text(r->sweep, input->low, false),
                                         azc_position_text(r->sweep, input->high, false)));
}

static int read_domain(const struct reader *r)
{
    const struct azb_input *input = &r->image->inputs[r->sweep->over];
    if (input->low == INT64_MIN || input->high == INT64_MAX)
        return misuse_of_range(r, ": the rules give it no range; write one, LOW..HIGH");
    if (input->low == input->high)
        return misuse_of_range(r, ": the rules allow a single value, so there is nothing to show");
    r->sweep->low = input->low;
    r->sweep->high = input->high;
    return AZC_FINE;
}

/* Machines have whole kilobytes, except where a range says otherwise. */
static int64_t grain_of(const struct azc_sweep *sweep, unsigned kind)
{
    return kind == AZB_BYTES && sweep->low % 1024 == 0 && sweep->high % 1024 == 0 ? 1024 : 1;
}

static int read_over(const struct reader *r)
{
    const char *over = r->options->over;
    if (over == NULL)
        return azc_misuse(r->verb, "what to sweep is missing: --over ", "memory, for example");
    const size_t length = strcspn(over, "=");
    int status = AZC_FINE;
    r->sweep->over =
        find_input(r, "--over", (struct aza_span){over, length}, is_number, "a number", &status);
    if (status != AZC_FINE)
        return status;
    status = over[length] == '=' ? read_range(r, over + length + 1) : read_domain(r);
    r->sweep->grain = grain_of(r->sweep, r->image->inputs[r->sweep->over].kind);
    return status;
}

/* --- --by ---------------------------------------------------------------------------------------
 */

static int read_by(const struct reader *r)
{
    static const char *const truths[] = {"false", "true"};
    struct azc_sweep *sweep = r->sweep;
    sweep->by = AZB_NONE;
    sweep->member_count = 1;
    int status = AZC_FINE;
    if (r->options->by != NULL)
        sweep->by = find_input(r, "--by", aza_span_of(r->options->by), is_switch,
                               "an enum or a bool", &status);
    if (status != AZC_FINE)
        return status;
    const struct azb_input *input = sweep->by == AZB_NONE ? NULL : &r->image->inputs[sweep->by];
    if (input != NULL)
        sweep->member_count = input->kind == AZB_BOOL ? 2 : input->member_count;
    sweep->members = aza_alloc(&r->build->arena, sweep->member_count * sizeof *sweep->members);
    for (size_t i = 0; input != NULL && i < sweep->member_count; i++)
        sweep->members[i] = input->kind == AZB_BOOL
                                ? truths[i]
                                : azb_string(r->image, r->image->words[input->members + i]);
    return AZC_FINE;
}

/* --- settings and NAME=VALUE --------------------------------------------------------------------
 */

static void add_target(struct azc_sweep *sweep, const struct azb_image *image, uint32_t entry)
{
    const struct azb_name *name = &image->names[entry];
    sweep->targets[sweep->target_count++] =
        (struct azc_target){.name = azb_string(image, name->name),
                            .doc = azb_string(image, name->doc),
                            .slot = name->slot,
                            .kind = (enum azb_kind)image->code[name->slot].kind};
}

static int add_target_called(const struct reader *r, const char *word)
{
    const uint32_t entry = azb_find_name(r->image, aza_span_of(word));
    if (entry == AZB_NONE)
        return azc_nothing_called(r->build, r->image, word);
    for (size_t i = 0; i < r->sweep->target_count; i++)
        if (r->sweep->targets[i].slot == r->image->names[entry].slot)
            return azc_misuse(r->verb, "named twice: ", word);
    add_target(r->sweep, r->image, entry);
    return AZC_FINE;
}

/* A name that --over or --by has may not be said as well. */
static int add_word(const struct reader *r, const char *word)
{
    struct azc_sweep *sweep = r->sweep;
    struct azv_word *split = &sweep->words[sweep->word_count++];
    azn_split(word, split);
    const uint32_t inputs[2] = {sweep->over, sweep->by};
    for (int i = 0; i < 2; i++)
        if (inputs[i] != AZB_NONE && aza_span_is(split->name, input_name(r->image, inputs[i])))
            return azc_misuse(r->verb,
                              i == 0 ? "--over moves it: leave out " : "--by tries all: leave out ",
                              word);
    return AZC_FINE;
}

static int read_words(const struct reader *r, bool all)
{
    const struct azc_options *options = r->options;
    struct azc_sweep *sweep = r->sweep;
    const size_t count = (size_t)options->word_count;
    int status = AZC_FINE;
    sweep->words = aza_alloc(&r->build->arena, (count + 2) * sizeof *sweep->words);
    sweep->targets =
        aza_alloc(&r->build->arena, (count + r->image->output_count + 1) * sizeof *sweep->targets);
    for (int i = 0; status == AZC_FINE && i < options->word_count; i++) {
        const char *word = options->words[i];
        if (strchr(word, '=') != NULL && *word != '=')
            status = add_word(r, word);
        else if (all)
            status = azc_misuse(r->verb, "a page shows every setting: leave out ", word);
        else
            status = add_target_called(r, word);
    }
    for (uint32_t i = 0; all && i < r->image->output_count; i++)
        add_target(sweep, r->image, r->image->outputs[i].name);
    if (status == AZC_FINE && sweep->target_count == 0)
        status = azc_misuse(r->verb, "what to show is missing: ", "a setting's name");
    if (status == AZC_FINE && !all && azc_columns(sweep) > COLUMNS_MAX)
        status = azc_misuse(r->verb,
                            "these are more columns than anybody reads: ", "name fewer settings");
    return status;
}

/* --- all together -------------------------------------------------------------------------------
 */

int azc_over(struct azc_sweep *sweep, struct azc_build *build, struct azn_session *session,
             const char *verb, const struct azc_options *options, bool all)
{
    const struct reader r = {sweep, build, &session->image, verb, options};
    *sweep = (struct azc_sweep){.arena = &build->arena, .names = &build->names, .session = session};
    int status = read_over(&r);
    if (status == AZC_FINE)
        status = read_by(&r);
    if (status == AZC_FINE)
        status = read_words(&r, all);
    if (status != AZC_FINE)
        return status;
    if (!(all ? azc_sweep_grid(sweep) : azc_sweep(sweep))) {
        azc_print_lines("refused", &session->refusals);
        return AZC_WRONG;
    }
    if (sweep->cut)
        fprintf(stderr,
                "azc %s: there are more changes than are looked for: some are missing; "
                "narrow the range or name fewer settings\n",
                verb);
    return AZC_FINE;
}

int azc_over_run(const char *verb, const struct azc_options *options, bool all,
                 azc_sweep_output *output)
{
    struct azc_build build = {0};
    struct azc_sweep sweep;
    int status = azc_build_rules(&build, options, false);
    struct azn_session *session = status == AZC_FINE ? azc_session(&build) : NULL;
    if (session != NULL)
        status = azc_over(&sweep, &build, session, verb, options, all);
    else if (status == AZC_FINE)
        status = AZC_WRONG;
    if (session != NULL && status == AZC_FINE)
        status = output(&build, &sweep, options);
    azc_free(&build);
    return status;
}

const char *azc_over_name(const struct azc_sweep *sweep)
{
    return input_name(&sweep->session->image, sweep->over);
}

const char *azc_by_name(const struct azc_sweep *sweep)
{
    return sweep->by == AZB_NONE ? NULL : input_name(&sweep->session->image, sweep->by);
}

const char *azc_member_label(const struct azc_sweep *sweep, size_t member)
{
    const char *word = sweep->members[member];
    if (sweep->by == AZB_NONE || sweep->session->image.inputs[sweep->by].kind == AZB_ENUM)
        return word;
    return aza_format(sweep->arena, "%s=%s", azc_by_name(sweep), word);
}

const char *azc_column_title(const struct azc_sweep *sweep, size_t column)
{
    return sweep->by == AZB_NONE ? sweep->targets[column].name
                                 : azc_member_label(sweep, column % sweep->member_count);
}

const char *azc_position_text(const struct azc_sweep *sweep, int64_t at, bool reader)
{
    const enum azb_kind kind = (enum azb_kind)sweep->session->image.inputs[sweep->over].kind;
    struct aza_sink exact = aza_arena_sink(sweep->arena), below = aza_arena_sink(sweep->arena);
    azc_put_position(&exact, kind, at);
    if (!reader || kind != AZB_BYTES || at <= sweep->low)
        return exact.data;
    azc_put_position(&below, kind, at - sweep->grain);
    if (below.length >= exact.length)
        return exact.data;
    return aza_format(sweep->arena, "%s+1%s", below.data, sweep->grain == 1 ? "B" : "kB");
}

void azc_put_given(struct aza_sink *sink, const struct azc_sweep *sweep)
{
    for (size_t i = 0; i < sweep->word_count; i++) {
        aza_put(sink, i == 0 ? "" : " ");
        aza_put_span(sink, sweep->words[i].name);
        aza_put_char(sink, '=');
        aza_put_span(sink, sweep->words[i].value);
    }
}
