#!/bin/bash
# Whether the server survives when all clients need memory at once. For each size of memory and each kind
# of settings, a server is started in a control group of that size, as many clients as
# it admits sort and hash more than fits, and what became of them is counted. Writes docs/survival.md.
#
#     survival.sh [FILE]     write there instead
#
# SIZES, WAYS and TIME select a part of it: memory sizes, kinds of settings, seconds of load.
# Takes a quarter of an hour, root, and a writable memory controller; swap does not help the servers.
set -euo pipefail
. "$(dirname "$0")/../cache.bash"
become_root "SIZES=${SIZES:-}" "WAYS=${WAYS:-}" "TIME=${TIME:-}" "$0" "$@"
cd "$(dirname "$(readlink -f "$0")")/../.." || exit

output=${1:-docs/survival.md}
read -ra sizes <<<"${SIZES:-512MB 1GB 2GB}"
read -ra ways <<<"${WAYS:-guaranteed standard pgtune stock}"
time=${TIME:-40}
cores=4
work=$PWD/build/survival
. tests/survival/group.sh
. tests/survival/settings.sh

# A cluster with the load's tables, made once and copied for every server.
make_cluster() {
    rm -rf "$work"
    mkdir -p "$work/data"
    tests/server/in-root.sh -d "$work/data" bash -c '
        cd /tmp
        initdb -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync /var/lib/postgresql/data &&
        pg_ctl -s -w -D /var/lib/postgresql/data -o "-c max_wal_size=4GB" -l /tmp/log start &&
        psql -qX -U postgres -f /aza/tests/survival/tables.sql &&
        pg_ctl -s -w -D /var/lib/postgresql/data stop' >"$work/log" || {
        cat "$work/log" >&2
        return 1
    }
}

# Runs a server with these settings in the group, on a copy of the cluster that the group has paid for.
# Its /dev/shm is as large as the memory: what fills it up counts as the group's.
start_server() {
    local size=$1 cell=$2
    shift 2
    mkdir -p -m 777 "$cell/run"
    (
        group_enter
        cp -a "$work/data" "$cell/data"
        exec tests/server/in-root.sh -u root -d "$cell/data" -r "$cell/run" bash -c '
            mount -o remount,size=$0 /dev/shm
            exec setpriv --reuid=postgres --regid=postgres --init-groups -- \
                postgres -D /var/lib/postgresql/data "$@"' "$(in_bytes "$size")" "$@"
    ) >"$cell/log" 2>&1 &
    disown # its death is expected
    for _ in {1..200}; do
        ! psql -h "$cell/run" -U postgres -Atqc 'SELECT' &>/dev/null || return 0
        sleep 0.1
    done
    cat "$cell/log" >&2
    return 1
}

# One server under load; prints its row.
measure() {
    local size=$1 way=$2 cell=$work/$1-$2 flags clients work_mem finished watch
    mapfile -t flags < <("settings_$way" "$size")
    group_make "$size"
    start_server "$size" "$cell" "${flags[@]}"
    clients=$(setting "$cell/run" max_connections)
    work_mem=$(setting "$cell/run" work_mem)
    psql -h "$cell/run" -U postgres -AtqXc "SELECT pg_prewarm('ballast')" >/dev/null
    group_watch >"$cell/peak" &
    watch=$!
    tests/server/in-root.sh -r "$cell/run" tests/survival/clients.sh "$clients" "$time" >"$cell/said"
    kill $watch
    finished=$(head -n 1 "$cell/said")
    printf '| %s | %s | %d | %s | %d | %s | %d | %d | %s | %d MB | %d MB |\n' \
        "$size" "$way" "$clients" "$work_mem" "$finished" \
        "$(awk -v n="$finished" -v t="$time" 'BEGIN { printf "%.1f", n / t }')" \
        "$(group_kills)" "$(grep -c 'all server processes terminated; reinitializing' "$cell/log" || :)" \
        "$(tail -n +2 "$cell/said" | awk -f tests/survival/errors.awk)" \
        "$(tail -n 1 "$cell/peak")" $(($(group_peak) >> 20))
    stop_server
    rm -rf --one-file-system "$cell/data"
}

stop_server() {
    group_remove
}

trap stop_server EXIT
group_check
make_cluster
for size in "${sizes[@]}"; do
    for way in "${ways[@]}"; do
        measure "$size" "$way" | tee -a "$work/rows" >&2
    done
done
. tests/survival/report.sh >"$work/survival.md"
mv "$work/survival.md" "$output"
