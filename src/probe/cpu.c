/* Processors: quota, cpuset, affinity and what is online, each known or not; the smallest counts.
 */
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
static void offer_share(struct azf_limit *limit, int64_t quota, int64_t period, const char *where)
{
    int64_t thousandths;
    if (period == 0 || period > LONGEST_PERIOD)
        azf_offer_trouble(limit, AZF_GARBAGE, where);
    else if (!aza_muldiv(quota, 1000, period, &thousandths) ||
             thousandths >= AZA_CPUS_MAX * INT64_C(1000))
        azf_offer_value(limit, limit->ceiling, where);
    else
        azf_offer_value(limit, (thousandths > 0 ? thousandths : 1) * (CPU / 1000), where);
}

/* "max 100000" or "150000 100000". */
static bool visit_unified(struct azf_machine *machine, const char *directory,
                          struct azf_limit *limit)
{
    struct azf_file file;
    int64_t quota, period = USUAL_PERIOD;
    if (!azf_read(machine, &file, directory, "cpu.max")) {
        azf_offer_trouble(limit, file.trouble, file.path);
        return file.trouble != AZF_ABSENT;
    }
    struct aza_span rest = aza_trim(file.text);
    struct aza_span first = azf_cut(&rest, ' ');
    if (azf_scan_limit(first, &quota) && (rest.length == 0 || azf_scan_count(rest, &period)))
        offer_share(limit, quota, period, file.path);
    else
        azf_offer_trouble(limit, AZF_GARBAGE, file.path);
    return true;
}

/* A file that holds one limit; anything else is offered as trouble. */
static bool read_number(struct azf_machine *machine, struct azf_file *file, const char *directory,
                        const char *name, struct azf_limit *limit, int64_t *number)
{
    bool there = azf_read(machine, file, directory, name);
    if (there && azf_scan_limit(aza_trim(file->text), number))
        return true;
    if (there)
        file->trouble = AZF_GARBAGE;
    azf_offer_trouble(limit, file->trouble, file->path);
    return false;
}

static bool visit_version_1(struct azf_machine *machine, const char *directory,
                            struct azf_limit *limit)
{
    struct azf_file file;
    int64_t quota, period;
    if (!read_number(machine, &file, directory, "cpu.cfs_period_us", limit, &period))
        return file.trouble != AZF_ABSENT;
    if (read_number(machine, &file, directory, "cpu.cfs_quota_us", limit, &quota))
        offer_share(limit, quota, period, file.path);
    return true;
}

void azf_ask_cgroup_cpus(struct azf_machine *machine, struct azf_fact *fact)
{
    struct azf_limit limit = {.fact = fact, .ceiling = AZA_CPUS_MAX * CPU};
    azf_walk(machine, AZF_CPU, visit_version_1, visit_unified, &limit);
}

/* A file that holds a list of processors. */
static bool visit_cpuset(struct azf_machine *machine, const char *directory, const char *name,
                         struct azf_limit *limit)
{
    struct azf_file file;
    int64_t count;
    bool there = azf_read(machine, &file, directory, name);
    if (there && azf_scan_cpus(aza_trim(file.text), &count)) {
        azf_offer_value(limit, count * CPU, file.path);
        return true;
    }
    if (there)
        file.trouble = AZF_GARBAGE;
    azf_offer_trouble(limit, file.trouble, file.path);
    return file.trouble != AZF_ABSENT;
}

static bool visit_cpuset_unified(struct azf_machine *machine, const char *directory,
                                 struct azf_limit *limit)
{
    return visit_cpuset(machine, directory, "cpuset.cpus.effective", limit);
}

/* cpuset.cpus may name processors that are not online, so it comes second. */
static bool visit_cpuset_version_1(struct azf_machine *machine, const char *directory,
                                   struct azf_limit *limit)
{
    return visit_cpuset(machine, directory, "cpuset.effective_cpus", limit) ||
           visit_cpuset(machine, directory, "cpuset.cpus", limit);
}

void azf_ask_cpuset_cpus(struct azf_machine *machine, struct azf_fact *fact)
{
    struct azf_limit limit = {.fact = fact, .ceiling = INT64_MAX};
    azf_walk(machine, AZF_CPUSET, visit_cpuset_version_1, visit_cpuset_unified, &limit);
}

/* What the kernel says of this very process, so only for the machine it runs on; else 0. */
static int64_t count_affinity(const struct azf_machine *machine)
{
    uint64_t mask[AZA_CPUS_MAX / 64];
    int64_t count = 0;
    long bytes = machine->root[0] ? 0 : syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    for (size_t i = 0; (long)(i * sizeof *mask) < bytes; i++)
        count += __builtin_popcountll(mask[i]);
    return count;
}

/* Asking comes first, being many times faster than reading. */
void azf_ask_affinity_cpus(struct azf_machine *machine, struct azf_fact *fact)
{
    struct azf_file file;
    struct aza_span list;
    int64_t count = count_affinity(machine);
    if (count > 0) {
        azf_set_value(fact, count * CPU, "sched_getaffinity");
        return;
    }
    bool there = azf_read(machine, &file, "/proc/self/status", "");
    if (there && azf_find_line(file.text, "Cpus_allowed_list:", &list) &&
        azf_scan_cpus(list, &count))
        azf_set_value(fact, count * CPU, file.path);
    else
        azf_set_unknown(fact, there ? AZF_GARBAGE : file.trouble, file.path);
}

/* The lines "cpu0 ...", "cpu1 ..." of /proc/stat, which follow the one for all of them. Unless
 * another line comes after them, the file was cut short and they are not all. */
static int64_t count_lines(struct aza_span text)
{
    struct aza_span line;
    int64_t count = 0;
    while (azf_next_line(&text, &line)) {
        if (line.length < 4 || memcmp(line.start, "cpu", 3) != 0)
            return count;
        count += line.start[3] != ' ';
    }
    return 0;
}

void azf_ask_online_cpus(struct azf_machine *machine, struct azf_fact *fact)
{
    struct azf_file file;
    int64_t count;
    bool there = azf_read(machine, &file, "/sys/devices/system/cpu/online", "");
    if (there && azf_scan_cpus(aza_trim(file.text), &count)) {
        azf_set_value(fact, count * CPU, file.path);
        return;
    }
    azf_set_unknown(fact, there ? AZF_GARBAGE : file.trouble, file.path);
    if (azf_read(machine, &file, "/proc/stat", "") && (count = count_lines(file.text)) > 0)
        azf_set_value(fact, count * CPU, file.path);
}

/* The widest first, so that of equal ones the plainest is named. */
void azf_ask_available_cpus(struct azf_machine *machine, struct azf_fact *fact)
{
    static const enum azf_probe NARROWING[] = {AZF_ONLINE_CPUS, AZF_AFFINITY_CPUS, AZF_CPUSET_CPUS,
                                               AZF_CGROUP_CPUS};
    char where[AZF_DETAIL_MAX];
    azf_set_unknown(fact, AZF_SILENT, "online_cpus, affinity_cpus, cpuset_cpus, cgroup_cpus");
    for (size_t i = 0; i < sizeof NARROWING / sizeof *NARROWING; i++) {
        const struct azf_fact *part = azf_ask(machine, NARROWING[i]);
        if (part->state != AZF_VALUE || (fact->state == AZF_VALUE && part->value >= fact->value))
            continue;
        struct aza_sink sink = AZA_SINK(where);
        AZA_PUT(&sink, azf_word(NARROWING[i]), ": ", part->detail);
        azf_set_value(fact, part->value, where);
    }
}
