/* The arena: memory of one compilation, allocated piece by piece and freed all at once.
 *
 * Pieces are cut one after the other from chunks of 64 KB. A piece that does not fit the rest of
 * the chunk begins a new one; the rest, at most 16 KB, is wasted. Chunks come from calloc and a
 * piece is never reused, so every piece is zero without being cleared. Growing lists and sinks copy
 * to a piece of twice the size and abandon the old one: at most as much memory again, and no
 * bookkeeping. Running out of memory ends the program here, so callers need no error path. */
#include "base/assert.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

/* Larger pieces get a chunk of their own. Under the address sanitizer every piece does, so that it
 * sees each overrun. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { SMALL_MAX = 0 };
#else
enum { SMALL_MAX = 16 * 1024 };
#endif

enum { ALIGNMENT = 16, CHUNK_BYTES = 64 * 1024 };

/* The bytes of a chunk follow its header. The first chunk of the list is the one being filled; its
 * unused part has never been written, so it is still zero. */
struct base_chunk {
    _Alignas(ALIGNMENT) struct base_chunk *next;
};

static _Noreturn void out_of_memory(void)
{
    fputs("azc: out of memory\n", stderr);
    exit(EXIT_FAILURE);
}

static struct base_chunk *new_chunk(size_t bytes)
{
    struct base_chunk *chunk = NULL;
    if (bytes <= SIZE_MAX - sizeof *chunk)
        chunk = calloc(1, sizeof *chunk + bytes);
    if (!chunk)
        out_of_memory();
    return chunk;
}

/* The chunk is linked behind the first one, which continues to be filled. */
static void *alloc_large(struct base_arena *arena, size_t bytes)
{
    struct base_chunk *chunk = new_chunk(bytes);
    struct base_chunk **link = arena->chunks ? &arena->chunks->next : &arena->chunks;
    chunk->next = *link;
    *link = chunk;
    return chunk + 1;
}

void *base_alloc(struct base_arena *arena, size_t bytes)
{
    bytes += bytes == 0; /* an empty piece too has an address of its own */
    if (bytes > SMALL_MAX)
        return alloc_large(arena, bytes);
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (bytes > arena->size - arena->used) {
        struct base_chunk *chunk = new_chunk(CHUNK_BYTES);
        chunk->next = arena->chunks;
        *arena = (struct base_arena){.chunks = chunk, .size = CHUNK_BYTES};
    }
    void *piece = (char *)(arena->chunks + 1) + arena->used;
    arena->used += bytes;
    BASE_ASSERT(arena->used <= arena->size);
    return piece;
}

char *base_copy_text(struct base_arena *arena, const char *start, size_t length)
{
    char *copy = base_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, start, length);
    return copy;
}

void base_arena_free(struct base_arena *arena)
{
    for (struct base_chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *arena = (struct base_arena){0};
}

void *base_grow_list(struct base_arena *arena, void *items, size_t *count, size_t *room,
                     size_t size)
{
    if (*count == *room) {
        size_t wanted = *room ? *room * 2 : 8, bytes;
        if (__builtin_mul_overflow(wanted, size, &bytes))
            out_of_memory();
        void *larger = base_alloc(arena, bytes);
        if (*count > 0)
            memcpy(larger, items, *count * size);
        items = larger;
        *room = wanted;
    }
    (*count)++;
    BASE_ASSERT(*count <= *room);
    return items;
}

/* The `grow` of an arena's sinks; it never fails. */
static bool grow_in_arena(struct base_sink *sink, size_t needed)
{
    size_t capacity = sink->capacity;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    char *data = base_alloc(sink->context, capacity);
    memcpy(data, sink->data, sink->length);
    sink->data = data;
    sink->capacity = capacity;
    return true;
}

struct base_sink base_arena_sink(struct base_arena *arena)
{
    enum { FIRST_CAPACITY = 128 };
    return (struct base_sink){.data = base_alloc(arena, FIRST_CAPACITY),
                              .capacity = FIRST_CAPACITY,
                              .grow = grow_in_arena,
                              .context = arena};
}

char *base_format_list(struct base_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) /* only for a text longer than INT_MAX */
        out_of_memory();
    char *text = base_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *base_format(struct base_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = base_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}
