/* The first process of a virtual machine whose kernel knows version 2 of cgroups only: makes
 * groups, runs azr in each of them, and compares what it says with what must hold there.
 *
 * Made-up trees, as in tests/probe, say what azr makes of files; this says that a kernel writes
 * such files. In every place azr must name the limit that binds and the file that sets it, compute
 * the same settings as where that limit is said by hand, and log both when the server starts. The
 * kernel in turn must keep a process to memory.max, or the number would mean nothing.
 *
 * As the entrypoint that azr starts, the same program says what it was given. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CGROUPS     "/sys/fs/cgroup"
#define CONTROLLERS "+cpuset +cpu +memory"
#define TOLD_MEMORY "POSTGRES_MEMORY=600"
#define IMAGE       "/aza.azb"
#define MEGABYTE    ((size_t)1024 * 1024)

enum { OUTPUT_MAX = 1 << 18, TEXT_MAX = 512, REFUSED = 78 };

/* A group, made in this order, and what is written into it. */
static const struct {
    const char *path;
    const char *memory_max, *memory_high, *cpu_max, *cpuset; /* as it is made where NULL */
    bool hands_down; /* so that the groups below it have files; it has no process of its own then */
} GROUPS[] = {
    {.path = "/unlimited", .memory_max = "max", .memory_high = "max", .cpu_max = "max 100000"},
    {.path = "/above", .memory_max = "64G", .cpu_max = "400000 100000", .cpuset = "0-1"},
    {.path = "/limited", .memory_max = "768M", .cpu_max = "150000 100000"},
    {.path = "/uneven", .memory_max = "700000001", .cpu_max = "33333 100000"},
    {.path = "/high", .memory_max = "768M", .memory_high = "640M"},
    {.path = "/parent", .memory_max = "640M", .cpu_max = "50000 50000", .hands_down = true},
    {.path = "/parent/wide", .memory_max = "768M", .cpu_max = "150000 100000"},
    {.path = "/parent/narrow", .memory_max = "600M", .cpu_max = "25000 50000"},
    {.path = "/parent/open"},
    {.path = "/deep", .cpu_max = "75000 100000", .hands_down = true},
    {.path = "/deep/a", .memory_max = "700M", .cpuset = "1", .hands_down = true},
    {.path = "/deep/a/b", .memory_max = "max", .hands_down = true},
    {.path = "/deep/a/b/c", .memory_max = "max", .cpu_max = "max"},
    {.path = "/keeper", .memory_max = "704M", .cpu_max = "125000 100000"},
    {.path = "/keeper/child"},
    {.path = "/pinned", .cpuset = "1", .hands_down = true},
    {.path = "/pinned/child"},
    {.path = "/slow", .memory_max = "512M", .cpu_max = "10000 100000"},
    {.path = "/small", .memory_max = "256M"},
    {.path = "/hungry", .memory_max = "64M"},
};

/* How a process of the group sees the cgroups. */
enum view {
    HOST,      /* as a service of the host does */
    NAMESPACE, /* as a container does: its own group is the root */
    BOUND,     /* its group laid over the root, and no namespace */
    ELSEWHERE, /* mounted where nobody expects it */
    TOLD,      /* as a container does whose operator says TOLD_MEMORY */
};

struct answer {
    const char *value; /* of the machine itself where NULL */
    const char *source, *detail;
};

#define OF_HOST                                                                                    \
    {                                                                                              \
        NULL, "host", "/proc/meminfo"                                                              \
    }
#define ONLINE                                                                                     \
    {                                                                                              \
        "2.0", "available", "online_cpus: /sys/devices/system/cpu/online"                          \
    }
#define PINNED                                                                                     \
    {                                                                                              \
        "1.0", "available", "affinity_cpus: "                                                      \
    }
#define MEMORY(VALUE, FILE)                                                                        \
    {                                                                                              \
        VALUE, "cgroup", FILE                                                                      \
    }
#define QUOTA(VALUE, FILE)                                                                         \
    {                                                                                              \
        VALUE, "available", "cgroup_cpus: " FILE                                                   \
    }

static const struct place {
    const char *name, *group;
    enum view view;
    struct answer memory, cpus;
} PLACES[] = {
    {"root", "/", HOST, OF_HOST, ONLINE},
    {"unlimited", "/unlimited", HOST, OF_HOST, ONLINE},
    {"limits above the machine", "/above", HOST, OF_HOST, ONLINE},
    {"limited", "/limited", HOST, MEMORY("768MB", CGROUPS "/limited/memory.max"),
     QUOTA("1.5", CGROUPS "/limited/cpu.max")},
    {"what the kernel rounds", "/uneven", HOST, MEMORY("683592kB", CGROUPS "/uneven/memory.max"),
     QUOTA("0.333", CGROUPS "/uneven/cpu.max")},
    {"memory.high", "/high", HOST, MEMORY("640MB", CGROUPS "/high/memory.high"), ONLINE},
    {"a parent with the lower limit", "/parent/wide", HOST,
     MEMORY("640MB", CGROUPS "/parent/memory.max"), QUOTA("1.0", CGROUPS "/parent/cpu.max")},
    {"a child with the lower limit", "/parent/narrow", HOST,
     MEMORY("600MB", CGROUPS "/parent/narrow/memory.max"),
     QUOTA("0.5", CGROUPS "/parent/narrow/cpu.max")},
    {"a child with none", "/parent/open", HOST, MEMORY("640MB", CGROUPS "/parent/memory.max"),
     QUOTA("1.0", CGROUPS "/parent/cpu.max")},
    {"limits far above", "/deep/a/b/c", HOST, MEMORY("700MB", CGROUPS "/deep/a/memory.max"),
     QUOTA("0.75", CGROUPS "/deep/cpu.max")},
    {"controllers that were not handed down", "/keeper/child", HOST,
     MEMORY("704MB", CGROUPS "/keeper/memory.max"), QUOTA("1.25", CGROUPS "/keeper/cpu.max")},
    {"cpuset", "/pinned/child", HOST, OF_HOST, PINNED},
    {"less than a quarter of a processor", "/slow", HOST,
     MEMORY("512MB", CGROUPS "/slow/memory.max"), QUOTA("0.25", CGROUPS "/slow/cpu.max")},
    {"container", "/limited", NAMESPACE, MEMORY("768MB", CGROUPS "/memory.max"),
     QUOTA("1.5", CGROUPS "/cpu.max")},
    {"container that cannot see its parent", "/parent/wide", NAMESPACE,
     MEMORY("768MB", CGROUPS "/memory.max"), QUOTA("1.5", CGROUPS "/cpu.max")},
    {"unlimited container", "/unlimited", NAMESPACE, OF_HOST, ONLINE},
    {"container without a namespace", "/parent/narrow", BOUND,
     MEMORY("600MB", CGROUPS "/memory.max"), QUOTA("0.5", CGROUPS "/cpu.max")},
    {"another mount", "/parent/wide", ELSEWHERE, MEMORY("640MB", "/unified/parent/memory.max"),
     QUOTA("1.0", "/unified/parent/cpu.max")},
    {"the operator's word",
     "/limited",
     TOLD,
     {"600MB", "manual", "POSTGRES_MEMORY"},
     QUOTA("1.5", CGROUPS "/cpu.max")},
};

static const struct place SMALL = {.name = "too little memory", .group = "/small"};

static int passed, failed;
static char host_memory[TEXT_MAX]; /* as azr writes it */
static char output[OUTPUT_MAX], supposed[OUTPUT_MAX];

static void check(bool holds, const char *name, const char *what, const char *wanted)
{
    passed += holds;
    failed += !holds;
    if (!holds)
        printf("%s: %s\n--- wanted ---\n%s\n--- got ---\n%.4000s\n", name, what, wanted, output);
}

/* Nothing here may fail: without its ground a check says nothing. */
static void need(bool done, const char *what)
{
    if (done)
        return;
    printf("cannot %s: %s\n", what, strerror(errno));
    failed++;
}

static void put(const char *group, const char *file, const char *text)
{
    char path[TEXT_MAX];
    if (text == NULL)
        return;
    snprintf(path, sizeof path, CGROUPS "%s/%s", group, file);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    need(descriptor >= 0 && write(descriptor, text, strlen(text)) == (ssize_t)strlen(text), path);
    if (descriptor >= 0)
        close(descriptor);
}

static void mount_all(void)
{
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mkdir("/dev", 0755);
    mkdir("/unified", 0755);
    need(mount("proc", "/proc", "proc", 0, "") == 0, "mount /proc");
    need(mount("sysfs", "/sys", "sysfs", 0, "") == 0, "mount /sys");
    need(mount("devtmpfs", "/dev", "devtmpfs", 0, "") == 0, "mount /dev");
    need(mount("cgroup2", CGROUPS, "cgroup2", 0, "") == 0, "mount cgroup2");
}

static void make_groups(void)
{
    char path[TEXT_MAX];
    put("", "cgroup.subtree_control", CONTROLLERS);
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) {
        snprintf(path, sizeof path, CGROUPS "%s", GROUPS[i].path);
        need(mkdir(path, 0755) == 0, path);
        put(GROUPS[i].path, "memory.max", GROUPS[i].memory_max);
        put(GROUPS[i].path, "memory.high", GROUPS[i].memory_high);
        put(GROUPS[i].path, "cpu.max", GROUPS[i].cpu_max);
        put(GROUPS[i].path, "cpuset.cpus", GROUPS[i].cpuset);
        put(GROUPS[i].path, "cgroup.subtree_control", GROUPS[i].hands_down ? CONTROLLERS : NULL);
    }
}

/* Moves this process into the place, where it sees what a process there would. */
static bool enter(const struct place *place)
{
    char group[TEXT_MAX];
    snprintf(group, sizeof group, CGROUPS "%s", place->group);
    put(place->group, "cgroup.procs", "0");
    if (place->view == HOST)
        return true;
    bool contained = place->view == NAMESPACE || place->view == TOLD;
    if (unshare(CLONE_NEWNS | (contained ? CLONE_NEWCGROUP : 0)) != 0)
        return false;
    if (place->view == BOUND)
        return mount(group, CGROUPS, NULL, MS_BIND, NULL) == 0;
    return umount2(CGROUPS, MNT_DETACH) == 0 &&
           mount("cgroup2", place->view == ELSEWHERE ? "/unified" : CGROUPS, "cgroup2", MS_RDONLY,
                 "") == 0;
}

/* In the child: never comes back. */
static void become(const struct place *place, const char *const *words, int out, bool complaints)
{
    char *environment[] = {"PGDATA=/data", place->view == TOLD ? TOLD_MEMORY : NULL, NULL};
    int nowhere = open("/dev/null", O_RDWR);
    int before = failed;
    bool entered = enter(place) && failed == before;
    dup2(nowhere, 0);
    dup2(out, 1);
    dup2(complaints ? out : nowhere, 2);
    if (!entered)
        dprintf(1, "cannot enter %s: %s\n", place->group, strerror(errno));
    else
        execve("/azr", (char **)words, environment);
    _exit(127);
}

/* Runs azr in a place; its output, with what it complains of if that is wanted, goes into `text`.
 */
static int run(const struct place *place, bool complaints, char *text, const char *const *words)
{
    int ends[2], status = -1;
    size_t length = 0;
    ssize_t got;
    need(pipe2(ends, O_CLOEXEC) == 0, "make a pipe");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        become(place, words, ends[1], complaints);
    close(ends[1]);
    while ((got = read(ends[0], text + length, OUTPUT_MAX - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(ends[0]);
    need(child > 0 && waitpid(child, &status, 0) == child, "wait for azr");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define RUN(PLACE, COMPLAINTS, TEXT, ...)                                                          \
    run(PLACE, COMPLAINTS, TEXT, (const char *const[]){"azr", __VA_ARGS__, NULL})

static const char *value_of(const struct answer *answer)
{
    return answer->value ? answer->value : host_memory;
}

static void check_answer(const struct place *place, const char *fact, const struct answer *answer)
{
    char wanted[TEXT_MAX];
    snprintf(wanted, sizeof wanted,
             "\"%s\": {\"value\": \"%s\", \"source\": \"%s\", \"detail\": \"%s", fact,
             value_of(answer), answer->source, answer->detail);
    check(strstr(output, wanted) != NULL, place->name, "azr facts", wanted);
}

static void check_facts(const struct place *place)
{
    int status = RUN(place, false, output, "facts", IMAGE, "--format", "json");
    check(status == 0, place->name, "azr facts", "exit 0");
    check_answer(place, "memory", &place->memory);
    check_answer(place, "cpus", &place->cpus);
}

/* The settings are those of the same machine where memory and processors are said by hand. */
static void check_settings(const struct place *place)
{
    char memory[TEXT_MAX], cpus[TEXT_MAX];
    snprintf(memory, sizeof memory, "memory=%s", value_of(&place->memory));
    snprintf(cpus, sizeof cpus, "cpus=%s", place->cpus.value);
    int by_hand =
        RUN(&PLACES[0], false, supposed, "show", IMAGE, "--format", "flags", memory, cpus);
    int status = RUN(place, false, output, "show", IMAGE, "--format", "flags");
    check(by_hand == 0 && status == 0 && strstr(output, "shared_buffers=") &&
              strcmp(output, supposed) == 0,
          place->name, "azr show", supposed);
}

/* What the container logs, and that the server is started. */
static void check_start(const struct place *place)
{
    char wanted[TEXT_MAX], cpus[TEXT_MAX];
    snprintf(wanted, sizeof wanted, "[AUTO-CONFIG] memory=%s (%s) ", value_of(&place->memory),
             place->memory.source);
    snprintf(cpus, sizeof cpus, " cpus=%s (%s) ", place->cpus.value, place->cpus.source);
    int status =
        RUN(place, true, output, "start", IMAGE, "--entrypoint", "/init", "--", "postgres");
    check(status == 0 && strstr(output, "started: postgres -c "), place->name, "azr start",
          "started: postgres -c ...");
    check(strstr(output, wanted) != NULL, place->name, "azr start", wanted);
    check(strstr(output, cpus) != NULL, place->name, "azr start", cpus);
}

static void check_refusal(void)
{
    int status =
        RUN(&SMALL, true, output, "start", IMAGE, "--entrypoint", "/init", "--", "postgres");
    check(status == REFUSED && !strstr(output, "started:"), SMALL.name, "azr start", "exit 78");
    check(strstr(output, "at least 512MB") != NULL, SMALL.name, "azr start", "at least 512MB");
}

/* How a process of that group ends that touches every page of so much memory. */
static int devour(const char *group, size_t size)
{
    int status = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        put(group, "cgroup.procs", "0");
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            _exit(1);
        for (size_t i = 0; i < size; i += 4096)
            ((volatile char *)memory)[i] = 1;
        _exit(0);
    }
    need(child > 0 && waitpid(child, &status, 0) == child, "wait for a hungry process");
    return status;
}

static void read_file(const char *path, char *text)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor < 0 ? -1 : read(descriptor, text, OUTPUT_MAX - 1);
    need(length >= 0, path);
    text[length > 0 ? length : 0] = '\0';
    if (descriptor >= 0)
        close(descriptor);
}

static void check_enforcement(void)
{
    static const char EVENTS[] = CGROUPS "/hungry/memory.events";
    int within = devour("/hungry", 32 * MEGABYTE);
    read_file(EVENTS, output);
    check(WIFEXITED(within) && WEXITSTATUS(within) == 0, "below memory.max", "a process", "exit 0");
    check(strstr(output, "\noom_kill 0\n") != NULL, "below memory.max", EVENTS, "oom_kill 0");
    int beyond = devour("/hungry", 128 * MEGABYTE);
    read_file(EVENTS, output);
    check(WIFSIGNALED(beyond) && WTERMSIG(beyond) == SIGKILL, "beyond memory.max", "a process",
          "killed");
    check(strstr(output, "\noom_kill 1\n") != NULL, "beyond memory.max", EVENTS, "oom_kill 1");
}

/* Nothing of version 1, or the machine would not show what it is for. */
static void check_kernel(void)
{
    read_file("/proc/self/cgroup", output);
    check(strcmp(output, "0::/\n") == 0, "the kernel", "/proc/self/cgroup", "0::/");
}

static void read_host_memory(void)
{
    unsigned long kilobytes = 0;
    read_file("/proc/meminfo", output);
    need(sscanf(output, "MemTotal: %lu kB", &kilobytes) == 1, "read MemTotal");
    bool whole = kilobytes % 1024 == 0;
    snprintf(host_memory, sizeof host_memory, "%lu%s", whole ? kilobytes / 1024 : kilobytes,
             whole ? "MB" : "kB");
}

static int as_entrypoint(char **words)
{
    fputs("started:", stdout);
    for (words++; *words != NULL; words++)
        printf(" %s", *words);
    putchar('\n');
    return 0;
}

/* A cluster that is there already, so that what would start it is all that runs. */
static void make_cluster(void)
{
    static const char version[] = "18\n";
    int fd = -1;
    need(mkdir("/data", 0700) == 0 && mkdir("/data/global", 0700) == 0, "make /data");
    need((fd = open("/data/PG_VERSION", O_WRONLY | O_CREAT, 0600)) >= 0, "make PG_VERSION");
    need(write(fd, version, sizeof version - 1) > 0 && close(fd) == 0, "write PG_VERSION");
    need((fd = open("/data/global/pg_control", O_WRONLY | O_CREAT, 0600)) >= 0, "make pg_control");
    need(close(fd) == 0, "close pg_control");
}

int main(int count, char **words)
{
    (void)count;
    if (getpid() != 1)
        return as_entrypoint(words);
    mount_all();
    make_groups();
    make_cluster();
    read_host_memory();
    check_kernel();
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        check_facts(&PLACES[i]);
        check_settings(&PLACES[i]);
        check_start(&PLACES[i]);
    }
    check_refusal();
    check_enforcement();
    printf("vm: %d passed, %d failed\n", passed, failed);
    fflush(stdout);
    reboot(RB_POWER_OFF);
    return 1;
}
