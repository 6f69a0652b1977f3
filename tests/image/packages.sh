#!/bin/bash
# Prints the path of a directory of Debian's packages that images can be built from without a network:
# those of a list, NAME or NAME=VERSION, with all that they depend on beyond a tree. It is made once for
# each list and kept in the cache. Needs apt.
#
#     packages.sh TREE LIST...        of the files LIST, for what begins with TREE
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
. "$here/../cache.bash"
tree=$1
shift
mapfile -t wanted < <(sort -u "$@")

cache=$cache/packages
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
# The archive keeps what a mirror has no more; it is asked only then, for it is slow.
archive=$(sed -n 's/^ARG DEBIAN_ARCHIVE=//p' "$here/../../docker/debian/Dockerfile" | head -n 1)
mirror=$("$here/../../.ci/mirror.sh")
source_line() {
    echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 forky main"
}
source_line "${mirror:-$archive}" >"$new/sources.list"
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
Acquire::GzipIndexes "false";
Acquire::Languages "none";
APT::Architecture "$(dpkg --print-architecture)";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Debug::NoLocking "true";
CONF

echo "packages: fetching ${#wanted[@]} packages and what they need into $cache (once)" >&2
apt-get -c "$new/apt.conf" -qq update >&2

# lacking: the pins that none of the sources has.
lacking() {
    apt-cache -c "$new/apt.conf" madison "${wanted[@]%%=*}" |
        awk -F '|' '{ gsub(/ /, ""); print $1 "=" $2; print $1 }' >"$new/there"
    printf '%s\n' "${wanted[@]}" | grep -vxF -f "$new/there"
}
if [ -n "$mirror" ] && lacking >/dev/null; then
    source_line "$archive" >>"$new/sources.list"
    apt-get -c "$new/apt.conf" -qq update >&2 || :
fi
if lost=$(lacking); then
    for package in $lost; do
        there=$(sed -n "s/^${package%%=*}=//p" "$new/there" | xargs)
        echo "packages: there is no $package on the mirror nor in $archive;" \
            "of ${package%%=*} there is: ${there:-nothing}" >&2
    done
    echo "packages: write the version that there is into rules/extensions/ or rules/image/bases.azr," \
        "then run: build/bin/azc compile" >&2
    exit 1
fi

apt-get -c "$new/apt.conf" -qq --yes --download-only install "${wanted[@]}" >"$new/said" 2>&1 || {
    cat "$new/said" >&2
    exit 1
}

# The mirror's own words about those that were fetched, and where they are now. An epoch's colon is %3a
# in a file's name.
rm -rf "$new"/debs/{partial,lock}
ls "$new/debs" >"$new/fetched"
awk -v 'RS=' -v 'ORS=\n\n' '
    NR == FNR { for (i = 1; i <= NF; i++) fetched[$i] = 1; next }
    {
        split("", field)
        for (i = split($0, lines, "\n"); i > 0; i--)
            if (match(lines[i], /^(Package|Version|Architecture): /))
                field[substr(lines[i], 1, RLENGTH - 2)] = substr(lines[i], RLENGTH + 1)
        gsub(":", "%3a", field["Version"])
        file = field["Package"] "_" field["Version"] "_" field["Architecture"] ".deb"
        if (file in fetched && !(file in written)) {
            sub(/Filename: [^\n]*/, "Filename: ./" file)
            written[file] = 1
            print
        }
    }' "$new/fetched" "$new"/lists/*_Packages >"$new/debs/Packages"
[ "$(grep -c '^Package: ' "$new/debs/Packages")" = "$(wc -l <"$new/fetched")" ] || {
    echo "packages: the mirror's index does not name all that was fetched from it" >&2
    exit 1
}
# Two that ran at once made the same; the first to rename wins.
mv -T "$new/debs" "$made" 2>/dev/null || [ -d "$made" ]
echo "$made"
