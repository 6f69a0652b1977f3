#!/bin/bash
# Restores the data directory to a moment. The server must be stopped; at its next start it replays the
# archived log up to that moment and continues from there.
#
#     restore.sh [--into DIRECTORY] 'YYYY-MM-DD HH:MM:SS+00'
set -euo pipefail

stanza=${STANZA:-main}
data=${PGDATA:-/var/lib/postgresql/18/docker}
refuse() {
    echo "restore: $*" >&2
    exit 64
}

if [ "${1:-}" = --into ]; then
    data=${2:?a directory}
    shift 2
fi
target=${1:-}
[[ $target =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?[+-][0-9]{2}(:?[0-9]{2})?$ ]] ||
    refuse "'$target' is not a valid time: write it with its time zone, such as '2026-01-31 14:00:00+00'"
seconds=$(date -d "$target" +%s) || refuse "'$target' is not a valid date"
[ "$seconds" -le "$(date +%s)" ] ||
    refuse "'$target' is in the future: choose a moment in the past"
[ ! -e "$data/postmaster.pid" ] ||
    refuse "a server is using $data, or was killed there: stop it first (docker compose stop postgres)"

# Numbers are the times of backups; positions in the log are quoted.
oldest=$(pgbackrest --stanza="$stanza" --output=json --log-level-console=error info |
    grep -o '"stop":[0-9][0-9]*' | cut -d : -f 2 | sort -n | head -n 1) || :
[ -n "$oldest" ] || refuse "there is no backup of stanza '$stanza'"
[ "$seconds" -ge "$oldest" ] ||
    refuse "the oldest backup ended at $(date -u -d "@$oldest" '+%F %T+00'): earlier moments cannot be restored"

mkdir -p "$data"
chmod 700 "$data"
delta=
[ ! -s "$data/PG_VERSION" ] || delta=--delta # only what differs
pgbackrest --stanza="$stanza" --pg1-path="$data" $delta \
    --type=time "--target=$target" --target-action=promote restore
echo "restore: $data is ready; the server replays to $target when it starts" >&2
