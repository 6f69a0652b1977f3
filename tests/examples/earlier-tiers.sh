#!/bin/sh
# The second published formulas give every figure that was printed from them.
. "$(dirname "$0")/common.sh"
example=examples/earlier-tiers
machines $example/documents.csv memory_mb:memory::MB none:cpus:2: >"$work/machines.csv"
decide $example/main.azr "$work/machines.csv" >"$work/settings.csv"
same_points $example/documents.csv "$work/settings.csv"
