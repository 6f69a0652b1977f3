#!/bin/bash
# Runs the unit tests of a directory side by side, and prints the output of those that fail.
#
#     tests/units.sh DIRECTORY      such as build/release/tests/unit
#
# A source in tests/unit/ without a program in the directory fails, as does a program that ends with
# another status than 0, whatever it has counted.
set -u
cd "$(dirname "$0")/.." || exit
export LC_ALL=C
directory=$1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

printf '%s\n' tests/unit/*_test.c | sed 's|.*/||; s|\.c$||' |
    xargs -P "$(nproc)" -I{} sh -c '"$1/$3" >"$2/$3" 2>&1; echo $? >"$2/$3.status"' - "$directory" "$logs" {}

passed=0 failed=0
for status in "$logs"/*.status; do
    log=${status%.status} name=$(basename "$status" .status)
    read -r p f < <(sed -n '$s/.*: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log")
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
    if [ "$(<"$status")" != 0 ] || [ "${p:-0}" = 0 ] || [ "$f" != 0 ]; then
        [ "${f:-0}" != 0 ] || failed=$((failed + 1))
        echo "fail $directory/$name: exit $(<"$status")"
        sed 's/^/    /' "$log"
    fi
done
echo "unit: $passed passed, $failed failed"
[ $failed -eq 0 ]
