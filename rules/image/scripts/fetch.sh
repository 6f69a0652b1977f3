#!/bin/sh
# Written by azc from rules/image/scripts.azr; do not edit.
#
# fetch.sh REPOSITORY COMMIT TAG PATCH...
#
# Checks out a commit of a repository into /src, and applies patches from /patches. The tag may be empty; if it
# points to another commit, it was moved and the build fails.
set -eu

repository=$1 commit=$2 tag=$3
shift 3

fail() {
    printf 'fetch: %s\n' "$@" >&2
    exit 1
}

# The files of a mirror may belong to another user.
git config --global safe.directory '*'
git config --global protocol.file.allow always
for host in /sources/*; do
    [ ! -d "$host" ] || git config --global "url.file://$host/.insteadOf" "https://${host##*/}/"
done

git init --quiet /src
cd /src
git remote add origin "$repository"

if [ -n "$tag" ]; then
    # For an annotated tag, the last line is the commit that it points to.
    tagged=$(git ls-remote origin "refs/tags/$tag" "refs/tags/$tag^{}") ||
        fail "$repository cannot be read"
    tagged=$(printf '%s' "$tagged" | tail -n 1 | cut -c -40)
    [ -n "$tagged" ] || fail "$repository has no tag $tag"
    [ "$tagged" = "$commit" ] ||
        fail "the tag $tag of $repository has moved:" \
            "  it points to $tagged, but the rules pin $commit" \
            "  review the changes, then pin the new commit, or remove the tag"
fi

git fetch --quiet --depth 1 origin "$commit" || fail "$repository has no commit $commit"
git checkout --quiet --detach FETCH_HEAD
[ "$(git rev-parse HEAD)" = "$commit" ] ||
    fail "$repository returned $(git rev-parse HEAD) instead of the commit $commit"
# Submodules are pinned by this commit.
[ ! -e .gitmodules ] || git submodule --quiet update --init --recursive --depth 1

for patch; do
    git apply --whitespace=nowarn "/patches/$patch" ||
        fail "the patch docker/patches/$patch does not apply to $repository at $commit:" \
            "  recreate it for these sources, or remove it if they already contain the change"
done
