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
