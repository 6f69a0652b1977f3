/* Private to src/probe: reading and scanning files, the walk over cgroups, and the probes.
 *
 * Every read goes through probe_read, which stays below the machine's root, never blocks and never
 * reads more than fits the machine's buffer. Every scanner takes a span of that buffer and returns
 * false for anything that does not have exactly the kernel's format. */
#ifndef AZA_PROBE_PARTS_H
#define AZA_PROBE_PARTS_H

#include "probe/probe.h"

/* Why there is no answer, and the beginning of the detail, which the path completes. */
#define PROBE_TROUBLE_LIST                                                                         \
    X(ABSENT, "no such file: ")                                                                    \
    X(DENIED, "permission denied: ")                                                               \
    X(UNREADABLE, "could not be read: ")                                                           \
    X(GARBAGE, "malformed content in ")                                                            \
    X(SILENT, "not found in ")                                                                     \
    X(TOO_LONG, "too long: ")                                                                      \
    X(TOO_DEEP, "too deeply nested: ")                                                             \
    X(RELATIVE, "not an absolute path: ")                                                          \
    X(NO_DEVICE, "no block device of its own: ")                                                   \
    X(NO_NAME, "unknown file system type: ")                                                       \
    X(NOT_MEMORY, "not an in-memory file system: ")                                                \
    X(OTHER_VERSION, "not from PostgreSQL " AZA_POSTGRES_MAJOR ": ")                               \
    X(NO_STANDBY, "not a standby: ")

enum probe_trouble {
#define X(name, detail) PROBE_##name,
    PROBE_TROUBLE_LIST
#undef X
};

/* --- read.c: files and answers --- */

struct probe_file {
    char path[LIMIT_PATH];      /* without the root */
    struct base_span text;      /* in the machine's buffer, so good until the next read */
    enum probe_trouble trouble; /* when probe_read returned false */
};

/* Reads directory/name, or the file `directory` when name is empty. Of a file longer than the
 * buffer, the whole lines that fit. */
bool probe_read(struct probe_machine *machine, struct probe_file *file, const char *directory,
                const char *name);
/* A descriptor for the path, or -1 and the reason. `flags` are added to those of a plain read. */
int probe_open(const struct probe_machine *machine, const char *path, int flags,
               enum probe_trouble *trouble);
/* The path below the machine's root, for system calls; false if it is too long. */
bool probe_below(const struct probe_machine *machine, const char *path, char full[LIMIT_PATH]);
enum probe_trouble probe_trouble_of(int error);

void probe_set_value(struct probe_fact *fact, int64_t value, const char *where);
void probe_set_text(struct probe_fact *fact, const char *text, const char *where);
void probe_set_unlimited(struct probe_fact *fact, const char *where);
void probe_set_unknown(struct probe_fact *fact, enum probe_trouble trouble, const char *where);

/* --- scan.c: text of the kernel --- */

/* The next line without its LF or CRLF; false at the end of the text. */
bool probe_next_line(struct base_span *rest, struct base_span *line);
/* The bytes before the separator, or all; the rest begins after it. */
struct base_span probe_cut(struct base_span *rest, char separator);
/* Whether the comma-separated list contains the name. */
bool probe_list_names(struct base_span list, const char *name);
/* Decimal digits; a number too large for 64 bits is read as INT64_MAX. */
bool probe_scan_count(struct base_span span, int64_t *count);
/* A limit that is "max" or -1 is INT64_MAX. A limit of 0 is malformed: no process could run. */
bool probe_scan_limit(struct base_span span, int64_t *limit);
/* The number of processors in a list such as "0-3,8", which is 5; the numbers must ascend. */
bool probe_scan_cpus(struct base_span span, int64_t *count);
/* "18.6-1.pgdg13+1" is 180006 and "19beta1" is 190000; nothing before 10. */
bool probe_scan_version(struct base_span span, int64_t *version);
/* The text after the key at the start of a line. */
bool probe_find_line(struct base_span text, const char *key, struct base_span *rest);
/* Undoes mountinfo's \040. False when the text does not fit or would end early. */
bool probe_unescape(struct base_span span, char out[LIMIT_PATH]);

/* --- cgroup.c: the smallest limit over a process's cgroup and its ancestors --- */

/* The strength of an offer: of several, the strongest decides. A known value is stronger than a
 * file that could not be read, and that is stronger than "no limit": a limit is unlimited only if
 * every file was read and none sets a limit. */
enum probe_rank {
    PROBE_RANK_NOTHING,
    PROBE_RANK_ABSENT,
    PROBE_RANK_UNLIMITED,
    PROBE_RANK_TROUBLE,
    PROBE_RANK_VALUE,
};

struct probe_limit {
    struct probe_fact *fact;
    enum probe_rank rank;
    int64_t ceiling; /* a value from here up does not limit anything */
    bool found;      /* a cgroup nearer to the process has answered on this walk */
};

/* Offer what one file contains: of several values the smallest becomes the fact. */
void probe_offer_value(struct probe_limit *limit, int64_t value, const char *where);
void probe_offer_trouble(struct probe_limit *limit, enum probe_trouble trouble, const char *where);
/* Reads the limit of one cgroup and offers it; false if the cgroup has no such file. */
typedef bool probe_visit(struct probe_machine *machine, const char *directory,
                         struct probe_limit *limit);
/* Visits the process's cgroup and its ancestors, as far up as can be seen, in the hierarchy of
 * version 1 that has the controller and in that of version 2. */
void probe_walk(struct probe_machine *machine, enum probe_hierarchy version_1,
                probe_visit *visit_version_1, probe_visit *visit_unified,
                struct probe_limit *limit);

/* --- the probes: each fills the fact, which is machine->facts[its probe] --- */

typedef void probe_asker(struct probe_machine *machine, struct probe_fact *fact);
#define X(name, kind, word, function) probe_asker probe_ask_##function;
#include "probes.def"
#undef X

/* The probe that a fact of this machine belongs to. */
static inline enum probe probe_of_fact(const struct probe_machine *machine,
                                       const struct probe_fact *fact)
{
    return (enum probe)(fact - machine->facts);
}

#endif
