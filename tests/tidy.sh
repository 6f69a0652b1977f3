#!/bin/bash
# clang-tidy on all C of src/ and tests/, with the checks of .clang-tidy. It reads build/gen/azr.tab.h, which
# the build makes.
#
#     tests/tidy.sh [FILE.c...]
set -u
cd "$(dirname "$0")/.." || exit
export LC_ALL=C
files=("$@")
[ $# -gt 0 ] || mapfile -t files < <(git ls-files ':(glob)src/**/*.c' ':(glob)tests/*/*.c')
FLAGS="-std=c11 -D_GNU_SOURCE -Isrc -Igrammar -Ibuild/gen $(pkg-config --cflags libpq jansson)"
export FLAGS
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Ten files per process.
printf '%s\0' "${files[@]}" |
    xargs -0 -n 10 -P "$(nproc)" sh -c 'clang-tidy --quiet "$@" -- $FLAGS 2>&1' - >"$log"
status=$?
grep -vE '^[0-9]+ warnings? |^Suppressed |^Use -header' "$log"
[ $status -eq 0 ] || { echo "tidy: 0 passed, 1 failed"; exit 1; }
echo "tidy: ${#files[@]} passed, 0 failed"
