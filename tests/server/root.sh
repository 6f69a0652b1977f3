#!/bin/bash
# Prints the path of a directory tree with a real PostgreSQL 18 and its extensions, from Debian
# forky's packages. The tree is made once, in about half a minute, and kept in the cache; nothing is
# installed on the machine itself. libjansson4 is there for azc, which runs in the tree as well.
#
# The suite's index is past its Valid-Until date on some mirrors, and its signatures are what counts.
set -euo pipefail
[ "$(id -u)" = 0 ] || exec sudo env "HOME=$HOME" "$0"

packages=postgresql-18,mount,libjansson4
for extension in cron credcheck hll http hypopg partman pg-hint-plan pg-qualstats pg-stat-kcache \
    pg-wait-sampling pgaudit pgvector plpgsql-check repack roaringbitmap rum set-user squeeze \
    timescaledb wal2json; do
    packages+=,postgresql-18-$extension
done

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/aza-pg
tree=$cache/postgresql-18-$(cksum <"$0" | cut -d ' ' -f 1)
if [ ! -d "$tree" ]; then
    mkdir -p "$cache"
    new=$(mktemp -d "$cache/new.XXXXXX")
    trap 'rm -rf --one-file-system "$new"' EXIT
    echo "making a PostgreSQL 18 tree in $cache (once)" >&2
    mmdebstrap --variant=essential --include="$packages" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
        --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
        --setup-hook='mkdir -p "$1/etc/postgresql-common"' \
        --setup-hook='echo create_main_cluster=false >"$1/etc/postgresql-common/createcluster.conf"' \
        forky "$new/tree" $("$(dirname "$0")/../../scripts/mirror.sh") &>"$new/log" || {
        tail -n 20 "$new/log" >&2
        exit 1
    }
    mkdir "$new/tree/aza"
    # Two that ran at once made the same; the first to rename wins.
    mv -T "$new/tree" "$tree" 2>/dev/null || [ -d "$tree" ]
fi
echo "$tree"
