#!/bin/bash
# Makes the backups that are due, and says on a page for Prometheus when each kind last succeeded.
#
#     backup.sh                    for ever: what is due, every minute anew
#     backup.sh due                what is due, once
#     backup.sh full|diff|incr     that one, now
#
# What is due follows from the age of what is there, so a runner that was away catches up.
set -euo pipefail

stanza=${STANZA:-@STANZA@}
state=${BACKUP_STATE:-@REPOSITORY@/state}
declare -A every=([full]=@FULL_SECONDS@ [diff]=@DIFFERENTIAL_SECONDS@ [incr]=@INCREMENTAL_SECONDS@)

say() { echo "backup: $*" >&2; }

# A moment that was noted, or 0.
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

# A full backup is a differential one too, and either is an incremental one.
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
        say "$1 backup FAILED: the reason stands above"
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
    say "unknown word '$1': say full, diff, incr, due, or nothing"
    exit 64
    ;;
esac
