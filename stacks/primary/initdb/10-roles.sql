-- Written by azc from rules/access.azr; do not edit.
--
-- The roles of this stack. Runs at the first start. After changing a secret, run it again by hand; it
-- may be run repeatedly:
--
--     docker compose exec postgres psql -U postgres -f /docker-entrypoint-initdb.d/10-roles.sql
\set ON_ERROR_STOP on
\set ECHO none
\set QUIET on
\set VERBOSITY terse
\connect "postgres"

-- Keeps the passwords in this session out of logs, statistics and pg_stat_activity.
SET track_activities = 'off';
SET log_statement = 'none';
SET log_duration = 'off';
SET log_min_duration_statement = '-1';
SET log_min_duration_sample = '-1';
SET log_transaction_sample_rate = '0';
SET log_min_error_statement = 'panic';
SET debug_print_parse = 'off';
SET debug_print_rewritten = 'off';
SET debug_print_plan = 'off';
SET auto_explain.log_min_duration = '-1';
SET pgaudit.log = 'none';
SET pg_stat_statements.track = 'none';
SET pg_stat_statements.track_utility = 'off';
SET password_encryption = 'scram-sha-256';
SET client_min_messages = 'warning';

-- Each secret is read from its variable, or else from its file.
\set superuser_password `if [ -n "$POSTGRES_PASSWORD" ]; then printf %s "$POSTGRES_PASSWORD"; else tr -d '\r\n' <"${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres_password}" | grep -a .; fi`
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'the password of the superuser is missing: write it to secrets/postgres_password or set POSTGRES_PASSWORD'; END $$;
\endif
\set replicator_password `if [ -n "$PG_REPLICATION_PASSWORD" ]; then printf %s "$PG_REPLICATION_PASSWORD"; else tr -d '\r\n' <"${PG_REPLICATION_PASSWORD_FILE:-/run/secrets/replication_password}" | grep -a .; fi`
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'the password of replicator is missing: write it to secrets/replication_password or set PG_REPLICATION_PASSWORD'; END $$;
\endif
\set pgbouncer_auth_password `if [ -n "$PGBOUNCER_AUTH_PASS" ]; then printf %s "$PGBOUNCER_AUTH_PASS"; else tr -d '\r\n' <"${PGBOUNCER_AUTH_PASS_FILE:-/run/secrets/pgbouncer_password}" | grep -a .; fi`
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'the password of pgbouncer_auth is missing: write it to secrets/pgbouncer_password or set PGBOUNCER_AUTH_PASS'; END $$;
\endif
\set monitor_password `if [ -n "$POSTGRES_MONITOR_PASSWORD" ]; then printf %s "$POSTGRES_MONITOR_PASSWORD"; else tr -d '\r\n' <"${POSTGRES_MONITOR_PASSWORD_FILE:-/run/secrets/monitor_password}" | grep -a .; fi`
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'the password of monitor is missing: write it to secrets/monitor_password or set POSTGRES_MONITOR_PASSWORD'; END $$;
\endif
\set app_password `if [ -n "$POSTGRES_APP_PASSWORD" ]; then printf %s "$POSTGRES_APP_PASSWORD"; else tr -d '\r\n' <"${POSTGRES_APP_PASSWORD_FILE:-/run/secrets/app_password}" | grep -a .; fi`
\if :SHELL_ERROR
DO $$ BEGIN RAISE EXCEPTION 'the password of the application is missing: write it to secrets/app_password or set POSTGRES_APP_PASSWORD'; END $$;
\endif

-- One transaction, so that either all passwords change or none.
BEGIN;

-- Members of this role may not connect over the network: see pg_hba.conf.
SELECT 'CREATE ROLE "local_only"' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'local_only') \gexec
ALTER ROLE "local_only" NOLOGIN;
GRANT "local_only" TO CURRENT_USER;
ALTER ROLE CURRENT_USER PASSWORD :'superuser_password';

-- Standbys and base backups.
SELECT 'CREATE ROLE "replicator"' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'replicator') \gexec
ALTER ROLE "replicator" LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 10 PASSWORD :'replicator_password';

-- The pooler, which looks up passwords and may do nothing else.
SELECT 'CREATE ROLE "pgbouncer_auth"' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pgbouncer_auth') \gexec
ALTER ROLE "pgbouncer_auth" LOGIN NOINHERIT NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 2 PASSWORD :'pgbouncer_auth_password';
ALTER ROLE "pgbouncer_auth" SET statement_timeout = '5s';
GRANT CONNECT ON DATABASE "postgres" TO "pgbouncer_auth";

-- Returns the password verifiers of the roles that may connect through the pooler. Its owner cannot log
-- in, and may read only these columns. Names in the body are resolved when the function is created.
SELECT 'CREATE ROLE "pgbouncer_lookup"' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pgbouncer_lookup') \gexec
ALTER ROLE "pgbouncer_lookup" NOLOGIN;
GRANT SELECT (rolname, rolpassword, rolvaliduntil, rolcanlogin, rolsuper, rolreplication, rolbypassrls)
  ON pg_catalog.pg_authid TO "pgbouncer_lookup";
CREATE SCHEMA IF NOT EXISTS pgbouncer;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO "pgbouncer_auth";
CREATE OR REPLACE FUNCTION pgbouncer.lookup(name text) RETURNS TABLE (usename text, passwd text)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT rolname::text, rolpassword
  FROM pg_catalog.pg_authid
  WHERE rolname = name AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND NOT rolbypassrls
    AND (rolvaliduntil IS NULL OR rolvaliduntil > now());
END;
ALTER FUNCTION pgbouncer.lookup(text) OWNER TO "pgbouncer_lookup";
REVOKE ALL ON FUNCTION pgbouncer.lookup(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgbouncer.lookup(text) TO "pgbouncer_auth";

-- Monitoring, which reads statistics but no tables, and can connect when all other connections are taken.
SELECT 'CREATE ROLE "monitor"' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'monitor') \gexec
ALTER ROLE "monitor" LOGIN NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 3 PASSWORD :'monitor_password';
ALTER ROLE "monitor" SET statement_timeout = '10s';
ALTER ROLE "monitor" SET lock_timeout = '1s';
GRANT pg_monitor, pg_use_reserved_connections TO "monitor";
GRANT CONNECT ON DATABASE "postgres" TO "monitor";

-- The application, which owns its database. The maintenance database is not for applications.
REVOKE CONNECT, TEMPORARY ON DATABASE "postgres" FROM PUBLIC;
\set app `printf %s "${POSTGRES_APP:-app}"`
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'app' AND (rolsuper OR rolreplication OR pg_catalog.pg_has_role(oid, 'pg_monitor', 'USAGE') OR rolname LIKE 'pg%')) AS app_is_taken \gset
\if :app_is_taken
DO $$ BEGIN RAISE EXCEPTION 'POSTGRES_APP is the name of a role with another purpose: choose another name'; END $$;
\endif
SELECT pg_catalog.format('CREATE ROLE %I', :'app') WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'app') \gexec
ALTER ROLE :"app" LOGIN NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';

COMMIT;

-- A database cannot be created within a transaction.
SELECT pg_catalog.format('CREATE DATABASE %I OWNER %I', :'app', :'app') WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'app') \gexec
REVOKE ALL ON DATABASE :"app" FROM PUBLIC;

-- A slot for each standby; names are separated by commas. A slot retains no log before its standby first
-- connects.
\set slots `printf %s "${REPLICATION_SLOT_NAME:-replica_slot_1}"`
SELECT pg_catalog.pg_create_physical_replication_slot(slot)
FROM pg_catalog.string_to_table(:'slots', ',') AS slot
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = slot)
  AND pg_catalog.current_setting('max_wal_senders')::integer > 0 \g /dev/null
