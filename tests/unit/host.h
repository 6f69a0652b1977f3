/* A host made up for a test of the runner: the calls below take the place of libc's, put every
 * absolute path below a temporary directory, record what was done, and fail where the test requests
 * it so. So faults need no full disk, and fixed paths such as /proc/self/mountinfo no real one.
 *
 *     host_begin()                      an empty host
 *     host_put("/a/b", "text")          a file, with the directories above it
 *     host_fail("rename", "/a", EIO)    the call fails for paths that begin so
 *     host_log                          "open /a.azr-PID\nfsync /a.azr-PID\nrename /a.azr-PID /a\n"
 */
#ifndef AZA_TESTS_HOST_H
#define AZA_TESTS_HOST_H

#undef _FORTIFY_SOURCE /* its inline functions have the names of those below */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../check.h"
#include "base/limits.h"

static char host_root[64];
static char host_log[8192];
static uid_t host_user;     /* geteuid */
static uid_t host_owner;    /* of every file */
static mode_t host_created; /* the mode with which the last file was created */
static const char *host_failing, *host_failing_path;
static int host_error;

/* --- what the test does --- */

static inline int host_remove(const char *path, const struct stat *status, int kind,
                              struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static inline void host_end(void)
{
    if (host_root[0] != '\0')
        nftw(host_root, host_remove, 16, FTW_DEPTH | FTW_PHYS);
    host_root[0] = '\0';
}

static inline void host_begin(void)
{
    host_end();
    snprintf(host_root, sizeof host_root, "/tmp/host-XXXXXX");
    if (mkdtemp(host_root) == NULL)
        abort();
    host_log[0] = '\0';
    host_user = host_owner = (uid_t)syscall(SYS_geteuid);
    host_failing = NULL;
}

static inline void host_fail(const char *call, const char *path, int error)
{
    host_failing = call;
    host_failing_path = path;
    host_error = error;
}

/* The real path of one on the host. */
static inline const char *host_path(const char *path)
{
    static char full[4][2 * LIMIT_PATH];
    static unsigned next;
    const bool inside = path[0] == '/' && strncmp(path, "/dev/", 5) != 0 &&
                        (host_root[0] == '\0' || strncmp(path, host_root, strlen(host_root)) != 0);
    if (!inside || host_root[0] == '\0')
        return path;
    char *text = full[next++ % 4];
    snprintf(text, sizeof full[0], "%s%s", host_root, path);
    return text;
}

static inline void host_put(const char *path, const char *text)
{
    char full[2 * LIMIT_PATH];
    snprintf(full, sizeof full, "%s", host_path(path));
    for (char *slash = full + strlen(host_root) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        syscall(SYS_mkdirat, AT_FDCWD, full, 0755);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

/* The whole file; "(none)" without one. */
static inline const char *host_get(const char *path)
{
    static char text[8192];
    FILE *file = fopen(host_path(path), "r");
    if (file == NULL)
        return "(none)";
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static inline int host_mode(const char *path)
{
    struct stat status;
    return syscall(SYS_newfstatat, AT_FDCWD, host_path(path), &status, AT_SYMLINK_NOFOLLOW) == 0
               ? (int)(status.st_mode & 07777)
               : -1;
}

static inline bool host_has(const char *path)
{
    return host_mode(path) >= 0;
}

static int host_count;
static inline int host_count_entry(const char *path, const struct stat *status, int kind,
                                   struct FTW *place)
{
    (void)path, (void)status, (void)place;
    host_count += kind == FTW_F;
    return 0;
}

/* How many files there are on the host. */
static inline int host_files(void)
{
    host_count = 0;
    nftw(host_root, host_count_entry, 16, FTW_PHYS);
    return host_count;
}

/* Without standard input the next file is descriptor 0, which is as good as any. */
static inline int host_close_input(void)
{
    const int kept = fcntl(STDIN_FILENO, F_DUPFD, 500);
    syscall(SYS_close, STDIN_FILENO);
    return kept;
}

static inline void host_restore_input(int kept)
{
    dup2(kept, STDIN_FILENO);
    syscall(SYS_close, kept);
}

/* --- what the runner calls --- */

/* Writes the call down, with the process id as PID; whether it is one that fails. */
static inline bool host_fails(const char *call, const char *path, const char *other)
{
    char line[3 * LIMIT_PATH], id[32];
    const size_t root = strlen(host_root);
    if (host_root[0] != '\0' && strncmp(path, host_root, root) == 0)
        path += root;
    snprintf(line, sizeof line, "%s %s%s%s\n", call, path, other[0] != '\0' ? " " : "", other);
    snprintf(id, sizeof id, "azr-%d", (int)syscall(SYS_getpid));
    char *at = strstr(line, id);
    if (at != NULL) {
        memmove(at + 7, at + strlen(id), strlen(at + strlen(id)) + 1);
        memcpy(at, "azr-PID", 7);
    }
    if (strlen(host_log) + strlen(line) < sizeof host_log)
        strcat(host_log, line);
    const bool fails = host_failing != NULL && strcmp(host_failing, call) == 0 &&
                       strncmp(host_failing_path, path, strlen(host_failing_path)) == 0;
    if (fails)
        errno = host_error;
    return fails;
}

/* The path of a descriptor; "" if it is not a file of the host. */
static inline const char *host_file(int fd)
{
    static char path[2 * LIMIT_PATH];
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return strncmp(path, host_root, strlen(host_root)) == 0 ? path : "";
}

/* How many files of the host are open. */
static inline int host_open_files(void)
{
    int count = 0;
    for (int fd = 3; fd < 64; fd++)
        count += host_file(fd)[0] != '\0';
    return count;
}

/* What an open is called in the log: by what it is for. */
static inline const char *host_opening(int flags)
{
    if (flags & O_CREAT)
        return "create";
    return (flags & O_ACCMODE) == O_RDONLY ? "open" : "update";
}

/* The C library has its own names for the parameters.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    host_created = flags & O_CREAT ? mode : host_created;
    return host_fails(host_opening(flags), path, "")
               ? -1
               : (int)syscall(SYS_openat, AT_FDCWD, host_path(path), flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    host_created = flags & O_CREAT ? mode : host_created;
    return host_fails(host_opening(flags), path, "")
               ? -1
               : (int)syscall(SYS_openat, directory, host_path(path), flags, mode);
}

int access(const char *path, int mode)
{
    return host_fails("access", path, "")
               ? -1
               : (int)syscall(SYS_faccessat, AT_FDCWD, host_path(path), mode);
}

int stat(const char *restrict path, struct stat *restrict status)
{
    if (host_fails("stat", path, ""))
        return -1;
    const long result = syscall(SYS_newfstatat, AT_FDCWD, host_path(path), status, 0);
    status->st_uid = host_owner;
    status->st_gid = host_owner + 1;
    return (int)result;
}

int mkdir(const char *path, mode_t mode)
{
    return host_fails("mkdir", path, "")
               ? -1
               : (int)syscall(SYS_mkdirat, AT_FDCWD, host_path(path), mode);
}

int unlink(const char *path)
{
    return host_fails("unlink", path, "")
               ? -1
               : (int)syscall(SYS_unlinkat, AT_FDCWD, host_path(path), 0);
}

int rename(const char *from, const char *to)
{
    return host_fails("rename", from, to)
               ? -1
               : (int)syscall(SYS_renameat2, AT_FDCWD, host_path(from), AT_FDCWD, host_path(to), 0);
}

int unlinkat(int directory, const char *path, int flags)
{
    return host_fails("unlink", path, "")
               ? -1
               : (int)syscall(SYS_unlinkat, directory, host_path(path), flags);
}

int linkat(int from, const char *path, int to, const char *name, int flags)
{
    return host_fails("link", path, name) ? -1
                                          : (int)syscall(SYS_linkat, from, path, to, name, flags);
}

int fsync(int fd)
{
    return host_fails("fsync", host_file(fd), "") ? -1 : 0;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    const char *path = host_file(fd);
    return path[0] != '\0' && host_fails("write", path, "") ? -1
                                                            : syscall(SYS_write, fd, bytes, length);
}

int close(int fd)
{
    const bool fails = host_fails("close", host_file(fd), "");
    const int error = errno;
    const int result = (int)syscall(SYS_close, fd);
    errno = error;
    return fails ? -1 : result;
}

int fchmod(int fd, mode_t mode)
{
    return host_fails("fchmod", host_file(fd), "") ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int fchown(int fd, uid_t user, gid_t group)
{
    char text[64];
    snprintf(text, sizeof text, "%d:%d", (int)user, (int)group);
    return host_fails("fchown", host_file(fd), text) ? -1 : 0;
}

int flock(int fd, int operation)
{
    return host_fails("flock", host_file(fd), "") ? -1 : (int)syscall(SYS_flock, fd, operation);
}

uid_t geteuid(void)
{
    return host_user;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

#endif
