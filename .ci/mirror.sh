#!/bin/sh
# Prints the Debian mirror that this machine's own apt uses. On a system that is not Debian there is
# none to read: it prints nothing, and mmdebstrap falls back on its own default. DEBIAN_MIRROR, when
# set, is printed instead.
set -eu

if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    exit
fi
. /etc/os-release
[ "$ID" = debian ] || exit 0
apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    "Release: ${VERSION_CODENAME:-sid}" 'Component: main' | head -n 1
