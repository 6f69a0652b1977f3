#!/bin/bash
# What the set declares that a library needs is not less than what it takes of a running server:
# worker processes, shared memory, a session's own, and locks.
. "$(dirname "$0")/../server/lib.bash"
[ "${1:-}" = --inside ] || enter -p "$(tests/extensions/packages.sh | xargs)" -- "$(relative "${AZC:-build/bin/azc}")"

azc=$2 D=/tmp/data
. tests/server/ledger_machines.sh
. tests/extensions/needs.sh
unset "${!POSTGRES_@}" AZA_PRELOAD
export PGHOST=/run/postgresql PGUSER=postgres PGDATABASE=postgres
initdb --no-sync -A trust -U postgres -D $D >$log 2>&1 || { cat $log; exit 1; }

row() {
    [ -n "$2" ] && [ -n "$3" ] && [ "$2" -le "$3" ]
    verdict $? "$1: takes ${2:-nothing that could be measured}, and ${3:-nothing} is declared" >&2
}
: >$log
needs_rows
[ $passed -gt 20 ] || failed=$((failed + 1))
summary
