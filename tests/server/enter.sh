#!/bin/bash
# The second half of in-root.sh, as the first process of the new namespaces: builds the view of the
# file system, turns it into the root, and becomes the command as the user.
set -euo pipefail

ip link set lo up
mkdir -p "$TREE/docker-entrypoint-initdb.d" "$TREE/etc/aza"
mount --bind "$TREE" "$TREE"
mount -o remount,bind,ro "$TREE"
cd "$TREE"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/postgresql
mount --bind "$REPOSITORY" aza
if [ -n "$RUN" ]; then mount --bind "$RUN" run/postgresql; fi
if [ -n "$DATA" ]; then
    mount --bind "$DATA" var/lib/postgresql
else
    mount -t tmpfs tmpfs var/lib/postgresql
fi
pivot_root . .
umount -l .
cd /aza
unset TREE REPOSITORY DATA RUN
export PATH=/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/tmp
chown postgres:postgres /run/postgresql /var/lib/postgresql
exec setpriv --reuid="$RUN_USER" --regid="$RUN_USER" --init-groups -- "$@"
