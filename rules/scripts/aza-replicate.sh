#!/bin/bash
# Written by azc from rules/replication.azr; do not edit.
#
# aza-replicate.sh DATA makes DATA a copy of the primary; azr runs it when a replica has no data yet.
# The copy grows beside its place and takes it by one rename, whole and on disk: what broke off is
# begun anew. The password stands in a file that azr has written.
set -euo pipefail

data=$1 partial=$1.partial parent=$(dirname "$1")
host=${PRIMARY_HOST:-@PRIMARY_HOST@}
user=${PG_REPLICATION_USER:-@REPLICATION_ROLE@}
slot=${REPLICATION_SLOT_NAME:-@REPLICATION_SLOT@}
patience=${PRIMARY_WAIT:-@PRIMARY_WAIT@}

say() { printf '[AUTO-CONFIG] %s\n' "$*" >&2; }

case $slot in
*[!a-z0-9_]*)
    say "refused: REPLICATION_SLOT_NAME: a replica has one slot, named with a-z, 0-9 and _, not $slot"
    exit 78
    ;;
esac

# The server's user owns the copy, whoever starts it.
server=(env)
[ "$(id -u)" != 0 ] || server=(setpriv --reuid=postgres --regid=postgres --init-groups -- env)

# Further options are pg_basebackup's. What it says is looked at, so it says it in English.
copy() {
    rm -rf -- "$partial" && mkdir -p -- "$parent" && mkdir -m 700 -- "$partial" || return
    [ "$(id -u)" != 0 ] || chown postgres: "$partial" || return
    "${server[@]}" LC_ALL=C PGCONNECT_TIMEOUT=10 PGPASSFILE='@PASSWORD_FILE@' pg_basebackup \
        --pgdata="$partial" --host="$host" --port="${PRIMARY_PORT:-@PRIMARY_PORT@}" \
        --username="$user" --slot="$slot" --write-recovery-conf --checkpoint=fast --no-password "$@"
}

# Only waiting counts, not the time that a copy takes.
waited=0 told=-60 pause=1 options=()
say "copying the primary at $host"
until said=$(copy "${options[@]}" 2>&1); do
    if [[ $said == *"replication slot"*"does not exist"* && ${#options[@]} -eq 0 ]]; then
        options=(--create-slot)
        continue
    fi
    options=()
    if ((waited - told >= 60)); then
        remedy=
        if [[ $said == *"password authentication failed"* ]]; then
            remedy="; PG_REPLICATION_PASSWORD is not the password that $user has on the primary: mend it, and start this container again"
        fi
        said=${said%%$'\n'*}
        say "waiting for the primary: ${said//[^[:print:]]/ }$remedy"
        told=$waited
    fi
    if ((waited >= patience)); then
        say "the primary gave no copy within PRIMARY_WAIT, $patience seconds"
        exit 75
    fi
    sleep $pause
    ((waited += pause, pause = pause < 15 ? pause * 2 : 30))
done
mv -T -- "$partial" "$data"
sync -- "$parent"
