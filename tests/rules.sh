#!/bin/bash
# The product's own rules, and every example's: their tests hold, they compile to the same bytes each
# time, the image disassembles, and all rules files are formatted.
set -u
cd "$(dirname "$0")/.."
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
for file in rules/*.azr stdlib/*.azr examples/*/*.azr; do
    [ -e "$file" ] || continue
    try "$azc" fmt --check "$file"
done

echo "rules: $passed passed, $failed failed"
[ $failed -eq 0 ]
