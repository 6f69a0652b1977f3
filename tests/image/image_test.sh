#!/bin/bash
# The images of docker/debian/Dockerfile, all of them built as a release builds them (the compiler too),
# without a network: each contains what docker/manifest.json lists and no more; nothing that a
# running server has no use for; it runs as an unprivileged user on files that it cannot write; it is as
# large as we say; and it sizes itself for the memory that its container has. Then builds that must fail.
. "$(dirname "$0")/../stacks/lib.bash"
out=$PWD/build/image
mkdir -p "$out"

build() { "$lab" product --progress plain "$@"; }
# shell IMAGE COMMAND...: as root, to see all that there is.
shell() {
    docker run --rm --label aza-lab --network none --user 0 --entrypoint sh "$1" -c "${@:2}"
}
clean_up() { docker rm --force --volumes aza-lab-image &>/dev/null; }
manifest() { jq -r "$@" docker/manifest.json; }
tag() { echo "aza-lab-image-$1:1"; }

# --- what is built -------------------------------------------------------------------------------

servers=$(manifest '.images | keys[]')
programs="pgbouncer postgres_exporter pgbouncer_exporter"
for target in $servers $programs; do
    build --target "$target" --tag "$(tag "$target")" --build-arg VERSION=18.6 --build-arg REVISION=abc \
        --build-arg CREATED=2026-01-01T00:00:00Z &>"$out/$target.log" || {
        flunk "$target is built" "$(tail -n 30 "$out/$target.log")"
        summary
        exit
    }
    pass
done

# --- what each holds -----------------------------------------------------------------------------

# All control files, libraries and programs, a line each.
contents() {
    shell "$(tag "$1")" 'cd /usr/share/postgresql/18/extension && ls *.control | sed "s/\.control$//; s/^/extension /"
        cd /usr/lib/postgresql/18/lib && ls *.so | sed "s/\.so$//; s/^/library /"
        ls /usr/bin /usr/lib/postgresql/18/bin | sed "s/^/program /"' | sort -u
}
# The same of those entries of the manifest that are chosen.
declared() {
    manifest --arg image "$1" '.images[$image].on_debian as $held | .entries | to_entries[] | select('"$2"') |
        (if .value.kind == "extension" then "extension " + .value.called else empty end),
        (if .value.library then "library " + .value.library else empty end),
        ((.value.programs // [])[] | "program " + .)' | sort -u
}
holds_its_entries() {
    contents "$1" >"$out/$1.contents"
    check "$1 has what it declares" \
        "$(comm -23 <(declared "$1" '.key as $k | $held | index($k)') "$out/$1.contents")" ""
    check "$1 has nothing of what it does not" \
        "$(comm -12 <(comm -23 <(declared "$1" '(.key as $k | $held | index($k) | not) and (.value.with_server | not)') \
            <(declared "$1" '.key as $k | $held | index($k)')) "$out/$1.contents")" ""
    check "$1 preloads its declared default" \
        "$(docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$(tag "$1")" | sed -n 's/^AZA_PRELOAD=//p')" \
        "$(manifest --arg image "$1" '.images[$image].on_debian as $held | .entries as $all | .images[$image] as $i |
            [$i.entries[] | select(. as $k | $held | index($k)) | $all[.] | select(.preloaded) | .library] | join(",")')"
}
# Packages are those that the list beside the Dockerfile pins.
holds_its_packages() {
    check "$1 has the pinned versions" \
        "$(shell "$(tag "$1")" "dpkg-query -W -f '\${Package}=\${Version}\n'" | sort | comm -13 - <(sort -u "docker/debian/$1.packages"))" ""
}

# has IMAGE PACKAGE
has() { shell "$(tag "$1")" "dpkg-query -W '$2' | grep ." &>/dev/null; }

# What has no business in an image. Python comes with pg_partman's package alone, perl with the server's,
# gpg with what GDAL reads signed documents by.
lean() {
    local interpreter="python3 gpg"
    ! has "$1" postgresql-18-partman || interpreter=${interpreter/python3/}
    ! has "$1" 'libgpgme*' || interpreter=${interpreter/gpg/}
    check "$1: no compilers, no interpreters" "$(shell "$(tag "$1")" "for p in gcc cc c++ clang ld as make git curl cargo $interpreter; do command -v \$p; done")" ""
    check "$1: nothing of apt's, no manuals, no bitcode" "$(shell "$(tag "$1")" '
        find /var/lib/apt/lists /var/cache/apt /var/log /usr/share/man /usr/share/info /usr/share/locale \
            /usr/lib/postgresql/18/lib/bitcode -type f 2>/dev/null')" ""
    check "$1: no setuid or setgid files" "$(shell "$(tag "$1")" 'find / -xdev -type f -perm /6000')" ""
    check "$1: no private key" "$(shell "$(tag "$1")" 'grep -rlE "BEGIN ([A-Z]+ )?PRIVATE KEY" /etc /usr/share /var 2>/dev/null')" ""
    check "$1: nothing that anybody may change" \
        "$(shell "$(tag "$1")" 'find / -xdev \( -path /proc -o -path /sys -o -path /dev \) -prune -o -type f -perm -o+w -print')" ""
}

labelled() {
    local image
    image=$(tag "$1")
    check "$1: labels" "$(docker image inspect --format '{{with .Config.Labels}}{{index . "org.opencontainers.image.version"}} {{index . "org.opencontainers.image.revision"}} {{index . "org.opencontainers.image.created"}} {{index . "org.opencontainers.image.base.name"}}{{end}}' "$image")" \
        "18.6 abc 2026-01-01T00:00:00Z aza-lab-debian:base"
    check "$1: starts through azr" "$(docker image inspect --format '{{join .Config.Entrypoint " "}}' "$image")" \
        "azr start /etc/aza/aza.azb --"
}

for image in $servers; do
    holds_its_entries "$image"
    holds_its_packages "$image"
    lean "$image"
    labelled "$image"
    check "$image runs as 999" "$(docker image inspect --format '{{.Config.User}}' "$(tag "$image")")" 999:999
    holds "$image: health is asked over TCP, without a shell" \
        test "$(docker image inspect --format '{{index .Config.Healthcheck.Test 0}} {{index .Config.Healthcheck.Test 1}}' "$(tag "$image")")" = "CMD pg_isready"
done
for image in $programs; do
    lean "$image"
    labelled "$image"
done

# --- how large it is -----------------------------------------------------------------------------

for image in $servers $programs; do
    printf '%-20s %6s MB\n' "$image" \
        $(($(docker image inspect --format '{{.Size}}' "$(tag "$image")") / 1000000))
done | tee "$out/sizes.txt"
holds "the image of all of the set has less than 600 MB" \
    awk '$1 == "full" && $2 < 600 { found = 1 } END { exit !found }' "$out/sizes.txt"

# --- how it runs ---------------------------------------------------------------------------------

# serve IMAGE WORD...: a server on a root file system that it cannot write.
serve() {
    clean_up
    docker run --detach --label aza-lab --name aza-lab-image --network none --read-only --cap-drop ALL \
        --security-opt no-new-privileges:true --tmpfs /run/postgresql:uid=999,gid=999,mode=3775 \
        --tmpfs /tmp:mode=1777 --env POSTGRES_PASSWORD=x "${@:2}" "$(tag "$1")" >/dev/null &&
        within 60 test_server
}
test_server() { docker exec aza-lab-image pg_isready -q -h 127.0.0.1 -U postgres -d postgres; }
ask() { docker exec aza-lab-image psql -XAtq -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$1"; }

# tries IMAGE: each entry that it holds is created, unless the first start has, and does what it is for.
tries() {
    local name kind called place library must
    while read -r name kind called place library must _; do
        grep -qxF "$name" "$out/$1.held" || continue
        [ "$must" != must ] || [[ ,$(ask 'SHOW shared_preload_libraries'), == *",$library,"* ]] || continue
        [ "$kind" != extension ] || ask "CREATE SCHEMA IF NOT EXISTS $place" &>/dev/null &&
            ask "CREATE EXTENSION IF NOT EXISTS $called WITH SCHEMA $place CASCADE" &>/dev/null
        holds "$1: $name does what it is for" env RUN="docker exec -i --env PGUSER=postgres aza-lab-image" \
            LOG="docker logs aza-lab-image" PATH="$work/bin:$PATH" tests/extensions/try.sh "$name"
    done <tests/extensions/set.txt
}
mkdir -p "$work/bin"
printf '#!/bin/sh\nexec "%s" docker "$@"\n' "$lab" >"$work/bin/docker"
chmod +x "$work/bin/docker"

for image in $servers; do
    holds "$image serves" serve "$image" --memory 1g --env POSTGRES_WAL_LEVEL=logical
    check "$image: the server's user" "$(docker exec aza-lab-image id -u)" 999
    holds "$image: all that is expected is there" \
        docker exec aza-lab-image psql -qXf /etc/aza/expectations.sql -U postgres -d postgres
    check "$image: extensions that there may be" \
        "$(comm -13 <(ask "SELECT name FROM pg_available_extensions" | sort) <(declared "$image" '.key as $k | $held | index($k)' | sed -n 's/^extension //p'))" ""
    manifest --arg image "$image" '.images[$image].on_debian[]' >"$out/$image.held"
    tries "$image"
done

# What azr supposes for that memory is what a container that has it gets.
for memory in 512 1024 2048 4096; do
    serve full --memory ${memory}m
    wanted=$(docker exec aza-lab-image azr show --format conf memory=${memory}MB |
        sed -n "s/^\(shared_buffers\|max_connections\|work_mem\|maintenance_work_mem\) = '\(.*\)'.*/\1=\2/p" | sort)
    check "full with ${memory}MB: the values" \
        "$(ask "SELECT name || '=' || current_setting(name) FROM pg_settings
            WHERE name IN ('shared_buffers', 'max_connections', 'work_mem', 'maintenance_work_mem')" |
            sed -E 's/=([0-9]+)GB$/=\1*1024MB/' | awk -F '[=*]' '/\*/ { print $1 "=" $2 * 1024 "MB"; next } 1' | sort)" "$wanted"
    docker logs aza-lab-image &>"$work/log"
    has_line "full with ${memory}MB: in the log" "$work/log" "\[AUTO-CONFIG\].*${wanted##*=}"
done
clean_up

# --- builds that must fail -----------------------------------------------------------------------

# spoiled SED: the Dockerfile, changed.
spoiled() { sed -E "$1" docker/debian/Dockerfile >"$out/Dockerfile"; }

spoiled 's/(postgresql-18-cron)=[^ ]*/\1=0.0.1-1/'
fails "a version that there is not" build --file "$out/Dockerfile" --target core
has_line "names the available versions" "$work/said" 'postgresql-18-cron=0\.0\.1-1 is not available; versions of postgresql-18-cron: [0-9]'
has_line "names the fix" "$work/said" 'azc compile'

# --- and again -----------------------------------------------------------------------------------

# The same files with the same contents, owners and modes, whenever it is built.
fingerprint() {
    docker create --name aza-lab-image "$1" >/dev/null
    docker export aza-lab-image >"$work/files.tar"
    docker rm aza-lab-image >/dev/null
    tar --list --verbose --numeric-owner --file "$work/files.tar" | awk '{ $4 = $5 = ""; print }' | sort
    tar --extract --to-stdout --file "$work/files.tar" | sha256sum
}
for n in 1 2; do
    holds "core is built again" build --build-arg SOURCE_DATE_EPOCH=$((1750000000)) \
        --no-cache-filter core,server --target core --tag "$(tag again)"
    fingerprint "$(tag again)" >"$out/again.$n"
done
check "a second build has the same files" "$(diff "$out/again.1" "$out/again.2" | head -n 5)" ""

summary
