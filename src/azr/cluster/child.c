/* Running a program to completion as process 1 of a container.
 *
 * The container is stopped by a signal to process 1, so signals are forwarded to the program; and
 * orphaned processes become children of process 1, so all children are reaped. Signals are blocked
 * and received with sigwaitinfo, which leaves no window between check and wait. They are blocked
 * before the child is created, so that none is lost before the first wait; the child restores the
 * mask before it executes the program, and the parent after the child has ended. */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"

static void block_signals(sigset_t *watched, sigset_t *before)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGQUIT, SIGHUP};
    sigemptyset(watched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(watched, signals[i]);
    sigprocmask(SIG_BLOCK, watched, before);
}

/* The child leads its own process group, so that a signal also reaches the processes it started. */
static _Noreturn void execute_child(const char *const *argv, const char *const *environment,
                                    const sigset_t *before)
{
    setpgid(0, 0);
    sigprocmask(SIG_SETMASK, before, NULL);
    _exit(cluster_exec_entrypoint(argv, environment));
}

/* Reaps every process that has ended; whether the child is one of them, and its status. Several can
 * have ended before one SIGCHLD is received, as pending signals do not queue. */
static bool reap_children(pid_t child, int *status)
{
    pid_t done;
    do
        done = waitpid(-1, status, WNOHANG);
    while (done > 0 && done != child);
    return done == child;
}

/* The child's exit status. A signal that should end azr is forwarded, and azr fails even if the
 * child had already succeeded: nothing may be started after a request to stop. Such a signal has a
 * lower number than SIGCHLD, so of the two, both pending, it is received first. */
static int wait_for_child(pid_t child, const sigset_t *watched)
{
    int status, stopped = 0;
    for (;;) {
        const int signal = sigwaitinfo(watched, NULL);
        if (signal == SIGCHLD && reap_children(child, &status)) {
            const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return code == 0 ? stopped : code;
        }
        if (signal > 0 && signal != SIGCHLD) {
            stopped = 128 + signal;
            kill(-child, signal);
        }
    }
}

/* The system call itself: libc's fork adds code for threads, which azr does not have. */
int cluster_run_child(const char *const *argv, const char *const *environment)
{
    sigset_t watched, before;
    block_signals(&watched, &before);
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        execute_child(argv, environment, &before);
    /* In both processes: whichever runs first, the group exists before a signal is forwarded. */
    if (child > 0)
        setpgid(child, child);
    const int code = child > 0 ? wait_for_child(child, &watched) : SESSION_CANNOT_RUN;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}
