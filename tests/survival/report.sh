cat "$work/rows"
