/* The installed server: its libraries and its version.
 *
 * The libraries are the *.so files of its library directory, sorted by name, so that the result
 * does not depend on the order of the file system. They are listed with getdents64, since opendir
 * allocates. The version is that of PG_VERSION, which the official image sets; otherwise the
 * server's program is searched for the text that it prints, because running it would take longer
 * than all other probes together. */
#include "probe/parts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "version.h"

/* A path, optionally with the value of an environment variable in it; if that is not set, the place
 * is skipped. */
struct place {
    const char *before, *variable, *after;
};

static const struct place LIBRARIES[] = {
    {"", "PG_LIBDIR", ""},
    {AZA_POSTGRES_SERVERS "/", "PG_MAJOR", "/lib"},
    {AZA_POSTGRES_SERVER "/lib", NULL, ""},
    {"/usr/local/lib/postgresql", NULL, ""},
};

/* Not /usr/local/bin: the official image has its server there, but sets PG_VERSION, and on other
 * machines the program there can have any version. */
static const struct place PROGRAMS[] = {
    {AZA_POSTGRES_SERVERS "/", "PG_MAJOR", "/bin/postgres"},
    {AZA_POSTGRES_SERVER "/bin/postgres", NULL, ""},
};

static bool name_place(const struct probe_machine *machine, const struct place *place,
                       char path[LIMIT_PATH])
{
    const char *variable =
        place->variable ? base_variable(machine->environment, place->variable) : "";
    struct base_sink sink = {.data = path, .capacity = LIMIT_PATH};
    if (!variable)
        return false;
    BASE_PUT(&sink, place->before, variable, place->after);
    return !sink.overflow && path[0] == '/';
}

/* Opens the first place that exists; -1 if there is none or it cannot be opened. `path` is the last
 * place tried. */
static int open_first(const struct probe_machine *machine, const struct place *places, size_t count,
                      int flags, char path[LIMIT_PATH], enum probe_trouble *trouble)
{
    int fd = -1;
    *trouble = PROBE_ABSENT;
    for (size_t i = 0; i < count && fd < 0 && *trouble == PROBE_ABSENT; i++)
        if (name_place(machine, &places[i], path))
            fd = probe_open(machine, path, flags, trouble);
    return fd;
}

/* One entry of a directory as getdents64 gives it. */
struct entry {
    uint64_t inode;
    int64_t next;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* The names that end in ".so", without that ending, each followed by a NUL. They are stored in the
 * second half of the machine's buffer; directory entries are read into the first. */
struct names {
    char *text;
    size_t used;
    uint16_t sorted[LIMIT_TEXT_VALUE / 2]; /* offsets of the names, in order */
    size_t count;
};

static bool is_plain_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (!(base_is_letter(c) || base_is_digit(c) || c == '_' || c == '-' || c == '+' ||
              c == '.'))
            return false;
    }
    return length > 0 && name[0] != '.';
}

/* The index in `sorted` at which the name is to be inserted. */
static size_t sorted_position(const struct names *names, const char *name)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(names->text + names->sorted[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Inserts the name if it is that of a library; false if the list would be too long. */
static bool add_library(struct names *names, const char *file_name)
{
    size_t length = strlen(file_name);
    if (length < 3 || strcmp(file_name + length - 3, ".so") != 0 ||
        !is_plain_name(file_name, length - 3))
        return true;
    length -= 3;
    if (names->used + length + 1 > LIMIT_TEXT_VALUE)
        return false;
    char *name = names->text + names->used;
    memcpy(name, file_name, length);
    name[length] = '\0';
    size_t at = sorted_position(names, name);
    memmove(names->sorted + at + 1, names->sorted + at,
            (names->count - at) * sizeof *names->sorted);
    names->sorted[at] = (uint16_t)names->used;
    names->count++;
    names->used += length + 1;
    return true;
}

/* False if the directory cannot be read or contains too many names. */
static bool list_libraries(struct probe_machine *machine, int fd, struct names *names,
                           enum probe_trouble *trouble)
{
    long length = 1;
    for (int reads = 0; reads < LIMIT_READS && length > 0; reads++) {
        length = syscall(SYS_getdents64, fd, machine->buffer, sizeof machine->buffer / 2);
        for (long at = 0; at < length;) {
            const struct entry *entry = (const void *)(machine->buffer + at);
            *trouble = PROBE_TOO_LONG;
            if (!add_library(names, entry->name))
                return false;
            at += entry->length;
        }
    }
    *trouble = length > 0 ? PROBE_TOO_LONG : PROBE_UNREADABLE;
    return length == 0;
}

void probe_ask_libraries(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH];
    enum probe_trouble trouble;
    struct names names;
    struct base_sink list = BASE_SINK(machine->libraries);
    names.text = machine->buffer + sizeof machine->buffer / 2;
    names.used = names.count = 0;
    int fd = open_first(machine, LIBRARIES, sizeof LIBRARIES / sizeof *LIBRARIES, O_DIRECTORY, path,
                        &trouble);
    bool fine = fd >= 0 && list_libraries(machine, fd, &names, &trouble);
    if (fd >= 0)
        close(fd);
    if (!fine) {
        probe_set_unknown(fact, trouble, path);
        return;
    }
    machine->libraries[0] = '\0';
    for (size_t i = 0; i < names.count; i++)
        BASE_PUT(&list, i ? "," : "", names.text + names.sorted[i]);
    probe_set_text(fact, machine->libraries, path);
}

/* Searches a program for the text that `postgres --version` prints. The end of each read is moved
 * to the beginning of the buffer, in front of the next read, so that a text that spans two reads is
 * found. The search ends when the text is found with room for a version behind it. */
static bool find_server_version(struct probe_machine *machine, int fd, int64_t *version)
{
    static const char SENTENCE[] = "postgres (PostgreSQL) ";
    const size_t words = sizeof SENTENCE - 1, number = 16;
    char *buffer = machine->buffer;
    const char *found = NULL;
    size_t length = 0, rest = 0;
    ssize_t count = 1;
    for (int reads = 0; reads < LIMIT_READS && count > 0 && rest < words + number; reads++) {
        size_t kept = length < words + number ? length : words + number;
        memmove(buffer, buffer + length - kept, kept);
        count = read(fd, buffer + kept, sizeof machine->buffer - kept);
        length = kept + (count > 0 ? (size_t)count : 0);
        found = base_find((struct base_span){buffer, length}, SENTENCE);
        rest = found ? (size_t)(buffer + length - found) : 0;
    }
    return found && probe_scan_version((struct base_span){found + words, rest - words}, version);
}

void probe_ask_server_version(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH];
    enum probe_trouble trouble;
    int64_t version;
    const char *given = base_variable(machine->environment, "PG_VERSION");
    if (given && probe_scan_version(base_span_of(given), &version)) {
        probe_set_value(fact, version, "PG_VERSION");
        return;
    }
    int fd = open_first(machine, PROGRAMS, sizeof PROGRAMS / sizeof *PROGRAMS, 0, path, &trouble);
    bool found = fd >= 0 && find_server_version(machine, fd, &version);
    if (fd >= 0)
        close(fd);
    if (found)
        probe_set_value(fact, version, path);
    else
        probe_set_unknown(fact, fd >= 0 ? PROBE_SILENT : trouble, path);
}
