/* Files below the machine's root, the environment, and the answers made of them. */
#include "probe/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DATA_DIRECTORY "/var/lib/postgresql/18/docker"

enum azf_trouble azf_trouble_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return AZF_ABSENT;
    case EACCES:
    case EPERM:
        return AZF_DENIED;
    case ENAMETOOLONG:
        return AZF_TOO_LONG;
    default:
        return AZF_UNREADABLE;
    }
}

/* Puts the texts one after the other; false when they do not fit. */
static bool join(char out[AZA_PATH_MAX], const char *first, const char *second, const char *third)
{
    struct aza_sink sink = {.data = out, .capacity = AZA_PATH_MAX};
    out[0] = '\0';
    AZA_PUT(&sink, first, second, third);
    return !sink.overflow;
}

bool azf_below(const struct azf_machine *machine, const char *path, char full[AZA_PATH_MAX])
{
    return join(full, machine->root, path, "");
}

/* O_NONBLOCK: a pipe in the place of a file must not hold up the start. */
int azf_open(const struct azf_machine *machine, const char *path, int flags,
             enum azf_trouble *trouble)
{
    char full[AZA_PATH_MAX];
    if (!azf_below(machine, path, full)) {
        *trouble = AZF_TOO_LONG;
        return -1;
    }
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
    if (fd < 0)
        *trouble = azf_trouble_of(errno);
    return fd;
}

/* Bytes read until the end of the file or of the buffer; false on an error. */
static bool read_all(int fd, char *buffer, size_t capacity, size_t *length)
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

static struct aza_span whole_lines(struct aza_span text)
{
    while (text.length > 0 && text.start[text.length - 1] != '\n')
        text.length--;
    return text;
}

bool azf_read(struct azf_machine *machine, struct azf_file *file, const char *directory,
              const char *name)
{
    if (!join(file->path, directory, *name ? "/" : "", name)) {
        file->trouble = AZF_TOO_LONG;
        return false;
    }
    int fd = azf_open(machine, file->path, 0, &file->trouble);
    if (fd < 0)
        return false;
    file->text.start = machine->buffer;
    bool fine = read_all(fd, machine->buffer, sizeof machine->buffer, &file->text.length);
    close(fd);
    if (!fine)
        file->trouble = AZF_UNREADABLE;
    if (file->text.length == sizeof machine->buffer)
        file->text = whole_lines(file->text);
    return fine;
}

const char *azf_variable(const struct azf_machine *machine, const char *name)
{
    size_t length = strlen(name);
    for (const char *const *entry = machine->environment; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return (*entry)[length + 1] ? *entry + length + 1 : NULL;
    return NULL;
}

bool azf_data_directory(const struct azf_machine *machine, char path[AZA_PATH_MAX])
{
    const char *given = azf_variable(machine, "PGDATA");
    bool fits = join(path, given ? given : DATA_DIRECTORY, "", "");
    for (size_t length = strlen(path); length > 0 && path[length - 1] == '/';)
        path[--length] = '\0';
    return fits && (path[0] == '/' || path[0] == '\0');
}

void azf_parent(char *path)
{
    char *slash = strrchr(path, '/');
    path[slash ? slash - path : 0] = '\0';
}

static void answer(struct azf_fact *fact, enum azf_state state, const char *why, const char *where)
{
    struct aza_sink sink = AZA_SINK(fact->detail);
    fact->state = (uint8_t)state;
    fact->value = 0;
    fact->text = NULL;
    aza_put(&sink, why);
    aza_put(&sink, where);
}

void azf_set_value(struct azf_fact *fact, int64_t value, const char *where)
{
    answer(fact, AZF_VALUE, "", where);
    fact->value = value;
}

void azf_set_text(struct azf_fact *fact, const char *text, const char *where)
{
    answer(fact, AZF_VALUE, "", where);
    fact->text = text;
}

void azf_set_unlimited(struct azf_fact *fact, const char *where)
{
    answer(fact, AZF_UNLIMITED, "", where);
}

void azf_set_unknown(struct azf_fact *fact, enum azf_trouble trouble, const char *where)
{
    static const char *const WORDS[AZF_TROUBLES] = {
        [AZF_ABSENT] = "no such file: ",
        [AZF_DENIED] = "permission denied: ",
        [AZF_UNREADABLE] = "cannot be read: ",
        [AZF_GARBAGE] = "garbage in ",
        [AZF_SILENT] = "nothing about it in ",
        [AZF_TOO_LONG] = "too long: ",
        [AZF_TOO_DEEP] = "too many directories in one another: ",
        [AZF_RELATIVE] = "not a path from the root: ",
        [AZF_NO_DEVICE] = "not on a disk of its own: ",
        [AZF_NO_NAME] = "a file system without a name here: ",
        [AZF_NOT_MEMORY] = "not a file system in memory: ",
        [AZF_OTHER_VERSION] = "not of PostgreSQL 18: ",
        [AZF_NO_STANDBY] = "not a standby: ",
    };
    answer(fact, AZF_UNKNOWN, WORDS[trouble], where);
}
