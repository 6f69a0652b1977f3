/* Whether this process may use io_uring. Kernels lack it, sysctls switch it off and the usual
 * seccomp profiles of containers forbid it, so only trying tells: one ring, closed at once. */
#include "probe/parts.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

static void try_ring(struct azf_fact *fact)
{
    uint64_t parameters[15] = {0}; /* struct io_uring_params, 120 bytes */
    long ring = syscall(SYS_io_uring_setup, 1L, parameters);
    int error = errno;
    if (ring >= 0)
        close((int)ring);
    if (ring >= 0)
        azf_set_value(fact, 1, "io_uring_setup");
    else if (error == EPERM || error == EACCES || error == ENOSYS)
        azf_set_value(fact, 0, "io_uring_setup");
    else
        azf_set_unknown(fact, AZF_UNREADABLE, "io_uring_setup");
}

/* In a made-up machine nothing can be tried; there the sysctl speaks for it. */
void azf_ask_io_uring(struct azf_machine *machine, struct azf_fact *fact)
{
    struct azf_file file;
    int64_t disabled;
    if (machine->root[0] == '\0')
        try_ring(fact);
    else if (!azf_read(machine, &file, "/proc/sys/kernel/io_uring_disabled", ""))
        azf_set_unknown(fact, file.trouble, file.path);
    else if (!azf_scan_count(aza_trim(file.text), &disabled) || disabled > 2)
        azf_set_unknown(fact, AZF_GARBAGE, file.path);
    else
        azf_set_value(fact, disabled == 0, file.path);
}
