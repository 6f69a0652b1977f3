#!/bin/bash
# The step of a build that fetches sources, against real repositories: it takes the pinned commit and no
# other, from a mirror where there is one, with the patches; a tag that was moved, a commit that there is
# not and a patch that does not apply each fail it with a message that names them.
set -u
cd "$(dirname "$0")/../.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_CONFIG_NOSYSTEM=1
passed=0 failed=0

check() {
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}
# ends_with WHAT STATUS PATTERN: of the last fetch.
ends_with() {
    check "$1: exit status" "$status" "$2"
    if grep -qE -- "$3" "$work/said"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf '%s: no line matches %s\n' "$1" "$3"
        cat "$work/said"
    fi
}

# The emitted script, in a directory in the place of a container's root.
mkdir -p "$work/sources/example.org/owner" "$work/patches"
sed "s|/sources/|$work&|; s|/src\$|$work&|; s|\"/patches/|\"$work/patches/|" docker/official/build/fetch.sh >"$work/fetch.sh"
fetch() {
    rm -rf "$work/src" "$work/.gitconfig"
    mkdir "$work/src"
    (cd "$work" && sh fetch.sh https://example.org/owner/name.git "$@") &>"$work/said"
    status=$?
}

git init --quiet --initial-branch main "$work/upstream"
upstream() { git -C "$work/upstream" "$@"; }
release() {
    printf 'one\n%s\nthree\n' "$1" >"$work/upstream/file"
    upstream add file
    upstream commit --quiet -m "$1"
    upstream rev-parse HEAD
}
first=$(release first)
upstream tag -a -m first v1
second=$(release second)
upstream tag v2
git clone --quiet --mirror "$work/upstream" "$work/sources/example.org/owner/name.git"
(cd "$work/upstream" && sed -i 's/first/mended/' file; sed -i 's/second/mended/' file; git diff) >"$work/patches/mend.patch"
upstream checkout --quiet file

fetch "$first" v1
check "the commit of an annotated tag" "$status $(sed -n 2p "$work/src/file")" "0 first"
check "it alone" "$(git -C "$work/src" rev-list --all --count HEAD)" 1
fetch "$second" v2
check "the commit of a plain tag" "$status $(sed -n 2p "$work/src/file")" "0 second"
fetch "$first" ""
check "a commit without a tag" "$status $(sed -n 2p "$work/src/file")" "0 first"
fetch "$second" v2 mend.patch
check "a patch" "$status $(sed -n 2p "$work/src/file")" "0 mended"

fetch "$first" v1 mend.patch
ends_with "a patch that does not apply" 1 "the patch docker/patches/mend.patch does not apply to .*name.git at $first"
fetch "$first" v3
ends_with "no such tag" 1 "name.git has no tag v3$"
nothing=$(printf '0%.0s' {1..40})
fetch "$nothing" ""
ends_with "no such commit" 1 "has no commit $nothing"
git -C "$work/sources/example.org/owner/name.git" tag --force v2 "$first" >/dev/null
fetch "$second" v2
ends_with "a moved tag" 1 "the tag v2 of https://example.org/owner/name.git has moved"
ends_with "and where to" 1 "it points to $first, but the rules pin $second"
check "nothing is left to build" "$(ls "$work/src")" ""

echo "image/fetch: $passed passed, $failed failed"
[ $failed -eq 0 ]
