/* Files of the runner: reading into a buffer, examining directories, and writing through a
 * temporary file that is synced and renamed.
 *
 * A file is created with mode 0600 and gets its owner and mode last, so that its contents are never
 * readable by others in between. Its bytes are on disk before the rename, so that after a crash the
 * name refers to the old file or to the complete new one. O_EXCL and O_NOFOLLOW keep a link planted
 * under the temporary name from being followed.
 *
 * The functions that write keep errno of the failed call across their own cleaning up: the caller
 * reports it. */
#include "azr/cluster/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* rename */
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "probe/probe.h"

/* --- reading --- */

/* O_NONBLOCK and O_NOCTTY: a path may name a pipe or a terminal, which must not block the start. */
ssize_t cluster_read_text(const char *path, char *text, size_t capacity)
{
    size_t length = 0;
    ssize_t got = -1;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return -1;
    while (length < capacity - 1 && (got = read(fd, text + length, capacity - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    text[length] = '\0';
    return got < 0 ? -1 : (ssize_t)length;
}

/* The system call itself, because opendir allocates. One call is enough: "." and ".." are 24 bytes
 * each, so a directory with any other entry returns more. */
bool cluster_has_entries(const char *path)
{
    enum { DOTS = 2 * 24 };
    _Alignas(8) char entries[512];
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT;
    const long got = syscall(SYS_getdents64, fd, entries, sizeof entries);
    close(fd);
    return got < 0 || got > DOTS;
}

/* In the mount table, the mount point is surrounded by blanks. */
bool cluster_is_mount(const char *path)
{
    static char table[LIMIT_PROC_BYTES];
    char words[LIMIT_PATH] = "";
    struct base_sink sink = BASE_SINK(words);
    BASE_PUT(&sink, " ", path, " ");
    return cluster_read_text("/proc/self/mountinfo", table, sizeof table) > 0 &&
           base_find(base_span_of(table), words) != NULL;
}

/* --- parent directories --- */

void cluster_make_parents(const char *path)
{
    char parent[LIMIT_PATH];
    for (size_t i = 1; i < sizeof parent && path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        memcpy(parent, path, i);
        parent[i] = '\0';
        mkdir(parent, 0755);
    }
}

struct cluster_path cluster_parent(const char *path)
{
    struct cluster_path parent = {""};
    struct base_sink sink = BASE_SINK(parent.text);
    base_put(&sink, path);
    probe_parent(parent.text);
    if (parent.text[0] == '\0')
        memcpy(parent.text, "/", sizeof "/");
    return parent;
}

bool cluster_sync_parent(const char *path)
{
    const int fd = open(cluster_parent(path).text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

/* --- refusals --- */

int cluster_refuse_path(struct session *session, const char *path, int error)
{
    struct base_sink *sink = &session->refusals;
    BASE_PUT(sink, path, " cannot be used by user ");
    base_put_int(sink, geteuid());
    base_put(sink, ": ");
    base_put_error(sink, error);
    BASE_PUT(sink, "; mount a volume or a tmpfs at ", cluster_parent(path).text,
             " that this user can write to\n");
    return SESSION_REFUSED;
}

/* --- writing --- */

/* The process id makes the name unique; a file left by a dead process of the same id is removed. */
static struct cluster_path temporary_path(const char *path)
{
    struct cluster_path name = {""};
    struct base_sink sink = BASE_SINK(name.text);
    BASE_PUT(&sink, path, ".azr-");
    base_put_int(&sink, getpid());
    return name;
}

/* A file created by root is given to the owner of its directory, as the command may run as that
 * user. */
static bool give_to_owner(int fd, const char *path)
{
    struct stat status;
    return geteuid() != 0 ||
           (stat(cluster_parent(path).text, &status) == 0 &&
            (status.st_uid == 0 || fchown(fd, status.st_uid, status.st_gid) == 0));
}

void cluster_drop_file(const char *path)
{
    unlink(temporary_path(path).text);
}

int cluster_begin_file(const char *path)
{
    cluster_drop_file(path);
    return open(temporary_path(path).text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0600);
}

/* fchmod sets the mode regardless of the umask, after everything else. */
bool cluster_end_file(int fd, const char *path, mode_t mode, bool filled)
{
    if (fd < 0)
        return false;
    const bool whole = filled && give_to_owner(fd, path) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    const int error = errno;
    if (close(fd) == 0 && whole)
        return true;
    const int closing = errno;
    cluster_drop_file(path);
    errno = whole ? closing : error;
    return false;
}

bool cluster_place_file(const char *path)
{
    if (rename(temporary_path(path).text, path) == 0)
        return true;
    const int error = errno;
    cluster_drop_file(path);
    errno = error;
    return false;
}
