image=$NAME@$(<"digests/$PLATFORM")
docker pull --quiet "$image"
docker run --rm "$image" "$COMMAND" --version
