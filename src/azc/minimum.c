/* azc eval --minimum FACT: the smallest value of a fact with which no machine is refused.
 *
 * The prover decides whether any machine with at least a given value is refused. The smallest value
 * is found by bisection, which is correct because "no machine from this value on is refused"
 * remains true for larger values. All other facts may have any value; options and optional facts
 * have the given value or their default. A claim that the prover cannot decide within the budget
 * counts as refused, so the result may be too large but never too small. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "prove/prove.h"

struct question {
    struct compilation *build;
    const struct image *image;
    struct prover *prover;
    uint32_t input; /* the fact */
    uint32_t budget;
    uint32_t boxes;
};

/* The first check that may refuse a machine from `low` on; the number of checks if none does. */
static uint32_t refused_from(struct question *question, int64_t low)
{
    const struct image *image = question->image;
    prove_restrict(question->prover, question->input, low, false);
    for (uint32_t i = 0; i < image->check_count; i++) {
        if (image->checks[i].class != IMAGE_CHECK_REFUSE)
            continue;
        const struct prove_claim claim = {.shape = PROVE_NEVER,
                                          .a = image->checks[i].condition,
                                          .guard = IMAGE_NONE,
                                          .even_refused = true};
        const struct proof proof = prove_run(question->prover, &claim, question->budget);
        question->boxes += proof.boxes;
        if (proof.verdict != PROVE_PROVED)
            return i;
    }
    return image->check_count;
}

static const char *fact_text(const struct question *question, int64_t value)
{
    struct base_sink sink = base_arena_sink(&question->build->arena);
    vm_put_value(&sink, prove_run_of(question->prover, false),
                 question->image->inputs[question->input].kind, value);
    return sink.data;
}

static int find_smallest(struct question *question, const char *name)
{
    const struct image_input *fact = &question->image->inputs[question->input];
    const int64_t grain = fact->kind == IMAGE_BYTES ? INT64_C(1) << 20 : 1;
    int64_t low = fact->low, high = fact->high;
    const uint32_t check = refused_from(question, high);
    if (check < question->image->check_count) {
        const struct image_name *refusal =
            &question->image->names[question->image->checks[check].name];
        fprintf(stderr, "azc: no value of %s is enough: %s:%u refuses some machine even at %s\n",
                name, image_string(question->image, refusal->file), refusal->line,
                fact_text(question, high));
        return STATUS_WRONG;
    }
    const bool all = refused_from(question, low) == question->image->check_count;
    while (!all && high - low > grain) { /* sizes in whole megabytes */
        const int64_t middle = (low + (high - low) / 2) / grain * grain;
        const int64_t next = middle <= low ? low + grain - low % grain : middle;
        if (next >= high)
            break;
        if (refused_from(question, next) == question->image->check_count)
            high = next;
        else
            low = next;
    }
    printf("%s %s%s\n  proved in %u boxes: no machine with at least this value is refused\n", name,
           fact_text(question, all ? low : high), all ? ", the minimum of its domain" : "",
           question->boxes);
    return STATUS_FINE;
}

static bool is_fixed_word(const struct compilation *build, const char *name)
{
    for (size_t i = 0; i < build->fixed_count; i++)
        if (base_span_is(build->fixed[i].name, name))
            return true;
    return false;
}

/* Facts may have any value; options and optional inputs only the given one, or the default. */
static bool restrict_inputs(struct question *question, const char *name)
{
    const struct image *image = question->image;
    const char *names[LIMIT_INPUTS];
    size_t count = 0;
    question->input = IMAGE_NONE;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const char *own = image_string(image, image->inputs[i].name);
        const bool number = image_is_number(image->inputs[i].kind);
        if (number)
            names[count++] = own;
        if (number && base_text_is(own, name))
            question->input = i;
        prove_restrict(question->prover, i, INT64_MIN,
                       !is_fixed_word(question->build, own) &&
                           (image->inputs[i].optional || image->inputs[i].class == IMAGE_OPTION));
    }
    if (question->input != IMAGE_NONE)
        return true;
    fprintf(stderr, "azc: `%s` is not a numeric fact or option", name);
    azc_suggest(name, names, count);
    fputc('\n', stderr);
    return false;
}

static int find_minimum(struct compilation *build, const struct azc_options *options)
{
    struct image image;
    struct image_refusal refusal;
    uint32_t budget;
    int status = azc_read_budget("eval", options, &budget);
    if (status != STATUS_FINE)
        return status;
    if (!image_open(build->image.data, build->image.length, &image, &refusal))
        return STATUS_WRONG;
    struct question question = {.build = build,
                                .image = &image,
                                .prover = prove_new(&build->arena, &image),
                                .budget = budget};
    if (!restrict_inputs(&question, options->minimum))
        return STATUS_USAGE;
    return find_smallest(&question, options->minimum);
}

int azc_minimum(const struct azc_options *options)
{
    return azc_with_fixed(options, find_minimum);
}
