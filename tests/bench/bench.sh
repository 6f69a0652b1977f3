#!/bin/bash
# What starting by azr costs: from spawn to the end of an entrypoint that does nothing, beside that
# entrypoint alone and a shell script that does what azr does. Then sizes, and how long compiling the
# product takes. RUNS=2000.
set -euo pipefail
cd "$(dirname "$0")/../.." || exit
runs=${RUNS:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build/bin/azc compile -o "$work" >/dev/null
export AZA_ENTRYPOINT=$PWD/build/bench/empty

echo "start to end, $runs runs, taking turns (median, times the empty program, resident memory)"
build/bench/spawn "$runs" "empty static program" "$AZA_ENTRYPOINT" :: \
    "azr start" build/bin/azr start "$work/aza.azb" -- postgres
build/bench/spawn $((runs / 20)) "empty static program" "$AZA_ENTRYPOINT" :: \
    "shell script, 34 forks" tests/bench/script.sh "$AZA_ENTRYPOINT"

echo
echo "compiling the product, 50 runs"
build/bench/spawn 50 "azc --version" build/bin/azc --version :: \
    "azc compile" build/bin/azc compile -o "$work"

echo
echo "sizes in bytes"
stat -c '%-28n %10s' build/bin/azr "$work/aza.azb" | sed "s|$work/||; s|build/bin/||"
