#!/bin/sh
# Prints DEBIAN_MIRROR if that is set, else the Debian mirror of this machine's apt. On a system that is
# not Debian it prints nothing, and mmdebstrap uses its default.
set -eu

if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    exit
fi
. /etc/os-release
[ "$ID" = debian ] || exit 0
apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    "Release: ${VERSION_CODENAME:-sid}" 'Component: main' | head -n 1
