/* The life cycle of a data directory, from nothing to a running server.
 *
 * Three failures in containers are not detected by the server itself: two servers on one volume, an
 * interrupted first start that left a seemingly complete cluster, and an interrupted copy of a
 * primary. Therefore a cluster is locked before anything is examined; a marker file next to it
 * exists while a first start is in progress; and a copy is renamed into place once it is complete.
 * A cluster created by the official image has no marker and needs none. Nothing here removes a data
 * directory, or writes to one that is not empty.
 *
 * The functions return 0, or an exit status with a sentence in the session's refusals. */
#ifndef AZA_AZR_CLUSTER_CLUSTER_H
#define AZA_AZR_CLUSTER_CLUSTER_H

#include "azr/cluster/file.h"
#include "version.h"

/* For files that must not outlive the container; a tmpfs. */
#define CLUSTER_RUN "/run/aza"

struct cluster {
    struct session *session;
    const char *const *environment;
    char data[LIMIT_PATH]; /* the data directory */
    char stem[LIMIT_PATH]; /* common prefix of the lock's and the marker's path */
    bool mounted;          /* the directory itself is a mount point */
    bool empty;            /* it has no entries, or does not exist */
    bool standby;          /* standby.signal exists: it follows a primary */
    bool replica;          /* POSTGRES_ROLE=replica: it should */
};

/* --- cluster.c --- */

/* Locks the cluster that PGDATA names and checks whether a server may be started on it; fills
 * `cluster`. SESSION_BUSY if another process holds the lock, SESSION_REFUSED if a check fails. */
int cluster_open(struct cluster *cluster, const char *const *environment, struct session *session);
/* The value that the rules resolved for an environment variable; for one that they do not read, its
 * own value, else `fallback`. */
const char *cluster_option(const struct cluster *cluster, const char *variable,
                           const char *fallback);

/* --- init.c --- */

/* Takes the lock until the last process that inherits it ends. SESSION_BUSY if it is held. On a
 * file system without locks, warns and succeeds. */
int cluster_lock(const struct cluster *cluster);
/* Refuses a cluster whose first start was interrupted. */
int cluster_check_marker(const struct cluster *cluster);
/* Runs the first start as a child process, with the entrypoint's words and the environment. On
 * failure returns the child's exit status. `words` is unchanged afterwards. */
int cluster_initialise(const struct cluster *cluster, const char **words,
                       const char *const *environment);
/* Copies the primary into the directory with aza-replicate.sh, found next to the entrypoint.
 * Returns the script's exit status; refuses a mount point, which a rename cannot replace. */
int cluster_copy_primary(const struct cluster *cluster, const char *entrypoint,
                         const char *const *environment);

/* --- apply.c --- */

/* Writes the settings to `path`, for the server to include, without those of the command line and
 * those that must stay flags. Warns if the server's configuration does not include the file. */
int cluster_write_settings(const struct cluster *cluster, const char *path);
/* Whether a setting must stay a flag because it names the location of files. */
bool cluster_is_place(struct base_span name);
/* The value of a setting; false if neither the rules nor the operator set it. */
bool cluster_find_setting(const struct session *session, const char *name, struct base_sink *value);

/* --- child.c --- */

/* Runs a program to completion and returns its exit status as a shell does: 128 + N after signal N.
 * Signals that should end azr are forwarded to it, and then the status is never 0. */
int cluster_run_child(const char *const *argv, const char *const *environment);

/* --- exec.c --- */

/* Replaces this process by the program argv[0], which is searched on PATH if it contains no slash.
 * Returns only on failure: prints the error and returns the shell's exit status for it. `remedy` is
 * appended if the program was not found. */
int cluster_exec_program(const char *const *argv, const char *const *environment,
                         const char *remedy);
/* The same, for the entrypoint. */
int cluster_exec_entrypoint(const char *const *argv, const char *const *environment);

#endif
