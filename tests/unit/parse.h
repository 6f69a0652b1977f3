/* A text parsed as a rules file, with all that it takes. */
#ifndef AZA_TESTS_PARSE_H
#define AZA_TESTS_PARSE_H

#include "syntax/syntax.h"

struct parsed {
    struct base_arena arena;
    struct base_names names;
    struct base_sources sources;
    struct diag_queue queue;
    struct syntax_context context;
    struct syntax_file *file;
};

static inline void parse(struct parsed *parsed, const char *text, size_t length)
{
    *parsed = (struct parsed){.names.arena = &parsed->arena,
                              .sources.arena = &parsed->arena,
                              .queue = {.arena = &parsed->arena, .sources = &parsed->sources},
                              .context = {&parsed->arena, &parsed->names, &parsed->queue}};
    parsed->sources.files[parsed->sources.count++] = (struct base_source){
        .path = "test.azr", .text = base_copy_text(&parsed->arena, text, length), .length = length};
    parsed->file = syntax_parse(&parsed->context, 0);
}

static inline void parse_free(struct parsed *parsed)
{
    base_arena_free(&parsed->arena);
}

/* The tree as text, and the file in its one layout; both live as long as `parsed`. */
static inline const char *parse_dump(struct parsed *parsed)
{
    struct base_sink sink = base_arena_sink(&parsed->arena);
    syntax_dump(&parsed->context, parsed->file, &sink);
    return sink.data;
}

static inline struct base_sink parse_format(struct parsed *parsed)
{
    struct base_sink sink = base_arena_sink(&parsed->arena);
    syntax_format(&parsed->context, parsed->file, &sink);
    return sink;
}

#endif
