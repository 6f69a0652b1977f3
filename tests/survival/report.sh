# shellcheck shell=bash
# The page that survival.sh writes, from the rows it has measured. To be read by it.

processor=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
kernel=$(uname -r | sed 's/^\([0-9.]*\).*/\1/')
total=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
swap=$(awk '$1 == "SwapTotal:" { print $2 == 0 ? "no swap" : "swap, shut off for the servers" }' /proc/meminfo)

# Of a way of settings: how often it was tried, how often nothing was killed and nothing refused.
verdict() {
    awk -F ' *[|] *' -v way="$1" '
        $3 == way { tried++; if ($8 == 0 && $9 == 0) alive++; if ($10 == "none") clean++; kills += $8; done += $6 }
        END { if (tried) printf "| %s | %d | %d | %d | %d | %d |\n", way, tried, alive, clean, kills, done }' "$work/rows"
}

cat <<END_OF_PAGE
# Does it survive?

Everybody asks for memory at once: which settings live through it? \`make survival\` measures that
and writes this file.

## The result

Servers tried, how many of them lost no process to the kernel, how many had no error at all, processes
killed, queries finished:

| settings | tried | nothing killed | no error | killed | finished |
| --- | ---: | ---: | ---: | ---: | ---: |
$(for way in "${ways[@]}"; do verdict "$way"; done)

## The load

As many clients as the server admits join two tables of 14 MB by hash and sort the result of 28 MB, in
parallel where the server has workers for it, again and again for $time seconds. Whoever has its first
row in the first half waits there for the second, so that all hold their memory at once. Neither hash
nor sort fits into work_mem: all of them spill.

Before the load the shared buffers are filled, as they are in a server that has run for a day. The
server is alone in a control group of the size in question, with its /dev/shm and its files in
the page cache; the clients are outside. It was sized for $cores cores, so that parallel workers take
part.

- **guaranteed, standard**: the rules, with POSTGRES_SIZING set so, all five libraries preloaded.
- **pgtune**: its published formulas for a web application on an SSD; io_method left at worker.
- **stock**: the postgresql.conf of initdb.

Neither pgtune nor stock preloads anything.

## One by one

Restarts are the server's own, after the kernel had killed one of its processes. "Held" is what cannot
be given back (processes' own memory, shared memory, the kernel's), looked at four times a second; "peak" is
all that was charged to the group, page cache included, which fills whatever is left.

| memory | settings | clients | work_mem | finished | per second | killed | restarts | errors | held | peak |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |
$(cat "$work/rows")

Clients differ, since each way of settings admits its own number. Queries per second are those of a shared
machine with few cores: what is within a fifth of each other is the same. Half of the time is spent
holding, so they say who gets something done, not how fast PostgreSQL is.

The ledger behind \`guaranteed\` counts one hash table for every process. A session that sorts beside
it takes half as much again ([ledger.md](ledger.md)); that fits, at these sizes, into what the ledger
allows for vacuums and catalogues that this load does not have. Larger machines, with a larger work_mem,
were not tried.

Measured with PostgreSQL $(tests/server/in-root.sh postgres --version | awk '{ print $3 }') on
$(nproc) cores ($processor), $total MB of memory, Linux $kernel, control groups version $version, $swap.
END_OF_PAGE
