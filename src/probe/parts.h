/* What the files of this directory share; nobody else includes it.
 *
 * Every read goes through azf_read, which stays below the machine's root, never blocks and never
 * reads more than fits the machine's buffer. Every scanner takes a span of that buffer and answers
 * false for anything that is not exactly what the kernel writes there. */
#ifndef AZA_PROBE_PARTS_H
#define AZA_PROBE_PARTS_H

#include "probe/probe.h"

/* Why there is no answer. */
enum azf_trouble {
    AZF_ABSENT,
    AZF_DENIED,
    AZF_UNREADABLE,
    AZF_GARBAGE,
    AZF_SILENT,
    AZF_TOO_LONG,
    AZF_TOO_DEEP,
    AZF_RELATIVE,
    AZF_NO_DEVICE,
    AZF_NO_NAME,
    AZF_NOT_MEMORY,
    AZF_OTHER_VERSION,
    AZF_NO_STANDBY,
    AZF_TROUBLES
};

/* ---- read.c: files and answers ---- */

struct azf_file {
    char path[AZA_PATH_MAX];  /* without the root */
    struct aza_span text;     /* in the machine's buffer, so good until the next read */
    enum azf_trouble trouble; /* when azf_read answered false */
};

/* Reads directory/name, or the file `directory` when name is empty. Of a file longer than the
 * buffer, the whole lines that fit. */
bool azf_read(struct azf_machine *machine, struct azf_file *file, const char *directory,
              const char *name);
/* A descriptor for the path, or -1 and why. */
int azf_open(const struct azf_machine *machine, const char *path, int flags,
             enum azf_trouble *trouble);
/* The path below the machine's root, as the kernel is asked for it; false when it is too long. */
bool azf_below(const struct azf_machine *machine, const char *path, char full[AZA_PATH_MAX]);
enum azf_trouble azf_trouble_of(int error);

/* An environment variable; null when it is unset or empty. */
const char *azf_variable(const struct azf_machine *machine, const char *name);

void azf_set_value(struct azf_fact *fact, int64_t value, const char *where);
void azf_set_text(struct azf_fact *fact, const char *text, const char *where);
void azf_set_unlimited(struct azf_fact *fact, const char *where);
void azf_set_unknown(struct azf_fact *fact, enum azf_trouble trouble, const char *where);

/* ---- scan.c: text of the kernel ---- */

bool azf_next_line(struct aza_span *rest, struct aza_span *line);
/* The bytes before the separator, or all; the rest begins after it. */
struct aza_span azf_cut(struct aza_span *rest, char separator);
bool azf_list_names(struct aza_span list, const char *name);
/* Decimal digits; a number too large for 64 bits is the largest. */
bool azf_scan_count(struct aza_span span, int64_t *count);
/* A limit that is "max" or -1 is INT64_MAX. A limit of 0 is not believed: nothing could run. */
bool azf_scan_limit(struct aza_span span, int64_t *limit);
/* "0-3,8", rising, is 5. */
bool azf_scan_cpus(struct aza_span span, int64_t *count);
/* "18.6-1.pgdg13+1" is 180006 and "19beta1" is 190000; nothing before 10. */
bool azf_scan_version(struct aza_span span, int64_t *version);
/* What stands after the key at the start of a line. */
bool azf_find_line(struct aza_span text, const char *key, struct aza_span *rest);
/* Undoes mountinfo's \040. False when the text does not fit or would end early. */
bool azf_unescape(struct aza_span span, char out[AZA_PATH_MAX]);

/* ---- cgroup.c: the smallest limit over a process's cgroup and its ancestors ---- */

/* What an answer is worth. A known value beats doubt, and doubt beats "no limit": only files that
 * were all read and all say so make a limit unlimited. */
enum azf_rank {
    AZF_RANK_NOTHING,
    AZF_RANK_ABSENT,
    AZF_RANK_UNLIMITED,
    AZF_RANK_TROUBLE,
    AZF_RANK_VALUE,
};

struct azf_limit {
    struct azf_fact *fact;
    enum azf_rank rank;
    int64_t ceiling; /* from here up it is no limit */
    bool found;      /* a cgroup nearer to the process has answered on this walk */
};

void azf_offer_value(struct azf_limit *limit, int64_t value, const char *where);
void azf_offer_trouble(struct azf_limit *limit, enum azf_trouble trouble, const char *where);
/* Reads what one cgroup says and offers it; false when the cgroup has no such file. */
typedef bool azf_visit(struct azf_machine *machine, const char *directory, struct azf_limit *limit);
/* Visits the process's cgroup and its ancestors, as far up as can be seen, in the hierarchy of
 * version 1 that has the controller and in that of version 2. */
void azf_walk(struct azf_machine *machine, enum azf_hierarchy version_1, azf_visit *visit_version_1,
              azf_visit *visit_unified, struct azf_limit *limit);

/* ---- the probes: each fills the fact, which is machine->facts[its probe] ---- */

typedef void azf_asker(struct azf_machine *machine, struct azf_fact *fact);
/* memory.c */
azf_asker azf_ask_cgroup_memory, azf_ask_meminfo;
/* cpu.c */
azf_asker azf_ask_cgroup_cpus, azf_ask_cpuset_cpus, azf_ask_affinity_cpus, azf_ask_online_cpus;
azf_asker azf_ask_available_cpus;
/* disk.c */
azf_asker azf_ask_disk_size, azf_ask_disk_free, azf_ask_disk_rotational, azf_ask_disk_filesystem;
azf_asker azf_ask_shm_size;
/* io_uring.c */
azf_asker azf_ask_io_uring;
/* server.c */
azf_asker azf_ask_libraries, azf_ask_server_version;
/* standby.c */
azf_asker azf_ask_standby, azf_ask_standby_setting;

/* The probe a fact answers. */
static inline enum azf_probe azf_probe_of(const struct azf_machine *machine,
                                          const struct azf_fact *fact)
{
    return (enum azf_probe)(fact - machine->facts);
}

#endif
