cosign verify --certificate-oidc-issuer "$ISSUER" \
    --certificate-identity "$GITHUB_SERVER_URL/$GITHUB_WORKFLOW_REF" "$NAME@$DIGEST" >/dev/null
docker buildx imagetools inspect "$NAME@$DIGEST" --raw |
    jq -e '[.manifests[].platform | select(.os == "linux").architecture] | sort == ["amd64", "arm64"]'
docker buildx imagetools inspect "$NAME@$DIGEST" --format '{{json .SBOM}}' |
    jq -e '[."linux/amd64", ."linux/arm64"] | all(.SPDX.packages | length > 0)'
docker buildx imagetools inspect "$NAME@$DIGEST" --format '{{json .Provenance}}' |
    jq -e '[."linux/amd64", ."linux/arm64"] | all(.SLSA != null)'
