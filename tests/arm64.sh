#!/bin/bash
# The runner built for arm64, under user-mode emulation, gives the same answers as the one for this
# machine, byte for byte: over every simulated machine of tests/probe, and over a spread of sizes.
set -u
cd "$(dirname "$0")/.." || exit
here=$PWD/build/bin/azr
there="qemu-aarch64 $PWD/build/arm64/azr"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# The same command to both, in the same environment.
same() {
    env -i "${environment[@]}" $here "$@" >"$work/here" 2>&1
    echo "exit $?" >>"$work/here"
    env -i "${environment[@]}" $there "$@" >"$work/there" 2>&1
    echo "exit $?" >>"$work/there"
    if cmp -s "$work/here" "$work/there"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "differs: ${environment[*]} azr $*"
        diff "$work/here" "$work/there" | head -n 10
    fi
}

# The same, and it must succeed.
both() {
    same "$@"
    [ "$(tail -n 1 "$work/here")" = "exit 0" ] || {
        failed=$((failed + 1))
        echo "fails: ${environment[*]} azr $*"
    }
}

# A cluster that exists, so that start changes nothing but its lock.
mkdir -p "$work/data/global"
echo 18 >"$work/data/PG_VERSION"
touch "$work/data/global/pg_control"

build/bin/azc compile -o "$work" >/dev/null || exit 1
image=$work/aza.azb
for machine in tests/probe/*/; do
    environment=()
    [ ! -e "$machine/environment" ] || mapfile -t environment <"$machine/environment"
    same facts "$image" --root "$machine"
    same show "$image" --root "$machine" --format json
    environment+=(PGDATA="$work/data")
    same start "$image" --root "$machine" --entrypoint /bin/echo -- postgres
done
for memory in 512 700 1024 3000 16384 100000 1048576; do
    for workload in web oltp dw mixed; do
        environment=(POSTGRES_MEMORY=$memory POSTGRES_WORKLOAD_TYPE=$workload)
        both show "$image" --root tests/probe/v2-container --format json
        both explain work_mem "$image" --root tests/probe/v2-container
    done
done

echo "arm64: $passed passed, $failed failed"
[ $failed -eq 0 ]
