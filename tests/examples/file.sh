#!/bin/sh
# Files that rules include and that cannot be in a repository as golden cases: links, pipes, files that
# are too large or no text. Also: a tree of rules that lies outside the main file's, and a changed script.
. "$(dirname "$0")/common.sh"
passed=0 failed=0
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

# What `azc check` answers about rules that include the file $1: its messages without the excerpt.
included() {
    printf 'let a = file "%s"\n' "$1" >"$work/rules/main.azr"
    "$azc" check "$work/rules/main.azr" 2>&1 | sed -n "s|$work/||g; s/^.*error\[\(AZ[0-9]*\)\]: /\1 /p; s/^ *note: //p; s/^ *help: //p"
}

mkdir -p "$work/rules/scripts" "$work/other"
echo 'echo inside' >"$work/rules/scripts/inside.sh"
echo 'echo outside' >"$work/other/outside.sh"

ln -s inside.sh "$work/rules/scripts/link.sh"
same 'a link within the tree' "$(included scripts/link.sh)" ''
ln -s ../../other/outside.sh "$work/rules/scripts/out.sh"
same 'a link that leaves the tree' "$(included scripts/out.sh)" \
    "AZ0010 \`rules/scripts/out.sh\` cannot be read: a symbolic link leaves the rules' tree
it leads to \`other/outside.sh\`
put a copy of the file below \`rules\`"
ln -s ../other "$work/rules/linked"
same 'a linked directory that leaves it' "$(included linked/outside.sh | head -n 1)" \
    "AZ0010 \`rules/linked/outside.sh\` cannot be read: a symbolic link leaves the rules' tree"
ln -s nowhere "$work/rules/scripts/dangling.sh"
same 'a link to nothing' "$(included scripts/dangling.sh)" \
    "AZ0010 \`rules/scripts/dangling.sh\` cannot be read: a symbolic link is broken
create the file that it names, or correct the link \`rules/scripts/dangling.sh\`"
ln -s loop.sh "$work/rules/scripts/loop.sh"
same 'a link to itself' "$(included scripts/loop.sh | head -n 1 | cut -d : -f 1)" \
    "AZ0010 \`rules/scripts/loop.sh\` cannot be read"

mkfifo "$work/rules/scripts/pipe"
same 'a pipe' "$(included scripts/pipe)" \
    "AZ0010 \`rules/scripts/pipe\` cannot be read: it is not a regular file
name a regular file"
printf 'one\ntwo\0' >"$work/rules/scripts/nul"
same 'a NUL' "$(included scripts/nul)" \
    "AZ0010 \`rules/scripts/nul\` cannot be read: line 2 contains a NUL byte
only texts can be included: save the file as UTF-8"
printf 'one\ntwo\nthr\351e\n' >"$work/rules/scripts/latin"
same 'another encoding' "$(included scripts/latin | head -n 1)" \
    "AZ0010 \`rules/scripts/latin\` cannot be read: line 3 is not UTF-8"

head -c 262144 /dev/zero | tr '\0' a >"$work/rules/scripts/largest"
same 'the largest' "$(included scripts/largest)" ''
echo >>"$work/rules/scripts/largest"
same 'one byte more' "$(included scripts/largest)" \
    "AZ0074 \`rules/scripts/largest\` is larger than the 262144 bytes that an included file may have
split the file, and include its parts"

# Sixteen of the largest are as much as all may have, one of them twice.
head -c 262144 /dev/zero | tr '\0' a >"$work/rules/scripts/largest"
for number in $(seq 16); do
    cp "$work/rules/scripts/largest" "$work/rules/scripts/large-$number"
    echo "let a$number = file \"scripts/large-$number\""
    echo "let b$number = file \"scripts/large-$number\""
done >"$work/rules/many.azr"
same 'as many as may be' "$("$azc" check "$work/rules/many.azr" >/dev/null && echo fine)" fine
echo 'let c = file "scripts/inside.sh"' >>"$work/rules/many.azr"
same 'too many together' \
    "$("$azc" check "$work/rules/many.azr" 2>&1 | sed -n "s|$work/||g; s/^.*error//p")" \
    "[AZ0074]: with \`rules/scripts/inside.sh\` the included files have more than 4194304 bytes together"

for number in $(seq 1025); do echo "@A$number@"; done >"$work/rules/scripts/placeholders"
same 'too many placeholders' "$(included scripts/placeholders)" \
    "AZ0074 \`rules/scripts/placeholders\` has more than 1024 placeholders"

# Rules that another tree imports include what lies in their own.
printf 'import "../rules/shared.azr"\nemit "a.sh" as text from script\n' >"$work/other/main.azr"
echo 'let script = file "scripts/inside.sh"' >"$work/rules/shared.azr"
same 'in the imported tree' "$("$azc" check "$work/other/main.azr" >/dev/null && echo fine)" fine
echo 'let script = file "../other/outside.sh"' >"$work/rules/shared.azr"
same 'out of the imported tree' \
    "$("$azc" check "$work/other/main.azr" 2>&1 | sed -n "s|$work/||g; s/^.*error//p")" \
    "[AZ0010]: \`other/outside.sh\` cannot be read: it is outside the rules' tree"

# A changed script makes what was emitted from it stale, and the image another.
printf 'emit "a.sh" as text from file "scripts/inside.sh"\n' >"$work/rules/main.azr"
written() { "$azc" compile --rules "$work/rules/main.azr" -o "$work/written" "$@" 2>&1; }
written >/dev/null
before=$("$azc" disasm "$work/written/aza.azb" | head -n 1)
same 'nothing changed' "$(written --check >/dev/null && echo "exit $?")" 'exit 0'
echo 'echo more' >>"$work/rules/scripts/inside.sh"
same 'a changed script' "$(written --check >"$work/said" || echo "exit $?")" 'exit 1'
same 'which it names' "$(grep -c 'written/a\.sh' "$work/said")" 1
written >/dev/null
same 'the hash of the rules' \
    "$([ "$before" = "$("$azc" disasm "$work/written/aza.azb" | head -n 1)" ] || echo changed)" changed

echo "file: $passed passed, $failed failed"
[ $failed = 0 ]
