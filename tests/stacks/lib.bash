# What the tests of the stacks share. A test sources this, names a stack by `use`, and ends with
# `summary`. Secrets are made of what breaks quoting, and hold a word that is then looked for.
#
#     check NAME GOT WANTED           equal texts
#     holds NAME COMMAND...           a command that succeeds
#     fails NAME COMMAND...           one that does not
#     has_line NAME FILE PATTERN      a file with a line that matches
#     within SECONDS COMMAND...       succeeds as soon as the command does, fails after the time
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
suite=$(basename "$0" _test.sh)
lab=$PWD/tests/stacks/lab.sh
stacks=$(readlink -f "${STACKS:-stacks}")
work=$PWD/build/stacks/$suite
canary=cAnArY
passed=0 failed=0

if ! reason=$("$lab" possible); then
    echo "stacks/$suite: 0 passed, 0 failed, 1 skipped: $reason"
    exit
fi
rm -rf "$work"
mkdir -p "$work"
trap 'end_lab' EXIT
trap 'exit 130' INT TERM
end_lab() {
    if declare -F clean_up >/dev/null; then clean_up; fi
    "$lab" down
}
"$lab" up $$ && "$lab" images || exit 1

# --- verdicts ------------------------------------------------------------------------------------

pass() { passed=$((passed + 1)); }
flunk() {
    failed=$((failed + 1))
    printf '%s: FAILED: %s\n' "${fault:-$suite}" "$1"
    [ $# -lt 2 ] || printf '%s\n' "${@:2}" | sed 's/^/    /'
}
check() { if [ "$2" = "$3" ]; then pass; else flunk "$1" "got:    $2" "wanted: $3"; fi; }
holds() {
    local name=$1
    shift
    if "$@" &>"$work/said"; then pass; else flunk "$name" "$(tail -n 15 "$work/said")"; fi
}
fails() {
    local name=$1
    shift
    if "$@" &>"$work/said"; then flunk "$name" "$(tail -n 15 "$work/said")"; else pass; fi
}
has_line() {
    if grep -qE -- "$3" "$2"; then pass; else
        flunk "$1" "no line matches: $3" "$(tail -n 12 "$2")"
    fi
}
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@" &>/dev/null; do
        [ $SECONDS -lt $until ] || return 1
        sleep 0.2
    done
}
# Runs the functions named, or all that are given as NAME... ; one that is slow is reported.
run_faults() {
    local began
    for fault in "$@"; do
        began=$SECONDS
        "$fault"
        printf '%s: %d s\n' "$fault" $((SECONDS - began))
    done
    unset fault
}
summary() {
    echo "stacks/$suite: $passed passed, $failed failed"
    [ $failed -eq 0 ]
}

# --- stacks --------------------------------------------------------------------------------------

# use STACK: a copy of it, with secrets, that the functions below are about from now on; at the second
# time the same copy.
use() {
    stack=$1
    directory=$work/$stack
    export COMPOSE_PROJECT_NAME=aza-lab-$stack POSTGRES_DATA_VOLUME=aza-lab-$stack-data \
        PRIMARY_NETWORK=aza-lab-primary_back
    [ ! -d "$directory" ] || return 0
    cp -R "$stacks/$stack" "$directory"
    mkdir -p -m 700 "$directory/secrets"
    local name
    for name in $(sed -n 's|^ *file: "\{0,1\}\./secrets/\([a-z_]*\)"\{0,1\}$|\1|p' "$directory/compose.yml"); do
        secret "$name" "$(password "$name")"
    done
}
password() { printf '%s %s' "$1-$canary" ":\\\$HOME \"q\" '%41' &|{};#=@/?*"; }
# In place, as an editor does that keeps the file a running container has mounted.
secret() { printf '%s\n' "$2" >"$directory/secrets/$1"; }
# The first service of each stack.
server() { sed -n '/^services:/ { n; s/^ *\(.*\):$/\1/p }' "$directory/compose.yml"; }

docker() { "$lab" docker "$@"; }
compose() { (cd "$directory" && "$lab" compose "$@"); }
start() { compose up --detach --quiet-pull --wait --wait-timeout 90 "$@"; }
wipe() { compose down --volumes --timeout 5 &>/dev/null; }
container() { echo "aza-lab-$stack-$1-1"; }
inspect() { docker inspect --format "$2" "$(container "$1")"; }
logs() { docker logs "$(container "$1")" &>"$work/$1.log" && echo "$work/$1.log"; }
is_healthy() { [ "$(inspect "$1" '{{.State.Health.Status}}')" = healthy ]; }
restarts() { inspect "$1" '{{.RestartCount}}'; }

# The server's own process, counted as the host does: below the container's init.
postmaster() {
    local init
    init=$(inspect "$(server)" '{{.State.Pid}}')
    "$lab" host cat "/proc/$init/task/$init/children" | tr -d ' '
}

# --- clients -------------------------------------------------------------------------------------

inside() { docker exec -i "$(container "$(server)")" "$@"; }
superuser() { inside psql -XAtq -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$1"; }
# from PORT USER DATABASE SQL: over the published port, as a client on the host.
from() {
    local secret=${2}_password given
    if [ "$2" = replicator ]; then secret=replication_password; fi
    # A replica has the primary's roles, and not all of their secrets.
    if [ -e "$directory/secrets/$secret" ]; then given=$(<"$directory/secrets/$secret"); else
        given=$(password "$secret")
    fi
    PGPASSWORD=${PASSWORD-$given} PGCONNECT_TIMEOUT=5 \
        "$lab" in-net psql -XAtq -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U "$2" -d "$3" -c "$4"
}
direct() { from 5432 app app "$1"; }
pooled() { from 6432 app app "$1"; }
# page PORT PATH: over HTTP.
page() {
    "$lab" in-net bash -c 'exec 3<>/dev/tcp/127.0.0.1/$0
        printf "GET %s HTTP/1.0\r\n\r\n" "$1" >&3; cat <&3' "$1" "$2"
}
# is_one PORT SERIES: among the metrics there.
is_one() { page "$1" /metrics | grep -q "^$2 1\b"; }
