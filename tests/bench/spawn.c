/* Times commands from spawn to exit, in pairs with the first of them.
 *
 *     spawn RUNS NAME COMMAND... [:: NAME COMMAND...]...
 *
 * The commands take turns, so that a busy moment of the machine affects all of them. Each line of
 * the output is: name, median in microseconds, the median of its ratios to the first command in the
 * same turn, and the largest resident memory in kilobytes. Standard output and error of the
 * commands are discarded. This program is linked small and static because the kernel counts a
 * spawned child as at least as large as its parent. Times and ratios are for people to read; no
 * value is decided by them. */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8, RUNS_MAX = 20000 };

struct command {
    const char *name;
    char **words;
    int64_t *nanoseconds;
    double *ratios; /* to the first command, turn by turn */
    long kilobytes;
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int by_time(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int by_ratio(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Cuts the words at each "::"; answers how many commands there are. */
static int split(char **words, struct command *commands)
{
    int count = 0;
    while (*words != NULL && count < COMMANDS_MAX) {
        commands[count].name = *words;
        commands[count].words = ++words;
        count++;
        while (*words != NULL && strcmp(*words, "::") != 0)
            words++;
        if (*words != NULL)
            *words++ = NULL;
    }
    return count;
}

static int run_once(struct command *command, const posix_spawn_file_actions_t *silence,
                    int64_t *nanoseconds)
{
    struct rusage usage;
    pid_t child;
    int status;
    int64_t began = now();
    if (posix_spawn(&child, command->words[0], silence, NULL, command->words, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child)
        return -1;
    *nanoseconds = now() - began;
    if (usage.ru_maxrss > command->kilobytes)
        command->kilobytes = usage.ru_maxrss;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Every ratio is taken before any list of times is sorted. */
static void compare(struct command *command, const struct command *first, int runs)
{
    for (int run = 0; run < runs; run++)
        command->ratios[run] = (double)command->nanoseconds[run] / (double)first->nanoseconds[run];
    qsort(command->ratios, (size_t)runs, sizeof(double), by_ratio);
}

static void report(const struct command *command, int runs)
{
    qsort(command->nanoseconds, (size_t)runs, sizeof(int64_t), by_time);
    const double median = (double)command->nanoseconds[runs / 2];
    printf("%-28s %10.0f us %7.2f x %7ld kB\n", command->name, median / 1000,
           command->ratios[runs / 2], command->kilobytes);
}

int main(int count, char **words)
{
    struct command commands[COMMANDS_MAX] = {0};
    int runs = count > 2 ? atoi(words[1]) : 0;
    int command_count = runs > 0 ? split(words + 2, commands) : 0;
    if (command_count == 0 || runs > RUNS_MAX) {
        fputs("usage: spawn RUNS NAME COMMAND... [:: NAME COMMAND...]...\n", stderr);
        return 64;
    }
    posix_spawn_file_actions_t silence;
    posix_spawn_file_actions_init(&silence);
    posix_spawn_file_actions_addopen(&silence, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&silence, 1, 2);
    for (int i = 0; i < command_count; i++) {
        commands[i].nanoseconds = calloc((size_t)runs, sizeof(int64_t));
        commands[i].ratios = calloc((size_t)runs, sizeof(double));
    }
    for (int run = 0; run < runs; run++)
        for (int i = 0; i < command_count; i++)
            if (run_once(&commands[i], &silence, &commands[i].nanoseconds[run]) != 0) {
                fprintf(stderr, "spawn: %s failed\n", commands[i].name);
                return 1;
            }
    for (int i = 0; i < command_count; i++)
        compare(&commands[i], &commands[0], runs);
    for (int i = 0; i < command_count; i++)
        report(&commands[i], runs);
    return 0;
}
