/* Runs golden cases: tests/run describes the cases and calls this.
 *
 *     golden WORK JOBS [--bless] CASE.azr...
 *
 * AZC names the compiler under test. The program is built twice: build/golden/inside contains the
 * compiler and runs it in a child process without exec, which saves the time of loading it for each
 * command; it ignores AZC.
 *
 * One worker process per job. WORK/0, WORK/1, ... each contain a copy of what cases read, and a
 * worker's current directory is its copy: the paths in messages are those of the repository, but no
 * command can reach the repository through them. A case that changes the copy fails, and the copy
 * is made again. Workers take the next case from a counter in shared memory; the report of a case
 * is written at once, under a lock. A command is one fork and one exec, without a shell, because a
 * shell costs more than most commands under test. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 20, WORDS_MAX = 128, FILES_MAX = 4096, CODES = 10000, TIMED_OUT = 124 };

/* What the workers share. */
struct tally {
    int next, passed, failed;
    bool has_case[CODES]; /* of each diagnostic, whether a golden contains it */
};

struct text {
    char *data;
    size_t size;
};

/* One golden test of a case: the command line for it, or null where the run lines count. */
struct kind {
    const char *name, *command;
    bool errors; /* whether standard error is part of it */
};

enum { DUMPS = 5, OUT = DUMPS, ERR, KINDS };
static const struct kind kinds[KINDS] = {
    {"ast", "check --dump ast @", true},
    {"ir", "check --dump ir @", true},
    {"dis", "check --dump dis @", true},
    {"json", "check --json @", true},
    {"proof", "check --proof @", false},
    {"out", NULL, false},
    {"err", NULL, true},
};

#ifdef GOLDEN_INSIDE
int azc_main(int argc, char **argv); /* src/azc/azc.c, whose main is renamed */
#endif

static struct tally *tally;
static const char *azc, *work;
static char root[PATH_MAX];
static bool blessing;

/* The case that this worker runs. */
static struct {
    const char *file;       /* tests/lang/TOPIC/NAME.azr */
    char base[PATH_MAX];    /* without .azr */
    char scratch[PATH_MAX]; /* TMP */
    char out[PATH_MAX], err[PATH_MAX];
    FILE *report;
} now;

/* --- files and texts --- */

static void die(const char *what)
{
    fprintf(stderr, "golden: %s: %s\n", what, strerror(errno));
    exit(2);
}

__attribute__((format(printf, 2, 3))) static const char *path(char *to, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (vsnprintf(to, PATH_MAX, format, values) >= PATH_MAX)
        die(to);
    va_end(values);
    return to;
}

/* A file that does not exist reads as an empty one. */
static struct text read_file(const char *name)
{
    struct text text = {0};
    FILE *out = open_memstream(&text.data, &text.size), *file = fopen(name, "r");
    char bytes[65536];
    if (out == NULL)
        die("memory");
    for (size_t got; file != NULL && (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        fwrite(bytes, 1, got, out);
    if (file != NULL)
        fclose(file);
    fclose(out);
    return text;
}

static void write_file(const char *name, struct text text)
{
    FILE *file = fopen(name, "w");
    if (file == NULL || fwrite(text.data, 1, text.size, file) != text.size || fclose(file) != 0)
        die(name);
}

/* The text with each FROM replaced by TO. A text with zero bytes is returned unchanged. */
static struct text replace(const char *text, const char *from, const char *to)
{
    struct text result = {0};
    FILE *out = open_memstream(&result.data, &result.size);
    if (out == NULL)
        die("memory");
    for (const char *hit; (hit = strstr(text, from)) != NULL; text = hit + strlen(from))
        fprintf(out, "%.*s%s", (int)(hit - text), text, to);
    fputs(text, out);
    fclose(out);
    return result;
}

static bool is_same(struct text a, struct text b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* --- lists of files --- */

static char *names[FILES_MAX];
static struct stat states[FILES_MAX];
static size_t name_count;

static int note_file(const char *name, const struct stat *state, int type, struct FTW *at)
{
    (void)at;
    if (type != FTW_F && type != FTW_SL)
        return 0;
    if (name_count == FILES_MAX)
        die("too many files below a directory");
    states[name_count] = *state;
    names[name_count++] = strdup(name);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Fills `names` and `states` with the files below a directory. */
static void list_files(const char *directory)
{
    while (name_count > 0)
        free(names[--name_count]);
    nftw(directory, note_file, 16, FTW_PHYS);
}

/* What `files` prints: all that the case has written, but for images. */
static void print_files(int out)
{
    list_files(now.scratch);
    qsort(names, name_count, sizeof *names, by_name);
    for (size_t i = 0; i < name_count; i++) {
        const size_t length = strlen(names[i]);
        if (length > 4 && strcmp(names[i] + length - 4, ".azb") == 0)
            continue;
        const struct text text = read_file(names[i]);
        dprintf(out, "--- %s\n", names[i] + strlen(now.scratch) + 1);
        if (write(out, text.data, text.size) != (ssize_t)text.size)
            die(names[i]);
        free(text.data);
    }
}

/* A line for each file of the case's topic: any change to one changes its line. */
static struct text state_of_topic(void)
{
    char topic[PATH_MAX];
    struct text text = {0};
    FILE *out = open_memstream(&text.data, &text.size);
    if (out == NULL)
        die("memory");
    path(topic, "%s", now.file);
    *strrchr(topic, '/') = '\0';
    list_files(topic);
    for (size_t i = 0; i < name_count; i++)
        fprintf(out, "%s %ju %jd %jd.%09ld\n", names[i], (uintmax_t)states[i].st_ino,
                (intmax_t)states[i].st_size, (intmax_t)states[i].st_mtim.tv_sec,
                states[i].st_mtim.tv_nsec);
    fclose(out);
    return text;
}

/* --- commands --- */

struct command {
    char *words[WORDS_MAX + 2], *environment[WORDS_MAX + 2];
    size_t word_count, variable_count;
    char input[PATH_MAX];
    bool names_case;
};

static bool is_assignment(const char *word)
{
    const size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return isupper((unsigned char)word[0]) && word[length] == '=';
}

static void add_word(struct command *command, const char *word)
{
    command->names_case |= strchr(word, '@') != NULL;
    if (command->word_count == WORDS_MAX)
        die("too many words in a run line");
    if (*word == '<') {
        path(command->input, "%.*s/%s", (int)(strrchr(now.file, '/') - now.file), now.file,
             word + 1);
        return;
    }
    const struct text named = replace(word, "@", now.file);
    command->words[command->word_count++] = replace(named.data, "TMP", now.scratch).data;
    free(named.data);
}

static struct command parse(const char *line)
{
    struct command command = {.input = "/dev/null"};
    char *copy = strdup(line), *rest = copy, *word;
    command.words[command.word_count++] = strdup(azc);
    command.environment[command.variable_count++] = strdup("LC_ALL=C");
    while ((word = strtok_r(rest, " \t", &rest)) != NULL)
        if (command.word_count == 1 && is_assignment(word))
            command.environment[command.variable_count++] = strdup(word);
        else
            add_word(&command, word);
    if (!command.names_case) {
        add_word(&command, "--rules");
        add_word(&command, "@");
    }
    free(copy);
    return command;
}

static void free_command(struct command *command)
{
    for (size_t i = 0; i < command->word_count; i++)
        free(command->words[i]);
    for (size_t i = 0; i < command->variable_count; i++)
        free(command->environment[i]);
}

/* In the child. The alarm outlives the exec. */
static _Noreturn void become(struct command *command, int out, int err)
{
    const int input = open(command->input, O_RDONLY);
    if (input < 0) {
        dprintf(err, "golden: %s: %s\n", command->input, strerror(errno));
        _exit(1);
    }
    if (dup2(input, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        _exit(126);
    close(input);
    alarm(SECONDS);
#ifdef GOLDEN_INSIDE
    environ = command->environment;
    exit(azc_main((int)command->word_count, command->words));
#endif
    execve(azc, command->words, command->environment);
    _exit(127);
}

/* Runs one line of the case; returns its exit status as a shell would. */
static int run_line(const char *line, int out, int err)
{
    struct command command = parse(line);
    int status = 0;
    if (command.word_count > 1 && strcmp(command.words[1], "files") == 0) {
        print_files(out);
        free_command(&command);
        return 0;
    }
    const pid_t child = fork();
    if (child == 0)
        become(&command, out, err);
    if (child < 0 || waitpid(child, &status, 0) != child)
        die("fork");
    free_command(&command);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGALRM ? TIMED_OUT : 128 + WTERMSIG(status);
    return WEXITSTATUS(status);
}

/* --- what a case prints --- */

static int create(const char *name)
{
    const int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        die(name);
    return file;
}

static struct text printed(const char *name)
{
    const struct text text = read_file(name);
    if (strlen(text.data) < text.size) /* a zero byte: compared as it is */
        return text;
    const struct text result = replace(text.data, now.scratch, "TMP");
    free(text.data);
    return result;
}

/* Runs every "# run:" line of the case, or `check` where it has none. */
static void run_lines(int out, int err)
{
    static const char mark[] = "# run:";
    struct text source = read_file(now.file);
    char *rest = source.data, *line;
    bool found = false;
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (strncmp(line, mark, sizeof mark - 1) != 0)
            continue;
        const int status = run_line(line + sizeof mark - 1, out, err);
        found = true;
        if (status != 0)
            dprintf(err, "exit %d\n", status);
    }
    const int status = found ? 0 : run_line("check @", out, err);
    if (status != 0)
        dprintf(err, "exit %d\n", status);
    free(source.data);
}

/* Fills in what the case prints today for each kind that is wanted. */
static void produce(const bool wanted[KINDS], struct text got[KINDS])
{
    for (int k = 0; k < DUMPS; k++) {
        if (!wanted[k])
            continue;
        const int out = create(now.out), err = create(now.err);
        run_line(kinds[k].command, out, kinds[k].errors ? out : err);
        close(out);
        close(err);
        got[k] = printed(now.out);
    }
    if (!wanted[OUT])
        return;
    const int out = create(now.out), err = create(now.err);
    run_lines(out, err);
    close(out);
    close(err);
    got[OUT] = printed(now.out);
    got[ERR] = printed(now.err);
}

/* --- what it should print --- */

static const char *golden(char *to, int kind)
{
    return path(to, "%s/%s.%s", root, now.base, kinds[kind].name);
}

/* The goldens the case has; .out and .err count as both once one is there. */
static int find_goldens(bool wanted[KINDS])
{
    char name[PATH_MAX];
    int count = 0;
    for (int k = 0; k < KINDS; k++)
        count += wanted[k] = access(golden(name, k), F_OK) == 0;
    wanted[OUT] = wanted[ERR] = wanted[OUT] || wanted[ERR];
    return count;
}

static void note_codes(const char *text)
{
    for (const char *at = text; (at = strstr(at, "[AZ")) != NULL; at++) {
        unsigned code;
        char end;
        if (sscanf(at, "[AZ%4u%c", &code, &end) == 2 && end == ']')
            tally->has_case[code] = true;
    }
}

static void show_difference(int kind, struct text got)
{
    char command[4 * PATH_MAX], name[PATH_MAX], line[4096];
    write_file(now.out, got);
    const char *file = golden(name, kind);
    snprintf(command, sizeof command, "diff -u --label '%s.%s' --label got '%s' '%s'", now.base,
             kinds[kind].name, access(file, F_OK) == 0 ? file : "/dev/null", now.out);
    FILE *diff = popen(command, "r");
    for (size_t read; diff != NULL && (read = fread(line, 1, sizeof line, diff)) > 0;)
        fwrite(line, 1, read, now.report);
    if (diff == NULL || pclose(diff) < 0)
        die("diff");
}

static void count_failure(const char *what, const char *why)
{
    __atomic_add_fetch(&tally->failed, 1, __ATOMIC_RELAXED);
    fprintf(now.report, "fail %s%s\n", what, why);
}

static void compare(int kind, struct text got)
{
    char name[PATH_MAX];
    const struct text wanted = read_file(golden(name, kind));
    note_codes(wanted.data);
    if (is_same(wanted, got)) {
        __atomic_add_fetch(&tally->passed, 1, __ATOMIC_RELAXED);
    } else {
        show_difference(kind, got);
        count_failure(now.base, path(name, ".%s", kinds[kind].name));
    }
    free(wanted.data);
}

/* An empty golden is only kept where it is the last one. */
static void bless(int kind, struct text got)
{
    char name[PATH_MAX];
    const struct text before = read_file(golden(name, kind));
    if (got.size == 0) {
        unlink(name);
    } else if (!is_same(before, got)) {
        write_file(name, got);
        fprintf(now.report, "wrote %s.%s\n", now.base, kinds[kind].name);
    }
    free(before.data);
}

/* --- cases --- */

/* Makes the worker's copy of tests/lang again, and names a file that differed. */
static void repair(const char *before, const char *after)
{
    char command[2 * PATH_MAX];
    size_t at = 0, start = 0;
    for (; before[at] != '\0' && before[at] == after[at]; at++)
        start = before[at] == '\n' ? at + 1 : start;
    const char *line = before[start] != '\0' ? before + start : after + start;
    fprintf(now.report, "%.*s was changed, removed or added\n", (int)strcspn(line, " "), line);
    count_failure(now.base, ": the case changes its own sources");
    snprintf(command, sizeof command, "rm -rf tests/lang && cp -R '%s/tests/lang' tests/lang",
             root);
    if (system(command) != 0)
        die(command);
}

static void run_case(const char *file, int number)
{
    bool wanted[KINDS];
    struct text got[KINDS] = {0};
    char name[PATH_MAX];
    now.file = file;
    path(now.base, "%.*s", (int)(strlen(file) - strlen(".azr")), file);
    if (mkdir(path(now.scratch, "%s/case-%d", work, number), 0777) != 0)
        die(now.scratch);
    const int count = find_goldens(wanted);
    if (count == 0 && !blessing)
        count_failure(now.base, ": no golden beside it");
    wanted[OUT] = wanted[ERR] = wanted[OUT] || (count == 0 && blessing);
    const struct text before = state_of_topic();
    produce(wanted, got);
    for (int k = 0; k < KINDS; k++)
        if (wanted[k])
            (blessing ? bless : compare)(k, got[k]);
    if (blessing && find_goldens(wanted) == 0)
        write_file(golden(name, OUT), (struct text){0});
    const struct text after = state_of_topic();
    if (!is_same(before, after))
        repair(before.data, after.data);
    free(before.data);
    free(after.data);
    for (int k = 0; k < KINDS; k++)
        free(got[k].data);
}

/* Prints a report whole: other workers wait. */
static void print(struct text report, int lock)
{
    if (report.size == 0)
        return;
    flock(lock, LOCK_EX);
    fwrite(report.data, 1, report.size, stdout);
    fflush(stdout);
    flock(lock, LOCK_UN);
}

static void run_cases(int worker, char **cases, int count)
{
    char name[PATH_MAX];
    const int lock = open(path(name, "%s/lock", work), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    path(now.out, "%s/out-%d", work, worker);
    path(now.err, "%s/err-%d", work, worker);
    if (lock < 0 || chdir(path(name, "%s/%d", work, worker)) != 0)
        die(name);
    for (int i; (i = __atomic_fetch_add(&tally->next, 1, __ATOMIC_RELAXED)) < count;) {
        struct text report = {0};
        if ((now.report = open_memstream(&report.data, &report.size)) == NULL)
            die("memory");
        run_case(cases[i], i);
        fclose(now.report);
        print(report, lock);
        free(report.data);
    }
}

/* Every diagnostic has a case: the rows of diagnostics.def begin with "X(NUMBER,". */
static void check_codes(void)
{
    struct text rows = read_file("grammar/diagnostics.def");
    char *rest = rows.data, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        unsigned code;
        if (sscanf(line, "X(%u,", &code) != 1 || code >= CODES)
            continue;
        if (tally->has_case[code]) {
            tally->passed++;
            continue;
        }
        tally->failed++;
        printf("fail AZ%04u: no case below tests/lang has it\n", code);
    }
    free(rows.data);
}

int main(int count, char **words)
{
    const int jobs = count > 3 ? atoi(words[2]) : 0;
#ifdef GOLDEN_INSIDE
    azc = "azc";
#else
    azc = getenv("AZC");
#endif
    if (jobs < 1 || azc == NULL || getcwd(root, sizeof root) == NULL)
        return fputs("usage: AZC=PROGRAM golden WORK JOBS [--bless|--all] CASE.azr...\n", stderr),
               64;
    work = words[1];
    blessing = strcmp(words[3], "--bless") == 0;
    const bool all = strcmp(words[3], "--all") == 0;
    char **cases = words + 3 + (blessing || all);
    count -= 3 + (blessing || all);
    tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tally == MAP_FAILED)
        die("mmap");
    for (int worker = 0; worker < jobs; worker++) {
        const pid_t child = fork();
        if (child < 0)
            die("fork");
        if (child == 0) {
            run_cases(worker, cases, count);
            return 0;
        }
    }
    bool broken = false;
    for (int status; wait(&status) > 0;)
        broken |= status != 0;
    if (all)
        check_codes();
    if (broken)
        tally->failed++, puts("fail golden: a worker ended early");
    if (!blessing)
        printf("golden: %d passed, %d failed\n", tally->passed, tally->failed);
    return tally->failed != 0;
}
