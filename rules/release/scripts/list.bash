fail() { echo "::error::$1"; exit 1; }
! docker buildx imagetools inspect "$NAME:$TAG" >/dev/null 2>said ||
    fail "$NAME:$TAG already exists; releases are not replaced: tag this commit with a later time"
grep -qi 'not found' said || fail "could not check whether $NAME:$TAG exists: $(<said)"
docker buildx imagetools create --tag "$NAME:$TAG" \
    "$NAME@$(<digests/amd64)" "$NAME@$(<digests/arm64)"
digest=$(docker buildx imagetools inspect "$NAME:$TAG" --format '{{json .Manifest}}' | jq -er .digest)
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]
mkdir index
echo "$digest" >index/digest
echo "digest=$digest" >>"$GITHUB_OUTPUT"
echo "- \`$NAME:$TAG\` is \`$digest\`" >>"$GITHUB_STEP_SUMMARY"
