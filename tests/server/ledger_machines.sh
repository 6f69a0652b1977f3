# shellcheck shell=bash
# What the rules count and what the server takes, in bytes. To be read by ledger.sh and
# ledger_test.sh, in the server's tree; azc and D, an empty cluster, are the caller's.

# Of a let of the rules: NAME MACHINE... What was warned of does not matter here.
counted() {
    local value
    value=$("$azc" explain "$@" --json disk=20GB shared_space=64GB rotational=false uring=false 2>/dev/null |
        sed -n 's/^{"name": "[^"]*", "value": "\([^"]*\)".*/\1/p')
    case $value in
    *kB) echo $((${value%kB} << 10)) ;;
    *MB) echo $((${value%MB} << 20)) ;;
    *) echo "${value%B}" ;;
    esac
}

# All shared memory of a server with these arguments, which it reports in whole MB, rounded up.
taken() {
    local megabytes
    megabytes=$(postgres -C shared_memory_size -D "$D" "$@" 2>>/tmp/log) && echo $((megabytes << 20))
}
