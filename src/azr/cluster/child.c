/* Running a program to its end, as the first process of a container must: what ends a container is
 * a signal to this process, and orphans of the program become this one's children. */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"

static void watch(sigset_t *watched, sigset_t *before)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    sigemptyset(watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(watched, signals[i]);
    sigprocmask(SIG_BLOCK, watched, before);
}

/* The child leads a group of its own, so that a signal reaches what it has started itself. */
static _Noreturn void start(const char *const *argv, const char *const *environment,
                            const sigset_t *before)
{
    setpgid(0, 0);
    sigprocmask(SIG_SETMASK, before, NULL);
    _exit(cluster_exec(argv, environment));
}

/* Whether it was the child that ended, and how. */
static bool reap(pid_t child, int *status)
{
    pid_t done;
    do
        done = waitpid(-1, status, WNOHANG);
    while (done > 0 && done != child);
    return done == child;
}

/* A signal that is to end azr ends the child first; a child that had finished by then changes
 * nothing of that. */
static int wait_for(pid_t child, const sigset_t *watched)
{
    int status, stopped = 0;
    for (;;) {
        const int signal = sigwaitinfo(watched, NULL);
        if (signal == SIGCHLD && reap(child, &status)) {
            const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return code == 0 ? stopped : code;
        }
        if (signal > 0 && signal != SIGCHLD) {
            stopped = 128 + signal;
            kill(-child, signal);
        }
    }
}

/* The kernel's own call: libc's fork brings along its care for threads, of which there are none. */
int cluster_run_child(const char *const *argv, const char *const *environment)
{
    sigset_t watched, before;
    watch(&watched, &before);
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        start(argv, environment, &before);
    if (child > 0)
        setpgid(child, child);
    const int code = child > 0 ? wait_for(child, &watched) : SESSION_CANNOT_RUN;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}
