#!/bin/bash
# Regenerates the catalogues of stdlib/catalogs from a real PostgreSQL 18 and a real PgBouncer of Debian
# forky with every extension there is. The same packages give the same bytes.
#
#     catalog.sh [DIRECTORY]     write there instead
#
# The tree of packages is made in half a minute and kept in the cache, unless TREE names another;
# what that one lacks is left out. AZC is the compiler that imports. Always left out are documentdb
# (264 settings of another kind of server), pg_crash (it ends the server) and sepgsql (it needs
# SELinux).
set -euo pipefail
. "$(dirname "$0")/../cache.bash"
become_root "TREE=${TREE:-}" "AZC=${AZC:-}" "$0" "$@"

here=$(dirname "$(readlink -f "$0")")
repository=${here%/tests/server}
catalogs=$repository/stdlib/catalogs
output=$(readlink -f "${1:-$catalogs}")
azc=$(readlink -f "${AZC:-$repository/build/bin/azc}")

extensions=(age auto-failover bgw-replstatus credcheck cron h3 hll http hypopg orafce partman
    pg-background pg-csv pg-failover-slots pg-hint-plan pg-qualstats pg-rewrite pg-stat-kcache
    pg-stat-plans pg-textsearch pg-wait-sampling pgaudit pgauditlogtofile pgextwlist pglogical
    pgnodemx pgsentinel pgtt pgvector plpgsql-check plprofiler postgis-3 powa preprepare repack
    roaringbitmap rum set-user show-plans similarity squeeze stat-log tablelog timescaledb unit
    wal2json)

# What defines settings only when the server starts with it. pg_stat_kcache asks for the settings of
# pg_stat_statements, so that one comes first.
preload_only=(pg_stat_statements pg_stat_kcache bgw_replstatus credcheck pg_cron pg_failover_slots
    pg_prewarm pg_qualstats pg_rewrite pg_show_plans pg_squeeze pg_stat_log pg_stat_plans
    pg_textsearch pg_wait_sampling pgaudit pgauditlogtofile pgautofailover pglogical pgnodemx
    pgsentinel plprofiler powa timescaledb)

# Both servers, in namespaces of their own, with their sockets in $scratch/run.
start_servers() {
    mkdir -m 777 "$scratch/run"
    cat >"$scratch/run/pgbouncer.ini" <<'END'
[pgbouncer]
auth_type = any
admin_users = postgres
listen_addr =
unix_socket_dir = /run/postgresql
pidfile = /tmp/pgbouncer.pid
END
    TREE=$tree REPOSITORY=$repository RUN_USER=postgres DATA='' RUN=$scratch/run \
        unshare --mount --pid --net --ipc --fork --kill-child --propagation private \
        bash "$here/enter.sh" bash -c '
            if [ -e /usr/sbin/pgbouncer ]; then pgbouncer -d /run/postgresql/pgbouncer.ini; fi
            initdb -U postgres -A trust -E UTF8 --locale=C.UTF-8 -D /tmp/data &&
            exec postgres -D /tmp/data -c listen_addresses= -c max_worker_processes=64 \
                -c shared_preload_libraries="$0"' "$preloaded" &>"$scratch/log" &
    server=$!
    for _ in $(seq 200); do
        ! psql -h "$scratch/run" -U postgres -Atqc 'SELECT' &>/dev/null || return 0
        kill -0 $server 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$scratch/log" >&2
    exit 1
}

# Most settings of timescaledb exist in a database that has the extension.
import_postgres() {
    psql -h "$scratch/run" -U postgres -qc 'SET client_min_messages = error' \
        -c 'CREATE EXTENSION timescaledb'
    "$azc" catalog import --dsn "host=$scratch/run user=postgres" --libraries "$libraries" \
        --notes "$catalogs/postgres-18.notes.json" -o "$output/postgres-18.json"
}

import_pgbouncer() {
    "$azc" catalog import --dsn "host=$scratch/run port=6432 user=postgres dbname=pgbouncer" \
        --notes "$catalogs/pgbouncer-1.notes.json" -o "$output/pgbouncer-1.json"
}

scratch=$(mktemp -d) server=
# What runs there goes with the first process of its namespace.
trap '[ -z "$server" ] || pkill -KILL -P "$server" && wait; rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
tree=${TREE:-$("$here/root.sh" pgbouncer postgresql-18 "${extensions[@]/#/postgresql-18-}")}
libraries=$(cd "$tree/usr/lib/postgresql/18/lib" && printf '%s\n' *.so | sed 's/\.so$//' |
    grep -vxE 'timescaledb-.*|sepgsql' | LC_ALL=C sort | paste -sd ,)
preloaded=
for library in "${preload_only[@]}"; do
    [[ ,$libraries, != *,$library,* ]] || preloaded+=${preloaded:+,}$library
done
start_servers
import_postgres
if [ -e "$tree/usr/sbin/pgbouncer" ]; then import_pgbouncer; fi
