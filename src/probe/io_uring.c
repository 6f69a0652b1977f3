/* Whether this process may use io_uring. Kernels lack it, sysctls switch it off and the usual
 * seccomp profiles of containers forbid it, so the only reliable test is to create a ring, which is
 * closed at once. */
#include "probe/parts.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

static void try_ring(struct probe_fact *fact)
{
    uint64_t parameters[15] = {0}; /* struct io_uring_params, 120 bytes */
    long ring = syscall(SYS_io_uring_setup, 1L, parameters);
    int error = errno;
    if (ring >= 0)
        close((int)ring);
    if (ring >= 0)
        probe_set_value(fact, 1, "io_uring_setup");
    else if (error == EPERM || error == EACCES || error == ENOSYS)
        probe_set_value(fact, 0, "io_uring_setup");
    else
        probe_set_unknown(fact, PROBE_UNREADABLE, "io_uring_setup");
}

/* On a simulated machine no ring can be created; there the sysctl decides: 0 is enabled, 1 is
 * enabled for a group, 2 is disabled. */
void probe_ask_io_uring(struct probe_machine *machine, struct probe_fact *fact)
{
    struct probe_file file;
    int64_t disabled;
    if (machine->root[0] == '\0')
        try_ring(fact);
    else if (!probe_read(machine, &file, "/proc/sys/kernel/io_uring_disabled", ""))
        probe_set_unknown(fact, file.trouble, file.path);
    else if (!probe_scan_count(base_trim(file.text), &disabled) || disabled > 2)
        probe_set_unknown(fact, PROBE_GARBAGE, file.path);
    else
        probe_set_value(fact, disabled == 0, file.path);
}
