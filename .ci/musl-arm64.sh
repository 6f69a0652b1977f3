#!/bin/sh
# Makes DIR/cc, a compiler of static arm64 programs: Debian's cross gcc with Debian's musl for arm64,
# whose files are unpacked below DIR; nothing else on the machine changes.
#
#     musl-arm64.sh DIR
set -eu

target=$1
here=$(dirname "$0")
root=$([ "$(id -u)" = 0 ] || echo sudo)
rm -rf "$target"
mkdir -p "$target"
# shellcheck disable=SC2046 # an empty mirror must not become a word
$root mmdebstrap --quiet --variant=extract --architectures=arm64 --include=musl-dev --format=tar \
    bookworm - $("$here/mirror.sh") 2>"$target/log" |
    tar -x -C "$target" ./usr/lib/aarch64-linux-musl ./usr/include/aarch64-linux-musl || {
    cat "$target/log" >&2
    exit 1
}
lib=$(cd "$target/usr/lib/aarch64-linux-musl" && pwd)
include=$(cd "$target/usr/include/aarch64-linux-musl" && pwd)
gcc=aarch64-linux-gnu-gcc
builtin=$($gcc -print-file-name=include)

# A link ends in an -o PROGRAM without -c; the start files and the library go around the objects.
cat >"$target/cc" <<END
#!/bin/sh
case " \$* " in
*" -c "*) exec $gcc -nostdinc -isystem $include -isystem $builtin "\$@" ;;
*) exec $gcc -nostdlib -static $lib/crt1.o $lib/crti.o "\$@" $lib/libc.a -lgcc $lib/crtn.o ;;
esac
END
chmod +x "$target/cc"
