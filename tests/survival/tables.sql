-- Two tables of 28MB. Hashing the one and sorting the join takes several times the work_mem that any
-- of the ways has; keys that are spread at random keep a merge join from being cheaper.
CREATE TABLE orders AS
    SELECT n AS id, (n * 7919::bigint) % 200000 AS customer, md5(n::text) || md5((-n)::text) AS note
    FROM generate_series(1, 200000) AS n;
CREATE TABLE customers AS
    SELECT n AS id, md5((n + 0.5)::text) || md5((-n - 0.5)::text) AS name
    FROM generate_series(0, 199999) AS n;
VACUUM ANALYZE orders, customers;
CHECKPOINT;
