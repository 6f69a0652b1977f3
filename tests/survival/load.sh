# The load, and what became of it. To be read by survival.sh.

# A hash table and a sort at the same time, in the session and in its parallel workers, and each
# larger than work_mem. OFFSET keeps the sort from being optimised away; the clients get one number.
query='SELECT count(*) FROM (SELECT name, note FROM orders JOIN customers ON customer = customers.id
    ORDER BY name, note OFFSET 0) AS sorted;'

# A session that asks again and again until the time is over, and connects anew when it is thrown out.
client() {
    local cell=$1 number=$2 until=$3
    while [ $EPOCHSECONDS -lt "$until" ]; do
        yes "${query//$'\n'/ }" | timeout $((until - EPOCHSECONDS)) \
            psql -h "$cell/run" -U postgres -AtqX -v VERBOSITY=terse 2>>"$cell/client-$number.err" || :
        sleep 0.5
    done >"$cell/client-$number.out"
}

load() {
    local cell=$1 clients=$2 until=$((EPOCHSECONDS + $3)) number running=()
    for ((number = 1; number <= clients; number++)); do
        client "$cell" $number $until &
        running+=($!)
    done
    wait "${running[@]}" || :
}

# Each kind of error with the words that psql has for it. The first that fits counts; what has no line
# here is "other", and what only accompanies a lost connection does not count again.
kinds='connections lost=connection to server was lost
refused while recovering=recovery mode|starting up|not yet accepting|shutting down
no server=No such file or directory|Connection refused
too many clients=too many clients|remaining connection slots
no shared memory=shared memory|No space left on device
out of memory=out of memory|Cannot allocate memory
ignored=terminating connection|closed the connection|terminated abnormally|before or while|current transaction|another server process|^HINT|^DETAIL
other=.'

errors() {
    cat "$1"/client-*.err | awk -v kinds="$kinds" '
        BEGIN { n = split(kinds, kind, "\n"); for (i = 1; i <= n; i++) split(kind[i], part, "=") && (name[i] = part[1]) (word[i] = part[2]) }
        { for (i = 1; i <= n; i++) if ($0 ~ word[i]) { count[i]++; break } }
        END {
            for (i = 1; i <= n; i++)
                if (count[i] && name[i] != "ignored") { text = text sep count[i] " " name[i]; sep = ", " }
            print text == "" ? "none" : text
        }'
}
