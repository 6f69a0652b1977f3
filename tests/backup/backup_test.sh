#!/bin/bash
# Backups and their restore against a real server: full, differential and incremental, by the files of
# examples/backup as they stand; a point in time has the row before it and not the one after; what
# cannot be restored is refused aloud.
. "$(dirname "$0")/../server/lib.bash"
[ "${1:-}" = --inside ] || enter -p "$(tests/monitoring/packages.sh)"

files=$PWD/examples/backup
export PGDATA=/var/lib/postgresql/18/docker DRILL=/var/lib/postgresql/drill
export BACKUP_STATE=/var/lib/postgresql/state BACKUP_METRICS=/var/lib/postgresql/state/metrics
export PGBACKREST_CONFIG=$files/pgbackrest.conf PGBACKREST_REPO1_PATH=/var/lib/postgresql/repository

# A refusal: the exit status, and the message.
refused() {
    local wanted=$1 words=$2 status
    shift 2
    run "$@"
    status=$?
    [ $status -eq "$wanted" ] && grep -q "$words" $log
    verdict $? "refused with $wanted and '$words', but $status: $*"
}

sql() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1" postgres; }
moment() { sql "select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US+00')"; }

start() {
    pg_ctl -s -w -D $PGDATA -l /tmp/server.log -o "-c archive_mode=on \
-c archive_command='pgbackrest --stanza=main archive-push %p'" start
}

# Waits until a segment has reached the archive, ten seconds at most.
archived() {
    local segment=$1 tries
    for tries in {1..100}; do
        [ "$(sql "select last_archived_wal >= '$segment' from pg_stat_archiver")" != t ] || return 0
        sleep 0.1
    done
    echo "$segment is not in the archive after $tries tries" >>$log
    return 1
}

# The types of all backups, oldest first.
backups() {
    pgbackrest --stanza=main --output=json --log-level-console=error info |
        grep -o '"type":"[a-z]*"' | cut -d '"' -f 4 | xargs
}

metrics() {
    exec 3<>/dev/tcp/127.0.0.1/9854
    printf 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n' >&3
    cat <&3
}

mkdir -p "$(dirname $PGDATA)" $DRILL
initdb --username=postgres --no-sync >$log 2>&1
verdict $? initdb

refused 64 "no backup of stanza" bash $files/restore.sh "2020-01-01 00:00:00+00"
run bash $files/backup.sh full
[ $? -eq 1 ] && grep -q "FAILED" $log
verdict $? "a backup of a server that is down fails"
grep -q '^backup_last_failure_timestamp_seconds [1-9]' $BACKUP_METRICS
verdict $? "the page shows the failure"

run start
verdict $? "the server starts"
before_all=$(moment)
sql "create table rows (what text)"
run bash $files/backup.sh due
verdict $? "what is due first"
same full "$(backups)"
verdict $? "is a full backup"
run bash $files/backup.sh due
same full "$(backups)"
verdict $? "nothing more is due"
sql "insert into rows values ('in the differential backup')"
run bash $files/backup.sh diff
verdict $? "differential backup"
sql "insert into rows values ('in the incremental backup')"
run bash $files/backup.sh incr
verdict $? "incremental backup"
same "full diff incr" "$(backups)"
verdict $? "one of each"

# Ages move the schedule: two days without a differential one, eight without a full one.
echo $(($(date +%s) - 2 * 86400)) | tee $BACKUP_STATE/full >$BACKUP_STATE/diff
run bash $files/backup.sh due
same "full diff incr diff" "$(backups)"
verdict $? "after two days a differential one is due"
echo $(($(date +%s) - 8 * 86400)) >$BACKUP_STATE/full
run bash $files/backup.sh due
same "full diff incr diff full" "$(backups)"
verdict $? "after eight days a full one is due"

sql "insert into rows values ('before')"
sleep 1
between=$(moment)
sleep 1
sql "insert into rows values ('after')"
after=$(moment)
sql "insert into rows values ('last')"
archived "$(sql "select pg_walfile_name(pg_switch_wal())")"
verdict $? "the archive keeps up"

query="select string_agg(what, ', ' order by what) from rows"
answer=$(bash $files/drill.sh "$between" "$query" 2>$log)
same "before, in the differential backup, in the incremental backup" "$answer"
verdict $? "drill: the row before is there, the one after is not"
answer=$(bash $files/drill.sh "$after" "$query" 2>$log)
same "after, before, in the differential backup, in the incremental backup" "$answer"
verdict $? "drill: a moment later it is"
same 5 "$(sql 'select count(*) from rows')"
verdict $? "the server beside it kept its rows"
[ ! -e $DRILL/data ]
verdict $? "the copy is gone"

refused 64 "a server is using" bash $files/restore.sh "$between"
refused 64 "is in the future" bash $files/restore.sh --into $DRILL/data "$(date -u -d '+1 day' '+%F %T+00')"
refused 64 "earlier moments cannot be restored" bash $files/restore.sh --into $DRILL/data "$before_all"
refused 64 "is not a valid time" bash $files/restore.sh --into $DRILL/data yesterday
refused 64 "is not a valid time" bash $files/restore.sh --into $DRILL/data "2026-01-31 14:00:00"
refused 64 "is not a valid date" bash $files/restore.sh --into $DRILL/data "2026-02-31 14:00:00+00"
refused 64 "unknown argument" bash $files/backup.sh weekly
refused 64 "a moment and a query" bash $files/drill.sh "$between"

# A moment whose log never reached the archive: the copy does not pretend to have it.
never=$(moment)
refused 1 "could not be recovered" bash $files/drill.sh "$never" "$query"
grep -q "recovery ended before configured recovery target was reached" $log
verdict $? "with the reason"

# In place, as after a disaster.
restore_in_place() {
    pg_ctl -s -w -D $PGDATA -m fast stop
    rm -rf "${PGDATA:?}"/base
    run bash $files/restore.sh "$between"
    verdict $? "restore in place" || return
    run start
    verdict $? "the restored server starts" || return
    for _ in {1..100}; do
        [ "$(sql 'select pg_is_in_recovery()')" != f ] || break
        sleep 0.1
    done
    same "before, in the differential backup, in the incremental backup" "$(sql "$query")"
    verdict $? "restored: the row before is there, the one after is not"
    run sql "insert into rows values ('new life')"
    verdict $? "it takes new rows"
    run bash $files/backup.sh incr
    verdict $? "and its next backup"
    same "full diff incr diff full incr" "$(backups)"
    verdict $? "hangs on those before"
}
restore_in_place

# A segment that is missing from the archive.
segment=$(sql "select pg_walfile_name(pg_switch_wal())")
sql "insert into rows values ('lost')"
lost=$(moment)
sql "insert into rows values ('later')"
archived "$(sql "select pg_walfile_name(pg_switch_wal())")"
verdict $? "the archive has a segment more"
find $PGBACKREST_REPO1_PATH/archive/main -name "$segment-*" -print -delete >$log
[ -s $log ]
verdict $? "one is taken out of the archive"
refused 1 "could not be recovered" bash $files/drill.sh "$lost" "$query"

perl $files/metrics.pl &
server=$!
sleep 0.5
run metrics
grep -q '^HTTP/1.1 200' $log && grep -Eq '^backup_last_success_timestamp_seconds\{type="full"\} [1-9]' $log
verdict $? "the page is served"
kill $server

pg_ctl -s -w -D $PGDATA -m fast stop
summary
