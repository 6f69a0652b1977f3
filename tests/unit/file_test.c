/* Files of the runner: written whole, on disk before they take their name, of the right mode and
 * owner, and gone without a trace when anything fails. */
#include "host.h"
#include "azr/cluster/file.h"

static struct session session;

static bool write_file(const char *path, const char *text, mode_t mode)
{
    const int fd = cluster_begin_file(path);
    const bool filled = fd >= 0 && base_write_all(fd, text, strlen(text));
    return cluster_end_file(fd, path, mode, filled) && cluster_place_file(path);
}

/* Where a line of the log begins; null when there is none. */
static const char *logged(const char *line)
{
    return strstr(host_log, line);
}

static void begin(void)
{
    host_begin();
    host_put("/d/other", "");
}

static void test_written(void)
{
    begin();
    umask(077);
    CHECK(write_file("/d/file", "text\n", 0644));
    CHECK_TEXT(host_get("/d/file"), "text\n");
    CHECK(host_mode("/d/file") == 0644);
    CHECK(host_files() == 2);
    CHECK(write_file("/d/file", "more", 0600));
    CHECK_TEXT(host_get("/d/file"), "more");
    CHECK(host_mode("/d/file") == 0600);
    CHECK(host_files() == 2);
    umask(022);
}

/* The order that survives a loss of power: bytes and mode, fsync, then the name. */
static void test_order(void)
{
    begin();
    CHECK(write_file("/d/file", "text", 0644));
    const char *written = logged("write /d/file.azr-PID\n"),
               *mode = logged("fchmod /d/file.azr-PID\n"),
               *synced = logged("fsync /d/file.azr-PID\n"),
               *renamed = logged("rename /d/file.azr-PID /d/file\n");
    CHECK(written != NULL && mode != NULL && synced != NULL && renamed != NULL);
    CHECK(written < synced && mode < synced && synced < renamed);
}

static void test_until_placed(void)
{
    begin();
    host_put("/d/file", "before");
    const int fd = cluster_begin_file("/d/file");
    CHECK(fd >= 0 && base_write_all(fd, "after", 5));
    CHECK(cluster_end_file(fd, "/d/file", 0600, true));
    CHECK_TEXT(host_get("/d/file"), "before");
    CHECK(host_files() == 3);
    cluster_drop_file("/d/file");
    CHECK(host_files() == 2);
    CHECK(!cluster_place_file("/d/file"));
    CHECK_TEXT(host_get("/d/file"), "before");
}

static void test_private(void)
{
    begin();
    umask(0);
    char name[64];
    const int fd = cluster_begin_file("/d/file");
    snprintf(name, sizeof name, "/d/file.azr-%d", (int)getpid());
    CHECK(host_mode(name) == 0600);
    CHECK(cluster_end_file(fd, "/d/file", 0644, true));
    CHECK(host_mode(name) == 0644);
    umask(022);
}

static void test_failures(void)
{
    static const struct {
        const char *call;
        int error;
    } cases[] = {{"create", EACCES}, {"write", ENOSPC}, {"fchmod", EPERM}, {"fsync", EIO},
                 {"close", EDQUOT},  {"fchown", EPERM}, {"rename", EBUSY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        host_put("/d/file", "before");
        host_user = 0;
        host_owner = 70;
        host_fail(cases[i].call, "/d/file", cases[i].error);
        errno = 0;
        CHECK(!write_file("/d/file", "after", 0644));
        CHECK(errno == cases[i].error);
        CHECK_TEXT(host_get("/d/file"), "before");
        CHECK(host_files() == 2);
    }
}

/* What a process of the same id left behind is replaced, and a link there is not followed.
 */
static void test_left_behind(void)
{
    char name[64];
    begin();
    snprintf(name, sizeof name, "/d/file.azr-%d", (int)getpid());
    host_put(name, "a longer text from before");
    CHECK(write_file("/d/file", "text", 0644));
    CHECK_TEXT(host_get("/d/file"), "text");
    CHECK(symlink("other", host_path(name)) == 0);
    CHECK(write_file("/d/file", "text", 0644));
    CHECK_TEXT(host_get("/d/other"), "");
}

static void test_owner(void)
{
    begin();
    host_user = 0;
    host_owner = 70;
    CHECK(write_file("/d/file", "text", 0600));
    CHECK(logged("fchown /d/file.azr-PID 70:71\n") != NULL);
    CHECK(logged("fchown") < logged("fchmod"));
    CHECK(logged("stat /d\n") != NULL);
    begin();
    host_user = 0;
    host_owner = 0;
    CHECK(write_file("/d/file", "text", 0600) && logged("fchown") == NULL);
    begin();
    host_user = host_owner = 70;
    CHECK(write_file("/d/file", "text", 0600) && logged("fchown") == NULL);
    begin();
    host_user = 0;
    host_fail("stat", "/d", EIO);
    CHECK(!write_file("/d/file", "text", 0600) && host_files() == 1);
}

static void test_parents(void)
{
    host_begin();
    cluster_make_parents("/a/b/c/file");
    CHECK(host_mode("/a/b/c") == 0755 && !host_has("/a/b/c/file"));
    CHECK_TEXT(host_log, "mkdir /a\nmkdir /a/b\nmkdir /a/b/c\n");
    cluster_make_parents("/a/b/c/d/file");
    CHECK(host_mode("/a/b/c/d") == 0755);
    CHECK_TEXT(cluster_parent("/a/b").text, "/a");
    CHECK_TEXT(cluster_parent("/a").text, "/");
}

static void test_sync_parent(void)
{
    begin();
    CHECK(cluster_sync_parent("/d/file"));
    CHECK(logged("fsync /d\n") != NULL && logged("close /d\n") != NULL);
    CHECK(!cluster_sync_parent("/none/file"));
    host_fail("fsync", "/d", EIO);
    CHECK(!cluster_sync_parent("/d/file"));
    CHECK(errno == EIO);
}

static void test_mounts(void)
{
    host_begin();
    CHECK(!cluster_is_mount("/data"));
    host_put("/proc/self/mountinfo", "1 2 0:1 / / rw - ext4 /dev/sda rw\n"
                                     "3 1 0:2 /volume /data/pg rw - ext4 /dev/sdb rw\n");
    CHECK(cluster_is_mount("/data/pg"));
    CHECK(!cluster_is_mount("/data") && !cluster_is_mount("/data/pg/x") && !cluster_is_mount("pg"));
}

static void test_read(void)
{
    char text[8];
    begin();
    host_put("/d/file", "1234567890");
    CHECK(cluster_read_text("/d/file", text, sizeof text) == 7);
    CHECK_TEXT(text, "1234567");
    host_put("/d/file", "123");
    CHECK(cluster_read_text("/d/file", text, sizeof text) == 3);
    CHECK_TEXT(text, "123");
    host_put("/d/file", "");
    CHECK(cluster_read_text("/d/file", text, sizeof text) == 0);
    CHECK_TEXT(text, "");
    CHECK(cluster_read_text("/d/none", text, sizeof text) < 0);
    CHECK(cluster_read_text("/d", text, sizeof text) < 0);
    CHECK(mkfifo(host_path("/d/pipe"), 0600) == 0);
    CHECK(cluster_read_text("/d/pipe", text, sizeof text) == 0);
}

static void test_without_input(void)
{
    char text[8];
    begin();
    const int kept = host_close_input();
    CHECK(write_file("/d/file", "text", 0600));
    CHECK(cluster_read_text("/d/file", text, sizeof text) == 4);
    CHECK(cluster_sync_parent("/d/file"));
    CHECK(logged("close /d\n") != NULL && fcntl(STDIN_FILENO, F_GETFD) < 0);
    host_restore_input(kept);
}

static void test_refusal(void)
{
    char text[1024] = "";
    host_begin();
    session.refusals = (struct base_sink)BASE_SINK(text);
    host_user = 70;
    CHECK(cluster_refuse_path(&session, "/run/x/file", EROFS) == SESSION_REFUSED);
    CHECK(strstr(text, "/run/x/file") == text && strstr(text, "user 70") != NULL &&
          strstr(text, "at /run/x ") != NULL);
}

int main(void)
{
    test_written();
    test_order();
    test_until_placed();
    test_private();
    test_failures();
    test_left_behind();
    test_owner();
    test_parents();
    test_sync_parent();
    test_mounts();
    test_read();
    test_without_input();
    test_refusal();
    host_end();
    return check_summary("file");
}
