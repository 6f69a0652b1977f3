/* The cgroups of this process, and the walk from its cgroup up through the ancestors. The limit of
 * a process is the smallest of all its ancestors' limits, and the kernel shows each in a file of
 * its own.
 *
 * /proc/self/cgroup names the process's cgroup in each hierarchy, and /proc/self/mountinfo contains
 * where the hierarchy is mounted and which of its directories is the mount's root. Three shapes
 * occur: a container with a cgroup namespace (both are "/"), one without (the path begins with the
 * mount's root, or cannot be seen at all: then the mount's root is the cgroup), and the host.
 *
 * The steps, for the unified hierarchy and then for that of version 1:
 *   1. the conventional mount points, starting at the process's own path below them; taken only if
 *      the cgroup itself has the file;
 *   2. otherwise the mount point of mountinfo, which is slow to read, if the hierarchy is the one
 *      that has the controller;
 *   3. if nothing was found, the ancestors up to the conventional mount point, those that exist.
 * Directories that do not exist are skipped, so that a tree mounted over /sys/fs/cgroup, which is
 * not in mountinfo, is read from its top. */
#include "probe/parts.h"

#include <string.h>

static const struct {
    const char *controller;
    const char *conventional[2]; /* the usual mount points */
} HIERARCHIES[PROBE_HIERARCHIES] = {
    [PROBE_UNIFIED] = {"", {"/sys/fs/cgroup"}},
    [PROBE_MEMORY] = {"memory", {"/sys/fs/cgroup/memory"}},
    [PROBE_CPU] = {"cpu", {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}},
    [PROBE_CPUSET] = {"cpuset", {"/sys/fs/cgroup/cpuset"}},
};

/* Keeps a path such as "/a/b" without a slash at its end. One that leaves the namespace ("/../a")
 * cannot be walked: the process then counts as being in the root. */
static void keep_own_path(struct probe_cgroup *cgroup, struct base_span path)
{
    struct base_sink sink = BASE_SINK(cgroup->own);
    cgroup->listed = true;
    while (path.length > 0 && path.start[path.length - 1] == '/')
        path.length--;
    bool walkable =
        path.length == 0 ||
        (path.start[0] == '/' && !memchr(path.start, 0, path.length) && !base_find(path, "/.."));
    if (walkable)
        base_put_span(&sink, path);
    if (!walkable || sink.overflow)
        cgroup->own[0] = '\0';
}

/* A line "4:cpu,cpuacct:/path" or, of version 2, "0::/path". */
static void read_own_cgroup(struct probe_machine *machine, struct base_span line)
{
    struct base_span number = probe_cut(&line, ':');
    struct base_span controllers = probe_cut(&line, ':');
    if (base_span_is(number, "0") && controllers.length == 0)
        keep_own_path(&machine->cgroups[PROBE_UNIFIED], line);
    for (int i = PROBE_MEMORY; i < PROBE_HIERARCHIES; i++)
        if (probe_list_names(controllers, HIERARCHIES[i].controller))
            keep_own_path(&machine->cgroups[i], line);
}

/* Length of `own` above the mount's root; all of it when that root is somewhere else. */
static size_t length_above_mount(const char *own, const char *root, bool *below)
{
    size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    *below = strncmp(own, root, length) == 0 && (own[length] == '/' || own[length] == '\0');
    return *below ? length : strlen(own);
}

/* Takes the first mount that shows the process's own cgroup; if none does, the first of all. */
static void take_mount(struct probe_cgroup *cgroup, struct base_span root, struct base_span point)
{
    char above[LIMIT_PATH], where[LIMIT_PATH];
    bool below;
    if (!probe_unescape(root, above) || !probe_unescape(point, where))
        return;
    if (where[0] != '/' || base_find(base_span_of(where), "/..") != NULL)
        return;
    size_t hidden = length_above_mount(cgroup->own, above, &below);
    if (cgroup->mounted && !(below && cgroup->outside))
        return;
    cgroup->mounted = true;
    cgroup->outside = !below;
    cgroup->hidden = hidden;
    memcpy(cgroup->mount, where, strlen(where) + 1);
}

/* A line "31 23 0:28 ROOT POINT options [tags] - TYPE source options". */
static void read_mount_line(struct probe_machine *machine, struct base_span line)
{
    struct base_span fields[6], dash = {line.start, 0};
    for (size_t i = 0; i < 6; i++)
        fields[i] = probe_cut(&line, ' ');
    while (line.length > 0 && !base_span_is(dash, "-"))
        dash = probe_cut(&line, ' ');
    struct base_span type = probe_cut(&line, ' ');
    probe_cut(&line, ' ');
    if (base_span_is(type, "cgroup2"))
        take_mount(&machine->cgroups[PROBE_UNIFIED], fields[3], fields[4]);
    if (!base_span_is(type, "cgroup"))
        return;
    for (int i = PROBE_MEMORY; i < PROBE_HIERARCHIES; i++)
        if (probe_list_names(line, HIERARCHIES[i].controller))
            take_mount(&machine->cgroups[i], fields[3], fields[4]);
}

static void find_own_cgroups(struct probe_machine *machine)
{
    struct probe_file file;
    struct base_span line;
    for (int i = 0; i < PROBE_HIERARCHIES; i++) {
        machine->cgroups[i].listed = false;
        machine->cgroups[i].mounted = false;
        machine->cgroups[i].own[0] = '\0';
    }
    if (probe_read(machine, &file, "/proc/self/cgroup", ""))
        while (probe_next_line(&file.text, &line))
            read_own_cgroup(machine, line);
    machine->cgroups_known = true;
}

static void find_cgroup_mounts(struct probe_machine *machine)
{
    struct probe_file file;
    struct base_span line;
    if (probe_read(machine, &file, "/proc/self/mountinfo", ""))
        while (probe_next_line(&file.text, &line))
            read_mount_line(machine, line);
    machine->mounts_known = true;
}

/* Visits top/own and then its parents up to the top itself. With `must_answer`, gives up if top/own
 * has no such file. */
static void visit_ancestors(struct probe_machine *machine, const char *top, const char *own,
                            bool must_answer, probe_visit *visit, struct probe_limit *limit)
{
    char directory[LIMIT_PATH];
    struct base_sink sink = BASE_SINK(directory);
    BASE_PUT(&sink, top, own);
    if (sink.overflow) {
        probe_offer_trouble(limit, PROBE_TOO_LONG, directory);
        return;
    }
    size_t shortest = strlen(top);
    for (int depth = 0; depth < LIMIT_CGROUP_DEPTH; depth++) {
        if (visit(machine, directory, limit))
            limit->found = true;
        if (strlen(directory) <= shortest || (must_answer && !limit->found))
            return;
        probe_parent(directory);
    }
    probe_offer_trouble(limit, PROBE_TOO_DEEP, directory);
}

/* Visits the ancestors below each conventional mount point, until one has the file. */
static void visit_conventional(struct probe_machine *machine, enum probe_hierarchy hierarchy,
                               bool must_answer, probe_visit *visit, struct probe_limit *limit)
{
    for (int i = 0; i < 2 && !limit->found; i++)
        if (HIERARCHIES[hierarchy].conventional[i])
            visit_ancestors(machine, HIERARCHIES[hierarchy].conventional[i],
                            machine->cgroups[hierarchy].own, must_answer, visit, limit);
}

/* The three steps above; step 2 only for the hierarchy that has the controller. */
static void search_hierarchy(struct probe_machine *machine, enum probe_hierarchy hierarchy,
                             bool thorough, probe_visit *visit, struct probe_limit *limit)
{
    struct probe_cgroup *cgroup = &machine->cgroups[hierarchy];
    limit->found = false;
    visit_conventional(machine, hierarchy, true, visit, limit);
    if (thorough && !limit->found) {
        if (!machine->mounts_known)
            find_cgroup_mounts(machine);
        if (cgroup->mounted)
            visit_ancestors(machine, cgroup->mount, cgroup->own + cgroup->hidden, false, visit,
                            limit);
    }
    if (cgroup->own[0])
        visit_conventional(machine, hierarchy, false, visit, limit);
}

/* A controller belongs to one hierarchy: to that of version 1 if /proc/self/cgroup lists it. */
void probe_walk(struct probe_machine *machine, enum probe_hierarchy version_1,
                probe_visit *visit_version_1, probe_visit *visit_unified, struct probe_limit *limit)
{
    if (!machine->cgroups_known)
        find_own_cgroups(machine);
    bool listed = machine->cgroups[version_1].listed;
    search_hierarchy(machine, PROBE_UNIFIED, !listed, visit_unified, limit);
    search_hierarchy(machine, version_1, listed, visit_version_1, limit);
}

void probe_offer_value(struct probe_limit *limit, int64_t value, const char *where)
{
    if (value >= limit->ceiling && limit->rank < PROBE_RANK_UNLIMITED) {
        limit->rank = PROBE_RANK_UNLIMITED;
        probe_set_unlimited(limit->fact, where);
    }
    if (value >= limit->ceiling || (limit->rank == PROBE_RANK_VALUE && value >= limit->fact->value))
        return;
    limit->rank = PROBE_RANK_VALUE;
    probe_set_value(limit->fact, value, where);
}

/* Of files that do not exist, the first one tried is named. */
void probe_offer_trouble(struct probe_limit *limit, enum probe_trouble trouble, const char *where)
{
    enum probe_rank rank = trouble == PROBE_ABSENT ? PROBE_RANK_ABSENT : PROBE_RANK_TROUBLE;
    if (rank <= limit->rank)
        return;
    limit->rank = rank;
    probe_set_unknown(limit->fact, trouble, where);
}
