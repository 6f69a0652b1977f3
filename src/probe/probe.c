/* The table of probes, and the memory of what they answered. */
#include "probe/parts.h"

static const struct {
    const char *word;
    enum azb_kind kind;
} PROBES[AZF_PROBES] = {
#define X(name, kind, word) [AZF_##name] = {word, AZB_##kind},
#include "probes.def"
#undef X
};

static azf_asker *const ASKERS[AZF_PROBES] = {
    [AZF_CGROUP_MEMORY] = azf_ask_cgroup_memory,
    [AZF_HOST_MEMORY] = azf_ask_meminfo,
    [AZF_AVAILABLE_CPUS] = azf_ask_available_cpus,
    [AZF_CGROUP_CPUS] = azf_ask_cgroup_cpus,
    [AZF_CPUSET_CPUS] = azf_ask_cpuset_cpus,
    [AZF_AFFINITY_CPUS] = azf_ask_affinity_cpus,
    [AZF_ONLINE_CPUS] = azf_ask_online_cpus,
    [AZF_LIBRARIES] = azf_ask_libraries,
    [AZF_DISK_SIZE] = azf_ask_disk_size,
    [AZF_DISK_FREE] = azf_ask_disk_free,
    [AZF_DISK_ROTATIONAL] = azf_ask_disk_rotational,
    [AZF_DISK_FILESYSTEM] = azf_ask_disk_filesystem,
    [AZF_SHM_SIZE] = azf_ask_shm_size,
    [AZF_IO_URING] = azf_ask_io_uring,
    [AZF_HUGE_PAGES_FREE] = azf_ask_meminfo,
    [AZF_HUGE_PAGE_SIZE] = azf_ask_meminfo,
    [AZF_SERVER_VERSION] = azf_ask_server_version,
    [AZF_STANDBY] = azf_ask_standby,
    [AZF_STANDBY_CONNECTIONS] = azf_ask_standby_setting,
    [AZF_STANDBY_WORKERS] = azf_ask_standby_setting,
    [AZF_STANDBY_SENDERS] = azf_ask_standby_setting,
    [AZF_STANDBY_PREPARED] = azf_ask_standby_setting,
    [AZF_STANDBY_LOCKS] = azf_ask_standby_setting,
};

void azf_begin(struct azf_machine *machine, const char *root, const char *const *environment)
{
    machine->root = root;
    machine->environment = environment;
    machine->cgroups_known = machine->mounts_known = false;
    for (int i = 0; i < AZF_PROBES; i++)
        machine->asked[i] = false;
}

/* A path may hold any byte, and a detail goes into logs, one line each. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

const struct azf_fact *azf_ask(struct azf_machine *machine, enum azf_probe probe)
{
    struct azf_fact *fact = &machine->facts[probe];
    if (!machine->asked[probe]) {
        machine->asked[probe] = true;
        ASKERS[probe](machine, fact);
        make_printable(fact->detail);
    }
    return fact;
}

enum azf_probe azf_find(struct aza_span name)
{
    enum azf_probe probe = 0;
    while (probe < AZF_PROBES && !aza_span_is(name, PROBES[probe].word))
        probe++;
    return probe;
}

const char *azf_word(enum azf_probe probe)
{
    return PROBES[probe].word;
}

enum azb_kind azf_kind(enum azf_probe probe)
{
    return PROBES[probe].kind;
}
