#!/bin/bash
# An empty repository is read. A whole backup and its restore are tried in tests/backup.
repository=$(mktemp -d)
trap 'rm -rf "$repository"' EXIT
run=()
if [ "$(id -u)" = 0 ]; then # which it refuses
    chown postgres "$repository"
    run=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
"${run[@]}" pgbackrest --repo1-path="$repository" --log-level-console=off --log-level-file=off --lock-path="$repository" info
