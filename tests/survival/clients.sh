#!/bin/bash
# So many clients of the server in /run/postgresql for so many seconds, each asking again and again,
# and connecting anew when it is thrown out. Prints how many answers there were, and below that every
# line of complaint. Runs where in-root.sh puts it, beside the server and outside its group.
#
#     clients.sh CLIENTS SECONDS
set -eu

# A hash table and a sort at the same time, in the session and in its parallel workers, and each
# larger than work_mem. OFFSET keeps the sort from being optimised away; the clients get one number.
query='SELECT count(*) FROM (SELECT name, note FROM orders JOIN customers ON customer = customers.id
    ORDER BY customer, name, note OFFSET 0) AS sorted;'

client() {
    local left
    while left=$((until - EPOCHSECONDS)) && [ $left -gt 0 ]; do
        yes "${query//$'\n'/ }" | timeout $left psql -U postgres -AtqX -v VERBOSITY=terse || :
        sleep 0.5
    done
}

until=$((EPOCHSECONDS + $2))
for ((number = 1; number <= $1; number++)); do
    client >/tmp/answers-$number 2>/tmp/complaints-$number &
done
wait
cat /tmp/answers-* | wc -l
cat /tmp/complaints-*
