/* From the command line of `table` and `chart` to a sweep: reads --over, --by, the names of
 * settings and NAME=VALUE, in that order, and reports the first mistake with the valid choices.
 *
 * The order matters: a range is read as values of the input of --over, and NAME=VALUE may not name
 * an input that --over or --by varies. Nothing is measured; sweep.h has the reason. */
#include <stdio.h>
#include <string.h>

#include "azc/over.h"

enum { COLUMNS_MAX = 256, LISTED_MAX = 20 };

struct reader {
    struct sweep *sweep;
    struct compilation *build;
    const struct image *image;
    const char *verb;
    const struct azc_options *options;
};

static bool is_switch(const struct image_input *input)
{
    return input->kind == IMAGE_ENUM || input->kind == IMAGE_BOOL;
}

static bool is_number(const struct image_input *input)
{
    return image_is_number(input->kind);
}

/* --- inputs --- */

/* The valid choices: the most similar one, or all if there are few. */
static void print_choices(const char *word, const char *const *names, size_t count)
{
    const bool suggested = azc_suggest(word, names, count);
    for (size_t i = 0; !suggested && count <= LISTED_MAX && i < count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "; expected " : ", ", names[i]);
    fputc('\n', stderr);
}

/* The input of that name that `fits`; IMAGE_NONE after printing why there is none. */
static uint32_t find_varied_input(const struct reader *r, const char *option, struct base_span name,
                                  bool (*fits)(const struct image_input *), const char *wanted,
                                  int *status)
{
    const char *names[LIMIT_INPUTS];
    size_t count = 0;
    bool exists = false;
    for (uint32_t i = 0; i < r->image->input_count; i++) {
        const bool fitting = fits(&r->image->inputs[i]);
        if (base_span_is(name, sweep_input_name(r->image, i))) {
            if (fitting)
                return i;
            exists = true;
        }
        if (fitting)
            names[count++] = sweep_input_name(r->image, i);
    }
    const char *word = base_copy_text(&r->build->arena, name.start, name.length);
    fprintf(stderr, "azc %s: %s `%s` %s%s", r->verb, option, word,
            exists ? "is not " : "is not a fact or option of these rules", exists ? wanted : "");
    print_choices(word, names, count);
    *status = exists ? STATUS_USAGE : STATUS_WRONG;
    return IMAGE_NONE;
}

/* --- --over --- */

static int misuse_of_range(const struct reader *r, const char *what)
{
    fprintf(stderr, "azc %s: --over %s%s\n", r->verb, r->options->over, what);
    return STATUS_USAGE;
}

/* One end of the range, as a value of the input. */
static int read_end(const struct reader *r, struct base_span word, int64_t *value)
{
    struct vm_machine machine = {.image = r->image};
    struct base_sink why = base_arena_sink(&r->build->arena);
    if (vm_parse_input(&machine, &r->image->inputs[r->sweep->over], 0, word, value, &why))
        return STATUS_FINE;
    return misuse_of_range(
        r, base_format(&r->build->arena, ": `%.*s` %s", (int)word.length, word.start, why.data));
}

/* "LOW..HIGH" */
static int read_range(const struct reader *r, const char *range)
{
    struct sweep *sweep = r->sweep;
    const struct image_input *input = &r->image->inputs[sweep->over];
    const char *dots = strstr(range, "..");
    if (dots == NULL || dots == range || dots[2] == '\0')
        return misuse_of_range(r, ": expected a range LOW..HIGH, such as memory=512MB..64GB");
    int status = read_end(r, (struct base_span){range, (size_t)(dots - range)}, &sweep->low);
    if (status == STATUS_FINE)
        status = read_end(r, base_span_of(dots + 2), &sweep->high);
    if (status != STATUS_FINE)
        return status;
    if (sweep->low >= sweep->high)
        return misuse_of_range(r, ": the range is empty; its end must be greater than its start");
    if (sweep->low >= input->low && sweep->high <= input->high)
        return STATUS_FINE;
    return misuse_of_range(r, base_format(&r->build->arena,
                                          ": outside the domain that the rules declare, %s .. %s",
                                          sweep_position_text(r->sweep, input->low, false),
                                          sweep_position_text(r->sweep, input->high, false)));
}

/* Without a range, the domain that the rules declare. */
static int read_domain(const struct reader *r)
{
    const struct image_input *input = &r->image->inputs[r->sweep->over];
    if (input->low == INT64_MIN || input->high == INT64_MAX)
        return misuse_of_range(r, ": the rules declare no domain for it; add a range, LOW..HIGH");
    if (input->low == input->high)
        return misuse_of_range(r, ": the rules allow only one value, so there is nothing to vary");
    r->sweep->low = input->low;
    r->sweep->high = input->high;
    return STATUS_FINE;
}

/* Sizes change in whole kilobytes, unless an end of the range is not one. */
static int64_t grain_of(const struct sweep *sweep, unsigned kind)
{
    return kind == IMAGE_BYTES && sweep->low % 1024 == 0 && sweep->high % 1024 == 0 ? 1024 : 1;
}

static int read_over(const struct reader *r)
{
    const char *over = r->options->over;
    if (over == NULL)
        return azc_misuse(r->verb, "--over is required, for example --over ", "memory");
    const size_t length = strcspn(over, "=");
    int status = STATUS_FINE;
    r->sweep->over = find_varied_input(r, "--over", (struct base_span){over, length}, is_number,
                                       "a number", &status);
    if (status != STATUS_FINE)
        return status;
    status = over[length] == '=' ? read_range(r, over + length + 1) : read_domain(r);
    r->sweep->grain = grain_of(r->sweep, r->image->inputs[r->sweep->over].kind);
    return status;
}

/* --- --by --- */

static int read_by(const struct reader *r)
{
    static const char *const truths[] = {"false", "true"};
    struct sweep *sweep = r->sweep;
    sweep->by = IMAGE_NONE;
    sweep->member_count = 1;
    int status = STATUS_FINE;
    if (r->options->by != NULL)
        sweep->by = find_varied_input(r, "--by", base_span_of(r->options->by), is_switch,
                                      "an enum or a bool", &status);
    if (status != STATUS_FINE)
        return status;
    const struct image_input *input = sweep->by == IMAGE_NONE ? NULL : &r->image->inputs[sweep->by];
    if (input != NULL)
        sweep->member_count = input->kind == IMAGE_BOOL ? 2 : input->member_count;
    sweep->members = base_alloc(&r->build->arena, sweep->member_count * sizeof *sweep->members);
    for (size_t i = 0; input != NULL && i < sweep->member_count; i++)
        sweep->members[i] = input->kind == IMAGE_BOOL
                                ? truths[i]
                                : image_string(r->image, r->image->words[input->members + i]);
    return STATUS_FINE;
}

/* --- settings and NAME=VALUE --- */

static void add_target(struct sweep *sweep, const struct image *image, uint32_t entry)
{
    const struct image_name *name = &image->names[entry];
    sweep->targets[sweep->target_count++] =
        (struct sweep_target){.name = image_string(image, name->name),
                              .doc = image_string(image, name->doc),
                              .slot = name->slot,
                              .kind = (enum image_kind)image->code[name->slot].kind};
}

/* A setting, let or input by its name. */
static int add_target_called(const struct reader *r, const char *word)
{
    const uint32_t entry = image_find_name(r->image, base_span_of(word));
    if (entry == IMAGE_NONE)
        return azc_unknown_name(r->build, r->image, word);
    for (size_t i = 0; i < r->sweep->target_count; i++)
        if (r->sweep->targets[i].slot == r->image->names[entry].slot)
            return azc_misuse(r->verb, "setting named twice: ", word);
    add_target(r->sweep, r->image, entry);
    return STATUS_FINE;
}

/* An input of --over or --by cannot have a fixed value as well. */
static int add_fixed_word(const struct reader *r, const char *word)
{
    struct sweep *sweep = r->sweep;
    struct vm_word *split = &sweep->words[sweep->word_count++];
    vm_split_word(word, split);
    const uint32_t inputs[2] = {sweep->over, sweep->by};
    for (int i = 0; i < 2; i++)
        if (inputs[i] != IMAGE_NONE &&
            base_span_is(split->name, sweep_input_name(r->image, inputs[i])))
            return azc_misuse(
                r->verb, i == 0 ? "--over varies it; remove " : "--by varies it; remove ", word);
    return STATUS_FINE;
}

static int read_names_and_words(const struct reader *r, bool all)
{
    const struct azc_options *options = r->options;
    struct sweep *sweep = r->sweep;
    const size_t count = (size_t)options->word_count;
    int status = STATUS_FINE;
    sweep->words = base_alloc(&r->build->arena, (count + 2) * sizeof *sweep->words);
    sweep->targets =
        base_alloc(&r->build->arena, (count + r->image->output_count + 1) * sizeof *sweep->targets);
    for (int i = 0; status == STATUS_FINE && i < options->word_count; i++) {
        const char *word = options->words[i];
        if (strchr(word, '=') != NULL && *word != '=')
            status = add_fixed_word(r, word);
        else if (all)
            status = azc_misuse(r->verb, "--html shows every setting; remove ", word);
        else
            status = add_target_called(r, word);
    }
    for (uint32_t i = 0; all && i < r->image->output_count; i++)
        add_target(sweep, r->image, r->image->outputs[i].name);
    if (status == STATUS_FINE && sweep->target_count == 0)
        status = azc_misuse(r->verb, "missing argument: ", "the name of a setting");
    if (status == STATUS_FINE && !all && sweep_columns(sweep) > COLUMNS_MAX)
        status = azc_misuse(
            r->verb, base_format(&r->build->arena, "too many columns (limit %d); ", COLUMNS_MAX),
            "name fewer settings");
    return status;
}

/* --- all together --- */

static int make_sweep(struct sweep *sweep, struct compilation *build, struct session *session,
                      const char *verb, const struct azc_options *options, bool all)
{
    const struct reader r = {sweep, build, &session->image, verb, options};
    *sweep = (struct sweep){.arena = &build->arena, .names = &build->names, .session = session};
    int status = read_over(&r);
    if (status == STATUS_FINE)
        status = read_by(&r);
    if (status == STATUS_FINE)
        status = read_names_and_words(&r, all);
    if (status != STATUS_FINE)
        return status;
    if (!(all ? sweep_run_grid(sweep) : sweep_run(sweep))) {
        azc_print_lines("refused", &session->refusals);
        return STATUS_WRONG;
    }
    if (sweep->cut)
        fprintf(stderr,
                "azc %s: the search limit was reached, so some changes are missing; "
                "narrow the range or name fewer settings\n",
                verb);
    return STATUS_FINE;
}

int azc_sweep_verb(const char *verb, const struct azc_options *options, bool all,
                   azc_sweep_output *output)
{
    struct compilation build = {0};
    struct sweep sweep;
    struct session *session;
    int status = azc_compile_session(&build, options, &session);
    if (status == STATUS_FINE)
        status = make_sweep(&sweep, &build, session, verb, options, all);
    if (status == STATUS_FINE)
        status = output(&build, &sweep, options);
    compile_free(&build);
    return status;
}
