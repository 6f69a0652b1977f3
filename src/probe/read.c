/* Reading files below the machine's root into its one buffer, and filling facts with their details.
 *
 * The buffer is reused by each read, so a caller scans a file completely before it reads another. A
 * file that fills the buffer may be longer: its last line may be cut and is dropped, and what
 * follows is ignored. Only mountinfo and /proc/stat can be so long, and their readers work line by
 * line. */
#include "probe/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "version.h"

enum probe_trouble probe_trouble_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return PROBE_ABSENT;
    case EACCES:
    case EPERM:
        return PROBE_DENIED;
    case ENAMETOOLONG:
        return PROBE_TOO_LONG;
    default:
        return PROBE_UNREADABLE;
    }
}

/* Concatenates three texts; false if they do not fit. */
static bool join_path(char out[LIMIT_PATH], const char *first, const char *second,
                      const char *third)
{
    struct base_sink sink = {.data = out, .capacity = LIMIT_PATH};
    out[0] = '\0';
    BASE_PUT(&sink, first, second, third);
    return !sink.overflow;
}

bool probe_below(const struct probe_machine *machine, const char *path, char full[LIMIT_PATH])
{
    return join_path(full, machine->root, path, "");
}

/* O_NONBLOCK, so that a pipe in the place of a file does not delay the start. */
int probe_open(const struct probe_machine *machine, const char *path, int flags,
               enum probe_trouble *trouble)
{
    char full[LIMIT_PATH];
    if (!probe_below(machine, path, full)) {
        *trouble = PROBE_TOO_LONG;
        return -1;
    }
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
    if (fd < 0)
        *trouble = probe_trouble_of(errno);
    return fd;
}

/* Reads until the end of the file or of the buffer; false on an error, including EAGAIN of a pipe.
 */
static bool read_until_full(int fd, char *buffer, size_t capacity, size_t *length)
{
    for (*length = 0; *length < capacity;) {
        ssize_t count = read(fd, buffer + *length, capacity - *length);
        if (count < 0)
            return false;
        if (count == 0)
            break;
        *length += (size_t)count;
    }
    return true;
}

static struct base_span whole_lines(struct base_span text)
{
    while (text.length > 0 && text.start[text.length - 1] != '\n')
        text.length--;
    return text;
}

bool probe_read(struct probe_machine *machine, struct probe_file *file, const char *directory,
                const char *name)
{
    if (!join_path(file->path, directory, *name ? "/" : "", name)) {
        file->trouble = PROBE_TOO_LONG;
        return false;
    }
    int fd = probe_open(machine, file->path, 0, &file->trouble);
    if (fd < 0)
        return false;
    file->text.start = machine->buffer;
    bool fine = read_until_full(fd, machine->buffer, sizeof machine->buffer, &file->text.length);
    close(fd);
    if (!fine)
        file->trouble = PROBE_UNREADABLE;
    if (file->text.length == sizeof machine->buffer)
        file->text = whole_lines(file->text);
    return fine;
}

bool probe_data_directory(const struct probe_machine *machine, char path[LIMIT_PATH])
{
    const char *given = base_variable(machine->environment, "PGDATA");
    bool fits = join_path(path, given ? given : AZA_POSTGRES_DATA, "", "");
    for (size_t length = strlen(path); length > 0 && path[length - 1] == '/';)
        path[--length] = '\0';
    return fits && (path[0] == '/' || path[0] == '\0');
}

void probe_parent(char *path)
{
    char *slash = strrchr(path, '/');
    path[slash ? slash - path : 0] = '\0';
}

static void set_answer(struct probe_fact *fact, enum probe_state state, const char *why,
                       const char *where)
{
    struct base_sink sink = BASE_SINK(fact->detail);
    fact->state = (uint8_t)state;
    fact->value = 0;
    fact->text = NULL;
    base_put(&sink, why);
    base_put(&sink, where);
}

void probe_set_value(struct probe_fact *fact, int64_t value, const char *where)
{
    set_answer(fact, PROBE_VALUE, "", where);
    fact->value = value;
}

void probe_set_text(struct probe_fact *fact, const char *text, const char *where)
{
    set_answer(fact, PROBE_VALUE, "", where);
    fact->text = text;
}

void probe_set_unlimited(struct probe_fact *fact, const char *where)
{
    set_answer(fact, PROBE_UNLIMITED, "", where);
}

void probe_set_unknown(struct probe_fact *fact, enum probe_trouble trouble, const char *where)
{
    static const char *const DETAILS[] = {
#define X(name, detail) detail,
        PROBE_TROUBLE_LIST
#undef X
    };
    set_answer(fact, PROBE_UNKNOWN, DETAILS[trouble], where);
}
