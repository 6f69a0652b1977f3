/* Files, read and written whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/azr_cluster.h"

ssize_t azr_read_text(const char *path, char *text, size_t capacity)
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

void azr_make_parents(const char *path)
{
    char parent[AZA_PATH_MAX];
    for (size_t i = 1; i < sizeof parent && path[i] != '\0'; i++) {
        if (path[i] != '/')
            continue;
        memcpy(parent, path, i);
        parent[i] = '\0';
        mkdir(parent, 0755);
    }
}

static bool fill(int fd, const struct azr_cluster *cluster, const struct aza_sink *text)
{
    return fchmod(fd, 0600) == 0 &&
           (geteuid() != 0 || fchown(fd, cluster->uid, cluster->gid) == 0) &&
           aza_write_all(fd, text->data, text->length) && fsync(fd) == 0;
}

bool azr_write_file(const struct azr_cluster *cluster, const char *path,
                    const struct aza_sink *text)
{
    char name[AZA_PATH_MAX] = "";
    struct aza_sink temporary = AZA_SINK(name);
    AZA_PUT(&temporary, path, ".new");
    azr_make_parents(path);
    unlink(name);
    const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && fill(fd, cluster, text);
    if (fd >= 0)
        written = close(fd) == 0 && written;
    written = written && rename(name, path) == 0;
    const int error = errno;
    if (!written && fd >= 0)
        unlink(name);
    errno = error;
    return written;
}

bool azr_sync_parent(const char *path)
{
    char parent[AZA_PATH_MAX] = "";
    struct aza_sink sink = AZA_SINK(parent);
    aza_put(&sink, path);
    azf_parent(parent);
    const int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

/* The mount table has the mount point of each line between blanks. */
bool azr_is_mount(const char *path)
{
    static char table[AZA_PROC_BYTES_MAX];
    char words[AZA_PATH_MAX] = "";
    struct aza_sink sink = AZA_SINK(words);
    AZA_PUT(&sink, " ", path, " ");
    return azr_read_text("/proc/self/mountinfo", table, sizeof table) > 0 &&
           strstr(table, words) != NULL;
}
