#!/bin/bash
# Memory that a process has for itself, in bytes: the private pages of all its mappings but the shared
# memory, whose pages count as private to the process that touched them first.
#
#     private.sh PID
awk '/^[0-9a-f]+-[0-9a-f]+ / { shared = /\/dev\/zero|\/dev\/shm|\/SYSV/ }
    /^Private_/ && !shared { n += $2 }
    END { print n * 1024 }' "/proc/$1/smaps" 2>/dev/null || echo 0
