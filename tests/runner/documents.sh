#!/bin/bash
# Documents and secrets: what azr start writes and hands on, what azr write, render and secrets do,
# and that no verb shows a secret.
. "$(dirname "$0")/lib.bash"

run_dir=$work/run
image=$work/documents.azb
build/release/tests/unit/documents_test "$run_dir" "$image" || exit 1
mkdir "$run_dir"
printf '#!/bin/sh\nprintf "[%%s]\\n" "$@"\nenv | grep POOL | sort\nexit 7\n' >"$work/bin/pooler"
chmod +x "$work/bin/pooler"
modes() { (cd "$run_dir" && stat -c '%a %n' -- * | sort -k 2); }

# --- start ---

umask 077
run POOL_PASSWORD='ca"nary' POOL_PORT=5 start "$image" -- pooler -v "$run_dir/pooler.ini"
check "the command is started as it is, without the secret" "$out" "[-v]
[$run_dir/pooler.ini]
POOL_PORT=5"
check "its status is ours" "$status" 7
check "what was written" "$err" \
    "[AUTO-CONFIG] pooler: wrote $run_dir/userfile, $run_dir/pooler.ini, $run_dir/extra"
check "modes, whatever the umask" "$(modes)" "640 extra
644 pooler.ini
600 userfile"
check "a secret, quoted" "$(<"$run_dir/userfile")" '"app" "ca""nary"'
check "a value" "$(<"$run_dir/pooler.ini")" "[pgbouncer]
listen_port = 5"
check "an optional secret that is missing" "$(<"$run_dir/extra")" none

printf 'from a file\r\n' >"$work/secret"
run POOL_PASSWORD_FILE="$work/secret" POOL_EXTRA=e start "$image" -- "$work/bin/pooler"
check "by its path, and by a file" "$out $(<"$run_dir/userfile") $(<"$run_dir/extra")" \
    '[] "app" "from a file" e'

refused() {
    local name=$1 wanted=$2
    shift 2
    run "$@"
    check "$name" "$status $out$err" "78 $wanted"
}
rm "$run_dir"/*
refused "a missing secret" "[AUTO-CONFIG] refused: $run_dir/userfile requires the secret password; set \
POOL_PASSWORD, or POOL_PASSWORD_FILE to the path of a file; \`azr secrets ./secrets password\` creates \
such a file" POOL_EXTRA=x start "$image" -- pooler
refused "two words for one secret" "[AUTO-CONFIG] refused: password: POOL_PASSWORD and \
POOL_PASSWORD_FILE are both set; set only one of them" POOL_PASSWORD=canary \
    POOL_PASSWORD_FILE="$work/secret" start "$image" -- pooler
refused "no such file" "[AUTO-CONFIG] refused: password: POOL_PASSWORD_FILE=/nowhere: could not \
read the file: no such file or directory" POOL_PASSWORD_FILE=/nowhere start "$image" -- pooler
check "nothing is written then" "$(ls -A "$run_dir")" ""

mkdir "$run_dir/extra"
refused "one that cannot be written" "[AUTO-CONFIG] refused: $run_dir/extra cannot be used by user $(id -u): is \
a directory; mount a volume or a tmpfs at $run_dir that this user can write to" POOL_PASSWORD=a start "$image" -- pooler
check "nothing is left half done" "$(find "$run_dir" -name '*azr*')" ""
rmdir "$run_dir/extra"
rm -f "$run_dir"/*
rmdir "$run_dir"
refused "no directory" "[AUTO-CONFIG] refused: $run_dir/userfile cannot be used by user $(id -u): no such file \
or directory; mount a volume or a tmpfs at $run_dir that this user can write to" POOL_PASSWORD=a start "$image" -- pooler
mkdir "$run_dir"

ln -s /dev/null "$run_dir/userfile"
run POOL_PASSWORD=b start "$image" -- pooler
check "a link is replaced, not followed" "$(stat -c %F "$run_dir/userfile")" "regular file"
rm "$work/bin/pooler"
run POOL_PASSWORD=b start "$image" -- pooler
check "no such command" "$status ${err##*$'\n'}" "127 azr: pooler: program not found"

rm -f "$run_dir"/*
run POSTGRES_PASSWORD=a:b POOL_PASSWORD=canary start --entrypoint=print-environment "$image" -- postgres
check "the server has documents too" "$(cd "$run_dir" && ls) $(<"$run_dir/pgpass")" 'pgpass a\:b'
check "no password is handed on to a server that has its cluster" \
    "$(grep '^POOL\|^POSTGRES' "$work/out")" ""
run start "$image" -- postgres
check "the server without its secret: status" "$status" 78
rm -f "$run_dir"/*
for words in "postgres --version" "/usr/bin/postgres" "--help"; do
    # shellcheck disable=SC2086
    run POSTGRES_PASSWORD=x start --entrypoint=print-environment "$image" -- $words
    check "$words is no server and has no documents" "$(ls "$run_dir") $(grep -c POSTGRES_PASSWORD=x "$work/out")" " 1"
done
run POOL_PASSWORD=x start --entrypoint=print-environment "$image" -- bash
check "a command without documents is left alone" "$(grep POOL "$work/out")$err" POOL_PASSWORD=x

# --- write and render ---

rm -f "$run_dir"/*
run POOL_PASSWORD=new write "$image" --for pooler
check "write" "$status $(<"$run_dir/userfile")" '0 "app" "new"'
run POOL_PASSWORD=new write "$image"
check "write for nobody" "$status" 64
run POOL_PASSWORD=new write "$image" --for nobody
check "write for a command without documents" "$status $err" \
    "64 azr: the image contains no files for nobody; see azr --help"
run render "$image"
check "render lists" "$out" "0600  pooler  $run_dir/userfile
0644  pooler  $run_dir/pooler.ini
0640  pooler  $run_dir/extra
0600  postgres  $run_dir/pgpass
0644  other  $run_dir/pooler.ini"
run AZA_IMAGE="$image" render --for postgres
check "those of one command" "$status $out" "0 0600  postgres  $run_dir/pgpass"
run render --for nobody "$image"
check "those of a command without any" "$status $err" \
    "64 azr: the image contains no files for nobody; see azr --help"
run POOL_PASSWORD=x AZA_IMAGE="$image" render "$run_dir/userfile"
check "render shows no secret" "$out" "(secret)"
run POOL_PASSWORD=x render "$image" "$run_dir/userfile" --secrets
check "unless it is asked to" "$out" '"app" "x"'
run render "$image" --secrets "$run_dir/userfile"
check "one that is missing" "$status $(grep -c 'requires the secret password' <<<"$err")" "78 1"
run render "$image" "$run_dir/pooler.ini"
check "whose document" "$status $err" \
    "64 azr: several commands have a file of that path; select one with --for COMMAND; see azr --help"
run render "$image" --for pooler "$run_dir/pooler.ini" port=7
check "supposing" "$out" "[pgbouncer]
listen_port = 7"
run render "$image" /nowhere
check "no such document" "$status" 64

# --- secrets ---

run secrets "$work/secrets" one two
check "secrets" "$status $out" "0 $work/secrets/one: created
$work/secrets/two: created"
check "32 letters and digits" "$(grep -cE '^[A-Za-z0-9]{32}$' "$work"/secrets/* | cut -d: -f2 | sort -u)" 1
check "no two alike" "$(cmp -s "$work/secrets/one" "$work/secrets/two" && echo same)" ""
check "their modes" "$(stat -c %a "$work/secrets" "$work"/secrets/one | tr '\n' ' ')" "700 644 "
before=$(<"$work/secrets/one")
run secrets "$work/secrets" one three --mode 0640
check "those that are there stay" "$out $(stat -c %a "$work/secrets/three")" \
    "$work/secrets/one: already exists
$work/secrets/three: created 640"
check "as they were" "$(<"$work/secrets/one")" "$before"
# shellcheck disable=SC2012 # the names have no blanks, and ls sorts them
check "nothing else lies there" "$(ls -A "$work/secrets" | tr '\n' ' ')" "one three two "
for words in "$work/secrets" "$work/secrets a/b" "$work/secrets .a" "$work/s a --mode 99" "$work/s a --mode 1777"; do
    # shellcheck disable=SC2086
    run secrets $words
    check "wrong usage: $words" "$status" 64
done
run secrets "$work/documents.azb" one
check "no directory there" "$status" 78
run secrets "$work/none/there" one
check "directories above are not made" "$status" 78

# --- the canary ---

leaks=0
for verb in show explain facts check render start write; do
    for format in text json conf flags sql; do
        for subject in "" password line port extra; do
            words=()
            [ $verb != explain ] || words=("${subject:-line}")
            [ $format = text ] || words+=(--format $format)
            tail=()
            [ $verb != start ] || tail=(-- pooler)
            [ $verb != write ] || words+=(--for pooler)
            run POOL_PASSWORD=Canary1 POOL_EXTRA=Canary2 POSTGRES_PASSWORD=Canary3 \
                "$verb" "${words[@]}" "$image" "${tail[@]}"
            if grep -q Canary "$work/out" "$work/err"; then
                leaks=$((leaks + 1))
                echo "shown: $verb ${words[*]}"
            fi
        done
    done
done
check "no verb shows a secret" $leaks 0
run POOL_PASSWORD=Canary1 explain line "$image"
check "explain" "${out%%$'\n'*}" "line = (secret)"
summary
