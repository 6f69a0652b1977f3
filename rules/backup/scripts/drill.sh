#!/bin/bash
# Tests the backups: restores a copy to a moment next to the running server, starts a server on it that no
# client can reach, and prints the result of a query. The copy is removed afterwards.
#
#     drill.sh 'YYYY-MM-DD HH:MM:SS+00' 'QUERY' [DATABASE]
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
work=${DRILL:-/var/lib/drill}
[ $# -ge 2 ] || {
    echo "drill: expected a moment and a query" >&2
    exit 64
}
data=$work/data
stop() {
    pg_ctl -s -D "$data" -m immediate stop 2>/dev/null || :
    rm -rf "$data" "$work/log" "$work"/.s.PGSQL.*
}
trap stop EXIT
rm -rf "$data" # left by a drill that was killed

bash "$here/restore.sh" --into "$data" "$1" >&2
# It must not write to the archive from which it is restored. Without hot standby its settings may be smaller
# than the original's, and it accepts connections only after replaying everything.
pg_ctl -s -w -D "$data" -l "$work/log" -o \
    "-c listen_addresses='' -c unix_socket_directories='$work' -c archive_mode=off \
-c hot_standby=off -c logging_collector=off -c log_destination=stderr" start >&2 || :
until psql -qXAt -h "$work" -d postgres -c 'select' >/dev/null 2>&1; do
    pg_ctl -s -D "$data" status >/dev/null || {
        cat "$work/log" >&2
        echo "drill: FAILED: the copy could not be recovered to $1" >&2
        exit 1
    }
    sleep 0.2
done
psql -qXAt -v ON_ERROR_STOP=1 -h "$work" -d "${3:-postgres}" -c "$2"
