#!/bin/bash
# azr start: what PostgreSQL is started with, what is left alone, and what is refused.
. "$(dirname "$0")/lib.bash"

# The words in front of the operator's own, for 2GB.
flags="[postgres]
[-c]
[shared_buffers=512MB]
[-c]
[max_connections=100]
[-c]
[work_mem=5MB]
[-c]
[log_line_prefix=%m [%p] ]
[-c]
[jit=off]
[-c]
[unix_socket_directories=/tmp]"

memory=POSTGRES_MEMORY=2048
run $memory start "$image" -- postgres
check "flags" "$out" "$flags"
check "log" "$err" "[AUTO-CONFIG] memory=2048MB (manual) workload=web (default) -> \
shared_buffers=512MB max_connections=100 work_mem=5MB log_line_prefix='%m [%p] ' jit=off and 1 fixed"
check "status" "$status" 0

run $memory start "$image" -- -c log_statement=all
check "postgres goes in front of a dash" "$out" "$flags
[-c]
[log_statement=all]"
run $memory start "$image" -- postgres -D "/a b" -C work_mem
check "the operator's words stay as they are" "$out" "$flags
[-D]
[/a b]
[-C]
[work_mem]"

# --- the operator's word ---

run $memory start "$image" -- postgres -c max_connections=200 --work-mem=3MB -cjit=on -B 1024
check "overridden settings are left out" "$out" "[postgres]
[-c]
[log_line_prefix=%m [%p] ]
[-c]
[unix_socket_directories=/tmp]
[-c]
[max_connections=200]
[--work-mem=3MB]
[-cjit=on]
[-B]
[1024]"
check "the log names the source that applied" "$err" "[AUTO-CONFIG] memory=2048MB (manual) workload=web (default) -> \
shared_buffers=8MB (command line) max_connections=200 (command line) \
work_mem=3MB (command line) log_line_prefix='%m [%p] ' jit=on (command line) and 1 fixed"

run $memory "POSTGRES_SETTINGS=max_connections = 256; log_statement=ddl
    primary_conninfo = 'host=a password=secret'
    my.own = 'x y' # a comment" start "$image" -- postgres -N 64
check "POSTGRES_SETTINGS becomes flags, and the command line wins over it" "$out" "[postgres]
[-c]
[shared_buffers=512MB]
[-c]
[work_mem=8MB]
[-c]
[log_line_prefix=%m [%p] ]
[-c]
[jit=off]
[-c]
[unix_socket_directories=/tmp]
[-c]
[log_statement=ddl]
[-c]
[primary_conninfo=host=a password=secret]
[-c]
[my.own=x y]
[-N]
[64]"
check "the log names the operator's own settings and keeps their values to itself" "$err" \
    "[AUTO-CONFIG] memory=2048MB (manual) workload=web (default) -> \
shared_buffers=512MB max_connections=64 (command line) work_mem=8MB \
log_line_prefix='%m [%p] ' jit=off log_statement (POSTGRES_SETTINGS) primary_conninfo (POSTGRES_SETTINGS) \
my.own (POSTGRES_SETTINGS) and 1 fixed"
run $memory POSTGRES_SETTINGS=max_connections=256 start "$image" -- postgres
check "other settings follow the operator's" "$(grep -c '^.max_connections=256.$\|^.work_mem=2MB.$' \
    "$work/out")" 2
run $memory POSTGRES_SETTINGS= start "$image" -- postgres
check "an empty POSTGRES_SETTINGS is none" "$out" "$flags"

# --- refused ---

refused() {
    local name=$1 wanted=$2
    shift 2
    run "$@"
    check "$name" "$err" "$wanted"
    check "$name: status" "$status" 78
    check "$name: nothing started" "$out" ""
}

refused "an unknown name" \
    "[AUTO-CONFIG] refused: max_conections=5 (command line) is not a setting; did you mean \`max_connections\`?" \
    $memory start "$image" -- postgres -c max_conections=5
refused "several at once" "[AUTO-CONFIG] warning: WORKLOAD=dw is not one of web, oltp; ignored
[AUTO-CONFIG] refused: POSTGRES_MEMORY=5GiB is not a size such as 2048 or 2GB
[AUTO-CONFIG] refused: work_mem=1kB (command line) is out of range; the setting allows 64kB .. 2147483647kB
[AUTO-CONFIG] refused: jit=perhaps (POSTGRES_SETTINGS) is neither on nor off" \
    POSTGRES_MEMORY=5GiB WORKLOAD=dw POSTGRES_SETTINGS=jit=perhaps start "$image" -- \
    postgres -c work_mem=1kB
refused "an internal setting" \
    "[AUTO-CONFIG] refused: server_version=1 (command line) is read-only: the server reports it" \
    $memory start "$image" -- postgres -c server_version=1
refused "too little memory" \
    "[AUTO-CONFIG] refused: POSTGRES_MEMORY=256: PostgreSQL needs at least 512MB" \
    POSTGRES_MEMORY=256 start "$image" -- postgres
refused "a check of the rules" "[AUTO-CONFIG] warning: 6000 connections are many
[AUTO-CONFIG] refused: 6000 connections are too many" \
    $memory start "$image" -- postgres -N 6000
printf 'azaimage, but not really' >"$work/broken.azb"
refused "a broken image" "[AUTO-CONFIG] refused: $work/broken.azb: not a valid \
image: size at byte 0; recreate it with azc compile" start "$work/broken.azb" -- postgres
refused "no image" "[AUTO-CONFIG] refused: $work/none.azb: no such file; create it with azc compile" \
    start "$work/none.azb" -- postgres
words=()
for ((i = 0; i < 1100; i++)); do words+=(-c "a.b=$i"); done
refused "too many words" \
    "[AUTO-CONFIG] refused: the command line or the environment is too long" \
    $memory start "$image" -- postgres "${words[@]}"

# --- warned ---

run $memory start "$image" -- postgres -N 600
check "a warning follows the log, once" "$err" "[AUTO-CONFIG] memory=2048MB (manual) \
workload=web (default) -> shared_buffers=512MB max_connections=600 (command line) work_mem=1MB \
log_line_prefix='%m [%p] ' jit=off and 1 fixed
[AUTO-CONFIG] warning: 600 connections are many"
check "and the server starts" "$status" 0

# --- lists in the log ---

run $memory "TAGS=b, a" start "$image" -- postgres
check "a short list" "$(grep -c "(default) tags=b,a (manual) -> " "$work/err")" 1
run $memory "TAGS=$(printf 'tag-%d,' {1..20})" start "$image" -- postgres
check "a long list is counted" "$(grep -c "(default) tags=20-names (manual) -> " "$work/err")" 1

# --- handed over untouched, in silence, whatever the image is ---

for words in bash "psql -c select" "postgres --help" "postgres -c a=b -V" --version "-? x" \
    "-c work_mem=1 --describe-config" "postgres --single main" "/usr/bin/postgres -c nonsense" \
    "Postgres" "postgres --boot"; do
    # shellcheck disable=SC2086
    run POSTGRES_SETTINGS=nonsense start "$work/broken.azb" -- $words
    check "untouched: $words" "$out" "$(printf '[%s]\n' $words)"
    check "silent: $words" "$err$status" 0
done
run start "$work/broken.azb" -- bash -c 'two  words' '' --help
check "words keep their blanks" "$out" "[bash]
[-c]
[two  words]
[]
[--help]"

# --- environment and entrypoint ---

run $memory "LABEL=it's me" CLUSTER_LABEL=old A=1 start --entrypoint print-environment "$image" -- \
    postgres
check "exports" "$(grep -v '^\(_\|PWD\|PGDATA\|SHLVL\|PATH\|OLDPWD\)=' "$work/out" | sort)" \
    "A=1
CLUSTER_LABEL=it's me
LABEL=it's me
POSTGRES_MEMORY=2048"
check "PGDATA is passed on" "$(grep '^PGDATA=' "$work/out")" "PGDATA=$work/data"
run $memory CLUSTER_LABEL=old start --entrypoint=print-environment "$image" -- postgres
check "an export that is not there leaves the variable alone" \
    "$(grep CLUSTER_LABEL "$work/out")" CLUSTER_LABEL=old
run CLUSTER_LABEL=old AZA_ENTRYPOINT=print-environment start "$image" -- bash
check "untouched commands keep their environment" "$(grep CLUSTER_LABEL "$work/out")" \
    CLUSTER_LABEL=old
run $memory start --entrypoint "$work/bin/exit-42" "$image" -- postgres
check "the entrypoint's status is ours" "$status" 42
run AZA_ENTRYPOINT=print-environment $memory start --entrypoint exit-42 "$image" -- postgres
check "the option wins over the variable" "$status" 42
run $memory start --entrypoint nothing-like-it "$image" -- postgres
check "no entrypoint: status" "$status" 127
check "no entrypoint" "${err##*$'\n'}" "azr: nothing-like-it: program not found; set --entrypoint or AZA_ENTRYPOINT"
run $memory start --entrypoint "$work/aza.azb" "$image" -- bash
check "an entrypoint that cannot run: status" "$status" 126
check "an entrypoint that cannot run" "$err" "azr: $work/aza.azb: could not execute the program"
run PATH=/nonexistent:"$work" $memory start --entrypoint aza.azb "$image" -- bash
check "one on PATH that cannot run" "$status" 126
mkdir "$work/here"
cp "$work/bin/exit-42" "$work/here/docker-entrypoint.sh"
(cd "$work/here" && env -i PATH=:/bin "$azr" start "$image" -- bash)
check "an empty part of PATH is here" $? 42
long=$(printf 'x%.0s' {1..5000})
run PATH="/$long:$work/bin" start --entrypoint exit-42 "$image" -- bash
check "a part of PATH that is too long is passed over" "$status" 42

# --- a machine made up ---

run start --root tests/probe/v2-container "$image" -- postgres
check "the cgroup's limit" "${err%% workload*}" "[AUTO-CONFIG] memory=$(
    sed -n 's/^cgroup_memory = \([0-9]*\) .*/\1/p' tests/probe/v2-container.expected |
        awk '{ print $1 / 1048576 "MB" }') (cgroup)"
mkdir "$work/no-machine"
run start --root "$work/no-machine" "$image" -- postgres
check "a machine that reports nothing" "$err" \
    "[AUTO-CONFIG] refused: memory: not reported by this machine, and not set"

# --- wrong usage ---

usage() {
    local name=$1
    shift
    run "$@"
    check "$name: status" "$status" 64
    check "$name: a line of azr's" "${err%%: *}${out}" azr
}
usage "no command" start "$image"
usage "an empty command" start "$image" --
usage "no image" start -- postgres
usage "two images" start "$image" "$image" -- postgres
usage "an unknown option" start --frobnicate "$image" -- postgres
usage "an option without its value" start "$image" --root
usage "a root that is not there" start "$image" --root "$work/nowhere" -- postgres
check "that root is named" "$(grep -cF "$work/nowhere" <<<"$err")" 1
usage "start has no formats" start --format json "$image" -- postgres

# What PostgreSQL itself would refuse, but only after its entrypoint has made a cluster.
refused_word() {
    run $memory start "$image" -- postgres "$1"
    check "refused: $1" "$status $err" "78 [AUTO-CONFIG] refused: $2"
}
refused_word -N "-N requires a value"
refused_word -c "-c requires a value"
refused_word -z "-z is not an option of postgres"
refused_word stray "stray is not an argument of postgres; a command must be the first word"
summary
