#!/bin/bash
# The set of extensions on a real PostgreSQL 18 of Debian's packages: each tried alone, with nothing
# preloaded but its own library; all in one database, as the first start of the full image makes it,
# with the settings that the rules compute; and what holds when something is missing.
. "$(dirname "$0")/../server/lib.bash"
if [ "${1:-}" != --inside ]; then
    mkdir -p build/extensions
    "${AZC:-build/bin/azc}" compile -o build/extensions >/dev/null || exit 1
    enter -u root -p "$(tests/extensions/packages.sh | xargs)" -- \
        "$(relative "${AZC:-build/bin/azc}")" "$(relative "${AZR:-build/bin/azr}")"
fi

azc=$2 azr=$PWD/$3 data=/tmp/data sql=docker/postgres/full
unset "${!POSTGRES_@}" AZA_PRELOAD
export PGHOST=/run/postgresql PGUSER=postgres PGDATABASE=postgres LOG="cat /tmp/server"
as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
machine="memory=2GB cpus=4 disk=200GB shared_space=1GB rotational=false uring=false"

# --- servers ---

settings() { "$azc" eval $machine "$@" 2>/tmp/warnings; }
make_cluster() {
    rm -rf $data
    "${as_postgres[@]}" initdb --no-sync -A trust -U postgres --locale=C.UTF-8 -E UTF8 -D $data >$log 2>&1
}
# start WORD...: with what the rules compute for the machine and these words.
start() {
    local flags
    eval "flags=($(settings "$@" --format flags))"
    : >/tmp/server
    chmod 666 /tmp/server
    "${as_postgres[@]}" pg_ctl -s -w -D $data -l /tmp/server -o "$(printf '%q ' "${flags[@]}" -c fsync=off)" start >$log 2>&1
    verdict $? "the server starts with $*: $(tail -n 3 /tmp/server)"
}
stop() { "${as_postgres[@]}" pg_ctl -s -w -m fast -D $data stop; }
ask() { psql -AtqX -v ON_ERROR_STOP=1 "$@"; }

# --- what there is ---

declare -A kind called place library must
names=()
while read -r name k c p l m _; do
    names+=("$name")
    kind[$name]=$k called[$name]=$c place[$name]=$p library[$name]=$l must[$name]=$m
done <tests/extensions/set.txt

create() {
    [ "${kind[$1]}" = extension ] || return 0
    ask -c "CREATE SCHEMA IF NOT EXISTS ${place[$1]}" \
        -c "CREATE EXTENSION IF NOT EXISTS ${called[$1]} WITH SCHEMA ${place[$1]} CASCADE" \
        -c 'SET client_min_messages = warning' >$log 2>&1 || run ask -c "CREATE EXTENSION IF NOT EXISTS ${called[$1]} CASCADE"
}
try() {
    create "$1" && run tests/extensions/try.sh "$1"
    verdict $? "$1, $2"
}
try_alone() {
    local name
    for name; do
        PGDATABASE=alone_$name
        [ "$PGDATABASE" = alone_pg_cron ] || createdb "$PGDATABASE"
        try "$name" alone
        PGDATABASE=postgres
    done
}

# --- each alone ---

make_cluster
start wal=logical image_preload=none
createdb alone_pg_cron
alone=()
for name in "${names[@]}"; do [ "${library[$name]}" != - ] || alone+=("$name"); done
try_alone "${alone[@]}"
stop
for name in "${names[@]}"; do
    [ "${library[$name]}" != - ] || continue
    start "preload=${library[$name]}" database=alone_pg_cron
    try_alone "$name"
    stop
done

# --- all together, as a first start makes them ---

no_difference() { settings "$@" --against "host=127.0.0.1 user=postgres dbname='$PGDATABASE'" >$log; }
expectations() { ask -f $sql/expectations.sql; }

make_cluster
start wal=logical
createdb 'all together'
stop
export PGDATABASE='all together'
together=(wal=logical 'database=all together')
start "${together[@]}"
run ask -f $sql/extensions.sql
verdict $? "extensions.sql"
grep -q 'extensions in all together: .*vector' $log
verdict $? "extensions.sql lists what is available"
run ask -f $sql/extensions.sql
verdict $? "extensions.sql again"
run expectations
verdict $? "expectations.sql"
run env PGOPTIONS='-c default_transaction_read_only=on' psql -qXf $sql/expectations.sql
verdict $? "expectations.sql only reads"
no_difference "${together[@]}"
verdict $? "pg_settings is as the rules say: $(grep DIFFERS $log)"
for name in "${names[@]}"; do
    if [ "${must[$name]}" != must ] || [[ ,$(ask -c 'SHOW shared_preload_libraries'), == *,"${library[$name]}",* ]]; then
        try "$name" "beside all others"
    fi
done
psql -qX >$log 2>&1 <<'SQL'
SET pgaudit.log = 'all';
SET client_min_messages = warning;
CREATE SCHEMA ordered;
CREATE TABLE ordered.readings (at timestamptz NOT NULL, value int);
SELECT public.create_hypertable('ordered.readings', 'at') \g /dev/null
COPY ordered.readings FROM PROGRAM 'echo 2026-03-01,1' (FORMAT csv);
CREATE INDEX ON ordered.readings (value);
VACUUM ordered.readings;
DROP SCHEMA ordered CASCADE;
SQL
for command in 'WRITE,COPY' 'DDL,CREATE INDEX' 'MISC,VACUUM'; do
    grep -q "AUDIT: SESSION,[0-9]*,1,$command,.* ordered.readings" /tmp/server
    verdict $? "what TimescaleDB does to its tables is audited: $command"
done
stop

# --- the same with every library of the set ---

every=$(cut -d ' ' -f 5 tests/extensions/set.txt | grep -v '^-$' | sort -u | paste -sd ,)
start "${together[@]}" "preload=$every"
for name in "${names[@]}"; do try "$name" "with every library preloaded"; done
no_difference "${together[@]}" "preload=$every"
verdict $? "pg_settings with every library: $(grep DIFFERS $log)"
stop

# --- a standby ---

touch $data/standby.signal
start "${together[@]}" "preload=$every"
run expectations
verdict $? "expectations.sql of a standby"
same t "$(ask -c 'SELECT pg_is_in_recovery()')"
verdict $? "which it is"
stop
rm $data/standby.signal

# --- everything that is missing is reported at once ---

start "${together[@]}" preload=pgaudit,pg_stat_statements,timescaledb
ask -c 'DROP EXTENSION pg_trgm' -c 'DROP EXTENSION vector CASCADE'
expectations >$log 2>&1
same 3 $?
verdict $? "expectations.sql when something is missing"
missing=0
for line in 'extension pg_trgm is not created in all together' 'extension vector is not created' \
    'library pg_cron is not preloaded' 'library auto_explain is not preloaded' \
    '4 items are missing in database all together'; do
    grep -qF "$line" $log || missing=1
done
verdict $missing "expectations.sql names them all"
createdb elsewhere
PGDATABASE=elsewhere run psql -qXf $sql/extensions.sql
verdict $? "extensions.sql without some libraries"
grep -q 'extension pg_cron is left out: its library pg_cron is not preloaded' $log &&
    grep -q 'extensions in elsewhere: .*vector' $log
verdict $? "extensions.sql leaves out what needs them"
stop
start "${together[@]}"
PGDATABASE=elsewhere run psql -qXf $sql/extensions.sql
grep -q 'extension pg_cron is left out: it works only in the database all together' $log &&
    grep -q 'extensions in elsewhere: .*timescaledb' $log
verdict $? "extensions.sql in another database than the scheduler's"
PGDATABASE=elsewhere run expectations
verdict $? "expectations.sql there"
ask -c 'CREATE ROLE unprivileged LOGIN'
createdb third
PGDATABASE=third run psql -U unprivileged -qXf $sql/extensions.sql
same 3 $? >>$log && grep -q 'ERROR:  extension .* cannot be created in database third: permission denied' $log &&
    grep -q 'HINT:.*Run this file as the superuser' $log
verdict $? "extensions.sql by an unprivileged role"
stop

# --- a file that is gone ---

# hide DIRECTORY NAME...: another directory in its place, of links to all that the first has but these.
hide() {
    local directory=$1 kept
    kept=/tmp/kept$(tr / - <<<"$directory")
    mkdir -p "$kept"
    mount --bind "$directory" "$kept"
    mount -t tmpfs tmpfs "$directory"
    ln -s "$kept"/* "$directory"
    shift
    (cd "$directory" && rm "$@")
}
hide /usr/share/postgresql/18/extension vector.control
hide /usr/lib/postgresql/18/lib pgaudit.so
start "${together[@]}"
createdb fourth
PGDATABASE=fourth run psql -qXf $sql/extensions.sql
same 3 $? >>$log && grep -q 'ERROR:  extension vector cannot be created in database fourth: extension "vector" is not available' $log &&
    grep -q 'use an image that contains it' $log
verdict $? "extensions.sql without a file names it and the remedy"
umount /usr/share/postgresql/18/extension
stop

# --- a first start of a whole container whose image promises a library that is not there ---

home=/var/lib/postgresql first=/tmp/first
mount -t tmpfs tmpfs /docker-entrypoint-initdb.d
cp docker/postgres/20-extensions.sql /docker-entrypoint-initdb.d
mount -t tmpfs tmpfs /etc/aza
mkdir -p /run/aza
cp $sql/extensions.sql /etc/aza
chown postgres:postgres /run/aza $home
export PGPASSWORD=canary
unshare --pid --fork --kill-child env POSTGRES_PASSWORD=canary POSTGRES_INITDB_ARGS=--no-sync POSTGRES_MEMORY=1024 \
    POSTGRES_DB=shop AZA_PRELOAD=auto_explain,pg_cron,pg_stat_statements,pgaudit,timescaledb \
    AZA_ENTRYPOINT="$PWD/docker/postgres/docker-entrypoint.sh" \
    "${as_postgres[@]}" "$azr" start build/extensions/aza.azb -- postgres >$first 2>&1 &
for _ in {1..300}; do
    psql -h 127.0.0.1 -d shop -c 'SELECT' &>/dev/null && break
    sleep 0.1
done
cp $first $log
same timescaledb,pg_stat_statements,auto_explain,pg_cron \
    "$(ask -h 127.0.0.1 -d shop -c 'SHOW shared_preload_libraries')"
verdict $? "a first start with a library missing"
grep -q 'not preloaded, because not installed: pgaudit' $first
verdict $? "names it"
grep -q 'extension pgaudit is left out: its library pgaudit is not preloaded' $first
verdict $? "creates what can be created"
same 4 "$(ask -h 127.0.0.1 -d shop -c "SELECT count(*) FROM pg_extension WHERE extname IN ('vector', 'pg_cron', 'timescaledb', 'pg_partman')")"
verdict $? "in the database that is made then"
same "" "$(grep 'WARNING:  extension .* is left out' $first | grep -vE 'pgaudit|Debian has no package')"
verdict $? "and nothing else is left out"
kill -KILL $!
wait 2>/dev/null

summary
