/* The table of probes, and the answers given so far: a probe is asked once per machine. */
#include "probe/parts.h"

static const struct {
    const char *word;
    enum image_kind kind;
} PROBES[PROBE_PROBES] = {
#define X(name, kind, word) [PROBE_##name] = {word, IMAGE_##kind},
#include "probes.def"
#undef X
};

static probe_asker *const ASKERS[PROBE_PROBES] = {
    [PROBE_CGROUP_MEMORY] = probe_ask_cgroup_memory,
    [PROBE_HOST_MEMORY] = probe_ask_meminfo,
    [PROBE_AVAILABLE_CPUS] = probe_ask_available_cpus,
    [PROBE_CGROUP_CPUS] = probe_ask_cgroup_cpus,
    [PROBE_CPUSET_CPUS] = probe_ask_cpuset_cpus,
    [PROBE_AFFINITY_CPUS] = probe_ask_affinity_cpus,
    [PROBE_ONLINE_CPUS] = probe_ask_online_cpus,
    [PROBE_LIBRARIES] = probe_ask_libraries,
    [PROBE_DISK_SIZE] = probe_ask_disk_size,
    [PROBE_DISK_FREE] = probe_ask_disk_free,
    [PROBE_DISK_ROTATIONAL] = probe_ask_disk_rotational,
    [PROBE_DISK_FILESYSTEM] = probe_ask_disk_filesystem,
    [PROBE_SHM_SIZE] = probe_ask_shm_size,
    [PROBE_IO_URING] = probe_ask_io_uring,
    [PROBE_HUGE_PAGES_FREE] = probe_ask_meminfo,
    [PROBE_HUGE_PAGE_SIZE] = probe_ask_meminfo,
    [PROBE_SERVER_VERSION] = probe_ask_server_version,
    [PROBE_STANDBY] = probe_ask_standby,
    [PROBE_STANDBY_CONNECTIONS] = probe_ask_standby_setting,
    [PROBE_STANDBY_WORKERS] = probe_ask_standby_setting,
    [PROBE_STANDBY_SENDERS] = probe_ask_standby_setting,
    [PROBE_STANDBY_PREPARED] = probe_ask_standby_setting,
    [PROBE_STANDBY_LOCKS] = probe_ask_standby_setting,
};

void probe_begin(struct probe_machine *machine, const char *root, const char *const *environment)
{
    machine->root = root;
    machine->environment = environment;
    machine->cgroups_known = machine->mounts_known = false;
    for (int i = 0; i < PROBE_PROBES; i++)
        machine->asked[i] = false;
}

/* A path may hold any byte, and a detail goes into logs, one line each. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

const struct probe_fact *probe_ask(struct probe_machine *machine, enum probe probe)
{
    struct probe_fact *fact = &machine->facts[probe];
    if (!machine->asked[probe]) {
        machine->asked[probe] = true;
        ASKERS[probe](machine, fact);
        make_printable(fact->detail);
    }
    return fact;
}

enum probe probe_find(struct base_span name)
{
    enum probe probe = 0;
    while (probe < PROBE_PROBES && !base_span_is(name, PROBES[probe].word))
        probe++;
    return probe;
}

const char *probe_word(enum probe probe)
{
    return PROBES[probe].word;
}

enum image_kind probe_kind(enum probe probe)
{
    return PROBES[probe].kind;
}
