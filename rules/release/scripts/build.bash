docker buildx build . --file docker/official/Dockerfile \
    --target "$TARGET" --platform "linux/$PLATFORM" \
    --build-arg "VERSION=$RELEASE" --build-arg "REVISION=$GITHUB_SHA" \
    --build-arg "CREATED=$CREATED" --build-arg "SOURCE_DATE_EPOCH=$EPOCH" \
    --attest "type=sbom,generator=$SCANNER" --attest type=provenance,mode=max \
    --output "type=image,name=$NAME,push-by-digest=true,name-canonical=true,push=true,rewrite-timestamp=true" \
    --metadata-file metadata.json
mkdir digests
jq -er '."containerimage.digest"' metadata.json >"digests/$PLATFORM"
grep -xE 'sha256:[0-9a-f]{64}' "digests/$PLATFORM"
