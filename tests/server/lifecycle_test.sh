#!/bin/bash
# The life of a data directory under azr start, with real servers: first start, restart, and what must
# hold after each fault. Every "container" is a process namespace whose first process is azr, as user
# 999 without capabilities; SIGKILL ends all of it, as it does in a container.
set -u
cd "$(dirname "$0")/../.." || exit

if [ "${1:-}" != --inside ]; then
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        echo "lifecycle: 0 passed, 0 failed, 1 skipped (needs root)"
        exit
    fi
    mkdir -p build/lifecycle
    "${AZC:-build/bin/azc}" compile -o build/lifecycle >/dev/null || exit 1
    exec tests/server/in-root.sh -u root tests/server/lifecycle_test.sh --inside \
        "$(realpath --relative-to=. "${AZR:-build/bin/azr}")"
fi

# --- the bench ---

azr=$PWD/$2 image=$PWD/build/lifecycle/aza.azb work=/tmp/lifecycle home=/var/lib/postgresql
passed=0 failed=0
mkdir -p $work /run/aza
sed 's/^postgres:x:[0-9]*:[0-9]*:/postgres:x:999:999:/' /etc/passwd >$work/passwd
mount --bind $work/passwd /etc/passwd
mount -t tmpfs tmpfs /docker-entrypoint-initdb.d
chown 999:999 /run/aza /run/postgresql $home
unset "${!POSTGRES_@}" "${!PG_@}"
export AZA_ENTRYPOINT=$PWD/docker/postgres/docker-entrypoint.sh POSTGRES_INITDB_ARGS=--no-sync
export POSTGRES_MEMORY=512 POSTGRES_SHARED_PRELOAD_LIBRARIES=pg_stat_statements
export POSTGRES_PASSWORD=canary-super PGUSER=postgres PGDATABASE=postgres

check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'failed: %s\n--- got ---\n%s\n--- wanted ---\n%s\n' "$1" "$2" "$3"
}
# up NAME CONTAINER LOG [PORT]: its server comes up; else the end of its log is shown.
up() {
    local got=0
    ready "$2" "${4:-5432}" || got=1
    check "$1" $got 0
    [ $got = 0 ] || tail -n 8 "$work/$3"
}
has() { check "$1" "$(grep -cF -- "$3" "$2" | sed 's/[1-9].*/some/')" some || tail -n 5 "$2"; }

# azr start as the container's first process; words with = are its environment. A shell lets what it
# starts in the background ignore SIGINT; a container runtime does not.
enter() {
    exec unshare --pid --fork --kill-child env --default-signal "$@"
}
as_server=(setpriv --reuid=999 --regid=999 --clear-groups --bounding-set=-all --no-new-privs)

# begin NAME [VARIABLE=VALUE...] [-- ARGUMENT...]: in the background; its log is $work/NAME.
begin() {
    local name=$1 variables=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        variables+=("$1")
        shift
    done
    shift $(($# > 0))
    enter "${variables[@]}" "${as_server[@]}" "$azr" start "$image" -- postgres "$@" \
        &>"$work/$name" &
    container=$!
}
# run NAME...: to its end; $status is how it ended.
run() {
    begin "$@"
    wait $container
    status=$?
}
first_process() { { tr -d " " <"/proc/$1/task/$1/children"; } 2>/dev/null; }
# Through its first process: the one outside is forgotten by one that changes its user. Before there is
# one, there is nothing to kill.
crash() {
    local process
    until process=$(first_process "$1"); [ -n "$process" ] || ! kill -0 "$1" 2>/dev/null; do
        sleep 0.01
    done
    # shellcheck disable=SC2086 # it may be none
    kill -KILL $process "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    while [ -n "$process" ] && [ -e "/proc/$process" ]; do sleep 0.01; done
    rm -f "/run/postgresql/.s.PGSQL.${2:-5432}"* # a container's own, gone with it
}
stop() {
    kill -INT "$(first_process "$1")"
    wait "$1"
    status=$?
}
sql() { psql -h 127.0.0.1 -AtqX "$@"; }
# Whether the server of a container comes up; false as soon as that has ended.
ready() {
    local port=${2:-5432}
    for _ in {1..150}; do
        PGPASSWORD=canary-super sql -p "$port" -c 'SELECT' &>/dev/null && return 0
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
wipe() { rm -rf ${home:?}/* $home/.a*; }
scripts() {
    rm -f /docker-entrypoint-initdb.d/*
    while [ $# -gt 0 ]; do
        printf '%s\n' "$2" >"/docker-entrypoint-initdb.d/$1"
        shift 2
    done
}
refused() {
    local name=$1 sentence=$2
    shift 2
    run refused "$@"
    check "$name: status" $status 78
    has "$name: sentence" $work/refused "$sentence"
}
data=$home/18/docker marker=$home/.aza-init-in-progress

# --- a first start, a second server, a restart ---

scripts 1.sql 'CREATE TABLE one ()' 2.sh 'docker_process_sql -qc "CREATE TABLE two ()"' 3.txt ''
printf 'CREATE TABLE three ();' | gzip >/docker-entrypoint-initdb.d/3.sql.gz
begin first POSTGRES_PASSWORD= POSTGRES_PASSWORD_FILE=$work/secret "POSTGRES_DB=my db" \
    PG_REPLICATION_PASSWORD=canary-repl PGPASSWORD=canary-super
check "a secret that is not there ends the start" "$(ready $container; echo $?)" 1
check "and leaves nothing behind" "$(ls -A $data $marker 2>/dev/null)" ""
printf 'canary-super\n' >$work/secret
begin first POSTGRES_PASSWORD= POSTGRES_PASSWORD_FILE=$work/secret "POSTGRES_DB=my db" \
    PG_REPLICATION_PASSWORD=canary-repl PGPASSWORD=canary-super
first=$container
check "first start" "$(ready $first; echo $?)" 0
export PGPASSWORD=canary-super
check "scripts ran" "$(sql -d 'my db' -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")" 3
check "the marker is gone" "$(ls $marker 2>/dev/null)" ""
server=$(first_process $first)
check "azr became the server" "$(cat /proc/$server/comm)" postgres
check "no capability" "$(grep CapEff /proc/$server/status | cut -f 2)" 0000000000000000
secrets=0
for process in $server $(pgrep -P "$server"); do
    if tr '\0' '\n' <"/proc/$process/environ" | grep -q canary ||
        tr '\0' '\n' <"/proc/$process/cmdline" | grep -q canary; then
        secrets=$((secrets + 1))
    fi
done
check "no secret in any environment or command line" $secrets 0
check "nor in the log" "$(grep -c canary $work/first)" 0
run second
check "a second server: status" $status 75
has "a second server: sentence" $work/second "is in use"
check "the first one is unharmed" "$(sql -c 'SELECT 1')" 1
crash $first
begin again
check "restart after SIGKILL" "$(ready $container; echo $?)" 0
stop $container
check "a fast shutdown" $status 0

# --- refused on a cluster that is there ---

before=$(ls -A $data)
refused "a replica that is a primary's" "is not a standby: it was promoted" \
    POSTGRES_ROLE=replica PRIMARY_HOST=localhost PG_REPLICATION_PASSWORD=x
refused "an unknown role" "POSTGRES_ROLE" POSTGRES_ROLE=master
refused "an unknown way to apply" "POSTGRES_APPLY" POSTGRES_APPLY=env
chown 1 $data
refused "another owner" "$data is owned by user 1, but this process runs as user 999; run as the owner"
chown 999 $data
mount -o bind,ro /run/postgresql /run/postgresql
refused "no place for sockets" "/var/run/postgresql cannot be used by user 999: read-only file system; mount"
umount /run/postgresql
mv $data/global/pg_control $work/pg_control
refused "half a copy" "contains no complete cluster"
mv $work/pg_control $data/global/pg_control
echo 17 >$data/PG_VERSION
refused "older data" "contains a cluster of PostgreSQL 17, but this image runs 18; nothing was changed"
has "older data: the way" $work/refused "pg_upgrade --link -d $data"
echo 18 >$data/PG_VERSION
check "nothing was touched" "$(ls -A $data)" "$before"

# --- by file ---

echo "include_if_exists '/run/aza/settings.conf'" >>$data/postgresql.conf
begin file POSTGRES_APPLY=file POSTGRES_SETTINGS="log_line_prefix = 'it''s %m '"
check "by file: starts" "$(ready $container; echo $?)" 0
check "by file: no flags" "$(tr '\0' ' ' <"/proc/$(first_process $container)/cmdline")" "postgres "
check "by file: a computed value" "$(sql -c 'SHOW shared_buffers')" 128MB
check "by file: the operator's" "$(sql -c 'SHOW log_line_prefix')" "it's %m "
check "by file: no warning" "$(grep -c 'does not include' $work/file)" 0
before=$(sql -c 'SHOW work_mem')
sql -c "ALTER SYSTEM SET work_mem = '7MB'" -c 'SELECT pg_reload_conf()' >/dev/null
sleep 0.3
check "by file: ALTER SYSTEM wins" "$(sql -c 'SHOW work_mem')" 7MB
stop $container
sed -i '$d' $data/postgresql.conf
begin flags POSTGRES_APPLY=flags
check "by flags: starts" "$(ready $container; echo $?)" 0
check "by flags: flags win" "$(sql -c 'SHOW work_mem')" "$before"
stop $container
begin unreached POSTGRES_APPLY=file
check "not included: starts" "$(ready $container; echo $?)" 0
has "not included: reported" $work/unreached "$data/postgresql.conf does not include the settings"
stop $container

# --- refused before a first start: nothing is made ---

wipe
for setting in shared_buffers=1000GB shared_preload_libraries=nope work_mem=abc max_conections=5; do
    run values "POSTGRES_SETTINGS=$setting"
    check "$setting: status" $status 78
    check "$setting: nothing made" "$(ls -A $home)" ""
    wipe
done
mkdir -p $home/data && echo 17 >$home/data/PG_VERSION
refused "data at the old path" "$home/data contains a cluster of PostgreSQL 17"
echo 18 >$home/data/PG_VERSION
refused "a cluster at the old path" "$data is empty, but $home/data contains a cluster"
rm -r $home/data && mkdir $home/data && mount -t tmpfs tmpfs $home/data
refused "a volume at the old path" "mount it at $home"
umount $home/data && rmdir $home/data
mkdir -p $data && touch $data/other-file && chown -R 999:999 $home/18
refused "something else's directory" "contains no complete cluster"
check "it is still there" "$(ls $data)" other-file
wipe
chmod 755 $home && chown 0 $home
refused "a volume that may not be written" "$home/.aza.lock cannot be used by user 999: permission denied; mount"
chmod 1777 $home && chown 999 $home

# --- a first start that fails or is killed ---

scripts 1.sql 'CREATE TABLE one ()' 2.sql 'SELECT 1/0'
run failing
check "a failing script: status" $status 3
has "a failing script: which" $work/failing "psql:/docker-entrypoint-initdb.d/2.sql:1: ERROR:  division by zero"
refused "its next start" "rm -rf $data $marker; to keep the cluster as it is: rm $marker"
rm $marker
begin adopted
check "adopted" "$(ready $container; echo $?)" 0
crash $container
wipe
scripts 1.sh 'sleep 60'
begin stopped
while ! grep -q "running .*1.sh" $work/stopped && kill -0 $container 2>/dev/null; do sleep 0.1; done
began=$SECONDS
stop $container
check "a stop while scripts run: status" $((status >= 128)) 1
check "a stop while scripts run: at once" $((SECONDS - began < 8)) 1
refused "after it" "its first start did not finish"

# Killed every tenth of a second: afterwards refused, or complete; never a server without objects.
scripts 1.sql 'CREATE TABLE one (); SELECT pg_sleep(0.3)' 2.sql 'CREATE TABLE two ()'
served=0 refusals=0 half=0
for tenth in $(seq 0 "${KILLS:-14}"); do
    wipe
    begin killed
    sleep $((tenth / 10)).$((tenth % 10))
    crash $container
    begin next
    if ready $container; then
        served=$((served + 1))
        [ "$(sql -c 'SELECT count(*) FROM one, two')" = 0 ] || half=$((half + 1))
        crash $container
    else
        crash $container
        check "killed after $tenth/10 s: refused" "$(grep -c "did not finish" $work/next)" 1
        refusals=$((refusals + 1))
    fi
done
check "killed: no half cluster served" $half 0
check "killed: both ends were seen, $served served, $refusals refused" $((served > 0 && refusals > 0)) 1

# --- a replica ---

wipe
scripts 1.sql "CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'canary:repl\\x'; CREATE TABLE one AS SELECT generate_series(1, 300000) n"
primary_data=$home/primary replica_data=$home/replica
echo 'host replication replicator all scram-sha-256' >$work/hba
begin primary PGDATA=$primary_data -- -c hba_file=$work/primary_hba
printf 'local all all trust\nhost all all all scram-sha-256\nhost replication all all scram-sha-256\n' \
    >$work/primary_hba
primary=$container
up "primary" $primary primary
follow=(PGDATA=$replica_data PGPORT=5433 POSTGRES_ROLE=replica PRIMARY_HOST=127.0.0.1
    PG_REPLICATION_PASSWORD_FILE=$work/replication)
printf 'wrong\n' >$work/replication
run wrong "${follow[@]}" PRIMARY_WAIT=1
check "a wrong password: status" $status 75
has "a wrong password: which" $work/wrong "PG_REPLICATION_PASSWORD is not the password of replicator"
check "a wrong password: one line a minute" "$(grep -c 'waiting for the primary' $work/wrong)" 1
check "a wrong password: no data directory" "$(ls -d $replica_data 2>/dev/null)" ""
printf 'canary:repl\\x\n' >$work/replication
refused "a slot's name" "REPLICATION_SLOT_NAME" "${follow[@]}" REPLICATION_SLOT_NAME=Slot
for tenth in 1 3 5 7 9; do
    begin copying "${follow[@]}"
    sleep 0.$tenth
    crash $container 5433
    [ ! -d $replica_data ] || check "a copy killed after 0.$tenth s is whole" \
        "$(ls $replica_data/standby.signal)" $replica_data/standby.signal
done
rm -rf $replica_data
begin replica "${follow[@]}"
replica=$container
up "replica" $replica replica 5433
check "it has the rows" "$(sql -p 5433 -c 'SELECT count(*), pg_is_in_recovery() FROM one')" "300000|t"
sql -c 'CREATE TABLE later ()'
for _ in {1..50}; do
    [ -z "$(sql -p 5433 -c "SELECT to_regclass('later')")" ] || break
    sleep 0.1
done
check "it follows" "$(sql -p 5433 -c "SELECT to_regclass('later')")" later
check "through its slot" "$(sql -c 'SELECT slot_name, active FROM pg_replication_slots')" "replica_slot_1|t"
check "no password in the configuration" "$(grep -rlF 'canary' $replica_data/*.conf)" ""
check "its file is the server's alone" "$(stat -c '%a %u' /run/aza/primary.pass)" "600 999"
check "no secret in the replica's processes" \
    "$(tr '\0' '\n' <"/proc/$(first_process $replica)/environ" | grep -c 'canary\|REPLICATION_PASSWORD')" 0
crash $replica 5433
rm /run/aza/primary.pass
begin replica "${follow[@]}" POSTGRES_ROLE=primary
check "a standby called primary starts" "$(ready $container 5433; echo $?)" 0
has "a standby called primary is reported" $work/replica "SELECT pg_promote()"
check "and stays a standby" "$(sql -p 5433 -c 'SELECT pg_is_in_recovery()')" t
sql -p 5433 -c 'SELECT pg_promote()' >/dev/null
stop $container
refused "promoted" "is not a standby: it was promoted" "${follow[@]}"
crash $primary

# --- as root, which the entrypoint leaves ---

wipe
scripts
as_server=(env)
begin root
up "as root" $container root
check "not root any more" "$(stat -c %u "/proc/$(first_process $container)")" 999
stop $container
begin root
up "as root again" $container root
stop $container

echo "lifecycle: $passed passed, $failed failed"
[ $failed -eq 0 ]
