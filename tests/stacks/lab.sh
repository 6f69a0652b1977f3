#!/bin/bash
# The lab: a Docker to run the product's stacks in. It is the machine's own where that answers; else a
# private one of Debian forky's packages, in namespaces of its own (processes, mounts, network), which
# touches nothing of the machine and keeps its images in the cache. Needs root.
#
#     lab.sh possible             fails with the reason if the lab cannot run here
#     lab.sh up [PID]             from now on until the process PID ends (the caller), however it ends
#     lab.sh docker WORD...       as `docker compose` and so on would on the machine
#     lab.sh compose WORD...
#     lab.sh in-net COMMAND...    where published ports are reached: 127.0.0.1 there is the host's
#     lab.sh host COMMAND...      on the Docker's host: all processes of all containers
#     lab.sh images               builds what the stacks run; in an instant when nothing changed
#     lab.sh product WORD...      `docker buildx build` of docker/debian/Dockerfile, as it can be built here;
#                                 AZA_PRODUCT=DIRECTORY names another tree that rules were compiled into
#     lab.sh down                 removes all containers and volumes, and ends the private Docker
#     lab.sh which                "own" or "private"
#
# AZA_LAB=private takes the private one though the machine has one.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
repository=${here%/tests/stacks}
. "$repository/tests/cache.bash"
key=$(echo "$repository" | cksum | cut -d ' ' -f 1)
state=$cache/lab-$key

fail() {
    echo "lab: $*" >&2
    exit 69
}

# --- which Docker --------------------------------------------------------------------------------

# Held by everything in the private Docker's namespaces, so that it is free when all of that is gone.
private_runs() { [ -e "$state/lock" ] && ! flock --nonblock "$state/lock" true; }

own_answers() {
    [ "${AZA_LAB:-}" != private ] && docker info &>/dev/null &&
        docker compose version &>/dev/null && docker buildx version &>/dev/null
}

which_docker() {
    if private_runs; then
        echo private
    elif own_answers; then
        echo own
    else
        fail "is not up; start it with: $0 up"
    fi
}

# The first process of the private Docker's namespaces, as the machine counts processes.
first_process() { cat "/proc/$(<"$state/unshare")/task/$(<"$state/unshare")/children"; }

inside() {
    local first
    first=$(first_process)
    # shellcheck disable=SC2086 # there is a blank after the number
    nsenter -t $first -m -n -p -- /usr/bin/env PATH=/usr/sbin:/usr/bin HOME=/root \
        sh -c 'cd "$0" 2>/dev/null || cd /; exec "$@"' "$PWD" "$@"
}

run_docker() {
    if [ "$(which_docker)" = own ]; then
        docker "$@"
    else
        inside docker "$@"
    fi
}

# Where all processes of all containers are seen, and mounts are what the Docker sees.
on_host() {
    if [ "$(which_docker)" = own ]; then
        exec "$@"
    else
        inside "$@"
    fi
}

in_net() {
    if [ "$(which_docker)" = own ]; then
        exec "$@"
    else
        # shellcheck disable=SC2046
        exec nsenter -t $(first_process) -n -- "$@"
    fi
}

# --- up and down ---------------------------------------------------------------------------------

possible() {
    [ "$(id -u)" = 0 ] || { echo "needs root"; return 1; }
    ! own_answers || return 0
    unshare --mount --pid --net --fork true 2>/dev/null || {
        echo "this kernel or container allows no namespaces"
        return 1
    }
    unshare --net sh -c 'ip link add name aza0 type bridge && ip link add name aza1 type veth peer name aza2' \
        2>/dev/null || {
        echo "this kernel has no bridges or veth pairs"
        return 1
    }
    [ -w /sys/fs/cgroup ] || { echo "cgroups cannot be written here"; return 1; }
}

# Containers of an earlier run that was killed, with their volumes and networks; what the machine's own
# Docker runs besides is left alone: ours belong to Compose projects, or carry a label, named aza-lab.
sweep() {
    local found
    found=$({
        run_docker ps -aq --filter label=aza-lab
        run_docker ps -aq --filter name=^aza-lab
    } | sort -u)
    # shellcheck disable=SC2086
    [ -z "$found" ] || run_docker rm -fv $found >/dev/null
    found=$(run_docker volume ls -q --filter name=^aza-lab)
    # shellcheck disable=SC2086
    [ -z "$found" ] || run_docker volume rm -f $found >/dev/null
    found=$(run_docker network ls -q --filter name=^aza-lab)
    # shellcheck disable=SC2086
    [ -z "$found" ] || run_docker network rm $found >/dev/null
}

# Empty groups that containers leave which were killed with their Docker.
remove_groups() {
    find /sys/fs/cgroup -mindepth 1 -maxdepth 6 -depth -type d -path "*/aza-lab-$key*" \
        -exec rmdir {} + 2>/dev/null || :
}

up() {
    local owner=${1:-$PPID}
    if private_runs; then
        [ "$(<"$state/owner")" = "$owner" ] || fail "is in use by process $(<"$state/owner")"
        return
    fi
    if own_answers; then
        sweep
        return
    fi
    mkdir -p "$state/data" "$cache/packages"
    local tree
    tree=$("$repository/tests/server/root.sh" docker.io docker-cli docker-compose docker-buildx \
        containerd runc tini-static iptables iproute2 procps)
    remove_groups
    echo "$owner" >"$state/owner"
    rm -f "$state/unshare"
    (
        exec 9>"$state/lock"
        flock --wait 60 9 || fail "the Docker before does not end"
        TREE=$tree STATE=$state REPOSITORY=$repository PACKAGES=$cache/packages GROUP=aza-lab-$key \
            exec setsid "$here/lab-keeper.sh" "$owner"
    ) </dev/null >"$state/log" 2>&1 &
    local until=$((SECONDS + 60))
    while [ $SECONDS -lt $until ]; do
        if [ -s "$state/unshare" ] && private_runs && inside docker info &>/dev/null; then
            sweep
            inside docker image prune -f >/dev/null
            return
        fi
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$state/log" >&2
    fail "the private Docker did not start"
}

down() {
    if private_runs; then
        sweep || :
        touch "$state/stop"
        for _ in $(seq 200); do
            private_runs || break
            sleep 0.1
        done
        ! private_runs || fail "the private Docker does not end"
        remove_groups
    elif own_answers; then
        sweep
    fi
}

# --- images --------------------------------------------------------------------------------------

# import NAME PACKAGE...: an image of the tree with these packages, made once, as NAME:base. Manuals and
# the mirror that the packages came from stay out of it, as out of Debian's own images.
import() {
    local name=$1 tree
    shift
    tree=$("$repository/tests/server/root.sh" "$@")
    run_docker image inspect "$name:${tree##*-}" &>/dev/null ||
        tar -C "$tree" --numeric-owner --one-file-system --exclude=./dev/* --exclude=./aza \
            --exclude=./usr/share/{doc,info,locale,man}/* --exclude=./etc/apt/sources.list \
            --exclude=./var/{cache,lib,log}/apt/* -c . |
        run_docker import - "$name:${tree##*-}" >/dev/null
    run_docker tag "$name:${tree##*-}" "$name:base"
}

# What Debian's own image has that ours begin with.
base_packages="apt debian-archive-keyring passwd"

# product WORD...: docker buildx build of docker/debian/Dockerfile, without a network: on a Debian made
# here, with packages that were fetched once.
product() {
    local tree packages context=${AZA_PRODUCT:-$repository}
    # shellcheck disable=SC2086
    import aza-lab-debian $base_packages
    # shellcheck disable=SC2086
    tree=$("$repository/tests/server/root.sh" $base_packages)
    packages=$("$repository/tests/image/packages.sh" "$tree" "$context/docker/debian/all.packages")
    run_docker buildx build --network none --file "$context/docker/debian/Dockerfile" \
        --build-arg SERVER_BASE=aza-lab-debian:base --build-arg SERVER_DIGEST= \
        --build-arg PLAIN_BASE=aza-lab-debian:base --build-arg PLAIN_DIGEST= \
        --build-context packages="$packages" "$@" "$context"
}

# The programs and rules are those of this tree as they are now, built by its own make: the stage that
# compiles them, which tests/image tries, is left out.
images() {
    local stage=$repository/build/stacks/stage rules=$repository/build/stacks/rules
    mkdir -p "$stage/out/usr/local/bin" "$stage/out/etc/aza"
    "${AZC:-$repository/build/bin/azc}" compile -o "$rules" >/dev/null
    cp "${AZR:-$repository/build/bin/azr}" "$stage/out/usr/local/bin/azr"
    cp "$rules/aza.azb" "$stage/out/etc/aza"
    while read -r target tag; do
        product --quiet --build-context aza="$stage" --target "$target" --tag "$tag" >/dev/null
    done <<<"full aza-pg:18
pgbouncer aza-pgbouncer:1
postgres_exporter aza-postgres-exporter:0
pgbouncer_exporter aza-pgbouncer-exporter:0"
    import aza-lab-tools prometheus pgbackrest wget
    run_docker buildx build --quiet --network none --build-arg BASE=aza-lab-tools:base \
        --tag aza-prometheus:3 --file "$here/images/aza-prometheus.Dockerfile" "$here/images" >/dev/null
}

case ${1:-} in
possible | up | down | images | product) "$1" "${@:2}" ;;
docker) run_docker "${@:2}" ;;
compose) run_docker compose "${@:2}" ;;
host) on_host "${@:2}" ;;
in-net) in_net "${@:2}" ;;
which) which_docker ;;
*)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' >&2
    exit 64
    ;;
esac
