# shellcheck shell=bash
# A control group with a limit on its memory, in either version of the kernel's interface. To be read
# by survival.sh; one group exists at a time.

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    group=/sys/fs/cgroup/aza-survival-$$ version=2
else
    group=/sys/fs/cgroup/memory/aza-survival-$$ version=1
fi

in_bytes() { numfmt --from=iec "${1%B}"; }

group_check() {
    [ $version = 1 ] || echo +memory >/sys/fs/cgroup/cgroup.subtree_control || :
    # shellcheck disable=SC2015 # none of the three may fail
    mkdir "$group" && [ -w "$group/cgroup.procs" ] && rmdir "$group" || {
        echo "survival: no control group can be made in ${group%/*}: run this as root, on a machine" \
            "or in a container whose memory controller may be written" >&2
        exit 1
    }
}

# Swap is shut out: what does not fit is killed, not moved.
group_make() {
    local limit
    limit=$(in_bytes "$1")
    mkdir "$group"
    if [ $version = 1 ]; then
        echo "$limit" >"$group/memory.limit_in_bytes"
        [ ! -e "$group/memory.memsw.limit_in_bytes" ] ||
            echo "$limit" >"$group/memory.memsw.limit_in_bytes"
        echo 0 >"$group/memory.swappiness"
    else
        echo "$limit" >"$group/memory.max"
        [ ! -e "$group/memory.swap.max" ] || echo 0 >"$group/memory.swap.max"
    fi
}

group_enter() { echo $BASHPID >"$group/cgroup.procs"; }

# Processes that the kernel killed because the group was full.
group_kills() {
    local file=$group/memory.oom_control
    [ $version = 1 ] || file=$group/memory.events
    awk '$1 == "oom_kill" { print $2 }' "$file"
}

# The most there was, page cache included, in bytes.
group_peak() {
    local file=$group/memory.max_usage_in_bytes
    [ $version = 1 ] || file=$group/memory.peak
    cat "$file"
}

# What cannot be given back, in MB: processes' own memory, shared memory and the kernel's. Looks four
# times a second until it is killed, and prints each new maximum.
group_watch() {
    local now peak=0
    while :; do
        if [ $version = 1 ]; then
            now=$(awk '$1 == "rss" || $1 == "shmem" { n += $2 } END { printf "%d", n }' "$group/memory.stat")
            now=$((now + $(<"$group/memory.kmem.usage_in_bytes")))
        else
            now=$(awk '$1 ~ /^(anon|shmem|kernel)$/ { n += $2 } END { printf "%d", n }' "$group/memory.stat")
        fi
        [ $now -le $peak ] || { peak=$now && echo $((peak >> 20)); }
        sleep 0.25
    done 2>/dev/null
}

# Kills what is in it, again until nothing is left: what is dying may still have started something.
group_remove() {
    [ -d "$group" ] || return 0
    for _ in {1..100}; do
        ! rmdir "$group" 2>/dev/null || return 0
        xargs -r kill -KILL <"$group/cgroup.procs" 2>/dev/null || :
        sleep 0.1
    done
    echo "survival: $group does not become empty" >&2
    return 1
}
