#!/bin/sh
# The product's rules equal themselves, which takes no box to prove; and the values that `azc diff` prints
# for the sample machines on which a custom policy differs are those of `azc eval`.
. "$(dirname "$0")/common.sh"
example=examples/custom-policy
passed=0 failed=0
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

# The one value of setting $3 by the rules $1, on the only machine of $2.
value() {
    decide "$1" "$2" 2>"$work/said" | awk -f "$here/csv.awk" -f "$here/value.awk" -v name="$3"
}

printf 'memory,cpus\n1GB,1\n' >"$work/one.csv"
settings=$(decide rules/main.azr "$work/one.csv" | awk -F, '{ print NF - 2; exit }')
same 'itself' "$("$azc" diff rules/main.azr rules/main.azr && echo "exit $?")" \
    "$settings settings are the same on every machine (proved, 0 boxes)
1 exported variable is the same on every machine
the same machines are refused
exit 0"

status=0
"$azc" diff rules/main.azr $example/main.azr --budget 100 >"$work/differences" || status=$?
same 'the status' "$status" 1

# "    WHERE    at memory = 512MB, workload = dw:  3MB -> 1MB" below the setting's name.
awk '
    /^[a-z]/ { name = $1 }
    name != "refused" && /^    .* at .* = .*:  .* -> / {
        machine = $0; sub(/^.* at /, "", machine); sub(/:  .*$/, "", machine)
        values = $0; sub(/^.*:  /, "", values); sub(/ -> /, ";", values)
        print name ";" values ";" machine
    }' "$work/differences" >"$work/samples"
while IFS=';' read -r name before after machine; do
    printf '%s\n' "$machine" | awk -F', ' '{
        for (i = 1; i <= NF; i++) {
            split($i, pair, " = ")
            names = names (i > 1 ? "," : "") pair[1]
            values = values (i > 1 ? "," : "") pair[2]
        }
        print names "\n" values
    }' >"$work/machine.csv"
    same "$name at $machine, before" "$(value rules/main.azr "$work/machine.csv" "$name")" "$before"
    same "$name at $machine, after" "$(value $example/main.azr "$work/machine.csv" "$name")" "$after"
done <"$work/samples"

# What the example computes for one machine is among the differences.
"$azc" diff rules/main.azr $example/main.azr --budget 100 \
    memory=8GB cpus=4 workload=web sizing=standard >"$work/there" || status=$?
while read -r name change; do
    same "$name" "$(awk -v name="$name" '
        /^[a-z]/ { here = $1 == name }
        here && / -> / && !seen++ { sub(/^.*:  /, ""); print }' "$work/there")" "$change"
done <$example/changed.txt

echo "diff: $passed passed, $failed failed"
[ $failed = 0 ] && [ -s "$work/samples" ]
