#!/bin/bash
# The limits of src/base/limits.h, each reached: with the variant `tiny`, whose limits are those of
# tests/tiny/base/limits.h, the last size that fits is accepted and the next one is refused with a
# sentence that names the limit. Then the unit tests whose inputs fit these limits; the others need
# larger images and files.
#
# Not reached here: LIMIT_SETTINGS, which PostgreSQL's catalogue needs nearly whole (catalog_test reads
# a larger one), and those that only a simulated /proc, cgroup or server reaches, in probe_test and
# probe_system_test: PROC_BYTES, PATH, CGROUP_DEPTH, CPUS, READS.
set -u
cd "$(dirname "$0")/.." || exit
azc=$PWD/build/tiny/azc azr=$PWD/build/tiny/azr
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rules=$scratch/main.azr
passed=0 failed=0

report() {
    if [ "$1" = ok ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2"
        sed 's/^/    /' "$scratch/log"
    fi
}

# limit NAME: its value in the tiny variant.
limit() {
    local text
    text=$(sed -n "s/^    LIMIT_$1 = \([0-9 *]*\),.*/\1/p" tests/tiny/base/limits.h)
    echo $((text))
}

# Runs a command; "fine", "refused", or "broken" for a crash, a time-out, a failed assertion.
outcome() {
    local status
    timeout 20 "$@" >"$scratch/log" 2>&1 </dev/null
    status=$?
    case $status in
    0) echo fine ;;
    1 | 2 | 64 | 78) echo refused ;;
    *) echo "broken, status $status" ;;
    esac
}

# Whether the log contains a text; every log contains an empty one.
log_has() { [ -z "$1" ] || grep -qF -- "$1" "$scratch/log"; }

# times N TEXT: the text once for each number from 1 to N, with the number for each %d and line ends
# for each \n.
times() {
    local n text=${2//\\n/$'\n'}
    for ((n = 1; n <= $1; n++)); do printf %s "${text//%d/$n}"; done
}

# expect WHAT WANTED [MESSAGE]: compiles $rules to $scratch/out.
expect() {
    local got
    got=$(outcome "$azc" compile --rules "$rules" -o "$scratch/out")
    if [ "$got" = "$2" ] && log_has "${3:-}"; then
        report ok
    else
        report no "$1: $got, wanted $2 with \"${3:-}\""
    fi
}

# edge NAME LAST MESSAGE GENERATOR: the rules that the generator makes of a size fit up to LAST.
edge() {
    "$4" $(($2 - 1)) >"$rules" && expect "$1 below" fine
    "$4" "$2" >"$rules" && expect "$1 at" fine
    "$4" $(($2 + 1)) >"$rules" && expect "$1 above" refused "$3"
}

# --- the compiler ---

option='option count: int = 1 { from env COUNT }'

chain() { printf '%s\nexport X = "\\(count%s)"\n' "$option" "$(times "$1" ' + 1')"; }
edge CHAIN "$(limit CHAIN)" 'operators in a row' chain

# Each needs the next one, so the first is evaluated through all of them.
nesting() {
    local n
    printf '%s\nexport X = "\\(v1)"\n' "$option"
    for ((n = 1; n < $1; n++)); do echo "let v$n: int = v$((n + 1)) + 1"; done
    echo "let v$1: int = count"
}
nesting $(($(limit NESTING) / 4)) >"$rules" && expect "NESTING below" fine
nesting "$(limit NESTING)" >"$rules" && expect "NESTING above" refused 'nested too deeply'

rows() { printf 'option size: enum { %slast } = last { from env SIZE }\nexport X = "\\(size)"\n' "$(times $(($1 - 1)) 'a%d, ')"; }
edge ROWS "$(limit ROWS)" "(limit $(limit ROWS))" rows

inputs() { times "$1" 'option o%d: int = 1 { from env O%d }\n' && echo 'export X = "\(o1)"'; }
edge INPUTS "$(limit INPUTS)" "too many facts and options (limit $(limit INPUTS))" inputs

sources() { printf 'option o: int = 1 {\n%s}\nexport X = "\\(o)"\n' "$(times "$1" '    from env O%d as "%d"\n')"; }
edge SOURCES "$(limit SOURCES)" "too many sources of facts and options (limit $(limit SOURCES))" sources

calls() {
    local n
    echo "$option"
    for ((n = 1; n < $1; n++)); do echo "def f$n(x: int): int = f$((n + 1))(x)"; done
    printf 'def f%d(x: int): int = x\nexport X = "\\(f1(count))"\n' "$1"
}
edge CALL_DEPTH "$(limit CALL_DEPTH)" "more than $(limit CALL_DEPTH) levels deep" calls

whens() {
    printf '%s\nconfig runtime of postgres {\n%sset jit = true%s\n}\nemit flags postgres from runtime\n' \
        "$option" "$(times "$1" 'when count > %d { ')" "$(times "$1" ' }')"
}
edge WHENS "$(limit WHENS)" "more than $(limit WHENS) conditions" whens

depth() { printf 'emit "x.json" as json from %s1%s\n' "$(times "$1" '[')" "$(times "$1" ']')"; }
depth $(($(limit DOCUMENT_DEPTH) - 1)) >"$rules" && expect "DOCUMENT_DEPTH below" fine
depth $(($(limit DOCUMENT_DEPTH) + 2)) >"$rules" && expect "DOCUMENT_DEPTH above" refused 'deep'

statements() { times "$1" 'let v%d: int = %d\n' && echo 'export X = "x"'; }
statements $(($(limit STATEMENTS) / 2)) >"$rules" && expect "STATEMENTS below" fine
statements $(($(limit STATEMENTS) + 1)) >"$rules" && expect "STATEMENTS above" refused "$(limit STATEMENTS)"

files() {
    local n
    for ((n = 1; n <= $1; n++)); do
        echo "let v$n: int = $n" >"$scratch/part$n.azr"
        echo "import \"part$n.azr\""
    done
    echo 'export X = "x"'
}
files 2 >"$rules" && expect "SOURCE_FILES below" fine
files $(($(limit SOURCE_FILES) + 1)) >"$rules" && expect "SOURCE_FILES above" refused 'files'

included() { printf 'export X = file "part.txt"\n' && head -c "$1" /dev/zero | tr '\0' x >"$scratch/part.txt"; }
edge INCLUDED_BYTES "$(limit INCLUDED_BYTES)" "$(limit INCLUDED_BYTES) bytes" included

source_bytes() { printf '#%s\nexport X = "x"\n' "$(head -c "$1" /dev/zero | tr '\0' x)"; }
source_bytes $(($(limit SOURCE_BYTES) - 100)) >"$rules" && expect "SOURCE_BYTES below" fine
source_bytes "$(limit SOURCE_BYTES)" >"$rules" && expect "SOURCE_BYTES above" refused 'large'

text() { printf 'export X = "%s"\n' "$(times "$1" x)"; }
text $(($(limit TEXT_VALUE) - 1)) >"$rules" && expect "TEXT_VALUE at" fine
text "$(limit TEXT_VALUE)" >"$rules" && expect "TEXT_VALUE above" refused "$(limit TEXT_VALUE)"

slots() { printf '%s\n%s' "$option" "$(times "$1" 'export X%d = "\(count * %d) \(count + %d) \(count - %d)"\n')"; }
slots 8 >"$rules" && expect "SLOTS below" fine
slots 36 >"$rules" && expect "SLOTS above" refused "limits: $(limit SLOTS) and $(limit IMAGE_BYTES)"

long_texts() {
    echo 'config runtime of postgres { set jit = true }'
    times "$1" "export X%d = \"%d$(times 200 x)\"\n"
}
long_texts 5 >"$rules" && expect "IMAGE_BYTES below" fine
long_texts 34 >"$rules" && expect "IMAGE_BYTES above" refused "limits: $(limit SLOTS) and $(limit IMAGE_BYTES)"

diagnostics() { times "$1" 'let v%d: int = nothing%d\n' && echo 'export X = "x"'; }
diagnostics "$(limit DIAGNOSTICS)" >"$rules" && expect "DIAGNOSTICS at" refused "nothing$(limit DIAGNOSTICS)"
diagnostics $(($(limit DIAGNOSTICS) + 1)) >"$rules" && expect "DIAGNOSTICS above" refused '1 more'
diagnostics $(($(limit DIAGNOSTICS_KEPT) + 5)) >"$rules" && expect "DIAGNOSTICS_KEPT above" refused "$(($(limit DIAGNOSTICS_KEPT) + 5 - $(limit DIAGNOSTICS))) more"

flags() {
    local names=(jit log_connections max_connections port work_mem autovacuum fsync full_page_writes wal_log_hints)
    echo 'config runtime of postgres {'
    printf '    set %s = default\n' "${names[@]:0:$1}" | sed -E 's/(jit|log_disconnections|autovacuum|fsync|full_page_writes|wal_log_hints) = default/\1 = on/; s/log_connections = default/log_connections = "all"/; s/max_connections = default/max_connections = 10/; s/port = default/port = 5433/; s/work_mem = default/work_mem = 4MB/'
    printf '}\nemit flags postgres from runtime\n'
}
edge FLAGS "$(limit FLAGS)" "settings in one config; the runner takes at most $(limit FLAGS)" flags

documents() { printf '%s\n%s' "$option" "$(times "$1" 'emit start "/run/f%d" mode 0600 for job as text from "\(count)"\n')"; }
edge DOCUMENTS "$(limit DOCUMENTS)" "files written at start; the runner takes at most $(limit DOCUMENTS)" documents

# --- the runner ---

# run WHAT WANTED MESSAGE COMMAND...
run() {
    local what=$1 wanted=$2 message=$3 got
    shift 3
    got=$(outcome "$@")
    if [ "$got" = "$wanted" ] && log_has "$message"; then
        report ok
    else
        report no "$what: $got, wanted $wanted with \"$message\""
    fi
}

cat >"$rules" <<'END'
secret password { from env PASSWORD }

option names: list of text = [] { from env NAMES }

option note: text = "" { from env NOTE }

export X = "\(note)\(note)"

emit start "/run/file" mode 0600 for job as text from password
END
expect "rules for the runner" fine
image=$scratch/out/aza.azb
letters() { head -c "$1" /dev/zero | tr '\0' x; }
secret() { run "SECRET $1" "$2" "$3" env PASSWORD="$(letters "$4")" "$azr" render "$image" --secrets /run/file; }
secret at fine '' "$(limit SECRET)"
secret above refused "$(limit SECRET)" $(($(limit SECRET) + 1))
note() { run "TEXT_VALUE in the runner, $1" "$2" "$3" env NOTE="$(letters "$4")" "$azr" show "$image"; }
note below fine '' $(($(limit TEXT_VALUE) / 4))
note above fine 'NOTE=xx' $(($(limit TEXT_VALUE) * 2))
words() {
    local n
    for ((n = 0; n < $1; n++)); do echo "note=x"; done
}
# shellcheck disable=SC2046 # one word each
run "ARGUMENTS below" fine '' "$azr" show "$image" $(words 1)
# shellcheck disable=SC2046
run "ARGUMENTS above" refused '' "$azr" show "$image" $(words $(($(limit ARGUMENTS) + 1)))

# --- unit tests ---

for name in base catalog chart joint memory quote version_tag; do
    run "unit test $name" fine '' "build/tiny/tests/unit/${name}_test"
done

echo "tiny limits: $passed passed, $failed failed"
[ $failed -eq 0 ]
