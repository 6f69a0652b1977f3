/* The compiler's memory and files: one arena per compilation, interned names, source files, and
 * output files that appear whole or not at all.
 *
 * Nothing taken from an arena is freed on its own; the arena goes at the end of the compilation.
 * Running out of memory ends the program with a sentence, here and nowhere else. The runner does
 * not link this file. */
#ifndef AZA_MEMORY_H
#define AZA_MEMORY_H

#include <stdarg.h>
#include "base/base.h"

struct aza_arena {
    struct aza_chunk *chunks;
    size_t used, size;
};

/* Zeroed, aligned to 16; never null. */
void *aza_alloc(struct aza_arena *arena, size_t bytes);
char *aza_copy_text(struct aza_arena *arena, const char *start, size_t length);
void aza_arena_free(struct aza_arena *arena);
#define AZA_NEW(arena, type) ((type *)aza_alloc((arena), sizeof(type)))

/* Room for one more element at the end of a growing array of `type` in the arena:
 *     *AZA_PUSH(arena, &list) = element;
 * where list is AZA_LIST(type), a struct { type *items; size_t count, room; }. */
#define AZA_LIST(type)                                                                             \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, room;                                                                        \
    }
void *aza_grow_list(struct aza_arena *arena, void *items, size_t *count, size_t *room, size_t size);
#define AZA_PUSH(arena, list)                                                                      \
    ((list)->items = aza_grow_list((arena), (list)->items, &(list)->count, &(list)->room,          \
                                   sizeof *(list)->items),                                         \
     &(list)->items[(list)->count - 1])

/* A sink that grows in the arena. */
struct aza_sink aza_arena_sink(struct aza_arena *arena);
/* The sink's text printed into the arena. */
char *aza_format(struct aza_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *aza_format_list(struct aza_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Interned text: equal text gives the same pointer, so names compare with ==. */
struct aza_names {
    struct aza_arena *arena;
    const char **table;
    size_t count, room;
};
const char *aza_intern(struct aza_names *names, const char *start, size_t length);

/* A rules file, whole, with a NUL after its last byte. */
struct aza_source {
    const char *path; /* as it is shown to people */
    const char *text;
    size_t length;
    uint32_t *line_starts; /* made when the first position is printed */
    uint32_t line_count;
};

/* A position: bytes of a file. Lines and columns are computed when a message is printed. */
struct aza_place {
    uint16_t file; /* in struct aza_sources */
    uint32_t start, length;
};

struct aza_sources {
    struct aza_arena *arena;
    struct aza_source files[AZA_SOURCE_FILES_MAX];
    size_t count;
};

/* Reads a file of at most AZA_SOURCE_BYTES_MAX; on failure answers false and `why` is a sentence
 * such as "No such file or directory". A pipe that nobody writes to is refused. */
bool aza_read_file(struct aza_arena *arena, const char *path, size_t limit, char **text,
                   size_t *length, const char **why);
/* The same of what is open already, such as standard input. */
bool aza_read_descriptor(struct aza_arena *arena, int fd, size_t limit, char **text, size_t *length,
                         const char **why);
/* 1-based line and column (in characters, a tab is one) of a byte of a file. The column, which
 * takes a walk over the line, may be null. */
void aza_locate(struct aza_sources *sources, uint16_t file, uint32_t offset, uint32_t *line,
                uint32_t *column);
/* The line's bytes without its newline. */
struct aza_span aza_line(struct aza_sources *sources, uint16_t file, uint32_t line);

/* One of several files that appear together. */
struct aza_output {
    const char *path, *bytes;
    size_t length;
    bool executable; /* 0755 instead of 0644 */
    int directory;   /* private, as is the next */
    char temporary[64];
};

/* Writes every file under a temporary name beside its place, and renames them only when all are
 * there. On failure `failed` is the file it is about; unless the trouble came while renaming, every
 * old file is as it was. */
bool aza_write_files(struct aza_output *outputs, size_t count, size_t *failed, const char **why);

/* Writes a plain file whole, with the mode 0644 less the umask: a temporary name beside it, fsync,
 * rename, fsync of the directory. On failure the old file is as it was (only the last step comes
 * too late for that), the temporary one is gone, and `why` says which step failed, until the next
 * failure. */
bool aza_write_file(const char *path, const char *bytes, size_t length, const char **why);
/* Makes a directory and its parents. */
bool aza_make_directories(const char *path, const char **why);

#endif
