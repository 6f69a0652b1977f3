#!/bin/bash
# Debian's packages of all that the set declares, for root.sh, and of the libraries beside it that the
# rules count; libjansson4 is for azc.
here=$(dirname "$(readlink -f "$0")")
echo libjansson4 postgresql-18
cut -d ' ' -f 8 "$here/set.txt" | tr , '\n' | grep -v '^-$' | LC_ALL=C sort -u
printf 'postgresql-18-%s\n' pg-failover-slots pg-qualstats pg-stat-kcache pg-wait-sampling squeeze
