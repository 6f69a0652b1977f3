/* Each probe of /proc and /sys against one file at a time, in every state a file can be in, and the
 * paths that lead to those files. */
#include <unistd.h>

#include "made_up.h"

/* --- contents of single files --- */

static void each_content(enum probe probe, const char *path, const struct content *contents)
{
    char unknown[256];
    snprintf(unknown, sizeof unknown, "malformed content in %s", path);
    for (; contents->text; contents++) {
        bool known = strcmp(contents->word, "unknown") != 0;
        begin();
        put(path, contents->text);
        EXPECT(probe, contents->word, known ? path : unknown);
    }
}

static void memory_limits(void)
{
    static const struct content CONTENTS[] = {
        {"536870912\n", "536870912"},
        {"536870912", "536870912"},
        {"536870912\r\n", "536870912"},
        {" 536870912 \n", "536870912"},
        {"0536870912\n", "536870912"},
        {"max\n", "unlimited"},
        {"max\r\n", "unlimited"},
        {"-1\n", "unlimited"},
        {"9223372036854771712\n", "unlimited"},
        {"9223372036854775808\n", "unlimited"},
        {"18446744073709551615\n", "unlimited"},
        {"1\n", "1"},
        {"0\n", "unknown"},
        {"-2\n", "unknown"},
        {"-\n", "unknown"},
        {"+5\n", "unknown"},
        {"", "unknown"},
        {"\n", "unknown"},
        {"none\n", "unknown"},
        {"512MB\n", "unknown"},
        {"0x20000000\n", "unknown"},
        {"5e8\n", "unknown"},
        {"maximum\n", "unknown"},
        {"536870912\n536870912\n", "unknown"},
        {0},
    };
    each_content(PROBE_CGROUP_MEMORY, "/sys/fs/cgroup/memory.max", CONTENTS);
    each_content(PROBE_CGROUP_MEMORY, "/sys/fs/cgroup/memory.high", CONTENTS);
    each_content(PROBE_CGROUP_MEMORY, "/sys/fs/cgroup/memory/memory.limit_in_bytes", CONTENTS);
}

static void processor_shares(void)
{
    static const struct content CONTENTS[] = {
        {"150000 100000\n", "1500000"},
        {"150000 100000\r\n", "1500000"},
        {"150000\n", "1500000"},
        {"33333 100000\n", "333000"},
        {"1000 1000000\n", "1000"},
        {"1 1000000\n", "1000"},
        {"max 100000\n", "unlimited"},
        {"max\n", "unlimited"},
        {"-1 100000\n", "unlimited"},
        {"99999999999999999999 1\n", "unlimited"},
        {"max 99999999999999999999\n", "unknown"},
        {"150000 0\n", "unknown"},
        {"150000 1000001\n", "unknown"},
        {"0 100000\n", "unknown"},
        {"150000 max\n", "unknown"},
        {"150000 100000 5\n", "unknown"},
        {"1.5\n", "unknown"},
        {"", "unknown"},
        {0},
    };
    each_content(PROBE_CGROUP_CPUS, "/sys/fs/cgroup/cpu.max", CONTENTS);
}

static void processor_lists(void)
{
    static const struct content CONTENTS[] = {
        {"0\n", "1000000"},
        {"0-3\n", "4000000"},
        {"0-3,8\r\n", "5000000"},
        {"1,3,5-5,65535\n", "4000000"},
        {"", "unknown"},
        {"3-0\n", "unknown"},
        {"0-3,3\n", "unknown"},
        {"2,1\n", "unknown"},
        {"0,\n", "unknown"},
        {",0\n", "unknown"},
        {"0-\n", "unknown"},
        {"-3\n", "unknown"},
        {"0-1-2\n", "unknown"},
        {"0-65536\n", "unknown"},
        {"0-99999999999999999999\n", "unknown"},
        {"0-3:1/2\n", "unknown"},
        {"all\n", "unknown"},
        {0},
    };
    each_content(PROBE_CPUSET_CPUS, "/sys/fs/cgroup/cpuset.cpus.effective", CONTENTS);
    each_content(PROBE_CPUSET_CPUS, "/sys/fs/cgroup/cpuset/cpuset.effective_cpus", CONTENTS);
    each_content(PROBE_CPUSET_CPUS, "/sys/fs/cgroup/cpuset/cpuset.cpus", CONTENTS);
    each_content(PROBE_ONLINE_CPUS, "/sys/devices/system/cpu/online", CONTENTS);
}

static void quota_and_period_of_version_1(void)
{
    const char *quota = "/sys/fs/cgroup/cpu/cpu.cfs_quota_us";
    const char *period = "/sys/fs/cgroup/cpu/cpu.cfs_period_us";
    begin();
    put(quota, "250000\n");
    EXPECT(PROBE_CGROUP_CPUS, "unknown", "no such file: /sys/fs/cgroup/cpu.max");
    put(period, "100000\n");
    EXPECT(PROBE_CGROUP_CPUS, "2500000", quota);
    put(quota, "much\n");
    EXPECT(PROBE_CGROUP_CPUS, "unknown",
           "malformed content in /sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    put(period, "-5\n");
    EXPECT(PROBE_CGROUP_CPUS, "unknown",
           "malformed content in /sys/fs/cgroup/cpu/cpu.cfs_period_us");
    begin();
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "250000\n");
    put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    EXPECT(PROBE_CGROUP_CPUS, "2500000", "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us");
}

static void meminfo(void)
{
    static const struct content CONTENTS[] = {
        {"MemTotal:       2097152 kB\nMemFree: 1 kB\n", "2147483648"},
        {"MemFree: 1 kB\r\nMemTotal:\t2097152 kB\r\n", "2147483648"},
        {"MemTotal: 0 kB\n", "unknown"},
        {"MemTotal: 2097152\n", "unknown"},
        {"MemTotal: 2097152 MB\n", "unknown"},
        {"MemTotal: kB\n", "unknown"},
        {"MemTotal: 9007199254740992 kB\n", "unknown"},
        {"MemTotal:", "unknown"},
        {0},
    };
    each_content(PROBE_HOST_MEMORY, "/proc/meminfo", CONTENTS);
    begin();
    EXPECT(PROBE_HOST_MEMORY, "unknown", "no such file: /proc/meminfo");
    put("/proc/meminfo", "XMemTotal: 5 kB\n");
    EXPECT(PROBE_HOST_MEMORY, "unknown", "not found in /proc/meminfo");
}

static void huge_pages(void)
{
    static const struct content CONTENTS[] = {
        {"HugePages_Free:    12\nHugePages_Rsvd:  2\n", "10"},
        {"HugePages_Free:     0\nHugePages_Rsvd:  0\n", "0"},
        {"HugePages_Free:     1\nHugePages_Rsvd:  2\n", "unknown"},
        {"HugePages_Free:     1\n", "unknown"},
        {"HugePages_Free:     1 kB\nHugePages_Rsvd:  0\n", "unknown"},
        {0},
    };
    each_content(PROBE_HUGE_PAGES_FREE, "/proc/meminfo", CONTENTS);
    begin();
    EXPECT(PROBE_HUGE_PAGES_FREE, "unknown", "no such file: /proc/meminfo");
    put("/proc/meminfo", "MemTotal: 5 kB\n");
    EXPECT(PROBE_HUGE_PAGES_FREE, "unknown", "not found in /proc/meminfo");
    EXPECT(PROBE_HUGE_PAGE_SIZE, "unknown", "not found in /proc/meminfo");
    put("/proc/meminfo", "Hugepagesize:       2048 kB\n");
    EXPECT(PROBE_HUGE_PAGE_SIZE, "2097152", "/proc/meminfo");
}

static void io_uring_of_a_made_up_machine(void)
{
    static const struct content CONTENTS[] = {
        {"0\n", "1"},    {"1\n", "0"},        {"2\n", "0"},        {"3\n", "unknown"},
        {"", "unknown"}, {"-1\n", "unknown"}, {"no\n", "unknown"}, {0},
    };
    each_content(PROBE_IO_URING, "/proc/sys/kernel/io_uring_disabled", CONTENTS);
    begin();
    EXPECT(PROBE_IO_URING, "unknown", "no such file: /proc/sys/kernel/io_uring_disabled");
}

/* --- files in odd states --- */

static void limits_at_the_size_of_the_host_are_none(void)
{
    begin();
    put("/proc/meminfo", "MemTotal: 1024 kB\n");
    put("/sys/fs/cgroup/memory.max", "1048575\n");
    EXPECT(PROBE_CGROUP_MEMORY, "1048575", "/sys/fs/cgroup/memory.max");
    put("/sys/fs/cgroup/memory.max", "1048576\n");
    EXPECT(PROBE_CGROUP_MEMORY, "unlimited", "/sys/fs/cgroup/memory.max");
}

static void doubt_is_not_unlimited(void)
{
    begin();
    put("/sys/fs/cgroup/memory.max", "max\n");
    put("/sys/fs/cgroup/memory.high", "?\n");
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "malformed content in /sys/fs/cgroup/memory.high");
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n");
    EXPECT(PROBE_CGROUP_MEMORY, "5000", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
}

static void odd_files(void)
{
    static char megabyte[1024 * 1024];
    const char *path = "/sys/fs/cgroup/memory.max";
    begin();
    put_bytes(path, "536870912\0\n", 11);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "malformed content in /sys/fs/cgroup/memory.max");
    put_bytes(path, "max\0", 4);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "malformed content in /sys/fs/cgroup/memory.max");
    memset(megabyte, '7', sizeof megabyte);
    put_bytes(path, megabyte, sizeof megabyte);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "malformed content in /sys/fs/cgroup/memory.max");
    CHECK(remove(below(path)) == 0 && mkdir(below(path), 0755) == 0);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "could not be read: /sys/fs/cgroup/memory.max");
    CHECK(remove(below(path)) == 0 && mkfifo(below(path), 0644) == 0);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "malformed content in /sys/fs/cgroup/memory.max");
    CHECK(remove(below(path)) == 0 && symlink("memory.max", below(path)) == 0);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "could not be read: /sys/fs/cgroup/memory.max");
}

static void long_files_count_up_to_their_last_whole_line(void)
{
    static char text[100 * 1024];
    begin();
    memset(text, '\n', sizeof text);
    memcpy(text, "MemTotal: 4 kB\n", 15);
    memcpy(text + sizeof machine.buffer - 20, "Hugepagesize: 2048 kB\n", 22);
    put_bytes("/proc/meminfo", text, sizeof text);
    EXPECT(PROBE_HOST_MEMORY, "4096", "/proc/meminfo");
    EXPECT(PROBE_HUGE_PAGE_SIZE, "unknown", "not found in /proc/meminfo");
    /* The lines of the processors, and no other line before the end of the buffer. */
    for (size_t i = 0; i < sizeof text; i += 8)
        memcpy(text + i, "cpu1 12\n", 8);
    text[3] = ' ';
    put_bytes("/proc/stat", text, sizeof text);
    EXPECT(PROBE_ONLINE_CPUS, "unknown", "no such file: /sys/devices/system/cpu/online");
}

static void paths_too_long(void)
{
    static char long_root[LIMIT_PATH + 10], line[LIMIT_PATH + 100];
    memset(long_root, 'x', sizeof long_root - 1);
    probe_begin(&machine, long_root, environment);
    for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
        CHECK(probe_ask(&machine, probe)->state == PROBE_UNKNOWN);
    CHECK_TEXT(machine.facts[PROBE_HOST_MEMORY].detail, "too long: /proc/meminfo");
    CHECK_TEXT(machine.facts[PROBE_SHM_SIZE].detail, "too long: /dev/shm");
    CHECK_TEXT(machine.facts[PROBE_DISK_SIZE].detail, "too long: /var/lib/postgresql/18/docker");

    begin();
    put("/sys/fs/cgroup/memory.max", "4096\n");
    size_t prefix = (size_t)snprintf(line, sizeof line, "0::/");
    memset(line + prefix, 'x', LIMIT_PATH - 10);
    put("/proc/self/cgroup", line);
    CHECK_TEXT(word_of(ask(PROBE_CGROUP_MEMORY)), "unknown");
    CHECK(strncmp(machine.facts[PROBE_CGROUP_MEMORY].detail, "too long: /sys/fs/cgroup/xxx", 28) ==
          0);
    /* Here only the files' names do not fit, and an ancestor knows a limit. */
    line[prefix + LIMIT_PATH - 20] = '\0';
    put("/proc/self/cgroup", line);
    EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
    /* A path that does not even fit where it is kept counts as one that cannot be seen. */
    memset(line + prefix, 'x', LIMIT_PATH + 10);
    put("/proc/self/cgroup", line);
    EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
}

/* --- cgroups and mounts --- */

static void odd_lines_of_mountinfo(void)
{
    static const char *const LINES[] = {
        "",
        " ",
        "1 2 3",
        "31 1 0:30 / /a ro cgroup2",
        "31 1 0:30 / /a ro - cgroup3 x rw",
        "31 1 0:30 / a ro - cgroup2 x rw",
        "31 1 0:30 / /a/../b ro - cgroup2 x rw",
        "31 1 0:30 / /a\\04 ro - cgroup2 x rw",
        "31 1 0:30 / /a\\ ro - cgroup2 x rw",
        "31 1 0:30 / /a\\049 ro - cgroup2 x rw",
        "31 1 0:30 / /a\\000 ro - cgroup2 x rw",
        "31 1 0:30 /\\08 /a ro - cgroup2 x rw",
        "31 1 0:30 / /a ro - cgroup memory",
        "31 1 0:30 / /a ro - cgroup memory rw,memoryx",
    };
    for (size_t i = 0; i < 2 * (sizeof LINES / sizeof *LINES); i++) {
        begin();
        put("/proc/self/cgroup", i % 2 ? "0::/x\n" : "4:memory:/x\n0::/x\n");
        put("/proc/self/mountinfo", LINES[i / 2]);
        put("/a/memory.max", "1\n");
        put("/a/memory.limit_in_bytes", "1\n");
        put("/sys/fs/cgroup/memory.max", "4096\n");
        EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
    }
    begin();
    put("/proc/self/cgroup", "0::/x\n");
    put("/proc/self/mountinfo", "31 1 0:30 / /a\\134\\011b ro - cgroup2 x rw\n");
    put("/a\\\tb/memory.max", "8192\n");
    EXPECT(PROBE_CGROUP_MEMORY, "8192", "/a\\?b/memory.max");
}

/* What is in its conventional place is not looked for elsewhere. */
static void mountinfo_is_read_only_where_needed(void)
{
    begin();
    put("/proc/self/cgroup", "0::/x\n");
    put("/sys/fs/cgroup/x/memory.max", "4096\n");
    ask(PROBE_CGROUP_MEMORY);
    CHECK(!machine.mounts_known);
    put("/proc/self/cgroup", "0::/x/y\n");
    ask(PROBE_CGROUP_MEMORY);
    CHECK(machine.mounts_known);
    EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/x/memory.max");
}

static void odd_lines_of_cgroup(void)
{
    static const char *const LINES[] = {
        "",         ":",
        "::",       "0:",
        "0::",      "0::/",
        "0::x",     "1::/b",
        "0:memory", "0::/..",
        "0::/../b", "0::/b/../b",
        "0::b",     "x:memory,cpu:/",
        "0::///",   "4:memoryx,xmemory:/b",
    };
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        begin();
        put("/proc/self/cgroup", LINES[i]);
        put("/sys/fs/cgroup/b/memory.max", "1\n");
        put("/sys/fs/cgroup/memory/b/memory.limit_in_bytes", "1\n");
        put("/sys/fs/cgroup/memory.max", "4096\n");
        EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
    }
    begin();
    put_bytes("/proc/self/cgroup", "0::/b\0c\n", 8);
    put("/sys/fs/cgroup/b/memory.max", "1\n");
    put("/sys/fs/cgroup/memory.max", "4096\n");
    EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
}

static void deep_cgroups(void)
{
    char line[512] = "0::", *end = line + 3;
    begin();
    put("/sys/fs/cgroup/memory.max", "4096\n");
    for (int i = 0; i < LIMIT_CGROUP_DEPTH - 1; i++)
        end = stpcpy(end, "/a");
    put("/proc/self/cgroup", line);
    EXPECT(PROBE_CGROUP_MEMORY, "4096", "/sys/fs/cgroup/memory.max");
    stpcpy(end, "/a");
    put("/proc/self/cgroup", line);
    EXPECT(PROBE_CGROUP_MEMORY, "unknown", "too deeply nested: /sys/fs/cgroup");
}

/* --- processors together --- */

static void the_smallest_is_available(void)
{
    begin();
    EXPECT(PROBE_AVAILABLE_CPUS, "unknown",
           "not found in online_cpus, affinity_cpus, cpuset_cpus, cgroup_cpus");
    put("/proc/stat", "cpu  1\ncpu0 1\ncpu1 1\ncpu2 1\ncpu3 1\nintr\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "4000000", "online_cpus: /proc/stat");
    put("/proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-2\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "3000000", "affinity_cpus: /proc/self/status");
    put("/sys/fs/cgroup/cpuset.cpus.effective", "0-2\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "3000000", "affinity_cpus: /proc/self/status");
    put("/sys/fs/cgroup/cpuset.cpus.effective", "1-2\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "2000000", "cpuset_cpus: /sys/fs/cgroup/cpuset.cpus.effective");
    put("/sys/fs/cgroup/cpu.max", "max 100000\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "2000000", "cpuset_cpus: /sys/fs/cgroup/cpuset.cpus.effective");
    put("/sys/fs/cgroup/cpu.max", "50000 100000\n");
    EXPECT(PROBE_AVAILABLE_CPUS, "500000", "cgroup_cpus: /sys/fs/cgroup/cpu.max");
    put("/proc/self/status", "Cpus_allowed_list:\tmany\n");
    EXPECT(PROBE_AFFINITY_CPUS, "unknown", "malformed content in /proc/self/status");
}

int main(void)
{
    memory_limits();
    processor_shares();
    processor_lists();
    quota_and_period_of_version_1();
    meminfo();
    huge_pages();
    io_uring_of_a_made_up_machine();
    limits_at_the_size_of_the_host_are_none();
    doubt_is_not_unlimited();
    odd_files();
    long_files_count_up_to_their_last_whole_line();
    paths_too_long();
    odd_lines_of_mountinfo();
    mountinfo_is_read_only_where_needed();
    odd_lines_of_cgroup();
    deep_cgroups();
    the_smallest_is_available();
    clear();
    return check_summary("probe");
}
