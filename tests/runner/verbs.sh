#!/bin/bash
# azr show, explain, facts and check, and the words they share.
. "$(dirname "$0")/lib.bash"

memory=POSTGRES_MEMORY=2048
run $memory show "$image"
check "show" "$out" "shared_buffers   512MB     A quarter of the memory.
max_connections  100       if workload is oltp then 150 else 100
work_mem         5MB       memory / (max_connections * 4) within 1MB .. 32MB rounded down to 1MB
log_line_prefix  %m [%p]   \"%m [%p] \"
jit              off       off"
run $memory AZA_IMAGE="$image" show --format json max_connections=50 label=x
check "show --format json, with suppositions and AZA_IMAGE" "$out" '{
  "shared_buffers": "512MB",
  "max_connections": "50",
  "work_mem": "10MB",
  "cluster_name": "x",
  "log_line_prefix": "%m [%p] ",
  "jit": "off"
}'
run show "$image" --format=conf memory=1GB label="a'b"
check "show --format conf" "$out" "# written by azc from tests/runner/small.azr; do not edit
shared_buffers = '256MB'
max_connections = '100'
work_mem = '2MB'
cluster_name = 'a''b'
log_line_prefix = '%m [%p] '
jit = 'off'"
run show "$image" --format flags memory=1GB workload=oltp
check "show --format flags" "$out" "-c shared_buffers=256MB
-c max_connections=150
-c work_mem=1MB
-c 'log_line_prefix=%m [%p] '
-c jit=off"
run show "$image" --format sql memory=1GB work_mem=2MB
check "show --format sql" "$out" "ALTER SYSTEM SET shared_buffers = '256MB';
ALTER SYSTEM SET max_connections = '100';
ALTER SYSTEM SET work_mem = '2MB';
ALTER SYSTEM SET log_line_prefix = '%m [%p] ';
ALTER SYSTEM SET jit = 'off';"
run show "$image" memory=1GB max_connections=0
check "show refuses" "$out$err" "[AUTO-CONFIG] refused: max_connections=0 (command line) is out of \
range; the setting allows 1 .. 262143"
check "show refuses: status" "$status" 78

run $memory POSTGRES_SETTINGS=max_connections=200 explain work_mem "$image"
check "explain" "$out" "work_mem = 2MB

  formula  memory / (max_connections * 4) within 1MB .. 32MB rounded down to 1MB
  put in   2048MB / (200 * 4) within 1MB .. 32MB rounded down to 1MB
  with     memory          = 2048MB  (manual: POSTGRES_MEMORY)
           max_connections = 200  (POSTGRES_SETTINGS)
  limit    at least 1MB: not reached
           at most 32MB: not reached
  decided  by the rules
  facts    memory          = 2048MB      manual: POSTGRES_MEMORY
           max_connections = 200         POSTGRES_SETTINGS
  next     at memory 2400MB this becomes 3MB
           below memory 1600MB this becomes 1MB
  written  tests/runner/small.azr:35"
run $memory explain --format json jit "$image" jit=on
check "explain --format json" "$out" '{"name": "jit", "value": "on", "layer": "command line", "layers": [{"layer": "command line", "value": "on", "wins": true, "loses": null}, {"layer": "POSTGRES_SETTINGS", "value": null, "wins": false, "loses": "says nothing"}, {"layer": "rules", "value": "off", "wins": false, "loses": "weaker than the command line"}, {"layer": "server default", "value": null, "wins": false, "loses": "weaker than the command line"}], "doc": "", "formula": "off", "put_in": null, "uses": [], "matched": [], "conditions": [], "limits": [], "sets": [], "facts": [], "next": [], "file": "tests/runner/small.azr", "line": 41}'
run $memory POSTGRES_SETTINGS=jit=on explain jit "$image" jit=off
check "explain the layers that lost" "$(sed -n '/decided/,/server/p' <<<"$out")" "\
  decided  by the command line
           * command line       off
           - POSTGRES_SETTINGS  on  (weaker than the command line)
           - rules              off  (weaker than the command line)
           - server default     (weaker than the command line)"
run $memory explain max_conections "$image"
check "explain an unknown name" "$out$err" \
    "azr: nothing is called \`max_conections\`; did you mean \`max_connections\`?; azr --help says more"
check "explain an unknown name: status" "$status" 64
run $memory explain max_connections "$image" max_connections=6000
check "explain what is refused" "${out%%$'\n'*}" "max_connections = 6000"
check "explain what is refused: status" "$status" 78
run $memory explain max_connections "$image" max_connections=x
check "nothing to explain when the rules could not run" "$out$status" 78

run $memory facts "$image" --root tests/probe/v2-unlimited
check "facts" "$out" "memory    2048MB        manual: POSTGRES_MEMORY
    * manual, POSTGRES_MEMORY: 2048MB
    - cgroup: unlimited ($(sed -n 's/^cgroup_memory = unlimited  (\(.*\))/\1/p' \
    tests/probe/v2-unlimited.expected))
    - host: $(sed -n 's/^host_memory = \([0-9]*\) .*/\1/p' tests/probe/v2-unlimited.expected |
        awk '{ print ($1 % 1048576 ? $1 / 1024 "kB" : $1 / 1048576 "MB") }') (/proc/meminfo)
workload  web           default; manual, WORKLOAD: not set
label     unknown       manual, LABEL: not set"
run TAGS=a facts "$image"
check "an option that nothing rests on is shown where it is said" "$(grep -c '^tags' "$work/out")" 1
run LABEL=x facts "$image" memory=256MB
check "facts of a machine that is refused" "${out%%$'\n'*}" "memory    unknown       refused"
check "facts of a machine that is refused: status" "$status" 78
run facts --format json "$image" --root tests/probe/nothing memory=1GB
check "facts --format json" "$(head -2 "$work/out" | cut -c1-96)" '{
  "memory": {"value": "1024MB", "source": "given", "detail": "", "given": true, "clamped": false'
run facts "$work/none.azb"
check "facts without an image" "$out$status" 78

bytes=$(stat -c %s "$image")
run check "$image"
# shellcheck disable=SC2001 # a part of the line is kept, not replaced
check "check" "$out" "$image: sound; made from tests/runner/small.azr, \
$(sed 's/.*, \([0-9]* instructions\).*/\1/' <<<"$out"), 4 inputs, 6 settings, 2 checks, $bytes bytes"
run AZA_IMAGE="$image" check --format json
check "check --format json" "${out##*\"inputs\"}" ": 4, \"settings\": 6, \"checks\": 2, \"bytes\": $bytes}"
cp "$image" "$work/flipped.azb"
printf '\377' | dd of="$work/flipped.azb" bs=1 seek=2000 conv=notrunc status=none
run check "$work/flipped.azb"
check "a flipped byte" "$err$status" "[AUTO-CONFIG] refused: $work/flipped.azb: this is not a sound \
image of the rules: checksum at byte 16; make it again with azc compile78"

run --help
check "help" "${out%%$'\n'*}$err$status" "azr - sizes PostgreSQL for the machine it starts on0"
run show -h
check "help of a verb" "${out%%$'\n'*}$status" "azr - sizes PostgreSQL for the machine it starts on0"
run --version
check "version" "${out%% *}$status" azr0

for words in "" frobnicate explain "show --format yaml" "explain work_mem --format sql" \
    "facts --format conf" "check a b" "check memory=1GB x" "show -- postgres" "show --entrypoint x" \
    "show a b" "show --formatjson"; do
    # shellcheck disable=SC2086
    run $words
    check "usage: azr $words" "${err%%: *}$out$status" azr64
done

# Help and usage list every verb.
mapfile -t verbs < <(sed -n 's/^X(\([a-z]*\),.*/\1/p' src/azr/verbs.def)
run --help
check "help lists the verbs" "$(sed -n 's/^  azr \([a-z]*\) .*/\1/p' <<<"$out")" "$(printf '%s\n' "${verbs[@]}")"
run frobnicate
check "usage lists the verbs" "$err" "azr: expected one of the verbs ${verbs[*]}; azr --help says more"

# Nothing readable, nothing writable.
env -i AZA_IMAGE="$image" POSTGRES_MEMORY=2048 "$azr" show >/dev/full 2>"$work/err"
check "a full disk" "$?$(<"$work/err")" "126azr: not everything could be written"

if [ "$azr" = "$(readlink -f build/bin/azr)" ]; then
    size=$(stat -c %s "$azr")
    check "at most 120 KB" "$((size <= 120 * 1024))" 1
fi
summary
