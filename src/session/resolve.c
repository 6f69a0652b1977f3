/* Resolving facts and options: NAME=VALUE of the operator, then the sources in the order in which
 * the rules list them, then the default. The first acceptable answer decides.
 *
 * An answer must be readable (`invalid`) and inside the domain (`below`, `above`). For each of
 * these the rules contain a policy for a value that is not:
 *
 *     IMAGE_REFUSE     the start is refused
 *     IMAGE_CLAMP      the nearest value of the domain is used
 *     IMAGE_USE        the input's default is used
 *     IMAGE_DEFAULT    the value is ignored, and the next source is asked
 *
 * With `readings` every source is asked, even after one has decided, so that explain can print what
 * each of them answered; the later answers change nothing and cause no warnings. Secrets are
 * resolved in secret.c. */
#include <string.h>
#include "probe/probe.h"
#include "vm/quantity.h"
#include "session/parts.h"

/* One input while it is resolved. */
struct resolution {
    struct vm_machine *machine;
    const struct session_surroundings *around;
    struct base_sink *warnings, *refusal;
    bool refused; /* this input has caused a refusal */
};

/* An answer that has not been accepted yet. */
struct candidate {
    const struct image_input *input;
    const char *origin;    /* the variable or the input, which the operator can change */
    struct base_span word; /* as the operator wrote it; its start is null if a probe measured it */
    int64_t unit;          /* of a number without one, in the variable */
    int64_t value;         /* of a word, once it is parsed */
    const char *label;     /* the source, for people */
    uint32_t source;       /* in SOURCES; IMAGE_NONE for NAME=VALUE and the default */
    bool given;            /* by the operator, not measured */
};

/* --- messages --- */

/* "POSTGRES_MEMORY=5GiB ", "memory=256MB (cgroup) ". */
static void put_candidate_origin(const struct resolution *r, struct base_sink *sink,
                                 const struct candidate *candidate)
{
    BASE_PUT(sink, candidate->origin, "=");
    if (candidate->word.start != NULL) {
        vm_put_escaped(sink, candidate->word);
        return;
    }
    vm_put_value(sink, r->machine, candidate->input->kind, candidate->value);
    BASE_PUT(sink, " (", candidate->label, ")");
}

/* The second half of a warning: how the value is handled. */
static void put_policy_consequence(const struct resolution *r, struct base_sink *sink,
                                   const struct candidate *candidate, unsigned policy,
                                   int64_t value)
{
    if (policy == IMAGE_REFUSE)
        return;
    if (policy == IMAGE_DEFAULT) {
        base_put(sink, "; ignored");
        return;
    }
    base_put(sink, "; using ");
    vm_put_value(sink, r->machine, candidate->input->kind, value);
}

/* Begins a line about a value that cannot be used, in the sink that the policy writes to. */
static struct base_sink *begin_candidate_message(struct resolution *r, unsigned policy,
                                                 const struct candidate *candidate)
{
    struct base_sink *sink = policy == IMAGE_REFUSE ? r->refusal : r->warnings;
    r->refused |= policy == IMAGE_REFUSE;
    put_candidate_origin(r, sink, candidate);
    return sink;
}

static void put_outcome_message(const struct resolution *r, struct base_sink *sink,
                                const struct image_outcome *outcome)
{
    BASE_PUT(sink, ": ", image_string(r->machine->image, outcome->message));
}

/* --- accepting an answer --- */

/* Replaces a value that cannot be used, as the policy states. False if it is ignored. */
static bool replace_refused_value(struct candidate *candidate, unsigned policy, int64_t nearest)
{
    if (policy == IMAGE_CLAMP)
        candidate->value = nearest;
    if (policy == IMAGE_USE) {
        candidate->value = candidate->input->fallback;
        candidate->label = "default";
        candidate->source = IMAGE_NONE;
        candidate->given = false;
    }
    return policy != IMAGE_DEFAULT;
}

/* Parses the operator's text. NAME=VALUE of a command line is never ignored: it was meant for azr.
 */
static bool parse_candidate_word(struct resolution *r, struct candidate *candidate)
{
    char reason[1024];
    struct base_sink why = BASE_SINK(reason);
    const struct image_input *input = candidate->input;
    if (vm_parse_input(r->machine, input, candidate->unit, candidate->word, &candidate->value,
                       &why))
        return true;
    const unsigned policy = candidate->source == IMAGE_NONE ? IMAGE_REFUSE : input->invalid.policy;
    struct base_sink *sink = begin_candidate_message(r, policy, candidate);
    if (input->invalid.message != 0)
        put_outcome_message(r, sink, &input->invalid);
    else
        BASE_PUT(sink, " ", reason);
    put_policy_consequence(r, sink, candidate, policy, input->fallback);
    base_put_char(sink, '\n');
    return replace_refused_value(candidate, policy, input->fallback);
}

/* Replaces a number outside the domain as the policy states. False if it is ignored. Clamping is
 * recorded, since the value is then not the one that its source reported. */
static bool check_candidate_domain(struct resolution *r, struct candidate *candidate, bool *clamped)
{
    const struct image_input *input = candidate->input;
    const bool below = candidate->value < input->low;
    if (!image_is_number(input->kind) || (!below && candidate->value <= input->high))
        return true;
    const struct image_outcome *outcome = below ? &input->below : &input->above;
    const int64_t nearest = below ? input->low : input->high;
    struct base_sink *sink = begin_candidate_message(r, outcome->policy, candidate);
    if (outcome->message != 0) {
        put_outcome_message(r, sink, outcome);
    } else {
        base_put(sink, below ? " is below the minimum of " : " is above the maximum of ");
        vm_put_value(sink, r->machine, input->kind, nearest);
    }
    *clamped = outcome->policy == IMAGE_CLAMP;
    put_policy_consequence(r, sink, candidate, outcome->policy,
                           *clamped ? nearest : input->fallback);
    base_put_char(sink, '\n');
    return replace_refused_value(candidate, outcome->policy, nearest);
}

/* Some sources are a last resort whose use alone deserves a warning. */
static void warn_of_source(struct resolution *r, const struct candidate *candidate)
{
    if (candidate->source == IMAGE_NONE)
        return;
    const uint32_t warning = r->machine->image->sources[candidate->source].warning;
    if (warning == 0)
        return;
    put_candidate_origin(r, r->warnings, candidate);
    BASE_PUT(r->warnings, ": ", image_string(r->machine->image, warning), "\n");
}

/* Whether the candidate decides the input; it also does if it refuses the whole run. */
static bool accept_candidate(struct resolution *r, struct candidate *candidate,
                             struct vm_input *out)
{
    bool clamped = false;
    if (candidate->word.start != NULL && !parse_candidate_word(r, candidate))
        return false;
    if (!r->refused && !check_candidate_domain(r, candidate, &clamped))
        return false;
    *out = (struct vm_input){.state = VM_VOID, .source = IMAGE_NONE, .label = "refused"};
    if (r->refused)
        return true;
    warn_of_source(r, candidate);
    *out = (struct vm_input){.value = candidate->value,
                             .state = VM_VALUE,
                             .given = candidate->given,
                             .clamped = clamped,
                             .source = candidate->source,
                             .label = candidate->label};
    return true;
}

/* --- sources --- */

/* The last NAME=VALUE of that name, as the last one wins. */
static const struct vm_word *find_input_word(const struct resolution *r, const char *name)
{
    for (size_t i = r->around->word_count; i > 0; i--)
        if (base_span_is(r->around->words[i - 1].name, name))
            return &r->around->words[i - 1];
    return NULL;
}

/* An empty variable is a variable that is not set (base_variable): Compose passes those through. */
static enum vm_answer ask_environment(struct resolution *r, const struct image_source *source,
                                      struct candidate *candidate)
{
    candidate->origin = image_string(r->machine->image, source->name);
    const char *text = base_variable(r->around->environment, candidate->origin);
    if (text == NULL)
        return VM_ANSWER_UNKNOWN;
    candidate->word = base_span_of(text);
    candidate->unit = source->unit;
    candidate->given = true;
    return VM_ANSWER_VALUE;
}

static enum vm_answer ask_probe(struct resolution *r, const struct image_source *source,
                                struct candidate *candidate, const char **detail)
{
    const enum probe probe =
        probe_find(base_span_of(image_string(r->machine->image, source->name)));
    const struct probe_fact *fact = probe_ask(r->around->probes, probe);
    *detail = fact->detail;
    if (fact->state != PROBE_VALUE)
        return fact->state == PROBE_UNLIMITED ? VM_ANSWER_UNLIMITED : VM_ANSWER_UNKNOWN;
    candidate->value = fact->value;
    const enum image_kind kind = probe_kind(probe);
    if ((kind == IMAGE_TEXT || kind == IMAGE_LIST) &&
        !vm_make_text(r->machine, base_span_of(fact->text), &candidate->value))
        return VM_ANSWER_UNKNOWN;
    return VM_ANSWER_VALUE;
}

static enum vm_answer ask_source(struct resolution *r, struct candidate *candidate,
                                 const char **detail)
{
    const struct image_source *source = &r->machine->image->sources[candidate->source];
    candidate->label = image_string(r->machine->image, source->label);
    *detail = NULL;
    if (source->class == IMAGE_FROM_PROBE)
        return ask_probe(r, source, candidate, detail);
    /* Only secrets come from files; secret.c reads those. */
    if (source->class == IMAGE_FROM_FILE)
        return VM_ANSWER_NONE;
    const enum vm_answer answer = ask_environment(r, source, candidate);
    *detail = answer == VM_ANSWER_VALUE ? candidate->origin : "not set";
    return answer;
}

/* Records the answer for explain, without warnings. */
static void record_source_answer(struct resolution *r, struct candidate candidate,
                                 enum vm_answer answer, const char *detail)
{
    struct vm_reading *reading = &r->around->readings[candidate.source];
    char reason[1024];
    struct base_sink why = BASE_SINK(reason);
    if (answer == VM_ANSWER_VALUE && candidate.word.start != NULL &&
        !vm_parse_input(r->machine, candidate.input, candidate.unit, candidate.word,
                        &candidate.value, &why)) {
        answer = VM_ANSWER_UNKNOWN;
        detail = "invalid";
    }
    *reading = (struct vm_reading){(uint8_t)answer, candidate.value, detail};
}

/* Asks the sources in order; returns whether the input is decided. */
static bool ask_sources(struct resolution *r, const struct image_input *input, struct vm_input *out,
                        bool decided)
{
    for (uint32_t i = 0; i < input->source_count; i++) {
        if (decided && r->around->readings == NULL)
            break;
        struct candidate candidate = {.input = input,
                                      .origin = image_string(r->machine->image, input->name),
                                      .source = input->sources + i};
        const char *detail;
        const enum vm_answer answer = ask_source(r, &candidate, &detail);
        if (r->around->readings != NULL)
            record_source_answer(r, candidate, answer, detail);
        if (!decided && answer == VM_ANSWER_VALUE)
            decided = accept_candidate(r, &candidate, out);
    }
    return decided;
}

/* --- inputs --- */

/* No source has a usable answer. */
static void use_default_value(struct resolution *r, const struct image_input *input,
                              struct vm_input *out)
{
    const struct image *image = r->machine->image;
    const char *name = image_string(image, input->name);
    const char *message = image_string(image, input->missing.message);
    *out = (struct vm_input){.state = VM_VOID, .source = IMAGE_NONE, .label = "unknown"};
    if (input->has_default) {
        *out = (struct vm_input){
            .value = input->fallback, .state = VM_VALUE, .source = IMAGE_NONE, .label = "default"};
        if (input->missing.policy == IMAGE_USE && *message != '\0')
            BASE_PUT(r->warnings, name, ": ", message, "\n");
    } else if (!input->optional) {
        BASE_PUT(r->refusal, name, ": ",
                 *message != '\0' ? message : "not reported by this machine, and not set", "\n");
        r->refused = true;
    }
}

static bool accept_word(struct resolution *r, const struct image_input *input,
                        const struct vm_word *word, struct vm_input *out)
{
    struct candidate candidate = {.input = input,
                                  .origin = image_string(r->machine->image, input->name),
                                  .word = word->value,
                                  .label = "given",
                                  .source = IMAGE_NONE,
                                  .given = true};
    return accept_candidate(r, &candidate, out);
}

static void resolve_input(struct resolution *r, const struct image_input *input,
                          struct vm_input *out)
{
    const struct vm_word *word = find_input_word(r, image_string(r->machine->image, input->name));
    if (input->class == IMAGE_SECRET) {
        r->refused |= !session_resolve_secret(r->machine, input, word, r->around, out, r->refusal);
        return;
    }
    /* "name=" assumes that the value is unknown. */
    const bool assumed_unknown = word != NULL && word->value.length == 0;
    bool decided = word != NULL && !assumed_unknown && accept_word(r, input, word, out);
    if (r->around->ask_machine)
        decided = ask_sources(r, input, out, decided || assumed_unknown) && !assumed_unknown;
    if (!decided)
        use_default_value(r, input, out);
}

bool session_resolve(struct vm_machine *machine, struct vm_input *inputs,
                     const struct session_surroundings *surroundings, struct base_sink *warnings,
                     struct base_sink *refusal)
{
    bool refused = false;
    if (surroundings->readings != NULL)
        memset(surroundings->readings, 0,
               machine->image->source_count * sizeof *surroundings->readings);
    for (uint32_t i = 0; i < machine->image->input_count; i++) {
        struct resolution r = {machine, surroundings, warnings, refusal, false};
        resolve_input(&r, &machine->image->inputs[i], &inputs[i]);
        refused |= r.refused;
    }
    return !refused;
}
