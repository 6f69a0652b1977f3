# shellcheck shell=bash
# The kinds of settings that are compared, each a function that prints the server's arguments for a size of
# memory, one a line. To be read by survival.sh.

# What the rules say for a container of this size.
by_rules() {
    local flags
    eval "flags=($(env -i build/bin/azc eval "memory=$1" "sizing=$2" "cpus=$cores" disk=20GB \
        "shared_space=$1" rotational=false uring=false --format flags))"
    printf '%s\n' "${flags[@]}"
}

settings_guaranteed() { by_rules "$1" guaranteed; }
settings_standard() { by_rules "$1" standard; }

# The file that initdb writes: 100 connections, 128MB of buffers, 4MB of work_mem.
settings_stock() { printf '%s\n' -c listen_addresses=; }

# What pgtune answers for a web application on PostgreSQL 18, Linux and an SSD. Reading stays with
# worker processes, as with the other kinds.
settings_pgtune() {
    local memory buffers work_mem connections=200
    memory=$(($(in_bytes "$1") / 1024))
    buffers=$((memory / 4))
    work_mem=$(((memory - buffers) / ((connections + cores) * 3)))
    [ $work_mem -ge 4096 ] || work_mem=4096
    local settings=(listen_addresses= max_connections=$connections shared_buffers=${buffers}kB
        effective_cache_size=$((memory * 3 / 4))kB maintenance_work_mem=$((memory / 16))kB
        work_mem=${work_mem}kB checkpoint_completion_target=0.9 wal_compression=lz4
        wal_buffers=$((buffers * 3 / 100 < 14336 ? buffers * 3 / 100 : 16384))kB
        min_wal_size=1GB max_wal_size=4GB default_statistics_target=100 random_page_cost=1.1
        effective_io_concurrency=200 max_worker_processes=$cores max_parallel_workers=$cores
        max_parallel_workers_per_gather=$(((cores + 1) / 2)) jit=off
        max_parallel_maintenance_workers=$(((cores + 1) / 2)) huge_pages=off)
    printf -- '-c\n%s\n' "${settings[@]}"
}

# A setting as the server under load has it.
setting() { psql -h "$1" -U postgres -AtqXc "SHOW $2"; }
