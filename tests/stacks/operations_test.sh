#!/bin/bash
# The commands of docs/operations.md, in its order: a primary and its replica are changed, resized, given
# other passwords and TLS; the replica takes over, and the volume of the old primary becomes the new
# replica; the data is dumped and loaded.
. "$(dirname "$0")/lib.bash"

exec_() { compose exec -T "$@"; }
# rerole: the roles again, with the passwords that the files hold now.
rerole() { exec_ postgres psql -XAtq -U postgres -f /docker-entrypoint-initdb.d/10-roles.sql; }
# say NAME=VALUE: in the stack's .env, once.
say() {
    touch "$directory/.env"
    sed -i "/^${1%%=*}=/d" "$directory/.env"
    echo "$1" >>"$directory/.env"
}
repool() {
    exec_ pgbouncer azr write /etc/aza/aza.azb --for pgbouncer && compose kill -s HUP pgbouncer
}
reads() { [ "$(from 5433 app app "$1")" = "$2" ]; }

changes() {
    say 'POSTGRES_SETTINGS=work_mem = 7MB; log_min_duration_statement = 123ms'
    holds "POSTGRES_SETTINGS" compose up --detach --wait
    check "it applies" "$(superuser 'SHOW work_mem')" 7MB
    holds "azr explain" inside azr explain work_mem
    has_line "with the source" "$work/said" 'POSTGRES_SETTINGS'
    # In both directions for settings that are read again at a reload.
    holds "ALTER SYSTEM" superuser "ALTER SYSTEM SET log_min_duration_statement = '456ms'"
    superuser 'SELECT pg_reload_conf()' >/dev/null
    holds "wins over it" within 5 eval "[ \"\$(superuser 'SHOW log_min_duration_statement')\" = 456ms ]"
    superuser 'ALTER SYSTEM RESET log_min_duration_statement' >/dev/null
    echo "log_min_duration_statement = '789ms'" >>"$directory/postgresql.conf"
    superuser 'SELECT pg_reload_conf()' >/dev/null
    holds "a line of one's own wins as well" within 5 \
        eval "[ \"\$(superuser 'SHOW log_min_duration_statement')\" = 789ms ]"
    check "and is found" "$(superuser "SELECT sourcefile FROM pg_settings
        WHERE name = 'log_min_duration_statement'")" /etc/aza/postgresql.conf
    # A line before the include does not override the operator's setting.
    say "POSTGRES_SETTINGS=unix_socket_directories = '/run/postgresql,/tmp'"
    holds "another socket" compose up --detach --wait
    check "it applies" "$(superuser 'SHOW unix_socket_directories')" '/run/postgresql,/tmp'
    holds "and there" inside psql -XAtq -h /tmp -U postgres -c 'SELECT 1'
    say POSTGRES_SETTINGS=
}

resize() {
    use primary
    say POSTGRES_MEMORY_LIMIT=4GB
    holds "a larger primary" compose up --detach --wait
    check "has more connections" "$(superuser 'SHOW max_connections')" 200
    use replica
    holds "its replica, started again" compose restart postgres_replica
    holds "follows" within 30 reads 'SHOW max_connections' 200
    use primary
    direct 'CREATE TABLE resized AS SELECT 1 AS a' >/dev/null
    use replica
    holds "and goes on" within 20 reads 'SELECT a FROM resized' 1
}

passwords() {
    local name
    use primary
    for name in postgres replication pgbouncer monitor app; do
        secret "${name}_password" "new-$(password "${name}_password")"
    done
    holds "the roles" rerole
    holds "the pooler's files" repool
    holds "the exporters" compose restart postgres_exporter pgbouncer_exporter
    check "the application" "$(direct 'SELECT 1')" 1
    holds "the application through the pooler" within 10 pooled 'SELECT 1'
    PASSWORD=$(password app_password) fails "the old one through the pooler" pooled 'SELECT 1'
    holds "monitoring of the server" within 15 is_one 9187 pg_up
    holds "monitoring of the pooler" within 15 is_one 9127 pgbouncer_up
    use replica
    # The application's is not the replica's to know, but for those who ask here.
    for name in replication monitor app; do
        secret "${name}_password" "new-$(password "${name}_password")"
    done
    holds "the replica" compose restart postgres_replica postgres_exporter
    use primary
    holds "streams" within 20 streams
    use replica
    holds "monitoring of the replica" within 15 is_one 9188 pg_up
}
streams() { [ "$(superuser 'SELECT state FROM pg_stat_replication')" = streaming ]; }

# A second replica beside the first, with its own name for everything that two would share.
second() {
    use replica
    export COMPOSE_PROJECT_NAME=aza-lab-replica-two POSTGRES_DATA_VOLUME=aza-lab-replica-two-data \
        REPLICATION_SLOT_NAME=second POSTGRES_PORT=5434 POSTGRES_EXPORTER_PORT=9189
    holds "a second replica" compose up --detach --wait
    check "reads" "$(from 5434 app app 'SELECT 1')" 1
    use primary
    check "and has its slot" "$(superuser 'SELECT slot_name FROM pg_replication_slots
        WHERE active ORDER BY slot_name')" $'replica_slot_1\nsecond'
    use replica
    export COMPOSE_PROJECT_NAME=aza-lab-replica-two POSTGRES_DATA_VOLUME=aza-lab-replica-two-data
    wipe
    unset REPLICATION_SLOT_NAME POSTGRES_PORT POSTGRES_EXPORTER_PORT
    use primary
    superuser "SELECT pg_drop_replication_slot('second')" >/dev/null
}

# A minor release, or another build of the image: the container is recreated with the same data.
upgrade() {
    local before
    use primary
    before=$(inspect "$(server)" '{{.Image}}')
    printf 'FROM aza-pg:18\nLABEL release=next\n' >"$work/Dockerfile"
    "$lab" docker buildx build --quiet --tag aza-pg:next --file "$work/Dockerfile" "$work" >/dev/null
    say POSTGRES_IMAGE=aza-pg:next
    holds "another image" compose up --detach --wait
    fails "is what runs" [ "$(inspect "$(server)" '{{.Image}}')" = "$before" ]
    check "on the data" "$(direct 'SELECT a FROM resized')" 1
    say POSTGRES_IMAGE=aza-pg:18
    holds "and back" compose up --detach --wait
    docker image rm aza-pg:next >/dev/null
}

# over_tls PORT: whether this session is encrypted.
over_tls() {
    local given
    given=$(<"$directory/secrets/app_password")
    PGPASSWORD=$given "$lab" in-net psql -XAtq -c "$2" \
        "host=127.0.0.1 port=$1 user=app dbname=app sslmode=${3:-require}"
}
# certify NAME: written into the files, whose mode and owner stay once they are right.
certify() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -subj "/CN=$1" -out "$work/cert" -keyout "$work/key" &>/dev/null
    cat "$work/cert" >"$directory/secrets/tls_cert"
    cat "$work/key" >"$directory/secrets/tls_key"
    chmod 644 "$directory/secrets/tls_cert"
    chmod 600 "$directory/secrets/tls_key"
    chown 999:999 "$directory/secrets/tls_key"
}
# shows PORT NAME: the certificate that is shown there.
shows() {
    "$lab" in-net openssl s_client -starttls postgres -connect "127.0.0.1:$1" </dev/null 2>/dev/null |
        openssl x509 -noout -subject | grep -q "$2"
}
tls() {
    use primary
    certify db.example.org
    fails "TLS before" over_tls 5432 'SELECT 1'
    say COMPOSE_FILE=compose.yml:compose.tls.yml
    holds "with a certificate" compose up --detach --wait
    check "the server" "$(over_tls 5432 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')" t
    check "the pooler" "$(over_tls 6432 'SELECT 1')" 1
    holds "the pooler without" over_tls 6432 'SELECT 1' disable
    say PGBOUNCER_CLIENT_TLS=require
    holds "where it must be" compose up --detach --wait
    holds "the pooler with" over_tls 6432 'SELECT 1'
    fails "the pooler without" over_tls 6432 'SELECT 1' disable
    holds "the server's certificate" shows 5432 db.example.org
    certify new.example.org
    holds "a new one" compose kill -s HUP postgres pgbouncer
    holds "the server shows it" within 5 shows 5432 new.example.org
    holds "the pooler shows it" within 5 shows 6432 new.example.org
    holds "the pooler with it" over_tls 6432 'SELECT 1'
}

# The primary is lost; its stack goes on with the replica's volume, and the replica's with a new one.
failover() {
    local primary=aza-lab-primary-data replica=aza-lab-replica-data
    use primary
    direct 'CREATE TABLE last_word AS SELECT 1 AS a' >/dev/null
    use replica
    holds "the last word has arrived" within 20 reads 'SELECT a FROM last_word' 1
    use primary
    compose down &>/dev/null
    use replica
    holds "promote" exec_ postgres_replica psql -XAtq -U postgres -c 'SELECT pg_promote()'
    say REPLICA_ROLE=primary
    holds "serves by itself, after a restart as well" compose up --detach --wait
    holds "writing" from 5433 app app 'CREATE TABLE written AS SELECT 1 AS a'
    say REPLICA_ROLE=replica
    compose down &>/dev/null
    use primary
    POSTGRES_DATA_VOLUME=$replica holds "the primary's stack on that volume" compose up --detach --wait
    holds "the pooler finds it" within 10 pooled 'SELECT a FROM written'
    docker volume rm $primary >/dev/null
    use replica
    POSTGRES_DATA_VOLUME=$primary holds "a replica on a new one" compose up --detach --wait
    holds "has all" within 20 reads 'SELECT a FROM written' 1
    POSTGRES_DATA_VOLUME=$primary compose down --volumes --timeout 5 &>/dev/null
    use primary
    export POSTGRES_DATA_VOLUME=$replica
}

# As from one major release to the next.
dumped() {
    exec_ postgres pg_dump -U postgres -Fc app >"$work/app.dump"
    wipe
    export POSTGRES_DATA_VOLUME=aza-lab-primary-data
    holds "an empty one" compose up --detach --wait
    holds "without its database" exec_ postgres dropdb -U postgres --force app
    holds "which is recreated" rerole
    holds "loads the dump" exec_ postgres pg_restore -U postgres -d app <"$work/app.dump"
    check "with everything" "$(direct 'SELECT a FROM written')" 1
}

# With examples/backup laid over it: a table that was dropped is there again.
backup() {
    local moment
    mkdir -p "$work/../examples"
    cp -R examples/backup "$work/../examples"
    export BACKUP_REPOSITORY_VOLUME=aza-lab-primary-backup
    use primary
    say COMPOSE_FILE=compose.yml:../../examples/backup/compose.yml
    holds "with backups" compose up --detach --wait
    check "its second socket" "$(superuser 'SHOW unix_socket_directories')" \
        '/run/postgresql,/run/backup'
    direct 'CREATE TABLE dropped AS SELECT 1 AS a' >/dev/null
    holds "the first backup" within 60 has_full_backup
    sleep 1
    moment=$(superuser "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS+00')")
    sleep 1
    holds "an accident" direct 'DROP TABLE dropped'
    superuser 'SELECT pg_switch_wal()' >/dev/null
    holds "stop" compose stop pgbouncer postgres backup
    holds "restore" compose run --rm -T restore "$moment"
    holds "start" compose up --detach --wait
    check "the table" "$(direct 'SELECT a FROM dropped')" 1
}
has_full_backup() { exec_ backup pgbackrest --stanza=main info | grep 'full backup'; }

use primary
holds "a primary" start
changes
use replica
holds "a replica" start
if [ $# -gt 0 ]; then run_faults "$@"; else run_faults resize passwords second upgrade tls failover dumped backup; fi
wipe
use replica
wipe
summary
