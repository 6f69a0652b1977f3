#!/bin/bash
# Runs shellcheck on every shell script in the tree, including emitted ones. The checks that are disabled
# everywhere are listed below with the reason; those of a single line are disabled there.
set -u
cd "$(dirname "$0")/.." || exit
excused=(
    SC2016 # What is in single quotes is for another shell, sed or awk to expand.
)
excused_in_tests=(
    SC2086 # Words of a machine, of flags, of a name without blanks: split, or nothing to split.
    SC2206 # The same in an array,
    SC2046 # and from a command.
    SC2154 # Names that the library which a test sources sets,
    SC2034 # and those a library sets for its tests.
    SC2119 # A function without words takes none of the script's.
    SC2174 # The mode is meant for the deepest directory, the one above is there.
    SC2013 # What is read has no blanks.
)
passed=0 failed=0

# Scripts by their names, and by their first lines.
scripts() {
    find . -path ./build -prune -o -path ./.git -prune -o -type f -print | while IFS= read -r file; do
        case $file in
        *.sh | *.bash) echo "$file" ;;
        *) ! head -c 80 "$file" | head -n 1 | grep -aqE '^#! ?(/usr)?/bin/(env )?(ba)?sh\b' || echo "$file" ;;
        esac
    done
}

join() { (IFS=, && echo "$*"); }

while IFS= read -r file; do
    codes=("${excused[@]}")
    [[ $file != ./tests/* ]] || codes+=("${excused_in_tests[@]}")
    if shellcheck --external-sources --source-path=SCRIPTDIR --format=gcc \
        --exclude="$(join "${codes[@]}")" "$file"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done < <(scripts)
[ $passed -gt 20 ] || failed=$((failed + 1))

echo "shell: $passed passed, $failed failed"
[ $failed -eq 0 ]
