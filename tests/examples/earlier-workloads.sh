#!/bin/sh
# The third published formulas give every figure that was printed from them, and all that the
# program of that day computed for 1,550 machines.
. "$(dirname "$0")/common.sh"
example=examples/earlier-workloads

machines $example/documents.csv memory_mb:memory::MB none:cpus:2: workload:workload:mixed: \
    storage:storage:ssd: >"$work/machines.csv"
decide $example/main.azr "$work/machines.csv" >"$work/settings.csv"
same_points $example/documents.csv "$work/settings.csv"

# The script of pgsodium, which this catalogue does not know, was the same in every row.
machines $example/golden.csv memory_mb:memory::MB cpus:cpus:: workload:workload:: storage:storage:: \
    >"$work/machines.csv"
decide $example/main.azr "$work/machines.csv" >"$work/settings.csv"
same_settings $example/golden.csv "$work/settings.csv" \
    'memory_mb cpus workload storage pgsodium.getkey_script'
