#!/bin/bash
# The catalogue of stdlib is that of a real server: it contains every setting that is imported from one
# with the extensions of root.sh, in the same words.
set -u
cd "$(dirname "$0")/../.." || exit
if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    echo "catalog: 0 passed, 0 failed, 1 skipped (needs root)"
    exit
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

tree=$(tests/server/root.sh) && TREE=$tree tests/server/catalog.sh "$scratch" || exit 1
committed=stdlib/catalogs/postgres-18.json imported=$scratch/postgres-18.json
if ! cmp -s <(grep '^"version"' $committed) <(grep '^"version"' "$imported"); then
    echo "catalog: 0 passed, 0 failed, 1 skipped: the packages have another minor release"
    exit
fi

entries() { sed -n 's/^\({"name".*}\),\?$/\1/p' "$1" | LC_ALL=C sort; }
LC_ALL=C comm -13 <(entries $committed) <(entries "$imported") >"$scratch/different"
cat "$scratch/different"
failed=$(wc -l <"$scratch/different")
echo "catalog: $(($(entries "$imported" | wc -l) - failed)) passed, $failed failed"
[ "$failed" = 0 ]
