#!/bin/sh
# Installs missing tools for building and testing. Needs apt, and root or sudo; returns at once if
# nothing is missing. Debian 12 and 13, Ubuntu 22.04 and 24.04.
# shellcheck disable=SC2086 # packages are words
set -eu

wanted="gcc libc6-dev pkg-config flex bison musl-tools libpq-dev libjansson-dev
    clang clang-format clang-tidy gcc-aarch64-linux-gnu qemu-user mmdebstrap debian-archive-keyring
    postgresql-client jq git shellcheck libxml2-utils util-linux iproute2 procps python3 python3-yaml"

command -v apt-get >/dev/null || {
    echo "setup: apt not found; install these packages:" $wanted >&2
    exit 1
}
# A node that is not from Debian includes npm.
command -v npm >/dev/null || wanted="$wanted nodejs npm"
# Ubuntu 22.04 has the runtime of clang's sanitizers and fuzzer in another package, which clang brings.
. /etc/os-release
[ "$ID${VERSION_ID:-}" = ubuntu22.04 ] || wanted="$wanted libclang-rt-dev"

missing() {
    there=$(dpkg-query -W -f '${db:Status-Status}:${Package}\n' $wanted 2>/dev/null) || :
    for package in $wanted; do
        echo "$there" | grep -qx "installed:$package" || echo "$package"
    done
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "setup: run this as root, or install sudo; missing:" $lacking >&2
        exit 1
    }
    root=sudo
fi
echo "setup: installing" $lacking
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $root apt-get -q update &&
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
        $lacking; } >"$log" 2>&1 || [ -n "$(missing)" ]; then
    cat "$log" >&2
    exit 1
fi
