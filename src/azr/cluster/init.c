/* One server at a time, and no server on half of a first start. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"

enum { LOCK_DESCRIPTOR_MIN = 64 }; /* beyond what scripts take for themselves */

static struct cluster_path beside(const struct cluster *cluster, const char *suffix)
{
    struct cluster_path path = {""};
    struct base_sink sink = BASE_SINK(path.text);
    BASE_PUT(&sink, cluster->stem, suffix);
    return path;
}

/* --- the lock --- */

/* Whoever made the file, root or the server's user, the other may lock it. Such kernels as protect
 * files in sticky directories let nobody else open it with O_CREAT. */
static int open_lock(const char *path)
{
    const int fd = open(path, O_RDWR | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0644);
    return fd < 0 && errno == EACCES ? open(path, O_RDONLY | O_NOFOLLOW) : fd;
}

/* The descriptor stays open through every exec, so the lock lives as long as the last process of
 * the server. A data directory that is a mount point is locked itself: what lies beside it is
 * another file system, which other containers do not see. */
int cluster_lock(const struct cluster *cluster)
{
    const struct cluster_path path = beside(cluster, ".aza.lock");
    const char *name = cluster->mounted ? cluster->data : path.text;
    cluster_make_parents(name);
    const int fd = cluster->mounted ? open(name, O_RDONLY | O_DIRECTORY) : open_lock(name);
    if (fd < 0)
        return cluster_refuse_path(cluster->session, name, errno);
    const int kept = (int)syscall(SYS_fcntl, fd, F_DUPFD, LOCK_DESCRIPTOR_MIN);
    if (kept >= 0)
        close(fd);
    if (flock(kept >= 0 ? kept : fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK) {
        BASE_PUT(&cluster->session->warnings, name,
                 ": this file system cannot lock; nothing keeps a second server off\n");
        return 0;
    }
    BASE_PUT(&cluster->session->refusals, cluster->data,
             " is in use: another container, or its first start, holds ", name,
             "; stop that one first\n");
    return SESSION_BUSY;
}

/* --- the marker --- */

#define MARKER ".aza-init-in-progress"

static int refuse_half(const struct cluster *cluster, const char *marker)
{
    return CLUSTER_REFUSE(
        cluster, cluster->data,
        ": its first start did not finish, and objects may be missing. To start from "
        "nothing: rm -rf ",
        cluster->data, " ", marker, "; to keep what is there as it is: rm ", marker, "\n");
}

int cluster_look_for_marker(const struct cluster *cluster)
{
    const struct cluster_path marker = beside(cluster, MARKER);
    if (access(marker.text, F_OK) != 0 || !cluster_holds_something(cluster->data))
        return 0;
    return refuse_half(cluster, marker.text);
}

static bool set_marker(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    return fd >= 0 && close(fd) == 0 && cluster_sync_parent(path);
}

static void drop_marker(const char *path)
{
    unlink(path);
    cluster_sync_parent(path);
}

/* --- the first start --- */

/* Our programs lie beside the entrypoint: there, or on PATH as it does. */
static struct cluster_path companion(const char *entrypoint, const char *name)
{
    struct cluster_path path = {""};
    struct base_sink sink = BASE_SINK(path.text);
    const char *slash = strrchr(entrypoint, '/');
    base_put_bytes(&sink, entrypoint, slash != NULL ? (size_t)(slash + 1 - entrypoint) : 0);
    base_put(&sink, name);
    return path;
}

static int refuse_failure(const struct cluster *cluster, const char *marker, int code)
{
    struct base_sink *refusals = &cluster->session->refusals;
    base_put(refusals, "the first start failed with exit code ");
    base_put_int(refusals, code);
    base_put(refusals, "; why stands above\n");
    if (cluster_holds_something(cluster->data))
        refuse_half(cluster, marker);
    else
        drop_marker(marker);
    return code;
}

int cluster_initialise(const struct cluster *cluster, const char **words,
                       const char *const *environment)
{
    const char *entrypoint = words[0];
    const struct cluster_path marker = beside(cluster, MARKER),
                              init = companion(entrypoint, "docker-ensure-initdb.sh");
    if (!set_marker(marker.text))
        return cluster_refuse_path(cluster->session, marker.text, errno);
    words[0] = init.text;
    const int code = cluster_run_child(words, environment);
    words[0] = entrypoint;
    if (code != 0)
        return refuse_failure(cluster, marker.text, code);
    drop_marker(marker.text);
    return 0;
}

/* --- a copy --- */

int cluster_copy_primary(const struct cluster *cluster, const char *entrypoint,
                         const char *const *environment)
{
    const struct cluster_path program = companion(entrypoint, "aza-replicate.sh");
    const char *const words[] = {program.text, cluster->data, NULL};
    if (cluster->mounted)
        return CLUSTER_REFUSE(cluster, cluster->data,
                              " is a mount point, which a copy cannot become; "
                              "mount the volume at its parent\n");
    return cluster_run_child(words, environment);
}
