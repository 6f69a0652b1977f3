/* Memory: the smallest limit over the cgroups, the machine's own size, and huge pages. */
#include "probe/parts.h"

#include "base/checked.h"

/* Where MemTotal is not known, a limit from here up is none: version 1 writes "no limit" as the
 * largest count of pages, a little below 2^63. */
#define NO_MEMORY_LIMIT (INT64_C(1) << 62)

static bool visit_file(struct azf_machine *machine, const char *directory, const char *name,
                       struct azf_limit *limit)
{
    struct azf_file file;
    int64_t bytes;
    if (!azf_read(machine, &file, directory, name)) {
        azf_offer_trouble(limit, file.trouble, file.path);
        return file.trouble != AZF_ABSENT;
    }
    if (azf_scan_limit(aza_trim(file.text), &bytes))
        azf_offer_value(limit, bytes, file.path);
    else
        azf_offer_trouble(limit, AZF_GARBAGE, file.path);
    return true;
}

static bool visit_unified(struct azf_machine *machine, const char *directory,
                          struct azf_limit *limit)
{
    bool max = visit_file(machine, directory, "memory.max", limit);
    return visit_file(machine, directory, "memory.high", limit) || max;
}

/* memory.stat of the process's own cgroup knows of ancestors that the mount does not show. */
static void visit_statistics(struct azf_machine *machine, const char *directory,
                             struct azf_limit *limit)
{
    struct azf_file file;
    struct aza_span word;
    int64_t bytes;
    if (azf_read(machine, &file, directory, "memory.stat") &&
        azf_find_line(file.text, "hierarchical_memory_limit ", &word) &&
        azf_scan_limit(word, &bytes) && bytes < limit->ceiling)
        azf_offer_value(limit, bytes, file.path);
}

static bool visit_version_1(struct azf_machine *machine, const char *directory,
                            struct azf_limit *limit)
{
    bool nearest = !limit->found;
    if (!visit_file(machine, directory, "memory.limit_in_bytes", limit))
        return false;
    if (nearest)
        visit_statistics(machine, directory, limit);
    return true;
}

void azf_ask_cgroup_memory(struct azf_machine *machine, struct azf_fact *fact)
{
    const struct azf_fact *host = azf_ask(machine, AZF_HOST_MEMORY);
    struct azf_limit limit = {.fact = fact,
                              .ceiling = host->state == AZF_VALUE ? host->value : NO_MEMORY_LIMIT};
    azf_walk(machine, AZF_MEMORY, visit_version_1, visit_unified, &limit);
}

/* The count of a line "KEY   123 UNIT", where the unit may be "". */
static bool scan_line(struct aza_span text, const char *key, const char *unit, int64_t *count)
{
    struct aza_span rest;
    if (!azf_find_line(text, key, &rest))
        return false;
    struct aza_span digits = azf_cut(&rest, ' ');
    return aza_span_is(rest, unit) && azf_scan_count(digits, count);
}

/* A size that is given in kB. */
static void answer_size(struct azf_fact *fact, const struct azf_file *file, const char *key)
{
    struct aza_span line;
    int64_t kilobytes, bytes;
    if (!azf_find_line(file->text, key, &line))
        azf_set_unknown(fact, AZF_SILENT, file->path);
    else if (!scan_line(file->text, key, "kB", &kilobytes) || kilobytes == 0 ||
             !aza_mul(kilobytes, 1024, &bytes))
        azf_set_unknown(fact, AZF_GARBAGE, file->path);
    else
        azf_set_value(fact, bytes, file->path);
}

/* Free pages that are reserved belong to somebody already. */
static void answer_free_pages(struct azf_fact *fact, const struct azf_file *file)
{
    struct aza_span line;
    int64_t pages, reserved;
    if (!azf_find_line(file->text, "HugePages_Free:", &line))
        azf_set_unknown(fact, AZF_SILENT, file->path);
    else if (!scan_line(file->text, "HugePages_Free:", "", &pages) ||
             !scan_line(file->text, "HugePages_Rsvd:", "", &reserved) || reserved > pages)
        azf_set_unknown(fact, AZF_GARBAGE, file->path);
    else
        azf_set_value(fact, pages - reserved, file->path);
}

/* One reading answers all three that stand in /proc/meminfo. */
void azf_ask_meminfo(struct azf_machine *machine, struct azf_fact *fact)
{
    static const enum azf_probe ANSWERED[] = {AZF_HOST_MEMORY, AZF_HUGE_PAGES_FREE,
                                              AZF_HUGE_PAGE_SIZE};
    struct azf_file file;
    if (!azf_read(machine, &file, "/proc/meminfo", "")) {
        azf_set_unknown(fact, file.trouble, file.path);
        return;
    }
    answer_size(&machine->facts[AZF_HOST_MEMORY], &file, "MemTotal:");
    answer_size(&machine->facts[AZF_HUGE_PAGE_SIZE], &file, "Hugepagesize:");
    answer_free_pages(&machine->facts[AZF_HUGE_PAGES_FREE], &file);
    for (size_t i = 0; i < sizeof ANSWERED / sizeof *ANSWERED; i++)
        machine->asked[ANSWERED[i]] = true;
}
