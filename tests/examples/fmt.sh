#!/bin/sh
# azc fmt formats a file, prints its name once, and leaves files alone that it cannot parse.
. "$(dirname "$0")/common.sh"
passed=0 failed=0
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

mkdir "$work/parts"
printf 'import "parts/b.azr"\nlet a=1' >"$work/main.azr"
printf 'let b  =  2\n' >"$work/parts/b.azr"
printf 'let c = (\nlet d=1\n' >"$work/broken.azr"

same 'without files' "$("$azc" fmt --rules "$work/main.azr")" \
    "$work/main.azr
$work/parts/b.azr"
same 'main.azr' "$(cat "$work/main.azr")" 'import "parts/b.azr"
let a = 1'
same 'b.azr' "$(cat "$work/parts/b.azr")" 'let b = 2'
same 'a second time' "$("$azc" fmt --rules "$work/main.azr")" ''

same 'a broken file' "$("$azc" fmt "$work/broken.azr" 2>/dev/null || echo "exit $?")" 'exit 1'
same 'broken.azr' "$(cat "$work/broken.azr")" 'let c = (
let d=1'
same 'no such file' "$("$azc" fmt "$work/none.azr" 2>&1 || echo "exit $?")" \
    "azc: $work/none.azr: No such file or directory
exit 1"

echo "fmt: $passed passed, $failed failed"
[ $failed = 0 ]
