# Counts complaints of psql by kind, into one line. The first kind that fits a line counts; what has
# no kind is "other", and what only accompanies a lost connection does not count again.

BEGIN {
    add("connections lost", "connection to server was lost")
    add("refused in recovery", "recovery mode|starting up|not yet accepting|shutting down")
    add("no server", "No such file or directory|Connection refused")
    add("too many clients", "too many clients|remaining connection slots")
    add("no shared memory", "shared memory segment|No space left on device")
    add("out of memory", "out of memory|Cannot allocate memory")
    add("", "Is the server running|terminating connection|closed the connection|terminated abnormally|before or while processing|^HINT|^DETAIL|^$")
    add("other", ".")
}

{
    for (i = 1; i <= kinds; i++)
        if ($0 ~ word[i]) {
            count[i]++
            break
        }
}

END {
    for (i = 1; i <= kinds; i++)
        if (count[i] && name[i] != "") {
            text = text separator count[i] " " name[i]
            separator = ", "
        }
    print text == "" ? "none" : text
}

function add(kind, pattern) {
    name[++kinds] = kind
    word[kinds] = pattern
}
