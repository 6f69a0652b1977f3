#!/bin/bash
# Whether tests/layers.sh finds violations: each case breaks one rule in a small tree that is otherwise
# valid.
set -u
cd "$(dirname "$0")/.." || exit
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
folders=(a b c d e f g h i j k l/m)

# Each folder has a header, and a source that includes the header of the first folder and its own.
make_tree() {
    local folder
    rm -rf "$work/tree"
    mkdir -p "$work/tree/docs"
    for folder in "${folders[@]}"; do
        mkdir -p "$work/tree/src/$folder"
        echo "| \`src/$folder/\` | made up |" >>"$work/tree/docs/architecture.md"
        echo "/* empty */" >"$work/tree/src/$folder/own.h"
        printf '#include "a/own.h"\n#include "%s/own.h"\n#include <stdio.h>\n' "$folder" \
            >"$work/tree/src/$folder/own.c"
    done
}

# expect STATUS WORDS COMMAND...: the command changes the tree; then the output contains the words.
expect() {
    local status=$1 words=$2 output got
    make_tree
    (cd "$work/tree" && eval "$3")
    output=$(tests/layers.sh "$work/tree")
    got=$?
    if [ $got = "$status" ] && grep -qF -- "$words" <<<"$output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $3: exit $got, expected $status and: $words"
        printf '    %s\n' "${output//$'\n'/$'\n'    }"
    fi
}

expect 0 "layers: 35 passed, 0 failed" ':'
expect 1 'src/b/own.c:4: src/b/ may not include c/own.h: src/c/ comes below it' \
    "echo '#include \"c/own.h\"' >>src/b/own.c"
expect 1 'src/k/own.h:2: src/k/ may not include l/m/own.h: src/l/m/ comes below it' \
    "echo '#  include \"l/m/own.h\"' >>src/k/own.h"
expect 0 "0 failed" "echo '#include \"k/own.h\"' >>src/l/m/own.c"
expect 1 "src/b/own.c:4: ../c/own.h is in no folder" "echo '#include \"../c/own.h\"' >>src/b/own.c"
expect 1 "src/b/own.c:4: z/own.h is in no folder" "echo '#include \"z/own.h\"' >>src/b/own.c"
expect 1 "src/z/ has no row" "mkdir src/z && echo >src/z/own.c"
expect 1 "lists src/d/, which does not exist" "rm -r src/d"
expect 1 "src/c/ has 104 of 148 lines" "seq 100 >>src/c/own.c"
expect 1 "no table of folders found" ": >docs/architecture.md"

echo "layers_test: $passed passed, $failed failed"
[ $failed -eq 0 ]
