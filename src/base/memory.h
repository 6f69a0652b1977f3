/* The compiler's memory and files: one arena per compilation, interned names, source files, and
 * output files that are written completely or not at all.
 *
 * Nothing in an arena is freed individually; the arena is freed at the end of the compilation.
 * Running out of memory ends the program with a message, only here. The runner does not link any of
 * this. */
#ifndef AZA_BASE_MEMORY_H
#define AZA_BASE_MEMORY_H

#include <stdarg.h>
#include "base/base.h"

struct base_arena {
    struct base_chunk *chunks; /* the one being filled, then the others */
    size_t used, size;         /* bytes of the chunk being filled */
};

/* Zeroed, aligned to 16; never null. */
void *base_alloc(struct base_arena *arena, size_t bytes);
char *base_copy_text(struct base_arena *arena, const char *start, size_t length);
void base_arena_free(struct base_arena *arena);
#define BASE_NEW(arena, type) ((type *)base_alloc((arena), sizeof(type)))

/* Room for one more element at the end of a growing array of `type` in the arena:
 *     *BASE_PUSH(arena, &list) = element;
 * where list is BASE_LIST(type), a struct { type *items; size_t count, room; }. */
#define BASE_LIST(type)                                                                            \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, room;                                                                        \
    }
/* The same as a type with a name, struct tag. */
#define BASE_LIST_OF(tag, type)                                                                    \
    struct tag {                                                                                   \
        type *items;                                                                               \
        size_t count, room;                                                                        \
    }
void *base_grow_list(struct base_arena *arena, void *items, size_t *count, size_t *room,
                     size_t size);
#define BASE_PUSH(arena, list)                                                                     \
    ((list)->items = base_grow_list((arena), (list)->items, &(list)->count, &(list)->room,         \
                                    sizeof *(list)->items),                                        \
     &(list)->items[(list)->count - 1])

/* A sink that grows in the arena. */
struct base_sink base_arena_sink(struct base_arena *arena);
/* The sink's text printed into the arena. */
char *base_format(struct base_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *base_format_list(struct base_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Interned text: equal text gives the same pointer, so names compare with ==. */
struct base_names {
    struct base_arena *arena;
    const char **table;
    size_t count, room;
};
const char *base_intern(struct base_names *names, const char *start, size_t length);

/* A rules file or a file that one includes, with a NUL after its last byte. */
struct base_source {
    const char *path; /* as printed in messages */
    const char *text;
    size_t length;
    uint32_t *line_starts; /* byte offsets; computed when the first position is printed */
    uint32_t line_count;
};

/* A position: bytes of a file. Lines and columns are computed when a message is printed. */
struct base_place {
    uint16_t file; /* in struct base_sources */
    uint32_t start, length;
};

struct base_sources {
    struct base_arena *arena;
    struct base_source files[LIMIT_SOURCE_FILES];
    size_t count;
};

/* Reads a file of at most `limit` bytes into the arena, with a NUL behind it; on failure returns
 * false and `why` is a sentence such as "No such file or directory". A pipe without a writer is
 * refused. */
bool base_read_file(struct base_arena *arena, const char *path, size_t limit, char **text,
                    size_t *length, const char **why);
/* Reads from a descriptor that is already open, such as standard input. */
bool base_read_descriptor(struct base_arena *arena, int fd, size_t limit, char **text,
                          size_t *length, const char **why);
/* 1-based line and column (in characters, a tab is one) of a byte of a file; an offset behind the
 * end is that of the end. `column` may be null: counting characters takes a pass over the line. */
void base_locate(struct base_sources *sources, uint16_t file, uint32_t offset, uint32_t *line,
                 uint32_t *column);
/* The bytes of a line, without its newline or CRLF; empty if there is no such line. */
struct base_span base_line(struct base_sources *sources, uint16_t file, uint32_t line);

/* One of several files that are replaced together. */
struct base_output {
    const char *path, *bytes;
    size_t length;
    bool executable; /* 0755 instead of 0644 */
    /* For base_write_files only: the open directory, and the name of the temporary file in it. */
    int directory;
    char temporary[64];
};

/* Writes every file under a temporary name beside its place, and renames them only when all are
 * written. On failure `failed` is the index of the file that failed, and `why` is as below; unless
 * a rename failed, no old file has changed. */
bool base_write_files(struct base_output *outputs, size_t count, size_t *failed, const char **why);

/* Replaces a plain file by a complete new one, with the mode 0644 less the umask: a temporary file
 * beside it, fsync, rename, fsync of the directory. On failure the old file is unchanged (unless
 * only the last step failed), the temporary one is removed, and `why` is a sentence with the step
 * that failed, in static memory, valid until the next failure. */
bool base_write_file(const char *path, const char *bytes, size_t length, const char **why);
/* Creates a directory and its parents, as mkdir -p does. */
bool base_make_directories(const char *path, const char **why);

#endif
