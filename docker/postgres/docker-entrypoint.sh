#!/bin/bash
# The official image's contract, for a PostgreSQL that comes from Debian's packages: a command that is
# not the server is run as it is; as root, directories are made and the script starts again as
# postgres; an empty PGDATA is initialised, with the operator's scripts; then the server.
#
# Under its second name, docker-ensure-initdb.sh, it ends where the server would start.
set -Eeuo pipefail

fail() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

# The value of a variable, from itself or from the file that NAME_FILE names, else the default.
take() {
    local name=$1 file=${1}_FILE value=${2:-}
    [ -z "${!name:-}" ] || [ -z "${!file:-}" ] || fail "$name and $file are both set: unset one"
    if [ -n "${!name:-}" ]; then
        value=${!name}
    elif [ -n "${!file:-}" ]; then
        value=$(<"${!file}")
    fi
    export "$name=$value"
    unset "$file"
}

# Whether a switch asks the program about itself.
asks() {
    local word
    for word; do
        case $word in
        -\? | --help | --describe-config | -V | --version) return 0 ;;
        esac
    done
    return 1
}

# Only what belongs to somebody else is changed: a restart with few capabilities has nothing to do.
make_directories() {
    local directories=("$PGDATA" /var/run/postgresql)
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA" || :
    mkdir -p /var/run/postgresql || :
    chmod 3775 /var/run/postgresql || :
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then
        mkdir -p "$POSTGRES_INITDB_WALDIR"
        chmod 700 "$POSTGRES_INITDB_WALDIR"
        directories+=("$POSTGRES_INITDB_WALDIR")
    fi
    [ "$(id -u)" != 0 ] || find "${directories[@]}" ! -user postgres -exec chown postgres {} +
}

check_environment() {
    if [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
        echo "WARNING: POSTGRES_HOST_AUTH_METHOD=trust lets anybody in who reaches the port" >&2
    elif [ -z "$POSTGRES_PASSWORD" ]; then
        fail "the database is new and has no password: set POSTGRES_PASSWORD or" \
            "POSTGRES_PASSWORD_FILE (or, for nobody else's network, POSTGRES_HOST_AUTH_METHOD=trust)"
    fi
    [ ! -e /docker-entrypoint-initdb.d ] || ls /docker-entrypoint-initdb.d/ >/dev/null
}

# initdb wants a name for its user; one without an entry in passwd is given one by nss_wrapper.
initialise() {
    local wrapper passwd='' arguments=(--username="$POSTGRES_USER")
    if ! getent passwd "$(id -u)" >/dev/null; then
        for wrapper in {/usr,}/lib{/*,}/libnss_wrapper.so; do
            [ -s "$wrapper" ] || continue
            passwd=$(mktemp)
            printf 'postgres:x:%s:%s::%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$passwd"
            export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=$passwd NSS_WRAPPER_GROUP=/dev/null
            break
        done
    fi
    [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
    # The contract: a shell's words. The file of a password must not be empty, so a line end it has.
    eval 'initdb "${arguments[@]}" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD")' \
        "$POSTGRES_INITDB_ARGS" '--pgdata="$PGDATA"'
    if [ -n "$passwd" ]; then
        rm -f "$passwd"
        unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    fi
}

allow_hosts() {
    local method
    method=$(postgres -C password_encryption "$@")
    printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-$method}" >>"$PGDATA/pg_hba.conf"
}

# The server for the scripts alone: it listens on its socket only, and tells no supervisor.
start_server() {
    trap 'stop_server; exit 143' INT TERM
    NOTIFY_SOCKET='' PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl -D "$PGDATA" -w \
        -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" start
}

stop_server() {
    PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop
    trap - INT TERM
}

# Scripts may call this, as in the official image.
docker_process_sql() {
    local database=()
    [ -z "$POSTGRES_DB" ] || database=(--dbname "$POSTGRES_DB")
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password \
        --no-psqlrc ${database[@]+"${database[@]}"} "$@"
}

make_database() {
    local wanted=$POSTGRES_DB
    POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$wanted" --quiet <<'SQL'
SELECT format('CREATE DATABASE %I', :'db')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'db') \gexec
SQL
}

run_scripts() {
    local script
    # shellcheck disable=SC2034 # for scripts that are sourced
    local psql=(docker_process_sql)
    for script; do
        [ -e "$script" ] || continue
        case $script in
        *.sh | *.sql | *.sql.gz | *.sql.xz | *.sql.zst) echo "$0: running $script" ;;
        *) echo "$0: ignoring $script" ;;
        esac
        # shellcheck disable=SC1090 # the operator's
        case $script in
        *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
        *.sql) docker_process_sql -f "$script" ;;
        *.sql.gz) gzip -dc "$script" | docker_process_sql ;;
        *.sql.xz) xz -dc "$script" | docker_process_sql ;;
        *.sql.zst) zstd -dc "$script" | docker_process_sql ;;
        esac
    done
}

first_start() {
    check_environment
    initialise
    allow_hosts "${@:2}"
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    start_server "${@:2}"
    make_database
    run_scripts /docker-entrypoint-initdb.d/*
    stop_server
    unset PGPASSWORD
}

only_init=
case $0 in
*/docker-ensure-initdb.sh) only_init=yes ;;
esac
if [[ ${1:-} == -* ]] || [[ $only_init && ${1:-} != postgres ]]; then set -- postgres "$@"; fi
if [ "${1:-}" != postgres ] || asks "$@"; then exec "$@"; fi

export PGDATA=${PGDATA:-/var/lib/postgresql/18/docker}
take POSTGRES_PASSWORD
take POSTGRES_USER postgres
take POSTGRES_DB "$POSTGRES_USER"
take POSTGRES_INITDB_ARGS
make_directories
if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi
if [ -s "$PGDATA/PG_VERSION" ]; then
    echo "PostgreSQL Database directory appears to contain a database; Skipping initialization"
else
    first_start "$@"
    echo "PostgreSQL init process complete; ready for start up."
fi
[ -n "$only_init" ] || exec "$@"
