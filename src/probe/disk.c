/* The disk under PGDATA, and /dev/shm.
 *
 * Before the first start PGDATA need not exist: its nearest ancestor that does lies on the disk it
 * will be on. */
#include "probe/parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include "base/checked.h"

#define TMPFS 0x01021994
#define RAMFS 0x858458f6

/* Types of file systems as statfs numbers them. */
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

/* The file system's figures, and the path they are for; else the fact is unknown. */
static bool find_data(struct azf_machine *machine, struct azf_fact *fact, struct statfs *figures,
                      char path[AZA_PATH_MAX])
{
    char full[AZA_PATH_MAX];
    enum azf_trouble trouble = AZF_TOO_DEEP;
    if (!azf_data_directory(machine, path)) {
        azf_set_unknown(fact, AZF_RELATIVE, "PGDATA");
        return false;
    }
    for (int depth = 0; depth < AZA_CGROUP_DEPTH_MAX; depth++) {
        bool top = path[0] == '\0';
        if (!azf_below(machine, top ? memcpy(path, "/", 2) : path, full)) {
            trouble = AZF_TOO_LONG;
            break;
        }
        if (statfs(full, figures) == 0)
            return true;
        trouble = azf_trouble_of(errno);
        if (trouble != AZF_ABSENT || top)
            break;
        azf_parent(path);
    }
    azf_set_unknown(fact, trouble, path);
    return false;
}

/* Some file systems in user space know no sizes and say 0. */
static void set_size(struct azf_fact *fact, uint64_t blocks, const struct statfs *figures,
                     const char *path)
{
    int64_t bytes;
    if (figures->f_blocks == 0 || blocks > INT64_MAX ||
        !aza_mul((int64_t)blocks, (int64_t)figures->f_frsize, &bytes))
        azf_set_unknown(fact, AZF_SILENT, path);
    else
        azf_set_value(fact, bytes, path);
}

void azf_ask_disk_size(struct azf_machine *machine, struct azf_fact *fact)
{
    char path[AZA_PATH_MAX];
    struct statfs figures;
    if (find_data(machine, fact, &figures, path))
        set_size(fact, figures.f_blocks, &figures, path);
}

/* What others than the administrator may fill. */
void azf_ask_disk_free(struct azf_machine *machine, struct azf_fact *fact)
{
    char path[AZA_PATH_MAX];
    struct statfs figures;
    if (find_data(machine, fact, &figures, path))
        set_size(fact, figures.f_bavail, &figures, path);
}

void azf_ask_disk_filesystem(struct azf_machine *machine, struct azf_fact *fact)
{
    char path[AZA_PATH_MAX];
    struct statfs figures;
    if (!find_data(machine, fact, &figures, path))
        return;
    azf_set_unknown(fact, AZF_NO_NAME, path);
    for (size_t i = 0; i < sizeof FILE_SYSTEMS / sizeof *FILE_SYSTEMS; i++)
        if ((uint32_t)figures.f_type == FILE_SYSTEMS[i].number)
            azf_set_text(fact, FILE_SYSTEMS[i].name, path);
}

/* queue/rotational of a block device; a partition has none, and its parent directory is the disk.
 */
static void ask_device(struct azf_machine *machine, struct azf_fact *fact, dev_t device)
{
    static const char *const NAMES[] = {"queue/rotational", "../queue/rotational"};
    char directory[64];
    struct aza_sink sink = AZA_SINK(directory);
    struct azf_file file;
    int64_t rotational;
    bool there = false;
    aza_put(&sink, "/sys/dev/block/");
    aza_put_int(&sink, major(device));
    aza_put(&sink, ":");
    aza_put_int(&sink, minor(device));
    for (size_t i = 0; i < 2 && !there; i++)
        there = azf_read(machine, &file, directory, NAMES[i]);
    if (!there)
        azf_set_unknown(fact, file.trouble, file.path);
    else if (!azf_scan_count(aza_trim(file.text), &rotational) || rotational > 1)
        azf_set_unknown(fact, AZF_GARBAGE, file.path);
    else
        azf_set_value(fact, rotational, file.path);
}

static bool in_memory(const struct statfs *figures)
{
    return (uint32_t)figures->f_type == TMPFS || (uint32_t)figures->f_type == RAMFS;
}

/* Major number 0 is of file systems that span devices or have none: overlay, nfs, btrfs, zfs. */
void azf_ask_disk_rotational(struct azf_machine *machine, struct azf_fact *fact)
{
    char path[AZA_PATH_MAX], full[AZA_PATH_MAX];
    struct statfs figures;
    struct stat status;
    if (!find_data(machine, fact, &figures, path))
        return;
    if (in_memory(&figures))
        azf_set_value(fact, 0, path);
    else if (!azf_below(machine, path, full) || stat(full, &status) != 0 ||
             major(status.st_dev) == 0)
        azf_set_unknown(fact, AZF_NO_DEVICE, path);
    else
        ask_device(machine, fact, status.st_dev);
}

/* A tmpfs without a size has no blocks; a plain directory there is not the shared memory. */
void azf_ask_shm_size(struct azf_machine *machine, struct azf_fact *fact)
{
    char full[AZA_PATH_MAX];
    struct statfs figures;
    const char *path = "/dev/shm";
    if (!azf_below(machine, path, full))
        azf_set_unknown(fact, AZF_TOO_LONG, path);
    else if (statfs(full, &figures) != 0)
        azf_set_unknown(fact, azf_trouble_of(errno), path);
    else if (!in_memory(&figures))
        azf_set_unknown(fact, AZF_NOT_MEMORY, path);
    else if (figures.f_blocks == 0)
        azf_set_unlimited(fact, path);
    else
        set_size(fact, figures.f_blocks, &figures, path);
}
