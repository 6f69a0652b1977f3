/* Files of the runner, read and written as a whole.
 *
 * A file is written under a temporary name in the directory of its final name: begin, end, place.
 * Nothing changes until it is placed, so several files can be prepared first. */
#ifndef AZA_AZR_CLUSTER_FILE_H
#define AZA_AZR_CLUSTER_FILE_H

#include <sys/types.h>
#include "session/session.h"

struct cluster_path {
    char text[LIMIT_PATH];
};

/* The file as terminated text, truncated to the capacity; -1 if it cannot be read. */
ssize_t cluster_read_text(const char *path, char *text, size_t capacity);
struct cluster_path cluster_parent(const char *path);
void cluster_make_parents(const char *path);
/* Makes a creation, rename or removal of the name durable. */
bool cluster_sync_parent(const char *path);
bool cluster_is_mount(const char *path);

/* Creates the temporary file; returns its descriptor, or a negative number with errno. */
int cluster_begin_file(const char *path);
/* Closes it; false, with errno and without a temporary file, unless it was `filled` and synced. */
bool cluster_end_file(int fd, const char *path, mode_t mode, bool filled);
/* Gives it its name; false, with errno and no temporary file, when that fails. */
bool cluster_place_file(const char *path);
void cluster_drop_file(const char *path);

/* Adds a refusal with the reason why a path cannot be used and the remedy; returns SESSION_REFUSED.
 */
int cluster_refuse_path(struct session *session, const char *path, int error);

#endif
