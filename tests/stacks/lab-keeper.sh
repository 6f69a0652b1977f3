#!/bin/bash
# Keeps the private Docker of lab.sh running until the process OWNER ends or `lab.sh down` stops it; then
# ends it with SIGTERM, and after ten seconds with SIGKILL. When this is killed, the kernel ends
# all that runs in the namespaces.
set -u
owner=$1
rm -f "$STATE/stop"
unshare --mount --pid --net --ipc --fork --kill-child --propagation private \
    "$(dirname "$0")/lab-root.sh" &
echo $! >"$STATE/unshare"

while kill -0 "$owner" 2>/dev/null && kill -0 $! 2>/dev/null && [ ! -e "$STATE/stop" ]; do
    sleep 0.3
done
# unshare passes no signals on; dockerd is its only child.
# shellcheck disable=SC2046
kill -TERM $(cat "/proc/$!/task/$!/children") 2>/dev/null
for _ in $(seq 100); do
    kill -0 $! 2>/dev/null || break
    sleep 0.1
done
kill -KILL $! 2>/dev/null
wait
