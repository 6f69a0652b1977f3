/* Running a program to its end, as the first process of a container must: what ends a container is
 * a signal to this process, and orphans of the program become this one's children. */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cmd/azr_cluster.h"

static int stop_signal;

int azr_stopped(void)
{
    return stop_signal != 0 ? 128 + stop_signal : 0;
}

static void watch(sigset_t *watched, sigset_t *before)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    sigemptyset(watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(watched, signals[i]);
    sigprocmask(SIG_BLOCK, watched, before);
}

/* The kernel's calls: libc's care for threads, of which there are none. */
static bool become(const struct azr_cluster *cluster)
{
    return cluster == NULL || geteuid() != 0 ||
           (syscall(SYS_setgroups, 1, &cluster->gid) == 0 &&
            syscall(SYS_setgid, cluster->gid) == 0 && syscall(SYS_setuid, cluster->uid) == 0);
}

/* The child leads a group of its own, so that a signal reaches what it has started itself. */
static _Noreturn void start(const char *const *argv, const char *const *environment, int errors,
                            const struct azr_cluster *cluster, const sigset_t *before)
{
    setpgid(0, 0);
    if (errors >= 0)
        dup2(errors, STDERR_FILENO);
    sigprocmask(SIG_SETMASK, before, NULL);
    _exit(become(cluster) ? azr_exec(argv, environment) : AZN_CANNOT_RUN);
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

static int wait_for(pid_t child, const sigset_t *watched)
{
    int status;
    for (;;) {
        const int signal = sigwaitinfo(watched, NULL);
        if (signal == SIGCHLD && reap(child, &status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (signal > 0 && signal != SIGCHLD) {
            stop_signal = signal;
            kill(-child, signal);
        }
    }
}

int azr_run(const char *const *argv, const char *const *environment, int errors,
            const struct azr_cluster *cluster)
{
    sigset_t watched, before;
    watch(&watched, &before);
    const pid_t child = fork();
    if (child == 0)
        start(argv, environment, errors, cluster, &before);
    setpgid(child, child);
    const int code = child > 0 ? wait_for(child, &watched) : AZN_CANNOT_RUN;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

void azr_pause(int64_t seconds)
{
    sigset_t watched, before;
    const struct timespec length = {.tv_sec = seconds};
    watch(&watched, &before);
    sigdelset(&watched, SIGCHLD);
    const int signal = sigtimedwait(&watched, NULL, &length);
    if (signal > 0)
        stop_signal = signal;
    sigprocmask(SIG_SETMASK, &before, NULL);
}
