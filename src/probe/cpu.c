/* Processors: the quota and the cpuset of the cgroups, the affinity mask and the processors online.
 * Each may be unknown; the number available is the smallest one known. */
#include "probe/parts.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/checked.h"

#define CPU INT64_C(1000000) /* a ratio of 1 */

/* Microseconds: what cpu.max means when it gives no period, and the longest the kernel takes. */
#define USUAL_PERIOD   100000
#define LONGEST_PERIOD 1000000

/* Quota per period, down to whole thousandths of a processor but never to none. */
static void offer_share(struct probe_limit *limit, int64_t quota, int64_t period, const char *where)
{
    int64_t thousandths;
    if (period == 0 || period > LONGEST_PERIOD)
        probe_offer_trouble(limit, PROBE_GARBAGE, where);
    else if (!base_muldiv(quota, 1000, period, &thousandths) ||
             thousandths >= LIMIT_CPUS * INT64_C(1000))
        probe_offer_value(limit, limit->ceiling, where);
    else
        probe_offer_value(limit, (thousandths > 0 ? thousandths : 1) * (CPU / 1000), where);
}

/* "max 100000" or "150000 100000". */
static bool visit_unified(struct probe_machine *machine, const char *directory,
                          struct probe_limit *limit)
{
    struct probe_file file;
    int64_t quota, period = USUAL_PERIOD;
    if (!probe_read(machine, &file, directory, "cpu.max")) {
        probe_offer_trouble(limit, file.trouble, file.path);
        return file.trouble != PROBE_ABSENT;
    }
    struct base_span rest = base_trim(file.text);
    struct base_span first = probe_cut(&rest, ' ');
    if (probe_scan_limit(first, &quota) && (rest.length == 0 || probe_scan_count(rest, &period)))
        offer_share(limit, quota, period, file.path);
    else
        probe_offer_trouble(limit, PROBE_GARBAGE, file.path);
    return true;
}

/* A file that holds one limit; anything else is offered as trouble. */
static bool read_number(struct probe_machine *machine, struct probe_file *file,
                        const char *directory, const char *name, struct probe_limit *limit,
                        int64_t *number)
{
    bool there = probe_read(machine, file, directory, name);
    if (there && probe_scan_limit(base_trim(file->text), number))
        return true;
    if (there)
        file->trouble = PROBE_GARBAGE;
    probe_offer_trouble(limit, file->trouble, file->path);
    return false;
}

static bool visit_version_1(struct probe_machine *machine, const char *directory,
                            struct probe_limit *limit)
{
    struct probe_file file;
    int64_t quota, period;
    if (!read_number(machine, &file, directory, "cpu.cfs_period_us", limit, &period))
        return file.trouble != PROBE_ABSENT;
    if (read_number(machine, &file, directory, "cpu.cfs_quota_us", limit, &quota))
        offer_share(limit, quota, period, file.path);
    return true;
}

void probe_ask_cgroup_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_limit limit = {.fact = fact, .ceiling = LIMIT_CPUS * CPU};
    probe_walk(machine, PROBE_CPU, visit_version_1, visit_unified, &limit);
}

/* A file that holds a list of processors. */
static bool visit_cpuset(struct probe_machine *machine, const char *directory, const char *name,
                         struct probe_limit *limit)
{
    struct probe_file file;
    int64_t count;
    bool there = probe_read(machine, &file, directory, name);
    if (there && probe_scan_cpus(base_trim(file.text), &count)) {
        probe_offer_value(limit, count * CPU, file.path);
        return true;
    }
    if (there)
        file.trouble = PROBE_GARBAGE;
    probe_offer_trouble(limit, file.trouble, file.path);
    return file.trouble != PROBE_ABSENT;
}

static bool visit_cpuset_unified(struct probe_machine *machine, const char *directory,
                                 struct probe_limit *limit)
{
    return visit_cpuset(machine, directory, "cpuset.cpus.effective", limit);
}

/* cpuset.cpus may name processors that are not online, so it comes second. */
static bool visit_cpuset_version_1(struct probe_machine *machine, const char *directory,
                                   struct probe_limit *limit)
{
    return visit_cpuset(machine, directory, "cpuset.effective_cpus", limit) ||
           visit_cpuset(machine, directory, "cpuset.cpus", limit);
}

void probe_ask_cpuset_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_limit limit = {.fact = fact, .ceiling = INT64_MAX};
    probe_walk(machine, PROBE_CPUSET, visit_cpuset_version_1, visit_cpuset_unified, &limit);
}

/* The affinity mask of this process; 0 below another root, which stands for another machine. */
static int64_t count_affinity(const struct probe_machine *machine)
{
    uint64_t mask[LIMIT_CPUS / 64];
    int64_t count = 0;
    long bytes = machine->root[0] ? 0 : syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    for (size_t i = 0; (long)(i * sizeof *mask) < bytes; i++)
        count += __builtin_popcountll(mask[i]);
    return count;
}

/* Asking comes first, being many times faster than reading. */
void probe_ask_affinity_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_file file;
    struct base_span list;
    int64_t count = count_affinity(machine);
    if (count > 0) {
        probe_set_value(fact, count * CPU, "sched_getaffinity");
        return;
    }
    bool there = probe_read(machine, &file, "/proc/self/status", "");
    if (there && probe_find_line(file.text, "Cpus_allowed_list:", &list) &&
        probe_scan_cpus(list, &count))
        probe_set_value(fact, count * CPU, file.path);
    else
        probe_set_unknown(fact, there ? PROBE_GARBAGE : file.trouble, file.path);
}

/* The lines "cpu0 ...", "cpu1 ..." of /proc/stat, which follow the one for all of them. Unless
 * another line comes after them, the file was cut short and they are not all. */
static int64_t count_lines(struct base_span text)
{
    struct base_span line;
    int64_t count = 0;
    while (probe_next_line(&text, &line)) {
        if (line.length < 4 || memcmp(line.start, "cpu", 3) != 0)
            return count;
        count += line.start[3] != ' ';
    }
    return 0;
}

void probe_ask_online_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_file file;
    int64_t count;
    bool there = probe_read(machine, &file, "/sys/devices/system/cpu/online", "");
    if (there && probe_scan_cpus(base_trim(file.text), &count)) {
        probe_set_value(fact, count * CPU, file.path);
        return;
    }
    probe_set_unknown(fact, there ? PROBE_GARBAGE : file.trouble, file.path);
    if (probe_read(machine, &file, "/proc/stat", "") && (count = count_lines(file.text)) > 0)
        probe_set_value(fact, count * CPU, file.path);
}

/* The widest first, so that of equal ones the plainest is named. */
void probe_ask_available_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    static const enum probe NARROWING[] = {PROBE_ONLINE_CPUS, PROBE_AFFINITY_CPUS,
                                           PROBE_CPUSET_CPUS, PROBE_CGROUP_CPUS};
    char where[PROBE_DETAIL_MAX];
    probe_set_unknown(fact, PROBE_SILENT, "online_cpus, affinity_cpus, cpuset_cpus, cgroup_cpus");
    for (size_t i = 0; i < sizeof NARROWING / sizeof *NARROWING; i++) {
        const struct probe_fact *part = probe_ask(machine, NARROWING[i]);
        if (part->state != PROBE_VALUE ||
            (fact->state == PROBE_VALUE && part->value >= fact->value))
            continue;
        struct base_sink sink = BASE_SINK(where);
        BASE_PUT(&sink, probe_word(NARROWING[i]), ": ", part->detail);
        probe_set_value(fact, part->value, where);
    }
}
