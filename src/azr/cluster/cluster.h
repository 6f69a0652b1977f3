/* The life of a server's data directory, from nothing to a running server.
 *
 * Three things go wrong in containers and are not told by the server itself: two servers on one
 * volume, a first start that was interrupted and left a cluster that looks whole, and a copy of a
 * primary that was. So a cluster is locked before anything is looked at; a marker beside it names
 * the bad state while a first start is under way; a copy becomes the data directory by one rename.
 * A cluster that the official image made has no marker and needs none. Nothing here removes a data
 * directory, or writes to one that holds anything.
 *
 * What is refused is one sentence in the session's refusals; the functions answer 0 or the exit
 * code. */
#ifndef AZA_AZR_CLUSTER_CLUSTER_H
#define AZA_AZR_CLUSTER_CLUSTER_H

#include "azr/cluster/file.h"
#include "version.h"

/* Where what must not outlive the container is written; a tmpfs. */
#define CLUSTER_RUN "/run/aza"

struct cluster {
    struct session *session;
    const char *const *environment;
    char data[LIMIT_PATH]; /* the data directory */
    char stem[LIMIT_PATH]; /* what the names of lock and marker begin with */
    bool mounted;          /* it is a mount point itself */
    bool empty;            /* it holds nothing, or is not there */
    bool standby;          /* it follows a primary */
    bool replica;          /* and is meant to */
};

/* --- cluster.c --- */

/* Locks the cluster that the environment names and looks at it. */
int cluster_open(struct cluster *cluster, const char *const *environment, struct session *session);
/* What the environment variable says by the rules, or as it stands where they do not know it. */
const char *cluster_said(const struct cluster *cluster, const char *variable, const char *fallback);
#define CLUSTER_REFUSE(cluster, ...)                                                               \
    (BASE_PUT(&(cluster)->session->refusals, __VA_ARGS__), SESSION_REFUSED)
/* Whether the directory holds anything. */
bool cluster_holds_something(const char *path);

/* --- init.c --- */

int cluster_lock(const struct cluster *cluster);
/* Refuses what an interrupted first start has left. */
int cluster_look_for_marker(const struct cluster *cluster);
/* Runs the first start as a child, which gets the entrypoint's words and the environment. */
int cluster_initialise(const struct cluster *cluster, const char **words,
                       const char *const *environment);
/* Makes the cluster a copy of its primary, by the program for that beside the entrypoint. */
int cluster_copy_primary(const struct cluster *cluster, const char *entrypoint,
                         const char *const *environment);

/* --- apply.c --- */

/* The settings as a file for the server to include; `path` is where. */
int cluster_write_settings(const struct cluster *cluster, const char *path);
/* Whether a setting is one that stays a flag: where files are. */
bool cluster_is_place(struct base_span name);
/* The value of a setting that somebody says; false when nobody does. */
bool cluster_find_setting(const struct session *session, const char *name, struct base_sink *value);

/* --- child.c --- */

/* Runs a program to its end and answers its exit code as a shell would; signals that end azr are
 * passed on to it, and then the code is never 0. */
int cluster_run_child(const char *const *argv, const char *const *environment);

/* --- exec.c --- */

/* Becomes the program argv[0], looked for on PATH when its name holds no slash; returns only when
 * that fails, after saying so on standard error, with the shell's exit code for it. `remedy`
 * follows where there is no such program. */
int cluster_become(const char *const *argv, const char *const *environment, const char *remedy);
/* The same for the entrypoint. */
int cluster_exec(const char *const *argv, const char *const *environment);

#endif
