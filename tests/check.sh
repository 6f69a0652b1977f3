#!/bin/bash
# Runs all tests, suite by suite; a failing suite does not stop the others. The last line has the totals.
# If CI or AZA_NO_SKIP is set, a skipped test counts as failed.
#
#     tests/check.sh [SUITE...]     those suites only
#
# A suite is a function below. It prints lines such as "name: 3 passed, 0 failed, 1 skipped", which
# are added up; one that prints none counts as one test, by its exit status. Those that keep one core busy
# run side by side. The last suite, `untouched`, fails if a suite changed something outside build/.
set -u
cd "$(dirname "$0")/.." || exit
export LC_ALL=C
unset MAKEFLAGS # a make started from here is independent of the one that started this
logs=build/check
mkdir -p $logs

build_gcc() { make -s all all-release all-strict build/golden/golden build/golden/inside build/bench/spawn build/bench/empty; }
build_clang() { make -s all-clang; }
build_asan() { make -s all-asan; }
build_tiny() { make -s build/tiny/azc build/tiny/azr build/tiny/tests/unit/{base,catalog,chart,joint,memory,quote,version_tag}_test; }
build_arm64() { make -s build/arm64/azr; }

# The runner is at most 100 KB, and 112 KB for arm64, where every instruction has four bytes.
size() {
    local file limit
    while read -r file limit; do
        [ "$(stat -c %s "$file")" -le "$limit" ] || { ls -l "$file"; return 1; }
    done <<<"build/bin/azr 102400
build/arm64/azr 114688"
}

# Runs the arguments that are executable; none at all is a failure.
run_each() {
    local program ran='' status=0
    for program in "$@"; do
        [ -x "$program" ] || continue
        ran=yes
        "$program" || status=1
    done
    [ -n "$ran" ] || { echo "nothing to run: $*"; return 1; }
    return $status
}

unit_gcc() { tests/units.sh build/release/tests/unit; }
unit_clang() { tests/units.sh build/clang/tests/unit; }
unit_asan() { tests/units.sh build/asan/tests/unit; }

tiny() { tests/tiny.sh; }
golden() { AZC=build/bin/azc tests/run; }
golden_asan() { with asan tests/run; }
rules() { tests/rules.sh; }
generated() { tests/generated.sh; }
workflows() { tests/workflows/workflows_test.sh; }
rules_asan() { with asan tests/rules.sh; }
shell() { tests/shell.sh; }
bench() { tests/bench/bench.sh --check; }
layers() { run_each tests/layers.sh tests/layers_test.sh; }

rows() { tests/rows.sh; }
tidy() { tests/tidy.sh; }

# clang-format would not change any file.
format() { git ls-files "src/*.[ch]" "tests/*.[ch]" | xargs clang-format --dry-run -Werror; }
docs() { tests/docs.sh; }
examples() { run_each tests/examples/*.sh; }
runner() { run_each tests/runner/*.sh; }
runner_asan() { with asan run_each tests/runner/*.sh; }
fuzz_corpus() { tests/fuzz.sh replay; }
arm64() { tests/arm64.sh; }
lifecycle() { tests/server/lifecycle_test.sh; }
server() { run_each tests/server/{catalog,ledger,parser,set,settings}_test.sh; }
extensions() { run_each tests/extensions/*_test.sh; }
image() { run_each tests/image/*_test.sh; }
stacks() { tests/stacks/stacks_test.sh; }
faults() { tests/stacks/faults_test.sh; }
change() { tests/stacks/change_test.sh; }
operations() { tests/stacks/operations_test.sh; }
vm() { tests/vm/vm_test.sh; }
backup() { tests/backup/backup_test.sh; }
monitoring() { run_each tests/monitoring/{mutate,monitoring_test}.sh; }

# Runs a command with both programs of another variant instead of the usual ones.
with() {
    local variant=$1
    shift
    AZC=$PWD/build/$variant/azc AZR=$PWD/build/$variant/azr "$@"
}

# Suites in brackets run side by side.
suites=(build_gcc build_clang build_asan build_tiny build_arm64 size unit_gcc golden unit_clang unit_asan tiny golden_asan tidy
    "[" rules_asan rules generated runner_asan runner workflows shell docs examples arm64 layers rows format "]"
    fuzz_corpus bench lifecycle server extensions vm backup monitoring stacks change faults operations image)
[ $# -eq 0 ] || suites=("$@")

# The state of the repository, and the files that a server started outside a container would create.
surroundings() {
    git status --porcelain --untracked-files=all
    git diff HEAD | sha1sum
    find /var/lib/postgresql /run/aza /etc/aza -maxdepth 3 2>/dev/null | sort
}
surroundings >$logs/surroundings
untouched() {
    surroundings | diff $logs/surroundings - && return
    echo "a suite changed files outside build/; run suites one by one to find it: tests/check.sh SUITE"
    return 1
}

# The totals of a log: "passed failed skipped".
count() {
    awk '/^[^ ].*: [0-9]+ passed, [0-9]+ failed/ {
             for (i = 2; i <= NF; i++) {
                 if ($i ~ /^passed,?$/) passed += $(i - 1)
                 if ($i ~ /^failed,?$/) failed += $(i - 1)
                 if ($i ~ /^skipped,?$/) skipped += $(i - 1)
             }
         }
         END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

passed=0 failed=0 skipped=0

# Runs a suite, and records its exit status and seconds.
perform() {
    local began=$SECONDS
    "$1" >"$logs/$1.log" 2>&1
    echo $? $((SECONDS - began)) >"$logs/$1.status"
}

# Prints the recorded result of a suite and adds it to the totals.
report() {
    local log=$logs/$1.log status seconds p f s word=ok
    read -r status seconds <"$logs/$1.status"
    read -r p f s < <(count "$log")
    if [ "$status" -eq 0 ]; then
        [ $((p + f + s)) -gt 0 ] || p=1
    elif [ "$f" -eq 0 ]; then
        f=1
    fi
    if [ -n "${CI:-}${AZA_NO_SKIP:-}" ]; then f=$((f + s)) s=0; fi
    [ "$s" -eq 0 ] || word=skip
    [ "$f" -eq 0 ] || word=FAIL
    printf '%-4s %-12s %5d passed %3d failed %3d skipped  %3d s\n' $word "$1" "$p" "$f" "$s" "$seconds"
    [ $word = ok ] || sed 's/^/     | /' "$log" | tail -n 60
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# Starts suites, as many at a time as there are cores, and reports them in their order.
perform_side_by_side() {
    local suite cores running=0
    cores=$(nproc)
    for suite in "$@"; do
        [ $running -lt "$cores" ] || { wait -n; running=$((running - 1)); }
        perform "$suite" &
        running=$((running + 1))
    done
    wait
    for suite in "$@"; do report "$suite"; done
}

group=() side_by_side=
for suite in "${suites[@]}" untouched; do
    case $suite in
    "[") side_by_side=yes group=() ;;
    "]")
        side_by_side=
        perform_side_by_side "${group[@]}"
        ;;
    *)
        if [ -n "$side_by_side" ]; then
            group+=("$suite")
        else
            perform "$suite"
            report "$suite"
        fi
        ;;
    esac
done

if [ $skipped -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ]
