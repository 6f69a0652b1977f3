#!/bin/bash
# What a stack must survive, and what must hold afterwards. Each fault is a function.
#
#     faults_test.sh [FAULT...]     those only; they are listed at the end
. "$(dirname "$0")/lib.bash"

# --- a running primary ---------------------------------------------------------------------------

# Every commit that a client saw acknowledged survives a kill of the server, three times.
postmaster_killed() {
    local before round acknowledged began
    before=$(restarts postgres)
    direct 'CREATE TABLE IF NOT EXISTS kept (n int)' >/dev/null
    : >"$work/acknowledged"
    for round in 1 2 3; do
        for _ in {1..200}; do echo 'INSERT INTO kept VALUES (1) RETURNING n;'; done |
            PGPASSWORD=$(<"$directory/secrets/app_password") "$lab" in-net psql -XAtq -h 127.0.0.1 \
                -p 6432 -U app app >>"$work/acknowledged" 2>/dev/null &
        sleep 0.7
        "$lab" host kill -KILL "$(postmaster)"
        wait $!
        began=$SECONDS
        holds "round $round: an answer again within 15 s" within 15 pooled 'SELECT 1'
        echo "round $round: answered after $((SECONDS - began)) s"
    done
    acknowledged=$(grep -c '^1$' "$work/acknowledged")
    if [ "$acknowledged" -gt 0 ] && [ "$(direct 'SELECT count(*) FROM kept')" -ge "$acknowledged" ]; then
        pass
    else
        flunk "acknowledged commits" "$acknowledged acknowledged, $(direct 'SELECT count(*) FROM kept') kept"
    fi
    check "restarts" "$(restarts postgres)" $((before + 3))
    holds "healthy again" within 30 is_healthy postgres
}

# A killed session costs all sessions, but neither the server nor the container.
backend_killed() {
    local pid victim
    pid=$(postmaster)
    # As the host counts it: the child of the server that holds the session.
    PGPASSWORD=$(<"$directory/secrets/app_password") "$lab" in-net psql -X -h 127.0.0.1 -U app app \
        -c 'SELECT pg_sleep(30)' &>"$work/session" &
    within 5 session_sleeps
    victim=$("$lab" host ps -eo pid=,args= | awk '/postgres: app app .*SELECT/ { print $1; exit }')
    holds "the session's process" test -n "$victim"
    "$lab" host kill -KILL "$victim"
    wait $!
    has_line "its client was told" "$work/session" 'server closed the connection unexpectedly'
    holds "an answer again" within 10 direct 'SELECT 1'
    check "the same server" "$(postmaster)" "$pid"
    has_line "it is in the log" "$(logs postgres)" 'terminated by signal 9'
}
session_sleeps() {
    [ "$(superuser "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)' AND
        usename = 'app'")" = 1 ]
}

# Processes that health checks and execs leave behind are not the server's children.
orphan_of_an_exec() {
    local before
    before=$(superuser 'SELECT pg_postmaster_start_time()')
    "$lab" in-net env PGPASSWORD="$(<"$directory/secrets/app_password")" psql -XAtq -h 127.0.0.1 \
        -U app app -c 'SELECT pg_sleep(2)' -c 'SELECT 42' &>"$work/session" &
    inside sh -c '(sleep 0.5; exit 2) & (sleep 0.7; exec sh -c "kill -9 \$\$") &'
    wait $!
    has_line "the session of another lives on" "$work/session" '^42$'
    check "the same server" "$(superuser 'SELECT pg_postmaster_start_time()')" "$before"
    fails "a crash" grep -E 'untracked child' "$(logs postgres)"
}

# SIGINT to the pooler: the open transaction ends first; the container ends well, within its time.
pooler_stopped_in_a_transaction() {
    local began=$SECONDS
    PGPASSWORD=$(<"$directory/secrets/app_password") "$lab" in-net psql -XAtq -h 127.0.0.1 -p 6432 \
        -U app app -c 'BEGIN; CREATE TABLE committed (a int); SELECT pg_sleep(3); COMMIT' \
        &>"$work/session" &
    sleep 1
    docker stop "$(container pgbouncer)" >/dev/null
    wait $!
    check "the transaction" "$(direct "SELECT to_regclass('committed')")" committed
    check "how it ended" "$(inspect pgbouncer '{{.State.ExitCode}}')" 0
    if [ $((SECONDS - began)) -le 15 ]; then pass; else flunk "took $((SECONDS - began)) s"; fi
    docker start "$(container pgbouncer)" >/dev/null
    holds "the pooler again" within 10 pooled 'DROP TABLE committed'
}

# The server goes and comes under the pooler, which stays and finds it again.
server_restarted_under_the_pooler() {
    local since began
    since=$(inspect pgbouncer '{{.State.StartedAt}}')
    pooled 'SELECT 1' >/dev/null
    docker restart "$(container postgres)" >/dev/null
    began=$SECONDS
    holds "through the pooler within 10 s" within 10 pooled 'SELECT 1'
    echo "answered after $((SECONDS - began)) s"
    check "the same pooler" "$(inspect pgbouncer '{{.State.StartedAt}}')" "$since"
    holds "the pooler is healthy" within 30 is_healthy pgbouncer
    holds "the server is healthy" within 30 is_healthy postgres
}

# Of each secret that services share, one side has a wrong one: that service names the owner of the password,
# the others stay as they are, and with the right one all is well.
wrong_secrets() {
    secret pgbouncer_password wrong
    docker restart "$(container pgbouncer)" >/dev/null
    fails "the pooler with a wrong password" within 3 pooled 'SELECT 1'
    has_line "it names the user" "$(logs pgbouncer)" 'password authentication failed for user "pgbouncer_auth"'
    check "the server" "$(direct 'SELECT 1')" 1
    holds "the server is healthy" is_healthy postgres
    secret pgbouncer_password "$(password pgbouncer_password)"
    docker restart "$(container pgbouncer)" >/dev/null
    holds "the pooler with the right one" within 10 pooled 'SELECT 1'

    secret monitor_password wrong
    docker restart "$(container postgres_exporter)" >/dev/null
    within 10 page 9187 /metrics
    holds "the exporter answers that the server is not reached" within 10 says_down 9187 pg_up
    has_line "it names the user" "$(logs postgres_exporter)" 'password authentication failed for user.*monitor'
    check "the server" "$(direct 'SELECT 1')" 1
    docker restart "$(container pgbouncer_exporter)" >/dev/null
    holds "the pooler's exporter answers that it is not reached" within 10 \
        says_down 9127 pgbouncer_up
    check "the pooler" "$(pooled 'SELECT 1')" 1
    secret monitor_password "$(password monitor_password)"
    docker restart "$(container postgres_exporter)" "$(container pgbouncer_exporter)" >/dev/null
    holds "the exporter with the right one" within 15 is_one 9187 pg_up
    holds "the pooler's exporter with the right one" within 15 is_one 9127 pgbouncer_up
}
says_down() { page "$1" /metrics | grep -q "^$2 0"; }

# The file that makes the roles makes new passwords as well.
password_rotated() {
    secret app_password "new-$canary '\"\\"
    fails "before" direct 'SELECT 1'
    inside psql -XAtq -U postgres -f /docker-entrypoint-initdb.d/10-roles.sql &>"$work/said" ||
        flunk "the roles again" "$(tail -n 5 "$work/said")"
    check "the new one" "$(direct 'SELECT 1')" 1
    check "the new one through the pooler" "$(pooled 'SELECT 1')" 1
    fails "a secret in the log" grep -F "$canary" "$(logs postgres)"
    secret app_password "$(password app_password)"
    inside psql -XAtq -U postgres -f /docker-entrypoint-initdb.d/10-roles.sql &>/dev/null
}

# More clients than the server accepts: they get an error, and reserved connections still work.
connections_exhausted() {
    local open
    open=$(superuser "SELECT current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - current_setting('reserved_connections')::int")
    seq $((open + 5)) >"$work/clients"
    # A rejected client tries again during the load, because another one that was rejected at the same
    # moment would leave a place.
    touch "$work/crowded"
    PGPASSWORD=$(<"$directory/secrets/app_password") "$lab" in-net xargs -a "$work/clients" -P 500 -n 1 \
        sh -c 'while [ -e "$0" ]; do
            psql -XAtq -h 127.0.0.1 -U app app -c "SELECT pg_sleep(600)"
            sleep 0.5
        done' "$work/crowded" &>"$work/crowd" &
    holds "a crowd" within 40 stays_taken
    fails "one client more" direct 'SELECT 1'
    has_line "why" "$work/said" 'remaining connection slots are reserved|too many clients'
    holds "monitoring" from 5432 monitor postgres 'SELECT 1'
    holds "the superuser" superuser 'SELECT 1'
    holds "metrics" is_one 9187 pg_up
    rm "$work/crowded"
    sleep 1
    holds "they are sent home" within 20 nobody_left
    wait $!
    has_line "those beyond were told as well" "$work/crowd" 'remaining connection slots|too many clients'
    check "afterwards" "$(direct 'SELECT 1')" 1
}
nobody_left() {
    [ "$(superuser "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE usename = 'app'")" = 0 ]
}
# Not for a moment only.
stays_taken() { all_taken && sleep 1 && all_taken && sleep 1 && all_taken; }
# It is not only slow: the server reports it.
all_taken() { direct 'SELECT 1' 2>&1 | grep -E 'remaining connection slots|too many clients'; }

# A slot whose consumer never comes keeps no more than the cap allows.
slot_bloat() {
    local cap=64 size
    # While the server runs, as an operator would; it goes away again below.
    inside psql -XAtq -U postgres -d postgres -c "ALTER SYSTEM SET max_slot_wal_keep_size = '${cap}MB'" \
        -c "ALTER SYSTEM SET min_wal_size = '80MB'" -c "ALTER SYSTEM SET max_wal_size = '96MB'" \
        -c 'SELECT pg_reload_conf()' >/dev/null
    superuser "SELECT pg_create_physical_replication_slot('forgotten', true)" >/dev/null
    for _ in {1..6}; do
        inside psql -XAtq -U postgres -d postgres -c "SELECT count(pg_logical_emit_message(false, 'x',
            repeat(md5(random()::text), 32768))) FROM generate_series(1, 48)" -c CHECKPOINT >/dev/null
    done
    check "the slot" "$(superuser "SELECT wal_status FROM pg_replication_slots
        WHERE slot_name = 'forgotten'")" lost
    size=$(superuser 'SELECT sum(size) / 1048576 FROM pg_ls_waldir()')
    if [ "${size%.*}" -le $((cap + 96 + 32)) ]; then pass; else flunk "pg_wal holds $size MB"; fi
    check "the server writes" "$(direct 'CREATE TABLE after_bloat AS SELECT 1 AS a;
        SELECT a FROM after_bloat')" 1
    inside psql -XAtq -U postgres -d postgres -c "SELECT pg_drop_replication_slot('forgotten')" \
        -c 'ALTER SYSTEM RESET ALL' -c 'SELECT pg_reload_conf()' >/dev/null
}

# --- a replica on it -----------------------------------------------------------------------------

# Killed while it copies, at several moments: it begins again, and ends up as a whole copy.
copy_interrupted() {
    use primary
    direct "CREATE TABLE big AS SELECT repeat(md5(n::text), 60) AS a FROM generate_series(1, 80000) n" \
        >/dev/null
    use replica
    local delay halves=0
    compose create --quiet-pull &>/dev/null
    for delay in 0.5 0.8 1.2; do
        docker start "$(container "$(server)")" >/dev/null
        sleep $delay
        docker kill --signal KILL "$(container "$(server)")" &>/dev/null
        if in_volume test -e /v/18/docker.partial/PG_VERSION &>/dev/null; then halves=$((halves + 1)); fi
    done
    echo "$halves of 3 kills left half a copy"
    if [ $halves -gt 0 ]; then pass; else flunk "no kill hit a copy: there must be more to copy"; fi
    holds "a replica after all" start
    holds "a whole one" within 20 \
        eval "[ \"\$(from 5433 app app 'SELECT count(*) FROM big')\" = 80000 ]"
}

# The primary goes: reads go on, and the stream when it is back.
primary_gone() {
    use primary
    direct 'CREATE TABLE before_absence AS SELECT 1 AS a' >/dev/null
    use replica
    holds "a replica" start
    holds "what the primary wrote" within 20 from 5433 app app 'SELECT a FROM before_absence'
    use primary
    docker stop "$(container postgres)" >/dev/null
    use replica
    check "reads without a primary" "$(from 5433 app app 'SELECT a FROM before_absence')" 1
    use primary
    docker start "$(container postgres)" >/dev/null
    holds "the primary again" within 20 direct 'CREATE TABLE after_absence AS SELECT 1 AS a'
    use replica
    holds "the stream again" within 20 from 5433 app app 'SELECT a FROM after_absence'
}

# A replica that lacks the password waits or ends, names its owner, and leaves no half of a copy.
wrong_replication_password() {
    use replica
    wipe
    secret replication_password wrong
    compose up --detach --quiet-pull --no-deps "$(server)" &>/dev/null
    holds "it names the user" within 10 \
        eval "grep -E 'authentication failed.*replicator|replication_password|PG_REPLICATION_PASSWORD' \"\$(logs \"\$(server)\")\""
    fails "half a copy" in_volume test -e /v/18/docker/PG_VERSION
    secret replication_password "$(password replication_password)"
    docker restart --timeout 2 "$(container "$(server)")" >/dev/null
    holds "with the right one" start
    wipe
}

# in_volume COMMAND...: with the stack's volume at /v.
in_volume() {
    docker run --rm --label aza-lab --network none --user 0 --entrypoint "$1" \
        --volume "$POSTGRES_DATA_VOLUME:/v" aza-pg:18 "${@:2}"
}

# --- starts of a server alone --------------------------------------------------------------------

# once: the server of the stack in a container that is not restarted; its output
# is in $work/once, how it ended in $code: 124 when it ran on, and was removed after the time.
once() {
    timeout "${TIME:-20}" "$lab" compose --project-directory "$directory" --file "$directory/compose.yml" \
        ${override:+--file "$override"} run --name aza-lab-once --no-deps -T "$(server)" \
        </dev/null &>"$work/once"
    code=$?
    docker rm --force --volumes aza-lab-once &>/dev/null
}
is_empty() {
    local found
    found=$(in_volume find /v -mindepth 1 ! -name .aza.lock ! -type d) && [ -z "$found" ]
}

# Errors in the configuration are reported before anything is created. One container tries all.
bad_values() {
    use single
    local word pattern words=() patterns=()
    while IFS='|' read -r word pattern; do words+=("$word") patterns+=("$pattern"); done <<'END'
POSTGRES_MEMORY=abc|POSTGRES_MEMORY
POSTGRES_MEMORY=0|POSTGRES_MEMORY
POSTGRES_MEMORY=-1|POSTGRES_MEMORY
POSTGRES_MEMORY=1e99|POSTGRES_MEMORY
POSTGRES_SHARED_PRELOAD_LIBRARIES=pg_corn|pg_corn
POSTGRES_SETTINGS=shared_buffers = 1000GB|shared_buffers
POSTGRES_SETTINGS=no_such_setting = 1|no_such_setting
END
    compose run --name aza-lab-once --no-deps -T --entrypoint sh "$(server)" -c 'for word; do
            timeout 10 env "$word" azr start /etc/aza/aza.azb -- postgres 2>&1; echo "$word: $?"
        done' sh "${words[@]}" </dev/null >"$work/tried"
    docker rm --force --volumes aza-lab-once &>/dev/null
    for word in "${words[@]}"; do
        awk -v "word=$word: " "{ print } index(\$0, word) == 1 { exit }" "$work/tried" >"$work/once"
        sed -i "1,$(wc -l <"$work/once")d" "$work/tried"
        has_line "$word: the message" "$work/once" "refused.*${patterns[0]}"
        check "$word: exit" "$(tail -n 1 "$work/once")" "$word: 78"
        patterns=("${patterns[@]:1}")
    done
    holds "nothing was made" is_empty
    holds "a good value afterwards" start "$(server)"
    check "with everything" "$(direct 'SELECT current_database()')" app
    wipe
}

# A script of the first start that fails: the container ends, and is never taken for a whole one.
failing_script() {
    use single
    override=$work/failing.yml
    echo 'SELECT 1 / 0;' >"$work/20-failing.sql"
    chmod 644 "$work/20-failing.sql"
    cat >"$override" <<END
services:
  $(server):
    volumes: ["$work/20-failing.sql:/docker-entrypoint-initdb.d/20-failing.sql:ro"]
END
    once
    fails "the first start" test "$code" = 0
    has_line "which script" "$work/once" '20-failing.sql'
    override=
    once
    check "the next start" "$code" 78
    has_line "what is to be done" "$work/once" 'init|first start'
    wipe
}

# Killed at any moment of the first start: the next one has everything, or refuses.
first_start_killed() {
    use single
    local delay whole=0 refused=0
    for delay in 0.3 1 2 4; do
        # Networks may stay, which take long to make.
        docker rm --force "$(container "$(server)")" &>/dev/null
        docker volume rm --force "$POSTGRES_DATA_VOLUME" &>/dev/null
        compose up --detach --quiet-pull --no-deps "$(server)" &>/dev/null
        sleep $delay
        docker kill --signal KILL "$(container "$(server)")" &>/dev/null
        docker start "$(container "$(server)")" >/dev/null
        holds "killed after $delay s: served or refused" within 20 served_or_refused
        if says_refused; then
            refused=$((refused + 1))
        else
            check "killed after $delay s: served, so whole" "$(superuser \
                "SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'monitor')")" 2
            whole=$((whole + 1))
        fi
    done
    echo "$whole whole, $refused refused"
    if [ $refused -gt 0 ]; then pass; else flunk "no kill hit a first start"; fi
    wipe
}
says_refused() { grep -q 'first start did not finish' "$(logs "$(server)")"; }
served_or_refused() { says_refused || direct 'SELECT 1'; }

# A second container on the same volume ends at once, and the first does not notice.
two_on_one_volume() {
    use single
    holds "the first" start "$(server)"
    once
    check "the second ends" "$code" 75
    has_line "with the reason" "$work/once" 'in use|another'
    check "the first" "$(direct 'SELECT 1')" 1
    check "restarts of the first" "$(restarts "$(server)")" 0
}

# The same data with a quarter of the memory, and again with more.
limit_lowered() {
    use single
    local limit
    for limit in 2GB 512MB 1GB; do
        POSTGRES_MEMORY_LIMIT=$limit holds "with $limit" start "$(server)"
        superuser 'SHOW shared_buffers' >>"$work/buffers"
    done
    check "different buffers each time" "$(sort -u "$work/buffers" | wc -l)" 3
}

# A session that takes more than the container has: the kernel takes the session, not the server.
out_of_memory() {
    use single
    local before
    holds "a server" start "$(server)"
    before=$(postmaster)
    fails "the query" timeout 60 "$lab" docker exec "$(container "$(server)")" psql -XAtq -U postgres -c \
        "SET work_mem = '4GB'; SELECT length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 1000)"
    holds "an answer again" within 15 direct 'SELECT 1'
    check "the same server" "$(postmaster)" "$before"
    check "restarts" "$(restarts "$(server)")" 0
    wipe
}

# A full disk: what was acknowledged is there when there is room again, without hands.
disk_full() {
    use single
    wipe
    local full=$work/full acknowledged
    mkdir -p "$full"
    "$lab" host mount -t tmpfs -o size=260m,mode=755,uid=999,gid=999 tmpfs "$full"
    override=$work/full.yml
    printf 'volumes: {data: {driver_opts: {type: none, o: bind, device: "%s"}}}\n' "$full" >"$override"
    cp "$override" "$directory/compose.override.yml"
    holds "on a small disk" start "$(server)"
    check "which is that one" "$(inside stat -f -c '%T %b' /var/lib/postgresql)" "tmpfs $((260 * 256))"
    direct 'CREATE TABLE kept (n int, filler text STORAGE EXTERNAL)' >/dev/null
    "$lab" host sh -c 'head -c 1G /dev/zero >"$0/filler" 2>/dev/null || :; truncate -s -20M "$0/filler"' "$full"
    for _ in {1..100}; do echo "INSERT INTO kept VALUES (1, repeat('x', 500000)) RETURNING n;"; done |
        PGPASSWORD=$(<"$directory/secrets/app_password") timeout 60 "$lab" in-net psql -XAtq \
            -h 127.0.0.1 -U app app >"$work/acknowledged" 2>"$work/said"
    has_line "the disk was full" "$work/said" 'No space left|server closed|terminat'
    acknowledged=$(grep -c '^1$' "$work/acknowledged")
    "$lab" host rm "$full/filler"
    holds "an answer again" within 60 direct 'SELECT 1'
    if [ "$acknowledged" -gt 0 ] && [ "$(direct 'SELECT count(*) FROM kept')" -ge "$acknowledged" ]; then
        pass
    else
        flunk "acknowledged: $acknowledged, kept: $(direct 'SELECT count(*) FROM kept')"
    fi
    wipe
    rm "$directory/compose.override.yml"
    override=
    "$lab" host umount "$full"
}

# Data of an earlier major release, or at its place, is not touched.
old_data() {
    use single
    compose create "$(server)" &>/dev/null
    in_volume sh -c 'mkdir -p /v/18/docker && echo 17 >/v/18/docker/PG_VERSION &&
        chown -R 999:999 /v/18 && chmod 700 /v/18/docker'
    once
    check "version 17 in its place" "$code" 78
    has_line "what is to be done" "$work/once" '17'
    check "untouched" "$(in_volume find /v/18/docker -type f)" /v/18/docker/PG_VERSION
    in_volume sh -c 'rm -r /v/18/docker; mkdir /v/data; echo 17 >/v/data/PG_VERSION; chown -R 999:999 /v/data'
    once
    check "the path of 17" "$code" 78
    has_line "which" "$work/once" '/var/lib/postgresql/data'
    wipe
}

# What a container lacks is named.
nothing_to_write_to() {
    use single
    override=$work/bare.yml
    printf 'services: {%s: {tmpfs: !override ["/tmp"]}}\n' "$(server)" >"$override"
    once
    fails "without its memory file systems" test "$code" = 0
    has_line "which path" "$work/once" '/run/(postgresql|aza)'
    override=
    wipe
    compose create "$(server)" &>/dev/null
    in_volume sh -c 'mkdir -p /v/18/docker && chown -R 0:0 /v && chmod 700 /v/18'
    once
    fails "on a volume of another user" test "$code" = 0
    has_line "which path" "$work/once" '/var/lib/postgresql'
    wipe
}

# -------------------------------------------------------------------------------------------------

code=0 override=
clean_up() { "$lab" host umount "$work/full" &>/dev/null || :; }

on_primary=(orphan_of_an_exec backend_killed postmaster_killed pooler_stopped_in_a_transaction
    server_restarted_under_the_pooler wrong_secrets password_rotated connections_exhausted slot_bloat
    copy_interrupted primary_gone wrong_replication_password)
alone=(bad_values failing_script first_start_killed two_on_one_volume limit_lowered out_of_memory
    disk_full old_data nothing_to_write_to)

chosen() { for fault in "${@:2}"; do [[ -z $1 || " $1 " != *" $fault "* ]] || echo "$fault"; done; }
named=${*:-${on_primary[*]} ${alone[*]}}
mapfile -t wanted < <(chosen "$named" "${on_primary[@]}")
if [ ${#wanted[@]} -gt 0 ]; then
    # So few connections that a crowd is soon there.
    export POSTGRES_SETTINGS='max_connections = 40'
    use primary
    holds "a primary" start
    run_faults "${wanted[@]}"
    for stack in replica primary; do
        use $stack
        wipe
    done
    unset POSTGRES_SETTINGS
fi
mapfile -t wanted < <(chosen "$named" "${alone[@]}")
run_faults "${wanted[@]}"
summary
