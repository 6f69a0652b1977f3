# The columns that describe a machine, under the names and with the units that the rules know.
# wanted: "column:input:default:unit ...", where default and unit may be empty.
BEGIN {
    count = split(wanted, specs, " ")
    for (i = 1; i <= count; i++) {
        split(specs[i], parts, ":")
        column[i] = parts[1]
        otherwise[i] = parts[3]
        unit[i] = parts[4]
        printf "%s%s", parts[2], i < count ? "," : "\n"
    }
}
NR == 1 {
    n = cut($0, head)
    for (i = 1; i <= n; i++)
        place[head[i]] = i
    next
}
{
    cut($0, cells)
    for (i = 1; i <= count; i++) {
        value = column[i] in place ? cells[place[column[i]]] : ""
        if (value == "")
            value = otherwise[i]
        printf "%s%s%s", value, unit[i], i < count ? "," : "\n"
    }
}
