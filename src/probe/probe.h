/* Probes: what this machine and this container are, read and never guessed.
 *
 * A probe answers a value, unlimited ("there is a limit mechanism, and it sets none") or unknown
 * (no file, no permission, garbage). It never answers a made-up zero, never fails louder than
 * unknown, and never changes anything. Every probe reads below `root`, so that a directory with
 * made-up /sys and /proc trees stands for a machine in tests. grammar/probes.def lists them with
 * their kinds; stdlib/probes.azr declares the same names for the rules, and azc compares the two.
 */
#ifndef AZA_PROBE_H
#define AZA_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include "image/image.h"

enum azf_probe {
#define X(name, kind, word) AZF_##name,
#include "probes.def"
#undef X
    AZF_PROBES
};

enum azf_state { AZF_UNKNOWN, AZF_UNLIMITED, AZF_VALUE };

/* Room for the path of a cgroup of a container in a pod. */
#define AZF_DETAIL_MAX 384

struct azf_fact {
    uint8_t state;    /* enum azf_state */
    int64_t value;    /* base units of the probe's kind; not for TEXT and LIST */
    const char *text; /* TEXT and LIST (names joined by commas, sorted); owned by the machine */
    /* Where it was read, for `facts` and `explain`: a path, without the root; when unknown, why:
       "no such file: PATH", "garbage in PATH". Printable, never empty, perhaps cut short. */
    char detail[AZF_DETAIL_MAX];
};

/* The cgroup hierarchies that matter here: version 2's only one, and version 1's by controller. */
enum azf_hierarchy { AZF_UNIFIED, AZF_MEMORY, AZF_CPU, AZF_CPUSET, AZF_HIERARCHIES };

/* Where this process stands in a hierarchy. */
struct azf_cgroup {
    bool listed;              /* in /proc/self/cgroup */
    char own[AZA_PATH_MAX];   /* its path there: "" for the root, else "/a/b" */
    bool mounted;             /* in /proc/self/mountinfo */
    bool elsewhere;           /* ... but the mount shows some other part of the hierarchy */
    char mount[AZA_PATH_MAX]; /* mount point */
    size_t hidden;            /* length of the part of `own` that lies above the mount's root */
};

/* What the probes share, so that no file is read twice. Plain memory, no handles. */
struct azf_machine {
    const char *root;                            /* "" for the real machine; no slash at its end */
    const char *const *environment;              /* PGDATA, PG_MAJOR, PG_VERSION; may be null */
    char libraries[AZA_TEXT_VALUE_MAX];          /* the one text that is not a constant */
    _Alignas(8) char buffer[AZA_PROC_BYTES_MAX]; /* the file being read */
    bool cgroups_known, mounts_known;
    struct azf_cgroup cgroups[AZF_HIERARCHIES];
    struct azf_fact facts[AZF_PROBES];
    bool asked[AZF_PROBES];
};

void azf_begin(struct azf_machine *machine, const char *root, const char *const *environment);
/* Asks once and remembers. */
const struct azf_fact *azf_ask(struct azf_machine *machine, enum azf_probe probe);
/* AZF_PROBES when there is no probe of that name. */
enum azf_probe azf_find(struct aza_span name);
const char *azf_word(enum azf_probe probe);
enum azb_kind azf_kind(enum azf_probe probe);

/* PGDATA without slashes at its end; false when it is not a path from the root. */
bool azf_data_directory(const struct azf_machine *machine, char path[AZA_PATH_MAX]);
/* Cuts the last name off a path: "/a/b", "/a", "". */
void azf_parent(char *path);

#endif
