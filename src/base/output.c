/* Output files, each of which is written completely or not at all.
 *
 * The steps are: open the directory, write a temporary file in it, fsync, rename, fsync the
 * directory. Every step works relative to the open directory: a directory that cannot be opened,
 * and so could not be flushed at the end, fails before anything is written. Only the last step can
 * fail with the new file in place. Of several files all are first written under temporary names, so
 * that the common failures (no space, no permission) happen before any file is replaced. A crash
 * between two renames leaves some files old and some new; each of them is complete. */
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets `why` to "cannot STEP: Permission denied", valid until the next failure. Returns false, for
 * the caller to return. */
static bool fail_step(const char **why, const char *step, int error)
{
    static char sentence[160];
    struct base_sink sink = BASE_SINK(sentence);
    BASE_PUT(&sink, "cannot ", step, ": ", strerror(error));
    *why = sentence;
    return false;
}

/* Opens the directory of a path and finds the name within it. */
static int open_parent(const char *path, const char **name)
{
    char parent[LIMIT_PATH];
    struct base_sink sink = BASE_SINK(parent);
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    base_put_bytes(&sink, path, (size_t)(*name - path));
    if (sink.overflow) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(slash ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Only a plain file may be replaced: a rename over /dev/stdout or a symbolic link would remove it.
 */
static bool may_replace(int directory, const char *name, const char **why)
{
    struct stat status;
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return (errno == ENOENT && *name) || fail_step(why, "replace the file", errno);
    if (S_ISREG(status.st_mode))
        return true;
    *why = "cannot replace the file: it is not a plain file";
    return false;
}

/* Creates an empty file beside the old one; its mode is the given one less the umask. A name that
 * is taken was left by a process that was killed, so the next number is tried. */
static int open_temporary(int directory, char *name, size_t size, mode_t mode)
{
    enum { ATTEMPTS = 100 };
    int fd = -1;
    for (int attempt = 0; attempt < ATTEMPTS && fd < 0; attempt++) {
        snprintf(name, size, ".azc-%ld-%d.tmp", (long)getpid(), attempt);
        fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

static bool write_and_close(int fd, const char *bytes, size_t length, const char **why)
{
    bool good =
        base_write_all(fd, bytes, length) || fail_step(why, "write the temporary file", errno);
    good = good && (fsync(fd) == 0 || fail_step(why, "flush the temporary file", errno));
    return (close(fd) == 0 || !good || fail_step(why, "close the temporary file", errno)) && good;
}

/* Writes the file's bytes under a temporary name, to be renamed or removed later. */
static bool write_temporary(struct base_output *output, const char **why)
{
    const char *name;
    output->directory = open_parent(output->path, &name);
    if (output->directory < 0)
        return fail_step(why, "open the directory", errno);
    if (!may_replace(output->directory, name, why))
        return false;
    char temporary[sizeof output->temporary];
    int fd = open_temporary(output->directory, temporary, sizeof temporary,
                            output->executable ? 0755 : 0644);
    if (fd < 0)
        return fail_step(why, "create a temporary file beside it", errno);
    memcpy(output->temporary, temporary, sizeof temporary);
    return write_and_close(fd, output->bytes, output->length, why);
}

static bool rename_temporary(struct base_output *output, const char **why)
{
    const char *slash = strrchr(output->path, '/'), *name = slash ? slash + 1 : output->path;
    if (renameat(output->directory, output->temporary, output->directory, name) != 0)
        return fail_step(why, "rename the temporary file", errno);
    output->temporary[0] = '\0';
    /* EINVAL: a file system whose directories need no flushing. */
    return fsync(output->directory) == 0 || errno == EINVAL ||
           fail_step(why, "flush the directory", errno);
}

bool base_write_files(struct base_output *outputs, size_t count, size_t *failed, const char **why)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        outputs[i].directory = -1;
        outputs[i].temporary[0] = '\0';
    }
    for (*failed = 0; good && *failed < count; *failed += good)
        good = write_temporary(&outputs[*failed], why);
    for (*failed = good ? 0 : *failed; good && *failed < count; *failed += good)
        good = rename_temporary(&outputs[*failed], why);
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].temporary[0])
            unlinkat(outputs[i].directory, outputs[i].temporary, 0);
        if (outputs[i].directory >= 0)
            close(outputs[i].directory);
    }
    return good;
}

bool base_write_file(const char *path, const char *bytes, size_t length, const char **why)
{
    struct base_output output = {.path = path, .bytes = bytes, .length = length};
    size_t failed;
    return base_write_files(&output, 1, &failed, why);
}

bool base_make_directories(const char *path, const char **why)
{
    char parent[LIMIT_PATH];
    struct base_sink sink = BASE_SINK(parent);
    struct stat status;

    for (const char *at = path; *at;) {
        size_t length = strspn(at, "/");
        length += strcspn(at + length, "/");
        base_put_bytes(&sink, at, length);
        at += length;
        if (sink.overflow)
            return fail_step(why, "make the directory", ENAMETOOLONG);
        if (mkdir(parent, 0777) != 0 && errno != EEXIST)
            return fail_step(why, "make the directory", errno);
    }
    if (stat(path, &status) != 0)
        return fail_step(why, "make the directory", errno);
    return S_ISDIR(status.st_mode) || fail_step(why, "make the directory", ENOTDIR);
}
