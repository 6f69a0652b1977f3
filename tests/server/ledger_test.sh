#!/bin/bash
# The shared memory that the rules count is enough, and not much more: on machines of every kind,
# PostgreSQL 18 with the rules' settings asks for no more than the ledger has, and for no less than
# three quarters of it.
. "$(dirname "$0")/lib.bash"
[ "${1:-}" = --inside ] || enter -- "$(relative "${AZC:-build/bin/azc}")"

azc=$2 D=/tmp/data
. tests/server/ledger_machines.sh
unset "${!POSTGRES_@}"
initdb --no-sync -A trust -U postgres -D $D >/tmp/log || { cat /tmp/log; exit 1; }

machines() {
    local preload
    for preload in "" "preload=pgaudit"; do
        echo "memory=512MB cpus=1 sizing=guaranteed $preload"
        echo "memory=1GB cpus=4 workload=mixed $preload"
        echo "memory=2GB cpus=2 sizing=guaranteed workload=oltp storage=nvme $preload"
        echo "memory=8GB cpus=4 storage=hdd $preload"
        echo "memory=16GB cpus=16 workload=dw sizing=guaranteed $preload"
        echo "memory=64GB cpus=32 workload=oltp storage=san $preload"
        echo "memory=218GB cpus=64 workload=dw storage=nvme $preload"
        echo "memory=1TB cpus=256 workload=oltp sizing=guaranteed $preload"
        echo "memory=4GB cpus=2 max_connections=2000 $preload"
        echo "memory=32GB cpus=8 max_worker_processes=500 max_wal_senders=200 $preload"
        echo "memory=32GB cpus=8 max_locks_per_transaction=1024 io_max_combine_limit=1024kB $preload"
    done
}

while read -r machine; do
    # shellcheck disable=SC2086
    flags=$("$azc" eval $machine disk=20GB shared_space=64GB rotational=false uring=false \
        --format flags 2>>/tmp/log)
    eval "flags=($flags)"
    # shellcheck disable=SC2086
    ours=$(counted shared_memory $machine)
    theirs=$(taken "${flags[@]}")
    if [ "${theirs:-0}" -gt 0 ] && [ "$theirs" -le "${ours:-0}" ] && [ $((ours * 3 / 4)) -le "$theirs" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$machine: the ledger counts $((${ours:-0} >> 20))MB, the server takes $((${theirs:-0} >> 20))MB"
        tail -n 2 /tmp/log
    fi
done < <(machines)
summary
