/* azc eval --minimum FACT: how small a machine may be, as a computed answer. */
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"
#include "prove/prove.h"

struct question {
    struct azc_build *build;
    const struct azb_image *image;
    struct azq_prover *prover;
    uint32_t input; /* the fact that is asked for */
    uint32_t budget;
    uint32_t boxes;
};

/* The refusal that some machine from `low` on meets, or the number of checks when none is. */
static uint32_t refused_from(struct question *question, int64_t low)
{
    const struct azb_image *image = question->image;
    azq_restrict(question->prover, question->input, low, false);
    for (uint32_t i = 0; i < image->check_count; i++) {
        if (image->checks[i].class != AZB_CHECK_REFUSE)
            continue;
        const struct azq_claim claim = {.shape = AZQ_NEVER,
                                        .a = image->checks[i].condition,
                                        .guard = AZB_NONE,
                                        .even_refused = true};
        const struct azq_proof proof = azq_prove(question->prover, &claim, question->budget);
        question->boxes += proof.boxes;
        if (proof.verdict != AZQ_PROVED)
            return i;
    }
    return image->check_count;
}

static const char *value_text(const struct question *question, int64_t value)
{
    struct aza_sink sink = aza_arena_sink(&question->build->arena);
    azv_put_value(&sink, azq_run_of(question->prover, false),
                  question->image->inputs[question->input].kind, value);
    return sink.data;
}

/* Halves the range: what is served from a value on is served from every larger one on. */
static int search(struct question *question, const char *name)
{
    const struct azb_input *fact = &question->image->inputs[question->input];
    const int64_t grain = fact->kind == AZB_BYTES ? INT64_C(1) << 20 : 1;
    int64_t low = fact->low, high = fact->high;
    const uint32_t check = refused_from(question, high);
    if (check < question->image->check_count) {
        const struct azb_name *refusal =
            &question->image->names[question->image->checks[check].name];
        fprintf(stderr, "azc: no %s is enough: %s:%u refuses some machine even at %s\n", name,
                azb_string(question->image, refusal->file), refusal->line,
                value_text(question, high));
        return AZC_WRONG;
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
    printf("%s %s%s\n  no machine from there on is refused: proved, in %u boxes\n", name,
           value_text(question, all ? low : high), all ? ", the least there may be" : "",
           question->boxes);
    return AZC_FINE;
}

static bool is_fixed(const struct azc_build *build, const char *name)
{
    for (size_t i = 0; i < build->fixed_count; i++)
        if (aza_span_is(build->fixed[i].name, name))
            return true;
    return false;
}

/* Facts may be anything; of options and of what may stay unknown only what was said counts. */
static bool restrict_inputs(struct question *question, const char *name)
{
    const struct azb_image *image = question->image;
    const char *names[AZA_INPUTS_MAX];
    size_t count = 0;
    question->input = AZB_NONE;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const char *own = azb_string(image, image->inputs[i].name);
        const bool number = azb_is_number(image->inputs[i].kind);
        if (number)
            names[count++] = own;
        if (number && aza_text_is(own, name))
            question->input = i;
        azq_restrict(question->prover, i, INT64_MIN,
                     !is_fixed(question->build, own) &&
                         (image->inputs[i].optional || image->inputs[i].class == AZB_OPTION));
    }
    if (question->input != AZB_NONE)
        return true;
    const char *near = azd_nearest(name, names, count);
    fprintf(stderr, "azc: `%s` is no fact or option that is a number%s%s%s\n", name,
            near == NULL ? "" : "; did you mean `", near == NULL ? "" : near,
            near == NULL ? "" : "`?");
    return false;
}

static int answer(struct azc_build *build, const struct azc_options *options)
{
    struct azb_image image;
    struct azb_refusal refusal;
    uint32_t budget;
    if (!azc_read_budget(options, &budget))
        return azc_misuse("eval", "--budget is a number from 1 to 10000000, not ", options->budget);
    if (!azb_open(build->image.data, build->image.length, &image, &refusal))
        return AZC_WRONG;
    struct question question = {.build = build,
                                .image = &image,
                                .prover = azq_new(&build->arena, &image),
                                .budget = budget};
    if (!restrict_inputs(&question, options->minimum))
        return AZC_USAGE;
    return search(&question, options->minimum);
}

int azc_minimum(const struct azc_options *options)
{
    struct azc_build build = {0};
    struct aza_arena arena = {0};
    int status = AZC_USAGE;
    if (azc_words(&arena, options, 0, &build.fixed, &build.fixed_count))
        status = azc_build_rules(&build, options, false);
    if (status == AZC_FINE)
        status = answer(&build, options);
    azc_free(&build);
    aza_arena_free(&arena);
    return status;
}
