# Two tables, row by row: every column of the first but the `ignored` ones must stand in the second
# with the same values.
BEGIN {
    n = split(ignored, words, " ")
    for (i = 1; i <= n; i++)
        skip[words[i]] = 1
}
FNR == 1 { file++ }
file == 1 { wanted[FNR] = $0; rows = FNR; next }
FNR == 1 {
    n = cut($0, head)
    for (i = 1; i <= n; i++)
        place[head[i]] = i
    columns = cut(wanted[1], title)
    for (i = 1; i <= columns; i++)
        if (!(title[i] in skip) && !(title[i] in place)) {
            print "the rules say nothing of " title[i]
            wrong++
        }
    next
}
{
    cut($0, got)
    cut(wanted[FNR], want)
    seen = FNR
    for (i = 1; i <= columns; i++)
        if (!(title[i] in skip) && title[i] in place && got[place[title[i]]] != want[i]) {
            if (++wrong <= 10)
                print "row " FNR ": " title[i] " is " got[place[title[i]]] ", not " want[i]
        } else if (!(title[i] in skip))
            same++
}
END {
    if (seen != rows) {
        print "of " rows " rows only " seen + 0 " were answered"
        wrong++
    }
    printf "%s: %d passed, %d failed\n", name, same, wrong
    exit wrong > 0 || same == 0
}
