-- Documents in the order of their distance, out of the index.
CREATE TEMP TABLE documents (id int, words tsvector);
INSERT INTO documents VALUES (1, to_tsvector('simple', 'the cat and then a long way down the road a dog')),
    (2, to_tsvector('simple', 'cat dog')), (3, to_tsvector('simple', 'a dog'));
INSERT INTO documents SELECT n, to_tsvector('simple', md5(n::text)) FROM generate_series(4, 3000) n;
CREATE INDEX documents_index ON documents USING rum (words rum_tsvector_ops);
ANALYZE documents;
SET enable_seqscan = off;
SET enable_sort = off;
EXPLAIN (COSTS off) SELECT id FROM documents WHERE words @@ 'cat & dog' ORDER BY words <=> 'cat & dog'::tsquery;
SELECT id FROM documents WHERE words @@ 'cat & dog' ORDER BY words <=> 'cat & dog'::tsquery;
