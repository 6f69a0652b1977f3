/* The disk under PGDATA, and /dev/shm, as statfs describes them.
 *
 * Before the first start PGDATA need not exist: it will be created on the disk of its nearest
 * existing ancestor, so the walk goes up until statfs succeeds. Only "does not exist" goes up; a
 * directory that may not be read makes the fact unknown, since its parent can be another disk. */
#include "probe/parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include "base/checked.h"

#define TMPFS 0x01021994
#define RAMFS 0x858458f6

/* The f_type of statfs, from linux/magic.h and the file systems' own sources. */
static const struct {
    uint32_t number;
    const char *name;
} FILE_SYSTEMS[] = {
    {0x0000ef53, "ext4"},    {0x58465342, "xfs"},   {0x9123683e, "btrfs"},    {0x2fc12fc1, "zfs"},
    {0x794c7630, "overlay"}, {TMPFS, "tmpfs"},      {RAMFS, "ramfs"},         {0x00006969, "nfs"},
    {0xff534d42, "cifs"},    {0xfe534d42, "smb2"},  {0x01021997, "9p"},       {0x65735546, "fuse"},
    {0xf2f52010, "f2fs"},    {0x3153464a, "jfs"},   {0xca451a4e, "bcachefs"}, {0x00c36400, "ceph"},
    {0x01161970, "gfs2"},    {0x7461636f, "ocfs2"},
};

/* The statfs figures of the data directory's disk, and the path that they were read for; otherwise
 * sets the fact to unknown and returns false. */
static bool find_data_disk(struct probe_machine *machine, struct probe_fact *fact,
                           struct statfs *figures, char path[LIMIT_PATH])
{
    char full[LIMIT_PATH];
    enum probe_trouble trouble = PROBE_TOO_DEEP;
    if (!probe_data_directory(machine, path)) {
        probe_set_unknown(fact, PROBE_RELATIVE, "PGDATA");
        return false;
    }
    for (int depth = 0; depth < LIMIT_CGROUP_DEPTH; depth++) {
        bool top = path[0] == '\0';
        if (!probe_below(machine, top ? memcpy(path, "/", 2) : path, full)) {
            trouble = PROBE_TOO_LONG;
            break;
        }
        if (statfs(full, figures) == 0)
            return true;
        trouble = probe_trouble_of(errno);
        if (trouble != PROBE_ABSENT || top)
            break;
        probe_parent(path);
    }
    probe_set_unknown(fact, trouble, path);
    return false;
}

/* Blocks in bytes. Some file systems in user space report 0 blocks for "unknown". */
static void set_disk_size(struct probe_fact *fact, uint64_t blocks, const struct statfs *figures,
                          const char *path)
{
    int64_t bytes;
    if (figures->f_blocks == 0 || blocks > INT64_MAX ||
        !base_mul((int64_t)blocks, (int64_t)figures->f_frsize, &bytes))
        probe_set_unknown(fact, PROBE_SILENT, path);
    else
        probe_set_value(fact, bytes, path);
}

void probe_ask_disk_size(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH];
    struct statfs figures;
    if (find_data_disk(machine, fact, &figures, path))
        set_disk_size(fact, figures.f_blocks, &figures, path);
}

/* Without the blocks that are reserved for the superuser. */
void probe_ask_disk_free(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH];
    struct statfs figures;
    if (find_data_disk(machine, fact, &figures, path))
        set_disk_size(fact, figures.f_bavail, &figures, path);
}

void probe_ask_disk_filesystem(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH];
    struct statfs figures;
    if (!find_data_disk(machine, fact, &figures, path))
        return;
    probe_set_unknown(fact, PROBE_NO_NAME, path);
    for (size_t i = 0; i < sizeof FILE_SYSTEMS / sizeof *FILE_SYSTEMS; i++)
        if ((uint32_t)figures.f_type == FILE_SYSTEMS[i].number)
            probe_set_text(fact, FILE_SYSTEMS[i].name, path);
}

/* queue/rotational of a block device. A partition has no queue; the directory above it in sysfs is
 * the disk that it is on. */
static void ask_rotational(struct probe_machine *machine, struct probe_fact *fact, dev_t device)
{
    static const char *const NAMES[] = {"queue/rotational", "../queue/rotational"};
    char directory[64];
    struct base_sink sink = BASE_SINK(directory);
    struct probe_file file;
    int64_t rotational;
    bool there = false;
    base_put(&sink, "/sys/dev/block/");
    base_put_int(&sink, major(device));
    base_put(&sink, ":");
    base_put_int(&sink, minor(device));
    for (size_t i = 0; i < 2 && !there; i++)
        there = probe_read(machine, &file, directory, NAMES[i]);
    if (!there)
        probe_set_unknown(fact, file.trouble, file.path);
    else if (!probe_scan_count(base_trim(file.text), &rotational) || rotational > 1)
        probe_set_unknown(fact, PROBE_GARBAGE, file.path);
    else
        probe_set_value(fact, rotational, file.path);
}

static bool is_in_memory(const struct statfs *figures)
{
    return (uint32_t)figures->f_type == TMPFS || (uint32_t)figures->f_type == RAMFS;
}

/* Major number 0 belongs to file systems without one block device: overlay, nfs, btrfs, zfs. */
void probe_ask_disk_rotational(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH], full[LIMIT_PATH];
    struct statfs figures;
    struct stat status;
    if (!find_data_disk(machine, fact, &figures, path))
        return;
    if (is_in_memory(&figures))
        probe_set_value(fact, 0, path);
    else if (!probe_below(machine, path, full) || stat(full, &status) != 0 ||
             major(status.st_dev) == 0)
        probe_set_unknown(fact, PROBE_NO_DEVICE, path);
    else
        ask_rotational(machine, fact, status.st_dev);
}

/* A tmpfs without a size has no blocks; a plain directory there is not the shared memory. */
void probe_ask_shm_size(struct probe_machine *machine, struct probe_fact *fact)
{
    char full[LIMIT_PATH];
    struct statfs figures;
    const char *path = "/dev/shm";
    if (!probe_below(machine, path, full))
        probe_set_unknown(fact, PROBE_TOO_LONG, path);
    else if (statfs(full, &figures) != 0)
        probe_set_unknown(fact, probe_trouble_of(errno), path);
    else if (!is_in_memory(&figures))
        probe_set_unknown(fact, PROBE_NOT_MEMORY, path);
    else if (figures.f_blocks == 0)
        probe_set_unlimited(fact, path);
    else
        set_disk_size(fact, figures.f_blocks, &figures, path);
}
