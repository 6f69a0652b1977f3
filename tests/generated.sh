#!/bin/bash
# Every file in the tree that the rules emit is what they say; and azc compile --check says so of no file
# that is not: edited, missing, not executable, a link or a directory in its place. It writes nothing.
set -u
cd "$(dirname "$0")/.." || exit
azc=${AZC:-build/bin/azc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

# What it says below the copy, and its exit status.
check() { "$azc" compile --check -o "$work/copy" 2>&1 | sed "s|$work/copy/||"; echo "exit ${PIPESTATUS[0]}"; }
# All there is to know of a file, but for the moment of its last reading.
state() { find "$work/copy" -printf '%p %y %m %i %s %T@ %C@ %l\n' | sort; }

# stale WHAT FILE WORDS COMMAND...: the command spoils the file of a fresh copy; --check names it alone.
stale() {
    local what=$1 file=$2 words=$3 before said
    rm -rf "$work/copy"
    cp -a "$work/fresh" "$work/copy"
    (cd "$work/copy" && "${@:4}") || failed=$((failed + 1))
    before=$(state)
    said=$(check)
    same "$what" "$said" "$file $words
azc: 1 of $count files are out of date; run \`azc compile\`
exit 1"
    same "$what: nothing is written" "$(state)" "$before"
}

# The same, and then it is written anew; in a place that is no file nothing is.
mended() {
    stale "$@"
    "$azc" compile -o "$work/copy" >/dev/null
    same "$1: mended" "$(check)" "$count files are up to date
exit 0"
}
refused() {
    stale "$@"
    same "$1: not mended" "$("$azc" compile -o "$work/copy" 2>&1; echo "exit $?")" \
        "azc: $work/copy/$2: cannot replace the file: it is not a plain file
exit 1"
}

same "the files of the product" \
    "$("$azc" compile --check 2>&1 | sed 's/^[1-9][0-9]* files/all files/'; echo "exit ${PIPESTATUS[0]}")" \
    "all files are up to date
exit 0"
"$azc" compile -o "$work/fresh" >/dev/null
rm -f "$work/fresh/aza.azb" # the image is no part of it
count=$(find "$work/fresh" -type f | wc -l)

plain=examples/monitoring/alerts.yml script=examples/backup/backup.sh
mended "one letter more" $plain "is out of date" sh -c "printf x >>$plain"
mended "one letter changed" $plain "is out of date" sed -i '1s/W/w/' $plain
mended "cut off" $plain "is out of date" truncate -s -1 $plain
mended "empty" $plain "is out of date" truncate -s 0 $plain
mended "missing" $plain "is missing" rm $plain
mended "not executable" $script "is out of date" chmod a-x $script
mended "executable" $plain "is out of date" chmod a+x $plain
refused "a link to the same" $plain "is out of date" \
    sh -c "mv $plain $plain.moved && ln -s alerts.yml.moved $plain"
refused "a link to nothing" $plain "is out of date" ln -sfn nothing $plain
refused "a directory" $plain "is out of date" sh -c "rm $plain && mkdir $plain"

# Where nothing is, all are named and nothing is made.
rm -rf "$work/copy"
mkdir "$work/copy"
same "an empty directory" "$(check | grep -c ' is missing$')" "$count"
same "stays empty" "$(ls -A "$work/copy")" ""

echo "generated: $passed passed, $failed failed"
[ $failed -eq 0 ]
