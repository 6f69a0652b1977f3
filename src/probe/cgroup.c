/* The cgroups of this process, and the walk from its cgroup up through the ancestors.
 *
 * /proc/self/cgroup names the process's cgroup in each hierarchy, and /proc/self/mountinfo contains
 * where the hierarchy is mounted and which of its directories is the mount's root. Three shapes
 * occur: a container with a cgroup namespace (both are "/"), one without (the path begins with the
 * mount's root, or cannot be seen at all: then the mount's root is the cgroup), and the host.
 * mountinfo is slow to read, and only needed where the cgroup is not in its conventional place.
 *
 * Directories that are not there are passed over, so that a tree laid over /sys/fs/cgroup, which
 * mountinfo does not know, is read from its top. */
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
 * cannot be walked: the process then counts as standing in the root. */
static void place(struct probe_cgroup *cgroup, struct base_span path)
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
static void read_place(struct probe_machine *machine, struct base_span line)
{
    struct base_span number = probe_cut(&line, ':');
    struct base_span controllers = probe_cut(&line, ':');
    if (base_span_is(number, "0") && controllers.length == 0)
        place(&machine->cgroups[PROBE_UNIFIED], line);
    for (int i = PROBE_MEMORY; i < PROBE_HIERARCHIES; i++)
        if (probe_list_names(controllers, HIERARCHIES[i].controller))
            place(&machine->cgroups[i], line);
}

/* Length of `own` above the mount's root; all of it when that root is somewhere else. */
static size_t hidden_part(const char *own, const char *root, bool *below)
{
    size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    *below = strncmp(own, root, length) == 0 && (own[length] == '/' || own[length] == '\0');
    return *below ? length : strlen(own);
}

/* The first mount that shows the process's own cgroup is the best; failing that, the first. */
static void take_mount(struct probe_cgroup *cgroup, struct base_span root, struct base_span point)
{
    char above[LIMIT_PATH], where[LIMIT_PATH];
    bool below;
    if (!probe_unescape(root, above) || !probe_unescape(point, where))
        return;
    if (where[0] != '/' || base_find(base_span_of(where), "/..") != NULL)
        return;
    size_t hidden = hidden_part(cgroup->own, above, &below);
    if (cgroup->mounted && !(below && cgroup->outside))
        return;
    cgroup->mounted = true;
    cgroup->outside = !below;
    cgroup->hidden = hidden;
    memcpy(cgroup->mount, where, strlen(where) + 1);
}

/* A line "31 23 0:28 ROOT POINT options [tags] - TYPE source options". */
static void read_mount(struct probe_machine *machine, struct base_span line)
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

static void find_places(struct probe_machine *machine)
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
            read_place(machine, line);
    machine->cgroups_known = true;
}

static void find_mounts(struct probe_machine *machine)
{
    struct probe_file file;
    struct base_span line;
    if (probe_read(machine, &file, "/proc/self/mountinfo", ""))
        while (probe_next_line(&file.text, &line))
            read_mount(machine, line);
    machine->mounts_known = true;
}

/* Visits top/own, if that answers or need not, and then its parents up to the top itself. */
static void climb(struct probe_machine *machine, const char *top, const char *own, bool must_answer,
                  probe_visit *visit, struct probe_limit *limit)
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

/* Climbs from the conventional places, the first that answers. */
static void climb_conventional(struct probe_machine *machine, enum probe_hierarchy hierarchy,
                               bool must_answer, probe_visit *visit, struct probe_limit *limit)
{
    for (int i = 0; i < 2 && !limit->found; i++)
        if (HIERARCHIES[hierarchy].conventional[i])
            climb(machine, HIERARCHIES[hierarchy].conventional[i], machine->cgroups[hierarchy].own,
                  must_answer, visit, limit);
}

/* The kernel's own hierarchy is looked for thoroughly, any other at its conventional place. */
static void search(struct probe_machine *machine, enum probe_hierarchy hierarchy, bool thorough,
                   probe_visit *visit, struct probe_limit *limit)
{
    struct probe_cgroup *cgroup = &machine->cgroups[hierarchy];
    limit->found = false;
    climb_conventional(machine, hierarchy, true, visit, limit);
    if (thorough && !limit->found) {
        if (!machine->mounts_known)
            find_mounts(machine);
        if (cgroup->mounted)
            climb(machine, cgroup->mount, cgroup->own + cgroup->hidden, false, visit, limit);
    }
    if (cgroup->own[0])
        climb_conventional(machine, hierarchy, false, visit, limit);
}

/* A controller belongs to one hierarchy: to that of version 1 if /proc/self/cgroup lists it. */
void probe_walk(struct probe_machine *machine, enum probe_hierarchy version_1,
                probe_visit *visit_version_1, probe_visit *visit_unified, struct probe_limit *limit)
{
    if (!machine->cgroups_known)
        find_places(machine);
    bool listed = machine->cgroups[version_1].listed;
    search(machine, PROBE_UNIFIED, !listed, visit_unified, limit);
    search(machine, version_1, listed, visit_version_1, limit);
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

/* Of files that are not there, the first one looked for is named. */
void probe_offer_trouble(struct probe_limit *limit, enum probe_trouble trouble, const char *where)
{
    enum probe_rank rank = trouble == PROBE_ABSENT ? PROBE_RANK_ABSENT : PROBE_RANK_TROUBLE;
    if (rank <= limit->rank)
        return;
    limit->rank = rank;
    probe_set_unknown(limit->fact, trouble, where);
}
