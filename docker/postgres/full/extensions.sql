-- Written by azc from rules/extensions/sql.azr; do not edit.
--
-- The extensions of the image `full`, each after those that it needs. The first start runs this
-- file in the databases that it creates. It may be run again there by hand, or in another database:
--
--     docker compose exec postgres psql -X -U postgres -d DATABASE -f /etc/aza/extensions.sql
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET search_path = pg_catalog, pg_temp;
SET safeupdate.enabled = off;

-- Called for each extension with its name, the schema to create for it, the library that must be
-- preloaded, the setting that contains its only database, its dependencies, and whether Debian has it.
CREATE FUNCTION pg_temp.extension(called text, place text, library text, home text, needs text[],
    everywhere boolean)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    loaded text[];
    reason text;
    advice text;
    code text;
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = called) THEN
        RETURN;
    END IF;
    loaded := pg_catalog.regexp_split_to_array(
        pg_catalog.current_setting('shared_preload_libraries'), '\s*,\s*');
    IF NOT everywhere AND pg_catalog.current_setting('server_version') NOT LIKE '%pgdg%'
        AND called NOT IN (SELECT name FROM pg_catalog.pg_available_extensions) THEN
        RAISE WARNING 'extension % is left out: Debian has no package for it', called
            USING HINT = 'The image on the official base contains it.';
        RETURN;
    END IF;
    IF library <> ALL (loaded) THEN
        RAISE WARNING 'extension % is left out: its library % is not preloaded', called, library
            USING HINT = pg_catalog.format('Without it the extension does nothing. Preload it (POSTGRES_SHARED_PRELOAD_LIBRARIES) and run this file again, or do without %s.', called);
        RETURN;
    END IF;
    IF pg_catalog.current_setting(home, true) <> pg_catalog.current_database() THEN
        RAISE INFO 'extension % is left out: it works only in the database %', called,
            pg_catalog.current_setting(home)
            USING HINT = pg_catalog.format('This is set by %s.', home);
        RETURN;
    END IF;
    SELECT pg_catalog.string_agg(need, ', ') INTO reason FROM pg_catalog.unnest(needs) AS need
    WHERE need NOT IN (SELECT extname FROM pg_catalog.pg_extension);
    IF reason IS NOT NULL THEN
        RAISE WARNING 'extension % is left out: it needs %, which is missing', called, reason
            USING HINT = 'See the lines above for the reason.';
        RETURN;
    END IF;
    IF place IS NOT NULL THEN
        EXECUTE pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', place);
        EXECUTE pg_catalog.format('CREATE EXTENSION %I WITH SCHEMA %I', called, place);
    ELSE
        EXECUTE pg_catalog.format('CREATE EXTENSION %I', called);
    END IF;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, advice = PG_EXCEPTION_HINT, code = RETURNED_SQLSTATE;
    RAISE EXCEPTION 'extension % cannot be created in database %: %', called,
        pg_catalog.current_database(), reason
        USING ERRCODE = code, HINT = pg_catalog.concat_ws(' ', NULLIF(advice, ''), CASE
            WHEN code IN ('0A000', '58P01') THEN 'Its files are missing from this image or incomplete: use an image that contains it.'
            WHEN code = '42501' THEN 'Run this file as the superuser.'
            ELSE 'See the server''s log for details.'
        END, 'Then run this file again; extensions already created are kept.');
END
$function$;

SELECT pg_temp.extension('plpgsql', NULL, NULL, NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('pg_stat_statements', NULL, 'pg_stat_statements', NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('pg_trgm', NULL, NULL, NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('vector', NULL, NULL, NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('timescaledb', NULL, 'timescaledb', NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('pg_net', NULL, 'pg_net', NULL, '{}', false) \g /dev/null
SELECT pg_temp.extension('pgaudit', NULL, 'pgaudit', NULL, '{}', true) \g /dev/null
SELECT pg_temp.extension('supabase_vault', NULL, NULL, NULL, '{}', false) \g /dev/null
SELECT pg_temp.extension('pg_cron', NULL, 'pg_cron', 'cron.database_name', '{}', true) \g /dev/null
SELECT pg_temp.extension('pgmq', NULL, NULL, NULL, '{}', false) \g /dev/null
SELECT pg_temp.extension('pg_partman', 'partman', NULL, NULL, '{plpgsql}', true) \g /dev/null

SELECT pg_catalog.format('extensions in %s: %s', pg_catalog.current_database(),
    pg_catalog.string_agg(extname || ' ' || extversion, ', ' ORDER BY extname)) AS summary
FROM pg_catalog.pg_extension \gset
\echo :summary
