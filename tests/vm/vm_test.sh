#!/bin/bash
# What azr makes of a machine that knows version 2 of cgroups only, in one: QEMU emulates it, no
# hardware helps, and tests/vm/init.c is its first process and does the checking.
set -u
cd "$(dirname "$0")/../.." || exit

skip() {
    echo "vm: 0 passed, 0 failed, 1 skipped: $*"
    exit 0
}

[ "$(uname -m)" = x86_64 ] || skip "the machine is made for x86_64"
[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || skip "needs root or sudo"
. tests/cache.bash
become_root "PATH=$PATH" "$0" "$@"
command -v mmdebstrap >/dev/null || skip "there is no mmdebstrap to fetch QEMU with"
tree=$(tests/vm/tree.sh) || skip "QEMU and a kernel cannot be fetched"

make -s build/vm/init build/bin/azc build/bin/azr || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/root" "$work/root/dev"
build/bin/azc compile -o "$work" >/dev/null || exit 1
cp build/vm/init build/bin/azr "$work/aza.azb" "$work/root/"

# The machine's memory is that of init.c's table: more than any limit there but one.
cat >"$work/boot" <<'END_OF_BOOT'
set -e
mount --bind "$work" "$tree/aza"
cd "$work/root"
find . | chroot "$tree" cpio --quiet -D /aza/root -o -H newc >"$work/initrd"
kernel=$(cd "$tree" && echo usr/lib/modules/*/vmlinuz)
timeout 120 chroot "$tree" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 \
    -nodefaults -no-user-config -display none -nic none -no-reboot -serial stdio \
    -kernel "/$kernel" -initrd /aza/initrd \
    -append "console=ttyS0 quiet panic=-1 loglevel=3 cgroup_no_v1=all random.trust_cpu=on" </dev/null
END_OF_BOOT
export tree work
unshare --mount --propagation private bash "$work/boot" >"$work/console" 2>&1
tr -d '\r' <"$work/console"
grep -q '^vm: [1-9][0-9]* passed, 0 failed.$' "$work/console" || exit 1
