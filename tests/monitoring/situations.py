#!/usr/bin/python3
"""Writes promtool's unit tests of every alert: a healthy stack, in which none fires, and for each
alert a change of it that makes exactly that one fire, and one just short of it that makes none.

    situations.py ALERTS.yml     the tests, on standard output; fails where an alert has no situation
"""

import json
import sys

import yaml

P = 'job="postgres",instance="postgres_exporter:9187"'
S = 'job="further",instance="standby:9187"'
B = 'job="pgbouncer",instance="pgbouncer_exporter:9127"'
K = 'job="backup",instance="172.20.0.5:9854"'
PS = P + ',server="postgres:5432"'
GB = 1 << 30


def activity(name, more, backend="client backend"):
    return f'{name}{{{PS},datname="app",usename="app",backend_type="{backend}",{more}}}'


SESSIONS = activity("pg_stat_activity_count", 'state="active",wait_event_type=""')
WORKERS = activity("pg_stat_activity_count", 'state="active",wait_event_type=""', "parallel worker")
LOCKED = activity("pg_stat_activity_count", 'state="active",wait_event_type="Lock"')
OLDEST = activity("pg_stat_activity_max_tx_duration", 'state="active"')
VACUUM = activity("pg_stat_activity_max_tx_duration", 'state="active"', "autovacuum worker")
DEADLOCKS = f'pg_stat_database_deadlocks{{{P},datname="app"}}'
XID = f'pg_database_wraparound_age_datfrozenxid_seconds{{{P},datname="app"}}'
MXID = f'pg_database_wraparound_age_datminmxid_seconds{{{P},datname="app"}}'
FORCED = f"pg_stat_checkpointer_num_requested_total{{{P}}}"
TIMED = f"pg_stat_checkpointer_num_timed_total{{{P}}}"
WAITING = f'pgbouncer_pools_client_maxwait_seconds{{{B},database="app",user="app"}}'
RECEIVER, WAITER = (
    f'pg_stat_wal_receiver_received_tli{{{S},status="{s}",slot_name="replica_slot_1"}}' for s in ("streaming", "waiting"))
HELD = f'pg_replication_slots_pg_wal_lsn_diff{{{PS},slot_name="replica_slot_1"}}'
SLOT = f'pg_replication_slot_wal_status{{{P},slot_name="replica_slot_1",slot_type="physical",wal_status='
ARCHIVED = f"pg_stat_archiver_archived_count{{{PS}}}"
UNARCHIVED = f"pg_stat_archiver_failed_count{{{PS}}}"
FULL, DIFF, INCR = (f'backup_last_success_timestamp_seconds{{{K},type="{t}"}}' for t in ("full", "diff", "incr"))
FAILED = f"backup_last_failure_timestamp_seconds{{{K}}}"
COLLECTOR = f'pg_scrape_collector_success{{{P},collector="wal"}}'
RESET = f"pg_stat_checkpointer_stats_reset_total{{{P}}}"
START = f"pg_postmaster_start_time_seconds{{{P}}}"
CLIENTS = f"pgbouncer_used_clients{{{B}}}"
DATA = f'pg_database_size_bytes{{{P},datname="app"}}'
LOG = f"pg_wal_size_bytes{{{P}}}"
TOLD = "capacity:disk_bytes"

HEALTHY = {
    f"up{{{P}}}": 1, f"up{{{S}}}": 1, f"up{{{B}}}": 1, f"up{{{K}}}": 1,
    f"pg_up{{{P}}}": 1, f"pg_up{{{S}}}": 1, f"pgbouncer_up{{{B}}}": 1,
    COLLECTOR: 1, RESET: 1700000000, START: 1700000000,
    SESSIONS: 20, WORKERS: 8, LOCKED: 0, OLDEST: 2, VACUUM: 7200, DEADLOCKS: 3,
    f"pg_settings_max_connections{{{PS}}}": 105,
    f"pg_settings_reserved_connections{{{PS}}}": 2,
    f"pg_settings_superuser_reserved_connections{{{PS}}}": 3,
    XID: 150e6, MXID: 1e6,
    f"pg_settings_autovacuum_freeze_max_age{{{PS}}}": 200e6,
    f"pg_settings_autovacuum_multixact_freeze_max_age{{{PS}}}": 400e6,
    f"pg_settings_vacuum_failsafe_age{{{PS}}}": 1.6e9,
    f"pg_settings_vacuum_multixact_failsafe_age{{{PS}}}": 1.6e9,
    FORCED: "0+0.01x600", TIMED: "0+0.1x600",
    WAITING: 0, CLIENTS: 100, f"pgbouncer_config_max_client_connections{{{B}}}": 1000,
    f"pg_replication_is_replica{{{P}}}": 0, f"pg_replication_is_replica{{{S}}}": 1,
    f"pg_replication_lag_seconds{{{P}}}": 0, f"pg_replication_lag_seconds{{{S}}}": 1, RECEIVER: 1,
    HELD: GB, f"pg_settings_max_slot_wal_keep_size_bytes{{{PS}}}": 10 * GB,
    SLOT + '"reserved"}': 1,
    LOG: GB, f"pg_settings_max_wal_size_bytes{{{PS}}}": 4 * GB, f"pg_settings_wal_keep_size_bytes{{{PS}}}": GB,
    ARCHIVED: "0+1x600", UNARCHIVED: 7,
    # Time begins at zero there; these are made as it goes, the last one at most an hour ago.
    FULL: 0, DIFF: 0, INCR: "0+60x600", FAILED: 0,
    DATA: 20 * GB, TOLD: 0,
}

# Alert, and words where there are several: (what is different, when to look), first where it fires, then
# where it does not yet; None where there is no such. Steps are minutes; up to ten minutes all is well is
# the usual beginning. An alert that waits is looked at in its first case once more, as long before as it
# waits: it must not fire then. A last list names others that fire.
SITUATIONS = {
    "ExporterDown": [({f"up{{{B}}}": "1x10 0x60"}, "14m"), ({f"up{{{B}}}": "1x10 0 1x60"}, "12m")],
    "PostgresDown": [({f"pg_up{{{P}}}": "1x10 0x60"}, "12m"), ({f"pg_up{{{P}}}": "1x10 0 1x60"}, "11m")],
    "PgbouncerDown": [({f"pgbouncer_up{{{B}}}": "1x10 0x60"}, "12m"),
                      ({f"pgbouncer_up{{{B}}}": "1x10 0 1x60"}, "11m")],
    "CollectorFails": [({COLLECTOR: "1x10 0x60"}, "22m"), ({COLLECTOR: "1x10 0x60"}, "15m")],
    "CollectorFails as its server is down": [None, ({COLLECTOR: 0, f"pg_up{{{P}}}": 0}, "12m", ["PostgresDown"])],
    "PostgresCrashed": [({RESET: "1700000000x10 1700000600x60"}, "15m"),
                        ({START: "1700000000x10 1700000600x60"}, "15m")],
    "RestartsInCircles": [({START: "1x10 2 3 4x60"}, "15m"), ({START: "1x10 2 3x60"}, "15m")],
    "ConnectionsNearMax": [({SESSIONS: "20x10 86x60"}, "17m"), ({SESSIONS: "20x10 85x60"}, "17m")],
    "SessionsBlocked": [({LOCKED: "0x10 5x60"}, "17m"), ({LOCKED: "0x10 4x60"}, "17m")],
    "LongTransaction": [({OLDEST: "0+60x600"}, "67m"), ({OLDEST: "0+60x59 3540x60"}, "67m")],
    "Deadlocks": [({DEADLOCKS: "3x10 8x60"}, "15m"), ({DEADLOCKS: "3x10 7x60"}, "15m")],
    "WraparoundNear": [({XID: "301e6x60"}, "20m"), ({XID: "299e6x60"}, "20m")],
    "WraparoundNear of multixacts": [({MXID: "601e6x60"}, "20m"), ({MXID: "599e6x60"}, "20m")],
    "WraparoundUrgent": [({XID: "1601e6x60"}, "5m"), ({XID: "1599e6x60"}, "5m")],
    "WraparoundUrgent of multixacts": [({MXID: "1601e6x60"}, "5m"), ({MXID: "1599e6x60"}, "5m")],
    "CheckpointsForced": [({FORCED: "0x60 12x600"}, "77m"), ({FORCED: "0x60 9x600"}, "77m")],
    "CheckpointsForced among timed ones": [None, ({FORCED: "0x60 12x600", TIMED: "0+2x600"}, "77m")],
    "PoolerClientsWait": [({WAITING: "0x10 6x60"}, "14m"), ({WAITING: "0x10 5x60"}, "14m")],
    "PoolerFull": [({CLIENTS: "100x10 851x60"}, "17m"), ({CLIENTS: "100x10 850x60"}, "17m")],
    "StandbyNotStreaming": [({RECEIVER: "1x10 stale _x60"}, "17m"), ({RECEIVER: "1x10 stale 1x60"}, "17m")],
    "StandbyNotStreaming but waiting": [({RECEIVER: "1x10 stale", WAITER: "_x10 1x60"}, "17m"), None],
    "StandbyLags": [({f"pg_replication_lag_seconds{{{S}}}": "1x10 61x60"}, "17m"),
                    ({f"pg_replication_lag_seconds{{{S}}}": "1x10 59x60"}, "17m")],
    "StandbyLags but it is the primary": [None, ({f"pg_replication_lag_seconds{{{P}}}": "1x10 61x60"}, "17m")],
    "SlotHoldsLog": [({HELD: f"0x10 {7 * GB}x60"}, "17m"), ({HELD: f"0x10 {6 * GB}x60"}, "17m")],
    "SlotHoldsLog without a cap": [
        None, ({HELD: f"0x10 {70 * GB}x60", f"pg_settings_max_slot_wal_keep_size_bytes{{{PS}}}": -1}, "17m")],
    "SlotLost": [({SLOT + '"reserved"}': "1x10 stale", SLOT + '"lost"}': "_x10 1x60"}, "12m"),
                 ({SLOT + '"reserved"}': "1x10 stale", SLOT + '"unreserved"}': "_x10 1x60"}, "12m")],
    "WalRetained": [({LOG: f"{GB}x10 {8 * GB}x60"}, "27m"), ({LOG: f"{GB}x10 {7 * GB}x60"}, "27m")],
    "ArchivingFails": [({ARCHIVED: 5, UNARCHIVED: "0+1x600"}, "7m"), ({UNARCHIVED: "0+1x600"}, "25m")],
    "BackupFails": [({FAILED: "0x10 4000x600", INCR: 3000}, "17m"), ({FAILED: 3000, INCR: 4000}, "80m")],
    "BackupOld": [({INCR: 0}, "740m"), ({INCR: 0}, "718m")],
    # Minutes of nine days are many: the last full backup is put before the beginning of time.
    "FullBackupOld": [({FULL: -691200}, "20m"), ({FULL: -604800}, "20m")],
    "FullBackupOld but it is the differential": [None, ({DIFF: -691200}, "20m")],
    "DiskFilling": [({TOLD: 25 * GB}, "20m"), ({TOLD: 27 * GB}, "20m")],
    "DiskFull": [({TOLD: 25 * GB, DATA: 22 * GB}, "7m"), ({TOLD: 25 * GB, DATA: 21 * GB}, "10m")],
}


def series(changes):
    merged = HEALTHY | changes
    return [{"series": s, "values": v if isinstance(v, str) else f"{v:.0f}x800"} for s, v in merged.items()]


def case(name, changes, looks):
    """LOOKS: minutes, and the alerts that fire then."""
    return {
        "name": name,
        "interval": "1m",
        "input_series": series(changes),
        "promql_expr_test": [{
            "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
            "eval_time": f"{when}m",
            "exp_samples": [{"labels": f'{{alertname="{a}"}}', "value": 1} for a in alerts],
        } for when, alerts in looks.items()],
    }


def minutes(duration):
    return int(duration.removesuffix("m"))


def rules(path):
    with open(path, encoding="utf-8") as file:
        return [rule for group in yaml.safe_load(file)["groups"] for rule in group["rules"]]


def own_cases(rule, alone):
    """Those of one alert; ALONE where no other alert is in the rules."""
    name = rule["alert"]
    for words, (fires, quiet) in SITUATIONS.items():
        if words.split()[0] != name:
            continue
        if fires:
            changes, when = fires
            looks = {minutes(when): [name]}
            if "for" in rule:
                looks[minutes(when) - minutes(rule["for"])] = []
            yield case(f"{words} fires", changes, looks)
        if quiet:
            changes, when, *others = quiet
            yield case(f"{words} does not fire", changes, {minutes(when): [] if alone else sum(others, [])})


def tests(path, cases):
    return {"rule_files": [path], "evaluation_interval": "1m", "tests": list(cases)}


def main():
    path = sys.argv[1]
    alerts = rules(path)
    tried = {name.split()[0] for name, (fires, _) in SITUATIONS.items() if fires}
    names = {rule["alert"] for rule in alerts}
    if names != tried:
        sys.exit(f"alerts without a situation, or the other way round: {sorted(names ^ tried)}")
    cases = [case("all is well", {}, {5: [], 60: [], 600: []})]
    for rule in alerts:
        cases.extend(own_cases(rule, alone=False))
    json.dump(tests(path, cases), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
