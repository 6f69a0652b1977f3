#!/bin/bash
# The operator's word against the real server: for every setting and every spelling below, azr and
# PostgreSQL 18 read the same value, or both refuse it. Where azr is stricter on purpose it reports that:
# hexadecimal, a leading zero, more digits than it counts.
. "$(dirname "$0")/lib.bash"
[ "${1:-}" = --inside ] || enter -- "$(relative "${AZC:-build/bin/azc}")" \
    "$(relative "${AZR:-build/bin/azr}")"

azc=$2 azr=$3
work=/tmp/parser
[ -x "$azr" ] || exit 1
mkdir -p $work/data
: >$work/data/postgresql.conf
: >$work/data/postgresql.auto.conf
"$azc" compile --rules tests/runner/small.azr -o $work >/dev/null || exit 1
stricter=0

# Units per setting: of one server unit, for what azr prints.
declare -A scale=([B]=1 [kB]=1024 [8kB]=8192 [MB]=$((1 << 20)) [us]=1 [ms]=1000 [s]=1000000
    [min]=60000000 [h]=3600000000 [d]=86400000000)

# A value of azr's, counted in the server's unit.
count() {
    if [ -n "$2" ] && [[ $1 =~ ^(-?[0-9]+)([a-zA-Z]+)$ ]]; then
        awk -v value="${BASH_REMATCH[1]}" -v from="${scale[${BASH_REMATCH[2]}]}" \
            -v to="${scale[$2]}" 'BEGIN { print value * from / to }'
    else
        echo "${1%.0}"
    fi
}

check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: '$2', not '$3'"
    fi
}

compare() {
    local name=$1 unit=$2 word=$3 ours theirs
    ours=$(env -i "$azr" explain "$name" --format json $work/aza.azb memory=2GB "$name=$word" \
        2>$work/err | sed -n 's/.*"value": "\([^"]*\)", "layer".*/\1/p')
    if [ -z "$ours" ] && grep -q 'hexadecimal\|begins with a zero\|too precise' $work/err; then
        stricter=$((stricter + 1))
        return
    fi
    [ -z "$ours" ] || ours=$(count "$ours" "$unit")
    theirs=$(postgres -C "$name" -D $work/data -c "$name=$word" 2>/dev/null)
    # The server writes large fractions with six digits.
    if [ -n "$ours" ] && [ "$(printf '%g' "$ours" 2>/dev/null)" = "$theirs" ]; then ours=$theirs; fi
    check "$name = '$word'" "$ours" "$theirs"
}

numbers=(0 1 -1 7.5 64 100.5 1e2 30.1 0.3 2147483648)
sizes=("" B kB " MB" GB TB kb)
times=("" us ms s " min" h d m)
words=(on OFF tru f Yes n o 1 0 11 "" " on" try minimal Replica hot_standby archive debug Debug2 log
    always)

compare_numbers() {
    local name=$1 unit=$2 number suffix
    shift 2
    for number in "${numbers[@]}"; do
        for suffix in "$@"; do compare "$name" "$unit" "$number$suffix"; done
    done
}

for setting in work_mem:kB temp_buffers:8kB max_wal_size:MB temp_file_limit:kB; do
    compare_numbers ${setting%:*} ${setting#*:} "${sizes[@]}"
done
for setting in log_min_duration_statement:ms checkpoint_timeout:s log_rotation_age:min \
    autovacuum_vacuum_cost_delay:ms; do
    compare_numbers ${setting%:*} ${setting#*:} "${times[@]}"
done
for setting in max_connections random_page_cost; do compare_numbers $setting "" "" kB; done
for setting in autovacuum huge_pages wal_level log_min_messages archive_mode; do
    for word in "${words[@]}"; do compare $setting "" "$word"; done
done
for word in 0x40 010 +7 .5 5. . 1e e5 --1 "5 5" "1,5" 1e-1 " 64 " 1MB5 "64 kB "; do
    compare work_mem kB "$word"
    compare max_connections "" "$word"
done

# What the short options mean to azr is what they mean to the server, and both take the same words
# for an option's argument.
while read -r name words; do
    # shellcheck disable=SC2086
    theirs=$(postgres -D $work/data $words -C "$name" 2>&1)
    # shellcheck disable=SC2086
    ours=$(AZA_ENTRYPOINT=/bin/true PGDATA=$work/data POSTGRES_MEMORY=2048 "$azr" start $work/aza.azb -- \
        postgres -D $work/data $words 2>&1 | sed -n 's/.* max_connections=\([0-9]*\) .*/\1/p')
    check "postgres $words" "$ours $(azr_knows "$name" $words)" "${theirs:+$ours }$theirs"
done <<'end'
end

# Texts come back from each format as they were.
# shellcheck disable=SC1003 # a backslash it is
for text in "it's" 'back\slash' 'two  blanks' '#x; y = 1' '$HOME "q" `w`' '\' "''"; do
    "$azr" show --format conf $work/aza.azb memory=2GB "label=$text" >$work/data/postgresql.conf
    check "conf $text" "$(postgres -C cluster_name -D $work/data)" "$text"
    : >$work/data/postgresql.conf
    eval "flags=($("$azr" show --format flags $work/aza.azb memory=2GB "label=$text"))"
    check "flags $text" "$(postgres -C cluster_name -D $work/data "${flags[@]}")" "$text"
done

summary "$stricter refused by azr alone"
