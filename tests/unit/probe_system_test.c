/* The disk, the server and a standby; system calls that are refused; the table of probes. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "made_up.h"

/* What access() is where there is no such call. */
#ifndef SYS_access
#define SYS_access SYS_faccessat
#endif

/* --- the disk --- */

static void the_disk_under_the_data(void)
{
    struct statfs figures;
    char number[32];
    begin();
    CHECK(statfs(root, &figures) == 0);
    snprintf(number, sizeof number, "%lld",
             (long long)figures.f_blocks * (long long)figures.f_frsize);
    EXPECT(PROBE_DISK_SIZE, number, "/");
    const struct probe_fact *free = ask(PROBE_DISK_FREE);
    CHECK(free->state == PROBE_VALUE && free->value >= 0 &&
          free->value <= (int64_t)figures.f_blocks * (int64_t)figures.f_frsize);
    put("/var/lib/x", "");
    EXPECT(PROBE_DISK_SIZE, number, "/var/lib");
    put("/var/lib/postgresql/18/docker/PG_VERSION", "18\n");
    EXPECT(PROBE_DISK_SIZE, number, "/var/lib/postgresql/18/docker");
    environment[0] = "PGDATA=/var/lib/postgresql//";
    EXPECT(PROBE_DISK_SIZE, number, "/var/lib/postgresql");
    environment[0] = "PGDATA=///";
    EXPECT(PROBE_DISK_SIZE, number, "/");
    environment[0] = "PGDATA=";
    EXPECT(PROBE_DISK_SIZE, number, "/var/lib/postgresql/18/docker");
    environment[0] = "PGDATA=data";
    EXPECT(PROBE_DISK_SIZE, "unknown", "not an absolute path: PGDATA");
    EXPECT(PROBE_DISK_FREE, "unknown", "not an absolute path: PGDATA");
    EXPECT(PROBE_DISK_ROTATIONAL, "unknown", "not an absolute path: PGDATA");
    EXPECT(PROBE_DISK_FILESYSTEM, "unknown", "not an absolute path: PGDATA");
}

static void data_too_deep(void)
{
    char variable[1024] = "PGDATA=", *end = variable + 7;
    begin();
    for (int i = 0; i < LIMIT_CGROUP_DEPTH; i++)
        end = stpcpy(end, "/a");
    environment[0] = variable;
    CHECK_TEXT(word_of(ask(PROBE_DISK_SIZE)), "unknown");
    CHECK(strncmp(machine.facts[PROBE_DISK_SIZE].detail, "no such file: ", 14) == 0);
    probe_begin(&machine, "/nowhere", NULL);
    CHECK_TEXT(probe_ask(&machine, PROBE_DISK_SIZE)->detail, "no such file: /");
}

/* A machine on a disk of this number, whose sysfs says so. */
static void rotational_disks(void)
{
    struct stat status;
    char path[64], target[128], unknown[128];
    begin_in("/var/tmp");
    CHECK(stat(root, &status) == 0);
    if (major(status.st_dev) == 0) {
        EXPECT(PROBE_DISK_ROTATIONAL, "unknown", "no block device of its own: /");
        return;
    }
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u", major(status.st_dev), minor(status.st_dev));
    snprintf(unknown, sizeof unknown, "no such file: %s/../queue/rotational", path);
    EXPECT(PROBE_DISK_ROTATIONAL, "unknown", unknown);
    put("/sys/devices/disk/part/start", "2048\n");
    put("/sys/devices/disk/queue/rotational", "1\n");
    CHECK(symlink("../../devices/disk/part", below(path)) == 0);
    snprintf(target, sizeof target, "%s/../queue/rotational", path);
    EXPECT(PROBE_DISK_ROTATIONAL, "1", target);
    put("/sys/devices/disk/part/queue/rotational", "0\n");
    snprintf(target, sizeof target, "%s/queue/rotational", path);
    EXPECT(PROBE_DISK_ROTATIONAL, "0", target);
    put("/sys/devices/disk/part/queue/rotational", "2\n");
    snprintf(unknown, sizeof unknown, "malformed content in %s/queue/rotational", path);
    EXPECT(PROBE_DISK_ROTATIONAL, "unknown", unknown);
}

/* /proc has neither size nor device, and no database lives there. */
static void a_file_system_without_figures(void)
{
    clear();
    environment[0] = "PGDATA=/proc/sys";
    EXPECT(PROBE_DISK_SIZE, "unknown", "not found in /proc/sys");
    EXPECT(PROBE_DISK_FREE, "unknown", "not found in /proc/sys");
    EXPECT(PROBE_DISK_FILESYSTEM, "unknown", "unknown file system type: /proc/sys");
    EXPECT(PROBE_DISK_ROTATIONAL, "unknown", "no block device of its own: /proc/sys");
}

static void memory_as_a_disk(void)
{
    struct statfs figures;
    char number[32];
    begin_in("/dev/shm");
    CHECK(statfs(root, &figures) == 0);
    CHECK(figures.f_type == 0x01021994);
    snprintf(number, sizeof number, "%lld",
             (long long)figures.f_blocks * (long long)figures.f_frsize);
    EXPECT(PROBE_SHM_SIZE, "unknown", "no such file: /dev/shm");
    put("/dev/shm/x", "");
    EXPECT(PROBE_SHM_SIZE, figures.f_blocks ? number : "unlimited", "/dev/shm");
    EXPECT(PROBE_DISK_FILESYSTEM, "tmpfs", "/");
    EXPECT(PROBE_DISK_ROTATIONAL, "0", "/");
    clear();
    probe_begin(&machine, "/proc/self", environment);
    CHECK_TEXT(probe_ask(&machine, PROBE_SHM_SIZE)->detail, "no such file: /dev/shm");
}

/* In a namespace of its own, where that is allowed. Answers whether it could be tried. */
static bool mount_without_size(const char *directory)
{
    return (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", directory, "tmpfs", 0, "size=0") == 0;
}

static void shared_memory_without_a_size(void)
{
    int status;
    begin();
    put("/dev/shm/x", "");
    pid_t child = fork();
    if (child == 0) {
        if (!mount_without_size(below("/dev/shm")))
            exit(0);
        EXPECT(PROBE_SHM_SIZE, "unlimited", "/dev/shm");
        exit(check_failed != 0);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void a_directory_is_not_shared_memory(void)
{
    struct statfs figures;
    begin_in("/var/tmp");
    put("/dev/shm/x", "");
    if (statfs(root, &figures) == 0 && figures.f_type != 0x01021994)
        EXPECT(PROBE_SHM_SIZE, "unknown", "not an in-memory file system: /dev/shm");
}

/* --- the server --- */

static void versions(void)
{
    static const struct content CONTENTS[] = {
        {"18.6-1.pgdg13+1", "180006"},
        {"18.0", "180000"},
        {"18", "180000"},
        {"18beta1", "180000"},
        {"18~rc1-1", "180000"},
        {"19devel", "190000"},
        {"18.12 (Debian)", "180012"},
        {"18.", "unknown"},
        {"18.x", "unknown"},
        {"9.6.24", "unknown"},
        {"10.1.2", "unknown"},
        {"180006", "unknown"},
        {"v18.6", "unknown"},
        {".6", "unknown"},
        {"-18.6", "unknown"},
        {"18.100", "unknown"},
        {"", "unknown"},
        {"99999999999999999999", "unknown"},
        {0},
    };
    char variable[64], sentence[128];
    for (const struct content *content = CONTENTS; content->text; content++) {
        bool known = strcmp(content->word, "unknown") != 0;
        begin();
        snprintf(variable, sizeof variable, "PG_VERSION=%s", content->text);
        environment[0] = variable;
        EXPECT(PROBE_SERVER_VERSION, content->word,
               known ? "PG_VERSION" : "no such file: /usr/lib/postgresql/18/bin/postgres");
        environment[0] = NULL;
        snprintf(sentence, sizeof sentence, "postgres (PostgreSQL) %s\n", content->text);
        put("/usr/lib/postgresql/18/bin/postgres", sentence);
        EXPECT(PROBE_SERVER_VERSION, content->word,
               known ? "/usr/lib/postgresql/18/bin/postgres"
                     : "not found in /usr/lib/postgresql/18/bin/postgres");
    }
}

/* Wherever the sentence lies, also across two reads and at the very end. */
static void the_version_anywhere_in_the_program(void)
{
    static char program[3 * LIMIT_PROC_BYTES];
    static const char SENTENCE[] = "postgres (PostgreSQL) 18.6";
    const size_t length = sizeof SENTENCE - 1;
    const char *path = "/usr/lib/postgresql/18/bin/postgres";
    begin();
    for (size_t edge = 1; edge <= 2; edge++)
        for (size_t before = 0; before < 2 * length + 20; before += 5) {
            memset(program, 0, sizeof program);
            memcpy(program + edge * (LIMIT_PROC_BYTES - 40) - before, SENTENCE, length);
            put_bytes(path, program, sizeof program);
            EXPECT(PROBE_SERVER_VERSION, "180006", path);
        }
    memset(program, 0, sizeof program);
    memcpy(program + sizeof program - length, SENTENCE, length);
    put_bytes(path, program, sizeof program);
    EXPECT(PROBE_SERVER_VERSION, "180006", path);
    CHECK(remove(below(path)) == 0 && mkdir(below(path), 0755) == 0);
    EXPECT(PROBE_SERVER_VERSION, "unknown", "not found in /usr/lib/postgresql/18/bin/postgres");
}

static void libraries(void)
{
    static char variable[LIMIT_PATH + 32];
    char name[64];
    begin();
    put("/usr/lib/postgresql/18/lib/readme", "");
    EXPECT(PROBE_LIBRARIES, "", "/usr/lib/postgresql/18/lib");
    put("/usr/local/lib/postgresql/later.so", "");
    put("/usr/lib/postgresql/18/lib/b.so", "");
    put("/usr/lib/postgresql/18/lib/a.so", "");
    put("/usr/lib/postgresql/18/lib/a.b+c-d_E9.so", "");
    EXPECT(PROBE_LIBRARIES, "a,a.b+c-d_E9,b", "/usr/lib/postgresql/18/lib");
    environment[0] = "PG_LIBDIR=lib";
    EXPECT(PROBE_LIBRARIES, "a,a.b+c-d_E9,b", "/usr/lib/postgresql/18/lib");
    memset(variable, '/', sizeof variable - 1);
    memcpy(variable, "PG_LIBDIR=", 10);
    environment[0] = variable;
    EXPECT(PROBE_LIBRARIES, "a,a.b+c-d_E9,b", "/usr/lib/postgresql/18/lib");
    environment[0] = "PG_LIBDIR=/usr/local/lib/postgresql";
    EXPECT(PROBE_LIBRARIES, "later", "/usr/local/lib/postgresql");
    environment[0] = "PG_LIBDIR=/usr/lib/postgresql/18/lib/a.so";
    EXPECT(PROBE_LIBRARIES, "a,a.b+c-d_E9,b", "/usr/lib/postgresql/18/lib");
    for (int i = 0; i < 400; i++) {
        snprintf(name, sizeof name, "/usr/lib/postgresql/18/lib/a_rather_long_name_%d.so", i);
        put(name, "");
    }
    EXPECT(PROBE_LIBRARIES, "unknown", "too long: /usr/lib/postgresql/18/lib");
}

/* --- a standby --- */

static void put_number(char *bytes, size_t offset, uint32_t number)
{
    memcpy(bytes + offset, &number, sizeof number);
}

static void control_files(void)
{
    char bytes[8192] = {0};
    const char *path = "/var/lib/postgresql/18/docker/global/pg_control";
    char garbage[128], other[128];
    snprintf(garbage, sizeof garbage, "malformed content in %s", path);
    snprintf(other, sizeof other, "not from PostgreSQL 18: %s", path);
    begin();
    EXPECT(PROBE_STANDBY, "0", "/var/lib/postgresql/18/docker/standby.signal");
    EXPECT(PROBE_STANDBY_LOCKS, "unknown",
           "not a standby: /var/lib/postgresql/18/docker/standby.signal");
    put("/var/lib/postgresql/18/docker/standby.signal", "");
    EXPECT(PROBE_STANDBY, "1", "/var/lib/postgresql/18/docker/standby.signal");
    EXPECT(PROBE_STANDBY_LOCKS, "unknown",
           "no such file: /var/lib/postgresql/18/docker/global/pg_control");
    put_number(bytes, 8, 1800);
    put_number(bytes, 196, 64);
    put_bytes(path, bytes, sizeof bytes);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", garbage);
    put_number(bytes, 292, base_crc32c(bytes, 292));
    put_bytes(path, bytes, sizeof bytes);
    EXPECT(PROBE_STANDBY_LOCKS, "64", path);
    EXPECT(PROBE_STANDBY_PREPARED, "0", path);
    put_bytes(path, bytes, 295);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", garbage);
    put_bytes(path, bytes, 11);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", garbage);
    put_number(bytes, 196, UINT32_MAX);
    put_number(bytes, 292, base_crc32c(bytes, 292));
    put_bytes(path, bytes, sizeof bytes);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", garbage);
    put_number(bytes, 8, 1700);
    put_bytes(path, bytes, sizeof bytes);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", other);
    put_number(bytes, 8, __builtin_bswap32(1800));
    put_bytes(path, bytes, sizeof bytes);
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", other);
}

static void standbys_without_a_path(void)
{
    static char variable[LIMIT_PATH + 16];
    begin();
    environment[0] = "PGDATA=data";
    EXPECT(PROBE_STANDBY, "unknown", "not an absolute path: PGDATA");
    EXPECT(PROBE_STANDBY_LOCKS, "unknown", "not a standby: not an absolute path: PGDATA");
    memset(variable, 'x', sizeof variable - 1);
    memcpy(variable, "PGDATA=/", 8);
    variable[7 + LIMIT_PATH - 5] = '\0';
    environment[0] = variable;
    EXPECT(PROBE_STANDBY, "unknown", "too long: PGDATA");
    variable[7 + LIMIT_PATH - 17] = '\0';
    CHECK_TEXT(word_of(ask(PROBE_STANDBY)), "unknown");
    CHECK(strncmp(machine.facts[PROBE_STANDBY].detail, "too long: /xxx", 14) == 0);
}

/* A standby whose control file's path is too long where standby.signal's still fits. */
static void a_control_file_with_a_long_path(void)
{
    static char variable[LIMIT_PATH + 16];
    clear();
    memset(variable, '/', sizeof variable - 1);
    memcpy(variable, "PGDATA=", 7);
    memcpy(variable + 7 + LIMIT_PATH - 18, "/.", 3);
    environment[0] = variable;
    probe_begin(&machine, "", environment);
    machine.asked[PROBE_STANDBY] = true;
    probe_set_value(&machine.facts[PROBE_STANDBY], 1, "given");
    CHECK_TEXT(probe_ask(&machine, PROBE_STANDBY_LOCKS)->detail, "too long: PGDATA");
}

/* --- threads to which the machine refuses something --- */

/* Runs the probe in a thread of its own, where one system call answers an error. */
struct refusal {
    long call;
    int error;
    enum probe probe;
    bool installed;
};

static void *ask_refused(void *argument)
{
    struct refusal *refusal = argument;
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refusal->call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)refusal->error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    refusal->installed = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    ask(refusal->probe);
    return NULL;
}

static void expect_refused(long call, int error, enum probe probe, const char *word,
                           const char *where)
{
    struct refusal refusal = {.call = call, .error = error, .probe = probe};
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, ask_refused, &refusal) == 0);
    pthread_join(thread, NULL);
    CHECK(refusal.installed);
    CHECK_TEXT(word_of(&machine.facts[probe]), word);
    CHECK_TEXT(machine.facts[probe].detail, where);
}

static void rings_are_refused(void)
{
    clear();
    expect_refused(SYS_io_uring_setup, EPERM, PROBE_IO_URING, "0", "io_uring_setup");
    expect_refused(SYS_io_uring_setup, ENOSYS, PROBE_IO_URING, "0", "io_uring_setup");
    expect_refused(SYS_io_uring_setup, ENOMEM, PROBE_IO_URING, "unknown",
                   "could not be read: io_uring_setup");
    long words[15] = {0};
    long ring = syscall(SYS_io_uring_setup, 1, words);
    EXPECT(PROBE_IO_URING, ring >= 0 ? "1" : "0", "io_uring_setup");
    if (ring >= 0)
        close((int)ring);
}

static void affinity_by_asking_and_by_reading(void)
{
    char count[32];
    cpu_set_t set;
    clear();
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    snprintf(count, sizeof count, "%d000000", CPU_COUNT(&set));
    EXPECT(PROBE_AFFINITY_CPUS, count, "sched_getaffinity");
    expect_refused(SYS_sched_getaffinity, EINVAL, PROBE_AFFINITY_CPUS, count, "/proc/self/status");
    expect_refused(SYS_openat, EACCES, PROBE_HOST_MEMORY, "unknown",
                   "permission denied: /proc/meminfo");
}

static void calls_that_fail(void)
{
    begin();
    put("/usr/lib/postgresql/18/lib/a.so", "");
    expect_refused(SYS_getdents64, EIO, PROBE_LIBRARIES, "unknown",
                   "could not be read: /usr/lib/postgresql/18/lib");
    expect_refused(SYS_openat, EACCES, PROBE_LIBRARIES, "unknown",
                   "permission denied: /usr/lib/postgresql/18/lib");
    expect_refused(SYS_statfs, ENAMETOOLONG, PROBE_DISK_SIZE, "unknown",
                   "too long: /var/lib/postgresql/18/docker");
}

/* Without a seccomp filter: a file that this user may not read, beside one that it may. */
static void *ask_as_nobody(void *argument)
{
    (void)argument;
    setfsuid(65534);
    ask(PROBE_CGROUP_MEMORY);
    ask(PROBE_STANDBY);
    return NULL;
}

static void files_without_permission(void)
{
    pthread_t thread;
    begin();
    put("/sys/fs/cgroup/memory.max", "4096\n");
    put("/sys/fs/cgroup/memory.high", "max\n");
    put("/var/lib/postgresql/18/docker/standby.signal", "");
    CHECK(chmod(below("/sys/fs/cgroup/memory.max"), 0) == 0);
    CHECK(pthread_create(&thread, NULL, ask_as_nobody, NULL) == 0);
    pthread_join(thread, NULL);
    CHECK_TEXT(machine.facts[PROBE_CGROUP_MEMORY].detail,
               "permission denied: /sys/fs/cgroup/memory.max");
    CHECK(machine.facts[PROBE_CGROUP_MEMORY].state == PROBE_UNKNOWN);
    expect_refused(SYS_access, EACCES, PROBE_STANDBY, "unknown",
                   "permission denied: /var/lib/postgresql/18/docker/standby.signal");
}

/* --- the table --- */

static void the_table_of_probes(void)
{
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++) {
        CHECK(probe_find(base_span_of(probe_word(probe))) == probe);
        CHECK(probe_kind(probe) < IMAGE_KINDS);
    }
    CHECK(probe_find(base_span_of("cgroup_memor")) == PROBE_COUNT);
    CHECK(probe_find(base_span_of("")) == PROBE_COUNT);
    CHECK(probe_kind(PROBE_LIBRARIES) == IMAGE_LIST);
}

/* Whatever this machine is: known states, sane values, printable details. */
static void the_real_machine(void)
{
    probe_begin(&machine, "", NULL);
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++) {
        const struct probe_fact *fact = probe_ask(&machine, probe);
        CHECK(fact->state <= PROBE_VALUE && fact->value >= 0 && fact->detail[0]);
        CHECK(probe_ask(&machine, probe) == fact);
    }
    CHECK(machine.facts[PROBE_HOST_MEMORY].value >= 1 << 26);
    CHECK(machine.facts[PROBE_AVAILABLE_CPUS].value >= 1000);
    CHECK(machine.facts[PROBE_ONLINE_CPUS].value == sysconf(_SC_NPROCESSORS_ONLN) * 1000000);
}

static void an_answer_is_remembered(void)
{
    begin();
    put("/proc/meminfo", "MemTotal: 4 kB\n");
    CHECK_TEXT(word_of(ask(PROBE_HOST_MEMORY)), "4096");
    put("/proc/meminfo", "MemTotal: 8 kB\n");
    CHECK_TEXT(word_of(probe_ask(&machine, PROBE_HOST_MEMORY)), "4096");
    CHECK_TEXT(word_of(ask(PROBE_HOST_MEMORY)), "8192");
}

int main(void)
{
    the_disk_under_the_data();
    data_too_deep();
    rotational_disks();
    a_file_system_without_figures();
    memory_as_a_disk();
    shared_memory_without_a_size();
    a_directory_is_not_shared_memory();
    versions();
    the_version_anywhere_in_the_program();
    libraries();
    control_files();
    standbys_without_a_path();
    a_control_file_with_a_long_path();
    rings_are_refused();
    affinity_by_asking_and_by_reading();
    calls_that_fail();
    files_without_permission();
    the_table_of_probes();
    the_real_machine();
    an_answer_is_remembered();
    clear();
    return check_summary("probe_system");
}
