/* Source files: reading them completely, and finding lines and columns in them.
 *
 * The rest of the compiler refers to a position by its byte offset. The starts of the lines are
 * collected when the first position of a file is printed, so a compilation without messages does
 * not pay for them; a position is then found by binary search. */
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end of the file or until `sink` holds more than `limit` bytes. */
static bool read_until_limit(struct base_sink *sink, int fd, size_t limit)
{
    char piece[16 * 1024];
    while (sink->length <= limit) {
        ssize_t length = read(fd, piece, sizeof piece);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return length == 0;
        base_put_bytes(sink, piece, (size_t)length);
    }
    return true;
}

static bool is_pipe(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

bool base_read_descriptor(struct base_arena *arena, int fd, size_t limit, char **text,
                          size_t *length, const char **why)
{
    struct base_sink sink = base_arena_sink(arena);
    *why = NULL;
    if (!read_until_limit(&sink, fd, limit))
        *why = strerror(errno);
    else if (sink.length > limit)
        *why = base_format(arena, "File larger than %zu bytes", limit);
    *text = sink.data;
    *length = sink.length;
    return *why == NULL;
}

bool base_read_file(struct base_arena *arena, const char *path, size_t limit, char **text,
                    size_t *length, const char **why)
{
    /* O_NONBLOCK, so that opening a pipe does not wait for a writer: a pipe without one is refused.
     */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        *why = strerror(errno);
        return false;
    }
    fcntl(fd, F_SETFL, 0);
    bool read = base_read_descriptor(arena, fd, limit, text, length, why);
    if (read && *length == 0 && is_pipe(fd)) {
        *why = "Pipe without a writer";
        read = false;
    }
    close(fd);
    return read;
}

/* Collects the line starts of a file, once; null if there is no such file. */
static const struct base_source *index_lines(struct base_sources *sources, uint16_t file)
{
    if (file >= sources->count)
        return NULL;
    struct base_source *source = &sources->files[file];
    if (source->line_starts)
        return source;
    if (!source->text)
        source->text = ""; /* a file that could not be read still has a first line */
    uint32_t count = 1;
    for (size_t i = 0; i < source->length; i++)
        count += source->text[i] == '\n';
    source->line_starts = base_alloc(sources->arena, count * sizeof *source->line_starts);
    source->line_count = 1;
    for (uint32_t i = 0; i < source->length; i++)
        if (source->text[i] == '\n')
            source->line_starts[source->line_count++] = i + 1;
    return source;
}

/* The last line that starts at or before `offset`, counted from 0. */
static uint32_t find_line_index(const struct base_source *source, uint32_t offset)
{
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void base_locate(struct base_sources *sources, uint16_t file, uint32_t offset, uint32_t *line,
                 uint32_t *column)
{
    const struct base_source *source = index_lines(sources, file);
    *line = 1;
    if (column)
        *column = 1;
    if (!source)
        return;
    if (offset > source->length)
        offset = (uint32_t)source->length;
    uint32_t at = find_line_index(source, offset), start = source->line_starts[at];
    *line = at + 1;
    if (column)
        *column = (uint32_t)base_text_width(source->text + start, offset - start) + 1;
}

struct base_span base_line(struct base_sources *sources, uint16_t file, uint32_t line)
{
    const struct base_source *source = index_lines(sources, file);
    if (!source || line == 0 || line > source->line_count)
        return (struct base_span){"", 0};
    const char *start = source->text + source->line_starts[line - 1];
    const char *end =
        source->text + (line < source->line_count ? source->line_starts[line] - 1 : source->length);
    if (end > start && end[-1] == '\r')
        end--;
    return (struct base_span){start, (size_t)(end - start)};
}
