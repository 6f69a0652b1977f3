# What differs between two tables of one machine each: setting, before, after.
FNR == 1 { file++; n[file] = cut($0, head); for (i = 1; i <= n[file]; i++) title[file, i] = head[i]; next }
{ cut($0, cells); for (i = 1; i <= n[file]; i++) value[file, title[file, i]] = cells[i] }
END {
    for (i = 1; i <= n[2]; i++) {
        name = title[2, i]
        if (value[1, name] != value[2, name])
            print name, value[1, name], "->", value[2, name]
    }
}
