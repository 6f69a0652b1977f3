#!/bin/bash
# Every emitted file in the tree is up to date; and azc compile --check reports every file that is not:
# edited, missing, not executable, a link or a directory in its place. It writes nothing.
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

# Its output for the copy, and its exit status.
check() { "$azc" compile --check -o "$work/copy" 2>&1 | sed "s|$work/copy/||"; echo "exit ${PIPESTATUS[0]}"; }
# All attributes of each file except its access time.
state() { find "$work/copy" -printf '%p %y %m %i %s %T@ %C@ %l\n' | sort; }

# stale WHAT FILE WORDS COMMAND...: the command changes a file of a fresh copy; --check reports it alone.
stale() {
    local what=$1 file=$2 words=$3 before output
    rm -rf "$work/copy"
    cp -a "$work/fresh" "$work/copy"
    (cd "$work/copy" && "${@:4}") || failed=$((failed + 1))
    before=$(state)
    output=$(check)
    same "$what" "$output" "$file $words
azc: 1 of $count files are out of date; run \`azc compile\`
exit 1"
    same "$what: nothing is written" "$(state)" "$before"
}

# The same; then compile rewrites the file.
rewritten() {
    stale "$@"
    "$azc" compile -o "$work/copy" >/dev/null
    same "$1: rewritten" "$(check)" "$count files are up to date
exit 0"
}
refused() {
    stale "$@"
    same "$1: not rewritten" "$("$azc" compile -o "$work/copy" 2>&1; echo "exit $?")" \
        "azc: $work/copy/$2: cannot replace the file: it is not a plain file
exit 1"
}

same "the files of the product" \
    "$("$azc" compile --check 2>&1 | sed 's/^[1-9][0-9]* files/all files/'; echo "exit ${PIPESTATUS[0]}")" \
    "all files are up to date
exit 0"
"$azc" compile -o "$work/fresh" >/dev/null
rm -f "$work/fresh/aza.azb" # the image is not compared
count=$(find "$work/fresh" -type f | wc -l)

plain=examples/monitoring/alerts.yml script=examples/backup/backup.sh
rewritten "one letter more" $plain "is out of date" sh -c "printf x >>$plain"
rewritten "one letter changed" $plain "is out of date" sed -i '1s/W/w/' $plain
rewritten "cut off" $plain "is out of date" truncate -s -1 $plain
rewritten "empty" $plain "is out of date" truncate -s 0 $plain
rewritten "missing" $plain "is missing" rm $plain
rewritten "not executable" $script "is out of date" chmod a-x $script
rewritten "executable" $plain "is out of date" chmod a+x $plain
refused "a link to the same" $plain "is out of date" \
    sh -c "mv $plain $plain.moved && ln -s alerts.yml.moved $plain"
refused "a link to nothing" $plain "is out of date" ln -sfn nothing $plain
refused "a directory" $plain "is out of date" sh -c "rm $plain && mkdir $plain"

# In an empty directory all are reported, and nothing is created.
rm -rf "$work/copy"
mkdir "$work/copy"
same "an empty directory" "$(check | grep -c ' is missing$')" "$count"
same "stays empty" "$(ls -A "$work/copy")" ""

echo "generated: $passed passed, $failed failed"
[ $failed -eq 0 ]
