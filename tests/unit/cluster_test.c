/* A server's data directory on a made-up host: where lock and marker lie, what each may refuse, and
 * in which order they reach the disk. The programs of the first start are scripts. */
#include "host.h"
#include "azr/cluster/cluster.h"
#include "assemble.h"

static struct assembler a;
static struct session session;
static struct cluster cluster;
static const char *environment[8];

#define S(text) assemble_string(&a, text)

static void make_image(void)
{
    assemble_begin(&a);
    static const char *const settings[] = {"config_file", "hba_file", "unix_socket_directories",
                                           "work_place"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        ASSEMBLE_ADD(&a, IMAGE_SETTINGS, settings,
                     (struct image_setting){.name = S(settings[i]),
                                            .kind = IMAGE_TEXT,
                                            .unit = 1,
                                            .grain = 1,
                                            .slot = IMAGE_NONE});
    const uint32_t source = ASSEMBLE_ADD(&a, IMAGE_SOURCES, sources,
                                         (struct image_source){.class = IMAGE_FROM_ENV,
                                                               .name = S("POSTGRES_ROLE"),
                                                               .label = S("manual")});
    ASSEMBLE_ADD(&a, IMAGE_INPUTS, inputs,
                 (struct image_input){.name = S("role"),
                                      .class = IMAGE_OPTION,
                                      .kind = IMAGE_TEXT,
                                      .optional = 1,
                                      .sources = source,
                                      .source_count = 1,
                                      .name_entry = 0});
    ASSEMBLE_ADD(
        &a, IMAGE_NAMES, names,
        (struct image_name){.name = S("role"),
                            .class = IMAGE_NAME_INPUT,
                            .slot = assemble_emit(&a, IMAGE_OP_INPUT, IMAGE_TEXT, 0, 0, 0, 0),
                            .file = S("main.azr"),
                            .line = 1});
    assemble_build(&a);
}

#define DATA   "/volume/pg"
#define MARKER "/volume/.pg.aza-init-in-progress"
#define LOCK   "/volume/.pg.aza.lock"

static void close_locks(void)
{
    for (int fd = 64; fd < 80; fd++)
        syscall(SYS_close, fd);
}

/* A host without a cluster, and a session that knows nothing but these words of postgres. */
static void begin_with(const char *const *arguments)
{
    close_locks();
    host_begin();
    host_put("/proc/self/mountinfo", "1 2 0:1 / / rw - ext4 /dev/sda rw\n");
    host_put("/volume/other", "");
    memset(environment, 0, sizeof environment);
    environment[0] = "PGDATA=" DATA;
    const struct session_request request = {
        .environment = environment, .root = "/nonexistent", .arguments = arguments};
    CHECK(session_decide(&session, &request));
    probe_begin(&session.probes, "", environment);
}

static void begin(void)
{
    begin_with(NULL);
}

static void put_cluster(const char *version)
{
    host_put(DATA "/PG_VERSION", version);
    host_put(DATA "/global/pg_control", "");
}

static int open_cluster(void)
{
    memset(&cluster, 0, sizeof cluster);
    session.refusals.length = session.warnings.length = 0;
    session.refusals.data[0] = session.warnings.data[0] = '\0';
    const int code = cluster_open(&cluster, environment, &session);
    close_locks();
    return code;
}

/* Whether it is refused, with a message that has these words. */
static bool refuses(const char *first, const char *second)
{
    return open_cluster() == SESSION_REFUSED && strstr(session.refusals.data, first) != NULL &&
           strstr(session.refusals.data, second) != NULL;
}

static bool warns(const char *word)
{
    return strstr(session.warnings.data, word) != NULL;
}

/* --- opening --- */

static void test_empty(void)
{
    begin();
    CHECK(open_cluster() == 0 && cluster.empty && !cluster.mounted && !cluster.standby);
    CHECK(!cluster.replica);
    CHECK(host_has(LOCK) && !host_has(DATA) && !host_has(MARKER));
    CHECK_TEXT(session.warnings.data, "");
    begin();
    environment[0] = "PGDATA=/deep/er/pg";
    CHECK(open_cluster() == 0 && cluster.empty && host_has("/deep/er/.pg.aza.lock"));
    begin();
    mkdir(DATA, 0700);
    CHECK(open_cluster() == 0 && cluster.empty);
}

static void test_whole(void)
{
    begin();
    put_cluster("18\n");
    CHECK(open_cluster() == 0 && !cluster.empty && !cluster.standby);
    put_cluster("18");
    CHECK(open_cluster() == 0);
    put_cluster("17\n");
    CHECK(refuses(DATA, "pg_upgrade") && refuses("PostgreSQL 17", "pg_dumpall"));
    put_cluster("19\n");
    CHECK(refuses("PostgreSQL 19", DATA));
    begin();
    host_put(DATA "/base/1", "");
    CHECK(refuses(DATA, "PGDATA"));
    host_put(DATA "/PG_VERSION", "18\n");
    CHECK(refuses(DATA, "PGDATA"));
    begin();
    host_put(DATA "/global/pg_control", "");
    CHECK(refuses(DATA, "PGDATA"));
}

static void test_place(void)
{
    char path[LIMIT_PATH] = "PGDATA=/volume/";
    begin();
    environment[0] = "PGDATA=volume/pg";
    CHECK(refuses("PGDATA", ""));
    memset(path + 15, 'x', 200);
    path[215] = '\0';
    environment[0] = path;
    CHECK(open_cluster() == 0);
    for (size_t i = 15; i < LIMIT_PATH / 2 + 15; i++)
        path[i] = i % 100 == 0 ? '/' : 'x';
    CHECK(refuses("PGDATA", ""));
    environment[0] = NULL;
    CHECK(open_cluster() == 0);
    CHECK_TEXT(cluster.data, AZA_POSTGRES_DATA);
    CHECK_TEXT(cluster.stem, AZA_POSTGRES_HOME "/");
    host_put("/proc/self/mountinfo", "1 2 0:1 / " AZA_POSTGRES_HOME "/18 rw\n");
    CHECK(open_cluster() == 0 && !cluster.mounted);
    CHECK_TEXT(cluster.stem, AZA_POSTGRES_HOME "/18/.docker");
    host_put(AZA_POSTGRES_DATA "/PG_VERSION", "18\n");
    host_put(AZA_POSTGRES_DATA "/global/pg_control", "");
    host_put("/proc/self/mountinfo", "1 2 0:1 / " AZA_POSTGRES_DATA " rw\n");
    CHECK(open_cluster() == 0 && cluster.mounted);
    CHECK_TEXT(cluster.stem, AZA_POSTGRES_HOME "/18/.docker");
}

static void test_rights(void)
{
    begin();
    put_cluster("18\n");
    host_user = 70;
    host_owner = 71;
    CHECK(refuses("user 71", "user 70"));
    host_owner = 70;
    CHECK(open_cluster() == 0);
    host_user = 0;
    CHECK(open_cluster() == 0);
    host_fail("access", DATA, EACCES);
    CHECK(refuses(DATA, ""));
    host_fail("stat", DATA, ELOOP);
    CHECK(refuses(DATA, ""));
    begin();
    host_put("/var/run/postgresql/x", "");
    CHECK(open_cluster() == 0);
    host_fail("access", "/var/run/postgresql", EROFS);
    CHECK(refuses("/var/run/postgresql", ""));
    host_fail("access", "/var/run/postgresql", ENOENT);
    CHECK(open_cluster() == 0);
    begin_with((const char *const[]){"-c", "unix_socket_directories=/tmp", NULL});
    host_fail("access", "/var/run/postgresql", EROFS);
    CHECK(open_cluster() == 0);
}

/* Data of an earlier layout beside an empty default directory. */
static void test_older(void)
{
    static const char *const places[] = {
        AZA_POSTGRES_HOME, AZA_POSTGRES_HOME "/data", AZA_POSTGRES_HOME "/data/18/docker",
        AZA_POSTGRES_HOME "/18/data", AZA_POSTGRES_HOME "/17/docker"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char name[128];
        begin();
        snprintf(name, sizeof name, "%s/PG_VERSION", places[i]);
        host_put(name, "16\n");
        CHECK(open_cluster() == 0);
        environment[0] = NULL;
        CHECK(refuses(places[i], "PostgreSQL 16"));
        host_put(name, "18\n");
        snprintf(name, sizeof name, "PGDATA=%s", places[i]);
        CHECK(refuses(name, AZA_POSTGRES_DATA));
    }
    begin();
    environment[0] = NULL;
    host_put(AZA_POSTGRES_HOME "/x", "");
    host_put("/proc/self/mountinfo", "1 2 0:1 / " AZA_POSTGRES_HOME "/data rw\n");
    CHECK(refuses(AZA_POSTGRES_HOME "/data", "mount"));
}

/* --- roles --- */

static void test_roles(void)
{
    begin();
    put_cluster("18\n");
    environment[1] = "POSTGRES_ROLE=secondary";
    CHECK(refuses("POSTGRES_ROLE", ""));
    environment[1] = "POSTGRES_ROLE=replica";
    CHECK(refuses("POSTGRES_ROLE=primary", DATA) && cluster.replica);
    host_put(DATA "/standby.signal", "");
    CHECK(open_cluster() == 0 && cluster.replica && cluster.standby);
    CHECK_TEXT(session.warnings.data, "");
    environment[1] = "POSTGRES_ROLE=primary";
    CHECK(open_cluster() == 0 && !cluster.replica && cluster.standby && warns("pg_promote"));
}

/* What the rules made of a variable counts, not the variable. */
static void test_said(void)
{
    begin();
    environment[1] = "POSTGRES_ROLE=replica";
    const struct session_request request = {
        .environment = environment, .root = "/nonexistent", .ask_machine = true};
    CHECK(session_decide(&session, &request));
    probe_begin(&session.probes, "", environment);
    environment[1] = "POSTGRES_ROLE=primary";
    environment[2] = "OTHER=said";
    CHECK(open_cluster() == 0 && cluster.replica);
    CHECK_TEXT(cluster_option(&cluster, "POSTGRES_ROLE", "x"), "replica");
    CHECK_TEXT(cluster_option(&cluster, "OTHER", "x"), "said");
    CHECK_TEXT(cluster_option(&cluster, "ANOTHER", "x"), "x");
}

/* --- the lock --- */

static int locked_descriptor(void)
{
    for (int fd = 0; fd < 1024; fd++)
        if (strcmp(host_file(fd), host_path(LOCK)) == 0)
            return fd;
    return -1;
}

static void test_lock(void)
{
    begin();
    CHECK(open_cluster() == 0);
    CHECK(cluster_lock(&cluster) == 0);
    CHECK(locked_descriptor() >= 64 && fcntl(locked_descriptor(), F_GETFD) == 0);
    CHECK(open_cluster() == SESSION_BUSY && strstr(session.refusals.data, LOCK) != NULL);
    CHECK(open_cluster() == 0);
    CHECK(host_mode(LOCK) == 0644);
    host_fail("flock", LOCK, ENOLCK);
    CHECK(open_cluster() == 0 && warns(LOCK));
    host_fail("flock", LOCK, EWOULDBLOCK);
    CHECK(open_cluster() == SESSION_BUSY && !warns(LOCK));
    host_fail("update", LOCK, EACCES);
    CHECK(open_cluster() == 0);
    host_fail("update", LOCK, ELOOP);
    CHECK(refuses(LOCK, ""));
    begin();
    CHECK(symlink("other", host_path(LOCK)) == 0);
    CHECK(refuses(LOCK, ""));
    begin();
    host_fail("create", LOCK, EROFS);
    CHECK(refuses(LOCK, ""));
}

/* A mount point is locked itself: a volume shows to other containers what is in it. */
static void test_mounted(void)
{
    begin();
    put_cluster("18\n");
    host_put("/proc/self/mountinfo", "1 2 0:1 / " DATA " rw\n");
    CHECK(open_cluster() == 0 && cluster.mounted && !host_has(LOCK));
    CHECK(cluster_lock(&cluster) == 0);
    CHECK(open_cluster() == SESSION_BUSY);
    environment[0] = "PGDATA=/none/pg";
    host_put("/proc/self/mountinfo", "1 2 0:1 / /none/pg rw\n");
    CHECK(refuses("/none/pg", ""));
}

/* --- the first start --- */

static char entrypoint[128];

static void put_script(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "/bin/%s", name);
    host_put(path, text);
    CHECK(chmod(host_path(path), 0755) == 0);
    snprintf(entrypoint, sizeof entrypoint, "%s/bin/docker-entrypoint.sh", host_root);
}

/* The code of a first start that is this script; VOLUME is the volume. */
static int initialise(const char *script)
{
    char volume[128], text[1024];
    snprintf(text, sizeof text, "#!/bin/sh\ncd \"$VOLUME\" || exit 99\n%s\n", script);
    put_script("docker-ensure-initdb.sh", text);
    snprintf(volume, sizeof volume, "VOLUME=%s/volume", host_root);
    const char *words[] = {entrypoint, "postgres", "-c", "x=1", NULL};
    const int code = cluster_initialise(&cluster, words,
                                        (const char *const[]){volume, "PATH=/usr/bin:/bin", NULL});
    CHECK(words[0] == entrypoint);
    return code;
}

#define MAKES "mkdir -p pg/global; echo 18 >pg/PG_VERSION; : >pg/global/pg_control; "

static void test_first_start(void)
{
    begin();
    CHECK(open_cluster() == 0);
    host_log[0] = '\0';
    CHECK(initialise(MAKES "ls -A >seen; echo \"$@\" >words") == 0);
    CHECK(strstr(host_get("/volume/seen"), ".pg.aza-init-in-progress\n") != NULL);
    CHECK_TEXT(host_get("/volume/words"), "postgres -c x=1\n");
    CHECK(!host_has(MARKER));
    const char *made = strstr(host_log, "create " MARKER "\n");
    const char *synced = made != NULL ? strstr(made, "fsync /volume\n") : NULL;
    const char *gone = synced != NULL ? strstr(synced, "unlink " MARKER "\n") : NULL;
    CHECK(gone != NULL && strstr(gone, "fsync /volume\n") != NULL);
    CHECK(open_cluster() == 0 && !cluster.empty);
}

static void test_interrupted(void)
{
    begin();
    CHECK(open_cluster() == 0);
    CHECK(initialise(MAKES "exit 7") == 7);
    CHECK(host_has(MARKER) && strstr(session.refusals.data, MARKER) != NULL);
    CHECK(refuses(MARKER, "rm -rf " DATA) && refuses(MARKER, DATA));
    CHECK(host_has(MARKER) && host_has(DATA "/PG_VERSION"));
    unlink(MARKER);
    CHECK(open_cluster() == 0);
    begin();
    CHECK(open_cluster() == 0);
    CHECK(initialise("mkdir pg; kill -KILL $$") == 128 + 9);
    CHECK(!host_has(MARKER) && strstr(session.refusals.data, "137") != NULL);
    host_put(MARKER, "");
    CHECK(open_cluster() == 0 && cluster.empty);
}

static void test_no_marker(void)
{
    static const struct {
        const char *call, *path;
    } cases[] = {{"create", MARKER}, {"close", MARKER}, {"fsync", "/volume"}, {"open", "/volume"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        CHECK(open_cluster() == 0);
        host_fail(cases[i].call, cases[i].path, EROFS);
        CHECK(initialise(": >ran") == SESSION_REFUSED && !host_has("/volume/ran"));
        CHECK(strstr(session.refusals.data, MARKER) != NULL);
    }
    begin();
    CHECK(open_cluster() == 0);
    CHECK(symlink("other", host_path(MARKER)) == 0);
    CHECK(initialise(": >ran") == SESSION_REFUSED && !host_has("/volume/ran"));
}

static void test_copy(void)
{
    char volume[128];
    begin();
    CHECK(open_cluster() == 0);
    put_script("aza-replicate.sh", "#!/bin/sh\necho \"$@\" >\"$VOLUME/words\"\nexit 6\n");
    snprintf(volume, sizeof volume, "VOLUME=%s/volume", host_root);
    const char *const variables[] = {volume, NULL};
    CHECK(cluster_copy_primary(&cluster, entrypoint, variables) == 6);
    CHECK_TEXT(host_get("/volume/words"), DATA "\n");
    CHECK(!host_has(MARKER));
    unlink("/volume/words");
    cluster.mounted = true;
    CHECK(cluster_copy_primary(&cluster, entrypoint, variables) == SESSION_REFUSED);
    CHECK(!host_has("/volume/words") && strstr(session.refusals.data, DATA) != NULL);
}

static void test_without_input(void)
{
    begin();
    put_cluster("18\n");
    const int kept = host_close_input();
    CHECK(open_cluster() == 0 && !cluster.empty && fcntl(STDIN_FILENO, F_GETFD) < 0);
    unlink(DATA "/PG_VERSION");
    CHECK(open_cluster() == SESSION_REFUSED);
    CHECK(initialise(":") == 0);
    host_restore_input(kept);
}

static void test_has_entries(void)
{
    begin();
    mkdir("/d", 0755);
    CHECK(!cluster_has_entries("/d") && !cluster_has_entries("/none"));
    host_put("/d/x", "");
    CHECK(cluster_has_entries("/d"));
    unlink("/d/x");
    CHECK(!cluster_has_entries("/d"));
    host_fail("open", "/d", EACCES);
    CHECK(cluster_has_entries("/d"));
}

/* --- settings in a file --- */

static void test_settings(void)
{
    begin_with((const char *const[]){"-c", "config_file=/etc/own.conf", NULL});
    environment[1] = "POSTGRES_SETTINGS=work_place='it''s'\nhba_file=/h\nmy.own=1";
    const struct session_request request = {
        .environment = environment, .root = "/nonexistent", .ask_machine = true};
    CHECK(session_decide(&session, &request));
    put_cluster("18\n");
    CHECK(open_cluster() == 0);
    host_put(DATA "/postgresql.conf", "include_if_exists '/run/aza.conf'\n");
    host_put("/run/x", "");
    host_log[0] = '\0';
    CHECK(cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK(strstr(host_get("/run/aza.conf"), "\nwork_place = 'it''s'\nmy.own = '1'\n") != NULL);
    CHECK(strstr(host_get("/run/aza.conf"), "hba_file") == NULL);
    CHECK(host_mode("/run/aza.conf") == 0600);
    CHECK_TEXT(session.warnings.data, "");
    const char *synced = strstr(host_log, "fsync /run/aza.conf.azr-PID\n");
    CHECK(synced != NULL && strstr(synced, "rename /run/aza.conf.azr-PID") != NULL);
    const int files = host_files();
    host_fail("rename", "/run/aza.conf", EBUSY);
    CHECK(cluster_write_settings(&cluster, "/run/aza.conf") == SESSION_REFUSED);
    CHECK(host_files() == files);
    host_fail("write", "/run/aza.conf", ENOSPC);
    CHECK(cluster_write_settings(&cluster, "/run/aza.conf") == SESSION_REFUSED);
    CHECK(strstr(session.refusals.data, "/run/aza.conf") != NULL && host_files() == files);
}

/* Which file must include the settings. */
static void test_configuration(void)
{
    begin();
    CHECK(open_cluster() == 0);
    host_put("/run/x", "");
    CHECK(cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK(warns(" /usr/share/postgresql/postgresql.conf.sample "));
    host_put("/usr/share/postgresql/18/postgresql.conf.sample", "jit = off\n");
    CHECK(open_cluster() == 0 && cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK(warns(" /usr/share/postgresql/18/postgresql.conf.sample "));
    host_put("/usr/share/postgresql/18/postgresql.conf.sample", "include '/run/aza.conf'\n");
    CHECK(open_cluster() == 0 && cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK_TEXT(session.warnings.data, "");
    put_cluster("18\n");
    CHECK(open_cluster() == 0 && cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK(warns(DATA "/postgresql.conf"));
    begin_with((const char *const[]){"-c", "config_file=/etc/own.conf", NULL});
    put_cluster("18\n");
    host_put("/run/x", "");
    CHECK(open_cluster() == 0 && cluster_write_settings(&cluster, "/run/aza.conf") == 0);
    CHECK(warns("/etc/own.conf"));
    CHECK(strstr(host_get("/run/aza.conf"), "config_file") == NULL);
}

int main(void)
{
    make_image();
    CHECK(session_load(&session, "test.azb", a.bytes, a.length));
    test_empty();
    test_whole();
    test_place();
    test_rights();
    test_older();
    test_roles();
    test_said();
    test_lock();
    test_mounted();
    test_first_start();
    test_interrupted();
    test_no_marker();
    test_copy();
    test_without_input();
    test_has_entries();
    test_settings();
    test_configuration();
    close_locks();
    host_end();
    return check_summary("cluster");
}
