/* Files and directories of the runner, and the refusals of one that cannot be used.
 *
 * A file is written under a temporary name in the directory of its final name, in three steps:
 *
 *     fd = cluster_begin_file(path);                 creates the temporary file
 *     filled = fd >= 0 && base_write_all(fd, ...);   the caller writes the contents
 *     cluster_end_file(fd, path, mode, filled)       sets owner and mode, syncs, closes
 *     cluster_place_file(path)                       renames it to its final name
 *
 * Nothing changes until it is placed, so several files can be prepared first. The temporary name is
 * derived from `path`, so no state is kept between the steps. */
#ifndef AZA_AZR_CLUSTER_FILE_H
#define AZA_AZR_CLUSTER_FILE_H

#include <sys/types.h>
#include "session/session.h"

/* A path by value, terminated. */
struct cluster_path {
    char text[LIMIT_PATH];
};

/* --- reading --- */

/* Reads a file into `text`, terminated and truncated to `capacity` bytes with the terminator.
 * Returns the length, or -1 if the file cannot be read. */
ssize_t cluster_read_text(const char *path, char *text, size_t capacity);
/* Whether the directory has entries. Also true if it cannot be examined, since it must not be
 * initialised then; false if it does not exist. */
bool cluster_has_entries(const char *path);
/* Whether a file system is mounted at this very path. */
bool cluster_is_mount(const char *path);

/* --- parent directories --- */

/* "/a" for "/a/b", "/" for "/a". */
struct cluster_path cluster_parent(const char *path);
/* Creates the missing directories above a path. Reports nothing: the use of the path fails next. */
void cluster_make_parents(const char *path);
/* Makes a creation, rename or removal of the name durable. */
bool cluster_sync_parent(const char *path);

/* --- writing --- */

/* Creates the temporary file; returns its descriptor, or a negative number with errno. */
int cluster_begin_file(const char *path);
/* Closes it; false, with errno and without a temporary file, unless it was `filled` and synced. */
bool cluster_end_file(int fd, const char *path, mode_t mode, bool filled);
/* Gives it its name; false, with errno and no temporary file, when that fails. */
bool cluster_place_file(const char *path);
/* Removes the temporary file, if there is one. */
void cluster_drop_file(const char *path);

/* --- refusals --- */

/* Adds texts to the refusals of a cluster's session; its value is SESSION_REFUSED. */
#define CLUSTER_REFUSE(cluster, ...)                                                               \
    (BASE_PUT(&(cluster)->session->refusals, __VA_ARGS__), SESSION_REFUSED)
/* Adds a refusal with the reason why a path cannot be used and the remedy; returns SESSION_REFUSED.
 */
int cluster_refuse_path(struct session *session, const char *path, int error);

#endif
