#!/bin/bash
# Writes the files of the pooler and of its exporter, in the place of azr, for as long as the image of the
# rules holds no documents for these commands.
set -Eeuo pipefail

# The value of a variable, or what is in the file that NAME_FILE names.
value() {
    local file=${1}_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-}"; fi
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
*) exec "$@" ;;
esac
