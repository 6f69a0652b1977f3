#!/bin/bash
# The product's stacks as people start them: from nothing to healthy, what answers where, who gets in,
# whether the server runs with what the rules say, what a container may do, and where secrets are seen.
. "$(dirname "$0")/lib.bash"
azc=$(readlink -f "${AZC:-build/bin/azc}")

# What the rules say for the machine that the container sees, against the running server. Every fact is
# named, so that nothing of the machine that this runs on shows through.
runs_as_computed() {
    local said facts=()
    said=$(docker exec "$(container "$(server)")" azr facts --format json)
    mapfile -t facts < <(jq -r 'to_entries[] | select(.value.value != null)
        | select(.key | test("^(primary_|database$|version$)") | not)
        | .key + "=" + (.value.value | if type == "array" then join(",") else tostring end)' <<<"$said")
    PGPASSWORD=$(<"$directory/secrets/monitor_password") "$lab" in-net env -u POSTGRES_DATA_VOLUME \
        "$azc" eval "${facts[@]}" --against "host=127.0.0.1 port=$1 user=monitor dbname=postgres" \
        >"$work/compared" 2>&1 || { grep -E 'DIFFERS|error|azc' "$work/compared"; return 1; }
    [ "$(grep -c . "$work/compared")" -gt 50 ]
}

# --- each container ------------------------------------------------------------------------------

# As the kernel and Docker report it, not as the file requests it.
is_hardened() {
    local service=$1 said status
    said=$(inspect "$service" 'pid={{.State.Pid}}
root={{.HostConfig.ReadonlyRootfs}} init={{.HostConfig.Init}} log={{.HostConfig.LogConfig.Type}}
memory={{.HostConfig.Memory}} processes={{.HostConfig.PidsLimit}} size={{index .HostConfig.LogConfig.Config "max-size"}} files={{index .HostConfig.LogConfig.Config "max-file"}}
{{range .HostConfig.PortBindings}}{{range .}}port={{.HostIp}} {{end}}{{end}}')
    status=$("$lab" host cat "/proc/$(sed -n 's/^pid=//p' <<<"$said")/status")
    check "$service: capabilities, privileges, seccomp" \
        "$(sed -n 's/^\(CapBnd\|NoNewPrivs\|Seccomp\):\t//p' <<<"$status" | paste -sd ' ')" \
        "0000000000000000 1 2"
    fails "$service: runs as root" grep -q $'^Uid:\t0\t' <<<"$status"
    check "$service: root, init, log" "$(grep '^root=' <<<"$said")" "root=true init=true log=local"
    fails "$service: no limit of memory, processes or log" \
        grep -E '(memory|processes|size|files)=(0|-1|<nil>|<no value>|)( |$)' <<<"$said"
    check "$service: published beyond this host" \
        "$(grep -o 'port=[^ ]*' <<<"$said" | grep -v '^port=127\.0\.0\.1$')" ""
}

# Where the word of every secret is seen: it must be in the secret files and nowhere else.
hides_secrets() {
    local service where
    for service in $(compose ps --services); do
        docker inspect "$(container "$service")" >"$work/inspect"
        fails "$service: a secret in docker inspect" grep -F "$canary" "$work/inspect"
        fails "$service: a secret in the log" grep -F "$canary" "$(logs "$service")"
        check "$service: processes with a secret in environment or arguments" "$("$lab" host sh -c '
            for process in $0 $(cat /proc/$0/task/$0/children); do
                grep -laF "$1" /proc/$process/environ /proc/$process/cmdline
            done' "$(inspect "$service" '{{.State.Pid}}')" "$canary")" ""
    done
    where=$(docker volume inspect --format '{{.Mountpoint}}' "$POSTGRES_DATA_VOLUME")
    fails "a secret in the data" "$lab" host grep -rlaF "$canary" "$where"
}

# --- the stacks ----------------------------------------------------------------------------------

single() {
    use single
    holds "from nothing to healthy" start
    check "the application's own database" "$(direct 'SELECT current_user, current_database()')" 'app|app'
    check "read and write" "$(direct 'CREATE TABLE t AS SELECT 1 AS a; SELECT a FROM t')" 1
    PASSWORD=wrong fails "a wrong password" direct 'SELECT 1'
    fails "the superuser from outside" from 5432 postgres postgres 'SELECT 1'
    check "passwords are SCRAM" "$(superuser \
        "SELECT count(*) FROM pg_authid WHERE rolcanlogin AND rolpassword NOT LIKE 'SCRAM-SHA-256\$%'")" 0
    check "no trust, md5 or password in pg_hba.conf" "$(superuser "SELECT count(*) FROM
        pg_hba_file_rules WHERE auth_method IN ('trust', 'md5', 'password') OR error IS NOT NULL")" 0
    check "its monitoring role" "$(superuser "SELECT rolsuper, rolreplication FROM pg_roles
        WHERE rolname = 'monitor'")" 'f|f'
    metrics 9189 pg_up 150
    local service
    for service in $(compose ps --services); do is_hardened "$service"; done
    hides_secrets
    local limit
    for limit in 512MB 1GB 2GB; do
        POSTGRES_MEMORY_LIMIT=$limit holds "with $limit" start postgres
        holds "with $limit, the settings that the rules say" runs_as_computed 5432
    done
    check "the same data after all of this" "$(direct 'SELECT a FROM t')" 1
    wipe
}

# metrics PORT SERIES TYPES: the series is 1, and there are at least so many.
metrics() {
    local types
    within 10 is_one "$1" "$2"
    page "$1" /metrics >"$work/page"
    has_line "port $1: $2" "$work/page" "^$2 1\b"
    types=$(grep -c '^# TYPE' "$work/page")
    if [ "$types" -ge "$3" ]; then pass; else flunk "port $1: only $types kinds of metrics"; fi
}

primary() {
    use primary
    holds "from nothing to healthy" start
    check "directly" "$(direct 'SELECT current_user')" app
    check "through the pooler" "$(pooled 'SELECT current_user, current_database()')" 'app|app'
    PASSWORD=wrong fails "a wrong password through the pooler" pooled 'SELECT 1'
    fails "the superuser through the pooler" from 6432 postgres postgres 'SELECT 1'
    fails "replication through the pooler" from 6432 replicator postgres 'SELECT 1'
    superuser "CREATE ROLE expired LOGIN PASSWORD 'x' VALID UNTIL '2020-01-01'" >/dev/null
    PASSWORD=x fails "an expired role through the pooler" from 6432 expired app 'SELECT 1'
    fails "the application asks for hashes" direct 'SELECT * FROM pgbouncer.lookup($$app$$)'
    fails "the application on the console" from 6432 app pgbouncer 'SHOW POOLS'
    holds "statistics on the console" from 6432 monitor pgbouncer 'SHOW POOLS'
    prepared_statements
    metrics 9187 pg_up 200
    metrics 9127 pgbouncer_up 40
    pools_fit
    local service
    for service in $(compose ps --services); do is_hardened "$service"; done
    hides_secrets
    holds "the settings that the rules say" runs_as_computed 5432
}

# Prepared at the protocol's level, by more clients than there are server connections: each client's
# statement must be there whichever connection it gets. (pgbench waits for a prepared statement in the
# middle of its other clients' transactions, so each statement is a transaction here.)
prepared_statements() {
    local -x PGPASSWORD
    PGPASSWORD=$(<"$directory/secrets/app_password")
    holds "pgbench's tables through the pooler" timeout 60 "$lab" in-net pgbench -h 127.0.0.1 \
        -p 6432 -U app -i -I dtGvp -q app
    holds "prepared statements through the pooler" timeout 60 "$lab" in-net pgbench -h 127.0.0.1 \
        -p 6432 -U app -n -S -M prepared -c 80 -j 2 -t 20 app
    has_line "no failed transaction" "$work/said" '^number of failed transactions: 0 '
    has_line "all transactions" "$work/said" 'actually processed: 1600/1600'
    check "server connections" "$([ "$(superuser "SELECT count(*) FROM pg_stat_activity
        WHERE usename = 'app'")" -lt 80 ] && echo fewer)" fewer
}

# What the pooler may open at most is what the server has left over.
pools_fit() {
    local size reserve most
    size=$(from 6432 monitor pgbouncer 'SHOW CONFIG' | sed -n 's/^default_pool_size|\([0-9]*\)|.*/\1/p')
    reserve=$(from 6432 monitor pgbouncer 'SHOW CONFIG' | sed -n 's/^reserve_pool_size|\([0-9]*\)|.*/\1/p')
    most=$(superuser "SELECT sum(CASE name WHEN 'max_connections' THEN setting::int
        ELSE -setting::int END) FROM pg_settings WHERE name IN ('max_connections',
        'superuser_reserved_connections', 'reserved_connections')")
    if [ $((size + reserve)) -le "$most" ]; then pass; else
        flunk "a pool of $size and $reserve more, on a server with $most connections"
    fi
}

replica() {
    use replica
    holds "a replica from nothing to healthy" start
    use primary
    check "it streams" "$(superuser "SELECT state FROM pg_stat_replication")" streaming
    check "from its slot" "$(superuser "SELECT active FROM pg_replication_slots")" t
    direct 'CREATE TABLE copied AS SELECT 42 AS a' >/dev/null
    use replica
    holds "what the primary writes, read here" within 10 \
        eval "[ \"\$(from 5433 app app 'SELECT a FROM copied')\" = 42 ]"
    fails "writing here" from 5433 app app 'CREATE TABLE t (a int)'
    metrics 9188 pg_up 150
    local service
    for service in $(compose ps --services); do is_hardened "$service"; done
    hides_secrets
    inside psql -XAtq -U postgres -c 'SELECT pg_promote()' >/dev/null
    holds "writing here once it is promoted" from 5433 app app 'CREATE TABLE t (a int)'
    compose stop --timeout 30 "$(server)" &>/dev/null
    REPLICA_ROLE=primary holds "a restart of what was promoted" start "$(server)"
    holds "which is still not a replica" within 30 from 5433 app app 'INSERT INTO t VALUES (1)'
    wipe
}

run_faults single primary replica
use primary
wipe
summary
