/* azc test: runs the `test` blocks of the rules on the compiled code, and lists the rows, branches
 * and limits that no test reached.
 *
 * Each test is one machine: its `given` words are decided as on the command line, with every other
 * input at its default. The expectations were compiled into roots of the image, so they are slots
 * of the same run, and both sides of a failed comparison can be printed. */
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "claims/claims.h"

/* The slot of an expectation, which the result lists by index. */
static uint32_t root_slot(const struct compilation *build, uint32_t index)
{
    return build->result.roots.items[index];
}

static void print_failure(struct compilation *build, const struct eval_test *test,
                          const struct eval_expectation *expectation, const char *got)
{
    uint32_t line, column;
    const struct base_place place = expectation->item->place;
    base_locate(&build->sources, place.file, place.start, &line, &column);
    printf("%s:%u:%u: test \"%s\" failed\n      %s\n      %s\n",
           build->sources.files[place.file].path, line, column, test->item->name.text,
           syntax_text_of(&build->context, place), got);
}

static const char *root_slot_text(struct compilation *build, const struct session *session,
                                  uint32_t index)
{
    struct base_sink sink = base_arena_sink(&build->arena);
    explain_put_slot(&sink, &session->machine, root_slot(build, index));
    return sink.data;
}

static bool expectation_holds(struct compilation *build, const struct session *session,
                              const struct eval_test *test,
                              const struct eval_expectation *expectation)
{
    const struct vm_slot *slot = &session->slots[root_slot(build, expectation->slot)];
    if (slot->state == VM_VALUE && slot->value != 0)
        return true;
    const char *got = "it does not hold";
    if (slot->state == VM_TRAP)
        got = base_format(&build->arena, "it fails: %s", vm_trap_sentence(slot->trap));
    else if (expectation->left != IMAGE_NONE)
        got = base_format(&build->arena, "left side: %s, right side: %s",
                          root_slot_text(build, session, expectation->left),
                          root_slot_text(build, session, expectation->right));
    print_failure(build, test, expectation, got);
    return false;
}

/* Whether the refusals or warnings contain the expected words. */
static bool check_message(struct compilation *build, const struct session *session,
                          const struct eval_test *test, const struct eval_expectation *expectation,
                          const struct base_sink *messages)
{
    const char *words = root_slot_text(build, session, expectation->slot);
    if (messages->length > 0 && strstr(messages->data, words) != NULL)
        return true;
    print_failure(build, test, expectation,
                  messages->length == 0
                      ? "there is no message"
                      : base_format(&build->arena, "the messages are: %s", messages->data));
    return false;
}

static bool wants_refusal(const struct eval_test *test)
{
    for (size_t i = 0; i < test->expectations.count; i++)
        if (test->expectations.items[i].item->shape == SYNTAX_EXPECT_REFUSED)
            return true;
    return false;
}

/* Whether all expectations hold. A refused machine fails unless the test expects a refusal. */
static bool run_one_test(struct compilation *build, struct session *session,
                         const struct eval_test *test, struct coverage *coverage)
{
    const struct session_request request = {
        .root = "", .words = test->words.items, .word_count = test->words.count};
    bool decided = session_decide(session, &request), fine = true;
    if (!decided && !wants_refusal(test)) {
        printf("test \"%s\" failed: refused: %s", test->item->name.text, session->refusals.data);
        return false;
    }
    for (size_t i = 0; i < test->expectations.count; i++) {
        const struct eval_expectation *expectation = &test->expectations.items[i];
        switch (expectation->item->shape) {
        case SYNTAX_EXPECT_REFUSED:
            fine = check_message(build, session, test, expectation, &session->refusals) && fine;
            break;
        case SYNTAX_EXPECT_WARNED:
            fine = check_message(build, session, test, expectation, &session->warnings) && fine;
            break;
        default:
            fine = decided && expectation_holds(build, session, test, expectation) && fine;
            break;
        }
    }
    if (decided)
        coverage_count(coverage, session);
    return fine;
}

static int run_tests(struct compilation *build)
{
    struct session *session = azc_session(build);
    if (session == NULL)
        return STATUS_WRONG;
    struct coverage coverage;
    coverage_begin(&coverage, &build->arena, &session->image);
    size_t passed = 0, failed = 0;
    for (size_t i = 0; i < build->result.tests.count; i++) {
        bool fine = run_one_test(build, session, &build->result.tests.items[i], &coverage);
        passed += fine;
        failed += !fine;
    }
    coverage_print(&coverage, &session->image);
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 ? STATUS_FINE : STATUS_WRONG;
}

static int run_test(const struct azc_options *given)
{
    struct azc_options options = *given;
    struct compilation build = {0};
    if (options.word_count > 1)
        return azc_misuse("test", "unexpected argument: ", options.words[1]);
    if (options.word_count == 1)
        options.compile.rules = options.words[0];
    int status = compile_rules(&build, &options.compile, true);
    if (status == STATUS_FINE)
        status = run_tests(&build);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_test = {
    .name = "test",
    .summary = "run the tests of the rules",
    .usage = "test [FILE]",
    .text =
        "Runs every `test` block of FILE (default: rules/main.azr) on the compiled code, as the\n"
        "container would run it, and lists the rows, branches and limits that no test reached.\n",
    .options = "rules stdlib",
    .run = run_test,
};
