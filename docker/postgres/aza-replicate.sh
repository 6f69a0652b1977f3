#!/bin/bash
# Written by azc from rules/replication.azr; do not edit.
#
# aza-replicate.sh DATA copies the primary to DATA; azr runs it if a replica has no data yet.
# The copy is written to a temporary directory and renamed when it is complete and on disk, so an interrupted
# copy starts again. The password is in a file that azr has written.
set -euo pipefail

data=$1 partial=$1.partial parent=$(dirname "$1")
host=${PRIMARY_HOST:-postgres}
user=${PG_REPLICATION_USER:-replicator}
slot=${REPLICATION_SLOT_NAME:-replica_slot_1}
patience=${PRIMARY_WAIT:-600}

say() { printf '[AUTO-CONFIG] %s\n' "$*" >&2; }

case $slot in
*[!a-z0-9_]*)
    say "refused: REPLICATION_SLOT_NAME: a replica has one slot, with a name made of a-z, 0-9 and _, not $slot"
    exit 78
    ;;
esac

# The server's user owns the copy, even if root runs this script.
server=(env)
[ "$(id -u)" != 0 ] || server=(setpriv --reuid=postgres --regid=postgres --init-groups -- env)

# Arguments are additional options of pg_basebackup. Its messages are matched below, so they must be in English.
copy() {
    rm -rf -- "$partial" && mkdir -p -- "$parent" && mkdir -m 700 -- "$partial" || return
    [ "$(id -u)" != 0 ] || chown postgres: "$partial" || return
    "${server[@]}" LC_ALL=C PGCONNECT_TIMEOUT=10 PGPASSFILE='/run/aza/primary.pass' pg_basebackup \
        --pgdata="$partial" --host="$host" --port="${PRIMARY_PORT:-5432}" \
        --username="$user" --slot="$slot" --write-recovery-conf --checkpoint=fast --no-password "$@"
}

# PRIMARY_WAIT limits the waiting time only, not the time that a copy takes.
waited=0 reported=-60 pause=1 options=()
say "copying the primary at $host"
until said=$(copy "${options[@]}" 2>&1); do
    if [[ $said == *"replication slot"*"does not exist"* && ${#options[@]} -eq 0 ]]; then
        options=(--create-slot)
        continue
    fi
    options=()
    if ((waited - reported >= 60)); then
        remedy=
        if [[ $said == *"password authentication failed"* ]]; then
            remedy="; PG_REPLICATION_PASSWORD is not the password of $user on the primary: correct it and restart this container"
        fi
        said=${said%%$'\n'*}
        say "waiting for the primary: ${said//[^[:print:]]/ }$remedy"
        reported=$waited
    fi
    if ((waited >= patience)); then
        say "could not copy the primary within PRIMARY_WAIT ($patience seconds)"
        exit 75
    fi
    sleep $pause
    ((waited += pause, pause = pause < 15 ? pause * 2 : 30))
done
mv -T -- "$partial" "$data"
sync -- "$parent"
