# The value of one setting, `name`, on the only machine of a table.
NR == 1 { n = cut($0, head) }
NR == 2 { cut($0, cells); for (i = 1; i <= n; i++) if (head[i] == name) print cells[i] }
