digest=$(<index/digest)
newest() { git tag --list "$1" | grep -xE 'v[0-9]+[.][0-9]+-[0-9]{12}' | sort -V | tail -n 1; }
tags=()
for line in "$MINOR" "$MAJOR"; do
    pattern="v$line-*"
    [ "$line" = "$MINOR" ] || pattern="v$line.*"
    if [ "$(newest "$pattern")" != "v$RELEASE" ]; then
        echo "::notice::$line stays with $(newest "$pattern")"
        continue
    fi
    tags+=("$line$SUFFIX")
    [ "$PLAIN" != true ] || tags+=("$line")
done
for tag in "${tags[@]}"; do
    docker buildx imagetools create --tag "$NAME:$tag" "$NAME@$digest"
    now=$(docker buildx imagetools inspect "$NAME:$tag" --format '{{json .Manifest}}' | jq -er .digest)
    [ "$now" = "$digest" ] || { echo "::error::$NAME:$tag is $now, not $digest"; exit 1; }
    echo "- \`$NAME:$tag\` is \`$digest\`" >>"$GITHUB_STEP_SUMMARY"
done
