/* Files of the runner, read and written whole.
 *
 * A file is written under a temporary name beside the one that it takes: begin, end, place. Until
 * it is placed nothing has changed, so several files can be made ready first. */
#ifndef AZA_AZR_CLUSTER_FILE_H
#define AZA_AZR_CLUSTER_FILE_H

#include <sys/types.h>
#include "session/session.h"

struct cluster_path {
    char text[LIMIT_PATH];
};

/* The file as terminated text, cut short where it does not fit; -1 when it cannot be read. */
ssize_t cluster_read_text(const char *path, char *text, size_t capacity);
struct cluster_path cluster_parent(const char *path);
void cluster_make_parents(const char *path);
/* Makes what happened to the name last. */
bool cluster_sync_parent(const char *path);
bool cluster_is_mount(const char *path);

/* The descriptor to fill; negative, with errno, when it cannot be had. */
int cluster_begin_file(const char *path);
/* Closes it; false, with errno and no temporary file, unless it was `filled` and is on disk. */
bool cluster_end_file(int fd, const char *path, mode_t mode, bool filled);
/* Gives it its name; false, with errno and no temporary file, when that fails. */
bool cluster_place_file(const char *path);
void cluster_drop_file(const char *path);

/* Why a path cannot be used, with the remedy, in the session's refusals; answers SESSION_REFUSED.
 */
int cluster_refuse_path(struct session *session, const char *path, int error);

#endif
