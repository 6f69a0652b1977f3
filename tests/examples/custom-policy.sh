#!/bin/sh
# A house's own policy compiles on top of the product's, its tests hold, and what it does not change
# stays as it was.
. "$(dirname "$0")/common.sh"
example=examples/custom-policy
printf 'memory,cpus\n8GB,4\n' >"$work/machines.csv"
decide rules/main.azr "$work/machines.csv" >"$work/before.csv"
decide $example/main.azr "$work/machines.csv" >"$work/after.csv"
awk -f "$here/csv.awk" -f "$here/changed.awk" "$work/before.csv" "$work/after.csv" >"$work/changed"
diff "$example/changed.txt" "$work/changed"
