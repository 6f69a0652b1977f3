#!/bin/bash
# A start script of the usual shape and size, to compare with: reads the limits of its container,
# works out a dozen settings with the shell's own arithmetic and small programs, and starts the
# server. 34 processes are forked, one for each command substitution and pipe.
set -euo pipefail

megabytes() { echo $(($(echo "$1" | cut -d ' ' -f 1) / 1024)); }
clamp() { if [ "$1" -lt "$2" ]; then echo "$2"; elif [ "$1" -gt "$3" ]; then echo "$3"; else echo "$1"; fi; }

kilobytes=$(grep MemTotal /proc/meminfo | tr -s ' ' | cut -d ' ' -f 2)
memory=$(megabytes "$kilobytes kB")
cpus=$(nproc)
machine=$(uname -m)
connections=$(clamp $((memory / 20)) 20 200)
buffers=$(clamp $((memory / 4)) 128 32768)
cache=$(clamp $((memory * 3 / 4)) 256 1048576)
maintenance=$(clamp $((memory / 32)) 16 2048)
work=$(clamp $((memory / 4 / connections)) 1 32)
workers=$(clamp "$cpus" 2 64)
gather=$(clamp $((cpus / 2)) 1 4)
wal=$(clamp $((memory / 8)) 64 4096)
cost=$(echo 1.1 | tr -d ' ')
version=$(echo "$machine 18" | cut -d ' ' -f 2)
word=$(echo "${STORAGE:-ssd}" | tr '[:upper:]' '[:lower:]')
target=$(clamp $((100 * version / 18)) 100 1000)
io=$(clamp 200 1 1000)
slots=$(clamp 10 1 100)
minimum=$(clamp $((wal / 4)) 80 1024)
naptime=$(clamp 60 10 60)
combine=$(clamp 128 1 1024)
autovacuum=$(clamp $((cpus / 2)) 3 16)
[ "$word" = ssd ]

exec "$1" postgres -c shared_buffers="${buffers}MB" -c effective_cache_size="${cache}MB" \
    -c maintenance_work_mem="${maintenance}MB" -c work_mem="${work}MB" \
    -c max_connections="$connections" -c max_worker_processes="$workers" \
    -c max_parallel_workers_per_gather="$gather" -c max_wal_size="${wal}MB" \
    -c random_page_cost="$cost" -c default_statistics_target="$target" \
    -c effective_io_concurrency="$io" -c max_replication_slots="$slots" \
    -c min_wal_size="${minimum}MB" -c autovacuum_naptime="$naptime" \
    -c io_combine_limit="${combine}kB" -c autovacuum_max_workers="$autovacuum"
