#!/bin/bash
# The life of a data directory under azr start, with scripts in the place of PostgreSQL's programs:
# first start, interrupted first start, lock, copy of a primary, settings in a file.
. "$(dirname "$0")/lib.bash"

data=$work/volume/18/docker
marker=$work/volume/18/.docker.aza-init-in-progress
lock=$work/volume/18/.docker.aza.lock
started=$work/started # what the entrypoint was given
settings=$work/run/settings.conf

script() {
    { echo '#!/bin/sh' && cat; } >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

script docker-entrypoint.sh <<EOS
echo "\$@" >"$started"
env >"$started.env"
EOS

make_cluster="mkdir -p '$data/global' && echo 18 >'$data/PG_VERSION' && touch '$data/global/pg_control'"
cluster() { eval "$make_cluster"; }

# start NAME=VALUE... [-- WORD...]: afterwards $status, $err and $server, what the server was given.
start() {
    local environment=()
    while [[ ${1:-} == *=* ]]; do
        environment+=("$1")
        shift
    done
    rm -f "$started" "$started.env"
    [ "${1:-}" != -- ] || shift
    run PGDATA="$data" POSTGRES_MEMORY=2048 POSTGRES_PASSWORD=canary "${environment[@]}" \
        start "$image" -- postgres "$@"
    server=$(cat "$started" 2>/dev/null)
}
empty() { rm -rf "$work/volume" "$work/run"; }
there() { [ -e "$1" ] && echo yes; }
# refused NAME WORD [NAME=VALUE...]: no server, exit code 78, and a message that names WORD.
refused() {
    local name=$1 word=$2
    shift 2
    start "$@"
    check "$name: status" "$status" 78
    check "$name: no server" "$server" ""
    check "$name: $word is named" "$(grep -cF -- "$word" <<<"$err" | sed 's/[1-9].*/yes/')" yes
}

# --- first start ---

script docker-ensure-initdb.sh <<EOS
$make_cluster
echo "\$@" >"$work/init"
env >"$work/init.env"
[ -e "$marker" ] && echo marker >>"$work/init"
true
EOS
start
check "a first start" "$status" 0
check "the first start gets the words of the server" "$(head -n 1 "$work/init")" "$server"
check "the words" "${server:0:33}" "postgres -c shared_buffers=512MB "
check "the marker is there meanwhile" "$(tail -n 1 "$work/init")" marker
check "the marker is gone afterwards" "$(there "$marker")" ""
check "the first start has the password" "$(grep -c canary "$work/init.env")" 1
check "the server has not" "$(grep -c canary "$started.env")" 0
rm "$work/init"
start
check "the next start" "$status $(there "$work/init")" "0 "
check "has the same words" "${server:0:33}" "postgres -c shared_buffers=512MB "
run POSTGRES_MEMORY=2048 PGDATA="$work/a/b/c" start "$image" -- postgres
check "directories above are made" "$status $(there "$work/a/b/.c.aza.lock")" "0 yes"

# --- a first start that fails ---

empty
script docker-ensure-initdb.sh <<EOS
$make_cluster
exit 3
EOS
start
check "its exit code" "$status $server" "3 "
check "the marker stays" "$(there "$marker")" yes
check "the message names the marker and the data" "$(grep -c "rm -rf $data $marker" <<<"$err")" 1
for again in 1 2; do
    refused "half a first start, $again" "$marker"
done
check "nothing was removed" "$(there "$marker")$(there "$data/PG_VERSION")" yesyes
rm "$marker"
start
check "without the marker it starts" "$status ${server:0:8}" "0 postgres"

empty
script docker-ensure-initdb.sh <<<'exit 4'
start
check "one that left nothing" "$status $(there "$marker")" "4 "
mkdir -p "$data"
touch "$marker"
script docker-ensure-initdb.sh <<<"$make_cluster"
start
check "a marker without data" "$status $(there "$marker")" "0 "
empty
mv "$work/bin/docker-ensure-initdb.sh" "$work/docker-ensure-initdb.sh"
start
check "no such program" "$status $server" "127 "
mkdir "$work/other"
cp "$work/docker-ensure-initdb.sh" "$work/bin/docker-entrypoint.sh" "$work/other/"
empty
start AZA_ENTRYPOINT="$work/other/docker-entrypoint.sh"
check "it lies beside the entrypoint" "$status ${server:0:8}" "0 postgres"

# --- a first start that is stopped ---

# stopped SIGNAL: sends it to azr once the first start runs.
stopped() {
    rm -f "$started" "$work/running"
    env -i PATH="$work/bin:/usr/bin:/bin" PGDATA="$data" POSTGRES_MEMORY=2048 \
        "$azr" start "$image" -- postgres 2>/dev/null &
    for _ in {1..500}; do
        [ ! -e "$work/running" ] || break
        sleep 0.01
    done
    kill "-$1" $!
    wait $!
    status=$?
    server=$(cat "$started" 2>/dev/null)
}
for signal in TERM HUP; do
    code=$((128 + $(kill -l $signal)))
    empty
    script docker-ensure-initdb.sh <<<"$make_cluster; touch '$work/running'; sleep 5"
    stopped $signal
    check "$signal" "$status $server" "$code "
    check "$signal: the marker stays" "$(there "$marker")" yes
    empty
    script docker-ensure-initdb.sh <<<"$make_cluster
trap 'exit 0' $signal; touch '$work/running'; i=0; while [ \$i -lt 500 ]; do sleep 0.01; i=\$((i + 1)); done"
    stopped $signal
    check "$signal, and the first start ends well" "$status $server" "$code "
done

# --- the lock ---

empty
cluster
exec 9>"$lock"
flock 9
start
exec 9>&-
check "a cluster in use" "$status $server $(grep -cF "$lock" <<<"$err")" "75  1"
script second <<EOS
PGDATA=$data POSTGRES_MEMORY=2048 $azr start $image -- postgres
echo \$? >"$started"
EOS
start AZA_ENTRYPOINT="$work/bin/second"
check "the server holds the lock" "$server" 75
start
check "it is free again afterwards" "$status ${server:0:8}" "0 postgres"

# --- what the directory holds ---

echo 17 >"$data/PG_VERSION"
refused "an older cluster" pg_upgrade
rm "$data/PG_VERSION"
refused "no version" "$data"
echo 18 >"$data/PG_VERSION"
rm "$data/global/pg_control"
refused "no control file" "$data"
refused "a relative PGDATA" PGDATA PGDATA=data
touch "$work/file"
refused "PGDATA below a file" "$work/file/" PGDATA="$work/file/data"

# --- a replica ---

cluster
start POSTGRES_ROLE=primary
check "a primary" "$status $(grep -c warning <<<"$err")" "0 0"
refused "an unknown role" POSTGRES_ROLE POSTGRES_ROLE=replicate
refused "a replica that is a primary" POSTGRES_ROLE=primary POSTGRES_ROLE=replica
touch "$data/standby.signal"
start POSTGRES_ROLE=replica
check "a replica" "$status ${server:0:8} $(grep -c warning <<<"$err")" "0 postgres 0"
start
check "a standby as a primary" "$status ${server:0:8} $(grep -c 'warning.*pg_promote' <<<"$err")" "0 postgres 1"

empty
script docker-ensure-initdb.sh <<<"touch '$work/wrong'"
script aza-replicate.sh <<EOS
$make_cluster
touch "$data/standby.signal"
echo "\$@" >"$work/copied"
env >"$work/copied.env"
EOS
start POSTGRES_ROLE=replica
check "a copy" "$status ${server:0:8} $(<"$work/copied")" "0 postgres $data"
check "a copy has no first start" "$(there "$work/wrong")$(there "$marker")" ""
check "a copy has the environment" "$(grep '^POSTGRES_MEMORY' "$work/copied.env")" POSTGRES_MEMORY=2048
check "a copy has no password of the superuser" "$(grep -c canary "$work/copied.env")" 0
empty
script aza-replicate.sh <<<"exit 9"
start POSTGRES_ROLE=replica
check "a copy that fails" "$status $server" "9 "

# --- settings in a file ---

empty
cluster
by_file() { start POSTGRES_APPLY=file AZA_SETTINGS_FILE="$settings" "$@"; }
mkdir "$work/run"
by_file POSTGRES_SETTINGS="config_file=/c; hba_file=/h; my.own=it's"
check "only the places are flags" "$server" "postgres -c config_file=/c -c hba_file=/h"
check "the file" "$(grep -v '^#' "$settings")" "shared_buffers = '512MB'
max_connections = '100'
work_mem = '5MB'
log_line_prefix = '%m [%p] '
jit = 'off'
unix_socket_directories = '/tmp'
my.own = 'it''s'"
check "its mode" "$(stat -c %a "$settings")" 600
check "nothing beside it" "$(ls -A "$work/run")" settings.conf
by_file -- -c jit=on
check "the command line stays there" "$server $(grep -c jit "$settings")" "postgres -c jit=on 0"
# included LINE: whether the start warns that the settings are not included.
included() {
    printf '%b\n' "$1" >"$data/postgresql.conf"
    by_file
    grep -c "warning.*$settings" <<<"$err"
}
check "not included" "$(included 'jit = off')" 1
check "included" "$(included "jit = off\n \t include_if_exists '$settings'\njit = off")" 0
check "included by another word" "$(included "include '$settings' # here")" 0
check "in a comment" "$(included "#include '$settings'")" 1
check "in a comment at the end" "$(included "include 'other' # $settings")" 1
check "on another line" "$(included "include 'other'\n$settings")" 1
check "by another setting" "$(included "jit = '$settings'")" 1
check "no configuration" "$(rm "$data/postgresql.conf"; by_file; grep -c "warning.*$data/postgresql.conf" <<<"$err")" 1
echo "include '$settings'" >"$work/own.conf"
by_file POSTGRES_SETTINGS="config_file=$work/own.conf"
check "a configuration elsewhere" "$status $(grep -c warning <<<"$err")" "0 0"
refused "an unknown choice" POSTGRES_APPLY POSTGRES_APPLY=files
refused "no directory for the file" "$work/nowhere/settings" POSTGRES_APPLY=file AZA_SETTINGS_FILE="$work/nowhere/settings"
summary
