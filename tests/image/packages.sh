#!/bin/bash
# Prints the path of a directory of Debian's packages that images can be built from without a network:
# those of a list, NAME or NAME=VERSION, with all that they depend on beyond a tree. It is made once for
# each list and kept in the cache. Needs apt.
#
#     packages.sh TREE LIST...        of the files LIST, for what begins with TREE
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$1
shift
mapfile -t wanted < <(sort -u "$@")

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/aza-pg/packages
made=$cache/$(printf '%s\n' "${tree##*/}" "${wanted[@]}" | cksum | cut -d ' ' -f 1)
if [ -d "$made" ]; then
    echo "$made"
    exit
fi
mkdir -p "$cache"
new=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"/{debs/partial,lists/partial}
chmod 755 "$new" "$new/debs"
mirror=$("$here/../../.ci/mirror.sh")
echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
    "${mirror:-http://deb.debian.org/debian} forky main" >"$new/sources.list"
cat >"$new/apt.conf" <<CONF
Dir::Etc::SourceList "$new/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$new";
Dir::State::Lists "$new/lists";
Dir::State::Status "$tree/var/lib/dpkg/status";
Dir::Cache "$new";
Dir::Cache::Archives "$new/debs";
Acquire::Languages "none";
APT::Architecture "$(dpkg --print-architecture)";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Debug::NoLocking "true";
CONF
export APT_CONFIG=$new/apt.conf

echo "packages: fetching ${#wanted[@]} packages and what they need into $cache (once)" >&2
apt-get -qq update >&2

# A pin that has left the mirror.
lacking=
for package in "${wanted[@]}"; do
    [ -z "$(apt-cache show "$package" 2>/dev/null)" ] || continue
    there=$(apt-cache madison "${package%%=*}" | awk -F '|' '{ print $2 }' | xargs)
    echo "packages: there is no $package on the mirror; of ${package%%=*} there is: ${there:-nothing}" >&2
    lacking=yes
done
if [ "$lacking" ]; then
    echo "packages: write the version that there is into rules/extensions/ or rules/image/bases.azr," \
        "then run: build/bin/azc compile" >&2
    exit 1
fi

apt-get -qq --yes --download-only install "${wanted[@]}" >"$new/said" 2>&1 || {
    cat "$new/said" >&2
    exit 1
}

# What dpkg-scanpackages would write.
cd "$new/debs"
rm -rf partial lock
for deb in *.deb; do
    dpkg-deb --field "$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
        "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d ' ' -f 1)"
done >Packages
# Two that ran at once made the same; the first to rename wins.
mv -T "$new/debs" "$made" 2>/dev/null || [ -d "$made" ]
echo "$made"
