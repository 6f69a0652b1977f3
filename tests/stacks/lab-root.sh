#!/bin/bash
# The first process of the private Docker's namespaces: builds a file system of the tree of packages, the
# repository, the packages that images are built from and the state directory at the paths that they have
# outside, turns it into the root (in a mere chroot, health checks and `docker exec` would run in the
# machine's own files), and becomes dockerd.
set -euo pipefail

new=$STATE/root
mkdir -p "$new"
mount -t tmpfs -o mode=755 tmpfs "$new"
mkdir -p "$new"/{usr,proc,sys,dev,run,tmp,root,var/lib}
mount -t tmpfs -o mode=1777 tmpfs "$new/tmp" # first: the repository may lie in it
mkdir -p "$new/$STATE" "$new/$REPOSITORY" "$new/$PACKAGES"
ln -s ../run "$new/var/run"
cp -a "$TREE"/{bin,sbin,lib,lib64,etc} "$new"
cp -L /etc/hosts /etc/passwd /etc/group "$new/etc"
mount --bind "$TREE/usr" "$new/usr"
mount -o remount,bind,ro "$new/usr"
mount --bind "$REPOSITORY" "$new/$REPOSITORY"
mount --bind "$STATE" "$new/$STATE"
mount --bind "$PACKAGES" "$new/$PACKAGES"
mount -t proc proc "$new/proc"
mount --rbind /sys "$new/sys"
mount --rbind /dev "$new/dev"

cd "$new"
pivot_root . .
umount -l .
cd /
export PATH=/usr/sbin:/usr/bin HOME=/root
ip link set lo up
exec dockerd --data-root "$STATE/data" --exec-root /run/docker --pidfile /run/docker.pid \
    --host unix:///run/docker.sock --group root --log-level warn \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$GROUP"
