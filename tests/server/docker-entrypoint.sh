#!/bin/bash
# Stands in for the official image's entrypoint on the test bed: the same contract in its smallest
# form. A command that is not the server is run as it is; as root it hands over to the user
# postgres; an empty PGDATA is initialised first.
set -euo pipefail

case ${1:-} in
'' | -*) set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

export PGDATA=${PGDATA:-/var/lib/postgresql/18/docker}
if [ "$(id -u)" = 0 ]; then
    mkdir -p -m 700 "$PGDATA"
    chown postgres:postgres "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # shellcheck disable=SC2086 # the official contract: words, split on blanks
    initdb --username="${POSTGRES_USER:-postgres}" --auth="${POSTGRES_HOST_AUTH_METHOD:-trust}" \
        --no-sync ${POSTGRES_INITDB_ARGS:-} --pgdata="$PGDATA" >/dev/null
fi
exec "$@"
