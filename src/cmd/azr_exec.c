/* Becoming another program, with execve alone: libc's own search of PATH would allocate. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "cmd/azr.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void try(const char *path, const char *const *argv, const char *const *environment)
{
    execve(path, (char *const *)argv, (char *const *)environment);
}

/* Tries every directory of PATH; afterwards errno says why the best of them failed. */
static void try_path(const char *name, const char *const *argv, const char *const *environment)
{
    const char *rest = azv_variable(environment, "PATH");
    int best = ENOENT;
    for (rest = rest != NULL ? rest : DEFAULT_PATH; *rest != '\0';) {
        char path[AZA_PATH_MAX];
        struct aza_sink sink = AZA_SINK(path);
        const size_t length = strcspn(rest, ":");
        aza_put_bytes(&sink, length > 0 ? rest : ".", length > 0 ? length : 1);
        AZA_PUT(&sink, "/", name);
        rest += length + (rest[length] == ':');
        if (sink.overflow)
            continue;
        try(path, argv, environment);
        if (errno != ENOENT && errno != ENOTDIR)
            best = errno;
    }
    errno = best;
}

int azr_become(const char *const *argv, const char *const *environment, const char *remedy)
{
    if (strchr(argv[0], '/') != NULL)
        try(argv[0], argv, environment);
    else
        try_path(argv[0], argv, environment);
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    struct aza_sink *sink = azr_output();
    AZA_PUT(sink, "azr: ", argv[0],
            absent ? ": there is no such program" : ": the program cannot be started",
            absent ? remedy : "");
    aza_put(sink, errno == E2BIG ? ": its arguments are too long\n" : "\n");
    return azr_write(STDERR_FILENO, absent ? AZN_NOT_FOUND : AZN_CANNOT_RUN);
}

int azr_exec(const char *const *argv, const char *const *environment)
{
    return azr_become(argv, environment, "; --entrypoint or AZA_ENTRYPOINT names another");
}
