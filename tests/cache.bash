# Where the tests keep what they download or make once: directory trees of Debian's packages, packages, the
# images of a private Docker. A script that needs it sources this file.
#
#     $cache                                  build/cache of the repository, or the directory AZA_CACHE
#     become_root [NAME=VALUE...] "$0" "$@"   runs the script again with sudo unless root runs it already
cache=$(readlink -m "${AZA_CACHE:-$(dirname "${BASH_SOURCE[0]}")/../build/cache}")

become_root() {
    [ "$(id -u)" = 0 ] || exec sudo env "AZA_CACHE=$cache" "DEBIAN_MIRROR=${DEBIAN_MIRROR:-}" "$@"
}
