/* The small product decided in one call, on a machine of which nothing is known. */
#ifndef AZA_TESTS_DECIDE_H
#define AZA_TESTS_DECIDE_H

#include "../check.h"
#include "session/session.h"
#include "product.h"

static struct assembler assembler;
static struct session session;
static char rendered[256 * 1024];

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING    ((const char *const[]){NULL})

/* Words are NAME=VALUE, variables the environment, arguments those of postgres. */
static inline bool decide(const char *const *words, const char *const *variables,
                          const char *const *arguments)
{
    struct vm_word list[16];
    size_t count = 0;
    for (; words[count] != NULL; count++)
        CHECK(vm_split_word(words[count], &list[count]));
    const struct session_request request = {.environment = variables,
                                            .root = "/nonexistent",
                                            .words = list,
                                            .word_count = count,
                                            .arguments = arguments,
                                            .ask_machine = true};
    return session_decide(&session, &request);
}

static inline void load_product(void)
{
    product_build(&assembler);
    CHECK(session_load(&session, "test.azb", assembler.bytes, assembler.length));
    CHECK_TEXT(session.refusals.data, "");
}

static inline const char *render(enum settings_format format)
{
    struct base_sink sink = BASE_SINK(rendered);
    const struct explain_view view = session_view(&session);
    rendered[0] = '\0';
    settings_put(&sink, format, &view.settings);
    return rendered;
}

static inline const char *explain(const char *name, bool json)
{
    struct base_sink sink = BASE_SINK(rendered);
    const struct explain_view view = session_view(&session);
    rendered[0] = '\0';
    return explain_name(&sink, &view, base_span_of(name), json) ? rendered : "nothing";
}

#endif
