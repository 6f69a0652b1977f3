#!/bin/bash
# Prints rules/extensions/sizes.azr: what each entry of the set adds to an image that has the server
# already, as dpkg reckons it. Packages that several need count for each of them.
#
#     sizes.sh [STATUS] >rules/extensions/sizes.azr
#
# STATUS is dpkg's list of what is installed, of an image or a tree that has the packages of
# docker/manifest.json; without one a tree is made of them.
set -euo pipefail
cd "$(dirname "$0")/../.."

names() { jq -r '.entries | to_entries[] | "\(.key) \(.value.debian[].name)"' docker/manifest.json; }

status=${1:-}
if [ -z "$status" ]; then
    # shellcheck disable=SC2046 # words
    status=$(tests/server/root.sh postgresql-18 $(names | cut -d ' ' -f 2))/var/lib/dpkg/status
fi

cat <<'END'
# What each entry adds to an image that has the server already, by tests/server/sizes.sh.

let sizes: map of bytes = {
END
awk -F '\n' -v RS='' '
    # With what a package needs: its names, each once, as keys of `found`.
    function gather(name, found,    i, parts) {
        if (!(name in size)) name = provider[name]
        if (name == "" || name in found) return
        found[name]
        split(depends[name], parts, / +/)
        for (i in parts) gather(parts[i], found)
    }
    FILENAME == ARGV[1] {
        name = needed = ""
        for (i = 1; i <= NF; i++) {
            key = value = $i
            sub(/:.*/, "", key)
            sub(/^[^:]*: */, "", value)
            if (key == "Package") name = value
            if (key == "Installed-Size") size[name] = value
            if (key == "Essential" && value == "yes") essential[name]
            if (key ~ /^(Pre-)?Depends$/) needed = needed "," value
            if (key == "Provides") {
                gsub(/ *\([^)]*\)/, "", value)
                count = split(value, words, /, */)
                for (j = 1; j <= count; j++) provider[words[j]] = name
            }
        }
        # Of alternatives the first: what is installed and what apt chose are the same here.
        gsub(/ *\([^)]*\)| *\|[^,]*|:any/, "", needed)
        gsub(/, */, " ", needed)
        depends[name] = needed
        next
    }
    FNR == 1 {
        for (name in essential) gather(name, server)
        gather("postgresql-18", server)
    }
    {
        count = split($0, lines, "\n")
        for (i = 1; i <= count; i++) {
            split(lines[i], words, " ")
            if (!(words[1] in seen)) order[++entries] = words[1]
            seen[words[1]] = seen[words[1]] " " words[2]
        }
    }
    END {
        for (i = 1; i <= entries; i++) {
            split("", found)
            count = split(seen[order[i]], words, " ")
            for (j = 1; j <= count; j++) gather(words[j], found)
            total = 0
            for (name in found) if (!(name in server)) total += size[name]
            printf "    %s: %s%s\n", order[i],
                total < 1024 ? total "kB" : int(total / 1024 + 0.5) "MB", i < entries ? "," : ""
        }
    }' "$status" <(names)
echo "}"
