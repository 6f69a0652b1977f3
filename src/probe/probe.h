/* Probes: facts about this machine and this container, read and never guessed.
 *
 * A probe returns a value, unlimited ("there is a limit mechanism, and it sets none") or unknown
 * (no file, no permission, malformed content). It never returns a zero for something it could not
 * read, never fails in any other form than unknown, and never changes anything. Every probe reads
 * below `root`, so that a directory with simulated /sys and /proc trees serves as a machine in
 * tests. Each probe is asked at most once per machine; some ask others (the memory of the cgroups
 * needs the host's), and probes that share a file are answered together.
 *
 * grammar/probes.def lists the probes with their kinds; stdlib/probes.azr declares the same names
 * for the rules, and tests/rows.sh compares the two. */
#ifndef AZA_PROBE_PROBE_H
#define AZA_PROBE_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include "image/image.h"

enum probe {
#define X(name, kind, word, function) PROBE_##name,
#include "probes.def"
#undef X
    PROBE_COUNT
};

enum probe_state { PROBE_UNKNOWN, PROBE_UNLIMITED, PROBE_VALUE };

/* Room for the path of a cgroup of a container in a pod. */
#define PROBE_DETAIL_MAX 384

struct probe_fact {
    uint8_t state;    /* enum probe_state */
    int64_t value;    /* base units of the probe's kind; not for TEXT and LIST */
    const char *text; /* TEXT and LIST (names joined by commas, sorted); owned by the machine */
    /* Where it was read, for `facts` and `explain`: a path without the root. For an unknown fact
       the reason: "no such file: PATH", "malformed content in PATH". Printable, never empty; a long
       path is cut. */
    char detail[PROBE_DETAIL_MAX];
};

/* The cgroup hierarchies that matter here: version 2's only one, and version 1's by controller. */
enum probe_hierarchy { PROBE_UNIFIED, PROBE_MEMORY, PROBE_CPU, PROBE_CPUSET, PROBE_HIERARCHIES };

/* The cgroup of this process in a hierarchy. Example without a cgroup namespace: `own` is
 * "/docker/abc", the mount shows the directory "/docker/abc" of the hierarchy as its root, so
 * `hidden` is 11 and the cgroup is the mount point itself. */
struct probe_cgroup {
    bool listed;            /* in /proc/self/cgroup */
    char own[LIMIT_PATH];   /* its path there: "" for the root, else "/a/b" */
    bool mounted;           /* in /proc/self/mountinfo */
    bool outside;           /* ... but the mount shows another part of the hierarchy */
    char mount[LIMIT_PATH]; /* mount point */
    size_t hidden;          /* length of the part of `own` that lies above the mount's root */
};

/* What the probes share, so that no file is read twice. Plain memory, no handles. */
struct probe_machine {
    const char *root;                          /* "" for the real machine; no slash at its end */
    const char *const *environment;            /* PGDATA, PG_MAJOR, PG_VERSION; may be null */
    char libraries[LIMIT_TEXT_VALUE];          /* the one text that is not a constant */
    _Alignas(8) char buffer[LIMIT_PROC_BYTES]; /* the file being read */
    bool cgroups_known, mounts_known;
    struct probe_cgroup cgroups[PROBE_HIERARCHIES];
    struct probe_fact facts[PROBE_COUNT];
    bool asked[PROBE_COUNT];
};

/* Prepares a machine on which nothing has been asked; both pointers must outlive it. */
void probe_begin(struct probe_machine *machine, const char *root, const char *const *environment);
/* Asks the probe, if it has not been asked, and returns the fact, which is part of the machine. */
const struct probe_fact *probe_ask(struct probe_machine *machine, enum probe probe);
/* PROBE_COUNT if there is no probe of that name. */
enum probe probe_find(struct base_span name);
const char *probe_word(enum probe probe);
enum image_kind probe_kind(enum probe probe);

/* PGDATA, or the default of the official image, without slashes at its end; false if it is not an
 * absolute path. */
bool probe_data_directory(const struct probe_machine *machine, char path[LIMIT_PATH]);
/* Removes the last name of a path: "/a/b" becomes "/a", then "". */
void probe_parent(char *path);

#endif
