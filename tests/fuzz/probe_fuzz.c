/* The probes on a made-up machine of which one file holds anything.
 *
 * The first byte of the input chooses the file, the rest is served in its place; the other files
 * are as a container has them. Every probe is asked, and every answer must be one that the header
 * allows. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "probe/probe.h"

#define CGROUP "/sys/fs/cgroup"

static const struct {
    const char *path, *usual;
} FILES[] = {
    {"/proc/self/cgroup", "2:memory:/a/b\n1:cpu,cpuset:/a/b\n0::/a/b\n"},
    {"/proc/self/mountinfo", "30 1 0:30 / " CGROUP " ro - cgroup2 x rw\n"
                             "31 1 0:31 /a " CGROUP "/memory ro - cgroup x rw,memory\n"},
    {"/proc/meminfo", "MemTotal: 16384000 kB\nHugePages_Free: 8\nHugePages_Rsvd: 2\n"
                      "Hugepagesize: 2048 kB\n"},
    {"/proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-7\n"},
    {"/proc/stat", "cpu  1\ncpu0 1\nintr 1\n"},
    {"/proc/sys/kernel/io_uring_disabled", "0\n"},
    {"/sys/devices/system/cpu/online", "0-7\n"},
    {CGROUP "/memory.max", "max\n"},
    {CGROUP "/a/memory.high", "4294967296\n"},
    {CGROUP "/a/b/memory.max", "2147483648\n"},
    {CGROUP "/memory/b/memory.limit_in_bytes", "9223372036854771712\n"},
    {CGROUP "/memory/b/memory.stat", "cache 1\nhierarchical_memory_limit 3221225472\n"},
    {CGROUP "/a/cpu.max", "150000 100000\n"},
    {CGROUP "/cpu/cpu.cfs_quota_us", "-1\n"},
    {CGROUP "/cpu/cpu.cfs_period_us", "100000\n"},
    {CGROUP "/cpuset.cpus.effective", "0-3\n"},
    {CGROUP "/cpuset/a/cpuset.effective_cpus", "0-3\n"},
    {"/usr/lib/postgresql/18/bin/postgres", "postgres (PostgreSQL) 18.6\n"},
    {"/usr/lib/postgresql/18/lib/plpgsql.so", ""},
    {"/var/lib/postgresql/18/docker/standby.signal", ""},
    {"/var/lib/postgresql/18/docker/global/pg_control", ""},
};
enum { FILE_COUNT = sizeof FILES / sizeof *FILES, CONTROL_CRC = 292 };

static struct probe_machine machine;
static char root[64];

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static void remove_tree(void)
{
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void must(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "probe_fuzz: %s\n", what);
        abort();
    }
}

static void serve(const char *path, const void *bytes, size_t length)
{
    char full[256];
    snprintf(full, sizeof full, "%s%s", root, path);
    FILE *file = fopen(full, "w");
    must(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0, full);
}

static void make_tree(void)
{
    char full[256];
    snprintf(root, sizeof root, "/tmp/azf-fuzz-XXXXXX");
    must(mkdtemp(root) != NULL, root);
    atexit(remove_tree);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        snprintf(full, sizeof full, "%s%s", root, FILES[i].path);
        for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
            *slash = '\0';
            mkdir(full, 0755);
            *slash = '/';
        }
        serve(FILES[i].path, FILES[i].usual, strlen(FILES[i].usual));
    }
}

static void check_names(const char *list)
{
    struct base_span rest = base_span_of(list), name, last = {"", 0};
    while (base_list_next(&rest, &name)) {
        size_t common = name.length < last.length ? name.length : last.length;
        int order = memcmp(last.start, name.start, common);
        must(order < 0 || (order == 0 && last.length < name.length), "names out of order");
        last = name;
    }
}

static void check_value(enum image_kind kind, const struct probe_fact *fact)
{
    bool words = kind == IMAGE_TEXT || kind == IMAGE_LIST;
    must(fact->value >= 0, "a negative value");
    must(words == (fact->text != NULL), "a text of the wrong kind");
    must(kind != IMAGE_BOOL || fact->value <= 1, "a truth value of neither");
    must(kind != IMAGE_RATIO || (fact->value > 0 && fact->value % 1000 == 0), "an odd ratio");
    if (kind == IMAGE_LIST)
        check_names(fact->text);
}

static void check_fact(enum probe probe)
{
    const struct probe_fact *fact = probe_ask(&machine, probe);
    must(fact->state <= PROBE_VALUE, "a state that does not exist");
    must(memchr(fact->detail, 0, sizeof fact->detail) && fact->detail[0], "no detail");
    for (const char *c = fact->detail; *c; c++)
        must((unsigned char)*c >= ' ' && *c != 0x7f, "a control character in a detail");
    if (fact->state == PROBE_VALUE)
        check_value(probe_kind(probe), fact);
    else
        must(fact->value == 0 && fact->text == NULL, "a value where none is known");
    must(probe != PROBE_CGROUP_MEMORY || fact->state != PROBE_VALUE || fact->value > 0,
         "no memory");
}

/* The control file twice: as it came, and with the checksum that makes it believed. */
static void serve_with_checksum(const char *path, const uint8_t *bytes, size_t length)
{
    static uint8_t copy[8192];
    if (length < CONTROL_CRC + 4 || length > sizeof copy)
        return;
    memcpy(copy, bytes, length);
    uint32_t crc = base_crc32c(copy, CONTROL_CRC);
    memcpy(copy + CONTROL_CRC, &crc, sizeof crc);
    serve(path, copy, length);
}

static void check_all(const char *const *environment)
{
    probe_begin(&machine, root, environment);
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        check_fact(probe);
}

/* Past the files come two environment variables. */
static void check_variable(unsigned number, const uint8_t *bytes, size_t length)
{
    char variable[512];
    snprintf(variable, sizeof variable, "%s=%.*s", number == FILE_COUNT ? "PG_VERSION" : "PGDATA",
             (int)(length < 400 ? length : 400), (const char *)bytes);
    check_all((const char *const[]){variable, "PG_MAJOR=18", NULL});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!root[0])
        make_tree();
    if (size == 0)
        return 0;
    unsigned choice = data[0] % (FILE_COUNT + 2);
    if (choice >= FILE_COUNT) {
        check_variable(choice, data + 1, size - 1);
        return 0;
    }
    const char *path = FILES[choice].path, *usual = FILES[choice].usual;
    serve(path, data + 1, size - 1);
    check_all(NULL);
    if (choice == FILE_COUNT - 1) {
        serve_with_checksum(path, data + 1, size - 1);
        check_all(NULL);
    }
    serve(path, usual, strlen(usual));
    return 0;
}
