#!/bin/bash
# The product's own rules, and every example's: they compile, their tests hold, and all rules files
# are formatted.
set -u
cd "$(dirname "$0")/.."
azc=${AZC:-build/bin/azc}
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
done
for file in rules/*.azr stdlib/*.azr examples/*/*.azr; do
    [ -e "$file" ] || continue
    try "$azc" fmt --check "$file"
done

echo "rules: $passed passed, $failed failed"
[ $failed -eq 0 ]
