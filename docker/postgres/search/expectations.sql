-- Written by azc from rules/extensions/sql.azr; do not edit.
--
-- Checks that one database has everything in the image `search`. One error lists all that is
-- missing. It only reads, so it may run on a standby:
--
--     psql -U postgres -d DATABASE -qXf expectations.sql
\set ON_ERROR_STOP on
SET search_path = pg_catalog, pg_temp;
DO $expectations$
DECLARE
    loaded constant text[] := regexp_split_to_array(current_setting('shared_preload_libraries'), '\s*,\s*');
    official constant boolean := current_setting('server_version') LIKE '%pgdg%';
    missing constant text[] := ARRAY(
        SELECT format('extension %s is not created in %s', expected, current_database())
        FROM (VALUES ('plpgsql', NULL::text, true), ('pg_stat_statements', NULL::text, true), ('pg_trgm', NULL::text, true), ('vector', NULL::text, true), ('pgaudit', NULL::text, true), ('pg_cron', 'cron.database_name'::text, true)) AS extensions (expected, home, everywhere)
        WHERE expected NOT IN (SELECT extname FROM pg_extension)
          AND coalesce(current_setting(home, true), current_database()) = current_database()
          AND (everywhere OR official)
        UNION ALL
        SELECT format('extension %s is %s, and %s is installed: ALTER EXTENSION %I UPDATE', extname,
            extversion, default_version, extname)
        FROM pg_extension JOIN pg_available_extensions ON name = extname
        WHERE extversion <> default_version
        UNION ALL
        SELECT format('extension %s is created, but its files are missing', extname)
        FROM pg_extension WHERE extname NOT IN (SELECT name FROM pg_available_extensions)
        UNION ALL
        SELECT format('library %s is not preloaded', expected)
        FROM (VALUES ('auto_explain', true), ('pg_stat_statements', true), ('pgaudit', true), ('pg_cron', true)) AS libraries (expected, everywhere)
        WHERE expected <> ALL (loaded) AND (everywhere OR official)
        UNION ALL
        SELECT format('setting %s is unknown to the server', expected)
        FROM (VALUES ('auto_explain.log_min_duration', 'auto_explain'), ('auto_explain.log_analyze', 'auto_explain'), ('auto_explain.log_buffers', 'auto_explain'), ('auto_explain.log_nested_statements', 'auto_explain'), ('auto_explain.log_timing', 'auto_explain'), ('pg_stat_statements.max', 'pg_stat_statements'), ('pg_stat_statements.track', 'pg_stat_statements'), ('pg_stat_statements.track_planning', 'pg_stat_statements'), ('pgaudit.log', 'pgaudit'), ('pgaudit.log_relation', 'pgaudit'), ('pgaudit.log_parameter', 'pgaudit'), ('pgaudit.role', 'pgaudit'), ('cron.database_name', 'pg_cron'), ('cron.log_run', 'pg_cron'), ('cron.log_statement', 'pg_cron'), ('cron.timezone', 'pg_cron')) AS settings (expected, library)
        WHERE library = ANY (loaded) AND expected NOT IN (SELECT name FROM pg_settings)
        UNION ALL
        SELECT format('%s names the database %s, which does not exist', name, setting)
        FROM pg_settings
        WHERE name IN ('cron.database_name', 'pg_net.database_name')
          AND setting NOT IN (SELECT datname FROM pg_database)
        UNION ALL
        SELECT format('output_plugin_libraries does not contain %s', expected)
        FROM unnest('{}'::text[]) AS expected
        JOIN pg_settings ON name = 'output_plugin_libraries'
        WHERE current_setting('wal_level') = 'logical'
          AND expected <> ALL (regexp_split_to_array(setting, '\s*,\s*')));
BEGIN
    IF missing <> '{}' THEN
        RAISE EXCEPTION '% missing in database % of the image search', CASE cardinality(missing)
                WHEN 1 THEN 'one item is' ELSE cardinality(missing) || ' items are' END,
            current_database()
            USING DETAIL = array_to_string(missing, E'\n'),
            HINT = 'extensions.sql creates missing extensions. If POSTGRES_SHARED_PRELOAD_LIBRARIES is set, it must list all libraries to preload.';
    END IF;
END
$expectations$;
