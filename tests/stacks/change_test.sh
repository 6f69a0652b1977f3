#!/bin/bash
# A change of the rules, end to end: one number edited in a copy, checked, compiled, laid into a running
# container by compose.dev.yml, and seen in the server after a restart, with its reason.
. "$(dirname "$0")/lib.bash"
azc=$(readlink -f "${AZC:-build/bin/azc}")

# in_copy COMMAND...: where the rules are edited.
in_copy() { (cd "$copy" && "$@"); }
# edit FILE OLD NEW: the one line with OLD, which must be there.
edit() {
    [ "$(grep -cF -- "$2" "$copy/rules/$1")" = 1 ] || { echo "not one line of $1 has: $2"; return 1; }
    sed -i "s|$2|$3|" "$copy/rules/$1"
}
develop() { compose --file compose.yml --file compose.dev.yml "$@"; }
shown() { superuser "SHOW $1"; }
explained() { inside azr explain "$1"; }

copy=$work/copy
mkdir "$copy"
cp -R rules stdlib "$copy"
use single
export AZA_COMPILED=$copy POSTGRES_MEMORY_LIMIT=2GB
holds "the copy compiles" in_copy "$azc" compile
holds "the stack with the compiled rules" develop up --detach --quiet-pull --wait --wait-timeout 90
check "connections before" "$(shown max_connections)" 120
check "vacuums worth a line before" "$(shown log_autovacuum_min_duration)" 1min

holds "a number that is computed with" edit connections.azr 'below 4GB:  120' 'below 4GB:  111'
holds "a number that is the same everywhere" edit logging.azr \
    'log_autovacuum_min_duration = 1min' 'log_autovacuum_min_duration = 7min'
holds "azc check" in_copy "$azc" check
holds "azc compile" in_copy "$azc" compile
check "the running server is left alone" "$(shown max_connections)" 120
holds "restart" develop restart postgres
holds "an answer again" within 30 from 5433 app app 'SELECT 1'
check "connections" "$(shown max_connections)" 111
check "vacuums worth a line" "$(shown log_autovacuum_min_duration)" 7min
holds "azr explain" explained max_connections
has_line "the value" "$work/said" 'max_connections *= *111'
has_line "the line that was edited" "$work/said" 'connections.azr'

# A change that breaks a promise does not get so far.
holds "a number that is too large" edit connections.azr 'below 4GB:  111' 'below 4GB:  111111'
holds "and nothing that bounds it" edit connections.azr 'memory / 8MB' 'memory / 1kB'
fails "azc check of it" in_copy "$azc" check
has_line "where" "$work/said" 'rules/.*azr:[0-9]'
wipe
summary
