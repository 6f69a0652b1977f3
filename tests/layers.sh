#!/bin/bash
# The folders of src/ are layers. Their order is the table in docs/architecture.md; a file includes
# headers of its own folder and of folders above it in that table, so there can be no cycle. Every
# folder has a row, every row has a folder, and no folder has more than 15 % of the lines of src/.
#
#     tests/layers.sh [TREE]      of this repository, or of another tree
set -u
cd "${1:-$(dirname "$0")/..}" || exit
passed=0 failed=0

fail() {
    failed=$((failed + 1))
    echo "$*"
}

# The folders in the order of the table: rows that begin with | `src/NAME/` |
mapfile -t layers < <(sed -n 's/^| `src\/\([a-z/]*\)\/` |.*/\1/p' docs/architecture.md)
declare -A rank
for i in "${!layers[@]}"; do rank[${layers[i]}]=$i; done
[ ${#layers[@]} -gt 10 ] || fail "docs/architecture.md: no table of folders found"

while IFS= read -r folder; do
    if [ -n "${rank[$folder]:-}" ]; then
        passed=$((passed + 1))
    else
        fail "src/$folder/ has no row in docs/architecture.md"
    fi
done < <(find src -mindepth 2 -name '*.[ch]' -printf '%P\n' | sed 's|/[^/]*$||' | sort -u)
for folder in "${layers[@]}"; do
    [ -d "src/$folder" ] || fail "docs/architecture.md lists src/$folder/, which does not exist"
done

# "FILE:LINE HEADER" for each header of another folder. Tables of grammar/ and src/*.h are for all.
while read -r place header; do
    file=${place%%:*}
    own=$(dirname "${file#src/}") other=$(dirname "$header")
    [ "$own" != "$other" ] || continue
    if [ -z "${rank[$other]:-}" ]; then
        fail "$place: $header is in no folder of docs/architecture.md"
    elif [ "${rank[$other]}" -lt "${rank[$own]:-0}" ]; then
        passed=$((passed + 1))
    else
        fail "$place: src/$own/ may not include $header: src/$other/ comes below it in docs/architecture.md"
    fi
done < <(grep -rnE '^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*"[^"]*/' src |
    sed -n 's/^\([^:]*:[0-9]*\):[^"]*"\([^"]*\)".*/\1 \2/p' | sort)

all=$(cat src/*/*.[ch] src/*/*/*.[ch] | wc -l)
while read -r lines folder; do
    if [ $((lines * 100)) -le $((all * 15)) ]; then
        passed=$((passed + 1))
    else
        fail "src/$folder/ has $lines of $all lines, more than 15 %"
    fi
done < <(find src -mindepth 2 -name '*.[ch]' -printf '%P\n' | awk '{n = $0; sub("/.*", "", n); print n}' | sort -u |
    while read -r folder; do echo "$(find "src/$folder" -name '*.[ch]' -exec cat {} + | wc -l) $folder"; done)

echo "layers: $passed passed, $failed failed"
[ $failed -eq 0 ]
