#!/bin/bash
# Prints the path of a directory tree with a real PostgreSQL 18 and its extensions, from Debian
# forky's packages. A tree is made once, in about half a minute, and kept in the cache; nothing is
# installed on the machine itself.
#
#     root.sh                     the extensions that the product preloads or knows
#     root.sh PACKAGE...          another tree, of these packages
#
# libjansson4 is for azc, which runs in the tree as well; mount has umount, which enter.sh needs. The
# suite's index is past its Valid-Until date on some mirrors; its signatures are what counts.
set -euo pipefail
. "$(dirname "$0")/../cache.bash"
become_root "$0" "$@"

if [ $# -eq 0 ]; then
    set -- cron credcheck hll http hypopg partman pg-hint-plan pg-qualstats pg-stat-kcache \
        pg-wait-sampling pgaudit pgvector plpgsql-check repack roaringbitmap rum set-user squeeze \
        timescaledb wal2json
    set -- libjansson4 postgresql-18 "${@/#/postgresql-18-}"
fi
packages=$(printf 'mount'; printf ',%s' "$@")

tree=$cache/tree-$(echo "$packages" | cksum | cut -d ' ' -f 1)
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
        forky "$new/tree" $("$(dirname "$0")/../../.ci/mirror.sh") &>"$new/log" || {
        tail -n 20 "$new/log" >&2
        exit 1
    }
    mkdir "$new/tree/aza"
    # Two that ran at once made the same; the first to rename wins.
    mv -T "$new/tree" "$tree" 2>/dev/null || [ -d "$tree" ]
fi
echo "$tree"
