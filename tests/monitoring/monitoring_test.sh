#!/bin/bash
# The monitoring of examples/monitoring. promtool reads the files and tests every alert, firing and not firing. Then
# everything runs for real: a server with standby, slots and archive, PgBouncer, both exporters with the
# collectors of the primary stack, Prometheus with the rules as they stand. Every metric that an alert or
# panel names is on a page; every rule is healthy; every panel shows something; a crash is noticed.
. "$(dirname "$0")/../server/lib.bash"
[ "${1:-}" = --inside ] || enter -p "$(tests/monitoring/packages.sh)"

files=$PWD/examples/monitoring
here=$PWD/tests/monitoring
export PGDATA=/var/lib/postgresql/data PGHOST=127.0.0.1

# --- the files on their own ---------------------------------------------------------------------------

mkdir -p /tmp/rules/targets
cp "$files"/*.yml /tmp/rules
echo '[{ "targets": ["127.0.0.1:9188"] }]' >/tmp/rules/targets/standby.yml
run promtool check config --lint=all --lint-fatal /tmp/rules/prometheus.yml
verdict $? "promtool check config"
run promtool check rules --lint=all --lint-fatal /tmp/rules/alerts.yml /tmp/rules/capacity.yml
verdict $? "promtool check rules"
run python3 "$here/situations.py" /tmp/rules/alerts.yml && mv $log /tmp/situations.yml
verdict $? "every alert has its situations"
run promtool test rules /tmp/situations.yml
verdict $? "every alert fires in its situation, alone, and not short of it"
run jq -e '[.panels[].id] | length == (unique | length)' "$files/dashboard.json"
verdict $? "panels have numbers of their own"
run jq -e '[.panels[].gridPos | select(.x + .w > 24)] == []' "$files/dashboard.json"
verdict $? "panels stay on the page"
for key in summary description remedy; do
    run jq -n -e --argjson n "$(grep -c '^ *- alert:' /tmp/rules/alerts.yml)" \
        --argjson m "$(grep -c "^ *$key:" /tmp/rules/alerts.yml)" '$n == $m'
    verdict $? "every alert has its $key"
done

# --- the real thing -----------------------------------------------------------------------------------

start_servers() {
    initdb --no-sync --auth=trust --username=postgres &&
        pg_ctl -s -w -D $PGDATA -l /tmp/primary.log -o "-c archive_mode=on -c archive_command=/bin/true \
-c max_slot_wal_keep_size=64MB -c shared_preload_libraries=pg_stat_statements -c listen_addresses=127.0.0.1" \
            start &&
        psql -qX -U postgres <<END &&
create extension pg_stat_statements;
create role monitor login in role pg_monitor;
select pg_create_physical_replication_slot('replica_slot_1', true);
create table t (i int primary key);
END
        pg_basebackup -U postgres -D /var/lib/postgresql/standby -R -S replica_slot_1 -c fast -X stream &&
        pg_ctl -s -w -D /var/lib/postgresql/standby -l /tmp/standby.log -o "-p 5433 -c listen_addresses=127.0.0.1 \
-c unix_socket_directories=/tmp" start
}

start_pooler() {
    cat >/tmp/pgbouncer.ini <<END
[databases]
* = host=127.0.0.1 port=5432
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
auth_type = trust
auth_file = /tmp/userlist.txt
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
stats_users = monitor
unix_socket_dir =
END
    printf '"monitor" ""\n"postgres" ""\n' >/tmp/userlist.txt
    pgbouncer -q /tmp/pgbouncer.ini &>/tmp/pgbouncer.log &
}

start_exporters() {
    local port collectors
    mapfile -t collectors < <(grep -o -e '--collector[.a-z_=]*' stacks/primary/compose.yml)
    [ ${#collectors[@]} -gt 4 ] || return
    for port in 2 3; do
        DATA_SOURCE_NAME="postgresql://monitor@127.0.0.1:543$port/postgres?sslmode=disable" \
            prometheus-postgres-exporter "${collectors[@]}" \
            --web.listen-address=127.0.0.1:918$((port + 5)) &>/tmp/exporter$port.log &
    done
    prometheus-pgbouncer-exporter --web.listen-address=127.0.0.1:9127 \
        --pgBouncer.connectionString="postgres://monitor@127.0.0.1:6432/pgbouncer?sslmode=disable" \
        &>/tmp/pgbouncer_exporter.log &
    mkdir -p /tmp/state && date +%s >/tmp/state/full &&
        BACKUP_STATE=/tmp/state bash examples/backup/backup.sh due || return
    BACKUP_METRICS=/tmp/state/metrics perl examples/backup/metrics.pl &
}

# The files as they stand, but for the addresses and the pace: an exporter whose server is down needs a
# second for its answer, and Prometheus waits no longer than its pace. There is no name server here.
start_prometheus() {
    sed -e 's/scrape_interval: 15s$/scrape_interval: 2s/; s/evaluation_interval: 15s$/evaluation_interval: 1s/' \
        -e 's/[a-z_]*exporter:\([0-9]*\)$/"127.0.0.1:\1"/' \
        -e 's/dns_sd_configs/static_configs/; s/- names:$/- targets:/; s/- backup_exporter$/- "127.0.0.1:9854"/' \
        -e '/^ *type: A$/d; /^ *port: 9854$/d' -i /tmp/rules/prometheus.yml
    sed -e 's/vector(0)/vector(1e12)/' -i /tmp/rules/capacity.yml
    prometheus --config.file=/tmp/rules/prometheus.yml --storage.tsdb.path=/tmp/tsdb \
        --web.listen-address=127.0.0.1:9090 &>/tmp/prometheus.log &
}

work() {
    psql -qX -U postgres -p 6432 -c "insert into t select coalesce(max(i), 0) + 1 from t" postgres
    psql -qX -U postgres -c "set work_mem = '64kB'; select count(*) from (select g from generate_series(1, 1e5) g order by g desc) s" postgres >/dev/null
}

get() { curl -sS --max-time 10 "$@"; }
ask() { get --get --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query; }
# Whether a query has an answer.
answers() { ask "$1" 2>/dev/null | jq -e '.status == "success" and (.data.result | length) > 0' >/dev/null; }

# Waits until a query has an answer.
await() {
    local tries
    for tries in $(seq 1 "$2"); do
        ! answers "$1" || return 0
        sleep 1
    done
    ask "$1" >$log
    echo "no answer after $tries s" >>$log
    return 1
}

run start_servers
verdict $? "server and standby start"
start_pooler
start_exporters
verdict $? "exporters start"
start_prometheus
await 'count(up == 1) == 4' 20
verdict $? "Prometheus scrapes all four"
psql -qX -U postgres -c 'begin; select; select pg_sleep(3600)' postgres &>/dev/null &
for _ in {1..8}; do work; sleep 1; done

for page in 9187 9188 9127 9854; do get http://127.0.0.1:$page/metrics; done |
    sed -n 's/^\([a-zA-Z_:][a-zA-Z0-9_:]*\).*/\1/p' | sort -u >/tmp/known
printf '%s\n' ALERTS up capacity:disk_bytes capacity:memory_bytes >>/tmp/known
python3 "$here/names.py" names "$files/alerts.yml" "$files/dashboard.json" >/tmp/named
run grep -vxFf /tmp/known /tmp/named
[ $? -eq 1 ] && [ "$(wc -l </tmp/named)" -gt 40 ]
verdict $? "every metric that is named is on a page"

get http://127.0.0.1:9090/api/v1/rules |
    jq -r '.data.groups[].rules[] | select(.health != "ok") | "\(.name): \(.health) \(.lastError)"' >$log
[ ! -s $log ]
verdict $? "every rule is healthy"
ask 'ALERTS{alertstate="firing"}' | jq -r '.data.result[].metric.alertname' >$log
[ ! -s $log ]
verdict $? "no alert fires while all is well"
while IFS= read -r query; do
    run ask "$query"
    answers "$query"
    verdict $? "a panel shows nothing: $query"
done < <(python3 "$here/names.py" queries "$files/dashboard.json")

# Each condition that a real fault can make here: before its `for`, an alert is pending.
await 'absent(ALERTS{alertname="PostgresCrashed"})' 10
verdict $? "no crash yet"
kill -9 "$(pgrep -f 'postgres: background writer' | head -n 1)"
await 'ALERTS{alertname="PostgresCrashed",alertstate="firing",instance="127.0.0.1:9187"}' 30
verdict $? "a crash is noticed"
echo "primary_conninfo = 'host=127.0.0.1 port=1'" >>/var/lib/postgresql/standby/postgresql.auto.conf
pg_ctl -s -D /var/lib/postgresql/standby reload
await 'ALERTS{alertname="StandbyNotStreaming",instance="127.0.0.1:9188"}' 30
verdict $? "a standby without its primary is noticed"
await 'pg_replication_lag_seconds{instance="127.0.0.1:9188"} == 0' 10
verdict $? "whose lag reads zero"
for _ in {1..8}; do psql -qXAt -U postgres -c "insert into t select coalesce(max(i), 0) + 1 from t; select pg_switch_wal()" postgres >/dev/null; done
psql -qX -U postgres -c checkpoint postgres
await 'ALERTS{alertname="SlotLost",alertstate="firing",slot_name="replica_slot_1"}' 30
verdict $? "a lost slot is noticed"
kill %?pgbouncer.ini
await 'ALERTS{alertname="PgbouncerDown"}' 30
verdict $? "a pooler that is down is noticed"
pg_ctl -s -D $PGDATA -m immediate stop
await 'ALERTS{alertname="PostgresDown",instance="127.0.0.1:9187"}' 30
verdict $? "a server that is down is noticed"
answers 'up{instance="127.0.0.1:9187"} == 1'
verdict $? "by an exporter that goes on answering"

summary
