# shellcheck shell=bash
# What each library that the rules count takes of a running server, beside what is declared of it. To
# be read by ledger.sh and needs_test.sh, in the server's tree after ledger_machines.sh; azc, D, an
# empty cluster that is stopped, and row are the caller's.

# Libraries of the tree that the set or rules/preload.azr declare needs of; one asks for another.
counted_libraries() {
    local library
    for library in $(cut -d ' ' -f 5 tests/extensions/set.txt | grep -v '^-$' | sort -u) \
        $(sed -n 's/.*{ *library: "\([a-z_]*\)".*/\1/p' rules/preload.azr); do
        [ ! -e "/usr/lib/postgresql/18/lib/$library.so" ] || echo "$library"
    done
}

# The list that a library is loaded with.
with_what_it_needs() { [ "$1" = pg_stat_kcache ] && echo "pg_stat_statements,$1" || echo "$1"; }

declared() { counted "$1" memory=32GB cpus=4 preload="$2"; }
# Worker processes that are there because of a library: the server's own have other titles.
own='checkpointer|background writer|walwriter|io worker|logical replication launcher|autovacuum|logger|startup|postgres '
library_processes() { pgrep -f '^postgres: ' -a | sed 's/^[0-9]* postgres: //' | grep -vcE "^($own)" || :; }

start_with() {
    pg_ctl -s -w -D "$D" -l /tmp/server.log -o "-c shared_preload_libraries=$1 -c max_locks_per_transaction=256 \
        -c cron.use_background_workers=on -c pg_partman_bgw.dbname=postgres -c pg_partman_bgw.role=postgres \
        -c autovacuum=off -c jit=off -c max_worker_processes=32" start
}

# A session's own memory; the first one fills caches on disk that the next ones find.
idle_session() {
    local least=0 now
    for _ in {1..4}; do
        now=$(psql -AtqX -c 'SELECT' -c "\\! tests/server/private.sh \$(pgrep -of '^postgres: postgres postgres')" | tail -n 1)
        if [ $least = 0 ] || [ "$now" -lt $least ]; then least=$now; fi
    done
    echo "$least"
}

# Locks of one statement over forty chunks of a hypertable, each with an index.
locks_of_timescaledb() {
    psql -AtqX <<'SQL' | tail -n 1
SET client_min_messages = error;
CREATE TABLE readings (at timestamptz NOT NULL, value int);
SELECT create_hypertable('readings', 'at', chunk_time_interval => interval '1 day') \g /dev/null
INSERT INTO readings SELECT '2026-01-01'::timestamptz + n * interval '1 day', n FROM generate_series(0, 39) n;
BEGIN;
SELECT count(*) FROM readings \g /dev/null
SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation';
ROLLBACK;
DROP TABLE readings;
SQL
}

needs_of() {
    local library=$1 list most=0 now
    list=$(with_what_it_needs "$library")
    start_with "$list"
    if [ "$library" = timescaledb ]; then psql -qX -c 'SET client_min_messages = error' -c 'CREATE EXTENSION timescaledb'; fi
    for _ in {1..20}; do
        now=$(library_processes)
        [ "$now" -le $most ] || most=$now
        sleep 0.1
    done
    row "$library: worker processes" $most "$(counted library_workers memory=32GB cpus=4 preload="$list")" library_workers number
    row "$library: an idle session, in total" "$(idle_session)" "$(declared process "$list")" process
    if [ "$library" = timescaledb ]; then
        row "$library: locks of a statement over 40 chunks" "$(locks_of_timescaledb)" "$(declared library_locks "$list")" library_locks number
        psql -qX -c 'SET client_min_messages = error' -c 'DROP EXTENSION timescaledb'
    fi
    pg_ctl -s -w -m fast -D "$D" stop
}

# Shared memory is reported in whole megabytes, so small amounts may be rounded to nothing.
needs_rows() {
    local library list nothing without
    nothing=$(taken)
    for library in $(counted_libraries); do
        list=$(with_what_it_needs "$library") without=$nothing
        [ "$list" = "$library" ] || without=$(taken -c shared_preload_libraries="${list%,*}" -c pg_stat_statements.max=10000)
        row "$library: shared memory" \
            $(($(taken -c shared_preload_libraries="$list" -c pg_stat_statements.max=10000) - without)) \
            $(($(declared library_memory "$list") - $(if [ "$list" = "$library" ]; then counted library_memory memory=32GB image_preload=none; else declared library_memory "${list%,*}"; fi))) library_memory
        needs_of "$library"
    done
}
