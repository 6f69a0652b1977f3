-- Two tables of 14MB, in few and wide rows: hashing the one and sorting the join wants several times the
-- work_mem that any of the ways has, and little time of a processor. Keys in no order, and a join
-- that nothing indexes, leave the hash join as the cheapest.
CREATE TABLE orders AS
    SELECT n * 7919 % 21000 AS customer, repeat(md5(n::text), 20) AS note
    FROM generate_series(1, 21000) AS n;
CREATE TABLE customers AS
    SELECT n AS id, repeat(md5((-n)::text), 20) AS name FROM generate_series(0, 20999) AS n;

-- 520MB to fill the shared buffers of any of the servers with.
CREATE EXTENSION pg_prewarm;
CREATE TABLE ballast (filling text STORAGE PLAIN);
INSERT INTO ballast SELECT repeat('x', 1900) FROM generate_series(1, 4 * 66560);
VACUUM ANALYZE orders, customers, ballast;
CHECKPOINT;
