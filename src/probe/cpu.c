/* Processors: the quota and the cpuset of the cgroups, the affinity mask and the processors online.
 *
 * All are ratios in millionths, since a quota can be a fraction of a processor: 1500000 is one and
 * a half. Each may be unknown; the number available is the smallest known one, with its source as
 * the detail. */
#include "probe/parts.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/checked.h"

#define CPU INT64_C(1000000) /* a ratio of 1 */

/* Microseconds: the period where cpu.max contains none, and the longest that the kernel accepts. */
#define USUAL_PERIOD   100000
#define LONGEST_PERIOD 1000000

/* Quota / period, rounded down to thousandths of a processor, at least one of them. As many
 * processors as Linux can have, or more, are no limit. */
static void offer_quota(struct probe_limit *limit, int64_t quota, int64_t period, const char *where)
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

/* cpu.max: "max 100000" or "150000 100000", quota and period in microseconds. */
static bool visit_quota_unified(struct probe_machine *machine, const char *directory,
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
        offer_quota(limit, quota, period, file.path);
    else
        probe_offer_trouble(limit, PROBE_GARBAGE, file.path);
    return true;
}

/* Reads a file that contains one limit; otherwise offers the trouble and returns false. */
static bool read_cpu_limit(struct probe_machine *machine, struct probe_file *file,
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

static bool visit_quota_version_1(struct probe_machine *machine, const char *directory,
                                  struct probe_limit *limit)
{
    struct probe_file file;
    int64_t quota, period;
    if (!read_cpu_limit(machine, &file, directory, "cpu.cfs_period_us", limit, &period))
        return file.trouble != PROBE_ABSENT;
    if (read_cpu_limit(machine, &file, directory, "cpu.cfs_quota_us", limit, &quota))
        offer_quota(limit, quota, period, file.path);
    return true;
}

void probe_ask_cgroup_cpus(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_limit limit = {.fact = fact, .ceiling = LIMIT_CPUS * CPU};
    probe_walk(machine, PROBE_CPU, visit_quota_version_1, visit_quota_unified, &limit);
}

/* A file that contains a list of processors. */
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

/* The processors in the affinity mask of this process; 0 below another root, where the mask of this
 * process would be that of the wrong machine. The raw system call returns the bytes of the mask. */
static int64_t count_affinity(const struct probe_machine *machine)
{
    uint64_t mask[LIMIT_CPUS / 64];
    int64_t count = 0;
    long bytes = machine->root[0] ? 0 : syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    for (size_t i = 0; (long)(i * sizeof *mask) < bytes; i++)
        count += __builtin_popcountll(mask[i]);
    return count;
}

/* The system call is tried first, since it is many times faster than reading /proc. */
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

/* The lines "cpu0 ...", "cpu1 ..." of /proc/stat, which follow the line "cpu " with the totals. If
 * no other line follows them, the file was truncated and some may be missing: 0. */
static int64_t count_processor_lines(struct base_span text)
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
    if (probe_read(machine, &file, "/proc/stat", "") &&
        (count = count_processor_lines(file.text)) > 0)
        probe_set_value(fact, count * CPU, file.path);
}

/* The least specific first, so that of equal numbers its source is named. */
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
