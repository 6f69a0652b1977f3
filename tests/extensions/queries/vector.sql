-- The nearest of a thousand points, by an HNSW index.
CREATE TEMP TABLE points (id int, at vector(3));
INSERT INTO points SELECT n, ARRAY[n % 10, n / 10 % 10, n / 100] FROM generate_series(0, 999) n;
CREATE INDEX points_index ON points USING hnsw (at vector_l2_ops);
SET enable_seqscan = off;
SET hnsw.ef_search = 100;
EXPLAIN (COSTS off) SELECT id FROM points ORDER BY at <-> '[4.1,2.2,7.1]' LIMIT 1;
SELECT id, round((at <-> '[4.1,2.2,7.1]')::numeric, 3) FROM points ORDER BY at <-> '[4.1,2.2,7.1]' LIMIT 1;
