#!/bin/bash
# So many clients of the server in /run/postgresql for so many seconds, each asking again and again,
# and reconnecting when it is disconnected. Prints how many answers there were, and below that every
# line of complaint. Runs where in-root.sh puts it, beside the server and outside its group.
#
#     clients.sh CLIENTS SECONDS
set -eu

# A hash table and a sort at the same time, in the session and in its parallel workers, and each
# larger than work_mem. OFFSET keeps the sort from being optimised away; the clients get one number.
# Whoever has its first row in the first half of the time waits there for the second half, with all
# its memory held: so that everybody has it at once, however few processors there are.
half=$((EPOCHSECONDS + $2 / 2)) until=$((EPOCHSECONDS + $2))
query="SELECT count(*), count(CASE WHEN customer = 0 THEN
        pg_sleep(extract(epoch FROM to_timestamp($half) - clock_timestamp()))::text END)
    FROM (SELECT customer, name, note FROM orders JOIN customers ON customer = customers.id
        ORDER BY customer, name, note OFFSET 0) AS sorted;"

client() {
    local left
    while left=$((until - EPOCHSECONDS)) && [ $left -gt 0 ]; do
        yes "${query//$'\n'/ }" | timeout $left psql -U postgres -AtqX -v VERBOSITY=terse || :
        sleep 0.5
    done
}

for ((number = 1; number <= $1; number++)); do
    client >/tmp/answers-$number 2>/tmp/complaints-$number &
done
wait
cat /tmp/answers-* | wc -l
cat /tmp/complaints-*
