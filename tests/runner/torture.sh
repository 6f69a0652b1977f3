#!/bin/bash
# azc with extreme rules: huge, deep, endless, or in the wrong files. It ends soon, reports what
# is wrong, never crashes, and leaves alone what it wrote before.
. "$(dirname "$0")/lib.bash"
shopt -s lastpipe # so that `... | try` counts here

# Runs azc; afterwards $status is how it ended and $first the first line of its output.
compile() {
    env -i TERM=xterm AZA_STDLIB=stdlib timeout 20 "$azc" "$@" >"$work/out" 2>&1
    status=$?
    first=$(head -n 1 "$work/out")
    first=${first#"$work/"}
}

# Rules on standard input; the wanted status and first line, the path being r.azr.
try() {
    cat >"$work/r.azr"
    compile check "$work/r.azr"
    check "$1" "$status $first" "$2 $3"
}

repeat() { awk -v text="$1" -v times="$2" 'BEGIN { for (i = 0; i < times; i++) printf "%s", text }'; }
each() { awk -v format="$1" -v times="$2" 'BEGIN { for (i = 0; i < times; i++) printf format "\n", i, i + 1 }'; }

memory='fact memory: bytes in 512MB .. 1TB { from cgroup_memory }'
deep="error[AZ0006]: statements or expressions are nested too deeply"
names="error[AZ0006]: this expression is nested too deeply, including the definitions of the names it uses"
fine="valid: 0 settings, 0 facts and options, 0 invariants, 0 tests"

# Depth
{ echo "let a = $(repeat '(' 300)1$(repeat ')' 300)"; } | try "parentheses" 0 "r.azr: $fine"
{ echo "let a = $(repeat '(' 90000)1"; } | try "too many parentheses" 1 "r.azr:1:2002: $deep"
{ echo "let a = $(repeat '- ' 900)1"; } | try "signs" 0 "r.azr: $fine"
{ echo "let a = $(repeat '- ' 90000)1"; } | try "too many signs" 1 "r.azr:1:3995: $deep"
{ echo "let a = 1$(repeat ' + 1' 400)"; } | try "a chain" 0 "r.azr: $fine"
{ echo "let a = 1$(repeat ' + 1' 401)"; } |
    try "a longer chain" 1 "r.azr:1:9: error[AZ0006]: this expression has more than 400 operators in a row"
{
    echo "config c of postgres {"
    repeat 'when true { ' 65
    echo "set jit = on$(repeat ' }' 66)"
} | try "conditions" 1 "r.azr:2:769: error[AZ0006]: this is nested in more than 64 conditions"
{ echo "let a = $(repeat '"\(' 16)1$(repeat ')"' 16)"; } | try "texts in texts" 0 "r.azr: $fine"
{ echo "let a = $(repeat '"\(' 17)1$(repeat ')"' 17)"; } |
    try "too many texts in texts" 1 "r.azr:1:58: error[AZ0006]: texts inside texts are nested too deeply"

# Definitions through one another, in the worst order and in the best
{ each 'let a%d: int = a%d + 1' 2000; echo "let a2000: int = 1"; } |
    try "a name of a name of a name" 1 "r.azr:501:17: $names"
{ echo "let a0: int = 1"; awk 'BEGIN { for (i = 0; i < 3000; i++) printf "let a%d: int = a%d + 1\n", i + 1, i }'; } |
    try "names in order" 0 "r.azr: $fine"
{ echo "def f0(n: int): int = n"
    awk 'BEGIN { for (i = 0; i < 80; i++) printf "def f%d(n: int): int = f%d(n) + 1\n", i + 1, i }'
    echo "let a = f80(1)"; } |
    try "functions of functions" 1 "r.azr:18:24: error[AZ0006]: function calls are nested more than 64 levels deep"
{ echo "$memory"
    echo "def f0(n: bytes): bytes = n"
    awk 'BEGIN { for (i = 0; i < 50; i++) printf "def f%d(n: bytes): bytes = f%d(n) + f%d(n + 1B)\n", i + 1, i, i }'
    echo "let a = f50(memory)"; } >"$work/r.azr"
compile check "$work/r.azr"
check "two to the power of fifty calls" "$status $(grep -c 'more than 2000000 steps' "$work/out")" "1 1"
{ echo 'let t0 = "0123456789"'
    awk 'BEGIN { for (i = 0; i < 60; i++) printf "let t%d = \"\\(t%d)\\(t%d)\"\n", i + 1, i, i }'; } |
    try "a text that doubles" 1 "r.azr:20:11: error[AZ0074]: compiling the rules takes more than 2000000 steps"

# Size
each 'let a%d = %d' 9000 |
    try "statements" 1 "r.azr:1:1: error[AZ0074]: too many statements: $(grep -hc '^\(probe\|import\|catalog\)' stdlib/*.azr | awk '{ sum += $1 } END { print 9000 + sum }') (limit 8192)"
{ echo "option w: enum { $(each 'm%d,' 2000) last } = last { from env W }"; } |
    try "members" 1 "r.azr:1:11: error[AZ0074]: too many members (limit 1024)"
{ echo "$memory"; echo "let a = curve memory { $(each '%dMB: %dMB,' 2000) 3000MB: 1MB }"; } |
    try "points" 1 "r.azr:2:9: error[AZ0074]: too many points (limit 1024)"
{ echo "$memory"; echo "tiers t by memory (x: int) {"; each 'to %dMB: %d' 2000; echo "beyond: 1 }"; } |
    try "rows" 1 "r.azr:2:7: error[AZ0074]: too many rows (limit 1024)"
{ echo "option w: enum { $(each 'm%d,' 900) last } = last { from env W }"
    echo "config c of postgres {"; each 'when w is m%d { set jit = on }' 900; echo "}"; } >"$work/r.azr"
compile check "$work/r.azr"
check "sets to compare" "$status $(grep -c 'too many settings and conditions' "$work/out")" "1 1"
{ echo "$memory"; echo "let a = max($(each 'memory + %dB,' 10000) memory)"; } >"$work/r.azr"
compile check "$work/r.azr"
check "instructions" "$status $(grep -c 'the rules compile to [0-9]* instructions' "$work/out")" "1 1"
repeat '## doc' 1 | try "an end in a comment" 0 "r.azr: $fine"
repeat $'## doc\n' 100000 | try "a long doc comment" 0 "r.azr: $fine"
repeat '# 0123456789 ' 90000 | try "too large" 2 "azc: $work/r.azr: File larger than 1048576 bytes"
each 'let a%d = nowhere%d' 2000 >"$work/r.azr"
compile check "$work/r.azr"
check "two thousand mistakes" "$status $(tail -n 1 "$work/out")" "1 and 1980 more errors"

# Files
compile check "$work"
check "a directory" "$status $first" "2 azc: $work: Is a directory"
compile check "$work/nowhere.azr"
check "no file" "$status $first" "2 azc: $work/nowhere.azr: No such file or directory"
{ cat "$azc"; head -c 1048576 /dev/zero; } >"$work/r.azr"
compile check "$work/r.azr"
check "a large program" "$status" 2
head -c 50000 "$azc" >"$work/r.azr"
compile check "$work/r.azr"
check "the beginning of one" "$status" 1
mkdir "$work/d"
echo 'import ""' | try "no name" 1 'r.azr:1:8: error[AZ0010]: cannot read `'"$work"'`: Is a directory'
echo 'import "d"' | try "an imported directory" 1 'r.azr:1:8: error[AZ0010]: cannot read `'"$work"'/d`: Is a directory'
echo 'import "/dev/zero"' | try "an endless file" 1 'r.azr:1:8: error[AZ0010]: cannot read `/dev/zero`: File larger than 1048576 bytes'
for i in {1..300}; do echo "import \"f$((i + 1)).azr\"" >"$work/f$i.azr"; done
echo 'import "f1.azr"' >"$work/r.azr"
compile check "$work/r.azr"
check "too many files" "$status $(grep -c 'too many imported files' "$work/out")" "1 1"
compile check --stdlib "$work/d" tests/runner/small.azr
check "no standard library" "$status $first" "2 azc: $work/d/prelude.azr: No such file or directory"

# What was written stays when the rules are wrong, and nothing new appears.
before=$(cd "$work" && md5sum aza.azb)
cp tests/runner/small.azr "$work/r.azr"
echo 'let a = nowhere' >>"$work/r.azr"
compile compile --rules "$work/r.azr" -o "$work"
check "wrong rules" "$status" 1
check "the image stays" "$(cd "$work" && md5sum aza.azb)" "$before"
compile compile --rules "$work/r.azr" -o "$work/new"
check "no directory is made" "$status $(ls -d "$work/new" 2>/dev/null)" "1 "

# Colour is for terminals, and for those who want it.
printf 'let a = b\n' >"$work/r.azr"
if command -v script >/dev/null; then
    on_terminal() { env -i PATH=/usr/bin:/bin AZA_STDLIB=stdlib "$@" script -qec "$azc check $work/r.azr" /dev/null | grep -c $'\033'; }
    check "colour" "$(on_terminal TERM=xterm)" 3
    check "NO_COLOR" "$(on_terminal TERM=xterm NO_COLOR=1)" 0
    check "a dumb terminal" "$(on_terminal TERM=dumb)" 0
fi

summary
