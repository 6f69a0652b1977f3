#!/bin/sh
# The operator's environment variables, in a container of 2GB: each line has the variables, the exit
# status, and a text that the output must contain.
. "$(dirname "$0")/common.sh"
passed=0 failed=0

expect() {
    variables=$1 status=$2 words=$3
    got=0
    # One NAME=VALUE, and another after a semicolon.
    (
        IFS=';'
        set -f
        # shellcheck disable=SC2086
        env -i $variables "$azc" eval --root tests/probe/v2-container --format conf
    ) >"$work/out" 2>&1 || got=$?
    if [ $got -eq "$status" ] && grep -qF -- "$words" "$work/out"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: status %s, not %s, or nothing about "%s":\n' "$variables" $got "$status" "$words"
        grep -v ' = ' "$work/out" || true
    fi
}

expect 'POSTGRES_MEMORY='                     0 "shared_buffers = '512MB'"
expect 'POSTGRES_MEMORY=1024'                 0 "shared_buffers = '256MB'"
expect 'POSTGRES_MEMORY=1GB'                  0 "shared_buffers = '256MB'"
expect 'POSTGRES_MEMORY=0512'                 0 "shared_buffers = '128MB'"
expect 'POSTGRES_MEMORY=0800'                 0 "shared_buffers = '200MB'"
expect 'POSTGRES_MEMORY=4GB'                  0 'there is only 2048MB'
expect 'POSTGRES_MEMORY=511'                  1 'at least 512MB'
expect 'POSTGRES_MEMORY=0'                    1 'at least 512MB'
expect 'POSTGRES_MEMORY=-5'                   1 'POSTGRES_MEMORY=-5'
expect 'POSTGRES_MEMORY=2048.5.1'             1 'is not a size'
expect 'POSTGRES_MEMORY=much'                 1 'is not a size'
expect 'POSTGRES_MEMORY=2097152'              0 'using 1048576MB'
expect 'POSTGRES_CPUS=8;POSTGRES_MEMORY=16GB' 0 "max_parallel_workers = '4'"
expect 'POSTGRES_CPUS=many'                   1 'POSTGRES_CPUS=many'
expect 'POSTGRES_WORKLOAD_TYPE=oltp'          0 "max_connections = '180'"
expect 'POSTGRES_WORKLOAD_TYPE=olap'          0 'not one of web, oltp, dw, mixed'
expect 'POSTGRES_WORKLOAD_TYPE='              0 "max_connections = '120'"
expect 'POSTGRES_STORAGE_TYPE=hdd'            0 "random_page_cost = '4.0'"
expect 'POSTGRES_STORAGE_TYPE=tape'           0 'not one of ssd, nvme, san, hdd, auto'
expect 'POSTGRES_SIZING=guaranteed'           0 "max_connections ="
expect 'POSTGRES_SIZING=garanteed'            1 'not one of standard, guaranteed'
expect 'POSTGRES_WAL_LEVEL=logical'           0 "wal_level = 'logical'"
expect 'POSTGRES_WAL_LEVEL=minimal'           0 "max_wal_senders = '0'"
expect 'POSTGRES_WAL_LEVEL=archive'           1 'not one of minimal, replica, logical'
expect 'POSTGRES_MAX_WORKER_PROCESSES=40'     0 "max_worker_processes = '40'"
expect 'POSTGRES_MAX_WORKER_PROCESSES=4'      0 'using 8'
expect 'POSTGRES_MAX_WORKER_PROCESSES=many'   1 'not a whole number'
expect 'POSTGRES_IO_METHOD=sync'              0 "io_method = 'sync'"
expect 'POSTGRES_IO_METHOD=threads'           0 'not one of worker, io_uring, sync'
expect 'POSTGRES_DB=shop'                     0 "cron.database_name = 'shop'"
expect 'POSTGRES_USER=anna'                   0 "cron.database_name = 'anna'"
expect 'POSTGRES_USER=anna;POSTGRES_DB=shop'  0 "cron.database_name = 'shop'"
expect 'POSTGRES_LISTEN_ADDRESSES=127.0.0.1'  0 "listen_addresses = '127.0.0.1'"
expect 'POSTGRES_BIND_IP=127.0.0.1'           0 "listen_addresses = '*'"
expect 'POSTGRES_BIND_IP=127.0.0.1'           0 'POSTGRES_LISTEN_ADDRESSES, now *'
expect 'DISABLE_DATA_CHECKSUMS=maybe'         0 'neither true nor false'
expect 'POSTGRES_SHARED_PRELOAD_LIBRARIES='   0 'not installed: timescaledb,pg_net,pgaudit'
expect 'POSTGRES_SHARED_PRELOAD_LIBRARIES=pg_cron,  auto_explain' \
                                            0 "shared_preload_libraries = 'pg_cron,auto_explain'"
expect 'POSTGRES_SHARED_PRELOAD_LIBRARIES=pg_cron,pg_corn' 1 'names pg_corn'

echo "variables: $passed passed, $failed failed"
[ $failed -eq 0 ]
