#!/bin/sh
# Written by azc from rules/image/scripts.azr; do not edit.
#
# install.sh [--from ORIGIN]... PACKAGE[=VERSION]...
#
# Installs packages from /packages if the builder provides it, otherwise from Debian's archive and the other
# origins in ../sources. A missing version fails the build. No lists, caches, logs, manuals or bitcode remain in the
# image; dpkg's database does.
set -eu
export DEBIAN_FRONTEND=noninteractive

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/archives/partial"

sources() { sed "s|ARCHIVE|$DEBIAN_ARCHIVE|" "/build/$1.sources" >>"$work/sources.list"; }

if [ -e /packages/Packages ]; then
    echo "deb [trusted=yes] file:/packages ./" >"$work/sources.list"
else
    sources debian
fi
while [ "${1:-}" = --from ]; do
    [ -e /packages/Packages ] || sources "$2"
    shift 2
done

# Options for all programs of apt. Files that dpkg excludes are never written, so they are in no layer.
cat >"$work/apt.conf" <<CONF
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::Cache "$work";
Dir::Cache::Archives "$work/archives";
Dir::Cache::pkgcache "$work/pkgcache.bin";
Dir::Cache::srcpkgcache "$work/srcpkgcache.bin";
Dir::Log "$work";
Acquire::GzipIndexes "false";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
DPkg::Options {
    "--log=$work/dpkg.log";
    "--force-unsafe-io";
    "--path-exclude=/usr/share/doc/*";
    "--path-include=/usr/share/doc/*/copyright";
    "--path-exclude=/usr/share/info/*";
    "--path-exclude=/usr/share/lintian/*";
    "--path-exclude=/usr/share/locale/*";
    "--path-exclude=/usr/share/man/*";
    "--path-exclude=/usr/lib/postgresql/18/lib/bitcode/*";
};
CONF
apt-get -c "$work/apt.conf" -qq update

# apt would report only the first missing version, without alternatives.
for wanted; do echo "${wanted%%=*}"; done | xargs apt-cache -c "$work/apt.conf" madison |
    awk -F '|' '{ gsub(/ /, ""); print $1 "=" $2; print $1 }' >"$work/there"
lacking=
for wanted; do
    ! grep -qxF -e "$wanted" "$work/there" || continue
    name=${wanted%%=*}
    there=$(grep -F -e "$name=" "$work/there" | cut -d = -f 2 | tr '\n' ' ')
    echo "install: $wanted is not available; versions of $name: ${there:-none}" >&2
    lacking=yes
done
if [ "$lacking" ]; then
    echo "install: set an available version in rules/extensions or rules/image/bases.azr," \
        "then run: azc compile" >&2
    exit 1
fi

apt-get -c "$work/apt.conf" -qq --yes --no-remove install "$@" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    exit 1
}
# A key in an image is public; Debian's packages create one.
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
[ ! -d /etc/ssl/certs ] || find /etc/ssl/certs -xtype l -delete
# So is a machine ID; debconf's database is ordered differently each time.
[ ! -s /etc/machine-id ] || : >/etc/machine-id
rm -f /var/log/alternatives.log /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/cache/debconf/*.dat* \
    /var/lib/dpkg/*-old
