# Single figures: the first table names a setting and its value in each row, the second holds all
# settings of the same row's machine.
FNR == 1 { file++ }
FNR == 1 {
    n = cut($0, head)
    for (i = 1; i <= n; i++)
        place[file, head[i]] = i
    next
}
file == 1 {
    cut($0, cells)
    setting[FNR] = cells[place[1, "setting"]]
    value[FNR] = cells[place[1, "by_the_formula"]]
    rows = FNR
    next
}
{
    cut($0, got)
    seen = FNR
    if (!((2, setting[FNR]) in place)) {
        print "the rules say nothing of " setting[FNR]
        wrong++
    } else if (got[place[2, setting[FNR]]] != value[FNR]) {
        print "row " FNR ": " setting[FNR] " is " got[place[2, setting[FNR]]] ", not " value[FNR]
        wrong++
    }
}
END {
    if (seen != rows) {
        print "of " rows " rows only " seen + 0 " were answered"
        wrong++
    }
    printf "%s: %d passed, %d failed\n", name, rows - 1 - wrong, wrong
    exit wrong > 0
}
