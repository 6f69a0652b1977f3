# Functions of the tests that run inside the tree of root.sh. A test sources this, calls `enter` if it is
# still outside, and ends with `summary`.
#
#     enter [OPTION...] [-- WORD...]  runs the test again inside, as `TEST --inside WORD...`; the options
#                                     are in-root.sh's
#     relative FILE                   a file's name inside
#     run COMMAND...                  its output is $log from then on
#     verdict STATUS WORDS...         passed if that is 0, else the words and the end of $log; returns it
#     same WANTED GOT                 whether texts are equal; if not, both go to $log
set -u
script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
suite=$(basename "$script" .sh) suite=${suite%_test}
log=/tmp/log
passed=0 failed=0

relative() { realpath --relative-to=. "$1"; }

enter() {
    local options=()
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        echo "$suite: 0 passed, 0 failed, 1 skipped (needs root)"
        exit
    fi
    while [ "${1:---}" != -- ]; do
        options+=("$1")
        shift
    done
    exec tests/server/in-root.sh "${options[@]}" "$(relative "$script")" --inside "${@:2}"
}

run() { "$@" >$log 2>&1; }
same() { [ "$1" = "$2" ] || { echo "wanted '$1', got '$2'" >>$log; return 1; }; }

verdict() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: ${*:2}"
        [ ! -s $log ] || tail -n 40 $log | sed 's/^/    /'
    fi
    return "$1"
}

# Words for the line, where there are any.
summary() {
    echo "$suite: $passed passed, $failed failed${1:+ ($1)}"
    [ $failed -eq 0 ]
}
