#!/bin/sh
# Written by azc from rules/image/scripts.azr; do not edit.
#
# fetch.sh REPOSITORY COMMIT TAG PATCH...
#
# Puts that commit of a repository into /src, and the patches of /patches on it. A tag may be empty;
# one that means another commit than ours ends the build, since somebody has moved it.
set -eu

repository=$1 commit=$2 tag=$3
shift 3

fail() {
    printf 'fetch: %s\n' "$@" >&2
    exit 1
}

# A mirror's files belong to whoever made it.
git config --global safe.directory '*'
git config --global protocol.file.allow always
for host in /sources/*; do
    [ ! -d "$host" ] || git config --global "url.file://$host/.insteadOf" "https://${host##*/}/"
done

git init --quiet /src
cd /src
git remote add origin "$repository"

if [ -n "$tag" ]; then
    # The last line is the commit that an annotated tag names.
    tagged=$(git ls-remote origin "refs/tags/$tag" "refs/tags/$tag^{}") ||
        fail "$repository cannot be read"
    tagged=$(printf '%s' "$tagged" | tail -n 1 | cut -c -40)
    [ -n "$tagged" ] || fail "$repository has no tag $tag"
    [ "$tagged" = "$commit" ] ||
        fail "the tag $tag of $repository has moved:" \
            "  it is at $tagged now, and the rules say $commit" \
            "  see what has changed there, and then pin the new commit, or leave the tag out"
fi

git fetch --quiet --depth 1 origin "$commit" || fail "$repository has no commit $commit"
git checkout --quiet --detach FETCH_HEAD
[ "$(git rev-parse HEAD)" = "$commit" ] ||
    fail "$repository answered $(git rev-parse HEAD) when asked for the commit $commit"
# Each of them is a commit too, that this one names.
[ ! -e .gitmodules ] || git submodule --quiet update --init --recursive --depth 1

for patch; do
    git apply --whitespace=nowarn "/patches/$patch" ||
        fail "the patch docker/patches/$patch does not apply to $repository at $commit:" \
            "  make it anew for these sources, or leave it out where they have the change already"
done
