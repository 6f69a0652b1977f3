/* Memory: the smallest limit of the cgroups (memory.max and memory.high, or version 1's limits),
 * the machine's own size, and huge pages.
 *
 * A cgroup limit that is not below the machine's memory limits nothing and counts as unlimited.
 * memory.high is included because the kernel throttles and reclaims from there on, which a database
 * must not reach in normal operation. The three facts of /proc/meminfo are read together. */
#include "probe/parts.h"

#include "base/checked.h"

/* If MemTotal is unknown, a limit from here up is none: version 1 writes "no limit" as the largest
 * multiple of a page below 2^63. */
#define NO_MEMORY_LIMIT (INT64_C(1) << 62)

static bool visit_memory_file(struct probe_machine *machine, const char *directory,
                              const char *name, struct probe_limit *limit)
{
    struct probe_file file;
    int64_t bytes;
    if (!probe_read(machine, &file, directory, name)) {
        probe_offer_trouble(limit, file.trouble, file.path);
        return file.trouble != PROBE_ABSENT;
    }
    if (probe_scan_limit(base_trim(file.text), &bytes))
        probe_offer_value(limit, bytes, file.path);
    else
        probe_offer_trouble(limit, PROBE_GARBAGE, file.path);
    return true;
}

static bool visit_memory_unified(struct probe_machine *machine, const char *directory,
                                 struct probe_limit *limit)
{
    bool max = visit_memory_file(machine, directory, "memory.max", limit);
    return visit_memory_file(machine, directory, "memory.high", limit) || max;
}

/* hierarchical_memory_limit in memory.stat of the process's own cgroup includes ancestors that the
 * mount does not show. */
static void visit_statistics(struct probe_machine *machine, const char *directory,
                             struct probe_limit *limit)
{
    struct probe_file file;
    struct base_span word;
    int64_t bytes;
    if (probe_read(machine, &file, directory, "memory.stat") &&
        probe_find_line(file.text, "hierarchical_memory_limit ", &word) &&
        probe_scan_limit(word, &bytes) && bytes < limit->ceiling)
        probe_offer_value(limit, bytes, file.path);
}

static bool visit_memory_version_1(struct probe_machine *machine, const char *directory,
                                   struct probe_limit *limit)
{
    bool nearest = !limit->found; /* the process's own cgroup comes first */
    if (!visit_memory_file(machine, directory, "memory.limit_in_bytes", limit))
        return false;
    if (nearest)
        visit_statistics(machine, directory, limit);
    return true;
}

void probe_ask_cgroup_memory(struct probe_machine *machine, struct probe_fact *fact)
{
    const struct probe_fact *host = probe_ask(machine, PROBE_HOST_MEMORY);
    struct probe_limit limit = {
        .fact = fact, .ceiling = host->state == PROBE_VALUE ? host->value : NO_MEMORY_LIMIT};
    probe_walk(machine, PROBE_MEMORY, visit_memory_version_1, visit_memory_unified, &limit);
}

/* The number in a line "KEY   123 UNIT"; the unit can be "". */
static bool scan_meminfo_line(struct base_span text, const char *key, const char *unit,
                              int64_t *count)
{
    struct base_span rest;
    if (!probe_find_line(text, key, &rest))
        return false;
    struct base_span digits = probe_cut(&rest, ' ');
    return base_span_is(rest, unit) && probe_scan_count(digits, count);
}

/* A size that meminfo gives in kB, which are 1024 bytes. */
static void set_meminfo_size(struct probe_fact *fact, const struct probe_file *file,
                             const char *key)
{
    struct base_span line;
    int64_t kilobytes, bytes;
    if (!probe_find_line(file->text, key, &line))
        probe_set_unknown(fact, PROBE_SILENT, file->path);
    else if (!scan_meminfo_line(file->text, key, "kB", &kilobytes) || kilobytes == 0 ||
             !base_mul(kilobytes, 1024, &bytes))
        probe_set_unknown(fact, PROBE_GARBAGE, file->path);
    else
        probe_set_value(fact, bytes, file->path);
}

/* Reserved pages count as free in HugePages_Free but are no longer available. */
static void set_free_pages(struct probe_fact *fact, const struct probe_file *file)
{
    struct base_span line;
    int64_t pages, reserved;
    if (!probe_find_line(file->text, "HugePages_Free:", &line))
        probe_set_unknown(fact, PROBE_SILENT, file->path);
    else if (!scan_meminfo_line(file->text, "HugePages_Free:", "", &pages) ||
             !scan_meminfo_line(file->text, "HugePages_Rsvd:", "", &reserved) || reserved > pages)
        probe_set_unknown(fact, PROBE_GARBAGE, file->path);
    else
        probe_set_value(fact, pages - reserved, file->path);
}

/* One read answers all three probes of /proc/meminfo, whichever is asked first. */
void probe_ask_meminfo(struct probe_machine *machine, struct probe_fact *fact)
{
    static const enum probe ANSWERED[] = {PROBE_HOST_MEMORY, PROBE_HUGE_PAGES_FREE,
                                          PROBE_HUGE_PAGE_SIZE};
    struct probe_file file;
    if (!probe_read(machine, &file, "/proc/meminfo", "")) {
        probe_set_unknown(fact, file.trouble, file.path);
        return;
    }
    set_meminfo_size(&machine->facts[PROBE_HOST_MEMORY], &file, "MemTotal:");
    set_meminfo_size(&machine->facts[PROBE_HUGE_PAGE_SIZE], &file, "Hugepagesize:");
    set_free_pages(&machine->facts[PROBE_HUGE_PAGES_FREE], &file);
    for (size_t i = 0; i < sizeof ANSWERED / sizeof *ANSWERED; i++)
        machine->asked[ANSWERED[i]] = true;
}
