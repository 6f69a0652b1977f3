#!/bin/bash
# The tests of the alerts notice what is wrong: in every alert each comparison is turned round, each number,
# window and wait changed, each factor, term, label and condition left out, one at a time, and promtool must
# find a failure in all of them, and none in the alert as it is.
. "$(dirname "$0")/../server/lib.bash"
[ "${1:-}" = --inside ] || enter -p "$(tests/monitoring/packages.sh)"

# What is wrong and yet the same: restarts are whole, and more than 2.5 of them are more than 2.
equal=(-e 'RestartsInCircles: 125% of 2')

export PYTHONDONTWRITEBYTECODE=1
mkdir /tmp/mutants
python3 tests/monitoring/mutants.py "$PWD/examples/monitoring/alerts.yml" /tmp/mutants >/tmp/list
verdict $? "mutants are made"
run promtool check rules /tmp/mutants/*.rules.yml
verdict $? "they are rules"

# One line of promtool's a file, in the order of the files.
cut -d ' ' -f 1 /tmp/list | xargs promtool test rules 2>&1 | grep -oE '^  (SUCCESS|FAILED)' |
    paste -d ' ' - <(cut -d ' ' -f 2- /tmp/list) | grep -v "${equal[@]}" >/tmp/verdicts
same "$(($(wc -l </tmp/list) - 1))" "$(wc -l </tmp/verdicts)"
verdict $? "every one is tried"
while read -r word alert wrong; do
    if [ "$wrong" = nothing ]; then same SUCCESS "$word"; else same FAILED "$word"; fi
    verdict $? "$alert $wrong"
done </tmp/verdicts
summary
