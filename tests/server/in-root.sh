#!/bin/bash
# Runs a command inside the PostgreSQL tree of root.sh, in namespaces of its own: it sees its own
# processes only, a network that ends at its own loopback, a read-only tree with the repository as
# its working directory /aza, and memory file systems for /tmp, /run and PostgreSQL's data, all gone
# when the command ends.
#
#     in-root.sh [-u USER] [-d DATA] [-r RUN] [-p PACKAGES] COMMAND...
#
# USER is postgres by default; DATA is a directory to keep PostgreSQL's data in; RUN is a directory
# that becomes /run/postgresql, so that its socket can be reached from outside; PACKAGES, words in one
# argument, name another tree.
set -euo pipefail
. "$(dirname "$0")/../cache.bash"
become_root "$0" "$@"

here=$(dirname "$(readlink -f "$0")")
user=postgres data='' run='' packages=''
while getopts u:d:r:p: option; do
    case $option in
    u) user=$OPTARG ;;
    d) data=$(readlink -f "$OPTARG") ;;
    r) run=$(readlink -f "$OPTARG") ;;
    p) packages=$OPTARG ;;
    *) exit 64 ;;
    esac
done
shift $((OPTIND - 1))

# shellcheck disable=SC2086 # words
tree=$("$here/root.sh" $packages)
export TREE=$tree REPOSITORY=${here%/tests/server} RUN_USER=$user DATA=$data RUN=$run
exec unshare --mount --pid --ipc --net --fork --kill-child --propagation private \
    bash "$here/enter.sh" "$@"
