#!/bin/bash
# The workflows that the rules emit: valid, by two validators; as we want them, by check.py; their scripts
# before shellcheck, and the ones that decide something run. Each of the checks is shown to find its fault in
# a spoiled copy.
set -u
cd "$(dirname "$0")/../.." || exit
azc=${AZC:-build/bin/azc}
here=$PWD/tests/workflows
tools=$PWD/build/workflows
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org \
    GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org GIT_COMMITTER_DATE="2026-01-02T03:04:05+02:00"

same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
    fi
}

# As their lock file names them, in an instant where they are there already.
install_tools() {
    cmp -s "$here/package-lock.json" "$tools/package-lock.json" && return
    rm -rf "$tools" && mkdir -p "$tools" && cp "$here"/package*.json "$tools"
    npm ci --prefix "$tools" --cache "$tools/cache" --ignore-scripts --no-audit --no-fund --loglevel=error \
        >"$work/npm" 2>&1 && return
    cat "$work/npm"
    rm -rf "$tools"
    return 1
}

install_tools || { echo "workflows: 0 passed, 1 failed: the validators cannot be installed"; exit 1; }
"$azc" compile -o "$work/tree" >/dev/null || exit
workflows=$work/tree/.github/workflows
same "there are two" "$(cd "$workflows" && echo *)" "ci.yml release.yml"
same "what validators find" "$(node "$here/lint.cjs" "$tools" "$workflows"/*.yml)" ""
same "what we find" "$(python3 "$here/check.py" "$workflows"/*.yml)" ""

# Each image that is released is a target of the Dockerfile; a server's has its expectations.
dockerfile=$work/tree/docker/official/Dockerfile
for target in $(sed -n 's/^ *- target: //p' "$workflows/release.yml" | sort -u); do
    same "the target $target" "$(grep -c "^FROM .* AS $target\$" "$dockerfile")" 1
done
for target in $(sed -n 's/^ *suffix: "-\(.*\)"$/\1/p' "$workflows/release.yml" | sort -u); do
    same "expectations of $target" "$(ls "$work/tree/docker/postgres/$target/expectations.sql")" \
        "$work/tree/docker/postgres/$target/expectations.sql"
done

# --- scripts -----------------------------------------------------------------------------------------

for name in ci release; do
    mkdir "$work/$name"
    python3 "$here/check.py" --scripts "$work/$name" "$workflows/$name.yml"
    for script in "$work/$name"/*.sh; do
        same "shellcheck of $name, $(basename "$script" .sh)" "$(shellcheck --exclude=SC2016 "$script")" ""
    done
done

# Runs it as the forge does; prints its output and exit status.
run() {
    local script
    script=$(grep -l "$1" "$work/release"/*.sh)
    shift
    (cd "$work/clone" && env GITHUB_OUTPUT="$work/output" GITHUB_STEP_SUMMARY="$work/summary" PATH="$here:$PATH" \
        REGISTRY_DIRECTORY="$work/registry" "$@" bash --noprofile --norc -eo pipefail "$script" 2>&1; echo "exit $?")
}

git init -q -b main "$work/origin"
git -C "$work/origin" commit -q --allow-empty -m one
git -C "$work/origin" tag v18.6-202601020304
git -C "$work/origin" checkout -q -b aside
git -C "$work/origin" commit -q --allow-empty -m aside
git -C "$work/origin" tag v18.6-202601020305
git -C "$work/origin" checkout -q main
git clone -q "$work/origin" "$work/clone"
git -C "$work/clone" checkout -q v18.6-202601020304
plan() { run 'GITHUB_REF_NAME =~' REGISTRY=registry.example.org IMAGE=Some/Name DEFAULT_BRANCH=main "$@"; }

same "a release is read from its tag" "$(plan GITHUB_REF_NAME=v18.6-202601020304)" \
    "name=registry.example.org/some/name
release=18.6-202601020304
major=18
minor=18.6
epoch=1767315845
created=2026-01-02T01:04:05+00:00
exit 0"
same "and handed on" "$(wc -l <"$work/output")" 6
same "without a registry" "$(plan GITHUB_REF_NAME=v18.6-202601020304 REGISTRY=)" \
    "::error::set this repository's variable REGISTRY to the host of the image registry
exit 1"
same "another kind of tag" "$(plan GITHUB_REF_NAME=v18.6)" \
    "::error::the tag of a release must be vMAJOR.MINOR-YYYYMMDDHHMM: the server's version and a time
exit 1"
same "a name that is none" "$(plan GITHUB_REF_NAME=v18.6-202601020304 'IMAGE=a b')" \
    "::error::registry.example.org/a b is not a valid image name
exit 1"
git -C "$work/clone" checkout -q v18.6-202601020305
same "a tag beside the main branch" "$(plan GITHUB_REF_NAME=v18.6-202601020305)" \
    "::error::the tagged commit is not on main
exit 1"

name=registry.example.org/some/name one=sha256:$(printf %064d 1)
mkdir "$work/registry" "$work/clone/digests"
echo "$one" >"$work/clone/digests/amd64"
echo "sha256:$(printf %064d 2)" >"$work/clone/digests/arm64"
list() { run 'releases are not replaced' NAME=$name TAG=18.6-202601020304-full "$@"; }
same "a registry that does not answer" "$(list BROKEN=unreachable)" \
    "::error::could not check whether $name:18.6-202601020304-full exists: ERROR: dial tcp: connection refused
exit 1"
same "both platforms under one tag" "$(list)" "exit 0"
index=$(<"$work/clone/index/digest")
same "by a digest of its own" "$(tail -n 1 "$work/output")" "digest=$index"
same "a release is made once" "$(list)" \
    "::error::$name:18.6-202601020304-full already exists; releases are not replaced: tag this commit with a later time
exit 1"

promote() { run 'stays with' NAME=$name SUFFIX=-full PLAIN=true MINOR=18.6 MAJOR=18 RELEASE="$1" "${@:2}"; }
tags() { (cd "$work/registry" && grep -l "$index" -- * | sed "s|.*:||" | tr '\n' ' '); }
same "an older release" "$(promote 18.6-202601020304)" "::notice::18.6 stays with v18.6-202601020305
::notice::18 stays with v18.6-202601020305
exit 0"
same "moves no tag" "$(tags)" "18.6-202601020304-full "
git -C "$work/clone" tag v18.10-202512010000
same "a newer one of an older version" "$(promote 18.6-202601020305)" "::notice::18 stays with v18.10-202512010000
exit 0"
same "moves its own tags" "$(tags)" "18.6 18.6-202601020304-full 18.6-full "
git -C "$work/clone" tag -d v18.10-202512010000 >/dev/null
same "the newest" "$(promote 18.6-202601020305 PLAIN=false)" "exit 0"
same "moves all, but not the plain ones of another image" "$(tags)" "18-full 18.6 18.6-202601020304-full 18.6-full "
same "a tag that is another digest" "$(promote 18.6-202601020305 BROKEN=moves | sed 's/is sha256:[0-9a-f]*/is X/')" \
    "::error::$name:18.6-full is X, not $index
exit 1"

mkdir -p "$work/clone/docker/postgres/full"
echo "SELECT 'what must be there';" >"$work/clone/docker/postgres/full/expectations.sql"
try() { run 'docker run --detach' NAME=$name PLATFORM=amd64 TARGET=full MINOR=18.6 "$@" | grep -v '^postgres '; }
same "a server that is as it should be" "$(try)" "SELECT 'what must be there';
exit 0"
same "a server of another version" "$(try VERSION=18.60)" "exit 1"
same "a server that is not well" "$(try BROKEN=unhealthy)" "::error::the server is running unhealthy
exit 1"
same "a server that lacks something" "$(try BROKEN=lacking)" "SELECT 'what must be there';
exit 1"
same "a server that has to be killed" "$(try BROKEN=killed)" "SELECT 'what must be there';
::error::the server did not stop cleanly
exit 1"

# --- every check finds its fault ---------------------------------------------------------------------

# WHAT FILE WORDS SED: the copy that sed makes has a fault in whose report these words stand.
spoils=()
spoil() {
    local directory
    directory=$work/spoiled/${#spoils[@]}
    mkdir -p "$directory"
    cp "$workflows"/*.yml "$directory"
    sed -i "$4" "$directory/$2"
    ! cmp -s "$workflows/$2" "$directory/$2" || { echo "$1: sed changes nothing"; failed=$((failed + 1)); }
    spoils+=("$1|$directory/$2|$3")
}
spoil "an action by its tag" release.yml "not pinned by its commit" '0,/checkout@[0-9a-f]*/s//checkout@v7/'
spoil "an action by a short commit" ci.yml "not pinned by its commit" 's/\(checkout@[0-9a-f]\{12\}\)[0-9a-f]*/\1/'
spoil "a workflow that is not there" release.yml "no workflow of this tree" 's|workflows/ci.yml|workflows/no.yml|'
spoil "no timeout" release.yml "has no timeout" '0,/timeout-minutes: 120/s//timeout-minutes: 1200/'
spoil "no permissions of a job" ci.yml "does not say its permissions" '/^    permissions:/,+1d'
spoil "permissions for all jobs" ci.yml "that they do not name" 's/^permissions: {}/permissions: write-all/'
spoil "more permissions than needed" release.yml "may write contents" '0,/contents: read/s//contents: write/'
spoil "a right to change from elsewhere" ci.yml "rights to changes from elsewhere" 's/pull_request: {}/pull_request_target: {}/'
spoil "runs beside each other" release.yml "exclude each other" '/^concurrency:/,+2d'
spoil "a token in the tree" release.yml "leaves a token" '0,/persist-credentials: false/s//fetch-tags: true/'
spoil "an expression in a script" release.yml "part of a script" 's/cosign sign --yes/cosign sign ${{ github.ref }}/'
spoil "a secret for a script" release.yml "told a secret" 's|ISSUER: .*|ISSUER: ${{ secrets.X }}|'
spoil "a builder by its tag" release.yml "not named by its digest" 's/\(buildkit:v[0-9.]*\)@sha256:[0-9a-f]*/\1/'
spoil "a scanner by its tag" release.yml "not named by its digest" 's/\(scanner:[a-z0-9-]*\)@sha256:[0-9a-f]*/\1/'
spoil "a job that is not there" release.yml "does not exist" 's/^    needs: plan/    needs: plane/'
spoil "an output that is not there" release.yml "is not defined" '0,/needs.plan.outputs.epoch/s//needs.plan.outputs.era/'
spoil "an output of a job that is not waited for" release.yml "is not defined" 's/^      - plan$/      - build/'
spoil "a key that is none" ci.yml "unexpected key" 's/^    runs-on/    run-on/'
spoil "no YAML" ci.yml "it is no YAML" 's/^jobs:/jobs: {/'
spoil "a machine that is none" ci.yml "is unknown" 's/ubuntu-24.04-arm/ubuntu-24.04-arms/'

mapfile -t copies < <(printf '%s\n' "${spoils[@]}" | cut -d '|' -f 2)
{ node "$here/lint.cjs" "$tools" "${copies[@]}" && python3 "$here/check.py" "${copies[@]}"; } >"$work/faults"
for each in "${spoils[@]}"; do
    IFS='|' read -r what copy words <<<"$each"
    found=$(grep -F "$copy" "$work/faults" | grep -cF "$words")
    [ "$found" -eq 0 ] || found=found
    same "$what" "$found" found
done

echo "workflows: $passed passed, $failed failed"
[ $failed -eq 0 ]
