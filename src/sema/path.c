/* Paths of files that the rules name.
 *
 * Paths are compared as texts, without asking the file system, so a file must have one path however
 * it is imported or included: every path is cleaned before it is compared. Symbolic links are not
 * followed here; include.c does that before it reads a file. */
#include <string.h>

#include "sema/sema.h"

/* The path without `.`, without empty parts, and without a `..` that follows a name. A `..` at the
 * beginning of a relative path stays; one at the root is kept as well, and names no file. */
static const char *clean_path(struct base_arena *arena, const char *path)
{
    char *out = base_copy_text(arena, path, strlen(path));
    size_t length = *path == '/', start = length;
    for (const char *at = path + start, *end; *at != '\0'; at = *end == '/' ? end + 1 : end) {
        end = strchrnul(at, '/');
        const struct base_span part = {at, (size_t)(end - at)};
        if (part.length == 0 || base_span_is(part, "."))
            continue;
        size_t last = length;
        while (last > start && out[last - 1] != '/')
            last--;
        const struct base_span before = {out + last, length - last};
        if (base_span_is(part, "..") && before.length > 0 && !base_span_is(before, "..")) {
            length = last > start ? last - 1 : start;
            continue;
        }
        if (length > start)
            out[length++] = '/';
        memmove(out + length, part.start, part.length);
        length += part.length;
    }
    out[length] = '\0';
    return out;
}

const char *sema_beside(struct base_arena *arena, const char *from, const char *name)
{
    const char *slash = strrchr(from, '/');
    if (name[0] == '/' || slash == NULL)
        return clean_path(arena, name);
    return clean_path(arena, base_format(arena, "%.*s/%s", (int)(slash - from), from, name));
}

const char *sema_directory_of(struct base_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return "";
    return base_copy_text(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

bool sema_find_source(const struct base_sources *sources, const char *path, uint16_t *source)
{
    for (size_t i = 0; i < sources->count; i++)
        if (base_text_is(sources->files[i].path, path)) {
            *source = (uint16_t)i;
            return true;
        }
    return false;
}

bool sema_is_within(const char *directory, const char *path)
{
    const size_t length = strlen(directory);
    if (strncmp(path, directory, length) != 0)
        return false;
    const char *rest = path + length;
    if (length > 0 && directory[length - 1] != '/' && *rest != '\0' && *rest++ != '/')
        return false;
    if (length == 0 && *rest == '/')
        return false;
    return strncmp(rest, "..", 2) != 0 || (rest[2] != '/' && rest[2] != '\0');
}

bool sema_is_below(const char *path)
{
    const size_t length = strlen(path);
    return length > 0 && path[0] != '/' && path[length - 1] != '/' && strstr(path, "//") == NULL &&
           strcmp(path, "..") != 0 && strncmp(path, "../", 3) != 0 &&
           strstr(path, "/../") == NULL && (length < 3 || strcmp(path + length - 3, "/..") != 0);
}
