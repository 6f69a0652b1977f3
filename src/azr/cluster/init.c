/* The lock, the first start and the copy of a primary.
 *
 * The lock keeps a second server off a volume. PostgreSQL's postmaster.pid does not: it contains a
 * process id, which means nothing in another container. The lock is on an open file description, so
 * it is inherited by the server and released by the kernel however the container ends.
 *
 * A marker file next to the data directory exists from before the first start until its success. It
 * is synced to disk before the first start and removed after it; if azr finds one beside a
 * directory with entries, the first start was interrupted and the cluster may be incomplete.
 * Neither is repaired or removed here: the message names both commands, and the operator decides.
 *
 * A copy needs no marker: aza-replicate.sh renames it into place once it is complete. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"

enum { LOCK_DESCRIPTOR_MIN = 64 }; /* above the descriptors that scripts use */

static struct cluster_path path_with_suffix(const struct cluster *cluster, const char *suffix)
{
    struct cluster_path path = {""};
    struct base_sink sink = BASE_SINK(path.text);
    BASE_PUT(&sink, cluster->stem, suffix);
    return path;
}

/* --- the lock --- */

/* The file can be created by root or by the server's user, and the other must be able to lock it.
 * Kernels that protect files in sticky directories refuse O_CREAT to anyone but its owner. */
static int open_lock(const char *path)
{
    const int fd = open(path, O_RDWR | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0644);
    return fd < 0 && errno == EACCES ? open(path, O_RDONLY | O_NOFOLLOW) : fd;
}

/* The descriptor stays open through every exec, so the lock is held until the last process of the
 * server ends. A data directory that is a mount point is locked itself: its parent is on another
 * file system, which other containers do not share. */
int cluster_lock(const struct cluster *cluster)
{
    const struct cluster_path path = path_with_suffix(cluster, ".aza.lock");
    const char *name = cluster->mounted ? cluster->data : path.text;
    cluster_make_parents(name);
    const int fd = cluster->mounted ? open(name, O_RDONLY | O_DIRECTORY) : open_lock(name);
    if (fd < 0)
        return cluster_refuse_path(cluster->session, name, errno);
    /* The system call itself: libc's fcntl is larger and does nothing more for F_DUPFD. If no high
     * descriptor is free, the low one holds the lock as well. */
    const int kept = (int)syscall(SYS_fcntl, fd, F_DUPFD, LOCK_DESCRIPTOR_MIN);
    if (kept >= 0)
        close(fd);
    if (flock(kept >= 0 ? kept : fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK) {
        BASE_PUT(&cluster->session->warnings, name,
                 ": this file system has no locks, so a second server would not be detected\n");
        return 0;
    }
    BASE_PUT(&cluster->session->refusals, cluster->data,
             " is in use: another container, or its first start, holds the lock ", name,
             "; stop that container first\n");
    return SESSION_BUSY;
}

/* --- the marker --- */

/* The path of the marker is the stem followed by this name. */
#define MARKER ".aza-init-in-progress"

static int refuse_incomplete_cluster(const struct cluster *cluster, const char *marker)
{
    return CLUSTER_REFUSE(
        cluster, cluster->data,
        ": its first start did not finish, so objects may be missing. To start over: "
        "rm -rf ",
        cluster->data, " ", marker, "; to keep the cluster as it is: rm ", marker, "\n");
}

/* A marker beside an empty directory is a leftover of a first start that created nothing; the next
 * first start replaces it. */
int cluster_check_marker(const struct cluster *cluster)
{
    const struct cluster_path marker = path_with_suffix(cluster, MARKER);
    if (access(marker.text, F_OK) != 0 || !cluster_has_entries(cluster->data))
        return 0;
    return refuse_incomplete_cluster(cluster, marker.text);
}

static bool create_marker(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    return fd >= 0 && close(fd) == 0 && cluster_sync_parent(path);
}

/* A failure is not reported: the marker then stays, and the next start refuses with a remedy. */
static void remove_marker(const char *path)
{
    unlink(path);
    cluster_sync_parent(path);
}

/* --- the first start --- */

/* Our own programs are installed next to the entrypoint: in its directory, or on PATH like it. */
static struct cluster_path companion_program(const char *entrypoint, const char *name)
{
    struct cluster_path path = {""};
    struct base_sink sink = BASE_SINK(path.text);
    const char *slash = strrchr(entrypoint, '/');
    base_put_bytes(&sink, entrypoint, slash != NULL ? (size_t)(slash + 1 - entrypoint) : 0);
    base_put(&sink, name);
    return path;
}

/* Returns the child's exit status, which becomes azr's. The marker stays if the child left anything
 * behind. */
static int refuse_failed_start(const struct cluster *cluster, const char *marker, int code)
{
    struct base_sink *refusals = &cluster->session->refusals;
    base_put(refusals, "the first start failed with exit code ");
    base_put_int(refusals, code);
    base_put(refusals, "; see the log above\n");
    if (cluster_has_entries(cluster->data))
        refuse_incomplete_cluster(cluster, marker);
    else
        remove_marker(marker);
    return code;
}

/* The child is the official image's docker-ensure-initdb.sh, which runs the same steps as the
 * entrypoint but does not start the server. It gets the server's words, because initialisation
 * starts a temporary server with them. */
int cluster_initialise(const struct cluster *cluster, const char **words,
                       const char *const *environment)
{
    const char *entrypoint = words[0];
    const struct cluster_path marker = path_with_suffix(cluster, MARKER),
                              init = companion_program(entrypoint, "docker-ensure-initdb.sh");
    if (!create_marker(marker.text))
        return cluster_refuse_path(cluster->session, marker.text, errno);
    words[0] = init.text;
    const int code = cluster_run_child(words, environment);
    words[0] = entrypoint;
    if (code != 0)
        return refuse_failed_start(cluster, marker.text, code);
    remove_marker(marker.text);
    return 0;
}

/* --- a copy --- */

int cluster_copy_primary(const struct cluster *cluster, const char *entrypoint,
                         const char *const *environment)
{
    const struct cluster_path program = companion_program(entrypoint, "aza-replicate.sh");
    const char *const words[] = {program.text, cluster->data, NULL};
    if (cluster->mounted)
        return CLUSTER_REFUSE(cluster, cluster->data,
                              " is a mount point, which a copy cannot replace; "
                              "mount the volume at its parent directory\n");
    return cluster_run_child(words, environment);
}
