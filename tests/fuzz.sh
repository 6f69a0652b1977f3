#!/bin/bash
# Fuzzing harnesses.
#
#     tests/fuzz.sh replay      every file of every corpus once, with sanitizers
#     tests/fuzz.sh SECONDS     libFuzzer from the corpus, SECONDS for each harness; crashes go to
#                               build/fuzz/found/, new inputs to build/fuzz/corpus/NAME; review
#                               and copy them by hand
set -u
cd "$(dirname "$0")/.." || exit
export UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0

replay() {
    local name=$1 file before=$((passed + failed))
    for file in tests/fuzz/corpus/"$name"/*; do
        [ -f "$file" ] || continue
        if timeout 20 build/asan/tests/fuzz/"${name}_fuzz" "$file"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "failed: ${name}_fuzz $file"
        fi
    done
    [ $((passed + failed)) -gt $before ] || { failed=$((failed + 1)); echo "no corpus: $name"; }
}

hunt() {
    local name=$1 seconds=$2 found=build/fuzz/found corpus=build/fuzz/corpus/$1
    mkdir -p "$corpus" $found
    echo "$name: $seconds seconds"
    if build/fuzz/tests/fuzz/"${name}_fuzz" -max_total_time="$seconds" -timeout=10 -max_len=65536 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$found/$name-" \
        "$corpus" tests/fuzz/corpus/"$name"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

for source in tests/fuzz/*_fuzz.c; do
    [ -e "$source" ] || continue
    name=$(basename "$source" _fuzz.c)
    case $1 in
    replay) replay "$name" ;;
    *) hunt "$name" "$1" ;;
    esac
done
echo "fuzz: $passed passed, $failed failed"
[ $failed -eq 0 ]
