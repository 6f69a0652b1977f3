#!/bin/bash
# What is built from source, by the Dockerfile that the rules write: two small extensions from git
# repositories made here, in an image that a rules file of a few lines declares on top of the product's.
# They are there and answer, and nothing of their making is. Then a tag that was moved, a commit that
# there is not and a patch that does not apply: each fails the build with a message that names the entry and the reason.
. "$(dirname "$0")/../stacks/lib.bash"
out=$PWD/build/image/mine
product=$out/product sources=$out/sources image=aza-lab-image-mine:1
rm -rf "$out"
mkdir -p "$sources" "$out/stage/out/usr/local/bin" "$out/stage/out/etc/aza" "$product/docker/patches"

# --- sources -------------------------------------------------------------------------------------

# The same commits each time, for every user and git configuration.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_AUTHOR_DATE='1750000000 +0000'
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_COMMITTER_DATE='1750000000 +0000'

# repository NAME: of the sources beside this file.
repository() {
    git init --quiet --bare --template= --initial-branch main "$sources/$1.git"
    of "$1" --work-tree "$PWD/tests/image/extensions/$1" add --all
    of "$1" --work-tree "$PWD/tests/image/extensions/$1" commit --quiet -m "$1"
    rm "$sources/$1.git/index"
}
of() { git --git-dir "$sources/$1.git" "${@:2}"; }

repository aza_greeting
repository aza_tally
greeting=$(of aza_greeting rev-parse main)
tally=$(of aza_tally rev-parse main)
of aza_greeting tag v1.0
of aza_tally tag -a -m "the first" v1.0

# --- rules ---------------------------------------------------------------------------------------

# declare_both COMMIT [TAG]: of aza_greeting; writes what follows from the rules into the product.
declare_both() {
    local tag=
    [ $# -lt 2 ] || tag=", tag: \"$2\""
    cat >"$out/main.azr" <<AZR
import "../../../rules/main.azr"

extension aza_greeting {
    purpose = "Greets, with a word that a setting names."
    category = "server"
    version = "1.0"
    licence = "MIT"
    source = { repository: "file:///sources/aza_greeting.git", commit: "$1"$tag }
    build = { system: "pgxs", because: "only the tests know it" }
    settings = ["aza_greeting.word"]
    special = "only this one needs it"
}

extension aza_tally {
    purpose = "Counts its calls."
    category = "server"
    version = "1.0"
    licence = "MIT"
    source = { repository: "file:///sources/aza_tally.git", commit: "$tally", tag: "v1.0" }
    build = {
        system: "pgxs",
        because: "only the tests know it",
        patches: ["aza_tally-first_mark.patch"]
    }
    special = "only this one needs it"
}

image mine {
    purpose = "what counts, and what the tests build"
    holds = basic + [aza_greeting, aza_tally]
}
AZR
    "${AZC:-build/bin/azc}" compile --rules "$out/main.azr" -o "$product"
}

declare_both "$greeting" v1.0 >/dev/null || exit 1
cp -P docker/postgres/*.sh "$product/docker/postgres"
cp tests/image/extensions/*.patch "$product/docker/patches"
cp "${AZR:-build/bin/azr}" "$out/stage/out/usr/local/bin/azr"
cp "$product/aza.azb" "$out/stage/out/etc/aza"

# --- the build -----------------------------------------------------------------------------------

build() {
    AZA_PRODUCT=$product "$lab" product --progress plain --target mine --tag "$image" \
        --build-context sources="$sources" --build-context aza="$out/stage"
}
clean_up() { docker rm --force --volumes aza-lab-mine &>/dev/null; }
in_image() { docker exec aza-lab-mine "$@"; }
ask() { in_image psql -XAtq -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$1"; }
serve() {
    clean_up
    docker run --detach --label aza-lab --name aza-lab-mine --network none --memory 1g \
        --env POSTGRES_PASSWORD=x "$image" >/dev/null &&
        within 60 in_image pg_isready -q -h 127.0.0.1 -U postgres -d postgres
}

build &>"$out/log" || {
    flunk "the image is built" "$(tail -n 30 "$out/log")"
    summary
    exit
}
pass
holds "it serves" serve
holds "the one in C is created" ask "CREATE EXTENSION aza_greeting"
check "and answers" "$(ask "SELECT greeting('world')")" "Hello, world"
check "by its setting" "$(ask "SET aza_greeting.word = 'Good night'; SELECT greeting('moon')")" "Good night, moon"
holds "the one in SQL is created" ask "CREATE EXTENSION aza_tally"
check "and answers as patched" "$(ask "SELECT tally('x'); SELECT tally('x')" | xargs)" "1 2"
holds "all that is expected is there" in_image psql -qXf /etc/aza/expectations.sql -U postgres -d postgres

in_image cat /usr/lib/postgresql/18/lib/aza_greeting.so >"$work/aza_greeting.so"
check "the library has no symbols but those that it gives" \
    "$(readelf --wide --sections "$work/aza_greeting.so" | grep -oE '\.(dynsym|symtab|debug_[a-z]+)\b')" .dynsym
check "nothing that it was built with" "$(in_image sh -c '
    for p in gcc cc c++ clang ld as make git; do command -v $p; done
    ls -d /usr/include/postgresql /src /out /sources 2>/dev/null')" ""
check "no sources in other images" \
    "$(jq -r '.images | to_entries[] | select(.value.entries | index("aza_tally")) | .key' "$product/docker/manifest.json")" mine
check "it knows which it contains" \
    "$(in_image cat /etc/aza/manifest.json | jq -r '.images.mine.on_debian[] | select(startswith("aza_"))' | xargs)" \
    "aza_greeting aza_tally"
check "and from where" \
    "$(in_image cat /usr/share/doc/aza-pg/sbom.cdx.json | jq -r '.components[].pedigree.commits[].uid' | xargs)" \
    "$greeting $tally"
clean_up

# --- builds that must fail -----------------------------------------------------------------------

# refused WHAT ENTRY PATTERN: the step of that entry fails the build with that message.
refused() {
    fails "$1" build
    has_line "$1: whose" "$work/said" "^ > \[build-$2 "
    has_line "$1: why" "$work/said" "fetch: $3"
}

of aza_greeting tag --force v1.0 "$(of aza_greeting commit-tree -m "another" "main^{tree}")" >/dev/null
refused "a tag that was moved" aza_greeting "the tag v1\.0 of file:///sources/aza_greeting\.git has moved:"
has_line "from where" "$work/said" "it points to $(of aza_greeting rev-parse v1.0), but the rules pin $greeting"
of aza_greeting tag --force v1.0 "$greeting" >/dev/null

nothing=$(printf '0%.0s' {1..40})
declare_both "$nothing" >/dev/null
refused "a commit that there is not" aza_greeting "file:///sources/aza_greeting\.git has no commit $nothing"
declare_both "$greeting" v1.0 >/dev/null

sed -i 's/^-.*INSERT/&ED/' "$product/docker/patches/aza_tally-first_mark.patch"
refused "a patch that does not apply" aza_tally \
    "the patch docker/patches/aza_tally-first_mark\.patch does not apply to file:///sources/aza_tally\.git at $tally"
cp tests/image/extensions/*.patch "$product/docker/patches"

holds "it builds again with everything fixed" build
summary
