# shellcheck shell=bash
# The page that survival.sh writes, from the rows it has measured. To be read by it.

processor=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
kernel=$(uname -r | sed 's/^\([0-9.]*\).*/\1/')
total=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
swap=$(awk '$1 == "SwapTotal:" { print $2 == 0 ? "no swap" : "swap, shut off for the servers" }' /proc/meminfo)

# For one kind of settings: how often it was tried, how often nothing was killed and nothing refused.
verdict() {
    awk -F ' *[|] *' -v way="$1" '
        $3 == way { tried++; if ($8 == 0 && $9 == 0) alive++; if ($10 == "none") clean++; kills += $8; done += $6 }
        END { if (tried) printf "| %s | %d | %d | %d | %d | %d |\n", way, tried, alive, clean, kills, done }' "$work/rows"
}

cat <<END_OF_PAGE
# Surviving memory pressure

What happens if all clients use memory at once? \`make survival\` measures this for several sets of settings, and writes this
file.

## Results

The columns are the number of servers tried, the servers without a process killed by the kernel, the servers without any
error, the processes killed, and the queries finished.

| settings | tried | nothing killed | no error | killed | finished |
| --- | ---: | ---: | ---: | ---: | ---: |
$(for way in "${ways[@]}"; do verdict "$way"; done)

## Load

As many clients as the server admits join two tables of 14 MB by hash and sort the result of 28 MB, in
parallel where the server has workers for it, repeatedly for $time seconds. A client that gets its
first row in the first half of that time waits there until the second half, so that all hold their memory at once. Neither
hash table nor sort fits into work_mem: all of them spill.

The shared buffers are filled before the load, as on a server that has run for a day. The server is alone in a control group
of the given size, together with its /dev/shm and its files in the page cache; the clients are outside it.
The settings are for $cores cores, so that parallel workers take part.

- **guaranteed, standard**: the rules, with this value of POSTGRES_SIZING, and all five libraries preloaded.
- **pgtune**: its published formulas for a web application on an SSD, with io_method left at worker.
- **stock**: the postgresql.conf created by initdb.

pgtune and stock preload no libraries.

## Details

Restarts are crash restarts of the server after the kernel had killed one of its processes. "Held" is memory that cannot be
reclaimed (private memory of processes, shared memory, kernel memory), sampled four times a second; "peak" is all memory
charged to the group, including the page cache, which fills the rest.

| memory | settings | clients | work_mem | finished | per second | killed | restarts | errors | held | peak |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |
$(cat "$work/rows")

The number of clients differs because each set of settings admits a different number. The rates were measured on a shared
machine with few cores: differences below 20 % are not significant. The clients wait for half of the time, so the rates show
which servers make progress, not how fast PostgreSQL is.

The ledger behind \`guaranteed\` counts one hash table for every process. A session that also sorts
uses half as much again ([ledger.md](ledger.md)); at these sizes that fits into the reserves
for vacuums and catalogue caches, which this load does not use. Larger machines, with a larger work_mem,
were not tested.

Measured with PostgreSQL $(tests/server/in-root.sh postgres --version | awk '{ print $3 }') on
$(nproc) cores ($processor), $total MB of memory, Linux $kernel, control groups version $version, $swap.
END_OF_PAGE
