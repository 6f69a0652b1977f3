#!/bin/bash
# What starting by azr costs: from spawn to the end of an entrypoint that does nothing, beside that
# entrypoint alone and a shell script that does what azr does. Then sizes, and how long compiling the
# product takes.
#
#     tests/bench/bench.sh            2000 starts, or RUNS of them
#     tests/bench/bench.sh --check    a few starts, to test that it works; fails also where azr takes
#                                     more than 50 times as long as a program that does nothing
#
# The start is one of a cluster that exists: azr finds, locks and checks a data directory in build/bench,
# which holds as much of a cluster as azr looks at. Nothing else is written, whichever user runs this.
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${RUNS:-2000} compiles=50 limit=50
[ "${1:-}" != --check ] || runs=40 compiles=1
work=$PWD/build/bench/work empty=$PWD/build/bench/empty
rm -rf "$work"
mkdir -p "$work/18/docker/global" "$work/sockets"
chmod 700 "$work/18/docker"
echo 18 >"$work/18/docker/PG_VERSION"
touch "$work/18/docker/global/pg_control"

build/bin/azc compile -o "$work" >/dev/null
start=(build/bin/azr start "$work/aza.azb" -- postgres -c "unix_socket_directories=$work/sockets")
# The environment of a container, and no variable of this shell's.
environment=(env -i PATH=/usr/bin:/bin PGDATA="$work/18/docker" AZA_ENTRYPOINT="$empty")
spawn=("${environment[@]}" build/bench/spawn)

"${environment[@]}" "${start[@]}" 2>"$work/log" || { cat "$work/log"; exit 1; }
echo "start to end, $runs runs in turn with the empty program (median, median ratio, resident memory)"
"${spawn[@]}" "$runs" "empty static program" "$empty" :: "azr start" "${start[@]}" | tee "$work/starts"
"${spawn[@]}" $((runs / 20)) "empty static program" "$empty" :: \
    "shell script, 34 forks" tests/bench/script.sh "$empty"

echo
echo "compiling the product, $compiles runs in turn"
"${spawn[@]}" $compiles "azc --version" build/bin/azc --version :: \
    "azc compile" build/bin/azc compile -o "$work"

echo
echo "sizes in bytes"
stat -c '%-28n %10s' build/bin/azr "$work/aza.azb" | sed "s|$work/||; s|build/bin/||"

[ "${1:-}" != --check ] ||
    awk -v limit=$limit '/^azr start/ { found = 1; for (i = 1; i < NF; i++) if ($(i + 1) == "x") ratio = $i }
        END { if (!found || ratio > limit) { print "azr start takes " ratio " times as long; limit " limit; exit 1 } }' \
        "$work/starts"
