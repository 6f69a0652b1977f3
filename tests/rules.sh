#!/bin/bash
# The product's own rules, and every example's: their tests hold, they compile to the same bytes each
# time, the image disassembles, all rules files are formatted, docs/policy.md is up to date,
# and a sample of the whole domain is decided without a refusal and without a broken invariant.
set -u
cd "$(dirname "$0")/.." || exit
azc=${AZC:-build/bin/azc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

try() {
    local output
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$*" "$output"
    fi
}

for main in rules/main.azr examples/*/main.azr; do
    [ -e "$main" ] || continue
    try "$azc" check "$main"
    try "$azc" test "$main"
    try "$azc" compile --rules "$main" -o "$work/once"
    try "$azc" compile --rules "$main" -o "$work/again"
    try diff -r "$work/once" "$work/again"
    try "$azc" compile --rules "$main" -o "$work/known" memory=8GB cpus=4
    try grep -q "^shared_buffers = '" "$work/known/postgresql.conf"
    try "$azc" disasm "$work/once/aza.azb"
done
for file in rules/*.azr rules/*/*.azr stdlib/*.azr examples/*/*.azr; do
    [ -e "$file" ] || continue
    try "$azc" fmt --check "$file"
done

reference() {
    diff -u docs/policy.md <("$azc" doc) && return
    echo "docs/policy.md is out of date; update it with: build/bin/azc doc -o docs/policy.md"
    return 1
}
try reference

# Sizes from 512MB to 1TB, a third more each time, and both sides of every edge in the rules.
machines() {
    awk 'BEGIN {
        n = split("512MB,524289kB,1023MB,1GB,4095MB,4GB,8191MB,8GB,8193MB,32GB,32769MB,64GB,218GB,219GB,1TB", edge, ",")
        for (i = 1; i <= n; i++) size[i] = edge[i]
        for (kb = 600000; kb < 1073741824; kb = int(kb * 4 / 3)) size[++n] = kb "kB"
        cpus = "0.25 0.5 1 1.5 2 3 4 7.999 8 16 33 64 128 256"
        print "memory,cpus,workload,storage,sizing"
        for (i = 1; i <= n; i++)
            for (c = split(cpus, cpu, " "); c > 0; c--)
                for (w = split("web oltp dw mixed", workload, " "); w > 0; w--)
                    for (s = split("ssd nvme san hdd", storage, " "); s > 0; s--)
                        for (z = split("standard guaranteed", sizing, " "); z > 0; z--)
                            print size[i] "," cpu[c] "," workload[w] "," storage[s] "," sizing[z]
    }'
}
machines >"$work/machines.csv"
"$azc" eval --csv "$work/machines.csv" >"$work/settings.csv" 2>"$work/said"
try diff <(echo 0) <(grep -c "does not hold" "$work/said")
try diff <(cut -d, -f1-5 "$work/machines.csv") <(cut -d, -f1-5 "$work/settings.csv")

# What the README quotes.
try diff <(sed -n 's/^next  *at memory/at memory/p' README.md) \
    <("$azc" explain max_connections memory=2GB cpus=2 | sed -n 's/^  next *//p')

echo "rules: $passed passed, $failed failed"
[ $failed -eq 0 ]
