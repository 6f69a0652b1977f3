# Cuts a line of comma-separated values into cells; answers how many.
function cut(line, cells,    count, cell, quoted, i, c) {
    count = 0
    cell = ""
    quoted = 0
    sub(/\r$/, "", line)
    if (line !~ /"/)
        return split(line, cells, ",")
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") {
            if (quoted && substr(line, i + 1, 1) == "\"") {
                cell = cell c
                i++
            } else
                quoted = !quoted
        } else if (c == "," && !quoted) {
            cells[++count] = cell
            cell = ""
        } else
            cell = cell c
    }
    cells[++count] = cell
    return count
}
