-- The planner takes an index that there is not.
CREATE TEMP TABLE numbers AS SELECT n, md5(n::text) AS note FROM generate_series(1, 20000) n;
ANALYZE numbers;
CREATE FUNCTION pg_temp.first_line(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    EXECUTE 'EXPLAIN (COSTS off) ' || query INTO line;
    RETURN regexp_replace(line, '<\d+>', '<number>');
END
$$;
SELECT pg_temp.first_line('SELECT note FROM numbers WHERE n = 5');
SELECT count(*) FROM hypopg_create_index('CREATE INDEX ON numbers (n)');
SELECT pg_temp.first_line('SELECT note FROM numbers WHERE n = 5');
SELECT hypopg_reset() \g /dev/null
