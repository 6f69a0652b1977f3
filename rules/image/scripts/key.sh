#!/bin/sh
# Written by azc from rules/image/scripts.azr; do not edit.
#
# key.sh NAME FINGERPRINT: turns /keys/NAME into /out/NAME.gpg, if it is the key with that
# fingerprint.
set -eu

found=$(gpg --batch --quiet --show-keys --with-colons "/keys/$1" | awk -F : '$1 == "fpr" { print $10; exit }')
if [ "$found" != "$2" ]; then
    echo "key: the key of $1's packages has the fingerprint $found, but the rules expect $2" >&2
    exit 1
fi
mkdir -p /out
gpg --batch --quiet --dearmor --output "/out/$1.gpg" "/keys/$1"
