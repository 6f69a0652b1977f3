#!/bin/bash
# The tests that take seconds: all unit tests and golden cases, in programs that are built already.
#
#     tests/fast.sh [DIRECTORY]    the unit tests of that directory (build/release/tests/unit); AZC is
#                                  the compiler that the golden cases run (build/bin/azc)
set -u
cd "$(dirname "$0")/.." || exit
status=0
began=${EPOCHREALTIME/./}
tests/units.sh "${1:-build/release/tests/unit}" || status=1
tests/run || status=1
printf 'test: %s in %d.%d s\n' "$([ $status -eq 0 ] && echo passed || echo FAILED)" \
    $(((${EPOCHREALTIME/./} - began) / 1000000)) $(((${EPOCHREALTIME/./} - began) / 100000 % 10))
exit $status
