#!/bin/bash
# A log with the prefix that the rules set is read, and its statements are counted.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for second in 01 02 03; do
    echo "2026-03-01 10:00:$second.000 UTC [42] app@app/psql 10.0.0.1 00000 LOG:  duration: 1234.000 ms  statement: SELECT pg_sleep(1)"
done >"$log"
pgbadger -q -f stderr -p '%m [%p] %q%u@%d/%a %h %e ' -x json -o - "$log" |
    perl -MJSON::PP -0e '$_ = decode_json(<>); print $$_{overall_stat}{postgres}{queries_number} // $$_{overall_stat}{queries_number}, "\n"'
