if [ -z "$REGISTRY_USER" ]; then
    REGISTRY_USER=$GITHUB_ACTOR REGISTRY_PASSWORD=$TOKEN
fi
docker login --username "$REGISTRY_USER" --password-stdin "$REGISTRY" <<<"$REGISTRY_PASSWORD"
