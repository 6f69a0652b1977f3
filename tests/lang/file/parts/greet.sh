#!/bin/sh
# Greets @WHO@ times @TIMES@.
who=${WHO:-@WHO@}
greeting=@GREETING@
for _ in $(seq @TIMES@); do echo "$greeting, $who (from @WHO@)"; done
