#!/bin/bash
# The tables: a row without its code does not build, and each fact has one place.
#
# For each table a copy with one more row is put in front of the include path, the file that is made
# from it is compiled and linked, and the build must fail with the name of what is missing. Without the
# row the same commands must succeed. Then come facts that C and the rules or the documents both
# contain.
set -u
cd "$(dirname "$0")/.." || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

# Compiles a file with the tables below $work/tables first, and links it with the rest of the compiler.
# A library has no `main`, so none is asked for.
build() {
    gcc -std=c11 -D_GNU_SOURCE "-I$work/tables" -Isrc -Igrammar -Ibuild/gen -c -o "$work/made.o" "$1" &&
        gcc -nostartfiles -Wl,--entry=0 -o "$work/made" "$work/made.o" build/release/libaza.a -lpq -ljansson
}

# row TABLE FILE MISSING ROW: the row does not build, and the error names what is missing.
row() {
    local table=$1 file=$2 missing=$3 row=$4 copy
    copy=$work/tables/${table#*/}
    rm -rf "$work/tables"
    same "$table: $file builds" "$(build "$file" 2>&1)" ""
    mkdir -p "${copy%/*}"
    cp "$table" "$copy"
    echo "$row" >>"$copy"
    if build "$file" >"$work/said" 2>&1; then
        same "$table: $row" "builds" "does not build"
    else
        same "$table: $row" "$(grep -ow "$missing" "$work/said" | sort -u)" "$missing"
    fi
}

row grammar/probes.def src/probe/probe.c probe_ask_swap_size 'X(SWAP_SIZE, BYTES, "swap_size", swap_size)'
row grammar/functions.def src/sema/builtin.c check_lowered 'X(lowered, lowered, 1, 1)'
row grammar/functions.def src/eval/builtin.c evaluate_lowered 'X(lowered, lowered, 1, 1)'
row grammar/quotes.def src/vm/quote.c style_XML 'X(XML, "as_xml")'
row grammar/opcodes.def src/vm/run.c run_NEGATE 'X(NEGATE, "negate", SAME, SLOT, NONE, NONE, NONE)'
row grammar/opcodes.def src/prove/transfer.c prove_abstract_NEGATE \
    'X(NEGATE, "negate", SAME, SLOT, NONE, NONE, NONE)'
row grammar/opcodes.def src/vm/verify_code.c KINDS_NUMBER \
    'X(NEGATE, "negate", NUMBER, SLOT, NONE, NONE, NONE)'
row src/formats/formats.def src/formats/formats.c formats_write_toml 'X(TOML, "toml", toml, "# ", false)'
row src/settings/formats.def src/settings/settings.c put_csv_line \
    'X(CSV, "csv", nothing, put_csv_line, nothing)'
row src/azr/verbs.def src/azr/azr.c azr_run_stop 'X(stop, " IMAGE  stops it\n")'
row src/azc/verbs.def src/azc/azc.c azc_lint 'X(lint)'
# These have no code of their own: a row is complete when its columns are.
row grammar/units.def src/image/image.c IMAGE_LENGTH 'X("m", LENGTH, 1)'
row grammar/kinds.def src/vm/input.c READ_DATE 'X(DATE, "date", false, false)'
row grammar/traps.def src/vm/run.c X 'X(TRAP_NEW)'
row grammar/diagnostics.def src/diag/diag.c DIAG_NOTE 'X(9000, NEW, NOTE, "new")'

# --- one place per fact ---

# The probes: word and kind.
same "stdlib/probes.azr declares the probes of grammar/probes.def" \
    "$(sed -n 's/^probe \([a-z_]*\): \(.*\)/\1 \2/p' stdlib/probes.azr | sort)" \
    "$(sed -n 's/^X([A-Z_]*, *\([A-Z]*\), *"\([a-z_]*\)".*/\2 \1/p' grammar/probes.def |
        sed 'y/ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/; s/ list$/ list of text/' | sort)"

# The server: a number or a text of stdlib/postgresql.azr with its texts put in, and of src/version.h.
constant() { printf '#include "version.h"\n%s\n' "$1" | gcc -E -P -Isrc - | sed 's/" *"//g; s/"//g'; }
declared() {
    (eval "$(sed -n 's/^let \([a-z_]*\): [a-z]* = "*\([^"]*\)"*$/\1=\2/p' stdlib/postgresql.azr |
        sed 's/\\(\([a-z_]*\))/${\1}/g')" && echo "${!1}")
}
same "the major version" "$(declared postgres_major)" "$(constant AZA_POSTGRES_MAJOR)"
same "Debian's programs" "$(declared postgres_programs)" "$(constant AZA_POSTGRES_SERVER)"
same "the home of postgres" "$(declared postgres_home)" "$(constant AZA_POSTGRES_HOME)"
same "the cluster" "$(declared postgres_data)" "$(constant AZA_POSTGRES_DATA)"
same "no other file of src/ has them" \
    "$(grep -rlE '"(/[^"]*)?/(var|usr)/lib/postgresql|"18"|postgresql/18' src | grep -v '^src/version.h$')" ""
# Scripts that are run in an image have its paths as they are.
same "no rules file has them" "$(grep -rlE '/(var|usr)/lib/postgresql|postgresql-18|postgresql/18' rules \
    --include='*.azr' --exclude=scripts.azr)" ""
version=$(constant AZA_VERSION)
same "no other file of src/ has the product's version" "$(grep -rlF "\"$version\"" src)" src/version.h

# Each function, encoder and format has its paragraph.
described() { grep -qE "\`$1[\`(]|[^a-z_]$1\(" docs/language.md || echo "$1"; }
same "docs/language.md describes every function, encoder and format" "$(
    { sed -n 's/^X(\([a-z_]*\),.*/\1/p' grammar/functions.def
      sed -n 's/^X([A-Z]*, *"\(as_[a-z]*\)").*/\1/p' grammar/quotes.def
      sed -n 's/^X([A-Z]*, *"\([a-z]*\)",.*/\1/p' src/formats/formats.def; } |
        while read -r word; do described "$word"; done)" ""

echo "rows: $passed passed, $failed failed"
[ $failed -eq 0 ]
