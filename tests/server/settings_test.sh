#!/bin/bash
# The rules against the real server. For machines over the whole range of memory, processors,
# workload and storage, PostgreSQL 18 takes all flags together, libraries loaded, and reads each
# value as the rules meant it. The smaller of the machines are started, and pg_settings is compared
# with the rules, setting by setting.
. "$(dirname "$0")/lib.bash"
[ "${1:-}" = --inside ] || enter -- "$(relative "${AZC:-build/bin/azc}")"

export PGDATA=/var/lib/postgresql/data
azc=$2
unset "${!POSTGRES_@}"
work=/tmp/settings
mkdir -p $work/known

machines() {
    local sizes=(512MB 700MB 1GB 1500MB 2GB 3GB 4GB 6GB 8GB 12GB 16GB 32GB 64GB 128GB 300GB 1TB)
    local cpus=(1 2 4 128 0.5 8 3 16 64 6 32 2.5 24 48 96 12 1.5) storages=(ssd nvme san hdd)
    local size workload n=0
    for size in "${sizes[@]}"; do
        for workload in web oltp dw mixed; do
            echo "memory=$size cpus=${cpus[n % ${#cpus[@]}]} workload=$workload" \
                "storage=${storages[(n + n / 4) % 4]} sizing=standard"
            n=$((n + 1))
        done
        echo "memory=$size cpus=4 workload=web storage=ssd sizing=guaranteed"
    done
}

# The rest of such a machine, so that nothing of the one below it shows through.
rest="disk=200GB shared_space=1GB rotational=false uring=false"

evaluate() { $azc eval $1 $rest "${@:2}" 2>$work/warnings; }

# A value as the rules print it, counted in the server's unit of that setting.
declare -A scale=([B]=1 [kB]=1024 [8kB]=8192 [MB]=$((1 << 20)) [GB]=$((1 << 30)) [TB]=$((1 << 40))
    [us]=1 [ms]=1000 [s]=1000000 [min]=60000000 [h]=3600000000 [d]=86400000000)
as_server_counts() {
    local value=$1 unit=$2
    if [ -n "$unit" ] && [[ $value =~ ^([0-9]+)([a-zA-Z]+)$ ]]; then
        value=$((BASH_REMATCH[1] * ${scale[${BASH_REMATCH[2]}]} / ${scale[$unit]}))
    fi
    echo "$value"
}

# Whether the server, given NAME=VALUE, reports that value. Each pair is tried once.
agrees() {
    local name=$1 value=$2 unit=$3 got wanted mark
    mark=$work/known/$(printf '%s=%s' "$name" "$value" | cksum | tr ' ' -)
    [ ! -e "$mark" ] || return 0
    got=$(postgres -C "$name" -D $PGDATA -c "$name=$value" 2>&1)
    wanted=$(as_server_counts "$value" "$unit")
    if [ "$got" != "$wanted" ] &&
        ! awk -v a="$got" -v b="$wanted" 'BEGIN { exit !(a ~ /^[0-9.]+$/ && a == b + 0) }'; then
        echo "$name = $value: the server counts $got, not $wanted"
        return 1
    fi
    : >"$mark"
}

# All flags at once, then each on its own. Settings of preloaded libraries are placeholders to -C; the
# started servers see to them.
check_machine() {
    local machine=$1 flags flag name value status=0 compared=0
    declare -A given=()
    eval "flags=($(evaluate "$machine" --format flags))"
    for flag in "${flags[@]}"; do given[${flag%%=*}]=${flag#*=}; done
    postgres -C shared_memory_size -D $PGDATA "${flags[@]}" >$work/log 2>&1
    verdict $? "$machine: $(cat $work/log)"
    while IFS=$'\t' read -r name value; do
        if [ "${given[$name]}" != "$value" ]; then
            echo "$name = $value, but the flag is ${given[$name]}"
            status=1
        fi
        [[ $name == *.* ]] || agrees "$name" "$value" "${units[$name]:-}" || status=1
        unset "given[$name]"
        compared=$((compared + 1))
    done < <(evaluate "$machine" --format json |
        sed -n 's/^ *"\([a-z_.]*\)": "\(.*\)",\{0,1\}$/\1\t\2/p')
    unset "given[-c]"
    verdict $((status + ${#given[@]} + (compared < 50))) \
        "$machine: $compared settings; no value for: ${!given[*]} $(cat $work/warnings)"
}

# Starts the server with the machine's flags and compares pg_settings.
start_machine() {
    local machine=$1 flags
    eval "flags=($(evaluate "$machine" --format flags))"
    pg_ctl -s -w -D $PGDATA -l $work/log -o "$(printf '%q ' "${flags[@]}")" start
    verdict $? "$machine: $(tail -n 5 $work/log)"
    evaluate "$machine" --against "host=127.0.0.1 user=postgres" >$work/compared
    verdict $? "$machine: $(grep DIFFERS $work/compared; cat $work/warnings)"
    pg_ctl -s -w -m fast -D $PGDATA stop
}

initdb --no-sync --auth=trust --username=postgres >$work/log 2>&1 || { cat $work/log; exit 1; }
declare -A units
while IFS=$'\t' read -r name unit; do
    units[$name]=$unit
done < <(sed -n 's/.*"name": "\([a-z_]*\)".*"unit": "\([^"]*\)".*/\1\t\2/p' stdlib/catalogs/postgres-18.json)

while read -r machine; do check_machine "$machine"; done < <(machines)
while read -r machine; do start_machine "$machine"; done < <(machines | head -n 30 | awk 'NR % 3 == 1')

summary
