#!/bin/bash
# Stands in for what the product's own start does, as long as it does not: lock, marker, first start,
# copy of a primary, the pooler's files. Handed over to by azr, so settings come as flags.
set -Eeuo pipefail

# The value of a variable, or what is in the file that NAME_FILE names.
value() {
    local file=${1}_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-}"; fi
}
refuse() {
    echo "[AUTO-CONFIG] refused: $*" >&2
    exit 78
}

case ${1:-} in
pgbouncer)
    umask 077
    quote() { local text; text=$(value "$1"); printf '%s' "${text//\"/\"\"}"; }
    printf '"pgbouncer_auth" "%s"\n"monitor" "%s"\n' "$(quote PGBOUNCER_AUTH_PASS)" \
        "$(quote POSTGRES_MONITOR_PASSWORD)" >/run/pgbouncer/userlist.txt
    cat >/run/pgbouncer/pgbouncer.ini <<'END'
[databases]
* = host=postgres port=5432 auth_dbname=postgres
[pgbouncer]
listen_addr = *
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /run/pgbouncer/userlist.txt
auth_user = pgbouncer_auth
auth_query = SELECT usename, passwd FROM pgbouncer.lookup($1)
pool_mode = transaction
max_client_conn = 1000
max_prepared_statements = 200
ignore_startup_parameters = extra_float_digits
stats_users = monitor
server_login_retry = 1
END
    exec "$@"
    ;;
pgbouncer_exporter)
    umask 077
    text=$(value POSTGRES_MONITOR_PASSWORD)
    text=${text//\\/\\\\}
    printf 'pgbouncer:6432:*:monitor:%s\n' "${text//:/\\:}" >"$PGPASSFILE"
    exec "$@"
    ;;
postgres) ;;
*) exec "$@" ;;
esac

volume=/var/lib/postgresql marker=/var/lib/postgresql/.aza-init-in-progress
{ exec 9>"$volume/.aza.lock"; } 2>/dev/null || refuse "$volume cannot be written"
flock -n 9 || { echo "[AUTO-CONFIG] refused: $volume is in use by another container" >&2; exit 75; }
[ ! -e "$marker" ] || refuse "the first start of $volume did not end; wipe it, or remove $marker"

start_for_scripts() {
    pg_ctl -D "$PGDATA" -w -o "$(printf ' %q' "${@:2}") -c listen_addresses=" start >/dev/null
}

first_start() {
    : >"$marker"
    # shellcheck disable=SC2086 # the official contract: words
    initdb --no-sync --username="$POSTGRES_USER" --pwfile=<(value POSTGRES_PASSWORD; echo) \
        ${POSTGRES_INITDB_ARGS:-} >/dev/null
    start_for_scripts "$@"
    local script
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
        *.sh) "$script" ;;
        *.sql) psql -qX -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$script" ;;
        esac || { echo "$script failed" >&2; exit 1; }
    done
    pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
    rm "$marker"
}

copy_primary() {
    local pass=/run/aza/pgpass text
    rm -rf "$PGDATA.partial"
    text=$(value PG_REPLICATION_PASSWORD)
    text=${text//\\/\\\\}
    (umask 077; printf '*:*:*:*:%s\n' "${text//:/\\:}" >$pass)
    local connection="host=$PRIMARY_HOST port=$PRIMARY_PORT user=$PG_REPLICATION_USER passfile=$pass"
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        until pg_basebackup -w -d "$connection" -D "$PGDATA.partial" -X stream -c fast \
            -S "$REPLICATION_SLOT_NAME"; do
            rm -rf "$PGDATA.partial"
            sleep 1
        done
        printf "primary_conninfo = '%s'\nprimary_slot_name = '%s'\n" "$connection" \
            "$REPLICATION_SLOT_NAME" >>"$PGDATA.partial/postgresql.auto.conf"
        touch "$PGDATA.partial/standby.signal"
        rm -rf "$PGDATA"
        mv "$PGDATA.partial" "$PGDATA"
    fi
}

mkdir -p -m 700 "$PGDATA"
if [ "${POSTGRES_ROLE:-primary}" = replica ]; then
    copy_primary
elif [ ! -s "$PGDATA/PG_VERSION" ]; then
    first_start "$@"
fi
unset POSTGRES_PASSWORD PGPASSWORD
exec "$@"
