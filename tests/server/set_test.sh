#!/bin/bash
# The declared properties of the extensions, compared with the real server and Debian's packages: their control
# files, their libraries, their settings, what they need, and which of them must be preloaded. Entries
# whose packages are not in the tree, the largest, are counted at the end.
. "$(dirname "$0")/lib.bash"
if [ "${1:-}" != --inside ]; then
    facts=$(mktemp -p build set.XXXXXX)
    trap 'rm -f "$facts"' EXIT
    # Words of a line: kind, name, created as, library, must be preloaded, needs, packages, settings.
    jq -r '.entries | to_entries[] | select(.value.disabled == null)
        | select(.value.with_server or (.value.debian | length > 0))
        | [.value.kind, .key, .value.called // "-", .value.library // "-", .value.must_preload,
            ([.value.needs[]] | join(",") | if . == "" then "-" else . end),
            ([.value.debian[].name] | join(",") | if . == "" then "postgresql-18" else . end),
            (.value.settings | map(select(contains("."))) | join(","))]
        | join(" ")' docker/manifest.json >"$facts"
    chmod 644 "$facts"
    (enter -- "$(relative "$facts")")
    exit
fi
facts=$2

export PGDATA=/var/lib/postgresql/data
ask() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1" 2>&1; }
restart() {
    pg_ctl -w -l /tmp/server -m fast stop >/dev/null 2>&1
    pg_ctl -w -l /tmp/server -o "-c listen_addresses= -c fsync=off -c shared_preload_libraries=$1" start >$log 2>&1 ||
        { cat /tmp/server >>$log; return 1; }
}

# shellcheck disable=SC2086 # words
installed() { dpkg-query -W ${1//,/ } >/dev/null 2>&1; }
library_is_there() { [ "$1" = - ] || ls "/usr/lib/postgresql/18/lib/$1.so" >$log 2>&1; }

# The control file asks for nothing that the set does not know; plpgsql is there anyway.
needs_are_told() {
    local wanted
    ask "SELECT unnest(requires) FROM pg_available_extension_versions v JOIN pg_available_extensions e
        ON v.name = e.name AND v.version = e.default_version WHERE e.name = '$1'" >/tmp/needs || return
    while read -r wanted; do
        [ "$wanted" = plpgsql ] || [[ ,$2, == *,$wanted,* ]] || {
            echo "$1 requires $wanted: say so in its needs" >$log
            return 1
        }
    done </tmp/needs
}

# Once it is created and loaded, the session has each of them.
settings_are_there() {
    local status=0 got
    ask "CREATE DATABASE bare" >$log || return
    PGDATABASE=bare ask "CREATE EXTENSION IF NOT EXISTS \"$1\" CASCADE" >>$log # a module has none
    got=$(PGDATABASE=bare psql -qAtX -c "SELECT" -c "LOAD '$1'" \
        -c "SELECT name FROM unnest(string_to_array('$2', ',')) AS name EXCEPT SELECT name FROM pg_settings" \
        2>>$log)
    same "" "$got" || status=1
    ask "DROP DATABASE bare WITH (FORCE)" >/dev/null
    return $status
}

is_available() { same 1 "$(ask "SELECT count(*) FROM pg_available_extensions WHERE name = '$1'")"; }

# In a database of its own, where nothing was preloaded.
created_bare() {
    ask "CREATE DATABASE bare" >$log && PGDATABASE=bare ask "CREATE EXTENSION $1 CASCADE" >$log
    local status=$?
    ask "DROP DATABASE bare WITH (FORCE)" >/dev/null
    return $status
}

initdb -U postgres -A trust >$log 2>&1 || { cat $log; exit 1; }
: >$log
absent=0
while read -r kind name called library must needs packages settings; do
    if ! installed "$packages"; then
        absent=$((absent + 1))
        continue
    fi
    echo "$kind $name $called $library $must $needs ${settings:--}" >>/tmp/there
    library_is_there "$library"
    verdict $? "$name: its library is $library"
done <"$facts"

restart "" || { cat $log; exit 1; }
while read -r kind name called library must needs settings; do
    [ "$kind" = extension ] || continue
    is_available "$called"
    verdict $? "$name: the server knows an extension $called" || continue
    needs_are_told "$called" "$needs"
    verdict $? "$name: what it needs"
    [ "$called" != plpgsql ] || continue
    [ "$must" = true ] || created_bare "$called"
    verdict $? "$name: it can be created without being preloaded, so must_preload is not said"
done </tmp/there

restart "$(awk '$4 != "-" { print $4 }' /tmp/there | sort -u | paste -sd ,)"
verdict $? "all libraries can be preloaded together"
while read -r kind name called library must needs settings; do
    [ "$settings" != - ] || continue
    settings_are_there "$called" "$settings"
    verdict $? "$name: its settings are the server's"
done </tmp/there
pg_ctl -m immediate stop >/dev/null
summary "$absent entries are not in the tree"
