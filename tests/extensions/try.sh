#!/bin/bash
# Tries what the set declares, one query or script each, in the database that PG* or the words of RUN
# name, where the extensions have been created.
#
#     try.sh NAME...
#
# RUN is what to run psql and bash with, such as "docker exec -i CONTAINER"; LOG is a command that
# prints the server's log, which must contain the lines of NAME.log. Prints what is not as it should
# be, and how many were.
set -u
queries=$(dirname "$(readlink -f "$0")")/queries
passed=0 failed=0

# What differs from run to run: the places of messages, and how long it took.
plain() { sed -E "s/^psql:[^ ]*:[0-9]+: //; s/duration: [0-9.]+ ms/duration: # ms/; s/SESSION,[0-9]+,/SESSION,#,/"; }

# Both streams are made one where they are written: further away, their order is lost.
output() {
    local words
    read -ra words <<<"${RUN:-}"
    if [ -e "$queries/$1.sql" ]; then
        "${words[@]}" sh -c 'exec psql -AtqX -v ON_ERROR_STOP=1 -f - 2>&1' <"$queries/$1.sql" | plain
    else
        "${words[@]}" sh -c 'exec bash -s 2>&1' <"$queries/$1.sh"
    fi
}

logged() {
    local line
    [ -n "${LOG:-}" ] && [ -e "$queries/$1.log" ] || return 0
    while IFS= read -r line; do
        for _ in {1..20}; do # the log may lag behind
            ! $LOG 2>&1 | grep -qF -- "$line" || continue 2
            sleep 0.1
        done
        echo "not in the log: $line"
        return 1
    done <"$queries/$1.log"
}

for name; do
    if difference=$(diff <(output "$name") "$queries/$name.out" 2>&1) && difference=$(logged "$name"); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n%s\n' "$name" "$difference"
    fi
done
echo "tried: $passed passed, $failed failed"
[ $failed -eq 0 ]
