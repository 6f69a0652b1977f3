# What the runner's tests share. Each test sources this, calls `check` and ends with `summary`.
#
#     run [NAME=VALUE...] WORDS...    azr with these words and no other environment; afterwards $out
#                                     and $err hold what it printed and $status how it ended
#     check NAME GOT WANTED
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
azr=$(readlink -f "${AZR:-build/bin/azr}")
azc=$(readlink -f "${AZC:-build/bin/azc}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

"$azc" compile --rules tests/runner/small.azr -o "$work" >/dev/null || exit 1
image=$work/aza.azb

# Entrypoints that say what they were given: words one a line in brackets, or their environment.
mkdir "$work/bin"

# A cluster that is there already, so that what would start it is all that runs.
mkdir -p "$work/data/global"
echo 18 >"$work/data/PG_VERSION"
touch "$work/data/global/pg_control"
printf '#!/bin/sh\nprintf "[%%s]\\n" "$@"\n' >"$work/bin/docker-entrypoint.sh"
printf '#!/bin/sh\nexec /usr/bin/env\n' >"$work/bin/print-environment"
printf '#!/bin/sh\nexit 42\n' >"$work/bin/exit-42"
chmod +x "$work/bin/"*

run() {
    local environment=()
    while [[ ${1:-} == [A-Z]*=* ]]; do
        environment+=("$1")
        shift
    done
    env -i PATH="$work/bin:/usr/bin:/bin" PGDATA="$work/data" "${environment[@]}" "$azr" "$@" \
        >"$work/out" 2>"$work/err"
    status=$?
    out=$(<"$work/out")
    err=$(<"$work/err")
}

check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf '%s\n--- got ---\n%s\n--- wanted ---\n%s\n' "$1" "$2" "$3"
}

summary() {
    echo "runner/$(basename "$0" .sh): $passed passed, $failed failed"
    [ $failed -eq 0 ]
}
