#!/bin/bash
# From a clone to a tuned server: builds both programs, measures this machine, computes the settings,
# starts a real PostgreSQL 18 with them and compares its settings with the rules. PostgreSQL is unpacked
# from Debian's packages into a directory tree of its own; nothing else on the machine changes, and `make clean` removes all of it.
#
# Environment variables named POSTGRES_* have the same effect as in the container.
set -euo pipefail
cd "$(dirname "$0")/../.." || exit
unset MAKEFLAGS # a make started from here is independent of the one that started this

title() { printf '\n\033[1m== %s\033[0m\n\n' "$*"; }
# shellcheck disable=SC2015 # in either case it is not a terminal for colours
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || title() { printf '\n== %s\n\n' "$*"; }

if [ "${1:-}" != --inside ]; then
    title "1. Building azc, the compiler, and azr, the runner"
    make --no-print-directory all
    build/bin/azc compile -o build/quickstart >build/quickstart.log || { cat build/quickstart.log; exit 1; }
    head -n 1 build/quickstart.log
    rm -rf build/quickstart/data 2>/dev/null || sudo rm -rf build/quickstart/data
    mkdir -p build/quickstart/data
    tests/server/root.sh >/dev/null
    mapfile -t variables < <(env | grep '^POSTGRES_[A-Z_]*=' || :)
    exec tests/server/in-root.sh -u root -d build/quickstart/data \
        env ${variables[@]+"${variables[@]}"} tests/server/quickstart.sh --inside
fi

# From here on in the server's tree, as in its container.
image=build/quickstart/aza.azb
log=/tmp/server.log
server="host=127.0.0.1 user=postgres dbname=postgres"
export PGDATA=/var/lib/postgresql/18/docker
export POSTGRES_HOST_AUTH_METHOD=trust
export AZA_ENTRYPOINT=$PWD/docker/postgres/docker-entrypoint.sh

title "2. The facts that azr measures on this machine"
build/bin/azr facts $image

title "3. The settings computed from them, with the reasons"
build/bin/azr show $image

title "4. Starting PostgreSQL 18 through azr, with these settings"
echo "\$ azr start aza.azb -- postgres"
build/bin/azr start $image -- postgres >$log 2>&1 &
child=$!
ready=
for _ in {1..300}; do
    kill -0 $child 2>/dev/null || break
    if psql -qAtX -d "$server" -c 'select 1' >/dev/null 2>&1; then
        ready=yes
        break
    fi
    sleep 0.1
done
cat $log
[ -n "$ready" ] || { echo "the server did not start" >&2; exit 1; }
psql -AtX -d "$server" -c 'select version()'

title "5. The settings of the server, compared with the rules"
status=0
build/bin/azc eval --against "$server" || status=$?

title "6. Shutting down"
kill -INT $child
wait $child || status=$?
tail -n 2 $log
[ $status -eq 0 ] && echo && echo "The server ran with exactly the settings computed for this machine."
exit $status
