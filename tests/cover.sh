#!/bin/bash
# Runs the tests against programs that count what they execute, and prints the lines and branches
# reached, file by file. Fails if less is reached than required: every line of the verifier, the
# interpreter and the probes, 95 % of everything.
set -euo pipefail
cd "$(dirname "$0")/.." || exit
out=build/cover/report
mkdir -p $out
unset MAKEFLAGS # a make started from here is independent of the one that started this

make -s all all-cover
find build/cover -name '*.gcda' -delete
export AZC=$PWD/build/cover/azc AZR=$PWD/build/cover/azr
run() { "$@" >$out/log 2>&1 || { echo "failed: $*"; tail -n 5 $out/log; }; }

run tests/units.sh build/cover/tests/unit
for program in tests/run tests/rules.sh tests/examples/*.sh tests/runner/*.sh; do
    [ ! -x "$program" ] || run "$program"
done
for program in build/cover/tests/fuzz/*_fuzz; do
    name=$(basename "$program" _fuzz)
    run find "tests/fuzz/corpus/$name" -type f -exec "$program" {} +
done
# Inside the server's tree the repository is /aza, and the user is postgres.
run tests/server/catalog_test.sh
chmod -R a+rwX build/cover
strip=$(pwd | tr -cd / | wc -c)
export GCOV_PREFIX=/aza GCOV_PREFIX_STRIP=$strip
run tests/server/settings_test.sh
run tests/server/parser_test.sh
unset GCOV_PREFIX GCOV_PREFIX_STRIP

# One JSON document for each object; a line counts as reached when any of them reached it. Generated
# parsers are not counted.
find build/cover/src -name '*.gcda' -print0 |
    xargs -0 -n 1 gcov --stdout --json-format --branch-probabilities >$out/gcov.json 2>$out/gcov.log
jq -rn '
    reduce (inputs.files[] | select(.file | startswith("src/"))) as $f ({};
        reduce $f.lines[] as $l (.;
            .[$f.file].lines["\($l.line_number)"] += $l.count
            | reduce ($l.branches | to_entries[]) as $b (.;
                .[$f.file].branches["\($l.line_number) \($b.key)"] += $b.value.count)))
    | to_entries[]
    | [.key,
       (.value.lines | length), ([.value.lines[] | select(. > 0)] | length),
       ((.value.branches // {}) | length), ([(.value.branches // {})[] | select(. > 0)] | length),
       ([.value.lines | to_entries[] | select(.value == 0) | .key] | join(","))]
    | @tsv' $out/gcov.json | sort >$out/files.tsv

awk -F '\t' '
    function percent(part, all) { return all ? 100 * part / all : 100 }
    function row(name, a, b, c, d) {
        printf "%-28s %5d of %5d lines %6.1f %%   %5d of %5d branches %6.1f %%\n",
            name, b, a, percent(b, a), d, c, percent(d, c)
    }
    {
        row($1, $2, $3, $4, $5)
        for (i = 2; i <= 5; i++) sum[i] += $i
        if ($1 ~ /^src\/(vm\/(verify|verify_code|run)|probe\/.*)\.c$/ && $3 < $2) short = short "\n" $1 " lines " $6
    }
    END {
        row("all", sum[2], sum[3], sum[4], sum[5])
        if (short) printf "not reached, and must be:%s\n", short
        exit short != "" || percent(sum[3], sum[2]) < 95
    }' $out/files.tsv
