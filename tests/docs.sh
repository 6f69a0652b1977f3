#!/bin/bash
# The tables and charts of docs/: made from the rules, and compared with the files in docs/.
#
#     tests/docs.sh            fails if docs/ is out of date, and prints the differences
#     tests/docs.sh --write    rewrites them, as `make docs` does
set -u
cd "$(dirname "$0")/.." || exit
export LC_ALL=C
azc=${AZC:-build/bin/azc}
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir -p "$made/charts"
failed=

# Title, name of the chart, then the arguments of both verbs.
section() {
    local title=$1 chart=$2
    shift 2
    printf '\n## %s\n\n![%s](charts/%s.svg)\n\n```console\n$ azc table %s\n```\n\n' \
        "$title" "$title" "$chart" "$*"
    "$azc" table "$@" --format markdown || failed="azc table $*"
    "$azc" chart "$@" >"$made/charts/$chart.svg" || failed="azc chart $*"
}

tables() {
    cat <<'END'
# The policy in tables

The main settings over the size of the machine. A row applies from its size upwards. There is a row wherever the formula
for a value changes (a dot in the chart), and at powers of two where the value differs from the row above. `512MB+1kB` is
the first machine larger than 512MB.

Each table is the output of the command above it, and each chart that of `azc chart` with the same arguments. `make docs`
creates this file and `charts/` from the rules. Everything that a command does not set has the rules' default: an SSD,
`standard` sizing, 1GB of disk.
END
    section "Shared memory and caches" memory \
        shared_buffers effective_cache_size maintenance_work_mem --over memory
    section "Connections" max_connections max_connections --over memory --by workload
    section "Memory of a sort" work_mem work_mem --over memory --by workload
    section "Connections with guaranteed memory" guaranteed_connections \
        max_connections --over memory --by workload sizing=guaranteed cpus=4
    section "Memory of a sort, guaranteed" guaranteed_work_mem \
        work_mem --over memory --by workload sizing=guaranteed cpus=4
    section "Memory of an autovacuum worker" autovacuum_work_mem autovacuum_work_mem --over memory \
        cpus=4
    section "Workers of all parallel queries" max_parallel_workers \
        max_parallel_workers --over cpus --by workload memory=64GB
    section "Workers of one query" max_parallel_workers_per_gather \
        max_parallel_workers_per_gather --over cpus --by workload memory=64GB
    section "Other workers" workers \
        autovacuum_max_workers max_parallel_maintenance_workers max_worker_processes \
        --over cpus memory=64GB
    section "I/O workers" io_workers io_workers --over cpus --by workload memory=64GB
    section "Write-ahead log between checkpoints" max_wal_size \
        max_wal_size --over disk=1GB..4TB --by storage
    section "Disk space" room max_slot_wal_keep_size temp_file_limit --over disk=1GB..64TB
}
tables >"$made/tables.md"
[ -z "$failed" ] || { echo "docs: $failed failed: change tests/docs.sh with the rules"; exit 1; }

if [ "${1:-}" = --write ]; then
    rm -rf docs/charts
    cp -R "$made/charts" "$made/tables.md" docs/
    echo "wrote docs/tables.md and $(find docs/charts -name '*.svg' | wc -l) charts in docs/charts"
    exit
fi

passed=0 failed=0
check() {
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}
check diff -u docs/tables.md "$made/tables.md"
check diff -rq docs/charts "$made/charts"
[ $failed -eq 0 ] || echo "docs: docs/tables.md and docs/charts are out of date; update them with: make docs"

# The output quoted in docs/prover.md is what azc prints for that case.
check diff <(sed '/^exit /d' tests/lang/prove/not-true.err) \
    <(sed -n '/^tests\/lang\/prove\/not-true/,/^```/p' docs/prover.md | sed '/^```/d')

# Well-formed, whatever the comments in the rules contain.
check xmllint --noout "$made"/charts/*.svg
for over in memory cpus disk; do
    "$azc" chart --html --over $over --by workload >"$made/$over.html"
done
hostile=tests/lang/verbs/chart.azr
"$azc" chart --html --over memory --by workload --rules $hostile >"$made/hostile.html"
"$azc" chart kept jit level --over memory --by workload --rules $hostile >"$made/hostile.svg"
for file in "$made"/*.html "$made"/*.svg; do
    check xmllint --noout "$file"
done

echo "docs: $passed passed, $failed failed"
[ $failed -eq 0 ]
