#!/bin/bash
# Prints the path of a directory tree with QEMU, cpio and a kernel, from Debian forky's packages: only
# unpacked, since that is all that is asked of them, and without the kernel's modules. It is made once,
# in about a minute, and kept in the cache; nothing is installed on the machine itself.
set -euo pipefail
. "$(dirname "$0")/../cache.bash"
become_root "$0" "$@"

packages=base-files,cpio,linux-image-cloud-amd64,qemu-system-x86
tree=$cache/vm-$(echo "$packages" | cksum | cut -d ' ' -f 1)
if [ ! -d "$tree" ]; then
    mkdir -p "$cache"
    new=$(mktemp -d "$cache/new.XXXXXX")
    trap 'rm -rf --one-file-system "$new"' EXIT
    echo "fetching QEMU and a kernel into $cache (once)" >&2
    mmdebstrap --variant=extract --include="$packages" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/lib/modules/*/kernel/*' \
        forky "$new/tree" $("$(dirname "$0")/../../.ci/mirror.sh") &>"$new/log" || {
        tail -n 20 "$new/log" >&2
        exit 1
    }
    mkdir -p "$new/tree/aza"
    # Two that ran at once made the same; the first to rename wins.
    mv -T "$new/tree" "$tree" 2>/dev/null || [ -d "$tree" ]
fi
echo "$tree"
