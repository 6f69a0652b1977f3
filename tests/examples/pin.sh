#!/bin/sh
# azc pin against real repositories: tags of both kinds that move, go and come, and pins rewritten in
# two files at once, or in none.
. "$(dirname "$0")/common.sh"
passed=0 failed=0
azc=$(readlink -f "$azc")
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_COUNT=3 \
    GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=test GIT_CONFIG_KEY_1=user.email \
    GIT_CONFIG_VALUE_1=test@example.org GIT_CONFIG_KEY_2=init.defaultBranch GIT_CONFIG_VALUE_2=main
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}
in_light() { git -C "$work/light" "$@"; }
in_heavy() { git -C "$work/heavy" "$@"; }
commit() { git -C "$work/$1" commit -q --allow-empty -m "$2" && git -C "$work/$1" rev-parse HEAD; }
# The output of azc for both repositories; then its exit status, and the codes of its diagnostics.
pin() {
    status=0
    for url in $("$azc" pin --list --rules "$work/rules/main.azr"); do
        echo "From $url"
        git ls-remote "$url" 2>/dev/null || :
    done | "$azc" pin --rules "$work/rules/main.azr" "$@" 2>"$work/said" || status=$?
    sed -n "s/.*\(AZ[0-9]*\).*/\1/p; s|^azc: $work/||p" "$work/said"
    [ $status = 0 ] || echo "exit $status"
}
restore() { rm -rf "$work/rules" && cp -a "$work/before" "$work/rules"; }

# Lightweight tags in one repository, annotated ones in the other; versions of two patterns.
git init -q "$work/light"
git init -q "$work/heavy"
one=$(commit light one)
in_light tag v1.9.0
two=$(commit light two)
in_light tag v1.10.0
in_light tag v1.11.0-rc1 "$one"
in_light tag nightly-20240101 "$one"
old=$(commit heavy one)
in_heavy tag -a -m one REL1_0_0
new=$(commit heavy two)

mkdir -p "$work/before/parts"
cat >"$work/before/main.azr" <<END
import "parts/heavy.azr"
schema Source { repository: text  tag: optional text  commit: text }
schema Entry for entry { version: text = "?"  source: optional Source }

# What is out of order stays so.
entry   light{  version   = "1.9.0" # as in its control file
  source={repository:"$work/light" , tag : "v1.9.0", commit:"$one"}   }
entry head { source = { repository: "$work/light", commit: "$two" } }
END
cat >"$work/before/parts/heavy.azr" <<END
entry heavy {
    source = {
        commit: "$old",
        tag: "REL1_0_0",
        repository: "$work/heavy/.git",
    }
    version = """
    1.0.0
    """
}
END
restore

same 'one is stale' "$(pin)" "heavy  REL1_0_0      up to date
light  v1.9.0        -> v1.10.0
head   $(printf %.12s "$two")  no tag; same commit as tag \`v1.10.0\`
1 without a tag, 1 stale, 1 up to date
AZ0092"
same '--check fails' "$(pin --check | tail -n 1)" 'exit 1'
same 'nothing was written' "$(diff -r "$work/before" "$work/rules")" ''

in_heavy tag -a -m two REL1_0_1
same 'two are written' "$(pin --write | sed "s|$work/||")" "heavy  REL1_0_0      -> REL1_0_1
light  v1.9.0        -> v1.10.0
head   $(printf %.12s "$two")  no tag; same commit as tag \`v1.10.0\`
1 without a tag, 2 stale
wrote rules/main.azr
wrote rules/parts/heavy.azr"
same 'only these texts' "$(sed -e "s/1\.10\.0/1.9.0/g; /v1\.9/s/$two/$one/" "$work/rules/main.azr")" \
    "$(cat "$work/before/main.azr")"
same 'the commit of the tag, not the tag' "$(cat "$work/rules/parts/heavy.azr")" "entry heavy {
    source = {
        commit: \"$new\",
        tag: \"REL1_0_1\",
        repository: \"$work/heavy/.git\",
    }
    version = \"1.0.1\"
}"
cp -a "$work/rules" "$work/after"
same 'the second time there is nothing to do' "$(pin --write | tail -n 1)" '1 without a tag, 2 up to date'
same 'and nothing is done' "$(diff -r "$work/after" "$work/rules"; find "$work/rules" -newer "$work/said")" ''
same 'a commit that is only the head' "$(in_light tag -d v1.10.0 >/dev/null && pin | grep head)" \
    "head   $(printf %.12s "$two")  no tag; head of main"
in_light tag v1.10.0 "$two"

# One pin that is wrong keeps all as they are.
unwritten() {
    same "$1" "$(pin --write | grep -v '^head')" "$2"
    same "$1: nothing is written" "$(diff -r "$work/before" "$work/rules")" ''
}
restore
in_light tag -f v1.9.0 "$two" >/dev/null
unwritten 'a lightweight tag has moved' "heavy  REL1_0_0      -> REL1_0_1
light  v1.9.0        MOVED to $two
1 moved, 1 without a tag, 1 stale
AZ0090
exit 1"
in_light tag -f v1.9.0 "$one" >/dev/null
in_heavy tag -f -a -m moved REL1_0_0 "$new" >/dev/null
unwritten 'an annotated tag has moved' "heavy  REL1_0_0      MOVED to $new
light  v1.9.0        -> v1.10.0
1 moved, 1 without a tag, 1 stale
AZ0090
exit 1"
in_heavy tag -d REL1_0_0 >/dev/null
unwritten 'a tag is gone' "heavy  REL1_0_0      GONE
light  v1.9.0        -> v1.10.0
1 gone, 1 without a tag, 1 stale
AZ0091
exit 1"
in_heavy tag -a -m again REL1_0_0 "$old"
mv "$work/heavy" "$work/away"
unwritten 'a repository cannot be read' "light  v1.9.0        -> v1.10.0
1 without a tag, 1 stale, 1 not listed
AZ0094
exit 1"
mv "$work/away" "$work/heavy"

# One file that cannot be written keeps all as they are, and leaves nothing beside them.
failed_write() {
    same "$1" "$(pin --write | tail -n 2)" "$2"
    same "$1: nothing is written" "$(diff -r "$work/before" "$work/rules")" ''
}
mv "$work/rules/main.azr" "$work/rules/real.azr"
ln -s real.azr "$work/rules/main.azr"
cp -a "$work/before" "$work/kept" && cp -a "$work/rules/." "$work/before/"
failed_write 'a link' "rules/main.azr: cannot replace the file: it is not a plain file
exit 1"
rm -rf "$work/before" && mv "$work/kept" "$work/before"
restore
printf '#%20000s\n' '' >>"$work/before/main.azr"
restore
# A limit on the size of files simulates a full disk; the list and the messages stay below it.
same 'a full disk' "$(trap '' XFSZ; ulimit -f 16; pin --write | tail -n 2)" \
    "rules/main.azr: cannot write the temporary file: File too large
exit 1"
same 'a full disk: nothing is written' "$(diff -r "$work/before" "$work/rules")" ''

echo "pin: $passed passed, $failed failed"
[ $failed = 0 ]
