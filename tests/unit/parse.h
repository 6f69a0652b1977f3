/* A text parsed as a rules file, with all that it takes. */
#ifndef AZA_TESTS_PARSE_H
#define AZA_TESTS_PARSE_H

#include "syntax/syntax.h"

struct parsed {
    struct aza_arena arena;
    struct aza_names names;
    struct aza_sources sources;
    struct azd_queue queue;
    struct azp_context context;
    struct azp_file *file;
};

static inline void parse(struct parsed *parsed, const char *text, size_t length)
{
    *parsed = (struct parsed){.names.arena = &parsed->arena,
                              .sources.arena = &parsed->arena,
                              .queue = {.arena = &parsed->arena, .sources = &parsed->sources},
                              .context = {&parsed->arena, &parsed->names, &parsed->queue}};
    parsed->sources.files[parsed->sources.count++] = (struct aza_source){
        .path = "test.azr", .text = aza_copy_text(&parsed->arena, text, length), .length = length};
    parsed->file = azp_parse(&parsed->context, 0);
}

static inline void parse_free(struct parsed *parsed)
{
    aza_arena_free(&parsed->arena);
}

/* The tree as text, and the file in its one layout; both live as long as `parsed`. */
static inline const char *parse_dump(struct parsed *parsed)
{
    struct aza_sink sink = aza_arena_sink(&parsed->arena);
    azp_dump(&parsed->context, parsed->file, &sink);
    return sink.data;
}

static inline struct aza_sink parse_format(struct parsed *parsed)
{
    struct aza_sink sink = aza_arena_sink(&parsed->arena);
    azp_format(&parsed->context, parsed->file, &sink);
    return sink;
}

#endif
