/* azc test: runs the `test` blocks of the rules on the real bytecode, and says what none reached.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"
#include "cmd/coverage.h"

static uint32_t root(const struct azc_build *build, uint32_t index)
{
    return build->result.roots.items[index];
}

static void print_failure(struct azc_build *build, const struct aze_test *test,
                          const struct aze_expectation *expectation, const char *got)
{
    uint32_t line, column;
    const struct aza_place place = expectation->item->place;
    aza_locate(&build->sources, place.file, place.start, &line, &column);
    printf("%s:%u:%u: test \"%s\" fails\n      %s\n      %s\n",
           build->sources.files[place.file].path, line, column, test->item->name.text,
           azp_text_of(&build->context, place), got);
}

static const char *slot_text(struct azc_build *build, const struct azn_session *session,
                             uint32_t index)
{
    struct aza_sink sink = aza_arena_sink(&build->arena);
    azx_put_slot(&sink, &session->machine, root(build, index));
    return sink.data == NULL ? "" : sink.data;
}

static bool holds(struct azc_build *build, const struct azn_session *session,
                  const struct aze_test *test, const struct aze_expectation *expectation)
{
    const struct azv_slot *slot = &session->slots[root(build, expectation->slot)];
    if (slot->state == AZV_VALUE && slot->value != 0)
        return true;
    const char *got = "it does not hold";
    if (slot->state == AZV_TRAP)
        got = aza_format(&build->arena, "it has no answer: %s", azv_trap_sentence(slot->trap));
    else if (expectation->left != AZB_NONE)
        got = aza_format(&build->arena, "left is %s, right is %s",
                         slot_text(build, session, expectation->left),
                         slot_text(build, session, expectation->right));
    print_failure(build, test, expectation, got);
    return false;
}

/* A refusal or warning that holds the expected words. */
static bool says(struct azc_build *build, const struct azn_session *session,
                 const struct aze_test *test, const struct aze_expectation *expectation,
                 const struct aza_sink *said)
{
    const char *words = slot_text(build, session, expectation->slot);
    if (said->length > 0 && strstr(said->data, words) != NULL)
        return true;
    print_failure(build, test, expectation,
                  said->length == 0 ? "nothing was said"
                                    : aza_format(&build->arena, "said was: %s", said->data));
    return false;
}

static bool wants_refusal(const struct aze_test *test)
{
    for (size_t i = 0; i < test->expectations.count; i++)
        if (test->expectations.items[i].item->shape == AZP_EXPECT_REFUSED)
            return true;
    return false;
}

static bool run_one(struct azc_build *build, struct azn_session *session,
                    const struct aze_test *test, struct azc_coverage *coverage)
{
    const struct azn_request request = {
        .root = "", .words = test->words.items, .word_count = test->words.count};
    bool decided = azn_decide(session, &request), fine = true;
    if (!decided && !wants_refusal(test)) {
        printf("test \"%s\" fails: refused: %s", test->item->name.text, session->refusals.data);
        return false;
    }
    for (size_t i = 0; i < test->expectations.count; i++) {
        const struct aze_expectation *expectation = &test->expectations.items[i];
        switch (expectation->item->shape) {
        case AZP_EXPECT_REFUSED:
            fine = says(build, session, test, expectation, &session->refusals) && fine;
            break;
        case AZP_EXPECT_WARNED:
            fine = says(build, session, test, expectation, &session->warnings) && fine;
            break;
        default:
            fine = decided && holds(build, session, test, expectation) && fine;
            break;
        }
    }
    if (decided)
        azc_cover(coverage, session);
    return fine;
}

static int run_tests(struct azc_build *build)
{
    struct azn_session *session = azc_session(build);
    if (session == NULL)
        return AZC_WRONG;
    struct azc_coverage coverage;
    azc_cover_begin(&coverage, &build->arena, &session->image);
    size_t passed = 0, failed = 0;
    for (size_t i = 0; i < build->result.tests.count; i++) {
        bool fine = run_one(build, session, &build->result.tests.items[i], &coverage);
        passed += fine;
        failed += !fine;
    }
    azc_cover_print(&coverage, &session->image);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 ? AZC_FINE : AZC_WRONG;
}

static int run(const struct azc_options *said)
{
    struct azc_options options = *said;
    struct azc_build build = {0};
    if (options.word_count > 1)
        return azc_misuse("test", "one word too many: ", options.words[1]);
    if (options.word_count == 1)
        options.rules = options.words[0];
    int status = azc_build_rules(&build, &options, true);
    if (status == AZC_FINE)
        status = run_tests(&build);
    azc_free(&build);
    return status;
}

const struct azc_verb azc_test = {
    .name = "test",
    .summary = "run the tests that the rules carry",
    .usage = "test [FILE]",
    .text =
        "Runs every `test` block of FILE (rules/main.azr) on the compiled code, exactly as the\n"
        "container runs it, and lists the rows, branches and limits that no test reached.\n",
    .options = "rules stdlib",
    .run = run,
};
