#!/bin/sh
# The packages of the tree in which the tests of monitoring and backup run, for tests/server/root.sh.
echo postgresql-18 postgresql-18-cron pgbackrest pgbouncer prometheus prometheus-postgres-exporter \
    prometheus-pgbouncer-exporter curl python3 python3-yaml jq
