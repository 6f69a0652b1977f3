fail() { echo "::error::$1"; exit 1; }
[ -n "$REGISTRY" ] || fail "set this repository's variable REGISTRY to the host of the image registry"
[[ $GITHUB_REF_NAME =~ ^v([0-9]+)[.]([0-9]+)-([0-9]{12})$ ]] ||
    fail "the tag of a release must be vMAJOR.MINOR-YYYYMMDDHHMM: the server's version and a time"
major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[1]}.${BASH_REMATCH[2]}
git merge-base --is-ancestor HEAD "origin/$DEFAULT_BRANCH" ||
    fail "the tagged commit is not on $DEFAULT_BRANCH"
name=${REGISTRY,,}/${IMAGE,,}
[[ $name =~ ^[a-z0-9.:-]+(/[a-z0-9._-]+)+$ ]] || fail "$name is not a valid image name"
{
    echo "name=$name"
    echo "release=${GITHUB_REF_NAME#v}"
    echo "major=$major"
    echo "minor=$minor"
    echo "epoch=$(git log -1 --format=%ct)"
    echo "created=$(TZ=UTC git log -1 --date=iso-strict-local --format=%cd)"
} | tee -a "$GITHUB_OUTPUT"
