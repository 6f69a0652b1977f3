-- A number and an array in one GIN index, and a query that uses both.
CREATE TEMP TABLE items AS SELECT n AS id, ARRAY[n % 10, 10 + n % 7] AS tags FROM generate_series(1, 2000) n;
CREATE INDEX items_index ON items USING gin (id, tags);
ANALYZE items;
SET enable_seqscan = off;
EXPLAIN (COSTS off) SELECT id FROM items WHERE id = 42 AND tags @> '{2}';
SELECT id, tags FROM items WHERE id = 42 AND tags @> '{2}';
