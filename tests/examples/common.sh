# shellcheck shell=sh
# What the tests of the examples share: reading tables, and comparing what the rules say with them.
# Every one prints how many figures were the same, as the other suites do.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
azc=${AZC:-build/bin/azc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A table's machines, as `azc eval --csv` reads them. $1: table; $2...: column:input[:default[:unit]]
machines() {
    table=$1
    shift
    awk -f "$here/csv.awk" -f "$here/machines.awk" -v wanted="$*" "$table"
}

# Evaluates the machines of $2 by the rules of $1. The environment must not speak for the operator.
decide() {
    env -i "$azc" eval --rules "$1" --csv "$2"
}

# Every column of the table $1 that the answers $2 have too is the same in every row; $3 lists the
# columns that are only the machine or have no counterpart.
same_settings() {
    awk -f "$here/csv.awk" -f "$here/same_settings.awk" -v name="$(basename "$0" .sh)" -v ignored="$3" "$1" "$2"
}

# In each row of the table $1 the column `setting` names a setting, and `by_the_formula` what it is.
same_points() {
    awk -f "$here/csv.awk" -f "$here/same_points.awk" -v name="$(basename "$0" .sh)" "$1" "$2"
}
