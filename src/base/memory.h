/* The compiler's memory and files: one arena per compilation, interned names, source files, and
 * output files that appear whole or not at all.
 *
 * Nothing taken from an arena is freed on its own; the arena goes at the end of the compilation.
 * Running out of memory ends the program with a sentence, here and nowhere else. The runner does
 * not link this file. */
#ifndef AZA_BASE_MEMORY_H
#define AZA_BASE_MEMORY_H

#include <stdarg.h>
#include "base/base.h"

struct base_arena {
    struct base_chunk *chunks;
    size_t used, size;
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

/* A rules file or a file that one includes, whole, with a NUL after its last byte. */
struct base_source {
    const char *path; /* as it is shown to people */
    const char *text;
    size_t length;
    uint32_t *line_starts; /* made when the first position is printed */
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

/* Reads a file of at most LIMIT_SOURCE_BYTES; on failure answers false and `why` is a sentence
 * such as "No such file or directory". A pipe that nobody writes to is refused. */
bool base_read_file(struct base_arena *arena, const char *path, size_t limit, char **text,
                    size_t *length, const char **why);
/* The same of what is open already, such as standard input. */
bool base_read_descriptor(struct base_arena *arena, int fd, size_t limit, char **text,
                          size_t *length, const char **why);
/* 1-based line and column (in characters, a tab is one) of a byte of a file. The column, which
 * takes a walk over the line, may be null. */
void base_locate(struct base_sources *sources, uint16_t file, uint32_t offset, uint32_t *line,
                 uint32_t *column);
/* The line's bytes without its newline. */
struct base_span base_line(struct base_sources *sources, uint16_t file, uint32_t line);

/* One of several files that appear together. */
struct base_output {
    const char *path, *bytes;
    size_t length;
    bool executable; /* 0755 instead of 0644 */
    int directory;   /* private, as is the next */
    char temporary[64];
};

/* Writes every file under a temporary name beside its place, and renames them only when all are
 * there. On failure `failed` is the file it is about; unless the trouble came while renaming, every
 * old file is as it was. */
bool base_write_files(struct base_output *outputs, size_t count, size_t *failed, const char **why);

/* Writes a plain file whole, with the mode 0644 less the umask: a temporary name beside it, fsync,
 * rename, fsync of the directory. On failure the old file is as it was (only the last step comes
 * too late for that), the temporary one is gone, and `why` says which step failed, until the next
 * failure. */
bool base_write_file(const char *path, const char *bytes, size_t length, const char **why);
/* Makes a directory and its parents. */
bool base_make_directories(const char *path, const char **why);

#endif
