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
#ifndef AZA_AZR_CLUSTER_H
#define AZA_AZR_CLUSTER_H

#include "cmd/azr.h"
#include "cmd/azr_file.h"

/* As in the official image. */
#define AZR_HOME  "/var/lib/postgresql"
#define AZR_MAJOR "18"
#define AZR_DATA  AZR_HOME "/" AZR_MAJOR "/docker"
/* Where what must not outlive the container is written; a tmpfs. */
#define AZR_RUN "/run/aza"

struct azr_cluster {
    struct azn_session *session;
    const char *const *environment;
    char data[AZA_PATH_MAX]; /* the data directory */
    char stem[AZA_PATH_MAX]; /* what the names of lock and marker begin with */
    bool mounted;            /* it is a mount point itself */
    bool empty;              /* it holds nothing, or is not there */
    bool standby;            /* it follows a primary */
    bool replica;            /* and is meant to */
};

/* --- azr_cluster.c --- */

/* Locks the cluster that the environment names and looks at it. */
int azr_open_cluster(struct azr_cluster *cluster, const struct azr_call *call,
                     struct azn_session *session);
/* What the environment variable says by the rules, or as it stands where they do not know it. */
const char *azr_said(const struct azr_cluster *cluster, const char *variable, const char *fallback);
#define AZR_REFUSE(cluster, ...) (AZA_PUT(&(cluster)->session->refusals, __VA_ARGS__), AZN_REFUSED)
/* Whether the directory holds anything. */
bool azr_holds_something(const char *path);

/* --- azr_init.c --- */

int azr_lock(const struct azr_cluster *cluster);
/* Refuses what an interrupted first start has left. */
int azr_look_for_marker(const struct azr_cluster *cluster);
/* Runs the first start as a child, which gets the entrypoint's words and the environment. */
int azr_initialise(const struct azr_cluster *cluster, const char **words,
                   const char *const *environment);
/* Makes the cluster a copy of its primary, by the program for that beside the entrypoint. */
int azr_copy_primary(const struct azr_cluster *cluster, const char *entrypoint,
                     const char *const *environment);

/* --- azr_apply.c --- */

/* The settings as a file for the server to include; `path` is where. */
int azr_write_settings(const struct azr_cluster *cluster, const char *path);
/* Whether a setting is one that stays a flag: where files are. */
bool azr_is_place(struct aza_span name);
/* The value of a setting that somebody says; false when nobody does. */
bool azr_find_setting(const struct azn_session *session, const char *name, struct aza_sink *value);

/* --- azr_child.c --- */

/* Runs a program to its end and answers its exit code as a shell would; signals that end azr are
 * passed on to it, and then the code is never 0. */
int azr_run(const char *const *argv, const char *const *environment);

#endif
