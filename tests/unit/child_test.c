/* Child processes of the runner: exit codes, signals that are passed on and never lost, orphans,
 * and the search for a program. Each case runs in a process of its own, as the runner would. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "azr/cluster/cluster.h"

static char directory[] = "/tmp/child-XXXXXX";
static char path_variable[256];
static const char *environment[] = {path_variable, "COLOR=blue", NULL};

enum { MASK_CHANGED = 201, ZOMBIES_LEFT };

static bool has_orphans; /* that end before the child does */
static const int stopping[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};

/* --- the runner's place --- */

static bool is_same_mask(const sigset_t *before)
{
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    for (int signal = 1; signal < 32; signal++)
        if (sigismember(before, signal) != sigismember(&now, signal))
            return false;
    return true;
}

/* Runs the program as the first process of a container would, which inherits orphans. */
static pid_t begin(const char *const *argv)
{
    const pid_t runner = fork();
    if (runner != 0)
        return runner;
    sigset_t before;
    sigprocmask(SIG_BLOCK, NULL, &before);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    const int code = cluster_run_child(argv, environment);
    if (!is_same_mask(&before))
        _exit(MASK_CHANGED);
    _exit(has_orphans && waitpid(-1, NULL, WNOHANG) > 0 ? ZOMBIES_LEFT : code);
}

static pid_t begin_script(const char *script)
{
    return begin((const char *const[]){"sh", "-c", script, NULL});
}

/* Its exit code; 1000 and the signal where that ended it. */
static int end(pid_t runner)
{
    int status = 0;
    CHECK(waitpid(runner, &status, 0) == runner);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int run(const char *script)
{
    return end(begin_script(script));
}

/* Waits until the file is there, at most twenty seconds. */
static bool appears(const char *name)
{
    for (int i = 0; i < 4000; i++, usleep(5000))
        if (access(name, F_OK) == 0)
            return true;
    return false;
}

static int signal_when_ready(const char *script, int signal)
{
    unlink("ready");
    const pid_t runner = begin_script(script);
    CHECK(appears("ready"));
    kill(runner, signal);
    return end(runner);
}

/* --- running --- */

static void test_exit_codes(void)
{
    CHECK(run("exit 0") == 0);
    CHECK(run("exit 5") == 5);
    CHECK(run("kill -KILL $$") == 128 + SIGKILL);
    CHECK(run("test $COLOR = blue") == 0);
    CHECK(end(begin((const char *const[]){"no-such-program", NULL})) == SESSION_NOT_FOUND);
    CHECK(end(begin((const char *const[]){directory, NULL})) == SESSION_CANNOT_RUN);
}

/* What the runner holds back from itself, its child gets. */
static void test_signals_of_the_child(void)
{
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        char script[64];
        snprintf(script, sizeof script, "kill -%d $$; exit 0", stopping[i]);
        CHECK(run(script) == 128 + stopping[i]);
    }
}

static void test_passed_on(void)
{
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        char script[256];
        const int code = 128 + stopping[i];
        CHECK(signal_when_ready(": >ready; exec sleep 5", stopping[i]) == code);
        snprintf(script, sizeof script,
                 "trap 'exit 0' %d; : >ready; for i in 1 2 3 4 5; do sleep 0.2; done", stopping[i]);
        CHECK(signal_when_ready(script, stopping[i]) == code);
        snprintf(script, sizeof script,
                 "trap 'exit 3' %d; : >ready; for i in 1 2 3 4 5; do sleep 0.2; done", stopping[i]);
        CHECK(signal_when_ready(script, stopping[i]) == 3);
    }
}

/* The signal reaches what the child has started as well. */
static void test_group(void)
{
    unlink("ended");
    CHECK(signal_when_ready("sh -c \"trap ': >ended; exit' TERM; : >ready; "
                            "for i in 1 2 3 4 5; do sleep 0.2; done\"; exit 0",
                            SIGTERM) == 128 + SIGTERM);
    CHECK(appears("ended"));
}

/* Whether the process is a zombie. */
static bool has_ended(int process)
{
    char name[64], state = ' ';
    snprintf(name, sizeof name, "/proc/%d/stat", process);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return false;
    const bool read = fscanf(file, "%*d (%*[^)]) %c", &state) == 1;
    fclose(file);
    return read && state == 'Z';
}

/* Both are pending when the runner looks: the child that ended well, and the signal to stop. */
static void test_child_ended_by_itself(void)
{
    unlink("ready");
    unlink("go");
    const pid_t runner = begin_script("echo $$ >pid; mv pid ready; "
                                      "until [ -e go ]; do sleep 0.01; done; exit 0");
    CHECK(appears("ready"));
    siginfo_t information;
    kill(runner, SIGSTOP);
    CHECK(waitid(P_PID, (id_t)runner, &information, WSTOPPED) == 0);
    FILE *file = fopen("ready", "r");
    int child = 0;
    CHECK(file != NULL && fscanf(file, "%d", &child) == 1 && fclose(file) == 0);
    close(open("go", O_CREAT | O_WRONLY, 0600));
    for (int i = 0; i < 4000 && !has_ended(child); i++)
        usleep(5000);
    kill(runner, SIGTERM);
    kill(runner, SIGCONT);
    CHECK(end(runner) == 128 + SIGTERM);
}

/* A child that starts an orphan and ends once the runner has taken that one's exit code. */
#define ORPHAN(code)                                                                               \
    "rm -f orphan; sh -c 'sh -c \"echo \\$\\$ >new; mv new orphan; exit 9\" &'; "                  \
    "until [ -e orphan ]; do sleep 0.01; done; i=0; "                                              \
    "while [ -e /proc/$(cat orphan) ] && [ $i -lt 500 ]; do sleep 0.01; i=$((i + 1)); done; "      \
    "exit " #code

static void test_orphans(void)
{
    has_orphans = true;
    CHECK(run(ORPHAN(5)) == 5);
    CHECK(run(ORPHAN(0)) == 0);
    has_orphans = false;
}

/* --- becoming --- */

static char said[8192];

/* What becoming the program ends with; `said` is what was printed. */
static int become(const char *name, const char *path, const char *argument)
{
    char variable[16384];
    int ends[2];
    said[0] = '\0';
    CHECK(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        snprintf(variable, sizeof variable, "PATH=%s", path != NULL ? path : "");
        dup2(ends[1], STDERR_FILENO);
        _exit(cluster_exec_program((const char *const[]){name, argument, NULL},
                                   (const char *const[]){path != NULL ? variable : "A=1", NULL},
                                   "; the remedy"));
    }
    close(ends[1]);
    const ssize_t length = read(ends[0], said, sizeof said - 1);
    said[length > 0 ? length : 0] = '\0';
    close(ends[0]);
    return end(child);
}

static void put_program(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(name, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(name, mode) == 0);
}

static void test_search(void)
{
    char path[512], long_part[2 * LIMIT_PATH] = "";
    mkdir("one", 0755);
    mkdir("two", 0755);
    put_program("one/program", "#!/bin/sh\nexit 11\n", 0644);
    put_program("two/program", "#!/bin/sh\nexit 12\n", 0755);
    put_program("program", "#!/bin/sh\nexit 13\n", 0755);
    CHECK(become("two/program", NULL, NULL) == 12);
    snprintf(path, sizeof path, "%s/one:%s/two", directory, directory);
    CHECK(become("program", path, NULL) == 12);
    CHECK_TEXT(said, "");
    snprintf(path, sizeof path, "%s/one:%s/none:%s/program", directory, directory, directory);
    CHECK(become("program", path, NULL) == SESSION_CANNOT_RUN);
    CHECK(strstr(said, "program") != NULL && strstr(said, "; the remedy") == NULL);
    snprintf(path, sizeof path, "%s/none:%s/program", directory, directory);
    CHECK(become("program", path, NULL) == SESSION_NOT_FOUND);
    CHECK(strstr(said, "program") != NULL && strstr(said, "; the remedy\n") != NULL);
    snprintf(path, sizeof path, "%s/none:", directory);
    CHECK(become("program", path, NULL) == SESSION_NOT_FOUND);
    snprintf(path, sizeof path, "%s/none::%s/two", directory, directory);
    CHECK(become("program", path, NULL) == 13);
    CHECK(become("program", "", NULL) == SESSION_NOT_FOUND);
    CHECK(become("true", NULL, NULL) == 0);
    memset(long_part, 'x', sizeof long_part - 64);
    snprintf(long_part + sizeof long_part - 64, 64, ":%s/two", directory);
    CHECK(become("program", long_part, NULL) == 12);
}

static void test_not_becoming(void)
{
    static char argument[256 * 1024];
    CHECK(become("/nowhere/program", "/bin", NULL) == SESSION_NOT_FOUND);
    CHECK(become("program/x", "/bin", NULL) == SESSION_NOT_FOUND);
    CHECK(become("./one/program", NULL, NULL) == SESSION_CANNOT_RUN);
    memset(argument, 'x', sizeof argument - 1);
    CHECK(become("/bin/true", NULL, argument) == SESSION_CANNOT_RUN);
    CHECK(strstr(said, "too long") != NULL);
    CHECK(become("./one/program", NULL, NULL) == SESSION_CANNOT_RUN &&
          strstr(said, "too long") == NULL);
}

int main(void)
{
    alarm(60);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        signal(stopping[i], SIG_DFL);
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    snprintf(path_variable, sizeof path_variable, "PATH=%s", "/usr/bin:/bin");
    test_exit_codes();
    test_signals_of_the_child();
    test_passed_on();
    test_group();
    test_child_ended_by_itself();
    test_orphans();
    test_search();
    test_not_becoming();
    CHECK(system("rm -rf -- \"$PWD\"") == 0);
    return check_summary("child");
}
