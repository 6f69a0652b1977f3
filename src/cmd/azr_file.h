/* Files of the runner, read and written whole.
 *
 * A file is written under a temporary name beside the one that it takes: begin, end, place. Until
 * it is placed nothing has changed, so several files can be made ready first. */
#ifndef AZA_AZR_FILE_H
#define AZA_AZR_FILE_H

#include <sys/types.h>
#include "cmd/session.h"

struct azr_path {
    char text[AZA_PATH_MAX];
};

/* The file as terminated text, cut short where it does not fit; -1 when it cannot be read. */
ssize_t azr_read_text(const char *path, char *text, size_t capacity);
struct azr_path azr_parent(const char *path);
void azr_make_parents(const char *path);
/* Makes what happened to the name last. */
bool azr_sync_parent(const char *path);
bool azr_is_mount(const char *path);

/* The descriptor to fill; negative, with errno, when it cannot be had. */
int azr_begin_file(const char *path);
/* Closes it; false, with errno and no temporary file, unless it was `filled` and is on disk. */
bool azr_end_file(int fd, const char *path, mode_t mode, bool filled);
bool azr_place_file(const char *path);
void azr_drop_file(const char *path);

/* Why a path cannot be used, with the remedy, in the session's refusals; answers AZN_REFUSED. */
int azr_refuse_path(struct azn_session *session, const char *path, int error);

#endif
