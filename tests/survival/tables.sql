-- Two tables of 14MB, in few and wide rows: hashing the one and sorting the join wants several times the
-- work_mem that any of the ways has, and little time of a processor. Keys in no order, and a join
-- that nothing indexes, leave the hash join as the cheapest.
CREATE TABLE orders AS
    SELECT n * 7919 % 21000 AS customer, repeat(md5(n::text), 20) AS note
    FROM generate_series(1, 21000) AS n;
CREATE TABLE customers AS
    SELECT n AS id, repeat(md5((-n)::text), 20) AS name FROM generate_series(0, 20999) AS n;
VACUUM ANALYZE orders, customers;
CHECKPOINT;
