-- A statement that ran three times is one row.
SELECT pg_stat_statements_reset() \g /dev/null
SELECT 4711 + 1 AS tried_three_times;
SELECT 4712 + 1 AS tried_three_times;
SELECT 4713 + 1 AS tried_three_times;
SELECT calls, rows, query FROM pg_stat_statements
WHERE query LIKE '%AS tried_three_times' AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
