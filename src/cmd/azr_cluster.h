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

#include <sys/types.h>
#include "cmd/azr.h"

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
    uid_t uid;               /* who the server will be */
    gid_t gid;
};

/* --- azr_cluster.c --- */

/* Locks the cluster that the environment names and looks at it. */
int azr_open_cluster(struct azr_cluster *cluster, const struct azr_call *call,
                     struct azn_session *session);
/* What the environment variable says by the rules, or as it stands where they do not know it. */
const char *azr_said(const struct azr_cluster *cluster, const char *variable, const char *fallback);
/* "PATH: REASON", the reason from errno, with the remedy. */
int azr_refuse_path(const struct azr_cluster *cluster, const char *path);
#define AZR_REFUSE(cluster, ...) (AZA_PUT(&(cluster)->session->refusals, __VA_ARGS__), AZN_REFUSED)
/* Whether the directory holds anything. */
bool azr_holds_something(const char *path);

/* --- azr_init.c --- */

int azr_lock(const struct azr_cluster *cluster);
/* Refuses what an interrupted first start has left. */
int azr_look_for_marker(const struct azr_cluster *cluster);
/* Runs the first start as a child, which gets `words` and the environment. */
int azr_initialise(struct azr_cluster *cluster, const char **words, const char *const *environment);

/* --- azr_replica.c --- */

/* Makes the cluster a copy of the primary, however long that takes. */
int azr_copy_primary(struct azr_cluster *cluster);
/* Writes the password that a standby's connection asks for, where there is one. */
int azr_write_passfile(const struct azr_cluster *cluster);

/* --- azr_apply.c --- */

/* The settings as a file for the server to include; `path` is where. */
int azr_write_settings(const struct azr_cluster *cluster, const char *path);
/* Whether a setting is one that stays a flag: where files are. */
bool azr_is_place(struct aza_span name);
/* The value of a setting that somebody says; false when nobody does. */
bool azr_find_setting(const struct azn_session *session, const char *name, struct aza_sink *value);

/* --- azr_child.c --- */

/* Runs a program to its end and answers its exit code as a shell would; signals that end azr are
 * passed on to it. `errors` becomes its standard error unless it is -1; as the server's user when
 * `cluster` is not null. */
int azr_run(const char *const *argv, const char *const *environment, int errors,
            const struct azr_cluster *cluster);
/* Waits so many seconds, or until a signal ends that. */
void azr_pause(int64_t seconds);
/* The exit code for the signal that was to end azr meanwhile, or 0. */
int azr_stopped(void);

/* --- azr_file.c --- */

/* The file as terminated text, cut short where it does not fit; -1 when it cannot be read. */
ssize_t azr_read_text(const char *path, char *text, size_t capacity);
/* Writes a whole file for the server's user alone; its directory is made where it is missing. */
bool azr_write_file(const struct azr_cluster *cluster, const char *path,
                    const struct aza_sink *text);
void azr_make_parents(const char *path);
/* Makes what happened to the name last. */
bool azr_sync_parent(const char *path);
bool azr_is_mount(const char *path);

#endif
