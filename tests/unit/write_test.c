/* Files that the runner writes for a command: all of a command's documents or none, and secrets
 * that appear whole and never replace one. */
#include "host.h"
#include "azr/azr.h"
#include "assemble.h"

static struct assembler a;
static struct session current;

#define S(text) assemble_string(&a, text)

/* --- in the place of azr.c --- */

static char output[8192];
static struct base_sink sink = BASE_SINK(output);
static int written_to;

struct base_sink *azr_output(void)
{
    return &sink;
}

int azr_write(int fd, int code)
{
    written_to = fd;
    return code;
}

int azr_usage(const char *sentence)
{
    (void)sentence;
    return SESSION_USAGE;
}

const char *azr_image(const struct azr_call *call)
{
    return call->image;
}

int azr_decide(const struct azr_call *call, struct session *session)
{
    (void)call, (void)session;
    return SESSION_REFUSED;
}

void azr_report(const struct session *session)
{
    (void)session;
}

/* --- documents --- */

static void add_document(const char *path, const char *command, uint32_t mode, uint16_t slot)
{
    const uint32_t piece = ASSEMBLE_ADD(&a, IMAGE_PIECES, pieces, slot);
    ASSEMBLE_ADD(&a, IMAGE_DOCUMENTS, documents,
                 (struct image_document){S(path), S(command), mode, piece, 1});
}

static void make_image(void)
{
    assemble_begin(&a);
    const uint16_t one = assemble_text(&a, IMAGE_TEXT, "one\n"),
                   two = assemble_text(&a, IMAGE_TEXT, "two\n"),
                   three = assemble_text(&a, IMAGE_TEXT, "three\n");
    add_document("/run/p/one", "pooler", 0600, one);
    add_document("/run/p/other", "other", 0644, three);
    add_document("/run/p/two", "pooler", 0644, two);
    add_document("/run/q/three", "pooler", 0640, three);
    assemble_build(&a);
}

static void begin(void)
{
    host_begin();
    host_put("/run/p/one", "before 1");
    host_put("/run/p/two", "before 2");
    host_put("/run/q/three", "before 3");
    const struct session_request request = {.root = "/nonexistent"};
    CHECK(session_decide(&current, &request));
    host_log[0] = '\0';
}

static bool are_old(void)
{
    return strcmp(host_get("/run/p/one"), "before 1") == 0 &&
           strcmp(host_get("/run/p/two"), "before 2") == 0 &&
           strcmp(host_get("/run/q/three"), "before 3") == 0;
}

static void test_all(void)
{
    begin();
    umask(077);
    CHECK(azr_write_documents(&current, "pooler"));
    umask(022);
    CHECK_TEXT(host_get("/run/p/one"), "one\n");
    CHECK_TEXT(host_get("/run/p/two"), "two\n");
    CHECK_TEXT(host_get("/run/q/three"), "three\n");
    CHECK(host_mode("/run/p/one") == 0600 && host_mode("/run/p/two") == 0644);
    CHECK(host_mode("/run/q/three") == 0640);
    CHECK(host_files() == 3 && !host_has("/run/p/other"));
    CHECK(azr_write_documents(&current, "nothing") && host_files() == 3);
}

/* Every file is on disk before the first takes its name. */
static void test_order(void)
{
    begin();
    CHECK(azr_write_documents(&current, "pooler"));
    const char *first = strstr(host_log, "rename ");
    static const char *const paths[] = {"/run/p/one", "/run/p/two", "/run/q/three"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char line[128];
        snprintf(line, sizeof line, "fsync %s.azr-PID\n", paths[i]);
        const char *synced = strstr(host_log, line);
        CHECK(synced != NULL && first != NULL && synced < first);
    }
}

/* Whatever fails, at whichever file: nothing has changed, and nothing is left. */
static void test_none(void)
{
    static const char *const calls[] = {"create", "write", "fchmod", "fsync", "close"};
    static const char *const paths[] = {"/run/p/one", "/run/p/two", "/run/q/three"};
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++)
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
            begin();
            host_fail(calls[c], paths[p], ENOSPC);
            CHECK(!azr_write_documents(&current, "pooler"));
            CHECK(strstr(current.refusals.data, paths[p]) != NULL);
            CHECK(strstr(current.refusals.data, "no space left") != NULL);
            CHECK(are_old() && host_files() == 3);
        }
}

/* A rename hardly ever fails after all that; then, too, nothing temporary stays. */
static void test_renames(void)
{
    static const char *const paths[] = {"/run/p/one", "/run/p/two", "/run/q/three"};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        begin();
        host_fail("rename", paths[p], EROFS);
        CHECK(!azr_write_documents(&current, "pooler"));
        CHECK(strstr(current.refusals.data, paths[p]) != NULL);
        CHECK(host_files() == 3);
        CHECK(p > 0 || are_old());
        CHECK_TEXT(host_get("/run/q/three"), "before 3");
    }
}

static void test_incomplete(void)
{
    begin();
    current.slots[current.image.pieces[3]] =
        (struct vm_slot){.state = VM_TRAP, .trap = VM_TRAP_QUOTE};
    CHECK(!azr_write_documents(&current, "pooler"));
    CHECK(are_old() && host_files() == 3);
    CHECK(strstr(host_log, "create") == NULL);
}

/* --- secrets --- */

static int make_secrets(const char *mode, const char *first, const char *second)
{
    static struct azr_call call;
    memset(&call, 0, sizeof call);
    call.names[0] = "/s";
    call.names[1] = first;
    call.names[2] = second;
    call.name_count = 1u + (first != NULL) + (second != NULL);
    call.mode = mode;
    sink.length = 0;
    return azr_run_secrets(&call, &current);
}

static void test_made(void)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    host_begin();
    umask(0);
    CHECK(make_secrets(NULL, "one", "two") == 0 && written_to == STDOUT_FILENO);
    umask(022);
    char one[64];
    snprintf(one, sizeof one, "%s", host_get("/s/one"));
    CHECK(strlen(one) == 32 && strspn(one, allowed) == 32);
    CHECK(strlen(host_get("/s/two")) == 32 && strcmp(host_get("/s/two"), one) != 0);
    CHECK(host_mode("/s") == 0700 && host_mode("/s/one") == 0644 && host_created == 0600);
    CHECK(host_open_files() == 0);
    CHECK(host_files() == 2);
    CHECK(strstr(output, "/s/one") != NULL && strstr(output, "/s/two") != NULL);
    CHECK(make_secrets("640", "one", "three") == 0);
    CHECK_TEXT(host_get("/s/one"), one);
    CHECK(host_mode("/s/three") == 0640 && host_mode("/s/one") == 0644 && host_files() == 3);
    const char *synced = strstr(host_log, "fsync /s/.three.azr-PID\n");
    CHECK(synced != NULL && strstr(synced, "link .three.azr-PID three\n") != NULL);
}

/* Each letter is as likely as any other: in 64,000 of them each is there about 1,032 times, and a
 * bias towards the first ones by the rest of 256 / 62 would show as 1,250. */
static void test_letters(void)
{
    int counts[256] = {0}, least = 1 << 30, most = 0;
    host_begin();
    for (int i = 0; i < 2000; i++) {
        unlink("/s/x");
        host_log[0] = '\0';
        CHECK(make_secrets(NULL, "x", NULL) == 0);
        for (const char *at = host_get("/s/x"); *at != '\0'; at++)
            counts[(unsigned char)*at]++;
    }
    for (const char *at = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
         *at != '\0'; at++) {
        least = counts[(unsigned char)*at] < least ? counts[(unsigned char)*at] : least;
        most = counts[(unsigned char)*at] > most ? counts[(unsigned char)*at] : most;
    }
    CHECK(least > 850 && most < 1220);
}

static void test_faults(void)
{
    static const char *const calls[] = {"create", "write", "fchmod", "fsync", "link"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const bool by_name = strcmp(calls[i], "create") == 0 || strcmp(calls[i], "link") == 0;
        host_begin();
        host_fail(calls[i], by_name ? ".one" : "/s/.one", ENOSPC);
        CHECK(make_secrets(NULL, "one", "two") == SESSION_REFUSED && written_to == STDERR_FILENO);
        CHECK(host_open_files() == 0);
        CHECK(host_files() == 0 && strstr(output, "/s/one") != NULL &&
              strstr(output, "no space left") != NULL);
    }
    host_begin();
    host_fail("mkdir", "/s", EROFS);
    CHECK(make_secrets(NULL, "one", NULL) == SESSION_REFUSED);
    host_begin();
    host_put("/s", "a file");
    CHECK(make_secrets(NULL, "one", NULL) == SESSION_REFUSED);
    CHECK_TEXT(host_get("/s"), "a file");
    CHECK(strstr(output, "/s ") != NULL && strstr(output, "/s/one") == NULL);
}

/* A process of the same id that was killed has left its temporary file. */
static void test_left_over(void)
{
    char name[64];
    host_begin();
    snprintf(name, sizeof name, "/s/.one.azr-%d", (int)getpid());
    host_put(name, "half a secre");
    CHECK(make_secrets(NULL, "one", NULL) == 0 && host_files() == 1);
    CHECK(strlen(host_get("/s/one")) == 32);
}

/* One that another process makes at the same time stays, and so does a link that leads nowhere. */
static void test_taken(void)
{
    host_begin();
    host_put("/s/x", "");
    host_fail("link", ".one", EEXIST);
    CHECK(make_secrets(NULL, "one", NULL) == 0 && host_files() == 1);
    CHECK(symlink("nowhere", host_path("/s/two")) == 0);
    CHECK(make_secrets(NULL, "two", NULL) == 0 && !host_has("/s/nowhere"));
}

static void test_without_input(void)
{
    host_begin();
    int kept = host_close_input();
    CHECK(make_secrets(NULL, "one", "two") == 0 && host_files() == 2);
    CHECK(fcntl(STDIN_FILENO, F_GETFD) < 0);
    host_restore_input(kept);
    begin();
    kept = host_close_input();
    CHECK(azr_write_documents(&current, "pooler"));
    CHECK(fcntl(STDIN_FILENO, F_GETFD) < 0);
    host_restore_input(kept);
    CHECK_TEXT(host_get("/run/p/one"), "one\n");
}

static void test_usage(void)
{
    static const char *const modes[] = {"", "64", "06400", "648", "0-1", "1777", "x"};
    static const char *const names[] = {"", ".", ".x", "a/b", "/a"};
    char name[256];
    host_begin();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        CHECK(make_secrets(modes[i], "one", NULL) == SESSION_USAGE);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(make_secrets(NULL, names[i], NULL) == SESSION_USAGE &&
              make_secrets(NULL, "one", names[i]) == SESSION_USAGE);
    CHECK(make_secrets(NULL, NULL, NULL) == SESSION_USAGE);
    memset(name, 'x', sizeof name);
    name[200] = '\0';
    CHECK(make_secrets(NULL, name, NULL) == SESSION_USAGE && !host_has("/s"));
    name[199] = '\0';
    CHECK(make_secrets("0777", name, NULL) == 0 && host_files() == 1);
    CHECK(make_secrets("000", "a", "b") == 0 && host_files() == 3 && host_mode("/s/b") == 0);
}

int main(void)
{
    make_image();
    CHECK(session_load(&current, "test.azb", a.bytes, a.length));
    test_all();
    test_order();
    test_none();
    test_renames();
    test_incomplete();
    test_made();
    test_letters();
    test_faults();
    test_left_over();
    test_taken();
    test_without_input();
    test_usage();
    host_end();
    return check_summary("write");
}
