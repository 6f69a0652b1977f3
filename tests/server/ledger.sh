#!/bin/bash
# Measures what PostgreSQL 18 takes, beside what rules/ledger.azr counts for it, and writes
# docs/ledger.md. Fails when the ledger counts less than was measured.
#
#     ledger.sh [FILE]     write there instead
#
# Shared memory is what `postgres -C shared_memory_size` prints; a process's own memory is the
# maximum of many samples by private.sh.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    here=$(dirname "$(readlink -f "$0")")
    output=$(readlink -m "${1:-$here/../../docs/ledger.md}")
    new=$(mktemp)
    trap 'rm -f "$new"' EXIT
    status=0
    "$here/in-root.sh" -p "$("$here/../extensions/packages.sh" | xargs)" tests/server/ledger.sh --inside build/bin/azc >"$new" || status=$?
    cat "$new" >"$output"
    exit $status
fi

azc=$2 D=/tmp/data status=0
. tests/server/ledger_machines.sh
. tests/extensions/needs.sh
unset "${!POSTGRES_@}"
export PGHOST=/run/postgresql PGUSER=postgres
initdb --no-sync -A trust -U postgres --locale=C.UTF-8 -E UTF8 -D $D >/tmp/log

bytes() {
    if [ "$1" -lt 8192 ]; then
        echo "$1 B"
        return
    fi
    if [ "$1" -ge $((100 << 20)) ]; then echo "$((($1 + 1048575) >> 20)) MB"; else echo "$((($1 + 1023) >> 10)) kB"; fi
}

# QUANTITY MEASURED COUNTED PLACE [number], in bytes or numbers. Without COUNTED it is printed and nothing
# more.
row() {
    local measured=$2 counted=$3
    if [ "${5:-}" != number ]; then
        measured=$(bytes "$2") counted=${3:+$(bytes "$3")}
    fi
    if [ -n "$3" ] && [ "$2" -gt "$3" ]; then
        echo "$1: measured $measured, and the ledger counts only $counted" >&2
        status=1
    fi
    printf '| %s | %s | %s | %s |\n' "$1" "$measured" "${counted:-—}" "$4"
}

# What a setting at MORE takes beyond what it takes at LESS, divided by PARTS. Reads under way are fixed
# where none are given, since the server would lower them as backends become more.
difference() {
    local setting=$1 less=$2 more=$3 parts=$4
    shift 4
    set -- -c io_max_concurrency=64 "$@"
    echo $((($(taken "$@" -c "$setting=$more") - $(taken "$@" -c "$setting=$less")) / parts))
}

shared_rows() {
    local setting
    row "slot of a connection, 64 locks" "$(difference max_connections 100 10100 10000)" \
        "$(counted slot memory=32GB max_locks_per_transaction=64 io_max_combine_limit=128kB)" slot
    row "the same with reads of 512kB" \
        "$(difference max_connections 100 10100 10000 -c io_max_combine_limit=512kB)" \
        "$(counted slot memory=32GB max_locks_per_transaction=64 io_max_combine_limit=512kB)" slot
    row "the same with 1024 locks, 128kB" \
        "$(difference max_connections 100 10100 10000 -c max_locks_per_transaction=1024)" \
        "$(counted slot memory=32GB max_locks_per_transaction=1024 io_max_combine_limit=128kB)" slot
    for setting in max_worker_processes max_wal_senders autovacuum_worker_slots; do
        row "slot of $setting, 64 locks" "$(difference $setting 10 1010 1000)" \
            "$(counted slot memory=32GB max_locks_per_transaction=64 io_max_combine_limit=128kB)" slot
    done
    row "one lock slot of one backend" \
        $((($(difference max_locks_per_transaction 64 1024 960 -c max_connections=10000)) / 10000)) \
        430 slot
    row "one read under way, 16 pages" \
        $((($(taken -c max_connections=10000 -c io_max_concurrency=65) -
            $(taken -c max_connections=10000 -c io_max_concurrency=1)) / 64 / 10000)) \
        $((256 + 24 * 16)) slot
    row "24 GB of shared_buffers, without caches" \
        "$(difference shared_buffers 8GB 32GB 1)" \
        $(($(counted fixed_shared memory=128GB shared_buffers=32GB wal_buffers=16MB) -
            $(counted fixed_shared memory=128GB shared_buffers=8GB wal_buffers=16MB))) fixed_shared
    for setting in 1GB 2GB 8GB; do
        row "caches of transaction states at shared_buffers $setting" \
            $(($(taken -c shared_buffers=$setting) - $(taken -c shared_buffers=$setting \
                -c transaction_buffers=16 -c commit_timestamp_buffers=16 -c subtransaction_buffers=16))) \
            "$(counted status_caches memory=128GB shared_buffers=$setting)" status_caches
    done
    row "48 MB of wal_buffers" "$(difference wal_buffers 16MB 64MB 1)" $((48 << 20)) fixed_shared
    row "a small server, in total" "$(taken -c max_connections=8 -c shared_buffers=16MB \
        -c wal_buffers=1MB -c max_wal_senders=0 -c autovacuum_worker_slots=2 -c io_max_concurrency=64)" "$(counted shared_memory memory=512MB max_connections=8 \
        shared_buffers=16MB wal_buffers=1MB max_worker_processes=8 max_wal_senders=0 \
        autovacuum_worker_slots=2 autovacuum_max_workers=2 max_locks_per_transaction=64)" shared_memory
}

# Processes of the server by the words of their title; the postmaster has none.
named() { pgrep -f "^postgres: $1" || :; }

# The most that processes of a title have, looked at until the background job $! ends or once.
highest() {
    local most=0 now pid job=${2:-}
    while :; do
        for pid in $(named "$1"); do
            now=$(tests/server/private.sh "$pid")
            [ "${now:-0}" -le $most ] || most=$now
        done
        kill -0 "${job:-none}" 2>/dev/null || break
        sleep 0.02
    done
    echo $most
}

start() { pg_ctl -s -w -D $D -l /tmp/server.log -o "$*" start; }
stop() { pg_ctl -s -w -m fast -D $D stop; }

# A session's own memory at the end of what it is given to do.
session() {
    {
        cat
        echo "\\! tests/server/private.sh \$(pgrep -of '^postgres: postgres postgres')"
    } | psql -AtqX | tail -n 1
}

# What touches so many tables, each with an index.
touch_tables() { echo "SELECT format('SELECT FROM r%s WHERE id = 1', n) FROM generate_series(1, $1) n \\gexec"; }

make_tables() {
    echo "SELECT format('CREATE TABLE r%s (id int PRIMARY KEY, note text)', n) FROM generate_series(1, 2000) n \\gexec" |
        psql -qX
    psql -qX -c "CREATE TABLE wide AS SELECT n AS id, repeat(md5(n::text), 8) AS note
        FROM generate_series(1, 150000) n" -c "VACUUM ANALYZE wide"
}

process_rows() {
    local libraries=$1 said=$2 process tables
    start -c shared_preload_libraries=$libraries -c autovacuum=off
    process=$(counted process memory=32GB preload="$libraries")
    row "session, idle, $said" "$(session <<<'SELECT;')" "$process" process
    row "session that touched 100 tables and their indexes, $said" \
        "$(touch_tables 100 | session)" "$process" process
    for tables in 500 2000; do
        row "session that touched $tables of each, $said" "$(touch_tables $tables | session)" "" process
    done
    stop
}

servant_rows() {
    local name receiver total=0
    start -c shared_preload_libraries=pgaudit -c autovacuum_naptime=1s -c autovacuum_work_mem=1MB \
        -c autovacuum_analyze_threshold=1000000
    pg_receivewal -D /tmp --no-loop 2>/tmp/log &
    receiver=$!
    psql -qX -c "CREATE INDEX ON wide (id)" -c "UPDATE wide SET note = note WHERE id < 50000"
    sleep 5 &
    row "autovacuum worker, with the 1MB of its autovacuum_work_mem" \
        "$(highest 'autovacuum worker' $!)" $((7 << 20)) servants
    psql -qX -c 'SET default_statistics_target = 500' -c 'ANALYZE wide' &
    row "ANALYZE, 150000 rows of 300B sampled" "$(highest 'postgres postgres' $!)" "" servants
    row "io worker" "$(highest 'io worker')" $((2 << 20)) servants
    row "WAL sender" "$(highest 'walsender')" $((2 << 20)) servants
    for name in checkpointer 'background writer' walwriter 'autovacuum launcher' \
        'logical replication launcher'; do
        total=$((total + $(highest "$name")))
    done
    row "checkpointer, writers and launchers together" $total $((12 << 20)) servants
    kill $receiver
    wait $receiver || :
    stop
}

# A hash join and a sort at the same time, at several sizes of work_mem, with and without workers.
query="SELECT sum(length(note) + length(other)) FROM (
    SELECT a.note, b.note AS other FROM wide a JOIN wide b USING (id)
    ORDER BY a.note, other OFFSET 0) AS joined"
# Runs it in the background, with so much work_mem and so many workers.
ask() {
    psql -qX -c "SET work_mem = '$1MB'" -c "SET max_parallel_workers_per_gather = $2" \
        -c 'SET enable_mergejoin = off' -c 'SET enable_nestloop = off' -c 'SET parallel_setup_cost = 0' \
        -c 'SET parallel_tuple_cost = 0' -c "$3" >/dev/null &
}

query_rows() {
    local work_mem most shared before
    local unsorted=${query/ORDER BY a.note, other/}
    start -c shared_preload_libraries=pgaudit
    for work_mem in 1 4 16; do
        ask $work_mem 0 "$unsorted"
        row "session with a hash join, work_mem ${work_mem}MB" "$(highest 'postgres postgres' $!)" \
            $(((work_mem * 2 + 6) << 20)) ledger
        ask $work_mem 0 "$query"
        row "the same that sorts as well" "$(highest 'postgres postgres' $!)" "" ledger
        ask $work_mem 2 "$unsorted"
        most=0 before=$(df --output=used -B1 /dev/shm | tail -n 1)
        while kill -0 $! 2>/dev/null; do
            shared=$(df --output=used -B1 /dev/shm | tail -n 1)
            [ "$shared" -le $most ] || most=$shared
        done
        row "parallel hash of three processes, /dev/shm, work_mem ${work_mem}MB" $((most - before)) \
            $((work_mem * 2 * 3 * 1048576 * 115 / 100)) shared_hash_tables
    done
    stop
}

cat <<'WORDS'
# How much memory PostgreSQL 18 uses, and how much the ledger counts

`make ledger` measures a real server and writes this file. It fails if the ledger counts less than the measured value.
`make check` compares the shared memory of whole machines.

The column `place` names the value in [rules/ledger.azr](../rules/ledger.azr), except for `shared_hash_tables` in
[rules/connections.azr](../rules/connections.azr) and the libraries' values in
[rules/preload.azr](../rules/preload.azr), which adds up the declarations in
[rules/extensions](../rules/extensions).

A dash means that the ledger does not count the quantity, because it cannot be known in advance: the number of tables that a
session uses, the number of sorts in a query besides its hash table, the width of the rows that ANALYZE samples. The
reserves in the other lines (memory for every manual and automatic vacuum, for every worker, 6MB for each session) have to
cover these; [survival.md](survival.md) shows how well they do.

WORDS
printf '%s\n\n| quantity | measured | counted | place |\n| --- | ---: | ---: | --- |\n' "$(postgres --version)"
shared_rows
start -c max_locks_per_transaction=128
make_tables 2>/tmp/log
stop
process_rows pgaudit "pgaudit"
process_rows auto_explain,pg_cron,pg_stat_statements,pgaudit,timescaledb "all five libraries"
servant_rows
query_rows
needs_rows
exit $status
