/* The arena, interned names, source files and output files. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "base/memory.h"

/* The address sanitizer would end the program itself where memory runs out. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static struct base_arena arena;

/* Runs `work` in a process of its own, as it changes limits or rights, and answers its exit status
 * with what it wrote to its standard error; -1 if a signal ended it. */
static int run_apart(void (*work)(void), char *said, size_t size)
{
    int ends[2], status;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        check_failed = 0;
        work();
        _exit(check_failed > 0);
    }
    close(ends[1]);
    struct base_sink sink = {.data = said, .capacity = size};
    char piece[256];
    for (ssize_t length; (length = read(ends[0], piece, sizeof piece)) > 0;)
        base_put_bytes(&sink, piece, (size_t)length);
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_apart(void (*work)(void))
{
    char said[2048] = "";
    CHECK(run_apart(work, said, sizeof said) == 0);
    CHECK_TEXT(said, "");
}

static bool is_zero(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i])
            return false;
    return true;
}

static void pieces_are_zeroed_aligned_and_apart(void)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 16384, 16385, 65536, 1000000};
    enum { SIZES = sizeof sizes / sizeof *sizes, ROUNDS = 30 };
    struct base_arena own = {0};
    char *pieces[ROUNDS][SIZES];
    bool right = true, apart = true;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < SIZES; i++) {
            pieces[round][i] = base_alloc(&own, sizes[i]);
            right = right && pieces[round][i] && (uintptr_t)pieces[round][i] % 16 == 0 &&
                    is_zero(pieces[round][i], sizes[i]);
            memset(pieces[round][i], round + 1, sizes[i]);
        }
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < SIZES; i++)
            for (size_t k = 0; k < sizes[i]; k++)
                apart = apart && pieces[round][i][k] == round + 1;
    CHECK(right);
    CHECK(apart);
    base_arena_free(&own);
    CHECK(!own.chunks && own.used == 0 && own.size == 0);
    CHECK(base_alloc(&own, 0) != NULL);
    base_arena_free(&own);
}

static void ask_for_everything(void)
{
    base_alloc(&arena, SIZE_MAX);
}

static void ask_for_much(void)
{
    setrlimit(RLIMIT_AS, &(struct rlimit){0, 0});
    base_alloc(&arena, (size_t)1 << 30);
}

static void grow_beyond_everything(void)
{
    size_t count = SIZE_MAX / 16, room = SIZE_MAX / 16;
    base_grow_list(&arena, NULL, &count, &room, 64);
}

static void running_out_ends_with_a_sentence(void)
{
    static void (*const ways[])(void) = {ask_for_everything, ask_for_much, grow_beyond_everything};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char said[4096] = "";
        CHECK(run_apart(ways[i], said, sizeof said) == EXIT_FAILURE);
        CHECK(strstr(said, "azc: out of memory\n") != NULL);
    }
}

static void lists_and_texts_grow(void)
{
    BASE_LIST(int) list = {0};
    bool right = true;
    for (int i = 0; i < 1000; i++)
        *BASE_PUSH(&arena, &list) = i;
    for (int i = 0; i < 1000; i++)
        right = right && list.items[i] == i;
    CHECK(right && list.count == 1000 && list.room >= 1000);

    struct base_sink sink = base_arena_sink(&arena);
    CHECK_TEXT(sink.data, "");
    for (int i = 0; i < 5000; i++)
        base_put(&sink, "0123456789");
    CHECK(sink.length == 50000 && !sink.overflow && strlen(sink.data) == 50000);
    CHECK(strncmp(sink.data + 40000, "0123456789", 10) == 0);

    CHECK_TEXT(base_copy_text(&arena, "abcdef", 3), "abc");
    CHECK_TEXT(base_copy_text(&arena, NULL, 0), "");
    CHECK_TEXT(base_format(&arena, "%s=%d%%", "x", -7), "x=-7%");
    CHECK(strlen(base_format(&arena, "%0100000d", 1)) == 100000);
}

static void equal_names_are_one(void)
{
    enum { NAMES = 5000 };
    struct base_names names = {.arena = &arena};
    static const char *first[NAMES];
    bool same = true, right = true;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < NAMES; i++) {
            const char *text = base_format(&arena, "name_%d", i);
            const char *name = base_intern(&names, text, strlen(text));
            right = right && strcmp(name, text) == 0 && name != text;
            same = same && (round == 0 || name == first[i]);
            first[i] = name;
        }
    CHECK(same && right && names.count == NAMES);

    const char *ab = base_intern(&names, "abc", 2);
    CHECK_TEXT(ab, "ab");
    CHECK(ab == base_intern(&names, "ab", 2) && ab != base_intern(&names, "abc", 3));
    CHECK(ab == base_intern(&names, "ab\0c", 4));
    CHECK(base_intern(&names, NULL, 0) == base_intern(&names, "x", 0));
}

static void put_file(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK(fd >= 0 && base_write_all(fd, bytes, length));
    close(fd);
}

static const char *read_back(const char *path)
{
    char *text;
    size_t length;
    const char *why;
    return base_read_file(&arena, path, 1 << 20, &text, &length, &why) ? text : why;
}

static void files_are_read(void)
{
    char *text;
    size_t length;
    const char *why = NULL;
    put_file("plain", "one\0two", 7);
    CHECK(base_read_file(&arena, "plain", 7, &text, &length, &why));
    CHECK(length == 7 && memcmp(text, "one\0two", 8) == 0);
    CHECK(!base_read_file(&arena, "plain", 6, &text, &length, &why));
    CHECK_TEXT(why, "File larger than 6 bytes");
    CHECK(!base_read_file(&arena, "/dev/zero", 100000, &text, &length, &why));
    CHECK_TEXT(why, "File larger than 100000 bytes");
    CHECK(base_read_file(&arena, "/dev/null", 0, &text, &length, &why) && length == 0);
    CHECK_TEXT(text, "");
    CHECK(!base_read_file(&arena, "absent", 10, &text, &length, &why));
    CHECK_TEXT(why, "No such file or directory");
    CHECK(!base_read_file(&arena, ".", 10, &text, &length, &why));
    CHECK_TEXT(why, "Is a directory");
}

static struct base_sources *one_source(const char *text)
{
    struct base_sources *sources = BASE_NEW(&arena, struct base_sources);
    sources->arena = &arena;
    sources->files[0].path = "x.azr";
    sources->files[0].text = text;
    sources->files[0].length = text ? strlen(text) : 0;
    sources->count = 1;
    return sources;
}

static bool is_at(struct base_sources *sources, uint32_t offset, uint32_t line, uint32_t column)
{
    uint32_t got_line, got_column;
    base_locate(sources, 0, offset, &got_line, &got_column);
    return got_line == line && got_column == column;
}

static void places_are_found(void)
{
    struct base_sources *sources = one_source("ab\n\n\tü€x\r\nend");
    CHECK(is_at(sources, 0, 1, 1) && is_at(sources, 2, 1, 3));
    CHECK(is_at(sources, 3, 2, 1) && is_at(sources, 4, 3, 1));
    CHECK(is_at(sources, 5, 3, 2) && is_at(sources, 7, 3, 3) && is_at(sources, 10, 3, 4));
    CHECK(is_at(sources, 13, 4, 1) && is_at(sources, 16, 4, 4) && is_at(sources, 999, 4, 4));
    CHECK(base_span_is(base_line(sources, 0, 1), "ab"));
    CHECK(base_span_is(base_line(sources, 0, 2), ""));
    CHECK(base_span_is(base_line(sources, 0, 3), "\tü€x"));
    CHECK(base_span_is(base_line(sources, 0, 4), "end"));
    CHECK(base_span_is(base_line(sources, 0, 0), "") && base_span_is(base_line(sources, 0, 5), ""));
    uint32_t line, column;
    base_locate(sources, 1, 5, &line, &column);
    CHECK(line == 1 && column == 1 && base_span_is(base_line(sources, 1, 1), ""));

    struct base_sources *ended = one_source("a\n");
    CHECK(is_at(ended, 2, 2, 1) && base_span_is(base_line(ended, 0, 2), ""));
    struct base_sources *unread = one_source(NULL);
    CHECK(is_at(unread, 0, 1, 1) && base_span_is(base_line(unread, 0, 1), ""));
}

/* Names in a directory, so that a temporary file left behind is seen. */
static int entries(const char *path)
{
    int count = -2; /* . and .. */
    DIR *directory = opendir(path);
    CHECK(directory != NULL);
    while (directory && readdir(directory))
        count++;
    if (directory)
        closedir(directory);
    return count;
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_mode & 07777 : 0;
}

static void files_are_written(void)
{
    const char *why = NULL;
    CHECK(mkdir("out", 0777) == 0);
    umask(022);
    CHECK(base_write_file("out/file", "first", 5, &why));
    CHECK_TEXT(read_back("out/file"), "first");
    CHECK(mode_of("out/file") == 0644);
    umask(027);
    CHECK(base_write_file("out/file", "", 0, &why));
    CHECK_TEXT(read_back("out/file"), "");
    CHECK(mode_of("out/file") == 0640);
    umask(022);
    CHECK(base_write_file("here", "no directory", 12, &why));
    CHECK_TEXT(read_back("here"), "no directory");
    CHECK(entries("out") == 1);

    char *stale = base_format(&arena, "out/.azc-%ld-0.tmp", (long)getpid());
    put_file(stale, "stale", 5);
    CHECK(base_write_file("out/file", "second", 6, &why));
    CHECK_TEXT(read_back("out/file"), "second");
    CHECK_TEXT(read_back(stale), "stale");
    CHECK(unlink(stale) == 0);
}

static const char *refusal(const char *path)
{
    const char *why = "written";
    CHECK(!base_write_file(path, "new", 3, &why));
    return why;
}

static void refusals_say_which_step(void)
{
    char *long_name = base_alloc(&arena, 5001);
    memset(long_name, 'n', 5000);
    CHECK_TEXT(refusal("absent/file"), "cannot open the directory: No such file or directory");
    CHECK_TEXT(refusal("here/file"), "cannot open the directory: Not a directory");
    CHECK_TEXT(refusal("out/"), "cannot replace the file: No such file or directory");
    CHECK_TEXT(refusal(""), "cannot replace the file: No such file or directory");
    CHECK_TEXT(refusal("out"), "cannot replace the file: it is not a plain file");
    CHECK_TEXT(refusal("/dev/full"), "cannot replace the file: it is not a plain file");
    CHECK_TEXT(refusal(long_name), "cannot replace the file: File name too long");
    CHECK_TEXT(refusal(base_format(&arena, "%s/file", long_name)),
               "cannot open the directory: File name too long");
    CHECK(symlink("here", "out/link") == 0);
    CHECK_TEXT(refusal("out/link"), "cannot replace the file: it is not a plain file");
    CHECK(unlink("out/link") == 0);
    CHECK(strstr(refusal("/proc/azc-test"), "cannot create a temporary file beside it: "));
    CHECK_TEXT(read_back("here"), "no directory");
}

/* A limit on the size of files stands in for a full disk: write() fails half way. */
static void write_too_much(void)
{
    static char bytes[10000];
    const char *why = NULL;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){4096, 4096});
    CHECK(!base_write_file("out/file", bytes, sizeof bytes, &why));
    CHECK_TEXT(why, "cannot write the temporary file: File too large");
}

static void fill_every_temporary_name(void)
{
    for (int i = 0; i < 100; i++)
        put_file(base_format(&arena, "taken/.azc-%ld-%d.tmp", (long)getpid(), i), "", 0);
    CHECK_TEXT(refusal("taken/file"), "cannot create a temporary file beside it: File exists");
    CHECK(entries("taken") == 100);
}

/* Root may write anywhere; nobody may not. */
static void become_nobody(void)
{
    if (geteuid() == 0)
        CHECK(setgid(65534) == 0 && setuid(65534) == 0);
}

static void write_without_rights(void)
{
    become_nobody();
    CHECK_TEXT(refusal("closed/file"), "cannot create a temporary file beside it: "
                                       "Permission denied");
}

/* In a sticky directory one may make files, but not rename over those of others. */
static void rename_without_rights(void)
{
    become_nobody();
    CHECK_TEXT(refusal("sticky/file"), "cannot rename the temporary file: "
                                       "Operation not permitted");
}

static void old_files_survive_failures(void)
{
    CHECK(mkdir("taken", 0777) == 0 && mkdir("closed", 0755) == 0 && mkdir("sticky", 0777) == 0);
    put_file("closed/file", "old", 3);
    put_file("sticky/file", "old", 3);
    CHECK(chmod("closed", 0555) == 0 && chmod("sticky", 01777) == 0);

    check_apart(write_too_much);
    CHECK_TEXT(read_back("out/file"), "second");
    CHECK(entries("out") == 1);
    check_apart(fill_every_temporary_name);
    check_apart(write_without_rights);
    CHECK_TEXT(read_back("closed/file"), "old");
    CHECK(entries("closed") == 1);
    if (geteuid() == 0) { /* it takes two users to own the files */
        check_apart(rename_without_rights);
        CHECK_TEXT(read_back("sticky/file"), "old");
        CHECK(entries("sticky") == 1);
    }
}

static void directories_are_made(void)
{
    const char *why = NULL;
    char *long_path = base_alloc(&arena, 5001);
    for (size_t i = 0; i < 5000; i++)
        long_path[i] = i % 2 ? '/' : 'd';
    CHECK(base_make_directories("deep/er//still/", &why) && entries("deep/er/still") == 0);
    CHECK(base_make_directories("deep/er/still", &why));
    CHECK(base_make_directories("/", &why) && base_make_directories(".", &why));
    CHECK(!base_make_directories("here/below", &why));
    CHECK_TEXT(why, "cannot make the directory: Not a directory");
    CHECK(!base_make_directories("here", &why));
    CHECK_TEXT(why, "cannot make the directory: Not a directory");
    CHECK(!base_make_directories("", &why));
    CHECK_TEXT(why, "cannot make the directory: No such file or directory");
    CHECK(!base_make_directories("/proc/azc-test", &why));
    CHECK(!base_make_directories(long_path, &why));
    CHECK_TEXT(why, "cannot make the directory: File name too long");
}

static void remove_tree(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
}

int main(void)
{
    char directory[] = "/tmp/azc-memory-test-XXXXXX";
    if (!mkdtemp(directory) || chmod(directory, 0755) != 0 || chdir(directory) != 0)
        return 1;
    umask(0);
    pieces_are_zeroed_aligned_and_apart();
    running_out_ends_with_a_sentence();
    lists_and_texts_grow();
    equal_names_are_one();
    files_are_read();
    places_are_found();
    files_are_written();
    refusals_say_which_step();
    old_files_survive_failures();
    directories_are_made();
    chmod("closed", 0755);
    remove_tree(directory);
    base_arena_free(&arena);
    return check_summary("memory");
}
