#!/bin/bash
# Makes the backups that are due, and publishes for Prometheus when each type last succeeded.
#
#     backup.sh                    makes due backups, every minute, forever
#     backup.sh due                makes the due backup, once
#     backup.sh full|diff|incr     makes a backup of this type now
#
# A backup is due by the age of the existing ones, so missed backups are made up for.
set -euo pipefail

stanza=${STANZA:-main}
state=${BACKUP_STATE:-/var/lib/pgbackrest/state}
declare -A every=([full]=604800 [diff]=86400 [incr]=21600)

say() { echo "backup: $*" >&2; }

# A recorded time, or 0.
noted() { cat "$state/$1" 2>/dev/null || echo 0; }

note() {
    date +%s >"$state/$1.new"
    mv "$state/$1.new" "$state/$1"
}

page() {
    local type
    echo '# HELP backup_last_success_timestamp_seconds When a backup of this type last succeeded.'
    echo '# TYPE backup_last_success_timestamp_seconds gauge'
    for type in full diff incr; do
        echo "backup_last_success_timestamp_seconds{type=\"$type\"} $(noted "$type")"
    done
    echo '# HELP backup_last_failure_timestamp_seconds When a backup last failed.'
    echo '# TYPE backup_last_failure_timestamp_seconds gauge'
    echo "backup_last_failure_timestamp_seconds $(noted failed)"
}

publish() {
    page >"$state/metrics.new"
    mv "$state/metrics.new" "$state/metrics"
}

# A full backup also counts as a differential one, and both count as incremental ones.
newest() {
    local type newest=0
    for type in "$@"; do
        [ "$(noted "$type")" -le "$newest" ] || newest=$(noted "$type")
    done
    echo "$newest"
}

due() {
    local now
    now=$(date +%s)
    if [ $((now - $(newest full))) -ge "${every[full]}" ]; then
        echo full
    elif [ $((now - $(newest full diff))) -ge "${every[diff]}" ]; then
        echo diff
    elif [ $((now - $(newest full diff incr))) -ge "${every[incr]}" ]; then
        echo incr
    fi
}

make() {
    local began=$SECONDS
    if pgbackrest --stanza="$stanza" stanza-create >&2 &&
        pgbackrest --stanza="$stanza" --type="$1" backup >&2; then
        note "$1"
        say "$1 backup made in $((SECONDS - began)) s"
        publish
    else
        note failed
        say "$1 backup FAILED: see the lines above"
        publish
        return 1
    fi
}

make_due() {
    local type
    type=$(due)
    [ -z "$type" ] || make "$type"
}

mkdir -p "$state"
publish
case ${1:-} in
full | diff | incr) make "$1" ;;
due) make_due ;;
'')
    trap 'exit 0' TERM INT
    while :; do
        make_due || :
        sleep 60 &
        wait $!
    done
    ;;
*)
    say "unknown argument '$1': expected full, diff, incr, due, or none"
    exit 64
    ;;
esac
