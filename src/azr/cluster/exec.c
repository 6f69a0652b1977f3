/* Replacing this process by another program. PATH is searched here and only execve is called,
 * because libc's own search allocates. The search follows execvp: an empty part of PATH is the
 * current directory, and a directory without the program does not end it. Unlike execvp, a file
 * that is no executable format is not passed to a shell: it is an error. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void try_execute(const char *path, const char *const *argv, const char *const *environment)
{
    execve(path, (char *const *)argv, (char *const *)environment);
}

/* Tries every directory of PATH; afterwards errno is the most telling failure: ENOENT only if no
 * directory has the program. */
static void search_path(const char *name, const char *const *argv, const char *const *environment)
{
    const char *rest = base_variable(environment, "PATH");
    int best = ENOENT;
    for (rest = rest != NULL ? rest : DEFAULT_PATH; *rest != '\0';) {
        char path[LIMIT_PATH];
        struct base_sink sink = BASE_SINK(path);
        const size_t length = strcspn(rest, ":");
        base_put_bytes(&sink, length > 0 ? rest : ".", length > 0 ? length : 1);
        BASE_PUT(&sink, "/", name);
        rest += length + (rest[length] == ':');
        if (sink.overflow)
            continue;
        try_execute(path, argv, environment);
        if (errno != ENOENT && errno != ENOTDIR)
            best = errno;
    }
    errno = best;
}

int cluster_exec_program(const char *const *argv, const char *const *environment,
                         const char *remedy)
{
    if (strchr(argv[0], '/') != NULL)
        try_execute(argv[0], argv, environment);
    else
        search_path(argv[0], argv, environment);
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    const int error = errno;
    char text[LIMIT_PATH + 128];
    struct base_sink sink = BASE_SINK(text);
    BASE_PUT(&sink, "azr: ", argv[0],
             absent ? ": program not found" : ": could not execute the program",
             absent ? remedy : "");
    base_put(&sink, error == E2BIG ? ": the arguments are too long\n" : "\n");
    base_write_all(STDERR_FILENO, sink.data, sink.length);
    return absent ? SESSION_NOT_FOUND : SESSION_CANNOT_RUN;
}

int cluster_exec_entrypoint(const char *const *argv, const char *const *environment)
{
    return cluster_exec_program(argv, environment, "; set --entrypoint or AZA_ENTRYPOINT");
}
