/* Probes: what this machine and this container are, read and never guessed.
 *
 * A probe answers a value, unlimited ("there is a limit mechanism, and it sets none") or unknown
 * (no file, no permission, garbage). It never answers a made-up zero, never fails louder than
 * unknown, and never changes anything. Every probe reads below `root`, so that a directory with
 * made-up /sys and /proc trees serves as a machine in tests. grammar/probes.def lists them with
 * their kinds; stdlib/probes.azr declares the same names for the rules, and tests/rows.sh compares
 * the two.
 */
#ifndef AZA_PROBE_PROBE_H
#define AZA_PROBE_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include "image/image.h"

enum probe {
#define X(name, kind, word, function) PROBE_##name,
#include "probes.def"
#undef X
    PROBE_PROBES
};

enum probe_state { PROBE_UNKNOWN, PROBE_UNLIMITED, PROBE_VALUE };

/* Room for the path of a cgroup of a container in a pod. */
#define PROBE_DETAIL_MAX 384

struct probe_fact {
    uint8_t state;    /* enum probe_state */
    int64_t value;    /* base units of the probe's kind; not for TEXT and LIST */
    const char *text; /* TEXT and LIST (names joined by commas, sorted); owned by the machine */
    /* Where it was read, for `facts` and `explain`: a path, without the root; when unknown, why:
       "no such file: PATH", "malformed content in PATH". Printable, never empty, perhaps cut short.
     */
    char detail[PROBE_DETAIL_MAX];
};

/* The cgroup hierarchies that matter here: version 2's only one, and version 1's by controller. */
enum probe_hierarchy { PROBE_UNIFIED, PROBE_MEMORY, PROBE_CPU, PROBE_CPUSET, PROBE_HIERARCHIES };

/* The cgroup of this process in a hierarchy. */
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
    struct probe_fact facts[PROBE_PROBES];
    bool asked[PROBE_PROBES];
};

void probe_begin(struct probe_machine *machine, const char *root, const char *const *environment);
/* Asks once and remembers. */
const struct probe_fact *probe_ask(struct probe_machine *machine, enum probe probe);
/* PROBE_PROBES when there is no probe of that name. */
enum probe probe_find(struct base_span name);
const char *probe_word(enum probe probe);
enum image_kind probe_kind(enum probe probe);

/* PGDATA without slashes at its end; false when it is not a path from the root. */
bool probe_data_directory(const struct probe_machine *machine, char path[LIMIT_PATH]);
/* Cuts the last name off a path: "/a/b", "/a", "". */
void probe_parent(char *path);

#endif
