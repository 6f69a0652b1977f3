-- Three days are three chunks, and are counted by the half of each.
SET client_min_messages = warning;
CREATE SCHEMA tried;
CREATE TABLE tried.readings (at timestamptz NOT NULL, value int);
SELECT public.create_hypertable('tried.readings', 'at', chunk_time_interval => interval '1 day') \g /dev/null
INSERT INTO tried.readings SELECT '2026-03-01 00:00+00'::timestamptz + n * interval '1 hour', n FROM generate_series(0, 71) n;
SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_schema = 'tried';
SET timezone = 'UTC';
SELECT public.time_bucket('12 hours', at) AS half, count(*), sum(value) FROM tried.readings GROUP BY half ORDER BY half LIMIT 2;
SELECT count(*) FROM public.drop_chunks('tried.readings', older_than => '2026-03-02 00:00+00'::timestamptz);
DROP SCHEMA tried CASCADE;
